"""docs/operations.md, followed word for word: the units, the settings and each command, on a deployment of its own."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import threading
import time
import uuid
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from registry.api.problems import CATALOGUE
from tests.nginx import proxy, status_of
from tests.test_repository import ROOT, deployment

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
HOST = "registry.example"
PASSWORD = "mat-khau-quan-tri-dai"
TOKEN = "prometheus-" + secrets.token_hex(8)


def blocks(language: str, page: str = PAGE) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


class Deployment:
    """The environment of /etc/registry.env, a folder for /opt/registry, and the server of the unit."""

    def __init__(self, folder: Path, url: str, owner: str, drill: str) -> None:
        # The server starts some steps later: until then nobody else is given the port, and it may take it all the same.
        self.held = socket.socket()
        self.held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.held.bind(("127.0.0.1", 0))
        self.port = str(self.held.getsockname()[1])
        self.log = folder / "journal"
        self.env = deployment(
            folder,
            VAR_DIR=str(folder / "var"),
            BACKUP_DIR=str(folder / "backups"),
            CHECKPOINT_KEY_FILE=str(folder / "keys" / "checkpoint_key.pem"),
            METRICS_TOKEN=TOKEN,
            BEHIND_PROXY="1",
            TRUSTED_PROXIES="1",
            PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            DRILL_URL=drill,
            OWNER_URL=owner,
            FIRST_PASSWORD=PASSWORD,
            **({"DATABASE_URL": url} if url else {}),
        )
        self.printed, self.role = "", urlsplit(url).username or "registry"

    def here(self, text: str) -> str:
        return (
            text.replace("/opt/registry/.venv/bin/python", sys.executable)
            .replace("127.0.0.1:8000", f"127.0.0.1:{self.port}")
            .replace("application_role registry", f"application_role {self.role}")
        )

    def follow(self, title: str) -> str:
        """Run what the section shows; what it printed."""
        printed = ""
        for block in blocks("sh", section(title)):
            ran = subprocess.run(
                ["bash", "-e", "-c", self.here(block)],
                cwd=ROOT,
                env=self.env,
                capture_output=True,
                text=True,
                timeout=300,
            )
            assert ran.returncode == 0, f"{block}\n{ran.stdout}{ran.stderr}"
            assert "Traceback" not in ran.stderr
            printed += ran.stdout
        self.printed += printed
        return printed

    def start(self) -> subprocess.Popen[bytes]:
        (command,) = re.findall(r"^ExecStart=(.*gunicorn.*)$", section("The server"), re.MULTILINE)
        with open(self.log, "wb") as log:
            server = subprocess.Popen(
                self.here(command).split(), cwd=ROOT, env=self.env, stdout=log, stderr=log
            )
        for _ in range(600):
            with suppress(OSError):
                if self.curl("/healthz", "--fail").returncode == 0:
                    return server
            time.sleep(0.1)
        server.kill()
        raise AssertionError(self.log.read_text())

    def curl(self, path: str, *options: str) -> subprocess.CompletedProcess[str]:
        call = ["curl", "--silent", "--max-time", "30", "--path-as-is", "-H", f"Host: {HOST}", *options]
        return subprocess.run([*call, f"http://127.0.0.1:{self.port}{path}"], capture_output=True, text=True)

    def proxied(self, path: str, *options: str) -> subprocess.CompletedProcess[str]:
        """As the proxy of the page passes a request on."""
        return self.curl(
            path, "-H", "X-Forwarded-Proto: https", "-H", "X-Forwarded-For: 198.51.100.9", *options
        )


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Where the data live: SQLite in VAR_DIR, or the roles and the database that the page makes; the application's role
    owns nothing.
    """
    folder = tmp_path_factory.mktemp("opt")
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgresql"):
        yield folder, "", "", f"sqlite:///{folder / 'drill.sqlite3'}"
        return
    name = f"office_{uuid.uuid4().hex[:8]}"
    statements = [line.replace("registry", name) for line in blocks("sql")[0].splitlines()]
    with psycopg.connect(server, autocommit=True) as main:
        for statement in [*statements, f"CREATE DATABASE {name}_drill OWNER {name}_owner"]:
            main.execute(statement)
        ours = server.rpartition("/")[0].replace("registry@", f"{name}:a-long-password@")
        owners = ours.replace(f"{name}:a-long-password@", f"{name}_owner:the-owners-long-password@")
        yield folder, f"{ours}/{name}", f"{owners}/{name}", f"{owners}/{name}_drill"
        for database in (name, f"{name}_drill"):
            main.execute(f"DROP DATABASE {database} WITH (FORCE)")
        main.execute(f"DROP ROLE {name}, {name}_owner")


