"""The facts in bodies about zones, investors, projects, indicators, incentives, assignments, in the oracle's words."""

from collections.abc import Callable
from typing import Any

from tests.publication.oracle import Plain, by_code

Body = dict[str, Any]


def told_timeline(body: Body) -> list[Plain]:
    return [
        {
            "effect": entry["effect"],
            "as_stated": entry["as_stated"],
            "verified": entry["verification"] == "verified",
            "on": entry["on"],
            "decision": entry["decision"],
        }
        for entry in body["timeline"]
    ]


def told_around(body: Body) -> Plain:
    found: Plain = {
        "indicators": sorted(
            (
                _value(row) | {"indicator": row["indicator"], "scope_size": row["scope_size"]}
                for row in body["indicators"]
            ),
            key=repr,
        )
    }
    many = {name: by_code(body[name]) for name in ("projects", "assignments") if name in body}
    return found | many


def _zone(body: Body) -> Plain:
    return {
        "code": body["code"],
        "name": body["name"],
        "area": _text(body["area_ha"]),
        "status": body["status"],
        "status_as_of": body["status_as_of"],
        "statuses": [
            {
                "position": row["position"],
                "status": row["status"],
                "as_of": row["as_of"]["latest"],
                "sources": _cited(row["sources"]),
            }
            for row in body["statuses"]
        ],
        "linked_with": by_code([{"code": one["code"], "name": one["name"]} for one in body["linked_with"]]),
        "places": [{"code": place["id"], "name": place["name"]} for place in body["places"]],
        "sectors": by_code(body["sectors"]),
        "timeline": told_timeline(body),
    } | told_around(body)


def _investor(body: Body) -> Plain:
    return {
        "code": body["code"],
        "name": body["name"],
        "group": body["group"],
        "members": by_code(body["members"]),
        "registered_in": body["registered_in"] and body["registered_in"]["code"],
        "capital": [_figure(row) for row in body["capital"]],
        "sources": _cited(body["sources"]),
    } | told_around(body)


def _project(body: Body) -> Plain:
    return {
        "code": body["code"],
        "name": body["name"],
        "investor": body["investor"],
        "zone": body["zone"],
        "cluster": body["cluster"],
        "products": body["products"],
        "sectors": by_code(body["sectors"]),
        "capital": [_figure(row) for row in body["capital"]],
        "sources": _cited(body["sources"]),
    } | told_around(body)


def _indicator(body: Body) -> Plain:
    return {
        "code": body["code"],
        "name": body["name"],
        "unit": body["unit"],
        "sectors": by_code(body["sectors"]),
        "values": [_value(row) | {"scope_of": by_code(row["scope_of"])} for row in body["values"]],
        "sources": _cited(body["sources"]),
    }


def _incentive(body: Body) -> Plain:
    return {
        "code": body["code"],
        "name": body["name"],
        "status": body["status"],
        "in_force": body["in_force"],
        "terms": [
            {"kind": row["kind"], "years": row["years"], "sources": _cited(row["sources"])}
            for row in body["terms"]
        ],
        "sectors": by_code(body["sectors"]),
        "sources": _cited(body["sources"]),
    }


def _assignment(body: Body) -> Plain:
    return {
        "code": body["code"],
        "name": body["name"],
        "task": body["task"],
        "due": body["due"] and body["due"]["latest"],
        "asked_by": body["asked_by"],
        "lead": body["lead"],
        "decision": body["decision"],
    } | {many: by_code(body[many]) for many in ("cooperating", "clusters", "zones", "sectors")}


def _figure(row: Body) -> Plain:
    names = ("project", "kind", "measure", "amount", "qualifier", "as_of", "as_of_earliest", "rival")
    return {name: row[name] for name in names} | {"sources": _cited(row["sources"])}


def _value(row: Body) -> Plain:
    return {
        "scope": row["scope"],
        "kind": row["kind"],
        "period": (row["period"]["earliest"], row["period"]["latest"]),
        "value": _text(row["value"]),
        "low": _text(row["low"]),
        "high": _text(row["high"]),
        "rival": row["rival"],
        "sources": _cited(row["sources"]),
    }


def _cited(sources: list[Body]) -> list[Plain]:
    return [
        {
            "source": {"code": row["source"]["id"], "name": row["source"]["title"]},
            "field": row["field"],
            "words": row["as_stated"],
        }
        for row in sources
    ]


def _text(number: float | None) -> str | None:
    return None if number is None else str(number)


INDUSTRY: dict[str, Callable[[Body], Plain]] = {
    "zone": _zone,
    "investor": _investor,
    "project": _project,
    "indicator": _indicator,
    "incentive": _incentive,
    "assignment": _assignment,
}


def check_industry_columns(kind: str, row: Any, body: Body, terms: set[tuple[str, str]]) -> None:
    """What filters compare is what the body says."""

    def code(name: str) -> str:
        return (body[name] or {}).get("code") or ""

    def coded(term: str, name: str) -> set[tuple[str, str]]:
        return {(term, one["code"]) for one in body[name] if one["code"]}

    match kind:
        case "zone":
            assert (row.zone_kind, row.status) == (body["kind"], body["status"])
            assert {("place", place["id"]) for place in body["places"] if place["id"]} <= terms
            assert {term for term in terms if term[0] == "linked_with"} == coded("linked_with", "linked_with")
        case "investor":
            country = (body["registered_in"] or {}).get("code") or ""
            assert (row.group_code, row.registered_in) == (code("group"), country)
        case "project":
            found = (row.investor_code, row.zone_code, row.cluster_code)
            assert found == (code("investor"), code("zone"), code("cluster"))
        case "indicator":
            about = {one["code"] for value in body["values"] for one in value["scope_of"] if one["code"]}
            found = {value for term, value in terms if term in ("cluster", "zone", "investor", "project")}
            assert found == about
            assert {("scope", value["scope"]) for value in body["values"]} <= terms
        case "incentive":
            assert (row.status, row.in_force) == (body["status"], body["in_force"])
        case "assignment":
            assert (row.asked_by_code, row.lead_code) == (code("asked_by"), code("lead"))
            assert coded("cluster", "clusters") | coded("zone", "zones") <= terms
    if "sectors" in body:
        assert {term for term in terms if term[0] == "sector"} == coded("sector", "sectors")
