"""Which words of a long text went, and which came."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

State = Literal["kept", "gone", "came"]

#: Shorter texts are told whole, before and after.
LONG = 60
#: A comparison takes the time of both lengths multiplied: longer texts are told whole, too.
MOST_WORDS = 2000
#: Of a longer stretch that stayed, its ends are told.
_ENDS = 6


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring words of one fate, with the blanks between them."""

    state: State
    text: str


def word_difference(before: str, after: str) -> tuple[Stretch, ...]:
    """The stretches of both texts in order; none when they are short, or have too little in common to be compared.

    What stayed is shortened to its ends, with `…` between them.
    """
    if len(before) < LONG or len(after) < LONG:
        return ()
    old, new = re.findall(r"\S+\s*", before), re.findall(r"\S+\s*", after)
    if len(old) > MOST_WORDS or len(new) > MOST_WORDS:
        return ()
    matcher = SequenceMatcher(None, [w.strip() for w in old], [w.strip() for w in new], autojunk=False)
    if matcher.ratio() < 0.4:
        return ()
    found: list[Stretch] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            found.append(Stretch("kept", _shortened(new[c:d], first=c == 0, last=d == len(new))))
        else:
            found += [Stretch("gone", "".join(old[a:b]).rstrip())] if b > a else []
            found += [Stretch("came", "".join(new[c:d]).rstrip())] if d > c else []
    return tuple(found)


def _shortened(words: list[str], *, first: bool, last: bool) -> str:
    begin, end = (0 if first else _ENDS), (0 if last else _ENDS)
    if len(words) <= begin + end + 2:
        return "".join(words).strip()
    ends = ["".join(words[:begin]).strip(), "…", "".join(words[len(words) - end :]).strip()]
    return " ".join(part for part in ends if part)
