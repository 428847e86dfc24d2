"""Webhooks of a partner, the clock of their workers, and news to tell."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from registry.actions import webhooks
from registry.actions.publish import publish_seed
from registry.ledger.context import recorded
from registry.models import Announcement, Webhook
from registry.queries.announcements import last_announcement
from registry.webhooks.deliveries import deliver_next
from tests.keys import partner_named

EVERYTHING = "clusters decisions investors sources"


@dataclass
class Time:
    """The clock of workers; `pass_` moves it. It begins with the test, because a verifier reads the real clock."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **given: float) -> None:
        self.now += timedelta(**given)


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
