"""Figures that disagree about the same thing. They stand side by side, each with its source; none is chosen."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

#: What only one figure can be true of at a time. Increases and decreases are events, a correction is no rival of
#: what it corrects: any number of them are true together.
_SINGLE = frozenset({"reported_total", "first_registration"})
_SAME_CAPITAL = ("capital_kind", "measure", "currency", "programme_earliest", "programme_latest")
_CAPITAL = ("amount", "amount_qualifier")
_SAME_VALUE = (
    "scope", "value_kind", "period_earliest", "period_latest", "clusters", "zones", "investor", "project",
)  # fmt: skip
_VALUE = ("value", "value_high", "value_qualifier")


def rivals(rows: Sequence[Mapping[str, Any]]) -> dict[int, tuple[int, ...]]:
    """By the position of a figure the positions of its rivals; figures without any are left out.

    rows: the capital events of one investor or project, or the values of one indicator, as contents hold them.
    Capital: another total (or first registration) of the same measure, currency and programme, whatever its date,
    because a later figure does not say that the earlier one was wrong. Values: of the same kind, scope and period;
    where no period is known, nothing says that two are of the same one.
    """
    together: dict[Hashable, list[Mapping[str, Any]]] = {}
    for row in rows:
        if (thing := _about(row)) is not None:
            together.setdefault(thing, []).append(row)
    found: dict[int, tuple[int, ...]] = {}
    for row in rows:
        figures = together.get(_about(row), ())
        if others := tuple(other["position"] for other in figures if _figure(other) != _figure(row)):
            found[row["position"]] = others
    return found


def disagreeing(rows: Sequence[Mapping[str, Any]]) -> set[int]:
    """The positions of the figures that have a rival, found in one pass: a record may have hundreds on many days."""
    figures: dict[Hashable, set[Hashable]] = {}
    about = [(row["position"], _about(row)) for row in rows]
    for row, (_, thing) in zip(rows, about, strict=True):
        if thing is not None:
            figures.setdefault(thing, set()).add(_figure(row))
    return {position for position, thing in about if len(figures.get(thing, ())) > 1}


def _about(row: Mapping[str, Any]) -> Hashable | None:
    """What the figure is of, where only one figure of it can be true."""
    if "measure" in row:
        return _told(row, _SAME_CAPITAL) if row["capital_kind"] in _SINGLE else None
    dated = row["period_earliest"] is not None or row["period_latest"] is not None
    return _told(row, _SAME_VALUE) if dated else None


def _figure(row: Mapping[str, Any]) -> Hashable:
    return _told(row, _CAPITAL if "measure" in row else _VALUE)


def _told(row: Mapping[str, Any], columns: Sequence[str]) -> Hashable:
    said = (row[column] for column in columns)
    return tuple(tuple(one) if isinstance(one, list) else one for one in said)
