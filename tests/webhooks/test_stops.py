"""When nothing is sent any more, and what is kept meanwhile: after failures, after 410, without a key."""

from datetime import timedelta

from registry.actions import webhooks
from registry.actions.api_keys import revoke_api_keys
from registry.models import Webhook, WebhookProgress
from registry.queries.api_keys import lapsing
from registry.queries.webhooks import standing, stopped_by_us, waiting_for
from registry.webhooks.deliveries import deliver_next
from tests.keys import new_key
from tests.webhooks.receiver import OK
from tests.webhooks.subscribing import rename, work


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
