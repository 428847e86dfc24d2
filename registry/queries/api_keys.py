"""Whose key a request carries. A key reads `hpr_<prefix>_<secret>`; only its digest is stored."""

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from registry.models.api_keys import ApiKey, ApiKeyUse, PepperMark
from registry.models.partners import Partner
from registry.models.webhooks import Webhook
from registry.queries.prepared import rows_of
from registry.rules.addresses import Address, Network, parse_network, within
from registry.rules.api_keys import KEY
from registry.rules.scopes import kinds_of

#: A partner changes keys without a gap: the new one beside the old one, then the old one goes.
MOST_LIVE_KEYS = 2
#: A key that ends within so long is said to end soon; one that ended so long ago is no longer news.
SOON = timedelta(days=30)

# Written out: it is asked with every request, and making it from the models takes longer than answering it.
_ASKED = """\
SELECT k.id, k.digest, k.scopes, k.addresses, k.revoked_at IS NULL AND k.expires_at > %s, p.requests_per_minute
FROM registry_apikey k JOIN registry_partner p ON p.id = k.partner_id WHERE k.prefix = %s
"""
_NOBODY = (0, "0" * 64, "", "", False, None)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads with a key: all that one query tells of the key and its partner."""

    key_id: int
    kinds: frozenset[str]
    requests_per_minute: int | None


def find(raw_key: str, at: datetime, address: Address | None = None) -> Reader | None:
    """The reader, when the key exists and may be used at that moment from that address. One query.

    Does the same work whatever is wrong: nothing is left out once one thing did not fit.
    """
    shape = KEY.fullmatch(raw_key)
    if shape is None:
        return None
    found = rows_of(_ASKED, [connection.ops.adapt_datetimefield_value(at), shape[1]], by_key=True)
    key_id, digest, scopes, addresses, usable, rate = found[0] if found else _NOBODY
    same = hmac.compare_digest(digest_of(raw_key), digest)
    here = within(address, _networks(addresses))
    reader = Reader(key_id, _kinds(scopes), rate)
    return reader if all((same, usable, here)) else None


def digest_of(raw_key: str) -> str:
    """HMAC-SHA256 of the whole key under the deployment's pepper, in hex: a copy of the table opens nothing."""
    return hmac.digest(settings.API_KEY_PEPPER.encode(), raw_key.encode(), "sha256").hex()


def mark_of_pepper() -> str:
    """In hex: the same only where the same pepper is. From it nobody gets to the pepper, to a key or to a secret."""
    return hmac.digest(settings.API_KEY_PEPPER.encode(), b"which pepper", "sha256").hex()


#: For whoever runs the registry: partners only see that no key fits any more.
PEPPER_OTHER = (
    "API_KEY_PEPPER không phải giá trị mà các khóa API và bí mật webhook ở đây được tạo (pepper_other): mọi khóa bị từ "
    "chối, webhook không gửi. Hãy đặt lại đúng giá trị cũ rồi khởi động lại. Nếu nó đã mất: manage.py prepare "
    "--other-pepper, rồi cấp lại khóa và bí mật."
)


def is_other_pepper() -> bool:
    """Whether API_KEY_PEPPER is another than the keys here were made under; no, where nobody has noted which."""
    if PepperMark._meta.db_table not in connection.introspection.table_names():
        return False  # not migrated yet
    return (
        bool(noted := set(PepperMark.objects.values_list("mark", flat=True)))
        and mark_of_pepper() not in noted
    )


@lru_cache(maxsize=1000)
def _networks(text: str) -> tuple[Network, ...]:
    return tuple(parse_network(line) for line in text.split())


@lru_cache(maxsize=100)
def _kinds(scopes: str) -> frozenset[str]:
    return kinds_of(scopes.split())


def live_keys(partner: Partner, at: datetime) -> QuerySet[ApiKey]:
    """The partner's keys that open something at that moment."""
    return ApiKey.objects.filter(partner=partner).filter(usable_at(at))


def usable_at(at: datetime) -> Q:
    return Q(revoked_at__isnull=True, expires_at__gt=at)


def keyless(at: datetime) -> Q:
    """Of rows with a partner: that it reads nothing at that moment.

    None of its keys opens anything, whatever ended them; or it never had one, where nobody reads without.
    """
    keys = ApiKey.objects.filter(partner=OuterRef("partner"))
    over = ~Q(Exists(keys.filter(usable_at(at))))
    return Q(Exists(keys)) & over if settings.ANONYMOUS_READING else over


def closed(scope: str, at: datetime, *, without: QuerySet[ApiKey] | None = None) -> Q:
    """Of rows with a partner that was given keys: that none of them opens the scope at that moment.

    A partner that never had one reads what everybody may read. without: as if those keys had ended.
    """
    keys = ApiKey.objects.filter(partner=OuterRef("partner"))
    open_now = keys.filter(usable_at(at), scopes__contains=scope)
    if without is not None:
        open_now = open_now.exclude(pk__in=without.values("pk"))
    return Q(Exists(keys)) & ~Q(Exists(open_now))


def lapsing(at: datetime) -> QuerySet[Partner, Any]:
    """Partners whose last key ends by itself soon or did lately; with a running webhook, whenever it did. First who
    ends first.

    `ends_at`: when; `has_webhooks`: whether one of them runs. Those whose last key staff revoked are not among them.
    """
    found = Partner.objects.annotate(
        ends_at=Max("keys__expires_at", filter=Q(keys__revoked_at__isnull=True)),
        revoked_last=Max("keys__revoked_at"),
        has_webhooks=Exists(Webhook.objects.filter(partner=OuterRef("pk"), stopped_at__isnull=True)),
    )
    by_itself = Q(revoked_last__isnull=True) | Q(revoked_last__lt=F("ends_at"))
    lately = Q(ends_at__gt=at - SOON) | Q(has_webhooks=True)
    return found.filter(by_itself, lately, ends_at__lt=at + SOON).order_by("ends_at", "pk")


def with_last_use(keys: QuerySet[ApiKey]) -> QuerySet[ApiKey]:
    """These keys, each with `last_used_at`: the moment of its last request, None when it made none."""
    return keys.annotate(last_used_at=Max("uses__last_at"))


def uses_by_day(key: ApiKey, last: date, days: int = 30) -> list[tuple[date, int, int]]:
    """Day, requests answered or refused, and those among them over the limit; every day up to the last one."""
    first = last - timedelta(days=days - 1)
    rows = ApiKeyUse.objects.filter(key=key, day__range=(first, last)).values_list(
        "day", "requests", "refused"
    )
    known = {day: (requests, refused) for day, requests, refused in rows}
    return [(day, *known.get(day, (0, 0))) for day in (first + timedelta(days=n) for n in range(days))]
