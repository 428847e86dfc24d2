"""Several publishers at once, each with a connection of their own, on one cluster: nothing is lost."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from django.db import connection

from registry.actions.editions import rebuild_editions
from registry.actions.publish import publish
from registry.ledger.context import recorded
from registry.ledger.verify import verify
from registry.models import Announcement, ClusterEdition, Decision, Publication, Statement
from registry.queries.contents import content_text
from registry.queries.published import latest_statements
from tests.publication.invariants import Shelf, check_announced_days, check_rectangles
from tests.publication.office import Office
from tests.publication.oracle import Oracle

PUBLISHERS, ROUNDS = 4, 5
AT, TODAY = datetime(2026, 3, 1, 3, tzinfo=UTC), date(2026, 3, 1)


@pytest.mark.django_db(transaction=True)
def test_publishers_at_once_on_one_cluster_lose_nothing() -> None:
    office = Office()
    office.new_cluster(0, 0, 0)
    for n in range(PUBLISHERS):
        office.new_decision(n, n + 1, 0)
    office.publish_all(0, 0, 0)
    decisions = [pk for _, pk in office.of_kind("decision")]
    start = Barrier(PUBLISHERS)

    def work(pk: int) -> None:
        rng = random.Random(pk)
        try:
            start.wait(timeout=30)
            for round_ in range(ROUNDS):
                with recorded(actor="clerk"):
                    Decision.objects.get(pk=pk).effects.update(area_ha=10 + round_ + rng.random() * 40)
                publish(
                    [Decision.objects.get(pk=pk)],
                    proposed_by="clerk", approved_by="leader", at=AT, today=TODAY,
                )  # fmt: skip
        finally:
            connection.close()

    with ThreadPoolExecutor(PUBLISHERS) as pool:
        for done in [pool.submit(work, pk) for pk in decisions]:
            done.result(timeout=120)

    acts = list(Publication.objects.order_by("seq"))
    assert [act.seq for act in acts] == list(range(1, 3 + PUBLISHERS * ROUNDS))
    assert [act.at for act in acts] == sorted({act.at for act in acts})
    for pk, statement in latest_statements("decision", decisions).items():
        assert statement.content == content_text(Decision.objects.get(pk=pk))
    assert Statement.objects.filter(kind="decision").count() == PUBLISHERS * (ROUNDS + 1)
    seqs = list(Announcement.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    newest = ClusterEdition.objects.known_at(acts[-1].seq).valid_on(TODAY).get()
    assert newest.subject_id == office.of_kind("cluster")[0][1]
    heard = Oracle([_said_by(act) for act in acts])
    check_rectangles(heard, Shelf())
    check_announced_days(heard, Shelf())
    assert rebuild_editions() == []
    assert verify(connection).problems == []


def _said_by(act: Publication) -> dict[tuple[str, int], dict[str, object] | None]:
    """What that act named; for these checks it does not matter what it said."""
    return {(statement.kind, statement.subject_id): {} for statement in act.statements.all()}
