"""Whether a value as stated in a document says what the record says."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from registry.rules.amounts import Money, parse_figure, parse_money, rival_units, says_unit, scale_of
from registry.rules.dates import StatedDate, parse_stated
from registry.rules.decision_numbers import normalise
from registry.rules.problems import Problem
from registry.rules.quantities import Quantity, parse_area_ha
from registry.rules.text import clean_text, plain_dashes, search_text
from registry.rules.wordings import Coded, Place, is_of_kind, kind_before, says

#: How papers and articles shorten names.
_ABBREVIATED = {
    "ccn": "cum cong nghiep",
    "hdnd": "hoi dong nhan dan",
    "kcn": "khu cong nghiep",
    "tp": "thanh pho",
    "ubnd": "uy ban nhan dan",
}

_REACHED = ("exact", "up_to")
#: “10 năm” states no rate, “15%” and “4 tháng” no years.
_SAID_IN = {"years": ("", "năm"), "rate_percent": ("", "%")}
#: What papers put in words of their own: theirs being others than ours is no disagreement.
_IN_OTHER_WORDS = frozenset(
    "clusters cooperating definition effect legal_basis products relations sectors task".split()
)
#: Of these, such as are names: “cả hai cụm” leaves open which, “Cụm Giang Biên” is no other cluster.
_NAMES = frozenset(("clusters", "cooperating"))

#: Papers by number: where both are numbers, they are compared as numbers.
_PAPERS = frozenset(("legal_basis", "relations", "successor"))
_RECORDS = frozenset("aliases cluster clusters developer group investor linked_with name scope zone".split())
#: Words that many names begin with: alone they name nobody.
_GENERIC = frozenset(
    """
    cong ty tnhh co phan trach nhiem huu han mot thanh vien tap doan doanh nghiep cum khu cong nghiep kinh te nha may
    du an
    """.split()
)

#: Authorities that act, with the words of which the name of another begins.
_AUTHORITIES = frozenset("asked_by issuer lead".split())
_AUTHORITY = re.compile(
    r"(ban|bo|chinh phu|chu tich|cuc|hoi dong|phong|quoc hoi|so|thu tuong|tong cuc|uy ban|van phong)\b"
)
#: With these before its name another is meant: the Prime Minister is not the Government.
_ABOVE = ("thu tuong", "van phong")
#: What stands before the name of a place.
_WHERE = frozenset("huyen o pho phuong quan tai thuoc tinh tp tran xa".split())
#: What a place begins with.
_PLACES = frozenset("xa phuong thi huyen quan thanh tinh dac".split())
_WORD = re.compile(r"[^\W_]+")


def agrees(field: str, as_stated: str, value: Any) -> bool | None:
    """True: support. False: a rival figure, or another name. None: a machine cannot tell.

    Values: areas (text of hectares, text of the upper end or None, qualifier); amount (whole units, currency,
    qualifier); value (text, text of the upper end or None, qualifier, unit); years and rates as text of a number;
    dates StatedDate; a code of one of our lists Coded; a place Place; a list of any of these, of which a document may
    state one; else text. Words of a document that are not ours disagree only where both are to be one name: sectors
    and tasks may be called anything, and a code is contradicted by the words for another one of its list.
    """
    if isinstance(value, list):
        verdicts = [agrees(field, as_stated, one) for one in value]
        return True if True in verdicts else None if None in verdicts else False if verdicts else None
    if value is None or as_stated == "":
        return None
    if isinstance(value, Coded):
        return says(as_stated, value)
    if isinstance(value, Place):
        return _same_place(as_stated, value)
    try:
        match field:
            case "area_ha" | "land_area_ha":
                return _same_area(as_stated, value)
            case "amount":
                return _same_amount(as_stated, value)
            case "value":
                return _same_figure(as_stated, value)
            case "years" | "rate_percent":
                read = parse_figure(as_stated)
                return read.unit in _SAID_IN[field] and read.quantity == Quantity(Decimal(value))
            case _ if isinstance(value, StatedDate):
                return _same_date(as_stated, value)
            case "unit":
                return _same_unit(as_stated, value)
            case "number" if value.isalpha():
                return _signs(as_stated, value)
            case "number":
                return normalise(as_stated) == normalise(value)
    except Problem:
        return None
    if not isinstance(value, str):
        return None
    if field in _PAPERS and (same_paper := _same_paper(as_stated, value)) is not None:
        return same_paper
    if field in _AUTHORITIES:
        return _same_authority(as_stated, value)
    if _named(value, as_stated):
        return field not in _RECORDS or not _of_another(value, as_stated)
    same = _named(as_stated, value)
    if same and field in _RECORDS:
        return _distinctly(as_stated, value)
    if same or field not in _IN_OTHER_WORDS:
        return same
    return False if field in _NAMES and _proper(as_stated) and _proper(value) else None


def _named(name: str, text: str) -> bool:
    return f" {_in_full(name)} " in f" {_in_full(text)} "


def _distinctly(part: str, name: str) -> bool | None:
    """Whether a part of a record's name names it: general words alone tell nothing, and half of a double name is
    another's.
    """
    said = _own_words(part)
    if not said:
        return None
    halves = re.split(r"\s*[-–]\s*", name)
    return len(halves) == 1 or said not in [_own_words(half) for half in halves]


def _of_another(name: str, text: str) -> bool:
    """Whether the text has the name only within a longer one: “Dũng Tiến - Giang Biên” is not Giang Biên, “Tiên Cường
    II” is not Tiên Cường. A place after the dash only says where the record is.
    """
    found = list(_WORD.finditer(plain_dashes(clean_text(text))))
    words = [(part, match) for match in found for part in _in_full(match[0]).split()]
    own = _in_full(name).split()
    places = [
        n for n in range(len(words) - len(own) + 1) if [word for word, _ in words[n : n + len(own)]] == own
    ]
    return bool(places) and all(_goes_on(words, place, place + len(own)) for place in places)


def _goes_on(words: list[tuple[str, re.Match[str]]], start: int, end: int) -> bool:
    def between(one: int) -> str:
        return words[one][1].string[words[one][1].end() : words[one + 1][1].start()]

    if start and between(start - 1) == "-" and words[start - 1][0] not in _GENERIC:
        return True
    if end == len(words):
        return False
    following = words[end][1][0]
    numbered = between(end - 1) == " " and re.fullmatch("[IVX]+", following) is not None
    return numbered or (between(end - 1) == "-" and words[end][0] not in _PLACES)


def _same_authority(as_stated: str, name: str) -> bool | None:
    """“UBND TP” is the beginning of a name, “Bộ Công Thương” the rest after a comma; “Chính phủ” within “Thủ tướng
    Chính phủ” is another authority, and of “Hải Phòng” nobody can tell.
    """
    said, own = _in_full(as_stated), _in_full(name)
    before = f" {said} ".split(f" {own} ")[:-1]
    if before:
        return any(not text.endswith(_ABOVE) for text in before)
    if any(f"{_in_full(part)} ".startswith(f"{said} ") for part in (name, *name.split(",")[1:])):
        return True
    return None if _named(as_stated, name) and not _AUTHORITY.match(said) else False


def _proper(text: str) -> bool:
    """Whether the words hold the name of somebody or something, other than of a place where it is."""
    place, before = False, ""
    for number, word in enumerate(_WORD.findall(clean_text(text))):
        plain = search_text(word)
        place = word[0].isupper() and (place or before in _WHERE)
        if number and word[0].isupper() and not place and plain not in _ABBREVIATED.keys() | _GENERIC:
            return True
        before = plain
    return False


def _same_place(as_stated: str, place: Place) -> bool:
    """Whether the name is there, without a kind before it or with the place's own: “huyện Tiên Lãng” is no commune."""
    text, name = f" {_in_full(as_stated)} ", f" {_in_full(place.name)} "
    starts = [match.start() for match in re.finditer(f"(?={re.escape(name)})", text)]
    return any(is_of_kind(kind_before(text[:start]), place) for start in starts)


