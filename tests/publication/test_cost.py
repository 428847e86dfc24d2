"""Publishing asks the database about as often for ten clusters as for one."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.actions.publish import publish
from registry.ledger.context import recorded
from registry.models import AdministrativeUnit, Authority, Cluster, Decision, Effect, Investor
from registry.models.base import Subject
from tests.publication.desk import staff

pytestmark = pytest.mark.django_db

AT, TODAY = datetime(2026, 3, 1, 3, tzinfo=UTC), date(2026, 3, 1)


def approve(subjects: list[Subject]) -> int:
    """How many queries it took."""
    with CaptureQueriesContext(connection) as captured:
        publish(subjects, proposed_by="clerk", approved_by="leader", at=AT, today=TODAY)
    return len(captured)


@pytest.fixture
def world() -> list[Cluster]:
    """Twelve clusters, each already with a decision of its own, all published."""
    staff()
    with recorded(actor="clerk"):
        authority = Authority.objects.create(name="Ủy ban", level="city")
        place = AdministrativeUnit.objects.create(name="Tiên Cường", unit_kind="commune")
        clusters = [Cluster.objects.create(name=f"Cụm {n}") for n in range(12)]
        investor = Investor.objects.create(name="Công ty")
        for cluster in clusters:
            cluster.places.add(place)
        papers: list[Subject] = [decision_on([cluster], investor, 18) for cluster in clusters]
    approve([authority, place, investor, *clusters, *papers])
    return clusters


def decision_on(clusters: list[Cluster], investor: Investor, day: int) -> Decision:
    signed = date(2022, 1, day)
    decision = Decision.objects.create(
        issuer=Authority.objects.get(), issued_earliest=signed, issued_latest=signed, abstract="thành lập"
    )
    for position, cluster in enumerate(clusters, start=1):
        effect = Effect(decision=decision, position=position, cluster=cluster, effect_code="established")
        effect.area_ha, effect.developer = Decimal(40 + position), investor
        effect.save()
    return decision


def test_a_decision_on_ten_clusters_takes_about_as_many_queries_as_one_on_one(world: list[Cluster]) -> None:
    with recorded(actor="clerk"):
        one = decision_on(world[:1], Investor.objects.get(), 19)
        ten = decision_on(world[2:], Investor.objects.get(), 20)
    first, second = approve([one]), approve([ten])
    assert second <= first + 6, (first, second)
    assert second < 110, (first, second)


def test_a_renamed_developer_of_twelve_clusters_takes_no_more_than_that(world: list[Cluster]) -> None:
    investor = Investor.objects.get()
    with recorded(actor="clerk"):
        investor.name = "Công ty đổi tên"
        investor.save()
    assert approve([investor]) < 110
