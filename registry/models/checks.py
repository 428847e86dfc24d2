"""Constraints that a row in memory answers itself, as the database would.

Django asks the database about each constraint of each row: a form of a hundred rows made thousands of queries.
tests/models/test_checks.py compares the two answers for every check constraint of every table.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from operator import eq, ge, gt, le, lt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import F, Q

from registry.models.conditions import Plain

#: A condition's answer for the values of a row by field; None where SQL's is NULL.
Answer = Callable[[Mapping[str, Any]], bool | None]

_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {"exact": eq, "gt": gt, "gte": ge, "lt": lt, "lte": le}
#: SQLite compares decimals as floats, which tell those of so many digits apart.
_DIGITS = 15


class _Unread(Exception):
    """A condition or a value of which only the database knows what it makes of it."""


class Check(models.CheckConstraint):
    """A check constraint that is validated without a query; what cannot be read here the database is asked."""

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Migrations and the database know Django's own: there the two are the same."""
        _, args, kwargs = super().deconstruct()
        return "django.db.models.CheckConstraint", args, kwargs

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Collection[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        try:
            held = self.held(model, instance, exclude or (), using)
        except _Unread:
            return super().validate(model, instance, exclude=exclude, using=using)
        if not held:
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def held(
        self, model: type[models.Model], row: models.Model, exclude: Collection[str], using: str
    ) -> bool:
        """Whether the row passes: it does where a field that the condition names is left out, or NULL decides."""
        fields, answer = self._read(model)
        if any(name in exclude for name in fields):
            return True
        return answer({name: _value(row, field, using) for name, field in fields.items()}) is not False

    def _read(self, model: type[models.Model]) -> "tuple[dict[str, models.Field[Any, Any]], Answer]":
        found = self.__dict__.setdefault("_found", {})
        if model not in found:
            fields: dict[str, models.Field[Any, Any]] = {}
            found[model] = fields, _condition(self.condition, model, fields)
        return found[model]  # type: ignore[no-any-return]


class Beside:
    """The rows that stand under one record, as the database holds them: asked for once, not once a row.

    owner: the foreign key that leads to the record.
    """

    def __init__(self, model: type[models.Model], owner: str, record: models.Model) -> None:
        self.owner = owner
        self._rows = model._default_manager.filter(**{owner: record})
        self._found: dict[Sequence[str], dict[tuple[Any, ...], set[Any]]] = {}

    def may_hold(self, row: models.Model, fields: Sequence[str]) -> bool:
        """Whether another row may be equal to this one in the fields."""
        if self.owner not in fields:
            return True
        if fields not in self._found:
            found = self._found[fields] = {}
            for pk, *values in self._rows.values_list("pk", *fields):
                found.setdefault(tuple(values), set()).add(pk)
        values = tuple(getattr(row, row._meta.get_field(name).attname) for name in fields)
        return bool(self._found[fields].get(values, set()) - {row.pk})


class Once(models.UniqueConstraint):
    """Uniqueness that is asked of the rows beside a row, where its form knows them (`beside`).

    Where one of those may be equal, the database is asked, and Django says it.
    """

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        _, args, kwargs = super().deconstruct()
        return "django.db.models.UniqueConstraint", args, kwargs

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Collection[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        beside: Beside | None = getattr(instance, "beside", None)
        if beside is None or self.condition or not self.fields or beside.may_hold(instance, self.fields):
            super().validate(model, instance, exclude=exclude, using=using)


def _condition(node: Any, model: type[models.Model], fields: dict[str, Any]) -> Answer:
    """Read a part of a condition; the fields it names are added to `fields`."""
    if isinstance(node, Q):
        parts = [_condition(child, model, fields) for child in node.children]
        if not parts or node.connector not in (Q.AND, Q.OR):
            raise _Unread
        joined = partial(_joined, parts, node.connector == Q.AND)
        return partial(_not, joined) if node.negated else joined
    if isinstance(node, Plain):
        return partial(_said, node.of, _name(node.get_source_expressions()[0], model, fields))
    if isinstance(node, tuple):
        return _lookup(*node, model, fields)
    raise _Unread


def _lookup(path: str, wanted: Any, model: type[models.Model], fields: dict[str, Any]) -> Answer:
    path, _, lookup = path.partition("__")
    name, lookup = _name(F(path), model, fields), lookup or "exact"
    field = _column(fields[name])
    if lookup == "isnull":
        return partial(_is_null, name, wanted)
    if lookup == "in":
        return partial(_said, frozenset(map(field.get_prep_value, wanted)).__contains__, name)
    # Texts are ordered otherwise by each database.
    if lookup not in _COMPARED or (
        lookup != "exact" and isinstance(field, models.CharField | models.TextField)
    ):
        raise _Unread
    if isinstance(wanted, Plain):
        other = _name(wanted.get_source_expressions()[0], model, fields)
        return partial(_compared, _COMPARED[lookup], name, other, wanted.of)
    if isinstance(wanted, F):
        return partial(_compared, _COMPARED[lookup], name, _name(wanted, model, fields), None)
    if wanted is None or hasattr(wanted, "resolve_expression"):
        raise _Unread
    prepared, compare = field.get_prep_value(wanted), _COMPARED[lookup]
    return partial(_said, lambda value: compare(value, prepared), name)


def _name(expression: Any, model: type[models.Model], fields: dict[str, Any]) -> str:
    """The field that it names, added to `fields`."""
    if not isinstance(expression, F) or "__" in expression.name:
        raise _Unread
    field = model._meta.get_field(expression.name)
    fields[field.name] = field
    return field.name


def _joined(parts: Iterable[Answer], every: bool, values: Mapping[str, Any]) -> bool | None:
    found: bool | None = every
    for part in parts:
        one = part(values)
        if one is not every and one is not None:
            return one
        if one is None:
            found = None
    return found


def _not(part: Answer, values: Mapping[str, Any]) -> bool | None:
    found = part(values)
    return None if found is None else not found


def _is_null(name: str, wanted: bool, values: Mapping[str, Any]) -> bool:
    return (values[name] is None) is wanted


def _said(ask: Callable[[Any], bool], name: str, values: Mapping[str, Any]) -> bool | None:
    value = values[name]
    return None if value is None else ask(value)


def _compared(
    compare: Callable[[Any, Any], bool],
    name: str,
    other: str,
    of: Callable[[Any], Any] | None,
    values: Mapping[str, Any],
) -> bool | None:
    one, two = values[name], values[other]
    if one is None or two is None:
        return None
    return compare(one, of(two) if of else two)


def _column(field: Any) -> Any:
    """The field whose values its column holds: of a foreign key, the other table's."""
    return _column(field.target_field) if isinstance(field, models.ForeignKey) else field


def _value(row: models.Model, field: "models.Field[Any, Any]", using: str) -> Any:
    """What its column would hold; only what is read the same everywhere."""
    value, column = getattr(row, field.attname), _column(field)
    if value is None or _fits(value, column, using):
        return value
    raise _Unread


def _fits(value: Any, column: "models.Field[Any, Any]", using: str) -> bool:
    if isinstance(column, models.CharField | models.TextField):
        return isinstance(value, str) and "\0" not in value
    if isinstance(column, models.DateTimeField):
        return isinstance(value, datetime) and value.tzinfo is not None
    if isinstance(column, models.DateField):
        return isinstance(value, date) and not isinstance(value, datetime)
    if isinstance(column, models.DecimalField):
        if not isinstance(value, Decimal | int) or column.max_digits > _DIGITS:
            return False
        number = Decimal(value)
        if not number.is_finite() or number.adjusted() >= column.max_digits - column.decimal_places:
            return False
        return round(number, column.decimal_places) == number
    if isinstance(column, models.IntegerField):
        low, high = connections[using].ops.integer_field_range(column.get_internal_type())
        return isinstance(value, int) and (low is None or low <= value) and (high is None or value <= high)
    return False
