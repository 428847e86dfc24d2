"""What a working record points to."""

from collections.abc import Iterable

from django.db import models

from registry.models import SUBJECTS, Dependency
from registry.models.base import Subject
from registry.queries.contents import children_of, rows_with_children
from registry.queries.published import LABEL_ROLE, latest_statements


def unpublished_references(subjects: Iterable[Subject]) -> list[Subject]:
    """Records of other kinds that the subjects name and that readers cannot see, unless they are among them.

    Other decisions may stay unpublished: a relation to an unpublished paper does nothing until it is published.
    """
    subjects = list(subjects)
    together = {subject.key for subject in subjects}
    wanted: dict[str, set[int]] = {}
    for kind in sorted({subject.kind for subject in subjects}):
        for row in rows_with_children(kind, [subject.pk for subject in subjects if subject.kind == kind]):
            for other, ids in _pointed_to(row).items():
                wanted.setdefault(other, set()).update(ids)
    missing: list[Subject] = []
    for kind in sorted(wanted.keys() - {"decision"}):
        said = {pk for pk, row in latest_statements(kind, wanted[kind]).items() if not row.withdrawn}
        absent = {pk for pk in wanted[kind] - said if f"{kind}:{pk}" not in together}
        missing += SUBJECTS[kind]._default_manager.filter(pk__in=absent).order_by("pk")
    return missing


def _pointed_to(row: models.Model) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for field in row._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and (target := getattr(row, field.attname)) is not None:
            _add(found, field.related_model, {target})
    for many in row._meta.local_many_to_many:
        _add(found, many.related_model, {other.pk for other in getattr(row, many.name).all()})
    for relation in children_of(type(row)):
        for child in getattr(row, relation.get_accessor_name() or "").all():
            for kind, ids in _pointed_to(child).items():
                found.setdefault(kind, set()).update(ids)
    if isinstance(row, Subject):
        found.get(row.kind, set()).discard(row.pk)
    return found


def _add(found: dict[str, set[int]], model: object, ids: set[int]) -> None:
    if isinstance(model, type) and issubclass(model, Subject):
        found.setdefault(model.kind, set()).update(ids)


def readers_of(subject: Subject) -> list[Subject]:
    """The published records whose answer names the subject: they lose its name when it is withdrawn."""
    keys = (subject.key, f"{LABEL_ROLE}>{subject.key}")
    rows = Dependency.objects.filter(key__in=keys).exclude(kind=subject.kind, subject_id=subject.pk)
    asked: dict[str, list[int]] = {}
    for kind, subject_id in rows.order_by("kind", "subject_id").values_list("kind", "subject_id").distinct():
        asked.setdefault(kind, []).append(subject_id)
    found: list[Subject] = []
    for kind, ids in asked.items():
        public = [pk for pk, row in latest_statements(kind, ids).items() if not row.withdrawn]
        found += SUBJECTS[kind]._default_manager.filter(pk__in=public).order_by("pk")
    return found
