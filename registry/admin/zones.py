from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from registry.admin.base import NamedAdmin, citations_of, linked, several, shown_date, shown_quantity
from registry.admin.fields import AreaField, ComposedForm, StatedDateField
from registry.admin.numbered import NumberedForm, NumberedFormSet
from registry.admin.timelines import entered_entries
from registry.models import Zone, ZoneStatus
from registry.queries.clusters import effects_on
from registry.rules import codes
from registry.rules.text import search_text

#: How papers shorten the kinds of zone.
SHORT = {"kcn": "industrial_park", "kkt": "economic_zone", "ktmtd": "free_trade_zone"}


class ZoneForm(ComposedForm):
    area = AreaField()
    link_list = several(
        Zone,
        "linked_with",
        "Liên kết với",
        "Khu, cảng mà tài liệu nói khu này liên kết hoặc sẽ liên kết. Ghi ở một bên là đủ: trang của cả hai đều hiện.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = self.instance.linked_with.all() if self.instance.pk else ()
        self.initial.setdefault("link_list", [zone.pk for zone in others])

    def clean_link_list(self) -> QuerySet[Zone]:
        chosen: QuerySet[Zone] = self.cleaned_data["link_list"]
        if self.instance.pk is not None and self.instance in chosen:
            raise ValidationError(
                "Một khu không liên kết với chính nó. Hãy chọn khu khác.", "link_with_itself"
            )
        return chosen

    def _save_m2m(self) -> None:
        super()._save_m2m()
        self.instance.linked_with.set(self.cleaned_data["link_list"])


class ZoneStatusForm(NumberedForm):
    as_of = StatedDateField(
        "as_of",
        label="Thời điểm",
        must_have_latest=True,
        help_text="Tính đến khi nào tài liệu nói như vậy: 31/12/2023, năm 2025.",
    )


class ZoneStatusFormSet(NumberedFormSet):
    def get_unique_error_message(self, unique_check: Any) -> str:
        return "Hai dòng tình trạng tính đến cùng một ngày. Hãy sửa thời điểm của một dòng hoặc xóa một dòng."


class ZoneStatusInline(admin.TabularInline):
    model = ZoneStatus
    form = ZoneStatusForm
    formset = ZoneStatusFormSet
    extra = 0
    fields = ("position", "status", "as_of")
    verbose_name_plural = "tình trạng theo thời gian"
    as_of = shown_date("as_of", "thời điểm")


class LastStatusFilter(admin.SimpleListFilter):
    title = "đã có hay dự kiến"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [*codes.ZONE_STATUS.choices, ("none", "Chưa ghi")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Zone]) -> QuerySet[Zone]:
        value = self.value()
        if value == "none":
            return queryset.filter(last_status__isnull=True)
        return queryset.filter(last_status=value) if value in codes.ZONE_STATUS else queryset


@admin.register(Zone)
class ZoneAdmin(NamedAdmin):
    form = ZoneForm
    list_display = ("name", "kind_label", "standing", "area")
    list_filter = ("zone_kind", LastStatusFilter)
    autocomplete_fields = ("places", "sectors")
    readonly_fields = ("effects", "projects", "linked_by")
    inlines = (ZoneStatusInline, citations_of("zone"))
    nothing_yet = "Chưa có khu nào: khu công nghiệp, khu kinh tế, khu thương mại tự do, cảng."
    new_fieldsets = (
        (None, {"fields": ("name", "zone_kind", "area", "places", "sectors", "link_list")}),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )
    fieldsets = (
        new_fieldsets[0],
        ("Quyết định, dự án, liên kết", {"fields": ("effects", "projects", "linked_by")}),
        new_fieldsets[1],
    )
    area = shown_quantity("area_ha", "diện tích (ha)", "area_ha")

    def get_fieldsets(self, request: HttpRequest, obj: Zone | None = None) -> Any:
        return self.fieldsets if obj else self.new_fieldsets

    def get_queryset(self, request: HttpRequest) -> QuerySet[Zone]:
        last = ZoneStatus.objects.filter(zone=OuterRef("pk")).order_by("-as_of_latest", "-id")
        return super().get_queryset(request).annotate(last_status=Subquery(last.values("status")[:1]))

    def holds(self, word: str) -> Q:
        """“KCN Tràng Duệ” finds “Khu công nghiệp Tràng Duệ”, and the other way round."""
        kinds = [code for code in codes.ZONE_KIND if word in search_text(codes.ZONE_KIND.vi(code)).split()]
        return super().holds(word) | Q(zone_kind__in=[*kinds, SHORT.get(word, "")])

    def option_label(self, row: Zone) -> str:
        """Names say the kind more often than not."""
        kind = codes.ZONE_KIND.vi(row.zone_kind)
        return row.name if search_text(row.name).startswith(search_text(kind)) else f"{row.name} · {kind}"

    @admin.display(description="loại", ordering="zone_kind")
    def kind_label(self, row: Zone) -> str:
        return codes.ZONE_KIND.vi(row.zone_kind)

    @admin.display(description="đã có hay dự kiến", ordering="last_status", empty_value="—")
    def standing(self, row: Any) -> str | None:
        return codes.ZONE_STATUS.vi(row.last_status) if row.last_status else None

    @admin.display(description="các quyết định, kể cả chưa công bố")
    def effects(self, row: Zone) -> SafeString:
        return render_to_string(
            "admin/registry/cluster_effects.html", {"entries": entered_entries(effects_on(row))}
        )

    @admin.display(description="liên kết với")
    def link_list(self, row: Zone) -> str:
        return ", ".join(map(str, row.linked_with.all())) or "—"

    @admin.display(description="khu khác ghi là liên kết với khu này")
    def linked_by(self, row: Zone) -> SafeString:
        return linked(row.linked_from.all(), "zone", f"linked_with__id__exact={row.pk}")

    @admin.display(description="dự án trong khu")
    def projects(self, row: Zone) -> SafeString:
        return linked(row.projects.all(), "project", f"zone__id__exact={row.pk}")