@pytest.fixture(scope="module")
def running(place):
    """Installed, used, backed up, restored, upgraded as the page says; what was printed and logged meanwhile."""
    site = Deployment(*place)
    site.follow("Settings")
    site.follow("The first time")
    server = site.start()
    try:
        yield site
    finally:
        server.terminate()
        server.wait()
        site.held.close()


def key_of(site: Deployment) -> str:
    return re.search(r"^hpr_\S+$", site.printed, re.MULTILINE)[0]


def lines(site: Deployment) -> list[dict[str, object]]:
    return [json.loads(line) for line in site.log.read_text(encoding="utf-8").splitlines()]


def test_it_answers_and_is_ready(running):
    assert '{"status": "ok"}{"status": "ready"}' in running.follow("Health").replace("\n", "")


def test_plain_http_is_sent_on_and_cookies_are_for_https_alone(running):
    sent_on = running.curl("/admin/login/", "-i").stdout
    assert re.search(
        r"^location: https://registry\.example/admin/login/", sent_on, re.MULTILINE | re.IGNORECASE
    )
    page = running.proxied("/admin/login/", "-i").stdout
    assert "200 OK" in page
    assert re.search(r"set-cookie: csrftoken=.*; Secure", page, re.IGNORECASE)
    assert re.search(r"strict-transport-security: max-age=31536000", page, re.IGNORECASE)


def test_every_file_that_a_page_names_is_served_for_ever(running):
    named = set()
    for page in ("/admin/login/", "/api/v1/docs/"):
        named |= set(re.findall(r"/static/[^\"'\s>]+", running.proxied(page).stdout))
    assert len(named) > 4
    for path in named:
        answer = running.proxied(path, "-i").stdout
        assert " 200 " in answer.splitlines()[0], path
        assert "max-age=315360000" in answer, path


def test_the_metrics_of_all_processes_are_one(running):
    before = counted(running)
    for _ in range(24):
        running.proxied("/api/v1/clusters/")
    assert counted(running) - before == 24
    told = running.follow("Metrics")
    assert "registry_publications 1.0" in told
    assert re.search(r"^registry_unsigned_seconds \d", told, re.MULTILINE)
    assert running.curl("/metrics").stdout == "metrics_forbidden\n"


def counted(site: Deployment) -> float:
    told = site.curl("/metrics", "-H", f"Authorization: Bearer {TOKEN}").stdout
    found = re.search(
        r'^registry_request_seconds_count\{method="GET",route="api:clusters-list",status="401"\} (\S+)$',
        told,
        re.MULTILINE,
    )
    return float(found[1]) if found else 0


def test_every_line_of_the_log_is_json_and_has_no_secret_in_it(running):
    key = key_of(running)
    answer = running.proxied("/api/v1/clusters/", "-i", "-H", f"Authorization: Bearer {key}")
    assert " 200 " in answer.stdout.splitlines()[0]
    request_id = re.search(r"^x-request-id: (\w+)", answer.stdout, re.MULTILINE | re.IGNORECASE)[1]
    running.proxied(f"/api/v1/clusters/?key={key}")
    running.proxied(f"/{key}/")
    running.proxied("/admin/", "-H", "Cookie: sessionid=phien-lam-viec-bi-mat; csrftoken=ma-cua-bieu-mau")
    running.proxied("/admin/login/", "-d", f"username=quan-tri&password={PASSWORD}-sai")
    running.curl("/", "-H", "Host: la-host")
    (mine,) = [line for line in lines(running) if line.get("request_id") == request_id]
    assert {name: mine[name] for name in ("method", "path", "route", "status", "address", "key")} == {
        "method": "GET",
        "path": "/api/v1/clusters/",
        "route": "api:clusters-list",
        "status": 200,
        "address": "198.51.100.9",
        "key": key.split("_")[1],
    }
    assert all({"at", "level", "logger", "message"} <= set(line) for line in lines(running))
    logged = running.log.read_text(encoding="utf-8")
    hidden = [key.split("_", 2)[2], "phien-lam-viec", "ma-cua-bieu", PASSWORD, TOKEN]
    hidden += [running.env["SECRET_KEY"], running.env["API_KEY_PEPPER"], "a-long-password", "the-owners-long"]
    assert [secret for secret in hidden if secret in logged] == []


def test_the_night_and_the_drill_go_as_the_page_says(running):
    night = running.follow("What runs by itself")
    assert night.rstrip().endswith("Mọi thứ đúng.")
    (verifier_key,) = re.findall(r"^hai-phong-registry\+\S+$", running.printed, re.MULTILINE)
    assert f"\n— {verifier_key.partition('+')[0]} " in night
    restored = running.follow("Restoring")
    assert "sổ cái và nội dung tra cứu đúng" in restored
    assert restored.rstrip().endswith("Mọi thứ đúng.")


def test_an_upgrade_and_a_reset_of_a_lock_go_as_the_page_says(running):
    assert running.follow("Upgrading").rstrip().endswith("Mọi thứ đúng.")
    running.follow("Logging in")


