"""Lists, single records and their public history, the same for every kind."""

from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

import orjson
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.request import Request

from registry.api.answers import answer, digest, made_of, neighbours
from registry.api.authentication import kinds_read_by
from registry.api.base import ApiView
from registry.api.clocks import Clocks, clocks
from registry.api.cursors import Cursor, read_cursor
from registry.api.exports import (
    FILES,
    FORMAT,
    Export,
    Exportable,
    bodies_of,
    exported,
    file_asked_for,
    origin,
    stem_of,
)
from registry.api.fields import FIELDS, fields_asked, fields_parameter, with_fields
from registry.api.operations import Operation
from registry.api.parameters import CLOCKS, COUNT, CURSOR, PAGE_SIZE, SEARCH, Parameter, problem, read
from registry.api.problems import ApiProblem
from registry.api.resources import Resource
from registry.api.values import Refused, truth, whole_number
from registry.models.editions import EDITIONS, Edition
from registry.models.publications import Statement
from registry.queries.editions import (
    BY_TERM,
    Order,
    Page,
    edition,
    editions,
    page,
    page_of_all,
    with_term_column,
)
from registry.queries.published import resolve
from registry.queries.searches import page_with_words, with_words
from registry.rules.text import LONGEST_WORD, search_words

CLOCK_HEADERS = ("ETag", "Registry-Valid-On", "Registry-Known-Seq", "Registry-Known-At")
page_size = whole_number(1, 1000)
#: Nobody remembers more; each costs a look-up.
MOST_WORDS = 8


class RecordView(ApiView):
    """A view of one kind of record; `urls` gives it the resource."""

    resource: Resource = None  # type: ignore[assignment]

    @property
    def kind_read(self) -> str:  # type: ignore[override]
        return self.resource.kind


