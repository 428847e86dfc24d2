"""Zones and large infrastructure that are no clusters: parks, economic zones, airports, seaports."""

from typing import Any

from rest_framework import serializers

from registry.api import shapes
from registry.api.clusters import TimelineEntry
from registry.api.figures import Period, ValueAbout
from registry.api.filter_forms import area_filters, code_filter, day_filters, no_term, place_filter
from registry.api.filters import EditionFilters, TermFilter, UnknownFilter
from registry.api.orderings import orders_of
from registry.api.resources import Resource
from registry.rules import codes


class ZoneFilters(EditionFilters):
    kind = code_filter("zone_kind", codes.ZONE_KIND, "Loại khu", "Kind of zone")
    status = code_filter(
        "status", codes.ZONE_STATUS, "Tình trạng vào ngày hỏi", "Status on the day asked about"
    )
    place = place_filter(
        "nơi có khu",
        "where the zone lies",
        "thanh-pho-hai-phong",
    )
    sector = TermFilter("sector", "Mã của ngành, nghề.", "Code of a sector.", "logistics")
    area_ha_min, area_ha_max = area_filters()
    area_ha_unknown = UnknownFilter("area_ha", 0, "diện tích", "the area is")
    place_unknown = no_term("place", "nơi có khu", "where it lies is")
    sector_unknown = no_term("sector", "ngành, nghề", "its sectors are")
    decision = TermFilter(
        "decision",
        "Mã (id) của một văn bản về khu đã đến ngày, hoặc chưa rõ ngày.",
        "Id of a paper about it whose day has come, or is not known.",
        "qd-c5h7r8yd",
    )
    project = TermFilter(
        "project", "Mã của một dự án trong khu.", "Code of a project in it.", "nha-may-lg-innotek-hai-phong"
    )
    linked_with = TermFilter(
        "linked_with",
        "Mã của một khu, cảng mà nó liên kết hoặc sẽ liên kết, do bên nào nói cũng vậy.",
        "Code of a zone that it is, or is to be, linked with, whichever of the two says so.",
        "khu-thuong-mai-tu-do",
    )
    linked_with_unknown = no_term("linked_with", "liên kết với khu nào", "which zones it is linked with is")
    status_from, status_to = day_filters("status_on", "Tình trạng có thời điểm", "Status as of a day")


class StatusOfZone(serializers.Serializer[Any]):
    """That a zone was planned, or existed, as of a day."""

    position = serializers.IntegerField(help_text="As in `statuses.1.status`, which `sources` names.")
    status = shapes.code(codes.ZONE_STATUS)
    status_label = shapes.Label()
    as_of = Period()
    sources = shapes.Cited(many=True)


class LinkedZone(shapes.Named):
    """A zone that it is, or is to be, linked with. Null names while it is not published."""

    sources = shapes.Cited(many=True)


class Zone(serializers.Serializer[Any]):
    """A zone as it stood on `valid_on`, by what was published at `known_at`."""

    code = shapes.text("Ours; short, never changed, never used again.")
    name = shapes.text()
    kind = shapes.code(codes.ZONE_KIND)
    kind_label = shapes.Label()
    status = shapes.code(codes.ZONE_STATUS)
    status_label = shapes.Label()
    status_as_of = shapes.day()
    statuses = StatusOfZone(
        many=True, help_text="What was reported as of the day or before; the last counts."
    )
    area_ha = shapes.number("Hectares; the lower end of a range.")
    area_high_ha = shapes.number("The upper end of a range, else null.")
    area_qualifier = shapes.code(codes.QUALIFIER, allow_null=True)
    places = shapes.Place(many=True)
    sectors = shapes.Named(many=True)
    projects = shapes.Named(many=True)
    linked_with = LinkedZone(many=True, help_text="Whichever of the two says so.")
    timeline = TimelineEntry(many=True, help_text="What papers say of the zone.")
    indicators = ValueAbout(many=True)
    assignments = shapes.Named(many=True)
    sources = shapes.Cited(many=True)
    unsourced = shapes.unsourced()


ZONES = Resource(
    kind="zone",
    vi=("khu công nghiệp, khu kinh tế, cảng", "khu"),
    en=("zones", "a zone"),
    filters=ZoneFilters,
    orderings={
        "name": "sort_key",
        "code": "code",
        "area_ha": "area_ha",
        "kind": "zone_kind",
        "status": "status",
        "status_as_of": "by_status_on",
        **orders_of("zone"),
        "changed": "known_from",
    },
    default_order="name",
    serializer=Zone,
    example="khu-kinh-te-ven-bien-phia-nam",
    example_body={
        "code": "khu-kinh-te-ven-bien-phia-nam",
        "name": "Khu kinh tế ven biển phía Nam Hải Phòng",
        "kind": "economic_zone",
        "kind_label": codes.ZONE_KIND.labels("economic_zone"),
        "status": "planned",
        "status_label": codes.ZONE_STATUS.labels("planned"),
        "status_as_of": "2025-12-31",
        "statuses": [
            {
                "position": 1,
                "status": "planned",
                "status_label": codes.ZONE_STATUS.labels("planned"),
                "as_of": {"earliest": None, "latest": "2025-12-31", "stated_as": ""},
                "sources": [],
            }
        ],
        "area_ha": 20000,
        "area_high_ha": None,
        "area_qualifier": "up_to",
        "places": [],
        "sectors": [{"code": "logistics", "name": "Logistics"}],
        "projects": [],
        "linked_with": [
            {"code": "khu-thuong-mai-tu-do", "name": "Khu thương mại tự do", "sources": []},
        ],
        "timeline": [
            {
                "effect": None,
                "effect_label": None,
                "as_stated": "phê duyệt chủ trương thành lập",
                "on": None,
                "earliest": None,
                "verification": "to_be_verified",
                "decision": {"id": "qd-c5h7r8yd", "number": None},
            }
        ],
        "indicators": [],
        "assignments": [],
        "unsourced": [],
        "sources": [],
    },
)
