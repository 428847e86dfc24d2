"""Administrative units, those of today and those that papers of earlier years name."""

from typing import Any

from rest_framework import serializers

from registry.api import shapes
from registry.api.filter_forms import code_filter, day_filters, in_force_filter, no_term
from registry.api.filters import EditionFilters, TermFilter
from registry.api.orderings import orders_of
from registry.api.resources import Resource
from registry.rules import codes


class PlaceFilters(EditionFilters):
    kind = code_filter("unit_kind", codes.PLACE_KIND, "Loại đơn vị", "Kind of unit")
    official_code = TermFilter(
        "official_code",
        vi="Mã chính thức vào ngày hỏi; cùng một mã, ngày khác có thể là đơn vị khác.",
        en="The official code on the day asked about; on another day it may be another unit's.",
        example="11791",
    )
    within = TermFilter(
        "within",
        "Mã (id) của đơn vị hành chính bao trùm nó, trực tiếp hay qua đơn vị khác.",
        "Id of an administrative unit that it belongs to, directly or through another one.",
        "huyen-tien-lang",
    )
    in_force = in_force_filter()
    successor = TermFilter(
        "successor",
        "Mã (id) của một đơn vị kế thừa trực tiếp.",
        "Id of a unit that took over from it directly.",
        "thanh-pho-hai-phong",
    )
    predecessor = TermFilter(
        "predecessor",
        "Mã (id) của một đơn vị mà nó kế thừa trực tiếp.",
        "Id of a unit that it took over from directly.",
        "huyen-tien-lang",
    )
    valid_from_from, valid_from_to = day_filters("valid_from", "Thành lập", "Began")
    valid_to_from, valid_to_to = day_filters("valid_to", "Thôi tồn tại", "Ended")
    official_code_unknown = no_term(
        "official_code", "mã chính thức vào ngày hỏi", "the official code that day is"
    )
    within_unknown = no_term("within", "đơn vị bao trùm", "what it belongs to is")


class OfficialCode(serializers.Serializer[Any]):
    """The official code in a period. Official codes are used again for other units: they identify nothing."""

    code = shapes.text()
    valid_from = shapes.day()
    valid_to = shapes.day()


class PlaceUnit(shapes.PlaceLabel):
    """An administrative unit. One that was renamed, merged or split is another record."""

    id = shapes.text("Ours; never changed, never used again.")
    name = shapes.text()
    kind = shapes.code(codes.PLACE_KIND)
    kind_label = shapes.Label()
    within = shapes.PlaceLabel(allow_null=True)
    official_codes = OfficialCode(many=True)
    valid_from = shapes.day("Its first day; null: unknown.")
    valid_to = shapes.day("The first day on which it no longer exists; null: it does.")
    successors = shapes.PlaceExtent(many=True, help_text="What took over from it when it ended.")
    predecessors = shapes.PlaceExtent(many=True, help_text="What it took over, or a part of.")
    today = shapes.PlaceExtent(
        many=True, help_text="What stands there on the day asked about; empty: not known."
    )
    sources = shapes.Cited(many=True)
    unsourced = shapes.unsourced()
    in_force = serializers.BooleanField(help_text="Whether it exists on the day asked about.")


PLACES = Resource(
    kind="place",
    vi=("đơn vị hành chính", "đơn vị hành chính"),
    en=("administrative units", "an administrative unit"),
    filters=PlaceFilters,
    orderings={
        "name": "sort_key",
        "id": "code",
        "kind": "unit_kind",
        "in_force": "in_force",
        "valid_from": "by_valid_from",
        "valid_to": "by_valid_to",
        "official_code": "by_official_code",
        **orders_of("place"),
        "changed": "known_from",
    },
    default_order="name",
    serializer=PlaceUnit,
    example="huyen-tien-lang",
    example_body={
        "id": "huyen-tien-lang",
        "name": "Tiên Lãng",
        "kind": "district",
        "kind_label": codes.PLACE_KIND.labels("district"),
        "within": {"id": "thanh-pho-hai-phong", "name": "Hải Phòng", "kind": "city"},
        "official_codes": [],
        "valid_from": None,
        "valid_to": "2025-07-01",
        "successors": [],
        "predecessors": [],
        "today": [],
        "unsourced": [],
        "sources": [],
        "in_force": False,
    },
)
