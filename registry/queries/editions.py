"""Reading what was published in two clocks: where the registry stands, one answer, one page of answers.

Nothing here reads a working table.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import F, Model, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from registry.models import EDITIONS, Announcement, EditionTerm, Publication
from registry.models.editions import Edition

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Position:
    """A publication to read at: number 0 and no moment before the first one.

    `head` and `head_at` are the last publication, `announcement` the number of the last news, whatever is read.
    They are 0 and None where no publication was found.
    """

    seq: int = 0
    at: datetime | None = None
    head: int = 0
    head_at: datetime | None = None
    announcement: int = 0


def position(*, seq: int | None = None, moment: datetime | None = None) -> Position:
    """The last publication numbered at most `seq`, or made by that moment, or made at all. One query."""
    rows = Publication.objects.order_by("-seq")
    last, news = rows, Announcement.objects.order_by("-seq")
    if seq is not None:
        rows = rows.filter(seq__lte=seq)
    if moment is not None:
        rows = rows.filter(at__lte=moment)
    found = rows.values_list(
        "seq",
        "at",
        Subquery(last.values("seq")[:1]),
        Subquery(last.values("at")[:1]),
        Coalesce(Subquery(news.values("seq")[:1]), 0),
    ).first()
    return Position(*found) if found else Position()


def editions(kind: str, *, known_seq: int, valid_on: date) -> QuerySet[Edition]:
    """What the publications up to `known_seq` say of every subject of the kind on that day: one row each."""
    return (
        EDITIONS[kind]
        ._default_manager.filter(known_from__lte=known_seq, known_to__gt=known_seq)
        .filter(valid_from__lte=valid_on, valid_to__gt=valid_on)
    )


def edition(kind: str, code: str, *, known_seq: int, valid_on: date) -> Edition | None:
    """The answer about one subject; None when none was published by then or it is withdrawn."""
    return editions(kind, known_seq=known_seq, valid_on=valid_on).filter(code=code).first()


def found_by(rows: QuerySet[Edition], words: Sequence[str]) -> QuerySet[Edition]:
    """The editions that hold every word; words as `rules.text.search_text` writes them."""
    for word in words:
        rows = rows.filter(search_text__contains=word)
    return rows


def with_term(rows: QuerySet[Edition], kind: str, term: str, value: str) -> QuerySet[Edition]:
    """The editions that have that value of a many-valued filter."""
    terms = EditionTerm.objects.filter(kind=kind, term=term, value=value)
    return rows.filter(pk__in=terms.values("edition_id"))


@dataclass(frozen=True, slots=True)
class Order:
    column: str
    descending: bool = False

    def turned(self) -> "Order":
        return replace(self, descending=not self.descending)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the order asked for: the values of the order's columns, then the columns asked for.

    more: whether rows follow in the direction in which the page was read.
    """

    rows: list[tuple[Any, ...]]
    more: bool


def page(
    rows: QuerySet[Row],
    orders: Sequence[Order],
    columns: Sequence[str],
    *,
    size: int,
    start: Sequence[object] | None = None,
    backwards: bool = False,
) -> Page:
    """At most `size` rows beyond the row whose order values are `start`. One query.

    The last order must be of a unique column: then pages of an unchanging set neither repeat nor drop a row.
    """
    facing = [order.turned() if backwards else order for order in orders]
    if start is not None:
        rows = rows.filter(_beyond(facing, start))
    rows = rows.order_by(*(F(o.column).desc() if o.descending else F(o.column).asc() for o in facing))
    found = list(rows.values_list(*(order.column for order in orders), *columns)[: size + 1])
    kept = found[:size]
    return Page(kept[::-1] if backwards else kept, len(found) > size)


def _beyond(orders: Sequence[Order], start: Sequence[object]) -> Q:
    """`a <= x AND (a < x OR (b >= y AND …))`: the leading bound lets an index begin where the page begins."""
    order, value = orders[0], start[0]
    strict, loose = ("lt", "lte") if order.descending else ("gt", "gte")
    further = Q(**{f"{order.column}__{strict}": value})
    if len(orders) == 1:
        return further
    return Q(**{f"{order.column}__{loose}": value}) & (further | _beyond(orders[1:], start[1:]))
