"""Capital, entered where it belongs: on an investor or on a project."""

from collections.abc import Iterable
from decimal import Decimal

from django import forms
from django.contrib import admin

from registry.admin.base import ReadingMixin, lines, shown_date
from registry.admin.fields import StatedDateField
from registry.admin.figures import MoneyField
from registry.admin.numbered import NumberedForm, NumberedFormSet
from registry.models import CapitalEvent
from registry.rules import codes
from registry.rules.quantities import Quantity, format_quantity


class CapitalForm(NumberedForm):
    money = MoneyField()
    as_of = StatedDateField(
        "as_of",
        label="Thời điểm",
        help_text="Số tiền này tính đến khi nào: 31/12/2023, đến hết năm 2023. Tài liệu không nói thì để trống.",
    )
    programme = StatedDateField(
        "programme",
        label="Giai đoạn thực hiện",
        help_text="Khi số tiền dành cho nhiều năm: 2023-2025. Không có thì để trống.",
    )

    class Meta:
        model = CapitalEvent
        fields = ("position", "capital_kind", "measure", "note")
        widgets = {"note": forms.Textarea({"rows": 2})}

    def words(self) -> str:
        row = self.instance
        return _line(row) + (f", {row.as_of_stated_as}" if row.as_of_stated_as else "")


class CapitalInline(ReadingMixin, admin.StackedInline):
    """Every figure as one source states it; figures that disagree are rows of their own."""

    model = CapitalEvent
    form = CapitalForm
    formset = NumberedFormSet
    extra = 0
    verbose_name_plural = "biến động vốn"
    fieldsets = (
        (None, {"fields": (("position", "capital_kind", "measure"), "money", "as_of", "programme")}),
        ("Ghi chú nội bộ", {"fields": ("note",), "classes": ("collapse",)}),
    )
    as_of = shown_date("as_of", "thời điểm")
    programme = shown_date("programme", "giai đoạn thực hiện")

    @admin.display(description="số tiền")
    def money(self, row: CapitalEvent) -> str:
        return money_text(row)


def money_text(row: CapitalEvent) -> str:
    """`trên 9.240.000.000 USD`."""
    return f"{format_quantity(Quantity(Decimal(row.amount), row.amount_qualifier))} {row.currency}"


def capital_lines(rows: Iterable[CapitalEvent]) -> str | None:
    """The figures for a column, each on its line: `4.650.000.000 USD`, `Tăng vốn: 1.000.000.000 USD`."""
    return lines([_line(row) for row in rows], 2, "số khác")


def _line(row: CapitalEvent) -> str:
    if row.capital_kind == "reported_total":
        return money_text(row)
    return f"{codes.CAPITAL_KIND.vi(row.capital_kind)}: {money_text(row)}"


def capital_of(kind: str) -> type[CapitalInline]:
    """The inline of capital for records of that kind."""
    return type(f"{kind.title()}CapitalInline", (CapitalInline,), {"fk_name": kind})
