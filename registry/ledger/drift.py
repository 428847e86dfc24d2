"""Rows that are not what the ledger last said of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

from registry.ledger.arming import tables
from registry.ledger.context import recorded
from registry.ledger.engines import engine_of
from registry.ledger.entries import head
from registry.ledger.tracked import Tracked, subject_sql


@dataclass(frozen=True, slots=True)
class Drifted:
    """One row: its text as the ledger last had it and as the table has it, None where it has none."""

    table: str
    row_id: str
    recorded: str | None
    found: str | None


def live_tables(connection: BaseDatabaseWrapper) -> set[str]:
    """The tables that have a row, as far as the ledger knows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT table_name FROM registry_ledgerentry AS e WHERE after_digest IS NOT NULL"
            " AND table_name <> 'django_migrations' AND NOT EXISTS (SELECT 1 FROM registry_ledgerentry AS later"
            " WHERE later.table_name = e.table_name AND later.row_id = e.row_id AND later.seq > e.seq)"
        )
        return {table for (table,) in cursor.fetchall()}


def recorded_tables(connection: BaseDatabaseWrapper) -> list[Tracked]:
    """The recorded tables, as their triggers write them; where a trigger is gone, as the models say."""
    armed = {tracked.table: tracked for tracked in engine_of(connection).armed(connection)}
    live = live_tables(connection)
    missing = (t for t in tables(connection) if t.subject and t.table not in armed and t.table in live)
    return [*armed.values(), *missing]


def lost_tables(connection: BaseDatabaseWrapper) -> list[str]:
    """The tables that should have rows and are not there at all."""
    return sorted(live_tables(connection) - set(engine_of(connection).shape(connection)))


def drift(connection: BaseDatabaseWrapper, tracked: Tracked) -> Iterator[Drifted]:
    """The rows of one table that were changed, added or removed without the ledger."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT row_id, before, after FROM ({_rows(connection, tracked)}) AS d ORDER BY row_id"
        )
        for row_id, before, after in cursor.fetchall():
            yield Drifted(tracked.table, row_id, before, after)


def adopt(connection: BaseDatabaseWrapper, tracked: Tracked) -> None:
    """Write a `migrate` entry for every row that drifted. Needs the ledger armed, and `recorded`."""
    with connection.cursor() as cursor:
        cursor.execute(engine_of(connection).WRITE.format(rows=_rows(connection, tracked)))


def adopt_removed(connection: BaseDatabaseWrapper, kept: set[str]) -> None:
    """Write a `migrate` entry for every row of a table that is no longer recorded."""
    with connection.cursor() as cursor:
        for table in sorted(live_tables(connection) - kept):
            rows = (
                "SELECT l.table_name AS table_name, l.row_id AS row_id, l.subject AS subject, 'migrate' AS op,"
                f" p.after AS before, NULL AS after FROM {_last(table)} WHERE p.after IS NOT NULL"
            )
            cursor.execute(engine_of(connection).WRITE.format(rows=rows))


def acknowledge(connection: BaseDatabaseWrapper, actor: str, reason: str) -> int:
    """Take the tables as they are into the ledger, as `migrate` entries; how many rows had drifted.

    For a drift that is understood: what happened unseen stays visible, and migrations are possible again.
    """
    with recorded(actor=actor, reason=reason):
        before, _ = head()
        for tracked in recorded_tables(connection):
            adopt(connection, tracked)
        adopt_removed(connection, live_tables(connection) - set(lost_tables(connection)))
        return head()[0] - before


def _last(table: str) -> str:
    """SQL: the last entry `l` and payload `p` of each row of a table."""
    name = table.replace("'", "''")
    return (
        "registry_ledgerentry AS l JOIN registry_ledgerpayload AS p ON p.seq = l.seq"
        f" AND l.seq IN (SELECT max(seq) FROM registry_ledgerentry WHERE table_name = '{name}' GROUP BY row_id)"
    )


def _rows(connection: BaseDatabaseWrapper, tracked: Tracked) -> str:
    """SQL: what a `migrate` entry would say of each drifted row."""
    engine, table = engine_of(connection), tracked.table
    row_id = f'CAST(r."{tracked.pk}" AS TEXT)'
    return f"""
        SELECT '{table}' AS table_name, w.row_id AS row_id, w.subject AS subject, 'migrate' AS op,
          known.after AS before, w.after AS after
        FROM (SELECT {row_id} AS row_id, {subject_sql(tracked, "r")} AS subject, {engine.state(tracked, "r")} AS after
              FROM {table} AS r) AS w
        LEFT JOIN (SELECT l.row_id AS row_id, p.after AS after FROM {_last(table)}) AS known ON known.row_id = w.row_id
        WHERE known.after {engine.DIFFERS} w.after
        UNION ALL
        SELECT '{table}', l.row_id, l.subject, 'migrate', p.after, NULL FROM {_last(table)}
        WHERE p.after IS NOT NULL AND l.row_id NOT IN (SELECT {row_id} FROM {table} AS r)"""
