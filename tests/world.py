"""A small named world for tests: what the seed states, published at a fixed moment, and people who work on it.

def test_…(seeded):
    assert seeded.answer(seeded.giang_bien, on=date(2022, 3, 31))["legal_stage"] == "established"
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, User

from registry.actions.seed import seed
from registry.ledger.context import recorded
from registry.models import EDITIONS, Cluster, Decision, Investor, Publication
from registry.models.base import Subject
from registry.queries.published import head

#: A world small enough to be loaded for one test: paragraphs 6 to 9 of one article.
FIXTURES = Path(__file__).resolve().parent / "small_world"
#: What the repository seeds.
WHOLE = Path(__file__).resolve().parent.parent / "fixtures"
#: When the world's seed was published: 09:00 in Hà Nội.
AT = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
TODAY = date(2026, 1, 5)


@dataclass(frozen=True, slots=True)
class World:
    """The six clusters, the three developers and the first publication."""

    tien_cuong_ii: Cluster
    dai_thang: Cluster
    giang_bien: Cluster
    quang_phuc: Cluster
    an_tho: Cluster
    dung_tien_giang_bien: Cluster
    tien_phat: Investor
    tpa_land: Investor
    mda: Investor
    publication: Publication

    def decision(self, number: int) -> Decision:
        """One of 202, 607, 791, 1012, 790, 1013: numbers of UBND TP of the year 2022."""
        return Decision.objects.get(number=number)

    def unnumbered(self, cluster: Cluster) -> list[Decision]:
        """Policy approval and establishment of one of the last three clusters, in that order."""
        return list(Decision.objects.filter(number=None, effects__cluster=cluster).order_by("pk"))

    def answer(self, subject: Subject, *, on: date, seq: int | None = None) -> dict[str, Any] | None:
        """What the registry says of the subject on that day, by publication `seq` (default: the last)."""
        editions = EDITIONS[subject.kind].objects.filter(subject_id=subject.pk)
        found = editions.known_at(seq if seq is not None else head()).valid_on(on).first()
        return json.loads(bytes(found.body)) if found else None


def load(fixtures: Path = FIXTURES) -> World:
    """Load and publish the fixtures into an empty registry."""
    report = seed(fixtures, at=AT, today=TODAY)
    assert report.publication is not None
    clusters = {cluster.code: cluster for cluster in Cluster.objects.all()}
    developers = {investor.code: investor for investor in Investor.objects.all()}
    return World(
        tien_cuong_ii=clusters["tien-cuong-ii"],
        dai_thang=clusters["dai-thang"],
        giang_bien=clusters["giang-bien"],
        quang_phuc=clusters["quang-phuc"],
        an_tho=clusters["an-tho"],
        dung_tien_giang_bien=clusters["dung-tien-giang-bien"],
        tien_phat=developers["tien-phat"],
        tpa_land=developers["tpa-land-viet-nam"],
        mda=developers["mda-e-c"],
        publication=report.publication,
    )


def clerk(username: str = "lan") -> User:
    """Somebody who enters and submits."""
    return _person(username, "Nhập liệu")


def leader(username: str = "hung") -> User:
    """Somebody who approves."""
    return _person(username, "Duyệt")


def _person(username: str, group: str) -> User:
    with recorded(actor="system", reason="test"):
        user = User.objects.create_user(username, password="mật khẩu thử rất dài", is_staff=True)
        user.groups.add(Group.objects.get(name=group))
    return user
