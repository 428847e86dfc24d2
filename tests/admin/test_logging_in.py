"""Log-ins that fail, sessions that end."""

import threading
from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection, connections, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

from registry.ledger.context import lock, recorded
from registry.ledger.entries import head
from registry.models import SecurityEvent
from tests.admin.browsing import text_of
from tests.admin.office import Office, person, signed_in

LOGIN, FRONT = "/admin/login/", "/admin/"
PASSWORD, WRONG = "mat-khau-thu-rat-dai", "Sai-Mat-Khau-9271"

pytestmark = pytest.mark.django_db


@pytest.fixture
def lan(db):
    return person("lan", "Nhập liệu", PASSWORD)


def log_in(name="lan", password=PASSWORD, address="10.0.0.7", client=None, **headers):
    return (client or Client()).post(
        f"{LOGIN}?next=/admin/",
        {"username": name, "password": password},
        REMOTE_ADDR=address,
        headers=headers,
    )


def fail(times=settings.AXES_FAILURE_LIMIT, **how):
    return [log_in(**{"password": WRONG, **how}) for _ in range(times)][-1]


def wait(minutes):
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=minutes))


def test_all_addresses_of_one_network_of_ipv6_are_one_place(lan):
    """Whoever has one address has 2^64 of them, and would have as many passwords to try."""
    answers = [
        log_in(password=WRONG, address=f"2a00:1450:1:2::{number:x}").status_code for number in range(1, 8)
    ]
    assert answers == [200] * 4 + [429] * 3
    assert log_in(address="2a00:1450:1:2:ffff::1").status_code == 429
    assert log_in(address="2a00:1450:1:3::1").status_code == 302
    page = text_of(log_in(address="2a00:1450:1:2::9"))
    until = timezone.localtime(AccessAttempt.objects.get().attempt_time + timedelta(minutes=16))
    assert f"{until:%H:%M ngày %d/%m/%Y}" in page


@pytest.mark.parametrize("name", ["lan", "không-có-ai"])
def test_after_five_wrong_passwords_the_name_waits_and_the_page_says_until_when(lan, name):
    assert fail(settings.AXES_FAILURE_LIMIT - 1, name=name).status_code == 200
    answer = fail(1, name=name)
    last = AccessAttempt.objects.get().attempt_time
    until = timezone.localtime(last + timedelta(minutes=16))
    assert answer.status_code == 429
    assert f"tạm khóa đến {until:%H:%M ngày %d/%m/%Y}" in text_of(answer)
    assert 14 * 60 < int(answer["Retry-After"]) <= 16 * 60
    assert "no-store" in answer["Cache-Control"]


def test_the_right_password_waits_as_well_and_waiting_is_not_prolonged(lan):
    fail()
    wait(14)
    assert log_in().status_code == 429
    wait(2)
    assert log_in().status_code == 302


def test_another_name_and_another_address_do_not_wait(lan):
    person("hoa", "Nhập liệu", PASSWORD)
    fail()
    assert log_in("hoa").status_code == 302
    assert log_in(address="10.0.0.8").status_code == 302
    assert log_in().status_code == 429


def test_behind_a_proxy_the_address_is_the_clients_and_cannot_be_chosen(lan, settings):
    settings.TRUSTED_PROXIES = 1
    for turn in range(5):
        fail(1, **{"X-Forwarded-For": f"192.0.2.{turn}, 198.51.100.4"})
    assert log_in(**{"X-Forwarded-For": "192.0.2.77, 198.51.100.4"}).status_code == 429
    assert log_in(**{"X-Forwarded-For": "198.51.100.5"}).status_code == 302


def test_a_failed_log_in_is_forgotten_and_is_never_in_the_ledger(lan):
    before = head()
    fail(3)
    kept = AccessAttempt.objects.get()
    assert not any(WRONG in str(value) for value in vars(kept).values())
    assert head() == before
    wait(16)
    fail(1, name="Mật-khẩu-gõ-nhầm-ô")
    kept = AccessAttempt.objects.get()
    assert kept.username.startswith("?")
    assert not any("gõ-nhầm" in str(value) for value in vars(kept).values())
    assert log_in().status_code == 302
    assert not AccessLog.objects.exists()
    assert not AccessFailureLog.objects.exists()


def test_logging_in_forgets_the_failures_before(lan):
    fail(4)
    assert log_in().status_code == 302
    assert fail(4).status_code == 200


