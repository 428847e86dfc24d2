"""What rests on a document in the working tables: each value with its verdict, drafts among them and marked."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from registry.models import SUBJECTS, Citation, OperatingReport, SourceDocument
from registry.models.base import Subject
from registry.models.sources import CITED
from registry.queries.contents import children_of, contents
from registry.queries.facts import Names, fact, names_in, plain_rows
from registry.queries.provenance import Held, said
from registry.queries.published import latest_statements, said_text
from registry.rules import codes
from registry.rules.citations import agrees
from registry.rules.composition.sources import Resting, resting_on
from registry.rules.composition.world import Content
from registry.rules.provenance import ROWS, Rows, columns_of, names_a_value
from registry.rules.rivals import rivals

#: The verdict on a citation, as staff read it.
AGREES, DIFFERS, POINTS = "agrees", "differs", "points"
VERDICTS = {AGREES: "khớp", DIFFERS: "khác (số liệu cạnh tranh)", POINTS: "chỉ dẫn"}


@dataclass(frozen=True, slots=True)
class RestingValue:
    """A value that rests on a document. value: as the registry holds it, empty where the field is no longer filled."""

    subject: Subject
    kind: str
    locator: str
    label: str
    value: str
    as_stated: str
    verdict: str
    #: other figures of the record about the same thing
    rivals: tuple[str, ...]
    #: whether readers see this citation and this value
    published: bool

    @property
    def verdict_label(self) -> str:
        return VERDICTS[self.verdict]

    @property
    def kind_label(self) -> str:
        return codes.SUBJECT_KIND.vi(self.kind)


@dataclass(frozen=True, slots=True)
class Compared:
    """A value that rests on a document, before anybody puts it into words. rivals: positions of other figures."""

    one: Resting
    verdict: str
    rivals: tuple[int, ...]
    published: bool

    @property
    def kind(self) -> str:
        return self.one.kind


class _Record:
    """The content of a record with its rows at hand: of thousands of values each is found at once."""

    def __init__(self, kind: str, content: Content) -> None:
        self.content = content
        numbered = next((rows for rows in ROWS.get(kind, ()) if rows.called), None)
        rows = content[numbered.column] if numbered is not None else ()
        self.by_position: dict[int, Content] = {row["position"]: row for row in rows}
        self.quoting: dict[tuple[bool, int], Content] = {
            (name == "citations", row["id"]): row
            for name in ("citations", "operating_reports")
            for row in content.get(name, ())
        }

    def row(self, one: Resting) -> Content | None:
        """The row that a citation is of."""
        return self.content if one.position is None else self.by_position.get(one.position)

    def quotes(self, one: Resting) -> bool:
        """Whether it holds this very citation or report."""
        return self.quoting.get(("field" in one.row, one.row["id"])) == one.row


@dataclass(slots=True)
class Document:
    """All that rests on a document, in its order, with totals of the whole by verdict and by kind."""

    held: Held
    rows: list[Compared] = field(default_factory=list)

    def chosen(self, verdict: str = "", kind: str = "") -> list[Compared]:
        return [row for row in self.rows if verdict in ("", row.verdict) and kind in ("", row.kind)]

    @property
    def by_verdict(self) -> Counter[str]:
        return Counter(row.verdict for row in self.rows)

    @property
    def by_kind(self) -> Counter[str]:
        return Counter(row.kind for row in self.rows)

    @property
    def records(self) -> int:
        return len(self.held)

    @property
    def unpublished(self) -> int:
        return sum(not row.published for row in self.rows)

    def in_words(self, rows: Iterable[Compared]) -> list[RestingValue]:
        """These rows as staff read them. Queries depend on the kinds among them alone."""
        rows = list(rows)
        keys = {(row.kind, row.one.subject_id) for row in rows}
        subjects = _subjects(keys)
        names = names_in(part for key in keys for part in plain_rows(SUBJECTS[key[0]], self.held[key]))
        records = {key: _Record(key[0], self.held[key]) for key in keys}
        return [
            self._in_words(row, subjects[key], records[key], names)
            for row in rows
            for key in [(row.kind, row.one.subject_id)]
        ]

    def _in_words(self, row: Compared, subject: Subject, record: _Record, names: Names) -> RestingValue:
        label, value = _value(row.one, record, names)
        return RestingValue(
            subject,
            row.kind,
            row.one.row["locator"],
            label,
            value,
            row.one.row["as_stated"],
            row.verdict,
            _figures(row, record, names),
            row.published,
        )


def document(source: SourceDocument) -> Document:
    """Everything that rests on the document. The number of queries depends on the kinds that cite it alone."""
    held: Held = {}
    for kind, ids in _citing(source).items():
        held |= {(kind, pk): content for pk, content in contents(kind, ids).items()}
    public, compared = _public(held), said(held)
    records = {key: _Record(key[0], content) for key, content in held.items()}
    made = Document(held)
    disagreeing = {key: _disagreeing(key[0], content) for key, content in held.items()}
    found = [one for (kind, pk), content in held.items() for one in resting_on(source.pk, kind, pk, content)]
    for one in sorted(found, key=lambda one: one.place):
        key = (one.kind, one.subject_id)
        others: tuple[int, ...] = ()
        if one.position is not None and one.field in ("amount", "value"):
            others = disagreeing[key].get(one.position, ())
        verdict = agrees(one.field, one.row["as_stated"], compared[key].get((one.position, one.field)))
        made.rows.append(
            Compared(
                one,
                DIFFERS if others else {True: AGREES, False: DIFFERS, None: POINTS}[verdict],
                others,
                _is_public(one, records[key], public.get(key)),
            )
        )
    return made


def _subjects(keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Subject]:
    by_kind: dict[str, list[int]] = {}
    for kind, pk in keys:
        by_kind.setdefault(kind, []).append(pk)
    found: dict[tuple[str, int], Subject] = {}
    for kind, ids in by_kind.items():
        columns = SUBJECTS[kind]._meta.concrete_fields
        links = [column.name for column in columns if column.name in ("issuer", "investor", "within")]
        for row in SUBJECTS[kind]._default_manager.filter(pk__in=ids).select_related(*links):
            found[kind, row.pk] = row
    return found


def _citing(source: SourceDocument) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    columns = [f"{kind}_id" for kind in CITED]
    for row in Citation.objects.filter(source=source).order_by().values_list(*columns):
        kind, pk = next((kind, pk) for kind, pk in zip(CITED, row, strict=True) if pk is not None)
        found.setdefault(kind, set()).add(pk)
    reports = OperatingReport.objects.filter(source=source).order_by()
    if ids := set(reports.values_list("cluster_id", flat=True)):
        found.setdefault("cluster", set()).update(ids)
    return found


def _public(held: Iterable[tuple[str, int]]) -> dict[tuple[str, int], _Record]:
    """What the public reads of those records, as contents of today's shape."""
    by_kind: dict[str, list[int]] = {}
    for kind, pk in held:
        by_kind.setdefault(kind, []).append(pk)
    return {
        (kind, pk): _Record(kind, json.loads(said_text(row)))
        for kind, ids in by_kind.items()
        for pk, row in latest_statements(kind, ids).items()
        if not row.withdrawn
    }


