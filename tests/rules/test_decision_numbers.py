import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules import codes
from registry.rules.decision_numbers import (
    PAPER_TYPES,
    DecisionNumber,
    Family,
    MalformedNumber,
    issuer_agrees,
    normalise,
    parse,
)
from registry.rules.problems import Problem

NUMBERS = st.integers(min_value=1, max_value=999_999)
YEARS = st.integers(min_value=1945, max_value=2199)
STATE_TYPES = st.sampled_from(sorted(PAPER_TYPES))
STATE_ISSUERS = st.sampled_from(
    ["UBND", "TTg", "CP", "HĐND", "BCT", "BKHĐT", "VPCP", "SCT", "BQL", "BNV-BTC", "KHTC&ĐT"]
)
UNITS = st.sampled_from(["CTT", "CNĐP", "KTN", "TH", "KT2", "KT.XD"])
PARTY_ISSUERS = st.sampled_from(["TW", "TU", "ĐU", "HU", "QU", "BTCTW", "VPTW"])


def written(family: Family) -> st.SearchStrategy[DecisionNumber]:
    match family:
        case Family.LAW:
            symbols = st.builds("{}{}".format, st.sampled_from(["QH", "UBTVQH"]), st.integers(10, 20))
            return st.builds(DecisionNumber, NUMBERS, symbols, YEARS, st.just(family))
        case Family.NORMATIVE | Family.INDIVIDUAL:
            symbols = st.builds("{}-{}".format, STATE_TYPES, STATE_ISSUERS)
            years = YEARS if family is Family.NORMATIVE else st.none()
            return st.builds(DecisionNumber, NUMBERS, symbols, years, st.just(family))
        case Family.LETTER:
            symbols = st.builds("{}-{}".format, st.sampled_from(["ĐCK", "UBND", "SCT", "BQL", "VPCP"]), UNITS)
            return st.builds(DecisionNumber, NUMBERS, symbols, st.none(), st.just(family))
        case Family.PARTY:
            symbols = st.builds("{}/{}".format, STATE_TYPES, PARTY_ISSUERS)
            return st.builds(DecisionNumber, NUMBERS, symbols, st.none(), st.just(family))


ANY_NUMBER = st.sampled_from(Family).flatmap(written)


@pytest.mark.parametrize("family", list(Family))
def test_a_number_of_every_family_is_read_back_as_it_was_written(family):
    @given(written(family))
    def read_back(number):
        assert parse(str(number)) == number

    read_back()


@pytest.mark.parametrize(
    ("text", "family", "number", "year", "type_part", "issuer_part"),
    [
        ("143/2025/QH15", Family.LAW, 143, 2025, "", "QH"),
        ("68/2017/NĐ-CP", Family.NORMATIVE, 68, 2017, "NĐ", "CP"),
        ("14/2024/TT-BCT", Family.NORMATIVE, 14, 2024, "TT", "BCT"),
        ("202/QĐ-UBND", Family.INDIVIDUAL, 202, None, "QĐ", "UBND"),
        ("1516/QĐ-TTg", Family.INDIVIDUAL, 1516, None, "QĐ", "TTg"),
        ("1178/ĐCK-CTT", Family.LETTER, 1178, None, "", "ĐCK"),
        ("45-NQ/TW", Family.PARTY, 45, None, "NQ", "TW"),
        ("96-KL/TW", Family.PARTY, 96, None, "KL", "TW"),
    ],
)
def test_each_family_is_told_by_its_form(text, family, number, year, type_part, issuer_part):
    read = parse(text)
    assert (read.family, read.number, read.year) == (family, number, year)
    assert (read.type_part, read.issuer_part) == (type_part, issuer_part)
    assert str(read) == text


DASHES = st.sampled_from(["-", "\u2010", "\u2011", "–", "—", "\u2212"])
BLANKS = st.sampled_from(["", " ", "  ", "\u00a0", "\u202f", "\u200b"])


