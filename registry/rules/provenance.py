"""Which values of a record must be stated somewhere, and which of them are not.

A value is sourced by a citation of its field, unless that states something else or its document is not published;
or by the decision it stands in when staff have checked the paper. Classifications are values as all others: a paper
says “phường”, “mục tiêu”, “vốn đăng ký”. Here is the one list of what is cited by which field; what no document can
state (codes of ours, positions, notes) is in the list after it, each with why.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from registry.rules.citations import agrees, spelt_out
from registry.rules.dates import StatedDate

Content: TypeAlias = Mapping[str, Any]


def _dated(stem: str) -> tuple[str, ...]:
    return f"{stem}_latest", f"{stem}_earliest", f"{stem}_stated_as"


#: The columns that hold what a cited field states, where they are not one column of the field's name. Each value by
#: the column that names it, then the columns told with it.
_COLUMNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "aliases": (("name",),),
    "amount": (("amount", "currency", "amount_qualifier"),),
    "area_ha": (("area_ha", "area_high_ha", "area_qualifier"),),
    "as_of": (_dated("as_of"),),
    "asked_on": (_dated("asked"),),
    "cooperating": (("cooperating",), ("others",)),
    "due_on": (_dated("due"),),
    "effect": (("effect_code",), ("as_stated",)),
    "effective_on": ((*_dated("effective"), "effective_reason"),),
    "issued_on": (_dated("issued"), ("issued_on",)),
    "kind": tuple(
        (f"{of}_kind",)
        for of in "assignment capital incentive instrument investor paper term unit value zone".split()
    ),
    "land_area_ha": (("land_area_ha", "land_area_high_ha", "land_area_qualifier"),),
    "leased_ha": (("leased_ha",), ("approved_ha",)),
    "number": (("number", "symbol", "number_family", "number_year"), ("number_symbol",), ("decision",)),
    "occupancy": (("occupancy_leased", "occupancy_qualifier"), ("occupancy_approved",)),
    "operating_status": (("status",),),
    "period": (_dated("period"),),
    "places": (("places",), ("place",)),
    "programme": (_dated("programme"),),
    "relations": (("target",), ("relation",), ("target_relation",)),
    "scope": (("scope",), ("clusters",), ("zones",), ("investor",), ("project",)),
    "signer": (("signer",), ("signed_for",)),
    # A title of ours says in short what the task says.
    "task": (("task",), ("name",)),
    "value": (("value", "value_high", "value_qualifier"),),
    "vsic_code": (("vsic_code",), ("vsic_year",)),
    "zone": (("zone",), ("zones",)),
}
#: Columns that say how a value beside them is meant: alone they hold none.
_BESIDE = frozenset(
    """
    currency amount_qualifier area_qualifier land_area_qualifier value_qualifier occupancy_qualifier symbol
    number_family number_year effective_reason
    """.split()
)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that stand under a record: the column of its content that holds them, the fields their values are cited
    by, and what they are called in the record's body. Rows without a name there are cited with the record.
    `quoting`: each row names its document itself, and no citation need.
    """

    column: str
    fields: tuple[str, ...]
    called: str = ""
    quoting: bool = False


def _rows(column: str, fields: str, called: str = "", quoting: bool = False) -> Rows:
    return Rows(column, tuple(fields.split()), called, quoting)


