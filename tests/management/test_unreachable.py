"""A PostgreSQL that cannot be reached: each command ends with a sentence, and never with the password."""

import json
import socket
import socketserver
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
from django.db import connection

from registry import clock
from tests.engines import postgresql
from tests.served import ROOT, environment
from tests.test_repository import OURS

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server.")

PASSWORD = "mat-khau-rat-bi-mat"


def manage(url: str, folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-W", "ignore", "manage.py", *map(str, words)]
    env = environment(folder, DATABASE_URL=url, BACKUP_DIR=str(folder / "backups"))
    return subprocess.run(call, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence that it said."""
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "Traceback" not in said
    assert PASSWORD not in said
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("CommandError: database_unreachable · Không làm việc được với PostgreSQL ở ")
    assert sentence.endswith("trong DATABASE_URL.")
    return sentence


def loaded_at(url: str) -> datetime:
    """When the server last read its settings, as whoever connects now finds them."""
    with psycopg.connect(url) as newcomer:
        ((moment,),) = newcomer.execute("SELECT pg_conf_load_time()")
    return moment


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The beginning of the addresses on a server that asks for passwords; the role `full` may have no connection."""
    with postgresql() as url:
        start, _, _ = url.rpartition("/")
        with psycopg.connect(url, autocommit=True) as main:
            main.execute(f"CREATE ROLE office LOGIN PASSWORD '{PASSWORD}'")
            main.execute(f"CREATE ROLE full_up LOGIN PASSWORD '{PASSWORD}' CONNECTION LIMIT 0")
            data = Path(unquote(urlsplit(url).netloc.partition("@")[2])) / "data"
            (data / "pg_hba.conf").write_text("local all registry trust\nlocal all all scram-sha-256\n")
            before = loaded_at(url)
            main.execute("SELECT pg_reload_conf()")
            while loaded_at(url) == before:  # who came earlier would be let in without a password
                time.sleep(0.02)
        yield start.replace("registry@", "{role}:{password}@")


@pytest.mark.parametrize(
    ("role", "password", "name", "said"),
    [
        ("office", f"{PASSWORD}-sai", "postgres", 'password authentication failed for user "office"'),
        ("office", PASSWORD, "khong-co", 'database "khong-co" does not exist'),
        ("full_up", PASSWORD, "postgres", 'too many connections for role "full_up"'),
    ],
)
def test_what_the_server_refuses_is_told(server, tmp_path, role, password, name, said):
    url = f"{server.format(role=role, password=password)}/{name}"
    sentence = refused(manage(url, tmp_path, "migrate"))
    assert said in sentence
    assert f"cổng 5432, cơ sở dữ liệu {name}: " in sentence


def test_a_server_that_was_stopped_is_told(tmp_path):
    with postgresql() as url:
        pass
    assert "No such file or directory" in refused(manage(url, tmp_path, "migrate"))


def test_a_name_of_no_machine_is_told(tmp_path):
    sentence = refused(manage(f"postgresql://office:{PASSWORD}@may.invalid/so", tmp_path, "migrate"))
    assert "ở may.invalid, cổng 5432, cơ sở dữ liệu so: " in sentence


class RefusesOptions(socketserver.StreamRequestHandler):
    """Answers as PgBouncer 1.18 does, to the byte, unless it is told to ignore `options`."""

    def handle(self) -> None:
        while True:
            (length,) = struct.unpack("!I", self.rfile.read(4))
            asked = self.rfile.read(length - 4)
            if length > 8:  # not for encryption
                break
            self.wfile.write(b"N")
        assert b"\0options\0-c jit=off\0" in asked
        said = b"SFATAL\0C08P01\0Munsupported startup parameter: options\0\0"
        self.wfile.write(b"E" + struct.pack("!I", len(said) + 4) + said)


def test_a_pooler_that_refuses_options_is_told_with_what_it_needs(tmp_path):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), RefusesOptions) as pooler:
        threading.Thread(target=pooler.serve_forever, daemon=True).start()
        url = f"postgresql://office:{PASSWORD}@127.0.0.1:{pooler.server_address[1]}/so"
        done = manage(url, tmp_path, "migrate")
        pooler.shutdown()
    (sentence,) = done.stderr.splitlines()
    assert done.returncode == 1
    assert "unsupported startup parameter: options. Ở đó là một bộ gộp kết nối (PgBouncer)" in sentence
    assert "ignore_startup_parameters = options" in sentence
    assert PASSWORD not in sentence
    assert "### A pooler in front\n" in (ROOT / "docs/operations.md").read_text()


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address where nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"postgresql://office:{PASSWORD}@127.0.0.1:{held.getsockname()[1]}/so"


#: What each command is called with; those that are not named ask for nothing.
CALLED = {
    "application_role": ["office"],
    "check_places": ["fixtures/places/diff.csv"],
    "create_api_key": ["Ngân hàng", "--expires", f"{clock.today():%d/%m/%Y}"],
    "deliver_webhooks": ["--once"],
    "publish": ["cluster:giang-bien", "--proposed-by", "lan", "--approved-by", "hoa"],
    "redact": ["--record", "cluster:giang-bien", "--text-from", "manage.py"],
}
#: These read only files, or files first.
ELSEWHERE = {"check_citations", "restore", "seed_facts"}
#: As manage.py does it, one after the other in one process.
EACH = """
import json
import sys
from config.refusals import told
from django.core.management import execute_from_command_line
for call in json.loads(sys.argv[1]):
    sys.argv = ["manage.py", *call]
    try:
        with told():
            execute_from_command_line(sys.argv)
    except SystemExit as ended:
        print(json.dumps([call[0], ended.code]))
    except BaseException as error:
        print(json.dumps([call[0], repr(error)]))
    else:
        print(json.dumps([call[0], "nothing was said"]))
"""


def test_every_command_says_it_in_one_sentence(nobody, tmp_path):
    env = environment(tmp_path, DATABASE_URL=nobody, BACKUP_DIR=str(tmp_path / "backups"))
    calls = [[name, *CALLED.get(name, [])] for name in OURS if name not in ELSEWHERE]
    assert len(calls) > 15
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", EACH, json.dumps(calls)],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    said = dict(json.loads(line) for line in done.stdout.splitlines() if line.startswith("["))
    assert list(said) == [name for name, *_ in calls], done.stdout + done.stderr
    begin = "CommandError: database_unreachable · Không làm việc được với PostgreSQL ở 127.0.0.1, cổng "
    assert {name: words for name, words in said.items() if not str(words).startswith(begin)} == {}
    assert PASSWORD not in done.stdout + done.stderr
    assert list(tmp_path.rglob("registry-*")) == []


def test_where_it_happened_is_shown_to_who_asks(nobody, tmp_path):
    done = manage(nobody, tmp_path, "migrate", "--traceback")
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert PASSWORD not in done.stderr
