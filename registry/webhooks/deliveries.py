"""Sending what waits: one webhook at a time, message by message in their order."""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import uuid4

import orjson
from django.conf import settings
from django.urls import reverse

from registry.actions.webhooks import stop
from registry.models import Announcement, Recovery, Webhook, WebhookDelivery, WebhookProgress
from registry.queries.announcements import as_change
from registry.queries.recoveries import as_lost
from registry.queries.webhooks import secret_of
from registry.rules.moments import as_text
from registry.rules.retries import GIVEN_UP_AFTER, failing_from, pause_after, pause_asked
from registry.rules.webhook_messages import signed_headers
from registry.webhooks.notices import tell_of_stop
from registry.webhooks.posting import Outcome, post
from registry.webhooks.queue import LEASE, Claim, claim, next_message, put_off, settle

log = logging.getLogger(__name__)

Now = Callable[[], datetime]
#: After so many messages, or so many seconds, it is somebody else's turn.
BATCH, TURN = 100, 5.0
#: The type of the message that tells of a restore.
RESTORED = "restored"


def deliver_next(
    now: Now, *, lease: timedelta = LEASE, stopping: Callable[[], bool] = lambda: False
) -> int | None:
    """Send one webhook what waits for it, until it fails, has all, or has had its turn.

    How many messages arrived; None when nobody was due.
    """
    held = claim(at=now(), lease=lease)
    if held is None:
        return None
    arrived, began = 0, monotonic()
    # A receiver may take nearly ten seconds for each message: a few such must not hold up all others.
    while arrived < BATCH and monotonic() - began < TURN and not stopping():
        message = next_message(held, at=now())
        if message is None:
            break
        cause = "replay" if message.replay else "news"
        row = message.news
        outcome, delivery = _sent(
            message.webhook, message_id(message.webhook, row), message_of(row), cause=cause, now=now
        )
        delivery.announcement = row.seq
        if outcome.failure:
            _failed(held, outcome, delivery, now())
            return arrived
        arrived += 1
        if not settle(held, message, delivery, at=now()):
            return arrived
    held.let_go(next_at=now())
    return arrived


def send_test(webhook: Webhook, now: Now) -> WebhookDelivery:
    """Send a message of the type `test` at once, whatever waits; what became of it."""
    said = {
        "type": "test",
        "timestamp": as_text(now()),
        "data": {"partner": webhook.partner.name, "resources": webhook.resources},
    }
    test_id = f"msg_{webhook.pk}_test_{uuid4().hex[:12]}"
    _, delivery = _sent(webhook, test_id, said, cause="test", now=now)
    delivery.save()
    return delivery


def message_of(row: Announcement | Recovery) -> dict[str, Any]:
    """What a webhook says of an announcement: what the change feed says, and nothing of the record itself.

    Of a restore: what was lost, as the feed says it to whoever comes there.
    """
    if isinstance(row, Recovery):
        said = {
            "seq": row.seq,
            "at": as_text(row.at),
            "lost": as_lost(row),
            "url": f"{settings.PUBLIC_URL}{reverse('api:changes')}?after=latest",
        }
        return {"type": RESTORED, "timestamp": said["at"], "data": said}
    change = as_change(row, settings.PUBLIC_URL)
    return {"type": f"{change['resource']}.{row.news}", "timestamp": change["at"], "data": change}


def message_id(webhook: Webhook, row: Announcement | Recovery) -> str:
    """The same at every attempt and replay: receivers know by it what they have already.

    With the moment, because a database put back without `restore` would give numbers again to other news.
    """
    return f"msg_{webhook.pk}_{row.seq}_{int(row.at.timestamp() * 1_000_000):x}"


def _sent(
    webhook: Webhook, name: str, said: dict[str, Any], *, cause: str, now: Now
) -> tuple[Outcome, WebhookDelivery]:
    """One attempt, and its row of the log, not yet saved."""
    at, began = now(), monotonic()
    body = orjson.dumps(said)
    secrets = [secret_of(row) for row in webhook.secrets.all()]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "registry-webhooks/1",
        **signed_headers(name, body, at=at, secrets=secrets),
    }
    outcome = post(webhook.url, body, headers, private=settings.WEBHOOK_PRIVATE_TARGETS)
    delivery = WebhookDelivery(
        webhook=webhook,
        cause=cause,
        message=name,
        at=at,
        took_ms=round((monotonic() - began) * 1000),
        status=outcome.status,
        failure=outcome.failure,
        answer=outcome.answer,
    )
    return outcome, delivery


def _failed(held: Claim, outcome: Outcome, delivery: WebhookDelivery, at: datetime) -> None:
    """Try again later; never again when the receiver wants no more, or has taken nothing for three days."""
    progress = WebhookProgress.objects.get(pk=held.webhook.pk)
    failures = progress.failures + 1
    since = failing_from(progress.failing_since, due=progress.next_at, at=at)
    pause = max(pause_after(failures, chance=random.random()), pause_asked(outcome.retry_after, at=at))
    put_off(held, delivery, failures=failures, since=since, next_at=at + pause)
    because = "gone" if outcome.failure == "gone" else "failing" if at - since >= GIVEN_UP_AFTER else ""
    if because and stop(held.webhook, because=because, at=at, by="system"):
        log.warning("Webhook %s was stopped: %s", held.webhook.pk, because)
        tell_of_stop(held.webhook, because)
