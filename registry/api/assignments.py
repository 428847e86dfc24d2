"""Tasks that authorities were given, and proposals that were put to them."""

from typing import Any

from rest_framework import serializers

from registry.api import shapes
from registry.api.figures import Period
from registry.api.filter_forms import code_filter, day_filters, legal_basis_filter, no_term, subject_filter
from registry.api.filters import EditionFilters, KnownFilter, TermFilter, UnknownFilter
from registry.api.orderings import orders_of
from registry.api.parameters import DATE
from registry.api.resources import Resource
from registry.api.values import day
from registry.models.editions import FIRST_DAY
from registry.rules import codes


class AssignmentFilters(EditionFilters):
    kind = code_filter("assignment_kind", codes.ASSIGNMENT_KIND, "Nhiệm vụ hay kiến nghị", "Task or proposal")
    asked_by = subject_filter(
        "asked_by_code",
        "Mã của cơ quan giao, kiến nghị.",
        "Code of the authority that assigns or asks.",
        "ubnd-tp-hai-phong",
    )
    lead = subject_filter(
        "lead_code", "Mã của cơ quan chủ trì.", "Code of the lead authority.", "so-cong-thuong-hai-phong"
    )
    cooperating = TermFilter(
        "cooperating",
        "Mã của một cơ quan phối hợp.",
        "Code of an authority that cooperates.",
        "ubnd-huyen-an-duong",
    )
    authority = TermFilter(
        "authority",
        "Mã của một cơ quan có phần: giao, chủ trì hoặc phối hợp.",
        "Code of an authority with any part in it.",
        "ubnd-huyen-an-duong",
    )
    cluster = TermFilter(
        "cluster",
        "Mã của cụm công nghiệp được nói tới.",
        "Code of a cluster it is about.",
        "phu-tro-trang-due",
    )
    zone = TermFilter("zone", "Mã của khu được nói tới.", "Code of a zone it is about.", "kcn-trang-due")
    sector = TermFilter(
        "sector",
        "Mã của ngành, nghề được nói tới.",
        "Code of a sector it is about.",
        "thep-che-tao",
    )
    legal_instrument = legal_basis_filter()
    due_from = KnownFilter(
        "due_on",
        "gte",
        unknown=FIRST_DAY,
        read=day,
        vi="Hạn từ ngày này; hạn chưa rõ ngày tính theo ngày muộn nhất có thể, không có hạn thì bỏ.",
        en="Due on or after this day; an inexact date counts as its latest possible day, none not at all.",
        schema=DATE,
        example="2026-01-01",
    )
    due_to = KnownFilter(
        "due_on",
        "lte",
        unknown=FIRST_DAY,
        read=day,
        vi="Hạn đến hết ngày này; hạn chưa rõ ngày tính theo ngày muộn nhất có thể, không có hạn thì bỏ.",
        en="Due on or before this day; an inexact date counts as its latest possible day, none not at all.",
        schema=DATE,
        example="2026-12-31",
    )
    due_unknown = UnknownFilter("due_on", FIRST_DAY, "thời hạn", "the time limit is")
    asked_from, asked_to = day_filters("asked_on", "Giao, kiến nghị", "Asked")
    decision = TermFilter(
        "decision", "Mã (id) của văn bản giao.", "Id of the paper that assigns it.", "qd-jthdsjfd"
    )
    lead_unknown = UnknownFilter("lead_code", "", "cơ quan chủ trì", "the lead authority is")
    asked_on_unknown = no_term("asked_on", "ngày giao", "the day of asking is")
    legal_instrument_unknown = no_term("legal_instrument", "căn cứ pháp lý", "the legal basis is")


class Assignment(serializers.Serializer[Any]):
    """A task or a proposal: who asks, who leads, with whom, about what."""

    code = shapes.text("Ours; short, never changed, never used again.")
    name = shapes.text()
    kind = shapes.code(codes.ASSIGNMENT_KIND)
    kind_label = shapes.Label()
    asked_by = shapes.Named()
    lead = shapes.Named(allow_null=True, help_text="Who is to do it, or to whom the proposal is put.")
    cooperating = shapes.Named(many=True)
    cooperating_others = shapes.text("Others that the source does not name.", allow_null=True)
    task = serializers.ListField(child=serializers.CharField(), help_text="What is to be done, in our words.")
    clusters = shapes.Named(many=True)
    zones = shapes.Named(many=True)
    sectors = shapes.Named(many=True)
    legal_basis = shapes.LegalBasis(many=True)
    decision = shapes.Numbered(allow_null=True, help_text="The paper that assigns it.")
    asked = Period(allow_null=True)
    due = Period(allow_null=True)
    sources = shapes.Cited(many=True)
    unsourced = shapes.unsourced()


ASSIGNMENTS = Resource(
    kind="assignment",
    vi=("nhiệm vụ, kiến nghị", "nhiệm vụ, kiến nghị"),
    en=("tasks and proposals", "a task or proposal"),
    filters=AssignmentFilters,
    orderings={
        "name": "sort_key",
        "code": "code",
        "due": "due_on",
        "kind": "assignment_kind",
        "asked_by": "asked_by_code",
        "lead": "lead_code",
        "asked": "by_asked_on",
        "decision": "by_decision",
        **orders_of("assignment"),
        "changed": "known_from",
    },
    default_order="name",
    serializer=Assignment,
    example="giao-so-cong-thuong-hai-cum-an-duong",
    example_body={
        "code": "giao-so-cong-thuong-hai-cum-an-duong",
        "name": "Triển khai hai cụm công nghiệp Phụ trợ Tràng Duệ và Lê Thiện-Đại Bản",
        "kind": "task",
        "kind_label": codes.ASSIGNMENT_KIND.labels("task"),
        "asked_by": {"code": "ubnd-tp-hai-phong", "name": "Ủy ban nhân dân thành phố Hải Phòng"},
        "lead": {"code": "so-cong-thuong-hai-phong", "name": "Sở Công Thương thành phố Hải Phòng"},
        "cooperating": [{"code": "ubnd-huyen-an-duong", "name": "Ủy ban nhân dân huyện An Dương"}],
        "cooperating_others": "Các cơ quan liên quan",
        "task": ["Thành lập cụm công nghiệp"],
        "clusters": [{"code": "phu-tro-trang-due", "name": "Phụ trợ Tràng Duệ"}],
        "zones": [],
        "sectors": [],
        "legal_basis": [{"id": "nghi-dinh-68-2017", "number": "68/2017/NĐ-CP", "title": None}],
        "decision": None,
        "asked": {"earliest": None, "latest": "2023-10-31", "stated_as": ""},
        "due": None,
        "unsourced": [],
        "sources": [],
    },
)
