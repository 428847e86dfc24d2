"""One cluster with its papers, asked for its state on a day."""

from datetime import date, timedelta

from registry.rules.cluster_states import EffectFact, fold
from registry.rules.standings import DecisionFact

JANUARY, FEBRUARY, MARCH, APRIL, MAY, JUNE = (date(2024, month, 1) for month in range(1, 7))
A_DAY = timedelta(days=1)


def decision(id, day, *relations, number=None, issued=None):
    return DecisionFact(id, day, issued or day, number, relations)


def effect(
    id, decision_id, code, *, verified=True, position=1, corrects=None, ends=None, target=None, **sets
):
    relation = "corrects" if corrects else "ends" if ends else None
    return EffectFact(
        id, decision_id, position, code, verified, tuple(sets.items()), corrects or ends or target, relation
    )


class Cluster:
    def __init__(self, effects, decisions):
        self.intervals = fold(effects, decisions)

    def on(self, day):
        return next(i for i in self.intervals if i.valid_from <= day < i.valid_to)

    def stage(self, day):
        return self.on(day).stage

    def value(self, key, day):
        return self.on(day).values.get(key, (None, None))[0]

    def timeline(self, day):
        return self.on(day).timeline