def _is_public(one: Resting, record: _Record, public: _Record | None) -> bool:
    return public is not None and public.quotes(one) and _columns(one, record) == _columns(one, public)


def _columns(one: Resting, record: _Record) -> list[Any]:
    """The value that a citation states, as the record holds it."""
    row = record.row(one)
    if row is None:
        return []
    below = [record.content[rows.column] for rows in _rows_of(one)]
    return [*(row.get(column) for column in (*columns_of(one.field), one.field)), *below]


def _rows_of(one: Resting) -> list[Rows]:
    """The rows under its record that a citation of the record itself is of: other names, successors, codes."""
    if one.position is not None:
        return []
    return [rows for rows in ROWS.get(one.kind, ()) if one.field in rows.fields and not rows.quoting]


def _table(kind: str, column: str) -> type[Model]:
    """The table of the rows that the content holds there."""
    return next(r.related_model for r in children_of(SUBJECTS[kind]) if r.get_accessor_name() == column)


def _disagreeing(kind: str, content: Content) -> dict[int, tuple[int, ...]]:
    rows = next((rows for rows in ROWS.get(kind, ()) if rows.column in ("capital_events", "values")), None)
    return {} if rows is None else rivals(content[rows.column])


def _figures(row: Compared, record: _Record, names: Names) -> tuple[str, ...]:
    """The figures that disagree with the one a citation is of."""
    if not row.rivals:
        return ()
    rows = next(rows for rows in ROWS[row.kind] if rows.called)
    table = _table(row.kind, rows.column)
    return tuple(
        fact(table, row.one.field, record.by_position[position], names)[1] for position in sorted(row.rivals)
    )


def _value(one: Resting, record: _Record, names: Names) -> tuple[str, str]:
    """Label and text of the value that a citation states, as the record holds it."""
    model: type[Model] = SUBJECTS[one.kind]
    label = codes.CITED_FIELD.vi(one.field)
    if "field" not in one.row:
        return label, codes.OPERATING_STATUS.vi(one.row["status"])
    row = record.row(one)
    if one.position is not None:
        model = _table(one.kind, next(rows for rows in ROWS[one.kind] if rows.called).column)
        label = f"{label} · {model._meta.verbose_name} {one.position}"
    if row is None:
        return label, ""
    columns = [column for column in (*columns_of(one.field), one.field) if names_a_value(column, one.field)]
    here = [column for column in columns if column in row and not _is_rows(model, column)]
    texts = [fact(model, column, row, names)[1] for column in here]
    return label, "; ".join(text for text in dict.fromkeys(texts) if text) or _of_rows(
        one, record.content, names
    )


def _is_rows(model: type[Model], column: str) -> bool:
    return any(relation.get_accessor_name() == column for relation in children_of(model))


def _of_rows(one: Resting, content: Content, names: Names) -> str:
    """A value that the record keeps in rows: other names, statuses, successors."""
    texts = []
    for rows in _rows_of(one):
        model = _table(one.kind, rows.column)
        own = {column.name for column in model._meta.concrete_fields}
        column = next(column for column in columns_of(one.field) if column in own)
        texts += [fact(model, column, row, names)[1] for row in content[rows.column]]
    return "; ".join(texts)
