"""Whoever tampers is found: every column, every order, every trigger."""

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from registry.ledger import verify_export
from registry.ledger.context import recorded
from registry.ledger.entries import head
from registry.ledger.export import export
from registry.ledger.verify import verify
from registry.ledger.verify_export import HASHED, PAYLOAD, anchor
from registry.models import Cluster, ClusterAlias, Investor, LedgerEntry
from tests.ledger.conftest import World
from tests.ledger.rows import POSTGRESQL, entries_after, run, unguarded
from tests.ledger.test_guards import publish
from tests.seed.test_killed import database_url

VERIFIER = Path(verify_export.__file__)
ROOT = VERIFIER.parents[2]
HEADER = [*HASHED, "hash"]


@pytest.fixture
def middle(world: World) -> int:
    """The number of an entry with entries before and after it, and something in every column."""
    with recorded(actor="lan", reason="đổi tên \u2028 cụm", request="r1"):
        Cluster.objects.filter(pk=world.giang_bien.pk).update(name="CCN Giang Biên I")
    seq = head()[0]
    publish(1)
    Investor.objects.update(name="Shinec")
    return seq


def codes() -> list[str]:
    return [finding.code for finding in verify(connection).problems]


def exported() -> list[dict[str, Any]]:
    file = StringIO()
    export(connection, file)
    return [json.loads(line) for line in file.getvalue().removesuffix("\n").split("\n")]


def alone(path: Path, lines: list[dict[str, Any]], *options: str) -> subprocess.CompletedProcess[str]:
    """The verifier by itself: no Django, no site-packages, no environment."""
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8", newline="\n")
    return subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), str(path), *options],
        env={"PYTHONIOENCODING": "utf-8"}, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip


def flip(value: Any) -> Any:
    """The same but for one byte."""
    if isinstance(value, int):
        return value ^ 1 << 40
    middle = len(value) // 2
    return value[:middle] + ("0" if value[middle] != "0" else "1") + value[middle + 1 :]


