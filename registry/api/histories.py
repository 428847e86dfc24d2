"""The public history of one record: what was told of it, when, and why. No names of persons."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

import orjson
from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request

from registry import clock
from registry.api import shapes
from registry.api.answers import answer, digest, made_of, neighbours
from registry.api.authentication import kinds_read_by
from registry.api.clocks import Clocks, clocks
from registry.api.cursors import read_cursor
from registry.api.exports import (
    FILES,
    FORMAT,
    PORTION,
    Export,
    Exportable,
    exported,
    file_asked_for,
    origin,
    stem_of,
)
from registry.api.fields import fields_asked, fields_parameter, some, with_fields
from registry.api.operations import Operation
from registry.api.parameters import CURSOR, KNOWN_AT, KNOWN_SEQ, PAGE_SIZE, Parameter, read
from registry.api.records import RecordView, last_statement, links, page_size, record_path
from registry.api.values import day_or_moment
from registry.queries.announcements import fields_that_differ, last_told, news_of
from registry.queries.causes import Named, causes_of
from registry.queries.editions import Order, Page, page
from registry.rules import codes
from registry.rules.hanoi import end_of
from registry.rules.moments import as_text
from registry.rules.resource_names import NAMES

#: A page of announcements, and each as it is told.
Told: TypeAlias = tuple[Page, list[dict[str, Any]]]

COLUMNS = (
    "publication_id",
    "at",
    "news",
    "first_day",
    "last_day",
    "publication__note",
    "publication__imported",
    "publication__office",
    "causes",
)


class Cause(serializers.Serializer[Any]):
    resource = shapes.text("The resource it belongs to, such as decisions.")
    id = shapes.text("The record's code.")


class HistoryEntry(serializers.Serializer[Any]):
    """One announcement about the record."""

    seq = serializers.IntegerField(help_text="The number of the announcement, as in changes/.")
    publication = serializers.IntegerField(
        allow_null=True,
        help_text="The publication (known_seq) that brought it; null when only a day had come.",
    )
    at = serializers.DateTimeField()
    news = shapes.code(codes.ANNOUNCEMENT_KIND)
    news_label = shapes.Label()
    first_day = shapes.day("The first day on which the answer differs from before; null: on none.")
    last_day = shapes.day("The last such day; 9999-12-30 when it has no end.")
    imported = serializers.BooleanField(
        help_text="true: taken over from documents when the registry began, without an approver."
    )
    differs = serializers.ListField(
        child=serializers.CharField(),
        help_text="The fields of the answer that differ from before; empty for the first publication and a withdrawal.",
    )
    office = shapes.text(
        "The office that approved it; null for an import or a day that came.", allow_null=True
    )
    note = shapes.text("What the department says about it in public.", allow_null=True)
    cause = Cause(
        many=True,
        help_text="The records of that publication on which this answer rests; empty when it was published itself.",
    )


class HistoryList(serializers.Serializer[Any]):
    known_at = serializers.DateTimeField(allow_null=True)
    known_seq = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = HistoryEntry(many=True)


class HistoryView(Exportable, RecordView):
    """Newest first, page by page or the whole as a file. A withdrawn record keeps its history."""

    def parameters(self) -> tuple[Parameter, ...]:
        fields = fields_parameter(list(HistoryEntry().fields))
        return KNOWN_AT, KNOWN_SEQ, fields, PAGE_SIZE, CURSOR, FORMAT

    def operation(self) -> Operation:
        resource = self.resource
        return Operation(
            name=f"read_{resource.name.replace('-', '_')}_history",
            tag=resource.name,
            vi=f"Lịch sử công bố của một {resource.vi[1]}, mới nhất trước.",
            en=f"What was announced of {resource.en[1]}, newest first.",
            serializer=HistoryList,
            example={
                "known_at": "2026-08-31T02:00:00.000000Z",
                "known_seq": 1,
                "next": None,
                "previous": None,
                "results": [
                    {
                        "seq": 1,
                        "publication": 1,
                        "at": "2026-08-31T02:00:00.000000Z",
                        "news": "published",
                        "news_label": codes.ANNOUNCEMENT_KIND.labels("published"),
                        "first_day": "0001-01-01",
                        "last_day": "9999-12-30",
                        "differs": [],
                        "imported": True,
                        "office": None,
                        "note": None,
                        "cause": [],
                    }
                ],
            },
            statuses=(400, 404),
            headers=("ETag", "Registry-Known-Seq", "Registry-Known-At"),
            path=record_path(resource),
            files=FILES,
        )

    def get(self, request: Request, code: str) -> HttpResponseBase:
        given = self.given(request)
        asked = file_asked_for(given, ("page_size", "cursor"))
        size = read(given, "page_size", page_size) or 100
        fields = fields_asked(given, HistoryEntry().fields)
        at = clocks(given)
        statement = last_statement(self.resource, code, at)
        kinds = kinds_read_by(request)
        query = digest("history", self.resource.kind, code, at.known_seq)
        cursor = read_cursor(given["cursor"], query=query) if "cursor" in given else None
        orders = [Order("seq", descending=True)]
        # Pages end where the first one did, whatever was told meanwhile. Cursors of former releases do not say it.
        upto = cursor.values[1] if cursor and len(cursor.values) > 1 else _last_told(given, at)
        headers = {name: text for name, text in at.headers().items() if name != "Registry-Valid-On"}

        def told(size: int, start: Sequence[object] | None, backwards: bool = False) -> Told:
            found = page(
                news_of(self.resource.kind, statement.subject_id, upto=upto),
                orders,
                COLUMNS,
                size=size,
                start=start,
                backwards=backwards,
            )
            # Of before release 0.3.0, when it was not noted: worked out from what is known today.
            unnoted = {row[1] for row in found.rows if row[3] == "affected" and row[-1] is None}
            causes = causes_of(self.resource.kind, statement.subject_id, seqs=unnoted) if unnoted else {}
            differing = fields_that_differ(
                self.resource.kind,
                statement.subject_id,
                seqs={row[1] for row in found.rows if row[1] is not None},
                days={row[4] for row in found.rows if row[3] == "took_effect"},
                known_seq=at.known_seq,
            )
            return found, [_entry(row, causes, differing, kinds) for row in found.rows]

        def entries() -> Iterator[bytes]:
            start: Sequence[object] | None = None
            more = True
            while more:
                found, told_of = told(PORTION, start)
                yield from map(orjson.dumps, told_of)
                more = found.more
                start = found.rows[-1][: len(orders)] if found.rows else None

        def body() -> bytes:
            found, results = told(size, cursor and cursor.values[:1], bool(cursor and cursor.backwards))
            pins = {"known_seq": str(at.known_seq)}
            following, preceding = links(request, given | pins, found, orders, cursor, query, also=(upto,))
            headers.update(neighbours(following, preceding))
            return orjson.dumps(
                {
                    "known_at": at.known_at_text,
                    "known_seq": at.known_seq,
                    "next": following,
                    "previous": preceding,
                    "results": [some(entry, fields) for entry in results],
                }
            )

        address = request.build_absolute_uri(request.path)
        etag = made_of(at.tag(), address, sorted(kinds), sorted(given.items()))
        if asked:
            clocks_told = [fact for fact in at.facts() if fact[0] != "valid_on"]
            export = Export(
                stem=f"{stem_of(request)}-{at.known_seq}",
                shape=HistoryEntry,
                key="seq",
                origin=origin(request, f"Lịch sử {code}"[:31], clocks_told),
                bodies=entries,
                fields=fields,
                cut=lambda body: with_fields(body, fields),
                headers=headers,
            )
            return exported(request, asked, export, etag=etag)
        return answer(request, body, etag=etag, headers=headers)


def _last_told(given: Mapping[str, str], at: Clocks) -> int:
    """The number of the last announcement that the clocks let through."""
    asked = read(given, "known_at", day_or_moment)
    if asked is None or asked == clock.today():
        return last_told(known_seq=at.known_seq) if "known_seq" in given else at.announcement
    return last_told(known_seq=at.known_seq, until=asked if isinstance(asked, datetime) else end_of(asked))


def _entry(
    row: tuple[Any, ...],
    causes: dict[int, list[Named]],
    differing: dict[int | date, list[str]],
    kinds: frozenset[str],
) -> dict[str, Any]:
    seq, publication, at, news, first_day, last_day, note, imported, office, noted = row
    named = causes.get(publication, ()) if noted is None else [cause.split(":") for cause in noted.split()]
    return {
        "seq": seq,
        "publication": publication,
        "at": as_text(at),
        "news": news,
        "news_label": codes.ANNOUNCEMENT_KIND.labels(news),
        "first_day": first_day,
        "last_day": last_day,
        # What a redaction took out is said of no field: nobody shall learn where it was.
        "differs": []
        if news == "redacted"
        else differing[publication if publication is not None else first_day],
        "imported": bool(imported),
        "office": office or None,
        "note": note or None,
        "cause": [
            {"resource": NAMES[kind], "id": code}
            for kind, code in (named if news == "affected" else ())
            if kind in kinds
        ],
    }
