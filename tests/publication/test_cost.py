"""Publishing asks the database about as often for ten clusters as for one."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.actions.publish import publish
from registry.ledger.context import recorded
from registry.models import (
    AdministrativeUnit,
    Authority,
    CapitalEvent,
    Cluster,
    Decision,
    Effect,
    Investor,
    InvestorEdition,
    Project,
)
from registry.models.base import Subject
from registry.rules.composition import investments
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


def with_projects(name: str, count: int) -> list[Subject]:
    """An investor and so many projects of it, each with a figure of a day of its own."""
    with recorded(actor="clerk"):
        investor = Investor.objects.create(name=name)
        projects = Project.objects.bulk_create(
            [Project(code=f"{investor.code}-{n}", name=f"Dự án {n}", investor=investor) for n in range(count)]
        )
        CapitalEvent.objects.bulk_create(
            CapitalEvent(
                project=project,
                measure="registered",
                amount=10**6 + n,
                as_of_latest=date(2000, 1, 1) + timedelta(days=n),
            )
            for n, project in enumerate(projects)
        )
    return [investor, *projects]


def test_a_hundred_new_projects_take_about_as_many_queries_as_two(world: list[Cluster]) -> None:
    few, many = approve(with_projects("Ít", 2)), approve(with_projects("Nhiều", 100))
    # Of that many rows some are written a few hundred at a time.
    assert many <= few + 12, (few, many)


def test_the_answers_about_an_investor_do_not_grow_with_the_square_of_its_projects(
    world: list[Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(investments, "MOST_PROJECTS_WITH_FIGURES", 4)
    approve(with_projects("Bốn", 4))
    approve(with_projects("Năm", 5))
    four, five = (InvestorEdition.objects.filter(search_text__contains=word) for word in ("bon", "nam"))
    assert [len(json.loads(bytes(row.body))["capital"]) for row in four.order_by("valid_from")] == [
        0,
        1,
        2,
        3,
        4,
    ]
    (body,) = (json.loads(bytes(row.body)) for row in five)
    assert (body["capital"], body["capital_in_projects"], len(body["projects"])) == ([], True, 5)