def value_of(seq: int, table: str, column: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE seq = %s", [seq])
        return cursor.fetchone()[0]


def test_an_untouched_ledger_is_whole(middle: int):
    report = verify(connection)
    assert report.problems == []
    assert (report.entries, report.head_seq, report.head_hash) == (head()[0], *head())


@pytest.mark.parametrize(
    ("table", "column"),
    [
        *[("registry_ledgerentry", column) for column in HEADER],
        *[("registry_ledgerpayload", column) for column in ("seq", *PAYLOAD)],
    ],
)
def test_a_flipped_byte_in_any_column_is_found(middle: int, table: str, column: str):
    with unguarded():
        run(
            f"UPDATE {table} SET {column} = %s WHERE seq = %s",
            [flip(value_of(middle, table, column)), middle],
        )
    first = verify(connection).problems[0]
    assert first.seq == (middle + 1 if (table, column) == ("registry_ledgerentry", "seq") else middle)


@pytest.mark.parametrize("column", [*HEADER, *PAYLOAD])
def test_the_file_alone_shows_a_flipped_byte_in_any_column(middle: int, tmp_path: Path, column: str):
    lines = exported()
    lines[middle][column] = flip(lines[middle][column])
    done = alone(tmp_path / "ledger.jsonl", lines)
    assert done.returncode == 1
    assert f"Mục {lines[middle]['seq']}:" in done.stdout.splitlines()[0]


@pytest.mark.parametrize("column", [*HEADER, *PAYLOAD])
def test_an_emptied_column_is_found_too(middle: int, tmp_path: Path, column: str):
    lines = exported()
    lines[middle][column] = None
    assert alone(tmp_path / "ledger.jsonl", lines).returncode == 1
    del lines[middle][column]
    assert alone(tmp_path / "ledger.jsonl", lines).returncode == 1


def drop(lines: list[Any], n: int) -> list[Any]:
    return lines[:n] + lines[n + 1 :]


def insert(lines: list[Any], n: int) -> list[Any]:
    return [*lines[:n], lines[n], *lines[n:]]


def swap(lines: list[Any], n: int) -> list[Any]:
    return [*lines[:n], lines[n + 1], lines[n], *lines[n + 2 :]]


def cut(lines: list[Any], n: int) -> list[Any]:
    return lines[:n]


def cut_and_close(lines: list[Any], n: int) -> list[Any]:
    return lines[:n] + lines[-1:]


def go_on(lines: list[Any], n: int) -> list[Any]:
    return [*lines, lines[n]]


@pytest.mark.parametrize("change", [drop, insert, swap, cut, cut_and_close, go_on])
def test_the_file_alone_shows_what_was_dropped_inserted_swapped_or_cut(
    middle: int, tmp_path: Path, change: Callable[[list[Any], int], list[Any]]
):
    done = alone(tmp_path / "ledger.jsonl", change(exported(), middle))
    assert (done.returncode, done.stderr) == (1, "")


def test_the_file_alone_shows_a_chain_made_anew_by_the_publications_in_it(middle: int, tmp_path: Path):
    heading, *entries, ending = exported()
    entries[middle - 1]["reason"], link = "khác", ""
    for entry in entries:
        entry["prev"] = link
        entry["hash"] = link = verify_export.entry_hash(*(entry[name] for name in HASHED))
    done = alone(tmp_path / "ledger.jsonl", [heading, *entries, ending | {"head_hash": link}])
    assert done.stdout.startswith(f"anchor_differs · Mục {middle + 1}:")
    assert done.returncode == 1


def test_a_fork_is_found_on_whichever_branch_the_file_goes_on(middle: int, tmp_path: Path):
    """Two entries follow the same one: a tail is exchanged for another that is whole in itself."""
    heading, *entries, ending = exported()
    branch = [dict(entry) for entry in entries[middle - 1 :]]
    branch[0]["reason"], link = "một nhánh khác", branch[0]["prev"]
    for entry in branch:
        entry["prev"] = link
        entry["hash"] = link = verify_export.entry_hash(*(entry[name] for name in HASHED))
    both = alone(tmp_path / "both.jsonl", [heading, *entries, *branch, ending])
    assert both.stdout.startswith(f"entry_out_of_order · Mục {middle}:")
    other = alone(
        tmp_path / "other.jsonl", [heading, *entries[: middle - 1], *branch, ending | {"head_hash": link}]
    )
    assert other.stdout.startswith(f"anchor_differs · Mục {middle + 1}:")
    assert (both.returncode, other.returncode) == (1, 1)


def renumbered(seq: int) -> None:
    """Number and link the entries from there as if nothing had ever been missing; hashes are made anew."""
    entries = list(LedgerEntry.objects.filter(seq__gt=seq).order_by("seq"))
    hash_before = LedgerEntry.objects.get(seq=seq - 1).hash
    for number, entry in enumerate(entries, seq):
        fields = {name: getattr(entry, name) for name in HASHED} | {"seq": number, "prev": hash_before}
        hash_before = verify_export.entry_hash(*fields.values())
        run("UPDATE registry_ledgerentry SET seq = %s, prev = %s, hash = %s WHERE seq = %s",
            [number, fields["prev"], hash_before, entry.seq])  # fmt: skip
        run("UPDATE registry_ledgerpayload SET seq = %s WHERE seq = %s", [number, entry.seq])


def erase(seq: int) -> None:
    run("DELETE FROM registry_ledgerentry WHERE seq = %s", [seq])
    run("DELETE FROM registry_ledgerpayload WHERE seq = %s", [seq])


def test_a_dropped_entry_is_found(middle: int):
    with unguarded():
        erase(middle)
    assert codes()[:2] == ["entry_out_of_order", "entry_link_broken"]


def test_a_dropped_entry_is_found_even_when_the_chain_was_made_anew(middle: int):
    with unguarded():
        erase(middle)
        renumbered(middle)
    assert set(codes()) == {"anchor_differs", "row_drifted"}


def test_an_inserted_entry_is_found(middle: int):
    with unguarded():
        run("UPDATE registry_ledgerentry SET seq = seq + 1000 WHERE seq > %s", [middle])
        run("UPDATE registry_ledgerpayload SET seq = seq + 1000 WHERE seq > %s", [middle])
        for table in ("registry_ledgerentry", "registry_ledgerpayload"):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {table} WHERE seq = %s", [middle])
                names, row = [column[0] for column in cursor.description], list(cursor.fetchone())
            row[names.index("seq")] = middle + 1
            run(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(row))})", row)
            run(f"UPDATE {table} SET seq = seq - 999 WHERE seq > 1000")
    assert verify(connection).problems[0].seq == middle + 1


def test_swapped_entries_are_found(middle: int):
    with unguarded():
        for table in ("registry_ledgerentry", "registry_ledgerpayload"):
            for old, new in ((middle, 0), (middle + 1, middle), (0, middle + 1)):
                run(f"UPDATE {table} SET seq = %s WHERE seq = %s", [new, old])
    assert verify(connection).problems[0].seq == middle


