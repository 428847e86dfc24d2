"""Questions about webhooks: their secrets, what waits for them, which of them need somebody."""

import hashlib
import hmac
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import (
    Case,
    Exists,
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
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat, Trim

from registry.models import Announcement, ApiKey, Webhook, WebhookBacklog, WebhookReplay, WebhookSecret
from registry.queries.api_keys import SOON, closed, usable_at
from registry.queries.api_keys import keyless as partner_keyless
from registry.rules.scopes import SCOPE, kinds_needing, kinds_of


def secret_of(row: WebhookSecret) -> bytes:
    """The secret that signs: 32 bytes made from the row's nonce under the deployment's pepper.

    It is stored nowhere: a copy of the database signs nothing.
    """
    derived_from = f"webhook secret {row.nonce}".encode()
    return hmac.new(settings.API_KEY_PEPPER.encode(), derived_from, hashlib.sha256).digest()


def running() -> QuerySet[Webhook]:
    """Webhooks that nobody stopped: neither staff nor a receiver's failing."""
    return Webhook.objects.filter(stopped_at__isnull=True)


def heard(at: datetime) -> QuerySet[Webhook, Any]:
    """Webhooks that are sent what waits for them, as `with_closed` has them: those that run, of partners who read
    something.

    The one place that says so. Nothing is written when a key ends: with the next key of its partner a webhook goes on
    where it was, and a clock that was wrong for an hour has stopped none.
    """
    return with_closed(running().exclude(partner_keyless(at)), at)


def kinds_told(webhook: Any) -> frozenset[str]:
    """The kinds that one of `heard` is told of: those of its scopes, less what no key of its partner opens."""
    return frozenset(webhook.kinds - kinds_needing(webhook.closed.split()))


def keyless(at: datetime) -> QuerySet[Webhook]:
    """Webhooks that run and are sent nothing until their partner has a key."""
    return running().filter(partner_keyless(at))


def with_closed(
    webhooks: QuerySet[Webhook],
    at: datetime,
    *,
    without: QuerySet[ApiKey] | None = None,
    kept: Collection[str] = (),
) -> QuerySet[Webhook, Any]:
    """These webhooks, each with `keyless`: whether its partner reads nothing at that moment; and `closed`: which of its
    scopes no key of the partner opens, as text, parted by spaces.

    without: `closed` as if those keys had ended; kept: but for these scopes.
    """
    parts = [
        Case(
            When(
                Q(scopes__contains=scope) & closed(scope, at, without=None if scope in kept else without),
                then=Value(f"{scope} "),
            ),
            default=Value(""),
        )
        for scope in SCOPE
    ]
    return webhooks.annotate(
        keyless=partner_keyless(at), closed=Trim(Concat(*parts, output_field=TextField()))
    )


def keyless_without(keys: QuerySet[ApiKey], at: datetime) -> QuerySet[Webhook]:
    """Webhooks that would be sent nothing more if those keys ended at that moment."""
    others = ApiKey.objects.filter(usable_at(at)).exclude(pk__in=keys.values("pk"))
    return heard(at).filter(partner__in=keys.values("partner")).exclude(partner__in=others.values("partner"))


def closed_without(
    keys: QuerySet[ApiKey], at: datetime, *, kept: Collection[str] = ()
) -> list[tuple[Webhook, list[str]]]:
    """Webhooks that would be told less, yet something, if those keys ended at that moment; each with those scopes.

    kept: if those keys went on and opened these scopes only.
    """
    those = running().filter(partner__in=keys.values("partner"))
    silenced = [] if kept else [webhook.pk for webhook in keyless_without(keys, at)]
    then = with_closed(those.exclude(pk__in=silenced), at, without=keys, kept=kept)
    return _closed_between(heard(at).filter(pk__in=those.values("pk")), then)


def closing(at: datetime) -> list[tuple[Webhook, list[str]]]:
    """Webhooks that are told less, yet something, because a key ends by itself soon or did lately; each with those
    scopes. Whose partner's last key ends is among `lapsing`.
    """
    then = at + SOON
    return _closed_between(
        with_closed(running(), at - SOON),
        with_closed(running().exclude(partner_keyless(then)), then),
    )


def _closed_between(
    before: QuerySet[Webhook, Any], after: QuerySet[Webhook, Any]
) -> list[tuple[Webhook, list[str]]]:
    """Those of both that `with_closed` found, with the scopes that are closed after and were not before."""
    was = {webhook.pk: webhook.closed.split() for webhook in before}
    found = []
    for webhook in after.filter(pk__in=was).select_related("partner"):
        if scopes := [scope for scope in webhook.closed.split() if scope not in was[webhook.pk]]:
            found.append((webhook, scopes))
    return found


def with_open_backlog(at: datetime) -> QuerySet[WebhookBacklog]:
    """What is late of scopes that a key of the partner opens at that moment."""
    keys = ApiKey.objects.filter(usable_at(at), partner=OuterRef("webhook__partner"))
    opened = Exists(keys.filter(scopes__contains=OuterRef("scope")))
    return WebhookBacklog.objects.filter(opened, webhook__scopes__contains=F("scope"))


def waiting_for(webhook: Webhook) -> int:
    """How many announcements a webhook has not yet been told of, replays included."""
    count: int = with_waiting(Webhook.objects.filter(pk=webhook.pk)).get().waiting
    return count


def with_waiting(webhooks: QuerySet[Webhook]) -> QuerySet[Webhook, Any]:
    """These webhooks, each with what it has not yet been told of, also what no key opens now; asked together.

    `waiting`: how many announcements, replays included; `waiting_since`: the moment of the oldest news among them,
    backlogs aside.
    """
    news = _heard(OuterRef("scopes"), seq__gt=OuterRef("progress__position"))
    again = _heard(OuterRef("webhook__scopes"), seq__gt=OuterRef("position"), seq__lte=OuterRef("last"))
    late = _heard(
        OuterRef("scope"),
        kinds_needing,
        seq__gt=OuterRef("position"),
        seq__lte=OuterRef("webhook__progress__position"),
    )
    replays = WebhookReplay.objects.filter(webhook=OuterRef("pk"), finished_at__isnull=True)
    backlogs = WebhookBacklog.objects.filter(webhook=OuterRef("pk"), webhook__scopes__contains=F("scope"))
    return webhooks.annotate(
        waiting=_count_of(news) + _sum_of(replays, again) + _sum_of(backlogs, late),
        waiting_since=Subquery(news.order_by("seq").values("at")[:1]),
    )


def _heard(
    scopes: OuterRef, kinds: Callable[[list[str]], frozenset[str]] = kinds_of, **between: OuterRef
) -> QuerySet[Announcement]:
    """The announcements between those numbers that are of the kinds which the scopes open."""
    rows = Announcement.objects.order_by().annotate(scopes=ExpressionWrapper(scopes, TextField()))
    opened = (Q(scopes__contains=scope, kind__in=kinds([scope])) for scope in SCOPE)
    return rows.filter(reduce(or_, opened), **between)


def _sum_of(rows: QuerySet[Any], news: QuerySet[Announcement]) -> Coalesce:
    """How many announcements there are for all of those rows of one webhook together."""
    counted = rows.order_by().annotate(heard=_count_of(news)).values("webhook")
    return Coalesce(Subquery(counted.annotate(sum=Sum("heard")).values("sum")), 0)


def _count_of(rows: QuerySet[Announcement]) -> Coalesce:
    # Not `Count`, which would group by something.
    count = Func(F("seq"), function="COUNT", output_field=IntegerField())
    return Coalesce(Subquery(rows.values(count=count)), 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """waiting: messages not yet delivered, of webhooks that are sent any; stopped: webhooks we stopped ourselves.

    keyless: webhooks whose partner has no key; what is kept for them, or for a scope that no key opens, is not among
    the waiting. waiting_since: the moment of the oldest news among those messages, None when none waits; replays aside.
    """

    waiting: int
    failing: int
    stopped: int
    keyless: int
    waiting_since: datetime | None


def standing(at: datetime) -> Standing:
    """Where all webhooks stand together at that moment, for whoever watches over the registry."""
    behind = Exists(WebhookBacklog.objects.filter(webhook=OuterRef("pk")))
    found = list(with_waiting(heard(at)).select_related("progress").annotate(behind=behind))
    for webhook in found:
        if webhook.closed or webhook.behind:
            _count_what_may_be_told(webhook)
    return Standing(
        waiting=sum(webhook.waiting for webhook in found),
        failing=sum(webhook.progress.failures > 0 for webhook in found),
        stopped=stopped_by_us().count(),
        keyless=keyless(at).count(),
        waiting_since=min(
            (webhook.waiting_since for webhook in found if webhook.waiting_since), default=None
        ),
    )


def _count_what_may_be_told(webhook: Any) -> None:
    """Leave out of `waiting` and `waiting_since` what no key opens, and count backlogs that one opens now."""
    position, late = webhook.progress.position, Q()
    closed_now = webhook.closed.split()
    untold = Announcement.objects.filter(seq__gt=position, kind__in=kinds_needing(closed_now)).count()
    for backlog in webhook.backlogs.all():
        kinds = kinds_needing([backlog.scope]) & webhook.kinds
        behind = Q(kind__in=kinds, seq__gt=backlog.position, seq__lte=position)
        if backlog.scope in closed_now:
            untold += Announcement.objects.filter(behind).count()
        else:
            late |= behind
    webhook.waiting -= untold
    may_be = Q(seq__gt=position, kind__in=kinds_told(webhook)) | late
    oldest = Announcement.objects.filter(may_be).order_by("seq").first()
    webhook.waiting_since = oldest and oldest.at


def stopped_by_us() -> QuerySet[Webhook]:
    """Webhooks that were stopped by their receiver's failing and not by staff: somebody should ask the partner."""
    return Webhook.objects.filter(stopped_because__in=("gone", "failing")).order_by("-stopped_at")
