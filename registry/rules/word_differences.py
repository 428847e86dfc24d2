"""Which words of a long text went, and which came."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

State = Literal["kept", "gone", "came"]
#: So many words from there on, from there, are the same.
Block = tuple[int, int, int]

#: Shorter texts are told whole, before and after.
LONG = 60
#: What is looked for in both texts: a sentence's worth of words, then less of them between two that were found.
_RUNS = (12, 4, 1)
#: Between two finds, so many pairs of words are compared each with each.
_PAIRS = 40_000
#: Of a longer stretch that stayed, its ends are told.
_ENDS = 6


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring words of one fate, with the blanks between them."""

    state: State
    text: str


def word_difference(before: str, after: str) -> tuple[Stretch, ...]:
    """The stretches of both texts in order; none when they are short, or have too little in common to be compared.

    What stayed is shortened to its ends, with `…` between them. Takes little more than the time of both lengths added.
    """
    if len(before) < LONG or len(after) < LONG:
        return ()
    old, new = re.findall(r"\S+\s*", before), re.findall(r"\S+\s*", after)
    same = list(_blocks([word.strip() for word in old], [word.strip() for word in new], _RUNS))
    if 2 * sum(length for *_, length in same) < 0.4 * (len(old) + len(new)):
        return ()
    found: list[Stretch] = []
    for (a, c, kept), (b, d, _) in pairwise([(0, 0, 0), *_joined(same), (len(old), len(new), 0)]):
        if kept:
            stays = new[c : c + kept]
            found.append(Stretch("kept", _shortened(stays, first=c == 0, last=c + kept == len(new))))
        found += [Stretch("gone", "".join(old[a + kept : b]).rstrip())] if b > a + kept else []
        found += [Stretch("came", "".join(new[c + kept : d]).rstrip())] if d > c + kept else []
    return tuple(found)


def _blocks(old: Sequence[str], new: Sequence[str], runs: tuple[int, ...]) -> Iterator[Block]:
    """What is the same at both ends, and between them what is the same around the words that can be told apart."""
    most = min(len(old), len(new))
    head = next((n for n in range(most) if old[n] != new[n]), most)
    tail = next((n for n in range(most - head) if old[-1 - n] != new[-1 - n]), most - head)
    yield 0, 0, head
    inside = _inside(old[head : len(old) - tail], new[head : len(new) - tail], runs)
    yield from ((head + a, head + c, length) for a, c, length in inside)
    yield len(old) - tail, len(new) - tail, tail


def _inside(old: Sequence[str], new: Sequence[str], runs: tuple[int, ...]) -> Iterable[Block]:
    if len(old) * len(new) <= _PAIRS:
        yield from SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    elif runs:
        ends = [(-1, -1), *_in_order(_found(old, new, runs[0])), (len(old), len(new))]
        for (a, c), (b, d) in pairwise(ends):
            between = _blocks(old[a + 1 : b], new[c + 1 : d], runs[1:])
            yield from ((a + 1 + x, c + 1 + y, length) for x, y, length in between)
            yield b, d, int(b < len(old))


def _found(old: Sequence[str], new: Sequence[str], run: int) -> list[tuple[int, int]]:
    """Where a run of so many words begins that stands equally often in both: its first in one is its first there."""
    ours, theirs = (list(zip(*(words[n:] for n in range(run)), strict=False)) for words in (old, new))
    often, there = Counter(ours), Counter(theirs)
    where = {one: place for place, one in _numbered(theirs)}
    return [(place, where[one]) for place, one in _numbered(ours) if often[one[0]] == there[one[0]]]


def _numbered(runs: Iterable[tuple[str, ...]]) -> Iterator[tuple[int, tuple[tuple[str, ...], int]]]:
    seen: Counter[tuple[str, ...]] = Counter()
    for place, run in enumerate(runs):
        yield place, (run, seen[run])
        seen[run] += 1


def _in_order(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """As many of the pairs, which ascend by their first, as ascend by both."""
    lowest: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(lowest, place)
        before.append(ends[length - 1] if length else -1)
        lowest[length : length + 1], ends[length : length + 1] = [place], [number]
    chain, number = [], ends[-1] if ends else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


def _joined(blocks: Iterable[Block]) -> list[Block]:
    """Blocks that touch made one; empty ones dropped."""
    found: list[Block] = []
    for a, c, length in blocks:
        if length and found and (found[-1][0] + found[-1][2], found[-1][1] + found[-1][2]) == (a, c):
            found[-1] = (found[-1][0], found[-1][1], found[-1][2] + length)
        elif length:
            found.append((a, c, length))
    return found


def _shortened(words: list[str], *, first: bool, last: bool) -> str:
    begin, end = (0 if first else _ENDS), (0 if last else _ENDS)
    if len(words) <= begin + end + 2:
        return "".join(words).strip()
    ends = ["".join(words[:begin]).strip(), "…", "".join(words[len(words) - end :]).strip()]
    return " ".join(part for part in ends if part)
