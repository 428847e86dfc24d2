"""The answers about incentives and assignments."""

from typing import Any

from registry.rules import codes
from registry.rules.composition import decisions as papers_on_it
from registry.rules.composition.papers import (
    all_named,
    citations,
    citations_by_row,
    legal_basis,
    named,
    period_body,
    terms_of,
)
from registry.rules.composition.values import assignment_values, incentive_values
from registry.rules.composition.world import (
    FIRST_DAY,
    Content,
    Rectangle,
    World,
    day,
    day_term,
    joined,
    number,
    stretches,
)
from registry.rules.text import search_text, sort_key


def compose_incentive(world: World, incentive_id: int) -> list[Rectangle]:
    content = world.content("incentive", incentive_id)
    if content is None:
        return []
    values = incentive_values(world, content)
    sources = citations_by_row(world, content, values, content["terms"])
    sectors = all_named(world, "sector", content["sectors"])
    start, end = day(content["valid_from"]), day(content["valid_to"])
    rectangles = []
    for valid_from, valid_to in stretches({d for d in (start, end) if d}):
        in_force = (
            content["status"] == "in_force"
            and (start is None or start <= valid_from)
            and (end is None or valid_from < end)
        )
        body = {
            "code": content["code"],
            "name": content["name"],
            "kind": content["incentive_kind"],
            "kind_label": codes.INCENTIVE_KIND.labels(content["incentive_kind"]),
            "status": content["status"],
            "status_label": codes.INCENTIVE_STATUS.labels(content["status"]),
            "terms": [
                {
                    "kind": row["term_kind"],
                    "kind_label": codes.INCENTIVE_TERM.labels(row["term_kind"]),
                    "years": row["years"],
                    "rate_percent": number(row["rate_percent"]),
                    "sources": sources[row["position"]],
                }
                for row in content["terms"]
            ],
            "sectors": sectors,
            "legal_basis": legal_basis(world, content["legal_basis"]),
            "valid_from": content["valid_from"],
            "valid_to": content["valid_to"],
            "in_force": in_force,
            "sources": citations(world, content, values, "terms"),
        }
        columns = {
            "sort_key": sort_key(content["name"]),
            "search_text": search_text(f"{content['name']} {content['code']}"),
            "incentive_kind": content["incentive_kind"],
            "status": content["status"],
            "in_force": in_force,
        }
        terms = terms_of("sector", sectors) | terms_of("legal_instrument", body["legal_basis"])
        terms |= day_term("valid_from", content["valid_from"]) | day_term("valid_to", content["valid_to"])
        terms |= {("term", row["term_kind"]) for row in content["terms"]}
        rectangles.append(Rectangle(valid_from, valid_to, columns, body, tuple(sorted(terms))))
    return joined(rectangles)


def compose_assignment(world: World, assignment_id: int) -> list[Rectangle]:
    content = world.content("assignment", assignment_id)
    if content is None:
        return []
    asked_by = named(world, "authority", content["asked_by"])
    lead = named(world, "authority", content["lead"]) if content["lead"] else None
    cooperating = all_named(world, "authority", content["cooperating"])
    about = {
        plural: all_named(world, kind, content[plural])
        for kind, plural in (("cluster", "clusters"), ("zone", "zones"), ("sector", "sectors"))
    }
    body = {
        "code": content["code"],
        "name": content["name"],
        "kind": content["assignment_kind"],
        "kind_label": codes.ASSIGNMENT_KIND.labels(content["assignment_kind"]),
        "asked_by": asked_by,
        "lead": lead,
        "cooperating": cooperating,
        "cooperating_others": content["others"] or None,
        "task": content["task"].splitlines(),
        **about,
        "legal_basis": legal_basis(world, content["legal_basis"]),
        "decision": papers_on_it.reference(world, content["decision"]) if content["decision"] else None,
        "asked": _when(content, "asked"),
        "due": _when(content, "due"),
        "sources": citations(world, content, assignment_values(world, content)),
    }
    columns = {
        "sort_key": sort_key(content["name"]),
        "search_text": search_text(" ".join([content["name"], content["code"], content["task"]])),
        "assignment_kind": content["assignment_kind"],
        "asked_by_code": asked_by["code"] or "",
        "lead_code": (lead or {}).get("code") or "",
        "due_on": content["due_latest"] or FIRST_DAY.isoformat(),
    }
    terms = terms_of("authority", [asked_by, lead, *cooperating]) | terms_of("cooperating", cooperating)
    terms |= terms_of("legal_instrument", body["legal_basis"]) | terms_of("decision", [body["decision"]])
    terms |= day_term("asked_on", content["asked_latest"])
    for plural, found in about.items():
        terms |= terms_of(plural.removesuffix("s"), found)
    return [Rectangle(a, b, columns, body, tuple(sorted(terms))) for a, b in stretches(set())]


def _when(content: Content, prefix: str) -> dict[str, Any] | None:
    """A stated date, also one of which the words alone are known (“vừa qua”); None when nothing is."""
    period = period_body(content, prefix)
    return period if any(period.values()) else None
