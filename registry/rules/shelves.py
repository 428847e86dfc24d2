"""On which shelf of its list a record stands: the words that it is found by are kept with it (docs/why/search.md).

Of the kinds of which there are many. A word's first and last shelf say where in the list to begin and to stop.
"""

from calendar import monthrange
from datetime import date

from registry.rules.text import LONGEST_WORD

#: By kind the column that its list is ordered by: days. A shelf is a month.
ORDERED_BY = {"decision": "issued_on"}

#: A blank, which no word holds, a year and a month.
WIDTH = len(" 202311")
_ROOM = LONGEST_WORD - WIDTH
FIRST, LAST = "000101", "999912"
#: Above every word on a shelf, and below every longer word.
ABOVE = "!"


def on_shelf(word: str, day: date) -> str:
    """`lap 201605`: a word as it is kept of a record of that day."""
    return f"{word[:_ROOM]} {day.year:04}{day.month:02}"


def bounds(kind: str, word: str) -> tuple[str, str]:
    """From and up to what is kept for a word asked for: those that begin so; a number is itself alone."""
    word = word[:_ROOM] if kind in ORDERED_BY else word
    return word, word + (ABOVE if word.isdecimal() else "\U0010ffff")


def days_of(first: str, last: str) -> tuple[date, date]:
    """The first day of one shelf and the last day of another: `201605`, `201712`."""
    year, month = int(last[:4]), int(last[4:])
    return date(int(first[:4]), int(first[4:]), 1), date(year, month, monthrange(year, month)[1])
