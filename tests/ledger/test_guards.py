"""What the ledger refuses, and whom it names when somebody comes in by another door."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from registry.ledger.entries import head
from registry.ledger.verify import verify
from registry.ledger.verify_export import HASHED, entry_hash
from registry.models import (
    Announcement,
    Cluster,
    ClusterAlias,
    Investor,
    LedgerEntry,
    LedgerPayload,
    Publication,
)
from tests.ledger.conftest import World, make_world
from tests.ledger.rows import POSTGRESQL, entries_after, run

only_postgresql = pytest.mark.skipif(not POSTGRESQL, reason="only PostgreSQL has it")
only_sqlite = pytest.mark.skipif(POSTGRESQL, reason="only SQLite has it")


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(IntegrityError, match=code), transaction.atomic():
        yield


@pytest.mark.parametrize("column", [field.column for field in LedgerEntry._meta.concrete_fields])
def test_no_column_of_a_header_can_be_changed(world: World, column: str):
    value = "5" if column == "seq" else "'x'"
    with refused("ledger_append_only"):
        run(f"UPDATE registry_ledgerentry SET {column} = {value} WHERE seq = 1")


@pytest.mark.parametrize("column", ["seq", "before", "after", "salt"])
def test_no_column_of_a_payload_can_be_changed(world: World, column: str):
    value = "5000" if column == "seq" else "'x'"
    with refused("ledger_append_only"):
        run(f"UPDATE registry_ledgerpayload SET {column} = {value} WHERE seq = 1")


@pytest.mark.parametrize("model", [LedgerEntry, LedgerPayload])
def test_nothing_can_be_deleted_from_the_ledger(world: World, model):
    with refused("ledger_append_only"):
        model.objects.all()._raw_delete("default")


@only_postgresql
@pytest.mark.parametrize(
    "table",
    [
        "registry_ledgerentry",
        "registry_ledgerpayload",
        "registry_cluster",
        "registry_publication",
        "auth_user",
    ],
)
def test_truncate_is_refused(world: World, table: str):
    with refused("ledger_append_only"):
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run(f"TRUNCATE {table} CASCADE")


@only_sqlite
@pytest.mark.parametrize("table", ["registry_ledgerentry", "registry_ledgerpayload"])
def test_a_row_of_the_ledger_cannot_be_replaced(world: World, table: str):
    with refused("ledger_forged"):
        run(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE seq = 1")


@pytest.mark.parametrize(
    ("table", "key"), [("registry_ledgerentry", "seq"), ("registry_ledgerpayload", "seq")]
)
def test_an_entry_cannot_be_forged(world: World, table: str, key: str):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM {table} WHERE seq = (SELECT max(seq) FROM {table} WHERE seq < %s)", [head()[0]]
        )
        columns, row = [column[0] for column in cursor.description], list(cursor.fetchone())
    row[columns.index(key)] = head()[0] + (1 if table.endswith("entry") else 2)
    with refused("ledger_forged"):
        run(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(row))})", row)


@pytest.mark.parametrize(
    "lie",
    [
        {"hash": "0" * 64},
        {"prev": "0" * 64},
        {"at": "2000-01-01T00:00:00.000000Z"},
        {"after_digest": "0" * 64},
    ],
)
def test_an_entry_that_fits_but_for_one_lie_cannot_be_forged(world: World, lie: dict[str, str]):
    last = LedgerEntry.objects.select_related("payload").get(seq=head()[0])
    payload = last.payload
    honest = {name: getattr(last, name) for name in HASHED} | {"seq": last.seq + 1, "prev": last.hash}
    forged = honest | lie
    forged = {"hash": entry_hash(*(forged[name] for name in HASHED))} | forged
    with refused("ledger_forged"):
        run(
            "INSERT INTO registry_ledgerpayload (seq, before, after, salt) VALUES (%s, %s, %s, %s)",
            [last.seq + 1, payload.before, payload.after, payload.salt],
        )
        run(
            f"INSERT INTO registry_ledgerentry ({', '.join(forged)}) VALUES ({', '.join(['%s'] * len(forged))})",
            list(forged.values()),
        )


def test_a_row_keeps_its_key_and_its_subject(world: World):
    with refused("ledger_identity_fixed"):
        run("UPDATE registry_cluster SET id = 999 WHERE id = %s", [world.quang_phuc.pk])
    with refused("ledger_identity_fixed"):
        ClusterAlias.objects.update(cluster=world.quang_phuc)


def test_publications_can_be_added_but_never_changed_or_removed(world: World):
    publish(1)
    with refused("ledger_append_only"):
        Publication.objects.update(reason="khác")
    with refused("ledger_append_only"):
        Publication.objects.all()._raw_delete("default")
    assert Publication.objects.get().reason == "lần đầu"


def test_announcements_can_be_added_and_never_changed_and_are_recorded(world: World):
    publish(1)
    before, _ = head()
    Announcement.objects.create(
        seq=1, at="2026-01-01T00:00:00Z", kind="cluster", subject_id=1, code="giang-bien", news="published",
        first_day="0001-01-01", last_day="9999-12-30",
    )  # fmt: skip
    with refused("ledger_append_only"):
        Announcement.objects.update(code="khac")
    (entry,) = entries_after(before)
    assert (entry.table_name, entry.row_id, entry.op) == ("registry_announcement", "1", "insert")


def publish(seq: int) -> None:
    ledger_seq, ledger_hash = head()
    Publication.objects.create(
        seq=seq, at="2026-01-01T00:00:00Z", proposed_by="lan", approved_by="minh", reason="lần đầu",
        composer=1, ledger_seq=ledger_seq, ledger_hash=ledger_hash,
    )  # fmt: skip


@only_sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO registry_clusteralias (cluster_id, name) SELECT id, 'lạ' FROM registry_cluster",
        "INSERT OR IGNORE INTO registry_clusteralias (cluster_id, name) SELECT id, 'lạ' FROM registry_cluster",
        "INSERT OR REPLACE INTO registry_clusteralias SELECT * FROM registry_clusteralias",
        "UPDATE registry_cluster SET name = 'lạ'",
        "DELETE FROM registry_clusteralias",
        "DELETE FROM registry_ledgerentry",
        "UPDATE registry_ledgerpayload SET before = 'lạ'",
        "INSERT INTO registry_ledgerpayload SELECT seq + 1, before, after, salt FROM registry_ledgerpayload"
        " ORDER BY seq DESC LIMIT 1",
        "INSERT OR REPLACE INTO registry_ledgerentry SELECT * FROM registry_ledgerentry",
    ],
)
def test_another_program_cannot_write_to_the_file(statement: str):
    make_world()
    other = sqlite3.connect(connection.settings_dict["NAME"])
    try:
        with pytest.raises(sqlite3.Error, match=r"no such function: ledger_|ledger_append_only"):
            other.execute(statement)
    finally:
        other.close()
    assert verify(connection).problems == []


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_another_program_is_named():
    import psycopg

    make_world()
    seq = head()[0]
    role = f"partner_{connection.settings_dict['NAME']}"
    run(f'CREATE ROLE "{role}"')
    run(f'GRANT SELECT, INSERT, UPDATE, DELETE ON registry_investor TO "{role}"')
    run(f'GRANT SELECT, INSERT ON auth_user TO "{role}"')
    run(f'GRANT USAGE ON SEQUENCE registry_investor_id_seq, auth_user_id_seq TO "{role}"')
    other = psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor})
    try:
        other.execute(f'SET SESSION AUTHORIZATION "{role}"')
        # Whatever the session is set to, the entry reads the same.
        other.execute("SET timezone = 'Asia/Ho_Chi_Minh'; SET datestyle = 'SQL, DMY'")
        other.execute(
            "INSERT INTO registry_investor (code, name, search_text, sort_key, enterprise_code, investor_kind)"
            " VALUES ('la', 'Lạ', '', '', '', 'enterprise')"
        )
        other.execute("UPDATE registry_investor SET name = 'Rất lạ' WHERE code = 'la'")
        other.execute(
            "INSERT INTO auth_user (username, password, first_name, last_name, email, is_superuser, is_staff,"
            " is_active, date_joined) VALUES ('la', '', '', '', '', false, false, true, now())"
        )
        other.commit()
        for statement in (
            "DELETE FROM registry_ledgerentry",
            "SELECT ledger_write('a', '1', '', 'migrate', '', '')",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                other.execute(statement)
            other.rollback()
    finally:
        other.close()
        run(f'DROP OWNED BY "{role}"')
        run(f'DROP ROLE "{role}"')
    assert [(e.op, e.actor, e.db_user) for e in entries_after(seq)] == [
        ("insert", f"db:{role}", role),
        ("update", f"db:{role}", role),
        ("insert", f"db:{role}", role),
    ]
    assert verify(connection).problems == []


@only_sqlite
def test_a_write_whose_entry_was_skipped_does_not_stay(world: World):
    """SQLite's INSERT OR IGNORE skips a ledger row that breaks a constraint and would keep the write."""
    run("DROP TRIGGER ledger_seal_entry")
    run(
        "CREATE TRIGGER ledger_seal_entry BEFORE INSERT ON registry_ledgerentry BEGIN SELECT RAISE(IGNORE); END"
    )
    with refused("ledger_unrecorded"):
        run(
            "INSERT OR IGNORE INTO registry_investor (code, name, search_text, sort_key, enterprise_code,"
            " investor_kind) VALUES ('la', 'Lạ', '', '', '', 'enterprise')"
        )
    assert not Investor.objects.filter(code="la").exists()


def test_a_cluster_can_still_be_made_where_nobody_recorded_anything_yet(db):
    Cluster.objects.create(name="CCN Giang Biên")
    assert LedgerEntry.objects.filter(table_name="registry_cluster").count() == 1
