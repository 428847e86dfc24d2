"""What the log finds entries by, made from the entries: block by block, once a block is full."""

from collections.abc import Iterable
from itertools import chain, groupby
from operator import itemgetter

from django.db import connection, transaction

from registry.models import LedgerEntry, LedgerTerm
from registry.queries.log import header_terms_of, indexed_blocks, payload_terms_of
from registry.rules.log_terms import BLOCK, EVERY, block_of, packed, seqs_of, unpacked


def index_entries() -> int:
    """Index every full block that is not yet; how many there were. Can be stopped and run again at any time."""
    last = LedgerEntry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    missing = sorted(set(range(last // BLOCK)) - indexed_blocks())
    for block in missing:
        rows = [
            LedgerTerm(term=term, block=block, entries=packed(bits)) for term, bits in _terms(block).items()
        ]
        # Of two that make the same block at once, either may be first: they make the same rows.
        with transaction.atomic():
            LedgerTerm.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return len(missing)


def forget(seqs: Iterable[int]) -> None:
    """Take what is known of these entries' blocks out of the index: they are read one by one until it is made again.

    For entries that no longer say what they said.
    """
    LedgerTerm.objects.filter(block__in={block_of(seq) for seq in seqs}).delete()


def forget_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {LedgerTerm._meta.db_table}")


def wrong_blocks() -> list[int]:
    """The blocks of which the index says something else than their entries do. Reads the whole ledger."""
    rows = LedgerTerm.objects.order_by("block").values_list("block", "term", "entries")
    return [
        block
        for block, own in groupby(rows.iterator(), key=itemgetter(0))
        if {term: unpacked(bytes(entries)) for _, term, entries in own} != _terms(block)
    ]


def _terms(block: int) -> dict[str, int]:
    numbers = seqs_of(block)
    found: dict[str, int] = {EVERY: 0}
    first, last = numbers[0], numbers[-1]
    for bit, terms in chain(header_terms_of(first, last), payload_terms_of(first, last)):
        for term in terms:
            found[term] = found.get(term, 0) | bit
    return found
