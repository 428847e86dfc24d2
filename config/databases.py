"""Where the data are: one database, and on SQLite a second file for what a log-in writes.

SQLite has one writer for each file, and a long publication holds it to its end. Sessions, wrong passwords and security
events are written beside, so that nobody waits to log in (docs/why/security-events.md). PostgreSQL needs no second.
"""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

#: The name of the second one. It is there on SQLite only.
SECURITY = "security"
_APPS = frozenset({"sessions", "axes"})
_MODELS = frozenset({("registry", "securityevent")})
SQLITE, POSTGRESQL = "django.db.backends.sqlite3", "django.db.backends.postgresql"
#: What an address may say besides what PostgreSQL's own library knows.
_DJANGOS_OPTIONS = frozenset(
    {"assume_role", "isolation_level", "pool", "prepare_threshold", "server_side_binding"}
)
#: After as many times that something was asked on one connection.
NEVER = 2**31


class OwnersOnly(sqlite3.Connection):
    """A connection whose file, where it is new, nobody but its owner can read, whatever the umask: it holds passwords'
    hashes and drafts. What SQLite puts beside it gets the same rights.
    """

    def __init__(self, database: str, *args: Any, **kwargs: Any) -> None:
        # What cannot be made SQLite refuses itself; what is there keeps the rights that somebody gave it.
        if not str(database).startswith((":memory:", "file:")):
            with suppress(OSError):
                os.close(os.open(database, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        super().__init__(database, *args, **kwargs)


_SQLITE_OPTIONS: dict[str, Any] = {
    "factory": OwnersOnly,
    # One writer at a time is told at BEGIN and not half-way; readers never wait.
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    " PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;",
}


def databases_of(url: str, *, conn_max_age: int) -> dict[str, Any]:
    """The setting DATABASES. The folder of an SQLite file is made. Raises ImproperlyConfigured."""
    main = _read(url) | {"CONN_MAX_AGE": conn_max_age, "CONN_HEALTH_CHECKS": True}
    if main["ENGINE"] != SQLITE:
        # A plan is kept only where it is asked for (registry/queries/prepared.py); Django would have none kept.
        # No machine code either: questions are short, and their costs estimated far too high (docs/why/sorting.md).
        ours = {"prepare_threshold": NEVER, "options": "-c jit=off"}
        main["OPTIONS"] = ours | main.get("OPTIONS", {})
        return {"default": main}
    path = Path(main["NAME"])
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The folder of the database cannot be made: {error}. Make it for the user of the registry (install -d "
            "-m 0700 -o USER FOLDER), or name another in VAR_DIR or DATABASE_URL. See docs/operations.md."
        ) from error
    beside = {**main, "NAME": str(beside_of(path)), "OPTIONS": dict(_SQLITE_OPTIONS)}
    # Pages of hundreds of kilobytes are read where the system already holds them, and 16 MB of them kept. What was
    # committed moves into the file at every 16 MB: a publication is 4 MB, and at most one in four waits for that.
    large = "PRAGMA mmap_size=2147418112; PRAGMA cache_size=-16384; PRAGMA wal_autocheckpoint=4000;"
    main["OPTIONS"] = {**_SQLITE_OPTIONS, "init_command": f"{_SQLITE_OPTIONS['init_command']} {large}"}
    return {"default": main, SECURITY: beside}


def _read(url: str) -> dict[str, Any]:
    """What the address says. Raises ImproperlyConfigured, never with the value: a password is in it, and in one that
    cannot be read it may stand anywhere.
    """
    try:
        main: dict[str, Any] = dict(dj_database_url.parse(url))
        sound = {SQLITE: _is_file, POSTGRESQL: _is_server}[main["ENGINE"]](url, main)
    except (ValueError, KeyError):
        sound = False
    if not sound:
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read: write postgresql://USER:PASSWORD@HOST:5432/NAME, with @ : / ? # % of the "
            "password as %40 %3A %2F %3F %23 %25, or sqlite:////FOLDER/registry.sqlite3. See .env.example."
        ) from None
    return main


def _is_file(url: str, main: dict[str, Any]) -> bool:
    """Whether data stay: two slashes for three make a host of the file's name, and nothing is kept."""
    return main["NAME"] != ":memory:" or url.endswith(":memory:")


def _is_server(url: str, main: dict[str, Any]) -> bool:
    """Whether it names a database, and no option that would stop each connection.

    An @ after the host is the end of a password with a / or ? in it: what stands before would pass for the name.
    """
    from psycopg import pq

    options = main.get("OPTIONS", {})
    parts = urlsplit(url)
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()} | _DJANGOS_OPTIONS
    named = main["NAME"] or options.get("service")
    return bool(named) and known.issuperset(options) and "@" not in parts.path + parts.query + parts.fragment


def beside_of(path: Path) -> Path:
    """`registry.sqlite3` → `registry-security.sqlite3`; what is in memory stays there."""
    return path if str(path) == ":memory:" else path.with_name(f"{path.stem}-security{path.suffix}")


class Router:
    """Sends each table to its database; the setting DATABASE_ROUTERS, on SQLite."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return self._home(model._meta.app_label, model._meta.model_name)

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool | None:
        return None

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        return db == self._home(app_label, model_name)

    def _home(self, app_label: str, model_name: str | None) -> str:
        ours = app_label in _APPS or (app_label, model_name) in _MODELS
        return SECURITY if ours else "default"
