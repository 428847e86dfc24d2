"""Every value of the seed is traced to its paragraph, and says what stands there."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from registry.models import EDITIONS, CapitalEvent, Citation, Cluster, IndicatorValue, Investor, Project, Zone
from registry.models.editions import OPEN_SEQ
from registry.queries.seed_facts import seed_facts, unsourced
from registry.rules.composition.world import OPEN_DAY

DOCS = Path(__file__).resolve().parents[2] / "docs"
DOCUMENTS = ("vneconomy-2023-10", "vietnamnet-2358339", "bai-nghi-quyet-57-2025")
#: Fields whose values the registry's own parsers read.
MEASURED = {
    "amount",
    "area_ha",
    "as_of",
    "issued_on",
    "land_area_ha",
    "number",
    "period",
    "programme",
    "value",
}
MEASURED |= {"rate_percent", "years"}


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker):
    from django.db import transaction

    from tests.world import WHOLE, load

    with django_db_blocker.unblock(), transaction.atomic():
        yield load(WHOLE)
        transaction.set_rollback(True)


@pytest.fixture
def whole_seed(_loaded):
    """Nothing here writes."""
    return _loaded


def today(kind, code):
    """The answer for the last days, as published."""
    edition = EDITIONS[kind].objects.get(code=code, known_to=OPEN_SEQ, valid_to=OPEN_DAY)
    return json.loads(bytes(edition.body))


def test_the_page_is_what_a_fresh_registry_prints(whole_seed):
    printed = io.StringIO()
    call_command("seed_facts", stdout=printed)
    assert printed.getvalue() == (DOCS / "seed-facts.md").read_text(encoding="utf-8")


def test_every_fact_is_stated_by_a_source_or_is_reference_data(whole_seed):
    assert unsourced(seed_facts()) == []


def test_every_value_as_stated_reads_as_the_value_beside_it(whole_seed):
    for document in DOCUMENTS:
        rows = today("source", document)["rests_on_it"]
        assert len(rows) > 50
        for row in rows:
            assert row["agrees"] is not False, row
            if row["field"].rpartition(".")[2] in MEASURED and row["as_stated"] != "Hiện":
                assert row["agrees"] is True, row


def test_no_sentence_of_the_documents_is_copied(whole_seed):
    assert all(len(row.as_stated) <= 120 for row in Citation.objects.all())


@pytest.mark.parametrize(
    ("investor", "amounts"),
    [
        ("pegatron", [(900_000_000, "exact", "đoạn 6"), (1_000_000_000, "exact", "đoạn 3")]),
        ("tap-doan-bridgestone", [(1_224_000_000, "exact", "đoạn 6"), (1_220_000_000, "exact", "đoạn 3")]),
        ("tap-doan-lg", [(9_240_000_000, "over", "đoạn 6"), (9_240_000_000, "exact", "đoạn 3")]),
    ],
)
def test_rival_figures_stand_side_by_side_each_with_its_source(whole_seed, investor, amounts):
    capital = today("investor", investor)["capital"]
    found = [(row["amount"], row["qualifier"], row["sources"][0]["locator"]) for row in capital]
    assert found == amounts
    assert all(row["rival"] for row in capital)
    assert [row["as_of"] for row in capital] == ["2023-12-31", "2025-12-31"]


def test_an_increase_is_not_a_total(whole_seed):
    increase, total = today("project", "nha-may-lg-innotek-hai-phong")["capital"]
    assert (increase["kind"], increase["amount"], increase["qualifier"]) == ("increase", 10**9, "exact")
    assert increase["programme"] == {
        "earliest": "2023-01-01",
        "latest": "2025-12-31",
        "stated_as": "2023 - 2025",
    }
    assert (total["kind"], total["amount"], total["qualifier"]) == ("reported_total", 2 * 10**9, "over")
    assert not increase["rival"]
    assert not total["rival"]


def test_lg_display_reached_its_capital_after_two_increases(whole_seed):
    body = today("investor", "lg-display-viet-nam")
    (total,) = body["capital"]
    assert (total["amount"], total["qualifier"]) == (4_650_000_000, "exact")
    assert total["sources"][0] | {"source": None} == {
        "source": None,
        "locator": "đoạn 9",
        "field": "amount",
        "as_stated": "lên đến 4,65 tỷ USD",
        "agrees": True,
    }
    assert [(row["indicator"]["name"], row["value"]) for row in body["indicators"]] == [
        ("Số lần tăng vốn", 2)
    ]
    assert body["group"]["code"] == "tap-doan-lg"


def test_what_is_expected_of_the_h3_plant_is_the_projects_and_not_the_citys(whole_seed):
    body = today("project", "nha-may-h3")
    assert body["zone"]["code"] == "kcn-trang-due"
    assert (body["land_area_ha"], body["land_area_qualifier"]) == (4, "over")
    expected = {row["indicator"]["code"]: row for row in body["indicators"] if row["kind"] == "expected"}
    assert expected["doanh-thu-xuat-khau-tang-them"]["value"] == 6_500_000_000
    assert expected["nop-ngan-sach-tang-them"]["value"] == 25_000_000
    assert expected["viec-lam-tang-them"]["value"] == 10_000
    output = expected["san-luong-man-hinh-oled"]
    assert (output["value"], output["low"], output["high"]) == (None, 13_000_000, 14_000_000)


def test_the_average_of_five_clusters_is_one_value_and_none_of_theirs(whole_seed):
    (value,) = today("indicator", "ty-le-lap-day-cum-dang-hoat-dong")["values"]
    assert (value["value"], value["qualifier"], value["scope"]) == (86, "about", "clusters")
    assert {one["code"] for one in value["scope_of"]} == {
        "vinh-niem", "an-lao", "tan-lien", "tau-thuy-an-hong", "quan-tru",
    }  # fmt: skip
    for code in ("vinh-niem", "quan-tru"):
        body = today("cluster", code)
        assert (body["legal_stage"], body["operating_status"], body["occupancy"]) == (
            "unknown",
            "operating",
            [],
        )


@pytest.mark.parametrize(
    ("cluster", "stage", "status", "area", "qualifier"),
    [
        ("phu-tro-trang-due", "planned", "not_operating", 58.8, "about"),
        ("le-thien-dai-ban", "planned", "not_operating", 59.33, "exact"),
        ("quyet-tien", "planned", "not_operating", 50, "exact"),
        ("thi-tran-tien-lang", "unknown", "building", None, None),
    ],
)
def test_the_clusters_in_procedures(whole_seed, cluster, stage, status, area, qualifier):
    body = today("cluster", cluster)
    assert (body["legal_stage"], body["operating_status"]) == (stage, status)
    assert (body["area_ha"], body["area_qualifier"]) == (area, qualifier)


def test_the_planned_zone_is_up_to_20000_ha_and_approved_without_number_or_date(whole_seed):
    body = today("zone", "khu-kinh-te-ven-bien-phia-nam")
    assert (body["status"], body["area_ha"], body["area_qualifier"]) == ("planned", 20000, "up_to")
    (entry,) = body["timeline"]
    assert (entry["effect"], entry["on"], entry["decision"]["number"]) == (None, None, None)
    assert entry["verification"] == "to_be_verified"


def test_countries_are_those_that_a_source_gives(whole_seed):
    given = {i.code: (i.registered_in, i.capital_from) for i in Investor.objects.all()}
    assert given["tap-doan-lg"] == given["tap-doan-sk"] == ("", "KR")
    assert given["lg-display-viet-nam"] == ("VN", "")
    assert given["pegatron"] == given["tap-doan-bridgestone"] == ("", "")
    cited = Citation.objects.filter(investor__code="vinfast", field="capital_from").get()
    assert cited.source.code == "hieu-biet-chung"


def test_there_is_everything_once(whole_seed):
    assert Cluster.objects.count() == 15
    assert Zone.objects.count() == 5
    assert Project.objects.count() == 3
    assert CapitalEvent.objects.count() == 12
    assert IndicatorValue.objects.filter(value_kind="target").count() == 3
