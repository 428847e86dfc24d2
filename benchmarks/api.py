"""`make bench`: what the API costs, beside REST framework, Datasette and the bare driver, in one run.

    .venv/bin/python -m benchmarks.api               # 100 and 10 000 clusters, both engines: docs/performance.md
    .venv/bin/python -m benchmarks.api --clusters 1000 100000
    .venv/bin/python -m benchmarks.api --clusters 10 20 --rounds 2 --engines sqlite --page -

The databases are built once and kept in var/bench/, named after what they hold: a run that was stopped goes on where
it was, and a later release migrates them as a deployment does. A run reads and writes copies of them. Every figure is
taken over HTTP from gunicorn, one process, one connection that is kept; what is compared takes turns, and a figure is
the middle of the ratios of the turns, with the least and the greatest.
"""

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import page
from benchmarks.datasette import bodies_in, datasette
from benchmarks.timing import Reader, Times, turns
from config.databases import beside_of
from registry.rules.canonical import CONTENT_VERSION
from registry.rules.composition.subjects import COMPOSER
from tests.engines import NoServer, postgresql

ROOT = Path(__file__).resolve().parents[1]
KEPT = Path(os.environ.get("VAR_DIR", ROOT / "var")) / "bench"
#: What a database holds depends on these and on the composer: when one of them changes, it is built again.
MADE_BY = ("benchmarks/worlds.py", "benchmarks/stock")
JSON = {"Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Served:
    """A database behind a running server. `ask` makes a call that reads one address and expects one status.

    file: the SQLite file that the server reads; None on PostgreSQL.
    """

    clusters: int
    file: Path | None
    environment: dict[str, str]
    port: int
    pid: int
    key: str

    def read(self, address: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
        return Reader(self.port).get(address, self._headers(headers))

    def ask(
        self, address: str, headers: dict[str, str] | None = None, *, status: int = 200, with_key: bool = True
    ) -> tuple[Callable[[], object], int]:
        reader, sent = Reader(self.port), self._headers(headers, with_key)

        def call() -> None:
            found = reader.get(address, sent)[0]
            if found != status:
                raise RuntimeError(f"{address} answered {found}, not {status}")

        return call, self.pid

    def _headers(self, headers: dict[str, str] | None, with_key: bool = True) -> dict[str, str]:
        key = {"Authorization": f"Bearer {self.key}"} if with_key else {}
        return JSON | key | (headers or {})


def main() -> None:
    """Raises RuntimeError when what is compared does not make the same JSON."""
    parser = argparse.ArgumentParser(description="What the API costs, compared in one run.")
    parser.add_argument("--clusters", type=int, nargs=2, default=[100, 10_000], metavar=("SMALLER", "LARGER"))
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=0.08, help="how long one turn lasts")
    parser.add_argument("--page", default=str(ROOT / "docs/performance.md"), help="where to write; - prints")
    given = parser.parse_args()
    runs = []
    for engine in given.engines:
        try:
            runs.append((engine, *measure(engine, given.clusters, given.rounds, given.seconds)))
        except NoServer as error:
            say(str(error))
            continue
        # After each engine: what was measured is not lost with what comes after it.
        if given.page != "-":
            Path(given.page).write_text(page.written(given.clusters, given.rounds, runs), encoding="utf-8")
            say(f"{given.page} is written.")
    if given.page == "-":
        sys.stdout.write(page.written(given.clusters, given.rounds, runs))


def say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text.rstrip()}\n")


