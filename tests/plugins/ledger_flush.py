"""Lets transactional tests empty the database between them.

The ledger refuses TRUNCATE and DELETE on its own tables, as it must. Only here, and only around Django's flush, its
triggers are taken down and put up again. Session-wide: a narrower patch would be undone before the last flush.
PostgreSQL makes new files for every table and index that is truncated: deleting the few rows takes a tenth of that.
"""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session", autouse=True)
def _ledger_lets_tests_flush() -> Iterator[None]:
    from django.db import transaction
    from django.db.backends.base.operations import BaseDatabaseOperations

    from registry.ledger import arming

    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_unguarded(self: BaseDatabaseOperations, sql_list: list[str]) -> Any:
        with transaction.atomic(using=self.connection.alias):
            arming.disarm(self.connection)
            flush(self, deletions(self.connection) if self.connection.vendor == "postgresql" else sql_list)
            arming.arm(self.connection, arming.tables(self.connection))

    def deletions(connection: Any) -> list[str]:
        tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
        # Without the keys between the tables, they may be emptied in any order.
        unkeyed = "SET LOCAL session_replication_role = replica"
        deleted = [f"DELETE FROM {connection.ops.quote_name(table)}" for table in tables]
        return [unkeyed, "; ".join(deleted), "SET LOCAL session_replication_role = DEFAULT"]

    BaseDatabaseOperations.execute_sql_flush = flush_unguarded  # type: ignore[method-assign]
    yield
    BaseDatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
