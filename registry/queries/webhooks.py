"""Questions about webhooks: their secrets, what waits for them, which of them need somebody."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from registry.models import Announcement, Webhook, WebhookSecret


def secret_of(row: WebhookSecret) -> bytes:
    """The secret that signs: 32 bytes made from the row's nonce under the deployment's pepper.

    It is stored nowhere: a copy of the database signs nothing.
    """
    derived_from = f"webhook secret {row.nonce}".encode()
    return hmac.new(settings.API_KEY_PEPPER.encode(), derived_from, hashlib.sha256).digest()


def waiting_for(webhook: Webhook) -> int:
    """How many announcements a webhook has not yet been told of, replays included."""
    heard = Announcement.objects.filter(kind__in=webhook.kinds)
    count = heard.filter(seq__gt=webhook.progress.position).count()
    for replay in webhook.replays.filter(finished_at__isnull=True):
        count += heard.filter(seq__gt=replay.position, seq__lte=replay.last).count()
    return count


@dataclass(frozen=True, slots=True)
class Standing:
    """waiting: messages not yet delivered, of webhooks that are not stopped; stopped: webhooks we stopped ourselves.

    waiting_since: the moment of the oldest news among those messages, None when none waits; replays aside.
    """

    waiting: int
    failing: int
    stopped: int
    waiting_since: datetime | None


def standing() -> Standing:
    """Where all webhooks stand together, for whoever watches over the registry."""
    running = Webhook.objects.filter(stopped_at__isnull=True).select_related("progress")
    return Standing(
        waiting=sum(waiting_for(webhook) for webhook in running),
        failing=running.filter(progress__failures__gt=0).count(),
        stopped=stopped_by_us().count(),
        waiting_since=min(filter(None, map(_waiting_since, running)), default=None),
    )


def _waiting_since(webhook: Webhook) -> datetime | None:
    news = Announcement.objects.filter(kind__in=webhook.kinds, seq__gt=webhook.progress.position)
    return news.order_by("seq").values_list("at", flat=True).first()


def stopped_by_us() -> QuerySet[Webhook]:
    """Webhooks that were stopped by their receiver's failing and not by staff: somebody should ask the partner."""
    return Webhook.objects.filter(stopped_because__in=("gone", "failing")).order_by("-stopped_at")
