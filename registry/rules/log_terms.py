"""What an entry of the ledger is found by in the log, and the sets of entries that have a term.

Entries are taken in blocks of BLOCK. Of one block, a set of its entries is a number with a bit for each: that two
terms have an entry in common is one `&`, however many entries there are (docs/why/log.md).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from registry.rules.text import search_words

#: Entries in a block. A larger one makes fewer rows, and more entries at the end that no row speaks of yet.
BLOCK = 2048
_BYTES = BLOCK // 8
#: The term that every entry has. A block whose row of it is there is whole.
EVERY = ""
#: How the terms of columns begin.
FIELD = "field:"
_NOTHING = (None, "")


def block_of(seq: int) -> int:
    """The block in which an entry is; entries are numbered from 1, blocks from 0."""
    return (seq - 1) // BLOCK


def seqs_of(block: int) -> range:
    return range(block * BLOCK + 1, (block + 1) * BLOCK + 1)


def bit_of(seq: int) -> int:
    return 1 << ((seq - 1) % BLOCK)


def header_terms(*, actor: str, reason: str, request: str, table_name: str, subject: str) -> list[str]:
    """`actor:lan`, `kind:decision`, `table:registry_effect`, `request:…`, `word:…` for each word of the reason."""
    found = [EVERY, f"actor:{actor}", f"kind:{subject.partition(':')[0]}", f"table:{table_name}"]
    if request:
        found.append(f"request:{request}")
    return found + [f"word:{word}" for word in search_words(reason)]


def payload_terms(table_name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """`field:TABLE.COLUMN` for each column whose value came, went or changed; nothing and an empty text are alike."""
    for column in {**before, **after}:
        old, new = before.get(column), after.get(column)
        if old != new and not (old in _NOTHING and new in _NOTHING):
            yield f"{FIELD}{table_name}.{column}"


def packed(bits: int) -> bytes:
    """A set of a block's entries as it is stored: their places while they are few, else a bit for each."""
    if bits.bit_count() * 2 >= _BYTES:
        return bits.to_bytes(_BYTES, "little")
    return b"".join(place.to_bytes(2, "little") for place in places_in(bits))


def unpacked(stored: bytes) -> int:
    if len(stored) == _BYTES:
        return int.from_bytes(stored, "little")
    bits = 0
    for at in range(0, len(stored), 2):
        bits |= 1 << (stored[at] | stored[at + 1] << 8)
    return bits


def places_in(bits: int) -> Iterator[int]:
    """The places of a set's entries within their block, from the first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
