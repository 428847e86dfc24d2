"""What a composer may read, and what it makes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, TypeAlias

Content: TypeAlias = Mapping[str, Any]

FIRST_DAY = date(1, 1, 1)
OPEN_DAY = date(9999, 12, 31)


#: The columns by which others name a record of any kind, or are found by it.
LABEL = (
    "code",
    "group",
    "name",
    "number",
    "number_family",
    "number_year",
    "places",
    "symbol",
    "title",
    "unit",
    "unit_kind",
)


def own_label(content: Content) -> Content:
    return {column: content[column] for column in LABEL if column in content}


class World(Protocol):
    """The published contents, as of one publication. These three are the only ways to read."""

    def content(self, kind: str, subject_id: int) -> Content | None:
        """The subject's latest content; None when it was never published or is withdrawn."""

    def label(self, kind: str, subject_id: int) -> Content | None:
        """What others call the subject: the columns of its content that are in LABEL. None as in `content`.

        Whoever asks for no more is not composed again when anything else of the subject changes.
        """

    def pointing(self, role: str, kind: str, subject_id: int) -> list[int]:
        """Ids of the published subjects that point, in that role, to the subject; ascending.

        Each role belongs to one kind of pointer: see `subjects.POINTERS`.
        """


#: What an answer is found by besides its columns: a name and a value, and the position of the row that says so.
Term: TypeAlias = tuple[str, str] | tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """One answer for the days [valid_from, valid_to)."""

    valid_from: date
    valid_to: date
    columns: Mapping[str, Any]
    body: Mapping[str, Any]
    terms: tuple[Term, ...] = field(default=())


def number(text: str | None) -> int | float | None:
    """A decimal kept as text, as the JSON number it stands for."""
    if text is None:
        return None
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else float(value)


def fixed(value: Decimal | str) -> str:
    """A number of at least 0 as a term: so that the order of the texts is that of the numbers."""
    return f"{Decimal(value):018.4f}"


def day_term(term: str, on: date | str | None) -> set[tuple[str, str]]:
    """A day to find by; none while it is unknown."""
    return set() if on is None else {(term, on if isinstance(on, str) else on.isoformat())}


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def stretches(days: set[date]) -> list[tuple[date, date]]:
    """The whole axis of days cut at the given days: half-open neighbours without gap."""
    cuts = sorted({FIRST_DAY, *(d for d in days if FIRST_DAY < d < OPEN_DAY)})
    return list(zip(cuts, [*cuts[1:], OPEN_DAY], strict=True))


def joined(rectangles: list[Rectangle]) -> list[Rectangle]:
    """Neighbours that say the same become one."""
    result: list[Rectangle] = []
    for rectangle in rectangles:
        last = result[-1] if result else None
        if last and (last.columns, last.body, last.terms) == (
            rectangle.columns,
            rectangle.body,
            rectangle.terms,
        ):
            result[-1] = Rectangle(last.valid_from, rectangle.valid_to, last.columns, last.body, last.terms)
        else:
            result.append(rectangle)
    return result
