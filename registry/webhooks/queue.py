"""Whose turn it is, and what they are told next: the announcements are the queue, the database holds the leases.

A worker takes a webhook by one conditional UPDATE that gives it a lease, writes only while the lease is its own, and
is overtaken when the lease runs out. So any number of workers may run, and one that is killed loses nothing: what it
had sent without noting it is sent once more, with the same id. (Every engine knows a conditional UPDATE; SQLite has
no SKIP LOCKED.)
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from registry.models import (
    Announcement,
    Recovery,
    Webhook,
    WebhookBacklog,
    WebhookDelivery,
    WebhookProgress,
    WebhookReplay,
)
from registry.queries.announcements import last_announcement, news_after
from registry.queries.recoveries import next_recovery, recovery_between
from registry.queries.webhooks import heard, kinds_told, with_open_backlog
from registry.rules.retries import LONGEST_ASKED
from registry.rules.scopes import kinds_needing

#: Several times what one message may take; and the longest that a command may ask for.
LEASE, LONGEST_LEASE = timedelta(seconds=60), timedelta(hours=1)
#: How far two workers' clocks may lie apart, and two moments at which threads of one have looked at theirs.
APART = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """A webhook that this worker alone may send to until its lease runs out."""

    webhook: Webhook
    lease: str
    for_so_long: timedelta = LEASE

    def renew(self, at: datetime, **changes: object) -> bool:
        """Write the changes and keep the webhook for another lease; False when another worker has it by now."""
        return self._write(leased_until=at + self.for_so_long, **changes)

    def let_go(self, **changes: object) -> bool:
        return self._write(lease="", leased_until=None, **changes)

    def _write(self, **changes: object) -> bool:
        mine = WebhookProgress.objects.filter(webhook_id=self.webhook.pk, lease=self.lease)
        return bool(mine.update(**changes))


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent to a webhook, as that is now: an announcement, as news, late, or once more for a replay; or
    that the registry was restored, which comes where the numbers of the announcements have their gap.
    """

    webhook: Webhook
    news: Announcement | Recovery
    replay: WebhookReplay | None = None
    backlog: WebhookBacklog | None = None


def claim(*, at: datetime, lease: timedelta = LEASE) -> Claim | None:
    """Take the webhook that has waited longest of those that are due and may have something to hear.

    A moment further ahead than any lease or pause was written by a clock that ran ahead, and holds nothing back.
    """
    asked_again = WebhookReplay.objects.filter(webhook=OuterRef("webhook"), finished_at__isnull=True)
    nobodys = (
        Q(leased_until__isnull=True)
        | Q(leased_until__lte=at)
        | Q(leased_until__gt=at + max(lease, LONGEST_LEASE) + APART)
    )
    # Who did not fail does not wait: the moment is that of the last success, and only says whose turn it is.
    is_due = Q(failures=0) | Q(next_at__lte=at) | Q(next_at__gt=at + LONGEST_ASKED + APART)
    free = WebhookProgress.objects.filter(nobodys, is_due)
    late = with_open_backlog(at).filter(webhook=OuterRef("webhook"))
    something = Q(position__lt=last_announcement()) | Exists(asked_again) | Exists(late)
    due = free.filter(something, webhook__in=heard(at).values("pk"))
    for pk in due.order_by("next_at", "pk").values_list("pk", flat=True)[:20]:
        mine = uuid4().hex
        # Whoever was faster has changed what `free` asks for.
        if free.filter(pk=pk).update(lease=mine, leased_until=at + lease):
            return Claim(Webhook.objects.get(pk=pk), mine, lease)
    return None


def next_message(held: Claim, *, at: datetime) -> Message | None:
    """The next one for this webhook: what is late of kinds that a key opens again, then news, then replays. What is of
    no kind it hears is passed over, restores never.

    None when staff have stopped it meanwhile, or its partner's last key is over: its address, its scopes and those of
    the keys are read anew for each message.
    """
    webhook = heard(at).select_related("progress").filter(pk=held.webhook.pk).first()
    if webhook is None:
        return None
    progress = webhook.progress
    kinds, upto = kinds_told(webhook), last_announcement()
    if late := _late(held, webhook, progress.position, at):
        return late
    if progress.position < upto:
        if not _note_backlogs(held, webhook, progress.position, at):
            return None
        recovery = next_recovery(progress.position)
        before = recovery.announcement if recovery else upto
        if rows := news_after(progress.position, upto=before, kinds=kinds, limit=1):
            return Message(webhook, rows[0])
        if recovery:
            return Message(webhook, recovery)
        held.renew(at, position=upto)
    for replay in held.webhook.replays.filter(finished_at__isnull=True).order_by("pk"):
        recovery = recovery_between(replay.position, replay.last)
        before = recovery.seq if recovery else replay.last
        if rows := news_after(replay.position, upto=before, kinds=kinds, limit=1):
            return Message(webhook, rows[0], replay)
        if recovery:
            return Message(webhook, recovery, replay)
        WebhookReplay.objects.filter(pk=replay.pk).update(position=replay.last, finished_at=at)
    return None


def _late(held: Claim, webhook: Any, position: int, at: datetime) -> Message | None:
    """The first announcement by that number that was passed by while no key opened its kind; none is left in a backlog
    that goes."""
    closed = webhook.closed.split()
    found = []
    for backlog in webhook.backlogs.all():
        if backlog.scope in closed:
            continue
        kinds = kinds_needing([backlog.scope]) & webhook.kinds
        if rows := news_after(backlog.position, upto=position, kinds=kinds, limit=1):
            found.append(Message(webhook, rows[0], backlog=backlog))
            continue
        with transaction.atomic():
            if held.renew(at):
                backlog.delete()
    return min(found, key=lambda message: message.news.seq, default=None)


def _note_backlogs(held: Claim, webhook: Any, position: int, at: datetime) -> bool:
    """Before anything is passed by: from which number on it will have to be told; False when another worker has the
    webhook by now."""
    known = {backlog.scope for backlog in webhook.backlogs.all()}
    new = [scope for scope in webhook.closed.split() if scope not in known]
    if not new:
        return True
    with transaction.atomic():
        if mine := held.renew(at):
            for scope in new:
                WebhookBacklog.objects.create(webhook=webhook, scope=scope, position=position)
    return mine


def settle(held: Claim, message: Message, delivery: WebhookDelivery, *, at: datetime) -> bool:
    """Note that the message arrived; False when another worker has the webhook by now."""
    healthy = {"failures": 0, "failing_since": None, "next_at": at}
    seq = message.news.seq
    with transaction.atomic():
        delivery.save()
        row = message.backlog or message.replay
        if row is None:
            return held.renew(at, position=seq, **healthy)
        if not held.renew(at, **healthy):
            return False
        type(row)._default_manager.filter(pk=row.pk).update(position=seq)
        return True


def put_off(
    held: Claim, delivery: WebhookDelivery, *, failures: int, since: datetime, next_at: datetime
) -> None:
    """Note that the message did not arrive, and let go of the webhook until the next attempt."""
    with transaction.atomic():
        delivery.save()
        held.let_go(failures=failures, failing_since=since, next_at=next_at)
