from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.amounts import Money, parse_figure, parse_money, quantity_in, scale_of
from registry.rules.problems import Problem
from registry.rules.quantities import Qualifier, Quantity, format_number, format_quantity


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("1.224 tỷ đồng", Money(1_224_000_000_000, "VND")),
        ("1,224 tỷ USD", Money(1_224_000_000, "USD")),
        ("trên 9,24 tỷ USD", Money(9_240_000_000, "USD", "over")),
        ("khoảng 7,6\u00a0tỷ USD", Money(7_600_000_000, "USD", "about")),
        ("900 triệu USD", Money(900_000_000, "USD")),
        ("gần 48 tỷ USD", Money(48_000_000_000, "USD", "nearly")),
        ("hơn 2 tỷ USD", Money(2_000_000_000, "USD", "over")),
        ("1.224 tỷ VNĐ", Money(1_224_000_000_000, "VND")),
        ("tối đa 20.000 tỷ đồng", Money(20_000_000_000_000, "VND", "up_to")),
        ("6,5 tỷ USD/năm", Money(6_500_000_000, "USD")),
        ("1 224 000 USD", Money(1_224_000, "USD")),
        ("5 nghìn tỉ đồng", Money(5_000_000_000_000, "VND")),
        ("900 triệu đô", Money(900_000_000, "USD")),
        ("900 tr đô Mỹ", Money(900_000_000, "USD")),
        ("1.224 tỷ đ", Money(1_224_000_000_000, "VND")),
        ("1.224.000₫", Money(1_224_000, "VND")),
        ("900tr đ", Money(900_000_000, "VND")),
        ("USD 900 triệu", Money(900_000_000, "USD")),
        ("trên $9,24 tỷ", Money(9_240_000_000, "USD", "over")),
        ("khoảng US$ 5 triệu", Money(5_000_000, "USD", "about")),
        ("VND 1.000.000", Money(1_000_000, "VND")),
        ("900 triệu (USD)", Money(900_000_000, "USD")),
    ],
)
def test_money_is_whole_units_of_its_currency(text, money):
    assert parse_money(text) == money


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1 tỷ", "currency_unknown"),
        ("1 tỷ euro", "currency_unknown"),
        ("900tr", "currency_unknown"),
        ("USD 900 triệu đồng", "currency_unknown"),
        ("USD 1 tỷ (đồng)", "number_unreadable"),
        ("0,0001 USD", "amount_not_whole"),
        ("0 USD", "amount_not_whole"),
        ("9-10 tỷ USD", "amount_range"),
        ("lên đến 4,65 tỷ USD", "qualifier_ambiguous"),
        ("tới 4,65 tỷ USD", "qualifier_ambiguous"),
        ("dưới 2 tỷ USD", "qualifier_unknown"),
        ("nhiều tỷ USD", "number_unreadable"),
        ("1.22 tỷ USD", "number_unreadable"),
        ("1,224,000 USD", "number_unreadable"),
        ("1 tỷ 200 triệu USD", "number_unreadable"),
        ("9 tỷ - 10 tỷ USD", "number_unreadable"),
        ("10-9 tỷ USD", "range_reversed"),
        ("nửa triệu USD", "number_unreadable"),
        ("-1 tỷ USD", "amount_not_whole"),
        ("", "number_unreadable"),
        ("USD", "number_unreadable"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_code(text, code):
    with pytest.raises(Problem) as refused:
        parse_money(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "quantity", "unit"),
    [
        ("22,3%", Quantity(Decimal("22.3")), "%"),
        ("hơn nửa số vốn", Quantity(Decimal(50), "over"), "%"),
        ("quá nửa", Quantity(Decimal(50), "over"), "%"),
        ("một nửa", Quantity(Decimal(50)), "%"),
        ("gần một nửa tổng vốn", Quantity(Decimal(50), "nearly"), "%"),
        ("2 lần", Quantity(Decimal(2)), "lần"),
        ("04 năm", Quantity(Decimal(4)), "năm"),
        ("trên 81%", Quantity(Decimal(81), "over"), "%"),
        ("20 000 lao động", Quantity(Decimal(20000)), "lao động"),
        ("500 ha", Quantity(Decimal(500)), "ha"),
        ("3 PM10", Quantity(Decimal(3)), "pm10"),
        ("3 kg CO2", Quantity(Decimal(3)), "kg co2"),
        ("từ 9,6 đến 10 triệu tấn", Quantity(Decimal(9_600_000), "range", Decimal(10_000_000)), "tấn"),
        ("20–22% mỗi năm", Quantity(Decimal(20), "range", Decimal(22)), "% mỗi năm"),
        ("933 dự án", Quantity(Decimal(933)), "dự án"),
        ("khoảng 10.000 lao động", Quantity(Decimal(10000), "about"), "lao động"),
        (
            "9,6 - 10 triệu sản phẩm/tháng",
            Quantity(Decimal(9_600_000), "range", Decimal(10_000_000)),
            "sản phẩm/tháng",
        ),
    ],
)
def test_a_figure_is_read_with_its_unit_and_its_power_of_ten(text, quantity, unit):
    read = parse_figure(text)
    assert (read.quantity, read.unit) == (quantity, unit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lần",
        "nửa triệu lao động",
        "nửa đầu năm 2023",
        "chừng nửa",
        "9,6 triệu - 10 triệu sản phẩm",
        "5 10 triệu",
        "1 tỷ 200 triệu",
        "43% (2018)",
        "9,6 - 10 - 11 triệu",
    ],
)
def test_what_is_no_single_figure_is_refused_and_never_read_in_part(text):
    with pytest.raises(Problem) as refused:
        parse_figure(text)
    assert refused.value.code == "number_unreadable"


