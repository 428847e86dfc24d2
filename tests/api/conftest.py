"""A partner with a key, in front of a registry that published the seed on 5 January 2026."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from registry import clock
from registry.actions.api_keys import create_api_key
from registry.api.base import Told

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
    return Partner(create_api_key("Ngân hàng thử", at=NOW)[1])
