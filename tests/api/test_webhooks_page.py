"""docs/api/webhooks.md: its example opens what we send, and its message is one of ours."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry.models import Announcement
from registry.rules import retries
from registry.rules.webhook_messages import readable_secret, signed_headers
from registry.webhooks import posting
from registry.webhooks.deliveries import message_of

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api" / "webhooks.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
SECRETS = [b"o" * 32, b"n" * 32]


@pytest.fixture(scope="module")
def opened():
    """The function that partners copy."""
    found = {}
    exec(BLOCKS["python"], found)
    return found["opened"]


def test_the_example_opens_a_message_with_either_secret(opened):
    body = '{"type": "test", "data": {"partner": "Ngân hàng A"}}'.encode()
    headers = signed_headers("msg_1_2", body, at=datetime.now(UTC), secrets=SECRETS)
    for secret in SECRETS:
        assert opened(readable_secret(secret), headers, body) == json.loads(body)


@pytest.mark.parametrize("spoil", ["body", "id", "secret", "old", "future", "none"])
def test_the_example_refuses_what_we_did_not_say_now(opened, spoil):
    body, now = b'{"type": "test"}', datetime.now(UTC)
    at = {"old": now - timedelta(minutes=6), "future": now + timedelta(minutes=6)}.get(spoil, now)
    headers = signed_headers("msg_1_2", body, at=at, secrets=[] if spoil == "none" else SECRETS)
    if spoil == "id":
        headers["webhook-id"] = "msg_1_3"
    secret = readable_secret(b"x" * 32 if spoil == "secret" else SECRETS[0])
    with pytest.raises(ValueError, match=r"signed|old"):
        opened(secret, headers, body + b" " if spoil == "body" else body)


def test_the_message_shown_is_as_we_write_them(settings):
    settings.PUBLIC_URL = "https://registry.example"
    shown = json.loads(BLOCKS["json"])
    data = shown["data"]
    row = Announcement(
        seq=data["seq"],
        at=datetime.fromisoformat(data["at"]),
        publication_id=data["publication"],
        kind="cluster",
        code=data["id"],
        news=data["news"],
        first_day=data["first_day"],
        last_day=data["last_day"],
    )
    assert message_of(row) == shown


def test_the_numbers_of_the_page_are_those_of_the_code():
    assert posting.ALTOGETHER == 10  # within ten seconds
    assert timedelta(days=3) == retries.GIVEN_UP_AFTER
    assert timedelta(hours=6) == retries.LONGEST_PAUSE
    assert timedelta(days=1) == retries.LONGEST_ASKED