def test_a_tail_cut_below_a_publication_is_found(middle: int):
    with unguarded():
        for seq in range(middle, head()[0] + 1):
            erase(seq)
    assert "ledger_cut" in codes()


def test_a_tail_cut_above_the_last_publication_is_found_by_the_rows(middle: int):
    with unguarded():
        erase(head()[0])
    assert codes() == ["row_drifted"]


def test_a_chain_made_anew_contradicts_an_anchor_kept_elsewhere(middle: int):
    seq, noted = head()
    with unguarded():
        run("UPDATE registry_ledgerentry SET reason = 'khác' WHERE seq = %s", [seq])
        entry = LedgerEntry.objects.get(seq=seq)
        run("UPDATE registry_ledgerentry SET hash = %s WHERE seq = %s",
            [verify_export.entry_hash(*(getattr(entry, name) for name in HASHED)), seq])  # fmt: skip
    assert codes() == []
    assert [finding.code for finding in verify(connection, {seq: noted}).problems] == ["anchor_differs"]
    assert [finding.code for finding in verify(connection, {seq + 1: noted}).problems] == ["ledger_cut"]


def test_a_clock_that_was_set_back_does_not_turn_the_order_round(middle: int):
    seq, late = head()[0], "2999-01-01T00:00:00.000000Z"
    with unguarded():
        run("UPDATE registry_ledgerentry SET at = %s WHERE seq = %s", [late, seq])
        entry = LedgerEntry.objects.get(seq=seq)
        made_anew = verify_export.entry_hash(*(getattr(entry, name) for name in HASHED))
        run("UPDATE registry_ledgerentry SET hash = %s WHERE seq = %s", [made_anew, seq])
    Investor.objects.update(name="Công ty Shinec")
    assert LedgerEntry.objects.get(seq=seq + 1).at == late
    assert codes() == []


def test_a_payload_without_its_entry_and_an_entry_without_its_payload_are_found(middle: int):
    with unguarded():
        run("DELETE FROM registry_ledgerpayload WHERE seq = %s", [middle])
        run("INSERT INTO registry_ledgerpayload (seq, salt) VALUES (5000, '')")
    assert codes()[:2] == ["payload_missing", "payload_stray"]


@pytest.mark.parametrize(
    ("secretly", "code"),
    [
        ("UPDATE registry_cluster SET name = 'Lén'", "row_drifted"),
        ("DELETE FROM registry_clusteralias", "row_vanished"),
        (
            "INSERT INTO registry_clusteralias (cluster_id, name) SELECT id, 'Lén' FROM registry_cluster",
            "row_unrecorded",
        ),
        ("UPDATE auth_group SET name = 'Lén' WHERE id = (SELECT min(id) FROM auth_group)", "row_drifted"),
        # Who holds the right keeps its number, and holds another right.
        ("UPDATE auth_permission SET codename = 'approve_' WHERE codename = 'approve'", "row_drifted"),
        ("UPDATE django_content_type SET model = 'lén' WHERE model = 'cluster'", "row_drifted"),
        (
            "INSERT INTO auth_permission (name, content_type_id, codename)"
            " SELECT 'Lén', min(id), 'len' FROM django_content_type",
            "row_unrecorded",
        ),
    ],
)
def test_a_row_changed_behind_the_ledgers_back_is_found(middle: int, secretly: str, code: str):
    with unguarded():
        run(secretly)
    assert set(codes()) == {code}


def test_a_value_changed_and_changed_back_behind_the_ledgers_back_breaks_the_next_entry(world: World):
    with unguarded():
        run("UPDATE registry_clusteralias SET name = 'Lén'")
    ClusterAlias.objects.update(name="Giang Biên I")
    assert codes() == ["before_differs"]


def test_a_drift_that_is_understood_can_be_recorded_with_a_reason(middle: int):
    with unguarded():
        run("UPDATE registry_cluster SET name = 'Lén'")
        run("DELETE FROM registry_clusteralias")
    before, out = head()[0], StringIO()
    call_command("verify_ledger", record_drift="sửa tay khi mất điện", actor="minh", stdout=out)
    assert out.getvalue().startswith("Đã ghi 3 dòng vào sổ cái.\n")
    assert {(entry.op, entry.actor, entry.reason) for entry in entries_after(before)} == {
        ("migrate", "minh", "sửa tay khi mất điện")
    }
    assert codes() == []


