"""Inputs for money and other figures as papers state them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models

from registry.admin.fields import ComposedField, DecimalValidator, PartsInput, VietnameseDecimalField, refusal
from registry.rules import codes
from registry.rules.amounts import Money, parse_money, quantity_in
from registry.rules.problems import Problem
from registry.rules.quantities import Qualifier, Quantity, format_number, format_quantity
from registry.rules.text import clean_text


class MoneyInput(PartsInput):
    """The amount as the paper writes it, and its currency, which may as well stand in the text."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        currencies = [("", "theo chữ đã ghi"), *((code, code) for code in codes.CURRENCY)]
        super().__init__(
            {
                "": forms.TextInput({"class": "vMoneyField", "autocomplete": "off", "maxlength": 60}),
                "currency": forms.Select({"aria-label": "Loại tiền"}, currencies),
            },
            attrs,
        )

    def decompress(self, value: Money | None) -> list[str]:
        if value is None:
            return ["", ""]
        return [format_quantity(Quantity(Decimal(value.amount), value.qualifier)), value.currency]


class MoneyField(ComposedField):
    """`khoảng 7,6 tỷ USD`, `1.224 tỷ đồng`, `900 triệu` with USD chosen: whole units of a currency."""

    columns = ("amount", "currency", "amount_qualifier")
    largest = 2**63 - 1
    widget = MoneyInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": "Số tiền",
                "help_text": "Như tài liệu ghi: 900 triệu, khoảng 7,6 tỷ USD, 1.224 tỷ đồng. Dấu phẩy cho phần "
                "thập phân. Loại tiền ghi sau số hoặc chọn bên cạnh.",
                **kwargs,
            }
        )

    def pack(self, row: models.Model) -> Money | None:
        amount, currency, qualifier = (getattr(row, column) for column in self.columns)
        return None if amount is None else Money(amount, currency, qualifier)

    def clean(self, value: Any) -> Money:
        written, currency = (str(part or "") for part in value or ("", ""))
        text = forms.CharField(max_length=60).clean(written)
        forms.ChoiceField(required=False, choices=codes.CURRENCY.choices).clean(currency)
        try:
            money = parse_money(text, currency)
        except Problem as problem:
            raise refusal(problem) from None
        if money.amount > self.largest:
            raise forms.ValidationError("Số tiền quá lớn. Hãy kiểm tra lại.", code="amount_too_large")
        return money

    def unpack(self, value: Money) -> Mapping[str, Any]:
        return {"amount": value.amount, "currency": value.currency, "amount_qualifier": str(value.qualifier)}

    def has_changed(self, initial: Money | None, data: Any) -> bool:
        typed = [clean_text(str(part or "")) for part in data or ("", "")]
        return typed != MoneyInput().decompress(initial)


class FigureField(ComposedField):
    """`86`, `khoảng 10.000`, `9,6-10 triệu`, `20-22`: a value in the unit of its indicator."""

    columns = ("value", "value_qualifier", "value_high")
    fits = DecimalValidator(15, 4)
    #: Known once the form stands under its indicator.
    unit = ""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": "Giá trị",
                "help_text": "Theo đơn vị tính của chỉ tiêu: 86; khoảng 10.000; trên 70; 20-22; 9,6-10 triệu.",
                "widget": forms.TextInput({"autocomplete": "off", "maxlength": 60}),
                **kwargs,
            }
        )

    def pack(self, row: models.Model) -> str:
        value, qualifier, high = (getattr(row, column) for column in self.columns)
        if value is None:
            return ""
        owner = getattr(row, "indicator", None)
        return format_quantity(Quantity(value, qualifier, high), owner.unit if owner else "")

    def clean(self, value: Any) -> Quantity:
        text = forms.CharField(max_length=60).clean(value)
        try:
            read = quantity_in(text, self.unit)
        except Problem as problem:
            raise refusal(problem) from None
        for number in (read.value, read.high):
            if number is not None:
                self.fits(number.normalize() if number != number.to_integral_value() else number)
        return read

    def unpack(self, value: Quantity) -> Mapping[str, Any]:
        return {"value": value.value, "value_qualifier": str(value.qualifier), "value_high": value.high}


class _InItsUnit:
    """One exact number, its unit written or left out."""

    unit = ""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and clean_text(value):
            try:
                read = quantity_in(value, self.unit)
                if read.qualifier != Qualifier.EXACT:
                    raise Problem(
                        "number_unreadable", f"Hãy chỉ ghi một số, không ghi “{clean_text(value)}”."
                    )
            except Problem as problem:
                raise refusal(problem) from None
            value = format_number(read.value).replace(".", "")
        return super().to_python(value)  # type: ignore[misc]


class RateField(_InItsUnit, VietnameseDecimalField):
    """`10`, `10,5%`."""

    unit = "%"


class YearsField(_InItsUnit, forms.IntegerField):
    """`4`, `04 năm`."""

    unit = "năm"
