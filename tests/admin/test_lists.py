"""Finding records: lists, search without diacritics, filters, options to choose from, the front page."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.actions.api_keys import add_uses
from registry.actions.webhooks import subscribe
from registry.ledger.context import recorded
from registry.ledger.security_events import note
from registry.models import (
    SUBJECTS,
    AdministrativeUnit,
    Assignment,
    Authority,
    CapitalEvent,
    Cluster,
    Decision,
    Effect,
    Incentive,
    IncentiveTerm,
    Indicator,
    IndicatorValue,
    Investor,
    LegalInstrument,
    Project,
    Redaction,
    Sector,
    SourceDocument,
    Webhook,
    WebhookDelivery,
    WebhookReplay,
    Zone,
    ZoneStatus,
)
from tests.admin.browsing import fill, text_of
from tests.admin.office import AT, TODAY, Office, person, signed_in, url
from tests.keys import new_key
from tests.plugins.world import undone
from tests.world import clerk
from tests.world import leader as world_leader

LISTS = [
    "authority",
    "cluster",
    "decision",
    "investor",
    "administrativeunit",
    "sourcedocument",
    "legalinstrument",
    "zone",
    "sector",
    "project",
    "indicator",
    "incentive",
    "assignment",
]


def listing(model: str, query: str = "") -> str:
    return f"/admin/registry/{model}/{query}"


def rows(response) -> list[str]:
    return [str(row) for row in response.context["cl"].result_list]


def options(office: Office, field: tuple[str, str], term: str) -> list[str]:
    model, name = field
    response = office.clerk_client.get(
        "/admin/autocomplete/",
        {"app_label": "registry", "model_name": model, "field_name": name, "term": term},
    )
    return [option["text"] for option in json.loads(response.content)["results"]]


@pytest.mark.parametrize(
    "typed", ["tien cuong", "TIÊN CƯỜNG", "cuong tien", "Tie\u0302n\u00a0Cu\u031bo\u031b\u0300ng", "ii tien"]
)
def test_a_list_is_searched_by_words_whatever_their_marks(office, typed):
    Cluster.objects.create(name="Tiên Cường II")
    assert rows(office.clerk_client.get(listing("cluster"), {"q": typed})) == ["Tiên Cường II"]


def test_a_decision_is_found_by_number_however_it_is_typed(office):
    for typed in ("1013", "1013/qd-ubnd", "1013/QĐ - UBND"):
        assert rows(office.clerk_client.get(listing("decision"), {"q": typed})) == [str(office.decision)]


def test_a_list_follows_the_vietnamese_alphabet(office):
    for name in ("Đại Thắng", "Dũng Tiến", "Ân Thi", "An Thọ", "Tiên Cường III", "Tiên Cường II"):
        Cluster.objects.create(name=name)
    assert rows(office.clerk_client.get(listing("cluster"))) == [
        "An Thọ", "Ân Thi", "Dũng Tiến", "Đại Thắng", "Giang Biên", "Tiên Cường II", "Tiên Cường III",
    ]  # fmt: skip


def test_clusters_are_listed_with_what_is_published_about_them_today(seeded):
    client = signed_in(clerk())
    Cluster.objects.create(name="Tân Liên")
    response = client.get(listing("cluster"), {"stage": "established"})
    assert "Giang Biên Đã công bố Đã thành lập 50 " in text_of(response)
    assert len(rows(response)) == 6
    assert rows(client.get(listing("cluster"), {"stage": "none"})) == ["Tân Liên"]
    assert rows(client.get(listing("cluster"), {"stage": "planned"})) == []


def test_decisions_are_filtered_by_year_kind_issuer_and_verification(seeded):
    client = signed_in(clerk())
    other = Authority.objects.create(name="UBND xã", level="commune")
    Decision.objects.create(issuer=other, note="chưa có gì")

    def count(**query: object) -> int:
        return len(rows(client.get(listing("decision"), query)))

    assert count() == 13
    assert count(year="2022") == 6
    assert count(year="none") == 1
    assert count(year="2023", verification__exact="to_be_verified") == 6
    assert count(paper_kind__exact="resolution") == 0
    assert count(issuer__id__exact=other.pk) == 1
    text = text_of(client.get(listing("decision")))
    assert "chưa rõ số Cần xác minh Đã công bố từ 01/01/2023 đến 30/06/2023" in text


@pytest.mark.parametrize("model", LISTS)
def test_every_list_opens_and_says_so_when_it_is_empty_or_nothing_matches(office, model):
    text = text_of(office.clerk_client.get(listing(model), {"q": "không có đâu"}))
    assert "Không có bản ghi nào khớp." in text
    name = next(m for m in SUBJECTS.values() if m._meta.model_name == model)
    if not name.objects.exists():
        text = text_of(office.clerk_client.get(listing(model)))
        assert "Chưa có" in text
        assert f"Thêm {name._meta.verbose_name}" in text


def batch(kind: str, count: int, year: int) -> None:
    """So many records of each kind."""
    for i in range(count):
        place = AdministrativeUnit.objects.create(name=f"{kind} {i}", unit_kind=kind)
        authority = Authority.objects.create(name=f"UBND {kind} {i}", level="commune", place=place)
        cluster = Cluster.objects.create(name=f"Cụm {kind} {i}")
        group = Investor.objects.create(name=f"Tập đoàn {kind} {i}", investor_kind="group")
        investor = Investor.objects.create(name=f"Công ty {kind} {i}", group=group)
        SourceDocument.objects.create(name=f"Bài {kind} {i}")
        LegalInstrument.objects.create(
            title=f"Quy hoạch {kind} {i}", instrument_kind="plan", issuer=authority
        )
        day = date(year, 1, 1)
        decision = Decision.objects.create(
            number=i + 1, symbol="QĐ-UBND", issuer=authority, issued_earliest=day, issued_latest=day
        )
        Effect.objects.create(decision=decision, cluster=cluster, effect_code="planned")
        later_kinds(f"{kind} {i}", cluster, investor, authority)


def later_kinds(name: str, cluster: Cluster, investor: Investor, authority: Authority) -> None:
    """One record of each of the later kinds, with rows of its own."""
    sector = Sector.objects.create(name=f"Ngành {name}")
    zone = Zone.objects.create(name=f"Khu {name}", zone_kind="industrial_park")
    ZoneStatus.objects.create(zone=zone, status="planned", as_of_latest=date(2025, 1, 1))
    project = Project.objects.create(name=f"Dự án {name}", investor=investor, zone=zone)
    for owner in ({"project": project}, {"investor": investor}):
        CapitalEvent.objects.create(measure="registered", amount=900, **owner)
    indicator = Indicator.objects.create(name=f"Chỉ tiêu {name}", unit="%")
    value = IndicatorValue.objects.create(indicator=indicator, scope="clusters", value=86)
    value.clusters.add(cluster, through_defaults={"indicator": indicator})
    incentive = Incentive.objects.create(name=f"Ưu đãi {name}", incentive_kind="credit")
    IncentiveTerm.objects.create(incentive=incentive, term_kind="exemption", years=4)
    incentive.sectors.add(sector)
    Assignment.objects.create(
        name=f"Nhiệm vụ {name}", assignment_kind="task", task="Làm", asked_by=authority, lead=authority
    ).clusters.add(cluster)


def what_leaders_see(kind: str, count: int, first: int) -> None:
    """So many partners with a key and a webhook that is asked to send again, and of whatever else has a list."""
    for i in range(first, first + count):
        key, _ = new_key(f"Đối tác {kind} {i}", at=AT)
        add_uses([(key.pk, TODAY, 5, 0, AT)])
        webhook = Webhook(partner=key.partner, url="https://doi-tac.example/", scopes="clusters")
        subscribe(webhook, at=AT, by="lanh-dao")
        WebhookReplay.objects.create(webhook=webhook, first=1, last=2, position=0, asked_by="x", asked_at=AT)
        WebhookDelivery.objects.create(webhook=webhook, cause="news", announcement=i + 1, at=AT, took_ms=9)
        person(f"{kind}-{i}", "Nhập liệu")
        Group.objects.create(name=f"Nhóm {kind} {i}")
        note("login_failed", actor="", account=f"{kind}-{i}", detail="password")
        Redaction.objects.create(
            number=i + 1, at=AT, ground="Luật", asked_by="a", approved_by="b", places="[]"
        )


def questions(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


#: Every other list of the admin.
OTHERS = [
    f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    for model in admin.site._registry
    # Effects are only chosen; a restore is one row in years, which the database lets nobody make up.
    if model._meta.model_name not in [*LISTS, "effect", "recovery"]
]
#: Every list, the front page, and what is chosen from while one types.
PAGES = [
    *map(listing, LISTS),
    *OTHERS,
    "/admin/",
    *(
        f"/admin/autocomplete/?app_label=registry&model_name={model}&field_name={field}"
        for model, field in (
            ("effect", "target"),
            ("decisionrelation", "target"),
            ("cluster", "places"),
            ("indicatorvalue", "project"),
            ("project", "investor"),
            ("project", "zone"),
            ("project", "sectors"),
        )
    ),
]


@pytest.fixture(scope="module")
def asked(django_db_setup: None, django_db_blocker) -> Iterator[list[dict[str, int]]]:
    """How often each page asks the database about two rows of each kind, and about a hundred more."""
    with django_db_blocker.unblock(), undone():
        office, found = Office(), []
        everything = signed_in(User.objects.create_superuser("quan-tri"))
        for kind, count, year in (("ward", 2, 2024), ("commune", 100, 2025)):
            batch(kind, count, year)
            with recorded():
                what_leaders_see(kind, count, 1000 * year)
            asking = {address: everything if address in OTHERS else office.clerk_client for address in PAGES}
            found.append({address: questions(client, address) for address, client in asking.items()})
        yield found


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_the_database_as_often_for_a_hundred_rows_as_for_two(asked, address):
    few, many = asked
    # The front page looks further for what a kind has none of.
    assert many[address] <= few[address]


def test_counts_are_written_as_vietnamese_write_them(office):
    Investor.objects.bulk_create(
        Investor(name=f"Công ty {i}", code=f"c-{i}", search_text=f"cong ty {i}", sort_key=f"{i:05d}")
        for i in range(1233)
    )
    assert "1.234 nhà đầu tư" in text_of(office.clerk_client.get(listing("investor")))


def test_options_are_found_without_marks_and_told_apart(office):
    district = AdministrativeUnit.objects.create(
        name="An Dương", unit_kind="district", valid_to=date(2025, 7, 1)
    )
    AdministrativeUnit.objects.create(name="Hồng Phong", unit_kind="commune", within=district)
    AdministrativeUnit.objects.create(name="Hồng Phong", unit_kind="commune")
    assert options(office, ("cluster", "places"), "hong phong an duong") == ["Xã Hồng Phong, Huyện An Dương"]
    assert len(options(office, ("effect", "places"), "hong phong")) == 2
    assert options(office, ("decisionrelation", "target"), "1013/qd") == [
        "1013/QĐ-UBND ngày 31/03/2022 · Ủy ban nhân dân thành phố Hải Phòng"
    ]
    assert options(office, ("effect", "target"), "giang bien thanh lap") == [str(office.effect)]
    assert options(office, ("effect", "target"), "giang bien mo rong") == []


def test_an_effect_is_only_chosen_never_edited_on_its_own(office):
    assert office.clerk_client.get("/admin/registry/effect/add/").status_code == 403
    assert 'name="as_stated"' not in office.clerk_client.get(url(office.effect)).content.decode()
    assert office.clerk_client.get(url(office.effect, "delete")).status_code == 403
    assert "/admin/registry/effect/" not in office.clerk_client.get("/admin/").content.decode()


def test_the_front_page_says_what_waits_and_what_was_published(seeded):
    draft = Cluster.objects.create(name="Tân Liên")
    page = signed_in(clerk()).get("/admin/")
    text = text_of(page)
    assert "Công việc hôm nay" in text
    assert "Chưa trình duyệt 1 Tân Liên" in text
    assert f'href="{url(draft)}"' in page.content.decode()
    assert "Mới công bố 09:00 05/01/2026 · số 1" in text
    leader = text_of(signed_in(world_leader()).get("/admin/"))
    assert "Không có hồ sơ nào chờ duyệt." in leader
    assert "Nhập quyết định mới" not in leader


def test_the_menu_is_in_the_order_of_a_days_work(office):
    groups = office.clerk_client.get("/admin/").context["available_apps"]
    assert [(group["name"], [m["object_name"] for m in group["models"]]) for group in groups] == [
        ("Hồ sơ", ["Decision", "Cluster", "Zone", "Investor", "Project"]),
        ("Số liệu, chính sách", ["Indicator", "Incentive", "Assignment"]),
        ("Danh mục", ["Authority", "AdministrativeUnit", "Sector", "LegalInstrument", "SourceDocument"]),
        ("Kiểm tra", ["Recovery"]),
    ]
    assert office.clerk_client.get("/admin/registry/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        listing("cluster", "?q=%00"),
        listing("decision", "?verification__exact=%00"),
        listing("decision", "?year=%C2%B2022&issuer__id__exact=abc"),
        listing("decision", "?p=999999999999999999999"),
        listing("decision", "?issuer__id__exact=99999999999999999999999999"),
        "/admin/registry/decision/99999999999999999999999999/change/",
        "/admin/registry/decision/%00/change/",
        "/admin/autocomplete/?app_label=registry&model_name=effect&field_name=target&term=%00",
    ],
)
def test_an_address_made_up_by_hand_is_answered_without_a_fault(office, address):
    office.clerk_client.raise_request_exception = True
    assert office.clerk_client.get(address).status_code in (200, 302, 400, 404, 409)


def test_decisions_without_number_are_told_apart_by_what_they_do_and_found_by_their_cluster(seeded):
    page = signed_in(clerk()).get("/admin/registry/decision/?q=an tho").content.decode()
    assert "An Thọ: thành lập" in page
    assert "An Thọ: chấp thuận chủ trương đầu tư" in page
    assert "Quang Phục: thành lập" not in page


def test_papers_without_a_number_are_told_apart_where_they_are_chosen(office):
    nameless = Decision.objects.create(issuer=office.ubnd, issued_stated_as="năm 2023")
    Effect.objects.create(decision=nameless, cluster=office.cluster, effect_code="policy_approved")
    (option,) = options(office, ("decisionrelation", "target"), "chưa rõ số giang")
    assert "năm 2023" in option
    assert "Giang Biên: chấp thuận chủ trương đầu tư" in option


def test_what_was_chosen_is_called_as_in_its_list(office):
    district = AdministrativeUnit.objects.create(
        name="Tiên Lãng", unit_kind="district", valid_to=date(2025, 7, 1)
    )
    place = AdministrativeUnit.objects.create(name="Khởi Nghĩa", unit_kind="commune", within=district)
    page = fill(office.clerk_client, "/admin/registry/cluster/add/", name="", places=[place.pk])
    assert page.status_code == 200
    assert "Xã Khởi Nghĩa, Huyện Tiên Lãng</option>" in page.content.decode()


def test_zones_are_found_by_the_short_names_of_their_kinds(office):
    for name, kind in (
        ("Khu công nghiệp Tràng Duệ", "industrial_park"),
        ("KKT Đình Vũ", "economic_zone"),
        ("Cát Bi", "airport"),
    ):
        Zone.objects.create(name=name, zone_kind=kind)
    found = {
        typed: rows(office.clerk_client.get(listing("zone"), {"q": typed}))
        for typed in (
            "kcn trang due",
            "khu cong nghiep trang due",
            "khu kinh te dinh vu",
            "kkt",
            "cang hang khong",
        )
    }
    assert found == {
        "kcn trang due": ["Khu công nghiệp Tràng Duệ"],
        "khu cong nghiep trang due": ["Khu công nghiệp Tràng Duệ"],
        "khu kinh te dinh vu": ["KKT Đình Vũ"],
        "kkt": ["KKT Đình Vũ"],
        "cang hang khong": ["Cát Bi"],
    }
    assert options(office, ("project", "zone"), "cat bi") == ["Cát Bi · Cảng hàng không"]
    assert options(office, ("project", "zone"), "trang due") == ["Khu công nghiệp Tràng Duệ"]


def test_zones_are_listed_and_filtered_by_what_was_last_said_of_them(office):
    zone = Zone.objects.create(
        name="KKT ven biển", zone_kind="economic_zone", area_ha="20000", area_qualifier="up_to"
    )
    for position, status, day in ((1, "planned", date(2023, 1, 1)), (2, "existing", date(2025, 1, 1))):
        ZoneStatus.objects.create(zone=zone, position=position, status=status, as_of_latest=day)
    assert "KKT ven biển Bản nháp Khu kinh tế Đã có tối đa 20.000" in text_of(
        office.clerk_client.get(listing("zone"))
    )
    assert rows(office.clerk_client.get(listing("zone"), {"standing": "existing"})) == ["KKT ven biển"]
    assert rows(office.clerk_client.get(listing("zone"), {"standing": "planned"})) == []


def test_projects_are_found_by_who_invests_and_where_and_told_apart_so(office):
    zone = Zone.objects.create(name="Tràng Duệ", zone_kind="industrial_park")
    other = Investor.objects.create(name="Công ty B", enterprise_code="0100233488", group=office.developer)
    for investor, where in ((office.developer, {"zone": zone}), (other, {"cluster": office.cluster})):
        Project.objects.create(name="Nhà máy", investor=investor, **where)
    assert options(office, ("indicatorvalue", "project"), "trang due") == ["Nhà máy · Công ty A · Tràng Duệ"]
    assert options(office, ("indicatorvalue", "project"), "cong ty b") == ["Nhà máy · Công ty B · Giang Biên"]
    assert options(office, ("project", "investor"), "0100233488") == [
        "Công ty B · 0100233488 · thuộc Công ty A"
    ]


def test_investors_are_filtered_by_the_countries_that_occur(office):
    Investor.objects.create(name="LG", investor_kind="group", capital_from="KR")
    page = office.clerk_client.get(listing("investor"), {"capital_from": "KR"})
    assert rows(page) == ["LG"]
    assert "Nhật Bản" not in text_of(page)
    assert rows(office.clerk_client.get(listing("investor"), {"capital_from": "none"})) == ["Công ty A"]


def test_the_lists_of_figures_show_the_figures(office):
    later_kinds("một", office.cluster, office.developer, office.ubnd)
    for model, said in {
        "project": "Dự án một Bản nháp Công ty A Khu một 900 USD",
        "indicator": "86 (thực tế)",
        "incentive": "Miễn trong 4 năm",
        "assignment": "Nhiệm vụ một Bản nháp Giao nhiệm vụ Ủy ban nhân dân thành phố Hải Phòng",
    }.items():
        assert said in text_of(office.clerk_client.get(listing(model))), model
    assert rows(office.clerk_client.get(listing("indicator"), {"scope": "clusters", "q": "giang bien"})) == [
        "Chỉ tiêu một"
    ]
    assert rows(office.clerk_client.get(listing("assignment"), {"q": "giang bien"})) == ["Nhiệm vụ một"]
    assert rows(office.clerk_client.get(listing("indicator"), {"scope": "zones"})) == []
