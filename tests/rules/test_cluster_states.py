"""The fold, rule by rule, each on its boundary day and the day before. The rules: docs/why/fold.md."""

from datetime import date

import pytest

from registry.rules.cluster_states import fold
from tests.rules.one_cluster import A_DAY, APRIL, JANUARY, JUNE, MARCH, MAY, Cluster, decision, effect


def test_without_effects_the_stage_is_unknown_for_ever():
    (only,) = fold([], [])
    assert (only.valid_from, only.valid_to) == (date.min, date.max)
    assert (only.stage, only.stage_by, only.values, only.timeline) == ("unknown", None, {}, ())


# The six clusters, as the article of October 2023 tells it


def test_tien_cuong_ii_climbs_from_policy_to_establishment():
    cluster = Cluster(
        [
            effect(1, 202, "policy_approved"),
            effect(2, 202, "investor_approved", position=2, developer="tien-phat"),
            effect(3, 607, "established", area="47.8", developer="tien-phat"),
        ],
        [
            decision(202, date(2022, 1, 18), number=202),
            decision(607, date(2022, 2, 23), number=607),
        ],
    )
    assert cluster.stage(date(2022, 1, 17)) == "unknown"
    assert cluster.stage(date(2022, 1, 18)) == "policy_approved"
    assert cluster.stage(date(2022, 2, 22)) == "policy_approved"
    assert cluster.stage(date(2022, 2, 23)) == "established"
    assert cluster.on(date(2022, 2, 23)).stage_by == 3
    assert cluster.value("area", date(2022, 2, 22)) is None
    assert cluster.on(date(2022, 2, 23)).values["area"] == ("47.8", 3)


def test_giang_bien_is_unknown_until_1013_because_790_is_to_be_verified():
    cluster = Cluster(
        [effect(1, 790, None, verified=False), effect(2, 1013, "established", area="50")],
        [decision(790, date(2022, 3, 14), number=790), decision(1013, date(2022, 3, 31), number=1013)],
    )
    assert cluster.timeline(date(2022, 3, 13)) == ()
    assert cluster.timeline(date(2022, 3, 14)) == (1,)
    assert cluster.stage(date(2022, 3, 20)) == "unknown"
    assert cluster.stage(date(2022, 3, 30)) == "unknown"
    assert cluster.stage(date(2022, 3, 31)) == "established"
    assert cluster.on(date(2022, 3, 31)).stage_by == 2
    assert cluster.timeline(date(2022, 3, 31)) == (1, 2)


@pytest.mark.parametrize(("policy", "establishment"), [(1, 2), (2, 1)])
def test_quang_phuc_is_established_on_the_latest_day_its_unnumbered_papers_allow(policy, establishment):
    latest = date(2023, 6, 30)
    cluster = Cluster(
        [effect(10, policy, "policy_approved"), effect(20, establishment, "established", area="49.7")],
        [decision(1, latest), decision(2, latest)],
    )
    assert cluster.stage(date(2023, 6, 29)) == "unknown"
    assert cluster.stage(date(2023, 6, 30)) == "established"
    assert cluster.timeline(latest) == (10, 20)


# Which effects fold


def test_an_effect_without_a_code_of_ours_is_shown_and_not_folded():
    cluster = Cluster([effect(1, 1, None, area="50")], [decision(1, MARCH)])
    assert (cluster.stage(MARCH), cluster.value("area", MARCH)) == ("unknown", None)
    assert cluster.timeline(MARCH) == (1,)
    assert cluster.timeline(MARCH - A_DAY) == ()


def test_an_effect_to_be_verified_is_shown_and_not_folded():
    cluster = Cluster([effect(1, 1, "established", verified=False, area="50")], [decision(1, MARCH)])
    assert (cluster.stage(MARCH), cluster.value("area", MARCH)) == ("unknown", None)
    assert cluster.timeline(MARCH) == (1,)


def test_an_effect_without_a_day_stands_in_every_timeline_and_does_not_act():
    cluster = Cluster(
        [effect(1, 1, "established"), effect(2, 2, "planned")], [decision(1, None), decision(2, MARCH)]
    )
    assert cluster.timeline(MARCH - A_DAY) == (1,)
    assert cluster.timeline(MARCH) == (2, 1)
    assert cluster.stage(MARCH) == "planned"


