"""The answer about a cluster: the fold of the effects of published decisions, and its last report."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
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
from registry.rules.wordings import Coded

#: Members of the body that decisions set, and what the fold calls them.
_SET = {"area_ha": "area", "name": "name", "developer": "developer", "places": "places", "sectors": "sectors"}


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
    told = _Told(world, cluster_id, own, papers)
    rectangles = []
    for valid_from, valid_to in stretches(days):
        view = _View(told, papers.on(valid_from), valid_from)
        rectangles.append(Rectangle(valid_from, valid_to, view.columns(), view.body(), view.terms()))
    return joined(rectangles)


def _places(own: Content, interval: Interval) -> list[int]:
    """Where papers say that it stands, or else its own record."""
    sourced = interval.values.get("places")
    stated: Any = sourced[0] if sourced else ()
    return list(stated or own["places"])


class _Told:
    """What is told of one cluster: each piece put together once, however many stretches of days show it."""

    def __init__(self, world: World, cluster_id: int, own: Content, papers: papers_on_it.Papers) -> None:
        self.world, self.own, self.papers = world, own, papers
        self.values = cluster_values(world, own)
        self.projects = all_named(world, "project", world.pointing("located", "cluster", cluster_id))
        self.assignments = all_named(world, "assignment", world.pointing("assigned", "cluster", cluster_id))
        self.indicators = values_about(world, "cluster", cluster_id)
        self.entry, self.decision, self.cited = cache(self._entry), cache(self._decision), cache(self._cited)
        self.own_cited, self.stage_on = cache(self._own_cited), cache(self._stage_on)
        self.place_terms = cache(self._place_terms)
        self.citations, self._effect_values = cache(self._citations), cache(self._values_of)

    def _decision(self, effect_id: int) -> dict[str, Any]:
        return papers_on_it.reference(self.world, self.papers.effects[effect_id][0])

    def _entry(self, effect_id: int) -> dict[str, Any]:
        decision_id, effect = self.papers.effects[effect_id]
        return papers_on_it.timeline_entry(self.world, decision_id, self.papers.about[decision_id], effect)

    def _citations(self, effect_id: int) -> list[Content]:
        """The citations that a paper has of its effect."""
        decision_id, effect = self.papers.effects[effect_id]
        rows = self.papers.about[decision_id]["citations"]
        return [row for row in rows if row["row_position"] == effect["position"]]

    def _stage_on(self, effect_id: int) -> set[tuple[str, str]]:
        decision_id, _ = self.papers.effects[effect_id]
        return day_term("stage_on", papers_on_it.acts_on(self.papers.about[decision_id]))

    def _place_terms(self, places: tuple[int, ...]) -> set[tuple[str, str]]:
        return place_terms(self.world, places)

    def _own_cited(self, area: Any, developer: str | None) -> list[dict[str, Any]]:
        """The record's own citations, while that is its area and that its developer."""
        shown = {(None, "area_ha"): area, (None, "developer"): developer}
        return citations(self.world, self.own, self.values | shown)

    def _values_of(self, effect_id: int) -> dict[str, Any]:
        return papers_on_it.effect_values(self.world, self.papers.effects[effect_id][1])

    def _cited(self, effect_id: int, place: int, field: str, shown: bool, weighed: bool) -> dict[str, Any]:
        """The citation at that place of `citations`; weighed: compared with the value that the effect sets."""
        row = self.citations(effect_id)[place]
        value = self._effect_values(effect_id).get(row["field"]) if weighed else None
        return citation(self.world, row, value, field) | {
            "decision": self.decision(effect_id),
            "shown": shown,
        }


