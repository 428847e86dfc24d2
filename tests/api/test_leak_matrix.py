"""Who asks × in what state a record stands × every route: nothing that is not published is observable.

One world holds, of each kind, published records, a withdrawn one, then a draft, a submitted one, a returned one and
edits of all that is published. Every reader asks the same before and after these were entered, and every byte and
every header of the answers is compared; then the same is published in both worlds, and compared again. The routes and
their parameters come from docs/openapi.json, so that a new one is asked too or fails the test (asking.py).

What does change with what is not published: how many entries the ledger has, in its checkpoints (docs/why/ledger.md)
and in `/metrics`, which only those who run the registry read.
"""

import io
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any, NamedTuple
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.db import connection, connections, transaction
from django.test import Client, override_settings

from registry import clock
from registry.actions.api_keys import revoke_api_keys
from registry.actions.publish import publish, withdraw
from registry.actions.review import return_for_changes, submit
from registry.api.metering import METER
from registry.ledger.context import acting_as, recorded
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
from tests.api.asking import (
    DETAILS,
    HIDDEN,
    HISTORIES,
    LISTS,
    ODD,
    OPEN,
    OTHERS,
    ROUTES,
    STATES,
    addresses,
    as_never,
    code_of,
    kind_of,
    names_a_draft,
)
from tests.api.conftest import NOW
from tests.api.records import made
from tests.api.test_no_leak import MARK, edit, tables
from tests.keys import new_key
from tests.world import TODAY, clerk, leader, load

#: In the name of whoever works here, and in what we know of partners.
PERSONAL = "x7qnguoi9k"
GONE = "Rút lui kín"
READER = "Ngân hàng thử"
#: Whence staff work.
STAFF_ADDRESS = "203.0.113.77"
#: Of each answer its own, whatever it says.
UNSTABLE = ("X-Request-ID", "Set-Cookie", "Expires", "Date")
CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
TOKEN = "so-lieu-van-hanh-" * 3


class Answer(NamedTuple):
    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def tag(self) -> str | None:
        return dict(self.headers).get("ETag")

    @property
    def content(self) -> str:
        """What is said, also inside a workbook."""
        if not self.body.startswith(b"PK"):
            return self.body.decode()
        with ZipFile(io.BytesIO(self.body)) as book:
            return "".join(book.read(part).decode() for part in book.namelist())

    @property
    def text(self) -> str:
        return "".join(f"{name}: {value}\n" for name, value in self.headers) + self.content


class Actor(NamedTuple):
    key: str | None = None
    anonymous_reading: bool = False
    kinds: frozenset[str] = frozenset()

    def asks(self, address: str, **options: Any) -> Any:
        headers = {"Accept": "application/json", **options.pop("headers", {})}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        with override_settings(ANONYMOUS_READING=self.anonymous_reading):
            return Client(headers=headers).get(
                address if address.startswith("/") else f"/api/v1/{address}", **options
            )

    def answer(self, address: str, **options: Any) -> Answer:
        found = self.asks(address, **options)
        stable = tuple(sorted(pair for pair in found.items() if pair[0] not in UNSTABLE))
        return Answer(found.status_code, CSRF.sub(b"", found.getvalue()), stable)


