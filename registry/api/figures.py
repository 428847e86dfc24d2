"""Shapes of figures: capital, values of indicators, and the periods they are about."""

from typing import Any

from rest_framework import serializers

from registry.api import shapes
from registry.rules import codes


class Country(serializers.Serializer[Any]):
    """ISO 3166-1 alpha-2 code, and the name in Vietnamese."""

    code = shapes.text()
    name = shapes.text()


class Period(serializers.Serializer[Any]):
    """A date or a period as far as it is known, both days included; null: no bound known."""

    earliest = shapes.day()
    latest = shapes.day()
    stated_as = shapes.text("In the source's own words.")


class Capital(serializers.Serializer[Any]):
    """One figure of capital as one source states it. Figures that disagree stand side by side: none is chosen."""

    measure = shapes.code(codes.CAPITAL_MEASURE)
    measure_label = shapes.Label()
    kind = shapes.code(codes.CAPITAL_KIND)
    kind_label = shapes.Label()
    amount = serializers.IntegerField(help_text="Whole units of the currency.")
    currency = shapes.code(codes.CURRENCY)
    qualifier = shapes.code(codes.QUALIFIER)
    as_of = shapes.day("The day as of which it is known: the latest the source allows; null: not known.")
    as_of_earliest = shapes.day()
    as_of_stated_as = shapes.text()
    programme = Period(allow_null=True, help_text="The years in which it is to be spent.")
    project = shapes.Named(allow_null=True, help_text="Null: of the investor as a whole.")
    rival = serializers.BooleanField(help_text="Whether another total of the same thing disagrees with it.")
    sources = shapes.Cited(many=True)


class _Value(serializers.Serializer[Any]):
    scope = shapes.code(codes.INDICATOR_SCOPE)
    scope_label = shapes.Label()
    kind = shapes.code(codes.VALUE_KIND)
    kind_label = shapes.Label()
    period = Period()
    value = shapes.number("Null for a range.")
    low = shapes.number("The lower end of a range, else null.")
    high = shapes.number("The upper end of a range, else null.")
    qualifier = shapes.code(codes.QUALIFIER)
    rival = serializers.BooleanField(
        help_text="Whether another value of the same kind, scope and period disagrees with it."
    )
    sources = shapes.Cited(many=True)


class Value(_Value):
    """One value of an indicator."""

    scope_of = shapes.Named(many=True, help_text="The records it is about; empty: all of that scope.")


class IndicatorLabel(serializers.Serializer[Any]):
    code = shapes.text()
    name = shapes.text()
    unit = shapes.text()


class ValueAbout(_Value):
    """A value that is about the record, with its indicator."""

    indicator = IndicatorLabel()
    scope_size = serializers.IntegerField(
        help_text="Of how many records the value is one value; the indicator names them."
    )


SOURCE = {"id": "vietnamnet-2358339", "title": "Bài trên VietNamNet số 2358339"}
PERIOD = {"earliest": None, "latest": "2023-12-31", "stated_as": "đến hết năm 2023"}
CAPITAL = {
    "measure": "group_total",
    "measure_label": codes.CAPITAL_MEASURE.labels("group_total"),
    "kind": "reported_total",
    "kind_label": codes.CAPITAL_KIND.labels("reported_total"),
    "amount": 900_000_000,
    "currency": "USD",
    "qualifier": "exact",
    "as_of": "2023-12-31",
    "as_of_earliest": None,
    "as_of_stated_as": "đến hết năm 2023",
    "programme": None,
    "project": None,
    "rival": True,
    "sources": [
        {
            "source": SOURCE,
            "locator": "đoạn 6",
            "field": "amount",
            "as_stated": "900 triệu USD",
            "agrees": True,
        }
    ],
}
VALUE = {
    "scope": "city",
    "scope_label": codes.INDICATOR_SCOPE.labels("city"),
    "scope_of": [],
    "kind": "actual",
    "kind_label": codes.VALUE_KIND.labels("actual"),
    "period": PERIOD,
    "value": 933,
    "low": None,
    "high": None,
    "qualifier": "exact",
    "rival": False,
    "sources": [
        {"source": SOURCE, "locator": "đoạn 5", "field": "value", "as_stated": "933 dự án", "agrees": True}
    ],
}