class ListView(Exportable, RecordView):
    """A page of a kind, or the whole list as a file.

    As many queries for a hundred records as for two: key, clocks, page, count; where it is asked for, how rare each
    word is, whether there is such a unit, which sectors have such a name.
    """

    #: Whether there are records of the kind that are in no such list.
    narrowed: ClassVar[bool] = False

    def parameters(self) -> tuple[Parameter, ...]:
        return (
            *CLOCKS,
            SEARCH,
            *self.resource.filters.parameters(),
            self._ordering(),
            fields_parameter(self.resource.fields),
            PAGE_SIZE,
            CURSOR,
            COUNT,
            FORMAT,
        )

    def _ordering(self) -> Parameter:
        names = [sign + name for name in self.resource.orderings for sign in ("", "-")]
        return Parameter(
            "ordering",
            "Thứ tự; dấu - đứng trước là giảm dần. Tên xếp theo bảng chữ cái tiếng Việt; văn bản dài xếp theo phần "
            f"đầu, tới {LONGEST_WORD} ký tự, phần đầu giống nhau thì theo thứ tự nhập.",
            "Order; a leading - is descending. Names follow the Vietnamese alphabet; long texts go by their beginning, "
            f"up to {LONGEST_WORD} characters, and equal ones stand in the order in which they were first entered.",
            {"type": "string", "enum": names, "default": self.resource.default_order},
            names[0],
        )

    def operation(self) -> Operation:
        resource = self.resource
        return Operation(
            name=f"list_{resource.name.replace('-', '_')}",
            tag=resource.name,
            vi=f"Danh sách {resource.vi[0]} vào một ngày, như đã công bố đến một lúc.",
            en=f"The {resource.en[0]} on a day, as published by a moment.",
            serializer=inline_serializer(
                f"{resource.serializer.__name__}List",
                {
                    "valid_on": serializers.DateField(),
                    "known_at": serializers.DateTimeField(allow_null=True),
                    "known_seq": serializers.IntegerField(),
                    "next": serializers.URLField(allow_null=True),
                    "previous": serializers.URLField(allow_null=True),
                    "count": serializers.IntegerField(required=False),
                    "results": resource.serializer(many=True),
                },
            ),
            example={
                "valid_on": "2026-09-01",
                "known_at": "2026-08-31T02:00:00.000000Z",
                "known_seq": 1,
                "next": None,
                "previous": None,
                "results": [resource.example_body],
            },
            statuses=(400,),
            headers=CLOCK_HEADERS,
            files=FILES,
        )

    def get(self, request: Request) -> HttpResponseBase:
        given = self.given(request)
        asked = file_asked_for(given)
        size = read(given, "page_size", page_size) or 100
        counted = read(given, "count", truth) or False
        words = read(given, "search", words_of)
        fields = self.fields(given)
        ordering = given.get("ordering", self.resource.default_order)
        orders = self._orders(ordering)
        at = clocks(given)
        chosen = {name: given[name] for name in self.resource.filters.base_filters if name in given}
        term = orders[0].column.removeprefix(BY_TERM) if orders[0].column.startswith(BY_TERM) else None
        # Neither a form nor a query set where nothing narrows the list but words.
        plain = not (self.narrowed or chosen or counted or asked or term)
        selected = None if plain else self.selected(given, at)
        if term and selected is not None:
            selected = with_term_column(selected, self.resource.kind, term)
        query = digest(
            self.resource.kind,
            at.valid_on,
            at.known_seq,
            orders[0].column,
            orders[0].descending,
            words,
            chosen,
        )
        cursor = read_cursor(given["cursor"], query=query) if "cursor" in given else None
        headers = at.headers()
        address = request.build_absolute_uri(request.path)
        etag = made_of(at.tag(), at.valid_on, address, sorted(given.items()))
        if asked and selected is not None:
            wanted = selected if words is None else with_words(selected, self.resource.kind, words)
            return exported(request, asked, self._export(request, wanted, orders, at, fields), etag=etag)

        def body() -> bytes:
            start = cursor and self._start(orders, cursor)
            backwards = bool(cursor and cursor.backwards)
            kind = self.resource.kind
            place: dict[str, Any] = {"size": size, "start": start, "backwards": backwards}
            clocks_given: dict[str, Any] = {"known_seq": at.known_seq, "valid_on": at.valid_on}
            if selected is not None:
                rows = selected
                if words is not None:
                    along, begun = orders[0].turned() if backwards else orders[0], start is not None
                    rows = with_words(selected, kind, words, along=along, begun=begun)
                found = page(rows, orders, ["body"], **place)
            elif words is not None:
                found = page_with_words(kind, words, orders, ["body"], **clocks_given, **place)
            else:
                found = page_of_all(kind, orders, ["body"], **clocks_given, **place)
            pins = {"valid_on": at.valid_on.isoformat(), "known_seq": str(at.known_seq)}
            following, preceding = links(request, given | pins, found, orders, cursor, query)
            headers.update(neighbours(following, preceding))
            head: dict[str, Any] = {
                "valid_on": at.valid_on,
                "known_at": at.known_at_text,
                "known_seq": at.known_seq,
                "next": following,
                "previous": preceding,
            }
            if counted:
                head["count"] = rows.count()
            # Put together at once: a page is most of a megabyte, and each copy of it costs as much as a query.
            bodies = [piece for r in found.rows for piece in (b",", with_fields(bytes(r[-1]), fields))][1:]
            return b"".join([orjson.dumps(head)[:-1], b',"results":[', *bodies, b"]}"])

        return answer(request, body, etag=etag, headers=headers)

    def selected(self, given: dict[str, str], at: Clocks) -> QuerySet[Edition]:
        """The editions that pass the filters, before anything is searched for."""
        rows = editions(self.resource.kind, known_seq=at.known_seq, valid_on=at.valid_on)
        return self.resource.filters.applied(given, rows, at, kinds_read_by(self.request))

    def fields(self, given: dict[str, str]) -> frozenset[str] | None:
        """The members that results show; None: all."""
        return fields_asked(given, self.resource.fields) if FIELDS in given else None

    def _export(
        self,
        request: Request,
        rows: QuerySet[Edition],
        orders: Sequence[Order],
        at: Clocks,
        fields: frozenset[str] | None,
    ) -> Export:
        resource = self.resource
        return Export(
            stem=f"{stem_of(request)}-{at.valid_on}-{at.known_seq}",
            shape=resource.serializer,
            key="id" if "id" in resource.example_body else "code",
            origin=origin(request, resource.vi[0].capitalize(), at.facts()),
            bodies=lambda: bodies_of(rows, orders),
            fields=fields,
            cut=lambda body: with_fields(body, fields),
            headers=at.headers(),
        )

    def _orders(self, ordering: str) -> list[Order]:
        descending, name = ordering.startswith("-"), ordering.removeprefix("-")
        if name not in self.resource.orderings:
            known = ", ".join(self.resource.orderings)
            raise problem(
                "ordering",
                Refused(
                    "code_unknown",
                    f"không xếp được theo “{name}”. Có thể xếp theo: {known}, hoặc với dấu - đứng trước.",
                    f"cannot order by '{name}'. Possible: {known}, or with a leading -.",
                ),
            )
        return [Order(self.resource.orderings[name], descending), Order("subject_id", descending)]

    def _start(self, orders: Sequence[Order], cursor: Cursor) -> list[Any]:
        columns = {field.name: field for field in EDITIONS[self.resource.kind]._meta.concrete_fields}
        return [
            columns[order.column].to_python(value) if order.column in columns else value
            for order, value in zip(orders, cursor.values, strict=True)
        ]


