"""Whoever owns the database flips one byte of any column, of any table that proves or answers: it is found.

The tables and columns are asked of the database itself, so a new one is looked at without another line here.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import pytest_django
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from registry.actions.proof import prove
from registry.actions.rehearsal import real, rehearsed
from registry.ledger import arming
from registry.ledger.arming import tables
from registry.ledger.checkpoints import checkpoint
from registry.ledger.drift import Drifted, drift
from registry.ledger.tracked import Tracked
from registry.ledger.verify import verify
from registry.ledger.verify_export import COLUMNS
from registry.models import EDITIONS, Dependency, EditionTerm, Reference
from tests.ledger.rows import run, unguarded
from tests.plugins.world import undone
from tests.publication.office import Office
from tests.world import load

LEDGER = ("registry_ledgerentry", "registry_ledgerpayload", "registry_ledgercheckpoint")
DERIVED = [model._meta.db_table for model in (*EDITIONS.values(), EditionTerm, Reference, Dependency)]
#: A number that nothing else names: another one says nothing else.
MEANINGLESS = {(table, "id") for table in DERIVED}
AT = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(
    django_db_setup: None,
    django_db_blocker: pytest_django.DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """One record or more of every kind, published in three acts; two checkpoints; the triggers are away."""
    with django_db_blocker.unblock(), undone(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "CHECKPOINT_KEY_FILE", str(tmp_path_factory.mktemp("key") / "key.pem"))
        load()
        office = Office()
        assert checkpoint(connection, AT)
        for kind in "cluster investor decision sector zone project indicator incentive assignment".split():
            getattr(office, f"new_{kind}")(0, 0, 0)
        office.publish_all(0, 0, 0)
        assert checkpoint(connection, AT + timedelta(days=1))
        with unguarded():
            yield


@pytest.fixture
def db_of_world(world: None) -> Iterator[None]:
    with undone():
        yield


def columns_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 0")
        return [column[0] for column in cursor.description]


def flipped(value: Any, letters: str) -> list[Any]:
    """The same but for one byte; several ways, for the database may refuse one."""
    match value:
        case None:
            return ["x", 1, "2020-01-01", True]
        case bool():
            return [not value]
        case int():
            return [value ^ 1, value ^ 1 << 20]
        case Decimal():
            return [value + 1, value / 2]
        case datetime() | time():
            return [value.replace(microsecond=value.microsecond ^ 1)]
        case date():
            return [value.replace(day=value.day % 28 + 1)]
        case UUID():
            return [UUID(int=value.int ^ 1)]
        case bytes() | memoryview():
            text = bytes(value)
            return [text[:-1] + bytes([text[-1] ^ 1])]
        case _:
            middle, text = len(value) // 2, str(value)
            return [
                text[:middle] + other + text[middle + 1 :]
                for other in letters
                if other not in text[middle:][:1]
            ]


def flip(table: str, key: str, column: str, letters: str) -> bool:
    """Flip the column in one row that has something in it; False when the database refuses whatever we try."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{key}", "{column}" FROM {table} ORDER BY "{column}" IS NULL, "{key}" DESC LIMIT 1'
        )
        row, value = cursor.fetchone()
    for other in flipped(value, letters):
        try:
            with transaction.atomic():
                run(f'UPDATE {table} SET "{column}" = %s WHERE "{key}" = %s', [other, row])
        except (DatabaseError, OverflowError):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM {table} WHERE "{key}" = %s', [row])
            gone = cursor.fetchone()[0] == 0
            cursor.execute(f'SELECT "{column}" FROM {table} WHERE "{key}" = %s', [row])
            if gone or cursor.fetchone()[0] != value:
                return True
    return False


def unfound(
    table: str, key: str, names: Sequence[str], look: Callable[[], object], letters: str = "0123xy"
) -> set[tuple[str, str]]:
    """The columns in which a flipped byte stays unseen."""
    missed = set()
    for column in names:
        with undone():
            if flip(table, key, column, letters) and not look():
                missed.add((table, column))
    return missed


