"""What every kind is found by besides its own words: days, quantities, unknown values, documents, publications."""

import pytest

from registry.actions.publish import publish_seed
from registry.api.urls import RESOURCES
from registry.ledger.context import recorded
from registry.models import Cluster, Decision, Effect, SourceDocument
from tests.api.conftest import queries
from tests.api.records import Records, day, made
from tests.api.test_filters_later_kinds import CASES as FORMER
from tests.api.test_filters_later_kinds import found
from tests.world import TODAY

FIRST = {"tien-cuong-ii", "dai-thang", "giang-bien"}
DEVELOPERS = {"tien-phat", "tpa-land-viet-nam", "mda-e-c"}
LATER_INVESTORS = {"tap-doan-a", "nhanh-a", "cong-ty-dong-a", "cong-ty-le"}
DECREES = {"nghi-dinh-68-2017", "nghi-dinh-66-2020", "nghi-dinh-32-2024"}


@pytest.fixture
def records(seeded, at) -> Records:
    return made(at)


@pytest.fixture
def reported(records, at):
    """Reports of three clusters: areas, a share, and a status alone."""
    source = SourceDocument.objects.first()
    clusters = [Cluster.objects.get(code=code) for code in ("tien-cuong-ii", "giang-bien", "an-tho")]
    areas, share, status = clusters
    with recorded(actor="seed"):
        areas.operating_reports.create(
            as_of_latest=day("2024-06-30"),
            industrial_land_ha=40,
            leased_ha="25.5",
            source=source,
            locator="đoạn 1",
        )
        areas.operating_reports.create(
            as_of_latest=day("2025-06-30"),
            industrial_land_ha=40,
            leased_ha=40,
            approved_ha=40,
            source=source,
            locator="đoạn 2",
        )
        share.operating_reports.create(
            as_of_latest=day("2025-01-31"),
            industrial_land_ha=20,
            occupancy_leased=25,
            source=source,
            locator="đoạn 3",
            as_stated="lấp đầy 25%",
        )
        status.operating_reports.create(
            as_of_latest=day("2025-01-31"), status="operating", source=source, locator="đoạn 4"
        )
        lines = Effect.objects.get(cluster=share, effect_code="established")
        lines.sectors = "Điện tử\nCơ khí"
        lines.save()
    papers = Decision.objects.filter(effects=lines)
    publish_seed([*clusters, *papers], at=at(2026, 2, 1, 5), today=TODAY)
    at(2026, 2, 2)


