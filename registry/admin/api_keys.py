"""Keys of the API: given, looked at, revoked. A key itself is shown on one page, once, and kept nowhere."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminDateWidget
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.timezone import localtime

from registry import clock
from registry.actions.api_keys import check_room, create_api_key, revoke_api_keys
from registry.admin.base import ReadingMixin
from registry.admin.fields import PlainForm, refusal
from registry.admin.recorded import RecordedForms
from registry.admin.scopes import ScopesField
from registry.admin.sent_twice import made_before, new_token, remember
from registry.admin.site import change_url
from registry.admin.usage import usage_picture
from registry.models import ApiKey, Webhook
from registry.queries.api_keys import SOON, usable_at, uses_by_day, with_last_use
from registry.queries.webhooks import closed_without, keyless, keyless_without
from registry.rules.api_keys import MOST_YEARS, refuse_expiry
from registry.rules.hanoi import day_of, end_of
from registry.rules.problems import Problem
from registry.rules.quantities import format_number
from registry.rules.scopes import SCOPE

YEAR = timedelta(days=365)
#: So many keys are named in one sentence.
NAMED = 5


def key_state(key: ApiKey, now: datetime) -> str:
    """Whether the key opens anything, and until when."""
    if key.revoked_at:
        return f"Đã thu hồi ngày {day_of(key.revoked_at):%d/%m/%Y}"
    last = f"{day_of(key.expires_at):%d/%m/%Y}"
    if not key.usable(now):
        return f"Đã hết hạn sau ngày {last}"
    return (
        f"Sắp hết hạn: dùng được đến hết {last}"
        if key.expires_at - now < SOON
        else f"Dùng được đến hết {last}"
    )


def revoked_before(keys: QuerySet[ApiKey], now: datetime) -> str:
    """That none of these keys opens anything, since when; of many the first ones."""
    count, first = keys.count(), keys[:NAMED]
    named = "; ".join(f"hpr_{key.prefix}_… {key_state(key, now).lower()}" for key in first)
    more = f"; và {format_number(count - NAMED)} khóa khác cũng vậy" if count > NAMED else ""
    return f"Không thu hồi gì: {named}{more}."


def moment(at: datetime | None) -> str:
    return f"{localtime(at):%H:%M %d/%m/%Y}" if at else "Chưa dùng"


def what_ends(keys: QuerySet[ApiKey]) -> dict[str, Any]:
    """For keys/what_ends.html: webhooks that would be sent nothing more, or less, if those keys ended now."""
    at = clock.now()
    return {
        "silenced": keyless_without(keys, at).select_related("partner"),
        "told_less": named_with_scopes(closed_without(keys, at)),
    }


def named_with_scopes(found: list[tuple[Webhook, list[str]]]) -> list[tuple[str, str]]:
    """Each webhook, with the scopes as the forms call them."""
    return [(str(webhook), "; ".join(map(SCOPE.vi, scopes))) for webhook, scopes in found]


class KeyForm(PlainForm):
    """What can be changed later too; a new key also says until when."""

    scopes = ScopesField(
        help_text="Danh mục (địa danh, cơ quan, ngành, văn bản pháp luật) khóa nào cũng đọc được."
    )
    expires_on = forms.DateField(
        label="Ngày cuối cùng dùng được",
        widget=AdminDateWidget,
        help_text=f"Khóa nào cũng có hạn, nhiều nhất {MOST_YEARS} năm.",
    )

    class Meta:
        model = ApiKey
        fields = ("partner", "name", "scopes", "addresses")
        widgets = {"addresses": forms.Textarea({"rows": 3, "cols": 40})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("expires_on", None)
        elif "expires_on" in self.fields:
            self.initial.setdefault("expires_on", clock.today() + YEAR)

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        try:
            refuse_expiry(day, today=clock.today())
        except Problem as problem:
            raise refusal(problem) from None
        return day

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if not self.instance.pk and found.get("partner"):
            try:
                check_room(found["partner"], clock.now())
            except Problem as problem:
                self.add_error("partner", refusal(problem))
        return found


class UsableFilter(admin.SimpleListFilter):
    title = "còn dùng được"
    parameter_name = "usable"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "Dùng được"), ("no", "Đã thu hồi hoặc hết hạn")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> QuerySet[ApiKey]:
        if self.value() == "yes":
            return queryset.filter(usable_at(clock.now()))
        return queryset.exclude(usable_at(clock.now())) if self.value() == "no" else queryset


@admin.register(ApiKey)
class ApiKeyAdmin(RecordedForms, ReadingMixin, admin.ModelAdmin):
    """For leaders. A key is never deleted: what it did stays its own."""

    form = KeyForm
    change_form_template = "admin/registry/keys/change_form.html"
    # What tells a key that nobody needs any more fits a window of 1 200 px.
    list_display = ("shown_prefix", "partner", "state", "last_used", "name", "shown_scopes")
    list_display_links = ("shown_prefix",)
    list_filter = (UsableFilter,)
    list_select_related = ("partner",)
    search_fields = ("partner__search_text", "name", "prefix")
    autocomplete_fields = ("partner",)
    list_per_page = 50
    actions = ("revoke",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        return with_last_use(super().get_queryset(request))

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("partner", "name", "scopes", "expires_on", "addresses")
        scopes = "scopes" if self.has_change_permission(request, obj) else "shown_scopes"
        return ("partner", "shown_prefix", "state", "last_used", "name", scopes, "addresses")

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        # Whose key it is and until when never changes: another key is given instead.
        return ("partner", "shown_prefix", "state", "last_used", "shown_scopes")

    @admin.display(description="khóa", ordering="prefix")
    def shown_prefix(self, key: ApiKey) -> str:
        return f"hpr_{key.prefix}_…"

    @admin.display(description="phạm vi")
    def shown_scopes(self, key: ApiKey) -> str:
        return ", ".join(SCOPE.vi(scope) for scope in key.scopes.split())

    @admin.display(description="tình trạng", ordering="expires_at")
    def state(self, key: ApiKey) -> str:
        return key_state(key, clock.now())

    @admin.display(description="dùng lần cuối", ordering="last_used_at")
    def last_used(self, key: ApiKey) -> str:
        return moment(key.last_used_at)

    @admin.action(description="Thu hồi các khóa đã chọn", permissions=["revoke"])
    def revoke(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> HttpResponse | None:
        """Asks first, with the keys that would open nothing more: there is no way back."""
        chosen, usable = keys.count(), keys.filter(usable_at(clock.now()))
        if "sure" in request.POST:
            self._revoke(request, keys)
            return None
        if not usable:
            self.message_user(request, revoked_before(keys, clock.now()), messages.WARNING)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": "Thu hồi các khóa này?",
            "opts": self.opts,
            "checkbox": ACTION_CHECKBOX_NAME,
            "others": chosen - len(usable),
            **what_ends(usable),
            "keys": [
                {"pk": key.pk, "partner": key.partner, "prefix": key.prefix, "name": key.name}
                | {"state": self.state(key), "last_used": self.last_used(key)}
                for key in usable
            ],
        }
        return render(request, "admin/registry/keys/revoke.html", context)

    def _revoke(self, request: HttpRequest, chosen: QuerySet[ApiKey]) -> None:
        at = clock.now()
        keys = chosen.filter(usable_at(at))
        silenced = [hook.pk for hook in keyless_without(keys, at)]
        told_less = named_with_scopes(closed_without(keys, at))
        count = revoke_api_keys(keys, at=at)
        if not count:
            self.message_user(request, revoked_before(chosen, at), messages.WARNING)
            return
        self.message_user(
            request, f"Đã thu hồi {count} khóa. Từ bây giờ các khóa đó bị từ chối.", messages.SUCCESS
        )
        if waiting := keyless(at).filter(pk__in=silenced).select_related("partner"):
            named = "; ".join(map(str, waiting))
            self.message_user(
                request,
                f"Đối tác không còn khóa nào nên webhook của họ cũng không gửi nữa: {named}. Tin được giữ lại; có khóa "
                "mới thì gửi tiếp.",
                messages.WARNING,
            )
        self._tell_of_less(request, told_less)

    def _tell_of_less(self, request: HttpRequest, told_less: list[tuple[str, str]]) -> None:
        """What webhooks are not told of any more, after the key that opened it has ended or opens less."""
        for webhook, scopes in told_less:
            self.message_user(
                request,
                f"Webhook {webhook} không báo tin nữa về: {scopes}. Không khóa dùng được nào của đối tác mở phạm vi "
                "này. Tin được giữ lại; có khóa mở phạm vi này thì tự gửi.",
                messages.WARNING,
            )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        context = {
            "form_token": new_token(),
            "title": None if object_id else "Cấp khóa API",
            **(extra_context or {}),
        }
        key = self.get_object(request, unquote(object_id)) if object_id else None
        if key is None:
            return super().changeform_view(request, object_id, form_url, context)
        if request.method == "POST" and "_revoke" in request.POST and self.has_revoke_permission(request):
            self._revoke(request, ApiKey.objects.filter(pk=key.pk))
            return HttpResponseRedirect(change_url(key))
        context |= {
            "title": str(key),
            "subtitle": None,
            "picture": usage_picture(uses_by_day(key, clock.today())),
            "may_be_revoked": self.has_revoke_permission(request) and key.usable(clock.now()),
            **what_ends(ApiKey.objects.filter(pk=key.pk)),
        }
        return super().changeform_view(request, object_id, form_url, context)

    def save_model(self, request: HttpRequest, obj: ApiKey, form: KeyForm, change: bool) -> None:
        if change:
            kept = obj.scopes.split()
            told_less = closed_without(ApiKey.objects.filter(pk=obj.pk), clock.now(), kept=kept)
            super().save_model(request, obj, form, change)
            self._tell_of_less(request, named_with_scopes(told_less))
            return
        made, request.shown_once = create_api_key(
            obj.partner,
            at=clock.now(),
            expires_at=end_of(form.cleaned_data["expires_on"]),
            scopes=obj.scopes.split(),
            name=obj.name,
            addresses=obj.addresses,
        )
        obj.__dict__.update(made.__dict__)
        remember(request, obj)

    def response_add(
        self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The key, on a page that neither the browser nor anybody on the way keeps."""
        context = {
            **self.admin_site.each_context(request),
            "title": "Khóa mới: chỉ hiện một lần",
            "opts": self.opts,
            "key": obj,
            "raw_key": request.shown_once,
            "until": f"{day_of(obj.expires_at):%d/%m/%Y}",
            "scopes": self.shown_scopes(obj),
            "networks": obj.addresses.split(),
            "partner_url": change_url(obj.partner),
            "key_url": change_url(obj),
        }
        response = render(request, "admin/registry/keys/shown_once.html", context)
        add_never_cache_headers(response)
        return response

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponseBase:
        """A form sent twice, or its page loaded again, makes no second key and shows the first one no more."""
        made = made_before(request) if request.method == "POST" else None
        key = ApiKey.objects.filter(pk=made).first() if made else None
        if key is None:
            return super().add_view(request, form_url, extra_context)
        self.message_user(
            request,
            f"Khóa hpr_{key.prefix}_… đã được cấp và đã hiện một lần, không hiện lại được. Nếu chưa cất được khóa, "
            "hãy thu hồi và cấp khóa khác.",
            messages.WARNING,
        )
        return HttpResponseRedirect(change_url(key))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:
        nothing = "Chưa có khóa nào. Khóa được cấp từ trang của một đối tác."
        return super().changelist_view(request, {"nothing_yet": nothing, **(extra_context or {})})

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registry.change_apikey")

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """What a key that opens nothing any more once opened stays as it was."""
        return super().has_change_permission(request, obj) and (obj is None or obj.usable(clock.now()))

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False
