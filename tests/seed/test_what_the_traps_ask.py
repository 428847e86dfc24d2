"""The places where the three documents mislead a quick reader, one by one, against the published answers.

Each is asked both ways: what the registry says, and what it must not say.
"""

import json
import unicodedata
from datetime import date

import pytest

from registry.models import (
    EDITIONS,
    CapitalEvent,
    Citation,
    Cluster,
    Decision,
    IndicatorValue,
    Investor,
    Project,
    Zone,
)
from registry.models.editions import OPEN_SEQ
from registry.rules.near_names import near_names

DOCUMENTS = ("vneconomy-2023-10", "vietnamnet-2358339", "bai-nghi-quyet-57-2025")
IN_PROCEDURES = (
    "tien-cuong-ii", "dai-thang", "giang-bien", "quang-phuc", "an-tho", "dung-tien-giang-bien",
    "phu-tro-trang-due", "le-thien-dai-ban", "quyet-tien",
)  # fmt: skip
OPERATING = ("vinh-niem", "an-lao", "tan-lien", "tau-thuy-an-hong", "quan-tru")
LATER = date(2026, 1, 5)

pytestmark = pytest.mark.usefixtures("whole_seed")


def answer(kind, code, on=LATER):
    """The answer for a day, as published."""
    edition = EDITIONS[kind].objects.filter(code=code, known_to=OPEN_SEQ).valid_on(on).get()
    return json.loads(bytes(edition.body))


def answers(kind, on=LATER):
    editions = EDITIONS[kind].objects.filter(known_to=OPEN_SEQ).valid_on(on).order_by("code")
    return {edition.code: json.loads(bytes(edition.body)) for edition in editions}


def numbered(number):
    return Decision.objects.get(number=number).code


def figure(indicator, position=1):
    return answer("indicator", indicator)["values"][position - 1]


# 1. 790/QĐ-UBND is called an establishment, and then 1013/QĐ-UBND too.


def test_790_keeps_the_papers_word_and_folds_nothing():
    effect = answer("decision", numbered(790))["effects"][0]
    assert (effect["effect"], effect["as_stated"], effect["verification"]) == (
        None,
        "thành lập",
        "to_be_verified",
    )
    body = answer("cluster", "giang-bien", date(2022, 3, 20))
    assert (body["legal_stage"], body["legal_stage_decision"]) == ("unknown", None)
    assert (body["area_ha"], body["developer"]) == (None, None)
    assert [entry["decision"]["number"] for entry in body["timeline"]] == ["790/QĐ-UBND"]


def test_giang_bien_is_established_by_1013_from_its_day():
    assert answer("cluster", "giang-bien", date(2022, 3, 30))["legal_stage"] == "unknown"
    body = answer("cluster", "giang-bien", date(2022, 3, 31))
    assert (body["legal_stage"], body["area_ha"]) == ("established", 50)
    assert body["legal_stage_decision"]["number"] == "1013/QĐ-UBND"
    assert body["developer"]["code"] == "mda-e-c"


# 2. Three clusters have both decisions in 2023, without a number.


@pytest.mark.parametrize("cluster", ["quang-phuc", "an-tho", "dung-tien-giang-bien"])
def test_both_decisions_of_2023_have_no_number_and_act_by_the_end_of_june(cluster):
    assert answer("cluster", cluster, date(2023, 6, 29))["legal_stage"] == "unknown"
    body = answer("cluster", cluster, date(2023, 6, 30))
    assert (body["legal_stage"], body["developer"]) == ("established", None)
    assert len(body["timeline"]) == 2
    for entry in body["timeline"]:
        paper = answer("decision", entry["decision"]["id"])
        assert (paper["number"], paper["symbol"], paper["verification"]) == (None, "", "to_be_verified")
        assert (paper["issued_earliest"], paper["issued_latest"]) == ("2023-01-01", "2023-06-30")
        assert paper["issued_stated_as"] == "năm 2023"


# 3. What put three clusters into the plan has neither number nor date; the plan of December 2023 came later.


