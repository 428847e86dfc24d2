"""Cells as values: what a spreadsheet could take for a formula, what Excel cannot hold, and ten thousand rows."""

import csv
import io
import json
import re
import tracemalloc
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from rest_framework import serializers

from registry.api import workbooks
from registry.api.problems import ApiProblem
from registry.api.spreadsheets import Origin, csv_of, harmless, harmless_json
from registry.api.tables import table_of
from registry.api.workbooks import CUT, LONGEST_CELL, xlsx_of

ORIGIN = Origin("Danh sách thử", [("title", "Tên", "Danh sách thử"), ("known_seq", "Số", "1")], ["known_seq"])
SIGNS = "=+-@＝＋－＠"
ATTACKS = [
    *(f"{sign}1+1" for sign in SIGNS),
    *(
        f"{blank}=1+1"
        for blank in (" ", "   ", "\t", "\r", "\n", "\r\n", "\u00a0", "\u200b", "\ufeff", "\u3000", "\x0b")
    ),
    '=HYPERLINK("http://evil.example","x")',
    "@SUM(A1)",
    "+84 225 000",
    "-2 nhân viên",
    "\tchữ",
    "\rchữ",
    "\nchữ",
    '"=1',
    ';"=',
    "a;=1+1",
    "a; =1+1",
    "a\n=1+1",
    "a\t=1+1",
    'a";=1+1',
]
PEACEFUL = [
    "",
    "Tiên Cường II",
    "47,8 - 50 ha",
    "a = b",
    "a@b.vn",
    "607/QĐ-UBND",
    "−5 độ",
    "x+y",
    "1;2",
    "5'",
    "'=1",
]


class Inner(serializers.Serializer):
    name = serializers.CharField()
    on = serializers.DateField()


class Shape(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    number = serializers.FloatField()
    value = serializers.IntegerField()
    on = serializers.DateField()
    at = serializers.DateTimeField()
    rival = serializers.BooleanField()
    aliases = serializers.ListField(child=serializers.CharField())
    places = Inner(many=True)


def body(**values):
    empty = {"code": "a", "name": "", "number": None, "value": None, "on": None, "at": None, "rival": None}
    return empty | {"aliases": [], "places": []} | values


def as_csv(*bodies):
    text = b"".join(csv_of(table_of(Shape), bodies, ORIGIN)).decode()
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


def workbook(*bodies) -> bytes:
    return b"".join(xlsx_of(table_of(Shape), lambda: bodies, ORIGIN, key="code"))


def as_xlsx(*bodies):
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(*bodies)))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def cells_seen(text: str, separator: str) -> list[str]:
    """Every cell that a program sees which takes that sign for the separator and knows quotes at a cell's beginning."""
    return [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row]


def is_alive(cell: str) -> bool:
    return re.match(r"[\s\u200b-\u200f\u2060\ufeff\xad\x00-\x20]*[=+\-@＝＋－＠]", cell) is not None


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_becomes_a_formula_in_a_csv(attack):
    bodies = [body(name=attack, aliases=[attack, attack], places=[{"name": attack, "on": None}])]
    text = b"".join(csv_of(table_of(Shape), bodies, ORIGIN)).decode().removeprefix("\ufeff")
    for separator in ",;\t":
        assert [cell for cell in cells_seen(text, separator) if is_alive(cell)] == []
    row = as_csv(*bodies)[0]
    assert row["name"] != attack
    assert json.loads(row["places"]) == [{"name": attack, "on": None}], "JSON is the same value"


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_becomes_a_formula_in_a_workbook(attack):
    found = workbook(body(name=attack, aliases=[attack], places=[{"name": attack, "on": None}]))
    with zipfile.ZipFile(io.BytesIO(found)) as packed:
        written = b"".join(packed.read(name) for name in packed.namelist() if "sheet" in name)
    assert b"<f>" not in written
    assert b"hyperlink" not in written
    book = CalamineWorkbook.from_filelike(io.BytesIO(found))
    cell = book.get_sheet_by_index(0).to_python()[2][1]
    assert cell.replace("\r\n", "\n").replace("\r", "\n") == attack.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("text", PEACEFUL)
def test_other_text_stays_as_it_is(text):
    assert harmless(text) == text
    assert as_csv(body(name=text))[0]["name"] == text


@given(st.text(alphabet=st.sampled_from("=+-@＝＋ \t\r\n;,\"'a1\u200b\ufeff"), max_size=12))
def test_whatever_a_text_holds_nothing_comes_alive(text):
    line = b"".join(csv_of(table_of(Shape), [body(name=text)], ORIGIN)).decode().removeprefix("\ufeff")
    for separator in ",;\t":
        assert [cell for cell in cells_seen(line, separator) if is_alive(cell)] == []


