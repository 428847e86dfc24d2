"""Whether a value as stated in a document says what the record says."""

import re
from decimal import Decimal
from typing import Any

from registry.rules.dates import StatedDate, parse_stated
from registry.rules.decision_numbers import normalise
from registry.rules.problems import Problem
from registry.rules.quantities import parse_area_ha
from registry.rules.text import search_text

#: How papers and articles shorten names.
_ABBREVIATED = {
    "ccn": "cum cong nghiep",
    "hdnd": "hoi dong nhan dan",
    "kcn": "khu cong nghiep",
    "tp": "thanh pho",
    "ubnd": "uy ban nhan dan",
}


def agrees(field: str, as_stated: str, value: Any) -> bool | None:
    """True: support. False: a rival figure. None: the two cannot be compared by machine.

    Values: area_ha (text of hectares, text of the upper end or None, qualifier); dates StatedDate; places a list of
    names, of which a document may state one; else text.
    """
    if value is None or as_stated == "":
        return None
    try:
        match field:
            case "area_ha":
                return _same_area(as_stated, value)
            case "issued_on" | "effective_on" | "valid_from" | "valid_to":
                return _same_date(as_stated, value)
            case "number":
                return normalise(as_stated) == normalise(value)
            case "places":
                return (
                    any(f" {_in_full(name)} " in f" {_in_full(as_stated)} " for name in value)
                    if value
                    else None
                )
    except Problem:
        return None
    if not isinstance(value, str):
        return None
    stated, said = _in_full(as_stated), _in_full(value)
    return f" {said} " in f" {stated} " or f" {stated} " in f" {said} "


def _in_full(text: str) -> str:
    """The words, without diacritics and punctuation, the usual abbreviations written out."""
    return " ".join(_ABBREVIATED.get(word, word) for word in re.findall(r"[^\W_]+", search_text(text)))


def _same_area(as_stated: str, value: tuple[str | None, str | None, str]) -> bool | None:
    low, high, qualifier = value
    if low is None:
        return None
    stated = parse_area_ha(as_stated)
    return (stated.value, stated.high, str(stated.qualifier)) == (
        Decimal(low),
        None if high is None else Decimal(high),
        qualifier,
    )


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
