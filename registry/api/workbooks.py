"""Tables as Excel workbooks, sent while they are written (docs/why/workbooks.md).

XlsxWriter makes the workbook without its rows: names, styles, widths, frozen panes. Where it leaves room the rows are
written as they are read, so that a workbook of any size needs no file and no more memory than one portion of rows.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from textwrap import wrap
from typing import Any
from xml.sax.saxutils import escape

import orjson
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from registry.api.problems import ApiProblem
from registry.api.spreadsheets import ALIVE, PART_BYTES, Body, Origin
from registry.api.tables import Column, Kind, Part, Table
from registry.rules.hanoi import HANOI

#: As many rows has a sheet of Excel; the first two hold the names.
MOST_ROWS, NAME_ROWS = 1_048_576, 2
#: As many characters fit into one cell.
LONGEST_CELL = 32_767
CUT = " … [bị cắt, xem jsonl]"
#: Excel has numbers of 15 digits, and days from March 1900 on, which it counts from the end of 1899.
MOST_EXACT, FIRST_DAY, DAY_ZERO = 10**15, date(1900, 3, 1), datetime(1899, 12, 30)
#: From here on whole numbers are shown in groups of three digits: years are not.
LARGE = 10_000
#: Of zlib: 6, the usual one, takes twice as long and saves a tenth.
LEVEL = 3

#: In XML a value is at most five times as long as in JSON (`&amp;`), and stands between that many bytes more.
TIMES, AROUND = 5, 160
_WIDEST_NAME = 31
#: So many rows are looked at for the widths of columns, which are characters; the button of a filter takes three.
SAMPLE, NARROWEST, WIDEST, BUTTON = 200, 8, 48, 3
#: Points of a line of a head.
LINE = 15
#: XML has no such characters; the format writes them so, and whatever looks like that.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9a-fA-F]{4}_)")
_ROWS_END = b"</sheetData>"

Cells = Sequence[tuple[Kind, Any]]


def xlsx_of(
    table: Table, bodies: Callable[[], Iterable[Body]], origin: Origin, *, key: str
) -> Iterator[bytes]:
    """A workbook: a sheet of records, a sheet for each of their lists of objects, and one that says where it is from.

    Each sheet has two rows of names, Vietnamese and the machine's. `bodies` gives the same records at each call, and
    is called once to count rows and once for each sheet. `key` is the member that names a record. Raises ApiProblem
    before the first byte when a sheet would have more rows than Excel has.
    """
    sheets = _sheets(table, bodies, origin, key)
    frame, styles = _frame(sheets, origin)
    stream = _Unsent()
    # What is written cannot be gone back to: sizes stand behind each part of the archive, as the format allows.
    with zipfile.ZipFile(frame) as made, zipfile.ZipFile(stream, "w") as sent:
        for entry in made.infolist():
            whole = made.read(entry)
            sheet = next((one for one in sheets if one.file == entry.filename), None)
            told = zipfile.ZipInfo(entry.filename, entry.date_time)
            told.compress_type, told._compresslevel = zipfile.ZIP_DEFLATED, LEVEL  # type: ignore[attr-defined]
            # Longer numbers for its size only where they may be needed: Excel opens such a file with a warning.
            long = sheet is not None and sheet.most_bytes > zipfile.ZIP64_LIMIT
            with sent.open(told, "w", force_zip64=long) as part:
                if sheet is None:
                    part.write(whole)
                    continue
                before, _, after = whole.partition(_ROWS_END)
                part.write(_sized(before, sheet))
                for rows in _portions(sheet, styles):
                    part.write(rows)
                    if len(stream) > PART_BYTES:
                        yield stream.taken()
                part.write(_ROWS_END + after)
    yield stream.taken()


def refuse_too_many(table: Table, bodies: Callable[[], Iterable[Body]], origin: Origin, *, key: str) -> None:
    """Raises ApiProblem where `xlsx_of` would, for who is to be told of the workbook without having it made."""
    _sheets(table, bodies, origin, key)


class _Unsent(io.RawIOBase):
    """Holds what was written until it is taken."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting.append(bytes(data))
        self._size += len(data)
        return len(data)

    def __len__(self) -> int:
        return self._size

    def taken(self) -> bytes:
        found, self._waiting, self._size = b"".join(self._waiting), [], 0
        return found


@dataclass(frozen=True, slots=True)
class _Sheet:
    """file: where it stands in the archive. columns: Vietnamese and machine name, and how many characters wide.

    `rows`: each call from the first.
    """

    file: str
    name: str
    columns: Sequence[tuple[str, str]]
    widths: Sequence[int]
    count: int
    #: It is no larger, before it is compressed.
    most_bytes: int
    rows: Callable[[], Iterator[Cells]]


