"""Finding answers by words: one way for lists and for all kinds together, on both engines. Why: docs/why/search.md.

Every edition has its words as terms. The rarest word asked for decides how, kind by kind: when few editions have it,
they are looked at one by one and ranked; when many have it, editions are walked in order until a page is full.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from registry.models import EDITIONS, EditionTerm
from registry.models.editions import FIRST_DAY, Edition
from registry.queries.editions import Order, Page, as_page, each_with, prepared_page
from registry.queries.prepared import Given, Prepared, rows_of
from registry.queries.shelves import shelves_of
from registry.rules.shelves import ORDERED_BY, bounds, days_of

#: As many editions are looked at and ranked.
FEW = 2000

#: A word that as many editions have is read whole, where it hardly ever stands beside the others.
MANY = 50_000

_TERMS = EditionTerm._meta.db_table

#: Below everything that a text may go on with: between the text and this lies the text alone.
_NEXT = "\x01"

#: Above every `sort_key`.
_LAST_KEY = "\U0010ffff"

#: How well a record fits: its code or number is what was asked for, its name begins so, it has all the words.
EXACT, BEGINS, WORDS = 0, 1, 2


@dataclass(frozen=True, slots=True)
class _Way:
    """How a list is searched. rare: which word few have; None when many have each. column: within which days."""

    many: int
    rare: int | None = None
    column: str = ""
    first: date | Given | None = None
    last: date | Given | None = None

    def __call__(
        self, rows: QuerySet[Edition], kind: str, spans: Sequence[Sequence[Any]]
    ) -> QuerySet[Edition]:
        """The editions that have a word of every span."""
        if self.first is not None:
            rows = rows.filter(**{f"{self.column}__gte": self.first})
        if self.last is not None:
            rows = rows.filter(**{f"{self.column}__lte": self.last})
        for place, (low, high) in enumerate(spans):
            having = EditionTerm.objects.filter(kind=kind, term="word", value__gte=low, value__lt=high)
            if place == self.rare:
                rows = rows.filter(pk__in=having.values("edition_id"))
            else:
                rows = each_with(rows, having)
        return rows


def with_words(
    rows: QuerySet[Edition],
    kind: str,
    words: Sequence[str],
    *,
    along: Order | None = None,
    begun: bool = False,
) -> QuerySet[Edition]:
    """The editions of the kind that have, for every word, one that begins so; none without words.

    along: the order in which they will be walked. begun: from a place within, so that only the end is to be found.
    One query, or two when many have all of the words.
    """
    way = _way(kind, words, along, begun)
    return rows.none() if way is None else way(rows, kind, [bounds(kind, word) for word in words])


def page_with_words(
    kind: str,
    words: Sequence[str],
    orders: Sequence[Order],
    columns: Sequence[str],
    *,
    known_seq: int,
    valid_on: date,
    size: int,
    start: Sequence[object] | None = None,
    backwards: bool = False,
) -> Page:
    """A page of all editions of the kind that have the words, from SQL that was written once. Two or three queries."""
    along = orders[0].turned() if backwards else orders[0]
    way = _way(kind, words, along, start is not None)
    if way is None:
        return Page([], False)
    given: dict[str, object] = {"known_seq": known_seq, "valid_on": valid_on}
    for place, word in enumerate(words):
        given[f"low_{place}"], given[f"high_{place}"] = bounds(kind, word)
    given |= {"first": way.first, "last": way.last}
    given |= {f"start_{n}": value for n, value in enumerate(start or ())}
    shape = replace(way, first=way.first and FIRST_DAY, last=way.last and FIRST_DAY)
    ask = _prepared(kind, shape, tuple(orders), tuple(columns), size, start is not None, backwards)
    return as_page(ask(**given), size, backwards)


@lru_cache(maxsize=500)
def _prepared(
    kind: str,
    shape: _Way,
    orders: tuple[Order, ...],
    columns: tuple[str, ...],
    size: int,
    starts: bool,
    backwards: bool,
) -> Prepared:
    def narrowed(rows: QuerySet[Edition]) -> QuerySet[Edition]:
        value = EditionTerm.value.field
        spans = [(Given(f"low_{n}", value), Given(f"high_{n}", value)) for n in range(shape.many)]
        if not shape.column:
            return shape(rows, kind, spans)
        column: Any = EDITIONS[kind]._meta.get_field(shape.column)
        first, last = shape.first and Given("first", column), shape.last and Given("last", column)
        return replace(shape, first=first, last=last)(rows, kind, spans)

    return prepared_page(kind, orders, columns, size, starts, backwards, narrowed)


def _way(kind: str, words: Sequence[str], along: Order | None, begun: bool) -> _Way | None:
    """None when nothing has all of the words."""
    if not words:
        return None
    rarest, many, _ = _looked_up([kind], words, ())[kind]
    if many <= FEW:
        return _Way(len(words), rare=list(words).index(rarest))
    if along is None or along.column != ORDERED_BY.get(kind):
        return _Way(len(words))
    shelves = shelves_of(kind, words)
    if shelves is None:
        return None
    first, last = days_of(*shelves)
    # A place within, where a page begins, says more than the near end.
    return _Way(
        len(words),
        column=along.column,
        first=None if begun and not along.descending else first,
        last=None if begun and along.descending else last,
    )


def _looked_up(
    kinds: Sequence[str], words: Sequence[str], exact: Sequence[str]
) -> dict[str, tuple[str, int, int]]:
    """By kind the word that the fewest editions have, and how many; and how many are exactly so. One query.

    Both are counted up to FEW and one.
    """
    spans = [(kind, "word", place, *bounds(kind, word)) for kind in kinds for place, word in enumerate(words)]
    spans += [(kind, "exact", 0, text, text + _NEXT) for kind in kinds for text in exact]
    rows = _counted(spans, FEW)
    found = {}
    for asked in kinds:
        many, place = min(
            (many, place) for kind, term, place, many in rows if (kind, term) == (asked, "word")
        )
        same = sum(many for kind, term, _, many in rows if (kind, term) == (asked, "exact"))
        found[asked] = words[place], many, same
    return found


def _counted(spans: Sequence[tuple[str, str, int, str, str]], most: int) -> list[tuple[Any, ...]]:
    """Kind, term and place of each span, and how many editions have such a term: up to `most` and one. One query."""
    # The look-up is written once: PostgreSQL plans what is written as often as it is written.
    return rows_of(
        f"""WITH span(kind, term, place, low, high) AS (VALUES {", ".join(["(%s, %s, %s, %s, %s)"] * len(spans))})
        SELECT kind, term, place, (SELECT COUNT(*) FROM (SELECT 1 FROM {_TERMS} AS t WHERE t.kind = span.kind
          AND t.term = span.term AND t.value >= span.low AND t.value < span.high LIMIT {most + 1}) AS found)
        FROM span""",
        [part for span in spans for part in span],
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched for. `exact`: how the whole may be written as a code or number; `text`: as a name begins."""

    words: tuple[str, ...]
    exact: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """One record found. `place` is where it stands in the order of all that is found."""

    kind: str
    code: str
    fit: int
    body: bytes
    place: tuple[list[str], int, int, str, int]


