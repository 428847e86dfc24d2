"""The filters of investors, projects, zones, figures, incentives, assignments and sectors: found, left out, refused."""

import pytest

from registry.actions.publish import publish_seed
from registry.ledger.context import recorded
from tests.api.records import Records, made
from tests.world import TODAY

DEVELOPERS = {"tien-phat", "tpa-land-viet-nam", "mda-e-c"}
GROUPS = {"tap-doan-a", "nhanh-a"}
ALL = DEVELOPERS | GROUPS | {"cong-ty-dong-a", "cong-ty-le"}


@pytest.fixture
def records(seeded, at) -> Records:
    return made(at)


def found(partner, address):
    return {row.get("code") or row["id"] for row in partner.results(address)}


INVESTORS = [
    ("kind=group", GROUPS),
    ("kind=enterprise,group", ALL),
    ("group=tap-doan-a", {"nhanh-a"}),
    ("group=cong-ty-le", set()),
    ("registered_in=VN", {"cong-ty-dong-a"}),
    ("registered_in=KR", set()),
    ("capital_from=KR", {"tap-doan-a", "cong-ty-dong-a"}),
    ("capital_from=VN", set()),
    ("enterprise_code=0100047516", {"cong-ty-dong-a"}),
    ("enterprise_code=0100233488", set()),
    # The largest figure: of the investor or of a project, what was taken away aside, without any a rate of exchange.
    ("capital_usd_min=900000000", {"tap-doan-a", "cong-ty-dong-a"}),
    ("capital_usd_min=900000001", {"tap-doan-a"}),
    ("capital_usd_max=900000000", {"cong-ty-dong-a"}),
    ("capital_usd_max=899999999", set()),
    ("capital_usd_min=500000000&valid_on=2025-12-30", {"cong-ty-dong-a"}),
    ("capital_usd_min=500000001&valid_on=2025-12-30", set()),
    ("capital_usd_min=0&valid_on=2024-12-30", set()),
    ("capital_vnd_min=1000000000000", {"cong-ty-le"}),
    ("capital_vnd_min=1000000000001", set()),
    ("capital_vnd_max=1000000000000", {"cong-ty-le"}),
    ("zone=khu-cong-nghiep-dong", {"cong-ty-dong-a"}),
    ("zone=cang-tay", set()),
    ("cluster=tien-cuong-ii", {"cong-ty-le"}),
    ("cluster=an-tho", set()),
    ("sector=dien-tu", {"cong-ty-dong-a"}),
    ("sector=det-may", set()),
    ("search=dong+a", {"cong-ty-dong-a"}),
    ("search=%C4%90%C3%94NG", {"cong-ty-dong-a"}),
    # A member is found by the name of its group too.
    ("search=nhanh", {"nhanh-a", "cong-ty-dong-a"}),
    ("kind=group&capital_from=KR&capital_usd_min=1", {"tap-doan-a"}),
]
PROJECTS = [
    ("project_code=1234567890", {"nha-may-mot"}),
    ("project_code=1234567891", set()),
    ("investor=cong-ty-dong-a", {"nha-may-mot"}),
    ("investor=tien-phat", set()),
    ("group=nhanh-a", {"nha-may-mot"}),
    ("group=tap-doan-a", {"nha-may-mot"}),
    ("group=cong-ty-dong-a", set()),
    ("zone=khu-cong-nghiep-dong", {"nha-may-mot"}),
    ("zone=cang-tay", set()),
    ("cluster=tien-cuong-ii", {"xuong-hai"}),
    ("cluster=giang-bien", set()),
    ("sector=dien-tu", {"nha-may-mot"}),
    ("sector=det-may", set()),
    ("place=huyen-tien-lang", {"nha-may-mot", "xuong-hai"}),
    ("place=huyen-an-lao", set()),
    ("capital_usd_min=900000000&capital_usd_max=900000000", {"nha-may-mot"}),
    ("capital_usd_min=900000001", set()),
    ("capital_usd_min=500000001&valid_on=2025-12-30", set()),
    ("capital_vnd_min=1&capital_vnd_max=1000000000000", {"xuong-hai"}),
    ("capital_vnd_max=999999999999", set()),
    ("search=xuong", {"xuong-hai"}),
    ("search=dong+a", {"nha-may-mot"}),
]
ZONES = [
    ("kind=seaport", {"cang-tay"}),
    ("kind=airport", set()),
    ("kind=airport,seaport,industrial_park", {"cang-tay", "khu-cong-nghiep-dong"}),
    ("status=planned", {"cang-tay"}),
    ("status=existing", {"khu-cong-nghiep-dong"}),
    ("status=existing&valid_on=2025-06-29", set()),
    ("status=unknown&valid_on=2025-06-29", {"cang-tay", "khu-cong-nghiep-dong"}),
    ("place=huyen-tien-lang", {"khu-cong-nghiep-dong"}),
    ("place=thanh-pho-hai-phong", {"khu-cong-nghiep-dong"}),
    ("place=huyen-an-lao", set()),
    ("sector=dien-tu", {"khu-cong-nghiep-dong"}),
    ("sector=det-may", set()),
    ("area_ha_min=100&area_ha_max=100", {"khu-cong-nghiep-dong"}),
    ("area_ha_min=100.01", set()),
    ("area_ha_min=0", {"khu-cong-nghiep-dong"}),
    ("area_ha_max=1000000", {"khu-cong-nghiep-dong"}),
    ("search=cong+nghiep+dong", {"khu-cong-nghiep-dong"}),
    ("linked_with=cang-tay", set()),
    ("linked_with_unknown=true", {"cang-tay", "khu-cong-nghiep-dong"}),
    ("linked_with_unknown=false", set()),
]
INDICATORS = [
    ("scope=city", {"ty-trong-dien-tu"}),
    ("scope=clusters", {"lao-dong"}),
    ("kind=target", {"ty-trong-dien-tu"}),
    ("kind=expected", {"lao-dong"}),
    ("kind=actual", {"ty-trong-dien-tu", "lao-dong"}),
    ("year=2018", {"ty-trong-dien-tu"}),
    ("year=2030", {"ty-trong-dien-tu"}),
    # A period holds every year in it, and no other.
    ("year=2020", {"lao-dong"}),
    ("year=2021", {"lao-dong"}),
    ("year=2022", set()),
    ("year=2017", set()),
    ("unit=%25", {"ty-trong-dien-tu"}),
    ("unit=ng%C6%B0%E1%BB%9Di", {"lao-dong"}),
    # The same word with its accents as characters of their own.
    ("unit=ngu%CC%9Bo%CC%9B%CC%80i", {"lao-dong"}),
    ("unit=nguoi", set()),
    ("sector=dien-tu", {"ty-trong-dien-tu"}),
    ("sector=det-may", set()),
    ("cluster=tien-cuong-ii", {"lao-dong"}),
    ("cluster=an-tho", set()),
    ("zone=khu-cong-nghiep-dong", {"lao-dong"}),
    ("zone=cang-tay", set()),
    ("investor=cong-ty-dong-a", {"lao-dong"}),
    ("investor=cong-ty-le", set()),
    ("project=nha-may-mot", {"lao-dong"}),
    ("project=xuong-hai", set()),
    ("search=ty+trong", {"ty-trong-dien-tu"}),
]
INCENTIVES = [
    ("kind=import_duty", {"mien-thue-nhap-khau"}),
    ("kind=land_rent", set()),
    ("status=planned", {"ho-tro-tin-dung"}),
    ("status=in_force", {"mien-thue-nhap-khau"}),
    ("in_force=true&valid_on=2023-12-31", set()),
    ("in_force=true&valid_on=2024-01-01", {"mien-thue-nhap-khau"}),
    ("in_force=true&valid_on=2025-12-31", {"mien-thue-nhap-khau"}),
    ("in_force=true&valid_on=2026-01-01", set()),
    ("in_force=false&valid_on=2025-12-31", {"ho-tro-tin-dung"}),
    ("sector=dien-tu", {"mien-thue-nhap-khau"}),
    ("sector=det-may", set()),
    ("legal_instrument=nghi-dinh-68-2017", {"mien-thue-nhap-khau"}),
    ("legal_instrument=nghi-dinh-32-2024", set()),
    ("search=tin+dung", {"ho-tro-tin-dung"}),
]
ASSIGNMENTS = [
    ("kind=task", {"ra-soat-cum"}),
    ("kind=proposal", {"kien-nghi-uu-dai"}),
    ("asked_by=ubnd-tp-hai-phong", {"kien-nghi-uu-dai"}),
    ("lead=ubnd-tp-hai-phong", {"ra-soat-cum"}),
    ("cooperating=chinh-phu", {"ra-soat-cum"}),
    ("cooperating=ubnd-tp-hai-phong", set()),
    ("authority=ubnd-tp-hai-phong", {"ra-soat-cum", "kien-nghi-uu-dai"}),
    ("cluster=an-tho", {"ra-soat-cum"}),
    ("cluster=giang-bien", set()),
    ("zone=khu-cong-nghiep-dong", {"ra-soat-cum"}),
    ("zone=cang-tay", set()),
    ("sector=dien-tu", {"ra-soat-cum"}),
    ("sector=det-may", set()),
    ("legal_instrument=nghi-dinh-32-2024", {"ra-soat-cum"}),
    ("legal_instrument=nghi-dinh-68-2017", set()),
    ("due_from=2026-06-30&due_to=2026-06-30", {"ra-soat-cum"}),
    ("due_from=2026-07-01", set()),
    ("due_to=2026-06-29", set()),
    # Without a day it is on neither side of any.
    ("due_from=0001-01-01", {"ra-soat-cum"}),
    ("due_to=9999-12-30", {"ra-soat-cum"}),
    ("search=ra+soat", {"ra-soat-cum"}),
]
OTHERS = [
    ("sectors/?vsic_code=26", {"dien-tu"}),
    ("sectors/?vsic_code=27", set()),
    ("sectors/?search=det", {"det-may"}),
    ("legal-instruments/?issuer=ubnd-tp-hai-phong", set()),
    (
        "legal-instruments/?issuer=chinh-phu",
        {"nghi-dinh-68-2017", "nghi-dinh-66-2020", "nghi-dinh-32-2024"},
    ),
    ("authorities/?place=thanh-pho-hai-phong", {"ubnd-tp-hai-phong"}),
    ("authorities/?place=huyen-an-lao", set()),
    ("decisions/?legal_instrument=nghi-dinh-66-2020", set()),
    ("decisions/?zone=cang-tay", set()),
]
CASES = {
    "investors": INVESTORS,
    "projects": PROJECTS,
    "zones": ZONES,
    "indicators": INDICATORS,
    "incentives": INCENTIVES,
    "assignments": ASSIGNMENTS,
}


