"""What the log of the registry finds entries by."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.actions.log_index import forget_all, index_entries, wrong_blocks
from registry.rules.log_terms import BLOCK


class Command(BaseCommand):
    help = (
        "Lập chỉ mục để trang Nhật ký tìm nhanh trong sổ cái. Chạy mỗi đêm và sau khi nâng cấp; dừng giữa chừng hay "
        "chạy lại không hại gì. Chỉ mục không thuộc sổ cái: những mục chưa có chỉ mục vẫn được tìm thấy, chỉ chậm hơn. "
        "Mã thoát: 0 đã xong, 1 --check thấy chỉ mục khác với sổ cái, 2 gọi sai cách."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--check", action="store_true", help="Chỉ so chỉ mục với sổ cái, không ghi gì.")
        how.add_argument("--rebuild", action="store_true", help="Bỏ chỉ mục cũ và lập lại từ đầu.")

    def handle(self, *args: Any, check: bool, rebuild: bool, **options: Any) -> None:
        if check:
            if wrong := wrong_blocks():
                first = wrong[0] * BLOCK + 1
                raise CommandError(
                    f"log_index_differs · Chỉ mục nhật ký khác với sổ cái ở {len(wrong)} đoạn, đoạn đầu từ mục {first} "
                    f"đến mục {first + BLOCK - 1}. Sổ cái không bị ảnh hưởng. Hãy chạy index_ledger --rebuild."
                )
            self.stdout.write("Chỉ mục nhật ký đúng với sổ cái.")
            return
        if rebuild:
            forget_all()
        self.stdout.write(f"Đã lập chỉ mục cho {index_entries()} đoạn, mỗi đoạn {BLOCK} mục.")
