"""`python -m tests.engines postgresql -- CMD…` runs CMD on a throw-away PostgreSQL.

The server lives in a temporary directory, is reached through a socket that only this user (and root) can
open, and is gone afterwards, whatever CMD did. CMD finds it in DATABASE_URL. Exit code: CMD's; 1 when there
is no server to start (0 with ALLOW_SKIP=1, saying so); 2 for a wrong call.
"""

import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

OLDEST = 15
MISSING = (
    f"PostgreSQL {OLDEST} or later was not found, and the tests must pass on it too.\n"
    "Install it (Debian, Ubuntu: apt-get install postgresql) or put its bin directory on PATH.\n"
    "ALLOW_SKIP=1 leaves these tests out.\n"
)
USAGE = "usage: python -m tests.engines postgresql -- COMMAND…\n"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}
# Nothing here outlives the run, so nothing is worth a wait for the disk; nor is machine code for what is asked once.
FLEETING = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "jit": "off"}

INITDB = ("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")


class NoServer(Exception):
    """PostgreSQL does not start."""


class NotInstalled(NoServer):
    """There is no PostgreSQL of a version we support. The only failure that ALLOW_SKIP=1 forgives."""


def server_directory(environ: Mapping[str, str] = os.environ) -> Path:
    """Where initdb and postgres of the newest PostgreSQL are. Raises NotInstalled when there is none."""
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    if "PG_BIN" in environ:
        places = [Path(environ["PG_BIN"])]
    elif on_path := shutil.which("initdb", path=environ.get("PATH", "")):
        places.append(Path(on_path).resolve().parent)
    found = [(version(place), place) for place in places if (place / "initdb").exists()]
    newest = max(found, default=(0, None))
    if newest[1] is None or newest[0] < OLDEST:
        raise NotInstalled(MISSING)
    return newest[1]


def version(directory: Path) -> int:
    try:
        said = subprocess.run([directory / "postgres", "--version"], capture_output=True, text=True).stdout
    except OSError:
        return 0
    found = re.search(r"\d+", said)
    return int(found[0]) if found else 0


def other_user() -> dict[str, object]:
    """initdb refuses root: what makes subprocess run it as somebody else, when we are root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise NoServer("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody.\n")


@contextlib.contextmanager
def postgresql(*, lasting: bool = False) -> Iterator[str]:
    """A running server's URL. The server and its files are gone when the block is left.

    lasting: a commit waits until it is on the disk, as with a server that is kept.
    """
    programs = server_directory()
    identity = other_user()
    home = Path(tempfile.mkdtemp(prefix="registry-pg-"))
    try:
        if identity:
            os.chown(home, identity["user"], identity["group"])  # type: ignore[arg-type]
        how = {"cwd": home, "env": {"LC_ALL": "C.UTF-8", "PATH": os.defpath}, **identity}
        made = subprocess.run(
            [programs / "initdb", "-D", home / "data", "-U", "registry", "--auth=trust", *INITDB],
            capture_output=True,
            text=True,
            **how,
        )
        if made.returncode:
            raise NoServer(f"initdb failed:\n{made.stdout}{made.stderr}")
        settings = SETTINGS if lasting else SETTINGS | FLEETING
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with open(home / "log", "wb") as log:
            # In a session of its own: Ctrl-C is for the tests, the server must outlive them.
            server = subprocess.Popen(
                [programs / "postgres", "-D", home / "data", "-k", home, *options],
                stdout=log,
                stderr=log,
                start_new_session=True,
                **how,
            )
        try:
            wait_until_ready(programs, home, server)
            yield f"postgresql://registry@{quote(str(home), safe='')}/postgres"
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def wait_until_ready(programs: Path, home: Path, server: subprocess.Popen[bytes]) -> None:
    question = [programs / "pg_isready", "-q", "-h", home, "-U", "registry", "-d", "postgres"]
    for _ in range(300):
        if server.poll() is not None:
            break
        if subprocess.run(question).returncode == 0:
            return
        time.sleep(0.1)
    raise NoServer(f"PostgreSQL did not start:\n{(home / 'log').read_text(errors='replace')}")


def run_on_postgresql(command: Sequence[str]) -> int:
    """The exit code of the command, or 128 + the signal that ended it."""
    with postgresql() as url:
        child = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url})

        def pass_on(number: int, _frame: object) -> None:
            child.send_signal(number)

        # Whoever ends us ends the tests; the server then goes the ordinary way.
        signal.signal(signal.SIGTERM, pass_on)
        signal.signal(signal.SIGHUP, pass_on)
        signal.signal(signal.SIGINT, lambda *_: None)  # a terminal tells the child itself
        code = child.wait()
    return code if code >= 0 else 128 - code


def main(arguments: Sequence[str]) -> int:
    if len(arguments) < 3 or list(arguments[:2]) != ["postgresql", "--"]:
        sys.stderr.write(USAGE)
        return 2
    # Until there is a child to pass it on to, being ended means leaving in order.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        return run_on_postgresql(arguments[2:])
    except NoServer as problem:
        if isinstance(problem, NotInstalled) and os.environ.get("ALLOW_SKIP") == "1":
            sys.stderr.write(f"SKIPPED on PostgreSQL (ALLOW_SKIP=1): {problem}")
            return 0
        sys.stderr.write(str(problem))
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
