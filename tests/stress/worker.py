"""`python -m tests.stress.worker FIXTURES`: for each line `WORK LONGEST SEED` of its input, a child that is killed.

WORK is `seed` (the folder FIXTURES is seeded) or `work` (drafts are written and published, without end). Who seeds is
killed after a random time up to LONGEST seconds. Who works is killed at a random moment of a turn, after fewer than
LONGEST whole ones: however slow the machine, some are published and some are cut off. `killed` is printed, or `done`
or `failed` when the child ended before.
"""

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import django

AT, TODAY = datetime(2026, 3, 1, 3, tzinfo=UTC), date(2026, 3, 1)


def seed_all(fixtures: Path) -> None:
    from registry.actions.seed import seed

    seed(fixtures, at=AT, today=TODAY)


def write_and_publish(rng: random.Random, done: int) -> None:
    """Turn by turn; a byte is written to the file `done` after each."""
    from registry.actions.publish import publish
    from registry.ledger.context import recorded
    from registry.models import Authority, Cluster, Decision, Effect
    from tests.publication.desk import staff

    staff()
    authority, clusters = Authority.objects.all()[0], list(Cluster.objects.all())
    while True:
        with recorded(actor="clerk", reason="một văn bản nữa"):
            signed = date(2022, 1, rng.randint(1, 28))
            decision = Decision.objects.create(
                issuer=authority,
                issued_earliest=signed,
                issued_latest=signed,
                abstract=f"Về việc {rng.random()}",
            )
            for position, cluster in enumerate(rng.sample(clusters, 3), start=1):
                Effect.objects.create(
                    decision=decision,
                    position=position,
                    cluster=cluster,
                    effect_code="expanded",
                    area_ha=rng.randint(10, 75),
                )
        cluster = rng.choice(clusters)
        with recorded(actor="clerk"):
            cluster.name = f"Cụm {rng.random()}"
            cluster.save()
        publish([decision, cluster], proposed_by="clerk", approved_by="leader", at=AT, today=TODAY)
        os.write(done, b".")


def after_a_while(rng: random.Random, longest: float) -> Iterator[None]:
    """Ends after a random time of so many seconds at most; asks for a look at the child in between."""
    ends = time.monotonic() + rng.uniform(0.05, longest)
    while time.monotonic() < ends:
        yield
        time.sleep(0.005)


def in_a_turn(rng: random.Random, turns: int, done: int) -> Iterator[None]:
    """Ends at a random moment of the turn after fewer than so many whole ones."""
    took = 0.3
    for _ in range(rng.randrange(turns)):
        began = time.monotonic()
        os.read(done, 1)  # nothing, at once, when the child is no more
        took = time.monotonic() - began
        yield
    time.sleep(rng.uniform(0, took))
    yield


def main(fixtures: Path) -> None:
    django.setup()
    # Whatever takes time once is taken here, so that the moments fall into the work.
    from django.apps import apps

    apps.get_models()
    for line in sys.stdin:
        work, longest, seed = line.split()
        rng = random.Random(int(seed))
        done, told = os.pipe()
        child = os.fork()
        if not child:
            try:
                if work == "seed":
                    seed_all(fixtures)
                else:
                    write_and_publish(rng, told)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        os.close(told)
        moments = after_a_while(rng, float(longest)) if work == "seed" else in_a_turn(rng, int(longest), done)
        for _ in moments:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                print("failed" if status else "done", flush=True)
                break
        else:
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            print("killed" if os.WIFSIGNALED(status) else "failed" if status else "done", flush=True)
        os.close(done)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
