"""Whose key a request carries. A key reads `hpr_<prefix>_<secret>`; only its digest is stored."""

import hashlib
import hmac
import re
from datetime import datetime

from django.conf import settings

from registry.models import ApiKey

#: What a key can allow.
SCOPES = ("read",)

_SHAPE = re.compile(r"hpr_([a-z0-9]{4,16})_[A-Za-z0-9_-]{20,100}")


def find(raw_key: str, at: datetime) -> ApiKey | None:
    """The key, when it exists and may be used at that moment. One query.

    Takes as long for an unknown prefix as for a wrong secret, apart from the row that is fetched.
    """
    shape = _SHAPE.fullmatch(raw_key)
    if shape is None:
        return None
    key = ApiKey.objects.filter(prefix=shape[1]).first()
    same = hmac.compare_digest(digest_of(raw_key), key.digest if key else "0" * 64)
    return key if key is not None and same and key.usable(at) else None


def digest_of(raw_key: str) -> str:
    """HMAC-SHA256 of the whole key under the deployment's pepper, in hex: a copy of the table opens nothing."""
    return hmac.new(settings.API_KEY_PEPPER.encode(), raw_key.encode(), hashlib.sha256).hexdigest()