@pytest.mark.parametrize(
    ("cluster", "area", "qualifier"),
    [("phu-tro-trang-due", 58.8, "about"), ("le-thien-dai-ban", 59.33, "exact"), ("quyet-tien", 50, "exact")],
)
def test_three_clusters_are_in_the_plan_by_the_day_of_the_article(cluster, area, qualifier):
    assert answer("cluster", cluster, date(2023, 10, 30))["legal_stage"] == "unknown"
    body = answer("cluster", cluster, date(2023, 10, 31))
    assert body["legal_stage"] == "planned"
    assert (body["area_ha"], body["area_qualifier"], body["developer"]) == (area, qualifier, None)
    paper = answer("decision", body["legal_stage_decision"]["id"])
    assert (paper["number"], paper["issued_on"], paper["issued_earliest"]) == (None, None, None)
    assert (paper["issued_latest"], paper["verification"]) == ("2023-10-31", "to_be_verified")


def test_the_later_plan_is_nobodys_basis_and_the_earlier_one_only_of_quyet_tien():
    assert not any("1516" in json.dumps(body) for kind in EDITIONS for body in answers(kind).values())
    plan = answer("legal_instrument", "quy-hoach-cum-cong-nghiep-den-2020")
    assert (plan["kind"], plan["number"]) == ("plan", None)
    basis = {code: body["legal_basis"] for code, body in answers("decision").items() if body["legal_basis"]}
    (paper,) = basis
    assert [effect["cluster"]["code"] for effect in answer("decision", paper)["effects"]] == ["quyet-tien"]
    assert [row["id"] for row in basis[paper]] == ["quy-hoach-cum-cong-nghiep-den-2020"]


def test_the_nine_clusters_in_procedures_do_not_operate():
    status = {code: body["operating_status"] for code, body in answers("cluster").items()}
    assert {code for code, said in status.items() if said == "not_operating"} == set(IN_PROCEDURES)
    before = answers("cluster", date(2023, 9, 30))
    assert {body["operating_status"] for body in before.values()} == {"unknown"}


def test_what_may_begin_by_2025_is_expected_of_the_nine():
    row = figure("moc-nam-co-the-trien-khai-ha-tang")
    assert (row["kind"], row["value"], row["period"]["latest"]) == ("expected", 2025, "2025-12-31")
    assert {one["code"] for one in row["scope_of"]} == set(IN_PROCEDURES)


# 3b. Near names are different things.


def test_near_names_are_suggested_and_never_merged():
    clusters = {code: body["name"] for code, body in answers("cluster").items()}
    assert len(clusters) == Cluster.objects.count() == 15
    assert clusters["giang-bien"] in near_names("Dũng Tiến - Giang Biên", clusters.values())
    assert {"giang-bien", "dung-tien-giang-bien"} < clusters.keys()
    assert [name for name in clusters.values() if name.startswith("Tiên Cường")] == ["Tiên Cường II"]
    assert not any(body["aliases"] for body in answers("cluster").values())


def test_the_zone_trang_due_is_not_the_cluster_phu_tro_trang_due():
    zone, cluster = answer("zone", "kcn-trang-due"), answer("cluster", "phu-tro-trang-due")
    assert [project["code"] for project in zone["projects"]] == ["nha-may-h3"]
    assert answer("project", "nha-may-h3")["cluster"] is None
    assert (zone["area_ha"], zone["timeline"]) == (None, [])
    assert cluster["area_ha"] == 58.8
    assert "kcn-trang-due" not in {body["code"] for body in answers("cluster").values()}


# 4. The same odd area twice.


def test_the_equal_areas_are_given_and_marked_for_staff_to_check():
    for code in ("an-tho", "dung-tien-giang-bien"):
        body = answer("cluster", code)
        assert (body["area_ha"], body["area_qualifier"]) == (49.97, "exact")
        assert answer("decision", body["legal_stage_decision"]["id"])["verification"] == "to_be_verified"
        (effect,) = Cluster.objects.get(code=code).effects.exclude(area_ha=None)
        assert "49,97" in effect.note
    assert answer("cluster", "quang-phuc")["area_ha"] == 49.7


# 5. 86 % is one average over five clusters; six clusters have no decision at all.


