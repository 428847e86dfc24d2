"""What approving a decision makes readers see: each cluster's answer before and after, composed in memory."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from registry.models.base import Subject
from registry.queries.contents import contents
from registry.queries.published import PublishedWorld
from registry.rules import codes
from registry.rules.canonical import canonical
from registry.rules.composition.clusters import compose_cluster
from registry.rules.composition.subjects import POINTERS, references
from registry.rules.composition.world import FIRST_DAY, Content, Rectangle
from registry.rules.dates import day_vi
from registry.rules.quantities import Quantity, format_quantity

_NOTHING = "chưa rõ"


def consequences(decision: Subject, along: Iterable[Subject] = ()) -> list[str]:
    """A sentence for each day and value: `Đại Thắng, từ 01/12/2026: diện tích 21,3 ha → 32 ha`.

    along: the records published in the same act. Approving changes no answer: an empty list. Nothing is saved.
    """
    now, then = PublishedWorld(), _After([decision, *along])
    sentences = []
    for cluster in sorted(_touched(now, decision) | _touched(then, decision)):
        sentences += _told(compose_cluster(now, cluster), compose_cluster(then, cluster))
    return sentences


class _After(PublishedWorld):
    """The published contents as they would be if these subjects were published as they stand."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        super().__init__()
        self.new: dict[tuple[str, int], Mapping[str, Any]] = {}
        wanted: dict[str, list[int]] = {}
        for subject in subjects:
            wanted.setdefault(subject.kind, []).append(subject.pk)
        for kind, ids in wanted.items():
            for pk, content in contents(kind, ids).items():
                # As a statement holds it: decimals and days are text.
                self.new[kind, pk] = json.loads(canonical(content))

    def _content(self, kind: str, subject_id: int) -> Mapping[str, Any] | None:
        return self.new.get((kind, subject_id)) or super()._content(kind, subject_id)

    def pointing(self, role: str, kind: str, subject_id: int) -> list[int]:
        key, found = f"{role}>{kind}:{subject_id}", set(super().pointing(role, kind, subject_id))
        for (pointer, pk), content in self.new.items():
            if pointer == POINTERS[role]:
                found = found | {pk} if key in references(pointer, content) else found - {pk}
        return sorted(found)


def _touched(world: PublishedWorld, decision: Subject) -> set[int]:
    """The clusters the decision is about, and those of the decisions that it ends, however far away."""
    clusters: set[int] = set()
    waiting, seen = [decision.pk], set()
    while waiting:
        seen.add(pk := waiting.pop())
        content: Content = world.content("decision", pk) or {"effects": (), "relations": ()}
        clusters |= {effect["cluster"] for effect in content["effects"] if effect["cluster"] is not None}
        waiting += [row["target"] for row in content["relations"] if row["target"] not in seen]
    return clusters


def _told(before: list[Rectangle], after: list[Rectangle]) -> list[str]:
    """The values that differ, at the first day of each difference."""
    days = sorted({rectangle.valid_from for rectangle in (*before, *after)})
    sentences = []
    for previous, day in pairwise([None, *days]):
        assert day is not None
        changed = _pairs(before, after, day)
        same = _pairs(before, after, previous) if previous else {}
        fresh = [
            f"{label} {old} → {new}" for label, (old, new) in changed.items() if same.get(label) != (old, new)
        ]
        if fresh:
            since = "" if day == FIRST_DAY else f", từ {day_vi(day)}"
            sentences.append(f"{_on(after or before, day)['name']}{since}: {'; '.join(fresh)}")
    return sentences


def _pairs(before: list[Rectangle], after: list[Rectangle], day: date) -> dict[str, tuple[str, str]]:
    old, new = _values(_on(before, day)), _values(_on(after, day))
    return {label: (old[label], new[label]) for label in old if old[label] != new[label]}


def _on(rectangles: list[Rectangle], day: date) -> Mapping[str, Any]:
    return next((r.body for r in rectangles if r.valid_from <= day < r.valid_to), {})


def _values(body: Mapping[str, Any]) -> dict[str, str]:
    stage, developer = body.get("legal_stage"), body.get("developer")
    return {
        "giai đoạn": codes.LEGAL_STAGE.vi(stage).lower() if stage else _NOTHING,
        "diện tích": _area(body),
        "chủ đầu tư": developer["name"] if developer else _NOTHING,
        "tên": body.get("name") or _NOTHING,
        "địa điểm": ", ".join(place["name"] for place in body.get("places", ())) or _NOTHING,
        "ngành, nghề": "; ".join(body.get("sectors", ())) or _NOTHING,
    }


def _area(body: Mapping[str, Any]) -> str:
    if body.get("area_ha") is None:
        return _NOTHING
    low, high = (
        None if body[key] is None else Decimal(str(body[key])) for key in ("area_ha", "area_high_ha")
    )
    assert low is not None
    return f"{format_quantity(Quantity(low, body['area_qualifier'], high))} ha"
