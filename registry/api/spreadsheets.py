"""Tables as CSV and as Excel workbooks, written row by row, in which no text ever becomes a formula."""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import orjson
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from registry.api.problems import ApiProblem
from registry.api.tables import Column, Kind, Part, Table
from registry.rules.hanoi import HANOI

Body = Mapping[str, Any]

#: So many records fit into one workbook; of what they hold, as many rows as Excel has.
MOST_RECORDS, MOST_ROWS = 100_000, 1_048_576
#: As many characters fit into one cell of Excel.
LONGEST_CELL = 32_767
CUT = " … [bị cắt, xem jsonl]"
#: Excel has numbers of 15 digits, and days from March 1900 on.
MOST_EXACT, FIRST_DAY = 10**15, date(1900, 3, 1)
PART_BYTES = 1 << 16

_BLANK = r"\x00-\x20\xa0\xad\s\u200b-\u200f\u2060\ufeff"
_SIGN = r"=+\-@\uff1d\uff0b\uff0d\uff20"
# Where a program may see a cell begin: at the beginning, and inside the quotes too when it takes another sign than the
# comma for the separator, as Excel does in Vietnam.
_ALIVE = re.compile(rf'((?:\A|[;\t\r\n])[{_BLANK}"]*)([{_SIGN}])')
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
    text = _ALIVE.sub(r"\1'\2", text)
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


def xlsx_of(table: Table, bodies: Iterable[Body], origin: Origin, *, key: str) -> Iterator[bytes]:
    """A workbook: a sheet of records, a sheet for each of their lists of objects, and one that says where it is from.

    Each sheet has two rows of names, Vietnamese and the machine's. Rows go to disk as they come. `key` is the member
    that names a record. Raises ApiProblem before the first byte when there are more rows than Excel has.
    """
    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(cast(Any, file), {"constant_memory": True})
        # The same list is the same file: its ETag says so.
        book.set_properties({"title": origin.title, "created": datetime(2000, 1, 1)})
        _Book(book, table, key, origin).fill(bodies)
        book.close()
        file.seek(0)
        while part := file.read(PART_BYTES):
            yield part


