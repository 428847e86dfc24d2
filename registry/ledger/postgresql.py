"""The ledger's triggers on PostgreSQL: a handful of functions for all tables."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from registry.ledger.tracked import Tracked, declared
from registry.ledger.verify_export import HASHED, REDACTABLE

DIFFERS = "IS DISTINCT FROM"
WRITE = "SELECT ledger_write(table_name, row_id, subject, op, before, after) FROM ({rows}) AS entry"
_ROW_LOCK = re.compile(r"\bFOR\s+(?:NO\s+KEY\s+)?(?:UPDATE|(?:KEY\s+)?SHARE)\b", re.IGNORECASE)
_TABLE = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+\"?(\w+)", re.IGNORECASE)
LOCK = "LOCK TABLE registry_ledgerlock IN SHARE ROW EXCLUSIVE MODE"

_NETSTRINGS = " || ".join(
    f"coalesce(octet_length(NEW.{name}::text) || ':' || NEW.{name} || ',', '-,')" for name in HASHED
)

# Statement triggers lock before the statement touches a row, so nobody waits for the ledger holding rows.
_LOCK = f"""
BEGIN
  {LOCK};
  RETURN NULL;
END"""

# Arguments: primary key, excluded columns, then kind and column of each possible subject.
_CAPTURE = """
DECLARE
  old_row jsonb;
  new_row jsonb;
  this_row jsonb;
  subject text;
BEGIN
  IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD) - TG_ARGV[1]::text[]; END IF;
  IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW) - TG_ARGV[1]::text[]; END IF;
  IF old_row::text = new_row::text THEN RETURN NULL; END IF;
  this_row := coalesce(new_row, old_row);
  IF TG_OP = 'UPDATE' AND old_row ->> TG_ARGV[0] <> new_row ->> TG_ARGV[0] THEN
    RAISE EXCEPTION 'ledger_identity_fixed · Không thể đổi khóa của một dòng trong bảng %.', TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation';
  END IF;
  FOR i IN 2 .. TG_NARGS - 1 BY 2 LOOP
    subject := coalesce(subject, TG_ARGV[i] || ':' || (this_row ->> TG_ARGV[i + 1]));
    IF TG_OP = 'UPDATE' AND old_row ->> TG_ARGV[i + 1] IS DISTINCT FROM new_row ->> TG_ARGV[i + 1] THEN
      RAISE EXCEPTION 'ledger_identity_fixed · Không thể chuyển một dòng của bảng % sang đối tượng khác.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
    END IF;
  END LOOP;
  IF TG_OP = 'UPDATE' AND ledger_redacted(TG_TABLE_NAME, this_row ->> TG_ARGV[0], new_row::text) THEN
    RETURN NULL;
  END IF;
  IF current_setting('transaction_isolation') = 'read committed' THEN
    PERFORM ledger_write(TG_TABLE_NAME, this_row ->> TG_ARGV[0], coalesce(subject, ''), lower(TG_OP),
      old_row::text, new_row::text);
  ELSE
    -- A snapshot older than the lock sees an old end of the chain; the primary key refuses the fork.
    BEGIN
      PERFORM ledger_write(TG_TABLE_NAME, this_row ->> TG_ARGV[0], coalesce(subject, ''), lower(TG_OP),
        old_row::text, new_row::text);
    EXCEPTION WHEN unique_violation THEN
      RAISE EXCEPTION 'ledger_moved_on · Sổ cái đã có mục mới sau khi giao dịch này bắt đầu đọc. Hãy làm lại.'
        USING ERRCODE = 'serialization_failure';
    END;
  END IF;
  RETURN NULL;
END"""

_WRITE = """
DECLARE
  number bigint;
  new_salt text := gen_random_uuid();
BEGIN
  INSERT INTO registry_ledgerentry (table_name, row_id, subject, op, before_digest, after_digest)
  VALUES (p_table, p_row, p_subject, p_op, encode(sha256(convert_to(new_salt || p_before, 'UTF8')), 'hex'),
    encode(sha256(convert_to(new_salt || p_after, 'UTF8')), 'hex'))
  RETURNING seq INTO number;
  INSERT INTO registry_ledgerpayload (seq, before, after, salt) VALUES (number, p_before, p_after, new_salt);
