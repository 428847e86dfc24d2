"""Tables as CSV, written row by row, in which no text ever becomes a formula. Workbooks: `workbooks`."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from registry.api.tables import Column, Kind, Table

Body = Mapping[str, Any]

PART_BYTES = 1 << 16

_BLANK = r"\x00-\x20\xa0\xad\s\u200b-\u200f\u2060\ufeff"
_SIGN = r"=+\-@\uff1d\uff0b\uff0d\uff20"
# Where a program may see a cell begin: at the beginning, and inside the quotes too when it takes another sign than the
# comma for the separator, as Excel does in Vietnam.
ALIVE = re.compile(rf'((?:\A|[;\t\r\n])[{_BLANK}"]*)([{_SIGN}])')
_ALIVE_JSON = re.compile(rf"(;[{_BLANK}]*)([{_SIGN}])")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file comes from: shown in it. `facts`: machine name, Vietnamese name and value of each fact.

    `columns` are those facts that every row of a CSV repeats.
    """

    title: str
    facts: Sequence[tuple[str, str, str]]
    columns: Sequence[str]

    def repeated(self) -> list[tuple[str, str]]:
        return [(name, value) for name, _, value in self.facts if name in self.columns]


def harmless(text: str) -> str:
    """The text with an apostrophe before each place at which a spreadsheet could see a formula begin."""
    text = ALIVE.sub(r"\1'\2", text)
    return f"'{text}" if text[:1] in {"\t", "\r", "\n"} else text


def harmless_json(text: str) -> str:
    """JSON of the same value: the signs that could begin a formula are escaped."""
    return _ALIVE_JSON.sub(lambda match: f"{match[1]}\\u{ord(match[2]):04x}", text)


def csv_of(table: Table, bodies: Iterable[Body], origin: Origin) -> Iterator[bytes]:
    """UTF-8 with the mark that Excel looks for, one row of machine names, then one row for each record."""
    repeated = origin.repeated()
    lists = [Column(part.path, Kind.JSON) for part in table.parts]
    columns = [*table.columns, *lists]
    yield "\ufeff".encode() + _line(
        [*(c.name for c in columns), *(f"registry_{name}" for name, _ in repeated)]
    )
    told = [value for _, value in repeated]
    waiting: list[bytes] = []
    size = 0
    for body in bodies:
        waiting.append(_line([*(_csv_cell(column, body) for column in columns), *told]))
        size += len(waiting[-1])
        if size > PART_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def _line(cells: Sequence[str | None]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


def _csv_cell(column: Column, body: Body) -> str | None:
    value = column.of(body)
    match column.kind:
        case _ if value is None:
            return None
        case Kind.TRUTH:
            return "true" if value else "false"
        case Kind.NUMBER if not isinstance(value, str):
            return orjson.dumps(value).decode()
        case Kind.JSON:
            return harmless_json(value)
    return harmless(str(value))