def test_an_effect_of_a_decision_that_is_not_published_does_not_act():
    assert Cluster([effect(1, 99, "established")], []).stage(MARCH) == "unknown"


def test_the_effects_of_a_revoked_decision_count_until_the_day_before():
    cluster = Cluster(
        [effect(1, 1, "planned", area="40"), effect(2, 2, "established", area="50")],
        [decision(1, JANUARY), decision(2, MARCH), decision(3, MAY, ("revokes", 2))],
    )
    assert (cluster.stage(MAY - A_DAY), cluster.value("area", MAY - A_DAY)) == ("established", "50")
    assert (cluster.stage(MAY), cluster.value("area", MAY)) == ("planned", "40")
    assert cluster.timeline(MAY) == (1, 2)


def test_the_effects_of_an_annulled_decision_never_counted():
    cluster = Cluster(
        [effect(1, 1, "planned"), effect(2, 2, "established")],
        [decision(1, JANUARY), decision(2, MARCH), decision(3, MAY, ("annuls", 2))],
    )
    assert {cluster.stage(day) for day in (MARCH, MAY, JUNE)} == {"planned"}


# The order of effects


def test_of_two_values_the_later_day_counts():
    cluster = Cluster(
        [effect(1, 2, "established", area="50"), effect(2, 1, "expanded", area="60")],
        [decision(1, MAY), decision(2, MARCH)],
    )
    assert cluster.value("area", MAY - A_DAY) == "50"
    assert cluster.value("area", MAY) == "60"


def test_on_one_day_the_later_signing_counts():
    cluster = Cluster(
        [effect(1, 1, "adjusted", area="60"), effect(2, 2, "adjusted", area="50")],
        [decision(1, MAY, issued=APRIL), decision(2, MAY, issued=MARCH)],
    )
    assert cluster.value("area", MAY) == "60"


def test_the_signing_day_counts_before_the_number():
    cluster = Cluster(
        [effect(1, 1, "adjusted", area="60"), effect(2, 2, "adjusted", area="50")],
        [decision(1, MAY, issued=APRIL, number=3), decision(2, MAY, issued=MARCH, number=9)],
    )
    assert cluster.value("area", MAY) == "60"


def test_the_rung_does_not_order_papers_whose_number_is_known():
    cluster = Cluster(
        [effect(1, 1, "established", area="60"), effect(2, 2, "policy_approved", area="50")],
        [decision(1, MAY, number=9), decision(2, MAY, number=9)],
    )
    assert cluster.value("area", MAY) == "50"


def test_of_two_papers_of_one_day_the_higher_number_counts():
    cluster = Cluster(
        [effect(1, 1, "adjusted", area="60"), effect(2, 2, "adjusted", area="50")],
        [decision(1, MAY, number=12), decision(2, MAY, number=9)],
    )
    assert cluster.value("area", MAY) == "60"


def test_a_paper_of_unknown_number_counts_after_the_numbered_ones_of_its_day():
    cluster = Cluster(
        [effect(1, 1, "established", area="60"), effect(2, 2, "adjusted", area="50")],
        [decision(1, MAY), decision(2, MAY, number=9)],
    )
    assert cluster.value("area", MAY) == "60"


def test_among_unknown_numbers_of_one_day_the_higher_rung_counts():
    cluster = Cluster(
        [effect(1, 1, "established", area="60"), effect(2, 2, "policy_approved", area="50")],
        [decision(1, MAY), decision(2, MAY)],
    )
    assert cluster.value("area", MAY) == "60"


def test_in_one_paper_the_later_position_counts():
    cluster = Cluster(
        [
            effect(1, 1, "adjusted", area="60", position=2),
            effect(2, 1, "adjusted", area="50", position=1),
        ],
        [decision(1, MAY, number=9)],
    )
    assert cluster.value("area", MAY) == "60"


# Stages


