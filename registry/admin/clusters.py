import re
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet, Value
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from registry import clock
from registry.admin.base import NamedAdmin, ReadingMixin, citations_of, shown_date
from registry.admin.fields import ComposedForm, StatedDateField
from registry.admin.timelines import entered_entries, published_entries, values_said
from registry.models import Cluster, ClusterAlias, OperatingReport
from registry.queries.clusters import effects_on, published_answer, with_published_state
from registry.rules import codes
from registry.rules.quantities import format_number
from registry.rules.text import search_text

#: What papers write before the name of any cluster, as search texts spell it: it tells none from another.
GENERIC = re.compile(r"\b(cum cong nghiep|ccn)\b")


class AliasInline(admin.TabularInline):
    model = ClusterAlias
    form = ComposedForm
    extra = 0


class OperatingReportForm(ComposedForm):
    as_of = StatedDateField(
        "as_of",
        label="Thời điểm",
        must_have_latest=True,
        help_text="Như tài liệu ghi: 30/06/2023, tháng 6/2023, đến tháng 6/2023.",
    )


class OperatingReportInline(ReadingMixin, admin.StackedInline):
    model = OperatingReport
    form = OperatingReportForm
    extra = 0
    autocomplete_fields = ("source",)
    verbose_name_plural = "tình hình hoạt động theo báo cáo"
    fieldsets = (
        (None, {"fields": ("as_of", "status", ("source", "locator"), "as_stated")}),
        (
            "Đất và tỷ lệ lấp đầy",
            {
                "fields": (
                    ("industrial_land_ha", "leased_ha", "approved_ha"),
                    ("occupancy_leased", "occupancy_approved", "occupancy_qualifier"),
                )
            },
        ),
    )
    as_of = shown_date("as_of", "thời điểm")

    def get_queryset(self, request: HttpRequest) -> QuerySet[OperatingReport]:
        return super().get_queryset(request).select_related("source")


class StageFilter(admin.SimpleListFilter):
    title = "giai đoạn pháp lý"
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [*codes.LEGAL_STAGE.choices, ("none", "Chưa công bố")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Cluster]) -> QuerySet[Cluster]:
        value = self.value()
        if value == "none":
            return queryset.filter(stage__isnull=True)
        return queryset.filter(stage=value) if value in codes.LEGAL_STAGE else queryset


@admin.register(Cluster)
class ClusterAdmin(NamedAdmin):
    list_display = ("name", "stage", "area", "developer", "status")
    list_filter = (StageFilter,)
    autocomplete_fields = ("places",)
    readonly_fields = ("published_now", "effects")
    inlines = (AliasInline, OperatingReportInline, citations_of("cluster"))
    nothing_yet = "Chưa có cụm công nghiệp nào. Thêm ở đây, hoặc ngay khi nhập quyết định."
    fieldsets = (
        (None, {"fields": ("name", "places")}),
        ("Đang công bố", {"fields": ("published_now",)}),
        ("Các quyết định về cụm", {"fields": ("effects",)}),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )
    new_fieldsets = (fieldsets[0], fieldsets[-1])

    def get_fieldsets(self, request: HttpRequest, obj: Cluster | None = None) -> Any:
        return self.fieldsets if obj else self.new_fieldsets

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cluster]:
        rows = with_published_state(super().get_queryset(request), clock.today())
        return rows.annotate(may_enter=Value(request.user.has_perm("registry.add_decision")))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Cluster], search_term: str
    ) -> tuple[QuerySet[Cluster], bool]:
        """“Cụm công nghiệp Giang Biên” and “CCN Giang Biên” find the cluster named Giang Biên."""
        return super().get_search_results(request, queryset, GENERIC.sub(" ", search_text(search_term)))

    @admin.display(description="giai đoạn pháp lý", ordering="stage")
    def stage(self, row: Any) -> str:
        return codes.LEGAL_STAGE.vi(row.stage) if row.stage else "Chưa công bố"

    @admin.display(description="diện tích (ha)", ordering="area", empty_value="—")
    def area(self, row: Any) -> str | None:
        return format_number(row.area) if row.area else None

    @admin.display(description="chủ đầu tư hạ tầng", ordering="developer", empty_value="—")
    def developer(self, row: Any) -> str | None:
        return row.developer

    @admin.display(description="hoạt động", ordering="status", empty_value="—")
    def status(self, row: Any) -> str | None:
        return codes.OPERATING_STATUS.vi(row.status) if row.status else None

    @admin.display(description="hôm nay người đọc thấy")
    def published_now(self, row: Cluster) -> SafeString:
        today = clock.today()
        answer = published_answer(row, today)
        context = {"answer": answer}
        if answer is not None:
            context |= {"values": values_said(answer), "entries": published_entries(answer)}
        return render_to_string("admin/registry/cluster_answer.html", context)

    @admin.display(description="đã nhập, kể cả chưa công bố")
    def effects(self, row: Any) -> SafeString:
        return render_to_string(
            "admin/registry/cluster_effects.html",
            {"entries": entered_entries(effects_on(row)), "may_enter": row.may_enter},
        )