QUALIFIED = st.builds(
    Quantity,
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.sampled_from([str(one) for one in Qualifier if one != Qualifier.RANGE]),
)
RANGES = st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)).map(
    lambda ends: Quantity(Decimal(ends[0]) / 10, "range", Decimal(ends[0] + ends[1]) / 10)
)


@given(
    st.one_of(QUALIFIED, RANGES),
    st.sampled_from(["", "nghìn ", "triệu ", "tỷ "]),
    st.sampled_from(["", "%", "USD", "sản phẩm/tháng", "lao động", "m2", "dự án", "lần"]),
)
def test_every_figure_written_out_is_read_back(quantity, scale, unit):
    ones, _ = scale_of(scale + unit)
    read = parse_figure(f"{format_quantity(quantity)} {scale}{unit}")
    high = None if quantity.high is None else quantity.high * ones
    assert read.quantity == Quantity(quantity.value * ones, str(quantity.qualifier), high)
    assert read.unit == unit.lower()


@given(st.text(alphabet="0123456789.,- trênkhoảgđếnửaỷiệu%USD/", max_size=30))
def test_any_text_is_refused_or_read_whole(text):
    try:
        read = parse_figure(text)
    except Problem:
        return
    # What was read has every number of the text: as a value, or as the power of ten of its words.
    assert read.quantity.value.is_finite()
    assert not any(word[:1].isdigit() for word in read.unit.replace("/", " ").split())


def test_the_power_of_ten_of_a_unit_is_read_too():
    assert scale_of("tỷ USD") == (10**9, "usd")
    assert scale_of("nghìn tỷ đồng") == (10**12, "đồng")
    assert scale_of("%") == (1, "%")


@given(st.integers(1, 10**15))
def test_every_amount_written_out_is_read_back(amount):
    assert parse_money(f"{format_number(Decimal(amount))} USD") == Money(amount, "USD")


def test_the_currency_chosen_beside_an_amount_holds_where_the_text_names_none():
    assert parse_money("900 triệu", "USD") == Money(900_000_000, "USD")
    assert parse_money("28.900.000.000", "USD") == Money(28_900_000_000, "USD")
    assert parse_money("trên 9,24 tỷ đô la", "USD") == Money(9_240_000_000, "USD", "over")
    with pytest.raises(Problem) as refused:
        parse_money("1.224 tỷ đồng", "USD")
    assert refused.value.code == "currency_disagrees"


@pytest.mark.parametrize(
    ("text", "unit", "quantity"),
    [
        ("25", "triệu USD", Quantity(Decimal(25))),
        ("25 triệu USD", "triệu USD", Quantity(Decimal(25))),
        ("6,5 tỷ USD", "triệu USD", Quantity(Decimal(6500))),
        ("khoảng 6,5 tỷ", "USD/năm", Quantity(Decimal(6_500_000_000), "about")),
        ("20-22% mỗi năm", "%/năm", Quantity(Decimal(20), "range", Decimal(22))),
        ("hơn một nửa", "%", Quantity(Decimal(50), "over")),
        ("20-22%", "%/năm", Quantity(Decimal(20), "range", Decimal(22))),
        ("86 phần trăm", "%", Quantity(Decimal(86))),
        ("20 phần trăm mỗi năm", "%/năm", Quantity(Decimal(20))),
    ],
)
def test_a_figure_is_brought_to_the_unit_it_is_kept_in(text, unit, quantity):
    assert quantity_in(text, unit) == quantity


@pytest.mark.parametrize(("text", "unit"), [("86 ha", "%"), ("5%/năm", "%"), ("04 tháng", "năm")])
def test_a_figure_in_another_unit_is_refused(text, unit):
    with pytest.raises(Problem) as refused:
        quantity_in(text, unit)
    assert refused.value.code == "unit_disagrees"
