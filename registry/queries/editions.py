"""Reading what was published in two clocks: where the registry stands, one answer, one page of answers.

Nothing here reads a working table.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar

from django.db.models import CharField, Exists, F, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import IsNull

from registry.models import EDITIONS, Announcement, EditionTerm, PlaceEdition, Publication, Recovery
from registry.models.editions import OPEN_SEQ, Edition
from registry.queries.prepared import Given, Prepared
from registry.rules.composition.bounds import LEAST, MOST
from registry.rules.composition.orders import IN_COLUMNS

Row = TypeVar("Row", bound=Model)

#: How a column that holds a term begins: see `with_term_column`.
BY_TERM = "by_"


@dataclass(frozen=True, slots=True)
class Position:
    """A publication to read at: number 0 and no moment before the first one.

    `head` and `head_at` are the last publication, `announcement` what `last_announcement` gives, whatever is read.
    They are 0 and None where no publication was found.
    """

    seq: int = 0
    at: datetime | None = None
    head: int = 0
    head_at: datetime | None = None
    announcement: int = 0


def position(*, seq: int | None = None, moment: datetime | None = None) -> Position:
    """The last publication numbered at most `seq`, or made by that moment, or made at all. One query."""
    if seq is None and moment is None:
        for last, at, news in _LAST():
            return Position(last, at, last, at, news)
        return Position()
    found = _NUMBERED(seq=seq) if seq is not None else _MADE_BY(moment=moment)
    return Position(*found[0]) if found else Position()


def _positions(**bound: Any) -> QuerySet[Publication, tuple[Any, ...]]:
    rows = Publication.objects.order_by("-seq")
    head = Subquery(rows.values("seq")[:1]), Subquery(rows.values("at")[:1])
    return rows.filter(**bound).values_list("seq", "at", *head, _last_news())[:1]


def _last_news() -> Greatest:
    news, restored = Announcement.objects.order_by("-seq"), Recovery.objects.order_by("-seq")
    return Greatest(
        Coalesce(Subquery(news.values("seq")[:1]), 0), Coalesce(Subquery(restored.values("seq")[:1]), 0)
    )


_LAST = Prepared(
    lambda: Publication.objects.order_by("-seq").values_list("seq", "at", _last_news())[:1], by_key=True
)
_NUMBERED = Prepared(lambda: _positions(seq__lte=Given("seq", Publication.seq.field)), by_key=True)
_MADE_BY = Prepared(lambda: _positions(at__lte=Given("moment", Publication.at.field)))


def editions(kind: str, *, known_seq: int | Given, valid_on: date | Given) -> QuerySet[Edition]:
    """What the publications up to `known_seq` say of every subject of the kind on that day: one row each."""
    return (
        EDITIONS[kind]
        ._default_manager.filter(known_from__lte=known_seq, known_to__gt=known_seq)
        .filter(valid_from__lte=valid_on, valid_to__gt=valid_on)
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """The stored answer about one subject."""

    subject_id: int
    etag: str
    body: bytes


def edition(kind: str, code: str, *, known_seq: int, valid_on: date) -> Answer | None:
    """The answer about one subject; None when none was published by then or it is withdrawn. One query."""
    for subject_id, etag, body in _prepared_edition(kind)(code=code, known_seq=known_seq, valid_on=valid_on):
        return Answer(subject_id, etag, bytes(body))
    return None


@lru_cache
def _prepared_edition(kind: str) -> Prepared:
    def rows() -> QuerySet[Edition, tuple[Any, ...]]:
        code = Given("code", EDITIONS[kind].code.field)
        return _given_editions(kind).filter(code=code).values_list("subject_id", "etag", "body")[:1]

    return Prepared(rows, by_key=True)


def _given_editions(kind: str) -> QuerySet[Edition]:
    """`editions` at clocks that come with each asking."""
    model = EDITIONS[kind]
    return editions(
        kind,
        known_seq=Given("known_seq", model.known_from.field),
        valid_on=Given("valid_on", model.valid_from.field),
    )


def with_term(rows: QuerySet[Edition], kind: str, term: str, *values: str) -> QuerySet[Edition]:
    """The editions that have one of those values of a term; without values: any at all."""
    terms = EditionTerm.objects.filter(kind=kind, term=term)
    if values:
        terms = terms.filter(value__in=values)
    return rows.filter(pk__in=terms.values("edition_id"))


def with_term_of_any(
    rows: QuerySet[Edition], kind: str, values: Mapping[str, QuerySet[Any]]
) -> QuerySet[Edition]:
    """The editions that have, of any of those terms, one of the values that the query set of the term gives."""
    found = Q()
    for term, wanted in values.items():
        terms = EditionTerm.objects.filter(kind=kind, term=term, value__in=wanted)
        found |= Q(pk__in=terms.values("edition_id"))
    return rows.filter(found)


def with_term_column(rows: QuerySet[Edition], kind: str, term: str) -> QuerySet[Edition]:
    """The editions with the least value of a term as a column `by_TERM`, empty where there is none."""
    values = EditionTerm.objects.filter(kind=kind, term=term, edition_id=OuterRef("pk")).order_by("value")
    return rows.annotate(**{f"{BY_TERM}{term}": Coalesce(Subquery(values.values("value")[:1]), Value(""))})


def ever_published(codes: Mapping[str, Iterable[str]]) -> set[tuple[str, str]]:
    """Kind and code of those that a record of the kind was ever published under. codes: by kind. One query."""
    first, *others = (
        EDITIONS[kind]
        ._default_manager.filter(code__in=set(wanted))
        .annotate(of_kind=Value(kind, CharField()))
        .order_by()
        .values_list("of_kind", "code")
        for kind, wanted in codes.items()
    )
    return set(first.union(*others))


def names_of_sectors(codes: Iterable[str], *, known_seq: int, valid_on: date) -> list[str]:
    """What sectors are called, as searched. One query."""
    sectors = editions("sector", known_seq=known_seq, valid_on=valid_on).filter(code__in=set(codes))
    names = EditionTerm.objects.filter(kind="sector", term="name", edition_id__in=sectors.values("pk"))
    return list(names.values_list("value", flat=True))


def with_term_between(
    rows: QuerySet[Edition], kind: str, term: str, *, gte: str = "", lte: str = "\U0010ffff"
) -> QuerySet[Edition]:
    """The editions that have a value of a term between two, both included."""
    terms = EditionTerm.objects.filter(kind=kind, term=term, value__gte=gte, value__lte=lte)
    if kind in IN_COLUMNS:  # so many that to ask each takes longer than to read the terms
        return rows.filter(pk__in=terms.values("edition_id"))
    return each_with(rows, terms)


def each_with(rows: QuerySet[Edition], terms: QuerySet[EditionTerm]) -> QuerySet[Edition]:
    """The editions that have one of these terms, asked one by one.

    No IN and no EXISTS: both engines would begin at the terms, also where most have one, and lose the list's order.
    """
    one = terms.filter(edition_id=OuterRef("pk")).order_by().values("edition_id")[:1]
    return rows.filter(IsNull(Subquery(one), False))


def surely_between(
    rows: QuerySet[Edition], kind: str, term: str, *, gte: str | None = None, lte: str | None = None
) -> QuerySet[Edition]:
    """Without the editions of which it is not sure that their value is on that side of the bound.

    Those whose value is exact have no such terms (rules/composition/bounds.py).
    """
    ends = EditionTerm.objects.filter(kind=kind)
    if gte is not None:
        rows = rows.exclude(pk__in=ends.filter(term=term + LEAST, value__lt=gte).values("edition_id"))
    if lte is not None:
        rows = rows.exclude(pk__in=ends.filter(term=term + MOST, value__gt=lte).values("edition_id"))
    return rows


def with_terms_of_one_row(
    rows: QuerySet[Edition], kind: str, terms: Mapping[str, Sequence[str]]
) -> QuerySet[Edition]:
    """The editions one row of which has, of each of those terms, one of the values."""
    first, *others = terms.items()
    found = EditionTerm.objects.filter(kind=kind, term=first[0], value__in=first[1])
    for term, values in others:
        same_row = EditionTerm.objects.filter(edition_id=OuterRef("edition_id"), row=OuterRef("row"))
        found = found.filter(Exists(same_row.filter(kind=kind, term=term, value__in=values)))
    return rows.filter(pk__in=found.values("edition_id"))


def changed_since(moment: datetime) -> Coalesce:
    """As an expression: the number of the first publication made at or after a moment; OPEN_SEQ when none was."""
    made = Publication.objects.filter(at__gte=moment).order_by("seq").values("seq")
    return Coalesce(Subquery(made[:1]), OPEN_SEQ)


def units_named(values: Iterable[str], *, known_seq: int, valid_on: date) -> dict[str, list[str]]:
    """Our codes of administrative units, by what they are asked for: our code, or the official code of that day.

    Ours as ever published; official ones as published by `known_seq`. What names no unit is left out. One query.
    """
    wanted = set(values)
    then = editions("place", known_seq=known_seq, valid_on=valid_on).filter(pk=OuterRef("edition_id"))
    ours = PlaceEdition.objects.filter(code__in=wanted).values_list("code", "code").order_by().distinct()
    official = (
        EditionTerm.objects.filter(kind="place", term="official_code", value__in=wanted)
        .annotate(unit=Subquery(then.values("code")[:1]))
        .exclude(unit=None)
        .order_by()
        .values_list("value", "unit")
    )
    found: dict[str, list[str]] = {}
    for value, code in ours.union(official):
        found.setdefault(value, []).append(code)
    return found


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
    return as_page(list(_page_rows(rows, orders, columns, size, start, backwards)), size, backwards)


def page_of_all(
    kind: str,
    orders: Sequence[Order],
    columns: Sequence[str],
    *,
    known_seq: int,
    valid_on: date,
    size: int,
    start: Sequence[object] | None = None,
    backwards: bool = False,
) -> Page:
    """The same page of all editions of the kind at these clocks, from SQL that was written once."""
    ask = _prepared_page(kind, tuple(orders), tuple(columns), size, start is not None, backwards)
    given = {f"start_{n}": value for n, value in enumerate(start or ())}
    return as_page(ask(known_seq=known_seq, valid_on=valid_on, **given), size, backwards)


@lru_cache(maxsize=500)
def _prepared_page(
    kind: str, orders: tuple[Order, ...], columns: tuple[str, ...], size: int, starts: bool, backwards: bool
) -> Prepared:
    return prepared_page(kind, orders, columns, size, starts, backwards, lambda rows: rows)


def prepared_page(
    kind: str,
    orders: Sequence[Order],
    columns: Sequence[str],
    size: int,
    starts: bool,
    backwards: bool,
    narrowed: Callable[[QuerySet[Edition]], QuerySet[Edition]],
) -> Prepared:
    """The rows of a page, at `known_seq` and `valid_on`, from beyond `start_0`, `start_1`… where it starts at a row."""
    fields = {field.name: field for field in EDITIONS[kind]._meta.concrete_fields}

    def rows() -> QuerySet[Edition, tuple[Any, ...]]:
        start = [Given(f"start_{n}", fields[order.column]) for n, order in enumerate(orders)]
        return _page_rows(
            narrowed(_given_editions(kind)), orders, columns, size, start if starts else None, backwards
        )

    return Prepared(rows)


def _page_rows(
    rows: QuerySet[Row],
    orders: Sequence[Order],
    columns: Sequence[str],
    size: int,
    start: Sequence[object] | None,
    backwards: bool,
) -> QuerySet[Row, tuple[Any, ...]]:
    """One row more than the page has, in the direction in which it is read."""
    facing = [order.turned() if backwards else order for order in orders]
    if start is not None:
        rows = rows.filter(_beyond(facing, start))
    rows = rows.order_by(*(F(o.column).desc() if o.descending else F(o.column).asc() for o in facing))
    return rows.values_list(*(order.column for order in orders), *columns)[: size + 1]


def as_page(found: list[tuple[Any, ...]], size: int, backwards: bool) -> Page:
    """The rows read, of which one may be more than the page has, in the order asked for."""
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