END"""

# Whoever inserts, the database says who, when and after what. Depth 1: not from a recorded table's trigger.
_SEAL_ENTRY = f"""
DECLARE
  last record;
BEGIN
  IF pg_trigger_depth() = 1 THEN
    IF NEW.op <> 'migrate' THEN
      RAISE EXCEPTION 'ledger_forged · Chỉ cơ sở dữ liệu được ghi sổ cái.' USING ERRCODE = 'restrict_violation';
    END IF;
    {LOCK};
  END IF;
  SELECT seq, at, hash INTO last FROM registry_ledgerentry ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(last.seq, 0) + 1;
  NEW.at := to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  IF NEW.at < last.at THEN NEW.at := last.at; END IF;
  NEW.db_user := session_user;
  NEW.actor := coalesce(nullif(current_setting('ledger.actor', true), ''), 'db:' || session_user);
  NEW.reason := coalesce(current_setting('ledger.reason', true), '');
  NEW.request := coalesce(current_setting('ledger.request', true), '');
  NEW.prev := coalesce(last.hash, '');
  NEW.hash := encode(sha256(convert_to({_NETSTRINGS}, 'UTF8')), 'hex');
  RETURN NEW;
END"""

_SEAL_PAYLOAD = """
BEGIN
  IF NOT EXISTS (
    SELECT FROM registry_ledgerentry WHERE seq = NEW.seq
      AND before_digest IS NOT DISTINCT FROM encode(sha256(convert_to(NEW.salt || NEW.before, 'UTF8')), 'hex')
      AND after_digest IS NOT DISTINCT FROM encode(sha256(convert_to(NEW.salt || NEW.after, 'UTF8')), 'hex')
  ) THEN
    RAISE EXCEPTION 'ledger_forged · Chỉ cơ sở dữ liệu được ghi sổ cái.' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END"""

# Whether a row is what the ledger last says of it, in an entry that a redaction named.
_REDACTED = """
DECLARE
  last record;
BEGIN
  IF coalesce(current_setting('ledger.redacting', true), '') = '' THEN RETURN false; END IF;
  SELECT entry.seq, payload.after INTO last FROM registry_ledgerentry AS entry
    JOIN registry_ledgerpayload AS payload ON payload.seq = entry.seq
    WHERE entry.table_name = p_table AND entry.row_id = p_row ORDER BY entry.seq DESC LIMIT 1;
  RETURN coalesce(last.after = p_state, false)
    AND EXISTS (SELECT FROM registry_redactedentry WHERE entry = last.seq);
END"""

_KEEP = """
BEGIN
  IF TG_OP = 'UPDATE' AND ledger_redacted(TG_TABLE_NAME, to_jsonb(NEW) ->> TG_ARGV[0],
      (to_jsonb(NEW) - TG_ARGV[1]::text[])::text) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'ledger_append_only · Không thể % trên bảng %: dòng đã ghi phải còn lại dấu vết.',
    TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END"""

# What the newest redaction of an entry says of it. Nothing else may be done to the ledger's own rows.
_KEEP_OWN = """
DECLARE
  named record;
BEGIN
  IF TG_OP = 'UPDATE' AND coalesce(current_setting('ledger.redacting', true), '') <> '' THEN
    SELECT * INTO named FROM registry_redactedentry WHERE entry = NEW.seq ORDER BY redaction_id DESC LIMIT 1;
    IF {condition} THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'ledger_append_only · Không thể % trên bảng %: dòng đã ghi phải còn lại dấu vết.',
    TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END"""
_KEEP_ENTRY = _KEEP_OWN.format(
    condition=f"named.header = encode(sha256(convert_to({_NETSTRINGS}, 'UTF8')), 'hex')"
    f" AND to_jsonb(NEW) - '{{{','.join(REDACTABLE)}}}'::text[] = to_jsonb(OLD) - '{{{','.join(REDACTABLE)}}}'::text[]"
)
_KEEP_PAYLOAD = _KEEP_OWN.format(
    condition="named.entry = OLD.seq AND NEW.salt IS NOT NULL"
    " AND named.before_digest IS NOT DISTINCT FROM encode(sha256(convert_to(NEW.salt || NEW.before, 'UTF8')), 'hex')"
    " AND named.after_digest IS NOT DISTINCT FROM encode(sha256(convert_to(NEW.salt || NEW.after, 'UTF8')), 'hex')"
)

_REFUSE = """
BEGIN
  RAISE EXCEPTION 'ledger_append_only · Không thể % trên bảng %: dòng đã ghi phải còn lại dấu vết.',
    TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END"""

# Who notes an event is waited for, and waits. A lock takes the right to change the table, which the application lacks.
_EVENTS_TURN = """
BEGIN
  LOCK TABLE registry_securityevent IN SHARE ROW EXCLUSIVE MODE;
