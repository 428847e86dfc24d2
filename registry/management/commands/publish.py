"""Publishing from the command line, by the same rules as in the admin."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from registry import clock
from registry.actions.publish import find, publish
from registry.ledger.context import recorded
from registry.rules.problems import Problem


class Command(BaseCommand):
    help = (
        "Công bố một hay nhiều bản ghi trong cùng một lần, sau khi người thứ hai đã duyệt. In số của lần công bố. "
        "Mã thoát: 0 đã công bố, 1 bị từ chối (in mã lỗi và lý do), 2 gọi sai cách."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--proposed-by", required=True, metavar="TÀI-KHOẢN", help="Người trình.")
        parser.add_argument("--approved-by", required=True, metavar="TÀI-KHOẢN", help="Người duyệt.")
        parser.add_argument("--reason", default="", metavar="LÝ-DO", help="Lý do, ghi vào sổ cái.")
        parser.add_argument(
            "subjects", nargs="+", metavar="LOẠI:MÃ", help="Bản ghi cần công bố, ví dụ cluster:giang-bien."
        )

    def handle(
        self, *args: Any, subjects: list[str], proposed_by: str, approved_by: str, reason: str, **options: Any
    ) -> None:
        try:
            if not User.objects.filter(username=proposed_by, is_active=True).exists():
                raise Problem("proposer_unknown", f"Không có tài khoản đang hoạt động tên “{proposed_by}”.")
            # The day is read under the lock, and the moment when all is composed.
            with recorded(actor=approved_by, reason=reason):
                publication = publish(
                    [find(key) for key in dict.fromkeys(subjects)],
                    proposed_by=proposed_by,
                    approved_by=approved_by,
                    at=clock.now,
                    today=clock.today(),
                    reason=reason,
                )
        except Problem as problem:
            raise CommandError(f"{problem.code} · {problem.message}") from None
        self.stdout.write(str(publication.seq))
