"""When a message that could not be delivered is sent again, and for how long."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

#: A receiver that has taken nothing for so long is sent nothing more until a member of staff says so.
GIVEN_UP_AFTER = timedelta(days=3)
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=6)
#: How long a receiver may ask us to wait; nothing else makes us wait longer.
LONGEST_ASKED = timedelta(days=1)


def pause_after(failures: int, *, chance: float) -> timedelta:
    """How long to wait after that many failures in a row (from 1): 10 s, 40 s, 160 s … 6 hours.

    `chance`, 0 to 1, lengthens it by up to a fifth, so that many do not come back at the same moment.
    """
    pause = LONGEST_PAUSE if failures > 7 else min(FIRST_PAUSE * 4 ** (failures - 1), LONGEST_PAUSE)
    return pause * (1 + chance / 5)


def pause_asked(retry_after: str | None, *, at: datetime) -> timedelta:
    """What the header `Retry-After` (seconds, or a moment) asks for; none when it is missing or unreadable."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_ASKED)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return timedelta()
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - at, timedelta()), LONGEST_ASKED)


def failing_from(since: datetime | None, *, due: datetime, at: datetime) -> datetime:
    """From when on a failure at that moment counts, of a receiver failing since then whose attempt was due earlier.

    Time in which nobody tried is not the receiver's: the worker stood still, or a clock was put right meanwhile.
    """
    if since is None:
        return at
    return min(since + max(at - due, timedelta()), at)
