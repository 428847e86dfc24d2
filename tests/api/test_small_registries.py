"""Registries without the seed: empty ones, and ones made for an order or a price."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from urllib.parse import urlencode

import pytest

from registry.actions.publish import publish_seed
from registry.actions.restore import go_on_above
from registry.api import urls
from registry.api.known_codes import kind_meant
from registry.api.resources import Resource
from registry.ledger.checkpoints import verifier_keys
from registry.ledger.context import recorded
from registry.models import (
    AdministrativeUnit,
    Assignment,
    Authority,
    Citation,
    Cluster,
    Decision,
    Incentive,
    Indicator,
    Investor,
    LegalInstrument,
    Project,
    Sector,
    SourceDocument,
    Zone,
)
from registry.models.base import Subject
from registry.rules.text import sort_key
from tests.api.conftest import found_clusters, queries
from tests.world import TODAY

RESOURCES = tuple(resource.name for resource in urls.RESOURCES)


def test_an_empty_registry_answers_with_empty_lists(partner):
    for resource in RESOURCES:
        body = partner.read(f"{resource}/")
        assert (body["results"], body["known_seq"], body["known_at"], body["next"]) == ([], 0, None, None)
    assert partner.refused("clusters/giang-bien/", 404)["code"] == "record_unknown"
    assert partner.refused("clusters/?known_seq=1", 400)["code"] == "known_in_future"
    assert partner.read("changes/") == {"last_seq": 0, "next": None, "results": []}
    assert partner.read("ledger/checkpoint/") == {
        "seq": 0,
        "hash": None,
        "publication": 0,
        "at": None,
        "keys": list(verifier_keys()),
        "checkpoints": [],
    }


def test_names_follow_the_vietnamese_alphabet(db, partner, at):
    names = [
        "Đồ Sơn",
        "An Lão",
        "Ân Thi",
        "Ăn Voi",
        "Dũng Tiến",
        "Cụm 10",
        "Cụm 9",
        "Êa",
        "Eo",
        "Ước",
        "Uông",
    ]
    found_clusters(names, at=at(2026, 2, 1))
    expected = [
        "An Lão",
        "Ăn Voi",
        "Ân Thi",
        "Cụm 9",
        "Cụm 10",
        "Dũng Tiến",
        "Đồ Sơn",
        "Eo",
        "Êa",
        "Uông",
        "Ước",
    ]
    assert [c["name"] for c in partner.results("clusters/?page_size=2")] == expected
    assert [c["name"] for c in partner.results("clusters/?page_size=2&ordering=-name")] == expected[::-1]
    assert expected == sorted(names, key=sort_key)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "&count=true",
        "&search=cum+1",
        "&legal_stage=unknown&place=do-son",
        "&known_at=2026-02-01",
        "&ordering=-area_ha",
    ],
)
def test_a_page_takes_at_most_four_queries_the_same_for_2_and_for_100(db, partner, at, query):
    unit = AdministrativeUnit.objects.create(code="do-son", name="Đồ Sơn", unit_kind="ward")
    published([unit], at(2026, 1, 31))
    found_clusters(["Cụm 1", "Cụm 2"], at=at(2026, 2, 1))
    partner.get("clusters/")  # what came into effect is told once a day
    two = len(queries(partner, f"clusters/?page_size=100{query}"))
    found_clusters([f"Cụm {n}" for n in range(3, 101)], at=at(2026, 2, 1, 4))
    assert len(queries(partner, f"clusters/?page_size=100{query}")) == two <= 4


def several(kind: str, numbers: range) -> list[Subject]:
    """Published records of a kind, each with as much around it as the kind allows: rows, neighbours, sources."""
    with recorded(actor="seed"):
        source, _ = SourceDocument.objects.get_or_create(name="Nguồn")
        sector, _ = Sector.objects.get_or_create(name="Điện tử")
        office, _ = Authority.objects.get_or_create(name="Sở", level="city")
        around = [source, sector, office]
        made = [MAKERS[kind](n, sector, office) for n in numbers]
        for row in made:
            if kind != "source":
                Citation.objects.create(
                    **{kind: row}, source=source, locator="đoạn 1", field="name", as_stated="x"
                )
    return [*around, *made]


def _investor(n: int, sector: Sector, office: Authority) -> Investor:
    row = Investor.objects.create(name=f"Công ty {n}", registered_in="KR")
    row.capital_events.create(measure="registered", amount=10**9 + n)
    return row


def _project(n: int, sector: Sector, office: Authority) -> Project:
    row = Project.objects.create(name=f"Dự án {n}", investor=_investor(n, sector, office))
    row.sectors.add(sector)
    row.capital_events.create(measure="registered", amount=10**9 + n)
    return row


def _zone(n: int, sector: Sector, office: Authority) -> Zone:
    row = Zone.objects.create(name=f"Khu {n}", zone_kind="industrial_park", area_ha=n + 1)
    row.sectors.add(sector)
    return row


def _indicator(n: int, sector: Sector, office: Authority) -> Indicator:
    row = Indicator.objects.create(name=f"Chỉ tiêu {n}", unit="%")
    row.values.create(scope="city", value=n, period_latest=date(2018, 12, 31))
    row.sectors.add(sector)
    return row


def _incentive(n: int, sector: Sector, office: Authority) -> Incentive:
    row = Incentive.objects.create(name=f"Ưu đãi {n}", incentive_kind="credit", status="planned")
    row.sectors.add(sector)
    return row


def _assignment(n: int, sector: Sector, office: Authority) -> Assignment:
    row = Assignment.objects.create(name=f"Việc {n}", assignment_kind="task", task="A", asked_by=office)
    row.cooperating.add(office)
    return row


MAKERS: dict[str, Callable[[int, Sector, Authority], Subject]] = {
    "assignment": _assignment,
    "authority": lambda n, sector, office: Authority.objects.create(name=f"Cơ quan {n}", level="city"),
    "cluster": lambda n, sector, office: Cluster.objects.create(name=f"Cụm {n}"),
    "decision": lambda n, sector, office: Decision.objects.create(issuer=office, abstract=f"Quyết định {n}"),
    "incentive": _incentive,
    "indicator": _indicator,
    "investor": _investor,
    "legal_instrument": lambda n, sector, office: LegalInstrument.objects.create(
        number=f"{n}/2020/NĐ-CP", instrument_kind="decree"
    ),
    "place": lambda n, sector, office: AdministrativeUnit.objects.create(name=f"Xã {n}", unit_kind="commune"),
    "project": _project,
    "sector": lambda n, sector, office: Sector.objects.create(name=f"Ngành {n}"),
    "source": lambda n, sector, office: SourceDocument.objects.create(name=f"Bài {n}"),
    "zone": _zone,
}


def published(rows: list[Subject], at: datetime) -> None:
    beside = [row.investor for row in rows if isinstance(row, Project)]
    publish_seed([*rows, *beside], at=at, today=TODAY)


def neighbours(moment: datetime) -> dict[str, str]:
    """Codes of published records, one of each kind, for the filters that name records."""
    made = {kind: several(kind, range(1000, 1001)) for kind in MAKERS}
    published(list({row.key: row for rows in made.values() for row in rows}.values()), moment)
    return {kind: rows[-1].code for kind, rows in made.items()}


def every_filter(resource: Resource, codes: dict[str, str]) -> str:
    """All filters at once: records by these codes, else the value that the documentation gives as its example."""
    given = {
        parameter.name: ",".join(parameter.example)
        if isinstance(parameter.example, list)
        else str(parameter.example).lower()
        if isinstance(parameter.example, bool)
        else parameter.example
        for parameter in resource.filters.parameters()
        if parameter.example is not None  # code: each kind has its own
    }
    named = {
        name: codes[kind]
        for name, found in resource.filters.known().items()
        if found.names_records and (kind := kind_meant(name, resource.kind))
    }
    return urlencode(given | named | {"code": resource.example})


@pytest.mark.parametrize("resource", urls.RESOURCES, ids=lambda resource: resource.name)
def test_a_list_of_any_kind_takes_as_many_queries_for_100_records_as_for_2(db, partner, at, resource):
    # The units that the documentation gives as examples: one that does not exist is refused.
    units = ("huyen-tien-lang", "thanh-pho-hai-phong")
    made = [AdministrativeUnit.objects.create(code=code, name=code, unit_kind="district") for code in units]
    published(made, at(2026, 1, 31))
    codes = neighbours(at(2026, 1, 31, 4))
    published(several(resource.kind, range(2)), at(2026, 2, 1))
    partner.get("clusters/")  # what came into effect is told once a day
    order = next(iter(resource.orderings))
    addresses = [
        f"{resource.name}/?page_size=200",
        f"{resource.name}/?count=true&search=a&ordering=-{order}",
        f"{resource.name}/?count=true&{every_filter(resource, codes)}",
    ]
    two = [len(queries(partner, address)) for address in addresses]
    published(several(resource.kind, range(2, 100)), at(2026, 2, 1, 4))
    assert len(partner.read(addresses[0])["results"]) >= 100
    assert [len(queries(partner, address)) for address in addresses] == two
    # How rare each word is, whether there are such records, such units (by two filters of decisions), which sectors
    # have such a name (of a cluster's or decision's effects): each is asked apart.
    most = {"clusters": 7, "decisions": 8}.get(resource.name, 6)
    assert (two[0] <= 3, two[1] <= 5, two[2] <= most) == (True, True, True)


@pytest.mark.parametrize("kind", [Authority, Investor])
def test_records_of_one_name_are_told_apart_by_their_age(db, partner, at, kind):
    extra = {"level": "other"} if kind is Authority else {}
    with recorded(actor="seed"):
        made = [kind(name="Cùng tên", **extra) for _ in range(7)]
        for row in made:
            row.save()
    publish_seed(made, at=at(2026, 2, 1), today=TODAY)
    resource = "authorities" if kind is Authority else "investors"
    found = [row["code"] for row in partner.results(f"{resource}/?page_size=2")]
    assert found == [row.code for row in made]
    assert [row["code"] for row in partner.results(f"{resource}/?page_size=2&ordering=-name")] == found[::-1]


def test_a_registry_that_had_told_nothing_has_nothing_to_lose_for_who_begins_at_0(db, partner, at):
    seq = go_on_above(
        at=datetime(2026, 2, 2, 2, 30, tzinfo=UTC), known_until=datetime(2026, 2, 2, 1, tzinfo=UTC)
    ).seq
    assert partner.read("changes/")["results"] == []
    assert partner.refused("changes/?after=1", 410)["lost"]["after_announcement"] == 0
    found_clusters(["A"], at(2026, 2, 3))
    assert [change["seq"] for change in partner.results("changes/?after=0")] == [seq + 1]
