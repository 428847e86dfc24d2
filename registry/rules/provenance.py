"""Which values of a record must be stated somewhere, and which of them are not.

A value is sourced by a citation of its field, unless that states something else or its document is not published;
or by the decision it stands in when staff have checked the paper.
What no document can state is no value here: codes, positions, classifications and notes are ours.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Content: TypeAlias = Mapping[str, Any]

#: The columns that hold what a cited field states, where they are not one column of the field's name.
_COLUMNS = {
    "amount": ("amount", "currency", "amount_qualifier"),
    "area_ha": ("area_ha", "area_high_ha", "area_qualifier"),
    "as_of": ("as_of_latest", "as_of_earliest", "as_of_stated_as"),
    "asked_on": ("asked_latest", "asked_earliest", "asked_stated_as"),
    "cooperating": ("cooperating", "others"),
    "due_on": ("due_latest", "due_earliest", "due_stated_as"),
    "effect": ("effect_code", "as_stated"),
    "effective_on": ("effective_latest", "effective_earliest", "effective_stated_as"),
    "issued_on": ("issued_latest", "issued_earliest", "issued_stated_as", "issued_on"),
    "kind": tuple(
        f"{of}_kind"
        for of in "assignment capital incentive instrument investor paper unit value zone".split()
    ),
    "land_area_ha": ("land_area_ha", "land_area_high_ha", "land_area_qualifier"),
    "number": ("number", "symbol", "number_family", "decision"),
    "period": ("period_latest", "period_earliest", "period_stated_as"),
    "places": ("places", "place"),
    "programme": ("programme_latest", "programme_earliest", "programme_stated_as"),
    "relations": ("relations", "target"),
    "scope": ("clusters", "zones", "investor", "project"),
    "signer": ("signer", "signed_for"),
    "successor": ("successor", "successions"),
    "value": ("value", "value_high", "value_qualifier"),
    "vsic_code": ("vsic_code", "vsic_year"),
    "zone": ("zone", "zones"),
}
#: Columns beside a value that say how it is meant; alone they hold none.
_BESIDE = frozenset(
    ("currency", "amount_qualifier", "area_qualifier", "land_area_qualifier", "value_qualifier")
) | {"symbol", "number_family"}


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that stand under a record: the column of its content that holds them, the fields their values are cited
    by, and what they are called in the record's body. Rows without a name there are cited with the record.
    """

    column: str
    fields: tuple[str, ...]
    called: str = ""


_CAPITAL = Rows("capital_events", ("amount", "as_of", "programme"), "capital")
#: What of each kind must be stated somewhere, in the order of its form.
FIELDS: dict[str, tuple[str, ...]] = {
    kind: tuple(fields.split())
    for kind, fields in {
        # A title of ours says in short what the task says.
        "assignment": "task asked_by lead cooperating clusters zone sectors legal_basis number asked_on due_on",
        "authority": "name places valid_from valid_to successor",
        "cluster": "name aliases places",
        "decision": "number issuer abstract issued_on effective_on legal_basis signer recipients relations",
        "incentive": "name status sectors legal_basis valid_from valid_to",
        "indicator": "name sectors",
        "investor": "name enterprise_code group registered_in capital_from",
        "legal_instrument": "number title issuer issued_on valid_from valid_to successor",
        "place": "name within valid_from valid_to successor",
        "project": "name project_code investor zone cluster products sectors land_area_ha",
        "sector": "name vsic_code",
        "zone": "name area_ha places sectors linked_with",
    }.items()
}
ROWS: dict[str, tuple[Rows, ...]] = {
    "decision": (
        Rows(
            "effects",
            tuple("cluster zone effect area_ha developer places sectors name relations".split()),
            "effects",
        ),
    ),
    "incentive": (Rows("terms", ("years", "rate_percent"), "terms"),),
    "indicator": (Rows("values", ("value", "period", "scope"), "values"),),
    "investor": (_CAPITAL,),
    "place": (Rows("codes", ("official_code", "valid_from", "valid_to")),),
    "project": (_CAPITAL,),
    "zone": (Rows("statuses", ("status", "as_of"), "statuses"),),
}

