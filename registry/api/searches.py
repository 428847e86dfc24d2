"""One search over all kinds of records."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

import orjson
from django.http.response import HttpResponseBase
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request

from registry.api import shapes
from registry.api.answers import answer, digest, made_of, neighbours
from registry.api.authentication import kinds_read_by, scope_missing
from registry.api.base import ApiView
from registry.api.clocks import clocks
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
from registry.api.parameters import CLOCKS, CURSOR, PAGE_SIZE, TEXT, Parameter, problem, read, several
from registry.api.records import CLOCK_HEADERS, links, page_size, words_of
from registry.api.values import Refused, codes_of
from registry.queries.editions import Order, Page
from registry.queries.searches import BEGINS, EXACT, WORDS, Asked, Found, search
from registry.rules import codes, decision_numbers
from registry.rules.code_lists import CodeList
from registry.rules.problems import Problem
from registry.rules.resource_names import KINDS, NAMES
from registry.rules.text import search_text, slug

FITS = {EXACT: "exact", BEGINS: "begins", WORDS: "words"}

#: The order in which kinds stand among equal fits.
ORDER = tuple(NAMES)
RESOURCE = CodeList("resource", "Kinds of records.", tuple((name, name, name) for name in NAMES.values()))

QUERY = Parameter(
    "q",
    "Các từ cần tìm: tên, số, mã; mỗi từ là phần đầu của một từ; không phân biệt dấu và chữ hoa.",
    "What to search for: names, numbers, codes; each word is how a word begins; accents and capitals do not matter.",
    TEXT,
    "tien cuong",
    required=True,
)
ONLY = Parameter(
    "resource",
    "Chỉ các loại bản ghi này, cách nhau bằng dấu phẩy; mặc định là mọi loại mà khóa được đọc.",
    "Only these kinds of records, parted by commas; by default all that the key may read.",
    several({"type": "string", "enum": list(RESOURCE)}),
    ["clusters"],
)


class SearchResult(serializers.Serializer[Any]):
    """A record found."""

    resource = shapes.text("clusters, decisions…")
    code = shapes.text("The record's code or id.")
    name = shapes.text("Its name, number or title; null while that is unknown.", allow_null=True)
    fit = shapes.code(codes.FIT)
    url = serializers.URLField(help_text="Where to read it.")


class SearchResultList(serializers.Serializer[Any]):
    valid_on = serializers.DateField()
    known_at = serializers.DateTimeField(allow_null=True)
    known_seq = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = SearchResult(many=True)


class SearchView(Exportable, ApiView):
    """Five queries, however many records there are and are found: key, clocks, how many, which, what they are.

    Two more where words that many decisions have hardly ever stand together (queries/searches.py).
    """

    def parameters(self) -> tuple[Parameter, ...]:
        return (
            QUERY,
            ONLY,
            *CLOCKS,
            fields_parameter(list(SearchResult().fields)),
            PAGE_SIZE,
            CURSOR,
            FORMAT,
        )

    def operation(self) -> Operation:
        return Operation(
            name="search",
            tag="search",
            vi="Tìm trong mọi loại bản ghi, vào một ngày, như đã công bố đến một lúc.",
            en="Search all kinds of records, on a day, as published by a moment.",
            serializer=SearchResultList,
            example={
                "valid_on": "2026-09-01",
                "known_at": "2026-08-31T02:00:00.000000Z",
                "known_seq": 1,
                "next": None,
                "previous": None,
                "results": [
                    {
                        "resource": "clusters",
                        "code": "tien-cuong-ii",
                        "name": "Tiên Cường II",
                        "fit": "begins",
                        "url": "https://registry.example/api/v1/clusters/tien-cuong-ii/",
                    }
                ],
            },
            statuses=(400,),
            headers=CLOCK_HEADERS,
            files=FILES,
        )

    def get(self, request: Request) -> HttpResponseBase:
        given = self.given(request)
        form = file_asked_for(given)
        size = read(given, "page_size", page_size) or 100
        words = read(given, "q", words_of)
        if words is None:
            raise problem(
                "q",
                Refused(
                    "parameter_missing",
                    "còn thiếu: hãy ghi các từ cần tìm.",
                    "is missing: say what for.",
                ),
            )
        fields = fields_asked(given, SearchResult().fields)
        kinds = _kinds(request, given)
        at = clocks(given)
        query = digest("search", kinds, at.valid_on, at.known_seq, given["q"])
        cursor = read_cursor(given["cursor"], query=query) if "cursor" in given else None
        headers = at.headers()

        address = request.build_absolute_uri(request.path)
        etag = made_of(at.tag(), at.valid_on, address, kinds, sorted(given.items()))

        result = _results(request)

        def found_from(
            start: Sequence[Any] | None, *, size: int, backwards: bool = False
        ) -> tuple[list[Found], bool]:
            if not words:
                return [], False
            return search(
                asked(given["q"], words),
                kinds,
                known_seq=at.known_seq,
                valid_on=at.valid_on,
                size=size,
                start=start,
                backwards=backwards,
            )

        def bodies() -> Iterator[bytes]:
            start, more = None, True
            while more:
                found, more = found_from(start, size=PORTION)
                yield from (orjson.dumps(result(one)) for one in found)
                start = found[-1].place if found else None

        if form:
            export = Export(
                stem=f"{stem_of(request)}-{at.valid_on}-{at.known_seq}",
                shape=SearchResult,
                key="code",
                origin=origin(request, "Kết quả tìm", at.facts()),
                bodies=bodies,
                fields=fields,
                cut=lambda body: with_fields(body, fields),
                headers=headers,
            )
            return exported(request, form, export, etag=etag)

        def body() -> bytes:
            found, more = found_from(
                cursor and cursor.values[0], size=size, backwards=bool(cursor and cursor.backwards)
            )
            pins = {"valid_on": at.valid_on.isoformat(), "known_seq": str(at.known_seq)}
            places = Page([(one.place,) for one in found], more)
            following, preceding = links(request, given | pins, places, [Order("place")], cursor, query)
            headers.update(neighbours(following, preceding))
            return orjson.dumps(
                {
                    "valid_on": at.valid_on,
                    "known_at": at.known_at_text,
                    "known_seq": at.known_seq,
                    "next": following,
                    "previous": preceding,
                    "results": [some(result(one), fields) for one in found],
                }
            )

        return answer(request, body, etag=etag, headers=headers)


def _kinds(request: Request, given: dict[str, str]) -> list[str]:
    """The kinds to search, in their order. Raises ApiProblem for one that the key may not read."""
    readable = kinds_read_by(request)
    only = read(given, "resource", codes_of(RESOURCE))
    if only is None:
        return [kind for kind in ORDER if kind in readable]
    wanted = {KINDS[name] for name in only}
    if hidden := sorted(wanted - readable):
        raise scope_missing(hidden[0])
    return [kind for kind in ORDER if kind in wanted]


def asked(text: str, words: list[str]) -> Asked:
    """What is searched for: also as a code (tien-cuong-ii) and as the number of a paper in any spelling."""
    whole = search_text(text)
    exact = {whole, slug(text, 60)}
    with suppress(Problem):
        exact.add(search_text(decision_numbers.normalise(text)))
    return Asked(tuple(words), tuple(sorted(exact)), whole)


#: An answer that begins with its code and its name, as those of long records do.
_NAMED = re.compile(rb'\{"(?:code|id)":"[^"\\]*","name":("(?:[^"\\]|\\.)+"),')


def heading(body: bytes) -> str | None:
    """What a record is called: its name, number or title. Where the name comes first, the rest is not read."""
    if begins := _NAMED.match(body):
        return str(orjson.loads(begins[1]))
    read = orjson.loads(body)
    found: str | None = read.get("name") or read.get("number") or read.get("title")
    return found


def _results(request: Request) -> Callable[[Found], dict[str, Any]]:
    """What a reader gets of each record found. Where a kind's records stand is asked once, not for each."""

    @cache
    def address(name: str) -> str:
        return request.build_absolute_uri(reverse(f"api:{name}-list"))

    def result(one: Found) -> dict[str, Any]:
        name = NAMES[one.kind]
        return {
            "resource": name,
            "code": one.code,
            "name": heading(one.body),
            "fit": FITS[one.fit],
            "url": f"{address(name)}{one.code}/",
        }

    return result