def _own_words(name: str) -> list[str]:
    return [word for word in _in_full(name).split() if word not in _GENERIC]


def _same_paper(as_stated: str, value: str) -> bool | None:
    """Whether both are the same number of a paper; None where one of them is no number."""
    try:
        return normalise(_from_digit(as_stated)) == normalise(_from_digit(value))
    except Problem:
        return None


def _from_digit(text: str) -> str:
    """“Nghị định 32/2024/NĐ-CP” from its number on."""
    return re.sub(r"^\D+", "", text)


@lru_cache(maxsize=8192)
def _in_full(text: str) -> str:
    """The words, without diacritics and punctuation, the usual abbreviations written out."""
    return " ".join(_ABBREVIATED.get(word, word) for word in re.findall(r"[^\W_]+", search_text(text)))


def _same_area(as_stated: str, value: tuple[str | None, str | None, str]) -> bool | None:
    low, high, qualifier = value
    if low is None:
        return None
    said = Quantity(Decimal(low), qualifier, None if high is None else Decimal(high))
    if (reached := _reaching(as_stated)) is not None:
        return high is None and qualifier in _REACHED and parse_area_ha(reached).value == said.value
    stated = parse_area_ha(as_stated)
    return Quantity(stated.value, str(stated.qualifier), stated.high) == said


