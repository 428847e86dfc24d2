"""Which values nothing states."""

from datetime import date
from typing import Any

import pytest

from registry.models import SUBJECTS
from registry.models.base import Recorded
from registry.models.sources import CITED
from registry.queries.contents import children_of
from registry.rules import codes
from registry.rules.cited_fields import CITED_FIELD
from registry.rules.dates import StatedDate
from registry.rules.provenance import (
    FIELDS,
    ROWS,
    STRUCTURE,
    Value,
    cited_in,
    columns_of,
    field_of,
    fields_of,
    how_stated,
    is_stated,
    shared_out,
    structural,
    unsourced,
    weighed,
)
from registry.rules.wordings import Coded


def missing(kind: str, content: dict[str, Any], **said: Any) -> list[str]:
    """Where citations are only pointers, unless it is told what the record says: `amount_1` for the row at 1."""
    values: dict[tuple[int | None, str], Any] = {}
    for name, value in said.items():
        field, _, position = name.rpartition("_")
        numbered = position.isdecimal()
        values[(int(position) if numbered else None), field if numbered else name] = value
    return unsourced(kind, content, values, lambda row: True)


def cited(field: str, position: int | None = None, as_stated: str = "…") -> dict[str, Any]:
    return {"field": field, "row_position": position, "as_stated": as_stated}


def project(*citations: dict[str, Any], **said: Any) -> dict[str, Any]:
    return {
        "name": "Nhà máy H3",
        "investor": 3,
        "zone": None,
        "cluster": None,
        "products": "",
        "sectors": [],
        "land_area_ha": None,
        "land_area_qualifier": "exact",
        "capital_events": [],
        "citations": list(citations),
        **said,
    }


def capital(position: int, **said: Any) -> dict[str, Any]:
    return {
        "position": position,
        "amount": 5,
        "currency": "USD",
        "as_of_latest": None,
        "programme_latest": None,
        **said,
    }


def decision(verification: str, effect: str, *citations: dict[str, Any]) -> dict[str, Any]:
    effects = [{"position": 1, "cluster": 7, "area_ha": "50", "verification": effect}]
    return {
        "number": 202,
        "issuer": 1,
        "verification": verification,
        "effects": effects,
        "relations": [],
        "citations": list(citations),
    }


def test_a_value_without_a_citation_is_named_and_what_is_empty_is_no_value():
    assert missing("project", project()) == ["name", "investor"]
    assert missing("project", project(cited("name"))) == ["investor"]
    assert missing("project", project(cited("name"), cited("investor"))) == []
    assert missing("project", project(cited("name"), cited("investor"), land_area_ha="4")) == ["land_area_ha"]


def test_a_value_of_a_row_is_named_by_its_position_and_a_citation_of_another_row_is_not_its_own():
    rows = [capital(1), capital(2, as_of_latest="2023-12-31")]
    found = project(cited("name"), cited("investor"), cited("amount", 1), capital_events=rows)
    assert missing("project", found) == ["capital.2.amount", "capital.2.as_of"]


def test_what_the_record_states_for_all_its_rows_need_not_be_stated_for_each():
    rows = [capital(1), capital(2)]
    found = project(cited("name"), cited("investor"), cited("amount"), capital_events=rows)
    assert missing("project", found) == []


def test_what_kind_a_record_is_says_nothing_of_the_kinds_of_its_rows():
    figure = {"position": 1, "amount": 5, "capital_kind": "increase"}
    found = {
        "name": "LG",
        "investor_kind": "group",
        "capital_events": [figure],
        "citations": [cited("name"), cited("kind"), cited("amount", 1)],
    }
    assert missing("investor", found) == ["capital.1.kind"]


def test_a_paper_that_staff_have_checked_is_its_own_source():
    assert missing("decision", decision("verified", "verified")) == []


def test_a_paper_nobody_has_seen_needs_a_citation_for_each_value():
    assert missing("decision", decision("to_be_verified", "verified")) == [
        "number", "issuer", "effects.1.cluster", "effects.1.area_ha",
    ]  # fmt: skip
    found = decision("to_be_verified", "verified", cited("number"), cited("issuer"), cited("area_ha", 1))
    assert missing("decision", found) == ["effects.1.cluster"]


def test_an_effect_to_be_verified_needs_citations_although_its_paper_was_checked():
    assert missing("decision", decision("verified", "to_be_verified")) == [
        "effects.1.cluster", "effects.1.area_ha",
    ]  # fmt: skip


