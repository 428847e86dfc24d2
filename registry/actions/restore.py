"""A backup put into an empty database, believed only after everything about it was checked."""

from collections.abc import Mapping
from pathlib import Path

from django.contrib.sessions.models import Session
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from registry import RELEASE
from registry.actions.backups import BackupRefused, Manifest, anchors_of, read_manifest
from registry.actions.copies import copier_of, facts_here
from registry.actions.proof import prove

_SIGNATURE = "checkpoint_signature_wrong"
_WHICH_KEY = (
    " Chữ ký của mốc được kiểm bằng khóa trong tệp CHECKPOINT_KEY_FILE và các khóa trong CHECKPOINT_VERIFIER_KEYS: nếu "
    "khóa cũ đã mất cùng máy cũ, hãy ghi khóa kiểm tra đã công bố của nó (TÊN+MÃ+KHÓA) vào CHECKPOINT_VERIFIER_KEYS."
)


def restore(backup: Path, anchors: Mapping[int, str], *, unsigned: bool = False) -> Manifest:
    """Put the backup where the settings say, which must be empty; what it said of itself.

    Checked before anything is touched: the manifest's signature (see `read_manifest`), the file, the engine, that
    this release made it. Checked on what was restored: every count, the ledger with the manifest's and the given
    anchors, that the editions are what the publications give. On SQLite the database appears only after that.
    Sessions are not brought back: everybody logs in again. Raises BackupRefused, CopyFailed.
    """
    manifest = read_manifest(backup, unsigned=unsigned)
    if manifest.engine != connection.vendor:
        raise BackupRefused(
            "engine_other",
            f"Bản sao lưu là của {manifest.engine}, DATABASE_URL là {connection.vendor}. Hãy sửa DATABASE_URL.",
        )
    _refuse_other_release(manifest)
    copier = copier_of(connection)
    if not copier.is_empty():
        raise BackupRefused(
            "target_not_empty",
            "Nơi khôi phục đã có dữ liệu và không bao giờ bị ghi đè. Hãy đặt DATABASE_URL (hoặc VAR_DIR) sang một cơ "
            "sở dữ liệu trống, hoặc tự dời dữ liệu cũ đi.",
        )
    with copier.filled(backup / manifest.file):
        _prove(manifest, anchors)
        Session.objects.all().delete()
    return manifest


def _refuse_other_release(manifest: Manifest) -> None:
    ours = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    if set(manifest.facts.migrations) != ours:
        raise BackupRefused(
            "release_other",
            f"Bản sao lưu do bản phát hành {manifest.release} tạo, khác với bản đang chạy ({RELEASE}). Hãy khôi phục "
            "bằng đúng bản phát hành đó, rồi nâng cấp.",
        )


def _prove(manifest: Manifest, anchors: Mapping[int, str]) -> None:
    """Raises BackupRefused for the first thing that is not as it should be."""
    if (found := facts_here()) != manifest.facts:
        named = [name for name in manifest.facts.rows if found.rows.get(name) != manifest.facts.rows[name]]
        raise _unsound(f"số dòng khác với bản kê: {', '.join(named) or 'sổ cái'}")
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
