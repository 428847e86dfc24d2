"""Accounts and groups: for superusers only. An account is closed, never deleted: the ledger names it."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase

from registry.admin.recorded import RecordedForms
from registry.ledger.context import recorded

VERBS = {"add": "Thêm", "change": "Sửa", "delete": "Xóa", "view": "Xem"}


class SuperusersOnly(RecordedForms):
    """A superuser's page, every change of which the ledger records with its author."""

    def _allowed(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._allowed(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._allowed(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._allowed(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._allowed(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(SuperusersOnly, auth_admin.UserAdmin):
    """What an account may do follows from its groups alone."""

    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Thông tin cá nhân", {"fields": ("last_name", "first_name", "email")}),
        ("Quyền", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Thời gian", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    list_display = ("username", "last_name", "first_name", "email", "is_active", "last_login")
    list_per_page = 50

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """A name is chosen once: the ledger and the rule of two people know a person by it."""
        return (*self.readonly_fields, *(("username",) if obj else ()))

    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return super().user_change_password(request, *args, **kwargs)
        with recorded():
            return super().user_change_password(request, *args, **kwargs)


@admin.register(Group)
class GroupAdmin(SuperusersOnly, auth_admin.GroupAdmin):
    list_per_page = 50

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Permissions on the registry's own records, in words."""
        kwargs["queryset"] = Permission.objects.filter(content_type__app_label="registry").select_related(
            "content_type"
        )
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.label_from_instance = permission_label
        return field


def permission_label(permission: Permission) -> str:
    """`Sửa: quyết định`; permissions of our own are named in Vietnamese already."""
    verb, _, _ = permission.codename.partition("_")
    model = permission.content_type.model_class()
    if verb not in VERBS or model is None:
        return permission.name
    return f"{VERBS[verb]}: {model._meta.verbose_name}"
