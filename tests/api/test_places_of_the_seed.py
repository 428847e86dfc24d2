"""The units of the seed: found by the day's code, and clusters by what was, what is around and what is today."""

import pytest


@pytest.mark.parametrize(
    ("place", "clusters"),
    [
        ("xa-hong-phong-an-duong", {"phu-tro-trang-due"}),
        ("phuong-an-phong", {"phu-tro-trang-due", "le-thien-dai-ban"}),
        ("xa-tien-minh", {"quang-phuc"}),
        ("xa-tan-minh", {"quang-phuc"}),
    ],
)
def test_a_place_finds_the_clusters_of_the_units_it_took_over(whole_seed, partner, place, clusters):
    assert {row["code"] for row in partner.results(f"clusters/?place={place}")} == clusters


def test_the_city_finds_every_cluster_and_a_district_those_within_it(whole_seed, partner):
    every = {row["code"] for row in partner.results("clusters/")}
    assert {row["code"] for row in partner.results("clusters/?place=thanh-pho-hai-phong")} == every
    assert len(every) == 15
    within = {row["code"] for row in partner.results("clusters/?place=huyen-an-duong")}
    assert {"phu-tro-trang-due", "le-thien-dai-ban", "tau-thuy-an-hong"} <= within < every


@pytest.mark.parametrize(
    ("day", "unit"),
    [
        ("2024-12-31", "xa-quang-phuc"),
        ("2025-06-30", "xa-tan-minh-den-2025"),
        ("2025-07-01", "xa-tien-minh"),
    ],
)
def test_an_official_code_belongs_to_another_unit_on_another_day(whole_seed, partner, day, unit):
    rows = partner.results(f"places/?official_code=11791&valid_on={day}")
    assert [row["id"] for row in rows] == [unit]
