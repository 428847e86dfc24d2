"""Lets transactional tests empty the database between them.

The ledger refuses TRUNCATE and DELETE on its own tables, as it must. Only here, and only around Django's flush, its
triggers are taken down and put up again. Session-wide: a narrower patch would be undone before the last flush.
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
            flush(self, sql_list)
            arming.arm(self.connection, arming.tables(self.connection))

    BaseDatabaseOperations.execute_sql_flush = flush_unguarded  # type: ignore[method-assign]
    yield
    BaseDatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
