"""What every test stands on: a database in a file, and property tests that ignore chance and the machine's pace."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_django
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from config.databases import beside_of

# Two shared cores are slow now and then; a slow example is not a wrong one. The examples are the same each time, so
# that whoever breaks something sees it in his own run; REGISTRY_SOAK looks for others, and for as long as wanted.
hypothesis_settings.register_profile(
    "registry",
    deadline=None,
    derandomize="REGISTRY_SOAK" not in os.environ,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("registry")

# Every client of a test starts the application anew, and WhiteNoise would read all static files each time, which
# takes longer than most answers. Found when asked for, they are the same files; servers run as they are served.
settings.WHITENOISE_AUTOREFRESH = True

# Slow on purpose: a fifth of a second of both cores for each password. The same algorithm, made cheap here alone;
# programs that tests start hash as they are served.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1

# A test that may ask the database may ask all there is of it: on SQLite sessions are in a second file.
TransactionTestCase.databases = frozenset(settings.DATABASES)


def pytest_collection_finish() -> None:
    """All that was imported stays: walking it in search of cycles, again and again, took a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite as it is served: a file in WAL mode. In memory, nothing that several connections do is true.

    Only for the disk it does not wait: no test file outlives the run (what outlives a kill is tested on files of its
    own, with the settings as served), and a writer that waits for a slow disk keeps the others waiting.
    """
    main = Path(os.environ["VAR_DIR"]) / "test.sqlite3"
    for alias, database in settings.DATABASES.items():
        if database["ENGINE"] == "django.db.backends.sqlite3":
            database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
            # The second file's few tables need none of the many migrations that pass them by.
            file, migrate = (main, True) if alias == "default" else (beside_of(main), False)
            database.setdefault("TEST", {}).update(NAME=str(file), MIGRATE=migrate)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> Iterator[None]:
    """The database, for whoever asks. pytest-django's own makes none unless some test that is run has the mark
    `django_db`; the fixtures of a module (tests/plugins/world.py) open theirs without it.
    """
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
        for alias in set(connections) - {"default"}:
            # Its tables were made without migrations, as these would have made them.
            recorder = MigrationRecorder(connections[alias])
            recorder.ensure_schema()
            for app, name in MigrationRecorder(connections["default"]).applied_migrations():
                recorder.record_applied(app, name)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)
