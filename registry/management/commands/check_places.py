"""Whether the table of administrative units is what a given list says."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry import clock
from registry.models import AdministrativeUnit
from registry.queries.places import units_within
from registry.rules.dates import parse_stated
from registry.rules.place_lists import ListedUnit, compare, read_list
from registry.rules.problems import Problem


class Command(BaseCommand):
    help = (
        "So bảng đơn vị hành chính với một danh sách: tệp CSV mã UTF-8 (Excel: Lưu thành “CSV UTF-8”), dòng đầu là "
        "tiêu đề, các cột “mã” (code), “tên” (name) và nếu có “loại” (kind); cột khác được bỏ qua; tên có thể kèm "
        "loại như “Phường An Phong”. Nêu đơn vị thiếu, thừa, khác tên, khác loại, khác mã, và mã lặp lại trong "
        "danh sách. Mã thoát: 0 trùng khớp, 1 có khác biệt, 2 gọi sai cách hoặc không đọc được tệp."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="TỆP", type=Path, help="Danh sách, dạng CSV.")
        parser.add_argument(
            "--on", metavar="NGÀY", help="So các đơn vị của ngày này, như 30/06/2025; mặc định hôm nay."
        )
        parser.add_argument(
            "--within",
            metavar="MÃ",
            default="thanh-pho-hai-phong",
            help="Mã (của hệ thống) của đơn vị bao trùm danh sách; mặc định thanh-pho-hai-phong.",
        )

    def handle(self, *args: Any, file: Path, on: str | None, within: str, **options: Any) -> None:
        day = _day(on) if on else clock.today()
        outer = AdministrativeUnit.objects.filter(code=within).first()
        if outer is None:
            raise CommandError(
                f"place_unknown · Không có đơn vị hành chính nào có mã “{within}”.", returncode=2
            )
        listed = _read(file)
        held = _comparable(units_within(outer, day), listed)
        findings = list(compare(listed, held))
        for finding in findings:
            self.stdout.write(f"{finding.code} · {finding.text}")
        self.stdout.write(
            f"Ngày {day:%d/%m/%Y}, {outer}: danh sách có {len(listed)} dòng, hệ thống có {len(held)} đơn vị; "
            f"{len(findings)} khác biệt."
        )
        if findings:
            raise CommandError("places_differ · Bảng đơn vị hành chính khác với danh sách.")


def _read(file: Path) -> list[ListedUnit]:
    try:
        return read_list(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(
            f"list_unreadable · Không mở được tệp “{file}”: {error.strerror}.", returncode=2
        ) from None
    except UnicodeDecodeError:
        raise CommandError(
            f"list_unreadable · Tệp “{file}” không phải văn bản mã UTF-8. Trong Excel hãy chọn Lưu thành, “CSV UTF-8”.",
            returncode=2,
        ) from None
    except Problem as problem:
        raise CommandError(f"{problem.code} · {problem.message}", returncode=2) from None


def _day(text: str) -> date:
    try:
        found = parse_stated(text).exact
    except Problem as problem:
        raise CommandError(f"{problem.code} · {problem.message}", returncode=2) from None
    if found is None:
        raise CommandError(f"date_unreadable · “{text}” phải là một ngày, như 30/06/2025.", returncode=2)
    return found


def _comparable(held: list[ListedUnit], listed: list[ListedUnit]) -> list[ListedUnit]:
    """A list of communes says nothing about districts: units of kinds that it has none of, it does not miss."""
    kinds, codes = {unit.kind for unit in listed}, {unit.code for unit in listed}
    return [unit for unit in held if None in kinds or unit.kind in kinds or unit.code in codes]
