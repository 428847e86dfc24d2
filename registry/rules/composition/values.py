"""What each citable field of a record says, for comparison with its citations: one function for each kind."""

from collections.abc import Callable, Iterable
from typing import Any

from registry.rules import codes
from registry.rules.composition.decisions import decision_values, number_text
from registry.rules.composition.papers import Values, called, named, named_places, several, stated
from registry.rules.composition.world import Content, World, day
from registry.rules.dates import StatedDate
from registry.rules.text import sentences
from registry.rules.wordings import Coded


def named_values(world: World, content: Content) -> Values:
    return {(None, "name"): content["name"]}


def sector_values(world: World, content: Content) -> Values:
    year = None if content["vsic_year"] is None else str(content["vsic_year"])
    return named_values(world, content) | {(None, "vsic_code"): several(content["vsic_code"], year)}


def validity(content: Content, rows: Iterable[Content] = ()) -> Values:
    """The days of the record, and those of its rows that have no number."""
    return {
        (None, field): [
            StatedDate(day(row[field]), day(row[field])) for row in (content, *rows) if row[field]
        ]
        for field in ("valid_from", "valid_to")
    }


def authority_values(world: World, content: Content) -> Values:
    return (
        named_values(world, content)
        | validity(content)
        | {
            (None, "number"): content["number_symbol"] or None,
            (None, "level"): Coded(codes.AUTHORITY_LEVEL, content["level"]),
            (None, "places"): named_places(world, several(content["place"])),
            (None, "successor"): _names(world, "authority", several(content["successor"])),
        }
    )


def place_values(world: World, content: Content) -> Values:
    rows = content["successions"]
    return (
        named_values(world, content)
        | validity(content, content["codes"])
        | {
            (None, "extent"): [Coded(codes.SUCCESSION_EXTENT, row["extent"]) for row in rows],
            (None, "kind"): Coded(codes.PLACE_KIND, content["unit_kind"]),
            (None, "official_code"): [row["official_code"] for row in content["codes"]],
            (None, "successor"): named_places(world, [row["successor"] for row in rows]),
            (None, "within"): named_places(world, several(content["within"])),
        }
    )


def instrument_values(world: World, content: Content) -> Values:
    issued = day(content["issued_on"])
    return validity(content) | {
        (None, "kind"): Coded(codes.LEGAL_INSTRUMENT_KIND, content["instrument_kind"]),
        (None, "number"): content["number"] or None,
        (None, "title"): content["title"] or None,
        (None, "issuer"): _names(world, "authority", several(content["issuer"])),
        (None, "issued_on"): StatedDate(issued, issued),
        (None, "successor"): called(world, several(content["successor"])),
    }


def zone_values(world: World, content: Content) -> Values:
    values: Values = named_values(world, content) | {
        (None, "area_ha"): (content["area_ha"], content["area_high_ha"], content["area_qualifier"]),
        (None, "as_of"): [stated(row, "as_of") for row in content["statuses"]],
        (None, "kind"): Coded(codes.ZONE_KIND, content["zone_kind"]),
        (None, "linked_with"): _names(world, "zone", content["linked_with"]),
        (None, "places"): named_places(world, content["places"]),
        (None, "sectors"): _names(world, "sector", content["sectors"]),
        (None, "status"): [Coded(codes.ZONE_STATUS, row["status"]) for row in content["statuses"]],
    }
    for row in content["statuses"]:
        values[row["position"], "as_of"] = stated(row, "as_of")
        values[row["position"], "status"] = Coded(codes.ZONE_STATUS, row["status"])
    return values


def cluster_values(world: World, content: Content) -> Values:
    return named_values(world, content) | {
        (None, "aliases"): [row["name"] for row in content["aliases"]],
        (None, "as_of"): [stated(row, "as_of") for row in content["operating_reports"]],
        # Not cited: each report quotes its document itself.
        (None, "operating_status"): [
            Coded(codes.OPERATING_STATUS, row["status"]) for row in content["operating_reports"]
        ],
        (None, "places"): named_places(world, content["places"]),
    }


def investor_values(world: World, content: Content) -> Values:
    return (
        named_values(world, content)
        | _capital(content)
        | {
            (None, "capital_from"): _country(content["capital_from"]),
            (None, "enterprise_code"): content["enterprise_code"] or None,
            (None, "group"): _names(world, "investor", several(content["group"])),
            (None, "kind"): Coded(codes.INVESTOR_KIND, content["investor_kind"]),
            (None, "registered_in"): _country(content["registered_in"]),
        }
    )


