"""A whole list as one file: `format=csv`, `xlsx` or `jsonl`. The same filters, order and clocks as its pages.

Records are read page by page at a pinned publication, each page by a query of its own: no transaction stays open,
and whoever publishes meanwhile changes nothing in the file.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.conf import settings
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from registry.api.answers import made_of, streamed
from registry.api.parameters import Parameter, problem
from registry.api.problems import ApiProblem
from registry.api.spreadsheets import Origin, csv_of
from registry.api.tables import Table, table_of
from registry.api.values import Refused
from registry.api.workbooks import refuse_too_many, xlsx_of
from registry.models.editions import Edition
from registry.queries.editions import Order, page

#: Each format that is a file, and its media type.
FILES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMATS = ("json", *FILES)
#: Counted up when the same records make other bytes.
VERSION = 3
#: Records read by one query.
PORTION = 500

FORMAT = Parameter(
    "format",
    "json: từng trang (mặc định). csv, xlsx, jsonl: cả danh sách trong một tập tin, không phân trang.",
    "json: page by page (the default). csv, xlsx, jsonl: the whole list in one file, without pages.",
    {"type": "string", "enum": list(FORMATS), "default": "json"},
    "csv",
)


def origin(request: Request, title: str, clocks: Sequence[tuple[str, str, str]]) -> Origin:
    """What a file says of itself: title, who publishes, which clocks, and the address that gives it."""
    address = request.build_absolute_uri()
    return Origin(
        title,
        (
            ("title", "Danh sách", title),
            ("publisher", "Cơ quan công bố", settings.PUBLISHING_OFFICE),
            *clocks,
            ("url", "Lấy từ địa chỉ", address),
        ),
        [name for name, _, _ in clocks],
    )


def stem_of(request: Request) -> str:
    """The beginning of a file's name: `/api/v1/land/available/` is `land-available`."""
    return "-".join(request.path.strip("/").split("/")[2:])


@dataclass(frozen=True, slots=True)
class Export:
    """bodies: the records as JSON, the same ones at each call: a workbook reads them once for each sheet.

    `key` is the member that names a record; `stem` the file's name without its ending; `fields` the members asked
    for, None for all; `cut` leaves them alone in a body.
    """

    stem: str
    shape: type[serializers.Serializer[Any]]
    key: str
    origin: Origin
    bodies: Callable[[], Iterator[bytes]]
    fields: Collection[str] | None = None
    cut: Callable[[bytes], bytes] = bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def records(self) -> Iterator[Any]:
        return map(orjson.loads, self.bodies())

    def table(self) -> Table:
        table = table_of(self.shape)
        return table if self.fields is None else table.only(self.fields)


class Exportable(APIView):
    """A list that can also be had as a file. The address says which: then Accept is not asked."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        if request._request.GET.get("format") in FILES:
            renderer = self.get_renderers()[0]
            return renderer, renderer.media_type
        return super().perform_content_negotiation(request, force)


def file_asked_for(
    given: Mapping[str, str], pages: Sequence[str] = ("page_size", "cursor", "count")
) -> str | None:
    """The format, None for pages of JSON. Raises ApiProblem for an unknown one, and for a page of a file."""
    asked = given.get("format", "json")
    if asked not in FORMATS:
        known = ", ".join(FORMATS)
        raise problem(
            "format",
            Refused(
                "code_unknown", f"không có dạng “{asked}”. Các dạng: {known}.", f"must be one of {known}."
            ),
        )
    if asked == "json":
        return None
    for name in pages:
        if name in given:
            raise ApiProblem(
                "parameter_conflict",
                f"Không ghi “{name}” cùng format={asked}: tập tin luôn có cả danh sách.",
                f"Leave out '{name}' with format={asked}: a file always holds the whole list.",
            )
    return asked


def exported(request: Request, asked: str, export: Export, *, etag: str) -> HttpResponseBase:
    """The file, or 304. Raises ApiProblem when a workbook would hold more rows than Excel has, also for its head.

    Nobody is given the tag of a workbook before its rows were counted, nor can make it up: who sends it back need not
    wait for another count.
    """

    def counted() -> None:
        if asked == "xlsx":
            refuse_too_many(export.table(), export.records, export.origin, key=export.key)

    def make() -> Iterator[bytes]:
        if request.method == "HEAD":
            counted()
            return iter(())
        if asked == "jsonl":
            return _lines(map(export.cut, export.bodies()))
        if asked == "csv":
            return csv_of(export.table(), export.records(), export.origin)
        return _begun(xlsx_of(export.table(), export.records, export.origin, key=export.key))

    if request.headers.get("If-None-Match", "").strip() == "*":  # whatever its tag is, if there is one
        counted()
    columns = [column.name for column in export.table().columns]
    name = f"{export.stem}.{asked}"
    return streamed(
        request._request,
        make,
        etag=made_of(etag, VERSION, columns),
        content_type=FILES[asked],
        headers={**export.headers, "Content-Disposition": f'attachment; filename="{name}"'},
        compressible=asked != "xlsx",
    )


def bodies_of(
    rows: QuerySet[Edition], orders: Sequence[Order], cut: Callable[[bytes], bytes] = bytes
) -> Iterator[bytes]:
    """Every body in order, by keyset pages: each query is short, and none is open between two."""
    start: Sequence[object] | None = None
    more = True
    while more:
        found = page(rows, orders, ["body"], size=PORTION, start=start)
        for row in found.rows:
            yield bytes(row[-1])
        more = found.more
        start = found.rows[-1][: len(orders)] if found.rows else None


def _lines(bodies: Iterator[bytes]) -> Iterator[bytes]:
    waiting: list[bytes] = []
    for body in bodies:
        waiting.append(body)
        if len(waiting) == PORTION // 10:
            yield b"\n".join(waiting) + b"\n"
            waiting = []
    if waiting:
        yield b"\n".join(waiting) + b"\n"


def _begun(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The same parts, the first one made: what is wrong is told while it can still be refused."""
    first = next(parts, b"")

    def all_parts() -> Iterator[bytes]:
        yield first
        yield from parts

    return all_parts()