_CAPITAL = _rows("capital_events", "kind measure amount as_of programme", "capital")
#: What of each kind must be stated somewhere, in the order of its form.
FIELDS: dict[str, tuple[str, ...]] = {
    kind: tuple(fields.split())
    for kind, fields in {
        "assignment": "kind task asked_by lead cooperating clusters zone sectors legal_basis number asked_on due_on",
        "authority": "name level number places valid_from valid_to successor",
        "cluster": "name places",
        "decision": "number kind issuer abstract issued_on effective_on legal_basis signer recipients",
        "incentive": "name kind status sectors legal_basis valid_from valid_to",
        "indicator": "name unit definition sectors",
        "investor": "name kind enterprise_code group registered_in capital_from",
        "legal_instrument": "number kind title issuer issued_on valid_from valid_to successor",
        "place": "name kind within valid_from valid_to",
        "project": "name project_code investor zone cluster products sectors land_area_ha",
        "sector": "name vsic_code",
        "zone": "name kind area_ha places sectors linked_with",
    }.items()
}
ROWS: dict[str, tuple[Rows, ...]] = {
    "cluster": (
        _rows("aliases", "aliases"),
        _rows(
            "operating_reports", "operating_status as_of industrial_land_ha leased_ha occupancy", quoting=True
        ),
    ),
    "decision": (
        _rows("effects", "cluster zone effect area_ha developer places sectors name relations", "effects"),
        _rows("relations", "relations"),
    ),
    "incentive": (_rows("terms", "kind years rate_percent", "terms"),),
    "indicator": (_rows("values", "value kind period scope", "values"),),
    "investor": (_CAPITAL,),
    "place": (_rows("successions", "successor extent"), _rows("codes", "official_code valid_from valid_to")),
    "project": (_CAPITAL,),
    "zone": (_rows("statuses", "status as_of", "statuses"),),
}

