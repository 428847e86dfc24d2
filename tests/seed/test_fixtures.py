"""How fixtures are written: every kind of row and reference, and what is refused."""

from datetime import date
from decimal import Decimal

import pytest
import yaml

from registry.actions.fixtures import FixtureProblem, read_fixtures
from registry.actions.seed import SeedReport, seed
from registry.ledger.entries import head as ledger_head
from registry.models import (
    SUBJECTS,
    AdministrativeUnit,
    Cluster,
    Decision,
    Effect,
    EffectPlace,
    OperatingReport,
    SeedMark,
    SourceDocument,
)
from tests.world import AT, TODAY, WHOLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(tmp_path):
    """Seeds fixtures given as text by file name."""

    def write_and_seed(**files: str) -> SeedReport:
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return seed(tmp_path, at=AT, today=TODAY)

    return write_and_seed


SOURCE = "bao:\n  name: Báo cáo\n  published: tháng 10/2023\n"
AUTHORITY = "ubnd:\n  name: UBND thành phố\n  level: city\n  number_symbol: UBND\n  place: hp\n"
PLACES = """
xa-cu:
  name: Cũ
  unit_kind: commune
  within: hp
  valid_to: 01/07/2025
  codes:
    - {official_code: "00123", valid_to: 01/07/2025}
  successions:
    - {successor: xa-moi, extent: part}
xa-moi: {name: Mới, unit_kind: commune, within: hp, valid_from: 01/07/2025}
hp: {name: Hải Phòng, unit_kind: city}
"""
CLUSTERS = """
cum-a:
  name: Cụm  A
  places: [xa-cu, xa-moi]
  aliases:
    - {name: Cụm A cũ}
  operating_reports:
    - as_of: đến tháng 6/2023
      status: operating
      industrial_land_ha: 1.040,5
      occupancy_leased: "86"
      occupancy_qualifier: about
      source: bao
      locator: trang 2
"""
DECISIONS = """
qd-sau:
  number: 9/QD - UBND
  issuer: ubnd
  issued: 05/02/2024
  relations:
    - {relation: amends, target: qd-truoc}
  effects:
    - position: 1
      cluster: cum-a
      effect_code: corrected
      target: {decision: qd-truoc, position: 2}
      target_relation: corrects
      area: khoảng 58,8 ha
qd-truoc:
  number: 4/QĐ-UBND
  issuer: ubnd
  issued: 02/01/2024
  effects:
    - {position: 1, cluster: cum-a, effect_code: policy_approved}
    - position: 2
      cluster: cum-a
      effect_code: established
      area: từ 50 đến 60 ha
      places: [xa-moi]
"""
ALL = {
    "authorities": AUTHORITY, "places": PLACES, "sources": SOURCE, "clusters": CLUSTERS, "decisions": DECISIONS,
}  # fmt: skip


def test_every_kind_of_row_and_reference_is_loaded_in_any_order(load):
    assert len(load(**ALL).publication.statements.all()) == 8
    cluster = Cluster.objects.get()
    assert cluster.name == "Cụm A"
    assert [place.code for place in cluster.places.order_by("pk")] == ["xa-cu", "xa-moi"]
    assert [alias.name for alias in cluster.aliases.all()] == ["Cụm A cũ"]
    old = AdministrativeUnit.objects.get(code="xa-cu")
    assert (old.within.code, old.valid_to) == ("hp", date(2025, 7, 1))
    assert [code.official_code for code in old.codes.all()] == ["00123"]
    assert [(row.successor.code, row.extent) for row in old.successions.all()] == [("xa-moi", "part")]
    assert SourceDocument.objects.get().published_earliest == date(2023, 10, 1)
    report = OperatingReport.objects.get()
    assert (report.as_of_earliest, report.as_of_latest) == (None, date(2023, 6, 30))
    assert (report.industrial_land_ha, report.occupancy_leased) == (Decimal("1040.5"), Decimal(86))


