"""Giving partners keys and taking them back."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from registry.ledger.context import recorded
from registry.models import ApiKey
from registry.queries.api_keys import SCOPES, digest_of
from registry.rules.problems import Problem
from registry.rules.text import clean_text

#: Letters and digits that are not mistaken for one another when read aloud.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def create_api_key(
    name: str,
    *,
    at: datetime,
    scopes: Sequence[str] = ("read",),
    expires_at: datetime | None = None,
    by: str = "system",
) -> tuple[ApiKey, str]:
    """Make a key; the row and the key itself, which nobody can show again.

    Raises Problem: api_key_unnamed, scope_unknown, expiry_passed.
    """
    name = clean_text(name)
    if not name:
        raise Problem("api_key_unnamed", "Hãy ghi tên đối tác sẽ dùng khóa.")
    if unknown := [scope for scope in scopes if scope not in SCOPES]:
        raise Problem("scope_unknown", f"Không có phạm vi “{unknown[0]}”. Các phạm vi: {', '.join(SCOPES)}.")
    if expires_at is not None and expires_at <= at:
        raise Problem("expiry_passed", "Ngày hết hạn đã qua. Hãy ghi một ngày từ hôm nay trở đi.")
    with recorded(actor=by, reason="Cấp khóa API"):
        prefix = _new_prefix()
        raw_key = f"hpr_{prefix}_{secrets.token_urlsafe(32)}"
        key = ApiKey.objects.create(
            name=name,
            prefix=prefix,
            digest=digest_of(raw_key),
            scopes=" ".join(dict.fromkeys(scopes)),
            created_at=at,
            expires_at=expires_at,
        )
    return key, raw_key


def revoke_api_key(key: ApiKey, *, at: datetime, by: str, reason: str = "") -> None:
    """From that moment on the key opens nothing. A key revoked before keeps its first moment."""
    with recorded(actor=by, reason=reason or "Thu hồi khóa API"):
        ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=at)


def _new_prefix() -> str:
    while True:
        prefix = "".join(secrets.choice(_LETTERS) for _ in range(8))
        if not ApiKey.objects.filter(prefix=prefix).exists():
            return prefix
