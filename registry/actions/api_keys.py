"""Giving partners keys, taking them back, and adding up how often they were used."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from registry.ledger.context import recorded
from registry.models import ApiKey, Partner, PepperMark
from registry.models.api_keys import networks
from registry.queries.api_keys import (
    MOST_LIVE_KEYS,
    PEPPER_OTHER,
    digest_of,
    is_other_pepper,
    live_keys,
    mark_of_pepper,
)
from registry.rules.api_keys import refuse_expiry, refuse_keys
from registry.rules.hanoi import day_of
from registry.rules.problems import Problem
from registry.rules.scopes import SCOPE
from registry.rules.text import clean_text

#: Letters and digits that are not mistaken for one another when read aloud.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def create_partner(name: str, *, contact: str, purpose: str, by: str | None = None) -> Partner:
    """A new partner. Raises Problem: key_in_text, partner_incomplete, partner_taken."""
    refuse_keys(name, contact, purpose)
    partner = Partner(name=clean_text(name), contact=contact.strip(), purpose=purpose.strip())
    if not (partner.name and partner.contact and partner.purpose):
        raise Problem("partner_incomplete", "Hãy ghi tên, đầu mối liên hệ và mục đích sử dụng của đối tác.")
    with recorded(actor=by, reason="Thêm đối tác"):
        if Partner.objects.filter(name=partner.name).exists():
            raise Problem("partner_taken", f"Đối tác “{partner.name}” đã có. Hãy cấp khóa cho đối tác đó.")
        partner.save()
    return partner


def create_api_key(
    partner: Partner,
    *,
    at: datetime,
    expires_at: datetime,
    scopes: Sequence[str] = SCOPE.codes,
    name: str = "",
    addresses: str = "",
    by: str | None = None,
) -> tuple[ApiKey, str]:
    """Make a key; the row and the key itself, which nobody can show again. The partner's other keys stay.

    `addresses`: networks, one a line; none means from everywhere.
    Raises Problem: scopes_missing, scope_unknown, expiry_passed, expiry_too_far, key_in_text, two_keys_live,
    pepper_other, and what `typed_network` refuses, with all that is wrong.
    """
    refuse_keys(name, addresses)
    if unknown := [scope for scope in scopes if scope not in SCOPE]:
        raise Problem("scope_unknown", f"Không có phạm vi “{unknown[0]}”. Các phạm vi: {', '.join(SCOPE)}.")
    if not scopes:
        raise Problem("scopes_missing", f"Hãy chọn ít nhất một phạm vi: {', '.join(SCOPE)}.")
    if expires_at <= at:
        raise Problem("expiry_passed", "Hạn của khóa đã qua. Hãy ghi một lúc sau bây giờ.")
    refuse_expiry(day_of(expires_at), today=day_of(at))
    try:
        places = networks(addresses)
    except ValidationError as error:
        code = error.error_dict["addresses"][0].code
        raise Problem(str(code), " ".join(error.messages)) from None
    with recorded(actor=by, reason="Cấp khóa API"):
        # Under the ledger's lock: two who give keys at once cannot both find room.
        check_room(partner, at)
        hold_to_pepper()
        prefix = _new_prefix()
        raw_key = f"hpr_{prefix}_{secrets.token_urlsafe(32)}"
        key = ApiKey.objects.create(
            partner=partner,
            name=clean_text(name),
            prefix=prefix,
            digest=digest_of(raw_key),
            scopes=" ".join(scope for scope in SCOPE if scope in scopes),
            addresses=places,
            created_at=at,
            expires_at=expires_at,
        )
    return key, raw_key


def hold_to_pepper() -> None:
    """Before a key or a secret is made. Raises Problem, pepper_other: with the right one it would not fit."""
    if is_other_pepper():
        raise Problem("pepper_other", PEPPER_OTHER)
    note_pepper()


def note_pepper() -> None:
    """From now on the keys and secrets here are held to be made under this API_KEY_PEPPER."""
    with transaction.atomic():
        PepperMark.objects.exclude(mark=mark_of_pepper()).delete()
        PepperMark.objects.bulk_create([PepperMark(mark=mark_of_pepper())], ignore_conflicts=True)


def check_room(partner: Partner, at: datetime) -> None:
    """Raises Problem two_keys_live when the partner can have no further key at that moment."""
    if live_keys(partner, at).count() >= MOST_LIVE_KEYS:
        raise Problem(
            "two_keys_live",
            f"Đối tác “{partner}” đang có {MOST_LIVE_KEYS} khóa dùng được. "
            "Hãy thu hồi một khóa trước khi cấp khóa mới.",
        )


def revoke_api_keys(keys: Iterable[ApiKey], *, at: datetime, by: str | None = None, reason: str = "") -> int:
    """From that moment on the keys open nothing; how many did until then. One revoked before keeps its moment.

    A partner left without a key that opens anything is sent nothing either (queries/webhooks.py, `heard`).
    """
    with recorded(actor=by, reason=reason or "Thu hồi khóa API"):
        found = ApiKey.objects.filter(pk__in=[key.pk for key in keys], revoked_at__isnull=True)
        return found.update(revoked_at=at)


_COUNTED = """
INSERT INTO registry_apikeyuse (key_id, day, requests, refused, last_at)
SELECT id, %s, %s, %s, %s FROM registry_apikey WHERE id = %s
ON CONFLICT (key_id, day) DO UPDATE SET
  requests = registry_apikeyuse.requests + excluded.requests,
  refused = registry_apikeyuse.refused + excluded.refused,
  last_at = CASE WHEN excluded.last_at > registry_apikeyuse.last_at
            THEN excluded.last_at ELSE registry_apikeyuse.last_at END
"""


def add_uses(counts: Iterable[tuple[int, date, int, int, datetime]]) -> None:
    """Add to what is known: key, day in Hà Nội, requests, those over the limit, moment of the last one.

    No transaction round them and no lock of the ledger. Whoever adds the same twice counts twice.
    """
    ops = connection.ops
    rows = [
        (ops.adapt_datefield_value(day), requests, refused, ops.adapt_datetimefield_value(last), key_id)
        for key_id, day, requests, refused, last in counts
    ]
    with connection.cursor() as cursor:
        for row in rows:
            cursor.execute(_COUNTED, row)


def _new_prefix() -> str:
    while True:
        prefix = "".join(secrets.choice(_LETTERS) for _ in range(8))
        if not ApiKey.objects.filter(prefix=prefix).exists():
            return prefix