def test_a_decisions_rows_are_loaded_before_the_rows_that_name_them(load):
    load(**ALL)
    later, earlier = Decision.objects.get(number=9), Decision.objects.get(number=4)
    assert later.number_label == "9/QĐ-UBND"
    assert [(row.relation, row.target) for row in later.relations.all()] == [("amends", earlier)]
    correction, second = later.effects.get(), earlier.effects.get(position=2)
    assert correction.target == second
    assert (correction.area_ha, correction.area_qualifier) == (Decimal("58.8"), "about")
    assert (second.area_ha, second.area_high_ha, second.area_qualifier) == (50, 60, "range")
    assert [(row.effect, row.decision, row.place.code) for row in EffectPlace.objects.all()] == [
        (second, earlier, "xa-moi")
    ]


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("clusters", "cum-a: {name: A, nmae: B}", "clusters.yaml, “cum-a”: không có trường “nmae”."),
        ("clusters", "cum-a: {name: A, area: 5 ha}", "không có trường “area”."),
        ("clusters", "cum-a: {name: A, effects: []}", "không có trường “effects”."),
        ("clusters", "cum-a: {name: A, sort_key: x}", "không có trường “sort_key”."),
        ("clusters", "cum-a: {name: A, code: b}", "không có trường “code”."),
        ("clusters", "cum-a: {name: A, id: 7}", "không có trường “id”."),
        ("clusters", "cum-a: {name: A, name: B}", "“name” hai lần"),
        ("clusters", "cum-a: {name: A}\ncum-a: {name: B}", "“cum-a” hai lần"),
        ("clusters", "cum-a: [A]", "clusters.yaml: mỗi bản ghi phải đứng dưới mã của nó."),
        ("clusters", "- cum-a", "clusters.yaml: mỗi bản ghi phải đứng dưới mã của nó."),
        ("clusters", "cum-a: {name: [A]}", "trường “name” không nhận giá trị"),
        ("clusters", "cum-a: {name: 'unfinished", "clusters.yaml: không đọc được"),
        ("clusters", "cum-a: {name: ''}", "clusters.yaml, “cum-a”: "),
        ("clusters", "Cum A: {name: A}", "Mã chỉ gồm chữ thường không dấu"),
        ("clusters", "cum-a: {name: A, places: [xa-la]}", "clusters.yaml, “cum-a”: không có bản ghi “place:xa-la”."),
        ("clusters", "cum-a: {name: A, places: xa-la}", "“places” phải là một danh sách."),
        ("clusters", "cum-a: {name: A, aliases: [B]}", "“cum-a”, aliases 1: phải ghi từng trường"),
        ("clusters", "cum-a: {name: A, aliases: [{nmae: B}]}", "“cum-a”, aliases 1: không có trường “nmae”."),
        ("places", "xa: {name: X, unit_kind: village}", "places.yaml, “xa”: "),
        ("places", "xa: {name: X, unit_kind: commune, within: xa}", "chỉ tới nhau thành vòng"),
        ("places", "xa: {name: X, unit_kind: commune, valid_to: tháng 7/2025}", "“tháng 7/2025” phải là một ngày"),
        ("places", "xa: {name: X, unit_kind: commune, valid_to: 31/02/2025}", "trường “valid_to”: Không đọc được"),
        ("decisions", "qd: {number: 202/QĐ, issuer: ubnd}", "decisions.yaml, “qd”: trường “number”: "),
        ("cluster", "cum-a: {name: A}", "cluster.yaml: tên tệp không phải của loại nào."),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_file_and_record_and_nothing_is_loaded(load, name, text, complaint):
    before = ledger_head()
    with pytest.raises(FixtureProblem) as refused:
        load(investors="a: {name: Công ty A}", **{name: text})
    assert complaint in refused.value.message
    assert refused.value.code == "fixture_invalid"
    assert not SeedMark.objects.exists()
    assert ledger_head() == before


def test_a_rule_of_the_tables_refuses_a_fixture_too(load):
    wrong = DECISIONS.replace("position: 2\n", "position: 1\n")
    with pytest.raises(FixtureProblem, match=r"decisions\.yaml, “qd-truoc”, effects 2: Thứ tự này đã có"):
        load(**{**ALL, "decisions": wrong})
    assert not Effect.objects.exists()


def test_the_fixtures_of_the_repository_cover_every_kind_and_repeat_no_number():
    records = read_fixtures(WHOLE)
    assert {kind for kind, found in records.items() if found} == set(SUBJECTS)
    numbers = [record["number"] for record in records["decision"].values() if "number" in record]
    assert len(numbers) == len(set(numbers)) == 6


def test_the_example_of_the_page_is_a_record_of_the_repository():
    page = (WHOLE.parent / "docs" / "seed.md").read_text(encoding="utf-8")
    (example,) = yaml.load(page.split("```yaml\n")[1].split("```")[0], yaml.BaseLoader).items()
    code, shown = example
    record = read_fixtures(WHOLE)["decision"][code]
    assert {key: value for key, value in record.items() if key != "citations"} | {
        "citations": record["citations"][:1]
    } == shown
