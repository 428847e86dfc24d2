"""One answer to "is everything as it should be?"."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError

from registry import clock
from registry.ledger.checkpoints import unsigned_since
from registry.rules.database_files import unwritable
from registry.rules.database_servers import is_unreachable
from registry.rules.hanoi import day_of

#: What is looked at, in the order in which one failure explains the next.
CHECKS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "Cấu hình và trình kích hoạt",
        "check",
        {"databases": list(settings.DATABASES), "fail_level": "WARNING"},
    ),
    ("Cập nhật cơ sở dữ liệu", "migrate", {"check_unapplied": True, "verbosity": 0}),
    ("Sổ cái và nội dung công bố", "verify_ledger", {}),
    ("Chỉ mục nhật ký", "index_ledger", {"check": True}),
    ("Áp dụng bản phát hành", "adopt_composer", {"check": True, "verbosity": 0}),
)

#: A checkpoint is signed every night: one may be missed.
_UNSIGNED = timedelta(days=2)


class Command(BaseCommand):
    help = (
        "Kiểm tra toàn bộ sổ đăng ký: cấu hình, cập nhật cơ sở dữ liệu, sổ cái và nội dung công bố, chỉ mục nhật ký, "
        "áp dụng bản phát hành. Nhắc khi sổ cái đã lâu chưa được ký mốc. Không thay đổi gì. Mã thoát: 0 mọi thứ đúng, "
        "1 có điều sai (in ra từng điều), 2 gọi sai cách."
    )
    # Each check is one of the lines below, so that a failure does not hide the others.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        failed = [title for title, command, how in CHECKS if not self.passes(title, command, how)]
        if failed:
            raise CommandError(f"Có {len(failed)} mục sai: {', '.join(failed)}.")
        self.remind()
        self.stdout.write("Mọi thứ đúng.")

    def remind(self) -> None:
        """Where checkpoints are signed at all: nothing is wrong without a new one, and nothing is proved."""
        since = unsigned_since() if settings.CHECKPOINT_KEY_FILE else None
        if since and clock.now() - since > _UNSIGNED:
            self.stdout.write(
                f"Nhắc: sổ cái có mục từ {day_of(since):%d/%m/%Y} chưa được ký mốc. Hãy chạy mỗi ngày: "
                "manage.py checkpoint"
            )

    def passes(self, title: str, command: str, how: dict[str, Any]) -> bool:
        problem = self.problem_of(command, how)
        self.stdout.write(f"{title}: {'đúng' if problem is None else 'SAI'}")
        if problem:
            self.stderr.write(problem)
        return problem is None

    def problem_of(self, command: str, how: dict[str, Any]) -> str | None:
        """What the command refused with ('' when it said so itself), None when it was content."""
        try:
            call_command(command, **how, stdout=self.stdout, stderr=self.stderr)
        except (CommandError, DatabaseError) as error:
            if is_unreachable(error):  # nothing else can be looked at
                raise
            refusal = unwritable(error)
            return f"{refusal.code} · {refusal.message}" if refusal else str(error)
        except SystemExit as leaving:  # how `migrate --check` says no
            return "Có cập nhật chưa chạy. Hãy chạy: manage.py migrate" if leaving.code else None
        return None