class _Book:
    def __init__(self, book: xlsxwriter.Workbook, table: Table, key: str, origin: Origin) -> None:
        self.book, self.table, self.key, self.origin = book, table, key, origin
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4"})
        self.machine = book.add_format({"italic": True, "font_color": "#555555"})
        self.day = book.add_format({"num_format": "dd/mm/yyyy"})
        self.moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        # Typed over, such a text stays a text.
        self.quoted = book.add_format({"quote_prefix": True})
        self.used: set[str] = set()

    def fill(self, bodies: Iterable[Body]) -> None:
        records = self._sheet(self.origin.title)
        counts = [Column(part.path, Kind.NUMBER) for part in self.table.parts]
        self._names(records, [(c.vi, c.name) for c in (*self.table.columns, *counts)], self.table.columns)
        sheets = [self._part(part) for part in self.table.parts]
        nexts = [2] * len(sheets)
        at = 1
        for at, body in enumerate(bodies, start=2):
            if at >= MOST_RECORDS + 2:
                raise export_too_large(f"hơn {MOST_RECORDS:_}".replace("_", "."), f"over {MOST_RECORDS:,}")
            self._row(records, at, 0, self.table.columns, body)
            for n, part in enumerate(self.table.parts):
                rows = part.rows(body)
                self._number(records, at, len(self.table.columns) + n, len(rows))
                for position, row in enumerate(rows, start=1):
                    if nexts[n] >= MOST_ROWS:
                        raise export_too_large(f"“{part.vi}”", part.name)
                    self._text(sheets[n], nexts[n], 0, str(body.get(self.key) or ""))
                    self._number(sheets[n], nexts[n], 1, position)
                    self._row(sheets[n], nexts[n], 2, part.columns, row)
                    nexts[n] += 1
        if at > 1:
            records.autofilter(1, 0, at, max(0, len(self.table.columns) + len(counts) - 1))
        self._about()

    def _part(self, part: Part) -> Worksheet:
        sheet = self._sheet(part.vi)
        # Rows that have a number of their own keep the name for it.
        line = "line" if any(c.name == "position" for c in part.columns) else "position"
        names = [("Mã bản ghi", self.key), ("Dòng số", line), *((c.vi, c.name) for c in part.columns)]
        self._names(sheet, names, part.columns)
        return sheet

    def _about(self) -> None:
        sheet = self._sheet("Về tập tin này")
        sheet.set_column(0, 1, 28)
        sheet.set_column(2, 2, 90)
        for at, (name, vi, value) in enumerate(self.origin.facts):
            self._text(sheet, at, 0, vi)
            self._text(sheet, at, 1, name)
            self._cell(sheet, at, 2, _kind(value), value)

    def _sheet(self, name: str) -> Worksheet:
        """A sheet of that name, as far as Excel allows: 31 characters, some signs not, none twice."""
        plain = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:31] or "Danh sách"
        shown, again = plain, 1
        while shown.lower() in self.used:
            again += 1
            shown = f"{plain[:27]} ({again})"
        self.used.add(shown.lower())
        return self.book.add_worksheet(shown)

    def _names(self, sheet: Worksheet, names: Sequence[tuple[str, str]], columns: Sequence[Column]) -> None:
        sheet.set_column(0, max(0, len(names) - 1), 22)
        sheet.set_row(0, 32)
        # Row after row: what is written before the current row is lost.
        for at, (vi, _) in enumerate(names):
            sheet.write_string(0, at, vi, self.head)
        for at, (_, name) in enumerate(names):
            sheet.write_string(1, at, name, self.machine)
        sheet.freeze_panes(2, 2)

    def _row(self, sheet: Worksheet, at: int, first: int, columns: Sequence[Column], body: Body) -> None:
        for n, column in enumerate(columns, start=first):
            self._cell(sheet, at, n, column.kind, column.of(body))

    def _cell(self, sheet: Worksheet, at: int, n: int, kind: Kind, value: Any) -> None:
        match kind:
            case _ if value is None:
                return
            case Kind.TRUTH:
                sheet.write_boolean(at, n, bool(value))
            case Kind.NUMBER if isinstance(value, int | float):
                self._number(sheet, at, n, value)
            case Kind.DAY:
                self._day(sheet, at, n, str(value))
            case Kind.MOMENT:
                moment = datetime.fromisoformat(str(value)).astimezone(HANOI).replace(tzinfo=None)
                sheet.write_datetime(at, n, moment, self.moment)
            case _:
                self._text(sheet, at, n, str(value))

    def _number(self, sheet: Worksheet, at: int, n: int, value: float) -> None:
        if abs(value) < MOST_EXACT:
            sheet.write_number(at, n, value)
        else:
            sheet.write_string(at, n, str(value))

    def _day(self, sheet: Worksheet, at: int, n: int, value: str) -> None:
        day = date.fromisoformat(value)
        if day >= FIRST_DAY:
            sheet.write_datetime(at, n, day, self.day)
        else:
            sheet.write_string(at, n, value)

    def _text(self, sheet: Worksheet, at: int, n: int, text: str) -> None:
        """Always a string, never what XlsxWriter would make of it: a formula, an address, a number."""
        if len(text) > LONGEST_CELL:
            text = text[: LONGEST_CELL - len(CUT)] + CUT
        style: Format | None = self.quoted if _ALIVE.search(text) else None
        sheet.write_string(at, n, text, style)


def _kind(fact: str) -> Kind:
    """What a fact about the file is: days and moments are those of Excel."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", fact):
        return Kind.DAY
    return Kind.MOMENT if re.fullmatch(r"\d{4}-\d{2}-\d{2}T[\d:.]+Z", fact) else Kind.TEXT


def export_too_large(vi: str, en: str) -> ApiProblem:
    return ApiProblem(
        "export_too_large",
        f"Có nhiều dòng ({vi}) hơn một tập tin Excel chứa được. Hãy lọc bớt, hoặc dùng format=csv hay format=jsonl.",
        f"There are more rows ({en}) than an Excel file holds. Narrow the query, or use format=csv or format=jsonl.",
    )
