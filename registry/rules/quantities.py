"""Quantities as papers state them: 1.234,5 with a word for how exactly it is meant.

Reading numbers: the comma is always the decimal mark; dots and spaces only part groups of three digits.
`1,224` is therefore 1.224 (a little over one), `1.224` is one thousand two hundred and twenty-four, and
`58.8`, `1,234.5`, `1,234,567` are refused with the right spelling: guessing would be wrong by a thousand.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from registry.rules.problems import Problem
from registry.rules.text import clean_text, mend_letters, plain_dashes


class Qualifier(StrEnum):
    EXACT = "exact"
    ABOUT = "about"
    OVER = "over"
    NEARLY = "nearly"
    UP_TO = "up_to"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value and how exactly it was stated; `high` only for a range, whose lower end is `value`."""

    value: Decimal
    qualifier: str = Qualifier.EXACT
    high: Decimal | None = None


_WORDS = {
    "khoảng": Qualifier.ABOUT,
    "chừng": Qualifier.ABOUT,
    "xấp xỉ": Qualifier.ABOUT,
    "ước": Qualifier.ABOUT,
    "~": Qualifier.ABOUT,
    "≈": Qualifier.ABOUT,
    "trên": Qualifier.OVER,
    "hơn": Qualifier.OVER,
    "gần": Qualifier.NEARLY,
    "tối đa": Qualifier.UP_TO,
    "không quá": Qualifier.UP_TO,
    "đúng": Qualifier.EXACT,
}
_SHOWN = {
    Qualifier.ABOUT: "khoảng ",
    Qualifier.OVER: "trên ",
    Qualifier.NEARLY: "gần ",
    Qualifier.UP_TO: "tối đa ",
}
_QUALIFIED = re.compile("(" + "|".join(_WORDS) + r") ?(?=\d)(.+)")
_DIGITS = r"\d[\d.,]*(?: \d{3}(?!\d)[\d.,]*)*"
_SPAN = re.compile(rf"(?:từ )?({_DIGITS})(?:-| (?:đến|tới) )({_DIGITS})")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?: \d{3})+|[1-9]\d*)(?:,\d+)?")
_HECTARES = {"ha": Decimal(1), "hecta": Decimal(1), "héc ta": Decimal(1), "m2": Decimal("0.0001"),
             "m²": Decimal("0.0001"), "km2": Decimal(100), "km²": Decimal(100)}  # fmt: skip
_AREA = re.compile(r"(.*[\d,.]) ?(" + "|".join(sorted(_HECTARES, key=len, reverse=True)) + ")")
_ENGLISH = re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}|\d+\.\d+", re.ASCII)
_NOUN = re.compile("(?:với |có )?(?:quy mô|tổng diện tích|diện tích)(?: là)? ")
_LONGEST = 40


def parse_number(text: str) -> Decimal:
    """Read `1.234,5`. Raises Problem `number_unreadable`, showing the right spelling where it can."""
    written = plain_dashes(clean_text(text))
    plain = written.lstrip("0") if re.match(r"0+\d", written) else written
    if len(plain) > _LONGEST or not _NUMBER.fullmatch(plain) or not plain.isascii():
        raise Problem("number_unreadable", _number_refusal(written))
    return Decimal(plain.replace(".", "").replace(" ", "").replace(",", "."))


def format_number(number: Decimal | int, unit: str = "") -> str:
    """Write `1.234,5`: dots part groups of three, no closing zeros after the comma.

    Years, of the unit `năm`, are written without dots: `2025`.
    """
    whole, _, fraction = f"{number:,f}".partition(".")
    if clean_text(unit).lower() == "năm":
        whole = whole.replace(",", "")
    fraction = fraction.rstrip("0")
    shown = whole.replace(",", ".") + (f",{fraction}" if fraction else "")
    return "0" if shown == "-0" else shown


def parse_quantity(text: str) -> Quantity:
    """Read a number with its qualifier: `khoảng 58,8`, `trên 9,24`, `gần 48`, `tối đa 20.000`, `9,6-10`.

    Raises Problem: `number_unreadable`, `qualifier_ambiguous` (“lên đến” may mean at most or reaching),
    `qualifier_unknown` (“dưới”), `range_reversed`.
    """
    words = _plain(text)
    if match := _SPAN.fullmatch(words):
        low, high = parse_number(match[1]), parse_number(match[2])
        if low >= high:
            raise Problem("range_reversed", f"Khoảng “{words}” phải ghi từ số nhỏ đến số lớn.")
        return Quantity(low, Qualifier.RANGE, high)
    if match := _QUALIFIED.fullmatch(words):
        return Quantity(parse_number(match[2]), _WORDS[match[1]])
    _refuse_other_qualifiers(words)
    return Quantity(parse_number(words))


def parse_area_ha(text: str) -> Quantity:
    """Read an area (`quy mô 47,8 ha`); in hectares whether `ha`, `m2`, `km2` or no unit was written.

    Raises Problem as `parse_quantity` does, and `area_not_positive`.
    """
    words, factor = _NOUN.sub("", _plain(text), count=1), Decimal(1)
    if match := _AREA.fullmatch(words):
        words, factor = match[1].strip(), _HECTARES[match[2]]
    read = parse_quantity(words)
    if read.value <= 0:
        raise Problem("area_not_positive", "Diện tích phải lớn hơn 0.")
    return Quantity(read.value * factor, read.qualifier, None if read.high is None else read.high * factor)


def format_quantity(quantity: Quantity, unit: str = "") -> str:
    """Write it, in that unit, which is left out, so that `parse_quantity` reads the same back."""
    low = format_number(quantity.value, unit)
    if quantity.qualifier == Qualifier.RANGE and quantity.high is not None:
        return f"từ {low} đến {format_number(quantity.high, unit)}"
    return _SHOWN.get(Qualifier(quantity.qualifier), "") + low


def _plain(text: str) -> str:
    return plain_dashes(clean_text(mend_letters(text))).lower()


def _refuse_other_qualifiers(words: str) -> None:
    if re.match("(?:lên )?(?:đến|tới) ", words):
        raise Problem(
            "qualifier_ambiguous",
            f"“{words}” có thể là mức tối đa hoặc mức đạt được. Hãy ghi “tối đa …” hoặc chỉ ghi số.",
        )
    if words.startswith("dưới "):
        raise Problem(
            "qualifier_unknown",
            f"Chưa ghi được mức “dưới” như “{words}”. Hãy ghi “gần …” hoặc “tối đa …” cho đúng nghĩa.",
        )


def _number_refusal(written: str) -> str:
    meant = _meant(written)
    hint = f"Có phải là {meant}? " if meant else ""
    return (
        f"Không đọc được số “{written}”. {hint}Hãy dùng dấu phẩy cho phần thập phân, "
        "dấu chấm cho hàng nghìn, như 1.234,5."
    )


def _meant(written: str) -> str | None:
    """What a writer of English-style numbers meant."""
    if len(written) <= _LONGEST and _ENGLISH.fullmatch(written):
        return format_number(Decimal(written.replace(",", "")))
    return None
