import pytest

from registry.actions.editions import editions_digest
from registry.models import ClusterEdition, Dependency, EditionTerm
from tests.ledger.rows import run, unguarded
from tests.management.calling import manage
from tests.world import World

pytestmark = pytest.mark.django_db

CLEAN = "Nội dung tra cứu khớp với các lần công bố.\n"


def test_the_editions_of_the_seed_are_what_the_publications_give(seeded: World):
    assert ClusterEdition.objects.count() > 6
    ended = manage("rebuild_editions", "--check")
    assert (ended.code, ended.out, ended.err) == (0, CLEAN, "")


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        (lambda: ClusterEdition.objects.filter(code="giang-bien"), "cluster"),
        (lambda: EditionTerm.objects.filter(kind="cluster", value="huyen-an-lao"), "cluster"),
        (lambda: Dependency.objects.filter(kind="cluster"), "dependencies"),
    ],
)
def test_a_missing_row_is_found_and_put_right(seeded: World, rows, named):
    before = editions_digest()
    rows().delete()
    damaged = editions_digest()
    ended = manage("rebuild_editions", "--check")
    assert (ended.code, ended.out) == (1, "")
    assert f"editions_differ · Khác với các lần công bố: {named}." in ended.err
    assert editions_digest() == damaged
    repaired = manage("rebuild_editions")
    assert (repaired.code, repaired.out) == (0, f"Đã dựng lại, có khác trước: {named}.\n")
    assert editions_digest() == before
    assert manage("rebuild_editions").out == CLEAN


@pytest.mark.parametrize("content", ["{", "{}", "[]"])
def test_a_publication_that_nothing_can_be_composed_from_hides_no_other_finding(seeded: World, content: str):
    with unguarded():
        run("UPDATE registry_statement SET content = %s WHERE kind = 'cluster'", [content])
        run("UPDATE registry_investor SET name = 'Ai đó' WHERE id = (SELECT min(id) FROM registry_investor)")
    ended = manage("verify_ledger")
    assert ended.code == 1
    found = {line.partition(" · ")[0] for line in ended.out.splitlines()}
    assert {"row_drifted", "editions_not_compared"} <= found
    assert "Áp dụng bản phát hành: đúng" in manage("check_registry").out.splitlines()
    assert ClusterEdition.objects.count() > 6


def test_an_empty_registry_has_nothing_to_rebuild():
    assert manage("rebuild_editions", "--check").code == 0


def test_a_wrong_call_is_exit_code_two():
    assert manage("rebuild_editions", "everything").code == 2
