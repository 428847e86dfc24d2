"""Questions that every request asks. Making SQL from the models takes longer than answering it, so it is made once."""

from collections.abc import Callable
from typing import Any

from django.db import connection, models
from django.db.models.expressions import Expression


class Given(Expression):
    """Stands in a query set for a value that comes with each asking, as that field writes it."""

    def __init__(self, name: str, field: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


class Prepared:
    """A question whose rows are tuples: `make` gives the query set (`values_list`), with `Given` in it."""

    def __init__(self, make: Callable[[], "models.QuerySet[Any, tuple[Any, ...]]"]) -> None:
        self._make = make
        self._made: dict[str, tuple[str, tuple[Any, ...], Any]] = {}

    def __call__(self, **values: Any) -> list[tuple[Any, ...]]:
        sql, parameters, convert = self._made.get(connection.vendor) or self._written()
        filled = [
            p.output_field.get_db_prep_value(values[p.name], connection) if isinstance(p, Given) else p
            for p in parameters
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql, filled)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
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