def test_the_average_of_five_clusters_is_one_value_and_none_of_theirs():
    (value,) = answer("indicator", "ty-le-lap-day-cum-dang-hoat-dong")["values"]
    assert (value["value"], value["qualifier"], value["scope"]) == (86, "about", "clusters")
    assert {one["code"] for one in value["scope_of"]} == set(OPERATING)
    assert all(body["occupancy"] == [] for body in answers("cluster").values())


def test_six_clusters_have_no_decision_and_no_legal_stage():
    for code in (*OPERATING, "thi-tran-tien-lang"):
        body = answer("cluster", code)
        assert (body["legal_stage"], body["timeline"]) == ("unknown", [])
        assert (body["area_ha"], body["developer"]) == (None, None)
        assert body["operating_status"] == ("operating" if code in OPERATING else "building")


# 6. Different populations, different bases.


def test_foreign_projects_of_the_city_and_projects_of_the_zones_are_different_figures():
    foreign, in_zones = figure("so-du-an-fdi-con-hieu-luc"), figure("so-du-an-trong-cac-khu")
    assert (foreign["value"], foreign["qualifier"], foreign["scope"]) == (933, "exact", "city")
    assert (in_zones["value"], in_zones["qualifier"], in_zones["scope"]) == (840, "over", "zones")
    foreign, in_zones = figure("von-fdi-con-hieu-luc"), figure("von-dang-ky-trong-cac-khu")
    assert (foreign["value"], foreign["qualifier"]) == (28_900_000_000, "exact")
    assert (in_zones["value"], in_zones["qualifier"]) == (48_000_000_000, "nearly")


def test_shares_of_different_bases_are_different_indicators_and_no_rivals():
    shares = ("ty-trong-cong-nghiep-ho-tro-trong-von-fdi", "ty-trong-dien-tu-trong-von-fdi")
    bodies = [answer("indicator", code) for code in shares]
    assert [len(body["values"]) for body in bodies] == [1, 1]
    assert all("Không cùng mẫu số" in body["definition"].replace("không", "Không") for body in bodies)
    half, third = (body["values"][0] for body in bodies)
    assert (half["value"], half["qualifier"], half["period"]["latest"]) == (50, "over", "2023-12-31")
    assert (third["value"], third["qualifier"]) == (30, "exact")


# 7. Rival figures.


@pytest.mark.parametrize(
    ("investor", "amounts"),
    [
        ("pegatron", [(900_000_000, "exact", "đoạn 6"), (1_000_000_000, "exact", "đoạn 3")]),
        ("tap-doan-bridgestone", [(1_224_000_000, "exact", "đoạn 6"), (1_220_000_000, "exact", "đoạn 3")]),
        ("tap-doan-lg", [(9_240_000_000, "over", "đoạn 6"), (9_240_000_000, "exact", "đoạn 3")]),
    ],
)
def test_rival_figures_stand_side_by_side_each_with_its_source_and_date(investor, amounts):
    capital = answer("investor", investor)["capital"]
    stated = [[s for s in row["sources"] if s["field"] == "amount"] for row in capital]
    assert [len(sources) for sources in stated] == [1, 1]
    found = [
        (row["amount"], row["qualifier"], said[0]["locator"])
        for row, said in zip(capital, stated, strict=True)
    ]
    assert found == amounts
    assert [said[0]["source"]["id"] for said in stated] == ["vietnamnet-2358339", "bai-nghi-quyet-57-2025"]
    assert all(row["rival"] for row in capital)
    assert [row["as_of"] for row in capital] == ["2023-12-31", "2025-12-31"]
    assert {row["as_of_stated_as"] for row in capital} == {""}


def test_a_figure_without_a_rival_is_none():
    for investor, amount in (("tap-doan-sk", 500_000_000), ("regina-miracle", 1_000_000_000)):
        (row,) = answer("investor", investor)["capital"]
        assert (row["amount"], row["currency"], row["rival"]) == (amount, "USD", False)


