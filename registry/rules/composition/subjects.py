"""The answers about authorities, places and legal instruments; and who composes what."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from registry.rules import codes
from registry.rules.composition.bounds import bounded
from registry.rules.composition.clusters import compose_cluster
from registry.rules.composition.decisions import ENDING, compose_decision
from registry.rules.composition.indicators import compose_indicator
from registry.rules.composition.investments import compose_investor, compose_project
from registry.rules.composition.orders import ordered
from registry.rules.composition.papers import citations, label_of, named, numbered, terms_of
from registry.rules.composition.places import (
    around,
    place_days,
    place_terms,
    predecessors_of,
    today_of,
)
from registry.rules.composition.sources import Composer, compose_source, traced
from registry.rules.composition.support import compose_assignment, compose_incentive
from registry.rules.composition.values import authority_values, instrument_values, place_values
from registry.rules.composition.world import Content, Rectangle, World, day, day_term, joined, stretches
from registry.rules.composition.zones import compose_sector, compose_zone
from registry.rules.text import search_text, sort_key

#: The code that composes. A release that composes differently counts up and is adopted by a publication of its own.
COMPOSER = 4


def compose_authority(world: World, subject_id: int) -> list[Rectangle]:
    content = world.content("authority", subject_id)
    if content is None:
        return []
    body = {
        "code": content["code"],
        "name": content["name"],
        "level": content["level"],
        "level_label": codes.AUTHORITY_LEVEL.labels(content["level"]),
        "number_symbol": content["number_symbol"] or None,
        "place": label_of(world, content["place"]) if content["place"] else None,
        "valid_from": content["valid_from"],
        "valid_to": content["valid_to"],
        "successor": named(world, "authority", content["successor"]) if content["successor"] else None,
        "sources": citations(world, content, authority_values(world, content)),
    }
    terms = place_terms(world, [content["place"]] if content["place"] else [])
    terms |= terms_of("successor", [body["successor"]]) | _validity_terms(content)
    if content["number_symbol"]:
        terms.add(("number_symbol", content["number_symbol"]))
    columns = _named_columns(content) | {"level": content["level"]}
    return _by_validity(content, columns, body, tuple(sorted(terms)))


def compose_place(world: World, subject_id: int) -> list[Rectangle]:
    content = world.content("place", subject_id)
    if content is None:
        return []
    body = {
        "id": content["code"],
        "name": content["name"],
        "kind": content["unit_kind"],
        "kind_label": codes.PLACE_KIND.labels(content["unit_kind"]),
        "within": label_of(world, content["within"]) if content["within"] else None,
        "official_codes": [
            {"code": row["official_code"], "valid_from": row["valid_from"], "valid_to": row["valid_to"]}
            for row in content["codes"]
        ],
        "valid_from": content["valid_from"],
        "valid_to": content["valid_to"],
        "successors": [
            label_of(world, row["successor"]) | {"extent": row["extent"]} for row in content["successions"]
        ],
        "predecessors": predecessors_of(world, subject_id),
        "sources": citations(world, content, place_values(world, content)),
    }
    outer = {
        ("within", label["code"])
        for unit in around(world, subject_id)[1:]
        if (label := world.label("place", unit))
    }
    outer |= terms_of("successor", body["successors"]) | terms_of("predecessor", body["predecessors"])
    outer |= _validity_terms(content)
    rectangles = []
    for whole in _by_validity(
        content,
        _named_columns(content) | {"unit_kind": content["unit_kind"]},
        body,
        also=place_days(world, [subject_id]) | {d for row in content["codes"] for d in _bounds(row) if d},
    ):
        held = {
            ("official_code", row["official_code"])
            for row in content["codes"]
            if _holds(row, whole.valid_from)
        }
        today = today_of(world, subject_id, whole.valid_from)
        rectangles.append(
            replace(whole, body={**whole.body, "today": today}, terms=tuple(sorted(outer | held)))
        )
    return joined(rectangles)


def compose_legal_instrument(world: World, subject_id: int) -> list[Rectangle]:
    content = world.content("legal_instrument", subject_id)
    if content is None:
        return []
    label = content["number"] or content["title"]
    body = {
        "id": content["code"],
        "number": content["number"] or None,
        "kind": content["instrument_kind"],
        "kind_label": codes.LEGAL_INSTRUMENT_KIND.labels(content["instrument_kind"]),
        "title": content["title"] or None,
        "issuer": named(world, "authority", content["issuer"]) if content["issuer"] else None,
        "issued_on": content["issued_on"],
        "valid_from": content["valid_from"],
        "valid_to": content["valid_to"],
        "successor": numbered(world, content["successor"]) if content["successor"] else None,
        "sources": citations(world, content, instrument_values(world, content)),
    }
    columns = {
        "sort_key": sort_key(label),
        "search_text": search_text(f"{content['number']} {content['title']} {content['code']}"),
        "number": content["number"],
        "instrument_kind": content["instrument_kind"],
    }
    terms = terms_of("issuer", [body["issuer"]]) | terms_of("successor", [body["successor"]])
    terms |= day_term("issued_on", content["issued_on"]) | _validity_terms(content)
    return _by_validity(content, columns, body, tuple(sorted(terms)))


COMPOSERS: dict[str, Composer] = {
    kind: bounded(kind, ordered(kind, compose if kind == "source" else traced(kind, compose)))
    for kind, compose in {
        "assignment": compose_assignment,
        "authority": compose_authority,
        "cluster": compose_cluster,
        "decision": compose_decision,
        "incentive": compose_incentive,
        "indicator": compose_indicator,
        "investor": compose_investor,
        "legal_instrument": compose_legal_instrument,
        "place": compose_place,
        "project": compose_project,
        "sector": compose_sector,
        "source": compose_source,
        "zone": compose_zone,
    }.items()
}


#: Which kind of record points in each role.
POINTERS = {
    "effect": "decision",
    "placed": "decision",
    "ends": "decision",
    "succeeded": "place",
    "member": "investor",
    "invested": "project",
    "located": "project",
    "linked": "zone",
    "measured": "indicator",
    "assigned": "assignment",
}


def references(kind: str, content: Content) -> set[str]:
    """The reverse look-ups that find this subject: `role>kind:id`."""
    return {f"{role}>{other}:{pk}" for role, other, pk in _pointers(kind, content) if pk is not None}


def _pointers(kind: str, content: Content) -> Iterator[tuple[str, str, int | None]]:
    match kind:
        case "decision":
            for effect in content["effects"]:
                yield "effect", "cluster", effect["cluster"]
                yield "effect", "zone", effect["zone"]
                if effect["places"]:
                    yield "placed", "cluster", effect["cluster"]
                    yield "placed", "zone", effect["zone"]
            for row in content["relations"]:
                if row["relation"] in ENDING:
                    yield "ends", "decision", row["target"]
        case "investor":
            yield "member", "investor", content["group"]
        case "place":
            yield from (("succeeded", "place", row["successor"]) for row in content["successions"])
        case "project":
            yield "invested", "investor", content["investor"]
            yield "located", "zone", content["zone"]
            yield "located", "cluster", content["cluster"]
        case "indicator":
            for row in content["values"]:
                yield "measured", "investor", row["investor"]
                yield "measured", "project", row["project"]
                yield from (("measured", "cluster", pk) for pk in row["clusters"])
                yield from (("measured", "zone", pk) for pk in row["zones"])
        case "assignment":
            yield from (("assigned", "cluster", pk) for pk in content["clusters"])
            yield from (("assigned", "zone", pk) for pk in content["zones"])
        case "zone":
            yield from (("linked", "zone", pk) for pk in content["linked_with"])


def _named_columns(content: Content) -> dict[str, Any]:
    return {
        "sort_key": sort_key(content["name"]),
        "search_text": search_text(f"{content['name']} {content['code']}"),
    }


def _by_validity(
    content: Content,
    columns: dict[str, Any],
    body: dict[str, Any],
    terms: tuple[tuple[str, str], ...] = (),
    *,
    also: Iterable[date] = (),
) -> list[Rectangle]:
    """Cut where the subject begins and ends to be in force, and on the other days given."""
    return [
        Rectangle(
            valid_from,
            valid_to,
            columns | {"in_force": (in_force := _holds(content, valid_from))},
            body | {"in_force": in_force},
            terms,
        )
        for valid_from, valid_to in stretches({d for d in (*_bounds(content), *also) if d})
    ]


def _validity_terms(content: Content) -> set[tuple[str, str]]:
    return {term for end in ("valid_from", "valid_to") for term in day_term(end, content[end])}


def _holds(row: Content, on: date) -> bool:
    start, end = _bounds(row)
    return (start is None or start <= on) and (end is None or on < end)


def _bounds(row: Content) -> tuple[date | None, date | None]:
    return day(row["valid_from"]), day(row["valid_to"])
