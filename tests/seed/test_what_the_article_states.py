"""What must be so after the seed, day by day, each with the decision that says so."""

from datetime import date

import pytest

from registry.models import Citation, Cluster, Decision, DecisionEdition, Investor, LegalInstrument
from tests.world import World


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world


@pytest.mark.parametrize(
    ("cluster", "on", "stage", "number"),
    [
        ("tien_cuong_ii", date(2022, 1, 17), "unknown", None),
        ("tien_cuong_ii", date(2022, 1, 18), "policy_approved", "202/QĐ-UBND"),
        ("tien_cuong_ii", date(2022, 2, 22), "policy_approved", "202/QĐ-UBND"),
        ("tien_cuong_ii", date(2022, 2, 23), "established", "607/QĐ-UBND"),
        ("dai_thang", date(2022, 3, 13), "unknown", None),
        ("dai_thang", date(2022, 3, 14), "policy_approved", "791/QĐ-UBND"),
        ("dai_thang", date(2022, 3, 31), "established", "1012/QĐ-UBND"),
        ("giang_bien", date(2022, 3, 20), "unknown", None),
        ("giang_bien", date(2022, 3, 30), "unknown", None),
        ("giang_bien", date(2022, 3, 31), "established", "1013/QĐ-UBND"),
    ],
)
def test_a_clusters_stage_follows_from_the_decision_that_says_so(
    world: World, cluster: str, on: date, stage: str, number: str | None
):
    body = world.answer(getattr(world, cluster), on=on)
    assert body["legal_stage"] == stage
    assert (body["legal_stage_decision"] or {}).get("number") == number


@pytest.mark.parametrize("cluster", ["quang_phuc", "an_tho", "dung_tien_giang_bien"])
def test_a_decision_of_the_first_half_of_2023_acts_from_the_last_day_it_can_be_of(world: World, cluster: str):
    subject = getattr(world, cluster)
    assert world.answer(subject, on=date(2023, 6, 29))["legal_stage"] == "unknown"
    body = world.answer(subject, on=date(2023, 6, 30))
    policy, establishment = world.unnumbered(subject)
    assert body["legal_stage"] == "established"
    assert body["legal_stage_decision"] == {"id": establishment.code, "number": None}
    assert [entry["decision"]["id"] for entry in body["timeline"]] == [policy.code, establishment.code]
    assert {entry["earliest"] for entry in body["timeline"]} == {"2023-01-01"}


@pytest.mark.parametrize(
    ("cluster", "area_ha", "developer", "district"),
    [
        (
            "tien_cuong_ii",
            47.8,
            "Công ty cổ phần Đầu tư hạ tầng khu công nghiệp Tiến Phát",
            "huyen-tien-lang",
        ),
        (
            "dai_thang",
            21.3,
            "Công ty TNHH Đầu tư hạ tầng Khu công nghiệp TPA Land Việt Nam",
            "huyen-tien-lang",
        ),
        ("giang_bien", 50, "Công ty TNHH MDA E &C", "huyen-vinh-bao"),
        ("quang_phuc", 49.7, None, "huyen-tien-lang"),
        ("an_tho", 49.97, None, "huyen-an-lao"),
        ("dung_tien_giang_bien", 49.97, None, "huyen-vinh-bao"),
    ],
)
def test_area_developer_and_district_are_the_articles(
    world: World, cluster: str, area_ha: float, developer: str | None, district: str
):
    body = world.answer(getattr(world, cluster), on=date(2023, 10, 1))
    assert (body["area_ha"], body["area_qualifier"]) == (area_ha, "exact")
    assert (body["developer"] or {}).get("name") == developer
    assert [place["id"] for place in body["places"]] == [district]
    assert (body["operating_status"], body["occupancy"], body["sectors"]) == ("unknown", [], [])