def test_the_stage_never_falls_by_a_lower_rung():
    cluster = Cluster(
        [effect(1, 1, "established"), effect(2, 2, "planned", area="60")],
        [decision(1, MARCH), decision(2, MAY)],
    )
    assert cluster.stage(MAY) == "established"
    assert cluster.on(MAY).stage_by == 1
    assert cluster.value("area", MAY) == "60"


@pytest.mark.parametrize("code", ["investor_approved", "developer_appointed", "expanded", "adjusted"])
def test_some_effects_set_values_and_no_stage(code):
    cluster = Cluster([effect(1, 1, code, developer="tpa")], [decision(1, MARCH)])
    assert cluster.stage(MARCH) == "unknown"
    assert cluster.value("developer", MARCH) == "tpa"


@pytest.mark.parametrize("code", ["revoked", "removed_from_plan"])
def test_a_revoked_cluster_keeps_its_last_values_and_changes_stage_on_the_day(code):
    cluster = Cluster(
        [effect(1, 1, "established", area="50"), effect(2, 2, code)], [decision(1, MARCH), decision(2, MAY)]
    )
    assert cluster.stage(MAY - A_DAY) == "established"
    assert cluster.stage(MAY) == code
    assert cluster.on(MAY).stage_by == 2
    assert cluster.value("area", MAY) == "50"


def test_a_second_revocation_does_not_take_the_place_of_the_first():
    cluster = Cluster(
        [effect(1, 1, "established"), effect(2, 2, "revoked"), effect(3, 3, "revoked")],
        [decision(1, MARCH), decision(2, APRIL), decision(3, MAY)],
    )
    assert cluster.on(MAY).stage_by == 2


@pytest.mark.parametrize("code", ["revoked", "removed_from_plan", "annulled"])
def test_after_the_end_a_later_paper_starts_again_at_its_own_rung(code):
    cluster = Cluster(
        [effect(1, 1, "established"), effect(2, 2, code), effect(3, 3, "planned")],
        [decision(1, MARCH), decision(2, APRIL), decision(3, MAY)],
    )
    assert cluster.stage(MAY - A_DAY) == code
    assert cluster.stage(MAY) == "planned"


def test_an_annulled_cluster_was_so_from_its_first_effect():
    cluster = Cluster(
        [
            effect(1, 1, "planned", area="40"),
            effect(2, 2, "established", area="50"),
            effect(3, 3, "annulled"),
        ],
        [decision(1, JANUARY), decision(2, MARCH), decision(3, MAY)],
    )
    assert cluster.stage(JANUARY - A_DAY) == "unknown"
    assert {cluster.stage(day) for day in (JANUARY, MARCH, MAY)} == {"annulled"}
    assert cluster.value("area", MARCH) is None
    assert cluster.timeline(MARCH) == (1, 2)


def test_an_annulment_with_a_target_voids_only_that_effect():
    cluster = Cluster(
        [
            effect(1, 1, "planned", area="40"),
            effect(2, 2, "established", area="50"),
            effect(3, 3, "annulled", target=2),
        ],
        [decision(1, JANUARY), decision(2, MARCH), decision(3, MAY)],
    )
    assert cluster.stage(MARCH - A_DAY) == "planned"
    assert cluster.stage(MARCH) == "annulled"
    assert cluster.value("area", MARCH) == "40"


def test_an_annulled_expansion_leaves_the_cluster_established_with_its_former_area():
    cluster = Cluster(
        [
            effect(1, 1, "established", area="50"),
            effect(2, 2, "expanded", area="70"),
            effect(3, 3, "annulled", target=2),
        ],
        [decision(1, JANUARY), decision(2, MARCH), decision(3, MAY)],
    )
    for day in (JANUARY, MARCH, MAY):
        assert cluster.stage(day) == "established"
        assert cluster.value("area", day) == "50"


def test_an_annulment_of_nothing_acts_from_its_own_day():
    for only in (effect(1, 1, "annulled"), effect(1, 1, "annulled", target=99)):
        cluster = Cluster([only], [decision(1, MAY)])
        assert cluster.stage(MAY - A_DAY) == "unknown"
        assert cluster.stage(MAY) == "annulled"
