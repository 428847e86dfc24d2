"""The names partners were promised, in every answer of the seed: in that shape, sourced figure by figure."""

import json
from typing import Any

import pytest

from registry.api.urls import RESOURCES
from registry.models import EDITIONS

NAMED = {"code", "name"}
CAPITAL = {"measure", "kind", "amount", "currency", "qualifier", "as_of", "project", "sources"}
VALUE = {"scope", "scope_of", "kind", "period", "value", "low", "high", "qualifier", "sources"}

#: Of each kind the fields of its body; of a field that holds objects, the names in them.
PROMISED: dict[str, dict[str, set[str] | None]] = {
    "investor": {
        "code": None,
        "name": None,
        "group": NAMED,
        "registered_in": NAMED,
        "capital_from": NAMED,
        "capital": CAPITAL,
        "projects": NAMED,
        "sources": None,
    },
    "project": {
        "code": None,
        "name": None,
        "investor": NAMED,
        "zone": NAMED,
        "cluster": NAMED,
        "products": None,
        "capital": CAPITAL,
        "indicators": (VALUE - {"scope_of"}) | {"indicator"},
        "sources": None,
    },
    "zone": {
        "code": None,
        "name": None,
        "kind": None,
        "status": None,
        "area_ha": None,
        "area_qualifier": None,
        "sources": None,
    },
    "indicator": {"code": None, "name": None, "unit": None, "values": VALUE},
    "incentive": {
        "code": None,
        "name": None,
        "kind": None,
        "status": None,
        "terms": {"kind", "years", "rate_percent", "sources"},
        "sectors": NAMED,
        "legal_basis": {"id", "number", "title"},
        "in_force": None,
        "sources": None,
    },
    "assignment": {
        "code": None,
        "name": None,
        "kind": None,
        "asked_by": NAMED,
        "lead": NAMED,
        "cooperating": NAMED,
        "task": None,
        "clusters": NAMED,
        "zones": NAMED,
        "legal_basis": {"id", "number", "title"},
        "due": {"earliest", "latest", "stated_as"},
        "sources": None,
    },
    "legal_instrument": {
        "id": None,
        "number": None,
        "kind": None,
        "title": None,
        "issuer": NAMED,
        "valid_from": None,
        "valid_to": None,
        "successor": {"id", "number"},
        "sources": None,
    },
    "sector": {"code": None, "name": None, "vsic_code": None, "vsic_year": None, "sources": None},
    "place": {
        "id": None,
        "name": None,
        "kind": None,
        "within": {"id", "name", "kind"},
        "official_codes": {"code", "valid_from", "valid_to"},
        "valid_from": None,
        "valid_to": None,
        "successors": {"id", "name", "kind", "extent"},
        "sources": None,
    },
    "authority": {
        "code": None,
        "name": None,
        "level": None,
        "place": {"id", "name", "kind"},
        "valid_from": None,
        "valid_to": None,
        "successor": NAMED,
        "sources": None,
    },
}


def bodies(kind: str) -> list[dict[str, Any]]:
    found = [json.loads(bytes(row.body)) for row in EDITIONS[kind].objects.all()]
    assert found
    return found


@pytest.mark.parametrize("kind", PROMISED)
def test_every_answer_of_the_seed_has_the_names_promised(whole_seed, kind):
    filled = set()
    for body in bodies(kind):
        for field, names in PROMISED[kind].items():
            assert field in body, (body.get("code"), field)
            if names is None:
                continue
            held = body[field] if isinstance(body[field], list) else [body[field]]
            for one in filter(None, held):
                assert names <= set(one), (body.get("code"), field, sorted(one))
                filled.add(field)
    # What no record of the seed has was not looked at: known, and no more than this.
    objects = {field for field, names in PROMISED[kind].items() if names is not None}
    assert objects - filled == {
        "authority": {"successor"},
        "project": {"cluster"},
        "incentive": {"legal_basis"},
        "assignment": {"zones", "due"},
    }.get(kind, set())


def test_a_legal_basis_without_a_number_goes_by_its_title(whole_seed):
    papers = {body["id"]: body for body in bodies("legal_instrument")}
    shown = [
        one for kind in ("decision", "assignment") for body in bodies(kind) for one in body["legal_basis"]
    ]
    assert shown
    for one in shown:
        assert one == {name: papers[one["id"]][name] for name in ("id", "number", "title")}
        assert one["number"] or one["title"]
    assert any(one["number"] is None for one in shown)


def test_money_is_a_whole_number_of_whole_units(whole_seed):
    rows = [row for kind in ("investor", "project") for body in bodies(kind) for row in body["capital"]]
    assert len(rows) > 10
    assert {type(row["amount"]) for row in rows} == {int}
    assert {row["currency"] for row in rows} == {"USD"}
    # 1,224 billion is 1 224 million, and 900 million are nine figures.
    amounts = {row["amount"] for row in rows}
    assert {9_240_000_000, 1_224_000_000, 1_220_000_000, 900_000_000, 4_650_000_000} <= amounts


def test_every_figure_says_itself_who_states_it(whole_seed):
    figures = [
        (kind, body["code"], row, field)
        for kind, rows, field in (
            ("investor", "capital", "amount"),
            ("project", "capital", "amount"),
            ("indicator", "values", "value"),
            ("project", "indicators", "value"),
            ("investor", "indicators", "value"),
            ("cluster", "indicators", "value"),
        )
        for body in bodies(kind)
        for row in body[rows]
    ]
    assert len(figures) > 50
    for kind, code, row, field in figures:
        stating = [cited for cited in row["sources"] if cited["field"] == field]
        assert stating, (kind, code, row)
        for cited in stating:
            assert cited["source"]["id"], (kind, code)
            assert cited["locator"], (kind, code)
            assert cited["as_stated"], (kind, code)
            assert cited["agrees"] is True, (kind, code, cited)
    terms = [(body["code"], term) for body in bodies("incentive") for term in body["terms"]]
    assert all(term["sources"] for _, term in terms)


def test_whoever_reads_a_list_of_any_kind_gets_the_bodies_of_the_records(whole_seed, partner):
    for resource in RESOURCES:
        row = partner.read(f"{resource.name}/?page_size=1")["results"][0]
        body = partner.read(f"{resource.name}/{row.get('code') or row['id']}/")
        assert row.items() <= body.items(), resource.name
