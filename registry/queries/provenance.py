"""Where the values of a working record come from, as staff see it: published or not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from django.db.models import Count, QuerySet

from registry.models import EDITIONS, SUBJECTS, EditionTerm, SourceDocument
from registry.models.base import Subject
from registry.models.editions import OPEN_SEQ
from registry.queries.contents import children_of, contents
from registry.queries.facts import fact, names_in, plain_rows
from registry.rules import codes
from registry.rules.citations import agrees
from registry.rules.composition.values import VALUES
from registry.rules.composition.world import LABEL, Content
from registry.rules.provenance import (
    FIELDS,
    ROWS,
    Rows,
    Value,
    by_the_paper,
    citations_of,
    cited_in,
    columns_of,
    field_of,
    holds,
    is_stated,
    values,
)
from registry.rules.rivals import rivals

#: What a form calls a column that is not typed into it as such.
_CALLED = {
    "cluster_list": "clusters",
    "zone_list": "zones",
    "place_list": "places",
    "link_list": "linked_with",
}


class WorkingWorld:
    """What working records are called, for the functions that tell what a citable field says."""

    def __init__(self) -> None:
        self.asked: dict[str, set[int]] = {}
        self._labels: dict[tuple[str, int], Content] = {}

    def content(self, kind: str, subject_id: int) -> Content | None:
        self.asked.setdefault(kind, set()).add(subject_id)
        return self._labels.get((kind, subject_id))

    def label(self, kind: str, subject_id: int) -> Content | None:
        return self.content(kind, subject_id)

    def pointing(self, role: str, kind: str, subject_id: int) -> list[int]:
        return []

    def load(self) -> None:
        """Look up what was asked for: one query a kind."""
        for kind, ids in self.asked.items():
            model = SUBJECTS[kind]
            columns = [column.name for column in model._meta.concrete_fields if column.name in LABEL]
            for row in model._default_manager.filter(pk__in=ids).values("pk", *columns):
                self._labels[kind, row["pk"]] = row


#: Contents by kind and id.
Held: TypeAlias = dict[tuple[str, int], Content]


def said(held: Held) -> dict[tuple[str, int], dict[tuple[int | None, str], Any]]:
    """What each citable field of the records says, in the form that `agrees` compares. A query a kind named."""
    world = WorkingWorld()
    for (kind, _), content in held.items():
        VALUES[kind](world, content)
    world.load()
    return {(kind, pk): VALUES[kind](world, content) for (kind, pk), content in held.items()}


@dataclass(frozen=True, slots=True)
class Stated:
    """One place where a value is stated. agrees: True supports it, False states something else, None: a pointer."""

    source: SourceDocument
    locator: str
    as_stated: str
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class Rival:
    """A figure that disagrees with this one about the same thing, with its date and where it is stated."""

    position: int
    text: str
    when: str
    stated: tuple[Stated, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside one value. by_the_paper: the decision it stands in was checked by staff; unsourced: as
    `rules.provenance.unsourced` says, drafts of documents counted among the documents.
    """

    label: str
    stated: tuple[Stated, ...]
    rivals: tuple[Rival, ...]
    by_the_paper: bool
    unsourced: bool

    @property
    def contradicted(self) -> bool:
        return bool(self.rivals) or any(one.agrees is False for one in self.stated)