def test_a_day_that_an_article_does_not_give_is_cited_as_our_reading():
    """As of when the capital is follows from the time of the article, which its paragraphs do not say of it."""
    days = Citation.objects.filter(field__in=("as_of", "issued_on", "asked_on"), source__code__in=DOCUMENTS)
    of_capital = days.filter(field="as_of")
    assert {row.as_stated for row in of_capital} == {"hiện nay", "mới đây"}
    for row in Citation.objects.filter(source__code="cach-doc-tai-lieu"):
        assert row.locator.split(",")[0] in DOCUMENTS, row


# 8. The LG projects.


def test_an_increase_is_not_a_total_and_the_programme_is_neither():
    increase, total = answer("project", "nha-may-lg-innotek-hai-phong")["capital"]
    assert (increase["kind"], increase["amount"], increase["qualifier"]) == ("increase", 10**9, "exact")
    assert increase["programme"] | {"stated_as": ""} == {
        "earliest": "2023-01-01",
        "latest": "2025-12-31",
        "stated_as": "",
    }
    assert (total["kind"], total["amount"], total["qualifier"]) == ("reported_total", 2 * 10**9, "over")
    assert (increase["measure"], total["measure"]) == ("registered", "registered")
    assert not increase["rival"]
    assert not total["rival"]


def test_lg_display_reached_its_capital_after_two_increases():
    body = answer("investor", "lg-display-viet-nam")
    (total,) = body["capital"]
    assert (total["amount"], total["qualifier"], total["kind"]) == (4_650_000_000, "exact", "reported_total")
    (stated,) = [row for row in total["sources"] if row["field"] == "amount"]
    assert (stated["locator"], stated["as_stated"], stated["agrees"]) == (
        "đoạn 9",
        "lên đến 4,65 tỷ USD",
        True,
    )
    figures = {row["indicator"]["code"]: row for row in body["indicators"]}
    assert figures["so-lan-tang-von"]["value"] == 2
    assert body["group"]["code"] == "tap-doan-lg"


def test_what_is_expected_of_the_h3_plant_is_the_projects_and_not_the_citys():
    body = answer("project", "nha-may-h3")
    assert body["zone"]["code"] == "kcn-trang-due"
    assert (body["land_area_ha"], body["land_area_qualifier"]) == (4, "over")
    expected = {row["indicator"]["code"]: row for row in body["indicators"]}
    assert {row["kind"] for row in expected.values()} == {"expected"}
    for code, value in (
        ("doanh-thu-xuat-khau-tang-them", 6_500_000_000),
        ("nop-ngan-sach-tang-them", 25_000_000),
        ("viec-lam-tang-them", 10_000),
    ):
        assert (expected[code]["value"], expected[code]["qualifier"]) == (value, "about")
        assert {row["scope"] for row in answer("indicator", code)["values"]} == {"project"}
    output = expected["san-luong-man-hinh-oled"]
    assert (output["value"], output["low"], output["high"]) == (None, 13_000_000, 14_000_000)


def test_the_output_before_the_plant_is_finished_is_the_companys():
    """A plant that is not finished makes nothing."""
    before, after = answer("indicator", "san-luong-man-hinh-oled")["values"]
    assert (before["kind"], before["low"], before["high"]) == ("actual", 9_600_000, 10_000_000)
    assert [one["code"] for one in before["scope_of"]] == ["lg-display-viet-nam"]
    assert (after["kind"], [one["code"] for one in after["scope_of"]]) == ("expected", ["nha-may-h3"])


# 9. Goals, plans and proposals are not facts.


def test_goals_for_2030_are_targets_and_nothing_else_is():
    targets = {
        (code, row["value"], row["low"], row["high"], row["qualifier"], row["period"]["latest"], row["scope"])
        for code, body in answers("indicator").items()
        for row in body["values"]
        if row["kind"] == "target"
    }
    assert targets == {
        ("ty-trong-che-bien-che-tao-trong-grdp", 55, None, None, "exact", "2030-12-31", "city"),
        ("ty-trong-cong-nghiep-cong-nghe-cao", 70, None, None, "over", "2030-12-31", "city"),
        ("toc-do-doi-moi-cong-nghe", None, 20, 22, "range", "2030-12-31", "city"),
    }


