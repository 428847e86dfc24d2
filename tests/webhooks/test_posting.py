"""What a receiver, its name and its network can do to us: nothing but not receive."""

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from registry.webhooks import posting
from registry.webhooks.posting import Outcome, post
from tests.webhooks.receiver import receiving


def test_what_is_sent_arrives_as_it_is(receiver):
    outcome = post(receiver.url, "đã công bố".encode(), {"webhook-id": "msg_1"}, private=True)
    assert outcome == Outcome(200, "", "ok")
    (one,) = receiver.received
    assert (one.path, one.body.decode(), one.id) == ("/nhan?tu=so", "đã công bố", "msg_1")
    assert one.headers["host"] == receiver.url.split("/")[2]


@pytest.mark.parametrize(
    ("status", "failure"),
    [(200, ""), (202, ""), (204, ""), (301, "redirected"), (302, "redirected"), (307, "redirected"),
     (308, "redirected"), (400, "refused"), (404, "refused"), (410, "gone"), (429, "refused"), (500, "refused"),
     (503, "refused")],
)  # fmt: skip
def test_only_a_status_of_success_is_a_delivery(receiver, status, failure):
    receiver.answers = [(status, {"Retry-After": "9"}, b"")]
    assert post(receiver.url, b"{}", {}, private=True) == Outcome(status, failure, "", "9")


def test_a_redirect_is_not_followed(receiver):
    with receiving() as other:
        receiver.answers = [(307, {"Location": other.url}, b"")]
        assert post(receiver.url, b"{}", {}, private=True).failure == "redirected"
        assert other.received == []


def test_of_an_answer_only_the_beginning_is_read_and_no_nul_is_kept(receiver):
    receiver.answers = [(200, {"Content-Length": str(10**9)}, b"a\0" + b"b" * 100_000)]
    outcome = post(receiver.url, b"{}", {}, private=True)
    assert outcome.failure == ""
    assert outcome.answer == "a\ufffd" + "b" * (posting.KEPT - 2)


def test_who_never_ends_an_answer_is_cut_off(receiver, monkeypatch):
    """Each byte comes in time; together they would take for ever."""
    monkeypatch.setattr(posting, "ALTOGETHER", 0.6)

    def drip(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(100):
            handler.wfile.write(b"X-A: b\r\n")
            time.sleep(0.1)

    receiver.answers = [drip]
    began = time.monotonic()
    assert post(receiver.url, b"{}", {}, private=True) == Outcome(None, "too_slow")
    assert time.monotonic() - began < 3


def test_who_drips_a_handshake_is_cut_off_too(monkeypatch):
    monkeypatch.setattr(posting, "ALTOGETHER", 0.6)
    with socket.create_server(("127.0.0.1", 0)) as server:
        began = time.monotonic()
        url = f"https://127.0.0.1:{server.getsockname()[1]}/"
        assert post(url, b"{}", {}, private=True) == Outcome(None, "too_slow")
        assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("altogether", "thinks", "outcome"), [(9, 1, Outcome(200, "", "ok")), (0.6, 9, Outcome(None, "too_slow"))]
)
def test_who_thinks_before_it_answers_has_all_of_the_time(receiver, monkeypatch, altogether, thinks, outcome):
    """Ten seconds are promised (docs/api/webhooks.md), not one silence."""
    monkeypatch.setattr(posting, "SILENCE", 0.3)
    monkeypatch.setattr(posting, "ALTOGETHER", altogether)

    def think(handler):
        time.sleep(thinks)
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    receiver.answers = [think]
    assert post(receiver.url, b"{}", {}, private=True) == outcome


def test_who_answers_in_time_and_never_ends_has_taken_it(receiver, monkeypatch):
    monkeypatch.setattr(posting, "ALTOGETHER", 1.5)  # as far from the status as from the bound below

    def drip(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(100):
            handler.wfile.write(b"1\r\n.\r\n")
            time.sleep(0.1)

    receiver.answers = [drip]
    began = time.monotonic()
    outcome = post(receiver.url, b"{}", {}, private=True)
    assert (outcome.status, outcome.failure) == (200, "")
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "said", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 2", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200]
)
def test_what_is_not_http_is_no_delivery(receiver, said):
    receiver.answers = [lambda handler: handler.wfile.write(said)]
    assert post(receiver.url, b"{}", {}, private=True) == Outcome(None, "broken")


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/", b"{}", {}, private=True) == Outcome(None, "no_connection")