class Provenance:
    """Where each value of one saved record comes from. A number of queries that does not grow with its rows."""

    def __init__(self, subject: Subject) -> None:
        self.kind = subject.kind
        self.content: Content = contents(subject.kind, [subject.pk])[subject.pk]
        self._said = said({(self.kind, subject.pk): self.content})[self.kind, subject.pk]
        self._cited = cited_in(self.content)
        cited = {row["source"] for row in self.content["citations"]}
        self._sources = SourceDocument.objects.in_bulk(cited)
        self._tables = {r.get_accessor_name(): r.related_model for r in children_of(type(subject))}
        self._names = names_in(plain_rows(type(subject), self.content))

    def of_record(self, columns: Iterable[str]) -> Beside | None:
        """Beside a value of the record itself, by the columns its input fills; None where there is nothing to say."""
        return self._beside(None, self.content, FIELDS.get(self.kind, ()), columns)

    def of_row(self, column: str, pk: int, columns: Iterable[str]) -> Beside | None:
        """Beside a value of a row that stands under the record."""
        for rows in ROWS.get(self.kind, ()):
            row = (
                next((row for row in self.content[column] if row["id"] == pk), None)
                if rows.column == column
                else None
            )
            if row is not None and not rows.quoting:
                return self._beside(rows, row, rows.fields, columns)
        return None

    def all(self) -> Iterator[tuple[Value, Beside]]:
        """Every value that must be stated somewhere, in the order of the form, with what stands beside it."""
        for value in values(self.kind, self.content):
            yield value, self._of(value)

    def text_of(self, value: Value) -> str:
        """The value in words, where it is a figure of a row."""
        assert value.rows is not None
        return fact(self._tables[value.rows.column], value.field, value.row, self._names)[1]

    def _beside(
        self, rows: Rows | None, row: Content, fields: Sequence[str], columns: Iterable[str]
    ) -> Beside | None:
        called = [_CALLED.get(column, column) for column in columns]
        found = (field_of(column, fields) for column in called)
        field = next((one for one in found if one is not None), None)
        if field is None or not holds(row, field):
            return None
        # Of several inputs for one field (a scope: clusters, zones, an investor) those left empty say nothing.
        if all(row.get(column) in (None, "", []) for column in called):
            return None
        return self._of(Value(field, rows, row))

    def _of(self, value: Value) -> Beside:
        position = value.position
        by_paper = by_the_paper(self.kind, self.content, value.row)
        return Beside(
            codes.CITED_FIELD.vi(value.field),
            self._stated(position, value.field, self._said.get((position, value.field))),
            self._rivals(value.rows, value.row, value.field) if value.rows is not None else (),
            by_paper,
            not by_paper and not is_stated(self.kind, value, self._cited, self._said),
        )

    def _stated(self, position: int | None, field: str, value: Any) -> tuple[Stated, ...]:
        return tuple(
            Stated(
                self._sources[row["source"]],
                row["locator"],
                row["as_stated"],
                agrees(field, row["as_stated"], value),
            )
            for row in citations_of(self.kind, self._cited, position, field)
        )

    def _rivals(self, rows: Rows, row: Content, field: str) -> tuple[Rival, ...]:
        if field not in ("amount", "value"):
            return ()
        others = rivals(self.content[rows.column]).get(row["position"], ())
        by_position = {other["position"]: other for other in self.content[rows.column]}
        table, when = self._tables[rows.column], columns_of("as_of" if field == "amount" else "period")[0]
        return tuple(
            Rival(
                position,
                fact(table, field, by_position[position], self._names)[1],
                fact(table, when, by_position[position], self._names)[1],
                self._stated(position, field, self._said.get((position, field))),
            )
            for position in others
        )


# What is published: found by the terms of the answers in force.


def open_with(kind: str, term: str, today: date) -> QuerySet[Any]:
    """The records of the kind whose published answer for that day has such a value: `unsourced` or `rival`."""
    terms = EditionTerm.objects.filter(kind=kind, term=term)
    return _open(kind, today).filter(pk__in=terms.values("edition_id")).values("subject_id")


def unsourced_values(today: date) -> dict[str, int]:
    """By kind, how many published values nothing states; kinds without any are left out. One query."""
    first, *others = (
        EditionTerm.objects.filter(
            kind=kind, term="unsourced", edition_id__in=_open(kind, today).values("pk")
        )
        .order_by()
        .values("kind")
        .annotate(many=Count("pk"))
        .values_list("kind", "many")
        for kind in sorted(VALUES)
    )
    return dict(first.union(*others, all=True))


def _open(kind: str, today: date) -> QuerySet[Any]:
    return EDITIONS[kind]._default_manager.filter(
        known_to=OPEN_SEQ, valid_from__lte=today, valid_to__gt=today
    )
