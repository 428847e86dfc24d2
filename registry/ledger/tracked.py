"""Which tables the ledger records, and how: read from the models."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from registry.models.base import Recorded

#: Engines print these in ways that depend on the session, or lose digits.
UNRECORDABLE = (models.BinaryField, models.FloatField, models.DurationField)


@dataclass(frozen=True, slots=True)
class Tracked:
    """One table. Without a subject it is only guarded (append-only), not recorded."""

    table: str
    pk: str
    subject: tuple[tuple[str, str], ...] = ()
    exclude: tuple[str, ...] = ()
    append_only: bool = False
    json: tuple[str, ...] = field(default=(), compare=False)
    #: (name, type) of each recorded column as the table has it now; only SQLite's triggers list them.
    columns: tuple[tuple[str, str], ...] = field(default=(), compare=False)


AUTH = (
    Tracked("auth_user", "id", (("user", "id"),), ("password", "last_login")),
    Tracked("auth_group", "id", (("group", "id"),)),
    Tracked("auth_group_permissions", "id", (("group", "group_id"),)),
    Tracked("auth_user_groups", "id", (("user", "user_id"),)),
    Tracked("auth_user_user_permissions", "id", (("user", "user_id"),)),
    # What a right is: whoever changes its name gives its holders another one.
    Tracked("auth_permission", "id", (("permission", "id"),)),
    Tracked("django_content_type", "id", (("contenttype", "id"),)),
)


def declared() -> list[Tracked]:
    """Every table whose model says `recorded`, their many-to-many tables, and who may do what."""
    return sorted([*AUTH, *_of_models()], key=lambda tracked: tracked.table)


def record_key(row: models.Model) -> str:
    """`kind:pk` of the record with whose changes the ledger tells of this row; empty where it tells of none."""
    own = next((table for table in declared() if table.table == row._meta.db_table), None)
    pairs = own.subject if own else ()
    return next((f"{kind}:{pk}" for kind, column in pairs if (pk := getattr(row, column)) is not None), "")


def _of_models() -> Iterator[Tracked]:
    for model in apps.get_models():
        recorded = getattr(model, "recorded", None)
        if not isinstance(recorded, Recorded) or model._meta.proxy or not model._meta.managed:
            continue
        fields = {_column(f): f for f in model._meta.local_concrete_fields}
        columns = {name: column for column, f in fields.items() for name in (column, f.attname)}
        unknown = {*recorded.exclude, *(name for _, name in recorded.subject)} - set(columns)
        if unknown:
            raise ImproperlyConfigured(f"{model._meta.label}.recorded names no column: {sorted(unknown)}")
        exclude = tuple(columns[name] for name in recorded.exclude)
        unrecordable = [c for c, f in fields.items() if isinstance(f, UNRECORDABLE) and c not in exclude]
        if recorded.subject and unrecordable:
            raise ImproperlyConfigured(f"{model._meta.label}: the ledger cannot record {unrecordable}")
        tracked = Tracked(
            table=model._meta.db_table,
            pk=_column(model._meta.pk),
            subject=tuple((kind, columns[name]) for kind, name in recorded.subject),
            exclude=exclude,
            append_only=recorded.append_only,
            json=tuple(c for c, f in fields.items() if isinstance(f, models.JSONField)),
        )
        yield tracked
        if tracked.subject:
            yield from _links_of(model, tracked)


def _column(field: models.Field) -> str:  # type: ignore[type-arg]
    assert field.column, "a concrete field has a column"
    return field.column


def _links_of(model: type[models.Model], tracked: Tracked) -> Iterator[Tracked]:
    """The tables Django made for many-to-many fields of a subject; each row belongs to that subject."""
    for many in model._meta.local_many_to_many:
        through = many.remote_field.through
        if through is None or not through._meta.auto_created:
            continue
        kind, column = tracked.subject[0]
        if column != tracked.pk:
            raise ImproperlyConfigured(
                f"{model._meta.label}.{many.name}: rows of its table cannot name their subject; "
                "give it a through model with the subject's column."
            )
        yield Tracked(through._meta.db_table, _column(through._meta.pk), ((kind, many.m2m_column_name()),))


def present(tables: Sequence[Tracked], shape: Mapping[str, Sequence[tuple[str, str]]]) -> list[Tracked]:
    """The tables that the database has, as it has them: half-way through the migrations it lacks some."""
    found = []
    for tracked in tables:
        columns = shape.get(tracked.table, ())
        names = {name for name, _ in columns}
        if tracked.pk in names:
            found.append(
                replace(
                    tracked,
                    subject=tuple(pair for pair in tracked.subject if pair[1] in names),
                    columns=tuple(column for column in columns if column[0] not in tracked.exclude),
                )
            )
    return found


def subject_sql(tracked: Tracked, row: str) -> str:
    """SQL of both engines: the subject of a row, `kind:pk`; the first column that is not null decides."""
    candidates = [f"'{kind}:' || {row}.\"{column}\"" for kind, column in tracked.subject]
    return f"coalesce({', '.join([*candidates, chr(39) * 2])})"
