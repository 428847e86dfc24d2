"""Whoever follows the ledger, such as a SIEM, gets every entry at least once, and hears of a ledger written anew."""

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from registry.ledger.entries import head
from registry.models import Cluster, Investor, LedgerEntry
from tests.ledger.conftest import World
from tests.ledger.rows import run, unguarded
from tests.ledger.test_verification import exported
from tests.management.calling import manage
from tests.seed.test_killed import database_url

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, ...]:
    return (str(tmp_path / "ledger.jsonl"), "--cursor", str(tmp_path / "siem.cursor"))


def whole_lines(path: str) -> list[str]:
    """Only "\n" ends a line: texts may hold other separators."""
    return Path(path).read_text(encoding="utf-8").removesuffix("\n").split("\n")


def lines(files: tuple[str, ...]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in whole_lines(files[0])]


def test_each_run_appends_what_is_new_and_nothing_else(world: World, files: tuple[str, ...]) -> None:
    assert manage("export_ledger", *files).code == 0
    first = head()[0]
    assert [line["seq"] for line in lines(files)] == list(range(1, first + 1))
    assert manage("export_ledger", *files).code == 0
    assert len(lines(files)) == first
    Investor.objects.update(name="Khác \u2028 một")
    manage("export_ledger", *files)
    assert lines(files)[first:] == [line for line in exported() if line.get("seq", 0) > first]
    assert Path(files[2]).read_text() == "{}:{}\n".format(*head())


def test_a_limit_goes_on_where_it_stopped(world: World, files: tuple[str, ...]) -> None:
    last = head()[0]
    for _ in range(last // 50 + 1):
        manage("export_ledger", *files, "--limit", "50")
    assert [line["seq"] for line in lines(files)] == list(range(1, last + 1))


def test_without_a_cursor_it_begins_after_a_number(world: World, tmp_path: Path) -> None:
    last = head()[0]
    to = (str(tmp_path / "new.jsonl"),)
    assert manage("export_ledger", *to, "--after", str(last - 3), "--limit", "2").code == 0
    assert [line["seq"] for line in lines(to)] == [last - 2, last - 1]


def test_half_a_line_of_who_was_killed_is_followed_by_the_whole(world: World, files: tuple[str, ...]) -> None:
    manage("export_ledger", *files)
    with open(files[0], "a") as file:
        file.write('{"prev": "12')
    Cluster.objects.update(name="Khác")
    manage("export_ledger", *files)
    broken, *rest = whole_lines(files[0])[head()[0] - 2 :]
    assert broken == '{"prev": "12'
    assert [json.loads(line)["seq"] for line in rest] == [head()[0] - 1, head()[0]]


def test_a_ledger_that_was_set_back_or_written_anew_is_told_and_nothing_written(
    world: World, files: tuple[str, ...]
) -> None:
    manage("export_ledger", *files)
    seq, noted = head()
    before = Path(files[0]).read_bytes()
    with unguarded():
        run("UPDATE registry_ledgerentry SET hash = %s WHERE seq = %s", ["0" * 64, seq])
    ended = manage("export_ledger", *files)
    assert (ended.code, "cursor_differs · Mục" in ended.err) == (1, True)
    Path(files[2]).write_text(f"{seq + 1}:{noted}\n")
    ended = manage("export_ledger", *files)
    assert (ended.code, "cursor_ahead · " in ended.err) == (1, True)
    assert Path(files[0]).read_bytes() == before


@pytest.mark.parametrize("options", [["--limit", "0"], ["--after", "-1"], ["--cursor", __file__]])
def test_a_wrong_call_ends_with_two(db: None, options: list[str], tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("export_ledger", str(tmp_path / "x"), *options)
    assert refusal.value.returncode == 2
    Path(f"{__file__}.lock").unlink(missing_ok=True)


def test_the_lines_hold_no_secrets(world: World, tmp_path: Path) -> None:
    """The columns that the ledger leaves out are in no line either."""
    to = (str(tmp_path / "new.jsonl"), "--after", "0")
    manage("export_ledger", *to)
    columns = {name for line in lines(to) if line["after"] for name in json.loads(line["after"])}
    assert not columns & {"password", "last_login", "nonce"}
    assert LedgerEntry.objects.count() == len(lines(to))


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_moment_it_leaves_out_nothing(
    files: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(300):
        Investor.objects.create(name=f"Nhà đầu tư {n}")
    monkeypatch.setenv("DATABASE_URL", database_url())
    connection.close()
    call = [sys.executable, "manage.py", "export_ledger", *files]
    for size in (0, 50_000, 100_000):
        started = subprocess.Popen(call, cwd=ROOT, stderr=subprocess.DEVNULL)
        while started.poll() is None and (not os.path.exists(files[0]) or os.path.getsize(files[0]) <= size):
            time.sleep(0.001)
        started.kill()
        started.wait()
    assert manage("export_ledger", *files).code == 0
    seen = []
    for line in whole_lines(files[0]):
        with suppress(json.JSONDecodeError):  # half a line of who was killed
            seen.append(json.loads(line)["seq"])
    assert sorted(set(seen)) == list(range(1, head()[0] + 1))