def search(
    asked: Asked,
    kinds: Sequence[str],
    *,
    known_seq: int,
    valid_on: date,
    size: int,
    start: Sequence[Any] | None = None,
    backwards: bool = False,
) -> tuple[list[Found], bool]:
    """At most `size` records beyond the place `start`, and whether more follow in that direction.

    Best fit first, then by kind in the order given, then by name. Of a kind of which many have the words, names that
    begin so stand where their name stands: to rank them all would mean to read them all. Three queries; five where
    many decisions have each of several words, and too few of the first FEW decisions have all of them.
    """
    looked_up = _looked_up(kinds, asked.words, asked.exact)
    # As the first page did: what was published since must not change the order.
    ranked = [kind for kind in kinds if looked_up[kind][1] <= FEW] if start is None else list(start[0])
    at = _At(known_seq, valid_on, size, start, backwards)
    near = [kind for kind in kinds if kind in ORDERED_BY and kind not in ranked and len(asked.words) > 1]
    near = [kind for kind in near if looked_up[kind][1] > FEW]
    parts = []
    for place, kind in enumerate(kinds):
        word, many, exact = looked_up[kind]
        if exact:
            parts.append(_part(asked, kind, EXACT, place, _exactly(kind, asked), at))
        if many:
            words = _with_all(kind, asked, rare=[word] if many <= FEW else [], exact=bool(exact))
            fit = None if kind in ranked else WORDS
            parts.append(_part(asked, kind, fit, place, words, at, near=kind in near))
    rows = _read(parts, at)
    for kind in near:
        here = WORDS, kinds.index(kind)
        done = _beyond(*here, start, backwards) is None
        if len(rows) > size:
            done |= rows[-1][:2] >= here if backwards else rows[-1][:2] <= here
        if done:
            continue
        # The nearest did not do: who has all of the words is read from the words.
        words = _with_all(kind, asked, rare=_rare(kind, asked.words), exact=bool(looked_up[kind][2]))
        others = [row for row in rows if row[:2] != here]
        again = _read([_part(asked, kind, *here, words, at)], at)
        rows = sorted([*others, *again], key=lambda row: row[:4], reverse=backwards)[: size + 1]
    kept = rows[:size][::-1] if backwards else rows[:size]
    bodies = _bodies([(kinds[row[1]], row[4]) for row in kept])
    return [
        Found(kinds[place], code, fit, bodies[kinds[place], pk], (ranked, fit, place, sort_key, subject_id))
        for fit, place, sort_key, subject_id, pk, code in kept
    ], len(rows) > size