CLUSTERS = [
    ("code=giang-bien,an-tho,khong-co", {"giang-bien", "an-tho"}),
    ("developer=tien-phat,mda-e-c&valid_on=2022-04-01", None),
    ("area_ha_unknown=true&valid_on=2022-02-22", None),
    ("area_ha_unknown=false&valid_on=2022-02-23", {"tien-cuong-ii"}),
    ("developer_unknown=false&valid_on=2022-02-23", {"tien-cuong-ii"}),
    ("place_unknown=true", set()),
    ("sector=dien-tu", {"giang-bien"}),
    ("sector=det-may", set()),
    ("sector=dien-tu&valid_on=2022-01-01", set()),
    ("sector_unknown=false", {"giang-bien"}),
    ("project=xuong-hai", {"tien-cuong-ii"}),
    ("project=nha-may-mot", set()),
    ("stage_from=2022-02-23&stage_to=2022-02-23", {"tien-cuong-ii"}),
    ("stage_from=2022-02-24&stage_to=2022-02-25", set()),
    ("reported_from=2025-01-31&reported_to=2025-01-31", {"giang-bien", "an-tho"}),
    ("reported_from=2025-06-30", {"tien-cuong-ii"}),
    ("reported_from=2024-06-30&valid_on=2025-01-30", {"tien-cuong-ii"}),
    ("report_unknown=false", {"tien-cuong-ii", "giang-bien", "an-tho"}),
    ("occupancy_leased_min=25&occupancy_leased_max=25", {"giang-bien"}),
    ("occupancy_leased_min=25.01", {"tien-cuong-ii"}),
    ("occupancy_approved_min=100", {"tien-cuong-ii"}),
    ("occupancy_approved_max=99", set()),
    ("unleased_ha_min=15&unleased_ha_max=15", {"giang-bien"}),
    ("unleased_ha_min=14.5&valid_on=2024-07-01", {"tien-cuong-ii"}),
    ("unleased_ha_max=0", {"tien-cuong-ii"}),
    ("changed_since=2026-02-01T04:30:00Z", {"tien-cuong-ii", "giang-bien", "an-tho"}),
    ("changed_since=2026-02-03", set()),
    ("changed_before=2026-01-06&code=quang-phuc", {"quang-phuc"}),
    ("changed_before=2026-01-05", set()),
]
OTHERS = [
    ("decisions/?effect=established&number=607/QĐ-UBND", 1),
    ("decisions/?effect=revoked,annulled", 0),
    ("decisions/?effect=policy_approved&cluster=tien-cuong-ii", 1),
    ("decisions/?developer=tien-phat", 1),
    ("decisions/?developer=tpa-land-viet-nam&number=607/QĐ-UBND", 0),
    ("decisions/?sector=dien-tu", 1),
    ("decisions/?sector=det-may", 0),
    ("decisions/?decision=qd-jthdsjfd", 0),
    ("decisions/?cluster_place=huyen-tien-lang&number=607/QĐ-UBND", 1),
    ("decisions/?cluster_place=huyen-an-lao&number=607/QĐ-UBND", 0),
    ("decisions/?place=huyen-tien-lang&number=607/QĐ-UBND", 0),
    ("decisions/?effective_from=2022-02-23&effective_to=2022-02-23", 1),
    ("decisions/?effective_from=2022-02-24&effective_to=2022-03-01", 0),
    ("decisions/?number_unknown=true&issued_on_unknown=true", 1),
    ("decisions/?issued_on_unknown=true", 1),
    ("decisions/?effective_on_unknown=true", 1),
    ("decisions/?number_unknown=false&kind=decision", 6),
    ("investors/?project=nha-may-mot", {"cong-ty-dong-a"}),
    ("investors/?project_unknown=false", {"cong-ty-dong-a", "cong-ty-le"}),
    ("investors/?enterprise_code_unknown=false", {"cong-ty-dong-a"}),
    ("investors/?group_unknown=false", {"nhanh-a", "cong-ty-dong-a"}),
    ("investors/?registered_in_unknown=false", {"cong-ty-dong-a"}),
    ("investors/?capital_from_unknown=false", {"tap-doan-a", "cong-ty-dong-a"}),
    ("investors/?capital_usd_unknown=false", {"tap-doan-a", "cong-ty-dong-a"}),
    ("investors/?capital_vnd_unknown=false", {"cong-ty-le"}),
    ("investors/?capital_from=kr", {"tap-doan-a", "cong-ty-dong-a"}),
    ("investors/?capital_from=kr,jp", {"tap-doan-a", "cong-ty-dong-a"}),
    ("investors/?group=tap-doan-a,nhanh-a", {"nhanh-a", "cong-ty-dong-a"}),
    ("projects/?land_area_ha_unknown=true", {"nha-may-mot", "xuong-hai"}),
    ("projects/?land_area_ha_min=0", set()),
    ("projects/?land_area_ha_max=1000", set()),
    ("projects/?project_code_unknown=true", {"xuong-hai"}),
    ("projects/?zone_unknown=true", {"xuong-hai"}),
    ("projects/?cluster_unknown=true", {"nha-may-mot"}),
    ("projects/?place_unknown=false", {"nha-may-mot", "xuong-hai"}),
    ("projects/?sector_unknown=true", {"xuong-hai"}),
    ("projects/?capital_usd_unknown=true", {"xuong-hai"}),
    ("projects/?capital_vnd_unknown=true", {"nha-may-mot"}),
    ("projects/?investor=cong-ty-le,cong-ty-dong-a", {"nha-may-mot", "xuong-hai"}),
    ("zones/?area_ha_unknown=true", {"cang-tay"}),
    ("zones/?place_unknown=true", {"cang-tay"}),
    ("zones/?sector_unknown=true", {"cang-tay"}),
    ("zones/?project=nha-may-mot", {"khu-cong-nghiep-dong"}),
    ("zones/?decision=qd-jthdsjfd", set()),
    ("zones/?status_from=2025-06-30&status_to=2025-06-30&kind=seaport", {"cang-tay"}),
    ("zones/?status_from=2025-07-01", set()),
    ("sectors/?vsic_code_unknown=false", {"dien-tu"}),
    ("legal-instruments/?successor=nghi-dinh-32-2024", {"nghi-dinh-66-2020", "nghi-dinh-68-2017"}),
    ("legal-instruments/?valid_from_from=2020-08-01&valid_from_to=2020-08-01", {"nghi-dinh-66-2020"}),
    ("legal-instruments/?valid_to_from=2100-01-01", set()),
    ("legal-instruments/?number_unknown=true", set()),
    ("legal-instruments/?issuer_unknown=false", DECREES),
    ("places/?valid_to_from=2025-07-01&valid_to_to=2025-07-01&code=huyen-tien-lang", {"huyen-tien-lang"}),
    ("places/?valid_to_to=2025-06-30", set()),
    ("places/?within_unknown=true&kind=district", set()),
    ("places/?official_code_unknown=true&code=huyen-tien-lang", {"huyen-tien-lang"}),
    ("authorities/?place_unknown=false", {"ubnd-tp-hai-phong"}),
    ("authorities/?successor=ubnd-tp-hai-phong", set()),
    ("incentives/?term=exemption", {"mien-thue-nhap-khau"}),
    ("incentives/?term=reduction", set()),
    ("incentives/?valid_from_from=2024-01-01&valid_to_to=2026-01-01", {"mien-thue-nhap-khau"}),
    ("incentives/?valid_from_to=2023-12-31", set()),
    ("incentives/?valid_to_from=2026-01-02", set()),
    ("incentives/?sector_unknown=true", {"ho-tro-tin-dung"}),
    ("incentives/?legal_instrument_unknown=true", {"ho-tro-tin-dung"}),
    ("assignments/?due_unknown=true", {"kien-nghi-uu-dai"}),
    ("assignments/?lead_unknown=false", {"ra-soat-cum", "kien-nghi-uu-dai"}),
    ("assignments/?asked_on_unknown=true", {"ra-soat-cum", "kien-nghi-uu-dai"}),
    ("assignments/?asked_from=0001-01-01", set()),
    ("assignments/?asked_to=9999-12-30", set()),
    ("assignments/?decision=qd-jthdsjfd", set()),
    ("assignments/?legal_instrument_unknown=true", {"kien-nghi-uu-dai"}),
    ("indicators/?value_unknown=true", set()),
    ("indicators/?sector_unknown=true", {"lao-dong"}),
    (
        "sources/?published_from=2023-10-31&published_to=2023-10-31&code=vneconomy-2023-10",
        {"vneconomy-2023-10"},
    ),
    ("sources/?published_to=2023-10-30&code=vneconomy-2023-10", set()),
    ("sources/?published_unknown=true&code=vneconomy-2023-10", set()),
    ("clusters/?unsourced=false&code=giang-bien,quang-phuc", None),
    ("clusters/?rival=true", set()),
    ("decisions/?source=vneconomy-2023-10&number=607/QĐ-UBND", 1),
    ("sources/?publisher=vneconomy", 1),
    ("sources/?reference=1", 0),
    ("sources/?publisher_unknown=true", 0),
    ("sources/?reference_unknown=true", 1),
    ("decisions/?unsourced=true&number=607/QĐ-UBND", 0),
]


