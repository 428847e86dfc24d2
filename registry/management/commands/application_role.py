"""The rights of the role that the application connects as."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from registry.ledger.roles import RoleRefused, entrust, grants


class Command(BaseCommand):
    help = (
        "Trên PostgreSQL: cho vai trò của ứng dụng đúng những quyền mà nó cần, và thu mọi quyền khác: không sửa được "
        "sổ cái, không chạm được trigger. Chạy bằng vai trò sở hữu; chạy lại không hại gì, và migrate tự chạy lại. "
        "SQLite không có vai trò. Mã thoát: 0 đã cấp quyền hoặc không có gì để cấp, 1 bị từ chối, 2 gọi sai cách."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", help="tên vai trò; quản trị viên PostgreSQL đã tạo trước")
        parser.add_argument("--sql", action="store_true", help="chỉ in các câu lệnh, không chạy")

    def handle(self, *args: Any, role: str, sql: bool, **options: Any) -> None:
        if connection.vendor != "postgresql":
            self.stdout.write(
                "SQLite không có vai trò: quyền trên tệp là của hệ điều hành. Không có gì để cấp."
            )
            return
        if sql:
            self.stdout.write("".join(f"{statement};\n" for statement in grants(connection, role)), ending="")
            return
        try:
            with transaction.atomic():
                entrust(connection, role)
        except RoleRefused as refusal:
            raise CommandError(f"{refusal.code} · {refusal.message}") from refusal
        self.stdout.write(f"Vai trò {role} có đúng những quyền mà ứng dụng cần.")
