"""Makes the ledger's triggers what the models ask for, takes them down, says where they disagree."""

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper

from registry.ledger.engines import engine_of
from registry.ledger.tracked import Tracked, declared, present


def exists(connection: BaseDatabaseWrapper) -> bool:
    """Whether the database has a ledger at all; before the first migration it has none."""
    return "registry_ledgerentry" in engine_of(connection).shape(connection)


def tables(connection: BaseDatabaseWrapper) -> list[Tracked]:
    """The declared tables that the database has, with their columns as they are now."""
    return present(declared(), engine_of(connection).shape(connection))


def _expected(connection: BaseDatabaseWrapper, wanted: Sequence[Tracked]) -> dict[str, str]:
    """Every object that should be there. A file beside the ledger (config/databases.py) has guards of tables only."""
    expected = engine_of(connection).expected(connection, wanted)
    if exists(connection):
        return expected
    own = tuple(f"_{tracked.table}" for tracked in wanted)
    return {name: text for name, text in expected.items() if name.endswith(own)}


def arm(connection: BaseDatabaseWrapper, wanted: Sequence[Tracked]) -> None:
    """Make the ledger's own guards and the triggers of these tables, and no others, what they should be."""
    engine = engine_of(connection)
    expected, installed = _expected(connection, wanted), engine.installed(connection)
    wrong = [name for name, text in installed.items() if expected.get(name) != text]
    # A function is replaced where it stands: others hang on it.
    _drop(connection, [name for name in wrong if name not in expected or not name.startswith("function")])
    with connection.cursor() as cursor:
        for name, statement in expected.items():
            if installed.get(name) != statement:
                for step in engine.create(name, statement):
                    cursor.execute(step)


def disarm(connection: BaseDatabaseWrapper) -> None:
    """Take everything down, so that tables may change their shape. Whoever does this notes it first."""
    _drop(connection, list(engine_of(connection).installed(connection)))


def _drop(connection: BaseDatabaseWrapper, names: list[str]) -> None:
    with connection.cursor() as cursor:
        # Triggers before what they call.
        for name in sorted(names, key=lambda name: not name.startswith("trigger")):
            for step in engine_of(connection).drop(name):
                cursor.execute(step)


def disagreements(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """(code, object) for each trigger, function or view that is missing, altered, or not the ledger's own."""
    engine = engine_of(connection)
    expected, installed = _expected(connection, tables(connection)), engine.installed(connection)
    found = []
    for name in sorted({*expected, *installed}):
        if name not in installed:
            found.append(("trigger_missing", name))
        elif name not in expected:
            found.append(("trigger_unknown", name))
        elif expected[name] != installed[name]:
            found.append(("trigger_altered", name))
    return found
