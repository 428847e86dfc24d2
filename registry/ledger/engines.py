"""What the two databases do differently, under one set of names."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from django.db.backends.base.base import BaseDatabaseWrapper

from registry.ledger import postgresql, sqlite
from registry.ledger.tracked import Tracked


class Engine(Protocol):
    """Promises of `postgresql` and `sqlite`. Objects are named `trigger …`, `function …`, `view …`."""

    DIFFERS: str
    WRITE: str

    def shape(self, connection: BaseDatabaseWrapper) -> dict[str, list[tuple[str, str]]]: ...
    def expected(self, connection: BaseDatabaseWrapper, tables: Sequence[Tracked]) -> dict[str, str]: ...
    def installed(self, connection: BaseDatabaseWrapper) -> dict[str, str]: ...
    def armed(self, connection: BaseDatabaseWrapper) -> list[Tracked]: ...
    def create(self, name: str, statement: str) -> Iterator[str]: ...
    def drop(self, name: str) -> Iterator[str]: ...
    def state(self, tracked: Tracked, row: str) -> str: ...
    def connected(self, connection: BaseDatabaseWrapper) -> None: ...


def engine_of(connection: BaseDatabaseWrapper) -> Engine:
    if connection.vendor == "postgresql":
        return postgresql
    if connection.vendor == "sqlite":
        return sqlite
    raise NotImplementedError(f"The ledger does not know {connection.vendor}.")
