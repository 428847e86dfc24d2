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
        if kind in ("zone", "investor", "project", "indicator", "incentive", "assignment"):
            found: Plain = getattr(Industry(self.said(seq)), kind)(number, day)
            return found
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
    rows = (row for name in ("reports", "statuses", "capital") for row in content.get(name, []))
    return found + [row["as_of"] for row in rows]


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
                    "zone": self.named("zone", effect["zone"]),
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
            "timeline": self.timeline(history.effects, day),
        } | Industry(self.said).around(("cluster", number))

    def effects_on(self, kind: str, number: int) -> list[Plain]:
        """What papers do to one cluster or zone, in the order in which it counts."""
        effects = [
            {**effect, "paper": n, "day": first_day(paper)}
            for n, paper in self.papers.items()
            for effect in paper["effects"]
            if effect[kind] == number
        ]
        return sorted(effects, key=lambda effect: _turn(effect, self.papers[effect["paper"]]))

    def timeline(self, effects: list[Plain], day: date) -> list[Plain]:
        return [
            {
                "effect": effect["effect"],
                "as_stated": effect["as_stated"],
                "verified": effect["verified"],
                "on": _iso(effect["day"]),
                "decision": self.paper(effect["paper"]),
            }
            for effect in effects
            if effect["day"] is None or effect["day"] <= day
        ]


