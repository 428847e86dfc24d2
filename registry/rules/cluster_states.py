"""A cluster's state on every day, folded from the effects of decisions. Why so: docs/why/fold.md.

Pure and total: odd data (circles, targets that do not exist, papers without a date) never raises.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from registry.rules.standings import OPEN_END, DecisionFact, Standing, decision_order, standings

FIRST_DAY = date.min

TargetRelation = Literal["corrects", "amends", "ends"]

#: The ladder of legal stages. Two more rungs only order papers whose numbers are unknown.
RUNGS: Mapping[str, int] = {"planned": 1, "policy_approved": 2, "established": 3}
_ORDERING_RUNGS: Mapping[str, int] = {
    **RUNGS,
    "investor_approved": 2,
    "developer_appointed": 2,
    "expanded": 4,
    "adjusted": 4,
    "corrected": 4,
    "revoked": 5,
    "annulled": 5,
    "removed_from_plan": 5,
}
#: Stages that end the climb: after one of them a paper starts again at its own rung.
CLOSING = frozenset(("revoked", "annulled", "removed_from_plan"))


@dataclass(frozen=True, slots=True)
class EffectFact:
    """What one decision does to the cluster.

    code: as in codes.EFFECT; None when we do not know it. sets: (key, value) pairs the effect puts in force.
    target, target_relation: the effect of the same cluster it corrects, amends or ends.
    """

    id: int
    decision_id: int
    position: int
    code: str | None
    verified: bool
    sets: tuple[tuple[str, Hashable], ...] = ()
    target: int | None = None
    target_relation: str | None = None


Values = Mapping[str, tuple[Hashable, int]]


@dataclass(frozen=True, slots=True)
class Interval:
    """The state from `valid_from` until the day before `valid_to`.

    stage: as in codes.LEGAL_STAGE; stage_by: the effect that put it there. values: each with its effect.
    timeline: effects whose day has come, acting or not, and those without a day.
    """

    valid_from: date
    valid_to: date
    stage: str
    stage_by: int | None
    values: Values
    timeline: tuple[int, ...]

    @property
    def state(self) -> tuple[str, int | None, Values, tuple[int, ...]]:
        return self.stage, self.stage_by, self.values, self.timeline


@dataclass(slots=True)
class _Acting:
    """An effect that folds, with the days it counts on. The walk shortens them."""

    fact: EffectFact
    day: date
    ends: date
    stage_from: date
    void: bool = False

    @property
    def ever_acts(self) -> bool:
        return not self.void and self.day < self.ends


@dataclass(frozen=True, slots=True)
class _Patch:
    """A correction, until when it lasts, and the effect whose days it is placed on."""

    fact: EffectFact
    root: int
    ends: date


def fold(effects: Iterable[EffectFact], decisions: Iterable[DecisionFact]) -> tuple[Interval, ...]:
    """The states of a cluster from 0001-01-01 to 9999-12-31, half-open, without gap, overlap or repetition.

    effects: all of this one cluster. decisions: theirs, and those that end them; only published ones.
    The order in which either is given does not matter.
    """
    facts = {fact.id: fact for fact in decisions}
    ordered = sorted(effects, key=lambda effect: _effect_order(effect, facts.get(effect.decision_id)))
    acting = _walk(_acting(ordered, standings(facts.values())))
    patches = _patches(acting)
    days = {effect.id: _day(effect, facts) for effect in ordered}
    cuts = _cuts(acting.values(), days.values())
    intervals: list[Interval] = []
    for start, end in zip(cuts, [*cuts[1:], OPEN_END], strict=True):
        timeline = tuple(e.id for e in ordered if (day := days[e.id]) is None or day <= start)
        interval = _state(start, end, acting.values(), patches, timeline)
        if intervals and intervals[-1].state == interval.state:
            interval = replace(intervals.pop(), valid_to=end)
        intervals.append(interval)
    return tuple(intervals)


def _day(effect: EffectFact, facts: Mapping[int, DecisionFact]) -> date | None:
    decision = facts.get(effect.decision_id)
    return None if decision is None else decision.acts_on


def _effect_order(
    effect: EffectFact, decision: DecisionFact | None
) -> tuple[date, date, int, int, int, int, int]:
    fact = decision or DecisionFact(effect.decision_id, None, None, None)
    day, issued, number, decision_id = decision_order(fact)
    # A known number places the paper; the rung helps only where there is none.
    rung = 0 if fact.number is not None else _ORDERING_RUNGS.get(effect.code or "", 0)
    return day, issued, number, rung, decision_id, effect.position, effect.id


def _acting(ordered: Sequence[EffectFact], standing_of: Mapping[int, Standing]) -> dict[int, _Acting]:
    """The effects that fold, in order: verified, of a known code, of a decision that acts."""
    found = {}
    for effect in ordered:
        standing = standing_of.get(effect.decision_id)
        if standing is None or standing.acts_from is None or not standing.ever_acts:
            continue
        # A correction that names nothing to correct says nothing of its own.
        aimless = effect.code == "corrected" and effect.target_relation != "corrects"
        if effect.verified and effect.code is not None and not aimless:
            day = standing.acts_from
            found[effect.id] = _Acting(effect, day, standing.acts_to, day)
    return found


def _walk(acting: dict[int, _Acting]) -> dict[int, _Acting]:
    """Let effects end and annul others, in order; what they ended stays ended."""
    earlier: list[_Acting] = []
    for effect in acting.values():
        if effect.ever_acts and effect.fact.target_relation != "corrects":
            target = _target(effect, acting)
            if effect.fact.target_relation == "ends" and target is not None:
                target.ends = min(target.ends, effect.day)
            if effect.fact.code == "annulled":
                named = [target] if target is not None else []
                _annul(effect, earlier if effect.fact.target is None else named)
        earlier.append(effect)
    return acting


def _target(effect: _Acting, acting: Mapping[int, _Acting]) -> _Acting | None:
    """The other effect it names, when that one folds."""
    target = effect.fact.target
    return None if target is None or target == effect.fact.id else acting.get(target)


def _annul(effect: _Acting, others: Sequence[_Acting]) -> None:
    for other in others:
        other.void = True
    effect.stage_from = min((other.day for other in others), default=effect.day)
    if others and all(other.fact.code not in RUNGS for other in others):
        effect.stage_from = OPEN_END  # an expansion undone leaves the cluster on its rung


def _patches(acting: Mapping[int, _Acting]) -> list[_Patch]:
    """The corrections, in order, each on the days of the first effect of its chain."""
    found = []
    for effect in acting.values():
        if effect.fact.target_relation != "corrects":
            continue
        chain = _chain(effect, acting)
        if chain is not None:
            found.append(_Patch(effect.fact, chain[-1].fact.id, min(link.ends for link in chain)))
    return found


def _chain(effect: _Acting, acting: Mapping[int, _Acting]) -> list[_Acting] | None:
    """From a correction to the effect it finally corrects; None when a link does not act, or in a circle."""
    chain: list[_Acting] = []
    link: _Acting | None = effect
    while link is not None and link.ever_acts and link not in chain:
        chain.append(link)
        if link.fact.target_relation != "corrects":
            return chain
        link = _target(link, acting)
    return None


def _cuts(acting: Iterable[_Acting], days: Iterable[date | None]) -> list[date]:
    found = {FIRST_DAY, *(day for day in days if day is not None), *(effect.ends for effect in acting)}
    return sorted(day for day in found if day < OPEN_END)


def _state(
    start: date, end: date, acting: Iterable[_Acting], patches: Sequence[_Patch], timeline: tuple[int, ...]
) -> Interval:
    stage, stage_by = "unknown", None
    values: dict[str, tuple[Hashable, int]] = {}
    for effect in acting:
        fact = effect.fact
        if effect.void or start >= effect.ends or fact.target_relation == "corrects":
            continue
        if start >= effect.stage_from and _moves(stage, fact.code):
            stage, stage_by = fact.code or stage, fact.id
        if start >= effect.day:
            values |= {key: (value, fact.id) for key, value in fact.sets}
            for patch in patches:
                if patch.root == fact.id and start < patch.ends:
                    values |= {key: (value, patch.fact.id) for key, value in patch.fact.sets}
    return Interval(start, end, stage, stage_by, values, timeline)


def _moves(stage: str, code: str | None) -> bool:
    """Whether an effect of that code changes the stage: up the ladder, off it, or on it again."""
    if code in CLOSING:
        return stage != code
    return RUNGS.get(code or "", 0) > RUNGS.get(stage, 0)
