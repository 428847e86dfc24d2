from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase

from registry import clock
from registry.ledger.context import recorded
from registry.models import ApiKey


class RevokedFilter(admin.SimpleListFilter):
    title = "còn dùng được"
    parameter_name = "usable"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "Chưa thu hồi"), ("no", "Đã thu hồi")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> QuerySet[ApiKey]:
        if self.value() in ("yes", "no"):
            return queryset.filter(revoked_at__isnull=self.value() == "yes")
        return queryset


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):
    """Keys are made by the command `create_api_key`, which shows them once; here they are seen and revoked."""

    list_display = ("name", "prefix", "scopes", "state", "expires_at", "created_at")
    list_filter = (RevokedFilter,)
    search_fields = ("name", "prefix")
    list_per_page = 50
    actions = ("revoke",)

    @admin.display(description="tình trạng")
    def state(self, key: ApiKey) -> str:
        if key.revoked_at:
            return "Đã thu hồi"
        return "Đang dùng được" if key.usable(clock.now()) else "Đã hết hạn"

    @admin.action(description="Thu hồi các khóa đã chọn", permissions=["revoke"])
    def revoke(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        with recorded(reason="Thu hồi khóa API"):
            count = keys.filter(revoked_at__isnull=True).update(revoked_at=clock.now())
        self.message_user(
            request, f"Đã thu hồi {count} khóa. Từ bây giờ các khóa đó bị từ chối.", messages.SUCCESS
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:
        nothing = "Chưa có khóa nào. Người quản trị tạo khóa bằng lệnh create_api_key."
        return super().changelist_view(request, {"nothing_yet": nothing, **(extra_context or {})})

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registry.change_apikey")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False
