"""Whether every value as stated stands in the paragraph that its citation names."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.queries.citations import all_stated, not_found
from registry.rules.paragraphs import number_of, paragraphs, stands_in


class Command(BaseCommand):
    help = (
        "Tìm từng giá trị như ghi trong đúng đoạn của đúng tài liệu. Thư mục chứa các tài liệu dạng văn bản thuần "
        "(.txt), đoạn cách nhau bằng dòng trống. Mã thoát: 0 thấy tất cả, 1 có giá trị không thấy, 2 gọi sai cách."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="THƯ-MỤC", type=Path, help="Nơi có các tài liệu .txt.")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        files = {path: paragraphs(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.txt"))}
        if not files:
            raise CommandError(f"Không có tệp .txt nào trong “{folder}”.", returncode=2)
        documents: dict[str, list[str]] = {}
        for path, found in files.items():
            source = _source_of(found)
            self.stdout.write(
                f"{path.name}: {source or 'không phải tài liệu nào đã khai báo'}, {len(found)} đoạn"
            )
            if source:
                documents[source] = found
        looked, missing = not_found(documents)
        for stated in missing:
            self.stdout.write(
                f"KHÔNG THẤY {stated.record}, {stated.field}: “{stated.as_stated}” ({stated.source}, {stated.locator})"
            )
        self.stdout.write(f"Đã tìm {looked} giá trị; không thấy {len(missing)}.")
        if missing:
            raise CommandError(f"{len(missing)} giá trị không có trong đoạn đã nêu.")


def _source_of(found: list[str]) -> str | None:
    """The declared document whose values this text holds more of than of any other: files carry no name of ours."""
    held: dict[str, int] = {}
    for stated in all_stated():
        number = number_of(stated.locator)
        if number and number <= len(found) and stands_in(stated.as_stated, found[number - 1]):
            held[stated.source] = held.get(stated.source, 0) + 1
    return max(held, key=lambda source: (held[source], source)) if held else None
