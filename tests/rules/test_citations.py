from datetime import date

import pytest

from registry.rules import codes
from registry.rules.citations import agrees
from registry.rules.code_lists import CodeList
from registry.rules.dates import StatedDate
from registry.rules.wordings import WORDS, Coded, Place, says

PEOPLES_COMMITTEE = "Ủy ban nhân dân thành phố Hải Phòng"
FIRST_HALF = StatedDate(date(2023, 1, 1), date(2023, 6, 30), "năm 2023")


@pytest.mark.parametrize(
    ("field", "as_stated", "value", "verdict"),
    [
        ("issuer", "UBND TP", PEOPLES_COMMITTEE, True),
        ("issuer", "UBND TP.Hải Phòng", PEOPLES_COMMITTEE, True),
        ("issuer", "UBND huyện Tiên Lãng", PEOPLES_COMMITTEE, False),
        ("name", "huyện Tiên Lãng", "Tiên Lãng", True),
        ("name", "CCN Tràng Duệ", "Cụm công nghiệp Tràng Duệ", True),
        ("name", "KCN Tràng Duệ", "Cụm công nghiệp Tràng Duệ", False),
        ("cluster", "Tiên Cường III", "Tiên Cường II", False),
        ("developer", "Công ty TNHH MDA E &C", "Công ty TNHH MDA E&C", True),
        ("number", "202/QD - UBND", "202/QĐ-UBND", True),
        ("number", "203/QĐ-UBND", "202/QĐ-UBND", False),
        ("area_ha", "47,8 ha", ("47.8", None, "exact"), True),
        ("area_ha", "khoảng 47,8 ha", ("47.8", None, "exact"), False),
        ("issued_on", "23/2/2022", StatedDate(date(2022, 2, 23), date(2022, 2, 23)), True),
        ("issued_on", "24/2/2022", StatedDate(date(2022, 2, 23), date(2022, 2, 23)), False),
        ("issued_on", "năm 2023", FIRST_HALF, True),
        ("issued_on", "tính đến tháng 6/2023", FIRST_HALF, True),
        ("issued_on", "tính đến tháng 5/2023", FIRST_HALF, False),
    ],
)
def test_a_stated_value_supports_or_rivals_the_records(field, as_stated, value, verdict):
    assert agrees(field, as_stated, value) is verdict


@pytest.mark.parametrize(
    ("field", "as_stated", "value"),
    [
        ("name", "Giang Biên", None),
        ("name", "", "Giang Biên"),
        ("number", "số chưa rõ", "202/QĐ-UBND"),
        ("area_ha", "rộng lớn", ("47.8", None, "exact")),
        ("issued_on", "mùa xuân", FIRST_HALF),
    ],
)
def test_what_a_machine_cannot_compare_is_neither(field, as_stated, value):
    assert agrees(field, as_stated, value) is None


