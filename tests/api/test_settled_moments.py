"""What was answered for a moment is answered for ever, also while a publication is under way."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connections

from registry import clock
from registry.actions import publish as publishing
from registry.actions.publish import adopt_composer, publish, publish_seed, withdraw
from registry.api.base import Told
from registry.ledger.context import recorded
from registry.models import Cluster, Publication
from registry.rules.hanoi import day_of
from registry.rules.moments import SETTLED_AFTER, as_text
from tests.api.conftest import Partner, found_clusters
from tests.keys import new_key
from tests.world import clerk, leader

#: Read by every question that is asked here: a detail, a history, a list, a search, a file, an explanation, a proof.
ADDRESSES = (
    "clusters/an-tho/?known_at={}",
    "clusters/an-tho/history/?known_at={}",
    "explain/clusters/an-tho/?known_at={}",
    "land/available/?known_at={}",
    "clusters/?known_at={}&fields=code,name",
    "clusters/?known_at={}&search=an+tho",
    "clusters/?known_at={}&format=csv",
    "search/?q=an+tho&known_at={}",
    "ledger/checkpoint/?known_at={}",
)
PEOPLE = {"proposed_by": "lan", "approved_by": "hung"}
AT = datetime(2026, 3, 1, 3, tzinfo=UTC)


@pytest.fixture
def partner(transactional_db: None) -> Iterator[Partner]:
    """In front of a registry that published one cluster an hour before AT."""
    Told.day = Told.failed_at = None
    before = AT - timedelta(hours=1)
    found_clusters(["An Thọ"], before)
    clerk(), leader()
    yield Partner(new_key("Ngân hàng thử", at=before)[1])
    Told.day = Told.failed_at = None


class Answers:
    """What was answered, by address. A refusal is no answer."""

    def __init__(self, partner: Partner) -> None:
        self.partner = partner
        self.said: dict[str, tuple[int, bytes, Any]] = {}

    def ask(self, moment: datetime | date, addresses: tuple[str, ...] = ADDRESSES) -> None:
        text = as_text(moment) if isinstance(moment, datetime) else moment.isoformat()
        for address in addresses:
            response = self.partner.get(address.format(text))
            if response.status_code != 400:
                self.said[address.format(text)] = _told(response)

    def answered_otherwise(self) -> list[str]:
        return [address for address, said in self.said.items() if _told(self.partner.get(address)) != said]


def _told(response: Any) -> tuple[int, bytes, Any]:
    return response.status_code, b"".join(response), response.get("Registry-Known-Seq")


def elsewhere(call: Callable[[], object]) -> None:
    """On a connection of its own, as a reader has."""

    def called() -> None:
        try:
            call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(called).result(timeout=60)


def rename(name: str) -> list[Cluster]:
    with recorded(actor="lan"):
        cluster = Cluster.objects.get(code="an-tho")
        cluster.name = name
        cluster.save()
    return [cluster]


def approve() -> Publication:
    return publish(rename("An Thọ 2"), at=clock.now, today=clock.today(), **PEOPLE)


def take_back() -> Publication:
    return withdraw(list(Cluster.objects.all()), at=clock.now, today=clock.today(), reason="Nhầm", **PEOPLE)


def seed() -> Publication:
    return publish_seed(rename("An Thọ 2"), at=clock.now, today=clock.today())


def adopt() -> Publication | None:
    return adopt_composer(at=clock.now, today=clock.today())


@pytest.mark.parametrize(
    ("act", "took"),
    [
        (approve, timedelta(seconds=1)),
        (approve, timedelta(minutes=1)),
        (approve, timedelta(hours=20)),
        (take_back, timedelta(hours=20)),
        (seed, timedelta(hours=20)),
        (adopt, timedelta(hours=20)),
    ],
)
def test_what_is_answered_while_a_publication_is_composed_is_answered_for_ever(
    partner: Partner, monkeypatch: pytest.MonkeyPatch, act: Callable[[], Publication | None], took: timedelta
) -> None:
    """The clock goes on while it is composed, and readers ask for every moment that they are given."""
    now, compose, answers = [AT], publishing.refresh, Answers(partner)
    monkeypatch.setattr(clock, "now", lambda: now[0])
    if act is adopt:
        monkeypatch.setattr(publishing, "COMPOSER", publishing.COMPOSER + 1)

    def composed(*given: Any, **how: Any) -> Any:
        found = compose(*given, **how)
        now[0] += took
        settled = now[0] - SETTLED_AFTER
        for moment in (AT, AT + took / 2, settled, settled + timedelta(microseconds=1), now[0], day_of(AT)):
            elsewhere(lambda moment=moment: answers.ask(moment))
        return found

    monkeypatch.setattr(publishing, "refresh", composed)
    publication = act()
    assert publication is not None
    assert publication.at == AT + took
    now[0] += timedelta(seconds=6)
    settled = AT + took - SETTLED_AFTER
    assert f"clusters/an-tho/?known_at={as_text(settled)}" in answers.said
    assert f"clusters/an-tho/?known_at={as_text(settled + timedelta(microseconds=1))}" not in answers.said
    if day_of(AT) < day_of(AT + took):
        assert "clusters/an-tho/?known_at=2026-03-01" in answers.said
        assert answers.answered_otherwise() == []
    else:  # today means so far, and that goes on
        said = [address for address in answers.answered_otherwise() if "known_at=2026-03-01T" in address]
        assert said == []


def test_whoever_asks_all_the_time_is_never_answered_otherwise_later(partner: Partner) -> None:
    """By the machine's own clock: one publishes, another asks for now and for the last settled moment."""
    answers, done, asked = Answers(partner), Event(), [0]

    def ask() -> None:
        while not done.is_set():
            now = clock.now()
            for moment in (now, now - SETTLED_AFTER, Publication.objects.latest("seq").at):
                answers.ask(moment, ADDRESSES[:1])
            asked[0] += 1

    def reading() -> None:
        try:
            ask()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(reading)
        try:
            for n in range(12):
                publish(rename(f"An Thọ {n}"), at=clock.now, today=clock.today(), **PEOPLE)
                # However busy the machine, some are asked for while they are the newest.
                before = asked[0]
                while n % 3 == 2 and asked[0] < before + 2 and not reader.done():
                    done.wait(0.01)
        finally:
            done.set()
        reader.result(timeout=60)
    assert asked[0] > 5
    assert len({said[2] for said in answers.said.values()}) > 3
    assert answers.answered_otherwise() == []