def test_rows_that_have_no_number_are_one_value_of_the_record():
    place = {
        "name": "Xã Tiên Minh",
        "within": None,
        "valid_from": None,
        "valid_to": None,
        "successions": [],
        "codes": [
            {"id": 1, "official_code": "11791", "valid_from": None, "valid_to": None},
            {"id": 2, "official_code": "11792", "valid_from": None, "valid_to": None},
        ],
        "citations": [cited("name")],
    }
    assert missing("place", place) == ["official_code"]
    place["citations"] += [cited("official_code")]
    assert missing("place", place) == []


def test_what_a_zone_was_is_a_row_with_a_number_that_a_citation_names():
    zone = {
        "name": "KCN Tràng Duệ",
        "area_ha": None,
        "places": [],
        "sectors": [],
        "linked_with": [],
        "statuses": [
            {"id": 1, "position": 1, "status": "planned"}, {"id": 2, "position": 2, "status": "existing"},
        ],
        "citations": [cited("name"), cited("status", 2)],
    }  # fmt: skip
    assert missing("zone", zone) == ["statuses.1.status"]
    zone["citations"] += [cited("status")]
    assert missing("zone", zone) == []


def test_each_of_several_values_needs_a_citation_that_is_of_it():
    place = {
        "name": "Tân Minh",
        "codes": [{"id": 1, "official_code": "11779"}, {"id": 2, "official_code": "11791"}],
        "successions": [],
        "citations": [cited("name"), cited("official_code", as_stated="11779")],
    }
    both = ["11779", "11791"]
    assert missing("place", place, official_code=both) == ["official_code"]
    place["citations"] += [cited("official_code", as_stated="11791")]
    assert missing("place", place, official_code=both) == []


def test_a_member_of_a_list_that_no_citation_names_is_stated_by_none():
    rows = cited("name"), cited("investor"), cited("sectors", as_stated="dệt may")
    found = project(*rows, sectors=[1, 2])
    assert missing("project", found, sectors=["Dệt may"]) == []
    assert missing("project", found, sectors=["Dệt may", "Hóa chất"]) == ["sectors"]
    # One that names none of them speaks of those that no other names.
    found["citations"] += [cited("sectors", as_stated="các ngành nêu trên")]
    assert missing("project", found, sectors=["Dệt may", "Hóa chất"]) == []


def test_citations_are_shared_out_to_the_values_they_name():
    two = ["Dệt may", "Hóa chất"]
    assert shared_out("sectors", two, ["dệt may", "dệt may, hóa chất"]) == [
        [(0, True), (1, True)],
        [(1, True)],
    ]
    assert shared_out("sectors", two, ["dệt may", "các ngành khác"]) == [[(0, True)], [(1, None)]]
    assert shared_out("sectors", ["Dệt may"], []) == [[]]
    # Where every value is named, what names none speaks of all.
    assert shared_out("sectors", ["Dệt may"], ["dệt may", "các ngành khác"]) == [[(0, True), (1, None)]]


@pytest.mark.parametrize(
    ("field", "right", "wrong", "as_stated"),
    [
        (
            "kind",
            Coded(codes.CAPITAL_KIND, "reported_total"),
            Coded(codes.CAPITAL_KIND, "increase"),
            "tổng vốn",
        ),
        (
            "measure",
            Coded(codes.CAPITAL_MEASURE, "group_total"),
            Coded(codes.CAPITAL_MEASURE, "implemented"),
            "Tập đoàn SK",
        ),
    ],
)
def test_a_wrong_classification_of_a_row_is_stated_by_none(field, right, wrong, as_stated):
    rows = [capital(1, capital_kind="…", measure="…")]
    other = "measure" if field == "kind" else "kind"
    found = project(
        cited("name"), cited("investor"), cited("amount", 1), cited(other, 1), cited(field, 1, as_stated),
        capital_events=rows,
    )  # fmt: skip
    assert missing("project", found, **{f"{field}_1": right}) == []
    assert missing("project", found, **{f"{field}_1": wrong}) == [f"capital.1.{field}"]


@pytest.mark.parametrize("kind", CITED)
def test_every_value_that_must_be_stated_is_a_column_of_its_kind_and_can_be_cited(kind):
    model = SUBJECTS[kind]
    children = {relation.get_accessor_name(): relation.related_model for relation in children_of(model)}
    parts = [(model, FIELDS[kind]), *((children[rows.column], rows.fields) for rows in ROWS.get(kind, ()))]
    for table, fields in parts:
        names = {field.name for field in table._meta.get_fields()} | (
            set(children) if table is model else set()
        )
        for field in fields:
            assert field in CITED_FIELD
            assert names & set(columns_of(field)), (kind, field)


