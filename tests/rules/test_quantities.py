from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules import codes
from registry.rules.problems import Problem
from registry.rules.quantities import (
    Qualifier,
    Quantity,
    format_number,
    format_quantity,
    parse_area_ha,
    parse_number,
    parse_quantity,
)

NUMBERS = st.decimals(min_value=0, max_value=10**12, places=4)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,5", "1234.5"),
        ("47,8", "47.8"),
        ("50", "50"),
        ("20 000", "20000"),
        ("20\u00a0000,25", "20000.25"),
        ("1.234.567", "1234567"),
        ("0,5", "0.5"),
        ("007", "7"),
        ("-2,5", "-2.5"),
        ("1,224", "1.224"),
        ("1.224", "1224"),
    ],
)
def test_a_number_is_read_with_a_comma_for_its_decimals(text, number):
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("58.8", "58,8"), ("1,234.5", "1.234,5"), ("1,234,567", "1.234.567"), ("0.500", "0,5")],
)
def test_an_english_number_is_refused_with_its_vietnamese_spelling(text, meant):
    with pytest.raises(Problem) as refusal:
        parse_number(text)
    assert refusal.value.code == "number_unreadable"
    assert f"Có phải là {meant}?" in refusal.value.message


@pytest.mark.parametrize(
    "text", ["", "ha", "5,", ",5", "1.23", "12.34,5", "1..234", "1e3", "٣", "--5", "9" * 50]
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(Problem):
        parse_number(text)


@given(NUMBERS)
def test_a_written_number_is_read_back_as_itself(number):
    assert parse_number(format_number(number)) == number
    assert parse_number(format_number(-number)) == -number


def test_a_number_is_written_without_closing_zeros():
    assert format_number(Decimal("58.8000")) == "58,8"
    assert format_number(Decimal("1234567.50")) == "1.234.567,5"
    assert format_number(Decimal("1E+3")) == "1.000"
    assert format_number(Decimal("-0.00")) == "0"


def test_years_are_written_without_dots():
    assert format_number(Decimal("2025.0000"), "năm") == "2025"
    assert format_number(Decimal(2025), "dự án") == "2.025"
    assert format_quantity(Quantity(Decimal(2025), "range", Decimal(2030)), "Năm") == "từ 2025 đến 2030"


@pytest.mark.parametrize(
    ("text", "value", "qualifier"),
    [
        ("59,33", "59.33", "exact"),
        ("khoảng 58,8", "58.8", "about"),
        ("Khoảng\u00a086", "86", "about"),
        ("trên 9,24", "9.24", "over"),
        ("hơn 840", "840", "over"),
        ("gần 48", "48", "nearly"),
        ("tối đa 20.000", "20000", "up_to"),
        ("không quá 75", "75", "up_to"),
    ],
)
def test_a_qualifier_is_kept_beside_the_value(text, value, qualifier):
    assert parse_quantity(text) == Quantity(Decimal(value), qualifier)


@pytest.mark.parametrize("text", ["9,6-10", "9,6 – 10", "từ 9,6 đến 10", "từ 9,6 tới 10"])
def test_a_range_keeps_both_ends(text):
    assert parse_quantity(text) == Quantity(Decimal("9.6"), "range", Decimal(10))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("lên đến 4,65", "qualifier_ambiguous"),
        ("đến 4,65", "qualifier_ambiguous"),
        ("dưới 10", "qualifier_unknown"),
        ("10-9,6", "range_reversed"),
        ("10-10", "range_reversed"),
        ("khoảng", "number_unreadable"),
        ("vài chục", "number_unreadable"),
    ],
)
def test_a_quantity_that_could_mean_two_things_is_refused(text, code):
    with pytest.raises(Problem) as refusal:
        parse_quantity(text)
    assert refusal.value.code == code


@given(NUMBERS, st.sampled_from(Qualifier), st.none() | NUMBERS)
def test_a_written_quantity_is_read_back_as_itself(value, qualifier, high):
    if qualifier == Qualifier.RANGE:
        if high is None or high == value:
            return
        quantity = Quantity(min(value, high), qualifier, max(value, high))
    else:
        quantity = Quantity(value, qualifier)
    assert parse_quantity(format_quantity(quantity)) == quantity


@pytest.mark.parametrize(
    ("text", "hectares", "qualifier"),
    [
        ("khoảng 58,8ha", "58.8", "about"),
        ("59,33 ha", "59.33", "exact"),
        ("quy mô 47,8 ha", "47.8", "exact"),
        ("diện tích khoảng 58,8ha", "58.8", "about"),
        ("50", "50", "exact"),
        ("478.000 m2", "47.8", "exact"),
        ("478.000 m²", "47.8", "exact"),
        ("1,5 km2", "150", "exact"),
        ("tối đa 20 000 ha", "20000", "up_to"),
    ],
)
def test_an_area_is_read_in_hectares(text, hectares, qualifier):
    assert parse_area_ha(text) == Quantity(Decimal(hectares), qualifier)


@pytest.mark.parametrize("text", ["0 ha", "0,0 m2", "-5 ha"])
def test_an_area_is_above_zero(text):
    with pytest.raises(Problem) as refusal:
        parse_area_ha(text)
    assert refusal.value.code == "area_not_positive"


@given(st.text(max_size=30))
def test_any_text_is_an_area_or_refused(text):
    try:
        area = parse_area_ha(text)
    except Problem:
        return
    assert area.value > 0


def test_qualifiers_are_those_of_the_list_of_codes():
    assert tuple(Qualifier) == codes.QUALIFIER.codes