def measure(
    engine: str, sizes: list[int], rounds: int, seconds: float
) -> tuple[list[page.Figure], dict[int, dict[str, Times]], page.Publishing]:
    with contextlib.ExitStack() as stack:
        served = [stack.enter_context(serving(engine, clusters)) for clusters in sizes]
        for one in served:
            say(f"{engine}: the same JSON of {one.clusters} clusters, whoever makes it")
            refuse_other_json(one)
        absolute = {}
        for one in served:
            say(f"{engine}: measuring {one.clusters} clusters")
            beside = stack.enter_context(datasette(one.file, KEPT / "datasette")) if one.file else None
            if beside is not None and bodies_in(beside()) != json.loads(one.read(page.LIST)[2])["results"]:
                raise RuntimeError("Datasette does not show the same hundred records")
            absolute[one.clusters] = turns(contenders(one, beside), rounds, seconds)
        smaller, larger = served
        say(f"{engine}: measuring both sizes in turns")
        sized = turns(
            {"smaller": smaller.ask(page.LIST), "larger": larger.ask(page.LIST)}, rounds * 2, seconds
        )
        say(f"{engine}: publishing")
        spent = publishing(larger, rounds)
        return page.figures(absolute, sized, spent), absolute, spent


def contenders(
    served: Served, beside: Callable[[], object] | None
) -> dict[str, tuple[Callable[[], object], int | None]]:
    etag, half = served.read(page.LIST)[1]["etag"], min(100, served.clusters // 2)
    then = past(served)
    found = {
        "list": served.ask(page.LIST),
        "first page": served.ask(f"{page.LIST}?page_size={half}"),
        "last page": served.ask(last_page(served, half)),
        "both clocks": served.ask(then),
        "the present, as many bytes": served.ask(as_many_bytes(served, then)),
        "list, gzip": served.ask(page.LIST, {"Accept-Encoding": "gzip"}),
        "list, no key": served.ask("/bench/open/clusters/", with_key=False),
        "304": served.ask(page.LIST, {"If-None-Match": etag}, status=304),
        "empty view": served.ask("/bench/empty/", with_key=False),
        "list: rows read, none sent": served.ask("/bench/read/", with_key=False),
        "list: as much sent, none read": served.ask("/bench/sent/", with_key=False),
        "one record": served.ask(f"{page.LIST}ccn-7/"),
        "decisions": served.ask("/api/v1/decisions/"),
        "decisions/?search= many": served.ask("/api/v1/decisions/?search=cum+cong+nghiep"),
        "decisions/?search= some": served.ask("/api/v1/decisions/?search=thanh+lap"),
        "decisions/?search= few": served.ask(f"/api/v1/decisions/?search={served.clusters // 2:06}"),
        "decisions/?search= none": served.ask("/api/v1/decisions/?search=khong+co+gi"),
        "REST framework": served.ask("/bench/stock/clusters/"),
        "bare driver": served.ask("/bench/driver/clusters/", with_key=False),
    }
    for what, words in (
        ("many", "cum+cong+nghiep"),
        ("some", "thanh+lap"),
        ("few", f"{served.clusters // 2:06}"),
    ):
        found[f"search/?q= {what}"] = served.ask(f"/api/v1/search/?q={words}")
    if beside is not None:
        found["Datasette"] = (beside, None)
    return found


def refuse_other_json(served: Served) -> None:
    """Raises RuntimeError when what is compared is not the same hundred records."""
    ours = json.loads(served.read(page.LIST)[2])
    others = {
        "REST framework": json.loads(served.read("/bench/stock/clusters/")[2]),
        "the bare driver": json.loads(served.read("/bench/driver/clusters/")[2]),
    }
    for name, other in others.items():
        if other["results"] != ours["results"] or len(ours["results"]) != min(100, served.clusters):
            raise RuntimeError(f"{name} does not make the same JSON")
    for member in ("valid_on", "known_at", "known_seq"):
        if others["REST framework"][member] != ours[member]:
            raise RuntimeError(f"REST framework does not say the same {member}")


def last_page(served: Served, size: int) -> str:
    """The address of the last page of so many: by thousands, then by as many."""
    address = f"{page.LIST}?page_size={1000 if served.clusters > 1000 else size}"
    while True:
        following = json.loads(served.read(address)[2])["next"]
        if following is not None:
            address = following.partition("localhost")[2]
        elif "page_size=1000" in address:
            address = address.replace("page_size=1000", f"page_size={size}")
        else:
            return address


def past(served: Served) -> str:
    """A list of a former day, as of a moment at which everything had been published once, and nothing twice."""
    now = json.loads(served.read(page.LIST + "?page_size=1")[2])
    acts = -(-served.clusters // 200)
    return f"{page.LIST}?valid_on=2024-11-01&known_seq={min(acts + 1, now['known_seq'])}"


def as_many_bytes(served: Served, address: str) -> str:
    """The present list, of as many clusters as make no more bytes than the list at that address."""
    ours, others = served.read(page.LIST)[2], served.read(address)[2]
    most = len(json.loads(ours)["results"])
    return f"{page.LIST}?page_size={max(1, min(most, most * len(others) // len(ours)))}"


def publishing(served: Served, times: int) -> page.Publishing:
    return page.Publishing(**json.loads(program(["publish", str(times)], served.environment)))


@contextlib.contextmanager
def serving(engine: str, clusters: int) -> Iterator[Served]:
    with contextlib.ExitStack() as stack:
        kept, file = database(clusters), None
        if engine == "sqlite":
            file = stack.enter_context(copied(kept))
            url = f"sqlite:///{file}"
        else:
            url = stack.enter_context(postgresql(lasting=True))
            say(f"copying {clusters} clusters to PostgreSQL")
            program(["copy", str(kept)], environment(url))
        key = program(["key"], environment(url))
        port, pid = stack.enter_context(gunicorn(environment(url)))
        yield Served(clusters, file, environment(url), port, pid, key)


@contextlib.contextmanager
def copied(kept: Path) -> Iterator[Path]:
    """The database and the file beside it, to be written in: what is kept stays as it was built."""
    with tempfile.TemporaryDirectory(prefix="run-", dir=KEPT) as home:
        for file in (kept, beside_of(kept)):
            with open(shutil.copyfile(file, Path(home) / file.name), "rb") as copy:
                os.fsync(copy.fileno())  # else the first publication waits until all of it is on the disk
        yield Path(home) / kept.name


def environment(url: str) -> dict[str, str]:
    own = {"LOCAL": "1", "VAR_DIR": str(KEPT), "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
    return {**os.environ, **own, "DATABASE_URL": url, "PYTHONPATH": str(ROOT)}


def program(arguments: list[str], environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "benchmarks.preparing", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def database(clusters: int) -> Path:
    """The SQLite file of that many clusters, built when there is none, with the tables of today's code."""
    file = KEPT / f"{clusters}-{fingerprint()}.sqlite3"
    if not file.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        half = file.with_suffix(".half")
        for left in KEPT.glob(f"{clusters}-*"):
            left.unlink()
        say(f"building {clusters} clusters, {clusters * 10} decisions")
        program(["build", str(clusters)], environment(f"sqlite:///{half}"))
        if clusters <= 100:
            say("rebuilding the editions must change nothing")
            if differing := json.loads(program(["check"], environment(f"sqlite:///{half}"))):
                raise RuntimeError(f"rebuild_editions finds differences: {differing}")
        half.rename(file)
    program(["migrate"], environment(f"sqlite:///{file}"))
    return file


def fingerprint() -> str:
    sha = hashlib.sha256(f"{COMPOSER} {CONTENT_VERSION}".encode())
    for place in MADE_BY:
        found = ROOT / place
        for file in sorted(found.rglob("*.py")) if found.is_dir() else [found]:
            sha.update(file.read_bytes())
    return sha.hexdigest()[:12]


@contextlib.contextmanager
def gunicorn(environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """A server of one process with four threads: its port and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    how = ["--threads", "4", "--keep-alive", "300", "--log-level", "warning"]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", *how]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_for(port, server)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError("gunicorn does not start")
        with contextlib.suppress(OSError):
            Reader(port).get("/healthz", {})
            return
        time.sleep(0.1)
    raise RuntimeError("gunicorn does not answer")


if __name__ == "__main__":
    main()
