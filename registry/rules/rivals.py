"""Figures that disagree about the same thing. They stand side by side, each with its source; none is chosen."""

from collections.abc import Mapping, Sequence
from typing import Any

#: What only one figure can be true of at a time. Increases and decreases are events, a correction is no rival of
#: what it corrects: any number of them are true together.
_SINGLE = frozenset({"reported_total", "first_registration"})
_SAME_CAPITAL = ("capital_kind", "measure", "currency", "programme_earliest", "programme_latest")
_SAME_VALUE = (
    "scope", "value_kind", "period_earliest", "period_latest", "clusters", "zones", "investor", "project",
)  # fmt: skip


def rivals(rows: Sequence[Mapping[str, Any]]) -> dict[int, tuple[int, ...]]:
    """By the position of a figure the positions of its rivals; figures without any are left out.

    rows: the capital events of one investor or project, or the values of one indicator, as contents hold them.
    Capital: another total (or first registration) of the same measure, currency and programme, whatever its date,
    because a later figure does not say that the earlier one was wrong. Values: of the same kind, scope and period;
    where no period is known, nothing says that two are of the same one.
    """
    found: dict[int, tuple[int, ...]] = {}
    for row in rows:
        others = tuple(
            other["position"] for other in rows if _about_the_same(row, other) and _differ(row, other)
        )
        if others:
            found[row["position"]] = others
    return found


def _about_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if "measure" in one:
        return one["capital_kind"] in _SINGLE and _equal(one, other, _SAME_CAPITAL)
    dated = one["period_earliest"] is not None or one["period_latest"] is not None
    return dated and _equal(one, other, _SAME_VALUE)


def _differ(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    figure = (
        ("amount", "amount_qualifier") if "measure" in one else ("value", "value_high", "value_qualifier")
    )
    return not _equal(one, other, figure)


def _equal(one: Mapping[str, Any], other: Mapping[str, Any], keys: Sequence[str]) -> bool:
    return all(one[key] == other[key] for key in keys)
