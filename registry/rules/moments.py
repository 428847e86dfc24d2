"""How a moment is written for programs, and read from people."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from registry.rules.hanoi import HANOI
from registry.rules.problems import Problem
from registry.rules.text import clean_text

#: Tells the moment at which it is asked.
Clock = Callable[[], datetime]

#: How old a moment is before nothing can be published by it any more, unless something was published after it: longer
#: than a publication takes to be seen once it has its moment.
SETTLED_AFTER = timedelta(seconds=5)

#: How a moment may be typed, and how long what is named lasts.
_FORMS = (
    ("%d/%m/%Y", timedelta(days=1)),
    ("%d/%m/%Y %H:%M", timedelta(minutes=1)),
    ("%H:%M %d/%m/%Y", timedelta(minutes=1)),
    ("%d/%m/%Y %H:%M:%S", timedelta(seconds=1)),
    ("%H:%M:%S %d/%m/%Y", timedelta(seconds=1)),
    ("%Y-%m-%d", timedelta(days=1)),
    ("%Y-%m-%dT%H:%M", timedelta(minutes=1)),
    ("%Y-%m-%dT%H:%M:%S", timedelta(seconds=1)),
)
#: No registry had a computer before; the first and the last of Python's years have no UTC.
_YEARS = range(1900, 9999)


def as_text(moment: datetime | None) -> str | None:
    """A moment in UTC to the microsecond: sent back as `known_at` it finds the same publication."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_moment(text: str) -> datetime:
    """The last moment of what is named: a day means its end, a minute its last microsecond.

    Raises Problem: moment_unreadable.
    """
    return read_span(text)[1]


def read_span(text: str) -> tuple[datetime, datetime]:
    """First and last moment of what staff type, in Hà Nội: `21/11/2026`, `21/11/2026 14:05`, `14:05 21/11/2026`, ISO.

    Raises Problem: moment_unreadable.
    """
    words = clean_text(text)
    for form, length in _FORMS:
        try:
            begin = datetime.strptime(words, form).replace(tzinfo=HANOI)
        except ValueError:
            continue
        if begin.year in _YEARS:
            return begin, begin + length - timedelta(microseconds=1)
    raise Problem(
        "moment_unreadable",
        f"Không đọc được thời điểm “{words}”. Hãy ghi ngày, hoặc ngày và giờ Hà Nội, như 21/11/2026 hay "
        "21/11/2026 14:05.",
    )
