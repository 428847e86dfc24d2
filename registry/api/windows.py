"""Counting requests within a minute, for every process of this machine at once (docs/why/throttles.md)."""

import fcntl
import logging
import mmap
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

log = logging.getLogger(__name__)

SECONDS = 60
#: When the window began, in seconds since 1970, and how many requests it has let through.
_CELL = struct.Struct("=II")
CELLS = 2**17
#: How far clocks of two threads may disagree before one of them is believed to have been set back.
_SKEW = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of a quota: requests, and whole seconds (at least 1) until all of it is there again."""

    quota: int
    left: int
    resets_in: int
    allowed: bool


class Windows:
    """A file of counters that processes share; without the file, a memory of this process alone.

    A window begins with its first request and ends a minute later.
    """

    def __init__(self, path: Path | None) -> None:
        self._threads = Lock()
        self._file: int | None = None
        size = CELLS * _CELL.size
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                os.ftruncate(self._file, size)
            except OSError:
                log.exception("%s cannot be written: each process counts requests by itself.", path)
                self._file = None
        self._cells = mmap.mmap(-1 if self._file is None else self._file, size)

    def take(self, cell: int, *, quota: int, now: float) -> Standing:
        """One request of that quota, if there is one left. `now`: seconds since 1970.

        Threads exclude one another by the lock, processes by the system's lock of these bytes, which is let go by
        itself when a process dies.
        """
        place, moment = cell * _CELL.size, int(now)
        with self._threads:
            if self._file is not None:
                fcntl.lockf(self._file, fcntl.LOCK_EX, _CELL.size, place)
            try:
                began, count = _CELL.unpack_from(self._cells, place)
                if not -_SKEW <= moment - began < SECONDS:
                    began, count = moment, 0
                allowed = count < quota
                if allowed:
                    count += 1
                    _CELL.pack_into(self._cells, place, began, count)
            finally:
                if self._file is not None:
                    fcntl.lockf(self._file, fcntl.LOCK_UN, _CELL.size, place)
        return Standing(quota, max(quota - count, 0), max(1, began + SECONDS - moment), allowed)
