"""Effects that correct, amend or end others, each on its boundary day and the day before."""

from datetime import date

import pytest

from registry.rules.cluster_states import EffectFact
from tests.rules.one_cluster import A_DAY, APRIL, JANUARY, MARCH, MAY, Cluster, decision, effect


def test_a_correction_patches_the_corrected_effect_on_that_ones_day():
    cluster = Cluster(
        [
            effect(1, 1, "established", area="49.97", developer="mda"),
            effect(2, 2, "corrected", corrects=1, area="49.79"),
        ],
        [decision(1, MARCH), decision(2, MAY)],
    )
    assert cluster.value("area", MARCH - A_DAY) is None
    assert cluster.on(MARCH).values == {"area": ("49.79", 2), "developer": ("mda", 1)}
    assert cluster.stage(MARCH) == "established"
    assert cluster.timeline(MAY - A_DAY) == (1,)
    assert cluster.timeline(MAY) == (1, 2)


def test_a_correction_does_not_outrank_a_later_change():
    cluster = Cluster(
        [
            effect(1, 1, "established", area="49"),
            effect(2, 2, "expanded", area="60"),
            effect(3, 3, "corrected", corrects=1, area="50"),
        ],
        [decision(1, MARCH), decision(2, APRIL), decision(3, MAY)],
    )
    assert cluster.value("area", APRIL - A_DAY) == "50"
    assert {cluster.value("area", day) for day in (APRIL, MAY)} == {"60"}


def test_a_correction_of_a_correction_patches_the_first():
    cluster = Cluster(
        [
            effect(1, 1, "established", area="49"),
            effect(2, 2, "corrected", corrects=1, area="50"),
            effect(3, 3, "corrected", corrects=2, area="51"),
        ],
        [decision(1, MARCH), decision(2, APRIL), decision(3, MAY)],
    )
    assert cluster.value("area", MARCH) == "51"


def test_a_correction_ends_with_its_own_decision_and_with_its_target():
    effects = [effect(1, 1, "established", area="49"), effect(2, 2, "corrected", corrects=1, area="50")]
    decisions = [decision(1, MARCH), decision(2, APRIL)]
    corrected_no_more = Cluster(effects, [*decisions, decision(3, MAY, ("revokes", 2))])
    assert corrected_no_more.value("area", MAY - A_DAY) == "50"
    assert corrected_no_more.value("area", MAY) == "49"
    nothing_left = Cluster(effects, [*decisions, decision(3, MAY, ("revokes", 1))])
    assert nothing_left.value("area", MAY - A_DAY) == "50"
    assert nothing_left.value("area", MAY) is None


def test_a_correction_of_an_effect_that_does_not_fold_does_not_act():
    unverified = effect(1, 1, "established", verified=False)
    correction = effect(2, 2, "corrected", corrects=1, area="50")
    for effects in ([unverified, correction], [correction]):
        cluster = Cluster(effects, [decision(1, MARCH), decision(2, MAY)])
        assert (cluster.stage(MAY), cluster.value("area", MAY)) == ("unknown", None)


def test_a_correction_without_a_target_sets_nothing():
    cluster = Cluster([effect(1, 1, "corrected", area="50")], [decision(1, MARCH)])
    assert cluster.value("area", MARCH) is None


def test_a_correction_of_a_correction_ends_with_it():
    cluster = Cluster(
        [
            effect(1, 1, "established", area="49"),
            effect(2, 2, "corrected", corrects=1, area="50"),
            effect(3, 3, "corrected", corrects=2, area="51"),
        ],
        [decision(1, JANUARY), decision(2, MARCH), decision(3, APRIL), decision(4, MAY, ("revokes", 2))],
    )
    assert cluster.value("area", MAY - A_DAY) == "51"
    assert cluster.value("area", MAY) == "49"


def test_an_annulled_correction_and_its_own_correction_never_counted():
    cluster = Cluster(
        [
            effect(1, 1, "established", area="49"),
            effect(2, 2, "corrected", corrects=1, area="50"),
            effect(3, 3, "corrected", corrects=2, area="51"),
            effect(4, 4, "annulled", target=2),
        ],
        [decision(1, JANUARY), decision(2, MARCH), decision(3, APRIL), decision(4, MAY)],
    )
    assert {cluster.value("area", day) for day in (JANUARY, MARCH, APRIL, MAY)} == {"49"}


def test_a_circle_of_corrections_does_not_act():
    cluster = Cluster(
        [
            effect(1, 1, "corrected", corrects=2, area="49"),
            effect(2, 2, "corrected", corrects=1, area="50"),
            effect(3, 2, "corrected", corrects=1, area="51", position=2),
        ],
        [decision(1, MARCH), decision(2, MAY)],
    )
    assert cluster.value("area", MAY) is None


def test_an_effect_that_another_ends_counts_until_the_day_before():
    cluster = Cluster(
        [effect(1, 1, "established", area="50"), effect(2, 2, "adjusted", ends=1, name="mới")],
        [decision(1, MARCH), decision(2, MAY)],
    )
    assert (cluster.stage(MAY - A_DAY), cluster.value("area", MAY - A_DAY)) == ("established", "50")
    assert (cluster.stage(MAY), cluster.value("area", MAY)) == ("unknown", None)
    assert cluster.value("name", MAY) == "mới"


def test_an_effect_ended_twice_ends_the_first_time():
    cluster = Cluster(
        [
            effect(1, 1, "established"),
            effect(2, 2, "adjusted", ends=1),
            effect(3, 3, "adjusted", ends=1),
        ],
        [decision(1, MARCH), decision(2, APRIL), decision(3, MAY)],
    )
    assert cluster.stage(APRIL - A_DAY) == "established"
    assert cluster.stage(APRIL) == "unknown"


@pytest.mark.parametrize("code", ["adjusted", "annulled"])
def test_an_effect_that_names_itself_ends_and_voids_nothing(code):
    cluster = Cluster(
        [effect(1, 1, "established"), effect(2, 2, code, ends=2, area="50")],
        [decision(1, MARCH), decision(2, MAY)],
    )
    assert cluster.stage(MAY - A_DAY) == "established"
    assert cluster.value("area", MAY) == "50"


def test_an_end_that_changes_nothing_makes_no_new_interval():
    cluster = Cluster(
        [effect(1, 1, "established"), effect(2, 2, "expanded")],
        [decision(1, MARCH), decision(2, APRIL), decision(3, MAY, ("revokes", 2))],
    )
    assert [interval.valid_from for interval in cluster.intervals] == [date.min, MARCH, APRIL]


def test_an_effect_that_was_ended_before_its_day_ends_nothing():
    cluster = Cluster(
        [
            effect(1, 1, "established"),
            effect(2, 3, "adjusted", ends=1),
            effect(3, 2, "adjusted", ends=2),
        ],
        [decision(1, MARCH), decision(2, APRIL), decision(3, MAY)],
    )
    assert cluster.stage(MAY) == "established"


def test_an_amending_effect_acts_from_its_own_day():
    amendment = EffectFact(2, 2, 1, "adjusted", True, (("area", "60"),), 1, "amends")
    cluster = Cluster(
        [effect(1, 1, "established", area="50"), amendment], [decision(1, MARCH), decision(2, MAY)]
    )
    assert cluster.value("area", MAY - A_DAY) == "50"
    assert cluster.value("area", MAY) == "60"
