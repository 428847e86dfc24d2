"""What must be true of the editions and announcements after any history, whoever wrote it."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

import orjson
from django.db import connection

from registry.actions.editions import editions_digest, rebuild_editions
from registry.ledger.verify import verify
from registry.models import EDITIONS, Announcement, EditionTerm, Publication, Reference, Statement
from registry.models.editions import FIRST_DAY, OPEN_DAY, OPEN_SEQ, Edition
from tests.publication.desk import MARK
from tests.publication.industry_answers import INDUSTRY, check_industry_columns, told_around, told_timeline
from tests.publication.office import Office
from tests.publication.oracle import Key, Oracle, Plain


class Shelf:
    """All editions of all subjects, read once."""

    def __init__(self) -> None:
        self.rows: dict[Key, list[Edition]] = {}
        for kind, model in EDITIONS.items():
            for row in model.objects.order_by("valid_from", "known_from"):
                self.rows.setdefault((kind, row.subject_id), []).append(row)

    def known(self, key: Key, seq: int) -> list[Edition]:
        return [row for row in self.rows.get(key, []) if row.known_from <= seq < row.known_to]

    def on(self, key: Key, day: date, seq: int) -> list[Edition]:
        return [row for row in self.known(key, seq) if row.valid_from <= day < row.valid_to]

    @cached_property
    def terms(self) -> dict[tuple[str, int], set[tuple[str, str]]]:
        found: dict[tuple[str, int], set[tuple[str, str]]] = {}
        for term in EditionTerm.objects.all():
            found.setdefault((term.kind, term.edition_id), set()).add((term.term, term.value))
        return found


def check_everything(office: Office, rng: random.Random, questions: int = 2000) -> None:
    shelf = Shelf()
    check_acts(office)
    check_answers(office.oracle, shelf, rng, questions)
    check_rectangles(office.oracle, shelf)
    check_announced_days(office.oracle, shelf)
    check_nothing_leaks(office, shelf)
    check_references(office.oracle)
    before = editions_digest()
    assert rebuild_editions(check=True) == []
    assert rebuild_editions() == []
    assert editions_digest() == before
    report = verify(connection)
    assert not report.problems, [str(problem) for problem in report.problems[:3]]


def check_acts(office: Office) -> None:
    acts = list(Publication.objects.order_by("seq"))
    assert [act.seq for act in acts] == list(range(1, office.head + 1))
    assert all(one.at < other.at for one, other in pairwise(acts))
    assert all(one.ledger_seq < other.ledger_seq for one, other in pairwise(acts))
    made = {(s.publication_id, s.kind, s.subject_id, s.withdrawn) for s in Statement.objects.all()}
    asked = {
        (seq, *key, content is None)
        for seq, act in enumerate(office.oracle.acts, start=1)
        for key, content in act.items()
    }
    assert made == asked


def check_answers(oracle: Oracle, shelf: Shelf, rng: random.Random, questions: int) -> None:
    """For days around every boundary and any state of knowledge: the oracle's answer, or none as it says."""
    head = len(oracle.acts)
    keys = sorted(oracle.said(head))
    days = oracle.boundaries(head)
    for _ in range(questions):
        key, day, seq = rng.choice(keys), rng.choice(days), rng.randint(0, head)
        found, wanted = shelf.on(key, day, seq), oracle.answer(key, day, seq)
        where = f"{key} on {day} known at {seq} of {head}"
        assert len(found) == (wanted is not None), where
        if wanted is not None:
            assert told(key[0], found[0], shelf) == wanted, where
            check_columns(key[0], found[0], shelf)


def told(kind: str, row: Edition, shelf: Shelf) -> Plain:
    """The facts in a body, in the oracle's words."""
    body = orjson.loads(bytes(row.body))
    if kind == "cluster":
        return _told_of_cluster(body)
    if kind == "decision":
        return {
            "code": body["id"],
            "number": body["number"],
            "in_force": body["in_force"],
            "effective_on": body["effective_on"],
            "issuer": body["issuer"],
            "effects": [
                {
                    "cluster": effect["cluster"],
                    "zone": effect["zone"],
                    "effect": effect["effect"],
                    "as_stated": effect["as_stated"],
                    "verified": effect["verification"] == "verified",
                    "area": None if effect["area_ha"] is None else str(effect["area_ha"]),
                    "developer": effect["developer"],
                }
                for effect in body["effects"]
            ],
            "relations": [(relation["kind"], relation["decision"]) for relation in body["relations"]],
        }
    if kind in INDUSTRY:
        return INDUSTRY[kind](body)
    answer = {"code": row.code, "name": body["title"] if kind == "source" else body["name"]}
    return answer | ({"in_force": body["in_force"]} if kind == "place" else {})


