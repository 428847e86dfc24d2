"""Eight writers at once, and somebody who reads along: one chain, in the order of commits."""

import random
import threading
from collections.abc import Callable
from contextlib import closing

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, OperationalError

from registry.ledger.context import recorded
from registry.ledger.entries import head
from registry.ledger.verify import verify
from registry.models import Cluster, ClusterAlias, LedgerEntry
from tests.ledger.conftest import make_world
from tests.ledger.rows import POSTGRESQL

WRITERS, ROUNDS = 8, 25
only_postgresql = pytest.mark.skipif(not POSTGRESQL, reason="only PostgreSQL has it")


class Undo(Exception):
    pass


def rename(number: int) -> None:
    """Two entries: on a row that everybody fights for, and on one of the writer's own."""
    Cluster.objects.filter(code="ccn-quang-phuc").update(name=f"CCN {number}")
    ClusterAlias.objects.create(
        cluster_id=Cluster.objects.get(code="ccn-giang-bien").pk, name=f"Tên {number}"
    )


def recorded_rename(number: int) -> None:
    with recorded(actor="lan"):
        rename(number)


def atomic_rename(number: int) -> None:
    with transaction.atomic():
        rename(number)


def recorded_rename_after_row_lock(number: int) -> None:
    with recorded(actor="lan"):
        list(Cluster.objects.select_for_update().order_by("?"))
        rename(number)


def atomic_rename_after_row_lock(number: int) -> None:
    with transaction.atomic():
        list(Cluster.objects.select_for_update().order_by("?"))
        rename(number)


def atomic_rename_backwards(number: int) -> None:
    with transaction.atomic():
        ClusterAlias.objects.create(
            cluster_id=Cluster.objects.get(code="ccn-giang-bien").pk, name=f"Tên {number}"
        )
        Cluster.objects.filter(code="ccn-quang-phuc").update(name=f"CCN {number}")


EVERYBODY: list[Callable[[int], None]] = [
    recorded_rename,
    atomic_rename,
    recorded_rename_after_row_lock,
    atomic_rename_after_row_lock,
    atomic_rename_backwards,
]
#: With these the first statement of the transaction is the lock, so even REPEATABLE READ never has to begin again.
LOCK_FIRST = [recorded_rename, recorded_rename_after_row_lock, atomic_rename_after_row_lock]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("isolation", "ways", "may_begin_again"),
    [
        pytest.param("", EVERYBODY, False, id="read-committed"),
        pytest.param(
            "REPEATABLE_READ", LOCK_FIRST, False, marks=only_postgresql, id="repeatable-read-lock-first"
        ),
        pytest.param("REPEATABLE_READ", EVERYBODY, True, marks=only_postgresql, id="repeatable-read"),
        pytest.param("SERIALIZABLE", EVERYBODY, True, marks=only_postgresql, id="serializable"),
    ],
)
def test_every_number_comes_once_in_order_and_nobody_is_stuck(
    isolation: str, ways: list[Callable[[int], None]], may_begin_again: bool
):
    make_world()
    start, begun_again, done, errors = head()[0], [], [], []
    finished = threading.Event()
    seen: list[int] = []

    def write(writer: int) -> None:
        with closing(connection):
            choose = random.Random(writer)
            isolate(isolation)
            for number in range(writer * ROUNDS, (writer + 1) * ROUNDS):
                way, undo = choose.choice(ways), choose.random() < 0.3
                while True:
                    try:
                        with transaction.atomic():
                            way(number)
                            if undo:
                                raise Undo
                        done.append(number)
                    except Undo:
                        pass
                    except (OperationalError, IntegrityError) as error:
                        if getattr(error.__cause__, "sqlstate", "") == "40001" and may_begin_again:
                            begun_again.append(number)
                            continue
                        errors.append(error)
                    break

    def read() -> None:
        with closing(connection):
            # A reader that never pauses would keep Python's lock from the writers, whose triggers call Python.
            while not finished.wait(0.01):
                follow(seen, start, errors)
            follow(seen, start, errors)

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    reader = threading.Thread(target=read)
    reader.start()
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join(timeout=120)
    finished.set()
    reader.join(timeout=30)
    assert errors == []
    assert not any(thread.is_alive() for thread in [*writers, reader])
    assert 0 < len(done) < WRITERS * ROUNDS
    assert seen == list(range(start + 1, start + 1 + 2 * len(done)))
    assert verify(connection).problems == []


def isolate(level: str) -> None:
    connection.ensure_connection()
    if level:
        import psycopg

        connection.connection.isolation_level = psycopg.IsolationLevel[level]


def follow(seen: list[int], start: int, errors: list[Exception]) -> None:
    """Read on from the last number seen, as a mirror does: a number that appears later, below it, would be missed."""
    last = seen[-1] if seen else start
    fresh = list(LedgerEntry.objects.filter(seq__gt=last).order_by("seq").values_list("seq", flat=True))
    if fresh and fresh != list(range(last + 1, last + 1 + len(fresh))):
        errors.append(AssertionError(f"after {last} came {fresh}"))
    seen.extend(fresh)


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_snapshot_older_than_the_chain_is_refused_and_may_begin_again():
    import psycopg

    make_world()
    with closing(
        psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor})
    ) as other:
        other.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        other.execute("SELECT count(*) FROM registry_ledgerentry")
        recorded_rename(1)
        with pytest.raises(psycopg.errors.SerializationFailure, match="ledger_moved_on"):
            other.execute("UPDATE registry_investor SET name = 'Shinec'")
    assert verify(connection).problems == []


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_at_repeatable_read_recorded_sees_what_was_committed_while_it_waited():
    make_world()
    held, seen = threading.Event(), []

    def second() -> None:
        with closing(connection):
            isolate("REPEATABLE_READ")
            held.wait(10)
            with recorded(actor="minh"):
                seen.append(Cluster.objects.get(code="ccn-quang-phuc").name)

    thread = threading.Thread(target=second)
    thread.start()
    with recorded(actor="lan"):
        held.set()
        thread.join(timeout=0.5)
        assert seen == []
        Cluster.objects.filter(code="ccn-quang-phuc").update(name="CCN mới")
    thread.join(timeout=10)
    assert seen == ["CCN mới"]
