"""Answers about clusters that rest on more than decisions: reports, and what became of places."""

from datetime import UTC, date, datetime

import pytest

from registry.actions.publish import publish_seed
from registry.ledger.context import recorded
from registry.models import AdministrativeUnit, OperatingReport, PlaceSuccession, SourceDocument
from tests.world import World

pytestmark = pytest.mark.django_db

AT, TODAY = datetime(2026, 11, 22, 3, tzinfo=UTC), date(2026, 11, 22)


def test_a_report_of_land_alone_does_not_take_back_the_operating_status(seeded: World) -> None:
    cluster, source = seeded.dai_thang, SourceDocument.objects.get()
    with recorded(actor="lan"):
        for day, facts in (
            (date(2025, 12, 31), {"status": "operating"}),
            (date(2026, 6, 30), {"occupancy_leased": 80}),
        ):
            OperatingReport.objects.create(
                cluster=cluster,
                source=source,
                locator="đoạn 1",
                as_of_earliest=day,
                as_of_latest=day,
                **facts,
            )
    publish_seed([cluster], at=AT, today=TODAY)
    answer = seeded.answer(cluster, on=date(2026, 7, 1)) or {}
    assert (answer["operating_status"], answer["operating_status_as_of"]) == ("operating", "2025-12-31")
    assert answer["occupancy"] == [
        {"basis": "leased", "value": 80, "qualifier": "exact", "as_of": "2026-06-30"}
    ]


def test_a_unit_that_stands_and_gave_a_part_away_is_still_a_unit_of_today(seeded: World) -> None:
    with recorded(actor="lan"):
        here = AdministrativeUnit.objects.create(name="Hồng Phong", unit_kind="commune")
        there = AdministrativeUnit.objects.create(name="An Phong", unit_kind="ward")
        PlaceSuccession.objects.create(unit=here, successor=there, extent="part")
        seeded.dai_thang.places.set([here])
    publish_seed([here, there, seeded.dai_thang], at=AT, today=TODAY)
    (place,) = (seeded.answer(seeded.dai_thang, on=TODAY) or {})["places"]
    assert [(unit["name"], unit["extent"]) for unit in place["today"]] == [
        ("Hồng Phong", "whole"),
        ("An Phong", "part"),
    ]
