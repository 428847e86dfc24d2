"""The page of security events: who logged in, who could not, what was refused."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse

from registry.admin.days import DaysForm
from registry.admin.recorded import HistoryInLog
from registry.models import SecurityDigest, SecurityEvent
from registry.queries.telling import accounts_called, people
from registry.rules.addresses import parse_address
from registry.rules.hanoi import HANOI, end_of, start_of
from registry.rules.moments import as_text
from registry.rules.security_codes import LOGIN_FAILURE, SECURITY_EVENT, SESSION_END

PAGE = 50


class EventsForm(DaysForm):
    """What the page is asked for; everything may be left empty."""

    field_order = ("person", "kind", "since", "until", "address")

    person = forms.CharField(
        label="Người hoặc tài khoản",
        required=False,
        max_length=150,
        help_text="Tên đăng nhập hoặc họ tên, viết đủ.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label="Việc", required=False, choices=[("", "Mọi việc"), *SECURITY_EVENT.choices]
    )
    address = forms.CharField(
        label="Địa chỉ mạng",
        required=False,
        max_length=60,
        widget=forms.TextInput({"placeholder": "203.0.113.7", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].error_messages["invalid_choice"] = "Không có lựa chọn này. Hãy chọn lại."

    def clean_person(self) -> tuple[str, ...]:
        return accounts_called(self.cleaned_data["person"])

    def clean_address(self) -> str:
        typed = self.cleaned_data["address"].strip()
        if not typed:
            return ""
        found = parse_address(typed)
        if found is None:
            raise ValidationError(
                "Đây không phải địa chỉ mạng. Hãy ghi như 203.0.113.7 hoặc 2001:db8::7.",
                code="address_unreadable",
            )
        return str(found)

    def events(self) -> QuerySet[SecurityEvent]:
        found, asked = SecurityEvent.objects.order_by("-id"), self.cleaned_data
        if names := asked["person"]:
            found = found.filter(Q(actor__in=names) | Q(account__in=names))
        if asked["kind"]:
            found = found.filter(kind=asked["kind"])
        if asked["since"]:
            found = found.filter(at__gte=as_text(start_of(asked["since"])))
        if asked["until"]:
            found = found.filter(at__lte=as_text(end_of(asked["until"])))
        if asked["address"]:
            found = found.filter(address=asked["address"])
        return found


@admin.register(SecurityEvent)
class SecurityEventAdmin(HistoryInLog, admin.ModelAdmin):
    """One page, newest first, by number and not by page: however many there are, it takes as long."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = {name: said for name in EventsForm.base_fields if (said := request.GET.get(name, "").strip())}
        form, before = EventsForm(asked), request.GET.get("before", "")
        context = {
            **self.admin_site.each_context(request),
            "title": "Nhật ký an ninh",
            "form": form,
            "asked": asked,
            "last_digest": SecurityDigest.objects.first(),
            "opts": self.opts,
            "log_url": reverse("admin:log"),
        }
        if form.is_valid():
            events = form.events()
            if before.isascii() and before.isdecimal() and len(before) < 19:
                events = events.filter(id__lt=int(before))
            rows = list(events[: PAGE + 1])
            context |= {"rows": told(rows[:PAGE]), "first_page": not before, "newest": f"?{urlencode(asked)}"}
            if len(rows) > PAGE:
                context["older"] = f"?{urlencode({**asked, 'before': rows[PAGE - 1].pk})}"
        return TemplateResponse(request, "admin/registry/security/page.html", context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def told(events: Sequence[SecurityEvent]) -> list[dict[str, Any]]:
    """Each event as a row of the page: when in Hà Nội, what in a sentence, from where, in which request."""
    named = people({name for event in events for name in (event.actor, event.account) if name})
    return [
        {
            "event": event,
            "at": datetime.fromisoformat(event.at).astimezone(HANOI),
            "kind": SECURITY_EVENT.vi(event.kind),
            "said": sentence(event, named),
        }
        for event in events
    ]


def sentence(event: SecurityEvent, named: dict[str, str]) -> str:
    """What happened, in words. `named`: how the accounts are called."""
    who, whom = (named.get(name, name) for name in (event.actor, event.account))
    match event.kind:
        case "logged_in":
            return f"{who} đăng nhập."
        case "logged_out":
            return f"{who} đăng xuất."
        case "session_ended":
            return f"Phiên làm việc của {who} tự kết thúc: {SESSION_END.vi(event.detail)}."
        case "login_failed" if event.account:
            return f"Đăng nhập không được vào tài khoản {whom}: {LOGIN_FAILURE.vi(event.detail)}."
        case "login_failed":
            return f"Đăng nhập không được: {LOGIN_FAILURE.vi(event.detail)} (tên không được ghi lại)."
        case "locked_out":
            name = f"Tài khoản {whom}" if whom else "Một tên không có tài khoản"
            return f"{name} tạm khóa ở địa chỉ này {event.detail} phút vì nhiều lần sai mật khẩu."
        case "lock_released":
            where = f" ở địa chỉ {event.detail}" if event.detail else ""
            return f"{who} mở khóa đăng nhập cho {f'tài khoản {whom}' if whom else 'mọi tài khoản'}{where}."
        case "many_failures":
            return f"Quá {event.detail} lần đăng nhập không được trong một giờ; những lần tiếp theo không ghi từng lần."
        case "password_set":
            return f"{who} tự đổi mật khẩu." if who == whom else f"{who} đặt mật khẩu cho tài khoản {whom}."
        case "refused":
            return f"{who} bị từ chối vì không có quyền: {event.detail}"
        case "settings":
            return _settings(event.detail)
    return event.detail


def _settings(detail: str) -> str:
    changed = json.loads(detail)["changed"]
    if not changed:
        return "Máy chủ khởi động lần đầu; cấu hình lúc đó được ghi lại làm mốc so sánh."
    parts = (f"{name}: từ “{before}” thành “{now}”" for name, before, now in changed)
    return f"Máy chủ khởi động với cấu hình khác lần trước. {'; '.join(parts)}."
