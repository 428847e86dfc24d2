"""Names that may mean the same thing, or be taken for one another. For suggestions: nothing is ever merged."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from registry.rules.text import search_text

#: Words that say what a thing is, not which one.
_KINDS = re.compile(
    r"\b(?:cum cong nghiep|khu cong nghiep|ccn|kcn|khu kinh te|kkt|du an|cong ty|tap doan|tong cong ty|co phan|cp|"
    r"tnhh|mtv|trach nhiem huu han|mot thanh vien|chi nhanh)\b"
)
_ALIKE = 0.86


def near_names(name: str, others: Iterable[str]) -> list[str]:
    """Those of the others that are spelt almost alike, or of which one contains the other. In their order."""
    own = _bare(name)
    return [other for other in others if own and (bare := _bare(other)) and _near(own, bare)]


def _bare(name: str) -> str:
    plain = search_text(name)
    return " ".join(re.findall(r"\w+", _KINDS.sub(" ", plain))) or plain


def _near(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    # A single syllable is in too many names to say anything.
    if " " in short and f" {short} " in f" {long} ":
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE
