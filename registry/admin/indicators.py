from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from registry.admin.base import NamedAdmin, ReadingMixin, citations_of, lines, several, shown_date
from registry.admin.fields import StatedDateField
from registry.admin.figures import FigureField
from registry.admin.numbered import NumberedForm, NumberedFormSet
from registry.models import Indicator, IndicatorValue
from registry.rules import codes
from registry.rules.quantities import Quantity, format_quantity

#: The input that says which records a value of that scope is about.
ABOUT = {"clusters": "cluster_list", "zones": "zone_list", "investor": "investor", "project": "project"}


class IndicatorValueForm(NumberedForm):
    figure = FigureField()
    period = StatedDateField(
        "period",
        label="Kỳ",
        help_text="Số liệu của khi nào, hoặc mục tiêu đến khi nào: 2023, 2019-2024, đến năm 2030.",
    )
    cluster_list = several(
        IndicatorValue, "clusters", "Các cụm công nghiệp", "Những cụm mà số liệu tính chung."
    )
    zone_list = several(IndicatorValue, "zones", "Các khu", "Để trống khi số liệu tính cho mọi khu.")

    class Meta:
        model = IndicatorValue
        fields = ("position", "scope", "value_kind", "investor", "project", "note")
        widgets = {"note": forms.Textarea({"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, many in (("cluster_list", "clusters"), ("zone_list", "zones")):
            rows = getattr(self.instance, many).all() if self.instance.pk else ()
            self.initial.setdefault(name, [row.pk for row in rows])
        if "scope" in self.fields:
            # The page hides what the chosen scope has no use for.
            self.fields["scope"].widget.attrs["data-scope"] = ""

    def full_clean(self) -> None:
        if owner := self.fields.get("indicator"):
            self.fields["figure"].unit = owner.parent_instance.unit  # type: ignore[attr-defined]
        super().full_clean()

    def clean(self) -> Any:
        """What a value is about goes with its scope; each refusal stands at the input to change."""
        cleaned = super().clean()
        scope = self.cleaned_data.get("scope")
        for other, name in ABOUT.items():
            chosen = self.cleaned_data.get(name)
            if scope == other != "zones" and not chosen and name not in self._errors:
                self.add_error(
                    name, ValidationError("Hãy chọn số liệu nói về ai, về đâu.", "scope_incomplete")
                )
            elif scope and scope != other and chosen:
                self.add_error(
                    name,
                    ValidationError(
                        f"Phạm vi đang chọn là “{codes.INDICATOR_SCOPE.vi(scope)}”. Hãy bỏ trống ô này "
                        "hoặc chọn phạm vi khác.",
                        "scope_incomplete",
                    ),
                )
        return cleaned

    def _post_clean(self) -> None:
        said = any(self.has_error(name, "scope_incomplete") for name in ABOUT.values())
        super()._post_clean()
        refused = self._errors.get(NON_FIELD_ERRORS)
        if said and refused:
            # What the table refuses too is said at the input alone.
            rest = [error for error in refused.as_data() if error.code != "scope_incomplete"]
            del self._errors[NON_FIELD_ERRORS]
            if rest:
                self.add_error(None, rest)

    def words(self) -> str:
        return _line(self.instance)

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
    fieldsets = (
        (None, {"fields": (("position", "value_kind"), "figure", "period")}),
        ("Nói về", {"fields": ("scope", "cluster_list", "zone_list", "investor", "project")}),
        ("Ghi chú nội bộ", {"fields": ("note",), "classes": ("collapse",)}),
    )
    period = shown_date("period", "kỳ")

    def get_queryset(self, request: HttpRequest) -> QuerySet[IndicatorValue]:
        rows = super().get_queryset(request).select_related("investor", "project", "indicator")
        return rows.prefetch_related("clusters", "zones")

    @admin.display(description="giá trị")
    def figure(self, row: IndicatorValue) -> str:
        return figure_text(row)

    @admin.display(description="các cụm công nghiệp")
    def cluster_list(self, row: IndicatorValue) -> str:
        return ", ".join(map(str, row.clusters.all())) or "—"

    @admin.display(description="các khu")
    def zone_list(self, row: IndicatorValue) -> str:
        return ", ".join(map(str, row.zones.all())) or "—"


def figure_text(row: IndicatorValue) -> str:
    """`từ 20 đến 22`; the unit is the indicator's."""
    return format_quantity(Quantity(row.value, row.value_qualifier, row.value_high), row.indicator.unit)


def _line(row: IndicatorValue) -> str:
    when = f"{row.period_stated_as}: " if row.period_stated_as else ""
    return f"{when}{figure_text(row)} ({codes.VALUE_KIND.vi(row.value_kind).lower()})"


class ScopeFilter(admin.SimpleListFilter):
    title = "phạm vi"
    parameter_name = "scope"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return list(codes.INDICATOR_SCOPE.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Indicator]) -> QuerySet[Indicator]:
        value = self.value()
        if value not in codes.INDICATOR_SCOPE:
            return queryset
        return queryset.filter(pk__in=IndicatorValue.objects.filter(scope=value).values("indicator"))


@admin.register(Indicator)
class IndicatorAdmin(NamedAdmin):
    list_display = ("name", "unit", "figures")
    list_filter = (ScopeFilter, ("sectors", admin.RelatedOnlyFieldListFilter))
    autocomplete_fields = ("sectors",)
    inlines = (IndicatorValueInline, citations_of("indicator"))
    nothing_yet = "Chưa có chỉ tiêu nào: số dự án, tỷ trọng, mục tiêu, của thành phố, của các cụm, các khu."
    fieldsets = (
        (None, {"fields": ("name", "unit", "definition", "sectors")}),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Indicator]:
        return super().get_queryset(request).prefetch_related("values")

    def holds(self, word: str) -> Q:
        """A figure is also found by what it is about."""
        about = Q()
        for other in ("clusters", "zones", "investor", "project"):
            about |= Q(**{f"{other}__search_text__contains": word})
        return super().holds(word) | Q(pk__in=IndicatorValue.objects.filter(about).values("indicator"))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "definition":
            formfield.widget.attrs["rows"] = 3
        return formfield

    @admin.display(description="số liệu", empty_value="—")
    def figures(self, row: Any) -> str | None:
        return lines([_line(value) for value in row.values.all()], 3, "số khác")
