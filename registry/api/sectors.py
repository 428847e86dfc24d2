"""Lines of business that clusters, projects and incentives are for."""

from typing import Any

from rest_framework import serializers

from registry.api import shapes
from registry.api.filters import EditionFilters, ParameterFilter, UnknownFilter
from registry.api.resources import Resource
from registry.api.values import vsic_code


class SectorFilters(EditionFilters):
    vsic_code = ParameterFilter(
        "vsic_code",
        read=vsic_code,
        vi="Mã ngành VSIC.",
        en="Code of the Vietnam Standard Industrial Classification.",
        schema={"type": "string", "pattern": "^([A-Z]|[0-9]{2,5})$"},
        example="26",
    )
    vsic_code_unknown = UnknownFilter("vsic_code", "", "mã ngành VSIC", "the VSIC code is")


class Sector(serializers.Serializer[Any]):
    """A line of business."""

    code = shapes.text("Ours; short, never changed, never used again.")
    name = shapes.text()
    vsic_code = shapes.text("Code of the Vietnam Standard Industrial Classification.", allow_null=True)
    vsic_year = serializers.IntegerField(allow_null=True, help_text="Which edition of it.")
    sources = shapes.Cited(many=True)
    unsourced = shapes.unsourced()


SECTORS = Resource(
    kind="sector",
    vi=("ngành, nghề", "ngành, nghề"),
    en=("sectors", "a sector"),
    filters=SectorFilters,
    orderings={
        "name": "sort_key",
        "code": "code",
        "vsic_code": "vsic_code",
        "vsic_year": "by_vsic_year",
        "changed": "known_from",
    },
    default_order="name",
    serializer=Sector,
    example="cong-nghiep-ho-tro",
    example_body={
        "code": "cong-nghiep-ho-tro",
        "name": "Công nghiệp hỗ trợ",
        "vsic_code": None,
        "vsic_year": None,
        "unsourced": [],
        "sources": [],
    },
)
