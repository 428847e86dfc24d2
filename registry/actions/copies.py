"""How each engine copies its data at one moment, and puts a copy into an empty database."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.conninfo import make_conninfo

from registry.queries.unproved import MARK
from registry.rules.problems import Problem

Ask = Callable[[str], Sequence[Sequence[Any]]]
#: What no copy holds: who is logged in (whoever has such a row is logged in too), and who may not for a few minutes.
PASSING = ("django_session", "axes_accessattempt", "axes_accessattemptexpiration")


class CopyFailed(Problem):
    """The database, or its program, did not do it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a database holds: the end of its ledger, its last publication and announcement, the rows of each table."""

    ledger_seq: int
    ledger_hash: str
    publications: int
    announcements: int
    migrations: list[str]
    rows: dict[str, int]


def facts(ask: Ask, tables: str) -> Facts:
    """`tables` is the query that names every table."""
    head = ask("SELECT seq, hash FROM registry_ledgerentry ORDER BY seq DESC LIMIT 1")
    seq, hash_ = head[0] if head else (0, "")
    names = sorted(name for (name,) in ask(tables) if name not in PASSING)
    return Facts(
        ledger_seq=seq,
        ledger_hash=hash_,
        publications=ask("SELECT coalesce(max(seq), 0) FROM registry_publication")[0][0],
        announcements=ask("SELECT coalesce(max(seq), 0) FROM registry_announcement")[0][0],
        migrations=sorted(f"{app}.{name}" for app, name in ask("SELECT app, name FROM django_migrations")),
        rows={name: ask(f'SELECT count(*) FROM "{name}"')[0][0] for name in names},
    )


def facts_here() -> Facts:
    """Of the default connection's database as it is now."""

    def ask(query: str) -> Sequence[Sequence[Any]]:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    return facts(ask, copier_of(connection).TABLES)


