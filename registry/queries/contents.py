"""The working rows of a subject as one content: what is compared, approved and published.

Made from the models alone: every recorded column of the subject and of its child rows that is not internal,
references by id.
A new kind of record needs nothing here.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from registry.models import SUBJECTS
from registry.models.base import Recorded, Subject
from registry.rules.canonical import canonical


def contents(kind: str, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The contents of the subjects that exist, by id. A constant number of queries."""
    model = SUBJECTS[kind]
    rows = model._default_manager.filter(pk__in=list(ids)).order_by()
    return dict(_contents(model, rows))


def content_text(subject: Subject) -> str:
    """The canonical text of one subject as it stands in the working tables."""
    return canonical(contents(subject.kind, [subject.pk])[subject.pk])


@cache
def children_of(model: type[models.Model]) -> tuple[models.ManyToOneRel, ...]:
    """The relations by which rows belong to the model's rows: recorded tables that go when the owner goes."""
    found = (
        relation
        for relation in model._meta.related_objects
        if isinstance(relation, models.ManyToOneRel)
        and relation.on_delete is models.CASCADE
        and not relation.hidden
        and hasattr(relation.related_model, "recorded")
        and not _is_through(relation.related_model)
    )
    return tuple(sorted(found, key=lambda relation: relation.get_accessor_name() or ""))


def _is_through(model: Any) -> bool:
    """Tables that join two others appear as lists of ids under the many-to-many field."""
    owners = apps.get_app_config("registry").get_models()
    return any(
        field.remote_field.through is model for owner in owners for field in owner._meta.local_many_to_many
    )


def _contents(
    model: type[models.Model], rows: models.QuerySet[Any], link: "models.ForeignKey[Any, Any] | None" = None
) -> list[tuple[int, dict[str, Any]]]:
    """The contents of those rows in their order, each with the row it stands under, or its own number where there is
    none. A query for each table, and no object for any row.

    link: the column by which a child points to the row it stands under, which needs no repeating. Neither do the
    other columns that can say whose row it is: a new kind of owner changes no content.
    """
    recorded: Recorded = model.recorded  # type: ignore[attr-defined]
    hidden = {*recorded.exclude, *recorded.internal}
    if link is not None:
        hidden |= {link.name, *(column for _, column in recorded.subject)}
    columns = [
        column
        for column in model._meta.concrete_fields
        if not {column.name, column.attname} & hidden and not column.primary_key
    ]
    found: dict[int, dict[str, Any]] = {}
    told = []
    above = () if link is None else (link.attname,)
    for pk, *values in rows.values_list("pk", *above, *(column.attname for column in columns)):
        owner = pk if link is None else values.pop(0)
        content = {column.name: _plain(value) for column, value in zip(columns, values, strict=True)}
        if link is not None:
            content["id"] = pk
        found[pk] = content
        told.append((owner, content))
    for many in model._meta.local_many_to_many:
        for content in found.values():
            content[many.name] = []
        through: Any = many.remote_field.through
        owner_id, other_id = f"{many.m2m_field_name()}_id", f"{many.m2m_reverse_field_name()}_id"
        joins = through._default_manager.filter(**{f"{owner_id}__in": list(found)}).order_by(other_id)
        for pk, other in joins.values_list(owner_id, other_id):
            found[pk][many.name].append(other)
    for relation in children_of(model):
        accessor, child = relation.get_accessor_name() or "", relation.related_model
        for content in found.values():
            content[accessor] = []
        below = child._default_manager.filter(**{f"{relation.field.name}__in": list(found)})
        for pk, content in _contents(child, below, relation.field):
            found[pk][accessor].append(content)
    return told


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            text = format(value, "f")
            return text.rstrip("0").rstrip(".") if "." in text else text
        case date():
            return value.isoformat()
        case _:
            return value
