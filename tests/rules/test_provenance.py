"""Which values nothing states."""

from typing import Any

import pytest

from registry.models import SUBJECTS
from registry.models.sources import CITED
from registry.queries.contents import children_of
from registry.queries.seed_facts import CITED_AS, STRUCTURE
from registry.rules.cited_fields import CITED_FIELD
from registry.rules.provenance import FIELDS, OURS, ROWS, columns_of, field_of, unsourced

LISTED = CITED_AS.keys() | OURS.keys() | STRUCTURE


def every(row):
    return True


def cited(field: str, position: int | None = None) -> dict[str, Any]:
    return {"field": field, "row_position": position}


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
    assert unsourced("project", project(), every) == ["name", "investor"]
    assert unsourced("project", project(cited("name")), every) == ["investor"]
    assert unsourced("project", project(cited("name"), cited("investor")), every) == []
    assert unsourced("project", project(cited("name"), cited("investor"), land_area_ha="4"), every) == [
        "land_area_ha"
    ]


def test_a_value_of_a_row_is_named_by_its_position_and_a_citation_of_another_row_is_not_its_own():
    rows = [capital(1), capital(2, as_of_latest="2023-12-31")]
    found = project(cited("name"), cited("investor"), cited("amount", 1), capital_events=rows)
    assert unsourced("project", found, every) == ["capital.2.amount", "capital.2.as_of"]


def test_what_the_record_states_for_all_its_rows_need_not_be_stated_for_each():
    rows = [capital(1), capital(2)]
    found = project(cited("name"), cited("investor"), cited("amount"), capital_events=rows)
    assert unsourced("project", found, every) == []


def test_a_paper_that_staff_have_checked_is_its_own_source():
    assert unsourced("decision", decision("verified", "verified"), every) == []


def test_a_paper_nobody_has_seen_needs_a_citation_for_each_value():
    assert unsourced("decision", decision("to_be_verified", "verified"), every) == [
        "number", "issuer", "effects.1.cluster", "effects.1.area_ha",
    ]  # fmt: skip
    found = decision("to_be_verified", "verified", cited("number"), cited("issuer"), cited("area_ha", 1))
    assert unsourced("decision", found, every) == ["effects.1.cluster"]


def test_an_effect_to_be_verified_needs_citations_although_its_paper_was_checked():
    assert unsourced("decision", decision("verified", "to_be_verified"), every) == [
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
    assert unsourced("place", place, every) == ["official_code"]
    place["citations"] += [cited("official_code")]
    assert unsourced("place", place, every) == []


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
    assert unsourced("zone", zone, every) == ["statuses.1.status"]
    zone["citations"] += [cited("status")]
    assert unsourced("zone", zone, every) == []


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


#: The tables of rows that are one value of their record, and the field it is cited by.
WHOLE_TABLES = {"aliases": "aliases", "relations": "relations", "successions": "successor"}


@pytest.mark.parametrize("kind", CITED)
def test_what_the_page_of_facts_asks_a_source_for_is_what_every_record_asks_for(kind):
    """Column by column; a report of operation names its source itself, and no citation does."""
    model = SUBJECTS[kind]
    for table, accessor in [
        (model, ""),
        *((r.related_model, r.get_accessor_name()) for r in children_of(model)),
    ]:
        if accessor in ("citations", "operating_reports"):
            continue
        fields = next((rows.fields for rows in ROWS.get(kind, ()) if rows.column == accessor), FIELDS[kind])
        if accessor in WHOLE_TABLES:
            assert WHOLE_TABLES[accessor] in FIELDS[kind]
            fields = (WHOLE_TABLES[accessor],)
        shown = set()
        for column in (*table._meta.concrete_fields, *table._meta.local_many_to_many):
            listed = next(n for n in (f"{table.__name__}.{column.name}", column.name, "id") if n in LISTED)
            if listed in CITED_AS:
                shown.add(CITED_AS[listed])
                if accessor not in WHOLE_TABLES:
                    assert field_of(column.name, fields) == CITED_AS[listed], column
        assert {field for field in fields if accessor or field not in WHOLE_TABLES.values()} <= shown
