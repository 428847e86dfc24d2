"""What a command says instead of a traceback where not the registry is at fault but the machine or its settings."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from registry.rules.database_files import unwritable

_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC}


@contextmanager
def told() -> Iterator[None]:
    """Ends the program with 1 and a sentence on stderr. `--traceback` shows where it happened, as everywhere."""
    try:
        yield
    except (ImproperlyConfigured, OperationalError, OSError) as error:
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
    refusal = unwritable(error)
    return f"CommandError: {refusal.code} · {refusal.message}" if refusal else ""
