"""A key for a partner, shown once."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry import clock
from registry.actions.api_keys import create_api_key
from registry.queries.api_keys import SCOPES
from registry.rules.dates import parse_stated
from registry.rules.hanoi import end_of
from registry.rules.problems import Problem


class Command(BaseCommand):
    help = (
        "Tạo một khóa API. Khóa chỉ được in một lần, một mình ở dòng cuối. "
        "Mã thoát: 0 đã tạo, 1 không tạo được (in mã lỗi và lý do), 2 gọi sai cách."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="TÊN", help="Tên đối tác sẽ dùng khóa.")
        parser.add_argument(
            "--scope", action="append", metavar="PHẠM-VI",
            help=f"Phạm vi, ghi được nhiều lần: {', '.join(SCOPES)}. Mặc định: read.",
        )  # fmt: skip
        parser.add_argument(
            "--expires",
            metavar="NGÀY",
            help="Ngày cuối cùng còn dùng được, ví dụ 31/12/2027. Mặc định: không hết hạn.",
        )

    def handle(
        self, *args: Any, name: str, scope: list[str] | None, expires: str | None, **options: Any
    ) -> None:
        try:
            key, raw_key = create_api_key(
                name,
                at=clock.now(),
                scopes=scope or ["read"],
                expires_at=last_moment(expires) if expires else None,
            )
        except Problem as problem:
            raise CommandError(f"{problem.code} · {problem.message}") from None
        until = f"hết hạn sau ngày {expires}" if expires else "không hết hạn"
        self.stdout.write(
            f"Khóa của “{key.name}”, phạm vi {key.scopes}, {until}. Hãy cất ngay, khóa không in lại:"
        )
        self.stdout.write(raw_key)


def last_moment(text: str) -> datetime:
    """The end of that day in Hà Nội. Raises Problem: date_unreadable, expiry_not_a_day."""
    day = parse_stated(text).exact
    if day is None:
        raise Problem("expiry_not_a_day", f"Hạn “{text}” phải là một ngày, ví dụ 31/12/2027.")
    return end_of(day)
