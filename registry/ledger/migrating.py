"""Migrations under the ledger: nothing is changed unseen while the triggers are down.

Before: every row must be what the ledger last said of it; then a `begun` entry, and the triggers go.
After: the triggers come back as the models now ask for them, each row whose text changed gets a `migrate` entry,
then a `done` entry. So also after one that failed: its entries say that it was interrupted. A `begun` without
`done` is a migration that was killed.
"""

import json
from collections.abc import Sequence
from itertools import chain, islice
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.base import BaseDatabaseWrapper

from registry.ledger.arming import arm, disarm, exists, tables
from registry.ledger.context import recorded
from registry.ledger.drift import adopt, adopt_removed, drift, live_tables, lost_tables, recorded_tables
from registry.ledger.engines import engine_of
from registry.ledger.roles import refuse_others
from registry.models.ledger import LedgerEntry
from registry.rules.problems import Problem

#: The row of the ledger that says where migrations stand.
TABLE, ROW = "django_migrations", "state"
#: Databases whose triggers this process took down. Another process may be migrating: its triggers are not ours.
_under_way: set[str] = set()


class MigrateRefused(Problem):
    """A recorded table was changed behind the ledger's back: to migrate would hide it."""


def begin(connection: BaseDatabaseWrapper, plan: Sequence[str]) -> None:
    """Take the triggers down for these migrations. Raises MigrateRefused when a row has drifted."""
    if connection.alias != DEFAULT_DB_ALIAS or not exists(connection):
        return
    with recorded(reason=_reason(plan)):
        if LedgerEntry.objects.exists():
            state = _state()
            interrupted = state.get("state") == "begun"
            if not interrupted:
                _refuse_drift(connection)
            arm(connection, [])  # an interrupted migration left nothing to write with
            _note(connection, state="begun", plan=list(plan), interrupted=interrupted)
        disarm(connection)
    _under_way.add(connection.alias)


def finish(connection: BaseDatabaseWrapper, plan: Sequence[str]) -> None:
    """Put the triggers up and record what changed meanwhile. Nothing to do: nothing is touched."""
    if connection.alias != DEFAULT_DB_ALIAS or not exists(connection):
        return
    engine, wanted = engine_of(connection), tables(connection)
    state, first = _state(), not LedgerEntry.objects.exists()
    begun = state.get("state") == "begun"
    if not begun and engine.expected(connection, wanted) == engine.installed(connection):
        return
    refuse_others(connection)
    interrupted = begun and (state["interrupted"] or not plan)
    reason = _reason(
        state["plan"] if begun else plan, "sau một lần bị ngắt giữa chừng" if interrupted else ""
    )
    with recorded(reason=reason if begun or first else "đặt lại trigger của sổ cái"):
        before = {tracked.table: tracked for tracked in engine.armed(connection)}
        known = live_tables(connection)
        arm(connection, wanted)
        for tracked in wanted:
            # Where only triggers were missing, rows stay as they are: a drift is for `verify_ledger` to show.
            changed = (
                before[tracked.table] != tracked if tracked.table in before else tracked.table not in known
            )
            if tracked.subject and (begun or first or changed):
                adopt(connection, tracked)
        if begun:
            adopt_removed(connection, {tracked.table for tracked in wanted if tracked.subject})
        _note(connection, state="done", plan=list(plan), interrupted=interrupted)
    _under_way.discard(connection.alias)


def abandon(connection: BaseDatabaseWrapper) -> None:
    """After a migration that failed: what is there, half-way as it may be, is recorded again from now on."""
    if connection.alias in _under_way:
        finish(connection, [])


def _refuse_drift(connection: BaseDatabaseWrapper) -> None:
    rows = chain.from_iterable(drift(connection, tracked) for tracked in recorded_tables(connection))
    found = [*lost_tables(connection), *(f"{row.table} {row.row_id}" for row in islice(rows, 5))]
    if found:
        raise MigrateRefused(
            "ledger_drifted",
            f"Có thay đổi mà sổ cái không ghi ({', '.join(found)}…). Hãy chạy verify_ledger, làm rõ và xử lý "
            "trước khi migrate.",
        )


def _reason(plan: Sequence[str], remark: str = "") -> str:
    """Such as `migrate registry.0004_capital`; the whole plan stands in the entry itself."""
    names = ", ".join(plan) if len(plan) < 4 else f"{len(plan)} migration, cuối cùng là {plan[-1]}"
    return " ".join(filter(None, ["migrate", names, remark]))


def _state() -> dict[str, Any]:
    """What the last entry about migrations says."""
    text = _last_text()
    return json.loads(text) if text else {}


def _last_text() -> str | None:
    entries = LedgerEntry.objects.filter(table_name=TABLE, row_id=ROW).order_by("-seq")
    return entries.values_list("payload__after", flat=True).first()


def _note(connection: BaseDatabaseWrapper, **state: Any) -> None:
    rows = "SELECT %s AS table_name, %s AS row_id, '' AS subject, 'migrate' AS op, %s AS before, %s AS after"
    with connection.cursor() as cursor:
        cursor.execute(
            engine_of(connection).WRITE.format(rows=rows), [TABLE, ROW, _last_text(), json.dumps(state)]
        )
