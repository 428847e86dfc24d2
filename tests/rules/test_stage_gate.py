from datetime import date

import pytest

from registry.rules import codes
from registry.rules.cluster_states import Interval
from registry.rules.stage_gate import number_order_warnings, warnings


def standing(stage):
    return Interval(date(2022, 1, 1), date.max, stage, None, {}, ())


@pytest.mark.parametrize(
    ("stage", "code"),
    [
        ("unknown", "planned"),
        ("unknown", "established"),
        ("planned", "policy_approved"),
        ("policy_approved", "established"),
        ("revoked", "planned"),
        ("established", "expanded"),
        ("established", "revoked"),
        ("established", "corrected"),
        ("unknown", "developer_appointed"),
        ("unknown", None),
    ],
)
def test_a_paper_for_the_next_step_raises_no_warning(stage, code):
    assert warnings(standing(stage), code) == []


@pytest.mark.parametrize(
    ("stage", "code"),
    [
        ("established", "established"),
        ("established", "policy_approved"),
        ("established", "planned"),
        ("policy_approved", "policy_approved"),
        ("planned", "planned"),
    ],
)
def test_a_paper_for_a_rung_already_reached_deserves_a_warning(stage, code):
    (sentence,) = warnings(standing(stage), code)
    assert f"“{codes.EFFECT.vi(code)}”" in sentence
    assert codes.LEGAL_STAGE.vi(stage).lower() in sentence
    assert "ghi lý do" in sentence


@pytest.mark.parametrize("code", ["revoked", "annulled", "removed_from_plan"])
def test_ending_what_has_ended_deserves_a_warning(code):
    assert len(warnings(standing(code), code)) == 1


@pytest.mark.parametrize("code", ["expanded", "adjusted"])
def test_changing_a_cluster_that_is_not_established_deserves_a_warning(code):
    assert len(warnings(standing("policy_approved"), code)) == 1


def test_papers_of_2022_are_in_order():
    papers = [(202, date(2022, 1, 18)), (607, date(2022, 2, 23)), (790, date(2022, 3, 14)), (791, date(2022, 3, 14)),
              (1012, date(2022, 3, 31)), (1013, date(2022, 3, 31))]  # fmt: skip
    for number, day in papers:
        assert number_order_warnings(number, day, [paper for paper in papers if paper[0] != number]) == []


def test_a_higher_number_of_an_earlier_day_deserves_a_warning():
    others = [(607, date(2022, 2, 23)), (202, date(2022, 1, 18))]
    assert number_order_warnings(650, date(2022, 2, 23), others) == []
    (sentence,) = number_order_warnings(650, date(2022, 2, 22), others)
    assert "Số 650 ký ngày 22/02/2022" in sentence
    assert "số 607 của cùng cơ quan lại ký ngày 23/02/2022" in sentence


def test_a_lower_number_of_a_later_day_deserves_a_warning():
    others = [(607, date(2022, 2, 23)), (790, date(2022, 3, 14))]
    assert number_order_warnings(600, date(2022, 2, 23), others) == []
    (sentence,) = number_order_warnings(600, date(2022, 2, 24), others)
    assert "số 607" in sentence


def test_only_the_nearest_number_on_each_side_is_named():
    others = [(10, date(2022, 6, 1)), (20, date(2022, 6, 1)), (40, date(2022, 4, 1)), (50, date(2022, 4, 1))]
    below, above = number_order_warnings(30, date(2022, 5, 1), others)
    assert "số 20 " in below
    assert "số 40 " in above
