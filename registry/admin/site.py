"""The admin as one site: its front page, the groups of its menu, and refusals that are never a blank 500."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial, wraps
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, InterfaceError, InternalError, OperationalError
from django.db.models import Model
from django.forms import IntegerField
from django.forms.formsets import DEFAULT_MAX_NUM, TOTAL_FORM_COUNT
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.formats import number_format
from django.views.i18n import JavaScriptCatalog

from registry import clock
from registry.admin.auditors import AUDIT
from registry.admin.log import RIGHT, entry_view, log_view
from registry.admin.log_ins import LogInForm
from registry.admin.resend import NOTHING_SAVED, WAIT, may_be_sent_again, resend_page, send_later_page
from registry.ledger.security_events import note
from registry.models import SUBJECTS, Webhook
from registry.queries.api_keys import lapsing
from registry.queries.inbox import Items, inbox
from registry.queries.provenance import unsourced_values
from registry.queries.recoveries import recent_recovery
from registry.queries.webhooks import closing, stopped_by_us
from registry.rules import codes
from registry.rules.hanoi import day_of
from registry.rules.problems import Problem
from registry.rules.scopes import SCOPE
from registry.rules.webhook_codes import WEBHOOK_STOP

_METHODS = ("GET", "HEAD", "POST")
_logger = logging.getLogger(__name__)

#: The menu, in the order of a day's work. What is not named stands under its own app, after these.
MENU = (
    ("Hồ sơ", ("Decision", "Cluster", "Zone", "Investor", "Project")),
    ("Số liệu, chính sách", ("Indicator", "Incentive", "Assignment")),
    ("Danh mục", ("Authority", "AdministrativeUnit", "Sector", "LegalInstrument", "SourceDocument")),
    ("Hệ thống", ("Partner", "ApiKey", "Webhook", "WebhookDelivery", "User", "Group")),
    ("Kiểm tra", ("Log", "SecurityEvent", "Redaction", "Recovery")),
)


def _asked(request: HttpRequest) -> str:
    """Which page was asked for, as the program names it: what a person puts into an address is never noted for good."""
    method = request.method if request.method in _METHODS else "?"
    return f"{method} /{request.resolver_match.route if request.resolver_match else ''}"[:300]


def _rows_too_many(request: HttpRequest) -> bool:
    """Whether a list says that it has more rows than the page ever lets anybody add. Each would cost work before a
    form could say so.
    """
    counts = (value for name, value in request.POST.items() if name.endswith(f"-{TOTAL_FORM_COUNT}"))
    for count in counts:
        # (What is no number the form refuses itself, quickly.)
        with suppress(ValidationError):
            if (IntegerField().clean(count) or 0) > DEFAULT_MAX_NUM:
                return True
    return False


def change_url(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def with_links(items: Items) -> dict[str, Any]:
    """The items of one heading of the front page, each with the address of its record."""
    first = [(change_url(item.subject), codes.REVIEW_STATE.vi(item.state), item) for item in items.first]
    return {"count": items.count, "first": first}


def unsourced_lists(today: date) -> list[tuple[str, int, str]]:
    """By kind of record: its name, how many published values nothing states, and the list of those records."""
    found = []
    for kind, many in unsourced_values(today).items():
        opts = SUBJECTS[kind]._meta
        url = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        found.append((str(opts.verbose_name), many, f"{url}?provenance=unsourced"))
    return sorted(found, key=lambda one: -one[1])


class LabelledOptions(AutocompleteJsonView):
    """Options told apart by more than their names."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        option = super().serialize_result(obj, to_field_name)
        label = getattr(self.model_admin, "option_label", str)
        return {**option, "text": label(obj)}


