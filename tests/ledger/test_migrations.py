"""Migrations change tables and rows; the ledger knows of each, and its triggers fit the tables afterwards."""

import importlib
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models
from django.test import modify_settings

from registry.ledger import arming, migrating
from registry.ledger.entries import head
from registry.ledger.verify import verify
from registry.models import Cluster, LedgerEntry
from registry.models.base import Recorded
from tests.ledger.rows import content, entries_after, exactly_recorded, run, unguarded

pytestmark = pytest.mark.django_db(transaction=True)

ADDED, ALTERED, REMADE, FILLED, LAST = (
    "0002_add_a_column",
    "0003_alter_a_column",
    "0004_remake_a_referenced_table",
    "0005_back_fill",
    "0006_fragile",
)


@pytest.fixture(autouse=True)
def _things() -> Iterator[None]:
    """The app at its first migration: an owner, two things."""
    with modify_settings(INSTALLED_APPS={"append": "tests.ledger.migrated_app"}):
        migrate("0001")
        run("INSERT INTO migrated_app_owner (name) VALUES ('Chủ')")
        for name in ("bàn", "thừa"):
            run(
                "INSERT INTO migrated_app_thing (owner_id, name, amount, sort_key)"
                " SELECT id, %s, 28, 'khóa' FROM migrated_app_owner",
                [name],
            )
        yield
        migrate("zero")
    assert verify(connection).problems == []


def migrate(name: str | None = None) -> None:
    call_command("migrate", "migrated_app", *filter(None, [name]), verbosity=0)


def recorded_by(name: str | None) -> list[LedgerEntry]:
    """The entries about things and owners that migrating to there makes."""
    seq = head()[0]
    migrate(name)
    return [entry for entry in entries_after(seq) if entry.table_name.startswith("migrated_app")]


def contents(entries: list[LedgerEntry]) -> list[tuple[str, Any, Any]]:
    return [
        (
            entry.table_name.removeprefix("migrated_app_"),
            content(entry.payload.before),
            content(entry.payload.after),
        )
        for entry in entries
    ]


def holds() -> bool:
    return verify(connection).problems == []


def test_a_migrated_table_is_recorded_from_its_first_row():
    owner, *things = LedgerEntry.objects.filter(table_name__startswith="migrated_app").order_by("seq")
    assert (owner.op, owner.table_name) == ("insert", "migrated_app_owner")
    assert [(entry.op, entry.subject) for entry in things] == [("insert", owner.subject)] * 2
    assert holds()


def test_an_added_column_is_recorded_for_every_row_and_in_every_write_after():
    entries = recorded_by(ADDED)
    assert [(entry.op, entry.actor, entry.reason) for entry in entries] == [
        ("migrate", "system", "migrate migrated_app.0002_add_a_column")
    ] * 2
    for _, before, after in contents(entries):
        assert "note" not in before
        assert after == before | {"note": ""}
    assert holds()
    with exactly_recorded() as written:
        run("UPDATE migrated_app_thing SET note = 'gỗ' WHERE name = 'bàn'")
    assert content(written[0].payload.after)["note"] == "gỗ"


def test_an_altered_column_is_recorded_where_its_text_changed_and_in_every_write_after():
    migrate(ADDED)
    for _, before, after in contents(recorded_by(ALTERED)):
        assert after == before | {"amount": Decimal("28")}
    assert holds()
    with exactly_recorded():
        run("UPDATE migrated_app_thing SET amount = 28.5 WHERE name = 'bàn'")


def test_a_remade_table_keeps_its_triggers_and_so_does_the_one_that_refers_to_it():
    migrate(ALTERED)
    assert recorded_by(REMADE) == []
    assert holds()
    with exactly_recorded() as entries:
        run("UPDATE migrated_app_owner SET name = 'Bà chủ'")
        run("DELETE FROM migrated_app_thing WHERE name = 'thừa'")
    assert [entry.op for entry in entries] == ["update", "delete"]


def test_each_row_that_a_migration_changes_adds_or_removes_is_recorded():
    migrate(REMADE)
    changes = {
        (table, (after or before)["name"]): (before and before.get("note"), after and after.get("note"))
        for table, before, after in contents(recorded_by(FILLED))
    }
    assert changes == {
        ("thing", "bàn"): ("", "điền sau"),
        ("thing", "mới"): (None, "chưa có"),
        ("thing", "thừa"): ("", None),
        ("owner", "Chủ mới"): (None, None),
    }
    assert holds()


