"""The seed loads once, and never over what staff have done."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection

from registry.actions.publish import publish, withdraw
from registry.actions.review import discard
from registry.actions.seed import SeedReport, seed
from registry.ledger.context import recorded
from registry.ledger.entries import head as ledger_head
from registry.ledger.verify import verify
from registry.models import (
    AdministrativeUnit,
    Authority,
    Citation,
    Cluster,
    Decision,
    Effect,
    Investor,
    LedgerEntry,
    PlaceCode,
    Publication,
    SeedMark,
    Statement,
)
from registry.queries.published import head
from registry.queries.reviews import review_of
from tests.world import AT, FIXTURES, TODAY, World, clerk, leader

pytestmark = pytest.mark.django_db

LATER = datetime(2026, 2, 2, 3, 0, tzinfo=UTC)


def seed_again(directory: Path = FIXTURES) -> SeedReport:
    return seed(directory, at=LATER, today=date(2026, 2, 2))


@pytest.fixture
def fixtures(tmp_path):
    """Writes a small set of fixtures: text by file name."""

    def write(**files: str) -> Path:
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_everything_is_published_in_one_act_of_the_seed(seeded: World):
    publication = Publication.objects.get()
    assert (publication.proposed_by, publication.approved_by, publication.imported) == ("seed", "", True)
    assert publication.at == AT
    assert publication.statements.count() == SeedMark.objects.count() == 31
    assert {review_of(cluster).state for cluster in Cluster.objects.all()} == {"published"}
    assert set(
        LedgerEntry.objects.filter(table_name="registry_decision").values_list("actor", flat=True)
    ) == {"seed"}


def test_the_ledger_is_whole_after_the_seed(seeded: World):
    assert verify(connection).problems == []


def test_a_second_run_changes_nothing(seeded: World):
    before = ledger_head()
    report = seed_again()
    assert (report.loaded, report.left_alone, report.publication) == ([], [], None)
    assert ledger_head() == before
    assert head() == 1


def test_what_staff_corrected_stays_corrected(seeded: World):
    with recorded(actor="lan", reason="Đối chiếu bản gốc"):
        Investor.objects.filter(code="mda-e-c").update(name="Công ty TNHH MDA E&C")
        Effect.objects.filter(cluster=seeded.giang_bien, area_ha=50).update(area_ha="50.5")
        seeded.decision(790).citations.first().delete()
    before = ledger_head()
    seed_again()
    assert ledger_head() == before
    assert Investor.objects.get(code="mda-e-c").name == "Công ty TNHH MDA E&C"


def test_what_was_withdrawn_is_not_brought_back(seeded: World):
    lan, hung = clerk(), leader()
    withdraw(
        [seeded.decision(790)], proposed_by=lan.username, approved_by=hung.username, at=LATER,
        today=date(2026, 2, 2), reason="Chưa đối chiếu được bản gốc",
    )  # fmt: skip
    assert seed_again().publication is None
    assert seeded.answer(seeded.decision(790), on=date(2022, 4, 1)) is None


def test_a_record_that_a_later_release_adds_is_loaded_alone(seeded: World, fixtures):
    directory = fixtures(
        investors="moi:\n  name: Công ty Mới\n",
        clusters="giang-bien:\n  name: Tên khác hẳn\n",
    )
    report = seed_again(directory)
    assert report.loaded == ["investor:moi"]
    assert [row.code for row in report.publication.statements.all()] == ["moi"]
    assert Cluster.objects.get(code="giang-bien").name == "Giang Biên"


def test_records_of_which_a_later_release_knows_more_are_named_and_left_alone(seeded: World, fixtures):
    directory = fixtures(clusters="giang-bien:\n  name: Tên khác hẳn\n")
    before = ledger_head()
    report = seed_again(directory)
    assert (report.loaded, report.told_otherwise) == ([], ["cluster:giang-bien"])
    assert ledger_head() == before
    assert seed_again().told_otherwise == []


SOURCE = "bai:\n  name: Bài báo\n"
CITED = """
mot:
  name: Công ty Một
  citations:
    - {source: bai, locator: đoạn 1, field: name, as_stated: Một}
hai:
  name: Công ty Hai
  citations:
    - {source: bai, locator: đoạn 2, field: name, as_stated: Hai}
ba:
  name: Công ty Ba
  citations:
    - {source: bai, locator: đoạn 3, field: name, as_stated: Ba}
