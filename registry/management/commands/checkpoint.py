from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from registry import clock
from registry.ledger.checkpoints import (
    KeyMissing,
    TablesDiffer,
    checkpoint,
    last_checkpoint,
    new_key,
    public_half,
    signing_key,
)
from registry.ledger.security_digests import digest_days


class Command(BaseCommand):
    help = (
        "Ghi dấu từng ngày của nhật ký an ninh vào sổ cái (như digest_security_events), rồi ký một mốc của sổ cái: "
        "số mục, dấu cuối, số dòng của từng bảng, lúc nào. Chạy mỗi ngày một lần và giữ mốc ở nơi khác; sổ cái "
        "không đổi thì không ký thêm, in lại mốc trước. --key: in khóa kiểm tra để công bố. --new-key: tạo khóa ký ở "
        "CHECKPOINT_KEY_FILE. Mã thoát: 0 đã ký hoặc không có gì mới, 1 không ký được."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--key", action="store_true", help="chỉ in khóa kiểm tra, dạng TÊN+MÃ+KHÓA")
        what.add_argument("--new-key", action="store_true", help="tạo khóa ký, nếu tệp chưa có")

    def handle(self, *args: Any, key: bool, new_key: bool, **options: Any) -> None:
        try:
            if new_key:
                self.make_key()
            if key or new_key:
                self.stdout.write(public_half(signing_key(), settings.CHECKPOINT_ORIGIN))
                return
            # What the ledger says of yesterday's security events is vouched for with the rest.
            digest_days(clock.today())
            made = checkpoint(connection, clock.now())
        except (KeyMissing, TablesDiffer) as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal
        if made is None:
            # Whoever keeps what is printed keeps a checkpoint in either case.
            self.stderr.write("Sổ cái không đổi từ mốc trước: không ký thêm, in lại mốc ấy.")
        said = made or last_checkpoint()
        self.stdout.write(said.note if said else "", ending="")

    def make_key(self) -> None:
        if not settings.CHECKPOINT_KEY_FILE:
            raise CommandError("Chưa đặt CHECKPOINT_KEY_FILE: nơi để khóa.", returncode=1)
        try:
            new_key(Path(settings.CHECKPOINT_KEY_FILE))
        except OSError as error:
            raise CommandError(f"Không ghi được khóa: {error}", returncode=1) from error
