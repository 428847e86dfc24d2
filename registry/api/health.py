"""For whoever runs the registry: is the process alive, can it answer?"""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe

from registry.api.problems import ApiProblem

_migrated: set[str] = set()


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers. Asks nobody else."""
    return _never_stored(JsonResponse({"status": "ok"}))


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and has every migration, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM registry_publication LIMIT 1")
        ready = _is_migrated()
    except DatabaseError:
        ready = False
    if ready:
        return _never_stored(JsonResponse({"status": "ready"}))
    problem = ApiProblem(
        "not_ready",
        "Chưa kết nối được cơ sở dữ liệu, hoặc cơ sở dữ liệu chưa được nâng cấp (manage.py migrate).",
        "The database cannot be reached or is not migrated (manage.py migrate).",
    )
    return _never_stored(problem.response())


def _is_migrated() -> bool:
    """Migrations only ever become complete while a process runs, so one yes is enough."""
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.add(connection.alias)
    return True


def _never_stored(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


urlpatterns = [path("healthz", healthz), path("readyz", readyz)]
