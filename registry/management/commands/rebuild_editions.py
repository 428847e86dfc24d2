"""The editions, made again from the publications."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.actions.editions import rebuild_editions


class Command(BaseCommand):
    help = (
        "Dựng lại nội dung tra cứu từ các lần công bố. Mã thoát: 0 đã đúng hoặc đã dựng lại, "
        "1 với --check: có chỗ khác (in ra từng loại), 2 gọi sai cách."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Chỉ so sánh, không thay đổi gì.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        different = rebuild_editions(check=check)
        if not different:
            self.stdout.write("Nội dung tra cứu khớp với các lần công bố.")
        elif check:
            raise CommandError(
                f"editions_differ · Khác với các lần công bố: {', '.join(different)}. Hãy chạy rebuild_editions."
            )
        else:
            self.stdout.write(f"Đã dựng lại, có khác trước: {', '.join(different)}.")
