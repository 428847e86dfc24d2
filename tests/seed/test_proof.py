"""The proof an auditor asks for: every value of a fresh registry, where it is stated, and that it says the same.

That each value stands in its paragraph is looked for by `check_citations` in the documents themselves, which are not
in this repository.
"""

import difflib
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from registry.ledger.context import recorded
from registry.models import EDITIONS, SUBJECTS, Citation, IndicatorValue
from registry.models.editions import OPEN_SEQ
from registry.models.sources import CITED
from registry.queries.citations import all_stated
from registry.queries.contents import contents
from registry.queries.provenance import said
from registry.queries.seed_facts import (
    UnlistedColumn,
    idle,
    seed_facts,
    traced,
    unsourced,
    values_held,
)
from registry.rules import provenance
from registry.rules.composition.world import OPEN_DAY
from registry.rules.provenance import numbered_rows
from registry.rules.provenance import unsourced as unsourced_by_provenance
from registry.rules.rivals import rivals

pytestmark = pytest.mark.usefixtures("whole_seed")

PAGE = Path(__file__).resolve().parents[2] / "docs" / "seed-facts.md"
DOCUMENTS = {"vneconomy-2023-10", "vietnamnet-2358339", "bai-nghi-quyet-57-2025"}
REFRESH = "Right? Then: manage.py seed_facts > docs/seed-facts.md, on a fresh registry."
#: Fields whose values the registry's own parsers read: there a document's words must be read, and say the same.
READ = {
    "amount",
    "area_ha",
    "as_of",
    "asked_on",
    "issued_on",
    "land_area_ha",
    "number",
    "official_code",
    "period",
    "programme",
    "rate_percent",
    "valid_from",
    "valid_to",
    "value",
    "years",
}
#: What no parser reads, and why it may stand beside a value that parsers read elsewhere.
NOT_READ = {
    "Hiện": "the article's own month, which another citation of the same value gives",
    "hiện nay": "names no day: the reading beside it does",
    "mới đây": "names no day: the reading beside it does",
    "vừa qua": "names no day: the reading beside it does",
}


@pytest.fixture(scope="module")
def facts(_loaded_whole_seed, django_db_blocker):
    with django_db_blocker.unblock():
        return seed_facts()


@pytest.fixture(scope="module")
def cited(_loaded_whole_seed, django_db_blocker):
    with django_db_blocker.unblock():
        return all_stated()


@pytest.fixture(scope="module")
def printed(_loaded_whole_seed, django_db_blocker):
    out = io.StringIO()
    with django_db_blocker.unblock():
        call_command("seed_facts", stdout=out)
    return out.getvalue()


def rows_of(page):
    """The rows of a page by section, without the heads of tables."""
    found, section, rows = {}, "", []
    for line in page.splitlines():
        if line.startswith("## "):
            section, rows = line[3:], []
            found[section] = rows
        elif line.startswith("| ") or line.startswith("|---"):
            rows.append(line)
    return {section: rows[2:] for section, rows in found.items()}


def test_the_values_of_a_fresh_registry_are_those_of_the_page_and_no_others(printed):
    page = rows_of(PAGE.read_text(encoding="utf-8"))
    fresh = rows_of(printed)
    differing = [
        f"{section}, only {where}: {row}"
        for section in sorted(page.keys() | fresh.keys())
        for where, here, there in (("on the page", page, fresh), ("in the registry", fresh, page))
        for row in sorted((Counter(here.get(section, [])) - Counter(there.get(section, []))).elements())
    ]
    assert not differing, "\n".join([*differing, REFRESH])
    difference = difflib.unified_diff(PAGE.read_text("utf-8").splitlines(), printed.splitlines(), lineterm="")
    assert not list(difference), REFRESH


def test_the_totals_count_the_rows(printed, facts):
    rows = rows_of(printed)
    totals = dict(line.strip("| ").split(" | ") for line in rows["Totals"])
    assert int(totals["values"]) == len(facts)
    assert int(totals["values without a source"]) == 0
    assert "Without a source" not in rows
    parts = ("values that a paragraph of a document states", "values of reference data")
    assert sum(int(totals[part]) for part in parts) == len(facts)
    for section, part in zip(("Facts", "Reference data"), parts, strict=True):
        named = {tuple(line.split(" | ")[:3]) for line in rows[section]}
        assert len(named) <= int(totals[part])
    traces = sum(int(count) for name, count in totals.items() if name.startswith("traces"))
    assert len(rows["Facts"]) + len(rows["Reference data"]) == traces


