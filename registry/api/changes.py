"""The change feed: every announcement in the order in which it was made."""

from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpResponse
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request

from registry.api import shapes
from registry.api.answers import answer, digest, neighbours
from registry.api.base import ApiView
from registry.api.clocks import as_text
from registry.api.operations import Operation
from registry.api.parameters import Parameter, read
from registry.api.values import whole_number
from registry.models import Announcement
from registry.queries.announcements import news_after
from registry.rules import codes
from registry.rules.resource_names import NAMES

AFTER = Parameter(
    "after",
    "Chỉ các thông báo có số lớn hơn số này; 0 là từ đầu.",
    "Only announcements after this number; 0 is from the beginning.",
    {"type": "integer", "minimum": 0, "default": 0},
    0,
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

    seq = serializers.IntegerField(help_text="Rises by one; never skipped, never used again.")
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


class ChangeList(serializers.Serializer[Any]):
    last_seq = serializers.IntegerField(help_text="Send it as `after` next time.")
    next = serializers.URLField(
        allow_null=True, help_text="More is waiting there; null: you have everything."
    )
    results = Change(many=True)


class ChangesView(ApiView):
    """What a mirror follows: it reads each record named, and has all again."""

    def parameters(self) -> tuple[Parameter, ...]:
        return AFTER, LIMIT

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
            statuses=(400,),
        )

    def get(self, request: Request) -> HttpResponse:
        given = self.given(request)
        after = read(given, "after", whole_number(0, 10**17)) or 0
        limit = read(given, "limit", whole_number(1, 1000)) or 100
        found = news_after(after, limit=limit + 1)
        rows, more = found[:limit], len(found) > limit
        last = rows[-1].seq if rows else after
        address = request.build_absolute_uri(request.path)
        following = f"{address}?{urlencode({'after': last, 'limit': limit})}" if more else None
        body = orjson.dumps(
            {
                "last_seq": last,
                "next": following,
                "results": [_change(request, row) for row in rows],
            }
        )
        etag = digest(address, after, limit, last, more)
        return answer(request, lambda: body, etag=etag, headers=neighbours(following))


def _change(request: Request, row: Announcement) -> dict[str, Any]:
    name = NAMES[row.kind]
    return {
        "seq": row.seq,
        "at": as_text(row.at),
        "publication": row.publication_id,
        "news": row.news,
        "resource": name,
        "id": row.code,
        "first_day": row.first_day,
        "last_day": row.last_day,
        "url": request.build_absolute_uri(reverse(f"api:{name}-detail", args=[row.code])),
    }
