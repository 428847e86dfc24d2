"""A drill: backups made while somebody writes, restored elsewhere, damaged, tampered with, killed half-way."""

import json
import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from config.databases import beside_of
from registry import clock
from registry.actions.backups import (
    BackupRefused,
    Manifest,
    back_up,
    keep_newest,
    read_manifest,
    whole_backups,
)
from registry.actions.copies import Facts
from registry.ledger.context import recorded
from registry.ledger.entries import head
from registry.models import Investor
from tests.management.calling import manage
from tests.seed.test_killed import database_url
from tests.world import load

ROOT = Path(__file__).resolve().parent.parent.parent
AT = datetime(2026, 11, 22, 7, 5, tzinfo=UTC)
NEW_PARTNER = (
    "--contact", "lan@ngan-hang.example", "--purpose", "Tra cứu",
    "--expires", f"{clock.today() + timedelta(days=365):%d/%m/%Y}",
)  # fmt: skip


@dataclass
class Drill:
    folder: Path
    backups: list[Path] = field(default_factory=list)
    first: int = 0
    last: int = 0


@pytest.fixture(scope="module")
def drill(django_db_setup, django_db_blocker, tmp_path_factory):
    """Three backups of a registry in which one thread writes a hundred times a second, and never stops."""
    drill, enough, busy = Drill(tmp_path_factory.mktemp("backups")), threading.Event(), threading.Event()

    def write() -> None:
        turn = 0
        while not enough.is_set():
            turn += 1
            with recorded(actor="lan", reason=f"lần {turn}"):
                for investor in Investor.objects.order_by("pk"):
                    investor.name = f"{investor.name.partition(' · ')[0]} · {turn}"
                    investor.save()
            busy.set()
            # What is written is in every backup and restored by every test: without a pause, tens of thousands of rows.
            enough.wait(0.01)
        connection.close()

    with django_db_blocker.unblock():
        load()
        drill.first = head()[0]
        writer = threading.Thread(target=write)
        writer.start()
        try:
            assert busy.wait(30)
            for turn in range(3):
                made, _ = back_up(drill.folder, AT + timedelta(minutes=turn))
                drill.backups.append(made)
        finally:
            enough.set()
            writer.join()
        drill.last = head()[0]
        yield drill
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def target(tmp_path):
    """The address of a database that is not there yet, or is empty."""
    with new_target(tmp_path / "restored") as address:
        yield address


