"""Which administrative units stand on a day, by the working tables."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from registry.models import AdministrativeUnit, PlaceCode
from registry.rules.place_lists import ListedUnit


def units_within(outer: AdministrativeUnit, on: date) -> list[ListedUnit]:
    """The units of that day that belong to another one, at whatever remove, with their codes of that day."""
    holds = _holds(on)
    upper = dict(AdministrativeUnit.objects.values_list("pk", "within_id"))
    codes = dict(PlaceCode.objects.filter(holds).values_list("unit_id", "official_code"))
    return [
        ListedUnit(codes.get(unit.pk, ""), unit.name, unit.unit_kind)
        for unit in AdministrativeUnit.objects.filter(holds)
        if outer.pk in _above(unit.pk, upper)
    ]


def _holds(on: date) -> Q:
    return (Q(valid_from=None) | Q(valid_from__lte=on)) & (Q(valid_to=None) | Q(valid_to__gt=on))


def _above(unit: int, upper: Mapping[int, int | None]) -> list[int]:
    found: list[int] = []
    above = upper[unit]
    while above is not None and above not in found:
        found.append(above)
        above = upper[above]
    return found
