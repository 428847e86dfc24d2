"""After an erasure no file of the database holds what was erased, or the command says that it may."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial

import psycopg
import pytest
from django.db import connection

from registry.actions.forget import PATIENCE, forget
from tests.management.calling import Ended, manage
from tests.seed.test_killed import database_url

SECRET = "bi-mat-khong-ai-duoc-biet"
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one file and no VACUUM (FULL)."
)
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no such log to empty.")


@pytest.fixture
def told(transactional_db: None) -> Iterator[None]:
    """A table of long and short secrets, of which PostgreSQL keeps samples."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE told (id integer PRIMARY KEY, short text, long text)")
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE told ALTER COLUMN long SET STORAGE EXTERNAL")
        rows = [(one, f"{SECRET}-{one}", f"{SECRET}-{one} " * 300) for one in range(150)]
        cursor.executemany("INSERT INTO told VALUES (%s, %s, %s)", rows)
        cursor.execute("ANALYZE told")
        yield
        cursor.execute("DROP TABLE told")


def clean(patience: timedelta = PATIENCE) -> Ended:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("registry.management.commands.redact.forget", partial(forget, patience))
        return manage("redact", "--clean")


def erase() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE told SET short = 'x', long = %s", ["x" * 5000])


def files_with_the_secret() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT 'base/' || oid || '/' FROM pg_database WHERE datname = current_database()")
        (folder,) = cursor.fetchone()
        cursor.execute(
            "SELECT file FROM pg_ls_dir(%s) AS file"
            " WHERE position(%s::bytea IN pg_read_binary_file(%s || file, 0, 1000000000, true)) > 0",
            [folder, SECRET.encode(), folder],
        )
        return [file for (file,) in cursor]


@on_postgresql
def test_a_transaction_in_another_database_keeps_nothing(told: None) -> None:
    # VACUUM (FULL) alone would keep what was erased after it began, or find that autovacuum was there before.
    server = database_url().rpartition("/")[0]
    with closing(psycopg.connect(f"{server}/postgres")) as other:
        other.execute("SELECT pg_current_xact_id()")
        erase()
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltoastrelid::regclass::text FROM pg_class WHERE relname = 'told'")
            cursor.execute(f"VACUUM {cursor.fetchone()[0]}")
        assert len(files_with_the_secret()) > 1
        assert forget()
    assert files_with_the_secret() == []


@on_postgresql
def test_a_snapshot_of_this_database_keeps_it_and_is_told(told: None) -> None:
    with closing(psycopg.connect(database_url())) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        reader.execute("SELECT 1")
        erase()
        ended = clean(timedelta(0))
        assert (ended.code, "database_in_use" in ended.err) == (1, True)
        assert files_with_the_secret()
    assert clean().out == "Đã ghi lại các tệp của cơ sở dữ liệu.\n"
    assert files_with_the_secret() == []


@on_postgresql
def test_whoever_reads_a_table_is_waited_for_only_so_long(told: None) -> None:
    erase()
    with closing(psycopg.connect(database_url())) as reader:
        reader.execute("SELECT count(*) FROM told")
        assert not forget(timedelta(0))
    assert forget()


@on_sqlite
def test_a_reader_keeps_the_log_and_is_told(told: None) -> None:
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM told").fetchone()
        erase()
        ended = clean(timedelta(0))
        assert (ended.code, "database_in_use" in ended.err) == (1, True)
    assert clean().out == "Đã ghi lại các tệp của cơ sở dữ liệu.\n"
