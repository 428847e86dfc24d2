"""Inputs for money and other figures as papers state them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils.functional import cached_property

from registry.admin.fields import ComposedField, DecimalValidator, refusal
from registry.rules.amounts import Money, parse_figure, parse_money
from registry.rules.problems import Problem
from registry.rules.quantities import Quantity, format_quantity
from registry.rules.text import clean_text


class MoneyField(ComposedField):
    """`khoảng 7,6 tỷ USD`, `1.224 tỷ đồng`: whole units, currency, and how exactly they are stated."""

    columns = ("amount", "currency", "amount_qualifier")
    largest = 2**63 - 1

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": "Số tiền",
                "help_text": "Như tài liệu ghi, kèm loại tiền: 900 triệu USD, khoảng 7,6 tỷ USD, 1.224 tỷ đồng.",
                "widget": forms.TextInput({"autocomplete": "off", "maxlength": 60}),
                **kwargs,
            }
        )

    def pack(self, row: models.Model) -> str:
        amount, currency, qualifier = (getattr(row, column) for column in self.columns)
        return "" if amount is None else f"{format_quantity(Quantity(Decimal(amount), qualifier))} {currency}"

    def clean(self, value: Any) -> Money:
        text = forms.CharField(max_length=60).clean(value)
        try:
            money = parse_money(text)
        except Problem as problem:
            raise refusal(problem) from None
        if money.amount > self.largest:
            raise forms.ValidationError("Số tiền quá lớn. Hãy kiểm tra lại.", code="amount_too_large")
        return money

    def unpack(self, value: Money) -> Mapping[str, Any]:
        return {"amount": value.amount, "currency": value.currency, "amount_qualifier": str(value.qualifier)}


class FigureField(ComposedField):
    """`86`, `khoảng 10.000`, `9,6-10 triệu`, `20-22`: a value in the indicator's unit."""

    columns = ("value", "value_qualifier", "value_high")

    @cached_property
    def fits(self) -> DecimalValidator:
        return DecimalValidator(15, 4)

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
        return "" if value is None else format_quantity(Quantity(value, qualifier, high))

    def clean(self, value: Any) -> Quantity:
        text = clean_text(forms.CharField(max_length=60).clean(value))
        try:
            read = parse_figure(text).quantity
        except Problem as problem:
            raise refusal(problem) from None
        for number in (read.value, read.high):
            if number is not None:
                self.fits(number.normalize() if number != number.to_integral_value() else number)
        return read

    def unpack(self, value: Quantity) -> Mapping[str, Any]:
        return {"value": value.value, "value_qualifier": str(value.qualifier), "value_high": value.high}
