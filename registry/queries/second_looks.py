"""What in the working tables deserves a second look: sentences for those who enter and approve, never refusals."""

from datetime import date
from typing import Any

from registry.models import Decision, DecisionRelation, Effect
from registry.models.base import NamedSubject
from registry.queries.contents import contents
from registry.rules.area_limits import area_warnings
from registry.rules.cluster_states import fold
from registry.rules.composition.decisions import ENDING, effect_fact, fact
from registry.rules.near_names import near_names
from registry.rules.stage_gate import number_order_warnings, warnings


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


def near_to(subject: NamedSubject) -> list[NamedSubject]:
    """Other records of the kind whose names are close to this one's; the first five."""
    rows = type(subject)._default_manager.exclude(pk=subject.pk).values_list("name", "pk")
    by_name: dict[str, list[int]] = {}
    for name, pk in rows:
        by_name.setdefault(name, []).append(pk)
    ids = [pk for name in near_names(subject.name, by_name) for pk in by_name[name]][:5]
    return list(type(subject)._default_manager.filter(pk__in=ids))


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


def _astray(decision: Decision) -> list[str]:
    """Citations for an effect that the decision does not have."""
    cited = {row.row_position for row in decision.citations.all() if row.row_position is not None}
    missing = sorted(cited - set(decision.effects.values_list("position", flat=True)))
    return [
        f"Có trích nguồn cho tác động số {position}, nhưng quyết định không có tác động số đó. "
        "Hãy sửa số tác động ở phần nguồn."
        for position in missing
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
