"""A backup put into an empty database, believed only after everything about it was checked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from registry import RELEASE
from registry.actions.api_keys import note_pepper
from registry.actions.backups import BackupRefused, Manifest, anchors_of, read_manifest
from registry.actions.copies import PASSING, copier_of, facts_here
from registry.actions.proof import prove
from registry.ledger.context import recorded
from registry.ledger.entries import head as ledger_head
from registry.models import Publication, Recovery
from registry.queries.announcements import last_announcement
from registry.queries.api_keys import mark_of_pepper
from registry.queries.published import head
from registry.rules.problems import Problem

_SIGNATURE = "checkpoint_signature_wrong"
_WHICH_KEY = (
    " Chữ ký của mốc được kiểm bằng khóa trong tệp CHECKPOINT_KEY_FILE và các khóa trong CHECKPOINT_VERIFIER_KEYS: nếu "
    "khóa cũ đã mất cùng máy cũ, hãy ghi khóa kiểm tra đã công bố của nó (TÊN+MÃ+KHÓA) vào CHECKPOINT_VERIFIER_KEYS."
)


@dataclass(frozen=True, slots=True)
class Restored:
    """migrated: the backup was an earlier release's. keys_lost: it was made under another API_KEY_PEPPER."""

    manifest: Manifest
    recovery: Recovery
    migrated: bool
    keys_lost: bool


def restore(
    backup: Path,
    anchors: Mapping[int, str],
    *,
    at: datetime,
    unsigned: bool = False,
    other_pepper: bool = False,
) -> Restored:
    """Put the backup where the settings say, which must be empty.

    Checked before anything is touched: the manifest's signature (see `read_manifest`), the file, the engine, that
    API_KEY_PEPPER is that of the backup (unless `other_pepper`), that this release or an earlier one made it, that it
    is not from the future. Checked on what was restored: every count,
    the ledger with the manifest's and the given anchors, that the editions are what the publications give. What an
    earlier release made is migrated between the two; `migrate` itself refuses rows that are not what their ledger
    says. On SQLite the database appears only after that. Sessions are not brought back: everybody logs in again.
    Numbers go on above all that were ever given (docs/why/restored-feed.md). Raises BackupRefused, CopyFailed.
    """
    manifest = read_manifest(backup, unsigned=unsigned)
    if manifest.engine != connection.vendor:
        raise BackupRefused(
            "engine_other",
            f"Bản sao lưu là của {manifest.engine}, DATABASE_URL là {connection.vendor}. Hãy sửa DATABASE_URL.",
        )
    keys_lost = manifest.pepper not in ("", mark_of_pepper())
    if keys_lost and not other_pepper:
        raise BackupRefused(
            "pepper_other",
            "API_KEY_PEPPER khác với lúc sao lưu: mọi khóa API sẽ bị từ chối và mọi webhook sẽ ký bằng bí mật sai. Hãy "
            "đặt lại đúng API_KEY_PEPPER cũ. Nếu nó đã mất, hãy thêm --other-pepper, rồi cấp lại khóa và bí mật.",
        )
    former = _made_by_former_release(manifest)
    _refuse_future(manifest, at)
    copier = copier_of(connection)
    if not copier.is_empty():
        raise BackupRefused(
            "target_not_empty",
            "Nơi khôi phục đã có dữ liệu và không bao giờ bị ghi đè. Hãy đặt DATABASE_URL (hoặc VAR_DIR) sang một cơ "
            "sở dữ liệu trống, hoặc tự dời dữ liệu cũ đi.",
        )
    with copier.filled(backup / manifest.file):
        _compare(manifest)
        if former:
            _migrate()
        _prove(manifest, anchors)
        Session.objects.all().delete()
        note_pepper()
        return Restored(manifest, go_on_above(at=at, known_until=manifest.known_until), former, keys_lost)


def go_on_above(*, at: datetime, known_until: datetime) -> Recovery:
    """Note that what was said after `known_until`, or the last publication, is lost; give no number of it again.

    Nobody knows how many there were. But none was above the milliseconds (since 1970) of its moment: numbers begin at
    1, after a restore at those of its moment, and rise by less than a thousand a second (docs/why/restored-feed.md).
    """
    with recorded(actor="system", reason="Khôi phục từ bản sao lưu"):
        announced, published = last_announcement(), head()
        ledger_seq, ledger_hash = ledger_head()
        last = Publication.objects.order_by("-seq").first()
        return Recovery.objects.create(
            seq=max(int(at.timestamp() * 1000), announced + 1, published + 1),
            at=at,
            known_until=min(at, max(known_until, last.at)) if last else known_until,
            announcement=announced,
            publication=published,
            ledger_seq=ledger_seq,
            ledger_hash=ledger_hash,
        )


def _made_by_former_release(manifest: Manifest) -> bool:
    """Whether it has to be migrated. Raises BackupRefused when it holds what this release does not know."""
    ours = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    theirs = set(manifest.facts.migrations)
    if theirs - ours or not theirs:
        raise BackupRefused(
            "release_other",
            f"Bản sao lưu do bản phát hành {manifest.release} tạo; bản đang chạy là {RELEASE} và không hiểu hết dữ "
            f"liệu trong đó. Hãy cài bản {manifest.release} hoặc mới hơn rồi chạy lại đúng lệnh này.",
        )
    return theirs != ours


def _refuse_future(manifest: Manifest, at: datetime) -> None:
    if manifest.moment > at:
        raise BackupRefused(
            "clock_went_back",
            f"Bản sao lưu được tạo lúc {manifest.made_at}, sau giờ hiện nay của máy này. Hãy chỉnh đồng hồ rồi chạy "
            "lại: số của thông báo và lần công bố tiếp theo được đặt theo giờ khôi phục.",
        )


def _migrate() -> None:
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except (Problem, CommandError) as refused:
        raise _unsound(f"không nâng lên bản {RELEASE} được: {refused}") from refused


def _compare(manifest: Manifest) -> None:
    """Raises BackupRefused where what was put there is not what the manifest counted."""
    rows = {name: count for name, count in manifest.facts.rows.items() if name not in PASSING}
    if (found := facts_here()) != replace(manifest.facts, rows=rows):
        named = [name for name in rows if found.rows.get(name) != rows[name]]
        raise _unsound(f"số dòng khác với bản kê: {', '.join(named) or 'sổ cái'}")


def _prove(manifest: Manifest, anchors: Mapping[int, str]) -> None:
    """Raises BackupRefused for what is not as it should be."""
    if problems := prove({**anchors_of(manifest), **anchors}).problems:
        said = "; ".join(f"{finding.code} {finding.message}".removesuffix(".") for finding in problems[:5])
        raise _unsound(said, _WHICH_KEY if any(f.code == _SIGNATURE for f in problems) else "")


def _unsound(what: str, hint: str = "") -> BackupRefused:
    left = (
        ""
        if connection.vendor == "sqlite"
        else " Dữ liệu đã nằm trong cơ sở dữ liệu đích: đừng mở cho ai dùng, hãy xóa cơ sở dữ liệu đó."
    )
    return BackupRefused("backup_unsound", f"Bản sao lưu không đúng như phải có: {what}.{hint}{left}")
