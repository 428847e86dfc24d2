"""News of the day: what takes effect today though it was published earlier."""

from typing import Any

from django.core.management.base import BaseCommand

from registry import clock
from registry.actions.announce import announce_due


class Command(BaseCommand):
    help = (
        "Thông báo những thay đổi đã công bố trước và nay đến ngày có hiệu lực. Chạy mỗi ngày; chạy lại không "
        "thông báo lần nữa. In số thông báo mới. Mã thoát: 0 đã xong, 2 gọi sai cách."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(str(announce_due(at=clock.now(), today=clock.today())))