def test_each_filter_finds_what_it_should_and_nothing_else(reported, partner):
    cases = [(f"clusters/?{query}", expected) for query, expected in CLUSTERS if expected is not None]
    cases += [(address, expected) for address, expected in OTHERS if expected is not None]
    wrong = {}
    for address, expected in cases:
        got = found(partner, f"{address}&page_size=5")
        if (len(got) if isinstance(expected, int) else got) != expected:
            wrong[address] = (got, expected)
    assert wrong == {}


def test_every_filter_of_every_kind_is_tried_somewhere():
    tried = {f"{name}/?{query}" for name, rows in FORMER.items() for query, _ in rows}
    tried |= {f"clusters/?{query}" for query, _ in CLUSTERS} | {address for address, _ in OTHERS}
    common = {"code", "source", "unsourced", "rival", "changed_since", "changed_before"}
    missing = [
        (resource.name, name)
        for resource in RESOURCES
        for name in resource.filters.base_filters
        if name not in common
        and not any(address.startswith(f"{resource.name}/") and f"{name}=" in address for address in tried)
    ]
    # Those are tried by tests/api/test_filters.py, beside the small world.
    known = {"clusters", "decisions", "places", "authorities", "legal-instruments", "sectors"}
    assert [found for found in missing if found[0] not in known] == []


