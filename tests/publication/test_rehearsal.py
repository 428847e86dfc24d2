"""Editions are checked against the publications by making them again beside: nothing is touched, all is named."""

import pytest
from django.db import connection

from registry.actions.editions import editions_digest
from registry.actions.rehearsal import edition_findings
from registry.models import ClusterEdition, Dependency, EditionTerm, InvestorEdition
from tests.world import World


def found() -> list[tuple[str, str]]:
    return [(finding.code, finding.table) for finding in edition_findings()]


def test_what_the_publications_give_is_whole_and_stays_as_it_is(shared_world: World) -> None:
    before = editions_digest()
    assert found() == []
    assert editions_digest() == before
    assert ClusterEdition.objects.count() > 6
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relname LIKE 'registry_%%edition' AND relpersistence = 't'"
            if connection.vendor == "postgresql"
            else "SELECT count(*) FROM temp.sqlite_master"
        )
        assert cursor.fetchone()[0] == 0


def test_an_answer_that_was_edited_removed_or_added_is_named(shared_world: World) -> None:
    rows = ClusterEdition.objects.filter(code="giang-bien").order_by("valid_from")
    edited = rows.last()
    assert edited is not None
    rows.filter(pk=edited.pk).update(body=b"{}")
    (finding,) = edition_findings()
    day = f"{edited.valid_from:%d/%m/%Y}"
    assert finding.code == "edition_differs"
    assert finding.message == (
        f"Nội dung tra cứu của cụm công nghiệp giang-bien, lần công bố 1, từ ngày {day}: khác với điều các lần công bố "
        "cho ra. Hãy chạy rebuild_editions."
    )
    EditionTerm.objects.filter(kind="cluster", edition_id=edited.pk).delete()
    rows.filter(pk=edited.pk).delete()
    assert found() == [
        ("edition_missing", "registry_clusteredition"),
        ("edition_missing", "registry_editionterm"),
    ]
    copy = InvestorEdition.objects.all()[0]
    copy.pk, copy.subject_id, copy.code = None, 999_999, "khong-co"
    copy.save(force_insert=True)
    assert ("edition_unknown", "registry_investoredition") in found()


@pytest.mark.parametrize("kind", ["cluster", "khong-co"])
def test_a_word_that_leads_nowhere_is_named(shared_world: World, kind: str) -> None:
    EditionTerm.objects.create(kind=kind, edition_id=999_999, term="word", value="la")
    assert found() == [("edition_unknown", "registry_editionterm")]


def test_a_lost_note_of_what_was_asked_is_named(shared_world: World) -> None:
    Dependency.objects.filter(key=Dependency.objects.order_by("key")[0].key).delete()
    assert {code for code, _ in found()} == {"edition_missing"}
