"""Which figures are rivals, and which only look so."""

from typing import Any

import pytest

from registry.rules.rivals import rivals


def total(position: int, **said: Any) -> dict[str, Any]:
    """Pegatron, as one article has it: 900 million dollars by the end of 2023."""
    return {
        "position": position,
        "capital_kind": "reported_total",
        "measure": "group_total",
        "amount": 900_000_000,
        "currency": "USD",
        "amount_qualifier": "exact",
        "as_of_latest": "2023-12-31",
        "programme_earliest": None,
        "programme_latest": None,
        **said,
    }


def share(position: int, **said: Any) -> dict[str, Any]:
    """What share was high technology in 2023."""
    return {
        "position": position,
        "scope": "city",
        "value_kind": "actual",
        "period_earliest": "2023-01-01",
        "period_latest": "2023-12-31",
        "clusters": [],
        "zones": [],
        "investor": None,
        "project": None,
        "value": "62",
        "value_high": None,
        "value_qualifier": "exact",
        **said,
    }


@pytest.mark.parametrize(
    "other",
    [
        {"amount": 1_000_000_000},
        {"amount": 1_000_000_000, "as_of_latest": "2025-12-31"},
        {"amount": 1_000_000_000, "as_of_latest": None},
        {"amount_qualifier": "over"},
    ],
)
def test_two_totals_of_the_same_thing_that_disagree_are_rivals_of_each_other(other):
    assert rivals([total(1), total(2, **other)]) == {1: (2,), 2: (1,)}


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"as_of_latest": "2025-12-31"},
        {"amount": 1_000_000_000, "capital_kind": "increase"},
        {"amount": 1_000_000_000, "capital_kind": "first_registration"},
        {"amount": 1_000_000_000, "capital_kind": "correction"},
        {"amount": 1_000_000_000, "measure": "registered"},
        {"amount": 22_000_000_000_000, "currency": "VND"},
        {"amount": 1_000_000_000, "programme_earliest": "2023-01-01", "programme_latest": "2025-12-31"},
    ],
)
def test_what_says_the_same_or_is_about_something_else_is_no_rival(other):
    assert rivals([total(1), total(2, **other)]) == {}


@pytest.mark.parametrize("kind", ["increase", "decrease", "correction"])
def test_two_events_are_true_together_whatever_their_amounts(kind):
    assert rivals([total(1, capital_kind=kind), total(2, capital_kind=kind, amount=1)]) == {}


def test_of_three_totals_each_has_those_that_disagree_with_it():
    rows = [total(1), total(2, amount=1_000_000_000), total(3)]
    assert rivals(rows) == {1: (2,), 2: (1, 3), 3: (2,)}


@pytest.mark.parametrize(
    "other", [{"value": "64"}, {"value_qualifier": "over"}, {"value_qualifier": "range", "value_high": "64"}]
)
def test_two_values_of_one_scope_and_period_that_disagree_are_rivals(other):
    assert rivals([share(1), share(2, **other)]) == {1: (2,), 2: (1,)}


@pytest.mark.parametrize(
    "other",
    [
        {"value_kind": "target"},
        {"scope": "zones"},
        {"scope": "clusters", "clusters": [7]},
        {"project": 3},
        {"period_earliest": "2018-01-01", "period_latest": "2018-12-31"},
    ],
)
def test_values_of_another_kind_scope_or_period_are_no_rivals(other):
    assert rivals([share(1), share(2, value="64", **other)]) == {}


def test_values_of_unknown_periods_are_not_known_to_be_of_the_same_one():
    unknown = {"period_earliest": None, "period_latest": None}
    assert rivals([share(1, **unknown), share(2, value="64", **unknown)]) == {}
