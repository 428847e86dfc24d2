"""Who and why: what an entry says beside the row."""

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from registry.ledger.context import acting_as, lock, recorded
from registry.ledger.entries import head
from registry.ledger.middleware import LedgerMiddleware
from registry.models import Cluster, Investor, LedgerEntry
from tests.ledger.conftest import World

Said = tuple[str, str, str]


def said_by(code: str) -> list[Said]:
    """Actor, reason and request of each entry about an investor."""
    subject = Investor.objects.get(code=code).key
    return list(
        LedgerEntry.objects.filter(subject=subject).order_by("seq").values_list("actor", "reason", "request")
    )


def add(code: str) -> None:
    Investor.objects.create(code=code, name=code)


@recorded(actor="minh", reason="hỏng")
def fail() -> None:
    add("d")
    raise ZeroDivisionError


def test_an_entry_says_who_why_and_in_which_request(db):
    with recorded(actor="lan", reason="nhập quyết định", request="r1"):
        add("a")
    assert said_by("a") == [("lan", "nhập quyết định", "r1")]


def test_outside_of_recorded_the_account_of_the_database_is_named(db):
    add("a")
    [(actor, reason, request)] = said_by("a")
    assert actor == f"db:{LedgerEntry.objects.get(seq=head()[0]).db_user}"
    assert actor != "db:"
    assert (reason, request) == ("", "")


def test_a_command_is_the_system_unless_it_says_otherwise(db):
    with recorded(reason="hằng ngày"):
        add("a")
    assert said_by("a") == [("system", "hằng ngày", "")]


def test_the_caller_is_named_by_every_recorded_inside(db):
    with acting_as("lan", "r1"):
        with recorded(reason="một"):
            add("a")
        with recorded(actor="minh"):
            add("b")
    with recorded():
        add("c")
    assert said_by("a") + said_by("b") + said_by("c") == [
        ("lan", "một", "r1"),
        ("minh", "", "r1"),
        ("system", "", ""),
    ]


def test_an_inner_context_inherits_and_the_outer_one_comes_back(db):
    with recorded(actor="lan", reason="ngoài", request="r1"):
        add("a")
        with recorded(reason="trong"):
            add("b")
        add("c")
        with pytest.raises(ZeroDivisionError):
            fail()
        add("e")
    assert said_by("b") == [("lan", "trong", "r1")]
    assert said_by("a") == said_by("c") == said_by("e") == [("lan", "ngoài", "r1")]
    assert not Investor.objects.filter(code="d").exists()


def test_after_recorded_a_surrounding_transaction_is_nobody_again(db):
    with transaction.atomic():
        with recorded(actor="lan", reason="trong"):
            add("a")
        add("b")
    assert said_by("b")[0][0].startswith("db:")
    assert said_by("b")[0][1] == ""


@pytest.mark.django_db(transaction=True)
def test_the_context_does_not_outlive_its_transaction():
    with recorded(actor="lan", reason="trong", request="r1"):
        add("a")
    add("b")
    assert said_by("b")[0][0].startswith("db:")
    assert said_by("b")[0][1:] == ("", "")


@pytest.mark.django_db(transaction=True)
def test_recorded_leaves_nothing_when_it_fails():
    before = head()
    with pytest.raises(ZeroDivisionError):
        fail()
    assert not Investor.objects.exists()
    assert head() == before


@pytest.mark.django_db(transaction=True)
def test_the_lock_needs_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        lock()


def test_the_middleware_names_the_user_and_the_request(world: World, rf: RequestFactory):
    def view(request):
        with recorded(reason="sửa tên"):
            Cluster.objects.filter(pk=world.giang_bien.pk).update(name="CCN Giang Biên I")
        return HttpResponse()

    request = rf.post("/")
    request.user = User(username="lan")
    response = LedgerMiddleware(view)(request)
    entry = LedgerEntry.objects.get(seq=head()[0])
    assert (entry.actor, entry.reason, entry.request) == ("lan", "sửa tên", response["X-Request-ID"])
    with recorded():
        add("a")
    assert said_by("a") == [("system", "", "")]


def test_reading_through_the_middleware_asks_for_no_session_and_opens_no_transaction(
    rf: RequestFactory, django_assert_num_queries
):
    class Untouchable:
        def get_username(self):
            raise AssertionError("the session was read")

    request = rf.get("/")
    request.user = Untouchable()
    LedgerMiddleware(lambda request: HttpResponse())(request)


def test_the_head_of_a_subject_is_its_last_entry(world: World):
    before = head(world.investor.key)
    Cluster.objects.update(name="CCN")
    assert head(world.investor.key) == before
    Investor.objects.update(name="Shinec")
    assert head(world.investor.key) == head()
    assert head("cluster:0") == (0, "")


def test_connections_are_ready_when_they_open(db):
    """SQLite's functions and PostgreSQL's wrapper come with every connection, once."""
    connection.ensure_connection()
    names = [wrapper.__name__ for wrapper in connection.execute_wrappers]
    assert names.count("lock_before_rows") == (connection.vendor == "postgresql")