def project_values(world: World, content: Content) -> Values:
    land = (content["land_area_ha"], content["land_area_high_ha"], content["land_area_qualifier"])
    values: Values = named_values(world, content) | _capital(content)
    values[None, "land_area_ha"] = land
    values[None, "products"] = several(*content["products"].splitlines())
    values[None, "project_code"] = content["project_code"] or None
    values[None, "sectors"] = _names(world, "sector", content["sectors"])
    for field in ("cluster", "investor", "zone"):
        values[None, field] = _names(world, field, several(content[field]))
    return values


def indicator_values(world: World, content: Content) -> Values:
    values = named_values(world, content)
    values[None, "sectors"] = _names(world, "sector", content["sectors"])
    values[None, "unit"] = content["unit"]
    values[None, "definition"] = sentences(content["definition"])
    scopes_cited = {row["row_position"] for row in content["citations"] if row["field"] == "scope"}
    for row in content["values"]:
        figure = (row["value"], row["value_high"], row["value_qualifier"], content["unit"])
        values[row["position"], "kind"] = Coded(codes.VALUE_KIND, row["value_kind"])
        values[row["position"], "period"] = stated(row, "period")
        values[row["position"], "scope"] = [Coded(codes.INDICATOR_SCOPE, row["scope"])]
        # Else the name of each of five hundred clusters would be read, and a new one reach all the others.
        if row["position"] in scopes_cited:
            for kind, ids in (
                ("cluster", row["clusters"]),
                ("zone", row["zones"]),
                ("investor", several(row["investor"])),
                ("project", several(row["project"])),
            ):
                values[row["position"], "scope"] += _names(world, kind, ids)
        values[row["position"], "value"] = figure
    return values


def incentive_values(world: World, content: Content) -> Values:
    values = named_values(world, content) | validity(content)
    values[None, "kind"] = Coded(codes.INCENTIVE_KIND, content["incentive_kind"])
    values[None, "legal_basis"] = called(world, content["legal_basis"])
    values[None, "sectors"] = _names(world, "sector", content["sectors"])
    values[None, "status"] = Coded(codes.INCENTIVE_STATUS, content["status"])
    for row in content["terms"]:
        values[row["position"], "kind"] = Coded(codes.INCENTIVE_TERM, row["term_kind"])
        values[row["position"], "years"] = None if row["years"] is None else str(row["years"])
        values[row["position"], "rate_percent"] = row["rate_percent"]
    return values


def assignment_values(world: World, content: Content) -> Values:
    decision = world.label("decision", content["decision"]) if content["decision"] else None
    return named_values(world, content) | {
        (None, "asked_by"): _names(world, "authority", several(content["asked_by"])),
        (None, "asked_on"): stated(content, "asked"),
        (None, "clusters"): _names(world, "cluster", content["clusters"]),
        (None, "cooperating"): _names(world, "authority", content["cooperating"])
        + several(content["others"]),
        (None, "due_on"): stated(content, "due"),
        (None, "kind"): Coded(codes.ASSIGNMENT_KIND, content["assignment_kind"]),
        (None, "lead"): _names(world, "authority", several(content["lead"])),
        (None, "legal_basis"): called(world, content["legal_basis"]),
        (None, "number"): number_text(decision) if decision else None,
        (None, "sectors"): _names(world, "sector", content["sectors"]),
        (None, "task"): several(content["name"], *content["task"].splitlines()),
        (None, "zone"): _names(world, "zone", content["zones"]),
    }


def _capital(content: Content) -> Values:
    values: Values = {}
    for row in content["capital_events"]:
        values[row["position"], "amount"] = (row["amount"], row["currency"], row["amount_qualifier"])
        values[row["position"], "as_of"] = stated(row, "as_of")
        values[row["position"], "kind"] = Coded(codes.CAPITAL_KIND, row["capital_kind"])
        values[row["position"], "measure"] = Coded(codes.CAPITAL_MEASURE, row["measure"])
        values[row["position"], "programme"] = stated(row, "programme")
    return values


def _names(world: World, kind: str, ids: Iterable[int]) -> list[str]:
    """What those of them that are published are called."""
    return several(*(named(world, kind, subject_id)["name"] for subject_id in ids))


def _country(code: str | None) -> str | None:
    return codes.COUNTRY.vi(code) if code else None


VALUES: dict[str, Callable[[World, Content], dict[tuple[int | None, str], Any]]] = {
    "assignment": assignment_values,
    "authority": authority_values,
    "cluster": cluster_values,
    "decision": decision_values,
    "incentive": incentive_values,
    "indicator": indicator_values,
    "investor": investor_values,
    "legal_instrument": instrument_values,
    "place": place_values,
    "project": project_values,
    "sector": sector_values,
    "zone": zone_values,
}