#: What no document can state, and why; a column that means something else in one table than in the others is named
#: with its table.
STRUCTURE: dict[str, str] = {
    "id": "the key of the row",
    "code": "the code we gave the record",
    "position": "the number of the row under its record",
    "note": "a note of ours, which is not published",
    "received_on": "when the paper came in here",
    "verification": "whether staff have checked the paper",
    "OperatingReport.source": "is itself where the row is stated",
    "OperatingReport.locator": "is itself where the row is stated",
    "OperatingReport.as_stated": "is itself what is stated there",
    **{
        owner: "whose row it is"
        for owner in """
        CapitalEvent.investor CapitalEvent.project ClusterAlias.cluster DecisionRelation.decision Effect.decision
        IncentiveTerm.incentive IndicatorValue.indicator OperatingReport.cluster PlaceCode.unit
        PlaceSuccession.unit ZoneStatus.zone
        """.split()
    },
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
        for row in () if rows.quoting else content[rows.column]:
            yield from (Value(field, rows, row) for field in rows.fields if holds(row, field))


def numbered_rows(kind: str) -> Rows | None:
    """The numbered rows of that kind of record, which citations can name; None where it has none."""
    return next((rows for rows in ROWS.get(kind, ()) if rows.called), None)


def fields_of(kind: str, column: str = "") -> tuple[str, ...]:
    """The fields by which the values of a record are cited, or those of its rows in that column of its content."""
    if not column:
        return FIELDS.get(kind, ())
    return next((rows.fields for rows in ROWS.get(kind, ()) if rows.column == column), ())


def citable(kind: str) -> list[str]:
    """The fields by which a record's own values, and those of its rows, are cited, in the order of its form."""
    rows = (field for rows in ROWS.get(kind, ()) for field in rows.fields)
    return list(dict.fromkeys((*FIELDS.get(kind, ()), *rows)))


def columns_of(field: str) -> tuple[str, ...]:
    """The columns that hold what a citation of the field states; the first that a row has names it."""
    return tuple(column for value in _COLUMNS.get(field, ((field,),)) for column in value)


def field_of(column: str, fields: Sequence[str]) -> str | None:
    """Which of the fields a column is part of."""
    return next((field for field in fields if column in columns_of(field)), None)


def names_a_value(column: str, field: str) -> bool:
    """Whether the column holds a value of the field, rather than a part of one told with another column."""
    return any(value[0] == column for value in _COLUMNS.get(field, ((field,),)))


def structural(table: str, column: str) -> bool:
    """Whether no document can state what the column of the table holds."""
    return f"{table}.{column}" in STRUCTURE or column in STRUCTURE


def holds(row: Content, field: str) -> bool:
    """Whether the row says anything in the field's columns."""
    said = (row.get(column) for column in columns_of(field) if column not in _BESIDE)
    return any(value is not None and value != "" and value != [] for value in said)


#: The citations of a record by field and number of the row, None for the record itself.
Cited: TypeAlias = Mapping[tuple[str, int | None], Sequence[Content]]


def cited_in(content: Content) -> Cited:
    """The citations of a record, sorted once: a record may have thousands."""
    found: dict[tuple[str, int | None], list[Content]] = {}
    for row in content["citations"]:
        found.setdefault((row["field"], row["row_position"]), []).append(row)
    return found


def citations_of(kind: str, cited: Cited, position: int | None, field: str) -> Sequence[Content]:
    """The citations of one value; of a row's value, where the row has none, those of the record under that field,
    unless the record has such a value of its own: what kind it is says nothing of the kinds of its rows.
    """
    own = cited.get((field, position), ())
    return own if own or field in FIELDS.get(kind, ()) else cited.get((field, None), ())


def by_the_paper(kind: str, content: Content, row: Content) -> bool:
    """Whether the value stands in a decision that staff have checked: the paper itself is its source."""
    checked = (content.get("verification"), row.get("verification"))
    return kind == "decision" and checked == ("verified", "verified")


def shared_out(
    field: str, members: Sequence[Any], as_stated: Sequence[str]
) -> list[list[tuple[int, bool | None]]]:
    """For each of several values under one field the citations that are of it, by their place, with the verdict.

    A citation is of the values that it names; one that names none of them speaks of those that no other names, of
    all where every one is named. What it says of a value that is not meant, being of another one, is no verdict.
    """
    verdicts = [[agrees(field, text, member) for member in members] for text in as_stated]
    named = [any(row[place] is True for row in verdicts) for place in range(len(members))]
    found: list[list[tuple[int, bool | None]]] = [[] for _ in members]
    for number, row in enumerate(verdicts):
        if True in row:
            about = [place for place, verdict in enumerate(row) if verdict is True]
        else:
            about = [place for place, known in enumerate(named) if not known] or list(range(len(members)))
        for place in about:
            found[place].append((number, row[place]))
    return found


def unsourced(
    kind: str,
    content: Content,
    said: Mapping[tuple[int | None, str], Any],
    is_shown: Callable[[Content], bool],
) -> list[str]:
    """Paths of the values that neither a citation nor a decision states, in the order of the record's form.

    said: what each field says, as `rules.composition.values` has it; of several values under one field each needs a
    citation. is_shown: whether the document of a citation is to be seen.
    `valid_from`, or `capital.2.amount` for the row at position 2; the rows of a record that have no position are
    one value.
    """
    cited = cited_in(content)
    paths = (
        value.path
        for value in values(kind, content)
        if not by_the_paper(kind, content, value.row) and not is_stated(kind, value, cited, said, is_shown)
    )
    return list(dict.fromkeys(paths))


def is_stated(
    kind: str,
    value: Value,
    cited: Cited,
    said: Mapping[tuple[int | None, str], Any],
    is_shown: Callable[[Content], bool] = lambda row: True,
) -> bool:
    """Whether every value under the field has a citation that agrees or, where none does, only such as say nothing
    else, of documents that are shown.
    """
    return how_stated(kind, value, cited, said, is_shown) is not False


def how_stated(
    kind: str,
    value: Value,
    cited: Cited,
    said: Mapping[tuple[int | None, str], Any],
    is_shown: Callable[[Content], bool] = lambda row: True,
) -> bool | None:
    """True: of every value under the field a citation says the same, of a day both its bounds and its words too.
    None: of one of them the words of documents leave it open. False: one has no citation, or is contradicted by some
    and supported by none.
    """
    rows = citations_of(kind, cited, value.position, value.field)
    texts = [row["as_stated"] for row in rows if is_shown(row)]
    members = members_of(said.get((value.position, value.field)))
    found = []
    for member, shared in zip(members, shared_out(value.field, members, texts), strict=True):
        verdict = weighed([verdict for _, verdict in shared])
        if verdict and isinstance(member, StatedDate):
            about = [texts[number] for number, verdict in shared if verdict is not False]
            verdict = True if spelt_out(member, about) else None
        found.append(verdict)
    return False if False in found else None if None in found else True


def weighed(verdicts: Sequence[bool | None]) -> bool | None:
    """What the citations of one value make of it: one that supports it is enough, and words that leave it open do not
    outvote one that contradicts it. False too where there are none.
    """
    return True if True in verdicts else None if verdicts and False not in verdicts else False


def members_of(said: Any) -> list[Any]:
    """The values that a field holds: those of a list, or the one. What is not known to readers counts as one."""
    return said if isinstance(said, list) and said else [said]
