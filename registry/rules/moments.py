"""How a moment is written for programs."""

from datetime import UTC, datetime


def as_text(moment: datetime | None) -> str | None:
    """A moment in UTC to the microsecond: sent back as `known_at` it finds the same publication."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
