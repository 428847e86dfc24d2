"""How large a cluster may be, by the decree in force on the day. For warnings: history is never refused."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from registry.rules.quantities import format_number


@dataclass(frozen=True, slots=True)
class AreaLimit:
    """Limits in hectares from `valid_from` until the day before `valid_to` (None: still in force).

    small_min_ha: the lower limit in mountains and for craft villages, where it differs.
    """

    valid_from: date
    valid_to: date | None
    min_ha: Decimal
    max_ha: Decimal
    small_min_ha: Decimal | None
    legal_basis: str


#: A new decree is a new row, and the end of the row before it. No row: no known limit, no warning.
AREA_LIMITS: tuple[AreaLimit, ...] = (
    AreaLimit(date(2020, 8, 1), date(2024, 5, 1), Decimal(10), Decimal(75), None, "66/2020/NĐ-CP"),
    AreaLimit(date(2024, 5, 1), date(2026, 9, 15), Decimal(10), Decimal(75), Decimal(5), "32/2024/NĐ-CP"),
    # Known second-hand only.
    AreaLimit(date(2026, 9, 15), None, Decimal(5), Decimal(75), None, "303/2026/NĐ-CP"),
)


def limit_on(day: date) -> AreaLimit | None:
    """The limit in force that day; None when none is known."""
    for limit in AREA_LIMITS:
        if limit.valid_from <= day and (limit.valid_to is None or day < limit.valid_to):
            return limit
    return None


def area_warnings(area_ha: Decimal, on: date) -> list[str]:
    """Whole sentences about an area that a decision of that day sets; none when it is within the limits."""
    limit = limit_on(on)
    if limit is None or limit.min_ha <= area_ha <= limit.max_ha:
        return []
    shown = f"Diện tích {format_number(area_ha)} ha"
    span = f"{format_number(limit.min_ha)}-{format_number(limit.max_ha)} ha"
    if limit.small_min_ha is not None and limit.small_min_ha <= area_ha < limit.min_ha:
        return [
            f"{shown} chỉ được phép ở vùng miền núi và với cụm làng nghề; nơi khác là {span} theo Nghị định "
            f"{limit.legal_basis}. Hãy kiểm tra lại diện tích."
        ]
    return [
        f"{shown} nằm ngoài giới hạn {span} theo Nghị định {limit.legal_basis}. Hãy kiểm tra lại diện tích."
    ]
