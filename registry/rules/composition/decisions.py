"""The answer about a decision, and the facts about decisions that clusters need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.rules import codes, dates
from registry.rules.cluster_states import EffectFact, Interval, fold
from registry.rules.composition.papers import (
    Values,
    called,
    citations,
    label_of,
    legal_basis,
    named,
    named_places,
    several,
    stated,
    terms_of,
)
from registry.rules.composition.places import place_terms
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
from registry.rules.decision_numbers import DecisionNumber, Family
from registry.rules.standings import DecisionFact, standings
from registry.rules.text import LONGEST_WORD, search_text, sort_key
from registry.rules.wordings import Coded

#: Relations by which a decision ends another one.
ENDING = frozenset({"revokes", "annuls", "replaces"})


def number_text(content: Content) -> str | None:
    """The number as papers write it; None when it is unknown."""
    if content["number"] is None:
        return None
    family = Family(content["number_family"])
    year = content["number_year"] if family in (Family.LAW, Family.NORMATIVE) else None
    return str(DecisionNumber(content["number"], content["symbol"], year, family))


def acts_on(content: Content) -> date | None:
    return dates.acts_on(stated(content, "issued"), stated(content, "effective"))


def fact(decision_id: int, content: Content) -> DecisionFact:
    """The decision as the fold sees it."""
    return DecisionFact(
        id=decision_id,
        acts_on=acts_on(content),
        issued_latest=day(content["issued_latest"]),
        number=content["number"],
        relations=tuple((relation["relation"], relation["target"]) for relation in content["relations"]),
    )


def effect_fact(decision_id: int, effect: Content) -> EffectFact:
    return EffectFact(
        id=effect["id"],
        decision_id=decision_id,
        position=effect["position"],
        code=effect["effect_code"],
        verified=effect["verification"] == "verified",
        sets=tuple(_sets(effect)),
        target=effect["target"],
        target_relation=effect["target_relation"],
    )


def _sets(effect: Content) -> list[tuple[str, Any]]:
    sets: list[tuple[str, Any]] = []
    if effect["area_ha"] is not None:
        sets.append(("area", (effect["area_ha"], effect["area_high_ha"], effect["area_qualifier"])))
    if effect["name"]:
        sets.append(("name", effect["name"]))
    if effect["developer"] is not None:
        sets.append(("developer", effect["developer"]))
    if sectors := sector_lines(effect["sectors"]):
        sets.append(("sectors", sectors))
    if effect["places"]:
        sets.append(("places", tuple(effect["places"])))
    return sets


def sector_lines(sectors: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in sectors.splitlines() if line.strip())


def sector_terms(lines: Iterable[str]) -> set[tuple[str, str]]:
    """Sectors as papers write them, to be found by the names of ours."""
    return {("sector_name", search_text(line)[:LONGEST_WORD]) for line in lines}


def with_enders(world: World, decisions: dict[int, Content]) -> dict[int, Content]:
    """The decisions and, transitively, every published one that ends one of them."""
    found = dict(decisions)
    waiting = sorted(decisions)
    while waiting:
        for ender in world.pointing("ends", "decision", waiting.pop()):
            if ender not in found and (content := world.content("decision", ender)) is not None:
                found[ender] = content
                waiting.append(ender)
    return found


def reference(world: World, decision_id: int) -> dict[str, Any]:
    label = world.label("decision", decision_id)
    if label is None:
        return {"id": None, "number": None}
    return {"id": label["code"], "number": number_text(label)}


@dataclass(frozen=True, slots=True)
class Papers:
    """The published decisions about one cluster or zone, and what their effects make of it.

    effects: by the id of the effect its decision and its content.
    """

    about: Mapping[int, Content]
    effects: Mapping[int, tuple[int, Content]]
    intervals: tuple[Interval, ...]

    def on(self, day: date) -> Interval:
        return next(i for i in self.intervals if i.valid_from <= day < i.valid_to)


def papers_on(world: World, kind: str, subject_id: int) -> Papers:
    """kind: cluster or zone."""
    about: dict[int, Content] = {}
    for decision_id in world.pointing("effect", kind, subject_id):
        if (content := world.content("decision", decision_id)) is not None:
            about[decision_id] = content
    effects = {
        effect["id"]: (decision_id, effect)
        for decision_id, content in sorted(about.items())
        for effect in content["effects"]
        if effect[kind] == subject_id
    }
    facts = [fact(i, content) for i, content in sorted(with_enders(world, about).items())]
    return Papers(about, effects, fold([effect_fact(i, effect) for i, effect in effects.values()], facts))


def timeline_entry(world: World, decision_id: int, content: Content, effect: Content) -> dict[str, Any]:
    """What one effect says, as the record it is on shows it."""
    on = acts_on(content)
    return {
        "effect": effect["effect_code"],
        "effect_label": codes.EFFECT.labels(effect["effect_code"]) if effect["effect_code"] else None,
        "as_stated": effect["as_stated"],
        "on": on.isoformat() if on else None,
        "earliest": content["effective_earliest"] or content["issued_earliest"],
        "verification": effect["verification"],
        "decision": reference(world, decision_id),
    }


def compose_decision(world: World, decision_id: int) -> list[Rectangle]:
    content = world.content("decision", decision_id)
    if content is None:
        return []
    facts = [
        fact(other, found) for other, found in sorted(with_enders(world, {decision_id: content}).items())
    ]
    standing = standings(facts)[decision_id]
    days = {d for d in (standing.acts_from, standing.acts_to) if d is not None}
    rectangles = []
    for valid_from, valid_to in stretches(days):
        in_force = (
            not standing.void
            and standing.acts_from is not None
            and standing.acts_from <= valid_from < standing.acts_to
        )
        rectangles.append(_rectangle(world, content, valid_from, valid_to, in_force))
    return joined(rectangles)


def _rectangle(world: World, content: Content, valid_from: Any, valid_to: Any, in_force: bool) -> Rectangle:
    issued, text = stated(content, "issued"), number_text(content)
    issuer = named(world, "authority", content["issuer"])
    clusters = [_object(world, effect, "cluster") for effect in content["effects"]]
    zones = [_object(world, effect, "zone") for effect in content["effects"]]
    body = {
        "id": content["code"],
        "number": text,
        "symbol": content["symbol"],
        "issuer": issuer,
        "kind": content["paper_kind"],
        "kind_label": codes.DECISION_KIND.labels(content["paper_kind"]),
        "abstract": content["abstract"],
        "issued_on": _iso(issued.exact),
        "issued_earliest": _iso(issued.earliest),
        "issued_latest": _iso(issued.latest),
        "issued_precision": issued.precision,
        "issued_stated_as": issued.stated_as,
        "effective_on": _iso(acts_on(content)),
        "in_force": in_force,
        "verification": content["verification"],
        "effects": [
            {
                "cluster": cluster,
                "zone": zone,
                "effect": effect["effect_code"],
                "effect_label": codes.EFFECT.labels(effect["effect_code"]) if effect["effect_code"] else None,
                "as_stated": effect["as_stated"],
                "verification": effect["verification"],
                "area_ha": number(effect["area_ha"]),
                "area_high_ha": number(effect["area_high_ha"]),
                "area_qualifier": effect["area_qualifier"] if effect["area_ha"] is not None else None,
                "name": effect["name"] or None,
                "developer": named(world, "investor", effect["developer"]) if effect["developer"] else None,
                "sectors": list(sector_lines(effect["sectors"])),
                "places": [label_of(world, place) for place in effect["places"]],
            }
            for effect, cluster, zone in zip(content["effects"], clusters, zones, strict=True)
        ],
        "relations": [
            {
                "kind": relation["relation"],
                "kind_label": codes.DECISION_RELATION.labels(relation["relation"]),
                "decision": reference(world, relation["target"]),
            }
            for relation in content["relations"]
        ],
        "legal_basis": legal_basis(world, content["legal_basis"]),
        "sources": citations(world, content, decision_values(world, content), "effects"),
    }
    objects = [found for found in (*clusters, *zones) if found is not None]
    label = text or f"chưa rõ số {content['issued_stated_as']}"
    return Rectangle(
        valid_from,
        valid_to,
        {
            "sort_key": sort_key(label),
            "search_text": search_text(
                " ".join([label, content["abstract"], content["code"], *(c["name"] or "" for c in objects)])
            ),
            "number": text or "",
            "issuer_code": issuer["code"] or "",
            "paper_kind": content["paper_kind"],
            "issued_on": (issued.latest or FIRST_DAY).isoformat(),
            "verification": content["verification"],
            "in_force": in_force,
        },
        body,
        tuple(
            sorted(
                terms_of("cluster", clusters)
                | terms_of("zone", zones)
                | terms_of("legal_instrument", body["legal_basis"])
                | terms_of("decision", [one["decision"] for one in body["relations"]])
                | terms_of("developer", [one["developer"] for one in body["effects"]])
                | {("effect", one["effect"]) for one in body["effects"] if one["effect"]}
                | day_term("effective_on", acts_on(content))
                | sector_terms(line for one in body["effects"] for line in one["sectors"])
                | place_terms(world, {place for effect in content["effects"] for place in effect["places"]})
            )
        ),
    )


def _object(world: World, effect: Content, kind: str) -> dict[str, Any] | None:
    """The cluster, or the zone, that an effect is on: one of the two."""
    return None if effect[kind] is None else named(world, kind, effect[kind])


def _iso(value: Any) -> str | None:
    return None if value is None else value.isoformat()


def decision_values(world: World, content: Content) -> Values:
    """What each citable field of the decision and of its effects says, for comparison with a citation."""
    targets = (world.label("decision", row["target"]) for row in content["relations"])
    values: Values = {
        (None, "number"): number_text(content),
        (None, "issuer"): named(world, "authority", content["issuer"])["name"],
        (None, "issued_on"): stated(content, "issued"),
        (None, "effective_on"): stated(content, "effective"),
        (None, "abstract"): content["abstract"] or None,
        (None, "kind"): Coded(codes.DECISION_KIND, content["paper_kind"]),
        (None, "legal_basis"): called(world, content["legal_basis"]),
        (None, "recipients"): content["recipients"] or None,
        (None, "relations"): several(
            *(number_text(target) for target in targets if target is not None),
            *(Coded(codes.DECISION_RELATION, row["relation"]) for row in content["relations"]),
        ),
        (None, "signer"): several(
            content["signer"],
            Coded(codes.SIGNED_FOR, content["signed_for"]) if content["signed_for"] else None,
        ),
    }
    for effect in content["effects"]:
        values |= {
            (effect["position"], field): value for field, value in effect_values(world, effect).items()
        }
    return values


def effect_values(world: World, effect: Content) -> dict[str, Any]:
    developer = named(world, "investor", effect["developer"])["name"] if effect["developer"] else None
    code, relation = effect["effect_code"], effect["target_relation"]
    return {
        "area_ha": (effect["area_ha"], effect["area_high_ha"], effect["area_qualifier"]),
        "cluster": (_object(world, effect, "cluster") or {}).get("name"),
        "zone": (_object(world, effect, "zone") or {}).get("name"),
        "name": effect["name"] or None,
        "developer": developer,
        "effect": several(effect["as_stated"], Coded(codes.EFFECT, code) if code else None),
        "places": named_places(world, effect["places"]),
        "relations": Coded(codes.EFFECT_RELATION, relation) if relation else None,
        "sectors": list(sector_lines(effect["sectors"])),
    }