def test_the_share_of_high_technology_has_two_actual_values_and_a_target():
    rows = answer("indicator", "ty-trong-cong-nghiep-cong-nghe-cao")["values"]
    found = [(row["kind"], row["period"]["earliest"], row["value"], row["qualifier"]) for row in rows]
    assert found == [
        ("actual", "2018-01-01", 43, "exact"),
        ("actual", "2023-01-01", 60.6, "exact"),
        ("target", None, 70, "over"),
    ]


def test_the_planned_zone_is_up_to_20000_ha_and_approved_without_number_or_date():
    body = answer("zone", "khu-kinh-te-ven-bien-phia-nam")
    assert (body["kind"], body["status"]) == ("economic_zone", "planned")
    assert (body["area_ha"], body["area_qualifier"]) == (20000, "up_to")
    (entry,) = body["timeline"]
    assert (entry["effect"], entry["on"], entry["decision"]["number"]) == (None, None, None)
    assert entry["verification"] == "to_be_verified"
    paper = answer("decision", entry["decision"]["id"])
    assert paper["issuer"]["code"] == "thu-tuong-chinh-phu"
    assert (paper["issued_on"], paper["issued_latest"], paper["in_force"]) == (None, None, False)


def test_what_is_planned_in_the_south_is_planned():
    assert {code: (body["kind"], body["status"]) for code, body in answers("zone").items()} == {
        "kcn-trang-due": ("industrial_park", "existing"),
        "khu-kinh-te-ven-bien-phia-nam": ("economic_zone", "planned"),
        "cang-hang-khong-tien-lang": ("airport", "planned"),
        "cang-nam-do-son": ("seaport", "planned"),
        "khu-thuong-mai-tu-do": ("free_trade_zone", "planned"),
    }


def test_incentives_have_no_legal_basis_and_those_of_paragraph_12_are_planned():
    bodies = answers("incentive")
    assert len(bodies) == 7
    for body in bodies.values():
        assert body["legal_basis"] == []
        (paragraph,) = {row["locator"] for row in body["sources"] if row["field"] == "status"}
        assert (body["status"], body["in_force"]) == (
            ("in_force", True) if paragraph == "đoạn 11" else ("planned", False)
        )
    tax = bodies["thue-thu-nhap-doanh-nghiep"]
    assert [(row["kind"], row["years"], row["rate_percent"]) for row in tax["terms"]] == [
        ("exemption", 4, None),
        ("reduction", 9, 50),
        ("rate", 15, 10),
    ]


def test_the_list_of_priority_products_is_an_instrument_and_no_basis():
    instrument = answer("legal_instrument", "danh-muc-san-pham-ho-tro-uu-tien")
    assert (instrument["number"], instrument["issuer"]["code"]) == (None, "chinh-phu")
    products = {"san-pham-ho-tro-uu-tien", "thep-che-tao", "nguyen-phu-lieu-vai-da", "san-pham-hoa-dau"}
    for code in ("thue-thu-nhap-doanh-nghiep", "thue-nhap-khau", "tien-thue-dat"):
        assert {sector["code"] for sector in answer("incentive", code)["sectors"]} == products


def test_a_proposal_is_a_proposal_and_a_task_a_task():
    bodies = answers("assignment")
    proposal = bodies["kien-nghi-uu-dai-vat-lieu-co-ban"]
    assert (proposal["kind"], proposal["asked_by"]["code"], proposal["lead"]["code"]) == (
        "proposal",
        "so-cong-thuong-hai-phong",
        "cuc-cong-nghiep",
    )
    assert (proposal["legal_basis"], proposal["due"], proposal["decision"]) == ([], None, None)
    assert proposal["asked"] == {"earliest": None, "latest": "2023-12-31", "stated_as": "vừa qua"}
    task = bodies["giao-so-cong-thuong-hai-cum-an-duong"]
    assert (task["kind"], task["asked_by"]["code"], task["lead"]["code"]) == (
        "task",
        "ubnd-tp-hai-phong",
        "so-cong-thuong-hai-phong",
    )
    assert [one["code"] for one in task["cooperating"]] == ["ubnd-huyen-an-duong"]
    assert {one["code"] for one in task["clusters"]} == {"phu-tro-trang-due", "le-thien-dai-ban"}
    assert {row["number"] for row in task["legal_basis"]} == {"68/2017/NĐ-CP", "66/2020/NĐ-CP"}
    assert len(task["task"]) == 4
    assert (task["asked"]["latest"], task["due"]) == ("2023-10-31", None)
    (told,) = [row for row in task["sources"] if row["field"] == "asked_on"]
    assert (told["source"]["id"], told["agrees"]) == ("cach-doc-tai-lieu", True)
    assert len(bodies) == 2


