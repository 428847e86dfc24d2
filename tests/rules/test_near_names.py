import pytest

from registry.rules.near_names import near_names


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Giang Biên", "Dũng Tiến - Giang Biên"),
        ("Tiên Cường II", "Tiên Cường III"),
        ("CCN Tràng Duệ", "KCN Tràng Duệ"),
        ("Le Thien - Dai Ban", "Lê Thiện-Đại Bản"),
        ("Công ty TNHH Hoàng Huy", "Tập đoàn Hoàng Huy"),
    ],
)
def test_names_that_are_easily_taken_for_one_another_are_near(name, other):
    assert near_names(name, [other]) == [other]
    assert near_names(other, [name]) == [name]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("An Thọ", "An Hòa"),
        ("Giang Biên", "Quang Phục"),
        ("Cụm công nghiệp An Thọ", "Cụm công nghiệp Tân Liên"),
    ],
)
def test_other_names_are_not(name, other):
    assert near_names(name, [other]) == []


def test_a_name_of_nothing_is_near_nothing():
    assert near_names("", ["Giang Biên"]) == near_names("Giang Biên", [""]) == []