def test_no_such_name():
    assert post("https://khong-co.invalid/", b"{}", {}, private=False) == Outcome(None, "not_found")


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]",
     "169.254.169.254", "10.0.0.1", "100.64.0.1", "0.0.0.0", "[fe80::1]", "[fd00::1]", "224.0.0.1"],
)  # fmt: skip
def test_nothing_inside_is_ever_asked_however_it_is_written(receiver, host):
    port = receiver.url.split(":")[2].split("/")[0]
    assert post(f"https://{host}:{port}/", b"{}", {}, private=False) == Outcome(None, "not_public")
    assert post(f"http://{host}:{port}/", b"{}", {}, private=False) == Outcome(None, "not_public")
    assert receiver.received == []


def _names(monkeypatch, *answers):
    """What the resolver says of doi-tac.example, one answer after the other; and how often it was asked."""
    asked, real = [], socket.getaddrinfo
    told = iter(answers)

    def getaddrinfo(host, port, *args, **more):
        if host != "doi-tac.example":
            return real(host, port, *args, **more)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in next(told)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::1"], ["169.254.169.254"]])
def test_a_name_of_which_one_address_lies_inside_is_not_sent_to(monkeypatch, addresses):
    _names(monkeypatch, addresses)
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("connected"))
    assert post("https://doi-tac.example/", b"{}", {}, private=False) == Outcome(None, "not_public")


def test_a_name_that_answers_otherwise_the_second_time_is_connected_to_where_it_was_looked_at(monkeypatch):
    """DNS rebinding: public when it is checked, our own machine when it would be connected to."""
    asked = _names(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    connected = []

    def connect(address, **_):
        connected.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    assert post("https://doi-tac.example/", b"{}", {}, private=False) == Outcome(None, "no_connection")
    assert (asked, connected) == (["doi-tac.example"], [("8.8.8.8", 443)])


@pytest.mark.parametrize(
    ("known", "tried"),
    [(["2001:4860::1", "2001:4860::2", "8.8.8.8"], ["2001:4860::1", "8.8.8.8"]),
     (["8.8.8.8", "8.8.4.4", "2001:4860::1"], ["8.8.8.8", "2001:4860::1"]),
     (["8.8.8.8", "8.8.4.4", "9.9.9.9"], ["8.8.8.8", "8.8.4.4"]),
     (["8.8.8.8"], ["8.8.8.8"])],
)  # fmt: skip
def test_where_one_family_of_addresses_leads_nowhere_the_other_is_tried(monkeypatch, known, tried):
    _names(monkeypatch, known)
    connected = []

    def connect(address, **_):
        connected.append(address[0])
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    assert post("https://doi-tac.example/", b"{}", {}, private=False).failure == "no_connection"
    assert connected == tried


def _certificate(tmp_path, name):
    """A server's context for that name, and the file of the certificate that vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, private = tmp_path / "certificate.pem", tmp_path / "key.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, private)
    return context, file


@pytest.mark.parametrize(
    ("certified", "trusted", "failure"),
    [
        ("doi-tac.example", True, ""),
        ("doi-tac.example", False, "certificate"),
        ("khac.example", True, "certificate"),
    ],
)
def test_over_tls_the_certificate_must_be_of_the_name_though_the_address_is_pinned(
    monkeypatch, tmp_path, certified, trusted, failure
):
    context, file = _certificate(tmp_path, certified)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    asked_for = []
    context.sni_callback = lambda _, name, __: asked_for.append(name)
    _names(monkeypatch, ["127.0.0.1"])
    with receiving(context, "doi-tac.example") as receiver:
        assert post(receiver.url, b"{}", {}, private=True).failure == failure
        assert len(receiver.received) == (0 if failure else 1)
    assert asked_for == ["doi-tac.example"]