def words_of(text: str) -> list[str]:
    """The words to search for. Raises Refused for none (punctuation) and for too many."""
    words = search_words(text)
    if not words:
        raise Refused(
            "parameter_malformed",
            "không có chữ hay số nào để tìm. Hãy ghi ít nhất một từ.",
            "holds no letter and no digit to search for. Write at least one word.",
        )
    if len(words) > MOST_WORDS:
        raise Refused(
            "parameter_too_long", f"có quá {MOST_WORDS} từ.", f"holds more than {MOST_WORDS} words."
        )
    return words


def links(
    request: Request,
    given: dict[str, str],
    found: Page,
    orders: Sequence[Order],
    cursor: Cursor | None,
    query: str,
    also: tuple[Any, ...] = (),
) -> tuple[str | None, str | None]:
    """The addresses of the next and the previous page. `given` says by number what `known_at` said.

    also: what the cursors carry behind the row's values.
    """
    if not found.rows:
        return None, None
    backwards = cursor is not None and cursor.backwards
    has_next = backwards or found.more
    has_previous = found.more if backwards else cursor is not None
    kept = {name: value for name, value in given.items() if name not in {"known_at", "cursor"}}

    def link(row: tuple[Any, ...], towards_start: bool) -> str:
        beside = Cursor((*row[: len(orders)], *also), towards_start, query)
        return request.build_absolute_uri(f"{request.path}?{urlencode(kept | {'cursor': str(beside)})}")

    return (
        link(found.rows[-1], False) if has_next else None,
        link(found.rows[0], True) if has_previous else None,
    )


class DetailView(RecordView):
    """One record: the stored bytes of its edition."""

    def parameters(self) -> tuple[Parameter, ...]:
        return (*CLOCKS, fields_parameter(self.resource.fields))

    def operation(self) -> Operation:
        resource = self.resource
        return Operation(
            name=f"read_{resource.name.replace('-', '_')}",
            tag=resource.name,
            vi=f"Một {resource.vi[1]} vào một ngày, như đã công bố đến một lúc.",
            en=f"{resource.en[1].capitalize()} on a day, as published by a moment.",
            serializer=resource.serializer,
            example=resource.example_body,
            statuses=(400, 404, 410),
            headers=CLOCK_HEADERS,
            path=record_path(resource),
        )

    def get(self, request: Request, code: str) -> HttpResponse:
        given = self.given(request)
        fields = fields_asked(given, self.resource.fields)
        at = clocks(given)
        found = edition(self.resource.kind, code, known_seq=at.known_seq, valid_on=at.valid_on)
        if found is None:
            raise absent(self.resource, code, at)
        if fields is not None:
            etag = digest(found.etag, sorted(fields))
            return answer(request, lambda: with_fields(found.body, fields), etag=etag, headers=at.headers())
        return answer(request, lambda: found.body, etag=found.etag, headers=at.headers())


def record_path(resource: Resource) -> dict[str, tuple[str, str]]:
    about = f"Mã của bản ghi.\n\nThe record's code{' (its id)' if 'id' in resource.example_body else ''}."
    return {"code": (about, resource.example)}


def last_statement(resource: Resource, code: str, at: Clocks) -> Statement:
    """What was last said of the record by then. Raises ApiProblem when nothing was."""
    statement = resolve(resource.kind, code, at.known_seq)
    if statement is None:
        raise ApiProblem(
            "record_unknown",
            f"Không có {resource.vi[1]} mã “{code}” trong những gì đã công bố đến lúc được hỏi.",
            f"No record '{code}' among {resource.en[0]} had been published by then.",
            at.headers(),
        )
    return statement


def absent(resource: Resource, code: str, at: Clocks) -> ApiProblem:
    """Why there is no answer: never published by then, or withdrawn."""
    statement = last_statement(resource, code, at)
    note = statement.publication.note or None
    return ApiProblem(
        "record_withdrawn",
        f"Công bố về {resource.vi[1]} “{code}” đã được rút." + (f" Ghi chú: {note}" if note else ""),
        f"The {resource.en[1].split(' ', 1)[1]} '{code}' was withdrawn. An earlier known_at shows what was said.",
        at.headers(),
        {"note": note},
    )
