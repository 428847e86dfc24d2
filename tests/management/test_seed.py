from pathlib import Path

import pytest
import yaml

from registry.ledger.entries import head as ledger_head
from registry.models import Cluster, Investor
from tests.management.calling import manage

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def records() -> list[str]:
    """The code of every record in the fixtures."""
    return [
        code for file in FIXTURES.glob("*.yaml") for code in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]


def test_it_says_what_it_loaded_and_the_second_time_that_there_is_nothing_new():
    first = manage("seed")
    assert (first.code, first.err) == (0, "")
    assert first.out == f"Đã nạp và công bố (số 1): {len(records())} bản ghi từ tài liệu.\n"
    before = ledger_head()
    assert manage("seed").out == "Tư liệu: không có gì mới để nạp.\n"
    assert ledger_head() == before


def test_it_names_what_staff_had_already(tmp_path):
    Investor.objects.create(code="cong-ty-a", name="Công ty A của chuyên viên")
    (tmp_path / "investors.yaml").write_text("cong-ty-a: {name: Công ty A}", encoding="utf-8")
    ended = manage("seed", "--fixtures", str(tmp_path))
    assert (ended.code, ended.out.splitlines()[0]) == (0, "Đã có, giữ nguyên: investor:cong-ty-a")


def test_a_wrong_fixture_is_exit_code_one_and_changes_nothing(tmp_path):
    (tmp_path / "clusters.yaml").write_text("cum-a: {name: A, nmae: B}", encoding="utf-8")
    ended = manage("seed", "--fixtures", str(tmp_path))
    assert ended.code == 1
    assert "fixture_invalid · clusters.yaml, “cum-a”: không có trường “nmae”." in ended.err
    assert not Cluster.objects.exists()


def test_a_directory_that_is_not_there_is_exit_code_one(tmp_path):
    ended = manage("seed", "--fixtures", str(tmp_path / "nowhere"))
    assert ended.code == 1
    assert "fixtures_missing" in ended.err


def test_a_wrong_call_is_exit_code_two():
    assert manage("seed", "--nothing-like-it").code == 2
