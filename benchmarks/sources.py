"""What a page of a document costs, for 100, 1 000 and 5 000 records that cite it, in one run.

    .venv/bin/python -m benchmarks.sources                                                  # SQLite
    .venv/bin/python -m tests.engines postgresql -- .venv/bin/python -m benchmarks.sources  # PostgreSQL

Needs an empty database of its own: without DATABASE_URL it makes one in a temporary directory. Prints milliseconds and
queries of the first page of 100 and of the last: as the API answers, and as staff see it.
"""

import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

SIZES = (100, 1000, 5000)
AT, TODAY = datetime(2026, 3, 1, 3, tzinfo=UTC), date(2026, 3, 1)


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        os.environ |= {"LOCAL": "1", "VAR_DIR": directory, "DJANGO_SETTINGS_MODULE": "config.settings"}
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        measure()


def measure() -> None:
    from registry.actions.publish import publish_seed
    from registry.ledger.context import recorded
    from registry.models import Citation, Investor, SourceDocument
    from registry.queries.documents import document
    from registry.queries.resting import resting

    def read(source: SourceDocument, backwards: bool = False) -> object:
        return resting(source.pk, "bai-a", known_seq=10, valid_on=TODAY, size=100, backwards=backwards)

    def staff(source: SourceDocument, some: slice) -> object:
        told = document(source)
        return told.in_words(told.rows[some])

    with recorded(actor="seed"):
        source = SourceDocument.objects.create(code="bai-a", name="Bài A")
    publish_seed([source], at=AT, today=TODAY)
    made = 0
    for size in SIZES:
        with recorded(actor="seed"):
            new = [Investor.objects.create(name=f"Công ty {n}") for n in range(made, size)]
            Citation.objects.bulk_create(
                Citation(
                    investor=one, source=source, locator=f"đoạn {n}", field="name", as_stated=f"Công ty {n}"
                )
                for n, one in enumerate(new, start=made)
            )
        made = size
        publish_seed(new, at=AT, today=TODAY)
        timed(f"API, first page of {size}", lambda: read(source))
        timed(f"API, last page of {size}", lambda: read(source, backwards=True))
        timed(f"staff, first page of {size}", lambda: staff(source, slice(0, 100)))
        timed(f"staff, last page of {size}", lambda: staff(source, slice(-100, None)))


def timed(what: str, call: Callable[[], object]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    call()
    with CaptureQueriesContext(connection) as captured:
        start = time.perf_counter()
        call()
        spent = (time.perf_counter() - start) * 1000
    print(f"{what:<34}{spent:>9.1f} ms{len(captured):>5} queries", flush=True)


if __name__ == "__main__":
    main()
