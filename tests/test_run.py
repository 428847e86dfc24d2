"""`make run` as a newcomer meets it: twice on an empty place, with a real server and a real database file.

Runs by itself in `make test`: it measures seconds.
"""

import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 60


@dataclass
class Run:
    port: int
    seconds: float
    printed: str = ""
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request("GET", path, headers={"Host": f"localhost:{self.port}", **headers})
            answer = connection.getresponse()
            return answer.status, answer.read()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_run(place: Path, port: int, log: Path) -> subprocess.Popen[bytes]:
    """`make run` in the environment of this test run, told that its packages are installed."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment["VAR_DIR"] = str(place)
    call = ["make", "-C", str(ROOT), "-o", ".venv/run.stamp", "run", f"PORT={port}"]
    with open(log, "wb") as output:
        return subprocess.Popen(
            call, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )


@contextmanager
def running(place: Path) -> Iterator[Run]:
    log = place.parent / "log"
    run = Run(free_port(), 0)
    began = time.monotonic()
    made = make_run(place, run.port, log)
    try:
        while True:
            if made.poll() is not None or time.monotonic() - began > PATIENCE_SECONDS:
                pytest.fail(f"make run did not come up:\n{log.read_text()}", pytrace=False)
            with suppress(OSError):
                if run.get("/healthz")[0] == 200:
                    break
            time.sleep(0.05)
        run.seconds = time.monotonic() - began
        run.printed = log.read_text()
        yield run
    finally:
        os.killpg(made.pid, signal.SIGTERM)
        made.wait()


def everything_in(place: Path) -> list[str]:
    with closing(sqlite3.connect(place / "registry.sqlite3")) as database:
        return list(database.iterdump())


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("newcomer") / "var"


@pytest.fixture(scope="module")
def first(place) -> Run:
    """What the first `make run` printed, after it was used and stopped."""
    with running(place) as run:
        key = re.search(r"^hpr_\S+$", run.printed, re.MULTILINE)
        assert key, run.printed
        run.answers = {
            "admin": run.get("/admin/login/"),
            "without key": run.get("/api/v1/clusters/"),
            "with key": run.get("/api/v1/clusters/", Authorization=f"Bearer {key[0]}"),
        }
    return run


def test_the_first_run_prints_two_accounts_and_the_addresses(first):
    for name in ("nhap-lieu", "lanh-dao"):
        assert re.search(rf"^Tài khoản {name} .*chỉ in một lần: \S{{16}}$", first.printed, re.MULTILINE)
    assert f"http://localhost:{first.port}/admin/" in first.printed
    assert f"http://localhost:{first.port}/api/v1/docs/" in first.printed


def test_the_first_run_serves_the_admin_and_every_cluster_to_the_printed_key(first):
    assert first.answers["admin"][0] == 200
    assert first.answers["without key"][0] == 401
    status, body = first.answers["with key"]
    assert status == 200
    assert body.decode().count('"legal_stage":') == 15


def test_a_second_run_is_up_in_five_seconds_and_changes_nothing(first, place):
    before = everything_in(place)
    with running(place) as run:
        pass
    assert run.seconds < 5
    assert "Tài khoản nhap-lieu (cán bộ nhập liệu) đã có." in run.printed
    assert "chỉ in một lần" not in run.printed
    assert everything_in(place) == before


def test_a_port_in_use_is_refused_with_a_way_out(place, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        made = make_run(tmp_path / "var", port, tmp_path / "log")
        assert made.wait(PATIENCE_SECONDS) != 0
    printed = (tmp_path / "log").read_text()
    assert f"Không dùng được cổng {port}" in printed
    assert f"make run PORT={port + 1}" in printed
    assert not (tmp_path / "var" / "registry.sqlite3").exists()
