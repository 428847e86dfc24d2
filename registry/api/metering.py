"""How often each key was used: counted in memory, written every few seconds beside the requests, never within one.

What a process had not written when it was killed is lost; when it ends in order, it writes first.
"""

import atexit
import logging
from datetime import date, datetime
from threading import Event, Lock, Thread

from django.db import DatabaseError, connection

from registry.actions.api_keys import add_uses
from registry.rules.hanoi import day_of

log = logging.getLogger(__name__)


class Meter:
    """every: seconds between two writings; 0 writes only when told to."""

    def __init__(self, every: float = 5) -> None:
        self.every = every
        self._counts: dict[tuple[int, date], tuple[int, int, datetime]] = {}
        self._lock, self._ends = Lock(), Event()
        self._writer: Thread | None = None

    def count(self, key_id: int, at: datetime, *, refused: bool) -> None:
        """One request with that key. Asks the database nothing."""
        of = key_id, day_of(at)
        with self._lock:
            requests, over, _ = self._counts.get(of, (0, 0, at))
            self._counts[of] = requests + 1, over + refused, at
        if self._writer is None and self.every:
            self._begin()

    def write(self) -> None:
        """Add what was counted to the database. What it does not take now is kept for the next time."""
        with self._lock:
            counts, self._counts = self._counts, {}
        try:
            while counts:
                (key_id, day), told = next(iter(counts.items()))
                add_uses([(key_id, day, *told)])
                del counts[key_id, day]
        except DatabaseError:
            log.exception("The use of %s keys could not be written; the next try is soon.", len(counts))
            with self._lock:
                for of, (requests, over, last) in counts.items():
                    more, also, later = self._counts.get(of, (0, 0, last))
                    self._counts[of] = requests + more, over + also, max(last, later)

    def _begin(self) -> None:
        """Each process has its own writer, begun by its first request: threads do not outlive a fork."""
        with self._lock:
            if self._writer is None:
                self._writer = Thread(target=self._run, name="key-meter", daemon=True)
                self._writer.start()
                atexit.register(self.end)

    def _run(self) -> None:
        while not self._ends.wait(self.every):
            if self._counts:
                self._write_and_leave()

    def end(self) -> None:
        """No more writing by itself; what was counted is written now."""
        self._ends.set()
        if self._writer is not None:
            self._writer.join(timeout=10)
        self._write_and_leave()

    def _write_and_leave(self) -> None:
        try:
            self.write()
        finally:
            connection.close()


METER = Meter()