def test_every_value_that_is_not_structure_has_a_citation(facts):
    assert unsourced(facts) == []


def test_every_citation_is_of_a_value(facts, cited):
    assert idle(facts, cited) == []


def test_the_page_and_the_records_themselves_call_the_same_values_unsourced():
    for kind in CITED:
        codes = SUBJECTS[kind]._default_manager.values_list("pk", flat=True)
        held = {(kind, pk): content for pk, content in contents(kind, codes).items()}
        values = said(held)
        for key, content in held.items():
            stated = values[key]
            assert unsourced_by_provenance(kind, content, stated, lambda row: True) == [], key
    for model in EDITIONS.values():
        for edition in model.objects.filter(known_to=OPEN_SEQ):
            assert json.loads(bytes(edition.body)).get("unsourced", []) == [], edition.code


def _of_all(verdicts):
    """What several values under one field make of a citation: one that it supports is enough."""
    return True if True in verdicts else None if None in verdicts else False


def test_the_page_and_readers_are_told_the_same_of_every_citation(facts, cited):
    page = {}
    for fact in facts:
        for trace in fact.traces:
            page.setdefault(trace.stated, []).append(trace.verdict)
    compared = {}
    for kind, model in EDITIONS.items():
        for edition in model.objects.filter(known_to=OPEN_SEQ, valid_to=OPEN_DAY):
            for row in json.loads(bytes(edition.body)).get("sources", ()):
                key = (f"{kind}:{edition.code}", row["source"]["id"], row["locator"])
                compared.setdefault((*key, row["field"], row["as_stated"]), []).append(row["agrees"])
    looked = 0
    for one in cited:
        field = one.field if one.row is None else f"{numbered_rows(one.kind).called}.{one.row}.{one.field}"
        told = compared[one.record, one.source, one.locator, field, one.as_stated]
        assert _of_all(told) is _of_all(page[one]), (one, told, page[one])
        looked += 1
    assert looked > 900


def test_every_value_of_the_page_is_one_that_citations_are_compared_with(facts):
    assert [(fact.record, fact.path) for fact in facts if fact.said is None] == []


def test_without_any_one_of_its_citations_a_value_is_named(cited, facts):
    held = values_held()
    only = second = 0
    for i, one in enumerate(cited):
        carried = [
            (fact.record, fact.path, fact.value)
            for fact in facts
            if [trace.stated for trace in fact.traces] == [one]
        ]
        near = [fact for fact in held if fact.record == one.record]
        left = traced(near, [other for other in (*cited[:i], *cited[i + 1 :]) if other.record == one.record])
        named = [(fact.record, fact.path, fact.value) for fact in unsourced(left)]
        # What a second citation states in other words stays; nothing else may be named, and nothing kept.
        assert set(named) <= set(carried), one
        for fact in left:
            if (fact.record, fact.path, fact.value) in carried and fact.sourced:
                assert all(trace.verdict is None for trace in fact.traces), (one, fact)
        only, second = only + bool(named), second + (not named)
    assert only > 700
    assert only + second == len(cited)


def test_a_citation_taken_from_the_registry_itself_leaves_its_value_unsourced():
    row = Citation.objects.get(decision__number=607, field="area_ha")
    with transaction.atomic():
        with recorded(actor="nhap-lieu"):
            row.delete()
        (lost,) = unsourced(seed_facts())
        assert (lost.path, lost.value) == ("effects.1.area_ha", "47,8 ha")
        printed = io.StringIO()
        call_command("seed_facts", stdout=printed)
        assert rows_of(printed.getvalue())["Without a source"] == [
            f"| {lost.record} | effects.1.area_ha | 47,8 ha |"
        ]
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("as_stated", "verdict"), [("47,9 ha", False), ("khoảng 47,8 ha", False), ("47,8ha", True)]
)
def test_a_citation_that_states_another_figure_is_no_source(as_stated, verdict):
    with transaction.atomic():
        with recorded(actor="nhap-lieu"):
            row = Citation.objects.get(decision__number=607, field="area_ha")
            row.as_stated = as_stated
            row.save()
        (area,) = [
            one
            for one in seed_facts()
            if one.record == f"decision:{row.decision.code}" and one.value == "47,8 ha"
        ]
        assert [trace.verdict for trace in area.traces] == [verdict]
        assert (area in unsourced(seed_facts())) is not verdict
        transaction.set_rollback(True)


