"""What in the working tables deserves a second look: sentences for those who enter and approve, never refusals."""

from datetime import date
from typing import Any

from registry.models import SUBJECTS, Decision, DecisionRelation, Effect
from registry.models.base import NamedSubject, Subject
from registry.models.sources import NUMBERED
from registry.queries.contents import children_of, contents
from registry.queries.provenance import Beside, Provenance
from registry.rules.area_limits import area_warnings
from registry.rules.cluster_states import fold
from registry.rules.composition.decisions import ENDING, effect_fact, fact
from registry.rules.near_names import near_names
from registry.rules.provenance import FIELDS, Value
from registry.rules.stage_gate import number_order_warnings, warnings

#: Kinds whose records go by the names of the same places: KCN Tràng Duệ is not CCN phụ trợ Tràng Duệ.
_NAMED_ALIKE = {"cluster": ("cluster", "zone"), "zone": ("zone", "cluster")}

#: How many values without a source are named one by one.
_NAMED = 8


def about(subject: Subject) -> list[str]:
    """What deserves a second look in any record."""
    return about_decision(subject) if isinstance(subject, Decision) else _astray(subject)


def about_decision(decision: Decision) -> list[str]:
    """Its number among its issuer's, the areas it sets, and the rungs of its effects; drafts count."""
    acts_on = decision.acts_on
    found = _number_order(decision) + _same_number(decision) + _astray(decision)
    if acts_on is None:
        return found
    effects = [
        e for e in decision.effects.select_related("cluster") if e.cluster and e.verification == "verified"
    ]
    for effect in effects:
        if effect.area_ha is not None:
            found += [f"{effect.cluster}: {sentence}" for sentence in area_warnings(effect.area_ha, acts_on)]
    others = _other_decisions(decision, {pk for effect in effects if (pk := effect.cluster_id)})
    for effect in effects:
        sentences = _rungs(others, effect, acts_on)
        found += [f"{effect.cluster}: {sentence}" for sentence in sentences]
    return found


def about_sources(subject: Subject) -> list[str]:
    """Which of its values nothing states, which figures disagree, and what a document states otherwise."""
    if subject.kind not in FIELDS:
        return []
    provenance = Provenance(subject)
    found = list(provenance.all())
    # Where a document states something else, that is said below.
    unsourced = [
        _called(value, beside)
        for value, beside in found
        if beside.unsourced and all(one.agrees is not False for one in beside.stated)
    ]
    sentences = []
    if unsourced:
        named = "; ".join(unsourced[:_NAMED]) + ("…" if len(unsourced) > _NAMED else "")
        sentences.append(f"{len(unsourced)} giá trị chưa có nguồn: {named}.")
    for value, beside in found:
        sentences += [
            f"{_called(value, beside)}: {provenance.text_of(value)}, trong khi số liệu khác về cùng việc này là "
            f"{rival.text} (dòng {rival.position}). Người đọc sẽ thấy cả hai."
            for rival in beside.rivals
            if value.position is not None and rival.position > value.position
        ]
        sentences += [
            f"{_called(value, beside)}: {one.source.name}, {one.locator} ghi khác: “{one.as_stated}”."
            for one in beside.stated
            if one.agrees is False
        ]
    return sentences


def _called(value: Value, beside: Beside) -> str:
    return beside.label if value.position is None else f"{beside.label} (dòng {value.position})"


def near_to(subject: NamedSubject) -> list[NamedSubject]:
    """Other records whose names are close to this one's; the first five of its kind, and of those named alike."""
    found: list[NamedSubject] = []
    for kind in _NAMED_ALIKE.get(subject.kind, (subject.kind,)):
        model: Any = SUBJECTS[kind]
        rows = model._default_manager.all()
        if kind == subject.kind:
            rows = rows.exclude(pk=subject.pk)
        by_name: dict[str, list[int]] = {}
        for name, pk in rows.values_list("name", "pk"):
            by_name.setdefault(name, []).append(pk)
        ids = [pk for name in near_names(subject.name, by_name) for pk in by_name[name]][:5]
        found += rows.filter(pk__in=ids)
    return found


def _number_order(decision: Decision) -> list[str]:
    issued_on = decision.issued.exact
    if decision.number is None or issued_on is None:
        return []
    # Only papers of one series are numbered together: 1178/ĐCK-CTT says nothing of 202/QĐ-UBND.
    others = Decision.objects.filter(
        issuer=decision.issuer_id, number_year=issued_on.year, symbol=decision.symbol, number__isnull=False
    ).exclude(pk=decision.pk)
    known = [
        (number, latest)
        for number, earliest, latest in others.values_list("number", "issued_earliest", "issued_latest")
        if earliest == latest and number is not None and latest is not None
    ]
    return number_order_warnings(decision.number, issued_on, known)


def _same_number(decision: Decision) -> list[str]:
    """Papers that may be this one: numbers begin again each year, and the year of one of the two is unknown."""
    if decision.number is None:
        return []
    others = Decision.objects.filter(
        issuer=decision.issuer_id,
        number=decision.number,
        symbol=decision.symbol,
        number_family=decision.number_family,
    ).exclude(pk=decision.pk)
    if decision.number_year is not None:
        others = others.filter(number_year__isnull=True)
    return [
        f"Đã có bản ghi cùng số, mà một trong hai chưa rõ năm: “{other}”. Hãy kiểm tra xem có phải cùng một văn bản."
        for other in others.order_by("pk")[:3]
    ]


def _astray(subject: Subject) -> list[str]:
    """Citations for a numbered row that the record does not have."""
    if subject.kind not in NUMBERED:
        return []
    rows = next(
        relation
        for relation in children_of(type(subject))
        if any(field.name == "position" for field in relation.related_model._meta.concrete_fields)
    )
    accessor, row = rows.get_accessor_name() or "", rows.related_model._meta.verbose_name
    have = set(getattr(subject, accessor).values_list("position", flat=True))
    cited = set(subject.citations.values_list("row_position", flat=True)) - {None}  # type: ignore[attr-defined]
    return [
        f"Có trích nguồn cho {row} số {position}, nhưng {subject._meta.verbose_name} không có {row} số đó. "
        "Hãy sửa dòng số ở phần nguồn."
        for position in sorted(cited - have)
    ]


def _other_decisions(decision: Decision, clusters: set[int]) -> dict[int, dict[str, Any]]:
    """The decisions about those clusters and, transitively, those that end one of them."""
    waiting = set(Effect.objects.filter(cluster__in=clusters).values_list("decision", flat=True)) - {
        decision.pk
    }
    found: set[int] = set()
    while waiting:
        found |= waiting
        enders = DecisionRelation.objects.filter(target__in=waiting, relation__in=ENDING)
        waiting = set(enders.values_list("decision", flat=True)) - found - {decision.pk}
    return contents("decision", found)


def _rungs(others: dict[int, dict[str, Any]], effect: Effect, acts_on: date) -> list[str]:
    facts = [
        effect_fact(pk, row)
        for pk, content in others.items()
        for row in content["effects"]
        if row["cluster"] == effect.cluster_id
    ]
    intervals = fold(facts, [fact(pk, content) for pk, content in others.items()])
    before = next(i for i in intervals if i.valid_from <= acts_on < i.valid_to)
    return warnings(before, effect.effect_code)