def _rare(kind: str, words: Sequence[str]) -> list[str]:
    """The words that no more than MANY editions of the kind have. One query."""
    counted = _counted([(kind, "word", place, *bounds(kind, word)) for place, word in enumerate(words)], MANY)
    return [words[place] for _, _, place, many in counted if many <= MANY]


@dataclass(frozen=True, slots=True)
class _At:
    """Both clocks, and which part of all that is found: as of `search`."""

    known_seq: int
    valid_on: date
    size: int
    start: Sequence[Any] | None
    backwards: bool


def _part(
    asked: Asked,
    kind: str,
    fit: int | None,
    place: int,
    condition: tuple[str, list[Any]],
    at: _At,
    *,
    near: bool = False,
) -> tuple[str, list[Any]] | None:
    """The records of a kind that meet the condition, beyond the start; None when none of them is there.

    near: only those within the first FEW records of the kind, whatever these have.
    """
    beyond = _beyond(fit, place, at.start, at.backwards)
    if beyond is None:
        return None
    turned = "DESC" if at.backwards else "ASC"
    order = f"ORDER BY fit {turned}, sort_key {turned}, subject_id {turned} LIMIT {at.size + 1}"
    shown, named = _best(asked) if fit is None else (str(fit), [])
    then = "e.known_from <= %s AND e.known_to > %s AND e.valid_from <= %s AND e.valid_to > %s"
    clocks = [at.known_seq, at.known_seq, at.valid_on, at.valid_on]
    one = (
        f"SELECT {shown} AS fit, {place} AS place, e.sort_key, e.subject_id, e.id, e.code"
        f" FROM {_table(kind)} AS e WHERE {then} AND {condition[0]}"
    )
    given = [*named, *clocks, *condition[1], *beyond[1]]
    if fit is None:  # which of them fit best is known when all are read
        one = f"SELECT * FROM ({one}) AS every WHERE {beyond[0]} {order}"
    else:
        one = f"{one} AND {beyond[0]}"
        order = order.replace(f"fit {turned}, ", "")
        if near:
            nearest = f"SELECT e.sort_key FROM {_table(kind)} AS e WHERE {then} AND {beyond[0]} {order}"
            side, furthest = (">=", "") if at.backwards else ("<=", _LAST_KEY)
            nearest = nearest.replace(f"LIMIT {at.size + 1}", f"LIMIT 1 OFFSET {FEW}")
            one = f"{one} AND e.sort_key {side} COALESCE(({nearest}), %s)"
            given += [*clocks, *beyond[1], furthest]
        one = f"{one} {order}"
    return f"SELECT * FROM ({one}) AS one", given


