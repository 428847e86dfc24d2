"""The editions follow from the statements alone: in any process, on any engine, whatever the order of rows."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = {"PYTHONHASHSEED": "0", "TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "C.UTF-8"}
ELSEWHERE = {"PYTHONHASHSEED": "4242", "TZ": "America/Los_Angeles", "LC_ALL": "C"}
SEEDS = (1, 2)


def run(url: str, var: Path, *words: str, world: dict[str, str]) -> str:
    environment = {**os.environ, **world, "DATABASE_URL": url, "VAR_DIR": str(var), "LOCAL": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.publication.fresh_registry", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'fresh.sqlite3'}"


@pytest.fixture
def database(sqlite: str) -> Iterator[str]:
    """An empty database on the engine that the tests run on."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield sqlite
        return
    name = f"fresh_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rebuild_elsewhere_and_in_another_order_of_rows_gives_the_same_editions(
    seed: int, database: str, sqlite: str, tmp_path: Path
) -> None:
    played = run(database, tmp_path, "play", str(seed), "digest", world=HERE)
    made: dict[str, Any] = json.loads(played)
    assert made["publications"] > 10
    assert made["cluster_editions"] > 10
    again = run(database, tmp_path, "rebuild", "digest", world=ELSEWHERE)
    assert json.loads(again) == made
    shuffled = run(database, tmp_path, "shuffle", "rebuild", "digest", world=ELSEWHERE)
    assert json.loads(shuffled) == made
    if database != sqlite:
        assert json.loads(run(sqlite, tmp_path, "play", str(seed), "digest", world=ELSEWHERE)) == made
