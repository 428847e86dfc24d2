"""An office at work: a clerk who enters, a leader who approves, and a plain note of what was published.

The note (`oracle.acts`) is written from what the office itself decided, never read back from the registry; and
every refusal is foreseen. See desk.py for what is entered.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta

from registry.actions.announce import announce_due
from registry.actions.publish import publish, withdraw
from registry.actions.review import discard, return_for_changes, submit
from registry.models import Statement
from registry.queries.reviews import review_of
from registry.rules.hanoi import day_of
from registry.rules.problems import Problem
from tests.publication.desk import MARK, names_in
from tests.publication.industry_desk import IndustryDesk, named_by
from tests.publication.oracle import Key, Oracle, Plain

#: The kinds that are published, withdrawn and thrown away; the frequent more often.
PUBLISHED = (
    "decision",
    "cluster",
    "investor",
    "place",
    "project",
    "zone",
    "indicator",
    "incentive",
    "assignment",
)
WITHDRAWN = ("decision", "cluster", "investor", "decision", "place", "zone", "project", "indicator", "sector",
             "assignment", "incentive")  # fmt: skip
DISCARDED = ("decision", "cluster", "investor", "project", "zone", "sector", "indicator", "assignment")


class Office(IndustryDesk):
    def __init__(self) -> None:
        super().__init__()
        self.oracle = Oracle()
        self.now = datetime(2026, 1, 10, 3, tzinfo=UTC)
        self.revealed: list[set[str]] = [set()]  # by seq: every mark published by then
        self.refusals: list[str] = []
        self.after_act: Callable[[Office], None] = lambda office: None
        self._act(list(self.drafts))

    @property
    def today(self) -> date:
        return day_of(self.now)

    @property
    def head(self) -> int:
        return len(self.oracle.acts)

    def submit(self, a: int, b: int, c: int) -> None:
        if key := self.one(("decision", "cluster")[b % 2], a):
            said = self.oracle.said(self.head).get(key)
            refusal = "nothing_to_publish" if said == self.drafts[key] else None
            self._expect(refusal, lambda: submit(self.row(key), by="clerk", at=self.now, note="m0"))
            if refusal is None:
                assert review_of(self.row(key)).state == "submitted"

    def send_back(self, a: int, b: int, c: int) -> None:
        if key := self.one(("decision", "cluster")[b % 2], a):
            state = review_of(self.row(key)).state
            self._expect(
                None if state == "submitted" else "not_submitted",
                lambda: return_for_changes(self.row(key), by="leader", at=self.now, comment="xem lại"),
            )

    def publish(self, a: int, b: int, c: int) -> None:
        """Publish one to three subjects together; what they name and readers cannot see comes along."""
        pool = [key for kind in PUBLISHED for key in self.of_kind(kind)]
        keys = {pool[n % len(pool)] for n in (a, a + b, a + c)[: 1 + c % 3]}
        missing = self._unseen(keys)
        if missing:
            self._expect("reference_unpublished", lambda: self._publish(keys))
        while missing:
            keys |= missing
            missing = self._unseen(keys)
        self._act(sorted(keys))

    def publish_all(self, a: int, b: int, c: int) -> None:
        self._act(list(self.drafts))

    def _act(self, keys: Sequence[Key]) -> None:
        said = self.oracle.said(self.head)
        fresh = {key: deepcopy(self.drafts[key]) for key in keys if said.get(key) != self.drafts[key]}
        if not fresh:
            self._expect("nothing_to_publish", lambda: self._publish(keys))
            return
        self._publish(keys)
        self._note(dict(fresh))

    def _publish(self, keys: Sequence[Key] | set[Key]) -> None:
        publish(
            [self.row(key) for key in keys],
            proposed_by="clerk", approved_by="leader", at=self.now, today=self.today, reason="duyệt",
        )  # fmt: skip

    def _unseen(self, keys: set[Key]) -> set[Key]:
        """What the subjects name that readers cannot see, other decisions excepted."""
        named = {other for key in keys for other in self._names(key)}
        said = self.oracle.said(self.head)
        return {other for other in named - keys if said.get(other) is None}

    def withdraw(self, a: int, b: int, c: int) -> None:
        kind = WITHDRAWN[b % len(WITHDRAWN)]
        if key := self.one(kind, a):
            visible = self.oracle.said(self.head).get(key) is not None
            done = self._expect(
                None if visible else "not_published",
                lambda: withdraw(
                    [self.row(key)],
                    proposed_by="clerk", approved_by="leader", at=self.now, today=self.today, reason="rút",
                ),
            )  # fmt: skip
            if done:
                self._note({key: None})

    def discard(self, a: int, b: int, c: int) -> None:
        """Throw a draft away, where that is allowed."""
        if key := self.one(DISCARDED[b % len(DISCARDED)], a):
            refusal = None
            if Statement.objects.filter(kind=key[0], subject_id=key[1]).exists():
                refusal = "published_before"
            elif self._used(key):
                refusal = "still_referenced"
            if self._expect(refusal, lambda: discard(self.row(key), by="clerk")):
                del self.drafts[key]

    def _used(self, key: Key) -> bool:
        own = {effect["id"] for effect in self.drafts[key].get("effects", [])}
        others = {k: plain for k, plain in self.drafts.items() if k != key}
        pointed = {other for k in others for other in self._names(k, papers=True)}
        targets = {e["target"] for plain in others.values() for e in plain.get("effects", [])}
        return key in pointed or bool(own & targets)

    def _names(self, key: Key, papers: bool = False) -> set[Key]:
        plain = self.drafts[key]
        return names_in(key[0], plain, papers) | named_by(key[0], plain, papers)

    def wait(self, a: int, b: int, c: int) -> None:
        """Time passes; on some mornings the day's news is told before anybody publishes."""
        self.now += timedelta(hours=(1, 20, 47, 75)[a % 4])
        if b % 3:
            announce_due(at=self.now, today=self.today)
            self.after_act(self)

    def _note(self, act: dict[Key, Plain | None]) -> None:
        self.oracle.acts.append(act)
        marks = {mark for content in act.values() for mark in MARK.findall(repr(content))}
        self.revealed.append(self.revealed[-1] | marks)
        self.now += timedelta(minutes=7)
        self.after_act(self)

    def _expect(self, code: str | None, call: Callable[[], object]) -> bool:
        """Whether it was done; it must be refused with that code, or not at all."""
        refused = None
        try:
            call()
        except Problem as problem:
            refused = problem.code
            self.refusals.append(refused)
        assert refused == code
        return refused is None
