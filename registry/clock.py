"""The only "now" of the registry. Doors read it and pass the time on; rules and queries never do."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in Hà Nội. (UTC's date is still yesterday's until 07:00 there.)"""
    return now().astimezone(HANOI).date()
