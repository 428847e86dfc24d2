"""Who asks × in what state a record stands × every route: nothing that is not published is observable.

One world holds, of each kind, published records, a withdrawn one, then a draft, a submitted one and edits of all that
is published. Every reader asks the same before and after these were entered; the routes and their parameters come
from docs/openapi.json, so that a new one is asked too or fails the test.
"""

import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.test import Client, override_settings

from registry import clock
from registry.actions.api_keys import revoke_api_keys
from registry.actions.publish import publish, withdraw
from registry.actions.review import submit
from registry.api.metering import METER
from registry.ledger.context import recorded
from registry.models import (
    SUBJECTS,
    AdministrativeUnit,
    ApiKey,
    Assignment,
    Authority,
    Citation,
    Cluster,
    Decision,
    Effect,
    Incentive,
    Indicator,
    Investor,
    LegalInstrument,
    Partner,
    Project,
    Sector,
    SourceDocument,
    Zone,
)
from registry.rules.resource_names import NAMES
from registry.rules.scopes import SCOPE, kinds_of
from tests.api.conftest import NOW
from tests.api.records import made
from tests.api.test_no_leak import MARK, edit, tables
from tests.keys import new_key
from tests.world import TODAY, clerk, leader, load

DOCUMENT = json.loads((Path(__file__).resolve().parents[2] / "docs" / "openapi.json").read_text())
ROUTES = {path.removeprefix("/api/v1/"): methods for path, methods in DOCUMENT["paths"].items()}
LISTS = [route for route in ROUTES if route.removesuffix("/") in NAMES.values()]
DETAILS = [f"{route}{{code}}/" for route in LISTS]
HISTORIES = [f"{route}history/" for route in DETAILS]
OTHERS = ["search/", "land/available/", "explain/clusters/{code}/", "changes/", "ledger/checkpoint/"]
OPEN = "ledger/checkpoint/"

STATES = ("draft", "submitted", "withdrawn", "never")
DRAFTS = [f"ro-ri-{state}-{kind.replace('_', '-')}" for state in STATES[:2] for kind in SUBJECTS]
#: No number of the world; what a draft says wherever a number can be said.
ODD = 77_771
#: In the name of whoever works here, and in what we know of partners.
PERSONAL = "x7qnguoi9k"
GONE = "Rút lui kín"
READER = "Ngân hàng thử"


class Answer(NamedTuple):
    status: int
    body: bytes
    tag: str | None

    @property
    def text(self) -> str:
        """What is said, also inside a workbook."""
        if not self.body.startswith(b"PK"):
            return self.body.decode()
        with ZipFile(io.BytesIO(self.body)) as book:
            return "".join(book.read(part).decode() for part in book.namelist())


class Actor(NamedTuple):
    key: str | None = None
    anonymous_reading: bool = False
    kinds: frozenset[str] = frozenset()

    def asks(self, address: str, **options: Any) -> Any:
        headers = {"Accept": "application/json", **options.pop("headers", {})}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        with override_settings(ANONYMOUS_READING=self.anonymous_reading):
            return Client(headers=headers).get(f"/api/v1/{address}", **options)

    def answer(self, address: str) -> Answer:
        found = self.asks(address)
        return Answer(found.status_code, found.getvalue(), found.get("ETag"))


def code_of(state: str, kind: str) -> str:
    begins = {"withdrawn": "da-rut", "never": "khong-he-co"}.get(state, f"ro-ri-{state}")
    return f"{begins}-{kind.replace('_', '-')}"


