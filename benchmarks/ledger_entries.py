"""A ledger of any length, quickly: a small published world, then years of edits, each entry written by the triggers.

    DATABASE_URL=sqlite:////tmp/million.sqlite3 .venv/bin/python -m benchmarks.ledger_entries 1000000
    .venv/bin/python -m tests.engines postgresql -- .venv/bin/python -m benchmarks.ledger_entries 1000000

Needs an empty database. Nothing is forged: rows change by UPDATE, INSERT and DELETE, and the database chains what
changed, so that rows, chain, publications and editions agree as they do in a registry that was used. Only the clock
is lent, so that the entries spread over eight years from now on. The same number is always the same edits.

Who, why and what are spread as in an office: forty people of whom a few write most, reasons that come back thousands
of times beside those that name one paper, requests of one entry and of hundreds; and of each a rare one (`RARE`).
"""

import contextlib
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

import django

django.setup()  # before anything that imports models

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from benchmarks.worlds import build  # noqa: E402
from registry.ledger import arming  # noqa: E402
from registry.ledger.engines import engine_of  # noqa: E402
from registry.ledger.entries import head  # noqa: E402
from registry.models import Citation, Cluster, Decision, Investor, LedgerEntry, SourceDocument  # noqa: E402

CLUSTERS = 200
YEARS = timedelta(days=8 * 365)
PEOPLE = [f"can-bo-{n}" for n in range(1, 41)]
REASONS = (
    "theo bản giấy",
    "sửa lỗi chính tả",
    "đối chiếu với báo cáo của Ban Quản lý khu kinh tế",
    "cập nhật số liệu quý",
    "",
)
#: What is found a few times among any number of entries: a person, a word of a reason, a column (decisions).
RARE = {"actor": "kiem-tra-vien", "reason": "theo kết luận thanh tra", "field": "received_on"}
#: Entries between two commits.
BATCH = 20_000


@dataclass
class _Telling:
    """What the database writes beside each row, until it is told otherwise."""

    at: str = ""
    actor: str = ""
    reason: str = ""
    request: str = ""


def grow(entries: int, clusters: int = CLUSTERS) -> None:
    """Fill the empty, migrated database of `connection` until its ledger has that many entries, or a few hundred more.

    `clusters`: a multiple of 10, the published world at the beginning (about 65 entries each).
    """
    edits = _Edits()
    with _telling() as tell:
        # Moments never go back: what the migrations wrote is the beginning.
        start = datetime.fromisoformat(LedgerEntry.objects.latest("seq").at.removesuffix("Z"))
        tell(_Telling(at=_stamp(start)))
        build(clusters)
        edits.find_rows()
        written = head()[0]
        while written < entries:
            with transaction.atomic(), connection.cursor() as cursor:
                until = min(entries, written + BATCH)
                while written < until:
                    at = start + YEARS * (written / entries)
                    told, statements = edits.next(at)
                    tell(told)
                    for statement in statements:
                        cursor.execute(statement)
                        written += cursor.rowcount
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="microseconds") + "Z"