@pytest.fixture(scope="module")
def front(running, tmp_path_factory):
    """The address of the page's proxy before the server of the page."""
    (block,) = blocks("nginx")
    with proxy(block, tmp_path_factory.mktemp("proxy") / "nginx", f"127.0.0.1:{running.port}") as address:
        yield address


def through(address: str, path: str, *options: str) -> tuple[str, str]:
    """Head and body of the answer. (`-k`: the certificate is of a test.)"""
    call = [
        "curl",
        "-k",
        "-i",
        "--silent",
        "--max-time",
        "30",
        "--path-as-is",
        "-H",
        f"Host: {HOST}",
        "-H",
        "Expect:",
    ]
    told = subprocess.run([*call, *options, f"{address}{path}"], capture_output=True, text=True).stdout
    head, _, body = told.replace("\r", "").partition("\n\n")
    return head.lower(), body


@pytest.mark.parametrize(
    ("path", "options", "status", "code"),
    [
        ("/api/v1/clusters/", (), 401, "key_missing"),
        ("/api/v1/%00", (), 400, "request_malformed"),
        ("/api/v1/%zz", (), 400, "request_malformed"),
        ("/api/v1/clusters/?q=" + "x" * 8300, (), 414, "uri_too_long"),
        ("/api/v1/clusters/?q=" + "x" * 17000, (), 414, "uri_too_long"),
        ("/api/v1/clusters/", ("-H", "X-Long: " + "x" * 8300), 431, "headers_too_large"),
        ("/api/v1/clusters/", ("-H", "X-Long: " + "x" * 17000), 431, "headers_too_large"),
        ("/api/v1/clusters/", ("-X", "TRACE"), 405, "method_not_allowed"),
        ("/api/v1/clusters/", ("-X", "POST", "--data-binary", "@big"), 413, "content_too_large"),
        ("/api/v1/clusters/", ("-X", "GET", "--data-binary", "@big"), 413, "content_too_large"),
        ("/api/v1/no-such-thing/", (), 404, "path_unknown"),
    ],
)  # fmt: skip
def test_whoever_refuses_before_the_registry_refuses_as_it_does(front, tmp_path, path, options, status, code):
    (tmp_path / "big").write_bytes(b"x" * 7_000_000)
    options = tuple(option.replace("@big", f"@{tmp_path / 'big'}") for option in options)
    head, body = through(front, path, *options)
    said = json.loads(body)
    assert (status_of(head.upper()), said["status"], said["code"]) == (status, status, code)
    assert {"type", "title", "detail", "detail_en"} <= set(said)
    assert (said["title"], said["type"]) == (CATALOGUE[code][1], f"/api/v1/docs/#{code}")
    assert "content-type: application/problem+json" in head
    assert re.search(r"^x-request-id: [a-z0-9]{8,}", head, re.MULTILINE)
    assert status != 405 or "allow: get, head, options" in head


def test_the_proxy_keeps_the_id_that_a_partner_gave_its_request(front):
    given = "doi-tac-2026-11-22.0001"
    assert (
        f"x-request-id: {given}\n"
        in through(front, "/api/v1/clusters/", "-H", f"X-Request-ID: {given}")[0] + "\n"
    )
    assert "x-request-id: a b" not in through(front, "/api/v1/clusters/", "-H", "X-Request-ID: a b")[0]


def test_the_proxy_alone_says_when_to_come_again(tmp_path):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with proxy(blocks("nginx")[0], tmp_path / "nginx", f"127.0.0.1:{nobody.getsockname()[1]}") as address:
            head, body = through(address, "/api/v1/clusters/")
    assert (status_of(head.upper()), json.loads(body)["code"]) == (503, "not_ready")
    assert "retry-after: 5" in head


def test_an_export_that_breaks_off_is_not_taken_for_whole_behind_the_proxy(tmp_path):
    """In HTTP/1.0 the end of the connection would be the end of the answer, whatever ended it."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def break_off() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                row = b'{"code":"giang-bien"}\n'
                connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                connection.sendall(b"%x\r\n%s\r\n" % (len(row), row))

        threading.Thread(target=break_off, daemon=True).start()
        with proxy(blocks("nginx")[0], tmp_path / "nginx", f"127.0.0.1:{server.getsockname()[1]}") as address:
            call = ["curl", "-k", "--silent", "--max-time", "30", f"{address}/api/v1/clusters/?format=jsonl"]
            ended = subprocess.run(call, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (18, '{"code":"giang-bien"}\n')


def test_no_command_of_the_page_is_left_out():
    followed = (
        "Settings,The first time,Health,What runs by itself,Metrics,Restoring,Upgrading,Logging in".split(",")
    )
    shown = blocks("sh")
    assert sum(len(blocks("sh", section(title))) for title in followed) == len(shown)
    assert shutil.which("curl")
