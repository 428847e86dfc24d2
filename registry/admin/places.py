from datetime import date
from itertools import combinations
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest

from registry import clock
from registry.admin.base import NamedAdmin, ReadingMixin, citations_of
from registry.admin.fields import ComposedForm
from registry.models import AdministrativeUnit, PlaceCode, PlaceSuccession
from registry.models.overlaps import NeverTwiceAtOnce
from registry.rules.periods import format_period


class PlaceCodeFormSet(BaseInlineFormSet):
    """The codes of one unit, changed together: compared with one another as typed, with other units' as they stand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        together = [form.instance.pk for form in self.initial_forms]
        for form in self.forms:
            form.instance.changed_together = together

    def clean(self) -> None:
        super().clean()
        kept = [form.instance for form in self.forms if self._is_kept(form)]
        for rule in PlaceCode._meta.constraints:
            if isinstance(rule, NeverTwiceAtOnce):
                for one, other in combinations(kept, 2):
                    if rule.overlap(one, other):
                        raise rule.refusal(other)

    def _is_kept(self, form: ModelForm) -> bool:
        return (
            not form.errors
            and form not in self.deleted_forms
            and (form.has_changed() or bool(form.instance.pk))
        )

    def save_existing_objects(self, commit: bool = True) -> list[Any]:
        """What goes or ends first, then what takes its place: no two rows share a day on the way."""
        count = self.initial_form_count()
        self.forms[:count] = sorted(self.forms[:count], key=self._makes_room, reverse=True)
        return super().save_existing_objects(commit)

    def _makes_room(self, form: ModelForm) -> bool:
        if form in self.deleted_forms:
            return True
        before, after = (
            (row["valid_from"] or date.min, row["valid_to"] or date.max)
            for row in (form.initial, form.cleaned_data)
        )
        return before[0] <= after[0] and after[1] <= before[1]


class PlaceCodeInline(ReadingMixin, admin.TabularInline):
    model = PlaceCode
    form = ComposedForm
    formset = PlaceCodeFormSet
    extra = 0
    verbose_name_plural = "mã chính thức theo thời gian"


class PlaceSuccessionInline(ReadingMixin, admin.TabularInline):
    model = PlaceSuccession
    form = ComposedForm
    fk_name = "unit"
    extra = 0
    autocomplete_fields = ("successor",)
    verbose_name_plural = "đơn vị kế thừa"


class StandingFilter(admin.SimpleListFilter):
    title = "hôm nay"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("standing", "Đang có"), ("ended", "Không còn"), ("coming", "Chưa có")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        today = clock.today()
        ended, coming = Q(valid_to__isnull=False, valid_to__lte=today), Q(valid_from__gt=today)
        match self.value():
            case "standing":
                return queryset.exclude(ended).exclude(coming)
            case "ended":
                return queryset.filter(ended)
            case "coming":
                return queryset.filter(coming)
        return queryset


@admin.register(AdministrativeUnit)
class AdministrativeUnitAdmin(NamedAdmin):
    list_display = ("full_name", "unit_kind", "within", "official_code", "period")
    list_filter = ("unit_kind", StandingFilter)
    list_select_related = ("within",)
    autocomplete_fields = ("within",)
    inlines = (PlaceCodeInline, PlaceSuccessionInline, citations_of("place"))
    search_help_text = "Tên, đơn vị bao trùm hoặc mã chính thức; không cần dấu."
    nothing_yet = "Chưa có đơn vị hành chính nào."
    fieldsets = (
        (None, {"fields": (("unit_kind", "name"), "within", ("valid_from", "valid_to"))}),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[AdministrativeUnit]:
        return super().get_queryset(request).select_related("within").prefetch_related("codes")

    def option_rows(self, rows: QuerySet[AdministrativeUnit]) -> QuerySet[AdministrativeUnit]:
        return rows.select_related("within")

    def holds(self, word: str) -> Q:
        """A commune is also found by its district, `hong phong an duong`, and by a code it has or had."""
        coded = PlaceCode.objects.filter(official_code=word).values("unit_id")
        return Q(search_text__contains=word) | Q(within__search_text__contains=word) | Q(pk__in=coded)

    def option_label(self, row: AdministrativeUnit) -> str:
        """`Xã An Lão, Thành phố Hải Phòng`; one that has ended or will: `… (đến 30/06/2025)`."""
        period = format_period(None if row.valid_to is None else row.valid_from, row.valid_to)
        return ", ".join(map(str, filter(None, (row, row.within)))) + (f" ({period})" if period else "")

    @admin.display(description="tên", ordering="sort_key")
    def full_name(self, row: AdministrativeUnit) -> str:
        return str(row)

    @admin.display(description="mã chính thức")
    def official_code(self, row: AdministrativeUnit) -> str:
        return ", ".join(dict.fromkeys(code.official_code for code in row.codes.all()))

    @admin.display(description="thời gian", ordering="valid_to", empty_value="—")
    def period(self, row: AdministrativeUnit) -> str | None:
        return format_period(row.valid_from, row.valid_to) or None
