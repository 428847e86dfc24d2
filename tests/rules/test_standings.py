from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from registry.rules import codes
from registry.rules.standings import OPEN_END, DecisionFact, Standing, standings

MARCH, APRIL, MAY, JUNE = (date(2024, month, 1) for month in (3, 4, 5, 6))


def decision(id, day, *relations, number=None):
    return DecisionFact(id, day, day, number, relations)


def test_a_decision_acts_from_its_day_without_end():
    assert standings([decision(1, MARCH)]) == {1: Standing(MARCH, OPEN_END)}


def test_a_decision_without_a_day_does_not_act():
    assert not standings([decision(1, None)])[1].ever_acts


def test_a_revoked_or_replaced_decision_ends_on_the_enders_day():
    for kind in ("revokes", "replaces"):
        found = standings([decision(1, MARCH), decision(2, MAY, (kind, 1))])
        assert found == {1: Standing(MARCH, MAY, ended_by=2), 2: Standing(MAY)}


def test_an_annulled_decision_never_acted():
    found = standings([decision(1, MARCH), decision(2, MAY, ("annuls", 1))])
    assert found[1].void
    assert not found[1].ever_acts
    assert found[1].ended_by == 2


def test_the_first_annulment_counts_and_a_later_revocation_does_not_undo_it():
    found = standings(
        [
            decision(1, MARCH),
            decision(2, APRIL, ("annuls", 1)),
            decision(3, MAY, ("annuls", 1)),
            decision(4, JUNE, ("revokes", 1)),
        ]
    )
    assert (found[1].void, found[1].ended_by) == (True, 2)


def test_amending_correcting_and_naming_as_basis_end_nothing():
    for kind in ("amends", "corrects", "based_on"):
        assert standings([decision(1, MARCH), decision(2, MAY, (kind, 1))])[1] == Standing(MARCH)


def test_the_first_ender_counts():
    found = standings(
        [decision(1, MARCH), decision(3, JUNE, ("revokes", 1)), decision(2, MAY, ("revokes", 1))]
    )
    assert found[1] == Standing(MARCH, MAY, ended_by=2)


def test_ending_the_ender_later_revives_nothing():
    chain = [decision(1, MARCH), decision(2, APRIL, ("revokes", 1)), decision(3, MAY, ("revokes", 2))]
    assert standings(chain)[1] == Standing(MARCH, APRIL, ended_by=2)


def test_annulling_the_ender_later_revives_nothing():
    chain = [decision(1, MARCH), decision(2, APRIL, ("revokes", 1)), decision(3, MAY, ("annuls", 2))]
    assert standings(chain)[1] == Standing(MARCH, APRIL, ended_by=2)


def test_an_ender_ended_before_its_own_day_does_nothing():
    chain = [decision(1, MARCH), decision(2, MAY, ("revokes", 1)), decision(3, APRIL, ("revokes", 2))]
    assert standings(chain)[1] == Standing(MARCH)


def test_an_ender_ended_on_its_own_day_does_nothing_when_the_other_has_the_lower_number():
    target = decision(1, MARCH)
    ender = decision(2, MAY, ("revokes", 1), number=20)
    assert standings([target, ender, decision(3, MAY, ("revokes", 2), number=10)])[1] == Standing(MARCH)
    assert standings([target, ender, decision(3, MAY, ("revokes", 2), number=30)])[1].acts_to == MAY


def test_an_unknown_number_comes_after_every_known_one_of_its_day():
    unknown = decision(1, MAY, ("revokes", 2))
    known = decision(2, MAY, ("revokes", 1), number=9)
    found = standings([unknown, known])
    assert not found[1].ever_acts
    assert found[2].ever_acts


def test_in_a_circle_only_the_first_acts_on_the_others():
    circle = [decision(1, MARCH, ("revokes", 2)), decision(2, MAY, ("revokes", 1))]
    assert standings(circle) == {1: Standing(MARCH), 2: Standing(MAY, MARCH, ended_by=1)}


def test_a_decision_that_revokes_itself_or_one_that_is_not_published_changes_nothing():
    assert standings([decision(1, MARCH, ("revokes", 1), ("revokes", 99))]) == {1: Standing(MARCH)}


DAYS = st.none() | st.dates(date(2024, 1, 1), date(2024, 1, 6)) | st.sampled_from([date.min, date.max])
KINDS = st.sampled_from([*codes.DECISION_RELATION, "unheard_of"])
FACTS = st.lists(
    st.builds(
        DecisionFact,
        id=st.integers(1, 6),
        acts_on=DAYS,
        issued_latest=DAYS,
        number=st.none() | st.integers(1, 3),
        relations=st.lists(st.tuples(KINDS, st.integers(1, 7)), max_size=3).map(tuple),
    ),
    unique_by=lambda fact: fact.id,
    max_size=6,
)


@given(FACTS, st.randoms())
def test_the_order_in_which_decisions_are_given_does_not_matter(facts, random):
    shuffled = random.sample(facts, len(facts))
    assert standings(shuffled) == standings(facts)


@given(FACTS)
def test_every_decision_has_a_standing_and_only_an_ended_one_an_end(facts):
    found = standings(facts)
    assert found.keys() == {fact.id for fact in facts}
    for fact in facts:
        standing = found[fact.id]
        assert standing.acts_from == fact.acts_on
        ended = standing.void or standing.acts_to != OPEN_END
        assert ended == (standing.ended_by is not None)


@given(FACTS)
def test_whoever_ends_another_was_ended_later_in_the_walk_if_at_all(facts):
    found = standings(facts)
    enders = {standing.ended_by for standing in found.values()} - {None}
    for ender in enders:
        assert found[ender].acts_from is not None
        assert found[ender].void or found[ender].acts_to >= found[ender].acts_from