def test_several_conditions_on_an_indicator_mean_one_of_its_values(records, partner):
    assert found(partner, "indicators/?kind=target&year=2030") == {"ty-trong-dien-tu"}
    # It has a target, and a value of 2018; no target of 2018.
    assert found(partner, "indicators/?kind=target&year=2018") == set()
    assert found(partner, "indicators/?kind=actual&cluster=tien-cuong-ii") == {"lao-dong"}
    assert found(partner, "indicators/?kind=expected&cluster=tien-cuong-ii") == set()
    assert found(partner, "indicators/?kind=expected,actual&project=nha-may-mot&scope=project") == {
        "lao-dong"
    }


def test_a_unit_that_there_is_not_is_refused_and_one_is_found_by_the_official_code_of_the_day(
    seeded, partner, at
):
    unknown = partner.refused("clusters/?place=khong-co", 400)
    assert (unknown["code"], "khong-co" in unknown["detail"]) == ("place_unknown", True)
    partner.refused("clusters/?place=giang-bien,khong-co", 400)
    place = seeded.giang_bien.places.get()
    with recorded(actor="seed"):
        place.codes.create(official_code="11593", valid_from=day("2008-01-01"), valid_to=day("2025-07-01"))
    publish_seed([place], at=at(2026, 2, 1), today=TODAY)
    at(2026, 2, 2)
    assert found(partner, "clusters/?place=11593&valid_on=2025-06-30") >= {"giang-bien"}
    gone = partner.refused("clusters/?place=11593&valid_on=2025-07-01", 400)
    assert (gone["code"], "01/07/2025" in gone["detail"]) == ("place_unknown", True)
    assert (
        partner.refused("clusters/?place=11593&valid_on=2025-06-30&known_seq=1", 400)["code"]
        == "place_unknown"
    )


def test_every_list_is_ordered_by_every_column_it_names_forwards_and_backwards(records, partner):
    for resource in RESOURCES:
        for name in resource.orderings:
            forwards = partner.results(f"{resource.name}/?ordering={name}&page_size=2")
            backwards = partner.results(f"{resource.name}/?ordering=-{name}&page_size=3")
            assert forwards == backwards[::-1], (resource.name, name)
    stages = [
        row["legal_stage"] for row in partner.results("clusters/?ordering=-legal_stage&valid_on=2022-04-01")
    ]
    assert stages == sorted(stages, reverse=True)
    assert len(set(stages)) > 1


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_only_the_members_asked_for_are_answered(records, partner, resource):
    listed = partner.read(f"{resource.name}/?page_size=1")["results"][0]
    code = "id" if "id" in listed else "code"
    wanted = {code, "sources" if "sources" in listed else "publisher"}
    names = ",".join(sorted(wanted))
    some = partner.read(f"{resource.name}/?page_size=1&fields={names}")["results"][0]
    assert some == {name: listed[name] for name in some}
    assert set(some) == wanted
    address = f"{resource.name}/{listed[code]}/"
    assert set(partner.read(f"{address}?fields={code}")) == {code}
    whole, part = partner.get(address), partner.get(f"{address}?fields={code}")
    assert whole["ETag"] != part["ETag"] != partner.get(f"{address}?fields={names}")["ETag"]
    again = partner.get(f"{address}?fields={code}", headers={"If-None-Match": part["ETag"]})
    assert again.status_code == 304


def test_a_member_that_there_is_not_is_refused_with_the_nearest(seeded, partner):
    for address in ("clusters/?fields=code,legalstage", "clusters/giang-bien/?fields=legalstage"):
        refused = partner.refused(address, 400)
        assert refused["code"] == "field_unknown"
        assert "“legal_stage”" in refused["detail"]
    assert partner.refused("clusters/?fields=code,,name", 400)["code"] == "field_unknown"


