"""What rests on a document, as published: read from the statements of the records whose answers name it."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Value

from registry.queries.editions import editions, with_term
from registry.queries.published import PublishedWorld
from registry.rules.composition.sources import Resting, label_of_record, resting_on, verdict
from registry.rules.composition.values import VALUES


@dataclass(frozen=True, slots=True)
class RestingPage:
    """Some of what rests on a document, in its order. `rows` as the API shows them, `places` where they stand.

    more: whether rows follow in the direction in which the page was read.
    """

    rows: list[dict[str, Any]]
    places: list[tuple[Any, ...]]
    more: bool


def resting(
    source_id: int,
    code: str,
    *,
    known_seq: int,
    valid_on: date,
    size: int,
    start: Sequence[object] | None = None,
    backwards: bool = False,
) -> RestingPage:
    """At most `size` values beyond the place `start`. The number of queries does not grow with what rests on it."""
    world = PublishedWorld(known_seq)
    citing = _citing(code, known_seq, valid_on)
    world.read(f"{kind}:{subject_id}" for kind, subject_id in citing)
    found: list[Resting] = []
    for kind, subject_id in citing:
        if (content := world.content(kind, subject_id)) is not None:
            found += resting_on(source_id, kind, subject_id, content)
    found.sort(key=lambda one: one.place)
    page, more = _beyond(found, size, None if start is None else tuple(start), backwards)
    world.warm(f"{one.kind}:{one.subject_id}" for one in page)
    return RestingPage([_row(world, one) for one in page], [one.place for one in page], more)


def _citing(code: str, known_seq: int, valid_on: date) -> list[tuple[str, int]]:
    """The records whose answer names the document: one query for all kinds."""
    first, *others = (
        with_term(editions(kind, known_seq=known_seq, valid_on=valid_on), kind, "source", code)
        .annotate(kind=Value(kind, CharField()))
        .order_by()
        .values_list("kind", "subject_id")
        for kind in sorted(VALUES)
    )
    return sorted(first.union(*others, all=True))


def _beyond(
    found: list[Resting], size: int, start: tuple[Any, ...] | None, backwards: bool
) -> tuple[list[Resting], bool]:
    if backwards:
        end = bisect_left(found, start, key=lambda one: one.place) if start is not None else len(found)
        begin = max(0, end - size)
        return found[begin:end], begin > 0
    begin = bisect_right(found, start, key=lambda one: one.place) if start is not None else 0
    return found[begin : begin + size], begin + size < len(found)


def _row(world: PublishedWorld, one: Resting) -> dict[str, Any]:
    content = world.content(one.kind, one.subject_id)
    assert content is not None
    return {
        "locator": one.row["locator"],
        "record": {"kind": one.kind, "code": one.code, "name": label_of_record(content)},
        "field": one.path,
        "as_stated": one.row["as_stated"],
        "agrees": verdict(world, one, content),
    }
