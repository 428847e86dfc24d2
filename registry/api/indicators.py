"""Figures about the city, its zones, sets of clusters, investors and projects."""

from typing import Any

from rest_framework import serializers

from registry.api import shapes
from registry.api.figures import VALUE, Value
from registry.api.filter_forms import code_term_filter, no_term
from registry.api.filters import EditionFilters, RowTermFilter, TermFilter
from registry.api.orderings import orders_of
from registry.api.parameters import TEXT
from registry.api.resources import Resource
from registry.api.values import as_written, whole_number
from registry.rules import codes

#: Of our calendar. Terms are text.
_years = whole_number(1900, 2200)


def year(text: str) -> str:
    return str(_years(text))


class IndicatorFilters(EditionFilters):
    """`scope`, `kind`, `year` and the records mean one value: it has all that is asked for."""

    scope = code_term_filter(
        "scope",
        codes.INDICATOR_SCOPE,
        "Phạm vi của ít nhất một số liệu.",
        "The scope of at least one value.",
        form=RowTermFilter,
    )
    kind = code_term_filter(
        "kind",
        codes.VALUE_KIND,
        "Loại của ít nhất một số liệu.",
        "The kind of at least one value.",
        form=RowTermFilter,
    )
    year = RowTermFilter(
        "year",
        "Năm nằm trong kỳ của ít nhất một số liệu.",
        "A year within the period of at least one value.",
        2018,
        read=year,
        schema={"type": "integer", "minimum": 1900, "maximum": 2200},
    )
    unit = TermFilter(
        "unit",
        "Đơn vị tính, viết đúng như trong unit.",
        "The unit, as unit writes it.",
        "%",
        read=as_written,
        schema=TEXT,
    )
    sector = TermFilter("sector", "Mã của ngành, nghề.", "Code of a sector.", "cong-nghiep-ho-tro")
    cluster = RowTermFilter(
        "cluster",
        "Mã của một cụm mà số liệu nói tới.",
        "Code of a cluster that a value is about.",
        "vinh-niem",
    )
    zone = RowTermFilter(
        "zone",
        "Mã của một khu mà số liệu nói tới.",
        "Code of a zone that a value is about.",
        "kcn-trang-due",
    )
    investor = RowTermFilter(
        "investor",
        "Mã của nhà đầu tư mà số liệu nói tới.",
        "Code of the investor that a value is about.",
        "lg-display-viet-nam",
    )
    project = RowTermFilter(
        "project",
        "Mã của dự án mà số liệu nói tới.",
        "Code of the project that a value is about.",
        "nha-may-h3",
    )
    sector_unknown = no_term("sector", "ngành, nghề", "its sectors are")
    value_unknown = no_term("kind", "số liệu", "its values are")


class Indicator(serializers.Serializer[Any]):
    """What is measured, and every value of it, each with its scope, period and sources."""

    code = shapes.text("Ours; short, never changed, never used again.")
    name = shapes.text()
    unit = shapes.text("The unit of all its values.")
    definition = shapes.text("How to understand it: shares of different wholes differ.", allow_null=True)
    sectors = shapes.Named(many=True)
    values = Value(many=True)
    sources = shapes.Cited(many=True)
    unsourced = shapes.unsourced()


INDICATORS = Resource(
    kind="indicator",
    vi=("chỉ tiêu, số liệu", "chỉ tiêu"),
    en=("indicators", "an indicator"),
    filters=IndicatorFilters,
    orderings={
        "name": "sort_key",
        "code": "code",
        "unit": "by_unit",
        **orders_of("indicator"),
        "changed": "known_from",
    },
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
        "unsourced": [],
        "sources": [],
    },
)