def test_land_that_is_free_is_listed_with_the_day_and_the_document(reported, partner):
    (row,) = partner.read("land/available/")["results"]
    assert (row["code"], row["land"]["unleased_ha"], row["land"]["unleased_qualifier"]) == (
        "giang-bien",
        15,
        "about",
    )
    assert (row["land"]["as_of"], row["land"]["locator"]) == ("2025-01-31", "đoạn 3")
    assert row["land"]["source"]["id"] is not None
    assert "timeline" not in row
    # A year before, the other cluster had land left; it was leased since.
    then = partner.results("land/available/?valid_on=2025-02-01&page_size=1")
    assert [(row["code"], row["land"]["unleased_ha"]) for row in then] == [
        ("giang-bien", 15),
        ("tien-cuong-ii", 14.5),
    ]
    assert found(partner, "land/available/?valid_on=2025-02-01&unleased_ha_min=14.6") == {"giang-bien"}
    assert found(partner, "land/available/?valid_on=2025-02-01&sector=dien-tu") == {"giang-bien"}
    assert found(partner, "land/available/?valid_on=2025-02-01&place=huyen-tien-lang") == {"tien-cuong-ii"}
    assert found(
        partner, "land/available/?valid_on=2025-02-01&ordering=unleased_ha&page_size=1&search=giang"
    ) == {"giang-bien"}
    assert partner.read("land/available/?known_seq=2&count=true")["count"] == 0


def test_of_land_that_is_free_only_the_members_asked_for_are_shown(reported, partner):
    (row,) = partner.read("land/available/?fields=code,land")["results"]
    assert set(row) == {"code", "land"}
    whole = partner.read("land/available/")["results"][0]
    assert (row["code"], row["land"]) == (whole["code"], whole["land"])
    text = b"".join(partner.get("land/available/?fields=code&format=csv").streaming_content).decode(
        "utf-8-sig"
    )
    assert text.splitlines()[0].startswith("code,registry_")
    # What the list does not show, `fields` does not bring.
    assert partner.refused("land/available/?fields=timeline", 400)["code"] == "field_unknown"


def words(value):
    """Of an explained value: the decision, the words and the verdict of each source."""
    return [
        (row["decision"] and row["decision"]["number"], row["as_stated"], row["agrees"])
        for row in value["sources"]
    ]


def later_paper(seeded, at, number, **effect):
    """A paper of 01/06/2024 about the first cluster, without any citation."""
    with recorded(actor="seed"):
        paper = Decision(issuer=seeded.decision(607).issuer, number=number, symbol="QĐ-UBND")
        paper.issued_earliest = paper.issued_latest = day("2024-06-01")
        paper.save()
        Effect.objects.create(decision=paper, cluster=seeded.tien_cuong_ii, **effect)
    publish_seed([paper, seeded.tien_cuong_ii], at=at(2026, 3, 1), today=TODAY)
    at(2026, 3, 2)


def why(partner, on):
    said = partner.read(f"explain/clusters/tien-cuong-ii/?valid_on={on}")
    return {row["field"]: row for row in said["values"]}, {
        (row["decision"]["number"], row["reason"]) for row in said["not_acting"]
    }


def test_a_stage_that_a_paper_without_citation_ended_cites_no_former_paper(seeded, partner, at):
    later_paper(seeded, at, 77, effect_code="revoked")
    values, silent = why(partner, "2024-06-01")
    stage = values["legal_stage"]
    assert (stage["value"], stage["rule"], stage["sources"]) == ("revoked", "stage_closed", [])
    assert [paper["effect"] for paper in stage["papers"]] == ["revoked"]
    assert silent == {("202/QĐ-UBND", "overtaken")}
    former = partner.read("clusters/tien-cuong-ii/?valid_on=2024-06-01")["sources"]
    assert {(row["shown"], row["agrees"]) for row in former if row["field"] == "legal_stage"} == {
        (False, None)
    }


def test_a_value_of_an_annulled_paper_has_no_source_and_the_paper_a_reason(seeded, partner, at):
    target = Effect.objects.get(decision=seeded.decision(607))
    later_paper(seeded, at, 78, effect_code="annulled", target=target, target_relation="ends")
    for on in ("2022-02-23", "2024-06-01"):
        values, silent = why(partner, on)
        assert (values["area_ha"]["value"], values["area_ha"]["sources"]) == (None, [])
        assert ("607/QĐ-UBND", "overtaken") in silent
        # It acts from the day of what it annuls, two years before its own.
        assert values["legal_stage"]["decision"]["number"] == "78/QĐ-UBND"
        assert [paper["effect"] for paper in values["legal_stage"]["papers"]] == ["annulled"]


