"""One POST to a receiver that nobody vouches for: to a public address only, within seconds, never redirected.

The name is resolved once, every address it has must be public, and the connection goes to the very address that was
looked at, so that a name which answers differently the second time leads nowhere else. The certificate is checked
against the name. Python's own HTTP client, because it takes a socket that we have made.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.utils.encoding import iri_to_uri

from registry.rules.problems import Problem
from registry.rules.public_addresses import is_public
from registry.rules.webhook_targets import refuse_target

#: Seconds: to connect to one address, and for one silence after the status; for all that follows the connection.
SILENCE, ALTOGETHER = 5.0, 10.0
#: Bytes that are read of an answer: staff see them.
KEPT = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """status: of the HTTP answer, None without one; failure: a code of WEBHOOK_FAILURE, empty when delivered."""

    status: int | None
    failure: str
    answer: str = ""
    retry_after: str | None = None


def post(url: str, body: bytes, headers: Mapping[str, str], *, private: bool) -> Outcome:
    """Send the body; what came of it. Never raises for anything that the receiver or the network does.

    `private` allows plain HTTP and addresses that are not public.
    """
    try:
        refuse_target(url, private=private)
        parts = urlsplit(url)
        addresses = _addresses(parts, private=private)
    except Problem:
        return Outcome(None, "not_public")
    except (OSError, UnicodeError):
        return Outcome(None, "not_found")
    for address in _to_try(addresses):
        try:
            sock = socket.create_connection((address, _port(parts)), timeout=SILENCE)
        except OSError:
            continue
        sock.settimeout(ALTOGETHER)  # from here on only the watch counts: partners are promised all of it
        return _exchange(sock, parts, body, headers)
    return Outcome(None, "no_connection")


def _addresses(parts: SplitResult, *, private: bool) -> list[str]:
    """Raises OSError or UnicodeError for a name that nobody knows, Problem when one of its addresses is not public."""
    found = socket.getaddrinfo(_host(parts), _port(parts), type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not private and not all(map(is_public, addresses)):
        raise Problem("webhook_url_private", "Tên miền trỏ tới địa chỉ không công khai.")
    return addresses


def _to_try(addresses: list[str]) -> list[str]:
    """Two, of both families when it has both: where one of them leads nowhere, the other is left."""
    other = [address for address in addresses if (":" in address) != (":" in addresses[0])]
    return [addresses[0], *(other or addresses[1:])[:1]]


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").encode("idna").decode()


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _exchange(sock: socket.socket, parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> Outcome:
    """The POST over a connection, cut off after ALTOGETHER: a receiver may drip for ever, each byte in time."""
    watched = sock.dup()  # because TLS takes the socket itself away
    expired = threading.Event()

    def cut() -> None:
        expired.set()
        with suppress(OSError):  # over already
            watched.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(ALTOGETHER, cut)
    watch.daemon = True
    watch.start()
    try:
        with closing(watched), closing(sock):
            return _posted(sock, parts, body, headers, expired)
    except ssl.SSLCertVerificationError:
        return Outcome(None, "certificate")
    except (OSError, http.client.HTTPException, ValueError) as error:
        slow = expired.is_set() or isinstance(error, TimeoutError)
        return Outcome(None, "too_slow" if slow else "broken")
    finally:
        watch.cancel()


def _posted(
    sock: socket.socket,
    parts: SplitResult,
    body: bytes,
    headers: Mapping[str, str],
    expired: threading.Event,
) -> Outcome:
    host = _host(parts)
    if parts.scheme == "https":
        sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host.rstrip("."))
    connection = http.client.HTTPConnection(host, _port(parts))
    connection.sock = sock
    # An address may be written in Vietnamese; on the wire it is ASCII.
    path = iri_to_uri((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    named = parts.netloc if host == parts.hostname else f"{host}:{_port(parts)}"
    with closing(sock), closing(connection):
        connection.request("POST", path, body, {"Host": named, **headers})
        response = connection.getresponse()
        # To Python's client a connection that ends amid the headers has ended them.
        if expired.is_set():
            raise TimeoutError
        sock.settimeout(SILENCE)
        beginning = b""
        with suppress(OSError, http.client.HTTPException):  # the status says what became of it
            beginning = response.read(KEPT)
        return Outcome(
            response.status,
            _failure(response.status),
            beginning.decode("utf-8", "replace").replace("\0", "\ufffd"),
            response.getheader("Retry-After"),
        )


def _failure(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return "redirected"
    return "gone" if status == 410 else "refused"
