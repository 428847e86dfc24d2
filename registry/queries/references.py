"""What a working record points to."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeGuard

from django.db import models

from registry.models import SUBJECTS, Dependency
from registry.models.base import Subject
from registry.queries.contents import children_of, contents
from registry.queries.published import LABEL_ROLE, public_among


def unpublished_references(subjects: Iterable[Subject]) -> list[Subject]:
    """Records of other kinds that the subjects name and that readers cannot see, unless they are among them.

    Other decisions may stay unpublished: a relation to an unpublished paper does nothing until it is published.
    """
    by_kind: dict[str, list[int]] = {}
    for subject in subjects:
        by_kind.setdefault(subject.kind, []).append(subject.pk)
    return unpublished_in({kind: contents(kind, ids) for kind, ids in by_kind.items()})


def unpublished_in(held: Mapping[str, Mapping[int, Mapping[str, Any]]]) -> list[Subject]:
    """The same of subjects whose contents are at hand, by kind and id."""
    together = {f"{kind}:{pk}" for kind, found in held.items() for pk in found}
    wanted: dict[str, set[int]] = {}
    for kind, found in held.items():
        for subject_id, content in found.items():
            for other, pk in _pointed_to(SUBJECTS[kind], content):
                if (other, pk) != (kind, subject_id):
                    wanted.setdefault(other, set()).add(pk)
    missing: list[Subject] = []
    for kind in sorted(wanted.keys() - {"decision"}):
        own = {pk for pk in wanted[kind] if f"{kind}:{pk}" in together}
        if absent := wanted[kind] - own - public_among(kind, wanted[kind] - own):
            missing += SUBJECTS[kind]._default_manager.filter(pk__in=absent).order_by("pk")
    return missing


def _pointed_to(model: type[models.Model], content: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Kind and id of every subject that the content of a row, or of one under it, names."""
    links = (field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey))
    for link in links:
        if _is_subject(link.related_model) and (pk := content.get(link.name)) is not None:
            yield link.related_model.kind, pk
    for many in model._meta.local_many_to_many:
        if _is_subject(many.related_model):
            yield from ((many.related_model.kind, pk) for pk in content[many.name])
    for relation in children_of(model):
        for child in content[relation.get_accessor_name() or ""]:
            yield from _pointed_to(relation.related_model, child)


def _is_subject(model: Any) -> TypeGuard[type[Subject]]:
    return isinstance(model, type) and issubclass(model, Subject)


def readers_of(subject: Subject) -> list[Subject]:
    """The published records whose answer names the subject: they lose its name when it is withdrawn."""
    keys = (subject.key, f"{LABEL_ROLE}>{subject.key}")
    rows = Dependency.objects.filter(key__in=keys).exclude(kind=subject.kind, subject_id=subject.pk)
    asked: dict[str, list[int]] = {}
    for kind, subject_id in rows.order_by("kind", "subject_id").values_list("kind", "subject_id").distinct():
        asked.setdefault(kind, []).append(subject_id)
    found: list[Subject] = []
    for kind, ids in asked.items():
        found += SUBJECTS[kind]._default_manager.filter(pk__in=public_among(kind, ids)).order_by("pk")
    return found