def test_each_filter_finds_what_it_should_and_nothing_else(records, partner):
    cases = [(f"{name}/?{query}", expected) for name, rows in CASES.items() for query, expected in rows]
    wrong = {
        address: (got, expected)
        for address, expected in [*cases, *OTHERS]
        if (got := found(partner, f"{address}&page_size=2")) != expected
    }
    assert wrong == {}


def test_a_paper_about_a_zone_is_found_by_the_zone_and_by_what_it_rests_on(records, partner):
    assert found(partner, "decisions/?zone=khu-cong-nghiep-dong") == {records.paper.code}
    assert found(partner, "decisions/?legal_instrument=nghi-dinh-32-2024") == {records.paper.code}


def test_before_they_were_published_no_filter_finds_them(records, partner):
    later = {record.code for record in records.every()}
    for name, rows in CASES.items():
        for query, _ in rows:
            assert not found(partner, f"{name}/?{query}&known_seq=1") & later, (name, query)


def test_a_filter_follows_both_clocks_after_a_correction(records, partner, at):
    with recorded(actor="seed"):
        records.dong_a.capital_from = "JP"
        records.dong_a.save()
        records.first.zone = records.port
        records.first.save()
        total = records.first.capital_events.get(position=2)
        total.amount = 3_000_000_000
        total.save()
    publish_seed([records.dong_a, records.first], at=at(2026, 2, 3), today=TODAY)
    assert found(partner, "investors/?capital_from=JP") == {"cong-ty-dong-a"}
    assert found(partner, "investors/?capital_from=JP&known_seq=2") == set()
    assert found(partner, "investors/?capital_from=KR&known_seq=2") == {"tap-doan-a", "cong-ty-dong-a"}
    assert found(partner, "investors/?zone=cang-tay") == {"cong-ty-dong-a"}
    assert found(partner, "investors/?zone=cang-tay&known_seq=2") == set()
    assert found(partner, "projects/?zone=khu-cong-nghiep-dong") == set()
    assert found(partner, "investors/?capital_usd_min=3000000000") == {"tap-doan-a", "cong-ty-dong-a"}
    assert found(partner, "investors/?capital_usd_min=3000000000&known_seq=2") == {"tap-doan-a"}
    assert found(partner, "projects/?capital_usd_min=3000000000&valid_on=2025-12-30") == set()


