from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from registry.admin.base import NamedAdmin, ReadingMixin, citations_of, lines
from registry.admin.figures import RateField, YearsField
from registry.admin.numbered import NumberedForm, NumberedFormSet
from registry.models import Incentive, IncentiveTerm
from registry.rules import codes
from registry.rules.quantities import format_number


class IncentiveTermForm(NumberedForm):
    def words(self) -> str:
        return term_text(self.instance)

    class Meta:
        field_classes = {"years": YearsField, "rate_percent": RateField}


class IncentiveTermInline(ReadingMixin, admin.TabularInline):
    model = IncentiveTerm
    form = IncentiveTermForm
    formset = NumberedFormSet
    extra = 0
    fields = ("position", "term_kind", "years", "rate_percent")
    verbose_name_plural = "các mức ưu đãi, lần lượt"


def term_text(term: IncentiveTerm) -> str:
    """`Giảm 50% trong 9 năm`."""
    rate = f" {format_number(term.rate_percent)}%" if term.rate_percent is not None else ""
    years = f" trong {term.years} năm" if term.years else ""
    return f"{codes.INCENTIVE_TERM.vi(term.term_kind)}{rate}{years}"


class InForceFilter(admin.ChoicesFieldListFilter):
    """Called otherwise than the record's own state, which stands beside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "áp dụng"


@admin.register(Incentive)
class IncentiveAdmin(NamedAdmin):
    list_display = ("name", "kind_label", "terms", "in_force", "period")
    list_filter = ("incentive_kind", ("status", InForceFilter), ("sectors", admin.RelatedOnlyFieldListFilter))
    autocomplete_fields = ("sectors", "legal_basis")
    inlines = (IncentiveTermInline, citations_of("incentive"))
    empty_value_display = "—"
    nothing_yet = "Chưa có ưu đãi nào: về thuế, tiền thuê đất, tín dụng."
    fieldsets = (
        (None, {"fields": ("name", ("incentive_kind", "status"), "sectors", "legal_basis")}),
        (
            "Thời gian áp dụng",
            {"fields": (("valid_from", "valid_to"),), "description": "Tài liệu không nêu thì để trống."},
        ),
        ("Mã", {"fields": ("code",), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Incentive]:
        return super().get_queryset(request).prefetch_related("terms")

    @admin.display(description="loại", ordering="incentive_kind")
    def kind_label(self, row: Incentive) -> str:
        return codes.INCENTIVE_KIND.vi(row.incentive_kind)

    @admin.display(description="áp dụng", ordering="status")
    def in_force(self, row: Incentive) -> str:
        return codes.INCENTIVE_STATUS.vi(row.status)

    @admin.display(description="các mức")
    def terms(self, row: Any) -> str | None:
        return lines([term_text(term) for term in row.terms.all()], 3, "mức khác")

    @admin.display(description="thời gian", ordering="valid_from")
    def period(self, row: Incentive) -> str:
        first = f"từ {row.valid_from:%d/%m/%Y}" if row.valid_from else ""
        return f"{first} đến trước {row.valid_to:%d/%m/%Y}".strip() if row.valid_to else first
