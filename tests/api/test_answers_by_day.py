"""What was so on a day: the acceptance of the seed, asked as a partner asks."""

import pytest


@pytest.mark.parametrize(
    ("cluster", "day", "stage", "number"),
    [
        ("tien-cuong-ii", "2022-01-17", "unknown", None),
        ("tien-cuong-ii", "2022-01-18", "policy_approved", "202/QĐ-UBND"),
        ("tien-cuong-ii", "2022-02-22", "policy_approved", "202/QĐ-UBND"),
        ("tien-cuong-ii", "2022-02-23", "established", "607/QĐ-UBND"),
        ("giang-bien", "2022-03-20", "unknown", None),
        ("giang-bien", "2022-03-30", "unknown", None),
        ("giang-bien", "2022-03-31", "established", "1013/QĐ-UBND"),
        ("quang-phuc", "2023-06-29", "unknown", None),
        ("quang-phuc", "2023-06-30", "established", None),
    ],
)
def test_a_stage_is_shown_on_its_day_with_the_decision_that_says_so(
    seeded, partner, cluster, day, stage, number
):
    body = partner.read(f"clusters/{cluster}/?valid_on={day}")
    assert body["legal_stage"] == stage
    decision = body["legal_stage_decision"]
    assert (decision is None) == (stage == "unknown")
    if decision:
        assert decision["number"] == number
        assert partner.read(f"decisions/{decision['id']}/")["number"] == number


def test_the_list_says_the_same_as_the_details_on_every_day(seeded, partner):
    for day in ("2022-01-17", "2022-02-23", "2022-03-31", "2023-06-29", "2023-06-30", "2026-02-02"):
        listed = partner.results(f"clusters/?valid_on={day}&page_size=4")
        assert len(listed) == 6
        assert listed == [partner.read(f"clusters/{c['code']}/?valid_on={day}") for c in listed]


def test_a_list_never_drops_a_record_because_of_the_day(seeded, partner):
    for resource in ("clusters", "decisions", "investors", "places", "authorities", "legal-instruments"):
        today = {r.get("id", r.get("code")) for r in partner.results(f"{resource}/")}
        assert today
        for day in ("0001-01-01", "2022-02-01", "9999-12-30"):
            found = partner.results(f"{resource}/?valid_on={day}")
            assert {r.get("id", r.get("code")) for r in found} == today


def test_a_list_says_which_clocks_it_used(seeded, partner):
    response = partner.get("clusters/")
    body = response.json()
    assert list(body) == ["valid_on", "known_at", "known_seq", "next", "previous", "results"]
    assert (body["valid_on"], body["known_seq"]) == ("2026-02-02", 1)
    assert body["known_at"] == "2026-01-05T02:00:00.000000Z"
    assert response["Registry-Valid-On"] == "2026-02-02"
    assert response["Registry-Known-Seq"] == "1"
    assert response["Registry-Known-At"] == "2026-01-05T02:00:00.000000Z"


def test_today_is_hanois_from_midnight_there(seeded, partner, at):
    at(2026, 3, 1, 16, 59)
    assert partner.read("clusters/")["valid_on"] == "2026-03-01"
    at(2026, 3, 1, 17, 0)
    assert partner.read("clusters/")["valid_on"] == "2026-03-02"
