"""The only "now" of the registry. Doors read it and pass the time on; rules and queries never do."""

from datetime import UTC, date, datetime

from registry.rules.hanoi import day_of


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in Hà Nội."""
    return day_of(now())
