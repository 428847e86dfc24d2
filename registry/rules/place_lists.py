"""Lists of administrative units as people get them: read from CSV, and compared with what we hold."""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from registry.rules import codes
from registry.rules.problems import Problem
from registry.rules.text import TONES, clean_text, search_text

_COLUMNS = {
    "code": "code",
    "ma": "code",
    "name": "name",
    "ten": "name",
    "kind": "kind",
    "cap": "kind",
    "loai": "kind",
}
#: Words that say the kind of a unit, longest first, and the kind.
_KINDS = sorted(
    ((search_text(codes.PLACE_KIND.vi(kind)).split(" (")[0], kind) for kind in codes.PLACE_KIND),
    key=lambda pair: -len(pair[0]),
)


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """A unit as a list has it: official code, name without its kind, kind; None: the list does not say."""

    code: str
    name: str
    kind: str | None

    def __str__(self) -> str:
        kind = codes.PLACE_KIND.vi(self.kind).lower() if self.kind else ""
        return " ".join(filter(None, (self.code, kind, self.name)))


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which a list and the registry differ; `code` is stable, for scripts."""

    code: str
    text: str


def read_list(text: str) -> list[ListedUnit]:
    """The rows of a CSV file with a heading: `code`, `name` and, if it has one, `kind` (or `mã`, `tên`, `loại`, `cấp`).

    Commas, semicolons or tabs. A kind may stand before the name instead (“Phường An Phong”). Raises Problem
    `list_unreadable`, naming the line.
    """
    heading = text.lstrip("\ufeff").partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    rows = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter)
    columns = [_COLUMNS.get(_plain(cell)) for cell in next(rows, [])]
    if not {"code", "name"} <= set(columns) or any(
        columns.count(one) > 1 for one in ("code", "name", "kind")
    ):
        raise Problem(
            "list_unreadable", "Dòng 1 phải là tiêu đề có đúng một cột “mã” (code) và một cột “tên” (name)."
        )
    found = []
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(columns):
            raise Problem(
                "list_unreadable",
                f"Dòng {rows.line_num}: có {len(row)} ô, tiêu đề có {len(columns)}. Hãy sửa dòng đó.",
            )
        found.append(_unit(dict(zip(columns, row, strict=True)), rows.line_num))
    if not found:
        raise Problem("list_unreadable", "Danh sách không có đơn vị nào.")
    return found


def _unit(row: dict[str | None, str], line: int) -> ListedUnit:
    code, name = clean_text(row["code"]), clean_text(row["name"])
    if not re.fullmatch(r"\d{2,10}", code):
        raise Problem("list_unreadable", f"Dòng {line}: mã “{code}” phải là các chữ số, giữ cả số 0 ở đầu.")
    before, name = _without_kind(name)
    if not name:
        raise Problem("list_unreadable", f"Dòng {line}: không có tên.")
    stated = clean_text(row.get("kind") or "")
    kind = _kind_of(stated) if stated else before
    if stated and kind is None:
        raise Problem(
            "list_unreadable", f"Dòng {line}: không biết loại “{stated}”. Hãy ghi phường, xã, đặc khu…"
        )
    return ListedUnit(code, name, kind)


def _plain(text: str) -> str:
    """The first word of a heading, without diacritics: `Mã ĐVHC` is `ma`."""
    word = re.match(r"[a-z]*", search_text(text))
    return word[0] if word else ""


def _kind_of(text: str) -> str | None:
    plain = search_text(text)
    return (
        plain if plain in codes.PLACE_KIND else next((kind for words, kind in _KINDS if words == plain), None)
    )


def _without_kind(name: str) -> tuple[str | None, str]:
    """“Phường An Phong” → (ward, “An Phong”); a name without a kind stays whole."""
    plain = search_text(name)
    for words, kind in _KINDS:
        if plain.startswith(f"{words} "):
            return kind, " ".join(name.split()[len(words.split()) :])
    return None, name


def compare(listed: Iterable[ListedUnit], held: Iterable[ListedUnit]) -> Iterator[Finding]:
    """How the list differs from what we hold, in the order of codes: what is said of one unit is said once.

    held: with an empty code where none is known.
    """
    rows, held = list(listed), sorted(held, key=_order)
    yield from _repeated(rows)
    ours = {unit.code: unit for unit in held if unit.code}
    theirs = {unit.code for unit in rows}
    unmatched = [unit for unit in held if unit.code not in theirs]
    for unit in sorted(set(rows), key=_order):
        if (own := ours.get(unit.code)) is not None:
            yield from _told_apart(unit, own)
        elif (namesake := next((other for other in unmatched if _may_be(unit, other)), None)) is not None:
            unmatched.remove(namesake)
            said = f"hệ thống ghi mã {namesake.code}" if namesake.code else "hệ thống chưa ghi mã"
            yield Finding("other_code", f"{unit}: {said}.")
        else:
            yield Finding("missing", f"{unit}: chưa có trong hệ thống.")
    for unit in unmatched:
        yield Finding("extra", f"{unit}: có trong hệ thống, không có trong danh sách.")


def _told_apart(unit: ListedUnit, own: ListedUnit) -> Iterator[Finding]:
    if _same(own.name) != _same(unit.name):
        yield Finding("other_name", f"{unit}: hệ thống ghi tên “{own.name}”.")
    if unit.kind not in (None, own.kind):
        yield Finding(
            "other_kind", f"{unit}: hệ thống ghi loại “{codes.PLACE_KIND.vi(own.kind or '').lower()}”."
        )


def _may_be(unit: ListedUnit, other: ListedUnit) -> bool:
    return _same(unit.name) == _same(other.name) and unit.kind in (None, other.kind)


def _repeated(rows: list[ListedUnit]) -> Iterator[Finding]:
    for code, times in sorted(Counter(unit.code for unit in rows).items()):
        if times > 1:
            yield Finding("repeated", f"Mã {code} có {times} lần trong danh sách.")


def _same(name: str) -> str:
    """Equal for names that differ in Unicode form, case, spaces or the letter that bears the tone (Hoà, Hòa) alone."""
    words = []
    for word in unicodedata.normalize("NFD", clean_text(name).casefold()).split():
        tones = "".join(letter for letter in word if letter in TONES)
        words.append("".join(letter for letter in word if letter not in TONES) + tones)
    return " ".join(words)


def _order(unit: ListedUnit) -> tuple[str, str]:
    return unit.code, unit.name
