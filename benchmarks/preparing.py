"""What the benchmark does inside one database, each a program of its own: `python -m benchmarks.preparing WHAT`.

build CLUSTERS      fill an empty SQLite file (DATABASE_URL) and make the tables it is compared with
migrate             bring such a file to the tables of today's code
check               whether rebuilding the editions changes nothing
copy FILE           copy such a file, row by row, into an empty PostgreSQL (DATABASE_URL)
key                 make a key and print it
publish TIMES       publish a decision on ten clusters so many times; print what each took
"""

import json
import os
import sqlite3
import sys
import time
from datetime import date, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

import django

django.setup()  # before anything that imports models

from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.management.color import no_style  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks.stock.models import fill  # noqa: E402
from benchmarks.timing import processor_seconds  # noqa: E402
from registry import clock  # noqa: E402

#: How a trigger is switched on again, as PostgreSQL keeps it.
STATES = {"A": "ENABLE ALWAYS", "O": "ENABLE", "R": "ENABLE REPLICA", "D": "DISABLE"}
from registry.models import Decision, Publication  # noqa: E402


def build(clusters: str) -> None:
    from benchmarks.worlds import build as fill_registry

    call_command("migrate", verbosity=0)
    fill_registry(int(clusters))
    today = clock.today()
    fill(known_seq=Publication.objects.count(), valid_on=today)
    with connection.cursor() as cursor:
        # Datasette shows text, and reads JSON out of it.
        cursor.execute(
            "CREATE VIEW stock_bodies AS SELECT sort_key, subject_id, CAST(body AS TEXT) AS body "
            "FROM registry_clusteredition WHERE known_to = 9223372036854775807 "
            f"AND valid_from <= '{today}' AND valid_to > '{today}'"
        )
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def migrate() -> None:
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def check() -> None:
    from registry.actions.editions import rebuild_editions

    sys.stdout.write(json.dumps(rebuild_editions(check=True)))


def copy(file: str) -> None:
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        for model in apps.get_app_config("stock").get_models():
            editor.create_model(model)
    source = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    # Log-ins lie beside an SQLite file, in one of their own.
    there = {name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    here = there & set(connection.introspection.table_names())
    models = apps.get_models(include_auto_created=True)
    tables = [model._meta.db_table for model in models if model._meta.db_table in here]
    connection.ensure_connection()
    with connection.cursor() as cursor:
        # Rows that went through triggers and constraints once are copied as they are.
        cursor.execute("SELECT tgrelid::regclass, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal")
        triggers = cursor.fetchall()
        for table, name, _ in triggers:
            cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{name}"')
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET timezone = 'UTC'")
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')
        for model in models:
            if model._meta.db_table not in here:
                continue
            columns = ", ".join(f'"{field.column}"' for field in model._meta.local_concrete_fields)
            with cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as out:
                for row in source.execute(f'SELECT {columns} FROM "{model._meta.db_table}"'):
                    out.write_row(row)
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)
        cursor.execute("SET session_replication_role = DEFAULT")
        for table, name, state in triggers:
            cursor.execute(f'ALTER TABLE {table} {STATES[state]} TRIGGER "{name}"')
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def key() -> None:
    """A partner of its own with the highest quota there is: counted like any other."""
    from registry.actions.api_keys import create_api_key
    from registry.ledger.context import recorded
    from registry.models import Partner

    now = clock.now()
    with recorded(actor="clerk"):
        partner = Partner.objects.create(
            name=f"make bench {now}", contact="-", purpose="benchmark", requests_per_minute=1_000_000
        )
    _, raw_key = create_api_key(partner, at=now, expires_at=now + timedelta(days=1), by="clerk")
    sys.stdout.write(raw_key)


def publish(times: str) -> None:
    """Each time ten other clusters, from the middle of the list on, where no page is compared.

    Two more come first and are not counted: a server has long read its code.
    """
    from django.contrib.auth import get_user_model

    from registry.actions.publish import publish as approve
    from registry.models import Cluster
    from tests.publication.desk import staff

    if not get_user_model().objects.filter(username="leader").exists():
        staff()
    clusters = list(Cluster.objects.order_by("sort_key", "id").values_list("pk", flat=True))
    turn = Decision.objects.filter(code__startswith="do-").count()
    spent: dict[str, list[float]] = {"wall": [], "cpu": [], "commit": []}
    committed = _timed_commits()
    for n in range(turn, turn + 2 + int(times)):
        first = len(clusters) // 2 + n * 10 % max(10, len(clusters) // 4)
        paper = _paper(n, clusters[first : first + 10])
        committed.clear()
        processor, start = _processor(), time.perf_counter()
        approve([paper], proposed_by="clerk", approved_by="leader", at=clock.now(), today=clock.today())
        spent["wall"].append((time.perf_counter() - start) * 1000)
        spent["cpu"].append((_processor() - processor) * 1000)
        spent["commit"].append(sum(committed) * 1000)
    sys.stdout.write(json.dumps({name: values[2:] for name, values in spent.items()}))


def _paper(n: int, clusters: list[int]) -> Decision:
    """A draft that adjusts those clusters."""
    from registry.ledger.context import recorded
    from registry.models import Authority, Effect

    day = date(2024, 1, 15) + timedelta(n % 300)
    with recorded(actor="clerk"):
        paper = Decision.objects.create(
            code=f"do-{n}",
            number=900_000 + n,
            symbol="QĐ-UBND",
            issuer=Authority.objects.get(code="ubnd-tp"),
            abstract="Điều chỉnh quy hoạch phát triển cụm công nghiệp",
            issued_earliest=day,
            issued_latest=day,
        )
        for position, cluster in enumerate(clusters, start=1):
            Effect.objects.create(
                decision=paper, position=position, cluster_id=cluster, effect_code="adjusted", area_ha=50
            )
    return paper


def _timed_commits() -> list[float]:
    """A list to which each commit from now on adds the seconds that it took."""
    commit, taken = connection.commit, []

    def timed() -> None:
        start = time.perf_counter()
        commit()
        taken.append(time.perf_counter() - start)

    connection.commit = timed  # type: ignore[method-assign]
    return taken


def _processor() -> float:
    """Seconds on a processor, ours and those of PostgreSQL's process that serves us."""
    if connection.vendor == "sqlite":
        return time.process_time()
    return time.process_time() + (processor_seconds(connection.connection.info.backend_pid) or 0.0)


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    commands = (build, migrate, check, copy, key, publish)
    {command.__name__: command for command in commands}[what](*arguments)
