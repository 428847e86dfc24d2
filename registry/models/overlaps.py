"""A constraint that neither Django nor SQLite has: rows that are equal in a column never overlap in time."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import Q

#: Stands on the extension btree_gist, which migration 0003 adds.
_EXCLUSION = "CONSTRAINT {name} EXCLUDE USING gist ({equal} WITH =, daterange({start}, {end}) WITH &&)"
#: Dates are text on SQLite: every one lies between the empty text and “a”.
_TRIGGER = (
    "CREATE TRIGGER {name}_{moment} AFTER {moment} ON %(table)s BEGIN"
    " SELECT RAISE(ABORT, '{name} · {message}') FROM %(table)s"
    " WHERE {equal} = NEW.{equal} AND {pk} <> NEW.{pk}"
    " AND coalesce({start}, '') < coalesce(NEW.{end}, 'a')"
    " AND coalesce(NEW.{start}, '') < coalesce({end}, 'a'); END"
)


class NeverTwiceAtOnce(models.BaseConstraint):
    """Rows equal in one column have no day in common. Periods are half-open; without a bound they have no limit.

    The message may name the other row: `%(other)s`. On PostgreSQL an exclusion constraint, on SQLite two triggers
    that are part of the table's making: a migration that remakes the table makes them again.

    A form that changes several rows at once sets `changed_together` on each, the ids of the others, and compares
    those itself (`overlap`).
    """

    def __init__(self, *, equal: str, start: str, end: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.equal, self.start, self.end = equal, start, end

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"equal": self.equal, "start": self.start, "end": self.end}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NeverTwiceAtOnce) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]

    def constraint_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        assert model is not None
        assert schema_editor is not None
        parts = {name: _field(model, getattr(self, name)).column for name in ("equal", "start", "end")}
        parts |= {"name": self.name, "pk": _field(model, "pk").column}
        if schema_editor.connection.vendor == "postgresql":
            return _EXCLUSION.format(**parts)
        message = f"{self._message.partition(':')[0]}."
        for moment in ("INSERT", "UPDATE"):
            template = _TRIGGER.format(**parts, moment=moment.lower(), message=message)
            table = Table(model._meta.db_table, schema_editor.quote_name)
            schema_editor.deferred_sql.append(Statement(template, table=table))
        return ""

    def create_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        """On SQLite never asked for: there Django makes the table anew."""
        assert model is not None
        return f"ALTER TABLE {model._meta.db_table} ADD {self.constraint_sql(model, schema_editor)}"

    def remove_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        assert model is not None
        return f"ALTER TABLE {model._meta.db_table} DROP CONSTRAINT {self.name}"

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Collection[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        if {self.equal, self.start, self.end} & set(exclude or ()):
            return
        value = getattr(instance, _field(model, self.equal).attname)
        if value is None:
            return
        start, end = getattr(instance, self.start), getattr(instance, self.end)
        rows = model._default_manager.using(using).filter(**{self.equal: value}).exclude(pk=instance.pk)
        rows = rows.exclude(pk__in=getattr(instance, "changed_together", ()))
        if start is not None:
            rows = rows.filter(Q(**{f"{self.end}__isnull": True}) | Q(**{f"{self.end}__gt": start}))
        if end is not None:
            rows = rows.filter(Q(**{f"{self.start}__isnull": True}) | Q(**{f"{self.start}__lt": end}))
        if (other := rows.first()) is not None:
            raise self.refusal(other)

    def refusal(self, other: models.Model) -> ValidationError:
        return ValidationError(self._message % {"other": other}, code=self.violation_error_code)

    @property
    def _message(self) -> str:
        return str(self.violation_error_message)

    def overlap(self, one: models.Model, other: models.Model) -> bool:
        """Whether the two rows, as they stand in memory, cannot both be."""
        if getattr(one, self.equal) != getattr(other, self.equal):
            return False
        return _begins_before(one, self.start, other, self.end) and _begins_before(
            other, self.start, one, self.end
        )


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def _begins_before(one: models.Model, start: str, other: models.Model, end: str) -> bool:
    first: date | None = getattr(one, start)
    last: date | None = getattr(other, end)
    return first is None or last is None or first < last
