"""A registry on a real server: empty, or the small world or the seed with keys, as a client of a partner meets it."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection

from tests.world import FIXTURES

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Served:
    """closed: the address of a server that asks everybody for a key; open: of one that anybody may read.

    keys: by scope; `every` has all scopes.
    """

    closed: str
    open: str
    keys: dict[str, str]


#: Said to a shell of the new copy: load the fixtures, make the keys, print them.
FILLED = """
import json
import os
from datetime import timedelta
from pathlib import Path
from registry import clock
from registry.rules.scopes import SCOPE
from tests.keys import new_key
from tests.world import load
load(Path(os.environ["FIXTURES"]))
at = clock.now() - timedelta(minutes=1)
keys = {scope: new_key(scope, at=at, scopes=[scope])[1] for scope in SCOPE}
print(json.dumps({"every": new_key("every", at=at)[1], **keys}))
"""


def empty(folder: Path) -> None:
    """Make a registry there that nothing is in: a copy of the tests' own database, of what is committed."""
    if connection.vendor != "sqlite":
        pytest.skip("What the server says is not the database's: seen on SQLite.")
    with closing(sqlite3.connect(folder / "registry.sqlite3")) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)


def filled(folder: Path, fixtures: Path = FIXTURES) -> dict[str, str]:
    """Make a registry of these fixtures there; its keys: one of each scope, and `every`, which has all."""
    empty(folder)
    found: dict[str, str] = json.loads(done(folder, FILLED, FIXTURES=str(fixtures)))
    return found


def done(folder: Path, script: str, **chosen: str) -> str:
    """Have the registry in that folder do what the script says, in a process of its own; what it printed."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), "shell", "-v", "0", "-c", script],
        cwd=ROOT,
        env=environment(folder, **chosen),
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_SECONDS,
    ).stdout


def environment(folder: Path, **chosen: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return kept | {
        "LOCAL": "1",
        "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "REQUESTS_PER_MINUTE": "1000000",
        "ANONYMOUS_REQUESTS_PER_MINUTE": "1000000",
        # The server is to leave nothing where its user is at home.
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        **chosen,
    }


@contextmanager
def served(folder: Path, *, application: str = "config.wsgi", **chosen: str) -> Iterator[str]:
    """A server of the registry in that folder; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    python = [sys.executable, "-W", "ignore", "-m", "gunicorn", application]
    with open(folder / f"log-{port}", "wb") as log:
        server = subprocess.Popen(
            [*python, "--bind", f"127.0.0.1:{port}", "--threads", "4"],
            cwd=ROOT,
            env=environment(folder, **chosen),
            stdout=log,
            stderr=log,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            if server.poll() is not None:
                pytest.fail((folder / f"log-{port}").read_text(), pytrace=False)
            with suppress(OSError), urllib.request.urlopen(f"{address}/healthz", timeout=5):
                break
            time.sleep(0.05)
        yield address
    finally:
        server.terminate()
        server.wait(PATIENCE_SECONDS)