@pytest.mark.parametrize(
    ("late", "status"), [(timedelta(), 200), (timedelta(microseconds=1), 400), (SETTLED_AFTER * 2, 400)]
)
def test_a_moment_is_answered_from_five_seconds_after_it(
    partner: Partner, monkeypatch: pytest.MonkeyPatch, late: timedelta, status: int
) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    asked = AT - SETTLED_AFTER + late
    for address in ADDRESSES:
        response = partner.get(address.format(as_text(asked)))
        assert response.status_code == status
        if status == 400:
            body = response.json()
            assert body["code"] == "known_in_future"
            assert "không sau 09:59:55 01/03/2026" in body["detail"]
            assert "by 2026-03-01T02:59:55.000000Z" in body["detail_en"]


def test_a_moment_is_settled_at_once_by_a_publication_after_it(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    asked = as_text(AT - timedelta(seconds=1))
    assert partner.refused(f"clusters/?known_at={asked}", 400)["code"] == "known_in_future"
    publication = approve()
    assert publication.at == AT
    assert partner.read(f"clusters/?known_at={asked}")["known_seq"] == 1
    assert partner.read(f"clusters/?known_at={as_text(AT)}")["known_seq"] == 2
    later = as_text(AT + timedelta(microseconds=1))
    assert "10:00:00 01/03/2026" in partner.refused(f"clusters/?known_at={later}", 400)["detail"]


@pytest.mark.parametrize(("seconds", "status"), [(0, 400), (4, 400), (5, 200), (60, 200)])
def test_yesterday_is_answered_from_five_seconds_after_midnight(
    partner: Partner, monkeypatch: pytest.MonkeyPatch, seconds: int, status: int
) -> None:
    midnight = datetime(2026, 3, 1, 17, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: midnight + timedelta(seconds=seconds))
    assert partner.get("clusters/?known_at=2026-03-01").status_code == status
    assert partner.read("clusters/?known_at=2026-03-02")["known_seq"] == 1
    assert partner.read("clusters/?known_at=2026-02-28")["known_seq"] == 0
    assert partner.refused("clusters/?known_at=2026-03-03", 400)["code"] == "known_in_future"
