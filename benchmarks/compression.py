"""What PostgreSQL takes to store and to read a page of answers, by how it compresses them.

    python -m tests.engines postgresql -- .venv/bin/python -m benchmarks.compression var/bench/100-….sqlite3

The answers are those of a world that `make bench` keeps; the servers' defaults are the baseline.
"""

import os
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable

import psycopg

PAGE, TIMES = 100, 30


def main(world: str) -> None:
    source = sqlite3.connect(f"file:{world}?mode=ro", uri=True)
    bodies = [body for (body,) in source.execute("SELECT body FROM registry_clusteredition ORDER BY id")]
    pages = [bodies[n : n + PAGE] for n in range(0, len(bodies) - PAGE + 1, PAGE)]
    measured = {}
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        for method in ("pglz", "lz4"):
            connection.execute("CREATE TEMP TABLE answer (page int, body bytea)")
            connection.execute(f"ALTER TABLE answer ALTER body SET COMPRESSION {method}")

            def write(number: int) -> None:
                with connection.cursor().copy("COPY answer FROM STDIN") as rows:
                    for body in pages[number % len(pages)]:
                        rows.write_row((number, body))

            def read(number: int) -> None:
                connection.execute(
                    "SELECT body FROM answer WHERE page = %s", [number], binary=True
                ).fetchall()

            spent = [taken(write)]
            connection.execute("CREATE INDEX ON answer (page)")
            connection.execute("ANALYZE answer")
            taken(read)
            size = connection.execute("SELECT pg_total_relation_size('answer')").fetchone()
            measured[method] = [*spent, taken(read), size[0] if size else 0]
            connection.execute("DROP TABLE answer")
    for what, before, after in zip(("store", "read", "disk"), *measured.values(), strict=True):
        sys.stdout.write(f"{what}: lz4 ÷ default {after / before:.2f}\n")


def taken(act: Callable[[int], None]) -> float:
    """Seconds: the middle of so many times."""
    spent = []
    for number in range(TIMES):
        start = time.perf_counter()
        act(number)
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


if __name__ == "__main__":
    main(sys.argv[1])
