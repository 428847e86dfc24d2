"""How a partner's key is written, and how to keep it out of what is written down."""

import re
from datetime import date
from urllib.parse import unquote

from registry.rules.problems import Problem

#: `hpr_<prefix>_<secret>`: the prefix names the key and is no secret.
KEY = re.compile(r"hpr_([a-z0-9]{4,16})_[A-Za-z0-9_-]{20,100}")

#: A key that nobody thinks of any more ends by itself. Keys given before this bound keep their day.
MOST_YEARS = 5

#: The same anywhere in a text, also half of one: the tail of a key is as secret as the whole.
_ANYWHERE = re.compile(r"hpr_([A-Za-z0-9]{1,16})_[A-Za-z0-9_-]+")


def holds_key(text: str) -> bool:
    """Whether the text holds a key, or what is left of one, also percent-encoded any number of times."""
    return _ANYWHERE.search(text) is not None or _ANYWHERE.search(_decoded(text)) is not None


def refuse_keys(*texts: str) -> None:
    """No text that is kept for ever holds a key. Raises Problem: key_in_text."""
    if any(holds_key(text) for text in texts):
        raise Problem(
            "key_in_text",
            "Ở đây có một khóa API, mà điều đã lưu thì còn mãi trong sổ cái. Hãy bỏ khóa ra; cần nói tới khóa nào thì "
            "chỉ ghi phần đầu của nó, như hpr_ab3k9xyz_…",
        )


def last_expiry(today: date) -> date:
    """The last day that a key given today may be used, MOST_YEARS later."""
    day = min(today.day, 28) if (today.month, today.day) == (2, 29) else today.day
    return date(today.year + MOST_YEARS, today.month, day)


def refuse_expiry(last_day: date, *, today: date) -> None:
    """That may not be the last day of a key given today. Raises Problem: expiry_passed, expiry_too_far."""
    if last_day < today:
        raise Problem("expiry_passed", "Ngày hết hạn đã qua. Hãy ghi một ngày từ hôm nay trở đi.")
    if last_day > last_expiry(today):
        raise Problem(
            "expiry_too_far",
            f"Một khóa dùng được nhiều nhất {MOST_YEARS} năm. Hãy ghi một ngày không sau "
            f"{last_expiry(today):%d/%m/%Y}; sắp hết hạn thì cấp khóa khác.",
        )


def without_keys(text: str) -> str:
    """The text with `hpr_<prefix>_…` in place of every key: still known by whoever looks for it, of no use.

    One that holds an encoded key is given decoded.
    """
    cleaned = _ANYWHERE.sub(r"hpr_\1_…", text)
    decoded = _decoded(cleaned)
    return _ANYWHERE.sub(r"hpr_\1_…", decoded) if _ANYWHERE.search(decoded) else cleaned


def _decoded(text: str) -> str:
    """Decoded until nothing is left to decode; each turn makes it shorter."""
    while "%" in text and (shorter := unquote(text)) != text:
        text = shorter
    return text
