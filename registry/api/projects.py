"""Investment projects, with their capital and what is expected of them."""

from typing import Any

from rest_framework import serializers

from registry.api import shapes
from registry.api.figures import CAPITAL, Capital, ValueAbout
from registry.api.filter_forms import capital_filters, no_term, place_filter, quantity_filters, subject_filter
from registry.api.filters import EditionFilters, ParameterFilter, TermFilter, UnknownFilter
from registry.api.orderings import orders_of
from registry.api.resources import Resource
from registry.api.values import project_code
from registry.rules import codes


class ProjectFilters(EditionFilters):
    project_code = ParameterFilter(
        "project_code",
        read=project_code,
        vi="Mã số dự án trên giấy chứng nhận.",
        en="Project code of the investment certificate.",
        schema={"type": "string", "pattern": "^[0-9]{10}$"},
        example="1234567890",
    )
    investor = subject_filter(
        "investor_code", "Mã của nhà đầu tư.", "Code of the investor.", "lg-display-viet-nam"
    )
    group = TermFilter(
        "group",
        "Mã của tập đoàn mà nhà đầu tư thuộc về, trực tiếp hay qua tập đoàn khác.",
        "Code of the group that the investor belongs to, directly or through another group.",
        "tap-doan-lg",
    )
    zone = subject_filter("zone_code", "Mã của khu.", "Code of the zone.", "kcn-trang-due")
    cluster = subject_filter(
        "cluster_code", "Mã của cụm công nghiệp.", "Code of the cluster.", "tien-cuong-ii"
    )
    place = place_filter(
        "nơi có khu hoặc cụm của dự án",
        "where the project's zone or cluster stands",
        "thanh-pho-hai-phong",
    )
    sector = TermFilter("sector", "Mã của ngành, nghề.", "Code of a sector.", "cong-nghiep-ho-tro")
    capital_usd_min, capital_usd_max = capital_filters("USD")
    capital_vnd_min, capital_vnd_max = capital_filters("VND")
    land_area_ha_min, land_area_ha_max = quantity_filters("land_area_ha", "Diện tích đất", "Land")
    land_area_ha_unknown = no_term("land_area_ha", "diện tích đất", "the area of its land is")
    project_code_unknown = UnknownFilter("project_code", "", "mã số dự án", "the project code is")
    zone_unknown = UnknownFilter("zone_code", "", "khu", "the zone is")
    cluster_unknown = UnknownFilter("cluster_code", "", "cụm", "the cluster is")
    place_unknown = no_term("place", "nơi có dự án", "where it stands is")
    sector_unknown = no_term("sector", "ngành, nghề", "its sectors are")
    capital_usd_unknown = UnknownFilter("capital_usd", 0, "vốn bằng USD", "a figure of capital in USD is")
    capital_vnd_unknown = UnknownFilter("capital_vnd", 0, "vốn bằng VND", "a figure of capital in VND is")


class Project(serializers.Serializer[Any]):
    """An investment project, with the capital known by `valid_on`."""

    code = shapes.text("Ours; short, never changed, never used again.")
    name = shapes.text()
    project_code = shapes.text("10 digits of the investment certificate; null: unknown.", allow_null=True)
    investor = shapes.Named()
    zone = shapes.Named(allow_null=True)
    cluster = shapes.Named(allow_null=True)
    products = serializers.ListField(child=serializers.CharField())
    sectors = shapes.Named(many=True)
    land_area_ha = shapes.number("Hectares; the lower end of a range.")
    land_area_high_ha = shapes.number("The upper end of a range, else null.")
    land_area_qualifier = shapes.code(codes.QUALIFIER, allow_null=True)
    capital = Capital(many=True)
    indicators = ValueAbout(many=True)
    sources = shapes.Cited(many=True)
    unsourced = shapes.unsourced()


NAMED = {"code": "nha-may-lg-innotek-hai-phong", "name": "Nhà máy LG Innotek Hải Phòng"}
PROJECTS = Resource(
    kind="project",
    vi=("dự án đầu tư", "dự án đầu tư"),
    en=("investment projects", "an investment project"),
    filters=ProjectFilters,
    orderings={
        "name": "sort_key",
        "code": "code",
        "capital_usd": "capital_usd",
        "capital_vnd": "capital_vnd",
        "project_code": "project_code",
        "investor": "investor_code",
        "zone": "zone_code",
        "cluster": "cluster_code",
        "land_area_ha": "by_land_area_ha",
        **orders_of("project"),
        "changed": "known_from",
    },
    default_order="name",
    serializer=Project,
    example="nha-may-lg-innotek-hai-phong",
    example_body={
        **NAMED,
        "project_code": None,
        "investor": {"code": "lg-innotek", "name": "LG Innotek"},
        "zone": None,
        "cluster": None,
        "products": ["Linh kiện điện tử phụ trợ"],
        "sectors": [],
        "land_area_ha": None,
        "land_area_high_ha": None,
        "land_area_qualifier": None,
        "capital": [
            CAPITAL
            | {
                "measure": "registered",
                "measure_label": codes.CAPITAL_MEASURE.labels("registered"),
                "kind": "increase",
                "kind_label": codes.CAPITAL_KIND.labels("increase"),
                "amount": 1_000_000_000,
                "as_of": None,
                "as_of_stated_as": "",
                "programme": {"earliest": "2023-01-01", "latest": "2025-12-31", "stated_as": "2023 - 2025"},
                "project": NAMED,
                "rival": False,
                "sources": [],
            }
        ],
        "indicators": [],
        "unsourced": [],
        "sources": [],
    },
)
