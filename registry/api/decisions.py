"""Decisions and other signed papers about clusters."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from registry.api import shapes
from registry.api.filter_forms import (
    code_filter,
    code_term_filter,
    day_filters,
    in_force_filter,
    legal_basis_filter,
    no_term,
    place_filter,
    subject_filter,
)
from registry.api.filters import (
    KIND_OF,
    EditionFilters,
    KnownFilter,
    ParameterFilter,
    PlaceOfObjectsFilter,
    SectorNameFilter,
    TermFilter,
    UnknownFilter,
)
from registry.api.orderings import orders_of
from registry.api.parameters import DATE, TEXT
from registry.api.resources import Resource
from registry.api.values import day, paper_number
from registry.models.editions import FIRST_DAY, Edition
from registry.queries.editions import with_term
from registry.rules import codes
from registry.rules.text import LONGEST_WORD, search_text


class NumberFilter(ParameterFilter):
    """The number of a paper: what a search finds it by leads to the few that may have it, and is compared whole."""

    def filter(self, rows: QuerySet[Edition], value: str | None) -> QuerySet[Edition]:
        found = super().filter(rows, value)
        if value is None:
            return found
        return with_term(found, KIND_OF[rows.model], "exact", search_text(value)[:LONGEST_WORD])


def number_filter() -> NumberFilter:
    return NumberFilter(
        "number",
        read=paper_number,
        vi="Số, ký hiệu viết cách nào cũng được: 202/QĐ-UBND, 202/qd-ubnd, 0202 / QD - UBND.",
        en="Number and symbol in any spelling: 202/QĐ-UBND, 202/qd-ubnd, 0202 / QD - UBND.",
        schema=TEXT,
        example="202/qd-ubnd",
    )


class DecisionFilters(EditionFilters):
    number = number_filter()
    issuer = subject_filter(
        "issuer_code", "Mã của cơ quan ban hành.", "Code of the issuing authority.", "ubnd-tp-hai-phong"
    )
    kind = code_filter("paper_kind", codes.DECISION_KIND, "Loại văn bản", "Kind of paper")
    issued_on_from = KnownFilter(
        "issued_on",
        "gte",
        unknown=FIRST_DAY,
        read=day,
        vi="Ký từ ngày này; ngày chưa rõ tính theo ngày muộn nhất có thể, không biết ngày nào thì bỏ.",
        en="Signed on or after this day; an inexact date counts as its latest possible day, an unknown one not.",
        schema=DATE,
        example="2022-01-01",
    )
    issued_on_to = KnownFilter(
        "issued_on",
        "lte",
        unknown=FIRST_DAY,
        read=day,
        vi="Ký đến hết ngày này; ngày chưa rõ tính theo ngày muộn nhất có thể, không biết ngày nào thì bỏ.",
        en="Signed on or before this day; an inexact date counts as its latest possible day, an unknown one not.",
        schema=DATE,
        example="2022-12-31",
    )
    cluster = TermFilter(
        "cluster",
        "Mã của cụm công nghiệp mà văn bản tác động tới.",
        "Code of a cluster that the paper acts on.",
        "tien-cuong-ii",
    )
    place = place_filter("mà văn bản ghi", "that the paper names", "thanh-pho-hai-phong")
    zone = TermFilter(
        "zone",
        "Mã của khu mà văn bản nói tới.",
        "Code of a zone that the paper is about.",
        "khu-kinh-te-ven-bien-phia-nam",
    )
    legal_instrument = legal_basis_filter()
    verification = code_filter("verification", codes.VERIFICATION, "Mức kiểm chứng", "Verification")
    in_force = in_force_filter()
    effect = code_term_filter(
        "effect",
        codes.EFFECT,
        "Tác động của văn bản tới một cụm hoặc khu.",
        "What it does to a cluster or zone.",
    )
    developer = TermFilter(
        "developer",
        "Mã của một chủ đầu tư hạ tầng mà văn bản giao.",
        "Code of a developer that it names.",
        "tien-phat",
    )
    decision = TermFilter(
        "decision",
        "Mã (id) của một văn bản mà nó sửa đổi, thay thế, bãi bỏ, hủy bỏ…",
        "Id of a paper that it amends, replaces, revokes, annuls…",
        "qd-jthdsjfd",
    )
    sector = SectorNameFilter(
        "sector_name",
        "Mã của ngành, nghề mà văn bản ghi đúng tên (không phân biệt dấu, chữ hoa).",
        "Code of a sector whose very name it writes (accents and capitals do not matter).",
        "cong-nghiep-ho-tro",
    )
    cluster_place = PlaceOfObjectsFilter(
        "place",
        "Như place, nhưng theo nơi có cụm hoặc khu mà văn bản tác động tới, vào ngày hỏi.",
        "Like place, but by where the clusters and zones stand that it acts on, on the day asked about.",
        "huyen-tien-lang",
    )
    effective_from, effective_to = day_filters("effective_on", "Có hiệu lực", "In effect")
    number_unknown = UnknownFilter("number", "", "số văn bản", "the number is")
    issued_on_unknown = UnknownFilter("issued_on", FIRST_DAY, "ngày ký", "the day of signing is")
    effective_on_unknown = no_term("effective_on", "ngày có hiệu lực", "the day of effect is")
    place_unknown = no_term("place", "nơi mà văn bản ghi", "which place it names is")


class DecisionEffect(serializers.Serializer[Any]):
    """What the decision does to one cluster or zone. Without `effect`, or to be verified, it is shown, no more."""

    cluster = shapes.Named(allow_null=True, help_text="Null: the effect is on a zone.")
    zone = shapes.Named(allow_null=True)
    effect = shapes.code(codes.EFFECT, allow_null=True)
    effect_label = shapes.Label(allow_null=True)
    as_stated = shapes.text("The paper's own words.")
    verification = shapes.code(codes.VERIFICATION)
    area_ha = shapes.number("Hectares the decision sets; the lower end of a range.")
    area_high_ha = shapes.number("The upper end of a range, else null.")
    area_qualifier = shapes.code(codes.QUALIFIER, allow_null=True)
    name = shapes.text("The name the decision sets.", allow_null=True)
    developer = shapes.Named(allow_null=True)
    sectors = serializers.ListField(child=serializers.CharField())
    places = shapes.PlaceLabel(many=True)


class Relation(serializers.Serializer[Any]):
    kind = shapes.code(codes.DECISION_RELATION)
    kind_label = shapes.Label()
    decision = shapes.Numbered()


class Decision(serializers.Serializer[Any]):
    """A decision, or another signed paper, about clusters."""

    id = shapes.text("Ours and opaque: a number may be unknown, or corrected later.")
    number = shapes.text("As papers write it; null while unknown.", allow_null=True)
    symbol = shapes.text("The number's second part; empty while unknown.")
    issuer = shapes.Named()
    kind = shapes.code(codes.DECISION_KIND)
    kind_label = shapes.Label()
    abstract = shapes.text()
    issued_on = shapes.day("The day of signing; null unless known to the day.")
    issued_earliest = shapes.day()
    issued_latest = shapes.day()
    issued_precision = shapes.code(codes.DATE_PRECISION)
    issued_stated_as = shapes.text("The date in the source's own words.")
    effective_on = shapes.day("The day from which it acts: the latest that the stated dates allow.")
    in_force = serializers.BooleanField(help_text="Whether it acts on the day asked about.")
    verification = shapes.code(codes.VERIFICATION)
    effects = DecisionEffect(many=True)
    relations = Relation(many=True)
    legal_basis = shapes.LegalBasis(many=True)
    sources = shapes.Cited(many=True)
    unsourced = shapes.unsourced()


DECISIONS = Resource(
    kind="decision",
    vi=("quyết định", "quyết định"),
    en=("decisions", "a decision"),
    filters=DecisionFilters,
    orderings={
        "issued_on": "issued_on",
        "number": "sort_key",
        "id": "code",
        "issuer": "issuer_code_order",
        **orders_of("decision"),
        "changed": "known_from",
    },
    default_order="-issued_on",
    serializer=Decision,
    example="qd-jthdsjfd",
    example_body={
        "id": "qd-jthdsjfd",
        "number": "607/QĐ-UBND",
        "symbol": "QĐ-UBND",
        "issuer": {"code": "ubnd-tp-hai-phong", "name": "Ủy ban nhân dân thành phố Hải Phòng"},
        "kind": "decision",
        "kind_label": codes.DECISION_KIND.labels("decision"),
        "abstract": "",
        "issued_on": "2022-02-23",
        "issued_earliest": "2022-02-23",
        "issued_latest": "2022-02-23",
        "issued_precision": "day",
        "issued_stated_as": "23/2/2022",
        "effective_on": "2022-02-23",
        "in_force": True,
        "verification": "verified",
        "effects": [
            {
                "cluster": {"code": "tien-cuong-ii", "name": "Tiên Cường II"},
                "zone": None,
                "effect": "established",
                "effect_label": codes.EFFECT.labels("established"),
                "as_stated": "thành lập cụm công nghiệp",
                "verification": "verified",
                "area_ha": 47.8,
                "area_high_ha": None,
                "area_qualifier": "exact",
                "name": None,
                "developer": {
                    "code": "tien-phat",
                    "name": "Công ty Tiến Phát",
                },
                "sectors": [],
                "places": [],
            }
        ],
        "relations": [],
        "legal_basis": [],
        "unsourced": [],
        "sources": [
            {
                "source": {
                    "id": "vneconomy-2023-10",
                    "title": "Bài trên VnEconomy, tháng 10/2023",
                },
                "locator": "đoạn 6",
                "field": "number",
                "as_stated": "607/QĐ-UBND",
                "agrees": True,
            }
        ],
    },
)