def test_a_corrected_value_is_explained_by_the_correction_on_every_day(seeded, partner, at):
    target = Effect.objects.get(decision=seeded.decision(607))
    later_paper(
        seeded, at, 79, effect_code="corrected", area_ha=50, target=target, target_relation="corrects"
    )
    for on in ("2022-02-23", "2024-06-01"):
        values, _ = why(partner, on)
        area = values["area_ha"]
        assert (area["value"], area["decision"]["number"], area["sources"]) == (50, "79/QĐ-UBND", [])
        assert [paper["decision"]["number"] for paper in area["papers"]] == ["79/QĐ-UBND"]
        assert words(values["legal_stage"]) == [("607/QĐ-UBND", "thành lập cụm công nghiệp", True)]
    before = partner.read("clusters/tien-cuong-ii/?valid_on=2024-05-31")
    assert [paper["decision"]["number"] for paper in before["later_papers"]] == ["79/QĐ-UBND"]
    assert partner.read("clusters/tien-cuong-ii/?valid_on=2024-06-01")["later_papers"] == []


def test_what_a_report_tells_is_explained_by_the_report(reported, partner):
    said = partner.read("explain/clusters/giang-bien/")
    values = {row["field"]: row for row in said["values"]}
    for field in ("occupancy", "land"):
        (row,) = values[field]["sources"]
        assert (row["source"]["id"], row["locator"], row["as_stated"], row["decision"]) == (
            "vneconomy-2023-10",
            "đoạn 3",
            "lấp đầy 25%",
            None,
        )


def test_land_of_a_cluster_that_was_closed_is_not_offered(reported, seeded, partner, at):
    assert "tien-cuong-ii" in found(partner, "land/available/?valid_on=2024-07-01")
    later_paper(seeded, at, 77, effect_code="revoked")
    assert found(partner, "land/available/?valid_on=2024-07-01") == set()
    assert found(partner, "clusters/?unleased_ha_min=1&valid_on=2024-07-01") == {"tien-cuong-ii"}


@pytest.mark.parametrize(
    ("said", "left", "at_least", "at_most"),
    [
        ("over", "up_to", False, True),
        ("up_to", "over", True, False),
        ("nearly", "over", True, False),
        ("about", "about", True, True),
        ("exact", "about", True, True),
    ],
)
def test_land_is_only_as_surely_free_as_the_share_was_stated(
    seeded, partner, at, said, left, at_least, at_most
):
    with recorded(actor="seed"):
        seeded.giang_bien.operating_reports.create(
            as_of_latest=day("2025-01-31"),
            industrial_land_ha=20,
            occupancy_leased=90,
            occupancy_qualifier=said,
            source=SourceDocument.objects.first(),
            locator="đoạn 3",
        )
    publish_seed([seeded.giang_bien], at=at(2026, 2, 1), today=TODAY)
    at(2026, 2, 2)
    land = partner.read("clusters/giang-bien/")["land"]
    assert (land["unleased_ha"], land["unleased_qualifier"]) == (2, left)
    assert found(partner, "clusters/?unleased_ha_min=1") == ({"giang-bien"} if at_least else set())
    assert found(partner, "clusters/?unleased_ha_max=3") == ({"giang-bien"} if at_most else set())
    assert found(partner, "land/available/") == ({"giang-bien"} if at_least else set())


def test_land_that_a_later_report_says_is_leased_is_offered_no_more(reported, seeded, partner, at):
    """On the same page the cluster would be all leased and have 15 ha free."""
    with recorded(actor="seed"):
        seeded.giang_bien.operating_reports.create(
            as_of_latest=day("2025-06-30"),
            occupancy_leased=100,
            source=SourceDocument.objects.first(),
            locator="đoạn 5",
        )
    publish_seed([seeded.giang_bien], at=at(2026, 2, 3), today=TODAY)
    at(2026, 2, 4)
    assert found(partner, "land/available/?valid_on=2025-06-29&code=giang-bien") == {"giang-bien"}
    assert found(partner, "land/available/?valid_on=2025-06-30&code=giang-bien") == set()
    said = partner.read("clusters/giang-bien/")
    assert ([share["value"] for share in said["occupancy"]], said["land"]) == ([100], None)