@pytest.mark.parametrize(
    ("field", "as_stated", "value", "verdict"),
    [
        ("area_ha", "58,8ha", ("58.8", None, "exact"), True),
        ("area_ha", "khoảng 58,8ha", ("58.8000", None, "about"), True),
        ("area_ha", "lên đến 20.000 ha", ("20000", None, "up_to"), True),
        ("area_ha", "lên đến 20.000 ha", ("20000", None, "over"), False),
        ("area_ha", "lên đến 20.000 ha", ("20000", "30000", "exact"), False),
        ("amount", "1,224 tỷ USD", (1_224_000_000, "USD", "exact"), True),
        ("amount", "1.224 tỷ USD", (1_224_000_000, "USD", "exact"), False),
        ("amount", "1,22 tỷ USD", (1_224_000_000, "USD", "exact"), False),
        ("amount", "trên 9,24 tỷ USD", (9_240_000_000, "USD", "exact"), False),
        ("amount", "lên đến 4,65 tỷ USD", (4_650_000_000, "USD", "exact"), True),
        ("amount", "900 triệu", (900_000_000, "USD", "exact"), None),
        ("value", "9,6 - 10 triệu sản phẩm/tháng", ("9600000", "10000000", "range", "sản phẩm/tháng"), True),
        ("value", "9,6 - 10 triệu sản phẩm/tháng", ("9600000", "11000000", "range", "sản phẩm/tháng"), False),
        ("value", "hơn nửa số vốn đầu tư", ("50", None, "over", "%"), True),
        ("value", "gần nửa số vốn đầu tư", ("50", None, "over", "%"), False),
        ("value", "20–22% mỗi năm", ("20", "22", "range", "%/năm"), True),
        ("value", "trên 14%", ("14", None, "over", "%/năm"), True),
        ("value", "6,5 tỷ USD/năm", ("6.5", None, "exact", "tỷ USD/năm"), True),
        ("value", "2 lần", ("2", None, "exact", "lần"), True),
        ("value", "933 dự án", ("933", None, "exact", "dự án"), True),
        ("value", "933 ha", ("933", None, "exact", "dự án"), None),
        ("value", "30%", ("30", None, "exact", "USD"), None),
        ("value", "gần 48 tỷ USD", ("48000000000", None, "nearly", "VND"), False),
        ("value", "48 tỷ đồng", ("48", None, "exact", "tỷ USD/năm"), False),
        ("value", "10 sản phẩm/tháng", ("10", None, "exact", "sản phẩm/năm"), False),
        ("value", "10 sản phẩm/ca", ("10", None, "exact", "sản phẩm/năm"), None),
        ("value", "14% mỗi tháng", ("14", None, "exact", "%/năm"), False),
        ("value", "2025", ("2025", None, "exact", "năm"), True),
        ("years", "04 năm", "4", True),
        ("years", "05 năm", "4", False),
        ("rate_percent", "50%", "50.00", True),
        ("period", "đến hết năm 2023", StatedDate(None, date(2023, 12, 31)), True),
        ("period", "giai đoạn 2019-2024", StatedDate(date(2019, 1, 1), date(2024, 12, 31)), True),
        ("asked_on", "vừa qua", StatedDate(None, None, "vừa qua"), None),
        ("valid_to", "01/07/2025", StatedDate(date(2025, 7, 1), date(2025, 7, 1)), True),
        ("issued_on", "ngày 18/01/2022", StatedDate(date(2022, 1, 18), date(2022, 1, 18)), True),
    ],
)
def test_figures_and_days_are_read_by_the_parsers_of_the_registry(field, as_stated, value, verdict):
    assert agrees(field, as_stated, value) is verdict


@pytest.mark.parametrize(
    ("field", "as_stated", "value"),
    [
        ("definition", "tính bình quân", "Trung bình của cả giai đoạn."),
        ("clusters", "Cả hai cụm công nghiệp", ["Giang Biên", "An Thọ"]),
        ("clusters", "Các CCN ở huyện An Dương", ["Giang Biên"]),
        ("cooperating", "Các cơ quan liên quan", ["Sở Công Thương thành phố Hải Phòng"]),
        ("cooperating", "Sở Công Thương", ["Các cơ quan liên quan"]),
        ("sectors", "công nghiệp công nghiệp cao", "Công nghiệp công nghệ cao"),
    ],
)
def test_other_words_for_the_same_are_no_rival(field, as_stated, value):
    assert agrees(field, as_stated, value) is None


@pytest.mark.parametrize(
    ("field", "as_stated", "value"),
    [
        ("clusters", "Cụm công nghiệp Giang Biên", ["An Thọ"]),
        ("clusters", "Giang Biên", ["Lê Thiện-Đại Bản", "An Thọ"]),
        ("cooperating", "Sở Công Thương", ["Sở Tài chính thành phố Hải Phòng"]),
    ],
)
def test_the_name_of_another_is_a_rival_where_members_are_names(field, as_stated, value):
    assert agrees(field, as_stated, value) is False


@pytest.mark.parametrize(
    ("as_stated", "value", "verdict"),
    [
        ("Chính phủ", "Chính phủ", True),
        ("Thủ tướng Chính phủ", "Chính phủ", False),
        ("Văn phòng Chính phủ", "Chính phủ", False),
        ("Chính phủ và Thủ tướng Chính phủ", "Chính phủ", True),
        ("Chính phủ", "Thủ tướng Chính phủ", False),
        ("Thủ tướng", "Thủ tướng Chính phủ", True),
        ("Hải Phòng", PEOPLES_COMMITTEE, None),
        ("UBND huyện", PEOPLES_COMMITTEE, False),
        ("Sở Công Thương", "Sở Công Thương thành phố Hải Phòng", True),
        ("Bộ Công Thương", "Sở Công Thương thành phố Hải Phòng", False),
        ("Bộ Công Thương", "Cục Công nghiệp, Bộ Công Thương", True),
        ("Công nghiệp", "Cục Công nghiệp, Bộ Công Thương", None),
    ],
)
def test_an_authority_is_not_another_within_its_name(as_stated, value, verdict):
    assert agrees("issuer", as_stated, value) is verdict


