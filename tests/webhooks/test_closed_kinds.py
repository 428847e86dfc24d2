"""Nobody is told of what none of its keys may read; what is announced of it meanwhile is told once one may again."""

from copy import copy
from datetime import timedelta

import pytest

from registry.actions import webhooks
from registry.actions.api_keys import revoke_api_keys
from registry.models import WebhookBacklog, WebhookProgress
from registry.queries.announcements import last_announcement
from registry.queries.webhooks import closed_without, standing, waiting_for
from registry.webhooks import queue
from tests.keys import new_key
from tests.webhooks.receiver import OK
from tests.webhooks.subscribing import EVERYTHING, rename, subscribe, work

NEEDS_A_SCOPE = {"investor", "project", "indicator", "incentive"}


def key_of(time, *scopes: str):
    return new_key("Ngân hàng A", at=time(), scopes=list(scopes))[0]


def revoke(key, time) -> None:
    revoke_api_keys([key], at=time(), by="hung")


def seqs(rows, kinds: set[str], *, inside: bool = True) -> list[int]:
    return [row.seq for row in rows if (row.kind in kinds) is inside]


@pytest.fixture
def narrowed(subscribed, time):
    """The webhook of a partner whose key for everything was revoked; one for clusters and decisions is left."""
    wide = key_of(time, *EVERYTHING.split())
    key_of(time, "clusters", "decisions")
    time.pass_(minutes=1)
    revoke(wide, time)
    return subscribed[0]


def test_what_no_key_opens_is_told_to_nobody_and_the_rest_goes_on(seeded, receiver, time, narrowed):
    told = rename(seeded, time)
    assert {row.kind for row in told} == {"investor", "cluster", "decision"}
    work(time)
    assert receiver.seqs == seqs(told, NEEDS_A_SCOPE, inside=False)
    assert WebhookProgress.objects.get().position == last_announcement()
    assert work(time) == 0


def test_what_was_kept_comes_before_the_news_in_its_order_when_a_key_opens_it_again(
    seeded, receiver, time, narrowed
):
    first = rename(seeded, time)
    work(time)
    second = rename(seeded, time, "Lần hai")
    work(time)
    third = rename(seeded, time, "Lần ba")
    key_of(time, "investors")
    receiver.received.clear()
    work(time)
    kept = seqs([*first, *second], NEEDS_A_SCOPE)
    assert len(kept) > 1
    assert receiver.seqs == kept + [row.seq for row in third]
    assert [row.scope for row in WebhookBacklog.objects.all()] == ["sources"]
    assert work(time) == 0


def test_a_key_that_ends_amid_what_was_kept_leaves_the_rest_for_the_next(seeded, receiver, time, narrowed):
    told = rename(seeded, time)
    told += rename(seeded, time, "Lần hai")
    work(time)
    new_key("Ngân hàng A", at=time(), scopes=["investors"], expires_at=time() + timedelta(seconds=30))
    receiver.received.clear()

    def slowly(handler):
        time.pass_(seconds=30)
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    receiver.answers = [slowly]
    assert work(time) == 1
    key_of(time, "investors")
    receiver.answers = [OK]
    work(time)
    assert receiver.seqs == seqs(told, NEEDS_A_SCOPE)


def test_scopes_that_open_one_after_the_other_are_told_each_in_order(seeded, receiver, time, subscribed):
    key_of(time, "sources")
    told = rename(seeded, time)
    assert work(time) == 0
    assert sorted(WebhookBacklog.objects.values_list("scope", flat=True)) == [
        "clusters",
        "decisions",
        "investors",
    ]
    key = key_of(time, "clusters")
    work(time)
    revoke(key, time)
    key_of(time, "decisions", "investors")
    work(time)
    late = seqs(told, {"cluster"}, inside=False)
    assert receiver.seqs == seqs(told, {"cluster"}) + late


def test_what_is_sent_once_more_is_only_what_a_key_opens(seeded, receiver, time, narrowed):
    told = rename(seeded, time)
    work(time)
    receiver.received.clear()
    webhooks.replay(narrowed, first=told[0].seq, last=told[-1].seq, at=time(), by="hung")
    work(time)
    assert receiver.seqs == seqs(told, NEEDS_A_SCOPE, inside=False)


def test_what_is_kept_raises_no_alarm_and_is_counted_for_staff(seeded, time, narrowed):
    told = rename(seeded, time)
    kept = len(seqs(told, NEEDS_A_SCOPE))
    assert (standing(time()).waiting, waiting_for(narrowed)) == (len(told) - kept, len(told))
    assert standing(time()).waiting_since == told[0].at
    work(time)
    assert (standing(time()).waiting, standing(time()).waiting_since) == (0, None)
    assert waiting_for(narrowed) == kept
    key_of(time, "investors")
    assert (standing(time()).waiting, standing(time()).waiting_since) == (kept, told[0].at)


def test_what_is_kept_can_be_passed_over_and_goes_with_the_scope(seeded, receiver, time, narrowed):
    rename(seeded, time)
    work(time)
    webhooks.resume(narrowed, at=time(), from_now=True, by="hung")
    assert waiting_for(narrowed) == 0
    rename(seeded, time, "Lần hai")
    work(time)
    narrowed.scopes = "clusters decisions"
    narrowed.save()
    assert waiting_for(narrowed) == 0
    key_of(time, "investors")
    receiver.received.clear()
    assert work(time) == 0


def test_who_is_overtaken_notes_nothing(seeded, time, narrowed):
    rename(seeded, time)
    mine = queue.claim(at=time())
    time.pass_(minutes=2)
    assert queue.claim(at=time()) is not None
    assert queue.next_message(mine, at=time()) is None
    assert not WebhookBacklog.objects.exists()


def test_whoever_revokes_or_narrows_can_know_what_closes(seeded, time, subscribed):
    webhook, _ = subscribed
    wide = key_of(time, *EVERYTHING.split())
    ending = type(wide).objects.filter(pk=wide.pk)
    assert closed_without(ending, time()) == []
    last_narrowed = closed_without(ending, time(), kept=["sources"])
    assert last_narrowed == [(webhook, ["clusters", "decisions", "investors"])]
    key_of(time, "clusters", "decisions")
    assert closed_without(ending, time()) == [(webhook, ["investors", "sources"])]
    assert closed_without(ending, time(), kept=["sources"]) == [(webhook, ["investors"])]
    assert closed_without(ending, time(), kept=EVERYTHING.split()) == []
    webhooks.stop(webhook, because="staff", at=time(), by="hung")
    assert closed_without(ending, time()) == []


def test_a_partner_that_never_had_a_key_is_told_what_everybody_may_read(
    seeded, receiver, time, settings, subscribed
):
    settings.ANONYMOUS_READING = False
    told = rename(seeded, time)
    assert work(time) == 0
    assert (standing(time()).keyless, standing(time()).waiting) == (1, 0)
    settings.ANONYMOUS_READING = True
    assert work(time) == len(told)
    settings.ANONYMOUS_READING = False
    more = rename(seeded, time, "Lần hai")
    time.pass_(days=1)
    key_of(time, *EVERYTHING.split())
    assert work(time) == len(more)
    assert receiver.seqs == [row.seq for row in told + more]


def test_a_webhook_of_nothing_that_a_key_opens_is_told_of_catalogues_alone(seeded, receiver, time):
    subscribe(receiver, time, scopes="decisions")
    key_of(time, "sources")
    told = rename(seeded, time, "Cơ quan khác", subject=copy(seeded.decision(202).issuer))
    assert {"authority", "decision"} <= {row.kind for row in told}
    work(time)
    assert receiver.seqs == seqs(told, {"authority"})