@contextmanager
def new_target(folder: Path) -> Iterator[str]:
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'registry.sqlite3'}"
        return
    name = f"restored_{uuid.uuid4().hex[:8]}"
    server = database_url().rpartition("/")[0]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as main:
        main.execute(f"CREATE DATABASE {name}")
        yield f"{server}/{name}"
        main.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(
    url: str, *arguments: object, program: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    start = ["-c", program] if program else ["manage.py"]
    return subprocess.run(
        [sys.executable, *start, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": url, **environment},
        capture_output=True,
        text=True,
        timeout=180,
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return re.search(r"CommandError: (\w+) · ", done.stderr)[1]


def ask(url: str, *queries: str) -> list[tuple[object, ...]]:
    """The rows of the last query, asked without Django."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            for query in queries:
                rows = database.execute(query).fetchall()
            database.commit()
            return rows
    with psycopg.connect(url) as database:
        for query in queries:
            answer = database.execute(query)
        return answer.fetchall() if answer.description else []


def files_of(url: str) -> list[Path]:
    """The files of an SQLite database: its own, and the one beside."""
    path = Path(url.removeprefix("sqlite:///"))
    return [path, beside_of(path)]


def is_there(url: str) -> bool:
    if url.startswith("sqlite"):
        folder = Path(url.removeprefix("sqlite:///")).parent
        return folder.exists() and any(folder.iterdir())
    return bool(ask(url, "SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace LIMIT 1"))


def test_a_backup_is_one_moment_though_somebody_writes(drill, target):
    heads = [read_manifest(backup).facts.ledger_seq for backup in drill.backups]
    assert drill.first < heads[0] < heads[1] < heads[2] <= drill.last
    done = run(target, "restore", drill.backups[1])
    assert done.returncode == 0, done.stderr
    # The writer changes all investors in one transaction: no backup sees some of them.
    turns = {str(name).rpartition(" · ")[2] for (name,) in ask(target, "SELECT name FROM registry_investor")}
    assert len(turns) == 1
    # The one entry more says that it was restored.
    assert ask(target, "SELECT max(seq) FROM registry_ledgerentry") == [(heads[1] + 1,)]
    assert ask(target, "SELECT ledger_seq FROM registry_recovery") == [(heads[1],)]
    sessions = f"sqlite:///{files_of(target)[1]}" if target.startswith("sqlite") else target
    assert ask(sessions, "SELECT count(*) FROM django_session") == [(0,)]
    for command in (["verify_ledger"], ["rebuild_editions", "--check"], ["migrate", "--check"]):
        checked = run(target, *command)
        assert checked.returncode == 0, checked.stdout + checked.stderr
    before = ask(target, "SELECT count(*) FROM registry_ledgerentry")
    assert refused(run(target, "restore", drill.backups[2])) == "target_not_empty"
    assert ask(target, "SELECT count(*) FROM registry_ledgerentry") == before


def test_a_backup_lets_nobody_in(drill, target, tmp_path):
    """Whoever holds the row of a session is logged in: none is in the files, also before `restore` clears them."""
    assert run(target, "restore", drill.backups[0]).returncode == 0
    beside = f"sqlite:///{files_of(target)[1]}" if target.startswith("sqlite") else target
    ask(
        beside,
        "INSERT INTO django_session (session_key, session_data, expire_date)"
        " VALUES ('0123456789abcdefsecret', 'who', '2999-01-01 00:00:00')",
    )
    done = run(target, "backup", tmp_path / "backups")
    assert done.returncode == 0, done.stderr
    made = Path(done.stdout.splitlines()[-1])
    if target.startswith("sqlite"):
        held = b"".join(file.read_bytes() for file in made.iterdir())
    else:
        held = subprocess.check_output(["pg_restore", "--file=-", made / "registry.dump"])
        assert b"COPY public.registry_publication " in held
    assert b"0123456789abcdefsecret" not in held
    with new_target(tmp_path / "another") as other:
        assert run(other, "restore", made).returncode == 0


def test_keys_that_nobody_would_know_any_more_are_told_before_anything_is_touched(drill, target):
    another = {"API_KEY_PEPPER": "hat-tieu-khac-" * 4}
    done = run(target, "restore", drill.backups[0], **another)
    assert refused(done) == "pepper_other"
    assert "--other-pepper" in done.stderr
    assert not is_there(target)
    done = run(target, "restore", drill.backups[0], "--other-pepper", **another)
    assert done.returncode == 0, done.stderr
    assert "Hãy thu hồi các khóa cũ" in done.stdout
    # From now on the new one is right, and the old one wrong.
    asked = ("check", "--database", "default", "--fail-level", "WARNING")
    assert run(target, *asked, **another).returncode == 0
    assert "registry.W003" in run(target, *asked).stderr


def test_a_backup_of_before_says_nothing_of_its_pepper_and_is_restored(drill, target, tmp_path):
    backup = shutil.copytree(drill.backups[0], tmp_path / "registry-copy")
    content = json.loads((backup / "manifest.json").read_text())
    assert re.fullmatch("[0-9a-f]{64}", content["pepper"])
    former = Manifest(**{**content, "pepper": "", "facts": Facts(**content["facts"])})
    signed = json.loads(former.text())
    del signed["pepper"]
    (backup / "manifest.json").write_text(json.dumps(signed))
    done = run(target, "restore", backup, API_KEY_PEPPER="hat-tieu-khac-" * 4)
    assert done.returncode == 0, done.stderr
    assert "thu hồi" not in done.stdout


def test_what_was_restored_goes_on(drill, target):
    assert run(target, "restore", drill.backups[0]).returncode == 0
    assert run(target, "seed", "--fixtures", ROOT / "tests" / "small_world").returncode == 0
    assert run(target, "create_api_key", "Ngân hàng", *NEW_PARTNER).returncode == 0
    assert run(target, "verify_ledger").returncode == 0
    again = run(target, "backup", drill.folder / "again")
    assert again.returncode == 0
    path = Path(again.stdout.splitlines()[-1])
    assert re.fullmatch(r"\d+:[0-9a-f]{64}", again.stdout.splitlines()[-2])
    assert read_manifest(path).facts.rows["registry_apikey"] == 1


def damage(backup: Path, how: str) -> None:
    manifest, data = backup / "manifest.json", next(backup.glob("registry.*"))
    content = json.loads(manifest.read_text())
    match how:
        case "one bit":
            flipped = bytearray(data.read_bytes())
            flipped[len(flipped) // 2] ^= 1
            data.write_bytes(flipped)
        case "cut off":
            os.truncate(data, data.stat().st_size // 2)
        case "no data":
            data.unlink()
        case "no manifest":
            manifest.unlink()
        case "half a manifest":
            os.truncate(manifest, manifest.stat().st_size // 2)
        case "another count":
            content["facts"]["rows"]["registry_cluster"] += 1
            manifest.write_text(json.dumps(content))
        case "another file":
            manifest.write_text(json.dumps({**content, "file": "../other"}))
        case "numbers for words":
            manifest.write_text(
                json.dumps({**content, "sha256": 7, "facts": {**content["facts"], "rows": 3}})
            )
        case "no text":
            manifest.write_text(json.dumps({**content, "release": "\ud800"}))
        case "too deep":
            manifest.write_text("[" * 100_000)
        case "a list":
            manifest.write_text("[1]")
        case "another key":
            manifest.write_text(json.dumps({**content, "signature": "0" * 64}))


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("one bit", "backup_damaged"),
        ("cut off", "backup_damaged"),
        ("no data", "backup_damaged"),
        ("no manifest", "backup_incomplete"),
        ("half a manifest", "backup_unreadable"),
        ("another count", "backup_not_signed"),
        ("another file", "backup_unreadable"),
        ("numbers for words", "backup_unreadable"),
        ("no text", "backup_unreadable"),
        ("too deep", "backup_unreadable"),
        ("a list", "backup_unreadable"),
        ("another key", "backup_not_signed"),
    ],
)
def test_a_damaged_or_altered_backup_is_refused_before_anything_is_touched(drill, tmp_path, how, code):
    backup = shutil.copytree(drill.backups[0], tmp_path / "registry-copy")
    damage(backup, how)
    ended = manage("restore", str(backup))
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(f"CommandError: {code} · ")
    if how == "another key":
        assert read_manifest(backup, unsigned=True).facts.ledger_seq


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"engine": "oracle"}, "engine_other"),
        ({"facts": {"migrations": ["registry.0001_initial", "registry.9999_later"]}}, "release_other"),
        ({}, "target_not_empty"),
    ],
)
def test_a_backup_of_elsewhere_is_refused_before_anything_is_touched(
    drill, tmp_path, changes, code, django_db_blocker
):
    backup = shutil.copytree(drill.backups[0], tmp_path / "registry-copy")
    content = json.loads((backup / "manifest.json").read_text())
    content |= {**changes, "facts": {**content["facts"], **changes.get("facts", {})}}
    manifest = Manifest(**{**content, "facts": Facts(**content["facts"])})
    (backup / "manifest.json").write_text(manifest.text())
    with django_db_blocker.unblock():
        ended = manage("restore", str(backup))
    assert (ended.code, ended.err.split(" · ")[0]) == (1, f"CommandError: {code}")


LEDGER = (
    "UPDATE registry_ledgerpayload SET after = after || ' '"
    " WHERE seq = (SELECT max(seq) FROM registry_ledgerpayload WHERE after IS NOT NULL)"
)
ROW = "UPDATE registry_investor SET name = 'Công ty Khác' WHERE id = (SELECT min(id) FROM registry_investor)"
EDITION = "DELETE FROM registry_clusteredition WHERE code = 'giang-bien'"


def unguarded(url: str, table: str, query: str) -> list[str]:
    """The query with the triggers of that table down, as somebody with the database's own password would do it."""
    if not url.startswith("sqlite"):
        return [
            f"ALTER TABLE {table} DISABLE TRIGGER USER",
            query,
            f"ALTER TABLE {table} ENABLE TRIGGER USER",
        ]
    triggers = ask(
        url, f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'"
    )
    return [*(f"DROP TRIGGER {name}" for name, _ in triggers), query, *(str(sql) for _, sql in triggers)]


@pytest.mark.parametrize(
    ("table", "query"),
    [
        ("registry_ledgerpayload", LEDGER),
        ("registry_investor", ROW),
        ("registry_clusteredition", EDITION),
    ],
    ids=["ledger", "row", "edition"],
)
def test_a_backup_of_a_registry_that_was_tampered_with_is_found_out(drill, target, tmp_path, table, query):
    """Its manifest is right and signed: only the ledger and the publications know."""
    assert run(target, "restore", drill.backups[0]).returncode == 0
    ask(target, *unguarded(target, table, query))
    made = run(target, "backup", tmp_path / "bad")
    assert made.returncode == 0, made.stderr
    backup = made.stdout.splitlines()[-1]
    if target.startswith("sqlite"):
        elsewhere = f"sqlite:///{tmp_path / 'elsewhere' / 'registry.sqlite3'}"
        assert refused(run(elsewhere, "restore", backup)) == "backup_unsound"
        assert not is_there(elsewhere)
    else:
        ask(target, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        done = run(target, "restore", backup)
        assert refused(done) == "backup_unsound"
        assert "đừng mở cho ai dùng" in done.stderr


def test_an_anchor_noted_elsewhere_is_held_against_the_restored_ledger(drill, target):
    facts = read_manifest(drill.backups[0]).facts
    wrong = run(target, "restore", drill.backups[0], "--anchor", f"{facts.ledger_seq}:{'0' * 64}")
    assert refused(wrong) == "backup_unsound"
    assert_nobody_takes_it_for_proved(target)
    assert run(target, "restore", drill.backups[0], "--anchor", "nonsense").returncode == 2


def assert_nobody_takes_it_for_proved(url: str) -> None:
    """What a restore left that did not come to its end: nothing on SQLite, a database that says so on PostgreSQL."""
    if url.startswith("sqlite"):
        assert not Path(url.removeprefix("sqlite:///")).exists()
        return
    checked = run(url, "check_registry")
    assert checked.returncode == 1
    assert "Cấu hình và trình kích hoạt: SAI" in checked.stdout
    assert "restore_unfinished" in checked.stderr


def test_a_checkpoint_of_a_lost_key_is_refused_by_the_name_of_the_setting_that_takes_it(
    drill, target, tmp_path
):
    kept = {"CHECKPOINT_KEY_FILE": str(tmp_path / "old" / "key.pem"), "CHECKPOINT_VERIFIER_KEYS": ""}
    assert run(target, "restore", drill.backups[0], **kept).returncode == 0
    published = run(target, "checkpoint", "--new-key", **kept).stdout.strip()
    assert run(target, "checkpoint", **kept).returncode == 0
    made = run(target, "backup", tmp_path / "made", **kept).stdout.splitlines()[-1]
    if target.startswith("sqlite"):
        for path in files_of(target):
            path.unlink()
    else:
        ask(target, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    lost = {**kept, "CHECKPOINT_KEY_FILE": str(tmp_path / "new" / "key.pem")}
    run(target, "checkpoint", "--new-key", **lost)
    done = run(target, "restore", made, **lost)
    assert refused(done) == "backup_unsound"
    assert "checkpoint_signature_wrong" in done.stderr
    assert "CHECKPOINT_KEY_FILE" in done.stderr
    assert "CHECKPOINT_VERIFIER_KEYS" in done.stderr
    assert ".." not in done.stderr
    if not target.startswith("sqlite"):
        ask(target, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    known = {**lost, "CHECKPOINT_VERIFIER_KEYS": published}
    assert run(target, "restore", made, **known).returncode == 0


DIE = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from pathlib import Path
from registry.actions import backups, restore
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
where = sys.argv[1]
if where == "copied": backups.sha256_of = die
if where == "named": Path.rename = die
if where == "comparing": restore._compare = die
if where == "proving": restore._prove = die
if where == "numbering": restore.go_on_above = die
call_command(*sys.argv[2:])
"""


@pytest.mark.parametrize("where", ["copied", "named"])
def test_a_backup_that_is_killed_does_not_look_whole(drill, tmp_path, where):
    folder = tmp_path / "killed"
    assert run(database_url(), where, "backup", folder, program=DIE).returncode == -signal.SIGKILL
    (left,) = folder.iterdir()
    assert whole_backups(folder) == []
    if where == "copied":
        with pytest.raises(BackupRefused) as refusal:
            read_manifest(left)
        assert refusal.value.code == "backup_incomplete"
    os.utime(left, (0, 0))
    made = run(database_url(), "backup", folder)
    assert [str(path) for path in folder.iterdir()] == [made.stdout.splitlines()[-1]]


def test_a_backup_killed_at_any_moment_does_not_look_whole(drill, tmp_path):
    folder = tmp_path / "killed"
    environment = {**os.environ, "DATABASE_URL": database_url()}
    for tenths in (6, 9, 12, 15):
        call = [sys.executable, "manage.py", "backup", str(folder)]
        with subprocess.Popen(call, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
            with_time = threading.Timer(tenths / 10, process.kill)
            with_time.start()
            process.wait()
            with_time.cancel()
    for whole in whole_backups(folder):
        read_manifest(whole)


def test_a_full_disk_is_said_and_leaves_nothing(drill, tmp_path):
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (204800, 204800)); "
        "from django.core.management import execute_from_command_line as execute; "
        "execute(['manage.py', *sys.argv[1:]])"
    )
    done = run(database_url(), "backup", tmp_path / "full", program=program)
    assert refused(done) == ("copy_failed" if connection.vendor == "sqlite" else "pg_dump_failed")
    assert list((tmp_path / "full").iterdir()) == []


@pytest.mark.parametrize("where", ["comparing", "proving", "numbering"])
def test_a_restore_that_is_killed_leaves_nothing_that_passes_for_whole(drill, target, where):
    killed = run(target, where, "restore", drill.backups[0], program=DIE)
    assert killed.returncode == -signal.SIGKILL
    assert_nobody_takes_it_for_proved(target)
    if not target.startswith("sqlite"):
        assert refused(run(target, "restore", drill.backups[0])) == "target_not_empty"
        ask(target, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    assert run(target, "restore", drill.backups[0]).returncode == 0
    if target.startswith("sqlite"):
        assert sorted(Path(target.removeprefix("sqlite:///")).parent.iterdir()) == sorted(files_of(target))
    assert "restore_unfinished" not in run(target, "check_registry").stderr


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's files have no name before.")
def test_a_restore_that_put_nothing_in_can_be_run_again(drill, target, tmp_path):
    """`pg_restore` failed, or the machine before it: the mark alone is no data."""
    (tmp_path / "pg_restore").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "pg_restore").chmod(0o700)
    failed = run(target, "restore", drill.backups[0], PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert refused(failed) == "pg_restore_failed"
    assert not is_there(target)
    ask(target, "CREATE TABLE registry_restoring ()")
    assert run(target, "restore", drill.backups[0]).returncode == 0
    assert ask(target, "SELECT to_regclass('registry_restoring') IS NULL") == [(True,)]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="A file beside SQLite's own.")
def test_what_an_earlier_database_left_beside_is_not_played_into_the_new_one(drill, target):
    stray = Path(target.removeprefix("sqlite:///") + "-wal")
    stray.parent.mkdir()
    stray.write_bytes(b"old")
    assert refused(run(target, "restore", drill.backups[0])) == "target_not_empty"


def test_only_the_newest_are_kept(drill, tmp_path):
    folder = shutil.copytree(drill.folder, tmp_path / "kept", ignore=shutil.ignore_patterns("again"))
    made = folder / "registry-20261122T070700Z"
    assert [path.name for path in keep_newest(folder, 2, made)] == ["registry-20261122T070500Z"]
    assert [path.name for path in whole_backups(folder)] == [
        "registry-20261122T070600Z",
        "registry-20261122T070700Z",
    ]
    assert keep_newest(folder, 2, made) == []


def test_nobody_but_its_owner_reads_a_file_of_a_backup_at_any_time(db, tmp_path):
    """Whatever the umask; looked at while it is made, and when it is there."""
    seen, ended = set(), threading.Event()

    def look() -> None:
        with suppress(FileNotFoundError):  # it gets its name meanwhile
            for path in tmp_path.rglob("*"):
                seen.add((path.is_dir(), stat.S_IMODE(path.stat().st_mode)))

    def watch() -> None:
        while not ended.is_set():
            look()

    watcher, before = threading.Thread(target=watch), os.umask(0)
    watcher.start()
    try:
        made, _ = back_up(tmp_path, AT)
    finally:
        os.umask(before)
        ended.set()
        watcher.join()
    look()
    assert seen == {(True, 0o700), (False, 0o600)}
    assert len(list(made.iterdir())) == (3 if connection.vendor == "sqlite" else 2)


@pytest.mark.django_db  # also: without one such test in a run, no migration is run for the others
def test_a_wrong_call_and_a_folder_that_cannot_be_written(tmp_path):
    assert manage("backup", "--keep", "0").code == 2
    assert manage("restore").code == 2
    (tmp_path / "file").write_text("")
    ended = manage("backup", str(tmp_path / "file"))
    assert (ended.code, ended.err.split(" · ")[0]) == (1, "CommandError: folder_unwritable")


def test_what_a_clock_that_ran_ahead_named_neither_goes_nor_makes_others_go(db, tmp_path):
    def made(*options: str) -> Path:
        answer = manage("backup", str(tmp_path), *options)
        assert answer.code == 0, answer.err
        return Path(answer.out.splitlines()[-1])

    ahead = [back_up(tmp_path, datetime.now(UTC) + timedelta(days=days))[0] for days in (1, 2)]
    first = made("--keep", "2")
    second = back_up(tmp_path, datetime.now(UTC) + timedelta(seconds=2))[0]
    assert keep_newest(tmp_path, 2, second) == []
    assert keep_newest(tmp_path, 1, second) == [first]
    assert whole_backups(tmp_path) == [second, *ahead]
