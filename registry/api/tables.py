"""Bodies as tables: which columns a declared shape has, and what stands in them.

A member that is an object becomes columns with dotted names (`developer.code`). A list of plain values is one column,
its values parted by "; ". A list of objects is a `Part`: a table of its own, one row for each object.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import orjson
from rest_framework import serializers

from registry.api.column_names import spoken


class Kind(Enum):
    """What the values of a column are."""

    TEXT = "text"
    NUMBER = "number"
    TRUTH = "truth"
    DAY = "day"
    MOMENT = "moment"
    #: Lists of objects inside a list of objects: JSON as it stands in the body.
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Column:
    """`path`: the members that lead to the value."""

    path: tuple[str, ...]
    kind: Kind

    @property
    def name(self) -> str:
        return ".".join(self.path)

    @property
    def vi(self) -> str:
        return spoken(self.path)

    def of(self, body: Mapping[str, Any]) -> Any:
        """The value, None where there is none: as JSON has it, lists as one text."""
        found: Any = body
        for member in self.path:
            if not isinstance(found, Mapping):
                return None
            found = found.get(member)
        if self.kind is Kind.JSON:
            return orjson.dumps(found).decode() if found else None
        if isinstance(found, list):
            return "; ".join(str(item) for item in found) or None
        return found


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` in the order of the body; `parts` are its lists of objects, by the path that leads to each."""

    columns: tuple[Column, ...]
    parts: tuple["Part", ...]

    def only(self, members: Collection[str]) -> "Table":
        """The same table with what stands under these members of the body."""
        return Table(
            tuple(column for column in self.columns if column.path[0] in members),
            tuple(part for part in self.parts if part.path[0] in members),
        )


@dataclass(frozen=True, slots=True)
class Part:
    path: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        return ".".join(self.path)

    @property
    def vi(self) -> str:
        return spoken(self.path)

    def rows(self, body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        found: Any = body
        for member in self.path:
            found = (found or {}).get(member)
        return found or []


def table_of(shape: type[serializers.Serializer[Any]]) -> Table:
    columns: list[Column] = []
    parts: list[Part] = []
    for path, field in _leaves(shape(), ()):
        if isinstance(field, serializers.ListSerializer):
            parts.append(Part(path, _inner(field.child)))
        else:
            columns.append(Column(path, _kind(field)))
    return Table(tuple(columns), tuple(parts))


def _inner(shape: Any) -> tuple[Column, ...]:
    if not isinstance(shape, serializers.Serializer):
        return ()
    return tuple(Column(path, _kind(field)) for path, field in _leaves(shape, ()))


def _leaves(shape: serializers.Serializer[Any], path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any]]:
    found: list[tuple[tuple[str, ...], Any]] = []
    for name, field in shape.fields.items():
        if isinstance(field, serializers.Serializer):
            found += _leaves(field, (*path, name))
        else:
            found.append(((*path, name), field))
    return found


def _kind(field: Any) -> Kind:
    match field:
        case serializers.ListSerializer():
            return Kind.JSON
        case serializers.FloatField() | serializers.IntegerField() | serializers.DecimalField():
            return Kind.NUMBER
        case serializers.BooleanField():
            return Kind.TRUTH
        case serializers.DateTimeField():
            return Kind.MOMENT
        case serializers.DateField():
            return Kind.DAY
    return Kind.TEXT
