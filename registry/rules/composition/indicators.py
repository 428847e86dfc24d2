"""The answers about indicators: every value with its scope, its period and its sources."""

from typing import Any

from registry.rules import codes
from registry.rules.composition.papers import all_named, citations, citations_of_row, named, period_body
from registry.rules.composition.values import indicator_values
from registry.rules.composition.world import Content, Rectangle, World, number, stretches
from registry.rules.text import search_text, sort_key


def compose_indicator(world: World, indicator_id: int) -> list[Rectangle]:
    content = world.content("indicator", indicator_id)
    if content is None:
        return []
    sectors = all_named(world, "sector", content["sectors"])
    body = {
        "code": content["code"],
        "name": content["name"],
        "unit": content["unit"],
        "definition": content["definition"] or None,
        "sectors": sectors,
        "values": [_value(world, content, row) for row in content["values"]],
        "sources": citations(world, content, indicator_values(world, content), "values"),
    }
    columns = {
        "sort_key": sort_key(content["name"]),
        "search_text": search_text(" ".join([content["name"], content["code"], content["definition"]])),
    }
    scopes = {("scope", row["scope"]) for row in content["values"]}
    kinds = {("kind", row["value_kind"]) for row in content["values"]}
    about = {
        (scope, one["code"])
        for row in content["values"]
        for scope, one in _scope_of(world, row)
        if one["code"]
    }
    years = {("year", str(year)) for row in content["values"] for year in _years(row)}
    unit = {("unit", content["unit"])}
    terms = tuple(
        sorted(scopes | kinds | about | years | unit | {("sector", sector["code"]) for sector in sectors})
    )
    return [Rectangle(start, end, columns, body, terms) for start, end in stretches(set())]


def _years(row: Content) -> range:
    """The years a value's period touches: all when both ends are known, else the year of the known one."""
    known = [int(row[f"period_{end}"][:4]) for end in ("earliest", "latest") if row[f"period_{end}"]]
    # A period of more than a century is a slip; the end of it is what is asked for.
    return range(max(known[0], known[-1] - 100), known[-1] + 1) if known else range(0)


def values_about(world: World, kind: str, subject_id: int) -> list[dict[str, Any]]:
    """The values of indicators that are about one record, each with its indicator."""
    found = []
    for indicator_id in world.pointing("measured", kind, subject_id):
        content = world.content("indicator", indicator_id)
        if content is None:
            continue
        for row in content["values"]:
            pointed = row[f"{kind}s"] if kind in ("cluster", "zone") else [row[kind]]
            if subject_id in pointed:
                indicator = {"code": content["code"], "name": content["name"], "unit": content["unit"]}
                found.append({"indicator": indicator} | _value(world, content, row))
    return sorted(found, key=lambda row: (sort_key(row["indicator"]["name"]), row["period"]["latest"] or ""))


def _value(world: World, content: Content, row: Content) -> dict[str, Any]:
    ranged = row["value_qualifier"] == "range"
    return {
        "scope": row["scope"],
        "scope_label": codes.INDICATOR_SCOPE.labels(row["scope"]),
        "scope_of": [one for _, one in _scope_of(world, row)],
        "kind": row["value_kind"],
        "kind_label": codes.VALUE_KIND.labels(row["value_kind"]),
        "period": period_body(row, "period"),
        "value": None if ranged else number(row["value"]),
        "low": number(row["value"]) if ranged else None,
        "high": number(row["value_high"]),
        "qualifier": row["value_qualifier"],
        "sources": citations_of_row(world, content, indicator_values(world, content), row["position"]),
    }


def _scope_of(world: World, row: Content) -> list[tuple[str, dict[str, Any]]]:
    found = [("cluster", one) for one in all_named(world, "cluster", row["clusters"])]
    found += [("zone", one) for one in all_named(world, "zone", row["zones"])]
    for kind in ("investor", "project"):
        if row[kind] is not None:
            found.append((kind, named(world, kind, row[kind])))
    return found