def test_every_value_that_parsers_read_is_what_its_document_states(facts):
    read = 0
    for fact in facts:
        if fact.cited_as not in READ:
            continue
        for trace in fact.traces:
            if trace.stated.as_stated in NOT_READ and trace.verdict is None:
                continue
            assert trace.verdict is True, (fact.record, fact.path, fact.value, trace.stated.as_stated)
            read += 1
    assert read > 500


def test_every_exception_is_needed(facts):
    unread = {
        trace.stated.as_stated
        for fact in facts
        for trace in fact.traces
        if fact.cited_as in READ and trace.verdict is None
    }
    assert unread == set(NOT_READ)


def test_no_document_contradicts_a_value_and_what_differs_is_named_as_its_rival(facts):
    assert [fact for fact in facts for trace in fact.traces if trace.verdict is False] == []
    rival = {(fact.record, fact.value): fact.rivals for fact in facts if fact.rivals}
    assert rival == {
        ("investor:pegatron", "900.000.000 USD"): ("capital.2.amount",),
        ("investor:pegatron", "1.000.000.000 USD"): ("capital.1.amount",),
        ("investor:tap-doan-bridgestone", "1.224.000.000 USD"): ("capital.2.amount",),
        ("investor:tap-doan-bridgestone", "1.220.000.000 USD"): ("capital.1.amount",),
        ("investor:tap-doan-lg", "trên 9.240.000.000 USD"): ("capital.2.amount",),
        ("investor:tap-doan-lg", "9.240.000.000 USD"): ("capital.1.amount",),
    }


def test_rivals_are_those_that_readers_see(facts):
    seen = set()
    for kind, rows, called in (("investor", "capital_events", "capital"), ("indicator", "values", "values")):
        codes = dict(SUBJECTS[kind]._default_manager.values_list("pk", "code"))
        for pk, content in contents(kind, codes).items():
            seen |= {(f"{kind}:{codes[pk]}", f"{called}.{position}") for position in rivals(content[rows])}
    assert {(fact.record, fact.path.rpartition(".")[0]) for fact in facts if fact.rivals} == seen


def test_targets_and_expectations_are_cited_as_such(facts):
    kinds = {(fact.record, fact.row): fact for fact in facts if fact.column == "IndicatorValue.value_kind"}
    told = IndicatorValue.objects.exclude(value_kind="actual")
    assert {key for key, fact in kinds.items() if fact.traces} >= {
        (f"indicator:{row.indicator.code}", row.position) for row in told.select_related("indicator")
    }


def test_paragraphs_are_cited_of_the_three_documents_and_of_nothing_else(cited):
    assert {one.source for one in cited if one.paragraph is not None} == DOCUMENTS
    assert {one.source for one in cited if one.paragraph is None} & DOCUMENTS == set()


def test_readers_are_told_the_same_of_every_value_that_a_document_states(facts):
    published = (model.objects.filter(known_to=OPEN_SEQ, valid_to=OPEN_DAY) for model in EDITIONS.values())
    rows = [
        (edition.code, row)
        for editions in published
        for edition in editions
        for row in json.loads(bytes(edition.body)).get("sources", ())
        if row["source"]["id"] in DOCUMENTS
    ]
    assert len(rows) > 400
    for code, row in rows:
        assert row["agrees"] is not False, (code, row)
        if row["field"].rpartition(".")[2] in READ and row["as_stated"] not in NOT_READ:
            assert row["agrees"] is True, (code, row)


def test_values_as_stated_are_short(cited):
    assert max(len(one.as_stated) for one in cited) <= 120


def test_a_column_in_no_list_stops_the_page(monkeypatch):
    monkeypatch.delitem(provenance.STRUCTURE, "verification")
    with pytest.raises(UnlistedColumn, match=r"\.verification"):
        values_held()


#: Values for which a document has only words that no machine compares. Whoever adds one has read the paragraph.
IN_WORDS_ONLY: list[tuple[str, str, str]] = []


def test_what_rests_on_words_alone_was_read_by_somebody(facts):
    found = [
        (fact.record, fact.path, fact.value)
        for fact in facts
        if fact.traces and all(trace.verdict is None for trace in fact.traces)
    ]
    assert sorted(found) == sorted(IN_WORDS_ONLY)
