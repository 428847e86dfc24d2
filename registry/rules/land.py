"""How much industrial land of a cluster is free to lease, by what was reported of it."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

#: How exactly the rest is known where the share is not stated as such.
_LEFT = {"over": "up_to", "up_to": "over", "nearly": "over"}


def unleased_ha(report: Mapping[str, Any]) -> tuple[Decimal, str] | None:
    """Hectares of industrial land under no lease by one operating report, and how exactly that is known.

    Industrial land less leased land (`exact`); where the report gives a share instead of an area, less that share
    (`about`: shares are rounded; “over 90 %” leaves `up_to` the rest, “up to” and “nearly 90 %” leave `over`).
    None when the report states neither. Land that is leased counts as taken whether or not anything stands on it;
    land that is only approved for a project, and not leased, as free.
    """
    if report["industrial_land_ha"] is None:
        return None
    land = Decimal(report["industrial_land_ha"])
    if report["leased_ha"] is not None:
        return land - Decimal(report["leased_ha"]), "exact"
    if report["occupancy_leased"] is not None:
        free = land * (100 - Decimal(report["occupancy_leased"])) / 100
        qualifier = _LEFT.get(report["occupancy_qualifier"], "about")
        return free.quantize(Decimal("0.0001"), ROUND_HALF_UP), qualifier
    return None
