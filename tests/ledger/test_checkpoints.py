"""Signed checkpoints: whoever keeps one outside finds a ledger that was rewritten, cut or exchanged."""

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from registry.ledger import verify_export
from registry.ledger.checkpoints import (
    KeyMissing,
    TablesDiffer,
    checkpoint,
    new_key,
    public_half,
    sign,
    signing_key,
    unsigned_since,
    verifier_keys,
)
from registry.ledger.context import recorded
from registry.ledger.entries import head
from registry.ledger.export import export
from registry.ledger.verify import verify
from registry.ledger.verify_export import HASHED, Checkpoint, digest, ed25519_verified, entry_hash
from registry.models import Investor, LedgerCheckpoint
from tests.ledger.conftest import World
from tests.ledger.rows import run, unguarded
from tests.ledger.test_guards import publish, refused

VERIFIER = Path(verify_export.__file__)
AT = datetime(2026, 11, 22, 1, 2, 3, 456789, tzinfo=UTC)


@pytest.fixture
def signed(world: World, settings: Any, tmp_path: Path) -> list[str]:
    """Three checkpoints over a ledger in which something was published, with an edit between any two."""
    settings.CHECKPOINT_KEY_FILE, settings.CHECKPOINT_VERIFIER_KEYS = str(tmp_path / "key.pem"), []
    notes = []
    for name in ("Shinec", "Shinec 2", "Shinec 3"):
        Investor.objects.update(name=name)
        if name == "Shinec 2":
            publish(1)
        made = checkpoint(connection, AT)
        assert made is not None
        notes.append(made.note)
    return notes


def codes(kept: list[str] | None = None) -> list[str]:
    return [finding.code for finding in verify(connection, kept=kept or ()).problems]


def exported() -> list[dict[str, Any]]:
    file = StringIO()
    export(connection, file)
    return [json.loads(line) for line in file.getvalue().removesuffix("\n").split("\n")]


def alone(folder: Path, lines: list[dict[str, Any]], *options: str) -> subprocess.CompletedProcess[str]:
    """The verifier by itself: no Django, no site-packages."""
    path = folder / "ledger.jsonl"
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8", newline="\n")
    return subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), str(path), *options],
        env={"PYTHONIOENCODING": "utf-8"}, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip


# The signature