def _told_of_cluster(body: dict[str, Any]) -> Plain:
    reports = [source for source in body["sources"] if source["field"] == "operating_status"]
    source = reports[-1]["source"] if reports else None
    return {
        "code": body["code"],
        "name": body["name"],
        "stage": body["legal_stage"],
        "stage_decision": body["legal_stage_decision"],
        "area": None if body["area_ha"] is None else str(body["area_ha"]),
        "developer": body["developer"],
        "sectors": body["sectors"],
        "places": [{"code": place["id"], "name": place["name"]} for place in body["places"]],
        "status": body["operating_status"],
        "status_source": source and {"code": source["id"], "name": source["title"]},
        "timeline": told_timeline(body),
    } | told_around(body)


def check_sources_of_cluster(body: dict[str, Any]) -> None:
    """What a citation of a paper is shown for, that paper set; a paper that sets something is told of."""
    papers = [entry["decision"] for entry in (*body["timeline"], *body["later_papers"])]
    setting = {
        name: body[f"{name}_decision"] for name in ("legal_stage", "name", "developer", "places", "sectors")
    } | {"area_ha": body["area_decision"]}
    assert all(decision in papers for decision in setting.values() if decision)
    for row in body["sources"]:
        assert row["decision"] is None or row["decision"] in papers
        if row["shown"] and row["field"] in setting and row["decision"]:
            assert row["decision"] == setting[row["field"]]
        if row["shown"] and row["field"] in ("area_ha", "developer", "legal_stage", "sectors"):
            assert setting[row["field"]]
        if not row["shown"] and row["decision"]:
            assert row["agrees"] is None or row["field"] not in setting


def check_columns(kind: str, row: Any, shelf: Shelf) -> None:
    """What filters compare is what the body says."""
    body, terms = orjson.loads(bytes(row.body)), shelf.terms.get((kind, row.pk), set())
    if kind == "cluster":
        assert row.code == body["code"]
        assert row.legal_stage == body["legal_stage"]
        assert row.operating_status == body["operating_status"]
        assert row.developer_code == ((body["developer"] or {}).get("code") or "")
        assert float(row.area_ha) == (body["area_ha"] or 0)
        assert {("place", place["id"]) for place in body["places"] if place["id"]} <= terms
        check_sources_of_cluster(body)
    elif kind == "decision":
        assert (row.code, row.in_force) == (body["id"], body["in_force"])
        assert row.issued_on == date.fromisoformat(body["issued_latest"] or "0001-01-01")
        named = {
            (kind, effect[kind]["code"])
            for effect in body["effects"]
            for kind in ("cluster", "zone")
            if effect[kind] and effect[kind]["code"]
        }
        assert {term for term in terms if term[0] in ("cluster", "zone")} == named
    else:
        check_industry_columns(kind, row, body, terms)


def check_rectangles(oracle: Oracle, shelf: Shelf) -> None:
    """While a subject is known its editions tile the days: no overlap, gap, empty one, or two equal neighbours."""
    head = len(oracle.acts)
    assert set(shelf.rows) <= set(oracle.said(head))
    for key in oracle.said(head):
        for row in shelf.rows.get(key, []):
            assert row.valid_from < row.valid_to
            assert row.known_from < row.known_to <= OPEN_SEQ
            assert row.known_to == OPEN_SEQ or row.known_to <= head
        for seq in range(head + 1):
            rows = shelf.known(key, seq)
            if oracle.existence(key, seq) != "exists":
                assert rows == []
                continue
            assert (rows[0].valid_from, rows[-1].valid_to) == (FIRST_DAY, OPEN_DAY)
            for one, other in pairwise(rows):
                assert one.valid_to == other.valid_from
                assert _said_by(one, shelf, key) != _said_by(other, shelf, key)
        _check_no_needless_cut(shelf.rows.get(key, []))


def _said_by(row: Edition, shelf: Shelf, key: Key) -> tuple[object, ...]:
    columns = [f.attname for f in row._meta.concrete_fields if f.name not in NOT_SAID]
    terms = shelf.terms.get((key[0], row.pk), set())
    return (bytes(row.body), tuple(sorted(terms)), *(getattr(row, name) for name in columns))


