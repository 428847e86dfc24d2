"""Questions that every request asks. Making SQL from the models takes longer than answering it, so it is made once."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX
from django.db.models.expressions import Expression
from psycopg import RawCursor


def rows_of(sql: str, parameters: Sequence[Any], *, by_key: bool = False) -> list[tuple[Any, ...]]:
    """The rows that SQL written for this engine gives, as its driver gives them.

    by_key: one index leads to the rows, whatever is given. PostgreSQL then plans once for each connection, which
    takes longer than such an answer; of other questions the best plan depends on what is given.

    Past Django, unless somebody listens to what is asked: on SQLite a look-up takes less than what Django puts around
    it; on PostgreSQL its cursors have stored answers written in hexadecimal and read back, which takes three times as
    long as fetching them as they are. The ledger's lock is for those who lock rows, which no question here does. A
    database error is Django's either way.
    """
    here = connections[DEFAULT_DB_ALIAS]
    if here.queries_logged or any(not getattr(one, "row_locks_only", False) for one in here.execute_wrappers):
        with here.cursor() as cursor:
            cursor.execute(sql, parameters)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found
    here.validate_thread_sharing()
    here.validate_no_broken_transaction()
    here.ensure_connection()
    try:
        return _read(here, sql, parameters, by_key)
    except DatabaseError:
        # A connection kept between requests that the server has ended since, as when it is started again. Whoever asks
        # Django has it looked for before each request, by a question of its own.
        if here.vendor == "sqlite" or here.in_atomic_block or not here.connection.closed:
            raise
    here.close()
    here.ensure_connection()
    return _read(here, sql, parameters, by_key)


def _read(
    here: BaseDatabaseWrapper, sql: str, parameters: Sequence[Any], by_key: bool
) -> list[tuple[Any, ...]]:
    with here.wrap_database_errors:
        read: list[tuple[Any, ...]] = _asked(here, sql, parameters, by_key).fetchall()
        return read


def _asked(here: BaseDatabaseWrapper, sql: str, parameters: Sequence[Any], by_key: bool) -> Any:
    if here.vendor == "sqlite":
        return here.connection.execute(_for_sqlite(sql), parameters)
    return RawCursor(here.connection).execute(_for_postgresql(sql), parameters, binary=True, prepare=by_key)


@lru_cache(maxsize=1000)
def _for_sqlite(sql: str) -> str:
    """As Django writes it when it asks."""
    return str(FORMAT_QMARK_REGEX.sub("?", sql)).replace("%%", "%")


@lru_cache(maxsize=1000)
def _for_postgresql(sql: str) -> str:
    """With `$1`, `$2`…, as PostgreSQL reads it: its driver would look for the places each time it asks."""
    parts = sql.split("%s")
    numbered = [f"{part}${place}" for place, part in enumerate(parts[:-1], start=1)]
    return "".join([*numbered, parts[-1]]).replace("%%", "%")


class Given(Expression):
    """Stands in a query set for a value that comes with each asking, as that field writes it."""

    def __init__(self, name: str, field: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


class Prepared:
    """A question whose rows are tuples: `make` gives the query set (`values_list`), with `Given` in it.

    by_key: as of `rows_of`.
    """

    def __init__(
        self, make: Callable[[], "models.QuerySet[Any, tuple[Any, ...]]"], *, by_key: bool = False
    ) -> None:
        self._make, self._by_key = make, by_key
        self._made: dict[str, tuple[str, tuple[Any, ...], Any]] = {}

    def __call__(self, **values: Any) -> list[tuple[Any, ...]]:
        here = connections[DEFAULT_DB_ALIAS]
        sql, parameters, convert = self._made.get(here.vendor) or self._written()
        filled = [
            p.output_field.get_db_prep_value(values[p.name], here) if isinstance(p, Given) else p
            for p in parameters
        ]
        rows = rows_of(sql, filled, by_key=self._by_key)
        return convert(rows) if convert else rows

    def _written(self) -> tuple[str, tuple[Any, ...], Any]:
        compiler = self._make().query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])

        def convert(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in compiler.apply_converters(rows, converters)]

        made = sql, tuple(parameters), convert if converters else None
        self._made[connection.vendor] = made
        return made