@contextlib.contextmanager
def _telling() -> Iterator[Callable[[_Telling], None]]:
    """A function by which the ledger's triggers are told who, why and when, until the block is left."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        now = _Telling()
        raw = connection.connection
        raw.create_function("ledger_now", 0, lambda: now.at)
        tell = now.__dict__.update

        def on_sqlite(told: _Telling) -> None:
            tell(told.__dict__)
            if told.actor:
                for name in ("actor", "reason", "request"):
                    raw.create_function(f"ledger_{name}", 0, partial(getattr, now, name))

        yield on_sqlite
        engine_of(connection).connected(connection)
        return
    name = "function ledger_seal_entry"
    text = engine_of(connection).expected(connection, arming.tables(connection))[name]
    lent = text.replace("clock_timestamp() AT TIME ZONE 'UTC'", "current_setting('bench.at')::timestamp")
    if lent == text:
        raise RuntimeError("the ledger reads another clock than this program knows")

    def on_postgresql(told: _Telling) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('bench.at', %s, false)", [told.at.removesuffix("Z")])
            if told.actor:
                cursor.execute(
                    "SELECT set_config('ledger.actor', %s, true), set_config('ledger.reason', %s, true),"
                    " set_config('ledger.request', %s, true)",
                    [told.actor, told.reason, told.request],
                )

    with connection.cursor() as cursor:
        cursor.execute(lent)
    try:
        yield on_postgresql
    finally:
        arming.arm(connection, arming.tables(connection))


class _Edits:
    """Requests, one after the other: who made them, why, and the SQL of what they change."""

    def __init__(self) -> None:
        self.number = 0
        self.dice = random.Random(202)

    def find_rows(self) -> None:
        def ids(model: type) -> list[int]:
            return list(model.objects.order_by("pk").values_list("pk", flat=True))  # type: ignore[attr-defined]

        self.decisions, self.clusters = ids(Decision), ids(Cluster)
        self.citations, self.investors, self.sources = ids(Citation), ids(Investor), ids(SourceDocument)

    def next(self, at: datetime) -> tuple[_Telling, list[str]]:
        """Who, when, why; and statements whose `rowcount` is the number of entries they make."""
        self.number += 1
        n, dice = self.number, self.dice
        told = _Telling(
            at=_stamp(at + timedelta(microseconds=n % 1000)),
            actor=PEOPLE[int(40 * dice.random() ** 3)],
            reason=dice.choice(REASONS) if n % 3 else f"nhập Quyết định {n % 9973 + 1}/QĐ-UBND",
            request=sha256(str(n).encode()).hexdigest()[:32],
        )
        if n % 12_000 == 77:
            told.actor, told.reason = RARE["actor"], RARE["reason"]
            day = f"'{at:%Y-%m-%d}'"
            return told, [self._decision(f"received_on = {day}, note = 'Đã kiểm tra lần {n}'")]
        return told, self._usual(n, dice.random())

    def _usual(self, n: int, chance: float) -> list[str]:
        dice = self.dice
        if chance < 0.35:
            decision = dice.choice(self.decisions)
            return [
                f"UPDATE registry_decision SET signer = 'Nguyễn Văn {n % 97}', note = 'Xem lại lần {n}'"
                f" WHERE id = {decision}",
                f"UPDATE registry_effect SET note = 'Theo hồ sơ số {n}' WHERE decision_id = {decision}",
                f"UPDATE registry_citation SET locator = 'đoạn {n}' WHERE decision_id = {decision}",
            ]
        if chance < 0.60:
            return [
                self._decision(f"abstract = 'Về việc điều chỉnh quy hoạch cụm công nghiệp, hồ sơ số {n}'")
            ]
        if chance < 0.75:
            area = f"area_ha = {40 + n % 900 / 10}, note = 'Đo lại lần {n}'"
            return [
                f"UPDATE registry_effect SET {area} WHERE area_ha IS NOT NULL AND decision_id IN"
                f" (SELECT decision_id FROM registry_effect WHERE cluster_id = {dice.choice(self.clusters)})"
            ]
        if chance < 0.85:
            leased = f"leased_ha = {n % 250 / 10}, locator = 'đoạn {n}'"
            cluster = dice.choice(self.clusters)
            return [f"UPDATE registry_operatingreport SET {leased} WHERE cluster_id = {cluster}"]
        if chance < 0.90:
            return [
                f"UPDATE registry_sourcedocument SET publisher = 'Nhà xuất bản {n}' WHERE id = {self._source()}"
            ]
        if chance < 0.99:
            decision = dice.choice(self.decisions)
            return [
                "INSERT INTO registry_citation (field, locator, as_stated, decision_id, source_id)"
                f" VALUES ('signer', 'đoạn {n}', 'Nguyễn Văn {n % 97}', {decision}, {self._source()})",
                f"DELETE FROM registry_citation WHERE field = 'signer' AND decision_id = {decision}",
            ]
        first = dice.randrange(max(1, len(self.citations) - 200))
        between = f"{self.citations[first]} AND {self.citations[min(first + 200, len(self.citations) - 1)]}"
        return [f"UPDATE registry_citation SET as_stated = as_stated || '.' WHERE id BETWEEN {between}"]

    def _decision(self, change: str) -> str:
        return f"UPDATE registry_decision SET {change} WHERE id = {self.dice.choice(self.decisions)}"

    def _source(self) -> int:
        return self.dice.choice(self.sources)


def main(entries: str) -> None:
    start = time.perf_counter()
    call_command("migrate", verbosity=0)
    if LedgerEntry.objects.filter(table_name="registry_cluster").exists():
        raise SystemExit("The database is not empty.")
    grow(int(entries))
    seq, _ = head()
    sys.stdout.write(f"{connection.vendor}: {seq} entries in {time.perf_counter() - start:.0f} s\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