def _read(parts: Sequence[tuple[str, list[Any]] | None], at: _At) -> list[tuple[Any, ...]]:
    """One row more than the page has. Fit, place of the kind, sort_key, subject_id, id, code. One query."""
    asked = [part for part in parts if part is not None]
    if not asked:
        return []
    turned = "DESC" if at.backwards else "ASC"
    order = ", ".join(f"{column} {turned}" for column in ("fit", "place", "sort_key", "subject_id"))
    every = " UNION ALL ".join(sql for sql, _ in asked)
    given = [value for _, values in asked for value in values]
    return rows_of(f"{every} ORDER BY {order} LIMIT {at.size + 1}", given)


def _beyond(
    fit: int | None, place: int, start: Sequence[Any] | None, backwards: bool
) -> tuple[str, tuple[Any, ...]] | None:
    """The condition on the rows of one kind to lie beyond `start`; None when none of them does. fit: None is any."""
    if start is None:
        return "1 = 1", ()
    _, *at, sort_key, subject_id = start
    further = "<" if backwards else ">"
    if fit is None:
        return f"(fit, place, sort_key, subject_id) {further} (%s, %s, %s, %s)", (*at, sort_key, subject_id)
    here, there = (fit, place), tuple(at)
    if here == there:
        return f"(e.sort_key, e.subject_id) {further} (%s, %s)", (sort_key, subject_id)
    return ("1 = 1", ()) if (here < there) == backwards else None


def _best(asked: Asked) -> tuple[str, list[Any]]:
    """As an expression: how well an edition with all the words fits."""
    begins = f"substr(e.search_text, 1, {len(asked.text)}) = %s"
    return f"CASE WHEN {begins} THEN {BEGINS} ELSE {WORDS} END", [asked.text]


def _exactly(kind: str, asked: Asked) -> tuple[str, list[Any]]:
    """The condition on the editions of a kind to be called exactly so."""
    marks = ", ".join(["%s"] * len(asked.exact))
    called = f"SELECT edition_id FROM {_TERMS} WHERE kind = %s AND term = 'exact' AND value IN ({marks})"
    return f"e.id IN ({called})", [kind, *asked.exact]


def _with_all(kind: str, asked: Asked, *, rare: Sequence[str], exact: bool) -> tuple[str, list[Any]]:
    """The condition on the editions of a kind to have all the words. exact: some are called so.

    rare: those of which all that have them are read; of the others each edition is asked.
    """
    conditions: list[str] = []
    given: list[Any] = []
    if exact:
        called, given = _exactly(kind, asked)
        conditions.append(f"NOT {called}")
    if rare:
        one = f"SELECT edition_id FROM {_TERMS} WHERE kind = %s AND term = 'word' AND value >= %s AND value < %s"
        conditions.append(f"e.id IN ({' INTERSECT '.join([one] * len(rare))})")
        given += [part for word in rare for part in (kind, *bounds(kind, word))]
    for word in asked.words:
        if word not in rare:
            conditions.append(
                f"(SELECT 1 FROM {_TERMS} AS t WHERE t.kind = %s AND t.edition_id = e.id"
                " AND t.term = 'word' AND t.value >= %s AND t.value < %s LIMIT 1) IS NOT NULL"
            )
            given += [kind, *bounds(kind, word)]
    return " AND ".join(conditions), given


def _bodies(wanted: Sequence[tuple[str, int]]) -> dict[tuple[str, int], bytes]:
    ids: dict[str, list[int]] = {}
    for kind, pk in wanted:
        ids.setdefault(kind, []).append(pk)
    if not ids:
        return {}
    parts = [
        f"SELECT {place} AS place, id, body FROM {_table(kind)} WHERE id IN ({', '.join(['%s'] * len(pks))})"
        for place, (kind, pks) in enumerate(ids.items())
    ]
    names = list(ids)
    found = rows_of(" UNION ALL ".join(parts), [pk for pks in ids.values() for pk in pks])
    return {(names[place], pk): bytes(body) for place, pk, body in found}


def _table(kind: str) -> str:
    return connection.ops.quote_name(EDITIONS[kind]._meta.db_table)
