"""A record as it stood at an entry of the ledger: all of its rows, read from the ledger alone.

No snapshot is kept anywhere: of every row the last entry by then says what it held. A record that is deleted has a
past like any other.
"""

import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeAlias, cast

from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import CreateModel
from django.db.models import Exists, OuterRef

from registry.models import SUBJECTS, LedgerEntry, LedgerPayload
from registry.models.base import Recorded
from registry.queries.contents import children_of
from registry.queries.facts import Model, Row, names_in, plain_rows, read, references
from registry.queries.names_then import called_then
from registry.queries.wholeness import altered, with_contents
from registry.rules.moments import as_text

#: The rows of one record by table and number, each by the names of its columns.
Rows: TypeAlias = dict[Model, dict[int, Row]]
Many: TypeAlias = "models.ManyToManyField[Any, Any]"

#: The row of the ledger that says where migrations stand (ledger/migrating.py writes it).
_MIGRATIONS = {"table_name": "django_migrations", "row_id": "state"}


@dataclass(frozen=True, slots=True)
class Past:
    """What the ledger says of a record by entry `seq`, made at `at` (UTC).

    rows: what stood in its tables, in today's columns as far as they were there. lost: columns that are no longer,
    with their values. unreadable: rows whose content was taken out of the ledger by law, or is not what its hashes
    say. later: tables that did not exist yet. altered: the numbers of entries that are not what their hashes say.
    """

    kind: str
    pk: int
    seq: int
    at: datetime
    rows: Rows
    lost: Mapping[tuple[Model, int], Mapping[str, Any]] = field(default_factory=dict)
    unreadable: frozenset[tuple[Model, int]] = frozenset()
    later: frozenset[Model] = frozenset()
    altered: frozenset[int] = frozenset()

    @property
    def there(self) -> bool:
        """Whether the record was there."""
        return self.pk in self.rows.get(SUBJECTS[self.kind], {})

    @property
    def content(self) -> dict[str, Any]:
        """The record with its rows inside one another, as `contents` has the working ones. It must be there."""
        return content(self.kind, self.pk, self.rows)


@cache
def tables_of(kind: str) -> tuple[tuple[Model, str], ...]:
    """The tables that hold rows of such a record, its own first, each with the column that names the record."""
    found: list[tuple[Model, str]] = []
    for model in apps.get_app_config("registry").get_models(include_auto_created=True):
        recorded = getattr(model, "recorded", None)
        if isinstance(recorded, Recorded):
            for owner, name in recorded.subject:
                if owner == kind:
                    found.append((model, stored(model, name)))
        elif (many := linked(model)) and getattr(model._meta.auto_created, "kind", "") == kind:
            found.append((model, many.m2m_column_name()))
    return tuple(sorted(found, key=lambda pair: pair[0] is not SUBJECTS[kind]))


@cache
def linked(model: Model) -> "Many | None":
    """The many-to-many field whose rows the table holds, Django's table or one of ours."""
    owners = apps.get_app_config("registry").get_models()
    return next(
        (many for owner in owners for many in owner._meta.local_many_to_many if _through(many) is model), None
    )


def rows_now(kind: str, pk: int) -> Rows:
    """What stands in the tables. One query for each of them."""
    found: Rows = {}
    for model, owner in tables_of(kind):
        columns = {f.attname: stored(model, f.name) for f in columns_of(model)}
        name = next(f.attname for f in model._meta.concrete_fields if f.column == owner)
        values = model._base_manager.filter(**{name: pk}).values("pk", *columns)
        found[model] = {row["pk"]: {c: row[attname] for attname, c in columns.items()} for row in values}
    return found


def as_it_was(kind: str, pk: int, seq: int, at: datetime) -> Past:
    """The record as it stood after entry `seq`. Two queries, and one more where kinds of rows came later."""
    names = {model._meta.db_table: model for model, _ in tables_of(kind)}
    rows: Rows = {model: {} for model, _ in tables_of(kind)}
    lost: dict[tuple[Model, int], dict[str, Any]] = {}
    unreadable = set()
    entries = LedgerEntry.objects.filter(subject=f"{kind}:{pk}", seq__lte=seq)
    after = LedgerEntry.objects.filter(
        table_name=OuterRef("table_name"), row_id=OuterRef("row_id"), seq__gt=OuterRef("seq"), seq__lte=seq
    )
    last = with_contents(entries.filter(~Exists(after)))
    forged = altered(last)
    for entry in last:
        if entry.op == "delete":
            continue
        model = names.get(entry.table_name)
        if model is None:
            continue
        number = int(entry.row_id)
        payload: LedgerPayload | None = getattr(entry, "payload", None)
        if entry.seq in forged or payload is None or payload.after is None:
            unreadable.add((model, number))
            continue
        said = read(payload.after)
        known = {stored(model, f.name): f for f in columns_of(model)}
        rows[model][number] = {c: f.to_python(said[c]) for c, f in known.items() if c in said}
        if gone := {c: value for c, value in said.items() if c not in known and c != model._meta.pk.column}:
            lost[model, number] = gone
    return Past(kind, pk, seq, at, rows, lost, frozenset(unreadable), _later(kind, seq), forged)


