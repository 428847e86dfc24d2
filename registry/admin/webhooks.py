"""Partners' webhooks: where they are, whether they hear, what became of each message, and what can be done."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.cache import add_never_cache_headers

from registry import clock
from registry.actions import webhooks
from registry.admin.base import ReadingMixin
from registry.admin.fields import PlainForm
from registry.admin.recorded import RecordedForms
from registry.admin.scopes import ScopesField
from registry.admin.sent_twice import made_before, new_token, remember
from registry.admin.site import change_url
from registry.admin.whole_numbers import WholeNumberField
from registry.models import Webhook
from registry.queries.webhooks import with_closed, with_waiting
from registry.rules.problems import Problem
from registry.rules.quantities import format_number
from registry.rules.scopes import SCOPE
from registry.rules.webhook_codes import WEBHOOK_FAILURE, WEBHOOK_STOP
from registry.webhooks.deliveries import send_test

SHOWN, REPLAYS_SHOWN = 10, 5


def webhook_state(webhook: Any) -> str:
    """Whether it is sent anything, of what not, and why; of a webhook that `with_closed` found."""
    if webhook.stopped_at:
        return f"Đã ngừng. {WEBHOOK_STOP.vi(webhook.stopped_because)}"
    if webhook.keyless:
        return "Chờ khóa: đối tác không có khóa dùng được"
    sending = "Đang gửi không được" if webhook.progress.failures else "Đang gửi"
    if closed := closed_to(webhook):
        return f"{sending}, trừ {'; '.join(closed)}: không khóa nào của đối tác mở"
    return sending


def closed_to(webhook: Any) -> list[str]:
    """What of its scopes no key opens, as the forms call it; of a webhook that `with_closed` found."""
    return [SCOPE.vi(scope) for scope in webhook.closed.split()]


class WebhookForm(PlainForm):
    scopes = ScopesField(
        help_text="Webhook chỉ báo tin về các bản ghi trong phạm vi mà khóa dùng được của đối tác cũng mở, và chỉ báo "
        "mã của bản ghi."
    )


class ReplayForm(forms.Form):
    """first and last: numbers of announcements; one alone is sent alone."""

    first = WholeNumberField(
        label="Từ thông báo số",
        error_messages={"required": "Hãy ghi số của thông báo đầu cần gửi lại."},
    )
    last = WholeNumberField(label="đến số", required=False)


@admin.register(Webhook)
class WebhookAdmin(RecordedForms, ReadingMixin, admin.ModelAdmin):
    """For leaders. A webhook is never deleted, it is stopped: what was sent stays known."""

    form = WebhookForm
    fields = ("partner", "name", "url", "scopes")
    list_display = ("__str__", "url", "state", "waiting")
    list_select_related = ("partner", "progress")
    list_filter = ("stopped_because",)
    list_per_page = 50
    search_fields = ("name", "url", "partner__search_text")
    autocomplete_fields = ("partner",)
    change_form_template = "admin/registry/webhooks/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        return with_waiting(with_closed(super().get_queryset(request), clock.now()))

    @admin.display(description="tình trạng")
    def state(self, webhook: Webhook) -> str:
        return webhook_state(webhook)

    @admin.display(description="tin đang chờ")
    def waiting(self, webhook: Any) -> int:
        return webhook.waiting

    def get_readonly_fields(self, request: HttpRequest, obj: Webhook | None = None) -> tuple[str, ...]:
        return ("partner",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Webhook | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:
        nothing = "Chưa có webhook nào. Đối tác vẫn đọc được mọi thay đổi ở địa chỉ changes/ của API."
        return super().changelist_view(request, {"nothing_yet": nothing, **(extra_context or {})})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        context = {"form_token": new_token(), **(extra_context or {})}
        webhook = self.get_object(request, unquote(object_id)) if object_id else None
        if webhook is not None:
            context |= standing(webhook)
            context["replay_form"] = ReplayForm(initial=request.GET.dict())
        return super().changeform_view(request, object_id, form_url, context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponseBase:
        """A form sent twice makes no second webhook and shows the secret of the first no more."""
        made = made_before(request) if request.method == "POST" else None
        webhook = Webhook.objects.filter(pk=made).first() if made else None
        if webhook is None:
            return super().add_view(request, form_url, extra_context)
        self.message_user(
            request,
            "Webhook đã được tạo và bí mật đã hiện một lần. Nếu chưa cất được bí mật, hãy tạo bí mật mới.",
            messages.WARNING,
        )
        return redirect(change_url(webhook))

    def save_model(self, request: HttpRequest, obj: Webhook, form: WebhookForm, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        request.shown_once = webhooks.subscribe(obj, at=clock.now())
        remember(request, obj)

    def response_add(
        self, request: HttpRequest, obj: Webhook, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._shown_once(request, obj, request.shown_once)

    def _shown_once(self, request: HttpRequest, webhook: Webhook, secret: str) -> HttpResponse:
        """The secret, on a page that neither the browser nor anybody on the way keeps."""
        context = {
            **self.admin_site.each_context(request),
            "title": "Bí mật của webhook: chỉ hiện một lần",
            "opts": self.opts,
            "webhook": webhook,
            "secret": secret,
            "home": change_url(webhook),
        }
        response = render(request, "admin/registry/webhooks/shown_once.html", context)
        add_never_cache_headers(response)
        return response

    def get_urls(self) -> list[URLPattern]:
        step = self.admin_site.admin_view(self.step)
        return [path("<int:pk>/step/<slug:slug>/", step, name="registry_webhook_step"), *super().get_urls()]

    def step(self, request: HttpRequest, pk: int, slug: str) -> HttpResponseBase:
        """One button of the page. Raises Problem, which the site shows in words."""
        webhook = get_object_or_404(Webhook.objects.select_related("partner"), pk=pk)
        if not self.has_change_permission(request, webhook):
            raise PermissionDenied
        if request.method == "POST" and slug == "add-secret":
            return self._shown_once(request, webhook, webhooks.add_secret(webhook, at=clock.now()))
        if request.method == "POST" and slug in STEPS:
            try:
                level, said = STEPS[slug](request, webhook)
            except Problem as problem:
                if slug != "replay":
                    raise
                # Back to the form, which holds what was typed.
                self.message_user(request, f"{problem.message} ({problem.code})", messages.ERROR)
                typed = {name: request.POST.get(name, "")[:20] for name in ReplayForm.base_fields}
                return redirect(f"{change_url(webhook)}?{urlencode(typed)}#webhook-replay")
            self.message_user(request, said, level)
        return redirect(change_url(webhook))


def span_of(first: int, last: int) -> str:
    return (
        f"từ số {format_number(first)} đến số {format_number(last)}"
        if first < last
        else f"số {format_number(first)}"
    )


def standing(webhook: Any) -> dict[str, Any]:
    """What the page tells besides the form; of a webhook of the admin's own query."""
    open_replays = webhook.replays.filter(finished_at__isnull=True)
    return {
        "webhook": webhook,
        "stopped_because": WEBHOOK_STOP.vi(webhook.stopped_because),
        "closed": [] if webhook.keyless else closed_to(webhook),
        "partner_url": change_url(webhook.partner),
        "waiting": webhook.waiting,
        "secrets": list(webhook.secrets.all()),
        "deliveries": list(webhook.deliveries.all()[:SHOWN]),
        "replays": [(span_of(row.first, row.last), row.asked_by) for row in open_replays[:REPLAYS_SHOWN]],
        "more_replays": max(0, open_replays.count() - REPLAYS_SHOWN),
    }


