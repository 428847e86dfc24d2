"""A key for a partner, shown once."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry import clock
from registry.actions.api_keys import create_api_key, create_partner
from registry.ledger.context import recorded
from registry.models import Partner
from registry.rules.api_keys import refuse_expiry
from registry.rules.dates import parse_stated
from registry.rules.hanoi import end_of
from registry.rules.problems import Problem
from registry.rules.scopes import SCOPE
from registry.rules.text import clean_text


class Command(BaseCommand):
    help = (
        "Cấp một khóa API cho một đối tác. Khóa chỉ được in một lần, một mình ở dòng cuối. "
        "Mã thoát: 0 đã cấp, 1 không cấp được (in mã lỗi và lý do), 2 gọi sai cách."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("partner", metavar="ĐỐI-TÁC", help="Tên đối tác sẽ dùng khóa.")
        parser.add_argument(
            "--expires",
            required=True,
            metavar="NGÀY",
            help="Ngày cuối cùng còn dùng được, ví dụ 31/12/2027.",
        )
        parser.add_argument(
            "--scope", action="append", metavar="PHẠM-VI",
            help=f"Phạm vi, ghi được nhiều lần: {', '.join(SCOPE)}. Mặc định: tất cả.",
        )  # fmt: skip
        parser.add_argument(
            "--address", action="append", default=[], metavar="MẠNG",
            help="Địa chỉ hoặc mạng được dùng khóa, ghi được nhiều lần. Mặc định: mọi nơi.",
        )  # fmt: skip
        parser.add_argument("--name", default="", metavar="TÊN", help="Dùng ở đâu: máy chủ, hệ thống nào.")
        parser.add_argument("--contact", default="", metavar="ĐẦU-MỐI", help="Của một đối tác mới.")
        parser.add_argument("--purpose", default="", metavar="MỤC-ĐÍCH", help="Của một đối tác mới.")

    def handle(self, *args: Any, partner: str, expires: str, **given: Any) -> None:
        try:
            # A partner is not left behind without the key it was made for.
            with recorded():
                owner = partner_of(partner, given["contact"], given["purpose"])
                key, raw_key = create_api_key(
                    owner,
                    at=clock.now(),
                    expires_at=last_moment(expires),
                    scopes=given["scope"] or SCOPE.codes,
                    name=given["name"],
                    addresses="\n".join(given["address"]),
                )
        except Problem as problem:
            raise CommandError(f"{problem.code} · {problem.message}") from None
        self.stdout.write(
            f"Khóa của “{owner}”, phạm vi {key.scopes.replace(' ', ', ')}, hết hạn sau ngày {expires}, "
            f"dùng được từ {', '.join(key.addresses.split()) or 'mọi địa chỉ'}. "
            "Hãy cất ngay, khóa không in lại:"
        )
        self.stdout.write(raw_key)


def partner_of(name: str, contact: str, purpose: str) -> Partner:
    """The partner of that name; with contact and purpose a new one. Raises Problem: partner_unknown and others."""
    known = Partner.objects.filter(name=clean_text(name)).first()
    if known is not None:
        return known
    if not (contact or purpose):
        raise Problem(
            "partner_unknown",
            f"Chưa có đối tác “{name}”. Hãy kiểm tra lại tên, hoặc ghi --contact và --purpose để thêm đối tác.",
        )
    return create_partner(name, contact=contact, purpose=purpose)


def last_moment(text: str) -> datetime:
    """The end of that day in Hà Nội.

    Raises Problem: date_unreadable, expiry_not_a_day, expiry_passed, expiry_too_far.
    """
    day = parse_stated(text).exact
    if day is None:
        raise Problem("expiry_not_a_day", f"Hạn “{text}” phải là một ngày, ví dụ 31/12/2027.")
    refuse_expiry(day, today=clock.today())
    return end_of(day)
