"""Periods from one day until before another, without a bound where it is not known, as people read them."""

from datetime import date, timedelta


def format_period(start: date | None, end: date | None) -> str:
    """`từ 01/01/2025 đến 30/06/2025`: the last day counts. Empty without any bound."""
    words = []
    if start is not None:
        words.append(f"từ {start:%d/%m/%Y}")
    if end is not None:
        words.append(f"đến {end - timedelta(days=1):%d/%m/%Y}")
    return " ".join(words)