@pytest.mark.parametrize(
    ("address", "order"),
    [
        (
            "investors/?ordering=-capital_usd&capital_usd_min=1",
            ["tap-doan-a", "cong-ty-dong-a"],
        ),
        ("investors/?ordering=capital_usd&capital_usd_min=1", ["cong-ty-dong-a", "tap-doan-a"]),
        ("projects/?ordering=-capital_vnd", ["xuong-hai", "nha-may-mot"]),
        ("projects/?ordering=capital_vnd", ["nha-may-mot", "xuong-hai"]),
        ("projects/?ordering=-name", ["xuong-hai", "nha-may-mot"]),
        ("zones/?ordering=-area_ha", ["khu-cong-nghiep-dong", "cang-tay"]),
        ("zones/", ["cang-tay", "khu-cong-nghiep-dong"]),
        ("assignments/?ordering=-due", ["ra-soat-cum", "kien-nghi-uu-dai"]),
        ("assignments/?ordering=due", ["kien-nghi-uu-dai", "ra-soat-cum"]),
        ("sectors/", ["det-may", "dien-tu"]),
        ("incentives/", ["ho-tro-tin-dung", "mien-thue-nhap-khau"]),
        ("indicators/?ordering=-name", ["ty-trong-dien-tu", "lao-dong"]),
    ],
)
def test_lists_are_in_the_order_asked_for_page_by_page(records, partner, address, order):
    joint = "&" if "?" in address else "?"
    assert [row["code"] for row in partner.results(f"{address}{joint}page_size=1")] == order