def test_the_world_has_a_row_in_every_table_that_proves_or_answers(db_of_world: None) -> None:
    published = ["registry_publication", "registry_statement", "registry_announcement"]
    for table in (*LEDGER, *DERIVED, *published):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0] > 0, table
    assert {finding.code for finding in prove().problems} == {"trigger_missing"}


@pytest.mark.parametrize("letters", ["0123xy", "é²đ"])
@pytest.mark.parametrize("table", LEDGER)
def test_a_flipped_byte_of_the_ledger_is_found(db_of_world: None, table: str, letters: str) -> None:
    def look() -> list[str]:
        return [f.code for f in verify(connection).problems if not f.code.startswith("trigger_")]

    key = "number" if table.endswith("checkpoint") else "seq"
    names = columns_of(table)
    assert set(names) <= {*COLUMNS, "number", "note"}
    assert unfound(table, key, names, look, letters) == set()


def test_a_flipped_byte_of_what_is_recorded_is_found(db_of_world: None) -> None:
    """Publications, statements, announcements and every working table, against the hashes in the ledger."""
    missed, never = set(), set()
    for tracked in tables(connection):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {tracked.table}")
            if not tracked.subject or not cursor.fetchone()[0]:
                continue
        never |= {(tracked.table, column) for column in tracked.exclude}
        look = partial(_drifted, tracked)
        missed |= unfound(tracked.table, tracked.pk, columns_of(tracked.table), look)
    assert missed <= never
    assert {column for _, column in never} <= {
        "search_text",
        "sort_key",
        "password",
        "last_login",
        "digest",
        "nonce",
    }


def test_a_flipped_byte_of_what_the_api_answers_from_is_found(db_of_world: None) -> None:
    with rehearsed() as differences:
        missed = set()
        for table in DERIVED:
            missed |= unfound(real(table), "id", columns_of(table), differences)
    assert {(table.rpartition(".")[2], column) for table, column in missed} <= MEANINGLESS


def test_a_row_that_is_dropped_is_found_in_every_table(db_of_world: None) -> None:
    missed = []
    for tracked in tables(connection):
        with undone(), connection.cursor() as cursor:
            cursor.execute(f'SELECT max("{tracked.pk}") FROM {tracked.table}')
            last = cursor.fetchone()[0]
            if tracked.subject and last is not None and _deleted(tracked, last) and not _drifted(tracked):
                missed.append(tracked.table)
    with rehearsed() as differences:
        for table in DERIVED:
            with undone():
                run(f"DELETE FROM {real(table)} WHERE id = (SELECT max(id) FROM {real(table)})")
                if not differences():
                    missed.append(table)
    assert missed == []


def _drifted(tracked: Tracked) -> list[Drifted]:
    return list(drift(connection, tracked))


def _deleted(tracked: Tracked, row: Any) -> bool:
    """Delete the row; False when others hold it."""
    try:
        with transaction.atomic():
            run(f'DELETE FROM {tracked.table} WHERE "{tracked.pk}" = %s', [row])
            connection.check_constraints()
    except DatabaseError:
        return False
    return True


def test_what_was_published_is_named_as_such(db_of_world: None) -> None:
    run("UPDATE registry_statement SET content = '{}' WHERE id = (SELECT max(id) FROM registry_statement)")
    said = [f.message for f in verify(connection).problems if f.table == "registry_statement" and f.row_id]
    (message,) = said
    assert message.startswith("Nội dung đã công bố, dòng ")
    assert message.endswith("(bảng registry_statement) khác với lần ghi gần nhất của sổ cái.")


@pytest.mark.parametrize("meanwhile", [False, True])
def test_a_trigger_made_again_just_as_it_was_hides_nothing_that_was_done_meanwhile(
    db_of_world: None, meanwhile: bool
) -> None:
    """That it was away leaves no trace of its own; a row that was changed without it does."""
    if meanwhile:
        run("UPDATE registry_investor SET name = 'Lén' WHERE id = (SELECT min(id) FROM registry_investor)")
    arming.arm(connection, tables(connection))
    assert [finding.code for finding in prove().problems] == (["row_drifted"] if meanwhile else [])
    arming.disarm(connection)
