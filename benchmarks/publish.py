"""What publishing costs: `DATABASE_URL=… python benchmarks/publish.py [CLUSTERS]` on an empty database.

Fills a city of CLUSTERS clusters (100), each with two decisions, then publishes a decision on 1, 10 and all of
them, renames a developer that all share, reads, and rebuilds. Prints milliseconds and queries. Never point it at
a registry that anybody uses: it leaves its city behind.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
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
from registry.models import Authority, Cluster, ClusterEdition, Decision, Effect, Investor, Publication  # noqa: E402
from tests.publication.desk import staff  # noqa: E402

AT, TODAY = datetime(2026, 3, 1, 3, tzinfo=UTC), date(2026, 3, 1)


def timed(what: str, call: Callable[[], object]) -> None:
    with CaptureQueriesContext(connection) as captured:
        start = time.perf_counter()
        call()
        spent = (time.perf_counter() - start) * 1000
    print(f"{what:<58}{spent:>9.1f} ms{len(captured):>7} queries")


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


def main(size: int) -> None:
    call_command("migrate", verbosity=0)
    if Publication.objects.exists():
        sys.exit("This database holds publications already. Give the benchmark an empty one.")
    staff()
    with recorded(actor="clerk"):
        authority = Authority.objects.create(name="Ủy ban", level="city")
        investor = Investor.objects.create(name="Công ty")
        clusters = [Cluster.objects.create(name=f"Cụm {n}") for n in range(size)]
    papers = [decision_on([c], investor, date(2022, 1, 1 + n)) for c in clusters for n in (0, 1)]
    timed(
        f"publish {size} clusters and {len(papers)} decisions in one act",
        lambda: publish_seed([authority, investor, *clusters, *papers], at=AT, today=TODAY),
    )

    def approve(subject: Decision | Investor) -> None:
        publish([subject], proposed_by="clerk", approved_by="leader", at=AT, today=TODAY)

    for count in sorted({1, min(10, size), size}):
        decision = decision_on(clusters[:count], investor, date(2023, 1, 1))
        timed(f"publish a decision on {count} of them", lambda decision=decision: approve(decision))
    with recorded(actor="clerk"):
        investor.name = "Công ty đổi tên"
        investor.save()
    timed("publish the new name of the developer of all", lambda: approve(investor))
    today = ClusterEdition.objects.known_at(Publication.objects.count()).valid_on(TODAY)
    timed("read a page of 100", lambda: list(today.order_by("sort_key", "subject_id")[:100]))
    timed("rebuild everything", rebuild_editions)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
