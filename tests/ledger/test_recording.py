"""Whoever writes, and however: each changed row leaves exactly one entry, with what it held before and after."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from registry.ledger.context import recorded
from registry.ledger.entries import head
from registry.ledger.verify import verify
from registry.models import (
    AdministrativeUnit,
    Cluster,
    ClusterAlias,
    Investor,
    LedgerEntry,
    OperatingReport,
    SourceDocument,
)
from tests.ledger.conftest import World
from tests.ledger.rows import POSTGRESQL, content, entries_after, exactly_recorded, run

only_postgresql = pytest.mark.skipif(not POSTGRESQL, reason="only PostgreSQL has it")
only_sqlite = pytest.mark.skipif(POSTGRESQL, reason="only SQLite has it")


@pytest.fixture(autouse=True)
def _the_ledger_still_holds(db: None):
    yield
    report = verify(connection)
    assert report.problems == []
    assert report.entries == head()[0]


def test_a_new_record_is_recorded_when_it_is_saved(db):
    with exactly_recorded() as entries:
        unit = AdministrativeUnit.objects.create(
            name="Xã “Vĩnh Bảo” \\ 1\n2", unit_kind="commune", valid_from=date(2025, 7, 1)
        )
    assert [(entry.op, entry.subject) for entry in entries] == [("insert", f"place:{unit.pk}")]
    assert content(entries[0].payload.after)["valid_from"] == "2025-07-01"


def test_a_changed_record_is_recorded_when_it_is_saved(world: World):
    with exactly_recorded() as entries:
        world.alias.name = "Giang Biên II"
        world.alias.save()
    assert [(entry.op, entry.subject) for entry in entries] == [("update", f"cluster:{world.giang_bien.pk}")]


def test_numbers_truth_values_and_empty_values_are_recorded_as_they_are(world: World):
    source = SourceDocument.objects.create(name="Báo cáo")
    with exactly_recorded() as entries:
        OperatingReport.objects.create(
            cluster=world.giang_bien,
            as_of_latest=date(2023, 6, 30),
            industrial_land_ha=Decimal("28.55"),
            source=source,
            locator="đoạn 6",
        )
        User.objects.create(username="lan", is_staff=True)
    report, user = (content(entry.payload.after) for entry in entries)
    assert report["industrial_land_ha"] == Decimal("28.55")
    assert report["leased_ha"] is None
    assert user["is_staff"] is True
    assert user["is_superuser"] is False


def test_an_update_of_many_rows_leaves_an_entry_for_each(world: World):
    with exactly_recorded() as entries:
        Cluster.objects.update(name="Cụm")
    assert len(entries) == 2


def test_an_update_from_another_column_is_recorded(world: World):
    with exactly_recorded() as entries:
        ClusterAlias.objects.update(name=Concat(F("name"), Value(" (cũ)")))
    assert content(entries[0].payload.after)["name"] == "Giang Biên I (cũ)"


def test_rows_created_together_are_recorded_each(world: World):
    with exactly_recorded() as entries:
        ClusterAlias.objects.bulk_create(
            ClusterAlias(cluster=world.quang_phuc, name=f"Tên {n}") for n in range(7)
        )
    assert len(entries) == 7


def test_of_rows_created_together_the_ignored_ones_leave_nothing(world: World):
    with exactly_recorded() as entries:
        ClusterAlias.objects.bulk_create(
            [
                ClusterAlias(cluster=world.giang_bien, name="Giang Biên I"),
                ClusterAlias(cluster=world.giang_bien, name="Giang Biên III"),
            ],
            ignore_conflicts=True,
        )
    assert [entry.op for entry in entries] == ["insert"]


def test_an_upsert_records_what_it_changed_and_what_it_added(world: World):
    same, other = world.giang_bien, world.quang_phuc
    rows = [
        Cluster(code=same.code, name="CCN Giang Biên mới"),
        Cluster(code=other.code, name=other.name),
        Cluster(code="thi-tran-tien-lang", name="CCN thị trấn Tiên Lãng"),
    ]
    with exactly_recorded() as entries:
        Cluster.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["code"], update_fields=["name"]
        )
    assert [entry.op for entry in entries] == ["update", "insert"]


def test_rows_updated_together_are_recorded_each(world: World):
    clusters = list(Cluster.objects.all())
    for cluster in clusters:
        cluster.name += " 1"
    with exactly_recorded() as entries:
        Cluster.objects.bulk_update(clusters, ["name"])
    assert len(entries) == 2


def test_update_or_create_records_either(world: World):
    with exactly_recorded() as entries:
        Investor.objects.update_or_create(code="deep-c", defaults={"name": "DEEP C"})
        Investor.objects.update_or_create(code=world.investor.code, defaults={"name": "Shinec"})
    assert [entry.op for entry in entries] == ["insert", "update"]


def test_many_to_many_links_are_recorded_with_their_subject(world: World):
    subject = f"cluster:{world.giang_bien.pk}"
    for change, ops in (
        (lambda: world.giang_bien.places.add(world.tien_lang), ["insert"]),
        (lambda: world.giang_bien.places.add(world.tien_lang), []),
        (lambda: world.giang_bien.places.remove(world.vinh_bao), ["delete"]),
        (lambda: world.giang_bien.places.set([world.vinh_bao]), ["delete", "insert"]),
        (lambda: world.giang_bien.places.clear(), ["delete"]),
    ):
        with exactly_recorded() as entries:
            change()
        assert [(entry.op, entry.subject) for entry in entries] == [(op, subject) for op in ops]


def test_a_delete_takes_its_dependants_along_and_all_are_recorded(world: World):
    pk = world.giang_bien.pk
    with exactly_recorded() as entries:
        world.giang_bien.delete()
    assert {(entry.table_name, entry.op, entry.subject) for entry in entries} == {
        ("registry_cluster", "delete", f"cluster:{pk}"),
        ("registry_clusteralias", "delete", f"cluster:{pk}"),
        ("registry_cluster_places", "delete", f"cluster:{pk}"),
    }


def test_a_delete_past_django_is_recorded(world: World):
    with exactly_recorded() as entries:
        ClusterAlias.objects.all()._raw_delete("default")
    assert [entry.op for entry in entries] == ["delete"]


def test_loaded_fixtures_are_recorded(world: World, tmp_path: Path):
    call_command("dumpdata", "registry.clusteralias", output=str(tmp_path / "aliases.json"))
    rows = json.loads((tmp_path / "aliases.json").read_text())
    rows[0]["fields"]["name"] = "Giang Biên cũ"
    rows.append({"model": "registry.investor", "pk": 900, "fields": {"code": "vsip", "name": "VSIP"}})
    (tmp_path / "aliases.json").write_text(json.dumps(rows))
    with exactly_recorded() as entries:
        call_command("loaddata", str(tmp_path / "aliases.json"), verbosity=0)
    assert [entry.op for entry in entries] == ["update", "insert"]


def test_raw_sql_is_recorded(world: World):
    with exactly_recorded() as entries:
        run("UPDATE registry_investor SET name = 'Shinec' WHERE id = %s", [world.investor.pk])
        run("DELETE FROM registry_clusteralias")
    assert [entry.op for entry in entries] == ["update", "delete"]


def test_many_statements_at_once_are_recorded(world: World):
    with exactly_recorded() as entries, connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE registry_cluster SET name = %s WHERE id = %s",
            [["Một", world.giang_bien.pk], ["Hai", world.quang_phuc.pk]],
        )
    assert len(entries) == 2


@only_postgresql
def test_copied_rows_are_recorded(world: World):
    statement = "COPY registry_clusteralias (cluster_id, name) FROM STDIN"
    with exactly_recorded() as entries, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for name in ("Một", "Hai", "Ba"):
            copy.write_row((world.quang_phuc.pk, name))
    assert [entry.op for entry in entries] == ["insert"] * 3


@only_postgresql
def test_a_merge_and_a_writing_query_are_recorded(world: World):
    with exactly_recorded() as entries:
        run(
            "MERGE INTO registry_cluster c USING (VALUES (%s::bigint)) v (id) ON c.id = v.id"
            " WHEN MATCHED THEN UPDATE SET name = 'Một'",
            [world.giang_bien.pk],
        )
        run("WITH gone AS (DELETE FROM registry_clusteralias RETURNING id) SELECT count(*) FROM gone")
    assert [entry.op for entry in entries] == ["update", "delete"]


@only_postgresql
def test_a_replication_role_is_recorded_too(world: World):
    with exactly_recorded() as entries:
        run("SET LOCAL session_replication_role = replica")
        run("UPDATE registry_investor SET name = 'Shinec'")
        run("SET LOCAL session_replication_role = origin")
    assert len(entries) == 1


@only_sqlite
def test_insert_or_replace_is_a_deletion_and_an_insertion(world: World):
    seq = head()[0]
    run(
        "INSERT OR REPLACE INTO registry_clusteralias (id, cluster_id, name) VALUES (%s, %s, 'Mới')",
        [world.alias.pk, world.giang_bien.pk],
    )
    old, new = entries_after(seq)
    assert (old.op, content(old.payload.before)["name"], old.payload.after) == (
        "delete",
        "Giang Biên I",
        None,
    )
    assert (new.op, new.payload.before, content(new.payload.after)["name"]) == ("insert", None, "Mới")


@only_sqlite
def test_insert_or_replace_records_the_other_row_that_it_pushes_out(world: World):
    with exactly_recorded() as entries:
        run(
            "INSERT OR REPLACE INTO registry_clusteralias (id, cluster_id, name) VALUES (%s, %s, 'Giang Biên I')",
            [world.alias.pk + 1, world.giang_bien.pk],
        )
    assert [entry.op for entry in entries] == ["delete", "insert"]


@only_sqlite
def test_update_or_replace_records_the_row_that_it_pushes_out(world: World):
    other = ClusterAlias.objects.create(cluster=world.giang_bien, name="Giang Biên II")
    with exactly_recorded() as entries:
        run("UPDATE OR REPLACE registry_clusteralias SET name = 'Giang Biên I' WHERE id = %s", [other.pk])
    assert {entry.op for entry in entries} == {"delete", "update"}


@only_sqlite
def test_insert_or_ignore_cannot_slip_past_the_ledger(world: World):
    with exactly_recorded() as entries:
        run(
            "INSERT OR IGNORE INTO registry_clusteralias (cluster_id, name) VALUES (%s, 'Giang Biên I'), (%s, 'Khác')",
            [world.giang_bien.pk, world.giang_bien.pk],
        )
    assert [entry.op for entry in entries] == ["insert"]


def test_a_row_that_stays_the_same_leaves_no_entry(world: World):
    with exactly_recorded() as entries:
        world.alias.save()
        Cluster.objects.update(name=F("name"))
        Cluster.objects.bulk_update(Cluster.objects.all(), ["name", "code"])
    assert entries == []


def test_a_change_of_excluded_columns_only_leaves_no_entry(world: World):
    user = User.objects.create(username="lan")
    with exactly_recorded() as entries:
        user.set_password("một mật khẩu rất dài")
        user.save(update_fields=["password"])
        Cluster.objects.update(search_text="khac")
    assert entries == []


def test_passwords_are_never_recorded(db):
    seq = head()[0]
    user = User.objects.create_user("lan", password="một mật khẩu rất dài")
    user.email = "lan@example.com"
    user.save()
    assert not any("password" in (entry.payload.after or "") for entry in entries_after(seq))


def test_a_rollback_leaves_no_entry(world: World):
    before = head()
    with transaction.atomic():
        Cluster.objects.update(name="Sai")
        transaction.set_rollback(True)
    assert head() == before


def test_what_follows_a_rollback_takes_the_next_number(world: World):
    seq = head()[0]
    with recorded(reason="hỏng"):
        world.giang_bien.delete()
        transaction.set_rollback(True)
    Investor.objects.update(name="Shinec")
    assert list(LedgerEntry.objects.filter(seq__gt=seq).values_list("seq", "op")) == [(seq + 1, "update")]


def test_rights_of_staff_are_recorded(db):
    group = Group.objects.create(name="Kiểm tra")
    user = User.objects.create(username="lan")
    with exactly_recorded() as entries:
        group.permissions.add(Permission.objects.first())
        user.groups.add(group)
        user.user_permissions.add(Permission.objects.first())
    assert [entry.subject for entry in entries] == [f"group:{group.pk}", f"user:{user.pk}", f"user:{user.pk}"]


def test_a_row_says_when_it_was_written_in_utc_and_never_before_the_one_before(world: World):
    moments = list(LedgerEntry.objects.order_by("seq").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert {len(moment) for moment in moments} == {27}
    assert {moment[-1] for moment in moments} == {"Z"}
