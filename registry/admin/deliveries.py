"""The log of deliveries: what was sent when and what became of it, found by what a partner reports, and sent again."""

import re
from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from registry import clock
from registry.actions.webhooks import replay_spans
from registry.admin.days import DaysForm
from registry.admin.recorded import HistoryInLog
from registry.admin.sent_twice import made_before, new_token, remember
from registry.admin.webhooks import REPLAYS_SHOWN, span_of
from registry.admin.whole_numbers import WholeNumberField
from registry.models import Webhook, WebhookDelivery
from registry.queries.replays import Replayable, replayable
from registry.queries.webhooks import with_closed
from registry.rules.hanoi import end_of, start_of
from registry.rules.quantities import format_number
from registry.rules.webhook_codes import WEBHOOK_FAILURE

_MESSAGE = re.compile(r"msg_\d+_(?:\d+_[0-9a-f]+|test_[0-9a-f]+)", re.ASCII)


class DeliveriesForm(DaysForm):
    """What the log is asked for; everything may be left empty."""

    field_order = ("reported", "since", "until")
    reported = forms.CharField(
        label="Mã thông điệp hoặc số thông báo",
        required=False,
        max_length=80,
        help_text="Như đối tác báo, đủ và đúng: webhook-id (msg_…) hoặc seq (12.345).",
        widget=forms.TextInput({"autocomplete": "off", "aria-describedby": "id_reported_helptext"}),
    )

    def clean_reported(self) -> Q:
        typed = self.cleaned_data["reported"].strip()
        if not typed:
            return Q()
        if _MESSAGE.fullmatch(typed):
            return Q(message=typed)
        try:
            return Q(announcement=WholeNumberField().clean(typed))
        except ValidationError:
            raise ValidationError(
                f"“{typed}” không phải mã thông điệp (msg_…) và cũng không phải số thông báo (như 12.345). Hãy chép đủ "
                "webhook-id hoặc seq mà đối tác báo.",
                code="message_unreadable",
            ) from None

    def of(self, deliveries: QuerySet[WebhookDelivery]) -> QuerySet[WebhookDelivery]:
        """Those that are asked for; none where something typed cannot be read."""
        if not self.is_valid():
            return deliveries.none()
        asked = self.cleaned_data
        found = deliveries.filter(asked["reported"])
        if asked["since"]:
            found = found.filter(at__gte=start_of(asked["since"]))
        return found.filter(at__lte=end_of(asked["until"])) if asked["until"] else found


class DeliveryList(ChangeList):
    """Django's list, of what the form asks for."""

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        found = super().get_filters_params(params)
        return {name: said for name, said in found.items() if name not in DeliveriesForm.base_fields}

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[WebhookDelivery]:
        self.asked = {name: said for name in DeliveriesForm.base_fields if (said := request.GET.get(name))}
        self.form = DeliveriesForm(self.asked)
        self.others = self.get_filters_params(self.params)
        return self.form.of(super().get_queryset(request, exclude_parameters))


