"""Numbers on a command line, refused in words of their own: argparse would say `invalid int value`."""

from argparse import ArgumentTypeError
from collections.abc import Callable


def whole_number(least: int, most: int | None = None) -> Callable[[str], int]:
    """For `type=`: a whole number within these bounds, both included."""
    bounds = f"từ {least} trở lên" if most is None else f"từ {least} đến {most}"

    def read(text: str) -> int:
        sound = text.isascii() and text.isdecimal() and len(text) < 19
        if not sound or int(text) < least or (most is not None and int(text) > most):
            raise ArgumentTypeError(f"{text}: cần một số {bounds}")
        return int(text)

    return read


def seconds(most: int) -> Callable[[str], float]:
    """For `type=`: more than 0 and at most so many seconds, with a point before parts of one."""

    def read(text: str) -> float:
        try:
            found = float(text)
        except ValueError:
            found = 0
        if not 0 < found <= most:
            raise ArgumentTypeError(f"{text}: cần một số trên 0, nhiều nhất {most} (giây)")
        return found

    return read
