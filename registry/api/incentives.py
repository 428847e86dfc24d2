"""Incentives: in force or planned, with their terms; without a legal basis where no source gives one."""

from typing import Any

from rest_framework import serializers

from registry.api import shapes
from registry.api.filter_forms import (
    code_filter,
    code_term_filter,
    day_filters,
    in_force_filter,
    legal_basis_filter,
    no_term,
)
from registry.api.filters import EditionFilters, TermFilter
from registry.api.resources import Resource
from registry.rules import codes


class IncentiveFilters(EditionFilters):
    kind = code_filter("incentive_kind", codes.INCENTIVE_KIND, "Loại ưu đãi", "Kind of incentive")
    status = code_filter("status", codes.INCENTIVE_STATUS, "Tình trạng", "Status")
    in_force = in_force_filter()
    sector = TermFilter(
        "sector",
        "Mã của ngành, nghề được ưu đãi.",
        "Code of a sector it is for.",
        "thep-che-tao",
    )
    legal_instrument = legal_basis_filter()
    term = code_term_filter(
        "term", codes.INCENTIVE_TERM, "Loại của một mức ưu đãi.", "Kind of one of its terms."
    )
    valid_from_from, valid_from_to = day_filters("valid_from", "Có hiệu lực", "In force")
    valid_to_from, valid_to_to = day_filters("valid_to", "Hết hiệu lực", "No longer in force")
    sector_unknown = no_term("sector", "ngành, nghề", "its sectors are")
    legal_instrument_unknown = no_term("legal_instrument", "căn cứ pháp lý", "the legal basis is")


class Term(serializers.Serializer[Any]):
    kind = shapes.code(codes.INCENTIVE_TERM)
    kind_label = shapes.Label()
    years = serializers.IntegerField(allow_null=True, help_text="For how many years.")
    rate_percent = shapes.number("The share it is reduced by, or the rate that applies.")
    sources = shapes.Cited(many=True)


class Incentive(serializers.Serializer[Any]):
    """What the state gives investors of some sectors."""

    code = shapes.text("Ours; short, never changed, never used again.")
    name = shapes.text()
    kind = shapes.code(codes.INCENTIVE_KIND)
    kind_label = shapes.Label()
    status = shapes.code(codes.INCENTIVE_STATUS)
    status_label = shapes.Label()
    terms = Term(many=True)
    sectors = shapes.Named(many=True)
    legal_basis = shapes.LegalBasis(many=True, help_text="Empty: no source gives one.")
    valid_from = shapes.day("The first day in force.")
    valid_to = shapes.day("The first day no longer in force; null: open.")
    in_force = serializers.BooleanField(help_text="Whether it is in force on the day asked about.")
    sources = shapes.Cited(many=True)
    unsourced = shapes.unsourced()


INCENTIVES = Resource(
    kind="incentive",
    vi=("ưu đãi", "ưu đãi"),
    en=("incentives", "an incentive"),
    filters=IncentiveFilters,
    orderings={
        "name": "sort_key",
        "code": "code",
        "kind": "incentive_kind",
        "status": "status",
        "in_force": "in_force",
        "valid_from": "by_valid_from",
        "valid_to": "by_valid_to",
        "changed": "known_from",
    },
    default_order="name",
    serializer=Incentive,
    example="thue-thu-nhap-doanh-nghiep",
    example_body={
        "code": "thue-thu-nhap-doanh-nghiep",
        "name": "Ưu đãi thuế thu nhập doanh nghiệp",
        "kind": "corporate_income_tax",
        "kind_label": codes.INCENTIVE_KIND.labels("corporate_income_tax"),
        "status": "in_force",
        "status_label": codes.INCENTIVE_STATUS.labels("in_force"),
        "terms": [
            {
                "kind": "reduction",
                "kind_label": codes.INCENTIVE_TERM.labels("reduction"),
                "years": 9,
                "rate_percent": 50,
                "sources": [],
            }
        ],
        "sectors": [{"code": "thep-che-tao", "name": "Thép chế tạo"}],
        "legal_basis": [],
        "valid_from": None,
        "valid_to": None,
        "in_force": True,
        "unsourced": [],
        "sources": [],
    },
)
