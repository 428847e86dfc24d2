"""What the documents state, loaded once and published."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from registry import clock
from registry.actions.seed import seed
from registry.ledger.context import recorded
from registry.rules.problems import Problem


class Command(BaseCommand):
    help = (
        "Nạp và công bố những bản ghi của fixtures/ chưa từng được nạp, trong một giao dịch. Chạy lại không thay "
        "đổi gì và không đụng tới bản ghi đã có. Mã thoát: 0 đã nạp hoặc không có gì mới, 1 không nạp được và "
        "không thay đổi gì, 2 gọi sai cách."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--fixtures",
            type=Path,
            metavar="THƯ-MỤC",
            default=Path(settings.BASE_DIR) / "fixtures",
            help="Thư mục các tệp YAML. Mặc định: fixtures/ cạnh manage.py.",
        )

        parser.add_argument(
            "--renew-citations",
            action="store_true",
            help="Sau khi nâng cấp: những bản ghi đã nạp trước đây mà chưa ai đụng tới, và giá trị không khác, nhận "
            "các trích nguồn của bản này và được công bố lại.",
        )

    def handle(
        self, *args: Any, fixtures: Path, renew_citations: bool, verbosity: int, **options: Any
    ) -> None:
        if not fixtures.is_dir():
            raise CommandError(f"fixtures_missing · Không có thư mục {fixtures}.")
        try:
            # The moment is read under the lock: no later publication can then claim an earlier one.
            with recorded(actor="seed"):
                report = seed(fixtures, at=clock.now, today=clock.today(), renew_citations=renew_citations)
        except Problem as problem:
            raise CommandError(f"{problem.code} · {problem.message}") from None
        for key in report.left_alone:
            self.stdout.write(f"Đã có, giữ nguyên: {key}")
        for key in report.unpublished:
            self.stdout.write(f"Đã nạp thành bản nháp, vì nhắc tới bản ghi chưa công bố: {key}")
        if report.told_otherwise and verbosity > 0:
            self.stdout.write(
                "Tư liệu của bản này ghi thêm hoặc ghi khác về những bản ghi đã nạp trước đây; chúng được giữ nguyên. "
                f"Hãy đối chiếu và nhập trong trang quản trị: {', '.join(report.told_otherwise)}."
            )
        said = f" và công bố (số {report.publication.seq})" if report.publication else ""
        if report.cited_anew:
            self.stdout.write(f"Đã thay trích nguồn{said}: {len(report.cited_anew)} bản ghi nạp trước đây.")
        if report.loaded:
            self.stdout.write(f"Đã nạp{said}: {len(report.loaded)} bản ghi từ tài liệu.")
        elif verbosity > 0 and not report.cited_anew:
            self.stdout.write("Tư liệu: không có gì mới để nạp.")
