"""What each citable field of a record says, for comparison with its citations: one function for each kind."""

from collections.abc import Callable
from typing import Any

from registry.rules.composition.decisions import decision_values
from registry.rules.composition.papers import Values, label_of, named, names_of, stated
from registry.rules.composition.world import Content, World, day
from registry.rules.dates import StatedDate


def named_values(world: World, content: Content) -> Values:
    return {(None, "name"): content["name"]}


def validity(content: Content) -> Values:
    return {
        (None, field): StatedDate(day(content[field]), day(content[field]), "")
        for field in ("valid_from", "valid_to")
        if content[field]
    }


def lasting_values(world: World, content: Content) -> Values:
    return validity(content) | named_values(world, content)


def place_values(world: World, content: Content) -> Values:
    within = label_of(world, content["within"])["name"] if content["within"] else None
    successors = names_of(world, [row["successor"] for row in content["successions"]])
    return lasting_values(world, content) | {(None, "within"): within, (None, "successor"): successors}


def instrument_values(world: World, content: Content) -> Values:
    issuer = named(world, "authority", content["issuer"])["name"] if content["issuer"] else None
    return validity(content) | {
        (None, "number"): content["number"] or None,
        (None, "title"): content["title"] or None,
        (None, "issuer"): issuer,
    }


def zone_values(world: World, content: Content) -> Values:
    area = (content["area_ha"], content["area_high_ha"], content["area_qualifier"])
    places = names_of(world, content["places"])
    return named_values(world, content) | {(None, "area_ha"): area, (None, "places"): places}


def cluster_values(world: World, content: Content) -> Values:
    return named_values(world, content) | {(None, "places"): names_of(world, content["places"])}


def investor_values(world: World, content: Content) -> Values:
    group = named(world, "investor", content["group"])["name"] if content["group"] else None
    return (
        named_values(world, content)
        | _capital(content)
        | {
            (None, "enterprise_code"): content["enterprise_code"] or None,
            (None, "group"): group,
        }
    )


def project_values(world: World, content: Content) -> Values:
    land = (content["land_area_ha"], content["land_area_high_ha"], content["land_area_qualifier"])
    values: Values = named_values(world, content) | _capital(content)
    values[None, "land_area_ha"] = land
    values[None, "investor"] = named(world, "investor", content["investor"])["name"]
    for field in ("zone", "cluster"):
        if content[field] is not None:
            values[None, field] = named(world, field, content[field])["name"]
    return values


def indicator_values(world: World, content: Content) -> Values:
    values = named_values(world, content)
    for row in content["values"]:
        figure = (row["value"], row["value_high"], row["value_qualifier"], content["unit"])
        values[row["position"], "value"] = figure
        values[row["position"], "period"] = stated(row, "period")
    return values


def incentive_values(world: World, content: Content) -> Values:
    values = lasting_values(world, content)
    for row in content["terms"]:
        values[row["position"], "years"] = None if row["years"] is None else str(row["years"])
        values[row["position"], "rate_percent"] = row["rate_percent"]
    return values


def assignment_values(world: World, content: Content) -> Values:
    values = named_values(world, content)
    for field in ("asked_by", "lead"):
        if content[field] is not None:
            values[None, field] = named(world, "authority", content[field])["name"]
    values[None, "asked_on"] = stated(content, "asked")
    values[None, "due_on"] = stated(content, "due")
    return values


def _capital(content: Content) -> Values:
    values: Values = {}
    for row in content["capital_events"]:
        values[row["position"], "amount"] = (row["amount"], row["currency"], row["amount_qualifier"])
        values[row["position"], "as_of"] = stated(row, "as_of")
        values[row["position"], "programme"] = stated(row, "programme")
    return values


VALUES: dict[str, Callable[[World, Content], dict[tuple[int | None, str], Any]]] = {
    "assignment": assignment_values,
    "authority": lasting_values,
    "cluster": cluster_values,
    "decision": decision_values,
    "incentive": incentive_values,
    "indicator": indicator_values,
    "investor": investor_values,
    "legal_instrument": instrument_values,
    "place": place_values,
    "project": project_values,
    "sector": named_values,
    "zone": zone_values,
}

#: What the numbered rows of a kind are called in its body.
ROWS = {
    "decision": "effects",
    "incentive": "terms",
    "indicator": "values",
    "investor": "capital",
    "project": "capital",
}
