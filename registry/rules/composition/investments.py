"""The answers about investors and projects: what they are, and every figure of capital beside its source."""

from datetime import date
from typing import Any, TypeAlias

from registry.rules import codes
from registry.rules.composition.indicators import values_about
from registry.rules.composition.papers import (
    Values,
    all_named,
    citations,
    citations_by_row,
    country,
    named,
    period_body,
    terms_of,
)
from registry.rules.composition.places import place_terms, places_of
from registry.rules.composition.values import investor_values, project_values
from registry.rules.composition.world import Content, Rectangle, World, day, fixed, joined, number, stretches
from registry.rules.rivals import disagreeing
from registry.rules.text import search_text, sort_key

#: A row of capital, and how bodies show it.
Figure: TypeAlias = tuple[Content, dict[str, Any]]

#: An investor has an answer for each day on which one of its figures counts, and each holds all figures known by then:
#: those of n projects would be n² in all. Of an investor with more projects than these they are read with the projects.
MOST_PROJECTS_WITH_FIGURES = 200


def compose_investor(world: World, investor_id: int) -> list[Rectangle]:
    content = world.content("investor", investor_id)
    if content is None:
        return []
    projects = {
        project_id: project
        for project_id in world.pointing("invested", "investor", investor_id)
        if (project := world.content("project", project_id)) is not None
    }
    values = investor_values(world, content)
    owners = [_figures(world, content, values)]
    apart = len(projects) > MOST_PROJECTS_WITH_FIGURES
    if not apart:
        owners += [
            _figures(world, project, project_values(world, project), named(world, "project", project_id))
            for project_id, project in sorted(projects.items())
        ]
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
    named_projects = all_named(world, "project", projects)
    terms = (*_where_it_invests(world, list(projects.values())), *sorted(terms_of("project", named_projects)))
    body: dict[str, Any] = {
        "code": content["code"],
        "name": content["name"],
        "kind": content["investor_kind"],
        "kind_label": codes.INVESTOR_KIND.labels(content["investor_kind"]),
        "enterprise_code": content["enterprise_code"] or None,
        "group": group,
        "members": all_named(world, "investor", world.pointing("member", "investor", investor_id)),
        "registered_in": country(content["registered_in"]),
        "capital_from": country(content["capital_from"]),
        "capital": [],
        "capital_in_projects": apart,
        "projects": named_projects,
        "indicators": values_about(world, "investor", investor_id),
        "sources": citations(world, content, values, "capital"),
    }
    return _by_day(owners, columns, body, terms)


def _by_day(
    owners: list[list[Figure]],
    columns: dict[str, Any],
    body: dict[str, Any],
    terms: tuple[tuple[str, str], ...],
) -> list[Rectangle]:
    """The answer on each day, with the figures of each owner that are known by then."""
    days = [_days(owner) for owner in owners]
    shown: list[list[dict[str, Any]]] = [[] for _ in owners]
    rectangles: list[Rectangle] = []
    for valid_from, valid_to in stretches(set().union(*days)):
        for place, owner in enumerate(owners):
            # Of a thousand projects one has news on a day; the others say what they said.
            if valid_from in days[place] or not rectangles:
                shown[place] = _capital(owner, valid_from)
        capital = [figure for figures in shown for figure in figures]
        rectangles.append(
            Rectangle(valid_from, valid_to, columns | _largest(capital), body | {"capital": capital}, terms)
        )
    return joined(rectangles)


def _where_it_invests(world: World, projects: list[Content]) -> tuple[tuple[str, str], ...]:
    """What an investor is found by: the zones, the clusters and the sectors of its projects."""
    about = {(kind, project[kind]) for project in projects for kind in ("zone", "cluster") if project[kind]}
    about |= {("sector", sector) for project in projects for sector in project["sectors"]}
    terms: set[tuple[str, str]] = set()
    for kind, subject_id in about:
        terms |= terms_of(kind, [named(world, kind, subject_id)])
    return tuple(sorted(terms))


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
        "capital": [],
        "indicators": values_about(world, "project", project_id),
        "sources": citations(world, content, values, "capital"),
    }
    figures = _figures(world, content, values, named(world, "project", project_id))
    places = {
        place
        for kind in ("zone", "cluster")
        if content[kind] is not None
        for place in places_of(world, kind, content[kind])
    }
    terms = terms_of("sector", sectors) | groups | place_terms(world, places)
    if content["land_area_ha"] is not None:
        terms.add(("land_area_ha", fixed(content["land_area_ha"])))
    return _by_day([figures], columns, body, tuple(sorted(terms)))


def _groups(world: World, investor_id: int) -> set[str]:
    """Codes of the published groups that an investor belongs to, at whatever remove."""
    found: dict[int, str] = {}
    label = world.label("investor", investor_id)
    while label is not None and label["group"] is not None and label["group"] not in found:
        group = label["group"]
        label = world.label("investor", group)
        if label is not None:
            found[group] = label["code"]
    return set(found.values())


def _figures(
    world: World, content: Content, values: Values, project: dict[str, Any] | None = None
) -> list[Figure]:
    """The figures of capital of one record as bodies show them, each with its row."""
    rows = content["capital_events"]
    sources = citations_by_row(world, content, values, rows)
    return [
        (
            row,
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
                "project": project,
                "rival": False,
                "sources": sources[row["position"]],
            },
        )
        for row in rows
    ]


def _capital(figures: list[Figure], on: date) -> list[dict[str, Any]]:
    """What is known by that day of one record's figures, and which of those are rivals of each other."""
    known = [figure for figure in figures if (since := _since(figure[0])) is None or since <= on]
    rivals = disagreeing([row for row, _ in known])
    return [body | {"rival": True} if row["position"] in rivals else body for row, body in known]


def _since(row: Content) -> date | None:
    """A figure stands from the latest day its stated date allows; an undated one on every day."""
    return day(row["as_of_latest"])


def _days(figures: list[Figure]) -> set[date]:
    return {since for row, _ in figures if (since := _since(row)) is not None}
