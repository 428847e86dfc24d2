"""Datasette on the same file, in an environment of its own; left out where it cannot be installed."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

#: The stored bodies, as a view of the file that `preparing` makes shows them.
PAGE = "/registry/stock_bodies.json?_size=100&_sort=sort_key&_shape=array&_json=body"

VERSION = "datasette==0.65.1"


def installed(home: Path) -> Path | None:
    """The program, installed once into `home`; None when pip cannot."""
    if os.environ.get("BENCH_DATASETTE", "1") == "0":
        return None
    program = home / "bin/datasette"
    if program.exists():
        return program
    sys.stderr.write("installing Datasette\n")
    for command in (
        [sys.executable, "-m", "venv", str(home)],
        [str(home / "bin/pip"), "install", "--quiet", "--disable-pip-version-check", VERSION],
    ):
        if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
            sys.stderr.write("Datasette cannot be installed here and is left out.\n")
            return None
    return program if program.exists() else None


@contextlib.contextmanager
def datasette(file: Path, home: Path) -> Iterator[Callable[[], bytes] | None]:
    """What reads a page of a hundred records from a Datasette that serves the file, installed in `home`; or None."""
    program = installed(home)
    if program is None:
        yield None
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # Its address has the name of the file; each size has a folder of its own.
    served = file.parent / f"datasette-{file.stem}" / "registry.db"
    served.parent.mkdir(exist_ok=True)
    served.unlink(missing_ok=True)
    served.symlink_to(file.resolve())
    command = [str(program), "serve", str(served), "-p", str(port), "--setting", "sql_time_limit_ms", "30000"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=120)

        def ask() -> bytes:
            connection.request("GET", PAGE)
            return connection.getresponse().read()

        def read() -> bytes:
            try:
                return ask()
            except (OSError, HTTPException):
                connection.close()  # it leaves a connection on which nothing is asked for some seconds
                return ask()

        yield read if _answers(read, server) else None
    finally:
        server.terminate()
        server.wait()


def bodies_in(page: bytes) -> list[dict[str, Any]]:
    """The records that its page shows."""
    return [row["body"] for row in json.loads(page)]


def _answers(read: Callable[[], bytes], server: "subprocess.Popen[bytes]") -> bool:
    for _ in range(200):
        if server.poll() is not None:
            break
        try:
            bodies_in(read())
        except (OSError, HTTPException):
            time.sleep(0.1)
            continue
        except (ValueError, TypeError, KeyError):
            break
        return True
    sys.stderr.write("Datasette does not answer and is left out.\n")
    return False
