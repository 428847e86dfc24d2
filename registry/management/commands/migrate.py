"""Django's `migrate`. One that fails puts the ledger's triggers back round what is there."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import DatabaseError, connections

from registry.ledger import migrating


class Command(migrate.Command):
    help = (
        migrate.Command.help
        + " Khi thất bại, trigger của sổ cái được đặt lại để không thay đổi nào trôi qua "
        "mà không được ghi. Mã thoát: 0 đã xong, 1 không xong."
    )

    def handle(self, *args: Any, **options: Any) -> Any:
        try:
            return super().handle(*args, **options)
        except (Exception, KeyboardInterrupt) as failure:
            try:
                migrating.abandon(connections[options["database"]])
            except DatabaseError as unguarded:
                raise CommandError(
                    f"ledger_down · {failure} Không đặt lại được trigger của sổ cái ({unguarded}): mọi thay đổi từ "
                    "đây sẽ không được ghi. Đừng mở cho ai dùng; hãy khôi phục bản sao lưu, hoặc chạy lại migrate."
                ) from failure
            raise
