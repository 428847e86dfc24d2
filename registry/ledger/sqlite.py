"""The ledger's triggers on SQLite: text generated for each table, on functions that only Django registers.

Another program that opens the file has no `ledger_now()` and so cannot write to a recorded table.
"""

import getpass
import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache, lru_cache

from django.db.backends.base.base import BaseDatabaseWrapper

from registry.ledger.context import current, is_redacting
from registry.ledger.tracked import Tracked, subject_sql
from registry.ledger.verify_export import HASHED, REDACTABLE, digest, entry_hash

DIFFERS = "IS NOT"
WRITE = (
    "INSERT INTO ledger_write (table_name, row_id, subject, op, before, after)"
    " SELECT table_name, row_id, subject, op, before, after FROM ({rows}) AS entry"
)

_FIELDS = ", ".join(HASHED)
_NEW_FIELDS = ", ".join(f"NEW.{name}" for name in HASHED)
_FORGED = "'ledger_forged · Chỉ cơ sở dữ liệu được ghi sổ cái.'"
_UNRECORDED = "'ledger_unrecorded · Thay đổi không ghi được vào sổ cái nên bị từ chối.'"
_LAST = "(SELECT seq, at, hash FROM registry_ledgerentry ORDER BY seq DESC LIMIT 1)"

# What the newest redaction of an entry says of it. Nothing else may be done to the ledger's own rows.
_NAMED = (
    "ledger_redacting() AND EXISTS (SELECT 1 FROM (SELECT * FROM registry_redactedentry WHERE entry = NEW.seq"
    " ORDER BY redaction_id DESC LIMIT 1) AS named WHERE "
)
_HEADER_KEPT = " AND ".join(
    f"NEW.{name} IS OLD.{name}" for name in ("hash", *HASHED) if name not in REDACTABLE
)
_HEADER_REDACTED = f"{_NAMED}named.header = ledger_hash({_NEW_FIELDS}) AND {_HEADER_KEPT})"
_PAYLOAD_REDACTED = (
    f"{_NAMED}named.before_digest IS ledger_digest(NEW.salt, NEW.before)"
    " AND named.after_digest IS ledger_digest(NEW.salt, NEW.after) AND NEW.seq = OLD.seq)"
)

# A view with no table behind it is SQLite's way to name a procedure.
# changes(): an outer INSERT OR IGNORE would skip a ledger row silently.
# Both LIMITs: without them SQLite merges the two queries and asks the clock once for `at`, once for the hash.
_CORE = {
    "view ledger_write": "CREATE VIEW ledger_write AS SELECT NULL AS table_name, NULL AS row_id, NULL AS subject,"
    " NULL AS op, NULL AS before, NULL AS after",
    "trigger ledger_on_write": f"""CREATE TRIGGER ledger_on_write INSTEAD OF INSERT ON ledger_write BEGIN
  INSERT INTO registry_ledgerpayload (seq, before, after, salt)
    SELECT coalesce(max(seq), 0) + 1, NEW.before, NEW.after, ledger_salt() FROM registry_ledgerentry;
  SELECT RAISE(ABORT, {_UNRECORDED}) WHERE changes() <> 1;
  INSERT INTO registry_ledgerentry ({_FIELDS}, hash)
    SELECT {_FIELDS}, ledger_hash({_FIELDS}) FROM (
      SELECT coalesce(last.hash, '') AS prev, new.seq AS seq, max(ledger_now(), coalesce(last.at, '')) AS at,
        ledger_actor() AS actor, ledger_db_user() AS db_user, ledger_reason() AS reason, ledger_request() AS request,
        NEW.table_name AS table_name, CAST(NEW.row_id AS TEXT) AS row_id, NEW.subject AS subject, NEW.op AS op,
        ledger_digest(new.salt, new.before) AS before_digest, ledger_digest(new.salt, new.after) AS after_digest
      FROM (SELECT * FROM registry_ledgerpayload ORDER BY seq DESC LIMIT 1) AS new LEFT JOIN {_LAST} AS last
      LIMIT 1) LIMIT 1;
  SELECT RAISE(ABORT, {_UNRECORDED}) WHERE changes() <> 1;
END""",
    "trigger ledger_seal_payload": f"""CREATE TRIGGER ledger_seal_payload BEFORE INSERT ON registry_ledgerpayload BEGIN
  SELECT RAISE(ABORT, {_FORGED}) WHERE ledger_now() IS NULL
    OR NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM registry_ledgerentry);
END""",
    "trigger ledger_seal_entry": f"""CREATE TRIGGER ledger_seal_entry BEFORE INSERT ON registry_ledgerentry BEGIN
  SELECT RAISE(ABORT, {_FORGED}) FROM (SELECT 1) LEFT JOIN {_LAST} AS last
    LEFT JOIN registry_ledgerpayload AS payload ON payload.seq = NEW.seq
    WHERE NEW.seq IS NOT coalesce(last.seq, 0) + 1 OR NEW.prev IS NOT coalesce(last.hash, '')
      OR NEW.at < last.at OR NEW.hash IS NOT ledger_hash({_NEW_FIELDS})
      OR NEW.before_digest IS NOT ledger_digest(payload.salt, payload.before)
      OR NEW.after_digest IS NOT ledger_digest(payload.salt, payload.after);
END""",
}


