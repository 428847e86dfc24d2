"""Workers as they run: processes of their own, several at once, killed in the middle."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from registry.actions import webhooks
from registry.models import Announcement, Webhook, WebhookDelivery, WebhookProgress
from registry.queries.announcements import last_announcement
from registry.webhooks.deliveries import message_id
from tests.keys import partner_named
from tests.seed.test_killed import database_url
from tests.webhooks.receiver import OK, Answer, Receiver, receiving
from tests.world import load

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def worker(*options: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "manage.py", "deliver_webhooks", "--interval", "0.05", *options]
    chosen = {"DATABASE_URL": database_url(), "WEBHOOK_PRIVATE_TARGETS": "1", "ANONYMOUS_READING": "1"}
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **chosen})
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def told_everything(receiver: Receiver) -> Webhook:
    """A webhook that has everything the seed announced still before it."""
    webhook = Webhook(
        partner=partner_named("Ngân hàng A"), url=receiver.url, scopes="clusters decisions investors sources"
    )
    webhooks.subscribe(webhook, at=datetime.now(UTC), by="hung")
    WebhookProgress.objects.filter(webhook=webhook).update(position=0)
    return webhook


def until(done: Callable[[], bool], seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < ends, "it took too long"
        time.sleep(0.02)


def test_a_worker_killed_at_any_moment_loses_nothing_and_another_goes_on(receiver):
    load()
    webhook, last = told_everything(receiver), last_announcement()
    rng, kills = random.Random(4), 0

    def kill(_: object = None) -> None:
        process.kill()

    while WebhookProgress.objects.get().position < last:
        # The lease of the dead ends here: one short enough to wait for runs out under a slow worker too.
        WebhookProgress.objects.exclude(leased_until=None).update(leased_until=datetime.now(UTC))
        # What becomes of each message is settled before the first comes: nobody has to be quick.
        receiver.answers = [OK]
        if kills < 5:
            taken, wait = rng.randrange(1, 6), rng.choice([0, rng.random() / 20])
            receiver.answers = [*[OK] * (taken - 1), OK, kill]
            if wait:
                # Anywhere after it, and five messages on at the latest.
                receiver.answers[-2:] = [_and_then(threading.Timer(wait, kill).start), *[OK] * 4, kill]
        # Killed before the answer: the message has arrived, and nobody has noted it.
        with worker("--threads", "2") as process:
            if kills < 5:
                assert process.wait(timeout=60) == -signal.SIGKILL
                kills += 1
            else:
                until(lambda: WebhookProgress.objects.get().position == last)
    # Each in its order, and some once more: at most one for each kill, with the same id and body.
    firsts = list(dict.fromkeys(receiver.seqs))
    assert firsts == list(range(1, last + 1))
    assert kills == 5
    assert 0 < len(receiver.received) - last <= kills
    assert receiver.seqs == sorted(receiver.seqs)
    assert {one.id for one in receiver.received} == {
        message_id(webhook, row) for row in Announcement.objects.all()
    }
    assert len({(one.id, one.body) for one in receiver.received}) == last


def test_two_workers_at_once_tell_everybody_everything_once_and_in_order(receiver):
    load()
    with receiving() as other:
        for one in (receiver, other):
            told_everything(one)
        last = last_announcement()
        with worker() as first, worker() as second:
            until(lambda: min(WebhookProgress.objects.values_list("position", flat=True)) == last)
            for process in (first, second):
                process.send_signal(signal.SIGTERM)
                assert process.wait(timeout=30) == 0
        for one in (receiver, other):
            assert one.seqs == list(range(1, last + 1))
    assert WebhookDelivery.objects.count() == 2 * last
    assert set(WebhookProgress.objects.values_list("lease", "leased_until")) == {("", None)}


def test_a_worker_told_to_end_finishes_what_it_is_sending(receiver):
    load()
    told_everything(receiver)
    told = threading.Event()
    receiver.answers = [_and_then(lambda: (told.wait(60), time.sleep(0.5))), OK]
    with worker("--threads", "1") as process:
        until(lambda: len(receiver.received) == 1)
        process.send_signal(signal.SIGTERM)
        told.set()
        assert process.wait(timeout=30) == 0
    assert receiver.seqs == [1]
    assert WebhookProgress.objects.get().position == 1


def test_a_worker_with_another_pepper_sends_nothing_and_says_why(receiver):
    """Nobody would believe its signatures; what waits, waits."""
    load()
    told_everything(receiver)
    chosen = {
        "DATABASE_URL": database_url(),
        "WEBHOOK_PRIVATE_TARGETS": "1",
        "API_KEY_PEPPER": "tiêu-khác-" * 6,
    }
    command = [sys.executable, "manage.py", "deliver_webhooks", "--once"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **chosen}, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert "pepper_other" in done.stderr
    assert "Traceback" not in done.stderr
    assert receiver.received == []
    assert WebhookProgress.objects.get().failures == 0


def _and_then(do: Callable[[], object]) -> Answer:
    """OK; and that is done before it is said."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        do()
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    return answer
