"""Dates as papers state them: often only to the month or year, or "as of". Day first, as Vietnamese write.

A fact acts from the *latest* day its stated date allows: we never say a thing was so before it surely was.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from registry.rules.problems import Problem
from registry.rules.text import clean_text, mend_letters, plain_dashes

Precision = Literal["day", "month", "year", "period", "unknown"]

_FIRST_YEAR, _LAST_YEAR = 1900, 2199

_DAY = re.compile(r"(?:ngày )?(\d{1,2})(?: ?[/.\-] ?|(?: tháng ))(\d{1,2})(?: ?[/.\-] ?|(?: năm ))(\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTH = re.compile(r"(?:tháng )?(\d{1,2})(?: ?[/.\-] ?|(?: năm ))(\d{4})")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_QUARTER = re.compile(r"quý (iv|i{1,3}|[1-4])(?: ?[/\-] ?|(?: năm ))(\d{4})")
_YEAR = re.compile(r"(?:năm )?(\d{4})")
_SPAN = re.compile(r"(?:từ )?(.+?) (?:đến|tới) (?:hết )?(.+)")
_YEARS = re.compile(r"(?:giai đoạn )?(\d{4})-(\d{4})")
_UNTIL = re.compile(r"(?:tính |lũy kế |luỹ kế )?(?:đến|tới) (?:hết |cuối )?(.+)")
_BEFORE = re.compile(r"trước (.+)")
_SINCE = re.compile(r"(?:kể )?từ (.+)")
_UNKNOWN = frozenset(("", "?", "chưa rõ", "không rõ", "chưa biết", "không có"))
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A day known to lie between two days, both included; None: no bound known. And the words for it."""

    earliest: date | None
    latest: date | None
    stated_as: str = ""

    @property
    def precision(self) -> Precision:
        """How exactly it is known; `period` for every other bound or pair of bounds."""
        if self.earliest is None and self.latest is None:
            return "unknown"
        if self.earliest is None or self.latest is None:
            return "period"
        if self.earliest == self.latest:
            return "day"
        if (self.earliest, self.latest) == _month(self.latest.year, self.latest.month):
            return "month"
        if (self.earliest, self.latest) == _year(self.latest.year):
            return "year"
        return "period"

    @property
    def exact(self) -> date | None:
        """The day, when it is known to the day."""
        return self.earliest if self.precision == "day" else None


def parse_stated(text: str) -> StatedDate:
    """Read a date as staff type it, or ISO. Empty or “chưa rõ”: unknown.

    `23/2/2022`, `tháng 2/2022`, `quý I/2022`, `năm 2022`, `đến tháng 6/2023`, `trước 1/7/2023`, `từ … đến …`,
    `giai đoạn 2019-2024`.

    Raises Problem `date_unreadable`, also for days no calendar has and for years of two digits.
    """
    stated_as = clean_text(text)
    bounds = _bounds(plain_dashes(clean_text(mend_letters(text))).lower().strip(" .,;"))
    if bounds is None:
        raise Problem(
            "date_unreadable",
            f"Không đọc được ngày “{stated_as}”. Hãy ghi như 23/02/2022, 02/2022, 2022 (năm đủ bốn chữ số), "
            "“đến tháng 6/2023”, hoặc để trống khi chưa rõ.",
        )
    return StatedDate(*bounds, stated_as)


def format_vi(stated: StatedDate) -> str:
    """The bounds in words that `parse_stated` reads back: `23/02/2022`, `tháng 02/2022`, `đến …`."""
    earliest, latest = stated.earliest, stated.latest
    if earliest is None or latest is None:
        if latest is not None:
            return f"đến {day_vi(latest)}"
        return "chưa rõ" if earliest is None else f"từ {day_vi(earliest)}"
    match stated.precision:
        case "day":
            return day_vi(latest)
        case "month":
            return f"tháng {latest.month:02d}/{latest.year:04d}"
        case "year":
            return f"năm {latest.year:04d}"
        case _:
            return f"từ {day_vi(earliest)} đến {day_vi(latest)}"


def day_vi(day: date) -> str:
    """One day, dd/mm/yyyy."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


_Bounds = tuple[date | None, date | None]


def _bounds(words: str) -> _Bounds | None:
    if words in _UNKNOWN:
        return None, None
    period = _period(words)
    if period is not None:
        return period
    if match := _YEARS.fullmatch(words):
        start, end = _year(int(match[1])), _year(int(match[2]))
        return (start[0], end[1]) if start and end and start[0] <= end[0] else None
    if match := _UNTIL.fullmatch(words):
        end = _period(match[1])
        return end and (None, end[1])
    if match := _BEFORE.fullmatch(words):
        end = _period(match[1])
        return end and (None, end[0] - timedelta(days=1))
    if match := _SPAN.fullmatch(words):
        start, end = _period(match[1]), _period(match[2])
        return (start[0], end[1]) if start and end and start[0] <= end[1] else None
    if match := _SINCE.fullmatch(words):
        start = _period(match[1])
        return start and (start[0], None)
    return None


def _period(words: str) -> tuple[date, date] | None:
    """First and last day of a day, month, quarter or year; None when it is none of these."""
    if match := _DAY.fullmatch(words):
        return _day(int(match[3]), int(match[2]), int(match[1]))
    if match := _ISO_DAY.fullmatch(words):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _MONTH.fullmatch(words):
        return _month(int(match[2]), int(match[1]))
    if match := _ISO_MONTH.fullmatch(words):
        return _month(int(match[1]), int(match[2]))
    if match := _QUARTER.fullmatch(words):
        return _quarter(int(match[2]), _QUARTERS[match[1]])
    if match := _YEAR.fullmatch(words):
        return _year(int(match[1]))
    return None


def _day(year: int, month: int, day: int) -> tuple[date, date] | None:
    whole = _month(year, month)
    if whole is None or not 1 <= day <= whole[1].day:
        return None
    return date(year, month, day), date(year, month, day)


def _month(year: int, month: int) -> tuple[date, date] | None:
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= 12):
        return None
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _quarter(year: int, quarter: int) -> tuple[date, date] | None:
    first, last = _month(year, 3 * quarter - 2), _month(year, 3 * quarter)
    return (first[0], last[1]) if first and last else None


def _year(year: int) -> tuple[date, date] | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    return date(year, 1, 1), date(year, 12, 31)


def acts_on(issued: StatedDate, effective: StatedDate) -> date | None:
    """The day from which a paper acts: the latest day that its stated dates allow; None when they allow any.

    "Từ 01/01/2027" has no latest day: that very day, and never the earlier day of signing.
    """
    if effective.latest is None and effective.earliest is not None:
        return max(effective.earliest, issued.latest or effective.earliest)
    return effective.latest or issued.latest
