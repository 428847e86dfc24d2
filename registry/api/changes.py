"""The change feed: every announcement in the order in which it was made."""

import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request

from registry import clock
from registry.api import shapes
from registry.api.answers import answer, digest, neighbours
from registry.api.authentication import kinds_read_by, scope_missing
from registry.api.base import ApiView
from registry.api.exports import FILES, FORMAT, PORTION, Export, Exportable, exported, file_asked_for, origin
from registry.api.fields import FIELDS, fields_asked, fields_parameter, some, with_fields
from registry.api.operations import Operation
from registry.api.parameters import Parameter, read, several
from registry.api.problems import ApiProblem
from registry.api.restores import position_lost
from registry.api.values import Refused, parts, whole_number
from registry.queries.announcements import as_change, last_announcement, news_after
from registry.queries.editions import position
from registry.queries.recoveries import next_recovery
from registry.rules import codes
from registry.rules.moments import as_text
from registry.rules.resource_names import KINDS

LATEST = "latest"
AFTER = Parameter(
    "after",
    "Chỉ các thông báo có số lớn hơn số này; 0 là từ đầu; latest: không thông báo nào, chỉ hỏi đang ở đâu.",
    "Only announcements after this number; 0 is from the beginning; latest gives none and tells where to begin.",
    {"oneOf": [{"type": "integer", "minimum": 0}, {"type": "string", "enum": [LATEST]}], "default": 0},
    0,
)
RESOURCE = Parameter(
    "resource",
    "Chỉ các bản ghi thuộc loại này; nhiều loại cách nhau bằng dấu phẩy.",
    "Only records of this resource; several are parted by commas.",
    several({"type": "string", "enum": list(KINDS)}),
    ["clusters", "decisions"],
)
LIMIT = Parameter(
    "limit",
    "Số thông báo mỗi trang.",
    "Announcements a page.",
    {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
    100,
)


class Change(serializers.Serializer[Any]):
    """That the answer about one record changed, and on which days."""

    seq = serializers.IntegerField(
        help_text="Rises by one, never used again; only a restore from a backup skips numbers, and nobody is led past "
        "them untold (410 position_lost)."
    )
    at = serializers.DateTimeField()
    publication = serializers.IntegerField(
        allow_null=True,
        help_text="The publication (known_seq) that brought it; null when only a day had come.",
    )
    news = shapes.code(codes.ANNOUNCEMENT_KIND)
    resource = shapes.text("clusters, decisions…")
    id = shapes.text("The record's code.")
    first_day = shapes.day("The first day (valid_on) on which the answer differs; null: on none.")
    last_day = shapes.day("The last such day; 9999-12-30 when it has no end.")
    url = serializers.URLField(help_text="Where to read the record again.")


class Snapshot(serializers.Serializer[Any]):
    """The clocks that `last_seq` belongs to: whoever downloads with them and follows from there misses nothing."""

    valid_on = serializers.DateField()
    known_seq = serializers.IntegerField()


class ChangeList(serializers.Serializer[Any]):
    last_seq = serializers.IntegerField(help_text="Send it as `after` next time.")
    next = serializers.URLField(
        allow_null=True, help_text="More is waiting there; null: you have everything."
    )
    snapshot = Snapshot(required=False, help_text="Only with after=latest.")
    results = Change(many=True)


class ChangesView(Exportable, ApiView):
    """What a mirror follows: it reads each record named, and has all again. As a file: to the last announcement.

    Both end where a restore lost announcements, so that nobody passes the place unaware (docs/why/restored-feed.md).
    """

    def parameters(self) -> tuple[Parameter, ...]:
        return AFTER, RESOURCE, LIMIT, fields_parameter(list(Change().fields)), FORMAT

    def operation(self) -> Operation:
        return Operation(
            name="list_changes",
            tag="changes",
            vi="Những gì đã thay đổi sau một thông báo, theo thứ tự.",
            en="What changed after an announcement, in order.",
            serializer=ChangeList,
            example={
                "last_seq": 1,
                "next": None,
                "results": [
                    {
                        "seq": 1,
                        "at": "2026-08-31T02:00:00.000000Z",
                        "publication": 1,
                        "news": "published",
                        "resource": "clusters",
                        "id": "tien-cuong-ii",
                        "first_day": "0001-01-01",
                        "last_day": "9999-12-30",
                        "url": "https://registry.example/api/v1/clusters/tien-cuong-ii/",
                    }
                ],
            },
            statuses=(400, 410),
            files=FILES,
        )

    def get(self, request: Request) -> HttpResponseBase:
        given = self.given(request)
        asked = file_asked_for(given, pages=("limit",))
        fields = fields_asked(given, Change().fields)
        kinds = kinds_read_by(request)
        if named := read(given, "resource", resources):
            if hidden := sorted(named - kinds):
                raise scope_missing(hidden[0])
            kinds = named
        if given.get("after") == LATEST:
            if asked:
                raise ApiProblem(
                    "parameter_conflict",
                    "after=latest chỉ cho biết nơi bắt đầu theo dõi, không có gì để ghi vào tệp. Hãy bỏ “format”.",
                    "after=latest tells where to begin; there is nothing to put into a file. Leave out 'format'.",
                )
            return where_to_begin(request)
        after = read(given, "after", whole_number(0, 10**17)) or 0
        limit = read(given, "limit", whole_number(1, 1000)) or 100
        head = last_announcement()
        if after > head:
            raise ApiProblem(
                "change_in_future",
                f"Chưa có thông báo số {after}; thông báo cuối là số {head}. Nếu trước đây từng có, sổ đăng ký đã "
                "được khôi phục từ bản sao lưu: hãy tải lại toàn bộ, bắt đầu từ after=latest.",
                f"There is no announcement {after} yet; the last one is {head}. If there was one before, the "
                "registry was restored from a backup: download everything again, beginning with after=latest.",
            )
        address = request.build_absolute_uri(request.path)
        served_at = request.build_absolute_uri("/").rstrip("/")
        if recovery := next_recovery(after):
            # Nobody is led past what was lost: who comes to its edge is told of it.
            head = recovery.announcement
            if after >= head:
                raise position_lost(after, recovery, begin=f"{address}?after={LATEST}")
        query = {name: given[name] for name in ("resource", FIELDS) if name in given}
        if asked:
            # A file that ends at the gap says where to ask on, and that address says why it ends there.
            on = (
                f"{address}?{urlencode({**query, 'after': str(head), 'format': asked})}" if recovery else None
            )
            export = _export(request, after, head, kinds, served_at, fields, on)
            made = as_text(position().head_at)
            return exported(request, asked, export, etag=digest(address, head, made, sorted(kinds), given))
        found = news_after(after, upto=head, kinds=kinds, limit=limit + 1)
        rows, more = found[:limit], len(found) > limit or recovery is not None
        last = rows[-1].seq if len(found) > limit else head
        query |= {"after": str(last), "limit": str(limit)}
        following = f"{address}?{urlencode(query)}" if more else None
        body = orjson.dumps(
            {
                "last_seq": last,
                "next": following,
                "results": [some(as_change(row, served_at), fields) for row in rows],
            }
        )
        # Of the bytes, not of numbers: those tell of nothing else even where a restore brought some again.
        etag = hashlib.sha256(body).hexdigest()
        return answer(request, lambda: body, etag=etag, headers=neighbours(following))


def _export(
    request: Request,
    after: int,
    head: int,
    kinds: frozenset[str],
    served_at: str,
    fields: frozenset[str] | None,
    following: str | None,
) -> Export:
    def bodies() -> Iterator[bytes]:
        last: int | None = after
        while last is not None:
            rows = news_after(last, upto=head, kinds=kinds, limit=PORTION)
            yield from (orjson.dumps(as_change(row, served_at)) for row in rows)
            last = rows[-1].seq if len(rows) == PORTION else None

    numbers = [("after", "Sau thông báo số", str(after)), ("last_seq", "Đến hết thông báo số", str(head))]
    return Export(
        stem=f"changes-{after}-{head}",
        shape=Change,
        key="id",
        origin=origin(request, "Thông báo", numbers),
        bodies=bodies,
        fields=fields,
        cut=lambda body: with_fields(body, fields),
        headers=neighbours(following),
    )


def where_to_begin(request: Request) -> HttpResponse:
    """The last announcement with the clocks it belongs to.

    The day is read after it: an announcement that a new day brings is then told again rather than never.
    """
    found = position()
    said = {
        "last_seq": found.announcement,
        "next": None,
        "snapshot": {"valid_on": clock.today(), "known_seq": found.seq},
        "results": [],
    }
    return answer(request, lambda: orjson.dumps(said), etag=digest(said))


def resources(text: str) -> frozenset[str]:
    """The kinds of the resources that are named. Raises Refused."""
    words = parts(text)
    if unknown := next((word for word in words if word not in KINDS), None):
        known = ", ".join(KINDS)
        raise Refused(
            "code_unknown",
            f"không có loại “{unknown}”. Các loại: {known}.",
            f"names no resource '{unknown}'. Possible: {known}.",
        )
    return frozenset(KINDS[word] for word in words)
