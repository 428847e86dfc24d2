"""Industrial clusters: legal stage, operation, area, developer, and the decisions behind them."""

from typing import Any

from rest_framework import serializers

from registry.api import shapes
from registry.api.figures import ValueAbout
from registry.api.filter_forms import (
    area_filters,
    code_filter,
    day_filters,
    no_term,
    place_filter,
    quantity_filters,
    subject_filter,
)
from registry.api.filters import EditionFilters, SectorNameFilter, TermFilter, UnknownFilter
from registry.api.orderings import orders_of
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
    area_ha_unknown = UnknownFilter("area_ha", 0, "diện tích", "the area is")
    developer_unknown = UnknownFilter("developer_code", "", "chủ đầu tư hạ tầng", "the developer is")
    place_unknown = no_term("place", "nơi có cụm", "where it stands is")
    sector = SectorNameFilter(
        "sector_name",
        "Mã của ngành, nghề: cụm mà quyết định đang áp dụng ghi đúng tên ngành đó (không phân biệt dấu, chữ hoa).",
        "Code of a sector: clusters whose acting decision writes its very name (accents and capitals do not matter).",
        "cong-nghiep-ho-tro",
    )
    sector_unknown = no_term("sector_name", "ngành, nghề", "its sectors are")
    decision = TermFilter(
        "decision",
        "Mã (id) của một văn bản về cụm đã đến ngày.",
        "Id of a paper about it whose day has come.",
        "qd-jthdsjfd",
    )
    project = TermFilter(
        "project",
        "Mã của một dự án trong cụm.",
        "Code of a project in it.",
        "nha-may-lg-innotek-hai-phong",
    )
    stage_from, stage_to = day_filters(
        "stage_on",
        "Văn bản đưa cụm vào giai đoạn pháp lý hiện thời có hiệu lực",
        "The paper that put it in its legal stage acts",
    )
    reported_from, reported_to = day_filters(
        "reported_on", "Báo cáo hoạt động gần nhất có thời điểm", "Last operating report as of a day"
    )
    report_unknown = no_term("reported_on", "tình hình hoạt động (chưa có báo cáo)", "what reports tell is")
    occupancy_leased_min, occupancy_leased_max = quantity_filters(
        "leased", "Tỷ lệ đất công nghiệp đã cho thuê", "Share of industrial land under lease", share=True
    )
    occupancy_approved_min, occupancy_approved_max = quantity_filters(
        "leased_or_approved",
        "Tỷ lệ đất công nghiệp đã cho thuê hoặc cấp chấp thuận",
        "Share of industrial land leased or approved",
        share=True,
    )
    unleased_ha_min, unleased_ha_max = quantity_filters(
        "unleased_ha",
        "Đất công nghiệp chưa cho thuê (xem land)",
        "Unleased industrial land (see land)",
        most="unleased_ha_most",
    )


class Occupancy(serializers.Serializer[Any]):
    """Share of the industrial land that is taken, in percent, as last reported."""

    basis = shapes.code(codes.OCCUPANCY_BASIS)
    value = shapes.number("Percent.", allow_null=False)
    qualifier = shapes.code(codes.QUALIFIER)
    as_of = shapes.day(allow_null=False)


class Land(serializers.Serializer[Any]):
    """Industrial land and what of it is under no lease, by the last report that tells."""

    industrial_land_ha = shapes.number("Hectares, net of roads and greenery.", allow_null=False)
    leased_ha = shapes.number("Null: the report gives a share instead.")
    approved_ha = shapes.number("Leased, or approved for a project.")
    unleased_ha = shapes.number(
        "Industrial land less leased land, or less the share leased.", allow_null=False
    )
    unleased_qualifier = shapes.code(
        codes.QUALIFIER, "exact: from areas; else from a share: up_to where more than that share is leased."
    )
    as_of = shapes.day("The report's day: the latest that its date allows.", allow_null=False)
    as_of_stated_as = shapes.text("The date in the document's own words.")
    source = shapes.SourceLabel()
    locator = shapes.text("Paragraph or page.")
    as_stated = shapes.text("The document's own words.")


class TimelineEntry(serializers.Serializer[Any]):
    """What one decision says of the cluster. Without `effect`, or to be verified, it is shown and does not act."""

    effect = shapes.code(codes.EFFECT, allow_null=True)
    effect_label = shapes.Label(allow_null=True)
    as_stated = shapes.text("The paper's own words.")
    on = shapes.day("The day from which it acts: the latest that the stated date allows.")
    earliest = shapes.day("The earliest day that the stated date allows.")
    verification = shapes.code(codes.VERIFICATION)
    decision = shapes.Numbered()


class ClusterSource(shapes.Cited):
    """Where a value is stated, by which decision, and whether the answer shows that value."""

    decision = shapes.Numbered(
        allow_null=True,
        help_text="The decision that the citation is of; null: the cluster's record, or a report.",
    )
    shown = serializers.BooleanField(
        help_text="true: what the answer says in `field` comes from here; false: an earlier value, or one that no "
        "value follows from."
    )


class Cluster(serializers.Serializer[Any]):
    """An industrial cluster as it stood on `valid_on`, by what was published at `known_at`."""

    code = shapes.text("Ours; short, never changed, never used again.")
    name = shapes.text()
    name_decision = shapes.Numbered(
        allow_null=True, help_text="The decision that set the name; null: the registry's own record."
    )
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
    places_decision = shapes.Numbered(
        allow_null=True, help_text="The decision that said where; null: the registry's own record."
    )
    sectors = serializers.ListField(child=serializers.CharField())
    sectors_decision = shapes.Numbered(allow_null=True, help_text="The decision that named the sectors.")
    occupancy = Occupancy(many=True)
    land = Land(allow_null=True, help_text="Null: no report tells how much is free.")
    projects = shapes.Named(many=True)
    indicators = ValueAbout(many=True, help_text="Values about sets of clusters that it belongs to.")
    assignments = shapes.Named(many=True)
    timeline = TimelineEntry(many=True)
    later_papers = TimelineEntry(
        many=True,
        help_text="Papers of a later day that set a value of this one: corrections, annulments from the start.",
    )
    sources = ClusterSource(many=True)
    unsourced = shapes.unsourced()


UNKNOWN = codes.OPERATING_STATUS.labels("unknown")
DECISION = {"id": "qd-jthdsjfd", "number": "607/QĐ-UBND"}
HUYEN = {"id": "huyen-tien-lang", "name": "Tiên Lãng", "kind": "district"}

CLUSTERS = Resource(
    kind="cluster",
    vi=("cụm công nghiệp", "cụm công nghiệp"),
    en=("industrial clusters", "an industrial cluster"),
    filters=ClusterFilters,
    orderings={
        "name": "sort_key",
        "code": "code",
        "area_ha": "area_ha",
        "legal_stage": "legal_stage",
        "operating_status": "operating_status",
        "developer": "developer_code",
        "operating_status_as_of": "by_reported_on",
        "occupancy_leased": "by_leased",
        "occupancy_approved": "by_leased_or_approved",
        "land.unleased_ha": "by_unleased_ha",
        **orders_of("cluster"),
        "changed": "known_from",
    },
    default_order="name",
    serializer=Cluster,
    example="tien-cuong-ii",
    example_body={
        "code": "tien-cuong-ii",
        "name": "Tiên Cường II",
        "name_decision": None,
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
        "places_decision": None,
        "sectors": [],
        "sectors_decision": None,
        "occupancy": [],
        "land": None,
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
        "later_papers": [],
        "unsourced": [],
        "sources": [],
    },
)