def _same_amount(as_stated: str, value: tuple[int, str, str]) -> bool:
    amount, currency, qualifier = value
    if (reached := _reaching(as_stated)) is not None:
        return qualifier in _REACHED and parse_money(reached) == Money(amount, currency)
    return parse_money(as_stated) == Money(amount, currency, qualifier)


def _same_figure(as_stated: str, value: tuple[str, str | None, str, str]) -> bool | None:
    low, high, qualifier, unit = value
    scale, _ = scale_of(unit)
    read = parse_figure(as_stated)
    if not says_unit(read.unit, unit):
        return False if rival_units(read.unit, unit) else None
    stated = read.quantity
    said = Quantity(Decimal(low) * scale, qualifier, None if high is None else Decimal(high) * scale)
    return Quantity(stated.value, str(stated.qualifier), stated.high) == said


def _same_unit(as_stated: str, unit: str) -> bool | None:
    """“933 dự án” and “dự án” are of the unit `dự án`; “14%” leaves out a part of `%/năm`, which tells nothing."""
    try:
        said = parse_figure(as_stated).unit
    except Problem:
        said = scale_of(as_stated)[1]
    if not said:
        return None
    if says_unit(said, unit):
        return None if "/" in unit and not says_unit(unit, said) else True
    return _named(unit, as_stated)


def _signs(as_stated: str, symbol: str) -> bool:
    """Whether a number, or a symbol alone, is one that the authority of the symbol gives: 68/2017/NĐ-CP is CP's."""
    return symbol in re.split(r"[^\w]+", as_stated)


def _reaching(as_stated: str) -> str | None:
    """The rest after “lên đến”, which may mean at most or reaching: the record says which."""
    match = re.fullmatch(r"(?:lên )?(?:đến|tới) (\d.*)", clean_text(as_stated).lower())
    return match[1] if match else None


def _same_date(as_stated: str, value: StatedDate) -> bool | None:
    if value.earliest is None and value.latest is None:
        return None
    stated = parse_stated(as_stated)
    # "năm 2023" supports a date inside 2023 that other knowledge narrows down.
    inside_start = stated.earliest is None or (
        value.earliest is not None and stated.earliest <= value.earliest
    )
    inside_end = stated.latest is None or (value.latest is not None and value.latest <= stated.latest)
    return inside_start and inside_end


def spelt_out(value: StatedDate, texts: Sequence[str]) -> bool:
    """Whether each bound of the date is that bound of one of the texts, and its words, where it has any, stand in one:
    “năm 2023” allows the 2nd of May 2023, and does not state it.
    """
    read = [stated for text in texts if (stated := _read(text)) is not None]
    words = f" {_spelling(value.stated_as)} "
    return (
        value.earliest in (None, *(stated.earliest for stated in read))
        and value.latest in (None, *(stated.latest for stated in read))
        and (not words.strip() or any(words in f" {_spelling(text)} " for text in texts))
    )


def _read(text: str) -> StatedDate | None:
    try:
        return parse_stated(text)
    except Problem:
        return None


def _spelling(text: str) -> str:
    return plain_dashes(clean_text(text)).casefold()