def test_all_of_it_at_once():
    entries = recorded_by(None)
    assert sorted((entry.table_name, entry.op) for entry in entries) == [
        ("migrated_app_owner", "migrate"),
        *[("migrated_app_thing", "migrate")] * 3,
    ]
    assert holds()


def test_a_migration_back_is_recorded_too():
    migrate(ADDED)
    for _, before, after in contents(recorded_by("0001")):
        assert before == after | {"note": ""}
    assert holds()


def test_the_rows_of_a_removed_table_end_in_the_ledger():
    entries = recorded_by("zero")
    assert len(entries) == 3
    assert {entry.payload.after for entry in entries} == {None}
    assert holds()
    migrate("0001")


def test_the_ledger_says_when_a_migration_began_and_ended():
    seq = head()[0]
    migrate(ADDED)
    begun, *_, done = entries_after(seq)
    assert [(entry.table_name, entry.op) for entry in (begun, done)] == [("django_migrations", "migrate")] * 2
    assert json.loads(begun.payload.after) == {
        "state": "begun",
        "plan": ["migrated_app.0002_add_a_column"],
        "interrupted": False,
    }
    assert json.loads(done.payload.after)["state"] == "done"


def test_an_empty_plan_touches_nothing():
    before = head()
    migrate("0001")
    call_command("migrate", "registry", verbosity=0)
    assert head() == before


@pytest.mark.parametrize(
    "secretly",
    [
        "UPDATE migrated_app_thing SET amount = 29 WHERE name = 'bàn'",
        "DELETE FROM migrated_app_thing WHERE name = 'bàn'",
        "INSERT INTO migrated_app_owner (name) VALUES ('lạ')",
    ],
)
def test_a_drifted_table_refuses_to_migrate(secretly: str):
    before, kept = head(), {table: rows(table) for table in ("migrated_app_owner", "migrated_app_thing")}
    with unguarded():
        run(secretly)
    with pytest.raises(CommandError, match="ledger_drifted"):
        migrate(ADDED)
    assert head() == before
    assert arming.disagreements(connection) == []
    assert all("note" not in row for row in rows("migrated_app_thing"))
    with unguarded():
        restore(kept)


def rows(table: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def restore(kept: dict[str, list[dict[str, Any]]]) -> None:
    for table in reversed(kept):
        run(f"DELETE FROM {table}")
    for table, content_of in kept.items():
        for row in content_of:
            run(
                f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})",
                list(row.values()),
            )


def test_a_table_that_is_gone_refuses_to_migrate():
    with unguarded():
        run("ALTER TABLE migrated_app_thing RENAME TO hidden")
    assert {finding.code for finding in verify(connection).problems} == {"table_missing"}
    with pytest.raises(CommandError, match="ledger_drifted"):
        migrate(ADDED)
    with unguarded():
        run("ALTER TABLE hidden RENAME TO migrated_app_thing")


@pytest.fixture
def fragile() -> Iterator[None]:
    """The last migration fails, after the ones before it went through."""
    module = importlib.import_module(f"tests.ledger.migrated_app.migrations.{LAST}")
    module.breaks = True
    yield
    module.breaks = False


def test_a_migration_that_fails_leaves_what_is_there_recorded(fragile: None):
    with pytest.raises(RuntimeError, match="power"):
        migrate()
    assert holds()
    with exactly_recorded() as written:
        run("UPDATE migrated_app_owner SET name = 'sau đó' WHERE name = 'Chủ'")
    assert content(written[0].payload.after)["name"] == "sau đó"
    done = LedgerEntry.objects.filter(table_name="django_migrations").latest("seq")
    assert json.loads(done.payload.after) == {"state": "done", "plan": [], "interrupted": True}
    assert "sau một lần bị ngắt giữa chừng" in done.reason
    with pytest.raises(RuntimeError, match="power"):
        migrate()
    assert holds()


def test_one_whose_sql_fails_says_why_and_leaves_what_is_there_recorded(fragile: None):
    """On SQLite Django hides the cause and leaves its transaction open."""
    module = importlib.import_module(f"tests.ledger.migrated_app.migrations.{LAST}")
    module.breaks = "INSERT INTO migrated_app_thing (no_such_column) VALUES (1)"
    with pytest.raises(DatabaseError, match="no_such_column"):
        migrate()
    assert not connection.in_atomic_block
    assert holds()
    with exactly_recorded() as written:
        run("UPDATE migrated_app_owner SET name = 'sau đó' WHERE name = 'Chủ'")
    assert content(written[0].payload.after)["name"] == "sau đó"
    module.breaks = False
    migrate()
    assert holds()


