"""What partners ask, answered by the API alone, complete and with sources."""

import pytest

pytestmark = pytest.mark.django_db


def stated(row, field):
    return {(c["source"]["id"], c["locator"], c["as_stated"]) for c in row["sources"] if c["field"] == field}


def test_which_figures_do_we_hold_for_pegatron_and_who_says_so(whole_seed, partner):
    (found,) = partner.results("investors/?search=pegatron")
    assert [(row["amount"], row["currency"], stated(row, "amount")) for row in found["capital"]] == [
        (900_000_000, "USD", {("vietnamnet-2358339", "đoạn 6", "900 triệu USD")}),
        (1_000_000_000, "USD", {("bai-nghi-quyet-57-2025", "đoạn 3", "1 tỷ USD")}),
    ]


def test_what_share_was_high_tech_in_2018_and_2023_and_what_is_the_target(whole_seed, partner):
    (found,) = partner.results("indicators/?search=san+pham+cong+nghe+cao")
    assert found["unit"] == "%"
    assert [
        (row["kind"], row["period"]["latest"], row["value"], row["qualifier"]) for row in found["values"]
    ] == [
        ("actual", "2018-12-31", 43, "exact"),
        ("actual", "2023-12-31", 60.6, "exact"),
        ("target", "2030-12-31", 70, "over"),
    ]
    assert all(stated(row, "value") for row in found["values"])


def test_which_tax_incentives_and_for_how_many_years(whole_seed, partner):
    found = {row["code"]: row for row in partner.results("incentives/?status=in_force")}
    assert set(found) == {"thue-thu-nhap-doanh-nghiep", "thue-nhap-khau", "tien-thue-dat"}
    tax = found["thue-thu-nhap-doanh-nghiep"]
    assert [(term["kind"], term["years"], term["rate_percent"]) for term in tax["terms"]] == [
        ("exemption", 4, None),
        ("reduction", 9, 50),
        ("rate", 15, 10),
    ]
    assert tax["legal_basis"] == []
    assert all(stated(term, "years") for term in tax["terms"])
    planned = partner.results("incentives/?status=planned")
    assert {row["kind"] for row in planned} == {"credit", "research", "small_business", "other"}
    assert not any(row["in_force"] for row in planned)


def test_who_was_told_to_do_what_for_trang_due(whole_seed, partner):
    (found,) = partner.results("assignments/?cluster=phu-tro-trang-due")
    assert found["asked_by"]["code"] == "ubnd-tp-hai-phong"
    assert found["lead"]["name"] == "Sở Công Thương thành phố Hải Phòng"
    assert [one["code"] for one in found["cooperating"]] == ["ubnd-huyen-an-duong"]
    assert len(found["task"]) == 4
    assert [one["number"] for one in found["legal_basis"]] == ["68/2017/NĐ-CP", "66/2020/NĐ-CP"]
    assert {source["locator"] for source in found["sources"]} == {"đoạn 1", "đoạn 2"}
    cluster = partner.read("clusters/phu-tro-trang-due/")
    assert [one["code"] for one in cluster["assignments"]] == [found["code"]]


def test_what_is_planned_in_the_south(whole_seed, partner):
    found = {row["code"]: row for row in partner.results("zones/?status=planned")}
    assert set(found) == {
        "khu-kinh-te-ven-bien-phia-nam", "cang-hang-khong-tien-lang", "cang-nam-do-son", "khu-thuong-mai-tu-do",
    }  # fmt: skip
    zone = found["khu-kinh-te-ven-bien-phia-nam"]
    assert (zone["area_ha"], zone["area_qualifier"]) == (20000, "up_to")
    assert all(row["sources"] for row in found.values())


def test_a_place_finds_the_clusters_of_the_units_it_took_over(whole_seed, partner):
    def clusters(place):
        return {row["code"] for row in partner.results(f"clusters/?place={place}")}

    assert clusters("xa-hong-phong-an-duong") == {"phu-tro-trang-due"}
    assert clusters("phuong-an-phong") == {"phu-tro-trang-due", "le-thien-dai-ban"}
    assert {"phu-tro-trang-due", "tau-thuy-an-hong"} <= clusters("huyen-an-duong")
    assert clusters("xa-tien-minh") == clusters("xa-tan-minh") == {"quang-phuc"}
    assert len(clusters("thanh-pho-hai-phong")) == 15


def test_an_official_code_belongs_to_another_unit_on_another_day(whole_seed, partner):
    def unit(day):
        rows = partner.results(f"places/?official_code=11791&valid_on={day}")
        return [row["id"] for row in rows]

    assert unit("2024-12-31") == ["xa-quang-phuc"]
    assert unit("2025-06-30") == ["xa-tan-minh-den-2025"]
    assert unit("2025-07-01") == ["xa-tien-minh"]


def test_a_document_shows_all_that_rests_on_it(whole_seed, partner):
    body = partner.read("sources/bai-nghi-quyet-57-2025/")
    rests = {(row["locator"], row["record"]["code"], row["field"]) for row in body["rests_on_it"]}
    assert ("đoạn 3", "pegatron", "capital.2.amount") in rests
    assert ("đoạn 11", "ty-trong-cong-nghiep-cong-nghe-cao", "values.3.value") in rests