@st.composite
def spellings(draw: st.DrawFn) -> tuple[DecisionNumber, str]:
    """A number, and the same as someone's keyboard, font or scanner might have it."""
    number = draw(ANY_NUMBER)
    text = str(number)
    if draw(st.booleans()):
        text = re.sub(r"\b(QĐ|NĐ|HĐND)\b", lambda known: known[0].replace("Đ", "D"), text)
    elif draw(st.booleans()):
        text = text.replace("Đ", "Ð")
    if draw(st.booleans()):
        text = text.replace("Ư", "Ƣ")
    for mark in "/-":
        text = "".join(
            f"{draw(BLANKS)}{draw(DASHES) if c == '-' else c}{draw(BLANKS)}" if c == mark else c for c in text
        )
    text = draw(st.sampled_from(["", "0", "00"])) + text
    text = draw(st.sampled_from(["", "số ", "Số: ", "Quyết định số ", "Quyết\u00a0định  số: "])) + text
    text = draw(BLANKS) + text + draw(BLANKS)
    return number, unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), text)


@given(spellings())
def test_any_spelling_of_a_number_gives_the_same_number(spelling):
    number, text = spelling
    if number.number > 9_999:
        text = str(number)  # leading zeros would make it too long to be a number
    assert parse(text) == number


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("96- KL/TW", "96-KL/TW"),
        ("202/QD-UBND", "202/QĐ-UBND"),
        ("Quyết\u00a0định số 1013/QĐ-UBND", "1013/QĐ-UBND"),
        ("202/QÐ–UBND", "202/QĐ-UBND"),
        ("04/qđ-ttg", "4/QĐ-TTg"),
        ("32/2024/ND-CP", "32/2024/NĐ-CP"),
        ("5/TƢ-UBND", "5/TƯ-UBND"),
        ("12/NQ-HDND", "12/NQ-HĐND"),
        ("7/HD-SCT", "7/HD-SCT"),
        ("8/tb-bqldd", "8/TB-BQLDD"),
        ("9/TTrB-KTTh", "9/TTrB-KTTh"),
    ],
)
def test_spellings_met_in_papers_are_normalised(text, meant):
    assert normalise(text) == meant
    assert normalise(unicodedata.normalize("NFD", text)) == meant


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", "202/QĐ-UBND"),
        ("202", "202/QĐ-UBND"),
        ("202 QĐ UBND", "Có phải là 202/QĐ-UBND?"),
        ("202-QĐ-UBND", "Có phải là 202/QĐ-UBND?"),
        ("202-QĐ/UBND", "Có phải là 202/QĐ-UBND?"),
        ("45/NQ-TW", "Có phải là 45-NQ/TW?"),
        ("32/2024 NĐ CP", "Có phải là 32/2024/NĐ-CP?"),
        ("QĐ-UBND", "để trống ô số"),
        ("202/QĐUBND", "202/QĐ-UBND (quyết định)"),
        ("202a/QĐ-UBND", "202/QĐ-UBND (quyết định)"),
        ("202/QĐ-UBND và 607/QĐ-UBND", "202/QĐ-UBND (quyết định)"),
        ("0/QĐ-UBND", "không thể là 0"),
        ("32/1024/NĐ-CP", "Năm 1024"),
    ],
)
def test_a_malformed_number_is_refused_with_what_to_write_instead(text, shown):
    with pytest.raises(MalformedNumber) as refusal:
        parse(text)
    assert refusal.value.code == "decision_number_malformed"
    assert shown in refusal.value.message


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        number = parse(text)
    except Problem:
        return
    assert parse(str(number)) == number


@pytest.mark.parametrize(
    ("text", "issuer", "agrees"),
    [
        ("202/QĐ-UBND", "UBND", True),
        ("202/QĐ-UBND", "TTg", False),
        ("1516/QĐ-TTg", "TTG", True),
        ("1516/QĐ-TTg", "UBND", False),
        ("143/2025/QH15", "QH", True),
        ("45-NQ/TW", "TW", True),
        ("1178/ĐCK-CTT", "ĐCK", True),
        ("1178/ĐCK-CTT", "CTT", False),
        ("1/2014/TTLT-BNV-BTC", "BTC", True),
        ("202/QĐ-UBND", "", True),
    ],
)
def test_the_issuer_named_must_agree_with_the_symbol(text, issuer, agrees):
    assert issuer_agrees(parse(text), issuer) is agrees


def test_families_are_those_of_the_list_of_codes():
    assert tuple(Family) == codes.NUMBER_FAMILY.codes