def test_a_place_named_among_several_is_supported_and_another_is_a_rival() -> None:
    places = [Place("commune", "Hồng Phong"), Place("commune", "An Hòa")]
    assert agrees("places", "xã Hồng Phong, huyện An Dương", places) is True
    assert agrees("places", "xã Đại Bản", places) is False
    assert agrees("places", "xã Hồng Phong", []) is None


@pytest.mark.parametrize(
    ("kind", "as_stated", "verdict"),
    [
        ("commune", "huyện Tiên Lãng", False),
        ("commune", "thị trấn Tiên Lãng", False),
        ("commune", "thị xã Tiên Lãng", False),
        ("commune", "xã Tiên Lãng, huyện Tiên Lãng", True),
        ("township", "Thị trấn Tiên Lãng", True),
        ("township", "xã Tiên Lãng", False),
        ("district", "Tiên Lãng", True),
        ("district", "các huyện An Lão, Tiên Lãng", True),
        ("district_city", "TP.Tiên Lãng", True),
        ("city", "thành phố Tiên Lãng", True),
        ("ward", "xã Tiên", False),
    ],
)
def test_the_kind_before_a_place_is_the_places_own(kind, as_stated, verdict):
    assert agrees("places", as_stated, [Place(kind, "Tiên Lãng")]) is verdict


@pytest.mark.parametrize(
    ("field", "as_stated", "value", "verdict"),
    [
        ("years", "04 năm", "4", True),
        ("years", "4", "4", True),
        ("years", "15%", "15", False),
        ("years", "4 tháng", "4", False),
        ("rate_percent", "10%", "10", True),
        ("rate_percent", "10 năm", "10", False),
    ],
)
def test_years_and_rates_are_not_mistaken_for_each_other(field, as_stated, value, verdict):
    assert agrees(field, as_stated, value) is verdict


@pytest.mark.parametrize(
    ("field", "as_stated", "value", "verdict"),
    [
        ("legal_basis", "68/2017/NĐ-CP", ["32/2024/NĐ-CP"], False),
        ("legal_basis", "Nghị định 68/2017/NĐ-CP", ["32/2024/NĐ-CP"], False),
        ("legal_basis", "Nghị định số 32/2024/NĐ-CP", ["68/2017/NĐ-CP", "32/2024/NĐ-CP"], True),
        ("legal_basis", "Nghị định của Chính phủ", ["32/2024/NĐ-CP"], None),
        ("successor", "66/2020/NĐ-CP", ["32/2024/NĐ-CP"], False),
    ],
)
def test_papers_are_compared_by_their_numbers(field, as_stated, value, verdict):
    assert agrees(field, as_stated, value) is verdict


@pytest.mark.parametrize(
    ("field", "as_stated", "value", "verdict"),
    [
        ("developer", "Công ty TNHH", "Công ty TNHH MDA E&C", None),
        ("developer", "MDA E&C", "Công ty TNHH MDA E&C", True),
        ("group", "Tập đoàn", ["Tập đoàn LG"], None),
        ("group", "LG", ["Tập đoàn LG"], True),
        ("name", "Giang Biên", "Dũng Tiến - Giang Biên", False),
        ("name", "CCN Giang Biên", "Cụm công nghiệp Dũng Tiến - Giang Biên", False),
        ("name", "Dũng Tiến-Giang Biên", "Dũng Tiến - Giang Biên", True),
        ("scope", "Dũng Tiến - Giang Biên", "Giang Biên", False),
        ("cluster", "CCN Dũng Tiến – Giang Biên", "Dũng Tiến", False),
        ("cluster", "Giang Biên, Dũng Tiến - Giang Biên", "Giang Biên", True),
        ("cluster", "Cụm công nghiệp - Giang Biên", "Giang Biên", True),
        ("cluster", "Giang Biên - huyện Vĩnh Bảo", "Giang Biên", True),
        ("cluster", "Tiên Cường II", "Tiên Cường", False),
        ("cluster", "Tiên Cường và Tiên Cường II", "Tiên Cường", True),
        ("cluster", "Lê Thiện", "Lê Thiện - Đại Bản", False),
    ],
)
def test_a_part_of_a_name_supports_it_only_where_it_names_nobody_else(field, as_stated, value, verdict):
    assert agrees(field, as_stated, value) is verdict