@given(st.binary(max_size=300), st.integers(0, 511), st.binary(min_size=32, max_size=32))
def test_our_reading_of_ed25519_agrees_with_the_library(message: bytes, bit: int, seed: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    signature = bytearray(key.sign(message))
    assert ed25519_verified(public, message, bytes(signature))
    assert not ed25519_verified(public, message + b".", bytes(signature))
    signature[bit // 8] ^= 1 << bit % 8
    assert not ed25519_verified(public, message, bytes(signature))


def test_the_first_example_of_rfc_8032() -> None:
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
        "655141438e7a100b"
    )
    assert ed25519_verified(public, b"", signature)
    assert not ed25519_verified(public, b"", signature[:32] + bytes(32))
    assert not ed25519_verified(bytes(31), b"", signature)


# Made


def test_a_checkpoint_says_where_the_ledger_stands(signed: list[str]) -> None:
    last = Checkpoint.read(signed[-1])
    assert (last.number, last.seq, last.hash) == (3, *head())
    assert (last.at, last.origin) == ("2026-11-22T01:02:03.456789Z", "hai-phong-registry")
    assert last.previous == Checkpoint.read(signed[1]).digest
    assert last.rows == {"registry_publication": 1, "registry_statement": 0}
    assert last.signed_by(verifier_keys())
    assert codes(signed) == []


def test_nothing_new_is_not_signed_again_and_leaves_the_ledger_alone(signed: list[str]) -> None:
    before = head()
    assert checkpoint(connection, AT) is None
    assert (LedgerCheckpoint.objects.count(), head()) == (3, before)


def test_tables_that_differ_from_the_ledger_are_not_signed(signed: list[str]) -> None:
    with unguarded():
        run("DELETE FROM registry_publication")
    Investor.objects.update(name="Khác")
    with pytest.raises(TablesDiffer, match="registry_publication có 0 dòng, sổ cái nói 1"):
        checkpoint(connection, AT)


def test_without_a_key_nothing_is_signed(world: World, settings: Any, tmp_path: Path) -> None:
    settings.CHECKPOINT_KEY_FILE = ""
    with pytest.raises(KeyMissing, match="CHECKPOINT_KEY_FILE"):
        checkpoint(connection, AT)
    settings.CHECKPOINT_KEY_FILE = str(tmp_path / "broken.pem")
    (tmp_path / "broken.pem").write_text("không phải khóa", encoding="utf-8")
    with pytest.raises(KeyMissing, match="Không đọc được"):
        checkpoint(connection, AT)
    assert not LedgerCheckpoint.objects.exists()
    assert codes() == []


def test_a_key_is_its_owners_alone_and_never_overwritten(tmp_path: Path, settings: Any) -> None:
    path = tmp_path / "sub" / "key.pem"
    new_key(path)
    text = path.read_bytes()
    new_key(path)
    assert path.read_bytes() == text
    assert path.stat().st_mode & 0o077 == 0
    assert [p.name for p in path.parent.iterdir()] == ["key.pem"]
    settings.CHECKPOINT_KEY_FILE = str(path)
    assert isinstance(signing_key(), Ed25519PrivateKey)


def test_former_keys_are_still_ours(signed: list[str], settings: Any, tmp_path: Path) -> None:
    former = verifier_keys()
    settings.CHECKPOINT_KEY_FILE = str(tmp_path / "second.pem")
    assert "checkpoint_signature_wrong" in codes()
    settings.CHECKPOINT_VERIFIER_KEYS = list(former)
    assert codes() == []


@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET seq = 1"])
def test_checkpoints_never_change(signed: list[str], statement: str) -> None:
    with refused("ledger_append_only"):
        run(statement.format("registry_ledgercheckpoint"))


# Found


def rewrite() -> None:
    """What an owner of the database can do: change an old payload and make every hash after it again."""
    lines = exported()[1:-1]
    entries = [line for line in lines if "seq" in line]
    changed = next(entry for entry in entries if entry["after"] and "Shinec 2" in entry["after"])
    changed["after"] = changed["after"].replace("Shinec 2", "Khác hẳn")
    changed["after_digest"] = digest(changed["salt"], changed["after"])
    following = entries[entries.index(changed) + 1 :]
    for entry in following:
        if entry["before"] and "Shinec 2" in entry["before"]:
            entry["before"] = entry["before"].replace("Shinec 2", "Khác hẳn")
            entry["before_digest"] = digest(entry["salt"], entry["before"])
    by_seq = {entry["seq"]: entry for entry in entries}
    with unguarded():
        for entry in [changed, *following]:
            entry["prev"] = by_seq[entry["seq"] - 1]["hash"]
            if entry["after"] and '"ledger_hash"' in entry["after"]:
                row = json.loads(entry["after"])
                old, row["ledger_hash"] = row["ledger_hash"], by_seq[row["ledger_seq"]]["hash"]
                entry["after"] = entry["after"].replace(old, row["ledger_hash"])
                entry["after_digest"] = digest(entry["salt"], entry["after"])
                run("UPDATE registry_publication SET ledger_hash = %s", [row["ledger_hash"]])
            entry["hash"] = entry_hash(*(entry[name] for name in HASHED))
            run(
                "UPDATE registry_ledgerentry SET before_digest = %s, after_digest = %s, prev = %s, hash = %s"
                " WHERE seq = %s",
                [entry["before_digest"], entry["after_digest"], entry["prev"], entry["hash"], entry["seq"]],
            )
            run(
                "UPDATE registry_ledgerpayload SET before = %s, after = %s WHERE seq = %s",
                [entry["before"], entry["after"], entry["seq"]],
            )


def test_a_ledger_rewritten_with_all_its_hashes_is_found(signed: list[str], tmp_path: Path) -> None:
    rewrite()
    # The checkpoint from before what was changed still agrees; without the others nobody could tell.
    assert codes() == ["checkpoint_differs"] * 2
    with unguarded():
        run("DELETE FROM registry_ledgercheckpoint")
    assert codes() == []
    assert codes(signed[2:]) == ["checkpoint_missing", "checkpoint_differs"]
    kept = tmp_path / "kept.txt"
    kept.write_bytes(signed[2].encode())
    done = alone(tmp_path, exported(), "--checkpoint", str(kept), "--key", verifier_keys()[0])
    assert done.returncode == 1
    assert "checkpoint_differs · Mốc 3 (2026-11-22T01:02:03.456789Z)" in done.stdout
    with pytest.raises(CommandError, match="2 sai lệch"):
        call_command("verify_ledger", "--checkpoint", str(kept), stdout=StringIO())


def test_a_ledger_cut_short_or_taken_from_a_backup_is_found(signed: list[str]) -> None:
    last = Checkpoint.read(signed[1]).seq
    with unguarded():
        run("DELETE FROM registry_ledgerpayload WHERE seq > %s", [last])
        run("DELETE FROM registry_ledgerentry WHERE seq > %s", [last])
        assert "ledger_cut" in codes()
        run("DELETE FROM registry_ledgercheckpoint WHERE number = 3")
        run("UPDATE registry_investor SET name = 'Shinec 2'")
    assert codes() == []
    assert codes(signed[2:]) == ["checkpoint_missing", "ledger_cut"]


FORGERIES: dict[str, tuple[Callable[[str], str], str]] = {
    "moment": (
        lambda note: note.replace("at 2026-11-22T01", "at 2026-11-22T02"),
        "checkpoint_signature_wrong",
    ),
    "rows": (lambda note: note.replace("publication 1", "publication 2"), "checkpoint_signature_wrong"),
    "signature": (
        lambda note: note[:-10] + ("A" if note[-10] != "A" else "B") + note[-9:],
        "checkpoint_signature_wrong",
    ),
    "nothing": (lambda note: "", "checkpoint_unreadable"),
    "no_signature": (lambda note: note.partition("\n\n")[0] + "\n\n", "checkpoint_unreadable"),
    "a_line_more": (lambda note: note.replace("\n\n", "\nrows\n\n"), "checkpoint_unreadable"),
    "a_letter_after_the_signature": (lambda note: f"{note}x", "checkpoint_unreadable"),
    "words_after_the_signature": (lambda note: f"{note}\nNothing above is true.\n", "checkpoint_unreadable"),
    "a_word_for_a_number": (lambda note: note.replace("number 2", "number hai"), "checkpoint_unreadable"),
}


@pytest.mark.parametrize("way", FORGERIES)
def test_a_forged_checkpoint_is_found(signed: list[str], tmp_path: Path, way: str) -> None:
    forge, code = FORGERIES[way]
    forged = forge(signed[1])
    assert forged != signed[1]
    with unguarded():
        run("UPDATE registry_ledgercheckpoint SET note = %s WHERE number = 2", [forged])
    assert codes()[0] == code
    done = alone(tmp_path, exported(), "--key", verifier_keys()[0])
    assert (done.returncode, done.stdout.split(" ")[0]) == (1, code)


@pytest.mark.parametrize(("number", "code"), [(1, "checkpoint_out_of_order"), (2, "checkpoint_out_of_order")])
def test_a_removed_checkpoint_is_found(signed: list[str], number: int, code: str) -> None:
    with unguarded():
        run("DELETE FROM registry_ledgercheckpoint WHERE number = %s", [number])
    assert codes()[0] == code


def test_a_checkpoint_signed_by_somebody_else_is_found(signed: list[str], tmp_path: Path) -> None:
    text = signed[2].partition("\n\n")[0] + "\n"
    forged = sign(Ed25519PrivateKey.generate(), "hai-phong-registry", text)
    with unguarded():
        run("UPDATE registry_ledgercheckpoint SET note = %s WHERE number = 3", [forged])
    assert codes() == ["checkpoint_signature_wrong"]
    # Without a key nobody can tell, and the verifier says that it did not look.
    done = alone(tmp_path, exported())
    assert (done.returncode, "chưa kiểm tra chữ ký" in done.stdout) == (0, True)


def test_a_checkpoint_that_was_exchanged_breaks_the_link(signed: list[str]) -> None:
    text = signed[1].partition("\n\n")[0].replace("at 2026-11-22T01", "at 2026-11-21T01") + "\n"
    with unguarded():
        resigned = sign(signing_key(), "hai-phong-registry", text)
        run("UPDATE registry_ledgercheckpoint SET note = %s WHERE number = 2", [resigned])
    assert codes() == ["checkpoint_row_differs", "checkpoint_link_broken"]
    with unguarded():
        LedgerCheckpoint.objects.filter(number=2).update(at=Checkpoint.read(resigned).at)
    assert codes() == ["checkpoint_link_broken"]


def test_a_note_with_other_letters_is_a_finding_and_no_failure(signed: list[str]) -> None:
    with unguarded():
        note = signed[2].rpartition(" ")
        run("UPDATE registry_ledgercheckpoint SET note = %s WHERE number = 3", [f"{note[0]} é{note[2][1:]}"])
    assert "checkpoint_signature_wrong" in codes()


@pytest.mark.parametrize("nonsense", ["bia", "signed by another key"])
@pytest.mark.parametrize("number", [0, 4, 5, 77])
def test_nonsense_that_the_application_put_there_is_named_once_and_stops_nothing(
    signed: list[str], nonsense: str, number: int, tmp_path: Path
) -> None:
    """On PostgreSQL the application's role may add checkpoints; that night's command runs with it too."""
    text = signed[2].partition("\n\n")[0].replace("number 3", f"number {number}") + "\n"
    forged = nonsense if nonsense == "bia" else sign(Ed25519PrivateKey.generate(), "hai-phong-registry", text)
    code = "checkpoint_unreadable" if nonsense == "bia" else "checkpoint_signature_wrong"
    LedgerCheckpoint.objects.create(number=number, seq=10**9, at="x", note=forged)
    for night in (1, 2):
        with recorded(actor="lan"):
            Investor.objects.update(name=f"Đêm {night}")
        assert unsigned_since()
        assert checkpoint(connection, AT + timedelta(days=night))
    assert unsigned_since() is None
    assert {finding for finding in codes() if finding != "checkpoint_row_differs"} == {code}
    done = alone(tmp_path, exported(), "--key", verifier_keys()[0])
    assert [line.split(" ")[0] for line in done.stdout.splitlines()[:-1]] == [code]


def test_wrong_rows_under_a_right_signature_are_found(signed: list[str]) -> None:
    text = signed[2].partition("\n\n")[0].replace("publication 1", "publication 2") + "\n"
    with unguarded():
        resigned = sign(signing_key(), "hai-phong-registry", text)
        run("UPDATE registry_ledgercheckpoint SET note = %s WHERE number = 3", [resigned])
    assert codes() == ["checkpoint_rows_differ"]


# Said


def test_the_command_signs_prints_and_says_when_there_is_nothing_new(
    world: World, settings: Any, tmp_path: Path
) -> None:
    settings.CHECKPOINT_KEY_FILE = str(tmp_path / "key.pem")
    out = StringIO()
    call_command("checkpoint", "--new-key", stdout=out)
    assert out.getvalue().strip() == public_half(signing_key(), "hai-phong-registry")
    out = StringIO()
    call_command("checkpoint", stdout=out)
    assert out.getvalue() == LedgerCheckpoint.objects.get().note
    out, said = StringIO(), StringIO()
    call_command("checkpoint", stdout=out, stderr=said)
    assert out.getvalue() == LedgerCheckpoint.objects.get().note
    assert "không ký thêm" in said.getvalue()
    settings.CHECKPOINT_KEY_FILE = ""
    with pytest.raises(CommandError, match="CHECKPOINT_KEY_FILE") as caught:
        call_command("checkpoint", stdout=out)
    assert caught.value.returncode == 1


@pytest.mark.parametrize(
    "key", ["", "x", "a+b+c", "hai-phong-registry+00000000+" + b64encode(bytes(33)).decode()]
)
def test_the_verifier_refuses_what_is_no_key(signed: list[str], tmp_path: Path, key: str) -> None:
    done = alone(tmp_path, exported(), "--key", key)
    assert (done.returncode, done.stdout) == (2, "")
    assert "TÊN+MÃ+KHÓA" in done.stderr


def test_a_verifier_key_is_written_as_signed_notes_write_it() -> None:
    # The example of golang.org/x/mod/sumdb/note.
    name, key_id, public = verify_export.verifier_key(
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    )
    assert (name, key_id.hex(), len(public)) == ("PeterNeumann", "c74f20a3", 32)
    note = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    signature = b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    assert signature[:4] == key_id
    assert ed25519_verified(public, note.encode(), signature[4:])


def test_a_key_is_no_proof_where_nothing_is_signed(signed: list[str], tmp_path: Path) -> None:
    """A ledger written anew, its signed notes left out, contradicts nothing: that alone is said."""
    lines = [line for line in exported() if "note" not in line]
    done = alone(tmp_path, lines, "--key", verifier_keys()[0])
    assert done.returncode == 1
    assert done.stdout.startswith("checkpoint_none · ")
    assert alone(tmp_path, lines).returncode == 0