END"""

#: name, arguments, result, whether it is entered from outside (and so brings its own rights and settings), body
_FUNCTIONS = (
    ("ledger_lock", "", "trigger", True, _LOCK),
    ("ledger_refuse", "", "trigger", True, _REFUSE),
    ("ledger_keep", "", "trigger", True, _KEEP),
    ("ledger_keep_entry", "", "trigger", True, _KEEP_ENTRY),
    ("ledger_keep_payload", "", "trigger", True, _KEEP_PAYLOAD),
    ("ledger_redacted", "p_table text, p_row text, p_state text", "boolean", False, _REDACTED),
    ("ledger_capture", "", "trigger", True, _CAPTURE),
    (
        "ledger_write",
        "p_table text, p_row text, p_subject text, p_op text, p_before text, p_after text",
        "void",
        False,
        _WRITE,
    ),
    ("ledger_seal_entry", "", "trigger", False, _SEAL_ENTRY),
    ("ledger_seal_payload", "", "trigger", False, _SEAL_PAYLOAD),
    ("ledger_events_turn", "", "void", True, _EVENTS_TURN),
)
_INSTALLED = """
SELECT 'function ' || proname,
  format('CREATE OR REPLACE FUNCTION %s(%s) RETURNS %s LANGUAGE %s%s%s AS $ledger$%s$ledger$',
    proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), lanname,
    CASE WHEN prosecdef THEN ' SECURITY DEFINER' ELSE '' END,
    (SELECT string_agg(' SET ' || replace(setting, '=', ' = '), '' ORDER BY place)
       FROM unnest(proconfig) WITH ORDINALITY AS s (setting, place)),
    prosrc)
FROM pg_proc p JOIN pg_language l ON l.oid = prolang
WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'ledger\\_%'
UNION ALL
SELECT 'trigger ' || relname || '.' || tgname,
  pg_get_triggerdef(t.oid, true) || CASE tgenabled WHEN 'A' THEN '' ELSE ' -- ENABLED ' || tgenabled::text END
FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal
  AND (tgname LIKE 'ledger\\_%' OR relname IN ('registry_ledgerentry', 'registry_ledgerpayload'))
"""


def shape(connection: BaseDatabaseWrapper) -> dict[str, list[tuple[str, str]]]:
    """Columns (name, type) of every table, in their order."""
    tables: dict[str, list[tuple[str, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"
        )
        for table, column, kind in cursor.fetchall():
            tables.setdefault(table, []).append((column, kind))
    return tables


def expected(connection: BaseDatabaseWrapper, tables: Sequence[Tracked]) -> dict[str, str]:
    """Every object of the ledger and the statement that makes it, in the form PostgreSQL prints it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        own = f" SECURITY DEFINER SET search_path = {cursor.fetchone()[0]}, pg_temp SET TimeZone = utc"
    made = {
        f"function {name}": f"CREATE OR REPLACE FUNCTION {name}({arguments}) RETURNS {result} LANGUAGE plpgsql"
        f"{own if outside else ''} AS $ledger${body}$ledger$"
        for name, arguments, result, outside, body in _FUNCTIONS
    }
    for name, table, event, function in _triggers(tables):
        made[f"trigger {table}.{name}"] = f"CREATE TRIGGER {name} {event} EXECUTE FUNCTION {function}"
    return made


