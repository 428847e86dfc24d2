"""The log of the whole registry: entries by who, when, why and what, a page at a time, whatever is asked together.

Full blocks are found by their terms (`LedgerTerm`), those that are not indexed by reading them; both alike.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial, reduce
from itertools import chain
from operator import and_

from django.db.models import Q

from registry.models import LedgerEntry, LedgerTerm
from registry.queries.as_it_was import entry_at
from registry.queries.facts import read
from registry.queries.wholeness import with_contents
from registry.rules.log_terms import (
    EVERY,
    FIELD,
    bit_of,
    block_of,
    header_terms,
    payload_terms,
    places_in,
    seqs_of,
    unpacked,
)
from registry.rules.text import search_words

#: Entries on a page.
PAGE = 50
_STATES = ("payload__before", "payload__after")
_HEADER = ("seq", "actor", "reason", "request", "table_name", "subject")
_JUST = timedelta(microseconds=1)
#: Of each block, the entries that fit.
Found = dict[int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the entries must fit; empty: everything does. Both moments are included.

    subjects: `kind:pk`, one of them. terms: as rules/log_terms.py writes them, one of each group.
    """

    since: datetime | None = None
    until: datetime | None = None
    subjects: tuple[str, ...] = ()
    terms: tuple[tuple[str, ...], ...] = ()
    words: str = ""

    @property
    def everything(self) -> bool:
        return not (self.subjects or self.terms or search_words(self.words))


@dataclass(frozen=True, slots=True)
class LogPage:
    """Entries, newest first; how many there are on all pages; whether there are newer or older ones than these."""

    entries: tuple[LedgerEntry, ...]
    count: int
    newer: bool
    older: bool


def log_page(
    asked: Asked, *, before: int | None = None, after: int | None = None, size: int = PAGE
) -> LogPage:
    """The newest entries that fit; `before`: below that number; `after`: those next above it.

    A constant number of queries, and about twenty look-ups by number for each moment.
    """
    first, last = _bounds(asked)
    fitting = _Range(first, last) if asked.everything else _Chosen(_found(asked, first, last))
    seqs = fitting.above(after, size) if after is not None else fitting.below(before, size)
    entries = with_contents(LedgerEntry.objects.filter(seq__in=seqs)).order_by("-seq")
    return LogPage(
        entries=tuple(entries),
        count=fitting.count,
        newer=bool(seqs and fitting.above(seqs[0], 1)),
        older=bool(seqs and fitting.below(seqs[-1], 1)),
    )


def _bounds(asked: Asked) -> tuple[int, int]:
    """The numbers of the first and of the last entry between two moments; the last is smaller when there is none."""
    first = 1
    if asked.since is not None:
        # Moments never go back: what was made before them has smaller numbers.
        earlier = entry_at(asked.since - _JUST)
        first = earlier.seq + 1 if earlier else 1
    if asked.until is None:
        newest = LedgerEntry.objects.order_by("-seq").values_list("seq", flat=True).first()
        return first, newest or 0
    latest = entry_at(asked.until)
    return first, latest.seq if latest else 0


class _Range:
    """All entries of a range."""

    def __init__(self, first: int, last: int) -> None:
        self.first, self.last, self.count = first, last, max(0, last - first + 1)

    def below(self, seq: int | None, size: int) -> Sequence[int]:
        last = self.last if seq is None else min(self.last, seq - 1)
        return range(last, max(self.first, last - size + 1) - 1, -1)

    def above(self, seq: int, size: int) -> Sequence[int]:
        first = max(self.first, seq + 1)
        return range(min(self.last, first + size - 1), first - 1, -1)


class _Chosen:
    """Entries found in blocks."""

    def __init__(self, found: Found) -> None:
        self.found, self.blocks = found, sorted(found)
        self.count = sum(bits.bit_count() for bits in found.values())

    def below(self, seq: int | None, size: int) -> Sequence[int]:
        chosen: list[int] = []
        for block in reversed(self.blocks):
            if seq is None or block <= block_of(seq):
                within = (n for n in reversed(self._seqs(block)) if seq is None or n < seq)
                chosen += [n for n, _ in zip(within, range(size - len(chosen)), strict=False)]
                if len(chosen) == size:
                    break
        return chosen

    def above(self, seq: int, size: int) -> Sequence[int]:
        chosen: list[int] = []
        for block in self.blocks:
            if block >= block_of(max(seq, 1)):
                within = (n for n in self._seqs(block) if n > seq)
                chosen += [n for n, _ in zip(within, range(size - len(chosen)), strict=False)]
                if len(chosen) == size:
                    break
        return chosen[::-1]

    def _seqs(self, block: int) -> list[int]:
        numbers = seqs_of(block)
        return [numbers[place] for place in places_in(self.found[block])]