def make_private(path: Path) -> None:
    """An empty file, which nobody but its owner may read whatever the umask, for others to fill."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


class Copier(Protocol):
    """A copy is one file, and a second one where there is a database beside (config/databases.py)."""

    FILE: str
    TABLES: str

    def copy(self, own: BaseDatabaseWrapper, to: Path) -> Facts: ...
    def is_empty(self) -> bool: ...
    def filled(self, data: Path) -> Any: ...


class SqliteCopier:
    """`VACUUM INTO` reads one snapshot of a file and keeps no writer waiting.

    The file beside is copied second: what the ledger says of its events was said before.
    """

    FILE = "registry.sqlite3"
    TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"

    def copy(self, own: BaseDatabaseWrapper, to: Path) -> Facts:
        self._vacuum(own, to)
        with closing(sqlite3.connect(to)) as copied:
            found = facts(lambda query: copied.execute(query).fetchall(), self.TABLES)
        for alias, path in self._beside(to).items():
            with closing(connections[alias].copy()) as other:
                self._vacuum(other, path)
            with closing(sqlite3.connect(path, isolation_level=None)) as copied:
                for table in PASSING:
                    copied.execute(f"DELETE FROM {table}")
                copied.execute("VACUUM")
        return found

    def _vacuum(self, own: BaseDatabaseWrapper, to: Path) -> None:
        make_private(to)
        with own.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(to)])
        with closing(sqlite3.connect(to)) as copied:
            if copied.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
                raise CopyFailed("copy_damaged", "Bản chép của cơ sở dữ liệu bị hỏng. Hãy kiểm tra ổ đĩa.")

    def _beside(self, to: Path) -> dict[str, Path]:
        """What lies beside a copy, by the name of its database."""
        others = (alias for alias in connections if alias != DEFAULT_DB_ALIAS)
        return {alias: to.with_name(f"{to.stem}-{alias}{to.suffix}") for alias in others}

    def is_empty(self) -> bool:
        """Whether there is no database, nor what one left behind: a stray -wal would be played into the new one."""
        return all(self._nothing_at(self._target(alias)) for alias in connections)

    def _nothing_at(self, target: Path) -> bool:
        strays = [target.with_name(f"{target.name}{end}") for end in ("-wal", "-journal")]
        if any(path.exists() and path.stat().st_size for path in strays):
            return False
        if not target.exists() or not target.stat().st_size:
            return True
        with closing(sqlite3.connect(f"file:{target}?mode=ro", uri=True)) as there:
            return not there.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()

    @contextmanager
    def filled(self, data: Path) -> Iterator[None]:
        """Inside, the databases have the copies under other names. These take their places only at the end."""
        copies = {DEFAULT_DB_ALIAS: data, **self._beside(data)}
        with ExitStack() as stack:
            for alias, copy in copies.items():  # what is entered first takes its place last
                stack.enter_context(self._put(alias, copy))
            yield

    @contextmanager
    def _put(self, alias: str, data: Path) -> Iterator[None]:
        connection, target = connections[alias], self._target(alias)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.restoring-{os.getpid()}")
        ends = ("", "-wal", "-shm")
        connection.close()
        for left_over in target.parent.glob(f".{target.name}.restoring-*"):
            left_over.unlink()
        try:
            if data.exists():
                shutil.copyfile(data, part)
            else:  # 0.2.0 had one file; `migrate` fills the other
                part.touch()
            part.chmod(0o600)
            connection.settings_dict["NAME"] = str(part)
            try:
                yield
                with connection.cursor() as cursor:
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()
                connection.settings_dict["NAME"] = str(target)
            with open(part, "rb") as file:
                os.fsync(file.fileno())
            if self._nothing_at(target):
                target.unlink(missing_ok=True)
            try:
                os.link(part, target)  # never over a file that came meanwhile
            except FileExistsError as error:
                raise CopyFailed("target_not_empty", f"{target} vừa được người khác tạo ra.") from error
        finally:
            for end in ends:
                part.with_name(f"{part.name}{end}").unlink(missing_ok=True)

    def _target(self, alias: str) -> Path:
        return Path(str(connections[alias].settings_dict["NAME"]))


class PostgresqlCopier:
    """pg_dump's custom format, of a snapshot that our own counting shares."""

    FILE = "registry.dump"
    TABLES = (
        "SELECT table_name FROM information_schema.tables"
        f" WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> '{MARK}'"
    )

    OPTIONS = frozenset(
        "host hostaddr port user dbname service passfile options sslmode sslrootcert sslcert sslkey".split()
    )

    def copy(self, own: BaseDatabaseWrapper, to: Path) -> Facts:
        own.ensure_connection()
        with own.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()

            def ask(query: str) -> Sequence[Sequence[Any]]:
                cursor.execute(query)
                return list(cursor.fetchall())

            found = facts(ask, self.TABLES)
            passing = [f"--exclude-table-data={name}" for name in PASSING]
            passing.append(f"--exclude-table={MARK}")
            how = ["--format=custom", f"--snapshot={snapshot}", f"--file={to}", "--no-comments", *passing]
            make_private(to)
            self._run(own, "pg_dump", *how)
            cursor.execute("ROLLBACK")
        return found

    def is_empty(self) -> bool:
        """Whether nothing is there, or only the mark of a restore that was killed before it put anything in."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
                " AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND relname <> %s LIMIT 1",
                [MARK],
            )
            return cursor.fetchone() is None

    @contextmanager
    def filled(self, data: Path) -> Iterator[None]:
        """All of it or nothing, in one transaction; then it is there, under a mark that goes when it was proved."""
        self._say(f"CREATE TABLE IF NOT EXISTS {MARK} ()")
        how = ["--single-transaction", "--exit-on-error", "--format=custom", str(data)]
        try:
            self._run(connection, "pg_restore", *how)
        except CopyFailed:
            self._say(f"DROP TABLE {MARK}")
            raise
        yield
        self._say(f"DROP TABLE {MARK}")

    def _say(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    def _run(self, own: BaseDatabaseWrapper, program: str, *arguments: str) -> None:
        """The database by what the connection has, its password through the environment: others see arguments."""
        found = shutil.which(program)
        if found is None:
            raise CopyFailed(
                "program_missing",
                f"Không tìm thấy {program}. Hãy cài gói postgresql-client đúng phiên bản của máy chủ.",
            )
        info = own.connection.info
        # The connection's library may know options that the program does not.
        known = {name: value for name, value in info.get_parameters().items() if name in self.OPTIONS}
        where = f"--dbname={make_conninfo(**known)}"
        call = [found, "--no-owner", "--no-privileges", "--no-password", where, *arguments]
        environment = {**os.environ, **({"PGPASSWORD": info.password} if info.password else {})}
        done = subprocess.run(call, capture_output=True, text=True, env=environment)
        if done.returncode:
            said = done.stderr.strip()[-600:]
            raise CopyFailed(f"{program}_failed", f"{program} không làm được: {said}")


def copier_of(of: BaseDatabaseWrapper) -> Copier:
    return PostgresqlCopier() if of.vendor == "postgresql" else SqliteCopier()
