"""The application's role on PostgreSQL: it does all of the application's work, and cannot touch what proves it."""

import io
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from registry import clock
from registry.api.metering import METER
from registry.ledger.roles import RoleRefused, entrust, entrusted, grants, owns, too_much
from registry.ledger.security_events import note_settings
from registry.ledger.tracked import declared
from registry.models import ApiKeyUse, LedgerEntry
from tests.admin.browsing import fill
from tests.keys import new_key
from tests.ledger.rows import POSTGRESQL, run
from tests.publication.office import Office
from tests.world import FIXTURES, World, clerk

only_postgresql = pytest.mark.skipif(not POSTGRESQL, reason="only PostgreSQL has roles")


@pytest.fixture
def role(shared_world: World) -> str:
    """A role with a log-in and nothing else; roles belong to the transaction as tables do."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    name = f"app_{uuid.uuid4().hex[:8]}"
    run(f"CREATE ROLE {name} LOGIN")
    return name


@pytest.fixture
def as_application(role: str) -> Iterator[str]:
    entrust(connection, role)
    run(f"SET SESSION AUTHORIZATION {role}")
    yield role
    run("RESET SESSION AUTHORIZATION")


def refused(sql: str) -> str:
    """What PostgreSQL says to it; the transaction goes on."""
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        run(sql)
    return str(refusal.value)


@only_postgresql
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE registry_ledgerentry SET reason = ''",
        "DELETE FROM registry_ledgerentry",
        "INSERT INTO registry_ledgerentry (table_name, row_id, subject, op) VALUES ('a', '1', '', 'migrate')",
        "UPDATE registry_ledgerpayload SET after = NULL",
        "INSERT INTO registry_ledgerpayload (seq, salt) VALUES (0, '')",
        "TRUNCATE registry_ledgerentry",
        "TRUNCATE registry_cluster CASCADE",
        "UPDATE registry_publication SET reason = ''",
        "UPDATE registry_statement SET content = ''",
        "DELETE FROM registry_announcement",
        "DELETE FROM registry_ledgercheckpoint",
        "UPDATE django_migrations SET name = ''",
        "ALTER TABLE registry_cluster DISABLE TRIGGER ledger_3_capture",
        "ALTER TABLE registry_cluster DISABLE TRIGGER ALL",
        "DROP TRIGGER ledger_3_capture ON registry_cluster",
        "CREATE TRIGGER mine BEFORE INSERT ON registry_cluster FOR EACH ROW EXECUTE FUNCTION ledger_lock()",
        "CREATE OR REPLACE FUNCTION ledger_lock() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "DROP FUNCTION ledger_capture() CASCADE",
        "SELECT ledger_write('a', '1', '', 'migrate', '', '')",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (id int)",
        "DROP TABLE registry_cluster",
        "ALTER TABLE registry_ledgerentry OWNER TO CURRENT_USER",
        "SELECT * FROM pg_authid",
        "CREATE TEMP TABLE registry_publication (id int); CREATE TRIGGER mine AFTER INSERT"
        " ON pg_temp.registry_publication FOR EACH ROW EXECUTE FUNCTION"
        " ledger_capture('id', '{}', 'publication', 'id')",
        "INSERT INTO registry_redaction (number, at, ground, asked_by, approved_by, scope, places)"
        " VALUES (1, now(), 'x', 'a', 'b', '', '{}')",
        "INSERT INTO registry_redactedentry (redaction_id, entry, header) VALUES (1, 1, '')",
    ],
)
def test_the_application_cannot(as_application: str, attack: str) -> None:
    said = refused(attack)
    assert "permission denied" in said or "must be owner" in said


@only_postgresql
def test_the_command_gives_the_rights_again_and_again_and_prints_them(role: str) -> None:
    for _ in range(2):
        out = io.StringIO()
        call_command("application_role", role, stdout=out)
        assert out.getvalue() == f"Vai trò {role} có đúng những quyền mà ứng dụng cần.\n"
    assert entrusted(connection) == [role]
    assert too_much(connection, role) == []
    out = io.StringIO()
    call_command("application_role", role, "--sql", stdout=out)
    assert out.getvalue().splitlines() == [f"{statement};" for statement in grants(connection, role)]


@only_postgresql
def test_a_right_given_by_hand_is_taken_back_and_a_new_table_can_only_be_read(role: str) -> None:
    entrust(connection, role)
    run(f"GRANT ALL ON registry_ledgerentry, registry_statement, registry_cluster TO {role}")
    assert len(too_much(connection, role)) == 3
    entrust(connection, role)
    assert too_much(connection, role) == []
    run("CREATE TABLE of_a_later_migration (id int)")
    run(f"SET SESSION AUTHORIZATION {role}")
    run("SELECT * FROM of_a_later_migration")
    assert "permission denied" in refused("INSERT INTO of_a_later_migration VALUES (1)")
    run("RESET SESSION AUTHORIZATION")


@only_postgresql
@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("", "role_missing"),
        ("CREATE ROLE {} LOGIN SUPERUSER", "superuser"),
        ("CREATE ROLE {} LOGIN CREATEROLE", "CREATEROLE"),
        ("CREATE ROLE {0} LOGIN; GRANT {owner} TO {0}", "sở hữu"),
        ("CREATE ROLE {0} LOGIN; GRANT pg_write_all_data TO {0}", "registry_ledgerentry"),
        ("CREATE ROLE {0} LOGIN; CREATE ROLE {0}_boss SUPERUSER; GRANT {0}_boss TO {0}", "sở hữu|superuser"),
        ("CREATE ROLE {0} LOGIN; GRANT pg_execute_server_program TO {0}", "pg_execute_server_program"),
        ("CREATE ROLE {0} LOGIN REPLICATION", "REPLICATION"),
        (
            "CREATE ROLE {0} LOGIN NOINHERIT; CREATE ROLE {0}_deputy; GRANT {0}_deputy TO {0};"
            " GRANT UPDATE (before) ON registry_ledgerpayload TO {0}_deputy",
            "registry_ledgerpayload",
        ),
    ],
)
def test_a_role_that_could_do_more_is_refused(shared_world: World, made: str, said: str) -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE")
    name = f"app_{uuid.uuid4().hex[:8]}"
    if made:
        run(made.format(name, owner=connection.settings_dict["USER"]))
    with pytest.raises(CommandError, match=said) as refusal:
        call_command("application_role", name)
    assert refusal.value.returncode == 1


@only_postgresql
def test_what_needs_the_owner_says_so(as_application: str) -> None:
    assert not owns(connection)
    with pytest.raises(RoleRefused, match="vai trò sở hữu") as refusal:
        entrust(connection, as_application)
    assert refusal.value.code == "owner_needed"
    with pytest.raises(CommandError, match="owner_needed"):
        call_command("verify_ledger", record_drift="vì", stdout=io.StringIO())
    with pytest.raises(CommandError, match="owner_needed"):
        call_command("migrate", "registry", "zero", verbosity=0)


@only_postgresql
def test_the_check_of_a_deployment_warns_of_a_role_that_owns_the_ledger(role: str) -> None:
    def warned() -> list[str]:
        return [m.msg for m in run_checks(include_deployment_checks=True) if m.id == "ledger.W002"]

    (message,) = warned()
    assert "superuser" in message
    entrust(connection, role)
    run(f"SET SESSION AUTHORIZATION {role}")
    assert warned() == []
    run("RESET SESSION AUTHORIZATION")


@pytest.mark.skipif(POSTGRESQL, reason="SQLite has no roles")
def test_sqlite_has_no_roles_and_says_so(shared_world: World) -> None:
    out = io.StringIO()
    call_command("application_role", "registry", stdout=out)
    assert out.getvalue().startswith("SQLite không có vai trò")
    assert (entrusted(connection), too_much(connection), owns(connection)) == ([], [], True)


def test_every_recorded_table_is_granted_for_what_it_is(shared_world: World) -> None:
    if not POSTGRESQL:
        pytest.skip("only PostgreSQL has roles")
    said = list(grants(connection, "x"))
    for tracked in declared():
        rights = "SELECT, INSERT" if tracked.append_only else "SELECT, INSERT, UPDATE, DELETE"
        if tracked.table in ("registry_redaction", "registry_redactedentry"):
            rights = "SELECT"  # the owner erases
        if tracked.table in ("auth_permission", "django_content_type"):
            rights = "SELECT"  # migrations say what a right is
        assert f'GRANT {rights} ON "{tracked.table}" TO "x"' in said


@only_postgresql
def test_the_office_works_as_the_application(as_application: str, settings: Any, tmp_path: Path) -> None:
    """Entering, submitting, publishing, withdrawing, news of the day, checkpoints, proof, rebuilding, seeding."""
    settings.CHECKPOINT_KEY_FILE = str(tmp_path / "key.pem")
    office = Office()
    for kind in "cluster investor decision sector zone project indicator incentive assignment".split():
        getattr(office, f"new_{kind}")(0, 0, 0)
    office.submit(0, 0, 0)
    office.publish_all(0, 0, 0)
    office.rename(0, 1, 0)
    office.publish_all(0, 0, 0)
    office.withdraw(0, 0, 0)
    note_settings({"LOCAL": "1"})
    daily = "announce_due", "checkpoint", "clear_expired", "index_ledger", "verify_ledger"
    rare = "migrate", "rebuild_editions", "adopt_composer"
    for command in (*daily, *rare, "deliver_webhooks --once", f"seed --fixtures {FIXTURES}"):
        call_command(*command.split(), stdout=io.StringIO())
    assert LedgerEntry.objects.order_by("-seq")[0].db_user == as_application


@only_postgresql
def test_partners_and_staff_are_served_by_the_application(as_application: str) -> None:
    _, key = new_key("Ngân hàng", at=clock.now())
    answer = Client().get("/api/v1/clusters/", headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, len(answer.json()["results"])) == (200, 6)
    METER.write()
    assert ApiKeyUse.objects.get().requests == 1
    lan, browser = clerk(), Client()
    typed = {"username": lan.username, "password": "mật khẩu thử rất dài"}
    assert browser.post("/admin/login/?next=/admin/", typed).status_code == 302
    fill(browser, "/admin/registry/investor/add/", name="Công ty của vai trò")
    assert LedgerEntry.objects.filter(actor=lan.username, db_user=as_application).exists()
    wrong = Client().post("/admin/login/", typed | {"password": "sai"})
    assert wrong.status_code == 200
    assert browser.post("/admin/logout/").status_code in (200, 302)