def test_every_trigger_that_is_dropped_is_found(middle: int):
    from registry.ledger import arming
    from registry.ledger.engines import engine_of

    for name, statement in engine_of(connection).installed(connection).items():
        if not name.startswith("trigger"):
            continue
        if POSTGRESQL:
            run("SET CONSTRAINTS ALL IMMEDIATE")
        for step in engine_of(connection).drop(name):
            run(step)
        assert arming.disagreements(connection) == [("trigger_missing", name)]
        for step in engine_of(connection).create(name, statement):
            run(step)
    assert codes() == []


def test_an_edited_trigger_is_found(middle: int):
    if POSTGRESQL:
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("DROP TRIGGER ledger_3_capture ON registry_cluster")
        run("CREATE TRIGGER ledger_3_capture AFTER INSERT OR DELETE OR UPDATE ON registry_cluster FOR EACH ROW"
            " EXECUTE FUNCTION ledger_capture('id', '{search_text,sort_key,name}', 'cluster', 'id')")  # fmt: skip
        run("ALTER TABLE registry_cluster ENABLE ALWAYS TRIGGER ledger_3_capture")
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'ledger_update_registry_cluster'")
            (text,) = cursor.fetchone()
        run("DROP TRIGGER ledger_update_registry_cluster")
        run(text.replace('OLD."name" IS NOT NEW."name"', "0"))
    assert codes()[0] == "trigger_altered"


def test_a_trigger_that_is_not_the_ledgers_own_is_found_on_its_tables(middle: int):
    if POSTGRESQL:
        run("CREATE TRIGGER aaa BEFORE INSERT ON registry_ledgerentry FOR EACH ROW"
            " EXECUTE FUNCTION suppress_redundant_updates_trigger()")  # fmt: skip
    else:
        run("CREATE TRIGGER aaa BEFORE INSERT ON registry_ledgerentry BEGIN SELECT 1; END")
    assert codes() == ["trigger_unknown"]


@pytest.mark.skipif(not POSTGRESQL, reason="only PostgreSQL has it")
@pytest.mark.parametrize(
    "tamper",
    [
        "ALTER TABLE registry_cluster DISABLE TRIGGER ledger_3_capture",
        "ALTER TABLE registry_cluster ENABLE TRIGGER ledger_3_capture",
        "ALTER FUNCTION ledger_capture() SECURITY INVOKER",
        "ALTER FUNCTION ledger_capture() RESET ALL",
        "CREATE OR REPLACE FUNCTION ledger_lock() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "ALTER FUNCTION ledger_seal_entry() RENAME TO sealed",
    ],
)
def test_an_altered_function_or_a_sleeping_trigger_is_found(middle: int, tamper: str):
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(tamper)
    assert set(codes()) <= {"trigger_altered", "trigger_missing"}
    assert codes() != []


def test_the_system_check_warns_of_triggers_that_are_not_right(middle: int):
    from django.core.checks import run_checks

    assert [message.id for message in run_checks(databases=["default"])] == []
    if POSTGRESQL:
        run("SET CONSTRAINTS ALL IMMEDIATE")
    run(
        "DROP TRIGGER ledger_4_truncate ON registry_cluster"
        if POSTGRESQL
        else "DROP TRIGGER ledger_insert_registry_cluster"
    )
    assert [message.id for message in run_checks(databases=["default"])] == ["ledger.W001"]


def test_the_exported_file_is_verified_without_django_or_database(middle: int, tmp_path: Path):
    seq, noted = head()
    done = alone(tmp_path / "ledger.jsonl", exported(), "--anchor", f"{seq}:{noted}")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{seq} mục, dấu cuối {noted}, 0 mốc: nguyên vẹn.\n"
    assert alone(tmp_path / "ledger.jsonl", exported(), "--anchor", f"{seq}:{flip(noted)}").returncode == 1
    assert alone(tmp_path / "ledger.jsonl", exported(), "--anchor", "khác").returncode == 2


def test_a_file_that_is_no_export_is_refused(tmp_path: Path):
    assert alone(tmp_path / "ledger.jsonl", [{"khác": 1}]).returncode == 2
    assert alone(tmp_path / "ledger.jsonl", []).returncode == 2
    missing = subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), str(tmp_path / "không có")], capture_output=True
    )
    assert missing.returncode == 2


