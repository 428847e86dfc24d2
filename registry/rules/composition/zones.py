"""The answers about zones and sectors."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from registry.rules import codes
from registry.rules.citations import agrees
from registry.rules.composition import decisions as papers_on_it
from registry.rules.composition.indicators import values_about
from registry.rules.composition.papers import (
    Values,
    all_named,
    citation,
    citations,
    citations_by_row,
    named,
    period_body,
    terms_of,
)
from registry.rules.composition.places import place_body, place_days, place_terms
from registry.rules.composition.values import sector_values, zone_values
from registry.rules.composition.world import Content, Rectangle, World, day_term, joined, number, stretches
from registry.rules.text import LONGEST_WORD, search_text, sort_key


def compose_zone(world: World, zone_id: int) -> list[Rectangle]:
    content = world.content("zone", zone_id)
    if content is None:
        return []
    sectors = all_named(world, "sector", content["sectors"])
    papers = papers_on_it.papers_on(world, "zone", zone_id)
    values = zone_values(world, content)
    own_sources = citations(world, content, values, "statuses")
    statuses = _statuses(world, content, values)
    linked = _linked_with(world, zone_id, content)
    days = {since for since, _ in statuses}
    days |= {interval.valid_from for interval in papers.intervals} | place_days(world, content["places"])
    projects = all_named(world, "project", world.pointing("located", "zone", zone_id))
    always = (
        place_terms(world, content["places"])
        | terms_of("sector", sectors)
        | terms_of("project", projects)
        | terms_of("linked_with", linked)
    )
    rectangles = []
    for valid_from, valid_to in stretches(days):
        known = [status for since, status in statuses if since <= valid_from]
        status = known[-1]["status"] if known else "unknown"
        told = papers.on(valid_from).timeline
        body = {
            "code": content["code"],
            "name": content["name"],
            "kind": content["zone_kind"],
            "kind_label": codes.ZONE_KIND.labels(content["zone_kind"]),
            "status": status,
            "status_label": codes.ZONE_STATUS.labels(status),
            "status_as_of": known[-1]["as_of"]["latest"] if known else None,
            "statuses": known,
            "area_ha": number(content["area_ha"]),
            "area_high_ha": number(content["area_high_ha"]),
            "area_qualifier": content["area_qualifier"] if content["area_ha"] else None,
            "places": [place_body(world, place, valid_from) for place in content["places"]],
            "sectors": sectors,
            "projects": projects,
            "linked_with": linked,
            "timeline": [_entry(world, papers, effect) for effect in told],
            "indicators": values_about(world, "zone", zone_id),
            "assignments": all_named(world, "assignment", world.pointing("assigned", "zone", zone_id)),
            "sources": own_sources + _stated_by_papers(world, papers, told, values),
        }
        columns = {
            "sort_key": sort_key(content["name"]),
            "search_text": search_text(f"{content['name']} {content['code']}"),
            "zone_kind": content["zone_kind"],
            "status": status,
            "area_ha": content["area_ha"] or "0",
        }
        terms = always | day_term("status_on", body["status_as_of"])
        terms |= terms_of("decision", [entry["decision"] for entry in body["timeline"]])
        rectangles.append(Rectangle(valid_from, valid_to, columns, body, tuple(sorted(terms))))
    return joined(rectangles)


def _statuses(world: World, content: Content, values: Values) -> list[tuple[date, dict[str, Any]]]:
    """What was said of the zone's standing, each from the day it is known; by day, then as numbered."""
    sources = citations_by_row(world, content, values, content["statuses"])
    return [
        (
            date.fromisoformat(row["as_of_latest"]),
            {
                "position": row["position"],
                "status": row["status"],
                "status_label": codes.ZONE_STATUS.labels(row["status"]),
                "as_of": period_body(row, "as_of"),
                "sources": sources[row["position"]],
            },
        )
        for row in sorted(content["statuses"], key=lambda row: (row["as_of_latest"], row["position"]))
    ]


def _linked_with(world: World, zone_id: int, content: Content) -> list[dict[str, Any]]:
    """The zones it is linked with, whichever of the two says so, each with where that is stated.

    As `all_named`: in Vietnamese order of names, those not published last and without a name.
    """
    stated: dict[int, list[dict[str, Any]]] = {
        other: list(_stated_link(world, content, other)) for other in content["linked_with"]
    }
    for other in world.pointing("linked", "zone", zone_id):
        if (theirs := world.content("zone", other)) is not None:
            stated[other] = [*stated.get(other, []), *_stated_link(world, theirs, zone_id)]
    found = [named(world, "zone", other) | {"sources": sources} for other, sources in stated.items()]
    return sorted(
        found, key=lambda one: (one["code"] is None, sort_key(one["name"] or ""), one["code"] or "")
    )


def _stated_link(world: World, content: Content, other: int) -> Iterator[dict[str, Any]]:
    """Of the citations of a zone's links those that name the other one, and those that name none."""
    others = {pk: named(world, "zone", pk)["name"] for pk in content["linked_with"]}
    for row in content["citations"]:
        if row["field"] == "linked_with":
            meant = {pk for pk, name in others.items() if agrees("linked_with", row["as_stated"], name)}
            if other in meant or not meant:
                yield citation(world, row, others[other], "linked_with")


def _entry(world: World, papers: papers_on_it.Papers, effect_id: int) -> dict[str, Any]:
    decision_id, effect = papers.effects[effect_id]
    return papers_on_it.timeline_entry(world, decision_id, papers.about[decision_id], effect)


def _stated_by_papers(
    world: World, papers: papers_on_it.Papers, timeline: Iterable[int], shown: Values
) -> list[dict[str, Any]]:
    """Where it is stated what papers say of the zone. Nothing is folded: what they say of a value that the zone
    shows is compared with that value.
    """
    found = []
    for effect_id in timeline:
        decision_id, effect = papers.effects[effect_id]
        values = papers_on_it.effect_values(world, effect)
        values |= {field: value for (_, field), value in shown.items() if field != "name"}
        found += [
            citation(world, row, values.get(row["field"]), row["field"])
            for row in papers.about[decision_id]["citations"]
            if row["row_position"] == effect["position"]
        ]
    return found


def compose_sector(world: World, sector_id: int) -> list[Rectangle]:
    content = world.content("sector", sector_id)
    if content is None:
        return []
    body = {
        "code": content["code"],
        "name": content["name"],
        "vsic_code": content["vsic_code"] or None,
        "vsic_year": content["vsic_year"],
        "sources": citations(world, content, sector_values(world, content)),
    }
    columns = {
        "sort_key": sort_key(content["name"]),
        "search_text": search_text(f"{content['name']} {content['code']} {content['vsic_code']}"),
        "vsic_code": content["vsic_code"],
    }
    # Papers write sectors in words.
    terms: tuple[tuple[str, str], ...] = (("name", search_text(content["name"])[:LONGEST_WORD]),)
    if content["vsic_year"] is not None:
        terms += (("vsic_year", str(content["vsic_year"])),)
    return [Rectangle(start, end, columns, body, terms) for start, end in stretches(set())]
