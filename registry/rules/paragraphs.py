"""Paragraphs of a plain-text document, and whether a value stands in one."""

import re
from collections.abc import Sequence

from registry.rules.text import clean_text

#: Where a value may not begin or end: inside a word, a number, a date or a span of years.
_BEFORE = r"(?<!\w)(?<!\d[.,/\-\u2013])"
_AFTER = r"(?!\w)(?![.,/\-\u2013]\d)"


def paragraphs(text: str) -> list[str]:
    """The blocks between blank lines, in their order, each as `clean_text` writes it. The first is đoạn 1."""
    return [clean for block in re.split(r"\n\s*\n", text) if (clean := clean_text(block))]


def number_of(locator: str) -> int | None:
    """6 of `đoạn 6`; None for a locator of another form."""
    match = re.fullmatch(r"đoạn ([1-9]\d{0,8})", clean_text(locator), re.ASCII)
    return int(match[1]) if match else None


def stands_in(as_stated: str, paragraph: str) -> bool:
    """Whether the paragraph holds the value, whole: `5` does not stand in “50 ha”, `2022` not in “2022-2023”.

    Unicode forms, invisible characters and the number of spaces do not matter; capitals do.
    """
    value = clean_text(as_stated)
    if not value:
        return False
    before = _BEFORE if re.match(r"\w", value) else ""
    after = _AFTER if re.search(r"\w$", value) else ""
    return re.search(before + re.escape(value) + after, clean_text(paragraph)) is not None


def nearest(as_stated: str, document: Sequence[str], number: int) -> int | None:
    """The paragraph nearest to that one in which the value stands (the earlier of two); None when in none."""
    found = (n for n, paragraph in enumerate(document, start=1) if stands_in(as_stated, paragraph))
    return min(found, key=lambda n: (abs(n - number), n), default=None)
