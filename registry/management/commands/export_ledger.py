import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from registry.ledger.export import Place, export, export_after
from registry.ledger.verify_export import anchor
from registry.rules.problems import Problem

#: Lines between two notes of how far it came.
_PORTION = 10_000
_ALL = 2**62


class Command(BaseCommand):
    help = (
        "Xuất toàn bộ sổ cái ra tệp, mỗi mục một dòng JSON; registry/ledger/verify_export.py kiểm tra được tệp này "
        "ở bất cứ đâu. Với --after hoặc --cursor: chỉ các mục mới, ghi nối vào tệp, cho hệ thống giám sát (SIEM). "
        "Kết thúc với 0: đã xuất; 1: sổ cái không còn là sổ đã đọc lần trước; 2: lệnh sai hoặc không ghi được tệp."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", help="tệp cần ghi, tệp mới nếu xuất toàn bộ; bỏ trống để in ra màn hình"
        )
        place = parser.add_mutually_exclusive_group()
        place.add_argument("--after", type=int, metavar="SỐ", help="chỉ các mục sau mục số này; 0 là từ đầu")
        place.add_argument(
            "--cursor",
            metavar="TỆP",
            help="chỉ các mục sau mục ghi trong tệp này; sau khi xuất, tệp ghi mục cuối đã xuất",
        )
        parser.add_argument("--limit", type=int, default=_ALL, metavar="N", help="nhiều nhất N mục mới")

    def handle(self, *args: Any, **options: Any) -> None:
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
        new = options["after"] is not None or options["cursor"]
        if options["limit"] < 1 or (options["after"] or 0) < 0:
            raise CommandError("--limit phải từ 1, --after phải từ 0.", returncode=2)
        try:
            if new:
                count = _export_new(**options)
            elif not options["file"]:
                export(connection, sys.stdout)
                return
            else:
                with open(options["file"], "x", encoding="utf-8", newline="\n") as file:
                    count = export(connection, file)
        except OSError as error:
            raise CommandError(f"Không ghi được {options['file'] or ''}: {error}", returncode=2) from error
        except Problem as problem:
            raise CommandError(f"{problem.code} · {problem.message}") from None
        if options["file"]:
            self.stderr.write(f"Đã xuất {count} mục ra {options['file']}.")


def _export_new(
    *, file: str | None, after: int | None, cursor: str | None, limit: int, **options: Any
) -> int:
    """A portion is written, then noted: who is killed in between writes it again, and leaves out nothing."""
    written = 0
    with _alone(cursor), _appending(file) as out:
        place = _read(cursor) if cursor else Place(after or 0)
        while written < limit:
            count, place = export_after(connection, out, place, min(_PORTION, limit - written))
            out.flush()
            if file:
                os.fsync(out.fileno())
            if cursor and count:
                _note(cursor, place)
            written += count
            if count < _PORTION:
                break
    return written


def _read(cursor: str) -> Place:
    path = Path(cursor)
    if not path.exists():
        return Place()
    try:
        return Place(*anchor(path.read_text().strip()))
    except Exception as error:
        raise CommandError(f"Không hiểu {cursor}: phải có dạng SỐ:DẤU.", returncode=2) from error


def _note(cursor: str, place: Place) -> None:
    part = Path(f"{cursor}.part")
    with open(part, "w", encoding="ascii") as file:
        file.write(f"{place.seq}:{place.hash}\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(cursor)


@contextmanager
def _appending(path: str | None) -> Iterator[TextIO]:
    if path is None:
        yield sys.stdout
        return
    opened = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)  # drafts are in it
    with os.fdopen(opened, "r+b") as there:
        # Who was killed in the middle of a line left half of one: the whole line comes again.
        if there.seek(0, os.SEEK_END) and there.seek(-1, os.SEEK_END) and there.read(1) != b"\n":
            there.write(b"\n")
    with open(path, "a", encoding="utf-8", newline="\n") as file:
        yield file


@contextmanager
def _alone(cursor: str | None) -> Iterator[None]:
    if cursor is None:
        yield
        return
    with open(f"{cursor}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Problem("cursor_busy", "Một lệnh khác đang xuất với cùng tệp --cursor này.") from error
        yield
