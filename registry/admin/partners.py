"""Partners: who reads by program, and the way to their keys."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Max, Model, Q, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from registry import clock
from registry.admin.api_keys import key_state, moment
from registry.admin.base import ReadingMixin
from registry.admin.fields import PlainForm
from registry.admin.recorded import RecordedForms
from registry.admin.site import change_url
from registry.admin.webhooks import webhook_state
from registry.models import Partner
from registry.queries.api_keys import MOST_LIVE_KEYS, live_keys, with_last_use
from registry.queries.webhooks import with_closed
from registry.rules.text import search_text


@admin.register(Partner)
class PartnerAdmin(RecordedForms, ReadingMixin, admin.ModelAdmin):
    """For leaders. A partner stays: the ledger and its keys name it."""

    form = PlainForm
    fields = ("name", "contact", "purpose", "requests_per_minute", "keys_of_it", "webhooks_of_it")
    readonly_fields = ("keys_of_it", "webhooks_of_it")
    list_display = ("called", "live", "last_used", "purpose")
    search_fields = ("search_text",)
    ordering = ("sort_key", "id")
    list_per_page = 50
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Partner]:
        now = clock.now()
        alive = Q(keys__revoked_at__isnull=True, keys__expires_at__gt=now)
        return (
            super()
            .get_queryset(request)
            .annotate(
                live_count=Count("keys", filter=alive, distinct=True),
                last_at=Max("keys__uses__last_at"),
                may_issue=Value(request.user.has_perm("registry.add_apikey")),
            )
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Partner], search_term: str
    ) -> tuple[QuerySet[Partner], bool]:
        for word in search_text(search_term).split():
            queryset = queryset.filter(search_text__contains=word)
        return queryset, False

    @admin.display(description="tên", ordering="sort_key")
    def called(self, partner: Partner) -> str:
        return partner.name

    @admin.display(description="khóa dùng được", ordering="live_count")
    def live(self, partner: Partner) -> int:
        return partner.live_count

    @admin.display(description="dùng lần cuối", ordering="last_at")
    def last_used(self, partner: Partner) -> str:
        return moment(partner.last_at)

    @admin.display(description="khóa API")
    def keys_of_it(self, partner: Any) -> str | SafeString:
        if partner.pk is None:
            return "Lưu đối tác trước, rồi cấp khóa."
        now = clock.now()
        keys = with_last_use(partner.keys.order_by("-created_at", "-id"))
        rows = (
            (
                change_url(key),
                key.prefix,
                key.name and f" – {key.name}",
                key_state(key, now),
                moment(key.last_used_at),
            )
            for key in keys
        )
        listed = format_html_join("", '<li><a href="{}">hpr_{}_…</a>{}: {}; dùng lần cuối: {}</li>', rows)
        known = format_html('<ul class="keys">{}</ul>', listed) if listed else "Chưa có khóa nào."
        if not partner.may_issue:
            return known
        if live_keys(partner, now).count() >= MOST_LIVE_KEYS:
            return format_html("{}<p>Đã đủ hai khóa. Thu hồi một khóa rồi mới cấp được khóa khác.</p>", known)
        new = f"{reverse('admin:registry_apikey_add')}?partner={partner.pk}"
        return format_html('{}<p><a class="button" href="{}">Cấp khóa mới</a></p>', known, new)

    @admin.display(description="webhook")
    def webhooks_of_it(self, partner: Any) -> str | SafeString:
        webhooks = (
            partner.webhooks.select_related("partner", "progress") if partner.pk else partner.webhooks.none()
        )
        webhooks = with_closed(webhooks, clock.now())
        rows = ((change_url(webhook), webhook.url, webhook_state(webhook)) for webhook in webhooks)
        listed = format_html_join("", '<li><a href="{}">{}</a>: {}</li>', rows)
        return format_html('<ul class="keys">{}</ul>', listed) if listed else "Chưa có webhook nào."

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
