"""`python -m tests.stress.worker FIXTURES`: for each line `WORK LONGEST SEED` of its input, a child that is killed.

WORK is `seed` (the folder FIXTURES is seeded) or `work` (drafts are written and published, without end). The child is
killed after a random time up to LONGEST seconds; `killed` is printed, or `done` or `failed` when it ended before.
"""

import os
import random
import signal
import sys
import time
import traceback
from datetime import UTC, date, datetime
from pathlib import Path

import django

AT, TODAY = datetime(2026, 3, 1, 3, tzinfo=UTC), date(2026, 3, 1)


def seed_all(fixtures: Path) -> None:
    from registry.actions.seed import seed

    seed(fixtures, at=AT, today=TODAY)


def write_and_publish(rng: random.Random) -> None:
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


def main(fixtures: Path) -> None:
    django.setup()
    # Whatever takes time once is taken here, so that the moments fall into the work.
    from django.apps import apps

    apps.get_models()
    for line in sys.stdin:
        work, longest, seed = line.split()
        rng = random.Random(int(seed))
        child = os.fork()
        if not child:
            try:
                if work == "seed":
                    seed_all(fixtures)
                else:
                    write_and_publish(rng)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        ends = time.monotonic() + rng.uniform(0.05, float(longest))
        while time.monotonic() < ends:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                print("failed" if status else "done", flush=True)
                break
            time.sleep(0.005)
        else:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            print("killed", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
