"""Units in the admin: told from their namesakes, found by what people know of them, their codes changed together."""

import json
from datetime import date
from typing import Any

import pytest

from registry.models import AdministrativeUnit, PlaceCode
from tests.admin.browsing import fill, text_of
from tests.admin.office import Office

LIST = "/admin/registry/administrativeunit/"
CHANGE_DAY = date(2025, 7, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def units(office: Office) -> dict[str, AdministrativeUnit]:
    """Two An Lão, one in the other's district; each with an official code."""
    city = AdministrativeUnit.objects.create(name="Hải Phòng", unit_kind="city")
    district = AdministrativeUnit.objects.create(
        name="An Lão", unit_kind="district", within=city, valid_to=CHANGE_DAY
    )
    town = AdministrativeUnit.objects.create(
        name="An Lão", unit_kind="township", within=district, valid_to=CHANGE_DAY
    )
    commune = AdministrativeUnit.objects.create(
        name="An Lão", unit_kind="commune", within=city, valid_from=CHANGE_DAY
    )
    PlaceCode.objects.create(unit=town, official_code="11629", valid_to=CHANGE_DAY)
    PlaceCode.objects.create(unit=commune, official_code="11629", valid_from=CHANGE_DAY)
    return {"city": city, "district": district, "town": town, "commune": commune}


def listed(office: Office, **query: str) -> list[str]:
    response = office.clerk_client.get(LIST, query)
    return sorted(str(row) for row in response.context["cl"].result_list)


def test_units_of_one_name_are_told_apart_where_one_is_chosen(office, units):
    response = office.clerk_client.get(
        "/admin/autocomplete/",
        {
            "app_label": "registry",
            "model_name": "placesuccession",
            "field_name": "successor",
            "term": "an lao",
        },
    )
    assert sorted(option["text"] for option in json.loads(response.content)["results"]) == [
        "Huyện An Lão, Thành phố Hải Phòng (đến 30/06/2025)",
        "Thị trấn An Lão, Huyện An Lão (đến 30/06/2025)",
        "Xã An Lão, Thành phố Hải Phòng",
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"standing": "standing"}, ["Thành phố Hải Phòng", "Xã An Lão"]),
        ({"standing": "ended"}, ["Huyện An Lão", "Thị trấn An Lão"]),
        ({"standing": "coming"}, []),
        ({"unit_kind__exact": "township"}, ["Thị trấn An Lão"]),
        ({"q": "11629"}, ["Thị trấn An Lão", "Xã An Lão"]),
        ({"q": "1162"}, []),
        ({"q": "an lao hai phong"}, ["Huyện An Lão", "Xã An Lão"]),
    ],
)
def test_units_are_found_by_standing_level_code_and_what_they_belong_to(office, units, query, found):
    assert listed(office, **query) == found


def test_the_list_says_until_which_day_a_unit_stood(office, units):
    page = text_of(office.clerk_client.get(LIST))
    assert "đến 30/06/2025" in page
    assert "từ 01/07/2025" in page


def address(unit: AdministrativeUnit) -> str:
    return f"{LIST}{unit.pk}/change/"


def codes(unit: AdministrativeUnit) -> list[tuple[Any, ...]]:
    return list(unit.codes.order_by("valid_from").values_list("official_code", "valid_from", "valid_to"))


def new_code(code: str, start: str = "", end: str = "", row: int = 1) -> dict[str, str]:
    typed = {
        f"codes-{row}-official_code": code,
        f"codes-{row}-valid_from": start,
        f"codes-{row}-valid_to": end,
    }
    return typed | {"codes-TOTAL_FORMS": str(row + 1)}


def test_a_code_ends_and_the_next_begins_in_one_form(office, units):
    typed = {"codes-0-valid_to": "01/01/2030"} | new_code("11999", "01/01/2030")
    assert fill(office.clerk_client, address(units["commune"]), **typed).status_code == 302
    assert codes(units["commune"]) == [
        ("11629", CHANGE_DAY, date(2030, 1, 1)),
        ("11999", date(2030, 1, 1), None),
    ]
    for day in ("01/01/2029", "01/01/2031"):
        moved = {"codes-0-valid_to": day, "codes-1-valid_from": day}
        assert fill(office.clerk_client, address(units["commune"]), **moved).status_code == 302
    assert [row[2] for row in codes(units["commune"])] == [date(2031, 1, 1), None]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (new_code("11999", "01/01/2030"), "một đơn vị chỉ có một mã chính thức"),
        ({"codes-0-valid_from": "30/06/2025"}, "đã có mã 11629 của Thị trấn An Lão, đến 30/06/2025"),
        ({"codes-0-valid_from": ""}, "một mã chính thức chỉ là của một đơn vị"),
    ],
)
def test_codes_that_share_a_day_are_refused_with_the_other_one_named(office, units, typed, sentence):
    response = fill(office.clerk_client, address(units["commune"]), **typed)
    assert response.status_code == 200
    assert sentence in text_of(response)
    assert codes(units["commune"]) == [("11629", CHANGE_DAY, None)]


def test_the_word_before_a_name_is_that_of_its_kind_alone() -> None:
    unit = AdministrativeUnit(name="Thủy Nguyên", unit_kind="district_city")
    assert str(unit).startswith("Thành phố Thủy Nguyên")