def test_an_explanation_names_decision_citation_and_rule_of_each_value(seeded, partner):
    def why(query=""):
        said = partner.read(f"explain/clusters/tien-cuong-ii/?{query}")
        return said, {row["field"]: row for row in said["values"]}

    said, values = why("valid_on=2022-02-23")
    shown = partner.read("clusters/tien-cuong-ii/?valid_on=2022-02-23")
    assert all(row["value"] == shown[row["field"]] for row in said["values"])
    stage, area = values["legal_stage"], values["area_ha"]
    assert (stage["value"], stage["rule"], stage["decision"]["number"]) == (
        "established",
        "stage_climbs",
        "607/QĐ-UBND",
    )
    assert [paper["effect"] for paper in stage["papers"]] == ["established"]
    assert words(stage) == [("607/QĐ-UBND", "thành lập cụm công nghiệp", True)]
    assert (area["rule"], area["decision"]["number"]) == ("last_acting_decision", "607/QĐ-UBND")
    assert words(area) == [("607/QĐ-UBND", "47,8 ha", True)]
    assert [row["reason"] for row in said["not_acting"]] == ["overtaken", "overtaken"]
    assert {row["decision"]["number"] for row in said["not_acting"]} == {"202/QĐ-UBND"}
    assert values["name"]["rule"] == "own_record"
    assert values["land"]["rule"] == "no_report"
    _, before = why("valid_on=2022-01-17")
    assert (before["legal_stage"]["rule"], before["legal_stage"]["decision"]) == ("no_acting_decision", None)
    assert (before["legal_stage"]["sources"], before["area_ha"]["sources"]) == ([], [])
    assert partner.refused("explain/clusters/tien-cuong-ii/?known_seq=0", 404)["code"] == "record_unknown"


def test_an_explanation_says_why_a_paper_does_not_act(seeded, partner):
    said = partner.read("explain/clusters/giang-bien/")
    assert {row["reason"] for row in said["not_acting"]} == {"effect_unknown"}
    assert all(row["decision"]["id"] for row in said["not_acting"])


def test_an_edit_that_is_not_published_changes_no_explanation(seeded, partner):
    before = partner.read("explain/clusters/tien-cuong-ii/")
    with recorded(actor="lan"):
        Effect.objects.filter(cluster=seeded.tien_cuong_ii).update(area_ha=1, as_stated="nháp")
    assert partner.read("explain/clusters/tien-cuong-ii/") == before


def test_filters_ask_a_constant_number_of_questions(reported, partner, at):
    addresses = [
        "clusters/?place=thanh-pho-hai-phong&sector=dien-tu&unleased_ha_min=1&search=c",
        "decisions/?cluster_place=thanh-pho-hai-phong&effect=established",
        "land/available/?count=true",
        "explain/clusters/giang-bien/",
    ]
    partner.read("clusters/")
    few = [len(queries(partner, address)) for address in addresses]
    source = SourceDocument.objects.first()
    with recorded(actor="seed"):
        more = [Cluster(name=f"Cụm {number}") for number in range(40)]
        for cluster in more:
            cluster.save()
            cluster.operating_reports.create(
                as_of_latest=day("2025-01-31"),
                industrial_land_ha=9,
                leased_ha=1,
                source=source,
                locator="đoạn 9",
            )
    publish_seed(more, at=at(2026, 2, 1, 6), today=TODAY)
    at(2026, 2, 2)
    assert len(partner.results("land/available/")) == 41
    assert [len(queries(partner, address)) for address in addresses] == few
    assert max(few) <= 7


@pytest.mark.parametrize(
    ("moment", "all_since"),
    [
        ("0001-01-01", True),
        ("0001-01-01T03:00:00", True),
        ("1899-12-31", True),
        ("9999-12-30", False),
        ("9999-12-31T23:59:59-12:00", False),
    ],
)
def test_moments_that_have_no_utc_are_before_or_after_everything(seeded, partner, moment, all_since):
    every = partner.read("clusters/?count=true")["count"]
    since = partner.read(f"clusters/?count=true&changed_since={moment}")["count"]
    before = partner.read(f"clusters/?count=true&changed_before={moment}")["count"]
    assert (since, before) == ((every, 0) if all_since else (0, every))
