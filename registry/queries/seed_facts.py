"""Every value the registry holds, with where it is stated: what docs/seed-facts.md prints of a fresh registry.

Each column of each table is a value, a part of one, or structure, as rules/provenance.py lists them. A column that
is not listed there stops the page from being made.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import models

from registry.models import SUBJECTS
from registry.queries.citations import Stated, all_stated
from registry.queries.contents import children_of, contents
from registry.queries.facts import Names, fact, names_in, plain_rows
from registry.queries.provenance import said
from registry.rules.composition.papers import Values
from registry.rules.dates import StatedDate
from registry.rules.provenance import (
    field_of,
    fields_of,
    names_a_value,
    numbered_rows,
    shared_out,
    structural,
    weighed,
)
from registry.rules.rivals import rivals
from registry.rules.text import sentences
from registry.rules.wordings import Coded, Place

Model = type[models.Model]

#: Texts of which each line is a value of its own.
_LINES = frozenset(("products", "sectors", "task"))
#: Texts of which each sentence is one.
_SENTENCES = frozenset(("definition",))


class UnlistedColumn(Exception):
    """A column of which nobody has said whether a document must state it."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A citation beside the value it is about. `verdict`: agrees, disagrees, or (None) speaks in other words."""

    stated: Stated
    verdict: bool | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of one record, and where it is stated.

    path: the field, as in the record's body (`effects.1.area_ha`); column: its first column, with the table; cited_as:
    the field of its citations; row: the numbered row it is in; said: what `agrees` compares; rivals: figures of the
    same thing that differ.
    """

    record: str
    path: str
    column: str
    cited_as: str
    row: int | None
    label: str
    value: str
    said: Any
    rivals: tuple[str, ...] = ()
    traces: tuple[Trace, ...] = ()

    @property
    def sourced(self) -> bool:
        return weighed([trace.verdict for trace in self.traces]) is not False

    @property
    def in_a_document(self) -> bool:
        """Stated in a paragraph of a document; else it is reference data, or unsourced."""
        return any(trace.stated.paragraph is not None for trace in self.traces)


def seed_facts() -> list[Fact]:
    """Every value of every record but the sources themselves, by kind and code, each with its citations."""
    return traced(values_held(), all_stated())


def unsourced(facts: Iterable[Fact]) -> list[Fact]:
    """Values that must be stated somewhere and are not."""
    return [one for one in facts if not one.sourced]


def idle(facts: Iterable[Fact], stated: Iterable[Stated]) -> list[Stated]:
    """Citations that no value rests on."""
    used = {trace.stated for one in facts for trace in one.traces}
    return [one for one in stated if one not in used]


def traced(held: Iterable[Fact], stated: Iterable[Stated]) -> list[Fact]:
    """The values with their citations, shared out as `rules.provenance.shared_out` says."""
    citations: dict[tuple[str, int | None, str], list[Stated]] = {}
    for one in stated:
        citations.setdefault((one.record, one.row, one.field), []).append(one)
    facts = list(held)
    together: dict[tuple[str, int | None, str], list[Fact]] = {}
    for each in facts:
        together.setdefault((each.record, each.row, each.cited_as), []).append(each)
    traces: dict[int, tuple[Trace, ...]] = {}
    for (record, row, field), group in together.items():
        own = citations.get((record, row, field), [])
        shared = shared_out(field, [each.said for each in group], [one.as_stated for one in own])
        for each, found in zip(group, shared, strict=True):
            traces[id(each)] = tuple(Trace(own[number], verdict) for number, verdict in found)
    return [replace(each, traces=traces[id(each)]) for each in facts]


def values_held() -> list[Fact]:
    """Every value of every record but the sources themselves, by kind and code, without citations.

    Raises UnlistedColumn.
    """
    found: list[Fact] = []
    for kind, model in sorted(SUBJECTS.items()):
        if kind == "source":
            continue
        codes = dict(model._default_manager.values_list("pk", "code"))
        held = contents(kind, codes)
        values = said({(kind, pk): content for pk, content in held.items()})
        names = names_in(row for content in held.values() for row in plain_rows(model, content))
        for pk, code in sorted(codes.items(), key=lambda pair: pair[1]):
            found += _of_record(kind, f"{kind}:{code}", model, held[pk], names, values[kind, pk])
    return found


def _of_record(
    kind: str, record: str, model: Model, content: Mapping[str, Any], names: Names, values: Values
) -> Iterator[Fact]:
    yield from _of_row(record, "", None, model, fields_of(kind), content, names, values)
    for relation in children_of(model):
        accessor = relation.get_accessor_name() or ""
        if accessor == "citations":
            continue
        numbered = numbered_rows(kind)
        called = numbered.called if numbered is not None else ""
        disagreeing = rivals(content[accessor]) if accessor in ("capital_events", "values") else {}
        for child in content[accessor]:
            row = child.get("position")
            prefix = f"{accessor}." if row is None else f"{called}.{row}."
            others = disagreeing.get(row, ()) if row is not None else ()
            fields = fields_of(kind, accessor)
            for one in _of_row(record, prefix, row, relation.related_model, fields, child, names, values):
                figure = one.cited_as in ("amount", "value")
                paths = tuple(f"{called}.{other}.{one.cited_as}" for other in others if figure)
                yield replace(one, rivals=paths)


def _of_row(
    record: str,
    prefix: str,
    row: int | None,
    model: Model,
    fields: Sequence[str],
    content: Mapping[str, Any],
    names: Names,
    values: Values,
) -> Iterator[Fact]:
    for column in (*model._meta.concrete_fields, *model._meta.local_many_to_many):
        if column.name not in content:
            continue
        field = field_of(column.name, fields)
        if field is None and not structural(model.__name__, column.name):
            raise UnlistedColumn(f"{model.__name__}.{column.name}")
        if field is None or not names_a_value(column.name, field):
            continue
        label, text = fact(model, column.name, content, names)
        members = _members(model, column.name, text)
        for member in members:
            value = _said(values.get((row, field)), column.name, content, member)
            place = f"{model.__name__}.{column.name}"
            yield Fact(record, prefix + field, place, field, row, label, member, value)


def _members(model: Model, column: str, text: str) -> list[str]:
    """The values that a column holds: one, the members of a list, or the lines of a text."""
    if isinstance(model._meta.get_field(column), models.ManyToManyField):
        return [part for part in text.split("; ") if part]
    if column in _LINES:
        return [line for line in text.splitlines() if line]
    return sentences(text) if column in _SENTENCES else [text] if text else []


def _said(value: Any, column: str, row: Mapping[str, Any], text: str) -> Any:
    """What `agrees` compares with a citation of the value: as rules/composition/values.py says, or of the several
    that a field holds the one in this column.
    """
    if not isinstance(value, list):
        return value
    stem = column.removesuffix("_latest")
    if stem != column:
        return StatedDate(_day(row[f"{stem}_earliest"]), _day(row[column]), row[f"{stem}_stated_as"])
    if column in ("valid_from", "valid_to"):
        return StatedDate(_day(row[column]), _day(row[column]))
    return next((one for one in value if isinstance(one, Coded | Place) and one.label == text), text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
