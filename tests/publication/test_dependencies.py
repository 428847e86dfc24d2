"""Which records are composed again when another one changes: those whose answer could differ, and only those."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from registry.actions import editions as edition_keeping
from registry.actions.editions import rebuild_editions
from registry.actions.publish import publish, withdraw
from registry.ledger.context import recorded
from registry.models import EDITIONS, Announcement, EffectPlace, IncentiveTerm, OperatingReport, Reference
from registry.queries.published import head
from registry.queries.references import readers_of
from registry.rules.composition.subjects import POINTERS
from tests.publication.office import Office

pytestmark = pytest.mark.django_db

AT, TODAY = datetime(2026, 3, 1, 3, tzinfo=UTC), date(2026, 3, 1)
Counts = dict[str, int]


@pytest.fixture
def office() -> Office:
    """Three investors, of which the second belongs to the first; three clusters, the first of them developed by the
    first investor; two zones; three projects of the first investor, one in each zone and one in the first cluster,
    and one of the third; an indicator of two clusters, one of the first investor; an assignment about the clusters; an
    incentive.
    """
    office = Office()
    for _ in range(3):
        office.new_investor(0, 0, 0)
        office.new_cluster(0, 0, 0)
    office.join_group(1, 0, 1)
    office.new_sector(0, 0, 0)
    office.new_zone(0, 0, 1)
    office.new_zone(0, 0, 1)
    office.new_decision(0, 5, 0)
    office.set_value(0, 0, 2)
    office.new_project(0, 0, 0)
    office.new_project(0, 1, 0)
    office.new_project(0, 0, 1)
    office.new_project(2, 1, 3)
    office.new_indicator(0, 5, 0)
    office.new_indicator(0, 3, 0)
    office.new_assignment(0, 0, 1)
    office.new_incentive(0, 0, 0)
    office.publish_all(0, 0, 0)
    return office


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch) -> Counts:
    """How often each kind was composed since the last look."""
    counts: Counts = {}
    real: dict[str, Callable[..., Any]] = dict(edition_keeping.COMPOSERS)

    def counting(kind: str) -> Callable[..., Any]:
        def compose(world: Any, subject_id: int) -> Any:
            counts[kind] = counts.get(kind, 0) + 1
            return real[kind](world, subject_id)

        return compose

    for kind in real:
        monkeypatch.setitem(edition_keeping.COMPOSERS, kind, counting(kind))
    return counts


def act(office: Office, kind: str, number: int, **values: Any) -> None:
    """Alter a record and publish it."""
    row = office.row(office.of_kind(kind)[number])
    with recorded(actor="clerk"):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
    publish([row], proposed_by="clerk", approved_by="leader", at=AT, today=TODAY)


def told() -> Counts:
    """How many records of each kind the last publication was news of."""
    found: Counts = {}
    for row in Announcement.objects.filter(publication_id=head()):
        found[row.kind] = found.get(row.kind, 0) + 1
    return found


def test_the_new_name_of_an_investor_reaches_every_record_that_names_it(
    office: Office, composed: Counts
) -> None:
    act(office, "investor", 0, name="Tập đoàn đổi tên")
    # Itself and its member, its three projects, the cluster it develops, the paper that says so, its indicator.
    everyone = {"investor": 2, "project": 3, "cluster": 1, "decision": 1, "indicator": 1}
    assert (composed, told()) == (everyone, everyone)
    assert rebuild_editions() == []


def test_what_an_investor_says_of_itself_alone_reaches_nobody_else(office: Office, composed: Counts) -> None:
    act(office, "investor", 0, registered_in="KR")
    assert (composed, told()) == ({"investor": 1}, {"investor": 1})


def test_a_figure_of_an_investor_reaches_nobody_else(office: Office, composed: Counts) -> None:
    office.add_capital(0, 0, 0)
    act(office, "investor", 0)
    assert (composed, told()) == ({"investor": 1}, {"investor": 1})


def test_the_group_of_an_investor_reaches_the_group_and_what_is_found_by_it(
    office: Office, composed: Counts
) -> None:
    act(office, "investor", 2, group_id=office.of_kind("investor")[0][1])
    # It, the group that has a member more, and its project; nothing of the group's own projects.
    assert composed == {"investor": 2, "project": 1}
    assert told() == {"investor": 2, "project": 1}


def test_a_withdrawn_investor_is_lost_by_every_record_that_named_it(office: Office, composed: Counts) -> None:
    investor = office.row(office.of_kind("investor")[0])
    readers = {reader.key for reader in readers_of(investor)}
    withdraw([investor], proposed_by="clerk", approved_by="leader", at=AT, today=TODAY, reason="rút")
    everyone = {"investor": 2, "project": 3, "cluster": 1, "decision": 1, "indicator": 1}
    assert (composed, told()) == (everyone, everyone)
    news = Announcement.objects.filter(publication_id=head(), news="affected")
    assert readers == {f"{row.kind}:{row.subject_id}" for row in news}
    assert rebuild_editions() == []


def test_a_figure_of_a_project_reaches_its_investor_and_no_zone(office: Office, composed: Counts) -> None:
    office.add_capital(0, 0, 3)
    act(office, "project", 0)
    assert (composed, told()) == ({"project": 1, "investor": 1}, {"project": 1, "investor": 1})


def test_a_project_that_moves_reaches_where_it_was_and_where_it_is(office: Office, composed: Counts) -> None:
    office.move_project(0, 0, 2)
    act(office, "project", 0)
    # From the first zone into the first cluster: who invests is found by where.
    assert composed == {"project": 1, "zone": 1, "cluster": 1, "investor": 1}
    assert told() == {"project": 1, "zone": 1, "cluster": 1, "investor": 1}


def test_the_new_name_of_a_cluster_reaches_no_other_cluster_of_its_set(
    office: Office, composed: Counts
) -> None:
    act(office, "cluster", 2, name="Cụm đổi tên")
    assert composed == told() == {"cluster": 1, "indicator": 1, "assignment": 1}


def test_a_report_about_a_cluster_reaches_none_of_those_that_name_it(
    office: Office, composed: Counts
) -> None:
    cluster = office.of_kind("cluster")[0]
    with recorded(actor="clerk"):
        OperatingReport.objects.create(
            cluster_id=cluster[1],
            as_of_latest=date(2025, 12, 31),
            status="operating",
            source_id=office.of_kind("source")[0][1],
            locator="đoạn 1",
        )
    act(office, "cluster", 0)
    assert composed == told() == {"cluster": 1}


def test_a_paper_on_a_zone_reaches_its_projects_only_when_it_says_where_the_zone_is(
    office: Office, composed: Counts
) -> None:
    zone, place = office.of_kind("zone")[0], office.of_kind("place")[1]
    office.new_decision(0, 5, 0)
    paper = office.of_kind("decision")[1]
    effect = office.row(paper).effects.get()
    with recorded(actor="clerk"):
        effect.cluster_id, effect.zone_id = None, zone[1]
        effect.save()
    act(office, "decision", 1)
    assert composed == told() == {"decision": 1, "zone": 1}
    composed.clear()
    with recorded(actor="clerk"):
        EffectPlace.objects.create(effect=effect, decision_id=paper[1], place_id=place[1])
    act(office, "decision", 1)
    there = [key for key in office.of_kind("project") if office.drafts[key]["zone"] == zone[1]]
    assert composed == {"decision": 1, "zone": 1, "project": len(there)}


def test_a_value_of_an_indicator_reaches_the_records_it_is_about(office: Office, composed: Counts) -> None:
    office.drop_value(0, 0, 0)
    act(office, "indicator", 0)
    assert composed == told() == {"indicator": 1, "cluster": 2}


def test_the_new_name_of_a_sector_reaches_what_names_it(office: Office, composed: Counts) -> None:
    naming = {
        kind: len([key for key in office.of_kind(kind) if office.drafts[key].get("sectors")])
        for kind in ("zone", "project", "indicator", "incentive", "assignment")
    }
    act(office, "sector", 0, name="Ngành đổi tên")
    assert composed["zone"] == naming["zone"]
    assert told() == {kind: count for kind, count in naming.items() if count} | {"sector": 1}


def test_the_terms_of_an_incentive_are_nobody_elses(office: Office, composed: Counts) -> None:
    with recorded(actor="clerk"):
        IncentiveTerm.objects.update(years=13)
    act(office, "incentive", 0)
    assert composed == told() == {"incentive": 1}


def test_each_role_belongs_to_one_kind_of_record(office: Office) -> None:
    rows = Reference.objects.values_list("kind", "key")
    found = {(kind, key.partition(">")[0]) for kind, key in rows}
    assert {role: kind for kind, role in found}.items() <= POINTERS.items()
    assert len(found) == len({role for _, role in found}) >= 6


def test_no_edition_names_a_record_that_was_withdrawn(office: Office) -> None:
    marks = {}
    for kind in ("sector", "zone", "project", "indicator", "assignment", "investor"):
        row = office.row(office.of_kind(kind)[0])
        withdraw([row], proposed_by="clerk", approved_by="leader", at=AT, today=TODAY, reason="rút")
        marks[kind] = (row.name, row.code)
    open_rows = [row for model in EDITIONS.values() for row in model.objects.known_at(head())]
    assert open_rows
    for row in open_rows:
        for name, code in marks.values():
            assert f'"{name}"'.encode() not in bytes(row.body)
            assert f'"code":"{code}"'.encode() not in bytes(row.body)
