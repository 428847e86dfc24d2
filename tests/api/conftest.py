"""A partner with a key, in front of a registry that published the seed on 5 January 2026."""

import json
from collections.abc import Iterator
from copy import copy
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry import clock
from registry.actions.publish import publish_seed
from registry.api.base import Told
from registry.ledger.context import recorded
from registry.models import Cluster
from registry.rules.hanoi import day_of
from tests.keys import new_key
from tests.world import World, load

#: A month after the world's publication, 10:00 in Hà Nội.
NOW = datetime(2026, 2, 2, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _a_new_process():
    """What a process remembers between requests belongs to one database only."""
    Told.day = Told.failed_at = None


@pytest.fixture
def at(monkeypatch):
    """Set the clock: at(2026, 2, 2) is 10:00 in Hà Nội on that day."""

    def set_clock(*moment: int) -> datetime:
        now = datetime(*moment, tzinfo=UTC) if len(moment) > 3 else datetime(*moment, 3, tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda: now)
        return now

    set_clock(NOW.year, NOW.month, NOW.day, NOW.hour)
    return set_clock


class Partner:
    """Reads the API with a key."""

    def __init__(self, raw_key: str) -> None:
        self.key = raw_key
        self.client = Client(headers={"Authorization": f"Bearer {raw_key}", "Accept": "application/json"})

    def get(self, address: str, **options: Any) -> Any:
        """The whole response. Addresses may be absolute, as `next` gives them."""
        return self.client.get(path_of(address), **options)

    def read(self, address: str, status: int = 200) -> Any:
        """The JSON of an answer with that status."""
        response = self.get(address)
        assert response.status_code == status, response.content.decode()
        return json.loads(response.content)

    def results(self, address: str) -> list[Any]:
        """All results of a list, page by page."""
        found: list[Any] = []
        following: str | None = address
        while following:
            body = self.read(following)
            found += body["results"]
            following = body["next"]
        return found

    def refused(self, address: str, status: int) -> dict[str, Any]:
        response = self.get(address)
        assert response.status_code == status, response.content.decode()
        assert response["Content-Type"] == "application/problem+json"
        return json.loads(response.content)


def path_of(address: str) -> str:
    address = address.removeprefix("http://testserver")
    return address if address.startswith(("/api", "/healthz", "/readyz")) else f"/api/v1/{address}"


@pytest.fixture
def partner(db, at) -> Partner:
    return Partner(new_key("Ngân hàng thử", at=NOW)[1])


def found_clusters(names, at):
    """Clusters of these names, published."""
    with recorded(actor="seed"):
        made = [Cluster(name=name) for name in names]
        for cluster in made:
            cluster.save()
    publish_seed(made, at=at, today=day_of(at))
    return made


def queries(partner, address):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert partner.get(address).status_code == 200
    return captured.captured_queries


@pytest.fixture(scope="module")
def _seed_published_once(django_db_setup, django_db_blocker) -> Iterator[World]:
    """The seed, in a transaction around all tests of a module: it takes a second to publish.

    Each test's own transaction is a savepoint inside it. A test of an emptier registry belongs to another module.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield load()
        transaction.set_rollback(True)


@pytest.fixture
def seeded(_seed_published_once, db) -> World:
    once = _seed_published_once
    return replace(once, **{field.name: copy(getattr(once, field.name)) for field in fields(once)})
