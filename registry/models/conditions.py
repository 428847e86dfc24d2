"""What constraints ask of a column, in plain SQL: any program can check it, none needs a function of Django's.

Each is spelt once more for a value in memory (`of`), where no database is asked (`registry/models/checks.py`).
"""

import re
from datetime import date
from typing import Any

from django.db import models


class Plain(models.Func):
    """An expression about one column with a spelling for each engine."""

    arity = 1
    on_postgresql: str
    on_sqlite: str

    def of(self, value: Any) -> Any:
        """What the database would say of that value, which is not NULL."""
        raise NotImplementedError

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self._spelt(compiler, connection, self.on_postgresql, context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self._spelt(compiler, connection, self.on_sqlite, context)

    def _spelt(self, compiler: Any, connection: Any, template: str, context: dict[str, Any]) -> Any:
        sql, params = self.as_sql(compiler, connection, template=template, **context)
        return sql, (*params,) * template.count("%(expressions)s")


class YearOf(Plain):
    """The year of a date."""

    output_field = models.IntegerField()
    on_postgresql = "EXTRACT(YEAR FROM (%(expressions)s)::date)::integer"
    on_sqlite = "CAST(substr(%(expressions)s, 1, 4) AS INTEGER)"

    def of(self, value: date) -> int:
        return value.year


class SaysSomething(Plain):
    """Not blanks alone."""

    output_field = models.BooleanField()
    on_postgresql = r"(btrim((%(expressions)s)::text, E' \t\n\r') <> '')"
    on_sqlite = "(trim(%(expressions)s, ' ' || char(9, 10, 13)) <> '')"

    def of(self, value: str) -> bool:
        return value.strip(" \t\n\r") != ""


class IsCode(Plain):
    """Words of a-z and 0-9, joined by single hyphens."""

    output_field = models.BooleanField()
    on_postgresql = "((%(expressions)s)::text ~ '^[a-z0-9]+(-[a-z0-9]+)*$')"
    on_sqlite = (
        "(%(expressions)s GLOB '[a-z0-9]*' AND %(expressions)s GLOB '*[a-z0-9]'"
        " AND NOT %(expressions)s GLOB '*[^a-z0-9-]*' AND NOT %(expressions)s GLOB '*--*')"
    )

    def of(self, value: str) -> bool:
        return re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value) is not None


_TEN, _THREE = "[0-9]" * 10, "[0-9]" * 3


class IsProjectCode(Plain):
    """Ten digits."""

    output_field = models.BooleanField()
    on_postgresql = "((%(expressions)s)::text ~ '^[0-9]{10}$')"
    on_sqlite = f"(%(expressions)s GLOB '{_TEN}')"

    def of(self, value: str) -> bool:
        return re.fullmatch(r"[0-9]{10}", value) is not None


class IsVsicCode(Plain):
    """The letter of a section, A to V (since 2025), or the two to five digits below it."""

    output_field = models.BooleanField()
    on_postgresql = "((%(expressions)s)::text ~ '^([A-V]|[0-9]{2,5})$')"
    on_sqlite = (
        "(%(expressions)s GLOB '[A-V]' OR (length(%(expressions)s) BETWEEN 2 AND 5"
        " AND NOT %(expressions)s GLOB '*[^0-9]*'))"
    )

    def of(self, value: str) -> bool:
        return re.fullmatch(r"[A-V]|[0-9]{2,5}", value) is not None


class IsEnterpriseCode(Plain):
    """Ten digits, for a dependent unit with a hyphen and three more."""

    output_field = models.BooleanField()
    on_postgresql = "((%(expressions)s)::text ~ '^[0-9]{10}(-[0-9]{3})?$')"
    on_sqlite = f"(%(expressions)s GLOB '{_TEN}' OR %(expressions)s GLOB '{_TEN}-{_THREE}')"

    def of(self, value: str) -> bool:
        return re.fullmatch(r"[0-9]{10}(-[0-9]{3})?", value) is not None
