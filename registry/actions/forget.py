"""What the database let go of leaves its files too."""

import re
import time
from datetime import timedelta

from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

PATIENCE = timedelta(seconds=30)
"""How long the transactions of others are waited for."""

# 55P03: somebody reads the table. 40P01: somebody who writes took locks in another order. XX001: a row is kept for
# somebody's snapshot, but autovacuum has taken away its long values; it goes with that snapshot.
_OTHERS = ("55P03", "40P01", "XX001")


def forget(patience: timedelta = PATIENCE) -> bool:
    """Have the database write itself anew, without what it let go of; whether nothing of the old is left in its files.

    Not inside a transaction. False while somebody's reading keeps it, after `patience`: run it again. PostgreSQL keeps
    its log (WAL) until it is recycled.
    """
    until = time.monotonic() + patience.total_seconds()
    return all(
        [
            _forget_tables(one, until) if one.vendor == "postgresql" else _forget_file(one, until)
            for one in connections.all()
        ]
    )


def _forget_file(connection: BaseDatabaseWrapper, until: float) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA busy_timeout")
        (usual,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {max(0, round((until - time.monotonic()) * 1000))}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return not cursor.fetchone()[0]
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")


def _forget_tables(connection: BaseDatabaseWrapper, until: float) -> bool:
    # Statistics hold samples of values, and are taken anew with each table: theirs is the last.
    left = [*connection.introspection.table_names(), "pg_statistic"]
    with connection.cursor() as cursor:
        # Whoever reads meanwhile waits in line behind us, so not for long.
        cursor.execute("SET lock_timeout = '2s'")
        try:
            while left := [table for table in left if not _forget_table(cursor, table)]:
                if time.monotonic() > until:
                    return False
                time.sleep(1)
        finally:
            cursor.execute("RESET lock_timeout")
    return True


def _forget_table(cursor: CursorWrapper, table: str) -> bool:
    """Whether the new file of the table holds nothing but what is there now.

    VACUUM alone leaves bytes in the holes of a page. VACUUM (FULL) alone copies what was deleted after the oldest
    transaction of the whole server began, also one in another database; the former need not.
    """
    told: list[str] = []

    def hear(notice: object) -> None:
        # “5 dead row versions cannot be removed yet”, in the server's language.
        told.extend(re.findall(r"^\D*(\d+)", getattr(notice, "message_detail", None) or ""))

    name = cursor.db.ops.quote_name(table)
    raw = cursor.db.connection
    raw.add_notice_handler(hear)
    try:
        cursor.execute(f"VACUUM (ANALYZE) {name}")
        cursor.execute(f"VACUUM (FULL, VERBOSE) {name}")
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) not in _OTHERS:
            raise
        return False
    finally:
        raw.remove_notice_handler(hear)
    return told == ["0"]
