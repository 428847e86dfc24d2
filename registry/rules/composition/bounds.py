"""How low and how high a quantity may surely be taken to be, where that is not the figure itself: “over 50 ha” has no
upper end, “up to 50 ha” no lower one, “50 to 60 ha” ends at 60. Made from the answer alone, for bounds of filters.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from registry.rules import codes
from registry.rules.composition.sources import Composer
from registry.rules.composition.world import Rectangle, World, fixed

#: Greater than any number as a term.
NO_END = "~"
#: What the terms of both ends are called, after that of the figure itself.
LEAST, MOST = "_least", "_most"


class Quantity(NamedTuple):
    """A figure, the upper end of a range (else None), and how exactly it was stated."""

    figure: Any
    high: Any
    qualifier: str | None

    def least(self) -> Any:
        """Nearly so much is not so much; 0 is a lower end that tells nothing."""
        return 0 if self.qualifier in ("up_to", "nearly") else self.figure

    def most(self) -> Any:
        """None: no end."""
        return None if self.qualifier == "over" else self.figure if self.high is None else self.high


def amount(value: int | str) -> str:
    """Money in whole units as a term: so that the order of the texts is that of the numbers."""
    return f"{int(value):019d}"


def _size(prefix: str) -> Callable[[Mapping[str, Any]], dict[str, list[Quantity]]]:
    def read(body: Mapping[str, Any]) -> dict[str, list[Quantity]]:
        one = Quantity(*(body.get(f"{prefix}{end}") for end in ("_ha", "_high_ha", "_qualifier")))
        return {f"{prefix}_ha": [] if one.figure is None else [one]}

    return read


def _shares(body: Mapping[str, Any]) -> dict[str, list[Quantity]]:
    return {
        share["basis"]: [Quantity(share["value"], None, share["qualifier"])]
        for share in body.get("occupancy", ())
    }


def _capital(body: Mapping[str, Any]) -> dict[str, list[Quantity]]:
    """All figures of a currency, what was taken away aside: lists are filtered by the largest."""
    shown = [row for row in body.get("capital", ()) if row["kind"] != "decrease"]
    return {
        f"capital_{currency.lower()}": [
            Quantity(row["amount"], None, row["qualifier"]) for row in shown if row["currency"] == currency
        ]
        for currency in codes.CURRENCY
    }


#: By kind: what of an answer may be no exact number, by the term or column that filters read.
BOUNDED: Mapping[str, tuple[Callable[[Mapping[str, Any]], dict[str, list[Quantity]]], ...]] = {
    "cluster": (_size("area"), _shares),
    "investor": (_capital,),
    "project": (_size("land_area"), _capital),
    "zone": (_size("area"),),
}


def bound_terms(kind: str, body: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The ends that are not the figure itself."""
    found = set()
    for read in BOUNDED.get(kind, ()):
        for name, quantities in read(body).items():
            if all(one.qualifier in ("exact", "about", None) for one in quantities):
                continue
            written = amount if name.startswith("capital_") else _written
            largest = max(one.figure for one in quantities)
            least, most = max(one.least() for one in quantities), _highest(one.most() for one in quantities)
            if least != largest:
                found.add((name + LEAST, written(least)))
            if most != largest:
                found.add((name + MOST, NO_END if most is None else written(most)))
    return found


def _written(value: Any) -> str:
    return fixed(Decimal(str(value)))


def _highest(ends: Iterable[Any]) -> Any:
    found = list(ends)
    return None if None in found else max(found)


def bounded(kind: str, compose: Composer) -> Composer:
    """The composer, with the ends that its answers are filtered by."""

    def composed(world: World, subject_id: int) -> list[Rectangle]:
        return [_with_bounds(kind, one) for one in compose(world, subject_id)]

    return composed if kind in BOUNDED else compose


def _with_bounds(kind: str, one: Rectangle) -> Rectangle:
    ends = bound_terms(kind, one.body)
    return replace(one, terms=tuple(sorted({*one.terms, *ends}))) if ends else one
