"""The editions made again from the publications, beside the real ones, and compared with them.

The copies are temporary tables of the same names: only this connection sees them, and it sees nothing else under those
names. So the code that makes editions is the code that is checked; nothing is changed and nobody has to wait.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection, models, transaction

from registry.actions.editions import first_of_composer, make_editions_again
from registry.ledger.verify_export import Finding
from registry.models import EDITIONS, SUBJECTS, Dependency, EditionTerm, Publication, Reference

TERMS = EditionTerm._meta.db_table
#: What names an answer to people, and tells it from all others.
_PLACE = ("subject_id", "known_from", "valid_from", "code")
_DIFFERS = {
    "edition_unknown": "có trong bảng nhưng không lần công bố nào cho ra",
    "edition_missing": "không có trong bảng dù các lần công bố cho ra",
    "edition_differs": "khác với điều các lần công bố cho ra",
}


def edition_findings() -> list[Finding]:
    """Each answer that is not what the publications give, and each whose words or references are not.

    Answers that a former composer's code made are taken as they are: that code is no longer there.
    """
    if not Publication.objects.filter(seq__gte=first_of_composer()).exists():
        return []
    with rehearsed() as differences:
        return differences()


@contextmanager
def rehearsed() -> Iterator[Callable[[], list[Finding]]]:
    """Inside, the editions stand beside the real ones as they should be; what is given says where they differ now."""
    with _snapshot(), _beside([*EDITIONS.values(), EditionTerm, Reference, Dependency]):
        _take_former(first_of_composer())
        make_editions_again()
        yield lambda: [*_answers(), *_words(), *_notes()]


@contextmanager
def _snapshot() -> Iterator[None]:
    """Everything inside is read as it is at one moment, and undone; on SQLite without taking the writers' turn."""
    mode, outermost = getattr(connection, "transaction_mode", None), not connection.in_atomic_block
    try:
        if connection.vendor == "sqlite":
            connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
        with transaction.atomic():
            if connection.vendor == "postgresql" and outermost:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
            transaction.set_rollback(True)
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = mode  # type: ignore[attr-defined]


@contextmanager
def _beside(tables: Sequence[type[models.Model]]) -> Iterator[None]:
    """Inside, the tables of these models are empty copies that only this connection sees; rolled back after it."""
    with connection.cursor() as cursor:
        for model in tables:
            name = model._meta.db_table
            if connection.vendor == "postgresql":
                cursor.execute(f"CREATE TEMPORARY TABLE {name} (LIKE {real(name)} INCLUDING ALL)")
                continue
            cursor.execute(
                "SELECT sql FROM main.sqlite_master WHERE tbl_name = %s AND type IN ('table', 'index')"
                " AND sql IS NOT NULL ORDER BY type DESC",
                [name],
            )
            for (sql,) in cursor.fetchall():
                cursor.execute(re.sub(r"(TABLE|INDEX) ", r"\1 temp.", sql, count=1))
    yield


def real(name: str) -> str:
    """The table itself, whatever stands beside it."""
    if connection.vendor == "sqlite":
        return f"main.{name}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        return f"{cursor.fetchone()[0]}.{name}"


def _copy(name: str) -> str:
    return f"temp.{name}" if connection.vendor == "sqlite" else f"pg_temp.{name}"


def _take_former(first: int) -> None:
    """What former composers' code made before publication `first`, with its terms, stands in the copies as it is."""
    if first == 1:
        return
    tables = [model._meta.db_table for model in EDITIONS.values()]
    with connection.cursor() as cursor:
        for kind, table in zip(EDITIONS, tables, strict=True):
            cursor.execute(f"INSERT INTO {table} SELECT * FROM {real(table)} WHERE known_from < %s", [first])
            cursor.execute(
                f"INSERT INTO {TERMS} SELECT * FROM {real(TERMS)}"
                f" WHERE kind = %s AND edition_id IN (SELECT id FROM {table})",
                [kind],
            )
        if connection.vendor == "postgresql":  # the next number is one that none of them has
            for table in (TERMS, *tables):
                sequence = f"pg_get_serial_sequence('{_copy(table)}', 'id')"
                cursor.execute(f"SELECT setval({sequence}, max(id)) FROM {table} HAVING max(id) IS NOT NULL")


def _differing(columns: Sequence[str], source: str, *tables: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """(code, row) for each row that only the tables have, or only their copies. `source` has a place for each table."""
    select = f"SELECT {', '.join(columns)} FROM {source}"
    there, made = select.format(*map(real, tables)), select.format(*map(_copy, tables))
    with connection.cursor() as cursor:
        for code, one, other in (("edition_unknown", there, made), ("edition_missing", made, there)):
            cursor.execute(f"{one} EXCEPT {other}")
            yield from ((code, row) for row in cursor.fetchall())


def _answers() -> Iterator[Finding]:
    for kind, model in sorted(EDITIONS.items()):
        table = model._meta.db_table
        columns = [f.attname for f in model._meta.concrete_fields if f.name not in ("id", *_PLACE)]
        rows = _differing([*_PLACE, *columns], "{}", table)
        yield from _findings("Nội dung tra cứu", kind, table, rows)


def _words() -> Iterator[Finding]:
    columns = [*(f"e.{name}" for name in _PLACE), "t.term", "t.value", "t.row"]
    for kind, model in sorted(EDITIONS.items()):
        source = f"{{}} t LEFT JOIN {{}} e ON e.id = t.edition_id WHERE t.kind = '{kind}'"
        rows = _differing(columns, source, TERMS, model._meta.db_table)
        yield from _findings("Từ khóa tra cứu", kind, TERMS, rows)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT kind FROM {real(TERMS)}")
        for (kind,) in cursor.fetchall():
            if kind not in EDITIONS:
                yield Finding(
                    "edition_unknown",
                    f"Có từ khóa tra cứu của loại “{kind}”, không loại nào có tên ấy.",
                    table=TERMS,
                )


def _findings(
    what: str, kind: str, table: str, rows: Iterator[tuple[str, tuple[Any, ...]]]
) -> Iterator[Finding]:
    """One for each answer that differs, however many columns or words of it do."""
    found: dict[tuple[Any, ...], set[str]] = {}
    for code, row in rows:
        found.setdefault(row[: len(_PLACE)], set()).add(code)
    for (subject_id, known_from, valid_from, subject), codes in sorted(found.items(), key=str):
        code = "edition_differs" if len(codes) > 1 else codes.pop()
        name = f"{SUBJECTS[kind]._meta.verbose_name} {subject or '(không rõ)'}"
        where = f"{name}, lần công bố {known_from}, từ ngày {_day(valid_from)}"
        yield Finding(
            code,
            f"{what} của {where}: {_DIFFERS[code]}. Hãy chạy rebuild_editions.",
            table=table,
            row_id=str(subject_id),
        )


def _notes() -> Iterator[Finding]:
    """What points to what, and what was asked: by these the next publication finds what to compose again."""
    for model in (Reference, Dependency):
        table = model._meta.db_table
        for code, (kind, subject_id, key) in _differing(["kind", "subject_id", "key"], "{}", table):
            yield Finding(
                code,
                f"Liên hệ “{key}” của {kind}:{subject_id} trong bảng {table} {_DIFFERS[code]}."
                " Hãy chạy rebuild_editions.",
                table=table,
                row_id=str(subject_id),
            )


def _day(value: object) -> str:
    """A day of the table as people write it; what is none is shown as it stands."""
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return f"{day.day:02}/{day.month:02}/{day.year:04}"
