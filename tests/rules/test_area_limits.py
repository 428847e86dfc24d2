from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from registry.rules.area_limits import AREA_LIMITS, area_warnings, limit_on


def test_the_rows_follow_one_another_without_gap_or_overlap():
    for row, following in pairwise(AREA_LIMITS):
        assert row.valid_to == following.valid_from
    assert AREA_LIMITS[-1].valid_to is None


@pytest.mark.parametrize(
    ("day", "basis"),
    [
        (date(2020, 7, 31), None),
        (date(2020, 8, 1), "66/2020/NĐ-CP"),
        (date(2024, 4, 30), "66/2020/NĐ-CP"),
        (date(2024, 5, 1), "32/2024/NĐ-CP"),
        (date(2026, 9, 14), "32/2024/NĐ-CP"),
        (date(2026, 9, 15), "303/2026/NĐ-CP"),
    ],
)
def test_the_limit_is_that_of_the_decree_in_force_on_the_day(day, basis):
    limit = limit_on(day)
    assert (limit and limit.legal_basis) == basis


@pytest.mark.parametrize(
    ("area", "day", "warned"),
    [
        ("10", date(2022, 3, 31), False),
        ("9.99", date(2022, 3, 31), True),
        ("75", date(2022, 3, 31), False),
        ("75.01", date(2022, 3, 31), True),
        ("9.99", date(2019, 1, 1), False),
        ("5", date(2024, 5, 1), True),
        ("4.99", date(2024, 5, 1), True),
        ("5", date(2026, 9, 14), True),
        ("5", date(2026, 9, 15), False),
        ("4.99", date(2026, 9, 15), True),
    ],
)
def test_an_area_outside_the_limits_of_its_day_deserves_a_warning(area, day, warned):
    assert bool(area_warnings(Decimal(area), day)) is warned


def test_a_small_area_is_said_to_be_for_mountains_and_craft_villages():
    (sentence,) = area_warnings(Decimal("7.5"), date(2024, 5, 1))
    assert sentence.startswith("Diện tích 7,5 ha chỉ được phép ở vùng miền núi")
    assert "miền núi" in area_warnings(Decimal(5), date(2024, 5, 1))[0]
    (sentence,) = area_warnings(Decimal("4.5"), date(2024, 5, 1))
    assert "nằm ngoài giới hạn 10-75 ha theo Nghị định 32/2024/NĐ-CP" in sentence