def _sheets(table: Table, bodies: Callable[[], Iterable[Body]], origin: Origin, key: str) -> list[_Sheet]:
    """Raises ApiProblem when one has too many rows."""
    counts = [Column(part.path, Kind.NUMBER) for part in table.parts]
    names = [(c.vi, c.name) for c in (*table.columns, *counts)]

    def of_record(body: Body) -> Iterator[Cells]:
        told = [(Kind.NUMBER, len(part.rows(body))) for part in table.parts]
        yield [*((column.kind, column.of(body)) for column in table.columns), *told]

    found = [(origin.title, names, of_record)]
    found += [(part.vi, _names_of(part, key), partial(_rows_of, part, key)) for part in table.parts]
    size, rows_of = 0, [0] * len(found)
    sampled: list[list[Cells]] = [[] for _ in found]
    for body in bodies():
        size += len(orjson.dumps(body))
        for n, (_, _, cells_of) in enumerate(found):
            rows_of[n] += len(table.parts[n - 1].rows(body)) if n else 1
            if len(sampled[n]) < SAMPLE:
                sampled[n] += cells_of(body)
    used: set[str] = set()
    for (name, _, _), count in zip(found, rows_of, strict=True):
        if count > MOST_ROWS - NAME_ROWS:
            raise _too_large(name, count)

    def rows(cells_of: Callable[[Body], Iterator[Cells]]) -> Iterator[Cells]:
        return (cells for body in bodies() for cells in cells_of(body))

    return [
        _Sheet(
            file=f"xl/worksheets/sheet{n}.xml",
            name=_sheet_name(name, used),
            columns=columns,
            widths=_widths(columns, sample),
            count=count,
            most_bytes=TIMES * size + AROUND * len(columns) * (count + NAME_ROWS),
            rows=partial(rows, cells_of),
        )
        for n, ((name, columns, cells_of), count, sample) in enumerate(
            zip(found, rows_of, sampled, strict=True), start=1
        )
    ]


def _widths(columns: Sequence[tuple[str, str]], rows: Iterable[Cells]) -> list[int]:
    """Wide enough for each word of the head, for the machine's name and for what stands in those rows."""
    widths = [max(NARROWEST, len(name) + BUTTON, *map(len, vi.split())) for vi, name in columns]
    for cells in rows:
        for at, (kind, value) in enumerate(cells):
            widths[at] = max(widths[at], _shown(kind, value))
    return [min(width, WIDEST) + 1 for width in widths]


def _shown(kind: Kind, value: Any) -> int:
    """As how many characters a value is shown, of a text its longest line."""
    if value is None:
        return 0
    if kind is Kind.MOMENT:
        return len("dd/mm/yyyy hh:mm:ss")
    return max(map(len, str(value).splitlines()), default=0)


def _names_of(part: Part, key: str) -> list[tuple[str, str]]:
    # Rows that have a number of their own keep the name for it.
    line = "line" if any(column.name == "position" for column in part.columns) else "position"
    return [("Mã bản ghi", key), ("Dòng số", line), *((column.vi, column.name) for column in part.columns)]


def _rows_of(part: Part, key: str, body: Body) -> Iterator[Cells]:
    for position, row in enumerate(part.rows(body), start=1):
        own = ((column.kind, column.of(row)) for column in part.columns)
        yield [(Kind.TEXT, str(body.get(key) or "")), (Kind.NUMBER, position), *own]


def _sheet_name(name: str, used: set[str]) -> str:
    """That name, as far as Excel allows: 31 characters, some signs not, none twice."""
    plain = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:_WIDEST_NAME].rstrip() or "Danh sách"
    shown, again = plain, 1
    while shown.lower() in used:
        again += 1
        shown = f"{plain[:27]} ({again})"
    used.add(shown.lower())
    return shown


def _too_large(sheet: str, count: int) -> ApiProblem:
    rows = f"{count:_}".replace("_", ".")
    return ApiProblem(
        "export_too_large",
        f"Trang “{sheet}” sẽ có {rows} dòng, nhiều hơn một tập tin Excel chứa được. Hãy lọc bớt, hoặc dùng format=csv "
        "hay format=jsonl.",
        f"Sheet '{sheet}' would have {count:,} rows, more than an Excel file holds. Narrow the query, or use "
        "format=csv or format=jsonl.",
    )


