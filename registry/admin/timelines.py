"""A cluster's two timelines on its page: what readers see today, and what has been entered."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from registry.admin.site import change_url
from registry.models import Effect
from registry.rules import codes
from registry.rules.dates import StatedDate, day_vi, format_vi
from registry.rules.quantities import Quantity, format_quantity


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `acts`: whether it counts towards the stage once published."""

    day: str
    label: str
    decision: str
    acts: bool
    url: str = ""
    says: str = ""


def published_entries(answer: dict[str, Any]) -> list[Entry]:
    """The timeline of a published answer."""
    return [
        Entry(
            day=_period(row["earliest"], row["on"]),
            label=row["effect_label"]["vi"] if row["effect_label"] else f"“{row['as_stated']}”",
            decision=row["decision"]["number"] or "quyết định chưa rõ số",
            acts=row["verification"] == "verified" and row["effect"] is not None,
        )
        for row in answer["timeline"]
    ]


def entered_entries(effects: list[Effect]) -> list[Entry]:
    """The timeline of the working tables, each line with a way to its decision."""
    return [
        Entry(
            day=_stated(effect),
            label=codes.EFFECT.vi(effect.effect_code) if effect.effect_code else f"“{effect.as_stated}”",
            decision=effect.decision.label,
            acts=effect.verification == "verified" and effect.effect_code is not None,
            url=change_url(effect.decision),
            says=_says(effect),
        )
        for effect in effects
    ]


@dataclass(frozen=True, slots=True)
class Beside:
    """An effect as it was entered then and today; None: it was not there."""

    then: Entry | None
    now: Entry | None

    @property
    def said(self) -> str:
        if self.then is None:
            return "khi đó chưa có"
        if self.now is None:
            return "nay không còn"
        return "" if self.then == self.now else "khác"

    @property
    def differs(self) -> bool:
        return bool(self.said)


def entered_beside(then: list[Effect], now: list[Effect]) -> list[Beside]:
    """The timelines of both moments, line by line, in the order of today."""
    was = dict(zip([effect.pk for effect in then], entered_entries(then), strict=True))
    isnow = dict(zip([effect.pk for effect in now], entered_entries(now), strict=True))
    return [Beside(was.get(pk), isnow.get(pk)) for pk in dict.fromkeys([*isnow, *was])]


def area_text(answer: dict[str, Any]) -> str:
    """`khoảng 47,8`; empty when unknown."""
    if answer["area_ha"] is None:
        return ""
    value, high = (
        Decimal(str(answer[k])) if answer[k] is not None else None for k in ("area_ha", "area_high_ha")
    )
    return format_quantity(Quantity(value or Decimal(0), answer["area_qualifier"] or "exact", high))


@dataclass(frozen=True, slots=True)
class Said:
    """A value that a published answer shows, the decision that set it, and the citations of its field."""

    label: str
    text: str
    decision: dict[str, Any] | None
    stated: list[dict[str, Any]]


def values_said(answer: dict[str, Any]) -> list[Said]:
    """What readers see of a cluster today, each value with where it comes from."""
    area, operating = area_text(answer), answer["operating_status"]
    shown = (
        ("legal_stage", answer["legal_stage_label"]["vi"], answer["legal_stage_decision"]),
        ("area_ha", f"{area} ha" if area else "", answer["area_decision"]),
        ("developer", (answer["developer"] or {}).get("name") or "", answer["developer_decision"]),
        ("operating_status", answer["operating_status_label"]["vi"] if operating != "unknown" else "", None),
    )
    return [
        Said(
            codes.CITED_FIELD.vi(field),
            "" if (field, answer["legal_stage"]) == ("legal_stage", "unknown") else text,
            decision,
            # Answers of former releases do not say which are of a value that was overtaken.
            [row for row in answer["sources"] if row["field"] == field and row.get("shown", True)],
        )
        for field, text, decision in shown
    ]


def _says(effect: Effect) -> str:
    said = []
    if effect.area_ha is not None:
        area = Quantity(effect.area_ha, effect.area_qualifier, effect.area_high_ha)
        said.append(f"{format_quantity(area)} ha")
    if effect.developer:
        said.append(effect.developer.name)
    return ", ".join(said)


def _stated(effect: Effect) -> str:
    decision = effect.decision
    known = decision.effective_latest or decision.effective_earliest
    stated = decision.effective if known else decision.issued
    # The paper's own words, unless they are just the day.
    return stated.stated_as if stated.stated_as and stated.exact is None else format_vi(stated)


def _period(earliest: str | None, latest: str | None) -> str:
    first, last = (None if text is None else date.fromisoformat(text) for text in (earliest, latest))
    if last is not None and first != last:
        return f"chậm nhất {day_vi(last)}"
    return format_vi(StatedDate(first, last))