def entered(state: str, word: str) -> dict[str, Any]:
    """One record of each kind that names published neighbours, with a row in each of its tables."""
    city, sector = Authority.objects.get(code="ubnd-tp-hai-phong"), Sector.objects.get(code="dien-tu")
    zone, cluster = Zone.objects.get(code="khu-cong-nghiep-dong"), Cluster.objects.get(code="an-tho")
    investor, source = Investor.objects.get(code="cong-ty-le"), SourceDocument.objects.order_by("pk").first()

    def new(model: Any, **given: Any) -> Any:
        named = {"name": f"{word} {model.kind}"} if hasattr(model, "name") else {}
        return model.objects.create(code=code_of(state, model.kind), **named, **given)

    found = [
        new(Authority, level=city.level),
        new(Cluster),
        new(Decision, issuer=city, abstract=word),
        new(Investor, investor_kind="group", capital_from="KR", registered_in="JP"),
        new(LegalInstrument, instrument_kind="decree", title=word, issuer=city),
        new(AdministrativeUnit, unit_kind="commune"),
        new(SourceDocument, publisher=word, reference=word, published_latest=TODAY),
        new(Zone, zone_kind="seaport", area_ha=ODD / 1000),
        new(Sector, vsic_code=str(27 + STATES.index(state)), vsic_year=2018),
        new(Project, investor=investor, zone=zone),
        new(Indicator, unit=word[:20]),
        new(Incentive, incentive_kind="land_rent"),
        new(Assignment, assignment_kind="task", task=word, asked_by=city, due_latest=TODAY),
    ]
    records = {record.kind: record for record in found}
    assert records.keys() == SUBJECTS.keys()
    records["cluster"].aliases.create(name=f"{word} khác")
    records["zone"].sectors.add(sector)
    records["zone"].statuses.create(status="existing", as_of_latest=TODAY)
    Effect.objects.create(decision=records["decision"], cluster=cluster, as_stated=word)
    for kind in ("investor", "project"):
        records[kind].capital_events.create(measure="registered", amount=ODD)
    records["project"].sectors.add(sector)
    value = records["indicator"].values.create(scope="zones", value=ODD)
    value.zones.add(zone, through_defaults={"indicator": records["indicator"]})
    records["incentive"].sectors.add(sector)
    records["incentive"].terms.create(term_kind="exemption", years=77)
    records["assignment"].zones.add(zone)
    records["assignment"].clusters.add(cluster)
    for kind in ("cluster", "zone", "investor", "project", "sector", "authority"):
        Citation.objects.create(
            **{kind: records[kind]}, source=source, locator=word, field="name", as_stated=word
        )
    return records


def readers() -> tuple[dict[str, Actor], dict[str, Actor]]:
    """Those who may read, and those whom every record is refused alike."""

    def key(name: str, **given: Any) -> tuple[ApiKey, str]:
        return new_key(f"{READER}: {name}", **{"at": NOW, **given})

    gone, revoked = key("revoked")
    revoke_api_keys([gone], at=NOW, by=f"can-bo-{PERSONAL}")
    allowed = {
        "every scope": Actor(key("every scope")[1], kinds=kinds_of(SCOPE)),
        "anybody": Actor(anonymous_reading=True, kinds=kinds_of(SCOPE)),
    } | {scope: Actor(key(scope, scopes=[scope])[1], kinds=kinds_of([scope])) for scope in SCOPE}
    return allowed, {
        "nobody": Actor(),
        "expired": Actor(key("expired", at=NOW - timedelta(minutes=1), expires_at=NOW)[1]),
        "revoked": Actor(revoked),
        "elsewhere": Actor(key("elsewhere", addresses="10.0.0.0/8")[1]),
        "wrong, though anybody may read": Actor("hpr_zzzzzzzz_" + "z" * 43, anonymous_reading=True),
    }


def values_of(parameter: dict[str, Any]) -> list[str]:
    """Values of a query parameter that would find a draft, or put it in order, if anything could.

    Each code of a list by itself, and both answers of a yes or no, are asked by test_no_leak.py.
    """
    name, schema = parameter["name"], parameter["schema"]
    items = schema.get("items", schema)
    examples = [example["value"] for example in parameter.get("examples", {}).values()]
    if name == "cursor":
        return []  # opaque: given by an answer, not by the document
    if name == "format":
        return [code for code in items["enum"] if code != "json"]
    if name == "ordering":
        return [order for order in items["enum"] if not order.startswith("-")]
    if name in ("search", "q"):
        return ["ro ri", str(ODD)]
    if name in ("page_size", "limit"):
        return ["1"]
    if name == "after":
        return ["3", "latest"]
    if items.get("type") == "boolean":
        return ["true"]
    if name.endswith("_min"):
        return ["0"]
    if schema.get("type") == "array" and "enum" in items:
        return [",".join(items["enum"][: schema.get("maxItems")])]
    if schema.get("type") == "array" and items.get("pattern", "").startswith("^[a-z0-9]+(-"):
        # Codes of places only where these are asked for, official ones among them: no others are read there.
        of_place = "place" in name or name in ("within", "successor", "predecessor", "official_code")
        return [",".join(code for code in DRAFTS if not of_place or code.endswith("-place"))]
    assert examples, f"{name} has no example: say here with what it is asked"
    return [",".join(e) if isinstance(e, list) else str(e) for e in examples]


def queries_of(route: str) -> list[str]:
    """Each parameter of a route with its values, counted where the route counts; whole lists are in `short`."""
    known = [p for p in ROUTES[route]["get"].get("parameters", ()) if p["in"] == "query"]
    names, found = {p["name"] for p in known}, []
    for parameter in known:
        name = parameter["name"]
        with_it = [] if name == "q" or "q" not in names else ["q=an"]
        if name != "format" and "count" in names:
            with_it += [more for more in ("count=true", "page_size=1") if not more.startswith(f"{name}=")]
        found += ["&".join([f"{name}={quote(value, safe=',')}", *with_it]) for value in values_of(parameter)]
    return found