# 9b. Qualifiers as written.


@pytest.mark.parametrize(
    ("indicator", "position", "value", "qualifier"),
    [
        ("ty-le-lap-day-cum-dang-hoat-dong", 1, 86, "about"),
        ("ty-trong-linh-vuc-uu-tien-trong-von", 1, 81, "over"),
        ("toc-do-tang-iip", 1, 14, "over"),
        ("ty-trong-cong-nghiep-cong-nghe-cao", 3, 70, "over"),
        ("ty-trong-o-to-may-moc-trong-von-fdi", 1, 22.3, "exact"),
        ("so-cum-dang-hoat-dong", 1, 5, "exact"),
        ("so-cum-da-thanh-lap-dang-trien-khai", 1, 6, "exact"),
    ],
)
def test_figures_keep_their_qualifiers(indicator, position, value, qualifier):
    row = figure(indicator, position)
    assert (row["value"], row["qualifier"]) == (value, qualifier)


def test_capital_keeps_its_qualifier():
    (row,) = answer("project", "to-hop-o-to-vinfast")["capital"]
    assert (row["amount"], row["qualifier"], row["measure"]) == (7_600_000_000, "about", "announced")


# 10. Letters and slips of the text.


def test_no_slip_of_the_texts_letters_comes_in():
    for body in (body for kind in EDITIONS for body in answers(kind).values()):
        for text in _texts(body):
            assert text == unicodedata.normalize("NFC", text)
            assert "\xa0" not in text
            assert "  " not in text


def test_the_slips_of_the_first_paragraph_are_mended_in_the_value_and_quoted_in_the_source():
    for code in ("phu-tro-trang-due", "le-thien-dai-ban"):
        body = answer("cluster", code)
        assert [line.split(" (")[0] for line in body["sectors"]] == [
            "Công nghiệp công nghệ cao",
            "Công nghiệp cơ khí",
            "Thiết bị điện",
            "Điện tử - tin học",
            "Công nghiệp hỗ trợ",
        ]
    quoted = Citation.objects.filter(as_stated__startswith="công nghiệp công nghiệp cao")
    assert {row.field for row in quoted} == {"sectors"}


def test_numbers_of_the_partys_papers_are_in_form():
    numbers = {body["number"] for body in answers("legal_instrument").values()}
    assert {"57-NQ/TW", "45-NQ/TW", "96-KL/TW"} <= numbers


# Who is from where, and that nothing is there twice.


def test_countries_are_those_that_a_source_gives():
    given = {i.code: (i.registered_in, i.capital_from) for i in Investor.objects.all()}
    korean = ("tap-doan-lg", "tap-doan-sk")
    assert {code: given.pop(code) for code in korean} == dict.fromkeys(korean, (None, "KR"))
    assert given.pop("lg-display-viet-nam") == ("VN", None)
    assert given.pop("vinfast") == ("VN", "VN")
    assert set(given.values()) == {(None, None)}
    by_name = {"hieu-biet-chung": "vinfast", "cach-doc-tai-lieu": "lg-display-viet-nam"}
    for row in Citation.objects.filter(field="registered_in"):
        assert row.investor.code == by_name[row.source.code]


def test_there_is_everything_once():
    assert Decision.objects.count() == 15
    assert Zone.objects.count() == 5
    assert Project.objects.count() == 3
    assert Investor.objects.count() == 11
    assert CapitalEvent.objects.count() == 12
    assert IndicatorValue.objects.count() == 24


def _texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
