"""Moments and days in Hà Nội, the registry's only time zone. No clock here: see registry/clock.py."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def day_of(moment: datetime) -> date:
    """The date in Hà Nội at that moment. (UTC's date is still the day before until 07:00 there.)"""
    return moment.astimezone(HANOI).date()


def start_of(day: date) -> datetime:
    """The first moment of that day in Hà Nội."""
    return datetime.combine(day, time(), HANOI)


def end_of(day: date) -> datetime:
    """The last moment of that day in Hà Nội."""
    return datetime.combine(day + timedelta(days=1), time(), HANOI) - timedelta(microseconds=1)