def _test(request: HttpRequest, webhook: Webhook) -> tuple[int, str]:
    delivery = send_test(webhook, clock.now)
    if not delivery.failure:
        return messages.SUCCESS, f"Bên nhận đã nhận tin thử và trả lời {delivery.status}."
    status = f" (trả lời {delivery.status})" if delivery.status else ""
    return messages.ERROR, f"Tin thử không tới nơi: {WEBHOOK_FAILURE.vi(delivery.failure).lower()}{status}."


def _stop(request: HttpRequest, webhook: Webhook) -> tuple[int, str]:
    webhooks.stop(webhook, because="staff", at=clock.now())
    return messages.SUCCESS, "Đã ngừng gửi. Tin mới được giữ lại cho đến khi gửi tiếp."


def _resume(request: HttpRequest, webhook: Webhook) -> tuple[int, str]:
    webhooks.resume(webhook, at=clock.now())
    return messages.SUCCESS, "Gửi tiếp từ chỗ đã ngừng."


def _skip(request: HttpRequest, webhook: Webhook) -> tuple[int, str]:
    webhooks.resume(webhook, at=clock.now(), from_now=True)
    return messages.SUCCESS, "Gửi tiếp những tin có từ bây giờ. Những tin đang chờ đã được bỏ qua."


def _retire_secret(request: HttpRequest, webhook: Webhook) -> tuple[int, str]:
    number = request.POST.get("secret", "")
    webhooks.retire_secret(webhook, int(number) if number.isdecimal() and len(number) < 20 else 0)
    return messages.SUCCESS, "Đã bỏ bí mật. Từ bây giờ tin không còn được ký bằng bí mật đó."


def _replay(request: HttpRequest, webhook: Webhook) -> tuple[int, str]:
    form = ReplayForm(request.POST)
    if not form.is_valid():
        raise Problem("webhook_replay_range", " ".join(e for errors in form.errors.values() for e in errors))
    first = form.cleaned_data["first"]
    last = form.cleaned_data["last"] or first
    webhooks.replay(webhook, first=first, last=last, at=clock.now(), by=request.user.get_username())
    return messages.SUCCESS, f"Sẽ gửi lại các thông báo {span_of(first, last)}."


def _cancel_replays(request: HttpRequest, webhook: Webhook) -> tuple[int, str]:
    if webhooks.cancel_replays(webhook, at=clock.now()):
        return messages.SUCCESS, "Đã thôi gửi lại. Tin mới vẫn được gửi."
    return messages.WARNING, "Không còn gì đang gửi lại: đã gửi xong hoặc đã thôi trước đó."


STEPS = {
    "test": _test,
    "stop": _stop,
    "resume": _resume,
    "skip": _skip,
    "retire-secret": _retire_secret,
    "replay": _replay,
    "cancel-replays": _cancel_replays,
}
