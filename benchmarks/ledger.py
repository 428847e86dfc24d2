"""What the ledger costs a write: the same writes with its triggers and without, in turns, in one run.

    .venv/bin/python -m benchmarks.ledger                                                  # SQLite
    .venv/bin/python -m tests.engines postgresql -- .venv/bin/python -m benchmarks.ledger  # PostgreSQL

Needs an empty database of its own: without DATABASE_URL it makes one in a temporary directory.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable

ROWS, SAVES, ROUNDS = 5000, 300, 5


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        os.environ |= {"LOCAL": "1", "VAR_DIR": directory, "DJANGO_SETTINGS_MODULE": "config.settings"}
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        measure()


def measure() -> None:
    from django.db import connection, transaction
    from django.db.models import F, Value
    from django.db.models.functions import Concat

    from registry.ledger import arming
    from registry.ledger.context import recorded
    from registry.models import Cluster, ClusterAlias

    cluster = Cluster.objects.create(name="CCN")

    def create() -> None:
        ClusterAlias.objects.bulk_create(ClusterAlias(cluster=cluster, name=f"Tên {n}") for n in range(ROWS))

    def update() -> None:
        ClusterAlias.objects.update(name=Concat(F("name"), Value("*")))

    def delete() -> None:
        ClusterAlias.objects.all()._raw_delete("default")  # type: ignore[attr-defined]

    def save() -> None:
        for number in range(SAVES):
            with recorded():
                Cluster.objects.filter(pk=cluster.pk).update(name=f"CCN {number}")

    steps: dict[str, tuple[Callable[[], None], int]] = {
        "create, many rows": (create, ROWS),
        "update, many rows": (update, ROWS),
        "delete, many rows": (delete, ROWS),
        "one row, its own transaction": (save, SAVES),
    }
    times: dict[tuple[str, bool], list[float]] = {}
    for _ in range(ROUNDS):
        for armed in (False, True):
            with transaction.atomic():
                arming.arm(connection, arming.tables(connection)) if armed else arming.disarm(connection)
            for name, (step, rows) in steps.items():
                start = time.perf_counter()
                step()
                times.setdefault((name, armed), []).append((time.perf_counter() - start) / rows * 1e6)
    sys.stdout.write(f"{connection.vendor}, median of {ROUNDS}, µs a row: without, with, ratio\n")
    for name in steps:
        without, with_ledger = (statistics.median(times[name, armed]) for armed in (False, True))
        sys.stdout.write(f"{name:30} {without:8.1f} {with_ledger:8.1f} {with_ledger / without:6.2f}\n")


if __name__ == "__main__":
    main()
