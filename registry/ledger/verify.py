"""Does the ledger hold, and do the tables agree with it?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from registry.ledger.arming import disagreements
from registry.ledger.checkpoints import verifier_keys
from registry.ledger.drift import drift, lost_tables, recorded_tables
from registry.ledger.security_digests import findings as security_findings
from registry.ledger.verify_export import (
    COLUMNS,
    PAYLOAD,
    REDACTED,
    REDACTION,
    Chain,
    Checkpoint,
    Finding,
    redactions,
)
from registry.models.ledger import LedgerCheckpoint
from registry.models.publications import Publication

_BATCH = 2000
_TROUBLE = {
    "trigger_missing": "bị thiếu: thay đổi không còn được ghi đầy đủ",
    "trigger_altered": "khác với định nghĩa của chương trình",
    "trigger_unknown": "không thuộc sổ cái",
}


#: What was said to readers has its content's hash in the ledger; an auditor is told what it is that differs.
_PUBLISHED = {
    "registry_publication": "Lần công bố",
    "registry_statement": "Nội dung đã công bố, dòng",
    "registry_announcement": "Thông báo cho người đọc",
}


@dataclass
class Report:
    """What a verification found; nothing found: the ledger is whole."""

    entries: int = 0
    head_seq: int = 0
    head_hash: str = ""
    summary: str = ""
    #: what the ledger tells of each erasure by law, a sentence each
    erasures: list[str] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)


def verify(
    connection: BaseDatabaseWrapper, anchors: Mapping[int, str] | None = None, kept: Iterable[str] = ()
) -> Report:
    """Check the checkpoints, the chain, its payloads, the publications' anchors, the triggers, every recorded row,
    the security events against their days' digests.

    `anchors` are hashes of entries, `kept` checkpoints that somebody kept elsewhere. Problems come in this order,
    those of the chain by number. Other people may write meanwhile.
    """
    # Anchors first: what is published while the chain is being read lies beyond them.
    published = dict(Publication.objects.values_list("ledger_seq", "ledger_hash"))
    chain, report = Chain(published | dict(anchors or {}), verifier_keys(), redacted(connection)), Report()
    for row in LedgerCheckpoint.objects.order_by("number"):
        report.problems += [*chain.checkpoint(row.note), *_columns(row)]
    for note in kept:
        report.problems += chain.checkpoint(note, kept_outside=True)
    for entry in stored(connection):
        report.problems += chain.add(entry)
    report.problems += chain.end()
    report.entries, report.head_seq, report.head_hash = chain.entries, chain.seq, chain.hash
    report.summary, report.erasures = chain.summary(), list(chain.erasures())
    report.problems += _stray_payloads(connection)
    report.problems += _triggers(connection)
    report.problems += _rows(connection)
    report.problems += security_findings()
    return report


def stored(connection: BaseDatabaseWrapper, after: int = -(2**63)) -> Iterator[Sequence[Any]]:
    """Every entry after that number in order, its values in the order of COLUMNS; without a payload those are None."""
    columns = ", ".join(f"{'p' if name in PAYLOAD else 'e'}.{name}" for name in COLUMNS)
    place, last = COLUMNS.index("seq"), after
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                f"SELECT {columns} FROM registry_ledgerentry e"
                # (Said of both: PostgreSQL merges them, and would read all payloads up to here each time.)
                " LEFT JOIN registry_ledgerpayload p ON p.seq = e.seq AND p.seq > %s"
                f" WHERE e.seq > %s ORDER BY e.seq LIMIT {_BATCH}",
                [last, last],
            )
            entries = cursor.fetchall()
            if not entries:
                return
            yield from entries
            last = entries[-1][place]


def redacted(connection: BaseDatabaseWrapper) -> dict[int, Mapping[str, Any]]:
    """What the ledger says of the entries that were redacted, by number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.seq, e.at, e.table_name, p.after FROM registry_ledgerentry e"
            " JOIN registry_ledgerpayload p ON p.seq = e.seq"
            " WHERE e.table_name IN (%s, %s) AND e.op = 'insert' ORDER BY e.seq",
            [REDACTED, REDACTION],
        )
        return redactions(cursor.fetchall())


def checkpoint_notes() -> list[str]:
    """Every checkpoint in order."""
    return list(LedgerCheckpoint.objects.order_by("number").values_list("note", flat=True))


def _columns(row: LedgerCheckpoint) -> Iterator[Finding]:
    """What stands beside a checkpoint's note must be what was signed."""
    try:
        signed = Checkpoint.read(row.note)
    except ValueError:  # the chain says so
        return
    if (row.number, row.seq, row.at) != (signed.number, signed.seq, signed.at):
        yield signed.found(
            "checkpoint_row_differs", "số, mục cuối hoặc lúc ghi trong bảng khác với mốc đã ký."
        )


def _stray_payloads(connection: BaseDatabaseWrapper) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.seq FROM registry_ledgerpayload p"
            " WHERE NOT EXISTS (SELECT 1 FROM registry_ledgerentry e WHERE e.seq = p.seq) ORDER BY p.seq"
        )
        for (seq,) in cursor.fetchall():
            yield Finding("payload_stray", f"Mục {seq}: có nội dung nhưng không có phần đầu.", seq)


def _triggers(connection: BaseDatabaseWrapper) -> Iterator[Finding]:
    for code, name in disagreements(connection):
        yield Finding(
            code, f"{name.capitalize()} {_TROUBLE[code]}.", table=name.partition(" ")[2].partition(".")[0]
        )


def _rows(connection: BaseDatabaseWrapper) -> Iterator[Finding]:
    for table in lost_tables(connection):
        yield Finding(
            "table_missing", f"Bảng {table} không còn, nhưng sổ cái vẫn có dòng của bảng này.", table=table
        )
    for tracked in recorded_tables(connection):
        for row in drift(connection, tracked):
            if row.recorded is None:
                code, what = "row_unrecorded", "có trong bảng nhưng sổ cái không ghi việc thêm"
            elif row.found is None:
                code, what = "row_vanished", "không còn trong bảng nhưng sổ cái không ghi việc xóa"
            else:
                code, what = "row_drifted", "khác với lần ghi gần nhất của sổ cái"
            name = f"{_PUBLISHED.get(row.table, 'Dòng')} {row.row_id} (bảng {row.table})"
            yield Finding(code, f"{name} {what}.", table=row.table, row_id=row.row_id)
