"""Paragraphs of documents, and values that stand in them whole."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.paragraphs import nearest, number_of, paragraphs, stands_in


def test_paragraphs_are_blocks_between_blank_lines_whatever_the_blanks_are():
    text = "\ufeffmột\nhai\n\n\u00a0\nba\r\n\r\n\u200b\n\nbốn\n"
    assert paragraphs(text) == ["một hai", "ba", "bốn"]
    assert paragraphs(" \n\n\t\n") == []


@pytest.mark.parametrize(
    ("locator", "number"),
    [
        ("đoạn 6", 6),
        ("đoạn\u00a0 10", 10),
        (unicodedata.normalize("NFD", "đoạn 6"), 6),
        ("đoạn 0", None),
        ("đoạn 06", None),
        ("đoạn 6a", None),
        ("trang 6", None),
        ("6", None),
        ("đoạn ٦", None),
    ],
)
def test_only_a_counted_paragraph_has_a_number(locator, number):
    assert number_of(locator) == number


@pytest.mark.parametrize(
    ("as_stated", "paragraph"),
    [
        ("49,7 ha", "Tiên Lãng (49,7 ha), An Thọ"),
        ("khoảng 58,8ha", "có diện tích khoảng 58,8ha; Cụm"),
        ("18/01/2022", "ngày 18/01/2022; thành lập"),
        ("86%", "lấp đầy khoảng 86% và"),
        ("năm 2023", "vào năm 2023."),
        ("An Lão", "gồm Vĩnh Niệm, An\u00a0 Lão, Tân Liên"),
        ("UBND TP", "UBND TP.Hải Phòng"),
        ("202/QĐ-UBND", "số 202/QĐ-UBND ngày"),
        ("luỹ kế", "lu\u0079\u0303 kế"),
        ("R&D", "lĩnh vực R&D, và"),
        ("(49,97 ha)", "An Thọ (49,97 ha)"),
    ],
)
def test_a_value_stands_in_its_paragraph(as_stated, paragraph):
    assert stands_in(as_stated, paragraph)


@pytest.mark.parametrize(
    ("as_stated", "paragraph"),
    [
        ("5", "diện tích 50 ha"),
        ("0 ha", "diện tích 50 ha"),
        ("50", "diện tích 50,5 ha"),
        ("50", "diện tích 1.050 ha"),
        ("5 ha", "diện tích 50,5 ha"),
        ("224 tỷ", "vốn 1.224 tỷ"),
        ("224 tỷ", "vốn 1,224 tỷ"),
        ("1.224", "vốn 1.224.000"),
        ("2/2022", "ngày 23/2/2022"),
        ("18/01", "ngày 18/01/2022"),
        ("2022", "giai đoạn 2022-2023"),
        ("2023", "giai đoạn 2022–2023"),
        ("02/QĐ-UBND", "số 202/QĐ-UBND"),
        ("Tiên Cường I", "cụm Tiên Cường II"),
        ("ha", "nhà máy"),
        ("an lão", "gồm An Lão"),
        ("", "bất kỳ"),
        ("\u200b", "bất kỳ"),
        ("5.", "50 ha, 5 ha"),
    ],
)
def test_part_of_a_word_a_number_or_a_date_is_not_the_value(as_stated, paragraph):
    assert not stands_in(as_stated, paragraph)


@given(st.lists(st.from_regex(r"[a-zđ]{1,6}", fullmatch=True), min_size=1), st.data())
def test_any_run_of_whole_words_stands_in_their_paragraph(words, data):
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    assert stands_in("  ".join(words[start:end]), " ".join(words))


def test_the_nearest_paragraph_that_has_the_value_is_named():
    document = ["900 triệu", "-", "-", "900 triệu", "9.900 triệu"]
    assert nearest("900 triệu", document, 2) == 1
    assert nearest("900 triệu", document, 5) == 4
    assert nearest("900 triệu", ["900 triệu", "-", "900 triệu"], 2) == 1
    assert nearest("901 triệu", document, 2) is None