def _triggers(tables: Sequence[Tracked]) -> Iterator[tuple[str, str, str, str]]:
    """(name, table, when, what); they fire in the order of their names."""
    entries, payloads = "registry_ledgerentry", "registry_ledgerpayload"
    yield "ledger_1_seal", entries, f"BEFORE INSERT ON {entries} FOR EACH ROW", "ledger_seal_entry()"
    direct = f"BEFORE INSERT ON {payloads} FOR EACH ROW WHEN (pg_trigger_depth() = 0)"
    yield "ledger_1_seal", payloads, direct, "ledger_seal_payload()"
    yield from _append_only(entries, "ledger_keep_entry()")
    yield from _append_only(payloads, "ledger_keep_payload()")
    for tracked in tables:
        table = tracked.table
        if tracked.append_only:
            unless_redacted = f"ledger_keep({', '.join(map(repr, _row_arguments(tracked)))})"
            yield from _append_only(table, unless_redacted if tracked.subject else "ledger_refuse()")
        else:
            yield (
                "ledger_4_truncate",
                table,
                f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT",
                "ledger_refuse()",
            )
        if tracked.subject:
            rows = f"INSERT OR DELETE OR UPDATE ON {table} FOR EACH"
            yield "ledger_1_lock", table, f"BEFORE {rows} STATEMENT", "ledger_lock()"
            arguments = [*_row_arguments(tracked), *(part for pair in tracked.subject for part in pair)]
            yield (
                "ledger_3_capture",
                table,
                f"AFTER {rows} ROW",
                f"ledger_capture({', '.join(map(repr, arguments))})",
            )


def _row_arguments(tracked: Tracked) -> list[str]:
    """What a trigger has to know to write a row's text: primary key, excluded columns."""
    return [tracked.pk, f"{{{','.join(tracked.exclude)}}}"]


def _append_only(table: str, keep: str) -> Iterator[tuple[str, str, str, str]]:
    yield "ledger_2_keep", table, f"BEFORE DELETE OR UPDATE ON {table} FOR EACH ROW", keep
    yield "ledger_4_truncate", table, f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT", "ledger_refuse()"


def installed(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """What the database has, in the same form as `expected`."""
    with connection.cursor() as cursor:
        cursor.execute(_INSTALLED)
        return dict(cursor.fetchall())


def create(name: str, statement: str) -> Iterator[str]:
    yield statement
    kind, _, target = name.partition(" ")
    if kind == "trigger":  # also while replication applies changes
        table, trigger = target.split(".")
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}"
    # A trigger calls them without a right to; who has the right could hang them on a table of their own.
    elif target != "ledger_events_turn":
        yield f"REVOKE EXECUTE ON FUNCTION {target} FROM PUBLIC"


def drop(name: str) -> Iterator[str]:
    kind, _, target = name.partition(" ")
    if kind == "trigger":
        table, trigger = target.split(".")
        yield f"DROP TRIGGER {trigger} ON {table}"
    else:
        yield f"DROP FUNCTION {target}"


def armed(connection: BaseDatabaseWrapper) -> list[Tracked]:
    """The tables as their triggers record them now, whatever the models say."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, encode(tgargs, 'escape') FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
            " WHERE relnamespace = current_schema()::regnamespace AND tgname = 'ledger_3_capture' ORDER BY relname"
        )
        rows = cursor.fetchall()
    tables = []
    for table, text in rows:
        pk, exclude, *pairs = text.split("\\000")[:-1]
        subject = tuple(zip(pairs[::2], pairs[1::2], strict=True))
        tables.append(Tracked(table, pk, subject, tuple(filter(None, exclude[1:-1].split(",")))))
    return tables


def state(tracked: Tracked, row: str) -> str:
    """SQL: the text of a row, as the triggers write it."""
    return f"(to_jsonb({row}) - '{{{','.join(tracked.exclude)}}}'::text[])::text"


def connected(connection: BaseDatabaseWrapper) -> None:
    """Functions and settings live in the database; the connection locks before it locks rows."""
    if lock_before_rows not in connection.execute_wrappers:
        connection.execute_wrappers.append(lock_before_rows)


def lock_before_rows(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Whoever locks rows first and writes them later would wait for the ledger while others wait for the rows.

    Rows of tables that nobody records (sessions, failed log-ins) are none of the ledger's business.
    """
    connection = context["connection"]
    if connection.in_atomic_block and isinstance(sql, str) and _ROW_LOCK.search(sql) and _records(sql):
        with connection.cursor() as cursor:
            cursor.execute(LOCK)
    return execute(sql, params, many, context)


# What locks no rows need not come by here (queries/prepared.py).
lock_before_rows.row_locks_only = True  # type: ignore[attr-defined]


def _records(sql: str) -> bool:
    """Whether the query names a recorded table, or none that can be read from it."""
    named = set(_TABLE.findall(sql))
    return not named or not named.isdisjoint(tracked.table for tracked in declared())