class OfWebhook(admin.RelatedFieldListFilter):
    """Called by their partners' names, which are asked together."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[int, str]]:
        return [(webhook.pk, str(webhook)) for webhook in Webhook.objects.select_related("partner")]


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(HistoryInLog, admin.ModelAdmin):
    """The log of deliveries: read, and sent once more."""

    change_list_template = "admin/registry/webhooks/deliveries.html"
    list_display = ("at", "webhook", "announcement", "outcome", "status")
    list_filter = (("webhook", OfWebhook), "failure", "cause")
    list_select_related = ("webhook__partner",)
    list_per_page = 50
    show_full_result_count = False
    fields = ("webhook", "at", "cause", "message", "announcement", "status", "outcome", "took_ms", "answer")
    readonly_fields = fields
    actions = ("send_again",)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return DeliveryList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:
        nothing = "Chưa gửi lần nào. Mỗi lần gửi tin tới webhook được ghi ở đây và giữ 90 ngày."
        return super().changelist_view(request, {"nothing_yet": nothing, **(extra_context or {})})

    @admin.display(description="kết quả")
    def outcome(self, delivery: WebhookDelivery) -> str:
        return WEBHOOK_FAILURE.vi(delivery.failure) if delivery.failure else "Đã nhận"

    @admin.action(description="Gửi lại các thông điệp đã chọn", permissions=["send"])
    def send_again(self, request: HttpRequest, deliveries: QuerySet[WebhookDelivery]) -> HttpResponse | None:
        """Asks first, with how many messages that are: a list may be chosen whole."""
        sure = "sure" in request.POST
        if sure and made_before(request):
            self.message_user(request, "Các thông điệp này đã được yêu cầu gửi lại.", messages.WARNING)
            return None
        # What came in while somebody read the page was not chosen.
        newest = request.POST.get("newest", "")
        if sure and newest.isascii() and newest.isdecimal() and len(newest) < 19:
            deliveries = deliveries.filter(pk__lte=int(newest))
        plan = to_send_again(deliveries)
        stopped = [webhook for webhook in plan if webhook.stopped_at]
        keyless = [webhook for webhook in plan if webhook.keyless and not webhook.stopped_at]
        running = {
            webhook: found
            for webhook, found in plan.items()
            if found.count and not webhook.stopped_at and not webhook.keyless
        }
        count = sum(found.count for found in running.values())
        if not running:
            self.message_user(request, nothing_sent(stopped, keyless), messages.WARNING)
            return None
        if sure:
            with transaction.atomic():  # all of them or none
                for webhook, found in running.items():
                    by = request.user.get_username()
                    replay_spans(webhook, found.spans, at=clock.now(), by=by)
                remember(request, webhook)
            self.message_user(request, f"Sẽ gửi lại {format_number(count)} thông điệp.", messages.SUCCESS)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": f"Gửi lại {format_number(count)} thông điệp?",
            "opts": self.opts,
            "checkbox": ACTION_CHECKBOX_NAME,
            "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "across": request.POST.get("select_across", "0"),
            "newest": deliveries.aggregate(newest=Max("pk"))["newest"],
            "form_token": new_token(),
            "rows": deliveries.count(),
            "count": count,
            "stopped": stopped,
            "keyless": keyless,
            "webhooks": [(webhook, found.count, spans_of(found)) for webhook, found in running.items()],
        }
        return render(request, "admin/registry/webhooks/send_again.html", context)

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registry.change_webhook")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: WebhookDelivery | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: WebhookDelivery | None = None) -> bool:
        return False


def to_send_again(deliveries: QuerySet[WebhookDelivery]) -> dict[Any, Replayable]:
    """What of these deliveries can be sent once more, by webhook, as `with_closed` has them."""
    chosen: dict[int, set[int]] = defaultdict(set)
    told = deliveries.order_by().filter(announcement__isnull=False)
    for webhook_id, seq in told.values_list("webhook_id", "announcement"):
        chosen[webhook_id].add(seq)
    webhooks = with_closed(Webhook.objects.filter(pk__in=chosen), clock.now())
    found = webhooks.select_related("partner", "progress")
    return {webhook: replayable(webhook, chosen[webhook.pk]) for webhook in found}


def nothing_sent(stopped: list[Webhook], keyless: list[Webhook]) -> str:
    why = []
    if stopped:
        why.append(f"webhook đang ngừng ({'; '.join(map(str, stopped))}). Hãy cho gửi tiếp trước.")
    if keyless:
        why.append(f"webhook chờ khóa của đối tác ({'; '.join(map(str, keyless))}). Hãy cấp khóa trước.")
    nothing = (
        "trong các lần gửi đã chọn chỉ có tin thử, tin còn đang chờ gửi, tin đã mất khi khôi phục, tin ngoài phạm vi "
        "của webhook hoặc không khóa nào của đối tác mở."
    )
    return " ".join(f"Không gửi lại gì: {reason}" for reason in why or [nothing])


def spans_of(found: Replayable) -> str:
    """The ranges in words: the first ones, and how many more there are."""
    first = ", ".join(span_of(*span) for span in found.spans[:REPLAYS_SHOWN])
    more = len(found.spans) - REPLAYS_SHOWN
    return f"{first} và {format_number(more)} khoảng khác" if more > 0 else first
