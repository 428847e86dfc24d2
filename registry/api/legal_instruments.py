"""Legal instruments: the laws, decrees and plans that decisions rest on."""

from typing import Any

from rest_framework import serializers

from registry.api import shapes
from registry.api.decisions import number_filter
from registry.api.filter_forms import code_filter, day_filters, in_force_filter, no_term
from registry.api.filters import EditionFilters, TermFilter, UnknownFilter
from registry.api.orderings import orders_of
from registry.api.resources import Resource
from registry.rules import codes


class LegalInstrumentFilters(EditionFilters):
    number = number_filter()
    kind = code_filter("instrument_kind", codes.LEGAL_INSTRUMENT_KIND, "Loại văn bản", "Kind of instrument")
    issuer = TermFilter(
        "issuer",
        "Mã của cơ quan ban hành.",
        "Code of the issuing authority.",
        "chinh-phu",
    )
    in_force = in_force_filter()
    successor = TermFilter(
        "successor",
        "Mã (id) của văn bản thay thế.",
        "Id of the instrument that replaced it.",
        "nghi-dinh-32-2024",
    )
    issued_on_from, issued_on_to = day_filters("issued_on", "Ký", "Signed")
    valid_from_from, valid_from_to = day_filters("valid_from", "Có hiệu lực", "In force")
    valid_to_from, valid_to_to = day_filters("valid_to", "Hết hiệu lực", "No longer in force")
    number_unknown = UnknownFilter("number", "", "số văn bản", "the number is")
    issuer_unknown = no_term("issuer", "cơ quan ban hành", "the issuing authority is")
    issued_on_unknown = no_term("issued_on", "ngày ký", "the day of signing is")


class LegalInstrument(serializers.Serializer[Any]):
    """A law, decree, circular, resolution or plan."""

    id = shapes.text("Ours; never changed, never used again.")
    number = shapes.text("As papers write it; null while unknown.", allow_null=True)
    kind = shapes.code(codes.LEGAL_INSTRUMENT_KIND)
    kind_label = shapes.Label()
    title = shapes.text(allow_null=True)
    issuer = shapes.Named(allow_null=True)
    issued_on = shapes.day()
    valid_from = shapes.day("The first day in force.")
    valid_to = shapes.day("The first day no longer in force; null: open.")
    successor = shapes.Numbered(allow_null=True)
    sources = shapes.Cited(many=True)
    unsourced = shapes.unsourced()
    in_force = serializers.BooleanField(help_text="Whether it is in force on the day asked about.")


LEGAL_INSTRUMENTS = Resource(
    kind="legal_instrument",
    vi=("văn bản pháp lý", "văn bản pháp lý"),
    en=("legal instruments", "a legal instrument"),
    filters=LegalInstrumentFilters,
    orderings={
        "number": "sort_key",
        "id": "code",
        "kind": "instrument_kind",
        "in_force": "in_force",
        "issuer": "by_issuer",
        "successor": "by_successor",
        "issued_on": "by_issued_on",
        "valid_from": "by_valid_from",
        "valid_to": "by_valid_to",
        **orders_of("legal_instrument"),
        "changed": "known_from",
    },
    default_order="number",
    serializer=LegalInstrument,
    example="nghi-dinh-66-2020",
    example_body={
        "id": "nghi-dinh-66-2020",
        "number": "66/2020/NĐ-CP",
        "kind": "decree",
        "kind_label": codes.LEGAL_INSTRUMENT_KIND.labels("decree"),
        "title": None,
        "issuer": None,
        "issued_on": None,
        "valid_from": "2020-08-01",
        "valid_to": "2024-05-01",
        "successor": {"id": "nghi-dinh-32-2024", "number": "32/2024/NĐ-CP"},
        "unsourced": [],
        "sources": [],
        "in_force": False,
    },
)
