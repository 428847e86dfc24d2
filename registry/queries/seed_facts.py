"""Every fact the registry holds, with where it is stated: what docs/seed-facts.md prints of a fresh registry."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from registry.models import SUBJECTS
from registry.queries.citations import Stated, all_stated
from registry.queries.contents import children_of, contents
from registry.queries.facts import Names, fact, names_in, plain_rows

Model = type[models.Model]

#: What a fact is called in a citation, by the first of its columns. Columns that are not here are structure of
#: ours: codes, positions, classifications, notes.
CITED_AS = {
    "amount": "amount",
    "area_ha": "area_ha",
    "as_of_latest": "as_of",
    "asked_by": "asked_by",
    "asked_latest": "asked",
    "capital_from": "capital_from",
    "cluster": "cluster",
    "clusters": "clusters",
    "cooperating": "cooperating",
    "developer": "developer",
    "as_stated": "effect",
    "effect_code": "effect",
    "group": "group",
    "investor": "investor",
    "issued_latest": "issued_on",
    "issuer": "issuer",
    "land_area_ha": "land_area_ha",
    "lead": "lead",
    "legal_basis": "legal_basis",
    "name": "name",
    "number": "number",
    "official_code": "official_code",
    "period_latest": "period",
    "places": "places",
    "products": "products",
    "programme_latest": "programme",
    "published_latest": "published_on",
    "rate_percent": "rate_percent",
    "registered_in": "registered_in",
    "sectors": "sectors",
    "status": "status",
    "successor": "successor",
    "task": "task",
    "title": "title",
    "valid_from": "valid_from",
    "valid_to": "valid_to",
    "value": "value",
    "vsic_code": "vsic_code",
    "within": "within",
    "years": "years",
    "zone": "zone",
}
#: Facts that no document of the seed states: reference data, whose source the fixtures' heads name.
REFERENCE = frozenset(
    ("asked", "official_code", "published_on", "successor", "valid_from", "valid_to", "within")
)
#: Days that follow from when an article appeared, where it gives none itself: reference data too.
DATED_BY_THE_ARTICLE = frozenset(("as_of", "issued_on", "period"))
#: Facts that are told by what stands beside them and need no citation of their own.
TOLD_BESIDE = {
    # The values of one set name their clusters in the citation of their scope; a project's figures name it in theirs.
    ("indicator", "clusters"): "scope",
    ("indicator", "investor"): "scope",
    ("indicator", "project"): "scope",
    # Titles of ours say in short what the task says; an indicator's name says which sectors it is about.
    ("assignment", "name"): "task",
    ("indicator", "sectors"): "name",
    # The rows of operation are quoted whole.
    ("cluster", "as_of"): "operating_status",
    ("cluster", "effect"): "operating_status",
    ("cluster", "status"): "operating_status",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of one record, and where it is stated (nowhere: reference data, or unsourced)."""

    record: str
    field: str
    row: int | None
    label: str
    value: str
    stated: tuple[Stated, ...]


def seed_facts() -> list[Fact]:
    """Every fact of every record but the sources themselves, by kind and code."""
    where: dict[tuple[str, int | None, str], list[Stated]] = {}
    for stated in all_stated():
        where.setdefault((stated.record, stated.row, stated.field), []).append(stated)
    found: list[Fact] = []
    for kind, model in sorted(SUBJECTS.items()):
        if kind == "source":
            continue
        codes = dict(model._default_manager.values_list("pk", "code"))
        held = contents(kind, codes)
        names = names_in(row for content in held.values() for row in plain_rows(model, content))
        for pk, code in sorted(codes.items(), key=lambda pair: pair[1]):
            found += _facts_of(kind, f"{kind}:{code}", model, held[pk], names, where)
    return found


def unsourced(found: list[Fact]) -> list[Fact]:
    """Facts that no source states and that are no reference data."""
    return [one for one in found if not one.stated and one.field not in REFERENCE | DATED_BY_THE_ARTICLE]


def _facts_of(
    kind: str,
    record: str,
    model: Model,
    content: Mapping[str, Any],
    names: Names,
    where: Mapping[tuple[str, int | None, str], list[Stated]],
    row: int | None = None,
) -> Iterator[Fact]:
    said: dict[str, tuple[str, str]] = {}
    for column in (*model._meta.concrete_fields, *model._meta.local_many_to_many):
        field = CITED_AS.get(column.name)
        if field is None or column.name not in content:
            continue
        label, text = fact(model, column.name, content, names)
        if text and field not in said:
            said[field] = (label, text)
    for field, (label, text) in said.items():
        named = TOLD_BESIDE.get((kind, field), field)
        stated = where.get((record, row, named)) or where.get((record, None, named)) or []
        yield Fact(record, field, row, label, text, tuple(stated))
    for relation in children_of(model):
        accessor = relation.get_accessor_name() or ""
        if accessor == "citations":
            continue
        for child in content[accessor]:
            position = child.get("position")
            yield from _facts_of(kind, record, relation.related_model, child, names, where, position)
