"""The list of countries against the data of Babel it was made from; the programs themselves need no Babel."""

import re

import pytest
from babel import Locale

from registry.rules.countries import COUNTRY

VI, EN = (Locale(language).territories for language in ("vi", "en"))

#: Two letters that CLDR knows and ISO 3166-1 has not assigned to a country: exceptional, private or for tests.
NOT_ISO = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}


def test_the_codes_are_those_of_iso_3166_1_and_no_others():
    known = {code for code in VI if re.fullmatch("[A-Z]{2}", code)}
    assert set(COUNTRY) == known - NOT_ISO
    assert len(list(COUNTRY)) == 249
    assert list(COUNTRY) == sorted(COUNTRY)


def test_every_name_is_the_one_of_cldr_in_both_languages():
    for code in COUNTRY:
        labels = COUNTRY.labels(code)
        assert (labels["vi"], labels["en"]) == (VI[code], EN[code]), code


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("KR", "Hàn Quốc"),
        ("KP", "Triều Tiên"),
        ("JP", "Nhật Bản"),
        ("CN", "Trung Quốc"),
        ("TW", "Đài Loan"),
        ("VN", "Việt Nam"),
        ("SG", "Singapore"),
        ("US", "Hoa Kỳ"),
    ],
)
def test_countries_that_invest_here_are_called_what_papers_call_them(code, name):
    assert COUNTRY.vi(code) == name


def test_no_name_stands_twice():
    names = [COUNTRY.vi(code) for code in COUNTRY]
    assert len(set(names)) == len(names)
