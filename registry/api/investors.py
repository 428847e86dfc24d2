"""Investors: enterprises and groups, among them the developers of clusters."""

from typing import Any

from rest_framework import serializers

from registry.api import shapes
from registry.api.filters import EditionFilters, ParameterFilter
from registry.api.resources import Resource
from registry.api.values import enterprise_code


class InvestorFilters(EditionFilters):
    enterprise_code = ParameterFilter(
        "enterprise_code",
        read=enterprise_code,
        vi="Mã số doanh nghiệp.",
        en="Enterprise (tax) code.",
        schema={"type": "string"},
        example="0100047516",
    )


class Investor(serializers.Serializer[Any]):
    """An enterprise or group."""

    code = shapes.text("Ours; short, never changed, never used again.")
    name = shapes.text()
    enterprise_code = shapes.text(
        "10 digits, or 13 for a dependent unit; null while unknown.", allow_null=True
    )
    sources = shapes.Cited(many=True)


INVESTORS = Resource(
    kind="investor",
    vi=("nhà đầu tư", "nhà đầu tư"),
    en=("investors", "an investor"),
    filters=InvestorFilters,
    orderings={"name": "sort_key"},
    default_order="name",
    serializer=Investor,
    example="tien-phat",
    example_body={
        "code": "tien-phat",
        "name": "Công ty Tiến Phát",
        "enterprise_code": None,
        "sources": [],
    },
)
