"""The answers about zones and sectors."""

from datetime import date
from typing import Any

from registry.rules import codes
from registry.rules.composition import decisions as papers_on_it
from registry.rules.composition.indicators import values_about
from registry.rules.composition.papers import all_named, around, citation, citations, place_body, today_of
from registry.rules.composition.values import named_values, zone_values
from registry.rules.composition.world import Content, Rectangle, World, joined, number, stretches
from registry.rules.text import search_text, sort_key


def compose_zone(world: World, zone_id: int) -> list[Rectangle]:
    content = world.content("zone", zone_id)
    if content is None:
        return []
    known = sorted(content["statuses"], key=lambda row: (row["as_of_latest"], row["id"]))
    sectors = all_named(world, "sector", content["sectors"])
    timeline, stated_by_papers = _papers(world, zone_id)
    rectangles = []
    for valid_from, valid_to in stretches({date.fromisoformat(row["as_of_latest"]) for row in known}):
        last = next((r for r in reversed(known) if date.fromisoformat(r["as_of_latest"]) <= valid_from), None)
        status = last["status"] if last else "unknown"
        body = {
            "code": content["code"],
            "name": content["name"],
            "kind": content["zone_kind"],
            "kind_label": codes.ZONE_KIND.labels(content["zone_kind"]),
            "status": status,
            "status_label": codes.ZONE_STATUS.labels(status),
            "status_as_of": last["as_of_latest"] if last else None,
            "area_ha": number(content["area_ha"]),
            "area_high_ha": number(content["area_high_ha"]),
            "area_qualifier": content["area_qualifier"] if content["area_ha"] else None,
            "places": [place_body(world, place) for place in content["places"]],
            "sectors": sectors,
            "projects": all_named(world, "project", world.pointing("located", "zone", zone_id)),
            "timeline": timeline,
            "indicators": values_about(world, "zone", zone_id),
            "assignments": all_named(world, "assignment", world.pointing("assigned", "zone", zone_id)),
            "sources": citations(world, content, zone_values(world, content)) + stated_by_papers,
        }
        columns = {
            "sort_key": sort_key(content["name"]),
            "search_text": search_text(f"{content['name']} {content['code']}"),
            "zone_kind": content["zone_kind"],
            "status": status,
            "area_ha": content["area_ha"] or "0",
        }
        rectangles.append(Rectangle(valid_from, valid_to, columns, body, _terms(world, content, sectors)))
    return joined(rectangles)


def _terms(world: World, content: Content, sectors: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    units: set[str | None] = set()
    for place in content["places"]:
        units |= {(world.content("place", unit) or {}).get("code") for unit in around(world, place)}
        units |= {today["id"] for today in today_of(world, place)}
    terms = {("place", unit) for unit in units if unit} | {("sector", one["code"]) for one in sectors}
    return tuple(sorted(terms))


def _papers(world: World, zone_id: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What papers say of the zone, in the order of their days, undated first; and where that is stated."""
    entries, sources = [], []
    for decision_id in world.pointing("effect", "zone", zone_id):
        content = world.content("decision", decision_id)
        for effect in content["effects"] if content else ():
            if content is None or effect["zone"] != zone_id:
                continue
            entries.append(papers_on_it.timeline_entry(world, decision_id, content, effect))
            values = papers_on_it.effect_values(world, effect)
            sources += [
                citation(world, row, values.get(row["field"]), row["field"])
                for row in content["citations"]
                if row["row_position"] == effect["position"]
            ]
    return sorted(entries, key=lambda entry: entry["on"] or ""), sources


def compose_sector(world: World, sector_id: int) -> list[Rectangle]:
    content = world.content("sector", sector_id)
    if content is None:
        return []
    body = {
        "code": content["code"],
        "name": content["name"],
        "vsic_code": content["vsic_code"] or None,
        "vsic_year": content["vsic_year"],
        "sources": citations(world, content, named_values(world, content)),
    }
    columns = {
        "sort_key": sort_key(content["name"]),
        "search_text": search_text(f"{content['name']} {content['code']} {content['vsic_code']}"),
        "vsic_code": content["vsic_code"],
    }
    return [Rectangle(start, end, columns, body) for start, end in stretches(set())]
