"""What proving the registry costs, part by part, on a registry that is there.

    .venv/bin/python -m benchmarks.verify
    DATABASE_URL=sqlite:////tmp/million.sqlite3 .venv/bin/python -m benchmarks.verify

A ledger of a million entries to try it on: benchmarks.ledger_entries. Changes nothing but a temporary file. Prints, for
each part, seconds on the clock and of our processor (what the database's own processes take is not in the second).
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

import django

django.setup()  # before anything that imports models

from django.db import connection  # noqa: E402

from registry.actions.rehearsal import edition_findings  # noqa: E402
from registry.ledger.entries import head  # noqa: E402
from registry.ledger.export import export  # noqa: E402
from registry.ledger.verify import verify  # noqa: E402
from registry.ledger.verify_export import Chain, read  # noqa: E402


def timed(what: str, part: Callable[[], object]) -> None:
    """A line of the table. Whatever the part gives must be empty: nothing is found in a sound registry."""
    clock, processor = time.perf_counter(), time.process_time()
    found = part()
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    sys.stdout.write(f"{what:45} {clock:7.1f} s {processor:7.1f} s{'' if not found else f' {found}'}\n")
    sys.stdout.flush()


def main() -> None:
    seq, _ = head()
    sys.stdout.write(f"{connection.vendor}, {seq} entries: on the clock, of our processor\n")
    timed("verify: chain, payloads, triggers, every row", lambda: verify(connection).problems[:3])
    timed("verify: what the API answers from", lambda: edition_findings()[:3])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.jsonl"

        def write() -> None:
            with path.open("x", encoding="utf-8", newline="\n") as file:
                export(connection, file)

        timed("export", write)
        size = path.stat().st_size / 1e6
        timed(f"the file of {size:.0f} MB, verified by itself", lambda: list(read(str(path), Chain()))[:3])


if __name__ == "__main__":
    main()
