from datetime import date

import pytest

from registry.rules.citations import agrees
from registry.rules.dates import StatedDate

PEOPLES_COMMITTEE = "Ủy ban nhân dân thành phố Hải Phòng"
FIRST_HALF = StatedDate(date(2023, 1, 1), date(2023, 6, 30), "năm 2023")


@pytest.mark.parametrize(
    ("field", "as_stated", "value", "verdict"),
    [
        ("issuer", "UBND TP", PEOPLES_COMMITTEE, True),
        ("issuer", "UBND TP.Hải Phòng", PEOPLES_COMMITTEE, True),
        ("issuer", "UBND huyện Tiên Lãng", PEOPLES_COMMITTEE, False),
        ("name", "huyện Tiên Lãng", "Tiên Lãng", True),
        ("name", "CCN Tràng Duệ", "Cụm công nghiệp Tràng Duệ", True),
        ("name", "KCN Tràng Duệ", "Cụm công nghiệp Tràng Duệ", False),
        ("cluster", "Tiên Cường III", "Tiên Cường II", False),
        ("developer", "Công ty TNHH MDA E &C", "Công ty TNHH MDA E&C", True),
        ("number", "202/QD - UBND", "202/QĐ-UBND", True),
        ("number", "203/QĐ-UBND", "202/QĐ-UBND", False),
        ("area_ha", "47,8 ha", ("47.8", None, "exact"), True),
        ("area_ha", "khoảng 47,8 ha", ("47.8", None, "exact"), False),
        ("issued_on", "23/2/2022", StatedDate(date(2022, 2, 23), date(2022, 2, 23)), True),
        ("issued_on", "24/2/2022", StatedDate(date(2022, 2, 23), date(2022, 2, 23)), False),
        ("issued_on", "năm 2023", FIRST_HALF, True),
        ("issued_on", "tính đến tháng 6/2023", FIRST_HALF, True),
        ("issued_on", "tính đến tháng 5/2023", FIRST_HALF, False),
    ],
)
def test_a_stated_value_supports_or_rivals_the_records(field, as_stated, value, verdict):
    assert agrees(field, as_stated, value) is verdict


@pytest.mark.parametrize(
    ("field", "as_stated", "value"),
    [
        ("name", "Giang Biên", None),
        ("name", "", "Giang Biên"),
        ("number", "số chưa rõ", "202/QĐ-UBND"),
        ("area_ha", "rộng lớn", ("47.8", None, "exact")),
        ("issued_on", "mùa xuân", FIRST_HALF),
    ],
)
def test_what_a_machine_cannot_compare_is_neither(field, as_stated, value):
    assert agrees(field, as_stated, value) is None


def test_a_place_named_among_several_is_supported_and_another_is_a_rival() -> None:
    places = ["Hồng Phong", "An Hòa"]
    assert agrees("places", "xã Hồng Phong, huyện An Dương", places) is True
    assert agrees("places", "xã Đại Bản", places) is False
    assert agrees("places", "xã Hồng Phong", []) is None
