"""Where a record stands: the unit its papers name, what that belonged to, and what stands there on a day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from registry.rules import codes
from registry.rules.composition.papers import label_of
from registry.rules.composition.world import World, day
from registry.rules.text import sort_key


def place_body(world: World, place_id: int, on: date) -> dict[str, Any]:
    """A place as a record that stands there shows it on a day."""
    content = world.content("place", place_id)
    within = content["within"] if content else None
    return label_of(world, place_id) | {
        "within": label_of(world, within) if within else None,
        "today": today_of(world, place_id, on),
    }


def today_of(world: World, place_id: int, on: date) -> list[dict[str, Any]]:
    """The units that stand on that day where the place stood: itself while it stands, then its successors.

    A succession acts from the day the unit ends; of a unit without an end, which gave something away and still
    stands, always. Empty before the unit began, and when it has ended and no successor of that day is recorded: not
    known, and never guessed. `extent`: whole, part (split among several) or candidate (not resolved: needs a map);
    after several steps the weakest of them, by several ways the strongest.
    """
    extents: dict[int, str] = {}
    standing: dict[int, None] = {}

    def walk(place: int, extent: str) -> None:
        if place in extents and _weakness(extents[place]) <= _weakness(extent):
            return
        extents[place] = extent
        content = world.content("place", place)
        if content is None:
            return
        start, end = day(content["valid_from"]), day(content["valid_to"])
        if start is not None and on < start:
            return
        if end is None or on < end:
            standing[place] = None
        if end is None or end <= on:
            for row in content["successions"]:
                walk(row["successor"], max(extent, row["extent"], key=_weakness))

    walk(place_id, "whole")
    return [label_of(world, place) | {"extent": extents[place]} for place in standing]


def place_days(world: World, places: Iterable[int]) -> set[date]:
    """The days on which `today_of` these places may change."""
    contents = [world.content("place", unit) for place in places for unit in _and_successors(world, place)]
    bounds = [content[bound] for content in contents if content for bound in ("valid_from", "valid_to")]
    return {found for bound in bounds if (found := day(bound)) is not None}


def place_terms(world: World, places: Iterable[int]) -> set[tuple[str, str]]:
    """What a search by place finds them by, whatever the day: the units, those that took over from them, wholly, in
    part or possibly, and what each of these belongs to.
    """
    units = {unit for place in places for unit in _and_successors(world, place)}
    labels = [world.label("place", outer) for unit in units for outer in around(world, unit)]
    return {("place", label["code"]) for label in labels if label}


def places_of(world: World, kind: str, subject_id: int) -> set[int]:
    """The units where a cluster or a zone stands by its own record, and those that papers name for it."""
    label = world.label(kind, subject_id)
    found = set(label["places"]) if label else set()
    for decision_id in world.pointing("placed", kind, subject_id):
        decision = world.content("decision", decision_id)
        for effect in decision["effects"] if decision else ():
            if effect[kind] == subject_id:
                found.update(effect["places"])
    return found


def around(world: World, place_id: int) -> list[int]:
    """The place and everything it belongs to, from the inside out."""
    chain: list[int] = []
    place: int | None = place_id
    while place is not None and place not in chain:
        chain.append(place)
        content = world.content("place", place)
        place = content["within"] if content else None
    return chain


def predecessors_of(world: World, place_id: int) -> list[dict[str, Any]]:
    """The units that the place took over, or something of, in Vietnamese order; `extent` as in `today_of`."""
    found = []
    for unit in world.pointing("succeeded", "place", place_id):
        content = world.content("place", unit)
        for row in content["successions"] if content else ():
            if row["successor"] == place_id:
                found.append(label_of(world, unit) | {"extent": row["extent"]})
    return sorted(found, key=lambda one: (sort_key(one["name"]), one["id"]))


def _and_successors(world: World, place_id: int) -> list[int]:
    """The place and every unit that took over from it, at whatever remove."""
    found = [place_id]
    for place in found:
        content = world.content("place", place)
        rows = content["successions"] if content else ()
        found += sorted({row["successor"] for row in rows} - set(found))
    return found


def _weakness(extent: str) -> int:
    return list(codes.SUCCESSION_EXTENT).index(extent)
