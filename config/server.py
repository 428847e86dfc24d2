"""What gunicorn cannot read it refuses itself, before Django: as the API refuses, not with a page of HTML."""

import socket
import time
from collections.abc import Callable
from uuid import uuid4

from gunicorn import util

#: What is still on its way is read and thrown away, or its sender would see a cut connection instead of the answer.
PATIENCE_SECONDS, PATIENCE_BYTES = 1, 1 << 20


def refuse_with_problems() -> None:
    """From now on gunicorn of this process writes problem documents. Its own log lines stay as they are."""
    util.write_error = write_problem


def write_problem(sock: socket.socket, status: int, reason: str, message: str) -> None:
    """In the place of gunicorn's `write_error`. What is wrong in detail is gunicorn's to log, nobody else's to read."""
    # When gunicorn reads this file there are no settings yet.
    from registry.api import problems

    known: dict[int, Callable[[], problems.ApiProblem]] = {
        414: problems.uri_too_long,
        431: problems.headers_too_large,
        500: problems.server_error,
    }
    response = known.get(status, problems.request_malformed)().response()
    response["Connection"] = "close"
    response["X-Request-ID"] = uuid4().hex
    line = f"HTTP/1.1 {response.status_code} {response.reason_phrase}\r\n"
    util.write_nonblock(sock, line.encode() + response.serialize_headers() + b"\r\n\r\n" + response.content)
    _hear_out(sock)


def _hear_out(sock: socket.socket) -> None:
    until, left = time.monotonic() + PATIENCE_SECONDS, PATIENCE_BYTES
    try:
        sock.shutdown(socket.SHUT_WR)
        while left > 0 and (remaining := until - time.monotonic()) > 0:
            sock.settimeout(remaining)
            heard = sock.recv(65536)
            if not heard:
                return
            left -= len(heard)
    except OSError:
        return
