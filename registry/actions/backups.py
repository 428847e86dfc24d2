"""Backups: everything the database holds at one moment, and a manifest that says what that was.

A backup is a folder `registry-<moment>` with one file of data (PostgreSQL's custom format), or two (SQLite's own), and
`manifest.json`. It is made under a hidden name and gets its own at the very end: what was killed half-way never looks
whole. Nobody waits for it, and it does not matter who writes meanwhile.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from registry import RELEASE
from registry.actions.copies import CopyFailed, Facts, copier_of, make_private
from registry.ledger.context import lock
from registry.queries.api_keys import mark_of_pepper
from registry.rules.database_files import unwritable
from registry.rules.database_servers import is_unreachable
from registry.rules.problems import Problem

FORMAT, VERSION = "hai-phong-registry backup", 1
MANIFEST = "manifest.json"
_LEFT_OVER = timedelta(days=1)
#: Whoever publishes reads the clock before he waits for the ledger: on SQLite half a minute, on PostgreSQL in a queue.
_WAITING = timedelta(minutes=1)
#: So often is the ledger waited for, on SQLite half a minute each time.
_ATTEMPTS = 20


class BackupRefused(Problem):
    """Not made, or not taken; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `signature` is keyed by SECRET_KEY and covers all the rest."""

    made_at: str
    release: str
    engine: str
    file: str
    size: int
    sha256: str
    facts: Facts
    #: further files and their sha256
    beside: dict[str, str] = field(default_factory=dict)
    #: which API_KEY_PEPPER its keys need (`mark_of_pepper`); "" in those of 0.2.0
    pepper: str = ""
    format: str = FORMAT
    version: int = VERSION
    signature: str = ""

    @property
    def moment(self) -> datetime:
        """When it was begun."""
        return datetime.fromisoformat(self.made_at)

    @property
    def known_until(self) -> datetime:
        """Whatever was published by then is in it: it was copied after all who published then had ended."""
        return self.moment - _WAITING

    def signed(self) -> str:
        """The signature this content must have, in hexadecimal."""
        content = asdict(self)
        del content["signature"]
        if not self.beside:
            del content["beside"]  # 0.2.0 knew of none and signed without
        if not self.pepper:
            del content["pepper"]
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return salted_hmac("registry.backups", text, algorithm="sha256").hexdigest()

    def text(self) -> str:
        content = {**asdict(self), "signature": self.signed()}
        return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def back_up(folder: Path, at: datetime) -> tuple[Path, Manifest]:
    """Make a backup in that folder (made when missing); where it is and what it says.

    Raises BackupRefused or CopyFailed when the copy cannot be made, OSError when the folder cannot be written.
    """
    name = f"registry-{at:%Y%m%dT%H%M%SZ}"
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder, at)
    # For its owner only, as each file in it: it holds all that the database holds.
    made = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folder))
    try:
        copier = copier_of(connection)
        data = made / copier.FILE
        with closing(connection.copy()) as own:
            try:
                _wait_for_who_publishes()
                facts = copier.copy(own, data)
            except (DatabaseError, sqlite3.Error) as error:
                if is_unreachable(error):
                    raise
                raise unwritable(error) or CopyFailed(
                    "copy_failed",
                    f"Không chép được cơ sở dữ liệu vào {folder}: {error}. Hãy kiểm tra chỗ trống của ổ đĩa.",
                ) from error
        beside = sorted(path for path in made.iterdir() if path != data)
        manifest = Manifest(
            made_at=at.isoformat(timespec="seconds"),
            release=RELEASE,
            engine=connection.vendor,
            file=data.name,
            size=data.stat().st_size,
            sha256=sha256_of(data),
            facts=facts,
            beside={path.name: sha256_of(path) for path in beside},
            pepper=mark_of_pepper(),
        )
        make_private(made / MANIFEST)
        (made / MANIFEST).write_text(manifest.text(), encoding="utf-8")
        for path in (data, *beside, made / MANIFEST, made):
            flush(path)
        whole = folder / name
        if whole.exists():
            raise BackupRefused("backup_exists", f"Đã có {whole}. Hãy chờ một giây rồi chạy lại.")
        made.rename(whole)
        flush(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return whole, manifest


def _wait_for_who_publishes() -> None:
    """Until whoever has the ledger has ended: what he publishes, under a moment gone by, is then copied too.

    Nobody waits for us: the lock is given back at once.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with transaction.atomic():
                lock()
            return
        except OperationalError:  # SQLite's patience is over
            if attempt == _ATTEMPTS or connection.vendor != "sqlite":
                raise


