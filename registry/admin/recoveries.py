"""That the registry was put back from a backup, to be read. It is done at the server (docs/operations.md)."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase

from registry.admin.recorded import HistoryInLog
from registry.models import Recovery


@admin.register(Recovery)
class RecoveryAdmin(HistoryInLog, admin.ModelAdmin):
    """Nothing here can be changed, by anybody."""

    list_display = ("__str__", "known_until", "publication", "announcement", "seq")
    fields = readonly_fields = (
        "at",
        "known_until",
        "meaning",
        "publication",
        "announcement",
        "seq",
        "ledger_seq",
        "ledger_hash",
    )
    list_per_page = 50
    actions = None

    @admin.display(description="nghĩa là")
    def meaning(self, recovery: Recovery) -> str:
        return (
            "Mọi thứ nhập và công bố từ lúc sao lưu đến lúc khôi phục đã mất: hãy nhập và công bố lại. Khóa và tài "
            "khoản đóng trong lúc đó đã mở lại: hãy đóng lại. Đối tác tự biết: ai hỏi từ vị trí đã mất được báo "
            "tải lại toàn bộ."
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponseBase:
        nothing = (
            "Chưa khôi phục lần nào. Việc khôi phục từ bản sao lưu làm ở máy chủ; xem docs/operations.md."
        )
        said = {"title": "Các lần khôi phục từ bản sao lưu", "nothing_yet": nothing}
        return super().changelist_view(request, {**said, **(extra_context or {})})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Recovery | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Recovery | None = None) -> bool:
        return False
