"""Accounts and groups: superusers change them, auditors see them. An account is closed, never deleted: the ledger
names it.
"""

import unicodedata
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from axes.utils import reset
from django.contrib import admin, messages
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from registry.admin.auditors import AUDIT
from registry.admin.fields import KeptForm, PlainForm
from registry.admin.recorded import RecordedForms
from registry.ledger.context import recorded
from registry.models import SecurityEvent
from registry.queries.telling import MACHINES
from registry.rules.hanoi import HANOI

VERBS = {"add": "Thêm", "change": "Sửa", "delete": "Xóa", "view": "Xem"}


class SuperusersOnly(RecordedForms):
    """A superuser's page, every change of which the ledger records with its author."""

    def _allowed(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._allowed(request) or request.user.has_perm(AUDIT)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._allowed(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._allowed(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


admin.site.unregister(User)
admin.site.unregister(Group)


def refuse_name_of_machine(name: str) -> None:
    """The ledger writes some names for who has no account: a person of that name would be taken for the machine."""
    if unicodedata.normalize("NFKC", name).casefold() in MACHINES:
        raise ValidationError(
            f"Sổ cái dùng tên “{name}” cho việc không do một người làm. Hãy chọn tên khác.",
            code="name_of_machine",
        )


# Every form and `createsuperuser` ask the column. No migration knows: it is not among the declared validators.
User._meta.get_field("username").validators.append(refuse_name_of_machine)


class NewUserForm(KeptForm, AdminUserCreationForm):
    pass


class UserForm(KeptForm, UserChangeForm):
    pass


@admin.register(User)
class UserAdmin(SuperusersOnly, auth_admin.UserAdmin):
    """What an account may do follows from its groups alone."""

    form, add_form = UserForm, NewUserForm
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Thông tin cá nhân", {"fields": ("last_name", "first_name", "email")}),
        ("Quyền", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Thời gian", {"fields": ("logged_in", "date_joined")}),
    )
    readonly_fields = ("logged_in", "date_joined")
    list_display = ("username", "last_name", "first_name", "email", "is_active", "shown_groups")
    list_per_page = 50
    actions = ("release",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Who only reads sees nothing of a password, not even how it is hashed."""
        fieldsets = super().get_fieldsets(request, obj)
        if self._allowed(request):
            return fieldsets
        return [(None, {"fields": ("username",)}), *fieldsets[1:]]

    @admin.display(description="nhóm")
    def shown_groups(self, user: User) -> str:
        return ", ".join(sorted(group.name for group in user.groups.all()))

    @admin.display(description="đăng nhập lần cuối")
    def logged_in(self, user: User) -> str | SafeString:
        """What the security events say: an account's own row is not written at a log-in."""
        mine = SecurityEvent.objects.filter(account=user.username)
        last = mine.filter(kind="logged_in").order_by("-id").first()
        at = (
            f"{datetime.fromisoformat(last.at).astimezone(HANOI):%H:%M %d/%m/%Y}"
            if last
            else "Chưa đăng nhập"
        )
        every = f"{reverse('admin:registry_securityevent_changelist')}?{urlencode({'person': user.username})}"
        return format_html('{} · <a href="{}">Mọi sự kiện an ninh của tài khoản này</a>', at, every)

    @admin.action(description="Mở khóa đăng nhập cho các tài khoản đã chọn", permissions=["change"])
    def release(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Forget the wrong passwords of these accounts, from wherever they came."""
        released = [user.username for user in users if reset(username=user.username)]
        if released:
            self.message_user(request, f"Đã mở khóa đăng nhập: {', '.join(released)}.", messages.SUCCESS)
        else:
            self.message_user(request, "Không tài khoản nào trong số đã chọn đang bị khóa.", messages.INFO)

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
    form = PlainForm
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
