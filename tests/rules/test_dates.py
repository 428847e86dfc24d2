import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules import codes
from registry.rules.dates import StatedDate, acts_on, format_vi, parse_stated
from registry.rules.problems import Problem

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision"),
    [
        ("23/2/2022", date(2022, 2, 23), date(2022, 2, 23), "day"),
        ("ngày 18/01/2022", date(2022, 1, 18), date(2022, 1, 18), "day"),
        ("23-02-2022", date(2022, 2, 23), date(2022, 2, 23), "day"),
        ("23.2.2022", date(2022, 2, 23), date(2022, 2, 23), "day"),
        ("2022-02-23", date(2022, 2, 23), date(2022, 2, 23), "day"),
        ("ngày 5 tháng 3 năm 2021", date(2021, 3, 5), date(2021, 3, 5), "day"),
        ("2/2022", date(2022, 2, 1), date(2022, 2, 28), "month"),
        ("tháng 2/2024", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("tháng 12 năm 2023", date(2023, 12, 1), date(2023, 12, 31), "month"),
        ("2022-02", date(2022, 2, 1), date(2022, 2, 28), "month"),
        ("quý II/2023", date(2023, 4, 1), date(2023, 6, 30), "period"),
        ("2022", date(2022, 1, 1), date(2022, 12, 31), "year"),
        ("năm 2023", date(2023, 1, 1), date(2023, 12, 31), "year"),
        ("Năm\u00a02023.", date(2023, 1, 1), date(2023, 12, 31), "year"),
        ("đến tháng 6/2023", None, date(2023, 6, 30), "period"),
        ("tính đến tháng 6/2023", None, date(2023, 6, 30), "period"),
        ("đến hết năm 2023", None, date(2023, 12, 31), "period"),
        ("đến 31/10/2023", None, date(2023, 10, 31), "period"),
        ("trước ngày 1/7/2023", None, date(2023, 6, 30), "period"),
        ("trước năm 2009", None, date(2008, 12, 31), "period"),
        ("từ ngày 1/3/2026", date(2026, 3, 1), None, "period"),
        ("từ 01/01/2023 đến 30/06/2023", date(2023, 1, 1), date(2023, 6, 30), "period"),
        ("", None, None, "unknown"),
        ("chưa rõ", None, None, "unknown"),
    ],
)
def test_a_date_is_read_as_it_is_stated(text, earliest, latest, precision):
    stated = parse_stated(text)
    assert (stated.earliest, stated.latest, stated.precision) == (earliest, latest, precision)
    assert parse_stated(unicodedata.normalize("NFD", text)) == stated


def test_the_words_are_kept():
    assert parse_stated("  tính  đến\u00a0tháng 6/2023 ").stated_as == "tính đến tháng 6/2023"


@pytest.mark.parametrize(
    "text",
    ["30/2/2022", "29/2/2023", "0/1/2022", "1/13/2022", "23/2/22", "23/2", "13/2022", "cuối năm", "hôm qua",
     "1/1/0022", "từ 2023 đến 2022", "năm 3023"],
)  # fmt: skip
def test_what_is_no_date_is_refused_showing_how_to_write_one(text):
    with pytest.raises(Problem) as refusal:
        parse_stated(text)
    assert refusal.value.code == "date_unreadable"
    assert "23/02/2022" in refusal.value.message


def test_day_comes_before_month():
    assert parse_stated("03/04/2025").exact == date(2025, 4, 3)


def test_a_date_that_is_not_to_the_day_has_no_exact_day():
    assert parse_stated("tháng 2/2022").exact is None
    assert StatedDate(None, date(2022, 2, 1)).exact is None


def test_the_year_known_only_to_its_first_half_is_a_period():
    stated = StatedDate(date(2023, 1, 1), date(2023, 6, 30), "năm 2023")
    assert stated.precision == "period"
    assert format_vi(stated) == "từ 01/01/2023 đến 30/06/2023"


@given(st.none() | DAYS, st.none() | DAYS)
def test_a_date_in_words_is_read_back_with_the_same_bounds(one, other):
    if one and other and other < one:
        one, other = other, one
    stated = StatedDate(one, other)
    read = parse_stated(format_vi(stated))
    assert (read.earliest, read.latest) == (one, other)
    assert read.precision == stated.precision
    assert stated.precision in codes.DATE_PRECISION


@given(DAYS)
def test_a_month_and_a_year_hold_their_first_and_last_day_and_no_other(day):
    month = parse_stated(f"{day.month}/{day.year}")
    year = parse_stated(f"năm {day.year}")
    assert month.earliest <= day <= month.latest
    assert (month.earliest - timedelta(days=1)).month != day.month
    assert (month.latest + timedelta(days=1)).month != day.month
    assert (year.earliest, year.latest) == (date(day.year, 1, 1), date(day.year, 12, 31))


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        stated = parse_stated(text)
    except Problem:
        return
    assert stated.precision in codes.DATE_PRECISION


@pytest.mark.parametrize(
    ("issued", "effective", "day"),
    [
        ("02/01/2026", "", date(2026, 1, 2)),
        ("02/01/2026", "01/02/2026", date(2026, 2, 1)),
        ("02/01/2026", "kể từ ngày 01/02/2026", date(2026, 2, 1)),
        ("02/01/2026", "kể từ ngày 01/02/2025", date(2026, 1, 2)),
        ("", "kể từ ngày 01/02/2026", date(2026, 2, 1)),
        ("", "", None),
    ],
)
def test_a_paper_acts_from_the_latest_day_its_dates_allow(issued, effective, day):
    unknown = StatedDate(None, None, "")
    stated = [parse_stated(text) if text else unknown for text in (issued, effective)]
    assert acts_on(*stated) == day
