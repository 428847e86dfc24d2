"""kill -9 at twenty random moments of seeding, writing and publishing: what is there afterwards agrees."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from registry.actions.editions import rebuild_editions
from registry.ledger.verify import verify
from registry.models import Announcement, Decision, LedgerEntry, Publication, SeedMark
from tests.seed.test_killed import database_url
from tests.world import FIXTURES

ROOT = Path(__file__).resolve().parent.parent.parent
#: Of each: how many are killed, and the longest that one lives: in seconds, and in turns of writing and publishing.
SEEDING, WORKING = (6, 2.5), (14, 4)

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def nursery() -> Iterator[subprocess.Popen[str]]:
    """A process that is ready to work, and has children who do until they are killed."""
    chosen = {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-m", "tests.stress.worker", str(FIXTURES)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **chosen},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def killed(nursery: subprocess.Popen[str], work: str, longest: float, seed: int) -> str:
    """A child begins, is killed at a random moment, and this says `killed`; `done` when it was quicker."""
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(f"{work} {longest} {seed}\n")
    nursery.stdin.flush()
    said = nursery.stdout.readline().strip()
    assert said in ("killed", "done"), said
    while connection.vendor == "postgresql" and others_are_served():
        time.sleep(0.02)
    return said


def others_are_served() -> bool:
    """Whether a server has yet to see that who asked it is dead: what it was told to commit, it commits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone() != (0,)


def assert_that_all_agrees() -> None:
    report = verify(connection)
    assert report.problems == [], [str(problem) for problem in report.problems[:3]]
    assert rebuild_editions(check=True) == []
    seqs = sorted(Publication.objects.values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    # Whatever was published was announced, in the same go.
    assert set(Announcement.objects.values_list("publication_id", flat=True)) == set(seqs)


def test_after_twenty_kills_ledger_tables_publications_and_editions_agree():
    with nursery() as ready:
        for seed in range(SEEDING[0]):
            said = killed(ready, "seed", SEEDING[1] * (seed + 1) / SEEDING[0], seed)
            assert_that_all_agrees()
            # All of it or nothing.
            assert SeedMark.objects.exists() == Decision.objects.exists() == Publication.objects.exists()
            if said == "killed" and not SeedMark.objects.exists():
                assert not LedgerEntry.objects.filter(actor="seed").exists()
        killed(ready, "seed", 60, 99)
        assert SeedMark.objects.exists()
        before = Publication.objects.count(), LedgerEntry.objects.count()
        for seed in range(WORKING[0]):
            assert killed(ready, "work", WORKING[1], seed) == "killed"
            assert_that_all_agrees()
        assert Publication.objects.count() > before[0], "nobody lived long enough to publish"
        assert LedgerEntry.objects.count() > before[1] + 20
