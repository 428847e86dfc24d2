"""An oracle for the ledger: what changed, found by comparing the tables themselves before and after."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from registry.ledger import arming
from registry.ledger.entries import head
from registry.models import LedgerEntry

Row = dict[str, Any]
POSTGRESQL = connection.vendor == "postgresql"


def entries_after(seq: int) -> list[LedgerEntry]:
    return list(LedgerEntry.objects.filter(seq__gt=seq).select_related("payload").order_by("seq"))


def content(text: str | None) -> Row | None:
    return None if text is None else json.loads(text, parse_float=Decimal)


@contextmanager
def exactly_recorded() -> Iterator[list[LedgerEntry]]:
    """What the block changes must stand in the ledger: one entry for each row, with its before and after.

    Gives a list that holds the new entries after the block.
    """
    before, (seq, _) = _tables(), head()
    found: list[LedgerEntry] = []
    yield found
    after = _tables()
    found += entries_after(seq)
    changed = {
        row: (before.get(row), after.get(row))
        for row in {*before, *after}
        if before.get(row) != after.get(row)
    }
    recorded = {
        (entry.table_name, entry.row_id): (content(entry.payload.before), content(entry.payload.after))
        for entry in found
    }
    plain = _plain(recorded)
    assert plain == changed, f"recorded {plain}, changed {changed}"
    assert len(found) == len(changed)
    for entry in found:
        old, new = changed[entry.table_name, entry.row_id]
        assert entry.op == ("insert" if old is None else "delete" if new is None else "update")


def _tables() -> dict[tuple[str, str], Row]:
    """Every row of every recorded table, without the columns that are not recorded."""
    rows = {}
    with connection.cursor() as cursor:
        for tracked in arming.tables(connection):
            if tracked.subject:
                cursor.execute(f"SELECT * FROM {tracked.table}")
                names = [column[0] for column in cursor.description]
                for values in cursor.fetchall():
                    row = {
                        n: _value(v) for n, v in zip(names, values, strict=True) if n not in tracked.exclude
                    }
                    rows[tracked.table, str(row[tracked.pk])] = row
    return rows


def _plain(recorded: dict[Any, tuple[Row | None, Row | None]]) -> dict[Any, tuple[Row | None, Row | None]]:
    return {
        key: tuple(row and {name: _value(value) for name, value in row.items()} for row in pair)  # type: ignore[misc]
        for key, pair in recorded.items()
    }


def _value(value: Any) -> Any:
    """One form for what a driver gives and what JSON holds: moments and numbers compare as such."""
    if isinstance(value, datetime | date):
        value = value.isoformat()
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d[ T]\d\d:", value):
        return datetime.fromisoformat(value)
    if isinstance(value, float | Decimal):
        return Decimal(str(value)).normalize()
    return value


@contextmanager
def unguarded() -> Iterator[None]:
    """The ledger's triggers are away inside: what somebody can do who owns the database. Then they are back."""
    if POSTGRESQL:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    arming.disarm(connection)
    yield
    if POSTGRESQL:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    arming.arm(connection, arming.tables(connection))


def run(sql: str, parameters: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
