"""What publishing costs: `DATABASE_URL=… python -m benchmarks.publish [CLUSTERS [PROJECTS]]` on an empty database.

Fills a city of CLUSTERS clusters (100), each with two decisions, two indicators over half of them, and PROJECTS
projects (100) of one investor in one zone; then publishes a decision on 1, 10 and all clusters, one more project and
figure, renames what all share, reads, and rebuilds. Prints milliseconds, queries, and how many answers were composed.
Never point it at a registry that anybody uses: it leaves its city behind.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOCAL", "1")

import django

django.setup()  # before anything that imports models

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from registry.actions.editions import rebuild_editions  # noqa: E402
from registry.actions.publish import publish, publish_seed  # noqa: E402
from registry.ledger.context import recorded  # noqa: E402
from registry.models import (  # noqa: E402
    Announcement,
    Authority,
    CapitalEvent,
    Citation,
    Cluster,
    ClusterEdition,
    Decision,
    Effect,
    Indicator,
    IndicatorValue,
    IndicatorValueCluster,
    Investor,
    OperatingReport,
    Project,
    Publication,
    SourceDocument,
    Zone,
)
from registry.models.base import Subject  # noqa: E402
from registry.queries.documents import document  # noqa: E402
from tests.publication.desk import staff  # noqa: E402

AT, TODAY = datetime(2026, 3, 1, 3, tzinfo=UTC), date(2026, 3, 1)


def timed(what: str, call: Callable[[], object]) -> None:
    with CaptureQueriesContext(connection) as captured:
        start = time.perf_counter()
        call()
        spent = (time.perf_counter() - start) * 1000
    news = Announcement.objects.filter(publication_id=Publication.objects.count()).count()
    print(f"{what:<58}{spent:>9.1f} ms{len(captured):>7} queries{news:>7} told", flush=True)


def decision_on(clusters: list[Cluster], investor: Investor, day: date) -> Decision:
    with recorded(actor="clerk"):
        decision = Decision.objects.create(
            issuer=Authority.objects.get(), issued_earliest=day, issued_latest=day, abstract="thành lập"
        )
        for position, cluster in enumerate(clusters, start=1):
            Effect.objects.create(
                decision=decision,
                position=position,
                cluster=cluster,
                effect_code="established",
                developer=investor,
            )
    return decision


def projects_of(investor: Investor, zone: Zone, count: int) -> list[Project]:
    """Each was first registered on a day of its own, and reported at the end of one of ten years."""
    with recorded(actor="clerk"):
        projects = [
            Project.objects.create(name=f"Dự án {n}", investor=investor, zone=zone) for n in range(count)
        ]
        for n, project in enumerate(projects):
            figure(project, 1, date(2000, 1, 1) + timedelta(days=7 * n), "first_registration")
            figure(project, 2, date(2014 + n % 10, 12, 31), "reported_total")
    return projects


def figure(project: Project, position: int, day: date, kind: str) -> None:
    CapitalEvent.objects.create(
        project=project,
        position=position,
        capital_kind=kind,
        measure="registered",
        amount=1_000_000 + position,
        as_of_earliest=day,
        as_of_latest=day,
    )


def indicator_of(clusters: list[Cluster], name: str) -> Indicator:
    with recorded(actor="clerk"):
        indicator = Indicator.objects.create(name=name, unit="%")
        value = IndicatorValue.objects.create(indicator=indicator, scope="clusters", value=86)
        for cluster in clusters:
            IndicatorValueCluster.objects.create(value=value, indicator=indicator, cluster=cluster)
    return indicator


def approve(*subjects: Subject) -> None:
    publish(list(subjects), proposed_by="clerk", approved_by="leader", at=AT, today=TODAY)


def renamed(subject: Subject) -> Subject:
    with recorded(actor="clerk"):
        subject.name += " đổi tên"  # type: ignore[attr-defined]
        subject.save()
    return subject


def main(size: int, projects: int) -> None:
    call_command("migrate", verbosity=0)
    if Publication.objects.exists():
        sys.exit("This database holds publications already. Give the benchmark an empty one.")
    staff()
    with recorded(actor="clerk"):
        authority = Authority.objects.create(name="Ủy ban", level="city")
        source = SourceDocument.objects.create(name="Báo cáo")
        investor, group = (
            Investor.objects.create(name="Công ty"),
            Investor.objects.create(name="Nhà đầu tư lớn"),
        )
        zone = Zone.objects.create(name="Khu", zone_kind="industrial_park")
        clusters = [Cluster.objects.create(name=f"Cụm {n}") for n in range(size)]
    papers = [decision_on([c], investor, date(2022, 1, 1 + n)) for c in clusters for n in (0, 1)]
    subjects = [authority, source, investor, group, zone, *clusters, *papers]
    timed(
        f"publish {size} clusters and {len(papers)} decisions in one act",
        lambda: publish_seed(subjects, at=AT, today=TODAY),
    )
    half = [indicator_of(clusters[: size // 2], name) for name in ("Lấp đầy", "Lao động")]
    timed(f"publish two indicators over {size // 2} of them", lambda: approve(*half))
    built = projects_of(group, zone, projects)
    timed(f"publish {projects} projects of one investor in one zone", lambda: approve(*built))

    for count in sorted({1, min(10, size), size}):
        decision = decision_on(clusters[:count], investor, date(2023, 1, 1))
        timed(f"publish a decision on {count} clusters", lambda decision=decision: approve(decision))
    with recorded(actor="clerk"):
        OperatingReport.objects.create(
            cluster=clusters[0], as_of_latest=TODAY, status="operating", source=source, locator="đoạn 1"
        )
    timed("publish a report on a cluster of the indicators", lambda: approve(clusters[0]))
    timed("publish the new name of a cluster of the indicators", lambda: approve(renamed(clusters[0])))
    with recorded(actor="clerk"):
        figure(built[0], 3, date(2025, 12, 31), "reported_total")
    timed("publish a figure of one of the projects", lambda: approve(built[0]))
    with recorded(actor="clerk"):
        group.registered_in = "KR"
        group.save()
    timed("publish the country of their investor", lambda: approve(group))
    timed("publish the new name of the zone of the projects", lambda: approve(renamed(zone)))
    timed("publish the new name of their investor", lambda: approve(renamed(group)))
    timed("publish the new name of the developer of all clusters", lambda: approve(renamed(investor)))
    today = ClusterEdition.objects.known_at(Publication.objects.count()).valid_on(TODAY)
    timed("read a page of 100", lambda: list(today.order_by("sort_key", "subject_id")[:100]))
    with recorded(actor="clerk"):
        Citation.objects.bulk_create(
            Citation(
                project=project,
                row_position=n,
                field="amount",
                source=source,
                locator=f"đoạn {n}",
                as_stated="1 tỷ USD",
            )
            for project in built
            for n in (1, 2)
        )
    timed(f"read the {2 * projects} values that rest on a document", lambda: document(source).chosen())
    timed("rebuild everything", rebuild_editions)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given + [100, 100][len(given) :]))