@pytest.mark.parametrize(
    ("of", "code", "as_stated", "verdict"),
    [
        (codes.CAPITAL_KIND, "increase", "giảm vốn", False),
        (codes.CAPITAL_KIND, "increase", "tăng vốn", True),
        (codes.CAPITAL_KIND, "decrease", "tăng vốn", False),
        (codes.CAPITAL_MEASURE, "registered", "vốn thực hiện", False),
        (codes.CAPITAL_MEASURE, "registered", "Tập đoàn SK", False),
        (codes.CAPITAL_MEASURE, "group_total", "Tập đoàn LG với tổng vốn đầu tư đăng ký", True),
        (codes.INCENTIVE_TERM, "exemption", "giảm 50%", False),
        (codes.INCENTIVE_TERM, "reduction", "miễn 04 năm", False),
        (codes.INCENTIVE_TERM, "reduction", "miễn, giảm tiền thuê đất", True),
        (codes.VALUE_KIND, "actual", "mục tiêu", False),
        (codes.VALUE_KIND, "actual", "mục tiêu đầu tư", False),  # “tư” is not “từ”
        (codes.VALUE_KIND, "expected", "có thể triển khai", True),
        (codes.VALUE_KIND, "actual", "có thể triển khai", False),  # the longer words are what was said
        (codes.VALUE_KIND, "target", "đặt ra", None),
        (codes.INDICATOR_SCOPE, "zones", "cụm công nghiệp", False),
        (codes.INDICATOR_SCOPE, "city", "TP.Hải Phòng", True),
        (codes.PLACE_KIND, "commune", "Thị xã Kinh Môn", False),
        (codes.PLACE_KIND, "town", "Thị xã Kinh Môn", True),
        (codes.SUCCESSION_EXTENT, "whole", "1 phần phường Lê Thiện", False),
        (codes.AUTHORITY_LEVEL, "city", "UBND huyện An Dương", False),
        (codes.ZONE_STATUS, "existing", "dự kiến", False),
        (codes.OPERATING_STATUS, "operating", "chưa hoạt động", False),
        (codes.OPERATING_STATUS, "not_operating", "đang thực hiện thủ tục về đầu tư", True),
        (codes.EFFECT, "planned", "bổ sung vào quy hoạch", True),
        (codes.DECISION_KIND, "other", "phê duyệt chủ trương", None),
        (codes.DECISION_KIND, "other", "Quyết định", False),
    ],
)
def test_words_for_another_code_of_the_list_are_a_rival(of, code, as_stated, verdict):
    assert agrees("kind", as_stated, Coded(of, code)) is verdict


def test_of_several_codes_a_document_may_say_one():
    existing, planned = (Coded(codes.ZONE_STATUS, code) for code in ("existing", "planned"))
    assert agrees("status", "dự kiến", [existing]) is False
    assert agrees("status", "dự kiến", [existing, planned]) is True


def test_every_wording_is_of_a_code_of_its_list_and_says_that_code_and_no_other():
    for name, wordings in WORDS.items():
        of = next(one for one in vars(codes).values() if isinstance(one, CodeList) and one.name == name)
        assert set(wordings) <= set(of), name
        for code in of:
            assert says(of.vi(code), Coded(of, code)) is True, (name, code)
            for words in filter(None, wordings.get(code, "").split("|")):
                assert says(words, Coded(of, code)) is True, (name, words)
                said = [other for other in of if says(words, Coded(of, other))]
                assert said == [code], (name, words)


@pytest.mark.parametrize(
    ("unit", "as_stated", "verdict"),
    [
        ("dự án", "933 dự án", True),
        ("dự án", "28,9 tỷ USD", False),
        ("USD", "tỷ USD", True),
        ("USD", "28,9 tỷ đồng", False),
        ("%", "hơn nửa số vốn đầu tư", True),
        ("%/năm", "20–22% mỗi năm", True),
        ("%/tháng", "20–22% mỗi năm", False),
        ("%/năm", "trên 14%", None),
        ("năm", "đến năm 2025", True),
    ],
)
def test_a_unit_is_what_the_figure_is_stated_in(unit, as_stated, verdict):
    assert agrees("unit", as_stated, unit) is verdict


def test_a_number_is_one_that_the_authority_of_its_symbol_gives():
    assert agrees("number", "68/2017/NĐ-CP", "CP") is True
    assert agrees("number", "68/2017/NĐ-CP", "TTg") is False
