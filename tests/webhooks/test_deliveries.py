"""What partners are told, in which order, signed with what, and what happens when nobody answers."""

from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from time import sleep

import pytest

from registry import clock
from registry.actions import webhooks
from registry.actions.announce import announce_due
from registry.actions.api_keys import revoke_api_keys
from registry.actions.publish import publish_seed, withdraw
from registry.ledger.context import recorded
from registry.management.commands.deliver_webhooks import Worker
from registry.models import (
    Announcement,
    LedgerPayload,
    Webhook,
    WebhookDelivery,
    WebhookProgress,
    WebhookReplay,
)
from registry.queries.announcements import last_announcement
from registry.queries.api_keys import lapsing
from registry.queries.webhooks import standing, stopped_by_us, waiting_for
from registry.rules.problems import Problem
from registry.webhooks import queue
from registry.webhooks.deliveries import deliver_next, message_id, send_test
from tests.api.test_changes import enlarge
from tests.keys import new_key, partner_named
from tests.webhooks.receiver import OK, receiving
from tests.world import leader

EVERYTHING = "clusters decisions investors sources"


@pytest.fixture
def seeded(shared_world):
    """The world, with an investor of this test's own: tests rename it."""
    return replace(shared_world, tien_phat=copy(shared_world.tien_phat))


