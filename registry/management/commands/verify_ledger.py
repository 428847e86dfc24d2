from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from registry.ledger.drift import acknowledge
from registry.ledger.verify import Report, verify
from registry.ledger.verify_export import Chain, anchor, read


class Command(BaseCommand):
    help = (
        "Kiểm tra sổ cái: chuỗi dấu, nội dung, các lần công bố, trigger, và từng dòng của các bảng được ghi. "
        "Với --file: kiểm tra một bản xuất, không cần cơ sở dữ liệu. "
        "Kết thúc với 0: nguyên vẹn; 1: có sai lệch; 2: lệnh sai hoặc tệp không đọc được."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", help="tệp do lệnh export_ledger tạo ra")
        parser.add_argument(
            "--anchor",
            type=anchor,
            action="append",
            default=[],
            metavar="SỐ:DẤU",
            help="dấu của một mục đã ghi nhận ở nơi khác; dùng được nhiều lần",
        )

        parser.add_argument(
            "--record-drift",
            metavar="LÝ DO",
            help="ghi vào sổ cái mọi dòng đã thay đổi mà sổ cái không biết, kèm lý do, rồi kiểm tra",
        )
        parser.add_argument(
            "--actor", default="system", help="người chịu trách nhiệm ghi, với --record-drift"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        anchors = dict(options["anchor"])
        if options["record_drift"]:
            count = acknowledge(connection, options["actor"], options["record_drift"])
            self.stdout.write(f"Đã ghi {count} dòng vào sổ cái.")
        report = _of_file(options["file"], anchors) if options["file"] else verify(connection, anchors)
        for finding in report.problems:
            self.stdout.write(f"{finding.code} · {finding.message}")
        summary = f"{report.entries} mục, dấu cuối {report.head_hash or '(trống)'}"
        if report.problems:
            raise CommandError(f"{summary}: {len(report.problems)} sai lệch.", returncode=1)
        self.stdout.write(f"{summary}: nguyên vẹn.")


def _of_file(path: str, anchors: dict[int, str]) -> Report:
    chain = Chain(anchors)
    try:
        problems = list(read(path, chain))
    except (OSError, ValueError) as error:
        raise CommandError(f"Không đọc được {path}: {error}", returncode=2) from error
    return Report(chain.entries, chain.seq, chain.hash, problems)
