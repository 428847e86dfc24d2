"""What is published about clusters, as their working pages show it beside what is being entered."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from registry.models import Cluster, ClusterEdition, Decision, Effect, Investor, Zone
from registry.models.editions import OPEN_SEQ
from registry.rules import codes


def with_published_state(clusters: QuerySet[Cluster], today: date) -> QuerySet[Cluster]:
    """Each cluster with `stage`, `status`, `area` and `developer` of its published answer for that day."""
    edition = _open_on(today).filter(subject_id=OuterRef("pk"))
    developer = Investor.objects.filter(code=OuterRef("developer_code")).values("name")[:1]
    return clusters.annotate(
        stage=Subquery(edition.values("legal_stage")[:1]),
        status=Subquery(edition.values("operating_status")[:1]),
        area=Subquery(edition.values("area_ha")[:1]),
        developer=Subquery(edition.annotate(by=Subquery(developer)).values("by")[:1]),
    )


def published_answer(cluster: Cluster, today: date) -> dict[str, Any] | None:
    """The body that readers get for that day; None when nothing is published."""
    edition = _open_on(today).filter(subject_id=cluster.pk).first()
    return None if edition is None else json.loads(bytes(edition.body))


def effects_on(subject: Cluster | Zone) -> list[Effect]:
    """All effects on the cluster or zone as entered, published or not, in the order of their papers' days."""
    rows = Effect.objects.filter(**{subject.kind: subject}).select_related("decision", "cluster", "developer")
    return sorted(rows, key=day_of)


def deeds_of(decisions: Sequence[Model]) -> dict[int, list[str]]:
    """What each decision does, a line a cluster or zone: its name and the effects, in the order of the paper."""
    done: dict[int, dict[str, list[str]]] = {}
    rows = Effect.objects.filter(decision__in=[d.pk for d in decisions]).order_by("position", "id")
    for decision, name, code, wording in rows.values_list(
        "decision", Coalesce("cluster__name", "zone__name"), "effect_code", "as_stated"
    ):
        deed = codes.EFFECT.vi(code).lower() if code else f"“{wording}”"
        done.setdefault(decision, {}).setdefault(name, []).append(deed)
    return {
        decision: [f"{name}: {', '.join(dict.fromkeys(deeds))}" for name, deeds in clusters.items()]
        for decision, clusters in done.items()
    }


def day_of(effect: Effect) -> tuple[date, int, int]:
    """What effects on one cluster are ordered by: the day their paper acts, papers without one last."""
    decision: Decision = effect.decision
    return decision.acts_on or date.max, decision.pk, effect.position


def _open_on(today: date) -> QuerySet[ClusterEdition]:
    rows: QuerySet[ClusterEdition] = QuerySet(ClusterEdition)
    return rows.filter(known_to=OPEN_SEQ, valid_from__lte=today, valid_to__gt=today)