class _View:
    """One cluster on one stretch of days."""

    def __init__(self, told: _Told, interval: Interval, on: date) -> None:
        self.told, self.interval, self.on = told, interval, on
        self.world, self.own = world, own = told.world, told.own
        self.effects = told.papers.effects
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
        self.shares = self._shares()
        self.land = self._land()
        #: The effect that set each value that decisions set, by its member of the body.
        self.setting = {"legal_stage": interval.stage_by} | {
            field: self.set_by(key) for field, key in _SET.items()
        }
        # Effects of a later day that set a value of this one: corrections, and annulments from the start.
        later = {effect for effect in self.setting.values() if effect is not None} - set(interval.timeline)
        self.later = [effect for effect in self.effects if effect in later] if later else []

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
        found = self.told.place_terms(tuple(self.places)) | terms_of(
            "decision", map(self.told.decision, self.interval.timeline)
        )
        found |= terms_of("project", self.told.projects)
        found |= papers_on_it.sector_terms(self.value("sectors") or ())
        found |= {(share["basis"], fixed(str(share["value"]))) for share, _ in self.shares}
        if self.interval.stage_by is not None:
            found |= self.told.stage_on(self.interval.stage_by)
        if self.reports:
            found.add(("reported_on", self.reports[-1]["as_of_latest"]))
        if (land := self.land) is not None:
            # “Over 5 ha” is not surely at most 6, “up to 5 ha” not surely at least 4. The ends that `bounds` adds stand
            # beside a figure that is always there; here the figure is itself the sure lower end, because land without
            # one is not on offer at all, and the list of offers is found and ordered by it.
            hectares = fixed(str(land["unleased_ha"]))
            if land["unleased_qualifier"] != "up_to":
                found.add(("unleased_ha", hectares))
            if land["unleased_qualifier"] != "over":
                found.add(("unleased_ha_most", hectares))
        return tuple(sorted(found))

    def body(self) -> dict[str, Any]:
        sectors = self.value("sectors") or ()
        return {
            "code": self.own["code"],
            "name": self.name,
            "name_decision": self._decision_of(self.setting["name"]),
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
            "area_decision": self._decision_of(self.setting["area_ha"]),
            "developer": self.developer,
            "developer_decision": self._decision_of(self.setting["developer"]),
            "places": [place_body(self.world, place, self.on) for place in self.places],
            "places_decision": self._decision_of(self.setting["places"]),
            "sectors": list(sectors),
            "sectors_decision": self._decision_of(self.setting["sectors"]),
            "occupancy": [share for share, _ in self.shares],
            "land": self.land,
            "projects": self.told.projects,
            "indicators": self.told.indicators,
            "assignments": self.told.assignments,
            "timeline": [self.told.entry(effect_id) for effect_id in self.interval.timeline],
            "later_papers": [self.told.entry(effect_id) for effect_id in self.later],
            "sources": self._sources(),
        }

    def _aliases(self) -> list[str]:
        aliases = [alias["name"] for alias in self.own["aliases"]]
        if self.name != self.own["name"]:
            aliases.append(self.own["name"])
        return [alias for alias in dict.fromkeys(aliases) if alias != self.name]

    def _decision_of(self, effect_id: int | None) -> dict[str, Any] | None:
        return None if effect_id is None else self.told.decision(effect_id)

    def _shares(self) -> list[tuple[dict[str, Any], Content]]:
        """What of the land is taken, each share with the report that tells it."""
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
                    share_body = {
                        "basis": basis,
                        "value": number(value),
                        "qualifier": qualifier,
                        "as_of": report["as_of_latest"],
                    }
                    found[basis] = (share_body, report)
        return [found[basis] for basis in codes.OCCUPANCY_BASIS if basis in found]

    def _land(self) -> dict[str, Any] | None:
        """The last report that tells what is leased, if it tells how much is free then, with where it says so."""
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
            if report["leased_ha"] is not None or report["occupancy_leased"] is not None:
                # It tells what is leased since, and not of how much land: what was free before may be gone.
                return None
        return None

    def _sources(self) -> list[dict[str, Any]]:
        """Each with the decision that a paper's own citation is of, and whether the value shown is from there."""
        setting = self.setting
        own_cited = self.told.own_cited(self.area, (self.developer or {}).get("name"))
        found = []
        for row, cited in zip(self.own["citations"], own_cited, strict=True):
            # The record's own name and places are shown until a decision says others; of the rest decisions alone
            # tell.
            own = row["field"] not in setting or row["field"] in ("name", "places")
            shown = own is (setting.get(row["field"]) is None)
            found.append(cited | {"decision": None, "shown": shown})
        for effect_id in (*self.interval.timeline, *self.later):
            for place, row in enumerate(self.told.citations(effect_id)):
                field = "legal_stage" if row["field"] == "effect" else row["field"]
                shown = setting.get(field) == effect_id
                # What is not shown on this stretch supports nothing, and contradicts nothing.
                weighed = shown or field not in setting
                found.append(self.told.cited(effect_id, place, field, shown, weighed))
        if report := self.last_status:
            found.append(
                self._reported(report, "operating_status", Coded(codes.OPERATING_STATUS, self.status))
            )
        # A report that tells two shares is one source.
        telling = {report["id"]: report for _, report in self.shares}
        return found + [self._reported(report, "occupancy", None) for report in telling.values()]

    def _reported(self, report: Content, field: str, value: Any) -> dict[str, Any]:
        cited = citation(self.world, {**report, "field": field}, value, field)
        return cited | {"decision": None, "shown": True}
