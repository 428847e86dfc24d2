"""The two clocks of a request: the day it asks about, and the publication it asks to be answered by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from registry import clock
from registry.api.parameters import problem, read
from registry.api.problems import ApiProblem
from registry.api.restores import known_lost
from registry.api.values import Refused, day, day_or_moment, whole_number
from registry.queries.editions import Position, position
from registry.queries.recoveries import moment_lost, publication_lost
from registry.rules.hanoi import HANOI, day_of, end_of
from registry.rules.moments import SETTLED_AFTER, as_text

#: Nothing was known before; an earlier moment may have no UTC at all.
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
#: Nor may a later one than this.
LATEST = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Clocks:
    """known_at: the moment of publication `known_seq`; None before the first one.

    announcement: the last news there is, whatever was asked; head_at: the moment of the last publication.
    """

    valid_on: date
    known_seq: int
    known_at: datetime | None
    announcement: int
    head_at: datetime | None

    @property
    def known_at_text(self) -> str | None:
        return as_text(self.known_at)

    def tag(self) -> tuple[Any, ...]:
        """What an ETag of anything but stored bytes rests on, besides the day.

        Moments beside numbers: should numbers come again after a restore, they are of other moments.
        """
        return self.announcement, as_text(self.head_at), self.known_seq, self.known_at_text

    def headers(self) -> dict[str, str]:
        return {
            "Registry-Valid-On": self.valid_on.isoformat(),
            "Registry-Known-Seq": str(self.known_seq),
            "Registry-Known-At": self.known_at_text or "",
        }

    def facts(self) -> list[tuple[str, str, str]]:
        """The clocks as a file tells of them: machine name, Vietnamese name, value."""
        return [
            ("valid_on", "Giá trị vào ngày", self.valid_on.isoformat()),
            ("known_seq", "Như đã công bố đến lần công bố số", str(self.known_seq)),
            ("known_at", "Lúc của lần công bố đó (giờ Hà Nội)", self.known_at_text or ""),
        ]


def clocks(parameters: Mapping[str, str]) -> Clocks:
    """The clocks that the parameters name, else today in Hà Nội and the last publication. One query."""
    valid_on = read(parameters, "valid_on", day) or clock.today()
    found = _position(parameters)
    return Clocks(valid_on, found.seq, found.at, found.announcement, found.head_at)


def _position(parameters: Mapping[str, str]) -> Position:
    seq = read(parameters, "known_seq", whole_number(0, 10**17))
    asked = read(parameters, "known_at", day_or_moment)
    if seq is not None and asked is not None:
        raise ApiProblem(
            "parameter_conflict",
            "Chỉ ghi một trong hai tham số known_at và known_seq.",
            "Give known_at or known_seq, not both.",
        )
    if seq is not None:
        found = position(seq=seq)
        if found.seq < seq:
            # Numbers have no gap but where a restore lost some: a smaller one was found because there is none.
            if lost := publication_lost(seq):
                raise known_lost("known_seq", str(seq), lost)
            raise _in_future(
                "known_seq", f"chưa có lần công bố số {seq}.", f"names publication {seq}, not made yet."
            )
        return found
    if asked is None:
        return position()
    return _made_by(asked)


def _made_by(asked: date | datetime) -> Position:
    """What was published by then, when nothing more can be: the answer would change. Today means so far."""
    now = clock.now()
    settled = now - SETTLED_AFTER
    if not isinstance(asked, datetime):
        if asked == day_of(now):
            return position()
        if asked > day_of(now):
            raise _unsettled(settled)
        return _settled(max(end_of(asked), EARLIEST), str(asked), settled)
    if asked.year > now.year + 1:
        raise _unsettled(settled)
    return _settled(asked if asked.year >= EARLIEST.year else EARLIEST, asked.isoformat(), settled)


def _settled(moment: datetime, asked: str, settled: datetime) -> Position:
    if lost := moment_lost(moment):
        raise known_lost("known_at", asked, lost)
    found = position(moment=moment)
    # The next publication is later than the last, which may run a moment ahead of the clock.
    settled = max(settled, found.head_at or settled)
    if moment > settled:
        raise _unsettled(settled)
    return found


def _unsettled(settled: datetime) -> ApiProblem:
    seconds = int(SETTLED_AFTER.total_seconds())
    last = settled.replace(microsecond=0)
    return _in_future(
        "known_at",
        f"chưa tới, hoặc chưa qua được {seconds} giây, nên câu trả lời còn có thể đổi. Hãy bỏ known_at để xem hiện "
        "nay, dùng known_seq để giữ một lần công bố, hoặc hỏi một lúc không sau "
        f"{last.astimezone(HANOI):%H:%M:%S %d/%m/%Y} (giờ Hà Nội).",
        f"has not come, or is less than {seconds} seconds past, so the answer could still change. Leave known_at out "
        f"for the present, pin a publication with known_seq, or ask for a moment by {as_text(last)}.",
    )


def _in_future(name: str, vi: str, en: str) -> ApiProblem:
    return problem(name, Refused("known_in_future", vi, en))
