"""Keys for readers in tests."""

from datetime import datetime, timedelta
from typing import Any

from registry.actions.api_keys import create_api_key, create_partner
from registry.models import ApiKey, Partner

#: As long as a key may last, or a day less.
FIVE_YEARS = timedelta(days=5 * 365 + 1)


def partner_named(name: str) -> Partner:
    """The partner of that name, made when there is none."""
    return Partner.objects.filter(name=name).first() or create_partner(
        name, contact="Phòng công nghệ thông tin", purpose="Tra cứu", by="system"
    )


def new_key(name: str, *, at: datetime, **given: Any) -> tuple[ApiKey, str]:
    """A key of the partner of that name, with every scope and for five years unless told otherwise; and its text."""
    return create_api_key(partner_named(name), at=at, **{"expires_at": at + FIVE_YEARS, **given})
