"""What only a real server shows: gunicorn as deployments start it, spoken to byte by byte."""

import gzip
import json
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from registry.api.problems import CATALOGUE
from tests.served import empty, served


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Where the registry lives, and where whoever serves it is at home."""
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def port(folder, django_db_setup, django_db_blocker) -> Iterator[int]:
    """An empty registry that anybody may read: a copy of the tests' own database, before anything is in it."""
    with django_db_blocker.unblock():
        empty(folder)
    with served(folder, ANONYMOUS_READING="1", CORS_ORIGINS="https://map.example") as address:
        yield int(address.rpartition(":")[2])


def get(path: str, *headers: str, method: str = "GET") -> bytes:
    return "\r\n".join(
        [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers, "", ""]
    ).encode("latin-1")


def say(port: int, request: bytes) -> bytes:
    """Everything that the server answers until it closes."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=30)) as connection:
        connection.sendall(request)
        answered = b""
        while part := connection.recv(65536):
            answered += part
    return answered


def parts(answered: bytes) -> tuple[int, dict[str, str], bytes]:
    head, _, content = answered.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    return int(first.split()[1]), headers, content


def problem(port: int, request: bytes) -> str:
    """The code of a refusal that is whole: problem document, both languages, request id, right length."""
    status, headers, content = parts(say(port, request))
    assert headers["content-type"] == "application/problem+json", content
    assert re.fullmatch("[0-9a-f]{32}", headers["x-request-id"])
    assert int(headers["content-length"]) == len(content)
    body = json.loads(content)
    assert (body["status"], CATALOGUE[body["code"]][0]) == (status, status)
    assert body["detail"]
    assert body["detail_en"]
    return body["code"]


@pytest.mark.parametrize(
    ("request_bytes", "code"),
    [
        (get("/api/v1/clusters/?search=" + "a" * 7990), "uri_too_long"),
        (get("/api/v1/clusters/?search=" + "a" * 9000), "uri_too_long"),
        (get("/api/v1/clusters/?search=" + "a" * 500_000), "uri_too_long"),
        (get("/" + "a" * 9000), "uri_too_long"),
        (get("/api/v1/clusters/", "X-Much: " + "a" * 9000), "headers_too_large"),
        (get("/api/v1/clusters/", "X-Much: " + "a" * 500_000), "headers_too_large"),
        (get("/api/v1/clusters/", *(f"X-{n}: 1" for n in range(120))), "headers_too_large"),
        (b"nonsense\r\n\r\n", "request_malformed"),
        (b"GET /api/v1/clusters/ HTTP/9.9\r\nHost: localhost\r\n\r\n", "request_malformed"),
        (get("/api/v1/clusters/", "Bad Name: x"), "request_malformed"),
        (get("/api/v1/clusters/", "Transfer-Encoding: nonsense", method="POST"), "request_malformed"),
        (get("/api/v1/clusters/", "Content-Length: -1", method="POST"), "request_malformed"),
        (
            b"GET /api/v1/clusters/ HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n",
            "request_malformed",
        ),
        (get("/api/v1/clusters/?search=a%00b"), "parameter_unreadable"),
        (get("/api/v1/clusters/?search=%ff%fe"), "parameter_unreadable"),
        (get("/api/v1/clusters/?search=\xff\xfe"), "request_malformed"),
        (get("/api/v1/clusters/?%ff=%00"), "parameter_unknown"),
        (get("/api/v1/clusters/?cursor=" + "a" * 3000), "cursor_invalid"),
        (get("/api/v1/clusters/?cursor=" + "a" * 5000), "parameter_too_long"),
        (get("/api/v1/clusters/?cursor=W10.AAAA"), "cursor_invalid"),
        (get("/api/v1/clusters/?page_size=99999999999999999999999999999999"), "parameter_malformed"),
        (get("/api/v1/clusters/a%00b/"), "path_unreadable"),
        (get("/api/v1/clusters/\xff\xfe/"), "request_malformed"),
        (get("/api/v1/clusters/%ff%fe/"), "path_unreadable"),
        (get("/%00"), "path_unreadable"),
        (get("/nowhere/"), "path_unknown"),
        (get("/api/v1/clusters/nothing/"), "record_unknown"),
        (get("/api/v1/clusters/", method="DELETE"), "method_not_allowed"),
        (get("/api/v1/clusters/", method="TRACE"), "method_not_allowed"),
        (get("/api/v1/clusters/", method="BREW"), "method_not_allowed"),
        (get("/api/v1/clusters/", "Accept: text/html"), "not_acceptable"),
        (get("/api/v1/clusters/", "Authorization: Bearer hpr_wrong"), "key_invalid"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[:50].decode("latin-1"),
)
def test_whatever_arrives_is_refused_as_a_problem(port, request_bytes, code):
    assert problem(port, request_bytes) == code


def test_an_address_with_vietnamese_as_it_is_typed_is_told_how_to_send_it(port):
    raw = "/api/v1/clusters/?search=Tiên".encode().decode("latin-1")
    status, _, content = parts(say(port, get(raw)))
    said = json.loads(content)
    assert (status, said["code"]) == (400, "request_malformed")
    assert "curl -G --data-urlencode" in said["detail"]
    assert "percent-encoded" in said["detail_en"]
    assert parts(say(port, get("/api/v1/clusters/?search=Ti%C3%AAn")))[0] in (200, 401)


def test_head_has_the_headers_of_get_and_no_content(port):
    for path in (
        "/api/v1/clusters/",
        "/api/v1/clusters/?format=csv",
        "/api/v1/clusters/?x=1",
        "/api/v1/schema/",
    ):
        status, headers, _ = parts(say(port, get(path)))
        head_status, head_headers, content = parts(say(port, get(path, method="HEAD")))
        assert (head_status, content) == (status, b"")
        for name in ("etag", "content-type", "cache-control", "vary", "content-length"):
            assert head_headers.get(name) == headers.get(name)


def test_one_connection_carries_answers_of_every_kind(port):
    """A wrong length, or content where there may be none, would upset the answer after it."""
    etag = parts(say(port, get("/api/v1/schema/")))[1]["etag"]
    asked = [
        ("HEAD", "/api/v1/clusters/?format=csv", ""),
        ("GET", "/api/v1/clusters/?format=csv", "Accept-Encoding: gzip"),
        ("HEAD", "/api/v1/clusters/?x=1", ""),
        ("GET", "/api/v1/schema/", f"If-None-Match: {etag}"),
        ("OPTIONS", "/api/v1/clusters/", ""),
        ("GET", "/api/v1/clusters/?format=jsonl", ""),
        ("GET", "/healthz", "Connection: close"),
    ]
    lines = [
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{header}".rstrip() for method, path, header in asked
    ]
    answered = say(port, "".join(f"{line}\r\n\r\n" for line in lines).encode())
    found = re.findall(rb"HTTP/1\.1 (\d+) ", answered)
    assert found == [b"200", b"200", b"400", b"304", b"204", b"200", b"200"]
    assert answered.endswith(b'{"status": "ok"}')


def test_a_file_arrives_in_chunks_compressed_when_asked(port):
    plain = parts(say(port, get("/api/v1/clusters/?format=csv")))
    assert plain[1]["transfer-encoding"] == "chunked"
    assert plain[1]["content-disposition"].startswith('attachment; filename="clusters-')
    zipped = parts(say(port, get("/api/v1/clusters/?format=csv", "Accept-Encoding: gzip")))
    assert zipped[1]["content-encoding"] == "gzip"
    assert gzip.decompress(unchunked(zipped[2])) == unchunked(plain[2])
    assert unchunked(plain[2]).decode().startswith("\ufeffcode,name,")
    book = parts(say(port, get("/api/v1/clusters/?format=xlsx", "Accept-Encoding: gzip")))
    assert "content-encoding" not in book[1]
    assert unchunked(book[2]).startswith(b"PK")


def unchunked(content: bytes) -> bytes:
    whole = b""
    while content:
        size, _, content = content.partition(b"\r\n")
        whole, content = whole + content[: int(size, 16)], content[int(size, 16) + 2 :]
    return whole


def test_a_page_of_another_origin_may_ask_and_read(port):
    asks = ("Origin: https://map.example", "Access-Control-Request-Method: GET")
    status, headers, content = parts(say(port, get("/api/v1/clusters/", *asks, method="OPTIONS")))
    assert (status, content, headers["access-control-allow-origin"]) == (204, b"", "https://map.example")
    _, headers, _ = parts(say(port, get("/api/v1/clusters/", asks[0])))
    assert headers["access-control-allow-origin"] == "https://map.example"


def test_a_long_but_honest_address_is_answered(port):
    codes = ",".join(["established"] * 20)
    path = f"/api/v1/clusters/?legal_stage={codes}&search=" + "a" * 290
    assert parts(say(port, get(path)))[0] == 200


def test_nothing_but_its_port_steers_the_server(port, folder):
    """Its home may be read-only and is no way in: no control socket, and no complaint that there is none."""
    assert parts(say(port, get("/healthz")))[0] == 200
    assert [path for path in folder.rglob("*") if path.is_socket()] == []
    (log,) = folder.glob("log-*")
    assert "ontrol s" not in log.read_text()