def entered(state: str, word: str) -> dict[str, Any]:
    """One record of each kind that names published neighbours, with a row in each of its tables."""
    city, sector = Authority.objects.get(code="ubnd-tp-hai-phong"), Sector.objects.get(code="dien-tu")
    zone, cluster = Zone.objects.get(code="khu-cong-nghiep-dong"), Cluster.objects.get(code="an-tho")
    investor, source = Investor.objects.get(code="cong-ty-le"), SourceDocument.objects.order_by("pk").first()

    def new(model: Any, **given: Any) -> Any:
        named = {"name": f"{word} {model.kind}"} if hasattr(model, "name") else {}
        return model.objects.create(code=code_of(state, model.kind), **named, **given)

    found = [
        new(Authority, level="city"),
        new(Cluster),
        new(Decision, issuer=city, abstract=word),
        new(Investor, investor_kind="group", capital_from="KR", registered_in="JP"),
        new(LegalInstrument, instrument_kind="decree", title=word, issuer=city),
        new(AdministrativeUnit, unit_kind="commune"),
        new(SourceDocument, publisher=word, reference=word, published_latest=TODAY),
        new(Zone, zone_kind="seaport", area_ha=ODD / 1000),
        new(Sector, vsic_code=str(27 + [*STATES, "later"].index(state)), vsic_year=2018),
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


#: Addresses outside the API that answer whoever asks.
ELSEWHERE = [
    "/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/favicon.ico",
    "/robots.txt",
    "/static/registry/admin.css",
    "/api/",
    "/api/v1/",
    "/api/v1/nothing/",
    "/admin/",
    "/admin/login/",
    "/admin/login/?next=/admin/registry/cluster/",
    "/admin/jsi18n/",
]


def pages_of_staff() -> list[str]:
    """Pages of the first records of each kind and of rows that never were: all want an account."""
    found = []
    for model in SUBJECTS.values():
        begin = f"/admin/registry/{model._meta.model_name}/"
        rows = [*model.objects.order_by("pk").values_list("pk", flat=True)[:1], 10**6]
        found += [begin, *(f"{begin}{row}/{page}/" for row in rows for page in ("change", "history"))]
    return found


@pytest.fixture(scope="module")
def matrix(django_db_setup: None, django_db_blocker) -> Iterator["Matrix"]:
    patch = pytest.MonkeyPatch()

    def at(*moment: int) -> Any:
        now = NOW.replace(year=moment[0], month=moment[1], day=moment[2])
        patch.setattr(clock, "now", lambda: now)
        return now

    unlimited = override_settings(REQUESTS_PER_MINUTE=0, ANONYMOUS_REQUESTS_PER_MINUTE=0)
    patch.setattr(METER, "_counts", {})
    with django_db_blocker.unblock(), unlimited, ExitStack() as undone:
        for alias in connections:
            undone.enter_context(transaction.atomic(using=alias))
        yield Matrix(at)
        for alias in connections:
            transaction.set_rollback(True, using=alias)
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
        self.tables: set[str] = set()
        self.elsewhere = [*ELSEWHERE, *pages_of_staff()]
        seq = json.loads(every.answer("clusters/").body)["known_seq"]
        self.pinned = [
            f"{address}{'&' if '?' in address else '?'}known_seq={seq}"
            for address in self.short
            if not address.startswith(("changes/", "schema/", "docs/"))
        ]
        self.then = {address: every.answer(address) for address in self.pinned}
        self.before = self.asked()
        self.outside_before = self.asked_elsewhere()
        with transaction.atomic():
            self.later_before = self.after_publishing_more(people)
            transaction.set_rollback(True)
        with acting_as(people["proposed_by"], "", STAFF_ADDRESS), recorded(reason=MARK):
            for record in entered("submitted", f"{MARK} gửi").values():
                submit(record, by=people["proposed_by"], at=NOW, note=MARK)
            for record in entered("returned", f"{MARK} trả").values():
                submit(record, by=people["proposed_by"], at=NOW, note=MARK)
                return_for_changes(record, by=people["approved_by"], at=NOW, comment=MARK)
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
            for s in STATES[:-1]
        )
        self.after = self.asked()
        self.outside_after = self.asked_elsewhere()
        with transaction.atomic():
            self.later_after = self.after_publishing_more(people)
            transaction.set_rollback(True)
        of_records = [a for a in self.short if not a.startswith((OPEN, "schema/", "docs/"))]
        self.refusals = {
            name: {address: actor.answer(address) for address in of_records}
            for name, actor in self.refused.items()
        }

    def asked(self) -> dict[tuple[str, str], Answer]:
        """All questions by one reader, the short ones by each. Notes which tables answered."""
        answers = {}

        def noted(execute: Any, sql: str, *given: Any) -> Any:
            self.tables |= set(re.findall(r'(?:FROM|JOIN) "?(\w+)', sql))
            return execute(sql, *given)

        with connection.execute_wrapper(noted):
            for name, actor in self.allowed.items():
                asks = self.long if name == "every scope" else self.short
                answers |= {(name, address): actor.answer(address) for address in asks}
        return answers

    def asked_elsewhere(self) -> dict[str, Answer]:
        """What is no part of the API, by somebody without an account."""
        return {
            address: Actor().answer(address, headers={"Accept": "text/html,*/*;q=0.1"})
            for address in self.elsewhere
        }

    def after_publishing_more(self, people: dict[str, str]) -> dict[str, Answer]:
        """The short questions when a record of each kind that names its neighbours was published besides."""
        with recorded(actor=people["proposed_by"]):
            more = list(entered("later", "Về sau").values())
        publish(more, at=NOW, today=TODAY, note="Thêm", **people)
        every = self.allowed["every scope"]
        asks = [*self.short, "changes/?limit=1000", *(f"{NAMES[k]}/{code_of('later', k)}/" for k in NAMES)]
        asks = [address for address in asks if not address.startswith(OPEN)]
        return {address: every.answer(address) for address in [*asks, *self.pinned]}


