"""What the registry should answer, told a second time: slowly, from the written rules alone.

Knows nothing of registry.rules (a test reads the imports). It is given what each act of publication said, as
plain Python, and replays it from the first day for every question. The rules are those of docs/why/fold.md
and docs/editions.md; that two tellings agree proves the machine, not that the rules are the law.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Key = tuple[str, int]
Plain = dict[str, Any]

NEVER = date(9999, 12, 31)
BEGINNING = date(1, 1, 1)
UNNUMBERED = 10**12

LADDER = ["unknown", "planned", "policy_approved", "established"]
ENDS_THE_CLIMB = ["revoked", "annulled", "removed_from_plan"]
#: Which of two papers of one day comes first when neither has a number.
TURN = {
    "planned": 1,
    "policy_approved": 2,
    "investor_approved": 2,
    "developer_appointed": 2,
    "established": 3,
    "expanded": 4,
    "adjusted": 4,
    "corrected": 4,
    "revoked": 5,
    "annulled": 5,
    "removed_from_plan": 5,
}


@dataclass
class Oracle:
    """acts[n - 1]: what act of publication n said: the content of each of its subjects, None: withdrawn."""

    acts: list[dict[Key, Plain | None]] = field(default_factory=list)
    _worlds: dict[int, dict[Key, Plain | None]] = field(default_factory=dict)

    def said(self, seq: int) -> dict[Key, Plain | None]:
        """The last word about every subject that had been named by act `seq`."""
        if seq not in self._worlds:
            before = self.said(seq - 1) if seq else {}
            self._worlds[seq] = before | (self.acts[seq - 1] if seq else {})
        return self._worlds[seq]

    def existence(self, key: Key, seq: int) -> str:
        """unknown, withdrawn or exists."""
        if key not in self.said(seq):
            return "unknown"
        return "withdrawn" if self.said(seq)[key] is None else "exists"

    def answer(self, key: Key, day: date, seq: int) -> Plain | None:
        """The facts about the subject on that day as known by act `seq`; None when there is no answer."""
        if self.existence(key, seq) != "exists":
            return None
        world = World(self.said(seq))
        kind, number = key
        if kind == "cluster":
            return world.cluster(number, day)
        if kind == "decision":
            return world.decision(number, day)
        return world.plain(key, day)

    def boundaries(self, seq: int) -> list[date]:
        """Every day named by what was said by act `seq`, with its neighbours."""
        days = {BEGINNING, NEVER - timedelta(days=1)}
        for content in self.said(seq).values():
            days |= {day for day in _days(content) if day is not None}
        near = {day + timedelta(days=n) for day in days - {BEGINNING, NEVER} for n in (-1, 0, 1)}
        return sorted(day for day in days | near if BEGINNING <= day < NEVER)


def _days(content: Plain | None) -> list[date | None]:
    if content is None:
        return []
    found = [content.get(name) for name in ("issued", "effective", "valid_from", "valid_to")]
    return found + [report["as_of"] for report in content.get("reports", [])]


class World:
    """The last word about each subject."""

    def __init__(self, said: Mapping[Key, Plain | None]) -> None:
        self.said = said
        self.papers = {n: c for (kind, n), c in said.items() if kind == "decision" and c is not None}

    def plain(self, key: Key, day: date) -> Plain:
        content = self.said[key]
        assert content is not None
        answer = {"code": content["code"], "name": content["name"]}
        if key[0] == "place":
            begun = content["valid_from"] is None or content["valid_from"] <= day
            over = content["valid_to"] is not None and content["valid_to"] <= day
            answer["in_force"] = begun and not over
        return answer

    def named(self, kind: str, number: int | None) -> Plain | None:
        if number is None:
            return None
        content = self.said.get((kind, number))
        if content is None:
            return {"code": None, "name": None}
        return {"code": content["code"], "name": content["name"]}

    def paper(self, number: int) -> Plain:
        content = self.papers.get(number)
        if content is None:
            return {"id": None, "number": None}
        label = None if content["number"] is None else f"{content['number']}/{content['symbol']}"
        return {"id": content["code"], "number": label}

    # Decisions

    def lives(self) -> dict[int, tuple[date | None, date, bool]]:
        """From which day each paper acts, until which day, and whether it was annulled."""
        end = dict.fromkeys(self.papers, NEVER)
        annulled: set[int] = set()
        for day in sorted({d for paper in self.papers.values() if (d := first_day(paper)) is not None}):
            todays = [n for n, paper in self.papers.items() if first_day(paper) == day]
            for number in sorted(todays, key=self._rank):
                if number in annulled or end[number] <= day:
                    continue
                for relation in self.papers[number]["relations"]:
                    other = relation["target"]
                    if other not in self.papers:
                        continue
                    if relation["relation"] == "annuls":
                        annulled.add(other)
                    elif relation["relation"] in ("revokes", "replaces"):
                        end[other] = min(end[other], day)
        return {n: (first_day(self.papers[n]), end[n], n in annulled) for n in self.papers}

    def _rank(self, number: int) -> tuple[Any, ...]:
        paper = self.papers[number]
        return paper["issued"] or NEVER, paper["number"] or UNNUMBERED, number

    def decision(self, number: int, day: date) -> Plain:
        paper = self.papers[number]
        start, end, annulled = self.lives()[number]
        return {
            "code": paper["code"],
            "number": self.paper(number)["number"],
            "in_force": start is not None and not annulled and start <= day < end,
            "effective_on": _iso(first_day(paper)),
            "issuer": self.named("authority", paper["issuer"]),
            "effects": [
                {
                    "cluster": self.named("cluster", effect["cluster"]),
                    "effect": effect["effect"],
                    "as_stated": effect["as_stated"],
                    "verified": effect["verified"],
                    "area": effect["area"],
                    "developer": self.named("investor", effect["developer"]),
                }
                for effect in sorted(paper["effects"], key=lambda e: e["position"])
            ],
            "relations": [
                (relation["relation"], self.paper(relation["target"])) for relation in paper["relations"]
            ],
        }

    # Clusters

    def cluster(self, number: int, day: date) -> Plain:
        own = self.said[("cluster", number)]
        assert own is not None
        history = ClusterHistory(self, number)
        stage, by, values = history.on(day)
        reports = [
            r for r in sorted(own["reports"], key=lambda r: (r["as_of"], r["id"])) if r["as_of"] <= day
        ]
        return {
            "code": own["code"],
            "name": values.get("name", own["name"]),
            "stage": stage,
            "stage_decision": None if by is None else self.paper(by["paper"]),
            "area": values.get("area"),
            "developer": self.named("investor", values.get("developer")),
            "sectors": list(values.get("sectors", ())),
            "places": [self.named("place", place) for place in values.get("places", own["places"])],
            "status": reports[-1]["status"] if reports else "unknown",
            "status_source": self.named("source", reports[-1]["source"]) if reports else None,
            "timeline": [
                {
                    "effect": effect["effect"],
                    "as_stated": effect["as_stated"],
                    "verified": effect["verified"],
                    "on": _iso(effect["day"]),
                    "decision": self.paper(effect["paper"]),
                }
                for effect in history.effects
                if effect["day"] is None or effect["day"] <= day
            ],
        }


class ClusterHistory:
    """Everything that papers in force ever did to one cluster."""

    def __init__(self, world: World, number: int) -> None:
        self.effects = [
            {**effect, "paper": n, "day": first_day(paper)}
            for n, paper in world.papers.items()
            for effect in paper["effects"]
            if effect["cluster"] == number
        ]
        self.effects.sort(key=lambda effect: _turn(effect, world.papers[effect["paper"]]))
        lives = world.lives()
        self.counted: dict[int, Plain] = {}
        for effect in self.effects:
            start, end, annulled = lives[effect["paper"]]
            if (
                start is None
                or annulled
                or end <= start
                or not effect["verified"]
                or effect["effect"] is None
            ):
                continue
            self.counted[effect["id"]] = {**effect, "end": end, "stage_from": start, "undone": False}
        self._let_effects_work_on_effects()

    def _let_effects_work_on_effects(self) -> None:
        passed: list[Plain] = []
        for effect in self.counted.values():
            if self._works(effect) and effect["effect"] != "corrected":
                target = self.counted.get(effect["target"]) if effect["target"] else None
                if effect["relation"] == "ends" and target:
                    target["end"] = min(target["end"], effect["day"])
                if effect["effect"] == "annulled":
                    undone = passed if effect["target"] is None else [target] if target else []
                    for other in undone:
                        other["undone"] = True
                    effect["stage_from"] = min([other["day"] for other in undone], default=effect["day"])
                    if undone and not any(other["effect"] in LADDER for other in undone):
                        effect["stage_from"] = NEVER
            passed.append(effect)

    def _works(self, effect: Plain) -> bool:
        return not effect["undone"] and effect["day"] < effect["end"]

    def _corrected(self, correction: Plain, passed: tuple[int, ...] = ()) -> tuple[Plain, date] | None:
        """The effect that a correction finally corrects, and the day on which the correction is over."""
        target = self.counted.get(correction["target"])
        if target is None or target["id"] in passed or not self._works(correction) or not self._works(target):
            return None
        if target["effect"] != "corrected":
            return target, min(correction["end"], target["end"])
        further = self._corrected(target, (*passed, correction["id"]))
        return further and (further[0], min(correction["end"], further[1]))

    def on(self, day: date) -> tuple[str, Plain | None, Plain]:
        """Legal stage, the effect that put it there, and the values, on that day."""
        stage, by, values = "unknown", None, {}
        corrections = [(e, self._corrected(e)) for e in self.counted.values() if e["effect"] == "corrected"]
        for effect in self.counted.values():
            if effect["effect"] == "corrected" or effect["undone"] or effect["end"] <= day:
                continue
            if effect["stage_from"] <= day and _moves(stage, effect["effect"]):
                stage, by = effect["effect"], effect
            if effect["day"] <= day:
                values |= sets(effect)
                for correction, found in corrections:
                    if found and found[0]["id"] == effect["id"] and day < found[1]:
                        values |= sets(correction)
        return stage, by, values


def first_day(paper: Plain) -> date | None:
    """The day from which a paper acts: its last possible effective day, else its last possible signing day."""
    return paper["effective"] or paper["issued"]


def sets(effect: Plain) -> Plain:
    return {key: effect[key] for key in ("area", "name", "developer", "sectors", "places") if effect[key]}


def _turn(effect: Plain, paper: Plain) -> tuple[Any, ...]:
    turn = TURN.get(effect["effect"] or "", 0) if paper["number"] is None else 0
    number = paper["number"] or UNNUMBERED
    day = effect["day"] or NEVER
    return day, paper["issued"] or NEVER, number, turn, effect["paper"], effect["position"], effect["id"]


def _moves(stage: str, effect: str) -> bool:
    if effect in ENDS_THE_CLIMB:
        return stage != effect
    if effect not in LADDER:
        return False
    return stage in ENDS_THE_CLIMB or LADDER.index(effect) > LADDER.index(stage)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
