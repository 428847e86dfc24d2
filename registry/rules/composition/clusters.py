"""The answer about a cluster: the fold of the effects of published decisions, and its last report."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from registry.rules import codes
from registry.rules.cluster_states import Interval
from registry.rules.composition import decisions as papers_on_it
from registry.rules.composition.indicators import values_about
from registry.rules.composition.papers import (
    all_named,
    citation,
    citations,
    named,
    source_of,
    terms_of,
)
from registry.rules.composition.places import place_body, place_days, place_terms
from registry.rules.composition.values import cluster_values
from registry.rules.composition.world import (
    Content,
    Rectangle,
    Term,
    World,
    day_term,
    fixed,
    joined,
    number,
    stretches,
)
from registry.rules.land import unleased_ha
from registry.rules.text import search_text, sort_key


def compose_cluster(world: World, cluster_id: int) -> list[Rectangle]:
    own = world.content("cluster", cluster_id)
    if own is None:
        return []
    papers = papers_on_it.papers_on(world, "cluster", cluster_id)
    reports = own["operating_reports"]
    days = {interval.valid_from for interval in papers.intervals} | {
        date.fromisoformat(r["as_of_latest"]) for r in reports
    }
    shown = {place for interval in papers.intervals for place in _places(own, interval)}
    days |= place_days(world, shown)
    rectangles = []
    for valid_from, valid_to in stretches(days):
        view = _View(world, cluster_id, own, papers, valid_from)
        rectangles.append(Rectangle(valid_from, valid_to, view.columns(), view.body(), view.terms()))
    return joined(rectangles)


def _places(own: Content, interval: Interval) -> list[int]:
    """Where papers say that it stands, or else its own record."""
    sourced = interval.values.get("places")
    stated: Any = sourced[0] if sourced else ()
    return list(stated or own["places"])


class _View:
    """One cluster on one stretch of days."""

    def __init__(
        self,
        world: World,
        cluster_id: int,
        own: Content,
        papers: papers_on_it.Papers,
        on: date,
    ) -> None:
        self.cluster_id, self.on = cluster_id, on
        self.world, self.own, self.interval = world, own, papers.on(on)
        self.about, self.effects = papers.about, papers.effects
        self.reports = [r for r in own["operating_reports"] if date.fromisoformat(r["as_of_latest"]) <= on]
        self.reports.sort(key=lambda r: (r["as_of_latest"], r["id"]))
        self.name: str = self.value("name") or own["name"]
        self.area = self.value("area") or (None, None, None)
        self.places = _places(own, self.interval)
        developer = self.value("developer")
        self.developer = named(world, "investor", developer) if developer is not None else None
        # A report may tell of land alone; it does not take back the status that an earlier one gave.
        self.last_status = next((r for r in reversed(self.reports) if r["status"] != "unknown"), None)
        self.status: str = self.last_status["status"] if self.last_status else "unknown"

    def pointing(self, role: str) -> list[int]:
        return self.world.pointing(role, "cluster", self.cluster_id)

    def value(self, key: str) -> Any:
        sourced = self.interval.values.get(key)
        return None if sourced is None else sourced[0]

    def set_by(self, key: str) -> int | None:
        """The effect that set a value."""
        sourced = self.interval.values.get(key)
        return None if sourced is None else sourced[1]

    def columns(self) -> dict[str, Any]:
        names = [
            self.name,
            self.own["name"],
            self.own["code"],
            *(alias["name"] for alias in self.own["aliases"]),
        ]
        return {
            "sort_key": sort_key(self.name),
            "search_text": search_text(" ".join(dict.fromkeys(names))),
            "legal_stage": self.interval.stage,
            "operating_status": self.status,
            "developer_code": (self.developer or {}).get("code") or "",
            "area_ha": self.area[0] or "0",
        }

    def terms(self) -> tuple[Term, ...]:
        told = [self.effects[effect_id][0] for effect_id in self.interval.timeline]
        found = place_terms(self.world, self.places)
        found |= terms_of("decision", [papers_on_it.reference(self.world, decision) for decision in told])
        found |= terms_of("project", all_named(self.world, "project", self.pointing("located")))
        found |= papers_on_it.sector_terms(self.value("sectors") or ())
        found |= {(share["basis"], fixed(str(share["value"]))) for share in self._occupancy()}
        if self.interval.stage_by is not None:
            decision_id, _ = self.effects[self.interval.stage_by]
            found |= day_term("stage_on", papers_on_it.acts_on(self.about[decision_id]))
        if self.reports:
            found.add(("reported_on", self.reports[-1]["as_of_latest"]))
        if (land := self._land()) is not None:
            found.add(("unleased_ha", fixed(str(land["unleased_ha"]))))
        return tuple(sorted(found))

    def body(self) -> dict[str, Any]:
        sectors = self.value("sectors") or ()
        return {
            "code": self.own["code"],
            "name": self.name,
            "name_decision": self._decision_of(self.set_by("name")),
            "aliases": self._aliases(),
            "legal_stage": self.interval.stage,
            "legal_stage_label": codes.LEGAL_STAGE.labels(self.interval.stage),
            "legal_stage_decision": self._decision_of(self.interval.stage_by),
            "operating_status": self.status,
            "operating_status_label": codes.OPERATING_STATUS.labels(self.status),
            "operating_status_as_of": self.last_status["as_of_latest"] if self.last_status else None,
            "area_ha": number(self.area[0]),
            "area_high_ha": number(self.area[1]),
            "area_qualifier": self.area[2],
            "area_decision": self._decision_of(self.set_by("area")),
            "developer": self.developer,
            "developer_decision": self._decision_of(self.set_by("developer")),
            "places": [place_body(self.world, place, self.on) for place in self.places],
            "places_decision": self._decision_of(self.set_by("places")),
            "sectors": list(sectors),
            "sectors_decision": self._decision_of(self.set_by("sectors")),
            "occupancy": self._occupancy(),
            "land": self._land(),
            "projects": all_named(self.world, "project", self.pointing("located")),
            "indicators": values_about(self.world, "cluster", self.cluster_id),
            "assignments": all_named(self.world, "assignment", self.pointing("assigned")),
            "timeline": [self._entry(effect_id) for effect_id in self.interval.timeline],
            "sources": self._sources(),
        }

    def _aliases(self) -> list[str]:
        aliases = [alias["name"] for alias in self.own["aliases"]]
        if self.name != self.own["name"]:
            aliases.append(self.own["name"])
        return [alias for alias in dict.fromkeys(aliases) if alias != self.name]

    def _decision_of(self, effect_id: int | None) -> dict[str, Any] | None:
        if effect_id is None:
            return None
        return papers_on_it.reference(self.world, self.effects[effect_id][0])

    def _occupancy(self) -> list[dict[str, Any]]:
        found = {}
        for report in self.reports:
            for basis, land, percent in (
                ("leased", "leased_ha", "occupancy_leased"),
                ("leased_or_approved", "approved_ha", "occupancy_approved"),
            ):
                value, qualifier = report[percent], report["occupancy_qualifier"]
                if value is None and report[land] is not None and report["industrial_land_ha"] is not None:
                    share = Decimal(report[land]) / Decimal(report["industrial_land_ha"]) * 100
                    value, qualifier = str(share.quantize(Decimal("0.01"), ROUND_HALF_UP)), "exact"
                if value is not None:
                    found[basis] = {
                        "basis": basis,
                        "value": number(value),
                        "qualifier": qualifier,
                        "as_of": report["as_of_latest"],
                    }
        return [found[basis] for basis in codes.OCCUPANCY_BASIS if basis in found]

    def _land(self) -> dict[str, Any] | None:
        """The last report that tells how much industrial land is free, with where it says so."""
        for report in reversed(self.reports):
            if (free := unleased_ha(report)) is not None:
                hectares, qualifier = free
                return {
                    "industrial_land_ha": number(report["industrial_land_ha"]),
                    "leased_ha": number(report["leased_ha"]),
                    "approved_ha": number(report["approved_ha"]),
                    "unleased_ha": number(str(hectares)),
                    "unleased_qualifier": qualifier,
                    "as_of": report["as_of_latest"],
                    "as_of_stated_as": report["as_of_stated_as"],
                    "source": source_of(self.world, report["source"]),
                    "locator": report["locator"],
                    "as_stated": report["as_stated"],
                }
        return None

    def _entry(self, effect_id: int) -> dict[str, Any]:
        decision_id, effect = self.effects[effect_id]
        return papers_on_it.timeline_entry(self.world, decision_id, self.about[decision_id], effect)

    def _shown_of(self, effect_id: int, values: dict[str, Any]) -> dict[str, Any]:
        """What of an effect is the cluster's value on this stretch: the rest supports nothing that is shown."""
        _, effect = self.effects[effect_id]
        keys = {"area_ha": "area", "name": "name", "developer": "developer", "places": "places"}
        by = {field: self.interval.values.get(key, (None, None))[1] for field, key in keys.items()}
        hidden = {field for field in keys if by[field] != effect_id}
        if effect["effect_code"] is None or effect["verification"] != "verified":
            hidden.add("effect")
        return {field: value for field, value in values.items() if field not in hidden}

    def _sources(self) -> list[dict[str, Any]]:
        own_values = cluster_values(self.world, self.own) | {
            (None, "area_ha"): self.area,
            (None, "developer"): (self.developer or {}).get("name"),
        }
        found = citations(self.world, self.own, own_values)
        for effect_id in self.interval.timeline:
            decision_id, effect = self.effects[effect_id]
            values = self._shown_of(effect_id, papers_on_it.effect_values(self.world, effect))
            for row in self.about[decision_id]["citations"]:
                if row["row_position"] == effect["position"]:
                    field = "legal_stage" if row["field"] == "effect" else row["field"]
                    found.append(citation(self.world, row, values.get(row["field"]), field))
        if report := self.last_status:
            quoted = {**report, "field": "operating_status"}
            status = codes.OPERATING_STATUS.vi(self.status)
            found.append(citation(self.world, quoted, status, "operating_status"))
        return found