def test_every_route_of_the_document_has_its_place():
    assert sorted(ROUTES) == sorted([*LISTS, *DETAILS, *HISTORIES, *OTHERS])
    assert {method for methods in ROUTES.values() for method in methods} == {"get"}
    assert sorted(LISTS) == sorted(f"{name}/" for name in NAMES.values())


def test_no_reader_sees_a_byte_of_what_is_not_published(matrix):
    assert len(matrix.long) > 1500
    assert [asked for asked, answer in matrix.before.items() if matrix.after[asked] != answer] == []


def test_what_is_asked_is_answered_and_only_codes_of_drafts_are_refused(matrix):
    """A question that is refused for some slip compares nothing."""
    of_lists = {
        a: matrix.before["every scope", a] for a in matrix.long if a.partition("?")[0] in (*LISTS, *OTHERS)
    }
    refused = {address for address, answer in of_lists.items() if answer.status != 200}
    slips = {a for a in refused if not names_a_draft(a) or of_lists[a].status != 400}
    told = {a: json.loads(of_lists[a].body)["code"] for a in slips}
    # Made up of several, a few contradict each other.
    assert set(told.values()) <= {"parameter_conflict", "parameter_out_of_range"}, told
    assert len(slips) < len(of_lists) / 20
    assert len([a for a in of_lists if b'"results":[{' in of_lists[a].body]) > len(of_lists) / 3


def test_a_filter_by_the_code_of_a_draft_answers_as_by_one_that_never_was(matrix):
    every, refused = matrix.allowed["every scope"], 0
    for address in filter(names_a_draft, matrix.long):
        if "?" not in address:
            continue
        known, unknown = matrix.after["every scope", address], every.answer(as_never(address))
        assert known.status == unknown.status, address
        assert as_never(known.content) == unknown.content, address
        refused += known.status == 400
    assert refused > 100


def test_what_is_published_later_says_the_same_whatever_else_is_being_prepared(matrix):
    """But for the sealed numbers of rows in `next` (docs/why/cursors.md)."""

    def told(answers: dict[str, Answer], address: str) -> tuple[int, str]:
        answer = answers[address]
        return answer.status, re.sub(r"(?<=cursor=)[\w\-]{100,}", "", answer.text)

    assert [
        a for a in matrix.later_before if told(matrix.later_before, a) != told(matrix.later_after, a)
    ] == []
    changed = [a for a in matrix.short if a in matrix.later_before]
    assert len([a for a in changed if matrix.later_before[a] != matrix.before["every scope", a]]) > 40


def test_what_was_once_known_is_said_again_whatever_is_published_later(matrix):
    """docs/api/versioning.md: what `known_seq` once answered, histories and their causes too."""
    assert len(matrix.then) > 150
    later = {address: matrix.later_after[address] for address in matrix.then}
    # (Whether it is new is asked of all that is told, so tags move on.)
    assert [
        a for a, once in matrix.then.items() if (once.status, once.body) != (later[a].status, later[a].body)
    ] == []