def addresses(published: dict[str, list[str]]) -> tuple[list[str], list[str]]:
    """All that the document lets one ask, and for each route the least that shows a record in each state."""
    short, long = (
        ["changes/", "ledger/checkpoint/", "search/?q=an", "search/?q=ro+ri", "schema/", "docs/"],
        [],
    )
    for route in ROUTES:
        if "{code}" not in route:
            long += [f"{route}?{query}" for query in queries_of(route)]
    for route in [*LISTS, "land/available/"]:
        short += [f"{route}?count=true", f"{route}?search=ro+ri&count=true", f"{route}?format=csv"]
    by_name = {name: kind for kind, name in NAMES.items()}
    for route in ROUTES:
        if "{code}" not in route:
            continue
        kind = by_name[route.removeprefix("explain/").partition("/")[0]]
        code = published[kind][0]
        short.append(route.format(code=code))
        short += [route.format(code=code_of(state, kind)) for state in STATES]
        long += [f"{route.format(code=code)}?{query}" for query in queries_of(route)]
    return list(dict.fromkeys(short)), list(dict.fromkeys([*short, *long]))


@pytest.fixture(scope="module")
def matrix(django_db_setup: None, django_db_blocker) -> Iterator["Matrix"]:
    patch = pytest.MonkeyPatch()

    def at(*moment: int) -> Any:
        now = NOW.replace(year=moment[0], month=moment[1], day=moment[2])
        patch.setattr(clock, "now", lambda: now)
        return now

    unlimited = override_settings(REQUESTS_PER_MINUTE=0, ANONYMOUS_REQUESTS_PER_MINUTE=0)
    patch.setattr(METER, "_counts", {})
    with django_db_blocker.unblock(), unlimited, transaction.atomic():
        yield Matrix(at)
        transaction.set_rollback(True)
    patch.undo()


class Matrix:
    """What everybody was answered before and after drafts, submissions and edits were entered."""

    def __init__(self, at: Any) -> None:
        at(2026, 1, 31)
        load()
        made(at)
        people = {"proposed_by": f"can-bo-{PERSONAL}", "approved_by": f"lanh-dao-{PERSONAL}"}
        for user in (clerk(people["proposed_by"]), leader(people["approved_by"])):
            user.email, user.first_name = f"{PERSONAL}@example.vn", f"Người {PERSONAL}"
            user.save()
        with recorded(actor=people["proposed_by"]):
            gone = list(entered("withdrawn", GONE).values())
        publish(gone, at=NOW, today=TODAY, note="", **people)
        withdraw(gone, at=NOW, today=TODAY, reason=f"Nhầm {MARK}", **people)
        self.allowed, self.refused = readers()
        Partner.objects.update(contact=f"Bà {PERSONAL}", purpose=f"Riêng {PERSONAL}")
        every = self.allowed["every scope"]
        self.published = {
            kind: [
                row.get("code") or row["id"] for row in json.loads(every.answer(f"{name}/").body)["results"]
            ]
            for kind, name in NAMES.items()
        }
        self.short, self.long = addresses(self.published)
        self.before = self.asked(narrow=True)
        with recorded(actor=people["proposed_by"], reason=MARK):
            for record in entered("submitted", f"{MARK} gửi").values():
                submit(record, by=people["proposed_by"], at=NOW, note=MARK)
            entered("draft", f"{MARK} nháp")
            for model in tables():
                rows = model._base_manager.all()
                if model in (ApiKey, Partner):  # not the readers' own
                    name = "name" if model is Partner else "partner__name"
                    rows = rows.exclude(**{f"{name}__startswith": READER})
                edit(rows, but=frozenset({"code"}))
        assert all(
            SUBJECTS[kind].objects.filter(code=code_of(s, kind)).exists()
            for kind in SUBJECTS
            for s in STATES[:3]
        )
        self.after = self.asked(narrow=False)
        of_records = [a for a in self.short if not a.startswith((OPEN, "schema/", "docs/"))]
        self.refusals = {
            name: {address: actor.answer(address) for address in of_records}
            for name, actor in self.refused.items()
        }

    def asked(self, *, narrow: bool) -> dict[tuple[str, str], Answer]:
        """narrow: a key of one scope is not asked for records by code, whose answers are those of every scope."""
        answers = {}
        for name, actor in self.allowed.items():
            asks = self.long if name == "every scope" else self.short
            if narrow and name in SCOPE:
                asks = [a for a in asks if not re.search("rut|khong-he|ro-ri|csv", a)]
            answers |= {(name, address): actor.answer(address) for address in asks}
        return answers


