"""What readers were told of a cluster at a moment, beside what they are told today, and why it was so."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from registry.admin.timelines import area_text
from registry.queries.editions import editions, position
from registry.rules import codes
from registry.rules.explanations import explained, not_acting
from registry.rules.hanoi import day_of
from registry.rules.quantities import Quantity, format_quantity

#: The values shown, in the order of the cluster's page.
_SHOWN = "legal_stage area_ha developer name aliases places sectors operating_status occupancy".split()


@dataclass(frozen=True, slots=True)
class Value:
    """One value then and today. rule, decision and papers say why it was so then."""

    label: str
    then: str
    now: str
    rule: str
    decision: str
    papers: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def differs(self) -> bool:
        return self.then != self.now


@dataclass(frozen=True, slots=True)
class AnswerThen:
    """known_seq: the last publication by then, 0 before the first. `told`: whether readers saw the cluster."""

    known_seq: int
    valid_on: date
    told: bool
    told_now: bool
    values: tuple[Value, ...] = ()
    not_acting: tuple[str, ...] = ()


def answer_then(cluster: int, moment: datetime, today: date) -> AnswerThen:
    """For the day of that moment by the publications until it, beside today's. Four queries."""
    then, head, day = position(moment=moment), position(), day_of(moment)
    was, isnow = _body(cluster, then.seq, day), _body(cluster, head.seq, today)
    if was is None:
        return AnswerThen(then.seq, day, False, isnow is not None)
    said = {one["field"]: one for one in explained(was)}
    values = (_value(said[field], was, isnow) for field in _SHOWN if field in said)
    idle = tuple(f"{_paper(entry)}: {entry['reason_label']['vi'].lower()}" for entry in not_acting(was))
    return AnswerThen(then.seq, day, True, isnow is not None, tuple(values), idle)


def _body(cluster: int, seq: int, day: date) -> dict[str, Any] | None:
    found = editions("cluster", known_seq=seq, valid_on=day).filter(subject_id=cluster).first()
    return None if found is None else json.loads(bytes(found.body))


def _value(said: Mapping[str, Any], was: Mapping[str, Any], isnow: Mapping[str, Any] | None) -> Value:
    field = said["field"]
    decision = said["decision"]
    return Value(
        label=codes.CITED_FIELD.vi(field),
        then=_text(field, was),
        now=_text(field, isnow) if isnow else "",
        rule=said["rule_label"]["vi"],
        decision=(decision["number"] or "quyết định chưa rõ số") if decision else "",
        papers=tuple(_paper(entry) for entry in said["papers"]),
        sources=tuple(
            f"{row['source']['title'] or 'tài liệu chưa công bố'}, {row['locator']}: “{row['as_stated']}”"
            for row in said["sources"]
        ),
    )


def _paper(entry: Mapping[str, Any]) -> str:
    done = entry["effect_label"]["vi"] if entry["effect_label"] else f"“{entry['as_stated']}”"
    number = (entry["decision"] or {}).get("number") or "quyết định chưa rõ số"
    day = f" từ {date.fromisoformat(entry['on']):%d/%m/%Y}" if entry["on"] else ", chưa rõ ngày"
    return f"{done} theo {number}{day}"


def _text(field: str, body: Mapping[str, Any]) -> str:
    """The value as a person reads it; empty where nothing is known."""
    value = body.get(field)
    match field:
        case "legal_stage" | "operating_status":
            return "" if value == "unknown" else str(body[f"{field}_label"]["vi"])
        case "area_ha":
            area = area_text(dict(body))
            return f"{area} ha" if area else ""
        case "developer":
            return str((value or {}).get("name") or "")
        case "places":
            return "; ".join(str(place["name"] or place["id"]) for place in value or ())
        case "occupancy":
            return "; ".join(_occupancy(row) for row in value or ())
        case "aliases" | "sectors":
            return "; ".join(str(one) for one in value or ())
        case _:
            return str(value or "")


def _occupancy(share: Mapping[str, Any]) -> str:
    """`72,5% (đất đã thuê)`"""
    value = format_quantity(Quantity(Decimal(str(share["value"])), share["qualifier"]))
    return f"{value}% ({codes.OCCUPANCY_BASIS.vi(share['basis']).lower()})"