def test_a_migration_back_that_fails_leaves_what_is_there_recorded(fragile: None):
    importlib.import_module(f"tests.ledger.migrated_app.migrations.{LAST}").breaks = False
    migrate()
    importlib.import_module(f"tests.ledger.migrated_app.migrations.{LAST}").breaks = True
    with pytest.raises(RuntimeError, match="power"):
        migrate("0001")
    assert holds()
    with exactly_recorded():
        run("UPDATE migrated_app_owner SET name = 'sau đó' WHERE name = 'Chủ'")


def test_a_killed_migration_is_seen_and_finished_by_the_next_which_says_so():
    migrating.begin(connection, ["migrated_app.0002_add_a_column"])
    assert "trigger_missing" in {finding.code for finding in verify(connection).problems}
    with pytest.raises(CommandError, match="Cấu hình và trình kích hoạt"):
        call_command("check_registry", stdout=io.StringIO(), stderr=io.StringIO())
    run("UPDATE migrated_app_owner SET name = 'giữa chừng' WHERE name = 'Chủ'")
    entries = recorded_by(None)
    assert {entry.op for entry in entries} == {"migrate"}
    assert all("sau một lần bị ngắt giữa chừng" in entry.reason for entry in entries)
    assert "giữa chừng" in {after and after["name"] for _, _, after in contents(entries)}
    assert holds()


def test_an_interrupted_migration_is_also_finished_when_nothing_is_left_to_migrate():
    migrating.begin(connection, ["migrated_app.0002_add_a_column"])
    run("UPDATE migrated_app_owner SET name = 'giữa chừng'")
    entries = recorded_by("0001")
    assert [(entry.op, content(entry.payload.after)["name"]) for entry in entries] == [
        ("migrate", "giữa chừng")
    ]
    assert holds()


def test_missing_triggers_are_put_back_without_hiding_what_happened_meanwhile():
    arming.disarm(connection)
    run("UPDATE migrated_app_owner SET name = 'lén'")
    seq = head()[0]
    migrate("0001")
    assert [(entry.table_name, entry.reason) for entry in entries_after(seq)] == [
        ("django_migrations", "đặt lại trigger của sổ cái")
    ]
    assert {finding.code for finding in verify(connection).problems} == {"row_drifted"}
    with unguarded():
        run("UPDATE migrated_app_owner SET name = 'Chủ'")


def test_the_ledgers_own_tables_can_be_migrated():
    from registry.ledger import migrating

    was, longer = LedgerEntry._meta.get_field("actor"), models.CharField(max_length=200)
    longer.set_attributes_from_name("actor")
    for old, new in ((was, longer), (longer, was)):
        migrating.begin(connection, ["registry.9999"])
        with connection.schema_editor() as editor:
            editor.alter_field(LedgerEntry, old, new, strict=True)
        migrating.finish(connection, ["registry.9999"])
        assert holds()
        with exactly_recorded():
            run("UPDATE migrated_app_owner SET name = name || '*'")


def test_a_table_that_begins_to_be_recorded_brings_its_rows(monkeypatch: pytest.MonkeyPatch):
    from tests.ledger.migrated_app.models import Thing

    migrate("zero")
    with monkeypatch.context() as patch:
        patch.setattr(Thing, "recorded", None)
        migrate("0001")
        run("INSERT INTO migrated_app_owner (name) VALUES ('Chủ')")
        run(
            "INSERT INTO migrated_app_thing (owner_id, name, amount, sort_key)"
            " SELECT id, 'ghế', 1, '' FROM migrated_app_owner"
        )
        assert holds()
    [(table, before, after)] = contents(recorded_by("0001"))
    assert (table, before, after["name"]) == ("thing", None, "ghế")
    assert holds()


def test_a_column_that_begins_to_be_recorded_is_recorded_for_every_row(monkeypatch: pytest.MonkeyPatch):
    from tests.ledger.migrated_app.models import Thing

    with monkeypatch.context() as patch:
        patch.setattr(Thing, "recorded", Recorded(subject=(("owner", "owner_id"),)))
        changes = contents(recorded_by("0001"))
        assert len(changes) == 2
        for _, before, after in changes:
            assert after == before | {"sort_key": "khóa"}
        assert holds()
    migrate("0001")


def test_the_registrys_own_migrations_leave_everything_recorded():
    Cluster.objects.create(name="CCN Giang Biên")
    assert holds()
    assert arming.disagreements(connection) == []
