"""What a subscriber is told when the registry was put back from a backup."""

from datetime import timedelta

import pytest

from registry.actions.restore import go_on_above
from registry.actions.webhooks import replay
from registry.models import Webhook, WebhookProgress, WebhookReplay
from registry.queries.announcements import last_announcement
from registry.queries.webhooks import waiting_for
from registry.rules.problems import Problem
from registry.webhooks.deliveries import deliver_next
from tests.webhooks.receiver import receiving
from tests.webhooks.subscribing import Time, rename, subscribe

pytestmark = pytest.mark.django_db


def test_a_subscriber_is_told_of_a_restore_in_its_place_between_the_news(seeded, receiver):
    time = Time()
    webhook, secret = subscribe(receiver, time)
    before = rename(seeded, time, "Trước sao lưu")
    kept, backed_up = last_announcement(), time()
    time.pass_(seconds=30)
    recovery = go_on_above(at=time(), known_until=backed_up)
    time.pass_(seconds=30)
    after = rename(seeded, time, "Sau khôi phục")
    assert after[0].seq == recovery.seq + 1
    assert deliver_next(time) == len(before) + 1 + len(after)
    assert receiver.seqs == [row.seq for row in before] + [recovery.seq] + [row.seq for row in after]
    told = receiver.received[len(before)]
    assert told.opened_with(secret)["type"] == "restored"
    assert told.said["data"]["lost"]["after_announcement"] == kept
    assert told.said["data"]["url"].endswith("/api/v1/changes/?after=latest")
    assert told.id.startswith(f"msg_{webhook.pk}_{recovery.seq}_")
    assert len({one.id for one in receiver.received}) == len(receiver.received)
    assert WebhookProgress.objects.get().position == last_announcement()
    assert deliver_next(time) is None


def test_whoever_hears_of_no_news_at_all_hears_of_the_restore_and_after_a_failure_again(seeded, receiver):
    time = Time()
    webhook, _ = subscribe(receiver, time, scopes="sources")
    backed_up = time()
    time.pass_(hours=1)
    recovery = go_on_above(at=time(), known_until=backed_up)
    receiver.answers = [(503, {}, b""), (200, {}, b"")]
    assert deliver_next(time) == 0
    time.pass_(hours=1)
    assert deliver_next(time) == 1
    first, second = receiver.received
    assert (first.id, first.body, first.seq) == (second.id, second.body, recovery.seq)
    assert waiting_for(Webhook.objects.get(pk=webhook.pk)) == 0


def test_who_subscribes_after_it_hears_nothing_of_it(seeded, receiver):
    time = Time()
    subscribe(receiver, time)
    news = rename(seeded, time, "Trước sao lưu")
    go_on_above(at=time() + timedelta(minutes=1), known_until=time())
    time.pass_(minutes=2)
    assert deliver_next(time) == len(news) + 1
    with receiving() as other:
        subscribe(other, time)
        assert deliver_next(time) is None
        assert other.received == []


def test_a_replay_tells_it_again_and_of_what_was_lost_there_is_none(seeded, receiver):
    time = Time()
    old, _ = subscribe(receiver, time)
    news = rename(seeded, time, "Trước sao lưu")
    recovery = go_on_above(at=time() + timedelta(minutes=1), known_until=time())
    time.pass_(minutes=2)
    assert deliver_next(time) == len(news) + 1
    (told,) = [one.id for one in receiver.received if one.said["type"] == "restored"]
    receiver.received.clear()
    # Of that message alone, of a range across the gap, and of what is lost.
    replay(old, first=recovery.seq, last=recovery.seq, at=time(), by="hung")
    assert deliver_next(time) == 1
    assert [(one.id, one.said["type"]) for one in receiver.received] == [(told, "restored")]
    receiver.received.clear()
    time.pass_(minutes=2)
    later = rename(seeded, time, "Sau khôi phục")
    assert deliver_next(time) == len(later)
    receiver.received.clear()
    replay(old, first=news[0].seq, last=later[0].seq, at=time(), by="hung")
    assert deliver_next(time) == len(news) + 2
    assert receiver.seqs == [*(row.seq for row in news), recovery.seq, later[0].seq]
    assert not WebhookReplay.objects.filter(finished_at__isnull=True).exists()
    with pytest.raises(Problem) as refused:
        replay(old, first=news[-1].seq + 1, last=recovery.seq - 1, at=time(), by="hung")
    assert refused.value.code == "webhook_replay_lost"
