"""Which decisions act when: revoked, replaced or annulled by one another. Why so: docs/why/fold.md."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

#: The day that never comes: the end of what has no end.
OPEN_END = date.max

_UNKNOWN_NUMBER = 10**9


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """What of a decision bears on when it acts.

    acts_on: the latest day its effective date allows, else its signing date; None: it does not act.
    relations: (kind, id of the other decision), kinds as in codes.DECISION_RELATION.
    """

    id: int
    acts_on: date | None
    issued_latest: date | None
    number: int | None
    relations: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """When a decision acts: from `acts_from` until the day before `acts_to`.

    Nothing is left of that when it was ended on or before its first day, or is void (annulled: it never
    acted). `ended_by` is the decision that ended or annulled it.
    """

    acts_from: date | None
    acts_to: date = OPEN_END
    ended_by: int | None = None
    void: bool = False

    @property
    def ever_acts(self) -> bool:
        return self.acts_from is not None and not self.void and self.acts_from < self.acts_to


def standings(decisions: Iterable[DecisionFact]) -> dict[int, Standing]:
    """The standing of each decision given, by its id; those not given (unpublished) do nothing.

    Enders are walked by day, signing day, number and id. One that by its turn was itself ended or annulled
    ends nothing; ending it later in the walk revives nothing. So circles do no harm.
    """
    facts = sorted(decisions, key=decision_order)
    found = {fact.id: Standing(fact.acts_on) for fact in facts}
    for ender in facts:
        if not found[ender.id].ever_acts:
            continue
        for kind, target in ender.relations:
            if target in found and target != ender.id:
                found[target] = _ended(found[target], kind, ender)
    return found


def decision_order(fact: DecisionFact) -> tuple[date, date, int, int]:
    """Order of decisions in time; what is unknown comes last."""
    number = _UNKNOWN_NUMBER if fact.number is None else fact.number
    return fact.acts_on or date.max, fact.issued_latest or date.max, number, fact.id


def _ended(standing: Standing, kind: str, ender: DecisionFact) -> Standing:
    if standing.void or ender.acts_on is None:
        return standing
    if kind == "annuls":
        return Standing(standing.acts_from, standing.acts_from or OPEN_END, ender.id, void=True)
    if kind in ("revokes", "replaces") and ender.acts_on < standing.acts_to:
        return Standing(standing.acts_from, ender.acts_on, ender.id)
    return standing
