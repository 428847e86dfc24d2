"""Searches and filters, each with what it finds and what it leaves out."""

from datetime import date
from decimal import Decimal

import pytest

from registry.actions.publish import publish_seed
from registry.ledger.context import recorded
from registry.models import AdministrativeUnit, Cluster, Decision, Effect, PlaceSuccession
from tests.world import AT


def codes_in(partner, address):
    return {row.get("code") or row["id"] for row in partner.results(address)}


def numbers_in(partner, address):
    return sorted(row["number"] or "" for row in partner.results(address))


NUMBERED_2022 = ["1012/QĐ-UBND", "1013/QĐ-UBND", "202/QĐ-UBND", "607/QĐ-UBND", "790/QĐ-UBND", "791/QĐ-UBND"]
LATER = {"quang-phuc", "an-tho", "dung-tien-giang-bien"}
FIRST = {"tien-cuong-ii", "dai-thang", "giang-bien"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=giang+bien", {"giang-bien", "dung-tien-giang-bien"}),
        ("search=Bi%C3%AAn+GIANG", {"giang-bien", "dung-tien-giang-bien"}),
        ("search=dung+tien+-+giang+bien", {"dung-tien-giang-bien"}),
        ("search=DAI+THANG", {"dai-thang"}),
        ("search=%C4%91%E1%BA%A1i", {"dai-thang"}),
        ("search=giang+khong", set()),
        ("search=100%25", set()),
        ("legal_stage=established&valid_on=2022-04-01", FIRST),
        ("legal_stage=unknown&valid_on=2022-04-01", LATER),
        ("legal_stage=established,unknown&valid_on=2022-04-01", FIRST | LATER),
        ("legal_stage=policy_approved&valid_on=2022-02-22", {"tien-cuong-ii"}),
        ("legal_stage=policy_approved&valid_on=2022-02-23", set()),
        ("operating_status=operating", set()),
        ("operating_status=unknown", FIRST | LATER),
        ("place=huyen-vinh-bao", {"giang-bien", "dung-tien-giang-bien"}),
        ("place=thanh-pho-hai-phong", FIRST | LATER),
        ("developer=tien-phat", {"tien-cuong-ii"}),
        ("developer=tien-phat&valid_on=2022-02-22", set()),
        ("area_ha_min=47.8&area_ha_max=47.8", {"tien-cuong-ii"}),
        ("area_ha_max=75&valid_on=2022-02-23", {"tien-cuong-ii"}),
        ("area_ha_min=0&valid_on=2022-02-22", set()),
        ("search=giang&legal_stage=established&place=huyen-vinh-bao&valid_on=2022-04-01", {"giang-bien"}),
    ],
)
def test_clusters_are_found(seeded, partner, query, found):
    assert codes_in(partner, f"clusters/?{query}&page_size=2") == found


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("number=202/QĐ-UBND", ["202/QĐ-UBND"]),
        ("number=0202%20/%20qd%E2%80%93ubnd", ["202/QĐ-UBND"]),
        ("number=20/QĐ-UBND", []),
        ("search=202/qd", ["202/QĐ-UBND"]),
        ("cluster=tien-cuong-ii", ["202/QĐ-UBND", "607/QĐ-UBND"]),
        ("issuer=ubnd-tp-hai-phong&issued_on_to=2022-12-31", NUMBERED_2022),
        ("issuer=chinh-phu", []),
        ("kind=resolution", []),
        ("kind=decision,resolution&issued_on_from=2023-01-01", [""] * 6),
        ("issued_on_from=2022-02-23&issued_on_to=2022-02-23", ["607/QĐ-UBND"]),
        ("issued_on_from=2022-02-24&issued_on_to=2022-03-13", []),
        ("issued_on_from=2023-06-30", [""] * 6),
        ("issued_on_from=2023-07-01", []),
        ("verification=to_be_verified", [""] * 6),
        ("in_force=true&valid_on=2022-01-18", ["202/QĐ-UBND"]),
        ("in_force=true&valid_on=2022-01-17", []),
        ("in_force=false&valid_on=2023-06-29", [""] * 6),
    ],
)
def test_decisions_are_found(seeded, partner, query, numbers):
    assert numbers_in(partner, f"decisions/?{query}&page_size=5") == numbers


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("places/?kind=district&in_force=true", set()),
        ("places/?kind=district&in_force=true&valid_on=2025-06-30&search=tien+lang", {"huyen-tien-lang"}),
        ("places/?kind=district&in_force=true&valid_on=2025-07-01", set()),
        ("authorities/?level=city", {"ubnd-tp-hai-phong"}),
        ("authorities/?level=party", set()),
        ("legal-instruments/?number=66/2020/nd-cp", {"nghi-dinh-66-2020"}),
        ("legal-instruments/?in_force=true&kind=decree&valid_on=2024-04-30&search=66", {"nghi-dinh-66-2020"}),
        ("legal-instruments/?in_force=true&kind=decree&valid_on=2024-05-01&search=66", set()),
        ("investors/?search=tien+phat", {"tien-phat"}),
        ("investors/?enterprise_code=0100047516", set()),
        ("sources/?search=vneconomy", {"vneconomy-2023-10"}),
    ],
)
def test_the_others_are_found(seeded, partner, address, found):
    assert codes_in(partner, address) == found


def test_a_cluster_is_found_by_the_unit_that_stands_there_today(seeded, partner, at):
    with recorded(actor="seed"):
        today = AdministrativeUnit.objects.create(
            name="Vĩnh Thuận", unit_kind="commune", valid_from=date(2025, 7, 1)
        )
        old = AdministrativeUnit.objects.create(
            name="Giang Biên", unit_kind="commune", valid_to=date(2025, 7, 1)
        )
        PlaceSuccession.objects.create(unit=old, successor=today, extent="whole")
        seeded.giang_bien.places.set([old])
    publish_seed([today, old, seeded.giang_bien], at=at(2026, 2, 1), today=AT.date())
    assert codes_in(partner, f"clusters/?place={today.code}") == {"giang-bien"}
    assert codes_in(partner, f"clusters/?place={old.code}") == {"giang-bien"}
    assert codes_in(partner, f"clusters/?place={today.code}&known_seq=1") == set()


def test_a_decision_of_unknown_date_is_on_neither_side_of_a_day(seeded, partner, at):
    with recorded(actor="seed"):
        undated = Decision.objects.create(issuer=seeded.decision(202).issuer)
        Effect.objects.create(decision=undated, cluster=seeded.an_tho, as_stated="chưa rõ")
    publish_seed([undated], at=at(2026, 2, 1), today=AT.date())
    assert undated.code in codes_in(partner, "decisions/")
    assert undated.code not in codes_in(partner, "decisions/?issued_on_from=0001-01-01")
    assert undated.code not in codes_in(partner, "decisions/?issued_on_to=9999-12-30")
    listed = [d["id"] for d in partner.results("decisions/?page_size=3")]
    assert listed[-1] == undated.code


def test_a_cluster_is_found_by_another_name(seeded, partner, at):
    with recorded(actor="seed"):
        other = Cluster.objects.create(name="Tên chính")
        other.aliases.create(name="Bí danh Lạ")
    publish_seed([other], at=at(2026, 2, 1), today=AT.date())
    assert codes_in(partner, "clusters/?search=bi+danh+la") == {"ten-chinh"}
    assert Decimal(0) not in {c["area_ha"] for c in partner.results("clusters/")}
