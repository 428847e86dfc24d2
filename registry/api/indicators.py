"""Figures about the city, its zones, sets of clusters, investors and projects."""

from typing import Any

from rest_framework import serializers

from registry.api import shapes
from registry.api.figures import VALUE, Value
from registry.api.filters import CodeTermFilter, EditionFilters, TermFilter
from registry.api.resources import Resource
from registry.rules import codes


class IndicatorFilters(EditionFilters):
    scope = CodeTermFilter(
        "indicator",
        "scope",
        codes.INDICATOR_SCOPE,
        vi="Phạm vi của ít nhất một số liệu.",
        en="The scope of at least one value.",
    )
    kind = CodeTermFilter(
        "indicator",
        "kind",
        codes.VALUE_KIND,
        vi="Loại của ít nhất một số liệu.",
        en="The kind of at least one value.",
    )
    sector = TermFilter(
        "indicator",
        "sector",
        vi="Mã của ngành, nghề.",
        en="Code of a sector.",
        example="cong-nghiep-ho-tro",
    )
    cluster = TermFilter(
        "indicator",
        "cluster",
        vi="Mã của một cụm mà số liệu nói tới.",
        en="Code of a cluster that a value is about.",
        example="vinh-niem",
    )
    zone = TermFilter(
        "indicator",
        "zone",
        vi="Mã của một khu mà số liệu nói tới.",
        en="Code of a zone that a value is about.",
        example="kcn-trang-due",
    )
    investor = TermFilter(
        "indicator",
        "investor",
        vi="Mã của nhà đầu tư mà số liệu nói tới.",
        en="Code of the investor that a value is about.",
        example="lg-display-viet-nam",
    )
    project = TermFilter(
        "indicator",
        "project",
        vi="Mã của dự án mà số liệu nói tới.",
        en="Code of the project that a value is about.",
        example="nha-may-h3",
    )


class Indicator(serializers.Serializer[Any]):
    """What is measured, and every value of it, each with its scope, period and sources."""

    code = shapes.text("Ours; short, never changed, never used again.")
    name = shapes.text()
    unit = shapes.text("The unit of all its values.")
    definition = shapes.text("How to understand it: shares of different wholes differ.", allow_null=True)
    sectors = shapes.Named(many=True)
    values = Value(many=True)
    sources = shapes.Cited(many=True)


INDICATORS = Resource(
    kind="indicator",
    vi=("chỉ tiêu, số liệu", "chỉ tiêu"),
    en=("indicators", "an indicator"),
    filters=IndicatorFilters,
    orderings={"name": "sort_key"},
    default_order="name",
    serializer=Indicator,
    example="so-du-an-fdi-con-hieu-luc",
    example_body={
        "code": "so-du-an-fdi-con-hieu-luc",
        "name": "Số dự án đầu tư nước ngoài còn hiệu lực",
        "unit": "dự án",
        "definition": None,
        "sectors": [],
        "values": [VALUE],
        "sources": [],
    },
)
