"""The answers about investors and projects: what they are, and every figure of capital beside its source."""

from datetime import date
from typing import Any

from registry.rules import codes
from registry.rules.composition.indicators import values_about
from registry.rules.composition.papers import (
    Values,
    all_named,
    citations,
    citations_of_row,
    country,
    named,
    period_body,
)
from registry.rules.composition.values import investor_values, project_values
from registry.rules.composition.world import Content, Rectangle, World, joined, number, stretches
from registry.rules.rivals import rivals
from registry.rules.text import search_text, sort_key


def compose_investor(world: World, investor_id: int) -> list[Rectangle]:
    content = world.content("investor", investor_id)
    if content is None:
        return []
    projects = {
        project_id: project
        for project_id in world.pointing("invested", "investor", investor_id)
        if (project := world.content("project", project_id)) is not None
    }
    owners: list[tuple[int | None, Content, Values]] = [(None, content, investor_values(world, content))]
    owners += [(i, project, project_values(world, project)) for i, project in sorted(projects.items())]
    group = named(world, "investor", content["group"]) if content["group"] else None
    columns = {
        "sort_key": sort_key(content["name"]),
        "search_text": search_text(f"{content['name']} {content['code']} {(group or {}).get('name') or ''}"),
        "enterprise_code": content["enterprise_code"],
        "investor_kind": content["investor_kind"],
        "group_code": (group or {}).get("code") or "",
        "registered_in": content["registered_in"] or "",
        "capital_from": content["capital_from"] or "",
    }
    terms = _where_it_invests(world, list(projects.values()))
    rectangles = []
    for valid_from, valid_to in stretches({day for _, owner, _ in owners for day in _days(owner)}):
        body = {
            "code": content["code"],
            "name": content["name"],
            "kind": content["investor_kind"],
            "kind_label": codes.INVESTOR_KIND.labels(content["investor_kind"]),
            "enterprise_code": content["enterprise_code"] or None,
            "group": group,
            "members": all_named(world, "investor", world.pointing("member", "investor", investor_id)),
            "registered_in": country(content["registered_in"]),
            "capital_from": country(content["capital_from"]),
            "capital": [
                row
                for project_id, owner, values in owners
                for row in _capital(world, owner, values, project_id, valid_from)
            ],
            "projects": all_named(world, "project", sorted(projects)),
            "indicators": values_about(world, "investor", investor_id),
            "sources": citations(world, content, owners[0][2], "capital"),
        }
        largest = _largest(body["capital"])
        rectangles.append(Rectangle(valid_from, valid_to, columns | largest, body, terms))
    return joined(rectangles)


def _where_it_invests(world: World, projects: list[Content]) -> tuple[tuple[str, str], ...]:
    """What an investor is found by: the zones, the clusters and the sectors of its projects."""
    about = [
        (kind, named(world, kind, project[kind])["code"])
        for project in projects
        for kind in ("zone", "cluster")
        if project[kind] is not None
    ]
    about += [
        ("sector", named(world, "sector", sector)["code"])
        for project in projects
        for sector in project["sectors"]
    ]
    return tuple(sorted({(term, code) for term, code in about if code}))


def _largest(capital: list[dict[str, Any]]) -> dict[str, int]:
    """The largest figure that is shown in each currency, what was taken away aside; 0 when there is none."""
    shown = [row for row in capital if row["kind"] != "decrease"]
    return {
        f"capital_{currency.lower()}": max(
            (row["amount"] for row in shown if row["currency"] == currency), default=0
        )
        for currency in codes.CURRENCY
    }


def compose_project(world: World, project_id: int) -> list[Rectangle]:
    content = world.content("project", project_id)
    if content is None:
        return []
    values = project_values(world, content)
    investor = named(world, "investor", content["investor"])
    zone = named(world, "zone", content["zone"]) if content["zone"] else None
    cluster = named(world, "cluster", content["cluster"]) if content["cluster"] else None
    sectors = all_named(world, "sector", content["sectors"])
    groups = {("group", code) for code in _groups(world, content["investor"])}
    words = (content["name"], content["code"], content["products"], investor["name"] or "")
    columns = {
        "sort_key": sort_key(content["name"]),
        "search_text": search_text(" ".join(words)),
        "project_code": content["project_code"],
        "investor_code": investor["code"] or "",
        "zone_code": (zone or {}).get("code") or "",
        "cluster_code": (cluster or {}).get("code") or "",
    }
    rectangles = []
    for valid_from, valid_to in stretches(_days(content)):
        body = {
            "code": content["code"],
            "name": content["name"],
            "project_code": content["project_code"] or None,
            "investor": investor,
            "zone": zone,
            "cluster": cluster,
            "products": [line for line in content["products"].splitlines() if line],
            "sectors": sectors,
            "land_area_ha": number(content["land_area_ha"]),
            "land_area_high_ha": number(content["land_area_high_ha"]),
            "land_area_qualifier": content["land_area_qualifier"] if content["land_area_ha"] else None,
            "capital": _capital(world, content, values, project_id, valid_from),
            "indicators": values_about(world, "project", project_id),
            "sources": citations(world, content, values, "capital"),
        }
        terms = tuple(sorted({("sector", sector["code"]) for sector in sectors} | groups))
        largest = _largest(body["capital"])
        rectangles.append(Rectangle(valid_from, valid_to, columns | largest, body, terms))
    return joined(rectangles)


def _groups(world: World, investor_id: int) -> set[str]:
    """Codes of the published groups that an investor belongs to, at whatever remove."""
    found: dict[int, str] = {}
    content = world.content("investor", investor_id)
    while content is not None and content["group"] is not None and content["group"] not in found:
        group = content["group"]
        content = world.content("investor", group)
        if content is not None:
            found[group] = content["code"]
    return set(found.values())


def _days(content: Content) -> set[date]:
    """A figure of capital is known from the latest day its stated date allows; undated ones always."""
    latest = (row["as_of_latest"] for row in content["capital_events"])
    return {date.fromisoformat(day) for day in latest if day}


def _capital(
    world: World, content: Content, values: Any, project_id: int | None, on: date
) -> list[dict[str, Any]]:
    known = [
        row
        for row in content["capital_events"]
        if row["as_of_latest"] is None or date.fromisoformat(row["as_of_latest"]) <= on
    ]
    disagreeing = rivals(known)
    return [
        {
            "measure": row["measure"],
            "measure_label": codes.CAPITAL_MEASURE.labels(row["measure"]),
            "kind": row["capital_kind"],
            "kind_label": codes.CAPITAL_KIND.labels(row["capital_kind"]),
            "amount": row["amount"],
            "currency": row["currency"],
            "qualifier": row["amount_qualifier"],
            "as_of": row["as_of_latest"],
            "as_of_earliest": row["as_of_earliest"],
            "as_of_stated_as": row["as_of_stated_as"],
            "programme": period_body(row, "programme") if row["programme_latest"] else None,
            "project": named(world, "project", project_id) if project_id is not None else None,
            "rival": row["position"] in disagreeing,
            "sources": citations_of_row(world, content, values, row["position"]),
        }
        for row in known
    ]
