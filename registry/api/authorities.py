"""Authorities: the bodies that sign papers."""

from typing import Any

from rest_framework import serializers

from registry.api import shapes
from registry.api.filter_forms import code_filter, day_filters, in_force_filter, no_term, place_filter
from registry.api.filters import EditionFilters, TermFilter
from registry.api.orderings import orders_of
from registry.api.resources import Resource
from registry.rules import codes


class AuthorityFilters(EditionFilters):
    level = code_filter("level", codes.AUTHORITY_LEVEL, "Cấp", "Level")
    place = place_filter(
        "của cơ quan",
        "of the authority",
        "thanh-pho-hai-phong",
    )
    in_force = in_force_filter()
    successor = TermFilter(
        "successor",
        "Mã của cơ quan kế thừa.",
        "Code of the authority that took over.",
        "ubnd-tp-hai-phong",
    )
    valid_from_from, valid_from_to = day_filters("valid_from", "Thành lập", "Began")
    valid_to_from, valid_to_to = day_filters("valid_to", "Thôi tồn tại", "Ended")
    place_unknown = no_term("place", "đơn vị hành chính", "its administrative unit is")


class Authority(serializers.Serializer[Any]):
    """A body that signs papers."""

    code = shapes.text("Ours; short, never changed, never used again.")
    name = shapes.text()
    level = shapes.code(codes.AUTHORITY_LEVEL)
    level_label = shapes.Label()
    number_symbol = shapes.text("How it stands in numbers of papers: UBND, TTg…", allow_null=True)
    place = shapes.PlaceLabel(allow_null=True)
    valid_from = shapes.day("Its first day; null: unknown.")
    valid_to = shapes.day("The first day on which it no longer exists; null: it does.")
    successor = shapes.Named(allow_null=True)
    sources = shapes.Cited(many=True)
    unsourced = shapes.unsourced()
    in_force = serializers.BooleanField(help_text="Whether it exists on the day asked about.")


AUTHORITIES = Resource(
    kind="authority",
    vi=("cơ quan", "cơ quan"),
    en=("authorities", "an authority"),
    filters=AuthorityFilters,
    orderings={
        "name": "sort_key",
        "code": "code",
        "level": "level",
        "in_force": "in_force",
        "number_symbol": "by_number_symbol",
        "valid_from": "by_valid_from",
        "valid_to": "by_valid_to",
        "successor": "by_successor",
        **orders_of("authority"),
        "changed": "known_from",
    },
    default_order="name",
    serializer=Authority,
    example="ubnd-tp-hai-phong",
    example_body={
        "code": "ubnd-tp-hai-phong",
        "name": "Ủy ban nhân dân thành phố Hải Phòng",
        "level": "city",
        "level_label": codes.AUTHORITY_LEVEL.labels("city"),
        "number_symbol": "UBND",
        "place": {"id": "thanh-pho-hai-phong", "name": "Hải Phòng", "kind": "city"},
        "valid_from": None,
        "valid_to": None,
        "successor": None,
        "unsourced": [],
        "sources": [],
        "in_force": True,
    },
)
