"""SQLite's files and their folder: nobody else's to read, and a sentence where they cannot be made or written."""

import os
import stat
import subprocess
import sys

import pytest
from django.db import connection

from tests.served import ROOT, empty, environment

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its files itself.")

CALL = [sys.executable, "-W", "ignore", "manage.py"]
#: Without these root too is refused what the rights of a file refuse.
BOUND = "-dac_override,-dac_read_search"
AS_ANYBODY = ["setpriv", f"--bounding-set={BOUND}", f"--inh-caps={BOUND}"] if os.geteuid() == 0 else []


def manage(env: dict[str, str], *words: str, umask: int = 0o022) -> subprocess.CompletedProcess[str]:
    """Run a command as somebody whom the rights of files bind, under that umask."""
    call = [*AS_ANYBODY, *CALL, *words]
    return subprocess.run(
        call, cwd=ROOT, env=env, capture_output=True, text=True, umask=umask, stdin=subprocess.DEVNULL
    )


def refused(done: subprocess.CompletedProcess[str], begins: str) -> str:
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith(begins), done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def only_read(tmp_path_factory, django_db_setup, django_db_blocker):
    """A registry whose files and folder somebody may read and not write."""
    folder = tmp_path_factory.mktemp("readonly")
    with django_db_blocker.unblock():
        empty(folder)
    env = environment(folder)
    made = manage(env, "migrate", "--verbosity", "0")
    assert made.returncode == 0, made.stderr
    for path in folder.glob("*.sqlite3"):
        path.chmod(0o400)
    folder.chmod(0o500)
    yield env
    folder.chmod(0o700)


@pytest.mark.parametrize("command", ["verify_ledger", "clear_expired", "backup"])
def test_files_that_only_read_are_told_by_what_to_look_at(only_read, tmp_path, command):
    done = manage({**only_read, "BACKUP_DIR": str(tmp_path)}, command)
    said = refused(done, "CommandError: database_unwritable · ")
    assert "VAR_DIR" in said
    assert list(tmp_path.iterdir()) == []


def test_check_registry_tells_them_too(only_read):
    done = manage(only_read, "check_registry")
    assert done.returncode == 1
    assert "database_unwritable · Không mở hoặc không ghi được tệp" in done.stderr
    assert "Traceback" not in done.stderr


def test_where_it_happened_is_shown_to_who_asks(only_read):
    done = manage(only_read, "clear_expired", "--traceback")
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_a_folder_that_cannot_be_made_is_told_by_the_name_of_its_setting(tmp_path):
    """The first command of a deployment, before anybody made /var/lib/registry."""
    tmp_path.chmod(0o500)
    chosen = {
        "LOCAL": "0",
        "SECRET_KEY": "s1" * 40,
        "API_KEY_PEPPER": "p2" * 40,
        "ALLOWED_HOSTS": "a.example",
    }
    done = manage(environment(tmp_path / "var", **chosen), "prepare")
    assert "VAR_DIR" in refused(done, "ImproperlyConfigured: The folder of the database cannot be made")
    tmp_path.chmod(0o700)


def test_what_is_no_file_of_a_database_is_refused(tmp_path):
    env = environment(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}")
    refused(manage(env, "verify_ledger"), "CommandError: database_unwritable · ")


TOUCHED = """
from django.db import connections
for connection in connections.all():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE secret (word)")
        print(*sorted(oct(path.stat().st_mode)[-3:] for path in Path(sys.argv[1]).glob("*.sqlite3*")))
"""


def test_a_new_database_is_for_its_owner_only_whatever_the_umask(tmp_path):
    folder = tmp_path / "var"
    script = f"import sys; from pathlib import Path; sys.argv = ['', {str(folder)!r}]\n{TOUCHED}"
    done = manage(environment(folder), "shell", "-v", "0", "-c", script, umask=0)
    assert done.returncode == 0, done.stderr
    # With SQLite's own -wal and -shm beside each.
    assert done.stdout.split() == ["600"] * 3 + ["600"] * 6
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_rights_that_somebody_gave_stay(tmp_path):
    path = tmp_path / "registry.sqlite3"
    path.touch()
    path.chmod(0o640)
    done = manage(environment(tmp_path), "migrate", "--check")
    assert path.stat().st_size > 0, done.stderr
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
