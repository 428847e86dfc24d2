"""When the code that composes changes: it speaks from its adoption on, and what was said stays as it was said."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from registry.actions import editions as edition_keeping
from registry.actions import publish as publishing
from registry.actions.editions import editions_digest, rebuild_editions
from registry.actions.publish import adopt_composer
from registry.actions.rehearsal import edition_findings
from registry.models import Announcement, ClusterEdition, InvestorEdition, Reference
from registry.rules.composition.subjects import COMPOSER, COMPOSERS, references
from registry.rules.composition.world import Rectangle, World
from tests.publication.office import Office

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 3, tzinfo=UTC)
TODAY = date(2026, 3, 1)

compose_investor = COMPOSERS["investor"]


def louder(world: World, subject_id: int) -> list[Rectangle]:
    return [
        Rectangle(r.valid_from, r.valid_to, r.columns, {**r.body, "name": f"{r.body['name']}!"}, r.terms)
        for r in compose_investor(world, subject_id)
    ]


@pytest.fixture
def office() -> Office:
    """Publication 2 says what a cluster, an investor and a decision are."""
    office = Office()
    office.new_cluster(0, 0, 0)
    office.new_investor(0, 0, 0)
    office.new_decision(0, 5, 0)
    office.publish_all(0, 0, 0)
    return office


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call it, and from then on the code of that release composes. The second one is louder about investors."""

    def replace(number: int) -> None:
        monkeypatch.setitem(COMPOSERS, "investor", louder if number == 2 else compose_investor)
        # The first one is the code as it stands, whatever its own number.
        for module in (publishing, edition_keeping):
            monkeypatch.setattr(module, "COMPOSER", COMPOSER + number - 1)

    return replace


def bodies(seq: int) -> list[bytes]:
    return [bytes(row.body) for row in InvestorEdition.objects.known_at(seq).order_by("subject_id")]


def rebuild_changes_nothing() -> None:
    before = editions_digest()
    assert rebuild_editions() == []
    assert editions_digest() == before


def test_a_new_release_changes_nothing_said_before_its_adoption(office: Office, release: Any) -> None:
    before = bodies(2)
    assert adopt_composer(at=AT, today=TODAY) is None
    release(2)
    act = adopt_composer(at=AT, today=TODAY)
    assert act is not None
    assert (act.seq, act.composer, act.statements.count()) == (3, COMPOSER + 1, 0)
    assert bodies(2) == before
    assert b"!" in bodies(3)[0]
    told = Announcement.objects.filter(publication_id=3)
    assert [(row.kind, row.news) for row in told] == [("investor", "affected")]
    assert adopt_composer(at=AT, today=TODAY) is None
    office.now = AT
    office.rename(0, 0, 0)
    office.publish_all(0, 0, 0)
    assert ClusterEdition.objects.filter(known_from=2, known_to=4).exists()
    rebuild_changes_nothing()
    assert bodies(2) == before


def test_a_new_release_finds_its_references_in_what_was_said_before(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def references_of_both(kind: str, content: Any) -> set[str]:
        found = {f"issued>authority:{content['issuer']}"} if kind == "decision" else set()
        return references(kind, content) | found

    monkeypatch.setattr(edition_keeping, "references", references_of_both)
    for module in (publishing, edition_keeping):
        monkeypatch.setattr(module, "COMPOSER", COMPOSER + 1)
    adopt_composer(at=AT, today=TODAY)
    assert Reference.objects.filter(key__startswith="issued>authority:", kind="decision").count() == 1
    rebuild_changes_nothing()


def test_an_ordinary_publication_adopts_a_new_release_too(office: Office, release: Any) -> None:
    before = bodies(2)
    release(2)
    office.set_value(0, 0, 16)
    office.publish(0, 0, 0)
    assert bodies(2) == before
    assert b"!" in bodies(3)[0]
    told = {row.kind: row for row in Announcement.objects.filter(publication_id=3)}
    assert {kind: row.news for kind, row in told.items()} == {
        "cluster": "affected",
        "decision": "published",
        "investor": "affected",
    }
    assert told["decision"].first_day == date(1, 1, 1)
    assert told["cluster"].first_day == date(2022, 1, 18)
    office.rename(1, 0, 0)
    office.publish_all(0, 0, 0)
    rebuild_changes_nothing()
    assert bodies(2) == before


def test_a_release_taken_back_speaks_again_only_from_then_on(office: Office, release: Any) -> None:
    release(2)
    adopt_composer(at=AT, today=TODAY)
    release(1)
    adopt_composer(at=AT, today=TODAY)
    assert bodies(2) == bodies(4) != bodies(3)
    rebuild_changes_nothing()
    assert bodies(2) == bodies(4) != bodies(3)


def test_a_rebuild_puts_right_what_was_tampered_with_and_says_where(office: Office) -> None:
    right = editions_digest()
    ClusterEdition.objects.filter(legal_stage="established").update(legal_stage="planned")
    InvestorEdition.objects.all().delete()
    assert rebuild_editions(check=True) == ["cluster", "investor"]
    assert not InvestorEdition.objects.exists()
    assert rebuild_editions() == ["cluster", "investor"]
    assert editions_digest() == right


def test_what_former_code_said_is_not_held_against_todays(office: Office, release: Any) -> None:
    release(2)
    assert edition_findings() == []  # nothing is of today's code yet
    adopt_composer(at=AT, today=TODAY)
    assert edition_findings() == []
    InvestorEdition.objects.filter(known_from=2).update(etag="khác")
    assert edition_findings() == []
    InvestorEdition.objects.filter(known_from=3).update(etag="khác")
    assert {finding.code for finding in edition_findings()} == {"edition_differs"}