def whole_backups(folder: Path) -> list[Path]:
    """The backups in a folder, oldest first; none when there is no such folder."""
    return sorted(path.parent for path in folder.glob(f"registry-*Z/{MANIFEST}"))


def newest_backup(folder: Path, at: datetime) -> datetime | None:
    """When the newest backup was written; None without one. What a clock that ran ahead wrote proves nothing."""
    written = [path.stat().st_mtime for path in whole_backups(folder)]
    known = [moment for moment in written if moment <= at.timestamp()]
    return datetime.fromtimestamp(max(known), UTC) if known else None


def keep_newest(folder: Path, count: int, made: Path) -> list[Path]:
    """Remove all but that many of the newest backups, of which the newest is the one just made; those removed.

    Names of later moments were given by a clock that ran ahead: who knows how old they are? They stay uncounted.
    """
    old = [path for path in whole_backups(folder) if path.name <= made.name][:-count]
    for path in old:
        # First the manifest: what is half removed does not look whole either.
        (path / MANIFEST).unlink()
        shutil.rmtree(path)
    return old


def read_manifest(backup: Path, *, unsigned: bool = False) -> Manifest:
    """The manifest of a backup whose file is what it says. Nothing but files is read.

    unsigned: also one that another SECRET_KEY signed, which proves nothing of who made it. Raises BackupRefused.
    """
    manifest = _parsed(backup)
    if not unsigned and not constant_time_compare(manifest.signature, manifest.signed()):
        raise BackupRefused(
            "backup_not_signed",
            f"{backup / MANIFEST} đã bị sửa, hoặc được ký bằng SECRET_KEY khác. Nếu chắc chắn về nguồn gốc của bản sao "
            "lưu (máy cũ đã mất cùng SECRET_KEY), hãy thêm --unsigned và --anchor SỐ:DẤU đã ghi lại ở nơi khác.",
        )
    data = backup / manifest.file
    parts = {manifest.file: manifest.sha256, **manifest.beside}
    whole = all(
        (backup / name).is_file() and sha256_of(backup / name) == said for name, said in parts.items()
    )
    if not whole or data.stat().st_size != manifest.size:
        raise BackupRefused(
            "backup_damaged",
            f"{data} thiếu, hỏng hoặc đã bị sửa. Không khôi phục gì; hãy dùng bản sao lưu khác.",
        )
    return manifest


def _parsed(backup: Path) -> Manifest:
    try:
        content = json.loads((backup / MANIFEST).read_text(encoding="utf-8"))
        json.dumps(content, ensure_ascii=False).encode()  # half a surrogate pair is no text
        if (content["format"], content["version"]) != (FORMAT, VERSION):
            raise ValueError("format")
        manifest = Manifest(**{**content, "facts": Facts(**content["facts"])})
        if any(Path(name).name != name for name in (manifest.file, *manifest.beside)) or not _well_typed(
            manifest
        ):
            raise ValueError("file")
        if manifest.moment.tzinfo is None:
            raise ValueError("made_at")
    except FileNotFoundError as error:
        raise BackupRefused(
            "backup_incomplete",
            f"{backup} không phải một bản sao lưu đầy đủ: thiếu {MANIFEST}. Hãy chọn thư mục registry-….",
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BackupRefused(
            "backup_unreadable", f"Không đọc được {backup / MANIFEST}. Hãy dùng bản sao lưu khác."
        ) from error
    return manifest


def _well_typed(manifest: Manifest) -> bool:
    facts = manifest.facts
    return (
        all(
            isinstance(getattr(manifest, name), str)
            for name in ("engine", "file", "sha256", "signature", "release", "pepper")
        )
        and isinstance(manifest.beside, Mapping)
        and all(isinstance(part, str) for pair in manifest.beside.items() for part in pair)
        and isinstance(facts.rows, Mapping)
        and isinstance(facts.migrations, list)
        and isinstance(facts.ledger_seq, int)
        and isinstance(facts.ledger_hash, str)
    )


def _sweep(folder: Path, at: datetime) -> None:
    """Remove what backups that were killed left behind, when nobody can be working on it any more."""
    for path in folder.glob(".registry-*Z-*"):
        if path.stat().st_mtime < (at - _LEFT_OVER).timestamp():
            shutil.rmtree(path, ignore_errors=True)


def sha256_of(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    """Wait until a file, or a folder's list of files, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def default_folder() -> Path:
    """The setting BACKUP_DIR."""
    return Path(settings.BACKUP_DIR)


def anchors_of(manifest: Manifest) -> dict[int, str]:
    """The end of the ledger as the manifest notes it, for `verify`."""
    return {manifest.facts.ledger_seq: manifest.facts.ledger_hash} if manifest.facts.ledger_seq else {}
