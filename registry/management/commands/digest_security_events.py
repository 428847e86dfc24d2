"""What the ledger is told of the security events of each day that is over."""

from typing import Any

from django.core.management.base import BaseCommand

from registry import clock
from registry.ledger.security_digests import digest_days


class Command(BaseCommand):
    help = (
        "Ghi vào sổ cái dấu của nhật ký an ninh cho từng ngày đã qua mà sổ cái chưa có: số sự kiện, số đầu, số cuối, "
        "dấu. Lệnh checkpoint cũng làm việc này mỗi đêm. Chạy lại, hay bị tắt giữa chừng rồi chạy lại, mỗi ngày chỉ "
        "ghi một lần. Mã thoát: 0 đã xong, 2 gọi sai cách."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        made = digest_days(clock.today())
        for day in made:
            self.stdout.write(f"{day} (số {day.first} đến {day.last}), dấu {day.digest}")
        if not made:
            self.stdout.write("Không có ngày nào cần ghi thêm.")
