"""Whose turn it is: leases, slow receivers, wrong clocks, and what staff change meanwhile."""

from datetime import timedelta

import pytest

from registry import clock
from registry.actions import webhooks
from registry.ledger.context import recorded
from registry.management.commands.deliver_webhooks import Worker
from registry.models import Webhook, WebhookProgress
from registry.queries.webhooks import standing, waiting_for
from registry.webhooks import queue
from registry.webhooks.deliveries import TURN, deliver_next
from tests.webhooks.receiver import OK, receiving
from tests.webhooks.subscribing import EVERYTHING, rename, subscribe, work


def test_a_webhook_is_held_by_one_worker_until_its_lease_runs_out(seeded, receiver, time, subscribed):
    rename(seeded, time)
    held = queue.claim(at=time())
    assert held is not None
    assert queue.claim(at=time()) is None
    time.pass_(seconds=59)
    assert queue.claim(at=time()) is None
    assert held.renew(time())
    time.pass_(seconds=59)
    assert queue.claim(at=time()) is None
    time.pass_(seconds=1)
    other = queue.claim(at=time())
    assert other is not None
    # Whoever was overtaken writes nothing any more.
    assert not held.renew(time(), position=10**9)
    assert not held.let_go(position=10**9)
    assert WebhookProgress.objects.get().lease == other.lease


def test_one_that_fails_does_not_hold_back_another(seeded, receiver, time, subscribed):
    with receiving() as other:
        subscribe(other, time)
        told = rename(seeded, time)
        receiver.answers = [(500, {}, b"")]
        assert work(time) == len(told)
        assert other.seqs == [row.seq for row in told]


def test_a_long_queue_is_shared_in_turns(seeded, receiver, time, subscribed, monkeypatch):
    monkeypatch.setattr("registry.webhooks.deliveries.BATCH", 2)
    told = rename(seeded, time)
    assert deliver_next(time) == 2
    assert work(time) == len(told) - 2
    assert receiver.seqs == [row.seq for row in told]


def test_who_is_slow_to_take_each_message_does_not_hold_up_another(
    seeded, receiver, time, subscribed, monkeypatch
):
    spent = [0.0]
    monkeypatch.setattr("registry.webhooks.deliveries.monotonic", lambda: spent[0])

    def think(handler):
        spent[0] += TURN
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    receiver.answers = [think]
    with receiving() as quick:
        subscribe(quick, time)
        told = [row.seq for turn in range(2) for row in rename(seeded, time, f"Tiến Phát {turn}")]
        assert len(told) > 2
        time.pass_(seconds=1)
        assert deliver_next(time) == 1
        time.pass_(seconds=1)
        assert deliver_next(time) == len(told)
        assert (receiver.seqs, quick.seqs) == (told[:1], told)


def test_a_new_day_is_seen_although_messages_never_run_dry(seeded, receiver, time, subscribed, monkeypatch):
    monkeypatch.setattr("registry.webhooks.deliveries.BATCH", 1)
    today, seen = clock.today(), []
    worker = Worker(queue.LEASE, interval=2)

    def midnight(handler):
        seen.append(worker.day)
        monkeypatch.setattr(clock, "today", lambda: today + timedelta(days=1))
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    told = rename(seeded, time)
    receiver.answers = [midnight]
    assert worker.send_what_is_due(daily=True) == len(told) > 1
    assert seen == [today, *[today + timedelta(days=1)] * (len(told) - 1)]


def test_a_clock_that_ran_ahead_and_was_put_right_holds_nothing_back(seeded, receiver, time, subscribed):
    told = rename(seeded, time)
    time.pass_(days=30)
    assert work(time) == len(told)
    time.pass_(days=-30)
    told += rename(seeded, time, "Tiến Phát sau")
    work(time)
    assert receiver.seqs == [row.seq for row in told]


@pytest.mark.parametrize("killed", [False, True])
def test_neither_does_one_that_ran_ahead_at_a_failure_or_when_a_worker_was_killed(
    seeded, receiver, time, subscribed, killed
):
    told = rename(seeded, time)
    time.pass_(days=30)
    if killed:
        assert queue.claim(at=time())
    else:
        receiver.answers = [(500, {}, b""), OK]
        assert work(time) == 0
    time.pass_(days=-30)
    assert work(time) == len(told)
    assert Webhook.objects.get().stopped_at is None


def test_whoever_looked_at_its_clock_a_moment_earlier_takes_nothing_from_another(
    seeded, receiver, time, subscribed
):
    """Two threads, one of which waited for the database: neither the longest lease nor the longest pause is a clock
    that ran ahead."""
    rename(seeded, time)
    earlier = time()
    time.pass_(seconds=5)
    held = queue.claim(at=time(), lease=queue.LONGEST_LEASE)
    assert held
    assert queue.claim(at=earlier, lease=queue.LONGEST_LEASE) is None
    held.let_go()
    receiver.answers = [(503, {"Retry-After": "86400"}, b"")]
    assert work(time) == 0
    assert queue.claim(at=earlier) is None
    assert len(receiver.received) == 1


@pytest.mark.parametrize("wrong", [-10_000, -4, 4, 10_000])
def test_nobody_is_given_up_because_a_clock_was_put_right(seeded, receiver, time, subscribed, wrong):
    """Without a battery a machine begins in 1970; two failures are not three days of them."""
    rename(seeded, time)
    receiver.answers = [(500, {}, b"")]
    time.pass_(days=wrong)
    assert work(time) == 0
    time.pass_(days=-wrong, minutes=1)
    assert work(time) == 0
    progress = WebhookProgress.objects.get()
    assert Webhook.objects.get().stopped_at is None
    assert time() - timedelta(minutes=1) <= progress.failing_since <= time()
    assert len(receiver.received) == 2


def test_many_webhooks_are_looked_at_in_as_many_questions_as_one(
    seeded, receiver, time, subscribed, django_assert_num_queries
):
    with django_assert_num_queries(3):
        assert standing(time()).waiting == 0
    told = rename(seeded, time)
    time.pass_(hours=1)
    later = [subscribe(receiver, time, scopes)[0] for scopes in (EVERYTHING, "investors", "sources")]
    for webhook in later:
        webhooks.replay(webhook, first=told[0].seq, last=told[-1].seq, at=time(), by="hung")
    heard = [sum(row.kind in webhook.kinds for row in told) for webhook in later]
    assert len(told) == heard[0] > heard[1] > 0
    assert [waiting_for(webhook) for webhook in later] == heard
    with django_assert_num_queries(3):
        found = standing(time())
    assert (found.waiting, found.waiting_since) == (len(told) + sum(heard), told[0].at)


def test_what_staff_change_counts_from_the_next_message_on(subscribed, receiver, seeded, time) -> None:
    """A worker that is amid its batch neither goes on after a stop nor writes to an address that was wrong."""
    webhook, _ = subscribed
    rename(seeded, time, "Tên một")
    rename(seeded, time, "Tên hai")
    asked = []

    def stopping() -> bool:
        asked.append(time())
        if len(asked) == 2:
            webhooks.stop(webhook, because="staff", at=time(), by="lan")
        return False

    deliver_next(time, stopping=stopping)
    assert len(receiver.received) == 1
    with receiving() as other:
        with recorded(actor="lan"):
            Webhook.objects.filter(pk=webhook.pk).update(url=other.url)
        webhooks.resume(webhook, at=time(), by="lan")
        deliver_next(time)
        assert len(receiver.received) == 1
        assert other.received
