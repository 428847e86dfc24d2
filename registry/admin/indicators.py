from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.db.models import QuerySet
from django.http import HttpRequest

from registry.admin.base import NamedAdmin, ReadingMixin, citations_of, shown_date
from registry.admin.capital import NumberedForm, NumberedFormSet
from registry.admin.fields import StatedDateField
from registry.admin.figures import FigureField
from registry.models import Indicator, IndicatorValue
from registry.rules.quantities import Quantity, format_quantity


def _several(name: str, label: str) -> forms.ModelMultipleChoiceField:
    field = IndicatorValue._meta.get_field(name)
    return forms.ModelMultipleChoiceField(
        field.related_model._default_manager.all(),
        required=False,
        label=label,
        widget=AutocompleteSelectMultiple(field, admin.site),
    )


class IndicatorValueForm(NumberedForm):
    figure = FigureField()
    period = StatedDateField("period", label="Kỳ", help_text="Ví dụ 2023, 2019-2024, đến năm 2030.")
    cluster_list = _several("clusters", "Các cụm công nghiệp")
    zone_list = _several("zones", "Các khu")

    class Meta:
        model = IndicatorValue
        fields = ("position", "scope", "value_kind", "investor", "project", "note")
        widgets = {"note": forms.Textarea({"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, many in (("cluster_list", "clusters"), ("zone_list", "zones")):
            rows = getattr(self.instance, many).all() if self.instance.pk else ()
            self.initial.setdefault(name, [row.pk for row in rows])

    def _save_m2m(self) -> None:
        super()._save_m2m()
        through = {"indicator": self.instance.indicator}
        self.instance.clusters.set(self.cleaned_data["cluster_list"], through_defaults=through)
        self.instance.zones.set(self.cleaned_data["zone_list"], through_defaults=through)


class IndicatorValueInline(ReadingMixin, admin.StackedInline):
    model = IndicatorValue
    form = IndicatorValueForm
    formset = NumberedFormSet
    extra = 0
    autocomplete_fields = ("investor", "project")
    verbose_name_plural = "số liệu"
    classes = ("effects",)
    fieldsets = (
        (None, {"fields": (("position", "value_kind", "scope"), "figure", "period")}),
        ("Nói về", {"fields": ("cluster_list", "zone_list", "investor", "project")}),
        ("Ghi chú nội bộ", {"fields": ("note",), "classes": ("collapse",)}),
    )
    period = shown_date("period", "kỳ")

    def get_queryset(self, request: HttpRequest) -> QuerySet[IndicatorValue]:
        rows = super().get_queryset(request).select_related("investor", "project", "indicator")
        return rows.prefetch_related("clusters", "zones")

    @admin.display(description="giá trị")
    def figure(self, row: IndicatorValue) -> str:
        return format_quantity(Quantity(row.value, row.value_qualifier, row.value_high))

    @admin.display(description="các cụm công nghiệp", empty_value="—")
    def cluster_list(self, row: IndicatorValue) -> str | None:
        return ", ".join(map(str, row.clusters.all())) or None if row.pk else None

    @admin.display(description="các khu", empty_value="—")
    def zone_list(self, row: IndicatorValue) -> str | None:
        return ", ".join(map(str, row.zones.all())) or None if row.pk else None


@admin.register(Indicator)
class IndicatorAdmin(NamedAdmin):
    list_display = ("name", "unit")
    autocomplete_fields = ("sectors",)
    inlines = (IndicatorValueInline, citations_of("indicator"))
    nothing_yet = "Chưa có chỉ tiêu nào."
    fieldsets = (
        (None, {"fields": ("name", "unit", "definition", "sectors")}),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )
