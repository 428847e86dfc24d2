"""Words as they are kept with the month of their record."""

from datetime import date

import pytest

from registry.rules.shelves import WIDTH, bounds, days_of, on_shelf
from registry.rules.text import LONGEST_WORD


def test_a_word_is_kept_with_its_year_and_month():
    assert on_shelf("lap", date(2016, 5, 31)) == "lap 201605"
    assert on_shelf("lap", date(1, 1, 1)) == "lap 000101"


def test_the_longest_word_fits_with_its_month():
    assert len(on_shelf("a" * LONGEST_WORD, date(2016, 5, 1))) == LONGEST_WORD


@pytest.mark.parametrize(
    ("asked", "kept", "found"),
    [
        ("lap", "lap", True),
        ("la", "lap", True),
        ("lap", "la", False),
        ("lap", "laq", False),
        ("202", "202", True),
        ("202", "2023", False),
        ("x" * LONGEST_WORD, "x" * LONGEST_WORD, True),
        ("9" * LONGEST_WORD, "9" * LONGEST_WORD, True),
    ],
)
def test_a_word_finds_what_begins_so_and_a_number_only_itself(asked, kept, found):
    low, high = bounds("decision", asked)
    assert (low <= on_shelf(kept, date(9999, 12, 31)) < high) is found
    assert (low <= on_shelf(kept, date(1, 1, 1)) < high) is found
    low, high = bounds("cluster", asked)
    assert (low <= kept < high) is found


def test_shelves_follow_one_another_as_months_do():
    days = [date(999, 12, 31), date(1000, 1, 1), date(2016, 9, 30), date(2016, 10, 1), date(2017, 1, 1)]
    kept = [on_shelf("lap", day) for day in days]
    assert kept == sorted(kept)


def test_the_days_of_shelves_are_all_of_their_days():
    assert days_of("201602", "201602") == (date(2016, 2, 1), date(2016, 2, 29))
    assert days_of("000101", "999912") == (date.min, date.max)
    day = date(2021, 12, 31)
    shelf = on_shelf("", day)[1 - WIDTH :]
    assert days_of(shelf, shelf)[0] <= day <= days_of(shelf, shelf)[1]
