"""The year of a paper's number: of its signing, and never another than the number itself carries."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from registry.ledger.context import recorded
from registry.models import Decision
from registry.rules.decision_numbers import Family, parse
from tests.models.test_constraints import said
from tests.world import World


def dated(world: World, number: str, signed: date | None) -> Decision:
    paper = Decision(issuer=world.decision(202).issuer, issued_earliest=signed, issued_latest=signed)
    paper.parsed_number = parse(number)
    return paper


@pytest.mark.parametrize("signed", [None, date(2023, 12, 31), date(2025, 1, 1)])
def test_a_number_that_carries_its_year_is_refused_with_another_date(
    signed: date | None, shared_world: World
) -> None:
    paper = dated(shared_world, "55/2024/QĐ-UBND", signed)
    with pytest.raises(ValidationError) as caught:
        paper.full_clean()
    assert "mang năm 2024" in said(caught.value)["number_year_disagrees"]
    # Who saves without asking `clean` is refused all the same: the number is never rewritten.
    if signed:
        with pytest.raises(IntegrityError, match="decision_number_year"), transaction.atomic(), recorded():
            dated(shared_world, "55/2024/QĐ-UBND", signed).save()


@pytest.mark.parametrize("signed", [date(2024, 1, 1), date(2024, 12, 31)])
def test_a_number_that_carries_its_year_stays_as_it_was_typed(signed: date, shared_world: World) -> None:
    paper = dated(shared_world, "55/2024/QĐ-UBND", signed)
    paper.full_clean()
    with recorded():
        paper.save()
    paper.refresh_from_db()
    assert (paper.number_label, paper.number_year) == ("55/2024/QĐ-UBND", 2024)
    assert paper.number_family == Family.NORMATIVE.value


def test_a_number_without_a_year_follows_the_day_of_signing(shared_world: World) -> None:
    paper = shared_world.decision(202)
    paper.issued_earliest = paper.issued_latest = date(2023, 1, 18)
    paper.full_clean()
    with recorded():
        paper.save()
    assert (paper.number_label, paper.number_year) == ("202/QĐ-UBND", 2023)


def test_a_duplicate_cannot_hide_behind_a_date_changed_in_bulk(shared_world: World) -> None:
    """Uniqueness by year holds, since the year follows the date for whoever writes."""
    twin = dated(shared_world, "202/QĐ-UBND", date(2021, 1, 18))
    twin.full_clean()
    with recorded():
        twin.save()
    rows = Decision.objects.filter(pk=twin.pk)
    day = date(2022, 1, 18)
    with pytest.raises(IntegrityError, match="decision_number_year"), transaction.atomic(), recorded():
        rows.update(issued_earliest=day, issued_latest=day)
    with pytest.raises(IntegrityError), transaction.atomic(), recorded():
        rows.update(issued_earliest=day, issued_latest=day, number_year=2022)
