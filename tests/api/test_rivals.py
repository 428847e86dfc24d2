"""Which values of an indicator are told to disagree: with the indicator, and with the record that they are about."""

from datetime import date, timedelta
from typing import Any

import pytest

from registry.actions.publish import publish_seed
from registry.ledger.context import recorded
from registry.models import Indicator, IndicatorValue, IndicatorValueZone, Zone
from tests.world import AT

YEAR = {"period_earliest": date(2023, 1, 1), "period_latest": date(2023, 12, 31)}


@pytest.fixture
def zones(db: None) -> list[Zone]:
    with recorded(actor="seed"):
        return [
            Zone.objects.create(code=f"khu-{n}", name=f"Khu {n}", zone_kind="industrial_park") for n in (1, 2)
        ]


@pytest.fixture
def workers(zones: list[Zone]) -> Indicator:
    """Of the first zone two figures for 2023, one that was planned, and one of the year after; one of the second."""
    with recorded(actor="seed"):
        found = Indicator.objects.create(code="lao-dong", name="Lao động", unit="người")
        of(found, zones[0], 1, 900, **YEAR)
        of(found, zones[1], 2, 700, **YEAR)
        of(found, zones[0], 3, 1000, **YEAR)
        of(found, zones[0], 4, 1000, value_kind="target", **YEAR)
        of(found, zones[0], 5, 1200, period_earliest=date(2024, 1, 1), period_latest=date(2024, 12, 31))
    return found


def of(indicator: Indicator, zone: Zone, position: int, value: int, **said: Any) -> None:
    row = IndicatorValue.objects.create(
        indicator=indicator, position=position, scope="zones", value=value, **{"value_kind": "actual", **said}
    )
    IndicatorValueZone.objects.create(value=row, indicator=indicator, zone=zone)


def test_two_values_of_one_kind_zone_and_year_are_rivals_and_no_others(workers, zones, partner):
    publish_seed([workers, *zones], at=AT, today=AT.date())
    told = [(row["value"], row["rival"]) for row in partner.read("indicators/lao-dong/")["values"]]
    assert told == [(900, True), (700, False), (1000, True), (1000, False), (1200, False)]
    about = {(row["kind"], row["value"], row["rival"]) for row in partner.read("zones/khu-1/")["indicators"]}
    assert about == {
        ("actual", 900, True), ("actual", 1000, True), ("target", 1000, False), ("actual", 1200, False)
    }  # fmt: skip
    assert [row["rival"] for row in partner.read("zones/khu-2/")["indicators"]] == [False]


def test_a_value_is_a_rival_until_the_other_is_taken_back(workers, zones, partner):
    publish_seed([workers, *zones], at=AT, today=AT.date())
    with recorded(actor="seed"):
        workers.values.get(position=3).delete()
    publish_seed([workers], at=AT + timedelta(hours=1), today=AT.date())
    assert not any(row["rival"] for row in partner.read("indicators/lao-dong/")["values"])
    assert not any(row["rival"] for row in partner.read("zones/khu-1/")["indicators"])
    before = partner.read("indicators/lao-dong/?known_seq=1")["values"]
    assert [row["rival"] for row in before] == [True, False, True, False, False]