#: Classifications and explanations of ours, and the field by which a document's words for them are cited.
#: A column that means something else in one table than in the others is named with its table.
OURS = {
    "Assignment.name": "task",
    "assignment_kind": "kind",
    "capital_kind": "kind",
    "definition": "unit",
    "effective_reason": "effective_on",
    "extent": "kind",
    "incentive_kind": "kind",
    "instrument_kind": "kind",
    "investor_kind": "kind",
    "level": "level",
    "measure": "measure",
    "number_symbol": "number",
    "paper_kind": "kind",
    "relation": "relations",
    "scope": "scope",
    "target_relation": "relations",
    "term_kind": "kind",
    "unit": "unit",
    "unit_kind": "kind",
    "value_kind": "kind",
    "zone_kind": "kind",
}


@dataclass(frozen=True, slots=True)
class Value:
    """One value that is there: its field, the row it stands in (None: the record itself), and its path in the body."""

    field: str
    rows: Rows | None
    row: Content

    @property
    def position(self) -> int | None:
        return self.row["position"] if self.rows is not None and self.rows.called else None

    @property
    def path(self) -> str:
        return self.field if self.position is None else f"{self.rows.called}.{self.position}.{self.field}"  # type: ignore[union-attr]


def values(kind: str, content: Content) -> Iterator[Value]:
    """Every value of the record and of its rows that must be stated somewhere."""
    yield from (Value(field, None, content) for field in FIELDS.get(kind, ()) if holds(content, field))
    for rows in ROWS.get(kind, ()):
        for row in content[rows.column]:
            yield from (Value(field, rows, row) for field in rows.fields if holds(row, field))


def numbered_rows(kind: str) -> Rows | None:
    """The numbered rows of that kind of record, which citations can name; None where it has none."""
    return next((rows for rows in ROWS.get(kind, ()) if rows.called), None)


def columns_of(field: str) -> tuple[str, ...]:
    """The columns that hold what a citation of the field states; the first that a row has names it."""
    return _COLUMNS.get(field, (field,))


def ours(table: str, column: str) -> str | None:
    """The field by which a document's words for a classification of ours are cited; None where it is none."""
    return OURS.get(f"{table}.{column}", OURS.get(column))


def field_of(column: str, fields: Sequence[str]) -> str | None:
    """Which of the fields a column is part of."""
    return next((field for field in fields if column in columns_of(field)), None)


def holds(row: Content, field: str) -> bool:
    """Whether the row says anything in the field's columns."""
    said = (row.get(column) for column in columns_of(field) if column not in _BESIDE)
    return any(value is not None and value != "" and value != [] for value in said)


def citations_of(content: Content, position: int | None, field: str) -> list[Content]:
    """The citations of one value; of a row's value those of the record's own field where the row has none."""
    rows = [row for row in content["citations"] if row["field"] == field]
    own = [row for row in rows if row["row_position"] == position]
    return own or [row for row in rows if row["row_position"] is None]


def by_the_paper(kind: str, content: Content, row: Content) -> bool:
    """Whether the value stands in a decision that staff have checked: the paper itself is its source."""
    checked = (content.get("verification"), row.get("verification"))
    return kind == "decision" and checked == ("verified", "verified")


def unsourced(kind: str, content: Content, is_source: Callable[[Content], bool]) -> list[str]:
    """Paths of the values that neither a citation nor a decision states, in the order of the record's form.

    is_source: whether a citation is one, or its document is not to be seen or states something else.
    `valid_from`, or `capital.2.amount` for the row at position 2; the rows of a record that have no position are
    one value.
    """
    found = (
        value.path
        for value in values(kind, content)
        if not by_the_paper(kind, content, value.row)
        and not any(map(is_source, citations_of(content, value.position, value.field)))
    )
    return list(dict.fromkeys(found))