"""


def test_citations_are_renewed_where_nobody_had_a_hand_and_no_value_differs_and_only_when_asked(fixtures):
    seed(fixtures(sources=SOURCE, investors=CITED), at=AT, today=TODAY)
    for name in ("Công ty Hai Mươi", "Công ty Hai"):
        with recorded(actor="lan"):
            Investor.objects.filter(code="hai").update(name=name)
    later = CITED.replace("as_stated: Ba", "as_stated: Công ty Ba").replace(
        "name: Công ty Ba\n", "name: Công ty 3\n"
    )
    later = later.replace("as_stated: Một", "as_stated: Công ty Một").replace(
        "as_stated: Hai", "as_stated: Công ty Hai"
    )
    directory = fixtures(investors=later)
    before = ledger_head()
    assert seed_again(directory).told_otherwise == ["investor:ba", "investor:hai", "investor:mot"]
    assert ledger_head() == before

    report = seed(directory, at=LATER, today=date(2026, 2, 2), renew_citations=True)
    assert (report.loaded, report.cited_anew) == ([], ["investor:mot"])
    assert report.told_otherwise == ["investor:ba", "investor:hai"]
    assert [row.code for row in report.publication.statements.all()] == ["mot"]
    assert (report.publication.proposed_by, report.publication.imported) == ("seed", True)
    said = Citation.objects.order_by("investor__code").values_list("investor__code", "as_stated")
    assert list(said) == [("ba", "Ba"), ("hai", "Hai"), ("mot", "Công ty Một")]
    assert review_of(Investor.objects.get(code="mot")).state == "published"
    assert verify(connection).problems == []

    before = ledger_head()
    assert seed(directory, at=LATER, today=date(2026, 2, 2), renew_citations=True).publication is None
    assert ledger_head() == before


def test_a_record_that_staff_typed_first_is_theirs(fixtures):
    with recorded(actor="lan"):
        Investor.objects.create(code="moi", name="Công ty Mới, do chuyên viên ghi")
    directory = fixtures(investors="moi:\n  name: Công ty Mới\n")
    report = seed_again(directory)
    assert (report.loaded, report.left_alone, report.publication) == ([], ["investor:moi"], None)
    assert Investor.objects.get().name == "Công ty Mới, do chuyên viên ghi"
    assert not Statement.objects.exists()
    assert seed_again(directory).left_alone == []


AUTHORITY = "ubnd:\n  name: UBND thành phố\n  level: city\n  number_symbol: UBND\n"
CLUSTER = "cum-a:\n  name: Cụm A\n"
DECISION = """
qd-aaaa2222:
  number: 5/QĐ-UBND
  issuer: ubnd
  issued: 02/01/2024
  effects:
    - {position: 1, cluster: cum-a, effect_code: established}
"""


def test_a_paper_that_staff_typed_under_another_code_is_theirs(fixtures):
    with recorded(actor="lan"):
        issuer = Authority.objects.create(
            code="ubnd", name="UBND thành phố", level="city", number_symbol="UBND"
        )
        theirs = Decision(issuer=issuer, number=5, symbol="QĐ-UBND", issued_latest=date(2024, 1, 2))
        theirs.save()
    report = seed_again(fixtures(authorities=AUTHORITY, clusters=CLUSTER, decisions=DECISION))
    assert report.left_alone == ["authority:ubnd", "decision:qd-aaaa2222"]
    assert report.loaded == ["cluster:cum-a"]
    assert list(Decision.objects.all()) == [theirs]
    assert not theirs.effects.exists()


def test_what_names_an_unpublished_record_of_staff_stays_a_draft_with_all_that_names_it(fixtures):
    with recorded(actor="lan"):
        Authority.objects.create(code="ubnd", name="UBND thành phố", level="city", number_symbol="UBND")
    report = seed_again(fixtures(authorities=AUTHORITY, clusters=CLUSTER, decisions=DECISION))
    assert report.unpublished == ["decision:qd-aaaa2222"]
    assert [row.code for row in report.publication.statements.all()] == ["cum-a"]
    assert review_of(Decision.objects.get()).state == "draft"


def test_a_draft_of_the_seed_that_staff_discarded_does_not_return(fixtures):
    with recorded(actor="lan"):
        Authority.objects.create(code="ubnd", name="UBND thành phố", level="city", number_symbol="UBND")
    directory = fixtures(authorities=AUTHORITY, clusters=CLUSTER, decisions=DECISION)
    seed_again(directory)
    discard(Decision.objects.get(), by="lan")
    assert seed_again(directory).loaded == []
    assert not Decision.objects.exists()


def test_staff_publish_their_correction_of_a_seeded_record_like_any_other(seeded: World):
    lan, hung = clerk(), leader()
    with recorded(actor=lan.username, reason="Đối chiếu bản gốc"):
        effect = seeded.decision(1013).effects.get()
        effect.area_ha = "50.5"
        effect.full_clean()
        effect.save()
    publish(
        [seeded.decision(1013)], proposed_by=lan.username, approved_by=hung.username, at=LATER,
        today=date(2026, 2, 2),
    )  # fmt: skip
    assert seeded.answer(seeded.giang_bien, on=TODAY)["area_ha"] == 50.5
    assert seeded.answer(seeded.giang_bien, on=TODAY, seq=1)["area_ha"] == 50


def test_a_place_that_staff_typed_first_is_known_by_its_official_code_on_the_same_days(fixtures):
    with recorded(actor="lan"):
        for code, until in (("xa-a", None), ("xa-cu", date(2020, 1, 1))):
            unit = AdministrativeUnit.objects.create(
                code=code, name="Xã do chuyên viên ghi", unit_kind="commune"
            )
            number = {"xa-a": "00123", "xa-cu": "00456"}[code]
            PlaceCode.objects.create(unit=unit, official_code=number, valid_to=until)
    directory = fixtures(
        places="""
la-xa-a:
  name: A
  unit_kind: commune
  codes: [{official_code: "00123", valid_from: 01/07/2025}]
xa-moi:
  name: Mới
  unit_kind: commune
  within: la-xa-a
  codes: [{official_code: "00456", valid_from: 01/07/2025}]
"""
    )
    report = seed_again(directory)
    assert (report.loaded, report.left_alone) == (["place:xa-moi"], ["place:la-xa-a"])
    assert AdministrativeUnit.objects.get(code="xa-moi").within.code == "xa-a"
    assert report.unpublished == ["place:xa-moi"]
