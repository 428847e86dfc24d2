"""Everything between an empty database, or one of an earlier release, and a registry that can be used."""

import secrets
import shlex
import socket
import sys
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from registry import clock
from registry.actions.api_keys import note_pepper
from registry.actions.log_index import index_entries
from registry.ledger.context import recorded
from registry.management.numbers import whole_number
from registry.models import Partner
from registry.queries.api_keys import PEPPER_OTHER, is_other_pepper

#: The first two people of a new registry: user name, group, who that is.
ACCOUNTS = (
    ("nhap-lieu", "Nhập liệu", "cán bộ nhập liệu"),
    ("lanh-dao", "Duyệt", "lãnh đạo duyệt"),
)
DEMONSTRATION = "Khóa dùng thử"


class Command(BaseCommand):
    help = (
        "Chuẩn bị sổ đăng ký, lần đầu và sau mỗi lần nâng cấp: cập nhật cơ sở dữ liệu, áp dụng cách soạn câu trả "
        "lời của bản này, nạp tư liệu, tạo hai tài khoản và một khóa API dùng thử nếu chưa có. Chạy lại không "
        "thay đổi gì. Mã thoát: 0 đã sẵn sàng, 1 không chuẩn bị được."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port", type=whole_number(1, 65535), metavar="SỐ",
            help="Cổng sẽ phục vụ: kiểm tra còn trống và in các địa chỉ.",
        )  # fmt: skip
        parser.add_argument(
            "--other-pepper",
            action="store_true",
            help="API_KEY_PEPPER cũ đã mất: từ nay theo giá trị mới, phải cấp lại mọi khóa API và bí mật webhook.",
        )

    def handle(
        self, *args: Any, port: int | None, other_pepper: bool, verbosity: int, **options: Any
    ) -> None:
        if port is not None:
            refuse_busy(port)
        if is_other_pepper() and not other_pepper:
            raise CommandError(PEPPER_OTHER)
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns when it is missing
        call_command("migrate", interactive=False, verbosity=0, stdout=self.stdout)
        note_pepper()
        # Before the seed: what this release says differently is one act, what it says anew another.
        call_command("adopt_composer", verbosity=0, stdout=self.stdout)
        call_command("seed", verbosity=verbosity, stdout=self.stdout)
        index_entries()
        self.create_missing_accounts()
        self.create_missing_key()
        if port is not None:
            self.print_addresses(f"http://localhost:{port}")

    def create_missing_accounts(self) -> None:
        there = set(User.objects.values_list("username", flat=True))
        for username, group, person in ACCOUNTS:
            if username in there:
                self.stdout.write(f"Tài khoản {username} ({person}) đã có.")
                continue
            password = secrets.token_urlsafe(12)
            with recorded(actor="system", reason="Tài khoản đầu tiên của sổ đăng ký"):
                user = User.objects.create_user(username, password=password, is_staff=True)
                user.groups.add(Group.objects.get(name=group))
            self.stdout.write(f"Tài khoản {username} ({person}), mật khẩu chỉ in một lần: {password}")
        if any(username in there for username, _, _ in ACCOUNTS):
            self.stdout.write(f"  Quên mật khẩu: {as_typed('changepassword')} TÀI-KHOẢN")

    def create_missing_key(self) -> None:
        if Partner.objects.filter(name=DEMONSTRATION).exists():
            self.stdout.write(
                f"Khóa API dùng thử đã có. Cấp khóa khác: trang quản trị, Đối tác, “{DEMONSTRATION}”."
            )
            return
        self.stdout.write("Khóa API dùng thử, chỉ in một lần:")
        call_command(
            "create_api_key", DEMONSTRATION, stdout=self.stdout,
            expires=f"{clock.today() + timedelta(days=365):%d/%m/%Y}",
            contact="Người quản trị hệ thống", purpose="Dùng thử API sau khi cài đặt",
        )  # fmt: skip

    def print_addresses(self, root: str) -> None:
        self.stdout.write("")
        self.stdout.write(f"Trang quản trị:    {root}/admin/")
        self.stdout.write(f"API:               {root}/api/v1/")
        self.stdout.write(f"Tài liệu API:      {root}/api/v1/docs/")
        self.stdout.write("Dừng bằng Ctrl+C.")
        self.stdout.flush()


def as_typed(command: str) -> str:
    """The command, to be typed in the same folder with the same settings; paths below it are written from there."""
    here = Path.cwd()
    files = (Path(sys.executable), Path(settings.BASE_DIR) / "manage.py")
    words = [str(file.relative_to(here) if file.is_relative_to(here) else file) for file in files]
    return ("LOCAL=1 " if settings.LOCAL else "") + shlex.join([*words, command])


def refuse_busy(port: int) -> None:
    """Raises CommandError when another program already listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(
                f"Không dùng được cổng {port}, có thể chương trình khác đang dùng. "
                f"Hãy chọn cổng khác, ví dụ: make run PORT={port + 1 if port < 65000 else 8001}"
            ) from error
