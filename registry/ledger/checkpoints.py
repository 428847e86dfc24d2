"""Checkpoints: where the ledger stands, signed with a key that is kept outside the database.

Whoever owns the database could write the whole ledger anew, hashes and all. Not so that a note agrees which somebody
else has kept: verify_export.py says how one reads.
"""

import base64
import os
from collections import Counter
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from registry.ledger.context import recorded
from registry.ledger.entries import head
from registry.ledger.verify_export import COUNTED, Checkpoint, verifier_key
from registry.models.ledger import LedgerCheckpoint, LedgerEntry


class KeyMissing(Exception):
    """There is no key to sign with; the message says what to do, in Vietnamese."""


class TablesDiffer(Exception):
    """The tables hold other rows than the ledger says: nothing is signed. The message names one, in Vietnamese."""


def checkpoint(connection: BaseDatabaseWrapper, at: datetime) -> LedgerCheckpoint | None:
    """Sign where the ledger stands now; None when the last checkpoint says it already.

    Raises KeyMissing and TablesDiffer.
    """
    key = signing_key()
    with recorded():
        seq, ledger_hash = head()
        last = last_checkpoint()
        if last is not None and last.seq == seq:
            return None
        number, moment = _free_number(last), f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
        lines = [
            settings.CHECKPOINT_ORIGIN,
            str(seq),
            base64.b64encode(bytes.fromhex(ledger_hash)).decode(),
            f"number {number}",
            f"at {moment}",
            f"previous {last.digest if last else '-'}",
            *(f"rows {table} {count}" for table, count in _counts(connection, last)),
        ]
        note = sign(key, settings.CHECKPOINT_ORIGIN, "\n".join(lines) + "\n")
        return LedgerCheckpoint.objects.create(number=number, seq=seq, at=moment, note=note)


def last_checkpoint() -> Checkpoint | None:
    """The last one that we signed, whatever somebody else put after it; if none is, the last that can be read."""
    keys, readable = verifier_keys(), None
    for note in LedgerCheckpoint.objects.order_by("-number").values_list("note", flat=True).iterator():
        try:
            one = Checkpoint.read(note)
        except ValueError:
            continue
        if one.signed_by(keys):
            return one
        readable = readable or one
    return readable


def _free_number(last: Checkpoint | None) -> int:
    number = (last.number if last else 0) + 1
    taken = set(LedgerCheckpoint.objects.filter(number__gte=number).values_list("number", flat=True))
    while number in taken:
        number += 1
    return number


def _counts(connection: BaseDatabaseWrapper, last: Checkpoint | None) -> list[tuple[str, int]]:
    """The rows of what is said in public, as the table and the ledger say with one voice.

    Of the working tables nothing: how many drafts there are is nobody's business.
    """
    said = Counter(last.rows if last else {})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, count(*) FROM registry_ledgerentry WHERE seq > %s AND table_name IN (%s, %s)"
            " AND op = 'insert' GROUP BY table_name",
            [last.seq if last else 0, *COUNTED],
        )
        said.update(dict(cursor.fetchall()))
        for table in COUNTED:
            cursor.execute(f"SELECT count(*) FROM {table}")
            if (found := cursor.fetchone()[0]) != said[table]:
                raise TablesDiffer(
                    f"Bảng {table} có {found} dòng, sổ cái nói {said[table]}: chưa ký mốc. Hãy chạy verify_ledger."
                )
    return [(table, said[table]) for table in COUNTED]


def unsigned_since() -> datetime | None:
    """When the oldest entry was written that no checkpoint vouches for; None when every entry has one."""
    last = last_checkpoint()
    at = (
        LedgerEntry.objects.filter(seq__gt=last.seq if last else 0)
        .order_by("seq")
        .values_list("at", flat=True)
        .first()
    )
    return datetime.fromisoformat(at) if at else None


def sign(key: Ed25519PrivateKey, name: str, text: str) -> str:
    """The text, which ends with a line break, as a signed note."""
    _, key_id, _ = verifier_key(public_half(key, name))
    signature = base64.b64encode(key_id + key.sign(text.encode())).decode()
    return f"{text}\n— {name} {signature}\n"


def public_half(key: Ed25519PrivateKey, name: str) -> str:
    """The verifier key `NAME+ID+KEY` that goes with it."""
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    typed = b"\x01" + raw
    key_id = sha256(name.encode() + b"\n" + typed).hexdigest()[:8]
    return f"{name}+{key_id}+{base64.b64encode(typed).decode()}"


def verifier_keys() -> tuple[str, ...]:
    """The keys whose checkpoints are ours: today's, if it is here, and the former ones."""
    try:
        return public_half(signing_key(), settings.CHECKPOINT_ORIGIN), *settings.CHECKPOINT_VERIFIER_KEYS
    except KeyMissing:
        return tuple(settings.CHECKPOINT_VERIFIER_KEYS)


def signing_key() -> Ed25519PrivateKey:
    """The private key of the setting CHECKPOINT_KEY_FILE. On a person's own machine it is made when it is not there."""
    if not settings.CHECKPOINT_KEY_FILE:
        raise KeyMissing("Chưa đặt CHECKPOINT_KEY_FILE: tệp khóa Ed25519 (PEM) dùng để ký mốc của sổ cái.")
    path = Path(settings.CHECKPOINT_KEY_FILE)
    if settings.LOCAL and not path.exists():
        new_key(path)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise KeyMissing(f"Không đọc được khóa ký mốc {path}: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMissing(f"Khóa ký mốc {path} không phải là khóa Ed25519.")
    return key


def new_key(path: Path) -> None:
    """Make a private key that only its owner can read. A file that exists stays as it is."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    with open(unfinished, "xb", opener=lambda p, flags: os.open(p, flags, 0o600)) as file:
        file.write(pem)
    try:
        os.link(unfinished, path)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()
