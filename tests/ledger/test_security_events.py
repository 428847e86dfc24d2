"""Security events: noted at once, never changed, told to the ledger day by day; whoever tampers is found and named."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, router, transaction

from registry import clock
from registry.ledger import arming
from registry.ledger.context import acting_as, recorded
from registry.ledger.entries import head
from registry.ledger.security_digests import digest_days, findings
from registry.ledger.security_events import note, note_settings
from registry.ledger.verify import verify
from registry.models import LedgerEntry, SecurityDigest, SecurityEvent

pytestmark = pytest.mark.django_db

TABLE = SecurityEvent._meta.db_table


def home():
    """The connection that holds the events: on SQLite another file's."""
    return connections[router.db_for_write(SecurityEvent)]


def tomorrow() -> date:
    return clock.today() + timedelta(days=1)


def three() -> None:
    with acting_as("lan", "req-12345678", "10.0.0.7"):
        for kind in ("logged_in", "refused", "logged_out"):
            note(kind, account="lan")


def tamper(sql: str) -> None:
    """As the owner of the tables: the guards are taken down and put back."""
    owned = home()
    with transaction.atomic(using=owned.alias):
        arming.disarm(owned)
        with owned.cursor() as cursor:
            cursor.execute(sql)
        arming.arm(owned, arming.tables(owned))


def found() -> list[tuple[str, str]]:
    return [(finding.code, finding.message) for finding in findings()]


def test_an_event_says_who_what_whom_from_where_and_in_which_request_and_is_no_entry():
    before = head()
    three()
    first, *_, last = SecurityEvent.objects.order_by("id")
    assert (first.actor, first.account, first.address, first.request) == (
        "lan",
        "lan",
        "10.0.0.7",
        "req-12345678",
    )
    assert first.at < last.at
    assert len(first.at) == 27
    assert head() == before


@pytest.mark.parametrize("change", [f"UPDATE {TABLE} SET actor = 'hoa'", f"DELETE FROM {TABLE}"])
def test_the_database_refuses_to_change_or_remove_one(change):
    three()
    with (
        pytest.raises(DatabaseError, match="ledger_append_only"),
        transaction.atomic(using=home().alias),
        home().cursor() as cursor,
    ):
        cursor.execute(change)


def test_each_day_that_is_over_is_told_to_the_ledger_once():
    three()
    assert digest_days(clock.today()) == []
    (told,) = digest_days(tomorrow())
    ids = list(SecurityEvent.objects.order_by("id").values_list("id", flat=True))
    assert (told.day, told.count, told.first, told.last) == (clock.today(), 3, ids[0], ids[-1])
    entry = LedgerEntry.objects.order_by("-seq").first()
    assert (entry.table_name, entry.op) == ("registry_securitydigest", "insert")
    assert told.digest in entry.payload.after
    assert digest_days(tomorrow()) == []
    assert found() == []


def test_the_command_and_the_checkpoint_tell_it(capsys, settings, tmp_path):
    settings.CHECKPOINT_KEY_FILE = str(tmp_path / "key.pem")
    three()
    tamper(f"UPDATE {TABLE} SET at = replace(at, '20', '19')")  # a century ago
    call_command("checkpoint")
    assert SecurityDigest.objects.get().count == 3
    capsys.readouterr()
    call_command("digest_security_events")
    assert "Không có ngày nào cần ghi thêm." in capsys.readouterr().out


@pytest.mark.parametrize("column", [f.column for f in SecurityEvent._meta.local_fields if f.column != "id"])
def test_any_column_that_is_changed_is_found_and_the_day_named(column):
    three()
    digest_days(tomorrow())
    value = "2001-01-01T00:00:00.000000Z" if column == "at" else "?"
    tamper(f"UPDATE {TABLE} SET {column} = '{value}' WHERE kind = 'refused'")
    codes = {code for code, _ in found()}
    assert codes == (
        {"security_events_missing", "security_events_added"}
        if column == "at"
        else {"security_events_altered"}
    )
    assert f"{clock.today():%d/%m/%Y}" in found()[0][1]
    assert codes <= {finding.code for finding in verify(connection).problems}


def test_a_moment_that_nobody_can_read_is_found():
    three()
    digest_days(tomorrow())
    tamper(f"UPDATE {TABLE} SET at = '' WHERE kind = 'refused'")
    assert ("security_events_altered", "Nhật ký an ninh: 1 sự kiện") in [(c, m[:26]) for c, m in found()]


def test_events_that_are_gone_or_came_later_are_found():
    three()
    digest_days(tomorrow())
    tamper(f"DELETE FROM {TABLE} WHERE kind = 'refused'")
    ((code, message),) = found()
    assert code == "security_events_missing"
    assert "sổ cái ghi 3 sự kiện" in message
    assert "nay có 2" in message
    tamper(f"DELETE FROM {TABLE}")
    assert [code for code, _ in found()] == ["security_events_missing"]
    three()
    note("logged_in", account="hoa")
    assert [code for code, _ in found()] == ["security_events_added"]


def test_a_guard_that_was_taken_down_is_named():
    with transaction.atomic(using=home().alias):
        arming.disarm(home())
        codes = {finding.code for finding in verify(connection).problems}
        assert "trigger_missing" in codes
        arming.arm(home(), arming.tables(home()))


def test_the_settings_are_noted_when_they_differ_from_the_last_time():
    assert note_settings({"LOGIN_FAILURES": "5"})
    assert not note_settings({"LOGIN_FAILURES": "5"})
    assert note_settings({"LOGIN_FAILURES": "50", "HTTPS": "1"})
    details = list(SecurityEvent.objects.order_by("id").values_list("detail", flat=True))
    assert '"changed": []' in details[0]
    assert '["LOGIN_FAILURES", "5", "50"]' in details[1]


@pytest.mark.django_db(transaction=True)
def test_noting_waits_for_no_writer_of_the_ledger_and_who_digests_for_no_writer_of_events():
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with recorded(actor="import"):
            held.set()
            done.wait(60)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(20)
        began = time.monotonic()
        three()
        assert time.monotonic() - began < 5
    finally:
        done.set()
        holder.join()
    assert len(digest_days(tomorrow())) == 1


KILLED = """
import os, signal, sys
import django
django.setup()
from datetime import timedelta
from registry import clock
from registry.ledger import security_digests
from registry.models import SecurityDigest
made = SecurityDigest.objects.create
def die(**values):
    made(**values)
    os.kill(os.getpid(), signal.SIGKILL)
type(SecurityDigest.objects).create = lambda self, **values: die(**values)
security_digests.digest_days(clock.today() + timedelta(days=1))
"""


@pytest.mark.django_db(transaction=True)
def test_killed_before_the_day_is_told_it_is_told_the_next_time():
    from tests.seed.test_killed import database_url

    three()
    ran = subprocess.run([sys.executable, "-c", KILLED], env={**os.environ, "DATABASE_URL": database_url()})
    assert ran.returncode == -signal.SIGKILL
    assert not SecurityDigest.objects.exists()
    assert len(digest_days(tomorrow())) == 1
    assert verify(connection).problems == []