def _frame(sheets: Sequence[_Sheet], origin: Origin) -> tuple[io.BytesIO, Mapping[str, int]]:
    """The workbook without rows, and the numbers that styles have in it."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    # The same list is the same file: its ETag says so.
    book.set_properties({"title": origin.title, "created": datetime(2000, 1, 1)})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4"})
    machine = book.add_format({"italic": True, "font_color": "#555555"})
    styles = {
        # A text beside a number does not touch it.
        "number": book.add_format({"align": "right", "indent": 1}),
        "day": book.add_format({"num_format": "dd/mm/yyyy", "align": "center"}),
        "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss", "align": "center"}),
        # Amounts of money: parted in thousands, as the reader's Excel does.
        "large": book.add_format({"num_format": "#,##0", "align": "right", "indent": 1}),
        # As LibreOffice writes its own: of a truth without a style it shows 1 for some.
        "truth": book.add_format({"num_format": '"TRUE";"TRUE";"FALSE"', "align": "center"}),
        # Typed over, such a text stays a text.
        "quoted": book.add_format({"quote_prefix": True}),
        # On the last sheet they stand under words.
        "day_told": book.add_format({"num_format": "dd/mm/yyyy", "align": "left"}),
        "moment_told": book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss", "align": "left"}),
    }
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        lines = 1
        for at, ((vi, name), width) in enumerate(zip(sheet.columns, sheet.widths, strict=True)):
            page.set_column(at, at, width)
            # Bold letters are wider.
            lines = max(lines, len(wrap(vi, width - 2)))
            page.write_string(0, at, vi, head)
            page.write_string(1, at, name, machine)
        page.set_row(0, LINE * lines + 2)
        page.freeze_panes(NAME_ROWS, 2)
        if sheet.count and sheet.columns:
            page.autofilter(1, 0, sheet.count + 1, len(sheet.columns) - 1)
    used = {sheet.name.lower() for sheet in sheets}
    _about(book.add_worksheet(_sheet_name("Về tập tin này", used)), origin, styles)
    book.close()
    return file, {name: style.xf_index for name, style in styles.items()}


def _about(page: Worksheet, origin: Origin, styles: Mapping[str, Any]) -> None:
    page.set_column(0, 0, max(len(vi) for _, vi, _ in origin.facts) + 2)
    page.set_column(1, 1, 16)
    page.set_column(2, 2, 90)
    for at, (name, vi, value) in enumerate(origin.facts):
        page.write_string(at, 0, vi)
        page.write_string(at, 1, name)
        # Facts are days, moments and words.
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) and date.fromisoformat(value) >= FIRST_DAY:
            page.write_datetime(at, 2, date.fromisoformat(value), styles["day_told"])
        elif re.fullmatch(r"\d{4}-\d{2}-\d{2}T[\d:.]+Z", value):
            page.write_datetime(at, 2, _in_hanoi(value), styles["moment_told"])
        else:
            page.write_string(at, 2, value[:LONGEST_CELL], styles["quoted"] if ALIVE.search(value) else None)
    for at, style in enumerate(styles.values(), start=3):
        # A style that no cell has gets no number.
        page.write_blank(len(origin.facts), at, None, style)


def _sized(before: bytes, sheet: _Sheet) -> bytes:
    """What stands before the rows, with the size that the sheet will have."""
    last = f"{xl_col_to_name(max(0, len(sheet.columns) - 1))}{sheet.count + NAME_ROWS}"
    return re.sub(rb'<dimension ref="[^"]*"/>', f'<dimension ref="A1:{last}"/>'.encode(), before, count=1)


def _portions(sheet: _Sheet, styles: Mapping[str, int]) -> Iterator[bytes]:
    letters = [xl_col_to_name(n) for n in range(len(sheet.columns))]
    rows = enumerate(sheet.rows() if sheet.count else (), start=NAME_ROWS + 1)
    while portion := list(islice(rows, 100)):
        yield "".join(_row(at, letters, cells, styles) for at, cells in portion).encode()


def _row(at: int, letters: Sequence[str], cells: Cells, styles: Mapping[str, int]) -> str:
    written = (
        _cell(f"{letter}{at}", kind, value, styles)
        for letter, (kind, value) in zip(letters, cells, strict=True)
    )
    return f'<row r="{at}">{"".join(written)}</row>'


def _cell(at: str, kind: Kind, value: Any, styles: Mapping[str, int]) -> str:
    match kind:
        case _ if value is None:
            return ""
        case Kind.TRUTH:
            return f'<c r="{at}" s="{styles["truth"]}" t="b"><v>{int(bool(value))}</v></c>'
        case Kind.NUMBER if isinstance(value, int | float) and abs(value) < MOST_EXACT:
            style = styles["large" if isinstance(value, int) and abs(value) >= LARGE else "number"]
            return f'<c r="{at}" s="{style}"><v>{value!r}</v></c>'
        case Kind.DAY if (day := date.fromisoformat(str(value))) >= FIRST_DAY:
            return f'<c r="{at}" s="{styles["day"]}"><v>{(day - DAY_ZERO.date()).days}</v></c>'
        case Kind.MOMENT:
            days = (_in_hanoi(str(value)) - DAY_ZERO) / timedelta(days=1)
            return f'<c r="{at}" s="{styles["moment"]}"><v>{days!r}</v></c>'
    return _text(at, str(value), styles)


def _text(at: str, text: str, styles: Mapping[str, int]) -> str:
    """Always a text, never a formula, an address or a number."""
    if not text:
        return ""
    if len(text) > LONGEST_CELL:
        text = text[: LONGEST_CELL - len(CUT)] + CUT
    style = f' s="{styles["quoted"]}"' if ALIVE.search(text) else ""
    kept = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() or "\n" in text else ""
    if _CONTROL.search(text):
        text = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return f'<c r="{at}"{style} t="inlineStr"><is><t{kept}>{escape(text)}</t></is></c>'


def _in_hanoi(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(HANOI).replace(tzinfo=None)
