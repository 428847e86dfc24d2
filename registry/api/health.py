"""For whoever runs the registry: is the process alive, can it answer?"""

from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from registry.api.problems import ApiProblem, only_read
from registry.ledger.arming import disagreements

_migrated: set[str] = set()


@only_read
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers. Asks nobody else."""
    return _never_stored(JsonResponse({"status": "ok"}))


@only_read
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, has every migration and the ledger's triggers, else 503 naming what is wrong."""
    if not (wrong := what_is_wrong()):
        return _never_stored(JsonResponse({"status": "ready"}))
    problem = ApiProblem(
        "not_ready",
        "Chưa kết nối được cơ sở dữ liệu, hoặc cơ sở dữ liệu chưa được nâng cấp (manage.py migrate), hoặc thiếu "
        "trigger của sổ cái (manage.py check_registry).",
        "The database cannot be reached, is not migrated (manage.py migrate), or triggers of the ledger are missing "
        "(manage.py check_registry).",
        members={"failed": wrong},
    )
    return _never_stored(problem.response())


def what_is_wrong() -> str:
    """`database`, `migrations` or `triggers`: the first that is wrong; "" when nothing is."""
    try:
        every = connections.all()  # on SQLite there is a second file
        for connection in every:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        if not all(map(_is_migrated, every)):
            return "migrations"
        return "triggers" if any(map(disagreements, every)) else ""
    except DatabaseError:
        return "database"


def _is_migrated(connection: BaseDatabaseWrapper) -> bool:
    """Migrations only ever become complete while a process runs, so one yes is enough."""
    if connection.alias not in _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.add(connection.alias)
    return True


def _never_stored(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


urlpatterns = [path("healthz", healthz), path("readyz", readyz)]