def shape(connection: BaseDatabaseWrapper) -> dict[str, list[tuple[str, str]]]:
    """Columns (name, type) of every table, in their order."""
    tables: dict[str, list[tuple[str, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.name, c.name, lower(c.type) FROM sqlite_master m JOIN pragma_table_info(m.name) c"
            " WHERE m.type = 'table' ORDER BY m.name, c.cid"
        )
        for table, column, kind in cursor.fetchall():
            tables.setdefault(table, []).append((column, kind))
    return tables


def expected(connection: BaseDatabaseWrapper, tables: Sequence[Tracked]) -> dict[str, str]:
    """Every object of the ledger and the statement that makes it, as SQLite keeps it."""
    made = dict(_CORE)
    triggers = [*_append_only("registry_ledgerentry", _HEADER_REDACTED)]
    triggers += _append_only("registry_ledgerpayload", _PAYLOAD_REDACTED)
    for tracked in tables:
        if tracked.append_only:
            triggers += _append_only(tracked.table, _redacted(tracked) if tracked.subject else "")
        if tracked.subject:
            triggers += _recording(tracked)
    for name, event, body in triggers:
        made[f"trigger {name}"] = f"CREATE TRIGGER {name} {event} BEGIN\n  {body};\nEND"
    return made


def _append_only(table: str, redacted: str) -> Iterator[tuple[str, str, str]]:
    """`redacted`: the condition under which an update is what a redaction says of the row."""
    message = f"'ledger_append_only · Bảng {table} chỉ cho phép thêm dòng.'"
    for event, unless in (("update", redacted), ("delete", "")):
        yield (
            f"ledger_no_{event}_{table}",
            f"BEFORE {event.upper()} ON {table}" + (f"\n  WHEN NOT ({unless})" if unless else ""),
            f"SELECT RAISE(ABORT, {message})",
        )


def _redacted(tracked: Tracked) -> str:
    """SQL: whether NEW is what the ledger last says of the row, in an entry that a redaction named."""
    return (
        "ledger_redacting() AND EXISTS (SELECT 1 FROM (SELECT entry.seq AS seq, payload.after AS after"
        " FROM registry_ledgerentry AS entry JOIN registry_ledgerpayload AS payload ON payload.seq = entry.seq"
        f" WHERE entry.table_name = '{tracked.table}' AND entry.row_id = CAST(NEW.\"{tracked.pk}\" AS TEXT)"
        " ORDER BY entry.seq DESC LIMIT 1) AS last JOIN registry_redactedentry AS named ON named.entry = last.seq"
        f" WHERE last.after = {state(tracked, 'NEW')})"
    )


def _recording(tracked: Tracked) -> Iterator[tuple[str, str, str]]:
    table, columns = tracked.table, [f'"{name}"' for name, _ in tracked.columns]
    fixed = dict.fromkeys(f'"{name}"' for name in (tracked.pk, *(column for _, column in tracked.subject)))
    yield (
        f"ledger_fixed_{table}",
        f"BEFORE UPDATE OF {', '.join(fixed)} ON {table} WHEN {_changed(list(fixed))}",
        "SELECT RAISE(ABORT, 'ledger_identity_fixed · Không thể đổi khóa của một dòng trong bảng "
        f"{table} hay chuyển nó sang đối tượng khác.')",
    )
    old, new = (state(tracked, row) for row in ("OLD", "NEW"))
    for event, row, before, after, when in (
        ("insert", "NEW", "NULL", new, ""),
        ("update", "NEW", old, new, f" WHEN ({_changed(columns)})\n  AND NOT ({_redacted(tracked)})"),
        # What is recorded is kept beside the trigger: it also tells a later release how to read the table.
        ("delete", "OLD", old, f"NULL /* {json.dumps(asdict(tracked))} */", ""),
    ):
        yield (
            f"ledger_{event}_{table}",
            f"AFTER {event.upper()} ON {table}{when}",
            "INSERT INTO ledger_write (table_name, row_id, subject, op, before, after)\n"
            f"  VALUES ('{table}', {row}.\"{tracked.pk}\", {subject_sql(tracked, row)}, '{event}',\n"
            f"    {before},\n    {after})",
        )


def _changed(columns: list[str]) -> str:
    return " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)


def state(tracked: Tracked, row: str) -> str:
    """SQL: the text of a row, as the triggers write it: JSON, in the order of the columns."""
    parts = []
    for name, kind in tracked.columns:
        value = f'{row}."{name}"'
        if kind == "bool":
            value = f"CASE {value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE json_quote({value}) END"
        elif name in tracked.json:
            value = f"coalesce(json({value}), 'null')"
        else:
            value = f"json_quote({value})"
        parts.append(f"'\"{name}\":' || {value}")
    return "'{' || " + " || ',' || ".join(parts) + " || '}'"


def installed(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """What the database has, in the same form as `expected`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT type || ' ' || name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"
            r" AND (name LIKE 'ledger\_%' ESCAPE '\' OR tbl_name IN ('registry_ledgerentry', 'registry_ledgerpayload'))"
        )
        return dict(cursor.fetchall())


def create(name: str, statement: str) -> Iterator[str]:
    yield statement


def drop(name: str) -> Iterator[str]:
    kind, _, target = name.partition(" ")
    yield f"DROP {kind.upper()} IF EXISTS {target}"


def armed(connection: BaseDatabaseWrapper) -> list[Tracked]:
    """The tables as their triggers record them now, whatever the models say."""
    tables = []
    for name, text in sorted(installed(connection).items()):
        if name.startswith("trigger ledger_delete_") and "/*" in text:
            kept = json.loads(text.partition("/*")[2].partition("*/")[0])
            for key in ("subject", "columns"):
                kept[key] = tuple(tuple(pair) for pair in kept[key])
            tables.append(
                Tracked(**(kept | {"exclude": tuple(kept["exclude"]), "json": tuple(kept["json"])}))
            )
    return tables


@cache
def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in a container
        return "unknown"


def _now() -> str:
    # The database's clock, as clock_timestamp() on PostgreSQL: no rule reads it.
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _actor() -> str:
    context = current()
    return context.actor if context else f"db:{_account()}"


def _reason() -> str:
    context = current()
    return context.reason if context else ""


def _request() -> str:
    context = current()
    return context.request if context else ""


#: The seal asks for the same digests and hash that the writing trigger asked for a moment before.
_again = lru_cache(maxsize=4)


def connected(connection: BaseDatabaseWrapper) -> None:
    """Give the connection the functions that the triggers call."""
    raw = connection.connection
    for name, arity, function in (
        ("ledger_now", 0, _now),
        ("ledger_salt", 0, lambda: str(uuid.uuid4())),
        ("ledger_actor", 0, _actor),
        ("ledger_db_user", 0, _account),
        ("ledger_reason", 0, _reason),
        ("ledger_request", 0, _request),
        ("ledger_redacting", 0, is_redacting),
        ("ledger_digest", 2, _again(digest)),
        ("ledger_hash", len(HASHED), _again(entry_hash)),
    ):
        raw.create_function(name, arity, function)
    # Without it INSERT OR REPLACE deletes a row and no trigger hears of it.
    raw.execute("PRAGMA recursive_triggers = ON")
