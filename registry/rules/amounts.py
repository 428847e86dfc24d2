"""Figures with a unit, as papers state them: money, shares, counts, output.

`khoảng 7,6 tỷ USD`, `933 dự án`, `22,3%`, `9,6-10 triệu sản phẩm/tháng`: a quantity, the power of ten said in
words (nghìn, triệu, tỷ), and a unit.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from registry.rules.problems import Problem
from registry.rules.quantities import Qualifier, Quantity, parse_quantity
from registry.rules.text import clean_text, mend_letters, plain_dashes

_SCALES = {"nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_CURRENCIES = {"usd": "USD", "đô la mỹ": "USD", "vnd": "VND", "vnđ": "VND", "đồng": "VND"}
_FIGURE = re.compile(r"(?P<quantity>[^\d]*\d[\d.,]*(?: ?(?:-|đến|tới) ?\d[\d.,]*)?)(?P<rest>.*)")
_HALF = re.compile(r"(?:(trên|hơn|khoảng|gần) )?(?:một )?nửa(?P<rest>.*)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity in ones (millions multiplied out), and its unit as written, lower case, without `/` spaces."""

    quantity: Quantity
    unit: str


@dataclass(frozen=True, slots=True)
class Money:
    """Whole units of a currency (ISO 4217), and how exactly they are stated."""

    amount: int
    currency: str
    qualifier: str = Qualifier.EXACT


def parse_figure(text: str) -> Figure:
    """Read a figure with its unit. Half of something is 50 %.

    Raises Problem `number_unreadable` and those of `parse_quantity`.
    """
    words = plain_dashes(clean_text(mend_letters(text))).lower()
    if match := _HALF.fullmatch(words):
        qualifier = {"trên": "over", "hơn": "over", "khoảng": "about", "gần": "nearly"}.get(match[1], "exact")
        return Figure(Quantity(Decimal(50), qualifier), "%")
    match = _FIGURE.fullmatch(words)
    if match is None:
        raise Problem("number_unreadable", f"Không đọc được số liệu “{clean_text(text)}”.")
    read, (scale, unit) = parse_quantity(match["quantity"].strip()), _scaled(match["rest"])
    high = None if read.high is None else read.high * scale
    return Figure(Quantity(read.value * scale, str(read.qualifier), high), unit)


def parse_money(text: str) -> Money:
    """Read an amount of money: `1.224 tỷ đồng`, `trên 9,24 tỷ USD`.

    Raises Problem: `currency_unknown`, `amount_not_whole`, `amount_range`, and those of `parse_figure`.
    """
    figure = parse_figure(text)
    unit = figure.unit.partition("/")[0].strip()
    if unit not in _CURRENCIES:
        raise Problem(
            "currency_unknown",
            f"Không rõ loại tiền trong “{clean_text(text)}”. Hãy ghi USD hoặc đồng, như 7,6 tỷ USD.",
        )
    if figure.quantity.high is not None:
        raise Problem("amount_range", "Số vốn là một số, không phải một khoảng.")
    value = figure.quantity.value
    if value <= 0 or value != value.to_integral_value():
        raise Problem("amount_not_whole", "Số vốn phải là số nguyên lớn hơn 0 của đơn vị tiền.")
    return Money(int(value), _CURRENCIES[unit], str(figure.quantity.qualifier))


def scale_of(unit: str) -> tuple[int, str]:
    """The power of ten said by a unit, and the unit itself: `triệu USD` is (1 000 000, `usd`)."""
    return _scaled(plain_dashes(clean_text(unit)).lower())


def _scaled(words: str) -> tuple[int, str]:
    scale, left = 1, words.split()
    while left and left[0] in _SCALES:
        scale *= _SCALES[left.pop(0)]
    return scale, " ".join(left)