def test_790_is_shown_in_the_articles_word_and_never_folded(world: World):
    on = date(2022, 3, 20)
    (entry,) = world.answer(world.giang_bien, on=on)["timeline"]
    assert entry["decision"]["number"] == "790/QĐ-UBND"
    assert (entry["effect"], entry["as_stated"], entry["verification"]) == (
        None,
        "thành lập",
        "to_be_verified",
    )
    body = world.answer(world.decision(790), on=on)
    assert body["effects"][0]["effect"] is None
    assert body["effects"][0]["area_ha"] is None
    assert body["in_force"] is True


def test_there_are_twelve_decisions_half_of_them_without_a_number(world: World):
    assert Cluster.objects.count() == 6
    assert Investor.objects.count() == 3
    assert Decision.objects.count() == 12
    unnumbered = Decision.objects.filter(number=None)
    assert unnumbered.count() == 6
    for decision in unnumbered:
        body = world.answer(decision, on=date(2023, 10, 1))
        assert (body["number"], body["symbol"], body["verification"]) == (None, "", "to_be_verified")
        assert (body["issued_on"], body["issued_earliest"]) == (None, "2023-01-01")
        assert (body["issued_latest"], body["issued_stated_as"]) == ("2023-06-30", "năm 2023")


def test_the_policy_decisions_of_2022_also_approve_the_investor(world: World):
    for number in (202, 791):
        effects = world.answer(world.decision(number), on=date(2022, 4, 1))["effects"]
        assert [effect["effect"] for effect in effects] == ["policy_approved", "investor_approved"]
        assert [effect["developer"] for effect in effects] == [None, None]


def test_the_equal_areas_are_marked_for_staff_to_check(world: World):
    for cluster in (world.an_tho, world.dung_tien_giang_bien):
        (effect,) = cluster.effects.exclude(area_ha=None)
        assert "49,97" in effect.note
    assert world.quang_phuc.effects.exclude(note="").count() == 0


def test_the_decrees_are_legal_instruments_that_no_decision_claims(world: World):
    for number in ("68/2017/NĐ-CP", "66/2020/NĐ-CP"):
        decree = LegalInstrument.objects.get(number=number)
        assert world.answer(decree, on=date(2024, 4, 30))["in_force"] is True
        body = world.answer(decree, on=date(2024, 5, 1))
        assert body["in_force"] is False
        assert body["successor"]["number"] == "32/2024/NĐ-CP"
        assert {(row["locator"], row["as_stated"]) for row in body["sources"]} == {
            ("đoạn 2", number),
            ("đoạn 2", "Chính phủ"),
        }
    assert not Decision.legal_basis.through.objects.exists()


def test_districts_end_with_the_day_before_they_were_abolished(world: World):
    (place,) = world.giang_bien.places.all()
    assert world.answer(place, on=date(2025, 6, 30))["in_force"] is True
    assert world.answer(place, on=date(2025, 7, 1))["in_force"] is False


def test_every_value_of_a_decision_names_its_paragraph(world: World):
    for decision in Decision.objects.all():
        own = {row.field for row in decision.citations.filter(row_position=None)}
        assert own == {"issuer", "issued_on"} | ({"number"} if decision.number else set())
        for effect in decision.effects.all():
            cited = {row.field for row in decision.citations.filter(row_position=effect.position)}
            assert cited == {"cluster", "effect"} | ({"area_ha"} if effect.area_ha else set()) | (
                {"developer"} if effect.developer else set()
            )


def test_no_citation_contradicts_what_it_stands_beside(world: World):
    for edition in DecisionEdition.objects.all():
        decision = Decision.objects.get(pk=edition.subject_id)
        for row in world.answer(decision, on=edition.valid_from)["sources"]:
            assert row["agrees"] in (True, None), row


def test_citations_hold_values_and_no_sentences(world: World):
    stated = Citation.objects.values_list("as_stated", flat=True)
    assert [text for text in stated if len(text) > 70 or ";" in text or text.endswith(".")] == []


def test_before_the_seed_nothing_was_known(world: World):
    assert world.answer(world.giang_bien, on=date(2026, 1, 5), seq=world.publication.seq - 1) is None