def _tables(kind):
    model = SUBJECTS[kind]
    yield model, ""
    for relation in children_of(model):
        if relation.get_accessor_name() != "citations":
            yield relation.related_model, relation.get_accessor_name()


def _columns(table):
    return [
        column
        for column in (*table._meta.concrete_fields, *table._meta.local_many_to_many)
        if column.name not in table.recorded.exclude
    ]


@pytest.mark.parametrize("kind", CITED)
def test_every_column_is_a_value_or_structure_and_never_both(kind):
    """One list says what is cited by which field, for the gate, for staff and for the page of facts."""
    for table, accessor in _tables(kind):
        fields = fields_of(kind, accessor)
        held = set()
        for column in _columns(table):
            field = field_of(column.name, fields)
            assert (field is None) is structural(table.__name__, column.name), (table, column.name)
            held.add(field)
        assert set(fields) <= held, (table, set(fields) - held)


#: By what makes a column structure, which columns that is true of. No document can state any of these.
WHY = {
    "the key of the row": lambda table, column: column.primary_key,
    "the code we gave the record": lambda table, column: column.name == "code" and table in SUBJECTS.values(),
    "the number of the row under its record": lambda table, column: column.name == "position",
    "a note of ours, which is not published": lambda table, column: column.name in table.recorded.internal,
    "when the paper came in here": lambda table, column: column.name == "received_on",
    "whether staff have checked the paper": lambda table, column: column.name == "verification",
    "is itself where the row is stated": lambda table, column: (
        {"source", "locator", "as_stated"} <= {other.name for other in table._meta.concrete_fields}
    ),
    "is itself what is stated there": lambda table, column: (
        {"source", "locator", "as_stated"} <= {other.name for other in table._meta.concrete_fields}
    ),
    "whose row it is": lambda table, column: _owner(table, column),
}


def _owner(table, column) -> bool:
    recorded: Recorded = table.recorded
    return any(key == column.attname for _, key in recorded.subject)


def test_structure_is_only_what_no_document_can_state_each_with_why():
    met = set()
    for kind in CITED:
        for table, _ in _tables(kind):
            for column in _columns(table):
                listed = next(
                    (n for n in (f"{table.__name__}.{column.name}", column.name) if n in STRUCTURE), ""
                )
                if listed:
                    met.add(listed)
                    assert WHY[STRUCTURE[listed]](table, column), (table, column.name)
    assert met == set(STRUCTURE)


def test_a_list_of_fields_names_no_field_twice():
    for fields in (*FIELDS.values(), *(rows.fields for found in ROWS.values() for rows in found)):
        assert len(set(fields)) == len(fields)


@pytest.mark.parametrize(
    ("verdicts", "made"),
    [
        ([], False),
        ([False], False),
        ([None], None),
        ([None, False], False),
        ([False, None, True], True),
        ([None, None], None),
    ],
)
def test_words_that_leave_it_open_do_not_outvote_a_citation_that_contradicts(verdicts, made):
    assert weighed(verdicts) is made


@pytest.mark.parametrize(
    ("earliest", "latest", "words", "texts", "verdict"),
    [
        ("2023-01-01", "2023-12-31", "", ["năm 2023"], True),
        ("2023-01-01", "2023-06-30", "năm 2023", ["năm 2023", "tính đến tháng 6/2023"], True),
        (None, "2023-12-31", "", ["đến hết năm 2023"], True),
        (None, "2023-12-31", "vừa qua", ["vừa qua", "đến hết năm 2023"], True),
        (None, "2023-12-31", "mới đây", ["vừa qua", "đến hết năm 2023"], None),
        (None, "2023-12-30", "", ["đến hết năm 2023"], None),
        ("2020-02-03", "2023-12-31", "", ["đến hết năm 2023"], None),
        ("2023-05-02", "2023-05-02", "", ["năm 2023"], None),
        ("2023-05-02", "2023-05-02", "", ["năm 2023", "02/05/2023"], True),
        ("2022-05-02", "2022-05-02", "", ["năm 2023"], False),
    ],
)
def test_a_date_is_proved_by_its_own_bounds_and_words_and_not_by_a_longer_time(
    earliest, latest, words, texts, verdict
):
    content = {"citations": [cited("asked_on", as_stated=text) for text in texts]}
    said = StatedDate(*(one and date.fromisoformat(one) for one in (earliest, latest)), words)
    value, named = Value("asked_on", None, {}), {(None, "asked_on"): said}
    assert how_stated("assignment", value, cited_in(content), named) is verdict
    assert is_stated("assignment", value, cited_in(content), named) is (verdict is not False)
