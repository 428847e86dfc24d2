"""What holds of the fold whatever the data."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from registry.rules import codes
from registry.rules.cluster_states import EffectFact, fold
from registry.rules.standings import DecisionFact

FIRST = date(2024, 1, 1)
DAYS = st.none() | st.dates(FIRST, FIRST + timedelta(days=5)) | st.sampled_from([date.min, date.max])
RELATIONS = st.tuples(st.sampled_from([*codes.DECISION_RELATION, "unheard_of"]), st.integers(1, 6))
DECISIONS = st.lists(
    st.builds(
        DecisionFact,
        id=st.integers(1, 5),
        acts_on=DAYS,
        issued_latest=DAYS,
        number=st.none() | st.integers(1, 3),
        relations=st.lists(RELATIONS, max_size=2).map(tuple),
    ),
    unique_by=lambda fact: fact.id,
    max_size=5,
)
SETS = st.lists(st.tuples(st.sampled_from(["area", "name"]), st.integers(1, 3)), max_size=2).map(tuple)
EFFECTS = st.lists(
    st.builds(
        EffectFact,
        id=st.integers(0, 6),
        decision_id=st.integers(1, 6),
        position=st.integers(1, 2),
        code=st.sampled_from([None, "unheard_of", *codes.EFFECT]),
        verified=st.sampled_from([True, True, True, False]),
        sets=SETS,
        target=st.none() | st.integers(0, 7),
        target_relation=st.none() | st.sampled_from([*codes.EFFECT_RELATION, "unheard_of"]),
    ),
    unique_by=lambda fact: fact.id,
    max_size=7,
)
WORTH_ASKING = [date.min, *(FIRST + timedelta(days=n) for n in range(-1, 7)), date(9999, 12, 30)]


def state_on(intervals, day):
    return next(interval for interval in intervals if interval.valid_from <= day < interval.valid_to)


@given(EFFECTS, DECISIONS)
def test_the_states_cover_all_days_without_gap_overlap_or_repetition(effects, decisions):
    intervals = fold(effects, decisions)
    assert intervals[0].valid_from == date.min
    assert intervals[-1].valid_to == date.max
    for before, after in pairwise(intervals):
        assert before.valid_to == after.valid_from
        assert before.state != after.state
    assert all(interval.valid_from < interval.valid_to for interval in intervals)


@given(EFFECTS, DECISIONS, st.randoms())
def test_the_order_in_which_facts_are_given_does_not_matter(effects, decisions, random):
    shuffled = fold(random.sample(effects, len(effects)), random.sample(decisions, len(decisions)))
    assert shuffled == fold(effects, decisions)


@given(EFFECTS, DECISIONS)
def test_a_state_names_only_verified_effects_with_a_code(effects, decisions):
    folding = {effect.id: effect for effect in effects if effect.verified and effect.code is not None}
    for interval in fold(effects, decisions):
        assert interval.stage in codes.LEGAL_STAGE
        assert (interval.stage == "unknown") == (interval.stage_by is None)
        if interval.stage_by is not None:
            assert folding[interval.stage_by].code == interval.stage
        for key, (value, effect_id) in interval.values.items():
            assert (key, value) in folding[effect_id].sets


@given(EFFECTS, DECISIONS)
def test_what_does_not_fold_changes_no_state(effects, decisions):
    folding = [effect for effect in effects if effect.verified and effect.code is not None]
    # An annulment may name an effect that does not fold; it must go on naming one that does not.
    with_others, without = fold(effects, decisions), fold(folding, decisions)
    for day in WORTH_ASKING:
        one, other = state_on(with_others, day), state_on(without, day)
        assert (one.stage, one.stage_by, one.values) == (other.stage, other.stage_by, other.values)


@given(EFFECTS, DECISIONS)
def test_the_timeline_holds_exactly_what_has_its_day_behind_it_or_none(effects, decisions):
    day_of = {decision.id: decision.acts_on for decision in decisions}
    intervals = fold(effects, decisions)
    for asked in WORTH_ASKING:
        days = {effect.id: day_of.get(effect.decision_id) for effect in effects}
        expected = {id for id, day in days.items() if day is None or day <= asked}
        timeline = state_on(intervals, asked).timeline
        assert set(timeline) == expected
        assert len(timeline) == len(expected)


@given(EFFECTS, DECISIONS, st.sampled_from(WORTH_ASKING))
def test_later_papers_that_touch_nothing_earlier_leave_earlier_days_as_they_were(effects, decisions, day):
    """Corrections, annulments and relations reach back; without them the past does not move."""
    plain = [
        EffectFact(e.id, e.decision_id, e.position, e.code, e.verified, e.sets)
        for e in effects
        if e.code not in ("annulled", "corrected")
    ]
    alone = [DecisionFact(d.id, d.acts_on, d.issued_latest, d.number) for d in decisions]
    by_then = [d for d in alone if d.acts_on is not None and d.acts_on <= day]
    now, then = state_on(fold(plain, alone), day), state_on(fold(plain, by_then), day)
    assert (now.stage, now.stage_by, now.values) == (then.stage, then.stage_by, then.values)