class RegistryAdminSite(admin.AdminSite):
    site_header = "Sổ đăng ký đầu tư Hải Phòng"
    site_title = "Sổ đăng ký đầu tư Hải Phòng"
    index_title = "Công việc hôm nay"
    site_url = None
    login_form = LogInForm

    def i18n_javascript(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:
        """Django's own texts for scripts, with ours where Django has none (the days of the calendar)."""
        return JavaScriptCatalog.as_view(packages=["django.contrib.admin", "registry"])(request)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        own = [
            path("log/", self.admin_view(partial(log_view, self)), name="log"),
            path("entries/<int:seq>/", self.admin_view(partial(entry_view, self)), name="entry"),
        ]
        return own + super().get_urls()

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:
        return LabelledOptions.as_view(admin_site=self)(request)

    def index(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:
        user = request.user
        box = inbox(user.get_username())
        context = {
            "waiting": with_links(box.waiting),
            "returned": with_links(box.returned),
            "unpublished": with_links(box.unpublished),
            "published": [(act, [(change_url(s), s) for s in subjects]) for act, subjects in box.published],
            "approver": user.has_perm("registry.approve"),
            "clerk": user.has_perm("registry.add_decision"),
            "auditor": user.has_perm(AUDIT) and not user.is_superuser,
            "unsourced": unsourced_lists(clock.today()),
            "silent_webhooks": self._silent_webhooks(request),
            "lapsing": self._lapsing(request),
            "closing": self._closing(request),
            "restored": recent_recovery(clock.now()) if user.has_perm("registry.view_recovery") else None,
        }
        return super().index(request, {**context, **(extra_context or {})})

    def _silent_webhooks(self, request: HttpRequest) -> list[tuple[str, str, Webhook]]:
        """Those that nobody receives any more, for who may do something about it."""
        if not request.user.has_perm("registry.change_webhook"):
            return []
        stopped = stopped_by_us().select_related("partner")
        return [(change_url(one), WEBHOOK_STOP.vi(one.stopped_because), one) for one in stopped]

    def _lapsing(self, request: HttpRequest) -> list[tuple[str, Any, date, bool]]:
        """Partners whose last key ends by itself: its last day, whether that is over; for who may give another."""
        if not request.user.has_perm("registry.add_apikey"):
            return []
        now = clock.now()
        return [(change_url(one), one, day_of(one.ends_at), one.ends_at <= now) for one in lapsing(now)]

    def _closing(self, request: HttpRequest) -> list[tuple[str, Webhook, list[str]]]:
        """Webhooks that a key's end leaves with fewer scopes, and which; for who may give another key."""
        if not request.user.has_perm("registry.add_apikey"):
            return []
        found = closing(clock.now())
        return [
            (change_url(one.partner), one, [SCOPE.vi(scope) for scope in scopes]) for one, scopes in found
        ]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """The pages this user may open, by what they are for; of one app, as Django lists them."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        pages = {model["object_name"]: model for app in apps for model in app["models"]}
        if request.user.has_perm(RIGHT):
            # A page that no table stands behind, as the menu wants it.
            pages["Log"] = {"name": "Nhật ký", "object_name": "Log", "admin_url": reverse("admin:log")}
            pages["Log"] |= {"view_only": True, "add_url": None, "perms": {}}
        groups = []
        for place, (name, wanted) in enumerate(MENU):
            if models := [pages.pop(one) for one in wanted if one in pages]:
                groups.append(
                    {"name": name, "app_label": f"menu-{place}", "app_url": "", "models": models}
                    | {"has_module_perms": True}
                )
        rest = [{**app, "models": [m for m in app["models"] if m["object_name"] in pages]} for app in apps]
        return groups + [app for app in rest if app["models"]]

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """A page for members of staff. What the database or a rule refuses is said in words; nothing is saved.

        A form sent after its session ended is kept for who logs in again, instead of being lost to the login page.
        """

        def careful(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if any("\0" in text for pair in request.GET.lists() for text in (pair[0], *pair[1])):
                return self.refused(
                    request, "Địa chỉ chứa ký tự không hợp lệ. Hãy mở lại trang từ trang chủ.", 400
                )
            if _rows_too_many(request):
                return self.refused(
                    request,
                    f"Chưa lưu gì: một danh sách của biểu mẫu có hơn {number_format(DEFAULT_MAX_NUM)} dòng "
                    "(rows_too_many). Hãy quay lại trang trước, bớt dòng và lưu làm nhiều lần.",
                    400,
                )
            try:
                response = view(request, *args, **kwargs)
                # Pages are made after their view; what fails in the making is refused here as well.
                return response.render() if isinstance(response, SimpleTemplateResponse) else response
            except PermissionDenied:
                note("refused", detail=_asked(request))
                raise
            except Problem as problem:
                return self.refused(request, problem.message, 409)
            except (IntegrityError, DataError, OverflowError):
                return self.refused(
                    request,
                    "Cơ sở dữ liệu không nhận nội dung này: có thể người khác vừa lưu một bản ghi trùng, "
                    "hoặc một giá trị vượt giới hạn. Chưa có gì được lưu. Hãy quay lại trang trước để sửa.",
                    409,
                )
            except (OperationalError, InternalError, InterfaceError):
                _logger.exception("The database did not take %s %s", request.method, request.path)
                if request.method == "POST" and may_be_sent_again(request):
                    return send_later_page(request)
                return self.refused(request, f"{NOTHING_SAVED} {WAIT}", 503)

        careful.csrf_exempt = getattr(view, "csrf_exempt", False)  # type: ignore[attr-defined]
        page = super().admin_view(careful, cacheable)

        @wraps(page)
        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST" and not self.has_permission(request) and may_be_sent_again(request):
                return resend_page(request)
            return page(request, *args, **kwargs)

        return kept

    def refused(self, request: HttpRequest, message: str, status: int) -> HttpResponse:
        context = {**self.each_context(request), "title": "Chưa thực hiện được", "message": message}
        return render(request, "admin/refused.html", context, status=status)
