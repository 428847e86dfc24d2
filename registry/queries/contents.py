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
    return {row.pk: _content(row) for row in rows_with_children(kind, ids)}


def rows_with_children(kind: str, ids: Iterable[int]) -> models.QuerySet[Any]:
    """The working rows of the subjects, with everything that belongs to them loaded."""
    model = SUBJECTS[kind]
    return model._default_manager.filter(pk__in=list(ids)).prefetch_related(*_related(model))


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


def _related(model: type[models.Model], prefix: str = "") -> list[str]:
    found = [prefix + field.name for field in model._meta.local_many_to_many]
    for relation in children_of(model):
        accessor = prefix + (relation.get_accessor_name() or "")
        found += [accessor, *_related(relation.related_model, accessor + "__")]
    return found


def _content(row: models.Model, owner: str = "") -> dict[str, Any]:
    """`owner`: the column by which a child points to the row it stands under, which needs no repeating.

    Neither do the other columns that can say whose row it is: a new kind of owner changes no content.
    """
    recorded: Recorded = row.recorded  # type: ignore[attr-defined]
    exclude = {*recorded.exclude, *recorded.internal, owner}
    owners = {column for _, column in recorded.subject} if owner else set()
    content: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.name in exclude or field.attname in owners or (field.primary_key and not owner):
            continue
        content[field.name] = _plain(getattr(row, field.attname))
    for many in row._meta.local_many_to_many:
        content[many.name] = sorted(other.pk for other in getattr(row, many.name).all())
    for relation in children_of(type(row)):
        children = getattr(row, relation.get_accessor_name() or "").all()
        content[relation.get_accessor_name() or ""] = [
            _content(child, relation.field.name) for child in children
        ]
    return content


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            text = format(value, "f")
            return text.rstrip("0").rstrip(".") if "." in text else text
        case date():
            return value.isoformat()
        case _:
            return value
