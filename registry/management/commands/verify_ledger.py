from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from registry.actions.proof import prove
from registry.ledger.checkpoints import verifier_keys
from registry.ledger.drift import acknowledge
from registry.ledger.roles import RoleRefused, refuse_others
from registry.ledger.verify import Report
from registry.ledger.verify_export import Chain, anchor, read


class Command(BaseCommand):
    help = (
        "Kiểm tra sổ cái: các mốc đã ký, chuỗi dấu, nội dung, các lần công bố, trigger, từng dòng của các bảng được "
        "ghi, và nội dung tra cứu so với các lần công bố. Không ai phải chờ. "
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
            "--checkpoint",
            action="append",
            default=[],
            metavar="TỆP",
            help="một mốc đã giữ ở nơi khác; dùng được nhiều lần",
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
            try:
                refuse_others(connection)
            except RoleRefused as refusal:
                raise CommandError(f"{refusal.code} · {refusal.message}", returncode=1) from refusal
            count = acknowledge(connection, options["actor"], options["record_drift"])
            self.stdout.write(f"Đã ghi {count} dòng vào sổ cái.")
        try:
            kept = [Path(path).read_bytes().decode() for path in options["checkpoint"]]
        except (OSError, ValueError) as error:
            raise CommandError(f"Không đọc được mốc: {error}", returncode=2) from error
        if options["file"]:
            report = _of_file(options["file"], anchors, kept)
        else:
            report = prove(anchors, kept)
        for finding in report.problems:
            self.stdout.write(finding.line)
        for sentence in report.erasures:
            self.stdout.write(sentence)
        if report.problems:
            raise CommandError(f"{report.summary}: {len(report.problems)} sai lệch.", returncode=1)
        self.stdout.write(f"{report.summary}: nguyên vẹn.")


def _of_file(path: str, anchors: dict[int, str], kept: list[str]) -> Report:
    chain = Chain(anchors, verifier_keys())
    try:
        problems = list(read(path, chain, kept))
    except (OSError, ValueError) as error:
        raise CommandError(f"Không đọc được {path}: {error}", returncode=2) from error
    return Report(chain.entries, chain.seq, chain.hash, chain.summary(), list(chain.erasures()), problems)
