"""How often a key was used, as a picture drawn here: no script, no style within, a table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry.rules.quantities import format_number

WIDTH, HEIGHT, FOOT = 720, 140, 18
#: What there was is seen, however much there was on another day.
LEAST = 1


@dataclass(frozen=True, slots=True)
class Bar:
    """A day. Lengths in units of the picture; `over` is the part of the bar that was refused for its number."""

    day: date
    requests: int
    refused: int
    x: float
    width: float
    top: float
    height: float
    over: float


@dataclass(frozen=True, slots=True)
class Picture:
    bars: Sequence[Bar]
    width: int
    height: int
    foot: int
    most: int
    sum: int
    refused: int

    @property
    def said(self) -> str:
        """The picture in one sentence, for who does not see it."""
        first, last = self.bars[0].day, self.bars[-1].day
        over = f", trong đó {format_number(self.refused)} bị từ chối vì quá hạn mức" if self.refused else ""
        return (
            f"Từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}: {format_number(self.sum)} yêu cầu{over}; "
            f"ngày nhiều nhất {format_number(self.most)}."
        )


def usage_picture(days: Sequence[tuple[date, int, int]]) -> Picture:
    """days: day, requests, those over the limit, in order; at least one."""
    most = max(requests for _, requests, _ in days)
    step = WIDTH / len(days)
    # Either part may be lifted to the least, and the tallest bar stays within the picture.
    tall = (HEIGHT - LEAST) / most if most else 0

    def long(count: int) -> float:
        return max(LEAST, round(count * tall, 2)) if count else 0

    bars = []
    for n, (day, requests, refused) in enumerate(days):
        over = long(refused)
        height = round(over + long(requests - refused), 2)
        x, width, top = round(n * step + 2, 2), round(step - 4, 2), round(HEIGHT - height, 2)
        bars.append(Bar(day, requests, refused, x, width, top, height, over))
    return Picture(bars, WIDTH, HEIGHT, FOOT, most, sum(row[1] for row in days), sum(row[2] for row in days))
