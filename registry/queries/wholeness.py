"""Whether entries of the ledger are what their hashes say: whoever shows one tells where they are not."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from registry.models import LedgerEntry, LedgerPayload, RedactedEntry, Submission
from registry.rules.entry_hashes import HASHED, content_digest, entry_hash
from registry.rules.redactions import ERASED

#: What is said in the place of such an entry's content.
SENTENCE = (
    "Mục này KHÔNG khớp với dấu của nó trong sổ cái (ledger_altered): nội dung hoặc phần đầu đã bị sửa sau khi ghi, "
    "nên không kể ở đây. Hãy báo người quản trị chạy verify_ledger."
)


@dataclass(frozen=True, slots=True)
class Wholeness:
    """Whether the header hashes to what it says, the payload is there and is what the digests say, and the entry
    above quotes the hash. What was erased by law is what its redaction says was left."""

    header: bool
    payload: bool
    quoted: bool

    def __bool__(self) -> bool:
        return self.header and self.payload and self.quoted


def with_contents(entries: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
    """Entries as `wholeness` needs them: with their payloads, and with the hash that the entry above quotes."""
    above = LedgerEntry.objects.filter(seq=OuterRef("seq") + 1)
    return entries.select_related("payload").annotate(quoted=Subquery(above.values("prev")[:1]))


def wholeness(entries: Iterable[LedgerEntry]) -> dict[int, Wholeness]:
    """Of entries `with_contents`, by number. No query, and one where an entry is not what it was."""
    entries = list(entries)
    found = {entry.seq: _of(entry) for entry in entries}
    doubtful = [entry for entry in entries if not (found[entry.seq].header and found[entry.seq].payload)]
    if doubtful:
        said = RedactedEntry.objects.filter(entry__in=[entry.seq for entry in doubtful]).order_by(
            "redaction_id"
        )
        erased = {one.entry: one for one in said}
        found |= {entry.seq: _of(entry, erased.get(entry.seq)) for entry in doubtful}
    return found


def altered(entries: Iterable[LedgerEntry]) -> frozenset[int]:
    """The numbers of those that are not whole."""
    return frozenset(seq for seq, whole in wholeness(entries).items() if not whole)


def _of(entry: LedgerEntry, erased: RedactedEntry | None = None) -> Wholeness:
    """`erased`: what a redaction says of it, which counts only where the entry bears its mark."""
    payload: LedgerPayload | None = getattr(entry, "payload", None)
    texts = (payload.before, payload.after) if payload else ()
    header, digests = entry.hash, (entry.before_digest, entry.after_digest)
    if erased is not None and ERASED in f"{entry.actor}{entry.reason}":
        header = erased.header
    # A submission's digests change too: they have no place for a mark.
    if erased is not None and (ERASED in f"{texts}" or entry.table_name == Submission._meta.db_table):
        digests = erased.before_digest, erased.after_digest
    return Wholeness(
        header=header == entry_hash(*(getattr(entry, name) for name in HASHED)),
        payload=payload is not None
        and digests == tuple(content_digest(payload.salt, text) for text in texts),
        quoted=entry.quoted in (None, entry.hash),  # type: ignore[attr-defined]
    )
