"""check_places: the table of units against a list. That of the seed: tests/seed/test_places.py."""

from datetime import date

import pytest

from registry.ledger.context import recorded
from registry.models import AdministrativeUnit, PlaceCode
from tests.management.calling import manage


@pytest.fixture
def city(db) -> AdministrativeUnit:
    """A city of three units since 01/07/2025; one of them has no code yet."""
    with recorded(actor="lan"):
        city = AdministrativeUnit.objects.create(
            name="Hải Phòng", unit_kind="city", code="thanh-pho-hai-phong"
        )
        for name, kind, code in (
            ("Hòa Bình", "ward", "11533"),
            ("An Hưng", "commune", "11674"),
            ("Cát Hải", "special_zone", None),
        ):
            unit = AdministrativeUnit.objects.create(
                name=name, unit_kind=kind, within=city, valid_from=date(2025, 7, 1)
            )
            if code:
                PlaceCode.objects.create(unit=unit, official_code=code, valid_from=date(2025, 7, 1))
    return city


def compared(tmp_path, text, *options):
    file = tmp_path / "list.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    ended = manage("check_places", str(file), *options)
    return ended.code, [line for line in ended.out.splitlines() if " · " in line], ended


@pytest.mark.parametrize(
    "text",
    [
        "code,name\n11533,Phường Hòa Bình\n11674,Xã An Hưng\n11914,Đặc khu Cát Hải\n",
        "\ufeffSTT;Mã ĐVHC;Tên;Loại\r\n1;11533;Hoà Bình;Phường\r\n2;11674;AN HƯNG;xã\r\n"
        "3;11914;Cát  Hải;Đặc khu\r\n\r\n",
        "name\tcode\tkind\nHòa Bình\t11533\tward\nAn Hưng\t11674\tcommune\nCát Hải\t11914\tspecial_zone\n",
    ],
)
def test_lists_are_read_as_people_save_them(city, tmp_path, text):
    code, lines, _ = compared(tmp_path, text)
    assert (code, lines) == (
        1,
        ["other_code · 11914 đặc khu Cát Hải: hệ thống chưa ghi mã."],
    )


def test_every_kind_of_difference_is_named_once(city, tmp_path):
    code, lines, ended = compared(
        tmp_path,
        "code,name\n11533,Xã Hòa Bình\n11674,Xã An Hùng\n11674,Xã An Hùng\n11999,Xã Mới\n",
    )
    assert code == 1
    assert lines == [
        "repeated · Mã 11674 có 2 lần trong danh sách.",
        "other_kind · 11533 xã Hòa Bình: hệ thống ghi loại “phường”.",
        "other_name · 11674 xã An Hùng: hệ thống ghi tên “An Hưng”.",
        "missing · 11999 xã Mới: chưa có trong hệ thống.",
    ]
    assert "places_differ · " in ended.err


def test_a_unit_under_another_code_is_neither_missing_nor_extra(city, tmp_path):
    _, lines, _ = compared(tmp_path, "code,name\n11533,Phường Hòa Bình\n99999,Xã An Hưng\n")
    assert lines == ["other_code · 99999 xã An Hưng: hệ thống ghi mã 11674."]


def test_what_the_list_leaves_out_is_extra_unless_it_has_none_of_that_kind(city, tmp_path):
    assert compared(tmp_path, "mã,tên\n11533,Hòa Bình\n")[1] == [
        "extra · đặc khu Cát Hải: có trong hệ thống, không có trong danh sách.",
        "extra · 11674 xã An Hưng: có trong hệ thống, không có trong danh sách.",
    ]
    assert compared(tmp_path, "mã,tên\n11533,Phường Hòa Bình\n")[:2] == (0, [])


def test_names_that_differ_in_a_tone_are_other_names(city, tmp_path):
    assert compared(tmp_path, "mã,tên\n11533,Phường Hòa Bính\n")[1] == [
        "other_name · 11533 phường Hòa Bính: hệ thống ghi tên “Hòa Bình”."
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "Dòng 1"),
        (b"code,name\n", "không có đơn vị nào"),
        (b"code,ten,name\n1,2,3\n", "Dòng 1"),
        (b"a,b\n1,2\n", "Dòng 1"),
        ("mã,tên\n11533,Hòa Bình\n11674\n".encode(), "Dòng 3: có 1 ô"),
        ("mã,tên\n1153x,Hòa Bình\n".encode(), "Dòng 2: mã “1153x”"),
        ("mã,tên\n11533,\n".encode(), "Dòng 2: không có tên"),
        ("mã,tên,loại\n11533,Hòa Bình,làng\n".encode(), "không biết loại “làng”"),
        ("mã,tên\n11533,Hòa Bình\n".encode("utf-16"), "không phải văn bản mã UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(city, tmp_path, text, said):
    code, _, ended = compared(tmp_path, text)
    assert code == 2
    assert "list_unreadable · " in ended.err
    assert said in ended.err


def test_wrong_calls(city, tmp_path):
    good = "mã,tên\n11533,Hòa Bình\n"
    assert manage("check_places", str(tmp_path / "none.csv")).code == 2
    for option, value, said in (
        ("--within", "tinh-la", "place_unknown · "),
        ("--on", "tháng 7/2025", "date_unreadable · "),
        ("--on", "hôm kia", "date_unreadable · "),
    ):
        code, _, ended = compared(tmp_path, good, option, value)
        assert (code, said in ended.err) == (2, True)
