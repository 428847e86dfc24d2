"""What rests on a document in the working tables: each value with its verdict, drafts among them and marked."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
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
from registry.rules.provenance import ROWS, columns_of
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


@dataclass(slots=True)
class Document:
    """All that rests on a document, in its order, with totals of the whole by verdict and by kind."""

    rows: list[RestingValue] = field(default_factory=list)

    def chosen(self, verdict: str = "", kind: str = "") -> list[RestingValue]:
        return [row for row in self.rows if verdict in ("", row.verdict) and kind in ("", row.kind)]

    @property
    def by_verdict(self) -> Counter[str]:
        return Counter(row.verdict for row in self.rows)

    @property
    def by_kind(self) -> Counter[str]:
        return Counter(row.kind for row in self.rows)

    @property
    def records(self) -> int:
        return len({row.subject.key for row in self.rows})

    @property
    def unpublished(self) -> int:
        return sum(not row.published for row in self.rows)


def document(source: SourceDocument) -> Document:
    """Everything that rests on the document. The number of queries depends on the kinds that cite it alone."""
    held: Held = {}
    subjects: dict[tuple[str, int], Subject] = {}
    for kind, ids in _citing(source).items():
        held |= {(kind, pk): content for pk, content in contents(kind, ids).items()}
        links = [
            f.name for f in SUBJECTS[kind]._meta.concrete_fields if f.name in ("issuer", "investor", "within")
        ]
        for row in SUBJECTS[kind]._default_manager.filter(pk__in=ids).select_related(*links):
            subjects[kind, row.pk] = row
    public = _public(held)
    names = names_in(
        row
        for found in (held, public)
        for (kind, _), content in found.items()
        for row in plain_rows(SUBJECTS[kind], content)
    )
    compared = said(held)
    found = [one for (kind, pk), content in held.items() for one in resting_on(source.pk, kind, pk, content)]
    made = Document()
    for one in sorted(found, key=lambda one: one.place):
        key = (one.kind, one.subject_id)
        label, value = _value(one, held[key], names)
        verdict = agrees(one.field, one.row["as_stated"], compared[key].get((one.position, one.field)))
        others = _rivals(one, held[key], names)
        made.rows.append(
            RestingValue(
                subjects[key],
                one.kind,
                one.row["locator"],
                label,
                value,
                one.row["as_stated"],
                DIFFERS if others else {True: AGREES, False: DIFFERS, None: POINTS}[verdict],
                others,
                _is_public(one, public.get(key), value, names),
            )
        )
    return made


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


def _public(held: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Content]:
    """What the public reads of those records, as contents of today's shape."""
    by_kind: dict[str, list[int]] = {}
    for kind, pk in held:
        by_kind.setdefault(kind, []).append(pk)
    return {
        (kind, pk): json.loads(said_text(row))
        for kind, ids in by_kind.items()
        for pk, row in latest_statements(kind, ids).items()
        if not row.withdrawn
    }


def _is_public(one: Resting, content: Content | None, value: str, names: Names) -> bool:
    if content is None:
        return False
    rows = content.get("citations" if "field" in one.row else "operating_reports", ())
    return one.row in rows and _value(one, content, names)[1] == value


def _rivals(one: Resting, content: Content, names: Names) -> tuple[str, ...]:
    """The figures that disagree with the one a citation is of."""
    if one.position is None or one.field not in ("amount", "value"):
        return ()
    rows = next(rows for rows in ROWS[one.kind] if rows.called)
    model = next(
        r.related_model for r in children_of(SUBJECTS[one.kind]) if r.get_accessor_name() == rows.column
    )
    others = rivals(content[rows.column]).get(one.position, ())
    return tuple(
        fact(model, one.field, row, names)[1] for row in content[rows.column] if row["position"] in others
    )


def _value(one: Resting, content: Content, names: Names) -> tuple[str, str]:
    """Label and text of the value that a citation states, as the content holds it."""
    model: type[Model] = SUBJECTS[one.kind]
    label = codes.CITED_FIELD.vi(one.field)
    if "field" not in one.row:
        return label, codes.OPERATING_STATUS.vi(one.row["status"])
    row: Mapping[str, Any] | None = content
    if one.position is not None:
        rows = next(rows for rows in ROWS[one.kind] if rows.called)
        row = next((found for found in content[rows.column] if found["position"] == one.position), None)
        model = next(r.related_model for r in children_of(model) if r.get_accessor_name() == rows.column)
        label = f"{label} · {model._meta.verbose_name} {one.position}"
    if row is None:
        return label, ""
    for column in (*columns_of(one.field), one.field):
        if column in row and not _is_rows(model, column) and (text := fact(model, column, row, names)[1]):
            return label, text
    return label, _of_rows(one, content, names)


def _is_rows(model: type[Model], column: str) -> bool:
    return any(relation.get_accessor_name() == column for relation in children_of(model))


def _of_rows(one: Resting, content: Content, names: Names) -> str:
    """A value that the record keeps in rows without numbers: other names, statuses, successors."""
    texts = []
    for relation in children_of(SUBJECTS[one.kind]):
        accessor = relation.get_accessor_name() or ""
        rows = next((rows for rows in ROWS.get(one.kind, ()) if rows.column == accessor), None)
        if accessor not in columns_of(one.field) and (
            rows is None or rows.called or one.field not in rows.fields
        ):
            continue
        shown = {"aliases": "name", "statuses": "status", "successions": "successor", "relations": "target"}
        texts += [
            fact(relation.related_model, shown[accessor], row, names)[1]
            for row in content[accessor]
            if accessor in shown
        ]
    return "; ".join(texts)