def test_every_route_of_the_document_has_its_place():
    assert sorted(ROUTES) == sorted([*LISTS, *DETAILS, *HISTORIES, *OTHERS])
    assert {method for methods in ROUTES.values() for method in methods} == {"get"}
    assert sorted(LISTS) == sorted(f"{name}/" for name in NAMES.values())


def test_no_reader_sees_a_byte_of_what_is_not_published(matrix):
    assert len(matrix.long) > 600
    # A place that nobody knows may be refused; whether it is a draft, it may not tell.
    lists = [a for a in matrix.long if a.partition("?")[0] in [*LISTS, *OTHERS]]
    assert [a for a in lists if matrix.before["every scope", a].status != 200 and "-place" not in a] == []
    assert [asked for asked, answer in matrix.before.items() if matrix.after[asked] != answer] == []


def test_no_mark_of_a_draft_and_no_word_of_a_withdrawn_record_is_in_any_answer(matrix):
    """Except what the reader said: its own codes come back in `next` and in refusals."""
    earlier = re.compile("known_|/history/")
    for (actor, address), answer in matrix.after.items():
        text = answer.text
        assert MARK not in text, (actor, address)
        assert "ro-ri" not in text or "ro-ri" in address, (actor, address)
        assert GONE not in text or earlier.search(address), (actor, address)


def test_nobody_who_works_here_is_named(matrix):
    assert [asked for asked, answer in matrix.after.items() if PERSONAL in answer.text] == []


def test_a_tag_from_before_still_holds(matrix):
    every = matrix.allowed["every scope"]
    tagged = [a for a in matrix.short if matrix.before["every scope", a].tag]
    assert len(tagged) > 60
    for address in tagged:
        tag = matrix.before["every scope", address].tag
        assert every.asks(address, headers={"If-None-Match": tag}).status_code == 304, address


def of_a_record() -> list[tuple[str, str]]:
    by_name = {name: kind for kind, name in NAMES.items()}
    return [(r, by_name[r.removeprefix("explain/").partition("/")[0]]) for r in ROUTES if "{code}" in r]


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_what_was_never_published_answers_as_what_never_was(matrix, state):
    for actor in matrix.allowed:
        for route, kind in of_a_record():
            code, never = code_of(state, kind), code_of("never", kind)
            known, unknown = (matrix.after[actor, route.format(code=c)] for c in (code, never))
            own = matrix.allowed[actor].kinds
            assert known.status == unknown.status == (404 if kind in own else 403), (actor, route)
            assert known.text.replace(code, never) == unknown.text, (actor, route)


def test_a_withdrawn_record_is_gone_and_says_nothing(matrix):
    for name, actor in matrix.allowed.items():
        for route, kind in of_a_record():
            if kind not in actor.kinds or route in HISTORIES:
                continue
            answer = matrix.after[name, route.format(code=code_of("withdrawn", kind))]
            assert answer.status == 410, (name, route)
            body = json.loads(answer.body)
            assert body["code"] == "record_withdrawn", body
            assert GONE not in answer.text


def test_who_is_refused_learns_nothing_from_the_refusal(matrix):
    """One body for every state of a record and for every route; whoever has a key of no use is told no more."""
    bodies = set()
    for name, answers in matrix.refusals.items():
        assert {answer.status for answer in answers.values()} == {401}, name
        assert {answer.tag for answer in answers.values()} == {None}
        assert len({answer.body for answer in answers.values()}) == 1, name
        bodies |= {answer.body for answer in answers.values()} if name != "nobody" else set()
    assert len(bodies) == 1
    for name, actor in matrix.allowed.items():
        for route, kind in of_a_record():
            if kind not in actor.kinds:
                codes = [matrix.published[kind][0], *(code_of(state, kind) for state in STATES)]
                answers = {matrix.after[name, route.format(code=code)] for code in codes}
                assert {answer.status for answer in answers} == {403}, (name, route)
                assert len(answers) == 1, (name, route)


@pytest.mark.parametrize("scope", SCOPE)
def test_a_key_of_one_scope_meets_no_other_kind(matrix, scope):
    reader, names = matrix.allowed[scope], {NAMES[kind] for kind in matrix.allowed[scope].kinds}
    for address in ("changes/?limit=1000", "search/?q=an&page_size=100", "search/?q=c"):
        rows = json.loads(reader.answer(address).body)["results"]
        assert {row["resource"] for row in rows} <= names, address
    entries = [
        entry
        for kind in reader.kinds
        for code in matrix.published[kind]
        for entry in json.loads(reader.answer(f"{NAMES[kind]}/{code}/history/").body)["results"]
    ]
    assert entries
    assert {cause["resource"] for entry in entries for cause in entry["cause"]} <= names
