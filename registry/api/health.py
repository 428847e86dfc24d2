"""For whoever runs the registry: is the process alive, can it answer?"""

from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from registry.api.problems import ApiProblem, only_read
from registry.ledger.arming import disagreements
from registry.queries.api_keys import PEPPER_OTHER, is_other_pepper
from registry.queries.unproved import UNPROVED, is_unproved

#: In the order in which one explains the next.
_SAID = {
    "database": ("Chưa kết nối được cơ sở dữ liệu.", "The database cannot be reached."),
    "migrations": (
        "Cơ sở dữ liệu chưa được nâng cấp. Hãy chạy: manage.py migrate",
        "The database is not migrated. Run: manage.py migrate",
    ),
    "restore": (
        UNPROVED,
        "A restore that was refused or killed left this database: nobody has proved it. Drop it and restore again.",
    ),
    "triggers": (
        "Thiếu trigger của sổ cái. Hãy chạy: manage.py check_registry",
        "Triggers of the ledger are missing. Run: manage.py check_registry",
    ),
    "pepper": (
        PEPPER_OTHER,
        "API_KEY_PEPPER is not the one that the keys here were made under: no key fits, and webhooks are not sent. "
        "Put the former one back and start again.",
    ),
    "static": (
        "Chưa thu thập tệp tĩnh: trang quản trị sẽ báo lỗi. Hãy chạy manage.py collectstatic rồi khởi động lại.",
        "Static files were not collected: pages fail. Run manage.py collectstatic and start again.",
    ),
}
_migrated: set[str] = set()


@only_read
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers. Asks nobody else."""
    return _never_stored(JsonResponse({"status": "ok"}))


@only_read
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, has every migration and the ledger's triggers, was not left by a restore that did
    not come to its end, knows the pepper of its keys, and the files of pages were collected; else 503 naming what is
    wrong.
    """
    if not (wrong := what_is_wrong()):
        return _never_stored(JsonResponse({"status": "ready"}))
    problem = ApiProblem(
        "not_ready",
        *_SAID[wrong],
        members={"failed": wrong},
    )
    return _never_stored(problem.response())


def what_is_wrong() -> str:
    """The first of `_SAID` that is wrong; "" when nothing is."""
    try:
        every = connections.all()  # on SQLite there is a second file
        for connection in every:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        if not all(map(_is_migrated, every)):
            return "migrations"
        if any(map(is_unproved, every)):
            return "restore"
        if any(map(disagreements, every)):
            return "triggers"
        if is_other_pepper():
            return "pepper"
        # Read once, when the process began: who collects them later starts it anew.
        return "" if getattr(staticfiles_storage, "hashed_files", True) else "static"
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
