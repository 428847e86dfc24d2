"""Whether every value as stated stands in the paragraph that its citation names."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.models import SourceDocument
from registry.queries.citations import Stated, all_stated, check, documents_cited, recognised
from registry.rules.paragraphs import paragraphs

_HELP = """\
Tìm từng giá trị như ghi trong đúng đoạn của đúng tài liệu.

Thư mục chứa các tài liệu dạng văn bản thuần (.txt, UTF-8); đoạn là khối chữ giữa các dòng trống, đếm từ 1.
Tệp nào là tài liệu nào: tệp mang tên là mã của tài liệu (như vneconomy-2023-10.txt) là tài liệu đó; tệp tên khác
được nhận theo nội dung, khi hơn một nửa số giá trị trích từ một tài liệu có ở đúng đoạn trong tệp.
Giá trị phải đứng trọn vẹn: “5” không có trong “50 ha”. Dạng Unicode và số dấu cách không ảnh hưởng; chữ hoa có.

Mã thoát: 0 thấy tất cả; 1 có giá trị không thấy, hoặc thiếu tệp của một tài liệu được trích theo đoạn;
2 gọi sai cách, hoặc có tệp không đọc được hay không nhận ra (các tệp khác vẫn được tìm)."""


class Command(BaseCommand):
    help = _HELP
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="THƯ-MỤC", type=Path, help="Nơi có các tài liệu .txt.")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        stated = all_stated()
        cited = documents_cited(stated)
        documents, refused = _documents(folder, stated)
        looked = missing = 0
        for source, (path, document) in sorted(documents.items()):
            checked = check(stated, source, document)
            self.stdout.write(
                f"{path.name}: {source}, {len(document)} đoạn; tìm {checked.looked} giá trị, "
                f"không thấy {len(checked.missing)}."
            )
            for one in checked.missing:
                self.stdout.write(
                    f"KHÔNG THẤY {one.stated.record}, {_field(one.stated)}: “{one.stated.as_stated}” "
                    f"({source}, {one.stated.locator}); "
                    + (f"có ở đoạn {one.elsewhere}." if one.elsewhere else "không đoạn nào có.")
                )
            looked, missing = looked + checked.looked, missing + len(checked.missing)
        absent = {source: count for source, count in cited.items() if source not in documents}
        for source, count in sorted(absent.items()):
            self.stdout.write(f"THIẾU TÀI LIỆU {source}: chưa tìm {count} giá trị.")
        elsewhere = sum(one.source not in cited for one in stated)
        self.stdout.write(
            f"Đã tìm {looked} giá trị trong {len(documents)} tài liệu; không thấy {missing}. "
            f"Ngoài ra {elsewhere} giá trị dẫn nguồn tham chiếu, không thuộc đoạn của tài liệu nào."
        )
        if refused:
            raise _refused("\n".join(refused))
        if missing:
            raise CommandError(f"{missing} giá trị không có trong đoạn đã nêu.")
        if absent:
            raise CommandError(f"Thiếu {len(absent)} tài liệu: {', '.join(sorted(absent))}.")


def _documents(folder: Path, stated: list[Stated]) -> tuple[Mapping[str, tuple[Path, list[str]]], list[str]]:
    """The paragraphs of each text file of the folder, by the code of its source, and why the others are left out.

    Raises CommandError 2 where there is no text file.
    """
    if not folder.is_dir():
        raise _refused(f"Không có thư mục “{folder}”.")
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".txt")
    if not files:
        raise _refused(f"Không có tệp .txt nào trong “{folder}”.")
    codes = set(SourceDocument.objects.values_list("code", flat=True))
    found: dict[str, tuple[Path, list[str]]] = {}
    refused = []
    for path in files:
        try:
            document = paragraphs(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            refused.append(f"“{path.name}” không phải văn bản UTF-8. Hãy lưu lại tệp với bảng mã UTF-8.")
            continue
        except OSError as error:
            refused.append(f"Không đọc được “{path.name}”: {error.strerror}.")
            continue
        source = path.stem if path.stem in codes else recognised(stated, document)
        if source is None:
            refused.append(
                f"Không rõ “{path.name}” là tài liệu nào. Hãy đặt tên tệp theo mã của tài liệu, "
                "như vneconomy-2023-10.txt, hoặc bỏ tệp ra khỏi thư mục."
            )
        elif source in found:
            refused.append(f"“{found[source][0].name}” và “{path.name}” cùng là tài liệu {source}.")
        else:
            found[source] = (path, document)
    return found, refused


def _refused(message: str) -> CommandError:
    return CommandError(message, returncode=2)


def _field(stated: Stated) -> str:
    return stated.field if stated.row is None else f"{stated.row}.{stated.field}"
