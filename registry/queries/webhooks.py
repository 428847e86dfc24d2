"""Questions about webhooks: their secrets, what waits for them, which of them need somebody."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import (
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
)
from django.db.models.functions import Coalesce

from registry.models import Announcement, ApiKey, Webhook, WebhookReplay, WebhookSecret
from registry.queries.api_keys import keys_over, usable_at
from registry.rules.scopes import SCOPE, kinds_of


def secret_of(row: WebhookSecret) -> bytes:
    """The secret that signs: 32 bytes made from the row's nonce under the deployment's pepper.

    It is stored nowhere: a copy of the database signs nothing.
    """
    derived_from = f"webhook secret {row.nonce}".encode()
    return hmac.new(settings.API_KEY_PEPPER.encode(), derived_from, hashlib.sha256).digest()


def running() -> QuerySet[Webhook]:
    """Webhooks that nobody stopped: neither staff nor a receiver's failing."""
    return Webhook.objects.filter(stopped_at__isnull=True)


def heard(at: datetime) -> QuerySet[Webhook]:
    """Webhooks that are sent what waits for them: those that run, of partners whose keys are not all over.

    The one place that says so. Nothing is written when a key ends: with the next key of its partner a webhook goes on
    where it was, and a clock that was wrong for an hour has stopped none.
    """
    return running().exclude(keys_over(at))


def keyless(at: datetime) -> QuerySet[Webhook]:
    """Webhooks that run and are sent nothing until their partner has another key."""
    return running().filter(keys_over(at))


def with_keyless(webhooks: QuerySet[Webhook], at: datetime) -> QuerySet[Webhook, Any]:
    """These webhooks, each with `keyless`: whether its partner's keys are all over at that moment."""
    return webhooks.annotate(keyless=keys_over(at))


def keyless_without(keys: QuerySet[ApiKey], at: datetime) -> QuerySet[Webhook]:
    """Webhooks that would be sent nothing more if those keys ended at that moment."""
    others = ApiKey.objects.filter(usable_at(at)).exclude(pk__in=keys.values("pk"))
    return heard(at).filter(partner__in=keys.values("partner")).exclude(partner__in=others.values("partner"))


def waiting_for(webhook: Webhook) -> int:
    """How many announcements a webhook has not yet been told of, replays included."""
    count: int = with_waiting(Webhook.objects.filter(pk=webhook.pk)).get().waiting
    return count


def with_waiting(webhooks: QuerySet[Webhook]) -> QuerySet[Webhook, Any]:
    """These webhooks, each with what it has not yet been told of, asked together.

    `waiting`: how many announcements, replays included; `waiting_since`: the moment of the oldest news among them.
    """
    news = _heard(OuterRef("scopes"), seq__gt=OuterRef("progress__position"))
    again = _heard(OuterRef("webhook__scopes"), seq__gt=OuterRef("position"), seq__lte=OuterRef("last"))
    replays = WebhookReplay.objects.filter(webhook=OuterRef("pk"), finished_at__isnull=True).order_by()
    asked = (
        replays.annotate(heard=_count_of(again)).values("webhook").annotate(sum=Sum("heard")).values("sum")
    )
    return webhooks.annotate(
        waiting=_count_of(news) + Coalesce(Subquery(asked), 0),
        waiting_since=Subquery(news.order_by("seq").values("at")[:1]),
    )


def _heard(scopes: OuterRef, **between: OuterRef) -> QuerySet[Announcement]:
    """The announcements between those numbers that are of the kinds which the scopes open."""
    rows = Announcement.objects.order_by().annotate(scopes=ExpressionWrapper(scopes, TextField()))
    opened = (Q(scopes__contains=scope, kind__in=kinds_of([scope])) for scope in SCOPE)
    return rows.filter(reduce(or_, opened), **between)


def _count_of(rows: QuerySet[Announcement]) -> Coalesce:
    # Not `Count`, which would group by something.
    count = Func(F("seq"), function="COUNT", output_field=IntegerField())
    return Coalesce(Subquery(rows.values(count=count)), 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """waiting: messages not yet delivered, of webhooks that are sent any; stopped: webhooks we stopped ourselves.

    keyless: webhooks whose partner has no key any more; what is kept for them is not among the waiting.
    waiting_since: the moment of the oldest news among those messages, None when none waits; replays aside.
    """

    waiting: int
    failing: int
    stopped: int
    keyless: int
    waiting_since: datetime | None


def standing(at: datetime) -> Standing:
    """Where all webhooks stand together at that moment, for whoever watches over the registry."""
    found = list(with_waiting(heard(at)).select_related("progress"))
    return Standing(
        waiting=sum(webhook.waiting for webhook in found),
        failing=sum(webhook.progress.failures > 0 for webhook in found),
        stopped=stopped_by_us().count(),
        keyless=keyless(at).count(),
        waiting_since=min(
            (webhook.waiting_since for webhook in found if webhook.waiting_since), default=None
        ),
    )


def stopped_by_us() -> QuerySet[Webhook]:
    """Webhooks that were stopped by their receiver's failing and not by staff: somebody should ask the partner."""
    return Webhook.objects.filter(stopped_because__in=("gone", "failing")).order_by("-stopped_at")