class Industry(World):
    """The world of zones, investors, projects, indicators, incentives and assignments.

    Lists of names have no order here: `by_code` gives them one, those that are not published last.
    """

    def all(self, kind: str) -> list[tuple[int, Plain]]:
        return sorted((n, c) for (other, n), c in self.said.items() if other == kind and c is not None)

    def those(self, kind: str, numbers: list[int]) -> list[Plain]:
        return by_code([self.named(kind, n) or {} for n in numbers])

    def around(self, key: Key) -> Plain:
        """What others say of a cluster, zone, investor or project."""
        kind, number = key
        found: Plain = {"indicators": self.measured(key)}
        if kind in ("cluster", "zone"):
            found["projects"] = self.those(
                "project", [n for n, c in self.all("project") if c[kind] == number]
            )
            given = [n for n, c in self.all("assignment") if number in c[f"{kind}s"]]
            found["assignments"] = self.those("assignment", given)
        return found

    def zone(self, number: int, day: date) -> Plain:
        own = self.content(("zone", number))
        known = sorted(
            (row for row in own["statuses"] if row["as_of"] <= day),
            key=lambda row: (row["as_of"], row["position"]),
        )
        last = known[-1] if known else None
        linked = {n for n, c in self.all("zone") if number in c["linked_with"]} | set(own["linked_with"])
        return {
            "code": own["code"],
            "name": own["name"],
            "area": own["area"],
            "status": last["status"] if last else "unknown",
            "status_as_of": _iso(last["as_of"]) if last else None,
            "statuses": [
                {
                    "position": row["position"],
                    "status": row["status"],
                    "as_of": _iso(row["as_of"]),
                    "sources": self.row_sources(own, row),
                }
                for row in known
            ],
            "linked_with": self.those("zone", sorted(linked)),
            "places": [self.named("place", place) for place in own["places"]],
            "sectors": self.those("sector", own["sectors"]),
            "timeline": self.timeline(self.effects_on("zone", number), day),
        } | self.around(("zone", number))

    def investor(self, number: int, day: date) -> Plain:
        own = self.content(("investor", number))
        projects = [n for n, c in self.all("project") if c["investor"] == number]
        capital = self.capital(own, day, None)
        for n in projects:
            capital += self.capital(self.content(("project", n)), day, self.named("project", n))
        return {
            "code": own["code"],
            "name": own["name"],
            "group": self.named("investor", own["group"]),
            "members": self.those("investor", [n for n, c in self.all("investor") if c["group"] == number]),
            "registered_in": own["registered_in"],
            "capital": capital,
            "projects": self.those("project", projects),
            "sources": self.sources(own, "capital"),
        } | self.around(("investor", number))

    def project(self, number: int, day: date) -> Plain:
        own = self.content(("project", number))
        return {
            "code": own["code"],
            "name": own["name"],
            "investor": self.named("investor", own["investor"]),
            "zone": self.named("zone", own["zone"]),
            "cluster": self.named("cluster", own["cluster"]),
            "products": [own["products"]],
            "sectors": self.those("sector", own["sectors"]),
            "capital": self.capital(own, day, self.named("project", number)),
            "sources": self.sources(own, "capital"),
        } | self.around(("project", number))

    def capital(self, own: Plain, day: date, project: Plain | None) -> list[Plain]:
        """The figures of one record that are known by that day; an undated one is in every answer."""
        known = [row for row in own["capital"] if row["as_of"] is None or row["as_of"] <= day]
        return [
            {
                "project": project,
                "kind": row["kind"],
                "measure": row["measure"],
                "amount": row["amount"],
                "qualifier": row["qualifier"],
                "as_of": _iso(row["as_of"]),
                "as_of_earliest": _iso(row["earliest"]),
                "rival": any(disagree(row, other) for other in known),
                "sources": self.row_sources(own, row),
            }
            for row in known
        ]

    def indicator(self, number: int, day: date) -> Plain:
        """Its values are reports about periods: the day asked about changes none."""
        own = self.content(("indicator", number))
        return {
            "code": own["code"],
            "name": own["name"],
            "unit": own["unit"],
            "sectors": self.those("sector", own["sectors"]),
            "values": [self.value(own, row) | {"scope_of": self.scope_of(row)} for row in own["values"]],
            "sources": self.sources(own, "values"),
        }

    def measured(self, key: Key) -> list[Plain]:
        found = []
        for _, own in self.all("indicator"):
            for row in own["values"]:
                scope = [("cluster", n) for n in row["clusters"]] + [("zone", n) for n in row["zones"]]
                scope += [(one, row[one]) for one in ("investor", "project") if row[one] is not None]
                if key in scope:
                    label = {"code": own["code"], "name": own["name"], "unit": own["unit"]}
                    found.append(self.value(own, row) | {"indicator": label, "scope_size": len(scope)})
        return sorted(found, key=repr)

    def value(self, own: Plain, row: Plain) -> Plain:
        ranged = row["high"] is not None
        return {
            "scope": row["scope"],
            "kind": row["kind"],
            "period": (_iso(row["earliest"]), _iso(row["latest"])),
            "value": None if ranged else row["value"],
            "low": row["value"] if ranged else None,
            "high": row["high"],
            "rival": any(contradict(row, other) for other in own["values"]),
            "sources": self.row_sources(own, row),
        }

    def scope_of(self, row: Plain) -> list[Plain]:
        found = self.those("cluster", row["clusters"]) + self.those("zone", row["zones"])
        return found + [self.named(kind, row[kind]) or {} for kind in ("investor", "project") if row[kind]]

    def incentive(self, number: int, day: date) -> Plain:
        own = self.content(("incentive", number))
        begun = own["valid_from"] is None or own["valid_from"] <= day
        over = own["valid_to"] is not None and own["valid_to"] <= day
        return {
            "code": own["code"],
            "name": own["name"],
            "status": own["status"],
            "in_force": own["status"] == "in_force" and begun and not over,
            "terms": [
                {"kind": row["kind"], "years": row["years"], "sources": self.row_sources(own, row)}
                for row in own["terms"]
            ],
            "sectors": self.those("sector", own["sectors"]),
            "sources": self.sources(own, "terms"),
        }

    def assignment(self, number: int, day: date) -> Plain:
        """What was asked, and of whom, is so on every day."""
        own = self.content(("assignment", number))
        return {
            "code": own["code"],
            "name": own["name"],
            "task": [own["task"]],
            "due": _iso(own["due"]),
            "asked_by": self.named("authority", own["asked_by"]),
            "lead": self.named("authority", own["lead"]),
            "decision": self.paper(own["decision"]) if own["decision"] else None,
        } | {
            many: self.those(kind, own[many])
            for many, kind in (
                ("cooperating", "authority"), ("clusters", "cluster"), ("zones", "zone"), ("sectors", "sector"),
            )
        }  # fmt: skip

    def content(self, key: Key) -> Plain:
        content = self.said[key]
        assert content is not None
        return content

    def sources(self, own: Plain, rows: str) -> list[Plain]:
        """Every citation of the record, each with the path of what it is of."""
        return [
            self.citation(row, row["field"] if row["row"] is None else f"{rows}.{row['row']}.{row['field']}")
            for row in own["citations"]
        ]

    def row_sources(self, own: Plain, row: Plain) -> list[Plain]:
        return [self.citation(c, c["field"]) for c in own["citations"] if c["row"] == row["position"]]

    def citation(self, row: Plain, field: str) -> Plain:
        return {"source": self.named("source", row["source"]), "field": field, "words": row["words"]}


def by_code(names: list[Plain]) -> list[Plain]:
    return sorted(names, key=lambda one: (one["code"] is None, one["code"] or ""))


def disagree(one: Plain, other: Plain) -> bool:
    """Two totals, or two first registrations, of the same measure that are not the same figure."""
    about = [(row["kind"], row["measure"]) for row in (one, other)]
    said = [(row["amount"], row["qualifier"]) for row in (one, other)]
    single = one["kind"] in ("reported_total", "first_registration")
    return single and about[0] == about[1] and said[0] != said[1]


def contradict(one: Plain, other: Plain) -> bool:
    """Two values of one kind and period about the same records that are not the same figure."""
    names = ("scope", "kind", "earliest", "latest", "investor", "project")
    alike = all(one[name] == other[name] for name in names)
    alike &= all(set(one[name]) == set(other[name]) for name in ("clusters", "zones"))
    dated = one["earliest"] is not None or one["latest"] is not None
    return alike and dated and (one["value"], one["high"]) != (other["value"], other["high"])


class ClusterHistory:
    """Everything that papers in force ever did to one cluster."""

    def __init__(self, world: World, number: int) -> None:
        self.effects = world.effects_on("cluster", number)
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