@given(st.text(alphabet=st.sampled_from("=+-@＝; \t\n\"\\a1'"), max_size=12))
def test_json_in_a_cell_stays_the_same_value(text):
    assert json.loads(harmless_json(json.dumps([text], ensure_ascii=False))) == [text]


def test_numbers_below_zero_stay_numbers():
    row = as_csv(body(number=-5.25, value=-5))[0]
    assert (row["number"], row["value"]) == ("-5.25", "-5")
    sheet = as_xlsx(body(number=-5.25, value=-5))["Danh sách thử"]
    assert sheet[2][2:4] == [-5.25, -5]


def test_what_excel_cannot_count_exactly_stands_as_text():
    assert as_xlsx(body(value=999_999_999_999_999))["Danh sách thử"][2][3] == 999_999_999_999_999
    assert as_xlsx(body(value=12_345_678_901_234_567))["Danh sách thử"][2][3] == "12345678901234567"


def test_days_are_days_and_moments_are_those_of_hanoi():
    sheet = as_xlsx(body(on="2022-02-23", at="2026-01-05T17:30:00.000000Z"))["Danh sách thử"]
    assert sheet[2][4] == date(2022, 2, 23)
    assert sheet[2][5] == datetime(2026, 1, 6, 0, 30)
    row = as_csv(body(on="2022-02-23", at="2026-01-05T17:30:00.000000Z"))[0]
    assert (row["on"], row["at"]) == ("2022-02-23", "2026-01-05T17:30:00.000000Z")


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("0001-01-01", "0001-01-01"),
        ("1900-02-28", "1900-02-28"),
        ("1900-03-01", date(1900, 3, 1)),
        ("9999-12-30", date(9999, 12, 30)),
    ],
)
def test_days_that_excel_does_not_know_are_text(day, shown):
    assert as_xlsx(body(on=day))["Danh sách thử"][2][4] == shown


def test_truths_are_truths_and_nothing_is_empty():
    sheet = as_xlsx(body(rival=True), body(rival=False), body())["Danh sách thử"]
    assert [row[6] for row in sheet[2:]] == [True, False, ""]
    assert [row["rival"] for row in as_csv(body(rival=True), body(rival=False), body())] == [
        "true",
        "false",
        "",
    ]


def test_a_text_too_long_for_excel_is_cut_and_says_so():
    sheet = as_xlsx(body(name="a" * LONGEST_CELL), body(name="a" * (LONGEST_CELL + 1)))["Danh sách thử"]
    assert sheet[2][1] == "a" * LONGEST_CELL
    assert len(sheet[3][1]) == LONGEST_CELL
    assert sheet[3][1].endswith(CUT)


def test_lists_of_objects_have_a_sheet_of_their_own():
    two = [{"name": "x", "on": "2022-01-01"}, {"name": "y", "on": None}]
    book = as_xlsx(body(code="a", places=two), body(code="b"), body(code="c", places=two[:1]))
    assert [row[-1] for row in book["Danh sách thử"][2:]] == [2, 0, 1]
    assert book["Địa điểm"][0] == ["Mã bản ghi", "Dòng số", "Tên", "Từ ngày"]
    assert book["Địa điểm"][1] == ["code", "position", "name", "on"]
    assert book["Địa điểm"][2:] == [
        ["a", 1, "x", date(2022, 1, 1)],
        ["a", 2, "y", ""],
        ["c", 1, "x", date(2022, 1, 1)],
    ]


def widths_of(found: bytes, sheet: int) -> dict[int, float]:
    """Of each column of a sheet, from 1: how many characters fit."""
    with zipfile.ZipFile(io.BytesIO(found)) as packed:
        xml = packed.read(f"xl/worksheets/sheet{sheet}.xml").decode()
    cols = re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', xml)
    return {n: float(width) for first, last, width in cols for n in range(int(first), int(last) + 1)}


def test_columns_are_as_wide_as_what_stands_in_them_and_no_text_makes_one_endless():
    address = "https://registry.example/api/v1/clusters/"
    rows = [
        body(name="Cụm công nghiệp Tiên Cường II", at="2026-11-22T10:00:00Z", aliases=[address] * 9),
        body(places=[{"name": "dòng một\ndòng thứ hai", "on": None}], value=1),
    ]
    found = workbook(*rows)
    code, name, number, value, on, at, rival, aliases, places = widths_of(found, 1).values()
    assert name > len("Cụm công nghiệp Tiên Cường II")
    assert at > len("22/11/2026 17:00:00")
    assert 8 < value < 12
    assert aliases == pytest.approx(50, abs=1)
    # The machine's name and the button of the filter beside it.
    assert min(code, number, on, rival, places) > len("aaa") + 5
    assert widths_of(found, 2)[3] < len("dòng một dòng thứ hai")
    # What comes late does not count: rows are sent as they are read.
    late = widths_of(workbook(*[body()] * 200, body(name="x" * 40)), 1)
    assert late[2] < 20


