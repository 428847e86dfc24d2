"""Empties entries of the ledger of what a recorded redaction takes out of them.

An entry keeps its hash and its digests, so the chain holds; its payload gets a new salt, so that nobody can try out
what its digests vouched for. The ledger says in an entry of its own what each looks like from then on, and the
triggers let through that and nothing else.
"""

import uuid
from collections.abc import Callable, Iterable
from itertools import islice

from django.db import connection

from registry.ledger.verify_export import HASHED, REDACTABLE, digest, entry_hash
from registry.models.ledger import LedgerEntry
from registry.models.redactions import RedactedEntry, Redaction

#: What is left of a text of an entry: the entry, the text.
Change = Callable[[LedgerEntry, str], str]


def redact_entries(redaction: Redaction, seqs: Iterable[int], *, header: Change, payload: Change) -> int:
    """Take out of those entries what the two functions take out of their texts; how many lost something.

    Needs `recorded` and `redacting`. The entries that say so come before what they say is done.
    """
    waiting, done = iter(sorted(set(seqs))), 0
    while batch := list(islice(waiting, 500)):
        done += _redact(redaction, batch, header, payload)
    return done


def _redact(redaction: Redaction, seqs: list[int], header: Change, payload: Change) -> int:
    named, headers, payloads = [], [], []
    for entry in LedgerEntry.objects.filter(seq__in=seqs).select_related("payload").order_by("seq"):
        said = {name: getattr(entry, name) for name in HASHED}
        left = said | {name: header(entry, said[name]) for name in REDACTABLE}
        row = entry.payload
        texts = [text if text is None else payload(entry, text) for text in (row.before, row.after)]
        emptied = texts != [row.before, row.after]
        if left == said and not emptied:
            continue
        salt = str(uuid.uuid4()) if emptied else row.salt
        if left != said:
            headers.append([*(left[name] for name in REDACTABLE), entry.seq])
        if emptied:
            payloads.append([*texts, salt, entry.seq])
        before, after = (digest(salt, text) for text in texts)
        named.append(
            RedactedEntry(
                redaction=redaction,
                entry=entry.seq,
                before_digest=before,
                after_digest=after,
                header=entry_hash(*left.values()),
            )
        )
    RedactedEntry.objects.bulk_create(named)
    with connection.cursor() as cursor:
        columns = ", ".join(f"{name} = %s" for name in REDACTABLE)
        if headers:
            cursor.executemany(f"UPDATE registry_ledgerentry SET {columns} WHERE seq = %s", headers)
        if payloads:
            cursor.executemany(
                "UPDATE registry_ledgerpayload SET before = %s, after = %s, salt = %s WHERE seq = %s",
                payloads,
            )
    return len(named)
