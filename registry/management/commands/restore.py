"""A backup put into an empty database and checked through and through."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from registry import RELEASE, clock
from registry.actions.restore import restore
from registry.ledger.verify_export import anchor
from registry.rules.database_servers import is_unreachable
from registry.rules.problems import Problem


class Command(BaseCommand):
    help = (
        "Khôi phục một bản sao lưu vào cơ sở dữ liệu trống mà cấu hình đang chỉ tới, rồi kiểm tra sổ cái và nội dung "
        "tra cứu. Không bao giờ ghi đè. Mã thoát: 0 đã khôi phục và đúng, 1 bị từ chối, 2 gọi sai cách."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path, help="thư mục registry-… do lệnh backup tạo")
        parser.add_argument(
            "--anchor",
            type=anchor,
            action="append",
            default=[],
            metavar="SỐ:DẤU",
            help="dấu của một mục sổ cái đã ghi lại ở nơi khác; dùng được nhiều lần",
        )
        parser.add_argument(
            "--unsigned",
            action="store_true",
            help="nhận cả bản sao lưu ký bằng SECRET_KEY khác (máy cũ đã mất cùng SECRET_KEY)",
        )

        parser.add_argument(
            "--other-pepper",
            action="store_true",
            help="khôi phục cả khi API_KEY_PEPPER cũ đã mất: phải cấp lại mọi khóa API và mọi bí mật webhook",
        )

    def handle(self, *args: Any, backup: Path, unsigned: bool, other_pepper: bool, **options: Any) -> None:
        anchors = dict(options["anchor"])
        try:
            done = restore(backup, anchors, at=clock.now(), unsigned=unsigned, other_pepper=other_pepper)
        except Problem as problem:
            raise CommandError(f"{problem.code} · {problem.message}") from problem
        except (OSError, DatabaseError) as error:
            if is_unreachable(error):
                raise
            raise CommandError(f"files_failed · Không đọc hoặc không ghi được tệp: {error}") from error
        manifest, facts = done.manifest, done.manifest.facts
        self.stdout.write(
            f"Đã khôi phục bản sao lưu {manifest.made_at}: {sum(facts.rows.values())} dòng, {facts.publications} lần "
            f"công bố, sổ cái đến mục {facts.ledger_seq}; sổ cái và nội dung tra cứu đúng. Mọi người cần đăng nhập lại."
        )
        self.stdout.write(
            f"Thông báo và lần công bố mới được đánh số trên {done.recovery.seq}, cao hơn mọi số đã mất. Đối tác hỏi "
            "từ một vị trí đã mất sẽ được báo tải lại toàn bộ; webhook được gửi một tin “restored”."
        )
        if done.keys_lost:
            self.stdout.write(
                "API_KEY_PEPPER khác với lúc sao lưu: không khóa API cũ nào còn dùng được, webhook ký bằng bí mật mà "
                "đối tác không có. Hãy thu hồi các khóa cũ, rồi cấp cho từng đối tác khóa mới và bí mật webhook mới."
            )
        if done.migrated:
            self.stdout.write(
                f"Bản sao lưu do bản {manifest.release} tạo, nay đã nâng lên bản {RELEASE}. Hãy chạy tiếp: prepare, "
                "rồi collectstatic --noinput, check --deploy và check_registry."
            )
