import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, ManagementUtility, call_command
from django.db import connection

from registry import clock
from registry.models import ClusterEdition

pytestmark = pytest.mark.django_db


def check_registry() -> str:
    printed = io.StringIO()
    call_command("check_registry", stdout=printed, stderr=printed)
    return printed.getvalue()


def drop_one_trigger_of(table: str) -> None:
    question, removal = {
        "sqlite": (
            "select name from sqlite_master where type = 'trigger' and tbl_name = %s",
            'drop trigger "{}"',
        ),
        "postgresql": (
            "select tgname from pg_trigger where tgrelid = %s::regclass and not tgisinternal",
            f'drop trigger "{{}}" on {table}',
        ),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(question, [table])
        cursor.execute(removal.format(cursor.fetchone()[0]))


def test_a_registry_in_order_passes_every_check(whole_seed):
    printed = check_registry()
    assert printed.rstrip().endswith("Mọi thứ đúng.")
    assert "SAI" not in printed


def test_entries_that_no_checkpoint_vouches_for_are_a_reminder_and_no_failure(
    whole_seed, settings, tmp_path, monkeypatch
):
    settings.CHECKPOINT_KEY_FILE = ""
    later = clock.now() + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "Nhắc" not in check_registry()
    settings.CHECKPOINT_KEY_FILE = str(tmp_path / "key.pem")
    call_command("checkpoint", "--new-key", stdout=io.StringIO())
    reminded = check_registry()
    assert "chưa được ký mốc. Hãy chạy mỗi ngày: manage.py checkpoint" in reminded
    assert reminded.endswith("Mọi thứ đúng.\n")
    call_command("checkpoint", stdout=io.StringIO())
    assert "Nhắc" not in check_registry()


@pytest.mark.parametrize(
    "tampered", ["DELETE FROM registry_ledgerterm", "UPDATE registry_ledgerterm SET block = 7"]
)
def test_an_index_of_the_log_that_says_otherwise_is_named(whole_seed, tampered):
    call_command("index_ledger", stdout=io.StringIO())
    with connection.cursor() as cursor:
        cursor.execute(
            f"{tampered} WHERE block = 0 AND term = (SELECT max(term) FROM registry_ledgerterm WHERE block = 0)"
        )
        assert cursor.rowcount == 1
    with pytest.raises(CommandError, match=r"Có 1 mục sai: Chỉ mục nhật ký\."):
        check_registry()


def test_editions_that_no_publication_gives_are_named(whole_seed):
    ClusterEdition.objects.filter(code=ClusterEdition.objects.first().code).delete()
    with pytest.raises(CommandError, match=r"Có 1 mục sai: Sổ cái và nội dung công bố\.") as refused:
        check_registry()
    assert refused.value.returncode == 1


def test_a_missing_trigger_is_named_and_does_not_hide_the_other_checks():
    drop_one_trigger_of("registry_cluster")
    printed = io.StringIO()
    with pytest.raises(CommandError, match="Sổ cái"):
        call_command("check_registry", stdout=printed, stderr=printed)
    assert "Áp dụng bản phát hành: đúng" in printed.getvalue()


def test_a_wrong_call_is_exit_code_two():
    call = ManagementUtility(["manage.py", "check_registry", "--nothing-like-it"])
    with pytest.raises(SystemExit) as left:
        call.execute()
    assert left.value.code == 2