NOT_SAID = ("id", "known_from", "known_to", "valid_from", "valid_to")


def _check_no_needless_cut(rows: list[Edition]) -> None:
    """An edition that composes to the same stays open: no twin begins where it ends."""
    ends = {(row.known_to, row.valid_from, row.valid_to, row.etag) for row in rows}
    assert not ends & {(row.known_from, row.valid_from, row.valid_to, row.etag) for row in rows}


def check_announced_days(oracle: Oracle, shelf: Shelf) -> None:
    """Each act announced its subjects and those whose answer changed, with the first and last such day."""
    told_of: dict[int, dict[Key, Announcement]] = {}
    for row in Announcement.objects.exclude(news="took_effect"):
        told = told_of.setdefault(row.publication_id or 0, {})
        assert (row.kind, row.subject_id) not in told
        told[(row.kind, row.subject_id)] = row
    for seq, act in enumerate(oracle.acts, start=1):
        told = told_of.pop(seq, {})
        differing = {
            key: days for key in oracle.said(seq) if (days := _differing(shelf, key, seq)) is not None
        }
        assert set(told) == set(differing) | set(act)
        for key, row in told.items():
            assert (row.first_day, row.last_day) == differing.get(key, (None, None)), (key, seq)
            assert row.news == (
                "affected" if key not in act else "withdrawn" if act[key] is None else "published"
            )
    assert told_of == {}
    seqs = list(Announcement.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))


def _differing(shelf: Shelf, key: Key, seq: int) -> tuple[date, date] | None:
    days = [start for start, _ in _stretches(shelf, key, seq)]
    ends = [end for _, end in _stretches(shelf, key, seq)]
    return (days[0], ends[-1] - timedelta(days=1)) if days else None


def _stretches(shelf: Shelf, key: Key, seq: int) -> Iterator[tuple[date, date]]:
    before, after = shelf.known(key, seq - 1), shelf.known(key, seq)
    cuts = sorted({day for row in [*before, *after] for day in (row.valid_from, row.valid_to)})
    for start, end in pairwise(cuts):
        said = [
            [_said_by(row, shelf, key) for row in rows if row.valid_from <= start < row.valid_to]
            for rows in (before, after)
        ]
        if said[0] != said[1]:
            yield start, end


def check_nothing_leaks(office: Office, shelf: Shelf) -> None:
    """No mark of a draft stands in anything readers or auditors of publications can see."""
    for rows in shelf.rows.values():
        for row in rows:
            text = f"{bytes(row.body).decode()} {row.search_text}"
            assert set(MARK.findall(text)) <= office.revealed[row.known_from]
    for statement in Statement.objects.all():
        assert set(MARK.findall(statement.content)) <= office.revealed[statement.publication_id]


def check_references(oracle: Oracle) -> None:
    """What records point to is what their last word points to: nothing lost, nothing left over."""
    wanted = set()
    for (kind, number), content in oracle.said(len(oracle.acts)).items():
        for role, other, pk in _pointed_to(kind, content or {}):
            wanted |= {(kind, number, f"{role}>{other}:{pk}")} if pk is not None else set()
    assert set(Reference.objects.values_list("kind", "subject_id", "key")) == wanted


def _pointed_to(kind: str, content: Plain) -> Iterator[tuple[str, str, int | None]]:
    for effect in content.get("effects", []):
        roles = ("effect", "placed") if effect["places"] else ("effect",)
        yield from ((role, on, effect[on]) for role in roles for on in ("cluster", "zone"))
    for relation in content.get("relations", []):
        if relation["relation"] in ("revokes", "annuls", "replaces"):
            yield "ends", "decision", relation["target"]
    if kind == "investor":
        yield "member", "investor", content.get("group")
    if kind == "project":
        yield "invested", "investor", content.get("investor")
        yield from (("located", on, content.get(on)) for on in ("cluster", "zone"))
    for value in content.get("values", []):
        yield from (("measured", on, value[on]) for on in ("investor", "project"))
        yield from (("measured", on, pk) for on in ("cluster", "zone") for pk in value[f"{on}s"])
    if kind == "zone":
        yield from (("linked", "zone", pk) for pk in content.get("linked_with", []))
    if kind == "assignment":
        yield from (("assigned", on, pk) for on in ("cluster", "zone") for pk in content.get(f"{on}s", []))
