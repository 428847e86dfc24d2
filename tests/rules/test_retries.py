"""When a message is sent again."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from registry.rules.retries import GIVEN_UP_AFTER, LONGEST_ASKED, pause_after, pause_asked
from registry.rules.webhook_messages import readable_secret, signed_headers

AT = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)


def test_pauses_grow_from_seconds_to_six_hours():
    seconds = [pause_after(n, chance=0).total_seconds() for n in range(1, 10)]
    assert seconds == [10, 40, 160, 640, 2560, 10240, 21600, 21600, 21600]
    assert pause_after(10**9, chance=0) == timedelta(hours=6)


def test_chance_lengthens_a_pause_by_up_to_a_fifth():
    assert pause_after(1, chance=1) == timedelta(seconds=12)
    assert pause_after(1, chance=0.5) == timedelta(seconds=11)


def test_three_days_hold_enough_attempts_and_not_too_many():
    passed, attempts = timedelta(), 1
    while passed < GIVEN_UP_AFTER:
        passed, attempts = passed + pause_after(attempts, chance=0.5), attempts + 1
    assert 15 <= attempts <= 20


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        ("120", timedelta(minutes=2)),
        (" 7 ", timedelta(seconds=7)),
        ("0", timedelta()),
        ("Sun, 22 Nov 2026 07:05:00 GMT", timedelta(minutes=5)),
        ("Sun, 22 Nov 2026 07:05:00", timedelta(minutes=5)),
        ("Sun, 22 Nov 2026 06:00:00 GMT", timedelta()),
        ("99999999999999999999", LONGEST_ASKED),
        ("Sun, 22 Nov 2099 07:00:00 GMT", LONGEST_ASKED),
        (None, timedelta()),
        ("", timedelta()),
        ("-5", timedelta()),
        ("soon", timedelta()),
        ("٣", timedelta()),
        ("Sun, 99 Nov 2026 07:00:00 GMT", timedelta()),
    ],
)
def test_what_a_receiver_asks_for_is_read_as_http_writes_it(header, pause):
    assert pause_asked(header, at=AT) == pause


def test_either_secret_opens_a_message_and_no_other_does():
    old, new = b"o" * 32, b"n" * 32
    body = '{"news":"đã công bố"}'.encode()
    now = datetime.now(UTC)
    headers = signed_headers("msg_1_7", body, at=now, secrets=[old, new])
    for secret in (old, new):
        assert Webhook(readable_secret(secret)).verify(body, headers) == {"news": "đã công bố"}
    for spoiled in (
        headers | {"webhook-id": "msg_1_8"},
        headers | {"webhook-timestamp": str(int(now.timestamp()) + 1)},
        signed_headers("msg_1_7", body, at=now, secrets=[b"x" * 32]),
        signed_headers("msg_1_7", body, at=now - timedelta(minutes=6), secrets=[old]),
    ):
        with pytest.raises(Exception, match=r"signature|old"):
            Webhook(readable_secret(old)).verify(body, spoiled)
