"""A backup of everything, whoever writes meanwhile."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry import clock
from registry.actions.backups import back_up, default_folder, keep_newest
from registry.management.numbers import whole_number
from registry.rules.problems import Problem


class Command(BaseCommand):
    help = (
        "Sao lưu toàn bộ cơ sở dữ liệu tại một thời điểm, không ai phải chờ. In ra thư mục của bản sao lưu và dấu "
        "cuối của sổ cái. Mã thoát: 0 đã sao lưu, 1 không sao lưu được (không để lại gì), 2 gọi sai cách."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", nargs="?", type=Path, help="nơi để các bản sao lưu; mặc định BACKUP_DIR"
        )
        parser.add_argument(
            "--keep", type=whole_number(1), metavar="N", help="chỉ giữ N bản mới nhất, xóa các bản cũ hơn"
        )

    def handle(self, *args: Any, folder: Path | None, keep: int | None, **options: Any) -> None:
        folder = folder or default_folder()
        try:
            made, manifest = back_up(folder, clock.now())
            removed = keep_newest(folder, keep, made) if keep else []
        except Problem as problem:
            raise CommandError(f"{problem.code} · {problem.message}") from problem
        except OSError as error:
            raise CommandError(f"folder_unwritable · Không ghi được vào {folder}: {error}") from error
        for old in removed:
            self.stdout.write(f"Đã xóa bản cũ {old}")
        facts = manifest.facts
        self.stdout.write(f"{sum(facts.rows.values())} dòng, {facts.publications} lần công bố.")
        self.stdout.write("Hãy ghi lại ở nơi khác, để đối chiếu khi khôi phục (--anchor):")
        self.stdout.write(f"{facts.ledger_seq}:{facts.ledger_hash}")
        self.stdout.write(str(made))