BAD = [
    ("kind=groups", "code_unknown"),
    ("kind=group,", "parameter_empty"),
    ("registered_in=Việt Nam", "code_unknown"),
    ("registered_in=xx", "code_unknown"),
    ("capital_from=XX", "code_unknown"),
    ("group=Tập đoàn", "parameter_malformed"),
    ("capital_usd_min=1e9", "parameter_malformed"),
    ("capital_usd_min=1.5", "parameter_malformed"),
    ("capital_usd_max=-1", "parameter_out_of_range"),
    ("capital_vnd_min=9223372036854775808", "parameter_out_of_range"),
    ("capital_vnd_max=1.000", "parameter_malformed"),
    ("zone=KCN", "parameter_malformed"),
    ("cluster=%20", "parameter_empty"),
    ("sector=", "parameter_empty"),
    ("enterprise_code=010004751", "parameter_malformed"),
    ("captal_from=KR", "parameter_unknown"),
    ("ordering=capital", "code_unknown"),
]
BAD_ELSEWHERE = [
    ("projects/?project_code=123", "parameter_malformed"),
    ("projects/?investor=Pegatron", "parameter_malformed"),
    ("projects/?capital_usd_min=một", "parameter_malformed"),
    ("projects/?kind=x", "parameter_unknown"),
    ("zones/?kind=park", "code_unknown"),
    ("zones/?status=existing,", "parameter_empty"),
    ("zones/?area_ha_min=-1", "parameter_malformed"),
    ("zones/?area_ha_max=20.000,5", "parameter_malformed"),
    ("indicators/?scope=city,zone", "code_unknown"),
    ("indicators/?kind=goal", "code_unknown"),
    ("indicators/?year=2018-2023", "parameter_malformed"),
    ("indicators/?year=18", "parameter_out_of_range"),
    ("indicators/?year=2201", "parameter_out_of_range"),
    ("indicators/?unit=", "parameter_empty"),
    ("incentives/?kind=tax", "code_unknown"),
    ("incentives/?in_force=yes", "parameter_malformed"),
    ("incentives/?legal_instrument=68/2017/NĐ-CP", "parameter_malformed"),
    ("assignments/?kind=order", "code_unknown"),
    ("assignments/?due_from=30/06/2026", "parameter_malformed"),
    ("assignments/?due_to=2026-02-30", "parameter_malformed"),
    ("assignments/?cooperating=UBND", "parameter_malformed"),
    ("sectors/?vsic_code=2", "parameter_malformed"),
    ("sectors/?vsic_code=ba", "parameter_malformed"),
    ("legal-instruments/?issuer=Chính phủ", "parameter_malformed"),
    ("authorities/?place=Hải Phòng", "parameter_malformed"),
    ("decisions/?legal_instrument=A", "parameter_malformed"),
]


def test_a_value_that_cannot_be_used_is_refused_with_the_reason(seeded, partner):
    for address, code in [*((f"investors/?{query}", code) for query, code in BAD), *BAD_ELSEWHERE]:
        refused = partner.refused(address, 400)
        assert refused["code"] == code, (address, refused)
        name = address.partition("?")[2].partition("=")[0]
        assert name in refused["detail"], address
        assert name in refused["detail_en"], address
