import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from registry.ledger.export import export


class Command(BaseCommand):
    help = (
        "Xuất toàn bộ sổ cái ra tệp, mỗi mục một dòng JSON; registry/ledger/verify_export.py kiểm tra được tệp này "
        "ở bất cứ đâu. Kết thúc với 0: đã xuất; 2: lệnh sai hoặc không ghi được tệp."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="tệp mới cần ghi; bỏ trống để in ra màn hình")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"]:
            sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
            export(connection, sys.stdout)
            return
        try:
            with open(options["file"], "x", encoding="utf-8", newline="\n") as file:
                count = export(connection, file)
        except OSError as error:
            raise CommandError(f"Không ghi được {options['file']}: {error}", returncode=2) from error
        self.stderr.write(f"Đã xuất {count} mục ra {options['file']}.")