def wait_at_most(milliseconds: int) -> None:
    """How long this thread's connections wait for a lock before they give up."""
    for one in connections.all():
        with one.cursor() as cursor:
            if one.vendor == "postgresql":
                cursor.execute(f"SET lock_timeout = {milliseconds}")
            else:
                cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")


@pytest.mark.django_db(transaction=True)
def test_a_log_in_waits_for_nobody_who_holds_the_ledger(lan):
    """Failed, locked out, right, and out again while somebody publishes for long; a wait of a second is a failure."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with recorded(actor="import"):
            User.objects.filter(username="lan").update(first_name="Lan")  # on SQLite, the file's one writer
            held.set()
            done.wait(120)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(20)
        wait_at_most(900)
        client = Client()
        assert log_in(password=WRONG).status_code == 200
        assert fail(address="10.0.0.8").status_code == 429
        assert log_in(client=client).status_code == 302
        assert client.get(FRONT).status_code == 200
        assert client.post("/admin/logout/").status_code == 200
        with pytest.raises(OperationalError), recorded():  # whoever does write, waits
            pass
    finally:
        done.set()
        holder.join()
        wait_at_most(30_000)
    kinds = list(SecurityEvent.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == [*["login_failed"] * 6, "locked_out", "logged_in", "logged_out"]
    assert User.objects.get(username="lan").last_login is None


@pytest.mark.django_db(transaction=True)
def test_nor_does_one_whose_password_was_hashed_by_an_earlier_release(lan):
    old = make_password(PASSWORD, hasher="pbkdf2_sha256")
    User.objects.filter(username="lan").update(password=old)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with recorded(actor="import"):
            User.objects.filter(username="lan").update(first_name="Lan")
            held.set()
            done.wait(120)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(20)
        wait_at_most(900)
        assert log_in(password=WRONG).status_code == 200
        assert log_in().status_code == 302
    finally:
        done.set()
        holder.join()
        wait_at_most(30_000)
    assert User.objects.get(username="lan").password == old


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="Only PostgreSQL locks rows.")
def test_locking_rows_of_a_recorded_table_still_takes_the_ledger_first(office: Office):
    statements = []
    with (
        transaction.atomic(),
        connection.execute_wrapper(lambda run, sql, *rest: (statements.append(sql), run(sql, *rest))[1]),
    ):
        list(type(office.cluster).objects.select_for_update())
        lock()
    assert statements[0].startswith("LOCK TABLE registry_ledgerlock")


def aged(client: Client, **minutes: int) -> Client:
    """The session as if these of its moments lay further back."""
    session = client.session
    for name, back in minutes.items():
        session[name] -= back * 60
    session.save()
    return client


def is_in(client: Client) -> bool:
    return client.get(FRONT).status_code == 200


def test_a_session_ends_an_hour_after_its_last_page(lan):
    assert is_in(aged(signed_in(lan), seen=59))
    ended = aged(signed_in(lan), seen=60)
    assert not is_in(ended)
    assert not Session.objects.filter(session_key=ended.cookies["sessionid"].value).exists()


def test_a_session_in_use_goes_on_but_not_beyond_twelve_hours(lan):
    client = signed_in(lan)
    for _ in range(13):
        assert is_in(aged(client, seen=50, began=50))
    assert is_in(aged(client, began=12 * 60 - 13 * 50 - 1))
    assert not is_in(aged(client, began=1))


def test_a_page_soon_after_another_does_not_write_the_session(lan, django_assert_num_queries):
    client = signed_in(lan)
    is_in(client)
    stamp = client.session["seen"]
    assert is_in(aged(client, seen=4))
    assert client.session["seen"] == stamp - 4 * 60
    assert is_in(aged(client, seen=2))
    assert client.session["seen"] > stamp


def test_a_session_from_before_sessions_ended_begins_now(lan):
    client = signed_in(lan)
    session = client.session
    del session["began"], session["seen"]
    session.save()
    assert is_in(client)
    assert {"began", "seen"} <= set(client.session.keys())


def test_a_new_password_ends_every_other_session(lan):
    one, other = Client(), Client()
    for client in (one, other):
        assert log_in(client=client).status_code == 302
    new = "mot-mat-khau-moi-rat-dai"
    sent = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert one.post("/admin/password_change/", sent).status_code == 302
    assert is_in(one)
    assert not is_in(other)


def test_a_closed_account_is_out_at_once(lan):
    client = signed_in(lan)
    assert is_in(client)
    lan.is_active = False
    lan.save()
    assert not is_in(client)


def test_cookies_of_a_session_are_out_of_reach_of_scripts(lan):
    cookie = log_in().cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