def test_no_answer_is_read_from_a_table_that_staff_write(matrix):
    """So neither the time it takes can tell: whatever is entered there, the same rows are read."""
    written = {model._meta.db_table for model in tables()}
    every = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert matrix.tables & written == {ApiKey._meta.db_table, Partner._meta.db_table}
    assert matrix.tables & every - written == {
        "registry_announcement",
        "registry_dependency",
        "registry_editionterm",
        "registry_ledgercheckpoint",
        "registry_publication",
        "registry_recovery",
        "registry_reference",
        "registry_statement",
        *(f"registry_{kind.replace('_', '')}edition" for kind in NAMES),
    }


def test_outside_the_api_nobody_sees_whether_something_is_being_prepared(matrix):
    assert [a for a, told in matrix.outside_before.items() if matrix.outside_after[a] != told] == []
    for address, answer in matrix.outside_after.items():
        if address in ELSEWHERE:
            assert answer.status in (200, 302, 404), address
        else:
            assert (answer.status, dict(answer.headers)["Location"]) == (302, f"/admin/login/?next={address}")
        assert MARK not in answer.text
        assert "ro-ri" not in answer.text


def test_whoever_may_read_the_metrics_learns_numbers_alone(matrix):
    with override_settings(METRICS_TOKEN=TOKEN):
        told = Client(headers={"Authorization": f"Bearer {TOKEN}"}).get("/metrics").content.decode()
    assert "registry_ledger_head" in told
    for word in (MARK, GONE, PERSONAL, READER, STAFF_ADDRESS, "ro-ri", "da-rut"):
        assert word not in told, word


def test_no_mark_of_a_draft_and_no_word_of_a_withdrawn_record_is_in_any_answer(matrix):
    """Except what the reader said: its own codes come back in `next` and in refusals."""
    earlier = re.compile("known_|/history/")
    for (actor, address), answer in matrix.after.items():
        text = answer.text
        assert MARK not in text, (actor, address)
        assert "ro-ri" not in text or "ro-ri" in address, (actor, address)
        assert GONE not in text or earlier.search(address), (actor, address)


def test_nobody_who_works_here_is_named(matrix):
    """Neither by account, name or e-mail, nor by whence they work; nor is what we know of partners."""
    answers = {**matrix.after, **matrix.outside_after, **matrix.later_after}
    for word in (PERSONAL, STAFF_ADDRESS, READER, "example.vn"):
        assert [asked for asked, answer in answers.items() if word in answer.text] == [], word


def test_a_name_that_has_an_account_is_refused_as_one_that_has_none(matrix):
    refused = []
    for name in (f"can-bo-{PERSONAL}", "khong-co-ai-ten-nhu-vay"):
        found = Client().post("/admin/login/", {"username": name, "password": "sai"})
        refused.append((found.status_code, CSRF.sub(b"", found.content).replace(name.encode(), b"")))
    assert refused[0] == refused[1]
    assert refused[0][0] == 200


def test_a_tag_from_before_still_holds(matrix):
    every = matrix.allowed["every scope"]
    tagged = [a for a in matrix.short if matrix.before["every scope", a].tag]
    assert len(tagged) > 60
    for address in tagged:
        tag = matrix.before["every scope", address].tag
        assert every.asks(address, headers={"If-None-Match": tag}).status_code == 304, address


def of_a_record() -> list[tuple[str, str]]:
    return [(r, kind) for r in ROUTES if "{code}" in r and (kind := kind_of(r))]


@pytest.mark.parametrize("state", HIDDEN)
def test_what_was_never_published_answers_as_what_never_was(matrix, state):
    for actor in matrix.allowed:
        for route, kind in of_a_record():
            code, never = code_of(state, kind), code_of("never", kind)
            known, unknown = (matrix.after[actor, route.format(code=c)] for c in (code, never))
            own = matrix.allowed[actor].kinds
            assert known.status == unknown.status == (404 if kind in own else 403), (actor, route)
            assert known.content.replace(code, never) == unknown.content, (actor, route)
            same = [[pair for pair in a.headers if pair[0] != "Content-Length"] for a in (known, unknown)]
            assert same[0] == same[1], (actor, route)


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
