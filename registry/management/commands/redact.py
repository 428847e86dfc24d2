"""Erasing what the law says must go. Two people, two confirmations: it cannot be undone."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from registry import clock
from registry.actions.forget import forget
from registry.actions.publish import find
from registry.actions.redact import Plan, plan, redact
from registry.ledger.roles import refuse_others
from registry.queries.occurrences import said_alike
from registry.rules.problems import Problem

_CALLED = {
    "registry_ledgerentry": "mục sổ cái (người thực hiện, lý do)",
    "registry_ledgerpayload": "mục sổ cái (nội dung trước, sau)",
    "registry_statement": "nội dung đã công bố",
}


class Command(BaseCommand):
    help = (
        "Xóa hẳn một chuỗi (họ tên, số điện thoại…) mà luật buộc phải xóa, ở mọi nơi trong cơ sở dữ liệu, kể cả sổ "
        "cái và các lần công bố; sổ cái ghi lại việc xóa. Không có --confirm: chỉ cho biết chuỗi nằm ở đâu. Cần hai "
        "người có quyền “Xóa dữ liệu theo luật”. Mã thoát: 0 đã xem hoặc đã xóa, 1 bị từ chối (in mã lỗi và lý do), "
        "2 gọi sai cách."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--text-from",
            metavar="TỆP",
            help="Tệp chứa chuỗi cần xóa, mỗi dòng một chuỗi; - là bàn phím. Đừng gõ vào dòng lệnh: máy nhớ lại.",
        )
        what.add_argument(
            "--clean",
            action="store_true",
            help="Chỉ ghi lại các tệp của cơ sở dữ liệu để không còn byte nào của những gì đã xóa.",
        )
        parser.add_argument(
            "--record",
            default="",
            metavar="LOẠI:MÃ",
            help="Chỉ xóa trong bản ghi này và các lần công bố của nó.",
        )
        parser.add_argument(
            "--ground", default="", metavar="CĂN-CỨ", help="Văn bản, điều khoản buộc phải xóa."
        )
        parser.add_argument("--asked-by", default="", metavar="TÀI-KHOẢN", help="Người thực hiện.")
        parser.add_argument("--approved-by", default="", metavar="TÀI-KHOẢN", help="Người đồng ý.")
        parser.add_argument("--confirm", metavar="MÃ", help="Mã mà lần xem trước đã in ra.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["text_from"]:
                self._redact(**options)
            if options["clean"] or options["confirm"]:
                self._clean()
        except Problem as problem:
            raise CommandError(f"{problem.code} · {problem.message}") from None

    def _redact(self, *, text_from: str, record: str, confirm: str | None, **options: Any) -> None:
        found = plan(_words(text_from), find(record).key if record else "")
        if confirm is None:
            self._show(found)
            return
        refuse_others(connection)
        if confirm != found.code:
            raise CommandError(
                "found_differs · Mã xác nhận không đúng với những gì đang có. Hãy xem trước lại."
            )
        for name in (options["asked_by"], options["approved_by"]):
            user = get_user_model().objects.filter(username=name, is_active=True).first()
            if user is None or not user.check_password(getpass(f"Mật khẩu của {name}: ")):
                raise CommandError(f"password_wrong · Sai tài khoản hoặc mật khẩu của “{name}”. Chưa xóa gì.")
        done = redact(
            found,
            ground=options["ground"],
            asked_by=options["asked_by"],
            approved_by=options["approved_by"],
            at=clock.now(),
        )
        self.stdout.write(
            f"Đã xóa, lần số {done.number}; {done.entries.count()} mục của sổ cái ghi nhận. Còn phải làm ngay: sao lưu "
            "mới và hủy các bản sao lưu cũ, các bản xuất sổ cái cũ (docs/erasure.md)."
        )
        self._show_beyond(found)

    def _show(self, found: Plan) -> None:
        if found.empty:
            self.stdout.write("Không tìm thấy ở đâu.")
        for table, rows in found.rows.items():
            self.stdout.write(f"{_CALLED.get(table, table)}: {len(rows)}")
        if found.bodies:
            self.stdout.write(f"câu trả lời đã soạn: {found.bodies}")
        if found.sessions:
            self.stdout.write(f"phiên đăng nhập: {len(found.sessions)}")
        self._show_beyond(found)
        for row in said_alike(found.words):
            self.stdout.write(f"Có thể còn viết cách khác ở: {row._meta.verbose_name} “{row.pk}”.")
        if not found.empty:
            self.stdout.write(f"Chưa xóa gì. Xóa là không lấy lại được. Để xóa: --confirm {found.code}")

    def _show_beyond(self, found: Plan) -> None:
        for table, rows in found.beyond.items():
            self.stdout.write(
                f"Không xóa được: {len(rows)} dòng của bảng {table} (số {', '.join(map(str, rows))}), nơi không dòng "
                "nào sửa được. Chuỗi còn nguyên ở đó; mọi nơi khác vẫn được xóa."
            )

    def _clean(self) -> None:
        refuse_others(connection)
        if not forget():
            raise CommandError(
                "database_in_use · Đã xóa, nhưng tệp của cơ sở dữ liệu còn giữ byte cũ vì có người đang đọc. Hãy chạy "
                "lại với --clean."
            )
        self.stdout.write("Đã ghi lại các tệp của cơ sở dữ liệu.")


def _words(path: str) -> list[str]:
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CommandError(f"Không đọc được {path}: {error}", returncode=2) from error
    return [line for line in text.splitlines() if line.strip()]