def indexed_blocks() -> set[int]:
    """The blocks whose entries are found by their terms."""
    return set(LedgerTerm.objects.filter(term=EVERY).values_list("block", flat=True))


def header_terms_of(first: int, last: int) -> Iterator[tuple[int, list[str]]]:
    """The bit of each entry from number `first` to `last`, and the terms that its header tells."""
    rows = LedgerEntry.objects.filter(seq__range=(first, last)).order_by("seq").values_list(*_HEADER)
    for seq, actor, reason, request, table_name, subject in rows.iterator():
        yield (
            bit_of(seq),
            header_terms(actor=actor, reason=reason, request=request, table_name=table_name, subject=subject),
        )


def payload_terms_of(
    first: int, last: int, tables: Collection[str] | None = None
) -> Iterator[tuple[int, list[str]]]:
    """The bit of each entry from number `first` to `last`, and the columns that changed; of these tables only."""
    rows = LedgerEntry.objects.filter(seq__range=(first, last)).order_by("seq")
    if tables is not None:
        rows = rows.filter(table_name__in=tables)
    for seq, table_name, *states in rows.values_list("seq", "table_name", *_STATES).iterator():
        yield bit_of(seq), list(payload_terms(table_name, *map(read, states)))


def _found(asked: Asked, first: int, last: int) -> Found:
    if last < first:
        return {}
    groups: list[tuple[str, ...]] = list(asked.terms)
    begins = [f"word:{word}" for word in search_words(asked.words)]
    indexed = indexed_blocks()
    wanted = range(block_of(first), block_of(last) + 1)
    found = [_indexed(Q(term__in=group), wanted) for group in groups]
    found += [_indexed(_word(word), wanted) for word in begins]
    open_blocks = [block for block in wanted if block not in indexed]
    for several in found:
        for block in open_blocks:
            several.pop(block, None)  # half of an index is none
    for block in open_blocks:
        _read_block(block, groups, begins, found)
    if asked.subjects:
        found.append(_of_subjects(asked.subjects, first, last))
    common = reduce(and_, (set(one) for one in found))
    chosen = {
        block: _cut(block, reduce(and_, (one[block] for one in found)), first, last) for block in common
    }
    return {block: bits for block, bits in chosen.items() if bits}


def _indexed(condition: Q, wanted: range) -> Found:
    rows = LedgerTerm.objects.filter(condition, block__range=(wanted[0], wanted[-1]))
    found: Found = {}
    for block, entries in rows.values_list("block", "entries"):
        found[block] = found.get(block, 0) | unpacked(bytes(entries))
    return found


def _word(term: str) -> Q:
    """A number is found whole, another word by its beginning, as everywhere in the registry."""
    if _whole(term):
        return Q(term=term)
    return Q(term__gte=term, term__lt=term[:-1] + chr(ord(term[-1]) + 1))


def _whole(term: str) -> bool:
    return term.removeprefix("word:").isdecimal()


def _read_block(
    block: int, groups: Sequence[tuple[str, ...]], begins: Sequence[str], found: list[Found]
) -> None:
    """Add to each of `found`, which stand in the order of the groups and words, what fits in a block not indexed."""
    numbers = seqs_of(block)
    columns = [[term for term in group if term.startswith(FIELD)] for group in groups]
    tables = {term.removeprefix(FIELD).partition(".")[0] for group in columns for term in group}
    read_from = [header_terms_of(numbers[0], numbers[-1])]
    if tables:
        read_from.append(payload_terms_of(numbers[0], numbers[-1], tables))
    fits: list[Callable[[list[str]], bool]] = [partial(_any_of, frozenset(group)) for group in groups]
    fits += [partial(_any_word, word) for word in begins]
    for bit, terms in chain(*read_from):
        for several, fit in zip(found, fits, strict=False):
            if fit(terms):
                several[block] = several.get(block, 0) | bit


def _any_of(group: frozenset[str], terms: list[str]) -> bool:
    return not group.isdisjoint(terms)


def _any_word(word: str, terms: list[str]) -> bool:
    return any(term == word if _whole(word) else term.startswith(word) for term in terms)


def _of_subjects(subjects: Sequence[str], first: int, last: int) -> Found:
    found: Found = {}
    rows = LedgerEntry.objects.filter(subject__in=subjects, seq__range=(first, last)).order_by()
    for seq in rows.values_list("seq", flat=True):
        found[block_of(seq)] = found.get(block_of(seq), 0) | bit_of(seq)
    return found


def _cut(block: int, bits: int, first: int, last: int) -> int:
    """A block's set without what lies outside of a range of numbers."""
    if block == block_of(last):
        bits &= (bit_of(last) << 1) - 1
    if block == block_of(first):
        bits &= -bit_of(first)
    return bits
