"""What a command says instead of a traceback where not the registry is at fault but the machine or its settings."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from registry.rules.database_files import unwritable
from registry.rules.database_servers import is_unreachable, unreachable
from registry.rules.problems import Problem

_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC}


@contextmanager
def told() -> Iterator[None]:
    """Ends the program with 1 and a sentence on stderr. `--traceback` shows where it happened, as everywhere."""
    try:
        yield
    except (ImproperlyConfigured, DatabaseError, OSError) as error:
        if "--traceback" in sys.argv or not (said := _sentence(error)):
            raise
        sys.exit(said)


def _sentence(error: Exception) -> str:
    if isinstance(error, ImproperlyConfigured):
        return f"ImproperlyConfigured: {error}"
    if isinstance(error, OSError):
        where = (
            f"CommandError: files_failed · Không đọc hoặc không ghi được {error.filename}: {error.strerror}."
        )
        return f"{where} Hãy kiểm tra quyền và chỗ trống." if error.errno in _FORBIDDEN else ""
    refusal = _unreachable(error) if is_unreachable(error) else unwritable(error)
    return f"CommandError: {refusal.code} · {refusal.message}" if refusal else ""


def _unreachable(error: Exception) -> Problem:
    from django.conf import settings

    main = settings.DATABASES["default"]
    # What is not in the address PostgreSQL's library chooses itself: a socket of this machine, or a service's entry.
    host, port, name = main.get("HOST") or "máy này", str(main.get("PORT") or 5432), main["NAME"]
    return unreachable(error, host=host, port=port, name=name)
