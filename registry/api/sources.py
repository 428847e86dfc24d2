"""Source documents: where values are stated."""

from dataclasses import replace
from typing import Any

import orjson
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from registry.api import shapes
from registry.api.answers import answer, digest, made_of
from registry.api.clocks import clocks
from registry.api.cursors import read_cursor
from registry.api.fields import fields_asked, fields_parameter, with_fields
from registry.api.filter_forms import day_filters, no_term
from registry.api.filters import EditionFilters, TermFilter
from registry.api.operations import Operation
from registry.api.orderings import orders_of
from registry.api.parameters import CLOCKS, CURSOR, PAGE_SIZE, TEXT, Parameter, read
from registry.api.records import DetailView, absent, links, page_size
from registry.api.resources import Resource
from registry.api.values import whole_text
from registry.queries.editions import Order, Page, edition
from registry.queries.resting import resting
from registry.rules import codes


class RecordLabel(serializers.Serializer[Any]):
    """A record: its kind and code."""

    kind = shapes.code(codes.SUBJECT_KIND)
    code = shapes.text()
    name = shapes.text(allow_null=True)


class Resting(serializers.Serializer[Any]):
    """A value that rests on the document."""

    locator = shapes.text("Paragraph or page.")
    record = RecordLabel()
    field = shapes.text("Which field of the record; `capital.2.amount` is of the row at position 2.")
    as_stated = shapes.text("The value in the document's own words.")
    agrees = serializers.BooleanField(
        help_text="true: supports our value; false: a rival figure; null: cannot be compared by machine.",
        allow_null=True,
    )


class SourceFilters(EditionFilters):
    # A document rests on nothing.
    source = unsourced = rival = None  # type: ignore[assignment]

    publisher = TermFilter(
        "publisher",
        "Nơi đăng, viết đủ; không phân biệt dấu và chữ hoa.",
        "Who published it, in full; accents and capitals do not matter.",
        "VnEconomy",
        read=whole_text,
        schema=TEXT,
    )
    reference = TermFilter(
        "reference",
        "Mã hiệu ở nơi đăng, viết đủ; không phân biệt dấu và chữ hoa.",
        "Its number where it was published, in full; accents and capitals do not matter.",
        "2358339",
        read=whole_text,
        schema=TEXT,
    )
    publisher_unknown = no_term("publisher", "nơi đăng", "who published it is")
    reference_unknown = no_term("reference", "mã hiệu ở nơi đăng", "its number where it was published is")
    published_from, published_to = day_filters("published_on", "Tài liệu được đăng", "The document appeared")
    published_unknown = no_term("published_on", "ngày đăng", "the day it appeared is")


class Source(serializers.Serializer[Any]):
    """A document that states facts: an article, a report, a scanned paper."""

    id = shapes.text("Ours; never changed, never used again.")
    title = shapes.text()
    publisher = shapes.text(allow_null=True)
    reference = shapes.text("Its number where it was published.", allow_null=True)
    url = shapes.text(allow_null=True)
    published_on = shapes.day("Null unless known to the day.")
    published_earliest = shapes.day()
    published_latest = shapes.day()
    published_stated_as = shapes.text("The date in the document's own words.")


class SourceWithAll(Source):
    """A document with a page of all that rests on it. No news of the document: the feed names the records."""

    rests_on_it = Resting(many=True, help_text="The values that rest on the document, in its order.")
    next = serializers.URLField(allow_null=True, help_text="The next page of rests_on_it.")
    previous = serializers.URLField(allow_null=True, help_text="The page of rests_on_it before this one.")


SOURCES = Resource(
    kind="source",
    vi=("tài liệu nguồn", "tài liệu nguồn"),
    en=("source documents", "a source document"),
    filters=SourceFilters,
    orderings={
        "title": "sort_key",
        "id": "code",
        "published_on": "by_published_on",
        "reference": "by_reference",
        **orders_of("source"),
        "changed": "known_from",
    },
    default_order="title",
    serializer=Source,
    example="vneconomy-2023-10",
    example_body={
        "id": "vneconomy-2023-10",
        "title": "Bài trên VnEconomy, tháng 10/2023",
        "publisher": "VnEconomy",
        "reference": None,
        "url": None,
        "published_on": None,
        "published_earliest": "2023-10-01",
        "published_latest": "2023-10-31",
        "published_stated_as": "tháng 10/2023",
    },
)

ALL = {
    "rests_on_it": [
        {
            "locator": "đoạn 6",
            "record": {"kind": "decision", "code": "qd-jthdsjfd", "name": "607/QĐ-UBND"},
            "field": "number",
            "as_stated": "607/QĐ-UBND",
            "agrees": True,
        }
    ],
    "next": None,
    "previous": None,
}


class SourceView(DetailView):
    """A document and, page by page, all that rests on it. A constant number of queries."""

    def parameters(self) -> tuple[Parameter, ...]:
        return (*CLOCKS, fields_parameter(list(SourceWithAll().fields)), PAGE_SIZE, CURSOR)

    def operation(self) -> Operation:
        return replace(
            super().operation(),
            vi="Một tài liệu nguồn và mọi giá trị dựa vào nó, theo thứ tự của tài liệu.",
            en="A source document and every value that rests on it, in the document's order.",
            serializer=SourceWithAll,
            example={**SOURCES.example_body, **ALL},
        )

    def get(self, request: Request, code: str) -> HttpResponse:
        given = self.given(request)
        size = read(given, "page_size", page_size) or 100
        fields = fields_asked(given, SourceWithAll().fields)
        at = clocks(given)
        found = edition("source", code, known_seq=at.known_seq, valid_on=at.valid_on)
        if found is None:
            raise absent(self.resource, code, at)
        query = digest("source", code, at.valid_on, at.known_seq)
        cursor = read_cursor(given["cursor"], query=query) if "cursor" in given else None

        def body() -> bytes:
            page = resting(
                found.subject_id,
                code,
                known_seq=at.known_seq,
                valid_on=at.valid_on,
                size=size,
                start=cursor and cursor.values[0],
                backwards=bool(cursor and cursor.backwards),
            )
            pins = {"valid_on": at.valid_on.isoformat(), "known_seq": str(at.known_seq)}
            places = Page([(place,) for place in page.places], page.more)
            following, preceding = links(request, given | pins, places, [Order("place")], cursor, query)
            rests = {"rests_on_it": page.rows, "next": following, "previous": preceding}
            return with_fields(found.body[:-1] + b"," + orjson.dumps(rests)[1:], fields)

        address = request.build_absolute_uri(request.path)
        # What rests on it changes with the records: with any news.
        etag = made_of(found.etag, at.tag(), at.valid_on, address, sorted(given.items()))
        return answer(request, body, etag=etag, headers=at.headers())