@pytest.mark.parametrize("brackets", ["[" * 100_000, '{"registry_redactedentry": ' + "[" * 100_000])
def test_a_line_that_nobody_wrote_in_earnest_is_a_finding(middle: int, tmp_path: Path, brackets: str):
    path = tmp_path / "ledger.jsonl"
    alone(path, exported())
    heading, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(f"{heading}\n{brackets}\n{rest}", encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", "-S", str(VERIFIER), path], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("line_unreadable · Dòng 2:")


def test_a_file_cannot_steer_the_terminal(middle: int, tmp_path: Path):
    lines = exported()
    lines[-2] |= {"hash": "nguyên vẹn.\x1b[8m\u202e", "row_id": "\x1b[2J"}
    done = alone(tmp_path / "ledger.jsonl", lines)
    assert done.returncode == 1
    assert "nguyên vẹn.\\u001b[8m\\u202e" in done.stdout
    assert [char for char in done.stdout if not char.isprintable() and char != "\n"] == []
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("verify_ledger", "--file", str(tmp_path / "ledger.jsonl"), stdout=out)
    assert "\x1b" not in out.getvalue() + str(refused.value)


@pytest.mark.parametrize("seq", ["x", 1.0, None, [], True])
def test_a_number_that_is_none_is_a_finding(middle: int, tmp_path: Path, seq: object):
    lines = exported()
    lines[-2]["seq"] = seq
    done = alone(tmp_path / "ledger.jsonl", lines, "--anchor", "1:" + "0" * 64)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"line_unreadable · Dòng {len(lines) - 1}:" in done.stdout


def test_a_name_that_says_two_things_is_refused(middle: int, tmp_path: Path):
    path = tmp_path / "ledger.jsonl"
    alone(path, exported())
    heading, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(f'{heading}\n{{"actor": "somebody else", {rest[1:]}', encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", "-S", str(VERIFIER), path], capture_output=True, text=True)
    assert (done.returncode, done.stdout.startswith("line_unreadable · Dòng 2:")) == (1, True)


def test_an_ending_that_counts_otherwise_is_found(middle: int, tmp_path: Path):
    lines = exported()
    lines[-1]["entries"] = 5
    done = alone(tmp_path / "ledger.jsonl", lines)
    assert (done.returncode, done.stdout.startswith("export_ending_differs · ")) == (1, True)


@pytest.mark.parametrize(
    "wrong", ["²:" + "0" * 64, "9" * 5000 + ":" + "0" * 64, "1:" + "x" * 64, "1:" + " " * 64]
)
def test_an_anchor_is_a_number_and_a_hash_in_letters_of_any_case(wrong: str):
    assert anchor("7:" + "AF" * 32) == (7, "af" * 32)
    with pytest.raises((ValueError, argparse.ArgumentTypeError)):
        anchor(wrong)


def test_the_commands_export_and_verify(middle: int, tmp_path: Path):
    path, out = tmp_path / "ledger.jsonl", StringIO()
    call_command("export_ledger", str(path), stderr=out)
    assert out.getvalue() == f"Đã xuất {head()[0]} mục ra {path}.\n"
    for options in ([], ["--file", str(path)], ["--anchor", f"{head()[0]}:{head()[1]}"]):
        out = StringIO()
        call_command("verify_ledger", *options, stdout=out)
        assert out.getvalue() == f"{head()[0]} mục, dấu cuối {head()[1]}, 0 mốc: nguyên vẹn.\n"
    with pytest.raises(CommandError) as refusal:
        call_command("export_ledger", str(path))
    assert refusal.value.returncode == 2
    path.write_text(path.read_text().replace("Giang Biên I", "Giang Biên X"))
    assert exit_code("verify_ledger", "--file", str(path)) == 1
    assert exit_code("verify_ledger", "--file", str(tmp_path / "không có")) == 2
    assert exit_code("verify_ledger", "--anchor", f"{head()[0]}:{'0' * 64}") == 1


def exit_code(*arguments: str) -> int:
    with pytest.raises(CommandError) as refusal:
        call_command(*arguments, stdout=StringIO())
    return refusal.value.returncode


@pytest.mark.parametrize("name", ["verify_ledger", "export_ledger"])
def test_the_commands_say_what_their_exit_codes_mean(name: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        call_command(name, "--help")
    assert ended.value.code == 0
    assert "Kết thúc với 0:" in " ".join(capsys.readouterr().out.split())


@pytest.mark.django_db(transaction=True)
def test_the_commands_of_the_page_run_as_they_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    Investor.objects.create(name="Shinec")
    monkeypatch.setenv("DATABASE_URL", database_url())
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    page = (ROOT / "docs" / "ledger.md").read_text(encoding="utf-8")
    for line in "".join(re.findall(r"```sh\n(.*?)```", page, re.DOTALL)).splitlines():
        command = re.sub(r"(manage\.py|registry/\S+\.py)", rf"{ROOT}/\1", line)
        ran = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True)
        assert (ran.returncode, "Traceback" in ran.stderr) == (0, False), f"{line}\n{ran.stdout}{ran.stderr}"
