"""Investors: enterprises and groups, among them the developers of clusters."""

from typing import Any

from rest_framework import serializers

from registry.api import shapes
from registry.api.figures import CAPITAL, Capital, Country, ValueAbout
from registry.api.filter_forms import capital_filters, code_filter, country_filter, no_term, subject_filter
from registry.api.filters import EditionFilters, ParameterFilter, TermFilter, UnknownFilter
from registry.api.orderings import orders_of
from registry.api.resources import Resource
from registry.api.values import enterprise_code
from registry.rules import codes


class InvestorFilters(EditionFilters):
    enterprise_code = ParameterFilter(
        "enterprise_code",
        read=enterprise_code,
        vi="Mã số doanh nghiệp.",
        en="Enterprise (tax) code.",
        schema={"type": "string", "pattern": "^[0-9]{10}(-[0-9]{3})?$"},
        example="0100047516",
    )
    kind = code_filter("investor_kind", codes.INVESTOR_KIND, "Loại", "Kind")
    group = subject_filter("group_code", "Mã của tập đoàn.", "Code of the group.", "tap-doan-lg")
    registered_in = country_filter("registered_in", "Nước đăng ký", "Country of registration")
    capital_from = country_filter("capital_from", "Nước có vốn", "Country the capital comes from")
    capital_usd_min, capital_usd_max = capital_filters("USD")
    capital_vnd_min, capital_vnd_max = capital_filters("VND")
    zone = TermFilter(
        "zone",
        "Mã của khu có dự án của nhà đầu tư.",
        "Code of a zone with a project of the investor.",
        "kcn-trang-due",
    )
    cluster = TermFilter(
        "cluster",
        "Mã của cụm công nghiệp có dự án của nhà đầu tư.",
        "Code of a cluster with a project of the investor.",
        "tien-cuong-ii",
    )
    sector = TermFilter(
        "sector",
        "Mã ngành, nghề của một dự án.",
        "Code of a sector of one of its projects.",
        "cong-nghiep-ho-tro",
    )
    project = TermFilter(
        "project",
        "Mã của một dự án của nhà đầu tư.",
        "Code of a project of the investor.",
        "nha-may-lg-innotek-hai-phong",
    )
    project_unknown = no_term("project", "dự án", "its projects are")
    enterprise_code_unknown = UnknownFilter(
        "enterprise_code", "", "mã số doanh nghiệp", "the enterprise code is"
    )
    group_unknown = UnknownFilter("group_code", "", "tập đoàn", "the group is")
    registered_in_unknown = UnknownFilter(
        "registered_in", "", "nước đăng ký", "the country of registration is"
    )
    capital_from_unknown = UnknownFilter("capital_from", "", "nước có vốn", "the country of capital is")
    capital_usd_unknown = UnknownFilter("capital_usd", 0, "vốn bằng USD", "a figure of capital in USD is")
    capital_vnd_unknown = UnknownFilter("capital_vnd", 0, "vốn bằng VND", "a figure of capital in VND is")


class Investor(serializers.Serializer[Any]):
    """An enterprise or group."""

    code = shapes.text("Ours; short, never changed, never used again.")
    name = shapes.text()
    enterprise_code = shapes.text(
        "10 digits, or 13 for a dependent unit; null while unknown.", allow_null=True
    )
    kind = shapes.code(codes.INVESTOR_KIND)
    kind_label = shapes.Label()
    group = shapes.Named(allow_null=True, help_text="The group it belongs to.")
    members = shapes.Named(many=True, help_text="The enterprises of a group that the registry knows.")
    registered_in = Country(allow_null=True)
    capital_from = Country(allow_null=True)
    capital = Capital(many=True, help_text="Of the investor as a whole, and of its projects.")
    capital_in_projects = serializers.BooleanField(
        help_text="true: it has more than 200 projects, whose figures stand in `projects/?investor=` and not here."
    )
    projects = shapes.Named(many=True)
    indicators = ValueAbout(many=True)
    sources = shapes.Cited(many=True)
    unsourced = shapes.unsourced()


INVESTORS = Resource(
    kind="investor",
    vi=("nhà đầu tư", "nhà đầu tư"),
    en=("investors", "an investor"),
    filters=InvestorFilters,
    orderings={
        "name": "sort_key",
        "code": "code",
        "capital_usd": "capital_usd",
        "capital_vnd": "capital_vnd",
        "kind": "investor_kind",
        "group": "group_code",
        "enterprise_code": "enterprise_code",
        "registered_in": "registered_in",
        "capital_from": "capital_from",
        **orders_of("investor"),
        "changed": "known_from",
    },
    default_order="name",
    serializer=Investor,
    example="pegatron",
    example_body={
        "code": "pegatron",
        "name": "Pegatron",
        "enterprise_code": None,
        "kind": "group",
        "kind_label": codes.INVESTOR_KIND.labels("group"),
        "group": None,
        "members": [],
        "registered_in": None,
        "capital_from": None,
        "capital": [CAPITAL],
        "capital_in_projects": False,
        "projects": [],
        "indicators": [],
        "unsourced": [],
        "sources": [],
    },
)
