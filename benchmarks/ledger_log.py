"""What a page of the log costs, whatever is asked together: milliseconds a request, against an aim of 100.

    DATABASE_URL=sqlite:////tmp/million.sqlite3 .venv/bin/python -m benchmarks.ledger_log

In a database that `benchmarks.ledger_entries` filled: common and rare values, both ends, nothing found. Each question
is asked of the whole page as Django makes it, without a network, in turns; by the clock and by the processor.
"""

import os
import statistics
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

import django

django.setup()  # before anything that imports models

from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.ledger_entries import RARE  # noqa: E402
from registry.ledger.entries import head  # noqa: E402

AIM, ROUNDS = 100, 7
ASKED = {
    "everything, first page": "",
    "everything, last page": "after=0",
    "a person who wrote much": "person=can-bo-1",
    "the same, last page": "person=can-bo-1&after=0",
    "a person who wrote little": f"person={RARE['actor']}",
    "nobody": "person=khong-ai",
    "a kind": "kind=decision",
    "a field often changed": "field=registry_citation.locator",
    "a field hardly ever changed": f"field=registry_decision.{RARE['field']}",
    "common words": "reason=ban+giay",
    "how words begin": "reason=q",
    "rare words": "reason=thanh+tra",
    "a record": "record=decision:77",
    "much together, nothing found": "person=can-bo-1&kind=source&field=registry_effect.area_ha&reason=ban+giay",
    "much together": "person=can-bo-1&kind=decision&field=registry_citation.locator&reason=sua+loi",
    "much together, last page": "person=can-bo-1&kind=decision&field=registry_citation.locator&reason=sua+loi&after=0",
}


def main() -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("index_ledger", verbosity=0)
    reader, _ = get_user_model().objects.get_or_create(
        username="bench-log", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client()
    client.force_login(reader)
    wall: dict[str, list[float]] = {name: [] for name in ASKED}
    spent: dict[str, list[float]] = {name: [] for name in ASKED}
    for turn in range(ROUNDS + 1):
        for name, query in ASKED.items():
            start, used = time.perf_counter(), time.process_time()
            status = client.get(f"/admin/log/?{query}").status_code
            if status != 200:
                raise RuntimeError(f"{query} answered {status}")
            if turn:  # the first one fills caches
                wall[name].append((time.perf_counter() - start) * 1000)
                spent[name].append((time.process_time() - used) * 1000)
    seq, _ = head()
    sys.stdout.write(
        f"{connection.vendor}, {seq} entries, ms: least, middle, greatest, processor; aim {AIM}\n"
    )
    for name in ASKED:
        times = wall[name]
        middle = statistics.median(times)
        sys.stdout.write(
            f"{name:32} {min(times):7.1f} {middle:7.1f} {max(times):7.1f} {statistics.median(spent[name]):7.1f}"
            f"{'' if middle <= AIM else '  not met'}\n"
        )


if __name__ == "__main__":
    main()
