"""A release that answers differently begins to speak."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry import clock
from registry.actions.publish import adopt_composer, composer_pending
from registry.ledger.context import recorded
from registry.rules.problems import Problem


class Command(BaseCommand):
    help = (
        "Sau khi nâng cấp: nếu bản này soạn câu trả lời khác bản trước, ghi một lần công bố riêng để từ đó tra cứu "
        "theo bản này; những gì đã nói trước đó giữ nguyên. Chạy lại không thay đổi gì. Mã thoát: 0 đã áp dụng hoặc "
        "không cần, 1 không áp dụng được, hoặc với --check: còn chờ áp dụng, 2 gọi sai cách."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Chỉ xem có chờ áp dụng không, không thay đổi gì."
        )

    def handle(self, *args: Any, check: bool, verbosity: int, **options: Any) -> None:
        if check and composer_pending():
            raise CommandError(
                "composer_pending · Câu trả lời vẫn do bản trước soạn. Hãy chạy: manage.py adopt_composer"
            )
        publication = None if check else self.adopt()
        if publication is not None:
            self.stdout.write(f"Từ công bố số {publication.seq}, câu trả lời do bản này soạn.")
        elif verbosity > 0:
            self.stdout.write("Câu trả lời đã do bản này soạn.")

    def adopt(self) -> Any:
        try:
            # The day is read under the lock, as for every publication.
            with recorded(actor="system", reason="adopt_composer"):
                return adopt_composer(at=clock.now, today=clock.today())
        except Problem as problem:
            raise CommandError(f"{problem.code} · {problem.message}") from None
