"""What whoever runs the registry asks it."""

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import OperationalError, ProgrammingError
from django.test import Client

from registry.api import health


@pytest.fixture(autouse=True)
def _a_new_process():
    health._migrated.clear()
    yield
    health._migrated.clear()


def test_a_living_process_says_so_without_a_database():
    response = Client().get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response["Cache-Control"] == "no-store"


def test_a_migrated_registry_is_ready(db):
    response = Client().get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})


def test_a_registry_with_a_missing_migration_is_not_ready(db):
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()
    response = Client().get("/readyz")
    assert (response.status_code, response.json()["code"]) == (503, "not_ready")
    assert response["Content-Type"] == "application/problem+json"


def test_a_registry_without_its_database_is_alive_but_not_ready(db, monkeypatch):
    def unreachable(*_, **__):
        raise OperationalError("bí mật: máy chủ db-1")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", unreachable)
        assert Client().get("/healthz").status_code == 200
        response = Client().get("/readyz")
    assert response.status_code == 503
    assert "db-1" not in response.content.decode()


@pytest.mark.parametrize(
    ("migrated", "status", "code"), [(False, 503, "not_ready"), (True, 500, "server_error")]
)
def test_what_a_release_needs_and_a_database_lacks_is_not_ready_yet(
    db, monkeypatch, settings, migrated, status, code
):
    """PostgreSQL calls a missing table a wrong statement, as it does a mistake of ours."""

    def lacks(*_, **__):
        raise ProgrammingError('relation "registry_publication" does not exist')

    settings.ANONYMOUS_READING = True
    if not migrated:
        MigrationRecorder.Migration.objects.filter(app="sessions").delete()
    monkeypatch.setattr("registry.api.clocks.position", lacks)
    answer = Client(raise_request_exception=False).get("/api/v1/clusters/")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert ("Retry-After" in answer) is not migrated


@pytest.mark.parametrize("collected", [{}, {"admin/css/base.css": "admin/css/base.0123.css"}, None])
def test_pages_whose_files_were_not_collected_are_not_ready(db, monkeypatch, collected):
    """`None`: a person's own machine, where nothing is collected."""
    if collected is not None:
        monkeypatch.setattr(staticfiles_storage, "hashed_files", collected, raising=False)
    response = Client().get("/readyz")
    assert response.status_code == (503 if collected == {} else 200)
    if collected == {}:
        assert response.json()["failed"] == "static"
        assert "manage.py collectstatic" in response.json()["detail"]


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="On SQLite nothing is there before it was proved."
)
def test_what_nobody_proved_is_not_ready(db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE registry_restoring ()")
    response = Client().get("/readyz")
    assert (response.status_code, response.json()["failed"]) == (503, "restore")
    assert "restore_unfinished" in response.json()["detail"]


def test_health_is_only_read(db):
    # A key makes no form of it, for which a token would be missing.
    client = Client(enforce_csrf_checks=True, headers={"Authorization": "Bearer hpr_x"})
    for path in ("/healthz", "/readyz", "/metrics"):
        for method in (client.post, client.put, client.delete, client.options):
            answer = method(path)
            assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD"), path
            assert (answer["Content-Type"], answer.json()["code"]) == (
                "application/problem+json",
                "method_not_allowed",
            )
    assert Client().head("/readyz").status_code == 200


def test_a_registry_whose_ledger_lost_a_trigger_is_not_ready_and_says_so(db):
    kind, name = "trigger", "ledger_delete_registry_cluster"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = 'registry_cluster'::regclass AND NOT tgisinternal"
            )
            name = f"{cursor.fetchone()[0]} ON registry_cluster"
        cursor.execute(f"DROP {kind} {name}")
    response = Client().get("/readyz")
    assert (response.status_code, response.json()["failed"]) == (503, "triggers")