@dataclass
class Time:
    """The clock of workers; `pass_` moves it. It begins with the test, because a verifier reads the real clock."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **given: float) -> None:
        self.now += timedelta(**given)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def subscribed(seeded, receiver, time):
    """A webhook of every scope, and its secret."""
    return subscribe(receiver, time)


def subscribe(receiver, time, scopes=EVERYTHING):
    webhook = Webhook(partner=partner_named("Ngân hàng A"), url=receiver.url, scopes=scopes)
    secret = webhooks.subscribe(webhook, at=time(), by="hung")
    return webhook, secret


def rename(seeded, time, name="Tiến Phát mới", subject=None):
    """Publish the investor anew; the announcements it made."""
    before = last_announcement()
    subject = subject or seeded.tien_phat
    subject.name = name
    with recorded(actor="lan"):
        subject.save()
    publish_seed([subject], at=time(), today=time().date())
    return list(Announcement.objects.filter(seq__gt=before).order_by("seq"))


def work(time) -> int:
    """Whatever is due; how many messages arrived."""
    arrived = 0
    while (sent := deliver_next(time)) is not None:
        arrived += sent
    return arrived


def test_every_announcement_arrives_once_in_order_as_the_feed_tells_it(
    seeded, receiver, time, subscribed, settings
):
    settings.PUBLIC_URL = "https://registry.example"
    webhook, secret = subscribed
    assert work(time) == 0  # what was before is not news
    told = rename(seeded, time)
    assert work(time) == len(told) > 2
    assert receiver.seqs == [row.seq for row in told]
    assert work(time) == 0
    first = receiver.received[0]
    assert first.opened_with(secret) == first.said
    assert first.headers["content-type"] == "application/json"
    row = told[0]
    assert first.said == {
        "type": "investors.published",
        "timestamp": row.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "data": {
            "seq": row.seq,
            "at": row.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "publication": row.publication_id,
            "news": "published",
            "resource": "investors",
            "id": "tien-phat",
            "first_day": "0001-01-01",
            "last_day": "9999-12-30",
            "url": "https://registry.example/api/v1/investors/tien-phat/",
        },
    }
    assert [one.id for one in receiver.received] == [message_id(webhook, row) for row in told]
    log = list(
        WebhookDelivery.objects.order_by("id").values_list(
            "announcement", "cause", "status", "failure", "answer"
        )
    )
    assert log == [(row.seq, "news", 200, "", "ok") for row in told]


def test_a_draft_is_no_news_and_a_withdrawal_is_a_tombstone(seeded, receiver, time, subscribed):
    leader("hung")
    with recorded(actor="lan"):
        seeded.tien_phat.name = "Tên chưa công bố"
        seeded.tien_phat.save()
    assert work(time) == 0
    withdraw(
        [seeded.quang_phuc],
        proposed_by="lan",
        approved_by="hung",
        at=time(),
        today=time().date(),
        reason="Lý do nội bộ",
    )
    work(time)
    assert "clusters.withdrawn" in {one.said["type"] for one in receiver.received}
    sent = b"".join(one.body for one in receiver.received).decode()
    for inside in ("chưa công bố", "nội bộ", '"lan"', "hung"):
        assert inside not in sent


@pytest.mark.parametrize("scopes", ["clusters", "decisions", "investors", "sources", "clusters investors"])
def test_only_the_kinds_of_its_scopes_are_told(seeded, receiver, time, scopes):
    webhook, _ = subscribe(receiver, time, scopes)
    told = rename(seeded, time)
    expected = [row.seq for row in told if row.kind in webhook.kinds]
    assert waiting_for(webhook) == len(expected)
    work(time)
    assert receiver.seqs == expected
    assert WebhookProgress.objects.get().position == last_announcement()
    assert len(expected) < len(told) or scopes == "clusters investors"


def test_a_message_that_fails_holds_back_those_after_it_and_is_sent_again_with_its_id(
    seeded, receiver, time, subscribed, monkeypatch
):
    monkeypatch.setattr("random.random", lambda: 0.0)
    told = rename(seeded, time)
    receiver.answers = [(500, {}, b"hong"), (503, {"Retry-After": "100"}, b""), OK]
    assert work(time) == 0
    assert (standing(time()).waiting, standing(time()).failing) == (len(told), 1)
    assert standing(time()).waiting_since == told[0].at
    time.pass_(seconds=9)
    assert work(time) == 0
    assert len(receiver.received) == 1
    time.pass_(seconds=1)
    assert work(time) == 0
    assert len(receiver.received) == 2
    time.pass_(seconds=99)  # 40 by our own count, 100 as asked
    work(time)
    assert len(receiver.received) == 2
    time.pass_(seconds=1)
    assert work(time) == len(told)
    assert receiver.seqs == [told[0].seq, told[0].seq, *(row.seq for row in told)]
    assert len({one.id for one in receiver.received[:3]}) == 1
    assert len({one.body for one in receiver.received[:3]}) == 1
    assert (standing(time()).waiting, standing(time()).failing) == (0, 0)
    assert standing(time()).waiting_since is None
    failed = WebhookDelivery.objects.filter(failure="refused").order_by("id")
    assert list(failed.values_list("status", "answer")) == [(500, "hong"), (503, "")]


def test_after_three_days_of_failing_it_is_stopped_and_staff_are_told_and_nothing_is_lost(
    seeded, receiver, time, subscribed
):
    webhook, _ = subscribed
    told = rename(seeded, time)
    receiver.answers = [(500, {}, b"")]
    began = time()
    while Webhook.objects.get().stopped_at is None:
        work(time)
        time.now = max(WebhookProgress.objects.get().next_at, time())
    webhook.refresh_from_db()
    assert timedelta(days=3) <= webhook.stopped_at - began < timedelta(days=3, hours=8)
    assert webhook.stopped_because == "failing"
    assert list(stopped_by_us()) == [webhook]
    assert standing(time()).stopped == 1
    attempts = len(receiver.received)
    assert 15 <= attempts <= 20
    time.pass_(days=1)
    more = rename(seeded, time, "Tiến Phát mới nữa")
    assert work(time) == 0
    assert len(receiver.received) == attempts
    receiver.answers = [OK]
    webhooks.resume(webhook, at=time(), by="hung")
    assert work(time) == len(told) + len(more)
    assert receiver.seqs[attempts:] == [row.seq for row in [*told, *more]]
    assert not stopped_by_us().exists()


def test_a_receiver_that_answers_410_is_sent_nothing_more(seeded, receiver, time, subscribed):
    webhook, _ = subscribed
    rename(seeded, time)
    receiver.answers = [(410, {}, b"")]
    work(time)
    webhook.refresh_from_db()
    assert webhook.stopped_because == "gone"
    time.pass_(days=1)
    assert work(time) == 0
    assert len(receiver.received) == 1


def test_when_the_last_key_of_a_partner_ends_what_is_announced_waits_for_the_next_key(
    seeded, receiver, time, subscribed
):
    webhook, _ = subscribed
    last_day = time() + timedelta(days=90)
    new_key("Ngân hàng A", at=time(), expires_at=last_day - timedelta(days=60))
    new_key("Ngân hàng A", at=time(), expires_at=last_day)
    assert list(lapsing(time())) == []
    time.pass_(days=89, hours=23)
    told = rename(seeded, time)
    assert deliver_next(time) == len(told)
    assert [(one.name, one.ends_at, one.has_webhooks) for one in lapsing(time())] == [
        ("Ngân hàng A", last_day, True)
    ]
    time.now = last_day
    more = rename(seeded, time, "Tiến Phát mới nữa")
    assert work(time) == 0
    assert (standing(time()).waiting, standing(time()).waiting_since, standing(time()).keyless) == (
        0,
        None,
        1,
    )
    assert waiting_for(webhook) == len(more)
    time.pass_(days=400)
    assert work(time) == 0
    assert [one.name for one in lapsing(time())] == ["Ngân hàng A"]
    third, _ = new_key("Ngân hàng A", at=time(), expires_at=time() + timedelta(days=365))
    assert work(time) == len(more)
    assert receiver.seqs == [row.seq for row in told + more]
    assert (list(lapsing(time())), standing(time()).keyless) == ([], 0)
    # Revoked is ended too; whoever revoked it is told there and then, and not reminded of it.
    revoke_api_keys([third], at=time(), by="hung")
    rename(seeded, time, "Lần nữa")
    assert work(time) == 0
    assert list(lapsing(time())) == []
    assert Webhook.objects.get().stopped_at is None


def test_a_key_that_ends_amid_a_turn_ends_the_turn(seeded, receiver, time, subscribed):
    new_key("Ngân hàng A", at=time(), expires_at=time() + timedelta(seconds=30))
    told = rename(seeded, time)
    assert len(told) > 1

    def slowly(handler):
        time.pass_(seconds=30)
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    receiver.answers = [slowly]
    assert work(time) == 1
    assert receiver.seqs == [told[0].seq]


def test_who_ended_long_ago_and_hears_of_nothing_is_no_longer_named(seeded, time):
    new_key("Ngân hàng A", at=time(), expires_at=time() + timedelta(days=1))
    time.pass_(days=30, hours=23)
    assert [one.name for one in lapsing(time())] == ["Ngân hàng A"]
    time.pass_(hours=1)
    assert list(lapsing(time())) == []


def test_what_waited_can_be_passed_over(seeded, receiver, time, subscribed):
    webhook, _ = subscribed
    webhooks.stop(webhook, because="staff", at=time(), by="hung")
    rename(seeded, time)
    assert work(time) == 0
    assert not stopped_by_us().exists()
    webhooks.resume(webhook, at=time(), from_now=True, by="hung")
    assert work(time) == 0
    more = rename(seeded, time, "Khác")
    assert work(time) == len(more)


def test_a_secret_is_replaced_while_messages_go_on(seeded, receiver, time, subscribed):
    webhook, old = subscribed
    new = webhooks.add_secret(webhook, at=time(), by="hung")
    assert new != old
    with pytest.raises(Problem, match="hai bí mật"):
        webhooks.add_secret(webhook, at=time(), by="hung")
    rename(seeded, time)
    work(time)
    both = receiver.received[-1]
    assert both.opened_with(old) == both.opened_with(new) == both.said
    first, second = webhook.secrets.all()
    webhooks.retire_secret(webhook, first.pk, by="hung")
    rename(seeded, time, "Khác")
    work(time)
    after = receiver.received[-1]
    assert after.opened_with(new) == after.said
    with pytest.raises(Exception, match="signature"):
        after.opened_with(old)
    with pytest.raises(Problem, match="duy nhất"):
        webhooks.retire_secret(webhook, second.pk, by="hung")
    third = webhooks.add_secret(webhook, at=time(), by="hung")
    assert third not in (old, new)


def test_no_secret_is_stored_anywhere(seeded, receiver, time, subscribed):
    webhook, secret = subscribed
    (row,) = webhook.secrets.all()
    assert secret.removeprefix("whsec_") not in str(vars(row))
    recorded_texts = "".join(f"{p.before}{p.after}" for p in LedgerPayload.objects.all())
    assert "webhook" in recorded_texts or webhook.url in recorded_texts
    assert row.nonce not in recorded_texts
    assert secret not in recorded_texts


def test_a_range_is_sent_once_more_after_what_is_new_with_the_same_ids(seeded, receiver, time, subscribed):
    webhook, _ = subscribed
    told = rename(seeded, time)
    work(time)
    ids = {one.seq: one.id for one in receiver.received}
    receiver.received.clear()
    webhooks.replay(webhook, first=told[0].seq, last=told[-1].seq, at=time(), by="hung")
    more = rename(seeded, time, "Khác")
    assert waiting_for(Webhook.objects.get()) == len(told) + len(more)
    work(time)
    assert receiver.seqs == [row.seq for row in [*more, *told]]
    assert [one.id for one in receiver.received[len(more) :]] == list(ids.values())
    assert WebhookDelivery.objects.filter(cause="replay").count() == len(told)
    assert WebhookReplay.objects.get().finished_at is not None
    assert work(time) == 0


def test_a_replay_that_fails_goes_on_where_it_stopped(seeded, receiver, time, subscribed):
    webhook, _ = subscribed
    told = rename(seeded, time)
    work(time)
    receiver.received.clear()
    webhooks.replay(webhook, first=told[0].seq, last=told[-1].seq, at=time(), by="hung")
    receiver.answers = [OK, (500, {}, b""), OK]
    work(time)
    time.pass_(seconds=13)
    work(time)
    assert receiver.seqs == [told[0].seq, told[1].seq, *(row.seq for row in told[1:])]


@pytest.mark.parametrize(("first", "last"), [(0, 1), (2, 1), (1, 10**6), (10**6, 10**6)])
def test_what_was_never_told_cannot_be_replayed(seeded, time, subscribed, first, last):
    with pytest.raises(Problem, match="số 1 đến số"):
        webhooks.replay(subscribed[0], first=first, last=last, at=time(), by="hung")


def test_a_test_message_says_so_and_is_logged(seeded, receiver, time, subscribed):
    webhook, secret = subscribed
    webhooks.stop(webhook, because="staff", at=time(), by="hung")
    delivery = send_test(webhook, time)
    (one,) = receiver.received
    assert one.opened_with(secret)["type"] == "test"
    assert one.said["data"]["partner"] == "Ngân hàng A"
    assert (delivery.cause, delivery.status, delivery.failure, delivery.announcement) == (
        "test",
        200,
        "",
        None,
    )
    assert WebhookDelivery.objects.get().message == one.id


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
    monkeypatch.setattr("registry.webhooks.deliveries.TURN", 0.2)

    def think(handler):
        sleep(0.25)
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


def test_the_log_is_forgotten_after_its_time(seeded, time, subscribed):
    send_test(subscribed[0], time)
    assert webhooks.forget_deliveries(before=time()) == 0
    assert webhooks.forget_deliveries(before=time() + timedelta(seconds=1)) == 1


def test_the_day_of_something_published_before_is_told(seeded, receiver, time, subscribed):
    coming = (time() + timedelta(days=3)).date()
    decision = enlarge(
        seeded.dai_thang, seeded.decision(202).issuer, issued=date(2026, 2, 1), on=coming, area=70
    )
    publish_seed([decision], at=time(), today=time().date())
    work(time)
    receiver.received.clear()
    time.pass_(days=4)
    announce_due(at=time(), today=time().date())
    work(time)
    assert {one.said["type"] for one in receiver.received} == {
        "clusters.took_effect",
        "decisions.took_effect",
    }


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


@pytest.mark.parametrize(
    "asked", ["Mon, 01 Jan 2024 99999999999999999999:00:00 GMT", "Mon, 01 Jan 99999999999 0:0"]
)
def test_no_wish_of_a_receiver_stops_the_worker(subscribed, receiver, seeded, time, asked) -> None:
    receiver.answers = [(503, {"Retry-After": asked}, b"")]
    rename(seeded, time)
    assert deliver_next(time) == 0
    assert WebhookDelivery.objects.get().failure == "refused"


def test_an_address_may_be_written_in_vietnamese(receiver, seeded, time) -> None:
    receiver.url = receiver.url.replace("/nhan?tu=so", "/nhận-tin?từ=sổ")
    subscribe(receiver, time)
    rename(seeded, time)
    assert deliver_next(time)
    assert receiver.received[0].path == "/nh%E1%BA%ADn-tin?t%E1%BB%AB=s%E1%BB%95"


def test_a_number_given_again_after_a_restore_is_another_message(subscribed, seeded, time) -> None:
    """Receivers leave out ids they have: news after a restore would be lost to them."""
    webhook, _ = subscribed
    row = rename(seeded, time)[0]
    again = copy(row)
    again.at += timedelta(seconds=1)
    assert message_id(webhook, row) != message_id(webhook, again)


def test_messages_are_sent_again_together_or_not_at_all(client, subscribed, receiver, seeded, time) -> None:
    rename(seeded, time)
    deliver_next(time)
    receiver.answers = [(500, {}, b"")]
    rename(seeded, time, "Hai")
    deliver_next(time)
    client.force_login(leader())
    chosen = [str(pk) for pk in WebhookDelivery.objects.values_list("pk", flat=True)]
    asked = {"action": "send_again", "_selected_action": chosen}
    assert client.post("/admin/registry/webhookdelivery/", asked).status_code == 409
    assert not WebhookReplay.objects.exists()
