"""Capital, entered where it belongs: on an investor or on a project."""

from typing import Any

from django import forms
from django.contrib import admin
from django.forms.models import BaseInlineFormSet

from registry.admin.base import ReadingMixin, shown_date
from registry.admin.fields import ComposedForm, StatedDateField
from registry.admin.figures import MoneyField
from registry.models import CapitalEvent
from registry.rules.quantities import Quantity, format_quantity


class NumberedFormSet(BaseInlineFormSet):
    """Rows are numbered; who leaves the number out gets the next one."""

    def clean(self) -> None:
        super().clean()
        kept = [
            form
            for form in self.forms
            if hasattr(form, "cleaned_data") and form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        last = max((form.instance.position or 0 for form in kept), default=0)
        for form in kept:
            if form.instance.position is None:
                last += 1
                form.instance.position = last


class NumberedForm(ComposedForm):
    """A row whose number may be left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "position" in self.fields:
            self.fields["position"].required = False
            self.fields["position"].help_text = "Để trống: số tiếp theo."
            if self.instance.pk is None:
                self.initial["position"] = None


class CapitalForm(NumberedForm):
    money = MoneyField()
    as_of = StatedDateField("as_of", label="Thời điểm")
    programme = StatedDateField(
        "programme", label="Giai đoạn thực hiện", help_text="Ví dụ 2023 - 2025; để trống khi không có."
    )

    class Meta:
        model = CapitalEvent
        fields = ("position", "capital_kind", "measure", "note")
        widgets = {"note": forms.Textarea({"rows": 2})}


class CapitalInline(ReadingMixin, admin.StackedInline):
    """Every figure as one source states it; figures that disagree are rows of their own."""

    model = CapitalEvent
    form = CapitalForm
    formset = NumberedFormSet
    extra = 0
    verbose_name_plural = "biến động vốn"
    classes = ("effects",)
    fieldsets = (
        (None, {"fields": (("position", "capital_kind", "measure"), "money", "as_of", "programme")}),
        ("Ghi chú nội bộ", {"fields": ("note",), "classes": ("collapse",)}),
    )
    as_of = shown_date("as_of", "thời điểm")
    programme = shown_date("programme", "giai đoạn thực hiện")

    @admin.display(description="số tiền")
    def money(self, row: CapitalEvent) -> str:
        return f"{format_quantity(Quantity(row.amount, row.amount_qualifier))} {row.currency}"  # type: ignore[arg-type]


def capital_of(kind: str) -> type[CapitalInline]:
    """The inline of capital for records of that kind."""
    return type(f"{kind.title()}CapitalInline", (CapitalInline,), {"fk_name": kind})
