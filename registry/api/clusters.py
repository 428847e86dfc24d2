"""Industrial clusters: legal stage, operation, area, developer, and the decisions behind them."""

from typing import Any

from rest_framework import serializers

from registry.api import shapes
from registry.api.figures import ValueAbout
from registry.api.filter_forms import area_filters, code_filter, place_filter, subject_filter
from registry.api.filters import EditionFilters
from registry.api.resources import Resource
from registry.rules import codes


class ClusterFilters(EditionFilters):
    legal_stage = code_filter(
        "legal_stage",
        codes.LEGAL_STAGE,
        "Giai đoạn pháp lý vào ngày hỏi",
        "Legal stage on the day asked about",
    )
    operating_status = code_filter(
        "operating_status", codes.OPERATING_STATUS, "Tình trạng hoạt động", "Operating status"
    )
    place = place_filter(
        "nơi có cụm, như văn bản ghi",
        "where the cluster stands, as papers name it",
        "huyen-tien-lang",
    )
    developer = subject_filter(
        "developer_code",
        "Mã của chủ đầu tư hạ tầng.",
        "Code of the infrastructure developer.",
        "tien-phat",
    )
    area_ha_min, area_ha_max = area_filters()


class Occupancy(serializers.Serializer[Any]):
    """Share of the industrial land that is taken, in percent, as last reported."""

    basis = shapes.code(codes.OCCUPANCY_BASIS)
    value = shapes.number("Percent.", allow_null=False)
    qualifier = shapes.code(codes.QUALIFIER)
    as_of = shapes.day(allow_null=False)


class TimelineEntry(serializers.Serializer[Any]):
    """What one decision says of the cluster. Without `effect`, or to be verified, it is shown and does not act."""

    effect = shapes.code(codes.EFFECT, allow_null=True)
    effect_label = shapes.Label(allow_null=True)
    as_stated = shapes.text("The paper's own words.")
    on = shapes.day("The day from which it acts: the latest that the stated date allows.")
    earliest = shapes.day("The earliest day that the stated date allows.")
    verification = shapes.code(codes.VERIFICATION)
    decision = shapes.Numbered()


class Cluster(serializers.Serializer[Any]):
    """An industrial cluster as it stood on `valid_on`, by what was published at `known_at`."""

    code = shapes.text("Ours; short, never changed, never used again.")
    name = shapes.text()
    aliases = serializers.ListField(child=serializers.CharField())
    legal_stage = shapes.code(codes.LEGAL_STAGE)
    legal_stage_label = shapes.Label()
    legal_stage_decision = shapes.Numbered(
        allow_null=True, help_text="The decision that says so; null while the stage is unknown."
    )
    operating_status = shapes.code(codes.OPERATING_STATUS)
    operating_status_label = shapes.Label()
    operating_status_as_of = shapes.day()
    area_ha = shapes.number("Hectares; the lower end of a range.")
    area_high_ha = shapes.number("The upper end of a range, else null.")
    area_qualifier = shapes.code(codes.QUALIFIER, allow_null=True)
    area_decision = shapes.Numbered(allow_null=True, help_text="The decision that set the area.")
    developer = shapes.Named(allow_null=True)
    developer_decision = shapes.Numbered(allow_null=True, help_text="The decision that named the developer.")
    places = shapes.Place(many=True)
    sectors = serializers.ListField(child=serializers.CharField())
    occupancy = Occupancy(many=True)
    projects = shapes.Named(many=True)
    indicators = ValueAbout(many=True, help_text="Values about sets of clusters that it belongs to.")
    assignments = shapes.Named(many=True)
    timeline = TimelineEntry(many=True)
    sources = shapes.Cited(many=True)
    unsourced = shapes.unsourced()


UNKNOWN = codes.OPERATING_STATUS.labels("unknown")
DECISION = {"id": "qd-jthdsjfd", "number": "607/QĐ-UBND"}
HUYEN = {"id": "huyen-tien-lang", "name": "Tiên Lãng", "kind": "district"}

CLUSTERS = Resource(
    kind="cluster",
    vi=("cụm công nghiệp", "cụm công nghiệp"),
    en=("industrial clusters", "an industrial cluster"),
    filters=ClusterFilters,
    orderings={"name": "sort_key", "area_ha": "area_ha"},
    default_order="name",
    serializer=Cluster,
    example="tien-cuong-ii",
    example_body={
        "code": "tien-cuong-ii",
        "name": "Tiên Cường II",
        "aliases": [],
        "legal_stage": "established",
        "legal_stage_label": codes.LEGAL_STAGE.labels("established"),
        "legal_stage_decision": DECISION,
        "operating_status": "unknown",
        "operating_status_label": UNKNOWN,
        "operating_status_as_of": None,
        "area_ha": 47.8,
        "area_high_ha": None,
        "area_qualifier": "exact",
        "area_decision": DECISION,
        "developer": {
            "code": "tien-phat",
            "name": "Công ty Tiến Phát",
        },
        "developer_decision": DECISION,
        "places": [{**HUYEN, "within": None, "today": []}],
        "sectors": [],
        "occupancy": [],
        "projects": [],
        "indicators": [],
        "assignments": [],
        "timeline": [
            {
                "effect": "established",
                "effect_label": codes.EFFECT.labels("established"),
                "as_stated": "thành lập cụm công nghiệp",
                "on": "2022-02-23",
                "earliest": "2022-02-23",
                "verification": "verified",
                "decision": DECISION,
            }
        ],
        "unsourced": [],
        "sources": [],
    },
)
