"""The answers about indicators: every value with its scope, its period and its sources."""

from collections.abc import Iterator
from typing import Any

from registry.rules import codes
from registry.rules.composition.papers import all_named, citations, citations_by_row, period_body, terms_of
from registry.rules.composition.values import indicator_values
from registry.rules.composition.world import Content, Rectangle, Term, World, number, stretches
from registry.rules.rivals import rivals
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
        "values": [
            value | {"scope_of": [one for _, one in _scope_of(world, row)]}
            for row, value in _values(world, content, content["values"])
        ],
        "sources": citations(world, content, indicator_values(world, content), "values"),
    }
    columns = {
        "sort_key": sort_key(content["name"]),
        "search_text": search_text(" ".join([content["name"], content["code"], content["definition"]])),
    }
    terms: set[Term] = {("unit", content["unit"]), *terms_of("sector", sectors)}
    for row in content["values"]:
        about = (found for scope, one in _scope_of(world, row) for found in terms_of(scope, [one]))
        years = (("year", str(year)) for year in _years(row))
        of_row = {("scope", row["scope"]), ("kind", row["value_kind"]), *about, *years}
        # With its position: a search for several of these means one value that has them all.
        terms |= {(term, value, row["position"]) for term, value in of_row}
    return [Rectangle(start, end, columns, body, tuple(sorted(terms))) for start, end in stretches(set())]


def _years(row: Content) -> range:
    """The years a value's period touches: all when both ends are known, else the year of the known one."""
    known = [int(row[f"period_{end}"][:4]) for end in ("earliest", "latest") if row[f"period_{end}"]]
    # A period of more than a century is a slip; the end of it is what is asked for.
    return range(max(known[0], known[-1] - 100), known[-1] + 1) if known else range(0)


def values_about(world: World, kind: str, subject_id: int) -> list[dict[str, Any]]:
    """The values of indicators that are about one record, each with its indicator.

    Of how many records a value is says `scope_size`; their names stand with the indicator, not five hundred times
    with each of five hundred clusters.
    """
    found = []
    for indicator_id in world.pointing("measured", kind, subject_id):
        content = world.content("indicator", indicator_id)
        if content is None:
            continue
        indicator = {"code": content["code"], "name": content["name"], "unit": content["unit"]}
        # Its rivals are about the same records, so they are all among these.
        rows = [row for row in content["values"] if (kind, subject_id) in _scope(row)]
        found += [
            {"indicator": indicator} | value | {"scope_size": len(_scope(row))}
            for row, value in _values(world, content, rows)
        ]
    return sorted(found, key=lambda row: (sort_key(row["indicator"]["name"]), row["period"]["latest"] or ""))


def _values(world: World, content: Content, rows: list[Content]) -> Iterator[tuple[Content, dict[str, Any]]]:
    """Values of an indicator as bodies show them, each with its row. They are reports about periods, not states of
    the world: every day's answer holds all of them.
    """
    sources = citations_by_row(world, content, indicator_values(world, content), rows)
    disagreeing = rivals(rows)
    for row in rows:
        ranged = row["value_qualifier"] == "range"
        yield (
            row,
            {
                "scope": row["scope"],
                "scope_label": codes.INDICATOR_SCOPE.labels(row["scope"]),
                "kind": row["value_kind"],
                "kind_label": codes.VALUE_KIND.labels(row["value_kind"]),
                "period": period_body(row, "period"),
                "value": None if ranged else number(row["value"]),
                "low": number(row["value"]) if ranged else None,
                "high": number(row["value_high"]),
                "qualifier": row["value_qualifier"],
                "rival": row["position"] in disagreeing,
                "sources": sources[row["position"]],
            },
        )


def _scope(row: Content) -> list[tuple[str, int]]:
    """The records that a value is about, as kind and id; none: all of its scope."""
    found = [("cluster", pk) for pk in row["clusters"]] + [("zone", pk) for pk in row["zones"]]
    return found + [(kind, row[kind]) for kind in ("investor", "project") if row[kind] is not None]


def _scope_of(world: World, row: Content) -> list[tuple[str, dict[str, Any]]]:
    scope = _scope(row)
    return [
        (kind, one)
        for kind in dict.fromkeys(kind for kind, _ in scope)
        for one in all_named(world, kind, [pk for other, pk in scope if other == kind])
    ]
