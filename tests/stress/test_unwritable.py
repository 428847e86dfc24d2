"""A full disk, a database that only reads or is away: a clear page, what was typed is kept, nothing is half-written."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.db import connection
from django.test import Client

from registry.ledger.entries import head
from registry.ledger.verify import verify
from registry.models import Decision, Publication
from tests.admin.browsing import fields_of, fill, send, text_of
from tests.admin.office import AT, Office, url
from tests.keys import new_key

pytestmark = pytest.mark.django_db(transaction=True)

SQLITE = connection.vendor == "sqlite"


@contextmanager
def only_reading() -> Iterator[None]:
    """As a replica, or a file without the right to write."""
    yes, no = ("PRAGMA query_only=ON", "PRAGMA query_only=OFF")
    if not SQLITE:
        yes, no = (f"SET default_transaction_read_only = {word}" for word in ("on", "off"))
    with connection.cursor() as cursor:
        cursor.execute(yes)
        try:
            yield
        finally:
            cursor.execute(no)


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of the database grows any more."""
    with connection.cursor() as cursor:
        if SQLITE:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA page_count")
            (pages,) = cursor.fetchone()
            cursor.execute("PRAGMA max_page_count")
            (most,) = cursor.fetchone()
            cursor.execute(f"PRAGMA max_page_count={pages}")
            try:
                yield
            finally:
                cursor.execute(f"PRAGMA max_page_count={most}")
            return
        grow_payloads()
        cursor.execute("SELECT pg_relation_size('registry_ledgerpayload')")
        (size,) = cursor.fetchone()
        limit_files_of_the_server(str(size))
        try:
            yield
        finally:
            limit_files_of_the_server("unlimited")
            cursor.execute("ALTER TABLE registry_ledgerpayload RESET (fillfactor)")


def limit_files_of_the_server(size: str) -> None:
    """The soft limit of the process that serves this connection, set by itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
        cursor.execute(f"COPY (SELECT) TO PROGRAM 'prlimit --pid {process} --fsize={size}:'")


def grow_payloads() -> None:
    """A row a page, and more than 16 MB, the size of a file of PostgreSQL's own log: that must stay writable, or the
    whole server stops.
    """
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE registry_ledgerpayload SET (fillfactor = 10)")
        cursor.execute(
            "DO $$ BEGIN FOR i IN 1..2200 LOOP "
            "UPDATE registry_decision SET note = i || repeat('.', 400); "
            "END LOOP; END $$"
        )


def from_our_page(client: Client) -> None:
    client.raise_request_exception = False
    client.defaults["HTTP_ORIGIN"] = "http://testserver"


WAYS = [pytest.param(only_reading, id="read-only"), pytest.param(full_disk, id="disk-full")]


@pytest.mark.parametrize("unwritable", WAYS)
def test_what_was_typed_is_kept_and_saved_when_the_database_writes_again(unwritable):
    office = Office()
    from_our_page(office.clerk_client)
    with unwritable():
        before = head()
        form = fields_of(office.clerk_client.get(url(office.decision)))
        # More than any page of the database has room for.
        typed = {"abstract": "Trích yếu mới", "note": "dài " * 30_000}
        answer = send(office.clerk_client, url(office.decision), form, **typed)
        assert answer.status_code == 503, text_of(answer)[:300]
        assert "not_ready" in text_of(answer)
        assert "Chưa lưu gì" in text_of(answer)
        assert head() == before
        assert Decision.objects.get().abstract == ""
    kept = fields_of(answer)
    assert kept["abstract"] == ["Trích yếu mới"]

    saved = send(office.clerk_client, url(office.decision), kept)

    assert saved.status_code == 302
    assert Decision.objects.get().abstract == "Trích yếu mới"
    assert verify(connection).problems == []


@pytest.mark.parametrize("unwritable", WAYS)
def test_a_publication_that_finds_no_room_leaves_nothing_and_can_be_made_later(unwritable):
    office = Office()
    assert fill(office.clerk_client, url(office.decision, "submit")).status_code == 302
    from_our_page(office.leader_client)
    form = fields_of(office.leader_client.get(url(office.decision, "approve")))
    with unwritable():
        before = head()
        answer = send(office.leader_client, url(office.decision, "approve"), form)
        assert answer.status_code == 503
        assert (head(), Publication.objects.count()) == (before, 0)

    assert send(office.leader_client, url(office.decision, "approve"), fields_of(answer)).status_code == 302
    assert Publication.objects.count() == 1
    assert verify(connection).problems == []


def test_partners_read_on_while_nothing_can_be_written():
    Office()
    _, secret = new_key("Ngân hàng A", at=AT)
    with only_reading():
        answer = Client().get("/api/v1/clusters/", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200


@contextmanager
def database_away() -> Iterator[None]:
    """Where the database is looked for, there is none."""
    known = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update({"NAME": "/nowhere/registry.sqlite3", "HOST": "/nowhere"})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(known)


def test_without_a_database_programs_and_people_are_told_to_try_again():
    office = Office()
    from_our_page(office.clerk_client)
    _, secret = new_key("Ngân hàng A", at=AT)
    program = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {secret}"})
    with database_away():
        page = office.clerk_client.get(url(office.cluster))
        sent = office.clerk_client.post(url(office.cluster), {"name": "Tên mới"})
        body = program.get("/api/v1/clusters/")
        ready = Client().get("/readyz")

    for answer in (page, sent):
        assert (answer.status_code, answer["Content-Type"]) == (503, "text/html; charset=utf-8")
        assert "Chưa lưu gì" in text_of(answer)
        assert "nút quay lại" in text_of(answer)
    for answer in (body, ready):
        assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
        assert answer.json()["code"] == "not_ready"
    assert int(body["Retry-After"]) > 0
    assert program.get("/api/v1/clusters/").status_code == 200


@pytest.mark.skipif(connection.vendor == "sqlite", reason="a server that ends connections")
def test_a_connection_that_the_server_has_ended_costs_a_reader_nothing():
    _, secret = new_key("Ngân hàng A", at=AT)
    program = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {secret}"})
    assert program.get("/api/v1/clusters/").status_code == 200
    ended = connection.connection
    another = connection.copy()
    with closing(another), another.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s, 5000)", [ended.info.backend_pid])
        assert cursor.fetchone() == (True,)

    assert program.get("/api/v1/clusters/").status_code == 200
    assert ended.closed
