"""What partners are told, in which order, signed with what, and what happens when nobody answers."""

from copy import copy
from datetime import UTC, date, timedelta

import pytest

from registry.actions import webhooks
from registry.actions.announce import announce_due
from registry.actions.publish import publish_seed, withdraw
from registry.ledger.context import recorded
from registry.models import (
    LedgerPayload,
    Webhook,
    WebhookDelivery,
    WebhookProgress,
    WebhookReplay,
)
from registry.queries.announcements import last_announcement
from registry.queries.webhooks import standing, waiting_for
from registry.rules.problems import Problem
from registry.webhooks.deliveries import deliver_next, message_id, send_test
from tests.api.test_changes import enlarge
from tests.webhooks.receiver import OK
from tests.webhooks.subscribing import rename, subscribe, work
from tests.world import leader


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


def test_what_waits_is_not_sent_again_with_what_was_sent(client, subscribed, receiver, seeded, time) -> None:
    sent = rename(seeded, time)
    deliver_next(time)
    receiver.answers = [(500, {}, b"")]
    rename(seeded, time, "Hai")
    deliver_next(time)
    client.force_login(leader())
    chosen = [str(pk) for pk in WebhookDelivery.objects.values_list("pk", flat=True)]
    asked = {"action": "send_again", "_selected_action": chosen}
    # The second one is still waiting: it comes by itself, and is not asked for twice.
    assert (
        f"Gửi lại {len(sent)} thông điệp?"
        in client.post("/admin/registry/webhookdelivery/", asked).content.decode()
    )
    assert not WebhookReplay.objects.exists()
    client.post("/admin/registry/webhookdelivery/", {**asked, "sure": "yes"})
    (replay,) = WebhookReplay.objects.all()
    assert (replay.first, replay.last) == (sent[0].seq, sent[-1].seq)