def entry_at(moment: datetime) -> LedgerEntry | None:
    """The last entry that was made by that moment; None before the first. Some twenty look-ups by number."""
    last = LedgerEntry.objects.order_by("-seq").first()
    if last is None:
        return None
    text = cast(str, as_text(moment))
    at = LedgerEntry.objects.values_list("at", flat=True)
    # Numbers have no gap, and moments never go back.
    found = bisect_right(range(1, last.seq + 1), text, key=lambda seq: at.get(pk=seq))
    return LedgerEntry.objects.get(pk=found) if found else None


def moment_of(entry: LedgerEntry) -> datetime:
    return datetime.fromisoformat(entry.at.removesuffix("Z")).replace(tzinfo=UTC)


def content(kind: str, pk: int, rows: Rows) -> dict[str, Any]:
    """Rows inside one another: lists of rows under the names of their relations, ids under many-to-many fields."""
    inside: dict[tuple[Model, str, Any], list[int]] = {}
    for model, owner in tables_of(kind):
        columns = {
            owner,
            *(f.column for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey)),
        }
        for number, row in rows.get(model, {}).items():
            for column in columns:
                inside.setdefault((model, column, row.get(column)), []).append(number)

    def nested(model: Model, number: int) -> dict[str, Any]:
        found: dict[str, Any] = {**rows[model][number], "id": number}
        for many in model._meta.local_many_to_many:
            through, other = _through(many), many.m2m_reverse_name()
            links = inside.get((through, many.m2m_column_name(), number), ())
            found[many.name] = sorted(rows[through][link][other] for link in links)
        for relation in children_of(model):
            child, column = relation.related_model, relation.field.column
            numbers = inside.get((child, column, number), ())
            found[relation.get_accessor_name() or ""] = [nested(child, one) for one in sorted(numbers)]
        return found

    return nested(SUBJECTS[kind], pk)


def names_then(past: Past) -> dict[tuple[Model, int], str]:
    """What the rows called the records they name, as those were called then, also when they are gone by now."""
    rows = list(plain_rows(SUBJECTS[past.kind], past.content)) if past.there else []
    named = {(past.seq, *key) for model, row in rows for key in references(model, row)}
    # Beside names these are the units of figures, which what is read from the ledger need not tell.
    return names_in(rows) | {(model, pk): name for (_, model, pk), name in called_then(named).items()}


def stored(model: Model, name: str) -> str:
    """The column of a field."""
    column = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return cast(str, cast("models.Field[Any, Any]", column).column)


def columns_of(model: Model) -> "list[models.Field[Any, Any]]":
    """The columns that the ledger has of a table, its key left out."""
    recorded = getattr(model, "recorded", None)
    left_out = recorded.exclude if isinstance(recorded, Recorded) else ()
    return [f for f in model._meta.concrete_fields if not f.primary_key and f.name not in left_out]


def _later(kind: str, seq: int) -> frozenset[Model]:
    """The tables of such a record that migrations after entry `seq` made."""
    later = LedgerPayload.objects.filter(
        entry__seq__gt=seq, **{f"entry__{name}": value for name, value in _MIGRATIONS.items()}
    )
    plans = [json.loads(text).get("plan", ()) for text in later.values_list("after", flat=True) if text]
    names = {tuple(name.split(".", 1)) for plan in plans for name in plan if name.startswith("registry.")}
    if not names:
        return frozenset()
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    made = {
        operation.name_lower
        for name in names
        if name in migrations
        for operation in migrations[name].operations
        if isinstance(operation, CreateModel)
    }
    return frozenset(model for model, _ in tables_of(kind) if model._meta.model_name in made)


def _through(many: Many) -> Model:
    return cast(Model, many.remote_field.through)
