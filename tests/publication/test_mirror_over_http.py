"""A partner who only follows the change feed has, at every step, what a fresh download gives."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from registry import clock
from registry.api.base import Told
from registry.models import Announcement
from registry.rules.resource_names import NAMES
from tests.api.conftest import Partner
from tests.keys import new_key
from tests.publication.office import Office
from tests.publication.test_histories import MORNING, OPERATIONS

pytestmark = pytest.mark.django_db

RESOURCES = list(NAMES.values())

#: What a document's own address adds to it: read from the records, which the feed names themselves.
ASSEMBLED = frozenset(("rests_on_it", "next", "previous"))

#: A decision of 12/01/2026 is published two days before, and three days pass.
COMING = [("new_decision", 8, 6, 0), ("publish_all", 0, 0, 0), ("wait", 3, 0, 0)]


class Follower:
    """Reads the feed after what it has seen, and again every record the feed names."""

    def __init__(self, partner: Partner) -> None:
        self.partner = partner
        self.after = 0
        self.copy: dict[tuple[str, str], Any] = {}

    def follow(self) -> None:
        address: str | None = f"changes/?after={self.after}&limit=7"
        while address:
            page = self.partner.read(address)
            for change in page["results"]:
                self.after = change["seq"]
                self.read_again(change["resource"], change["id"], change["url"])
            address = page["next"]

    def read_again(self, resource: str, name: str, url: str) -> None:
        answer = self.partner.get(url)
        assert answer.status_code in (200, 410)
        self.copy.pop((resource, name), None)
        if answer.status_code == 200:
            self.copy[resource, name] = {k: v for k, v in answer.json().items() if k not in ASSEMBLED}


def download(partner: Partner) -> dict[tuple[str, str], Any]:
    return {
        (resource, row.get("code") or row["id"]): row
        for resource in RESOURCES
        for row in partner.results(f"{resource}/?page_size=50")
    }


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """The office's time is the doors' time."""
    Told.day = Told.failed_at = None
    office = Office()
    monkeypatch.setattr(clock, "now", lambda: office.now)
    yield office
    Told.day = Told.failed_at = None


@pytest.mark.parametrize("seed", [1, 2])
def test_who_follows_the_feed_has_what_a_fresh_download_gives_at_every_step(
    office: Office, seed: int
) -> None:
    partner = Partner(new_key("Ngân hàng thử", at=office.now)[1])
    follower, rng, compared = Follower(partner), random.Random(seed), 0
    steps = [
        *MORNING,
        *COMING,
        *((rng.choice(OPERATIONS), *(rng.randrange(64) for _ in range(3))) for _ in range(120)),
    ]
    for name, a, b, c in steps:
        if name == "wait":
            # Nobody but the first reader of the new day tells what came into effect.
            office.now += timedelta(hours=(1, 20, 47, 75)[a % 4])
        else:
            getattr(office, name)(a, b, c)
        if name in ("wait", "publish", "publish_all", "withdraw"):
            follower.follow()
            assert follower.copy == download(partner)
            compared += 1
    assert compared > 8
    assert Announcement.objects.filter(news="took_effect").exists()
