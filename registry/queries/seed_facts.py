"""Every value the registry holds, with where it is stated: what docs/seed-facts.md prints of a fresh registry.

Each column of each table is in one of three lists here: values that must be stated somewhere, classifications of
ours that a document may put into words, and structure. A column in none of them stops the page from being made.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import models

from registry.models import SUBJECTS
from registry.queries.citations import REPORTED, Stated, all_stated
from registry.queries.contents import children_of, contents
from registry.queries.facts import Names, fact, names_in, plain_rows
from registry.queries.provenance import said
from registry.rules.citations import agrees
from registry.rules.composition.papers import Values
from registry.rules.dates import StatedDate
from registry.rules.provenance import OURS, numbered_rows
from registry.rules.rivals import rivals

Model = type[models.Model]

#: Values, by the first of the columns that hold one, and the field by which they are cited. A column that means
#: something else in one table than in the others is named with its table.
CITED_AS = {
    "AdministrativeUnit.within": "within",
    "ClusterAlias.name": "aliases",
    "OperatingReport.status": REPORTED,
    "abstract": "abstract",
    "amount": "amount",
    "approved_ha": "leased_ha",
    "area_ha": "area_ha",
    "as_of_latest": "as_of",
    "as_stated": "effect",
    "asked_by": "asked_by",
    "asked_latest": "asked_on",
    "capital_from": "capital_from",
    "cluster": "cluster",
    "clusters": "clusters",
    "cooperating": "cooperating",
    "decision": "number",
    "developer": "developer",
    "due_latest": "due_on",
    "effect_code": "effect",
    "effective_latest": "effective_on",
    "enterprise_code": "enterprise_code",
    "group": "group",
    "industrial_land_ha": "industrial_land_ha",
    "IndicatorValue.clusters": "scope",
    "IndicatorValue.investor": "scope",
    "IndicatorValue.project": "scope",
    "IndicatorValue.zones": "scope",
    "investor": "investor",
    "issued_latest": "issued_on",
    "issued_on": "issued_on",
    "issuer": "issuer",
    "land_area_ha": "land_area_ha",
    "lead": "lead",
    "leased_ha": "leased_ha",
    "legal_basis": "legal_basis",
    "linked_with": "linked_with",
    "name": "name",
    "number": "number",
    "occupancy_approved": "occupancy",
    "occupancy_leased": "occupancy",
    "official_code": "official_code",
    "others": "cooperating",
    "period_latest": "period",
    "place": "places",
    "places": "places",
    "products": "products",
    "programme_latest": "programme",
    "project_code": "project_code",
    "rate_percent": "rate_percent",
    "recipients": "recipients",
    "registered_in": "registered_in",
    "sectors": "sectors",
    "signed_for": "signer",
    "signer": "signer",
    "status": "status",
    "successor": "successor",
    "target": "relations",
    "task": "task",
    "title": "title",
    "valid_from": "valid_from",
    "valid_to": "valid_to",
    "value": "value",
    "vsic_code": "vsic_code",
    "vsic_year": "vsic_code",
    "years": "years",
    "zone": "zone",
    "zones": "zone",
}
#: Structure: codes, positions, links between rows, notes; where a report of operation is quoted from; and columns
#: that are told with the first of their value.
STRUCTURE = frozenset(
    """
    id code position note verification received_on OperatingReport.source OperatingReport.locator
    OperatingReport.as_stated PlaceCode.unit PlaceSuccession.unit ClusterAlias.cluster OperatingReport.cluster
    Effect.decision DecisionRelation.decision CapitalEvent.investor CapitalEvent.project ZoneStatus.zone
    IndicatorValue.indicator IncentiveTerm.incentive
    number_year symbol number_family currency amount_qualifier area_high_ha area_qualifier land_area_high_ha
    land_area_qualifier value_high value_qualifier occupancy_qualifier as_of_earliest as_of_stated_as
    programme_earliest programme_stated_as period_earliest period_stated_as issued_earliest issued_stated_as
    effective_earliest effective_stated_as asked_earliest asked_stated_as due_earliest due_stated_as
    """.split()
)
#: Texts of which each line is a value of its own.
_LINES = frozenset(("products", "sectors", "task"))


class UnlistedColumn(Exception):
    """A column of which nobody has said whether a document must state it."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A citation beside the value it is about. `verdict`: agrees, disagrees, or (None) speaks in other words."""

    stated: Stated
    verdict: bool | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of one record, and where it is stated.

    path: the field, as in the record's body (`effects.1.area_ha`); column: its first column, with the table; cited_as:
    the field of its citations; row: the numbered row it is in; said: what `agrees` compares; ours: a classification,
    which no document need state; rivals: figures of the same thing that differ.
    """

    record: str
    path: str
    column: str
    cited_as: str
    row: int | None
    label: str
    value: str
    said: Any
    ours: bool
    rivals: tuple[str, ...] = ()
    traces: tuple[Trace, ...] = ()

    @property
    def sourced(self) -> bool:
        return any(trace.verdict is not False for trace in self.traces)

    @property
    def in_a_document(self) -> bool:
        """Stated in a paragraph of a document; else it is reference data, or classification, or unsourced."""
        return any(trace.stated.paragraph is not None for trace in self.traces)


def seed_facts() -> list[Fact]:
    """Every value of every record but the sources themselves, by kind and code, each with its citations."""
    return traced(values_held(), all_stated())


def unsourced(facts: Iterable[Fact]) -> list[Fact]:
    """Values that must be stated somewhere and are not."""
    return [one for one in facts if not one.ours and not one.sourced]


def idle(facts: Iterable[Fact], stated: Iterable[Stated]) -> list[Stated]:
    """Citations that no value rests on."""
    used = {trace.stated for one in facts for trace in one.traces}
    return [one for one in stated if one not in used]


def traced(held: Iterable[Fact], stated: Iterable[Stated]) -> list[Fact]:
    """The values with their citations.

    A citation is of the values of its record, row and field. Of several in one column (the members of a list, rows
    without numbers) it is of those that it names; one that names none of them speaks of those that no other names.
    """
    citations: dict[tuple[str, int | None, str], list[Stated]] = {}
    for one in stated:
        citations.setdefault((one.record, one.row, one.field), []).append(one)
    facts = list(held)
    together: dict[tuple[str, int | None, str], list[Fact]] = {}
    for each in facts:
        together.setdefault((each.record, each.row, each.cited_as), []).append(each)
    traces: dict[int, tuple[Trace, ...]] = {}
    for key, group in together.items():
        traces |= _shared_out(group, citations.get(key, []))
    return [replace(each, traces=traces[id(each)]) for each in facts]


def _shared_out(group: list[Fact], citations: list[Stated]) -> dict[int, tuple[Trace, ...]]:
    found: dict[int, list[Trace]] = {id(one): [] for one in group}
    columns: dict[str, list[Fact]] = {}
    for one in group:
        columns.setdefault(one.column, []).append(one)
    verdicts = {
        (citation, id(one)): agrees(one.cited_as, citation.as_stated, one.said)
        for citation in citations
        for one in group
    }
    for facts in columns.values():
        unnamed = [one for one in facts if not any(verdicts[citation, id(one)] for citation in citations)]
        for citation in citations:
            about = [one for one in facts if verdicts[citation, id(one)]] or unnamed or facts
            elsewhere = any(verdicts[citation, id(one)] for one in group)
            for one in about:
                verdict = verdicts[citation, id(one)]
                # What agrees with one column's value is no rival of another's: two days, each cited.
                if verdict is not False or not elsewhere:
                    found[id(one)].append(Trace(citation, verdict))
    return {key: tuple(traces) for key, traces in found.items()}


def values_held() -> list[Fact]:
    """Every value of every record but the sources themselves, by kind and code, without citations.

    Raises UnlistedColumn.
    """
    found: list[Fact] = []
    for kind, model in sorted(SUBJECTS.items()):
        if kind == "source":
            continue
        codes = dict(model._default_manager.values_list("pk", "code"))
        held = contents(kind, codes)
        values = said({(kind, pk): content for pk, content in held.items()})
        names = names_in(row for content in held.values() for row in plain_rows(model, content))
        for pk, code in sorted(codes.items(), key=lambda pair: pair[1]):
            found += _of_record(kind, f"{kind}:{code}", model, held[pk], names, values[kind, pk])
    return found


def _of_record(
    kind: str, record: str, model: Model, content: Mapping[str, Any], names: Names, values: Values
) -> Iterator[Fact]:
    yield from _of_row(record, "", None, model, content, names, values)
    for relation in children_of(model):
        accessor = relation.get_accessor_name() or ""
        if accessor == "citations":
            continue
        numbered = numbered_rows(kind)
        called = numbered.called if numbered is not None else ""
        disagreeing = rivals(content[accessor]) if accessor in ("capital_events", "values") else {}
        for child in content[accessor]:
            row = child.get("position")
            prefix = f"{accessor}." if row is None else f"{called}.{row}."
            others = disagreeing.get(row, ()) if row is not None else ()
            for one in _of_row(record, prefix, row, relation.related_model, child, names, values):
                figure = one.cited_as in ("amount", "value")
                paths = tuple(f"{called}.{other}.{one.cited_as}" for other in others if figure)
                yield replace(one, rivals=paths)


def _of_row(
    record: str,
    prefix: str,
    row: int | None,
    model: Model,
    content: Mapping[str, Any],
    names: Names,
    values: Values,
) -> Iterator[Fact]:
    for column in (*model._meta.concrete_fields, *model._meta.local_many_to_many):
        if column.name not in content:
            continue
        field, ours = _listed(model, column.name)
        if field is None:
            continue
        label, text = fact(model, column.name, content, names)
        members = _members(model, column.name, text)
        for member in members:
            value = _said(values.get((row, field)), column.name, content, member)
            place = f"{model.__name__}.{column.name}"
            yield Fact(record, prefix + field, place, field, row, label, member, value, ours)


def _listed(model: Model, column: str) -> tuple[str | None, bool]:
    """The field a column is cited by (None: structure), and whether it is a classification of ours."""
    for name in (f"{model.__name__}.{column}", column):
        if name in CITED_AS:
            return CITED_AS[name], False
        if name in OURS:
            return OURS[name], True
        if name in STRUCTURE:
            return None, False
    raise UnlistedColumn(f"{model.__name__}.{column}")


def _members(model: Model, column: str, text: str) -> list[str]:
    """The values that a column holds: one, the members of a list, or the lines of a text."""
    if isinstance(model._meta.get_field(column), models.ManyToManyField):
        return [part for part in text.split("; ") if part]
    if column in _LINES:
        return [line for line in text.splitlines() if line]
    return [text] if text else []


def _said(value: Any, column: str, row: Mapping[str, Any], text: str) -> Any:
    """What `agrees` compares with a citation of the value: as rules/composition/values.py says, or of the several
    that a field holds the one in this column.
    """
    if not isinstance(value, list):
        return value
    stem = column.removesuffix("_latest")
    if stem != column:
        return StatedDate(_day(row[f"{stem}_earliest"]), _day(row[column]), row[f"{stem}_stated_as"])
    if column in ("valid_from", "valid_to"):
        return StatedDate(_day(row[column]), _day(row[column]))
    return text


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
