"""Records of the later kinds, beside the small world: two of each, so that a filter has something to leave out."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.actions.publish import publish_seed
from registry.ledger.context import recorded
from registry.models import (
    AdministrativeUnit,
    Assignment,
    Authority,
    Cluster,
    Decision,
    Effect,
    Incentive,
    Indicator,
    Investor,
    LegalInstrument,
    Project,
    Publication,
    Sector,
    Zone,
)
from tests.world import TODAY


@dataclass(frozen=True, slots=True)
class Records:
    """By name, each published by `publication`."""

    group: Investor
    branch: Investor
    dong_a: Investor
    lone: Investor
    electronics: Sector
    textiles: Sector
    park: Zone
    port: Zone
    first: Project
    second: Project
    share: Indicator
    workers: Indicator
    exemption: Incentive
    credit: Incentive
    task: Assignment
    proposal: Assignment
    paper: Decision
    publication: Publication

    def every(self) -> list[Any]:
        return [getattr(self, name) for name in self.__slots__ if name != "publication"]


def day(text: str) -> date:
    return date.fromisoformat(text)


def made(at: Any) -> Records:
    """Enter and publish them. at: sets the clock, as the fixture of that name does."""
    with recorded(actor="seed"):
        found = _investors() | _sectors()
        found |= _zones(found)
        found |= _projects_of(found)
        found |= _indicators(found) | _incentives(found) | _assignments(found) | _papers(found)
    publication = publish_seed(list(found.values()), at=at(2026, 2, 1), today=TODAY)
    at(2026, 2, 2)
    assert publication is not None
    return Records(**found, publication=publication)


def _investors() -> dict[str, Any]:
    group = Investor.objects.create(name="Tập đoàn Á", investor_kind="group", capital_from="KR")
    branch = Investor.objects.create(name="Nhánh Á", investor_kind="group", group=group)
    dong_a = Investor.objects.create(
        name="Công ty Đông Á",
        group=branch,
        registered_in="VN",
        capital_from="KR",
        enterprise_code="0100047516",
    )
    lone = Investor.objects.create(name="Công ty Lẻ")
    group.capital_events.create(measure="group_total", amount=9 * 10**9, as_of_latest=day("2025-12-31"))
    return {"group": group, "branch": branch, "dong_a": dong_a, "lone": lone}


def _sectors() -> dict[str, Any]:
    return {
        "electronics": Sector.objects.create(name="Điện tử", vsic_code="26", vsic_year=2018),
        "textiles": Sector.objects.create(name="Dệt may"),
    }


def _zones(found: dict[str, Any]) -> dict[str, Any]:
    park = Zone.objects.create(name="Khu công nghiệp Đông", zone_kind="industrial_park", area_ha=100)
    park.places.add(AdministrativeUnit.objects.get(code="huyen-tien-lang"))
    park.sectors.add(found["electronics"])
    park.statuses.create(status="existing", as_of_latest=day("2025-06-30"))
    port = Zone.objects.create(name="Cảng Tây", zone_kind="seaport")
    port.statuses.create(status="planned", as_of_latest=day("2025-06-30"))
    return {"park": park, "port": port}


def _projects_of(found: dict[str, Any]) -> dict[str, Any]:
    first = Project.objects.create(
        name="Nhà máy Một", investor=found["dong_a"], zone=found["park"], project_code="1234567890"
    )
    first.sectors.add(found["electronics"])
    first.capital_events.create(
        position=1,
        capital_kind="first_registration",
        measure="registered",
        amount=500_000_000,
        as_of_latest=day("2024-12-31"),
    )
    first.capital_events.create(
        position=2, measure="registered", amount=900_000_000, as_of_latest=day("2025-12-31")
    )
    first.capital_events.create(
        position=3, capital_kind="decrease", measure="announced", amount=7_000_000_000
    )
    second = Project.objects.create(
        name="Xưởng Hai", investor=found["lone"], cluster=Cluster.objects.get(code="tien-cuong-ii")
    )
    second.capital_events.create(measure="implemented", amount=10**12, currency="VND")
    return {"first": first, "second": second}


def _indicators(found: dict[str, Any]) -> dict[str, Any]:
    share = Indicator.objects.create(name="Tỷ trọng điện tử", unit="%")
    share.sectors.add(found["electronics"])
    share.values.create(
        position=1,
        scope="city",
        value=43,
        period_earliest=day("2018-01-01"),
        period_latest=day("2018-12-31"),
        period_stated_as="2018",
    )
    share.values.create(
        position=2, scope="city", value_kind="target", value=70, period_latest=day("2030-12-31")
    )
    workers = Indicator.objects.create(name="Lao động", unit="người")
    cluster = Cluster.objects.get(code="tien-cuong-ii")
    of_cluster = workers.values.create(
        position=1,
        scope="clusters",
        value=7000,
        period_earliest=day("2019-01-01"),
        period_latest=day("2021-12-31"),
    )
    of_cluster.clusters.add(cluster, through_defaults={"indicator": workers})
    of_zone = workers.values.create(position=2, scope="zones", value=800)
    of_zone.zones.add(found["park"], through_defaults={"indicator": workers})
    workers.values.create(position=3, scope="investor", value=90, investor=found["dong_a"])
    workers.values.create(
        position=4, scope="project", value=10, value_kind="expected", project=found["first"]
    )
    return {"share": share, "workers": workers}


def _incentives(found: dict[str, Any]) -> dict[str, Any]:
    exemption = Incentive.objects.create(
        name="Miễn thuế nhập khẩu",
        incentive_kind="import_duty",
        status="in_force",
        valid_from=day("2024-01-01"),
        valid_to=day("2026-01-01"),
    )
    exemption.sectors.add(found["electronics"])
    exemption.legal_basis.add(LegalInstrument.objects.get(code="nghi-dinh-68-2017"))
    exemption.terms.create(term_kind="exemption", years=4)
    credit = Incentive.objects.create(name="Hỗ trợ tín dụng", incentive_kind="credit", status="planned")
    return {"exemption": exemption, "credit": credit}


def _assignments(found: dict[str, Any]) -> dict[str, Any]:
    city = Authority.objects.get(code="ubnd-tp-hai-phong")
    government = Authority.objects.get(code="chinh-phu")
    task = Assignment.objects.create(
        name="Rà soát cụm",
        assignment_kind="task",
        task="Rà soát",
        asked_by=government,
        lead=city,
        due_latest=day("2026-06-30"),
    )
    task.cooperating.add(government)
    task.clusters.add(Cluster.objects.get(code="an-tho"))
    task.zones.add(found["park"])
    task.sectors.add(found["electronics"])
    task.legal_basis.add(LegalInstrument.objects.get(code="nghi-dinh-32-2024"))
    proposal = Assignment.objects.create(
        name="Kiến nghị ưu đãi", assignment_kind="proposal", task="Ưu đãi", asked_by=city, lead=government
    )
    return {"task": task, "proposal": proposal}


def _papers(found: dict[str, Any]) -> dict[str, Any]:
    paper = Decision.objects.create(issuer=Authority.objects.get(code="chinh-phu"))
    Effect.objects.create(decision=paper, zone=found["park"], as_stated="đồng ý chủ trương")
    paper.legal_basis.add(LegalInstrument.objects.get(code="nghi-dinh-32-2024"))
    return {"paper": paper}
