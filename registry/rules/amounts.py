"""Figures with a unit, as papers state them: money, shares, counts, output.

`khoảng 7,6 tỷ USD`, `933 dự án`, `22,3%`, `9,6-10 triệu sản phẩm/tháng`: a quantity, the power of ten said in
words (nghìn, triệu, tỷ), and a unit.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from registry.rules.problems import Problem
from registry.rules.quantities import Qualifier, Quantity, parse_quantity
from registry.rules.text import clean_text, mend_letters, plain_dashes, search_text

_SCALES = {"nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tr": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_CURRENCIES = {"usd": "USD", "đô la mỹ": "USD", "đô la": "USD", "đô": "USD", "đô mỹ": "USD", "us$": "USD",
               "$": "USD", "vnd": "VND", "vnđ": "VND", "đồng": "VND", "đ": "VND", "₫": "VND",
               "đồng việt nam": "VND"}  # fmt: skip
_NAMED = "|".join(re.escape(name) for name in sorted(_CURRENCIES, key=len, reverse=True))
#: `USD 900 triệu`, `trên $9,24 tỷ`; `900 triệu (USD)`.
_NAMED_FIRST = re.compile(rf"(?P<before>(?:[^\W\d_]+ )*?)(?P<named>{_NAMED}) ?(?P<figure>\d.*)")
_BRACKETED = re.compile(rf"(?P<figure>.*\S) ?\((?P<named>{_NAMED})\)")
_NUMBER = r"\d[\d.,]*(?<=\d)(?: \d{3}(?!\d)(?:,\d+)?)*"
_FIGURE = re.compile(rf"(?P<quantity>\D*{_NUMBER}(?: ?(?:-|đến|tới) ?{_NUMBER})?)(?P<rest>.*)")
#: Half of something; “nửa triệu” and “nửa đầu năm” are something else.
_HALVES = {"trên": "over", "hơn": "over", "quá": "over", "khoảng": "about", "gần": "nearly"}
_HALF = re.compile(rf"(?:({'|'.join(_HALVES)}) )?(?:một )?nửa(?: (?:số|tổng|của|trong) .*)?")
#: A second number in what should be a unit: `9 triệu - 10 triệu`, `1 tỷ 200 triệu`. `m2` and `CO2` are units.
_SECOND_NUMBER = re.compile(r"(?<![^\W_])\d")


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
    read, scale, unit = _read(text)
    return Figure(_times(read, Decimal(scale)), unit)


def parse_money(text: str, currency: str = "") -> Money:
    """Read an amount of money: `1.224 tỷ đồng`, `trên 9,24 tỷ USD`.

    currency: the one meant where the text names none; where it names one, the two agree.
    Raises Problem: `currency_unknown`, `currency_disagrees`, `amount_not_whole`, `amount_range`, and those of
    `parse_figure`.
    """
    figure = parse_figure(_named_last(text))
    unit = figure.unit.partition("/")[0].strip()
    named = _CURRENCIES.get(unit, "") if unit else currency
    if not named:
        raise Problem(
            "currency_unknown",
            f"Không rõ loại tiền trong “{clean_text(text)}”. Hãy ghi USD hoặc đồng, như 7,6 tỷ USD.",
        )
    if currency and named != currency:
        raise Problem(
            "currency_disagrees",
            f"“{clean_text(text)}” ghi {named} nhưng loại tiền đang chọn là {currency}. Hãy giữ một trong hai.",
        )
    if figure.quantity.high is not None:
        raise Problem("amount_range", "Số vốn là một số, không phải một khoảng.")
    value = figure.quantity.value
    if value <= 0 or value != value.to_integral_value():
        raise Problem("amount_not_whole", "Số vốn phải là số nguyên lớn hơn 0 của đơn vị tiền.")
    return Money(int(value), named, str(figure.quantity.qualifier))


def quantity_in(text: str, unit: str) -> Quantity:
    """Read a figure as a quantity in that unit: a bare number is in it already, one with words is brought to it.

    In `triệu USD`: `25` is 25, `25 triệu USD` is 25, `6,5 tỷ USD` is 6 500.
    A unit that leaves out the part after `/` is that unit: `20-22%` of `%/năm`.
    Raises Problem `unit_disagrees` and those of `parse_figure`.
    """
    read, scale, said = _read(text)
    own_scale = scale_of(unit)[0]
    if not says_unit(said, unit):
        raise Problem(
            "unit_disagrees",
            f"Đơn vị “{said}” khác đơn vị tính “{unit}”. Hãy chỉ ghi số theo đơn vị đó.",
        )
    return _times(read, Decimal(scale) / own_scale) if said or scale != 1 else read


def says_unit(said: str, unit: str) -> bool:
    """Whether a unit as stated is that unit, or leaves out a part: none at all, or `%` said of `%/năm`."""
    own = _folded(scale_of(unit)[1])
    return said == "" or _folded(said) == own or own.startswith(f"{_folded(said)}/")


def rival_units(one: str, other: str) -> bool:
    """Whether both name a currency, or both the time in which something comes, and not the same."""
    parts = [_folded(scale_of(unit)[1]).partition("/") for unit in (one, other)]
    money = {_CURRENCY_OF.get(what) for what, _, _ in parts}
    times = {time if time in _TIMES else None for _, _, time in parts}
    return any(len(named - {None}) == 2 for named in (money, times))


def scale_of(unit: str) -> tuple[int, str]:
    """The power of ten said by a unit, and the unit itself: `triệu USD` is (1 000 000, `usd`)."""
    return _scaled(plain_dashes(clean_text(unit)).lower())


def _scaled(words: str) -> tuple[int, str]:
    scale, left = 1, words.split()
    while left and left[0] in _SCALES:
        scale *= _SCALES[left.pop(0)]
    return scale, " ".join(left)


def _read(text: str) -> tuple[Quantity, int, str]:
    """The number as written, the power of ten said in words, and the unit."""
    words = plain_dashes(clean_text(mend_letters(text))).lower()
    if half := _HALF.fullmatch(words):
        return Quantity(Decimal(50), _HALVES.get(half[1], Qualifier.EXACT)), 1, "%"
    match = _FIGURE.fullmatch(words)
    if match is None or _SECOND_NUMBER.search(match["rest"]):
        raise Problem("number_unreadable", f"Không đọc được số liệu “{clean_text(text)}”.")
    return parse_quantity(match["quantity"].strip()), *_scaled(match["rest"])


def _named_last(text: str) -> str:
    """The currency after the figure, where an amount of money has it before or in brackets."""
    words = plain_dashes(clean_text(mend_letters(text))).lower()
    if match := _BRACKETED.fullmatch(words):
        return f"{match['figure']} {match['named']}"
    if match := _NAMED_FIRST.fullmatch(words):
        return f"{match['before']}{match['figure']} {match['named']}"
    return text


def _times(read: Quantity, factor: Decimal) -> Quantity:
    high = None if read.high is None else read.high * factor
    return Quantity(read.value * factor, str(read.qualifier), high)


def _folded(unit: str) -> str:
    """`% mỗi năm`, `phần trăm/năm` and `%/năm` are one unit."""
    written = re.sub(r"\bphan tram\b", "%", re.sub(r"\bmoi\b", "/", search_text(unit)))
    return re.sub(r"\s", "", written)


_CURRENCY_OF = {_folded(name): code for name, code in _CURRENCIES.items()}
_TIMES = frozenset(_folded(time) for time in ("ngày", "tuần", "tháng", "quý", "năm"))