def test_the_head_is_as_high_as_its_words_need():
    with zipfile.ZipFile(io.BytesIO(workbook(body()))) as packed:
        height = float(
            re.search(rb'<row r="1"[^>]* ht="([\d.]+)"', packed.read("xl/worksheets/sheet1.xml"))[1]
        )
    assert 15 < height < 80


def test_more_rows_than_excel_has_are_refused_before_the_first_byte(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ROWS", 5)
    place = {"name": "x", "on": None}
    assert as_xlsx(body(places=[place] * 3))
    with pytest.raises(ApiProblem) as caught:
        next(xlsx_of(table_of(Shape), lambda: [body(places=[place] * 4)], ORIGIN, key="code"))
    assert caught.value.code == "export_too_large"
    assert "format=csv" in caught.value.detail


def test_ten_thousand_rows_take_no_more_memory_than_a_thousand():
    def peak(write, count) -> int:
        def bodies():
            return (body(code=f"c{n}", name="Cụm công nghiệp " * 20, number=n) for n in range(count))

        tracemalloc.start()
        total = sum(len(part) for part in write(bodies))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert total > 20 * count
        return most

    for write in (
        lambda bodies: csv_of(table_of(Shape), bodies(), ORIGIN),
        lambda bodies: xlsx_of(table_of(Shape), bodies, ORIGIN, key="code"),
    ):
        peak(write, 10)
        assert peak(write, 10_000) < 1.3 * peak(write, 1_000) + 100_000


def test_a_workbook_begins_before_its_rows_are_read_and_ends_with_its_reader():
    """Counting aside, each portion of rows is read when it is sent; nothing is read for who went away."""
    read = []

    def bodies():
        read.append(0)
        for n in range(5_000):
            read[-1] += 1
            yield body(code=f"c{n}", name=f"Cụm {n} {hash(str(n)):x} {hash(str(-n)):x}")

    parts = xlsx_of(table_of(Shape), bodies, ORIGIN, key="code")
    assert next(parts)
    assert read[0] == 5_000
    assert 0 < read[1] < 4_000
    parts.close()
    assert read[1:] == [read[1]]


@pytest.mark.parametrize("text", ["&" * 20_000, "\x01" * 20_000, ""])
def test_a_sheet_of_more_than_two_gibibytes_is_whole_and_others_say_nothing_of_it(monkeypatch, text):
    """The archive's bound is lowered for it: such a sheet takes minutes."""
    rows = [body(code=f"c{n}", name=f"Cụm {n} {text}") for n in range(20)]
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 100_000)
    with zipfile.ZipFile(io.BytesIO(workbook(*rows))) as book:
        assert book.testzip() is None
        sizes = {entry.filename: entry.file_size for entry in book.infolist()}
    assert (sizes["xl/worksheets/sheet1.xml"] > 2_000_000) == bool(text)
    assert len(as_xlsx(*rows)["Danh sách thử"]) == 22
    monkeypatch.undo()
    with zipfile.ZipFile(io.BytesIO(workbook(*rows))) as book:
        # Programs that do not know longer numbers read it.
        assert {entry.extract_version for entry in book.infolist()} == {20}


def test_rows_are_written_as_xlsxwriter_writes_them():
    """The XML of each cell is the one in a workbook that the library wrote, apart from the numbers of styles."""
    made = body(
        code="a",
        name=" cao < thấp & “x” \x01 _x0041_ \t\n]]>",
        number=47.8,
        value=-3,
        on="2022-02-23",
        at="2026-01-05T23:00:00.000000Z",
        rival=True,
        aliases=["=1+1", "á"],
    )
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    day, sheet = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_worksheet()
    cells = ["a", made["name"], 47.8, -3, date(2022, 2, 23), datetime(2026, 1, 6, 6), True, "=1+1; á", 0]
    for n, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(2, n, cell)
        else:
            sheet.write(2, n, cell, *([day] if isinstance(cell, date) else []))
    book.close()

    def written(content: bytes) -> list[str]:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            xml = packed.read("xl/worksheets/sheet1.xml").decode()
        row = re.search(r'<row r="3"[^>]*>(.*?)</row>', xml, re.DOTALL)
        return re.findall(r"<c .*?</c>", re.sub(r' s="\d+"', "", row[1]), re.DOTALL)

    assert written(workbook(made)) == written(file.getvalue())
