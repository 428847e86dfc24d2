"""The tables of the later kinds are recorded as the first ones are: each row, under its record, whoever writes."""

import pytest
from django.db import connection

from registry.ledger.verify import verify
from registry.models import CapitalEvent, Citation, IndicatorValue, IndicatorValueCluster, SourceDocument
from tests.ledger.rows import exactly_recorded, run
from tests.models import sound_rows
from tests.world import World


@pytest.fixture(autouse=True)
def _the_ledger_still_holds(shared_world: World):
    yield
    assert verify(connection).problems == []


@pytest.mark.parametrize(
    ("make", "subjects"),
    [
        (sound_rows.zone_status, ["zone", "zone"]),
        (sound_rows.sector, ["sector"]),
        (sound_rows.capital_of_project, ["zone", "project", "project"]),
        (sound_rows.capital_of_investor, ["investor"]),
        (sound_rows.value_cluster, ["indicator"] * 3),
        (sound_rows.value_zone, ["indicator", "indicator", "zone", "indicator"]),
        (sound_rows.term, ["incentive", "incentive"]),
        (sound_rows.assignment, ["assignment"]),
    ],
)
def test_a_row_is_recorded_under_its_record_until_it_is_gone(shared_world: World, make, subjects):
    with exactly_recorded() as entries:
        row = make(shared_world)
    assert [entry.subject.partition(":")[0] for entry in entries] == subjects
    table = row._meta.db_table
    with exactly_recorded() as entries:
        run(f"DELETE FROM {table} WHERE id = %s", [row.pk])
    assert [(entry.op, entry.table_name) for entry in entries] == [("delete", table)]


def test_lists_of_records_are_recorded_under_the_record_that_has_them(shared_world: World):
    task, sector, zone = (
        sound_rows.assignment(shared_world),
        sound_rows.sector(shared_world),
        sound_rows.zone(shared_world),
    )
    with exactly_recorded() as entries:
        task.clusters.add(shared_world.giang_bien)
        task.zones.add(zone)
        task.sectors.add(sector)
        zone.sectors.add(sector)
        sound_rows.incentive(shared_world).sectors.add(sector)
    kinds = [entry.subject.partition(":")[0] for entry in entries]
    assert kinds == ["assignment"] * 3 + ["zone", "incentive", "incentive"]


def test_updates_of_many_rows_leave_an_entry_for_each(shared_world: World):
    project = sound_rows.project(shared_world)
    with exactly_recorded() as entries:
        CapitalEvent.objects.bulk_create(
            CapitalEvent(project=project, position=n, measure="registered", amount=n) for n in (1, 2, 3)
        )
    assert [entry.op for entry in entries] == ["insert"] * 3
    with exactly_recorded() as entries:
        CapitalEvent.objects.update(currency="VND")
        run("UPDATE registry_zone SET name = 'Khu khác'")
    assert [entry.op for entry in entries] == ["update"] * 4


def test_a_record_takes_its_rows_along_and_all_are_recorded(shared_world: World):
    row = sound_rows.value_cluster(shared_world)
    Citation.objects.create(
        indicator=row.indicator,
        row_position=1,
        field="value",
        source=SourceDocument.objects.first(),
        locator="đoạn 5",
        as_stated="86%",
    )
    with exactly_recorded() as entries:
        row.indicator.delete()
    assert {(entry.op, entry.subject.partition(":")[0]) for entry in entries} == {("delete", "indicator")}
    assert len(entries) == 4
    assert not IndicatorValue.objects.exists()
    assert not IndicatorValueCluster.objects.exists()


def test_derived_texts_are_not_recorded(shared_world: World):
    zone = sound_rows.zone(shared_world)
    with exactly_recorded() as entries:
        run("UPDATE registry_zone SET search_text = 'x', sort_key = 'y' WHERE id = %s", [zone.pk])
    assert entries == []
