"""Django's `migrate`, for every file there is. One that fails puts the ledger's triggers back round what is there."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, no_translations
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from registry.ledger import beside, migrating

#: Asked with one of these, migrations are shown, noted or forgotten, and not run as they are written.
NOT_AS_WRITTEN = ("plan", "check_unapplied", "fake", "fake_initial", "prune")


#: What PostgreSQL's lock is known by; any number that nobody else takes.
_LOCK = 4_217_300_024


@contextmanager
def one_at_a_time(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Whoever migrates the same database meanwhile waits, and then finds nothing left to do."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
        return
    path = str(connection.settings_dict["NAME"])
    if path.startswith((":memory:", "file:")) or not Path(path).parent.is_dir():
        yield
        return
    # The folder's: to open and close the file itself would end the locks that SQLite holds on it.
    folder = os.open(Path(path).parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


class Command(migrate.Command):
    help = (
        migrate.Command.help
        + " Khi thất bại, trigger của sổ cái được đặt lại để không thay đổi nào trôi qua "
        "mà không được ghi. Mã thoát: 0 đã xong, 1 không xong."
    )

    def handle(self, *args: Any, **options: Any) -> Any:
        with one_at_a_time(connections[options["database"]]):
            return self._migrate(*args, **options)

    def _migrate(self, *args: Any, **options: Any) -> Any:
        connection = connections[options["database"]]
        inside = connection.in_atomic_block
        try:
            done = super().handle(*args, **options)
            # (Test runners ask with run_syncdb, and for each database themselves.)
            alone = options["app_label"] or options["run_syncdb"]
            if options["database"] == DEFAULT_DB_ALIAS and not alone:
                for alias in set(connections) - {DEFAULT_DB_ALIAS}:
                    if not any(options[name] for name in NOT_AS_WRITTEN):
                        self._bring_forward(alias)
                    super().handle(*args, **{**options, "database": alias})
            return done
        except (Exception, KeyboardInterrupt) as failed:
            failure: BaseException = failed
            if connection.in_atomic_block and not inside:
                # When SQL fails in a migration on SQLite, Django asks for broken references in the broken transaction:
                # that fails too, hides why, and leaves the transaction open. A new connection begins without one.
                connection.close()
                connection.connect()
                failure = failed.__context__ or failed
            try:
                migrating.abandon(connection)
            except DatabaseError as unguarded:
                raise CommandError(
                    f"ledger_down · {failure} Không đặt lại được trigger của sổ cái ({unguarded}): mọi thay đổi từ "
                    "đây sẽ không được ghi. Đừng mở cho ai dùng; hãy khôi phục bản sao lưu, hoặc chạy lại migrate."
                ) from failure
            raise failure from failure.__cause__

    @no_translations
    def _bring_forward(self, alias: str) -> None:
        """Apply to a file beside the ledger what was not; Django's own command then finds nothing left to apply."""
        executor = beside.Executor(connections[alias], self.migration_progress_callback)
        executor.loader.check_consistent_history(connections[alias])
        executor.migrate(executor.loader.graph.leaf_nodes())
