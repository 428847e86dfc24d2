"""What lists are ordered by besides their first columns: for each column of a list that orders it, a short text made
from the answer alone, whose order is that of its characters.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from registry.rules.composition.sources import Composer
from registry.rules.composition.world import Rectangle, World, fixed
from registry.rules.text import LONGEST_WORD, sort_key

Read = Callable[[Any], str]


def _plain(value: Any) -> str:
    """A code, a number of a paper, a day, a truth: False before True."""
    return str(value)[:LONGEST_WORD]


def _name(value: Any) -> str:
    """Words in the order of the Vietnamese alphabet; of long ones the beginning counts."""
    return sort_key(str(value)[: 2 * LONGEST_WORD])[:LONGEST_WORD]


def _quantity(value: Any) -> str:
    return fixed(str(value))


#: By kind and column. A path through a list leads to its first row that has such a value.
ORDERS: Mapping[str, Mapping[str, Read]] = {
    "assignment": {
        "asked_by.name": _name,
        "lead.name": _name,
        "cooperating_others": _name,
        "task": _name,
        "decision.number": _name,
        "asked.earliest": _plain,
        "due.earliest": _plain,
    },
    "authority": {
        "place.id": _plain,
        "place.name": _name,
        "successor.name": _name,
    },
    "cluster": {
        "area_high_ha": _quantity,
        "developer.name": _name,
        "land.industrial_land_ha": _quantity,
        "land.leased_ha": _quantity,
        "land.approved_ha": _quantity,
        "land.as_of": _plain,
    },
    "decision": {
        "symbol": _plain,
        "issuer.code": _plain,
        "issuer.name": _name,
        "kind": _plain,
        "abstract": _name,
        "issued_earliest": _plain,
        "effective_on": _plain,
        "in_force": _plain,
        "verification": _plain,
        "effects.cluster.name": _name,
    },
    "indicator": {"definition": _name},
    "investor": {
        "group.name": _name,
        "registered_in.name": _name,
        "capital_from.name": _name,
        "capital_in_projects": _plain,
    },
    "legal_instrument": {"title": _name, "issuer.name": _name, "successor.number": _name},
    "place": {"within.id": _plain, "within.name": _name},
    "project": {
        "investor.name": _name,
        "zone.name": _name,
        "cluster.name": _name,
        "land_area_high_ha": _quantity,
    },
    "source": {"publisher": _name, "url": _plain, "published_earliest": _plain},
    "zone": {"area_high_ha": _quantity},
}
#: The kinds whose editions have a column for each: so many that an index has to lead to the page. No filter reads these
#: columns: SQLite takes an index for the one row that it seldom leads to, and sorts a hundred thousand.
IN_COLUMNS = frozenset({"decision"})


def order_name(column: str) -> str:
    """What the text is called where it is stored: `issuer.name` is `issuer_name_order`."""
    return f"{column.replace('.', '_')}_order"


def order_values(kind: str, body: Mapping[str, Any]) -> dict[str, str]:
    """Each text by the name it is stored under; empty where the answer has no such value."""
    found = {}
    for column, read in ORDERS.get(kind, {}).items():
        value = _at(body, column.split("."))
        found[order_name(column)] = "" if value in (None, "") else read(value)
    return found


def order_terms(kind: str, body: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The same as terms, for the kinds that keep them so."""
    if kind in IN_COLUMNS:
        return set()
    return {(name, value) for name, value in order_values(kind, body).items() if value}


def ordered(kind: str, compose: Composer) -> Composer:
    """The composer, with what its answers are ordered by."""

    def composed(world: World, subject_id: int) -> list[Rectangle]:
        return [_with_orders(kind, one) for one in compose(world, subject_id)]

    return composed if kind in ORDERS else compose


def _with_orders(kind: str, one: Rectangle) -> Rectangle:
    if kind in IN_COLUMNS:
        return replace(one, columns={**one.columns, **order_values(kind, one.body)})
    return replace(one, terms=tuple(sorted({*one.terms, *order_terms(kind, one.body)})))


def _at(value: Any, path: list[str]) -> Any:
    if not path or value is None:
        return value
    if isinstance(value, list):
        found = (_at(row, path) for row in value)
        return next((one for one in found if one not in (None, "")), None)
    return _at(value.get(path[0]), path[1:])
