"""Filters over edition tables, each with the words that document it. `filter_forms` has those that recur."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from registry.api.clocks import EARLIEST, LATEST, Clocks
from registry.api.known_codes import refuse_unknown
from registry.api.parameters import CODE, MOMENT, Parameter, problem, several
from registry.api.problems import ApiProblem
from registry.api.values import Refused, day_or_moment, subject_codes, truth
from registry.models.editions import EDITIONS, Edition
from registry.queries.editions import (
    changed_since,
    editions,
    names_of_sectors,
    surely_between,
    units_named,
    with_term,
    with_term_between,
    with_term_of_any,
    with_terms_of_one_row,
)
from registry.rules.hanoi import start_of

CODES = several(CODE)
BOOLEAN = {"type": "boolean"}

KIND_OF = {model: kind for kind, model in EDITIONS.items()}


class Given(forms.Field):
    """A form field that reads one parameter's text."""

    def __init__(self, *, read: Callable[[str], Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.read = read

    def to_python(self, value: str | None) -> Any:
        return None if value is None else self.read(value)


class ParameterFilter(django_filters.Filter):
    """A filter of one column, read by one of the readers of `values`."""

    field_class = Given

    def __init__(
        self,
        column: str,
        lookup: str = "exact",
        *,
        read: Callable[[str], Any],
        vi: str,
        en: str,
        schema: Mapping[str, Any],
        example: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(field_name=column, lookup_expr=lookup, read=read, **kwargs)
        self.vi, self.en, self.schema, self.example = vi, en, schema, example

    def parameter(self, name: str) -> Parameter:
        return Parameter(name, self.vi, self.en, self.schema, self.example)

    @property
    def names_records(self) -> bool:
        """Whether it takes codes of records."""
        # Units are looked up by their official codes too: see PlaceFilter.
        return self.extra["read"] is subject_codes and not isinstance(self, PlaceFilter)

    def filter(self, rows: QuerySet[Edition], value: Any) -> QuerySet[Edition]:
        # An empty list is no value, `false` is one.
        return rows if value is None else rows.filter(**{f"{self.field_name}__{self.lookup_expr}": value})


class KnownFilter(ParameterFilter):
    """A bound of a column in which one value means "unknown": the unknown is on neither side."""

    def __init__(self, column: str, lookup: str, *, unknown: Any, **kwargs: Any) -> None:
        super().__init__(column, lookup, **kwargs)
        self.unknown = unknown

    def filter(self, rows: QuerySet[Edition], value: Any) -> QuerySet[Edition]:
        if value is None:
            return rows
        return super().filter(rows, value).exclude(**{self.field_name: self.unknown})


class UnknownFilter(ParameterFilter):
    """Whether a column holds the value that means "unknown"."""

    def __init__(self, column: str, unknown: Any, vi: str, en: str) -> None:
        super().__init__(
            column,
            read=truth,
            vi=f"true: chưa rõ {vi}; false: đã rõ.",
            en=f"true: {en} not known; false: known.",
            schema=BOOLEAN,
            example=True,
        )
        self.unknown = unknown

    def filter(self, rows: QuerySet[Edition], value: Any) -> QuerySet[Edition]:
        if value is None:
            return rows
        blank = Q(**{self.field_name: self.unknown})
        return rows.filter(blank if value else ~blank)


class TermFilter(ParameterFilter):
    """One of these values among several that one record has: codes of other records, unless read otherwise."""

    def __init__(
        self,
        term: str,
        vi: str,
        en: str,
        example: Any,
        *,
        read: Callable[[str], Any] = subject_codes,
        schema: Mapping[str, Any] = CODES,
    ) -> None:
        several = schema.get("type") == "array"
        super().__init__(
            term,
            read=read,
            vi=vi + (" Nhiều mã cách nhau bằng dấu phẩy: một trong các mã." if several else ""),
            en=en + (" Several are parted by commas: any of them." if several else ""),
            schema=schema,
            example=[example] if several else example,
        )

    def filter(self, rows: QuerySet[Edition], value: Any) -> QuerySet[Edition]:
        if value is None:
            return rows
        values = value if isinstance(value, list) else [value]
        # Looked up and not found: nothing is found by it.
        return with_term(rows, KIND_OF[rows.model], self.field_name, *values) if values else rows.none()


class RowTermFilter(TermFilter):
    """Like TermFilter; several of them mean one row of the record that has all of it. See EditionFilters.applied."""

    def filter(self, rows: QuerySet[Edition], value: Any) -> QuerySet[Edition]:
        return rows


class ResolvedFilter(TermFilter):
    """A filter whose value is looked up at the clocks of the request before it is applied."""

    def resolved(self, name: str, values: list[str], at: Clocks) -> Any:
        raise NotImplementedError


class PlaceFilter(ResolvedFilter):
    """Units by our code, or by the official code they have on the day asked about."""

    def resolved(self, name: str, values: list[str], at: Clocks) -> list[str]:
        return _units(name, values, at)


class SectorNameFilter(ResolvedFilter):
    """Records that name sectors in the words of papers, by the codes of ours that are called so."""

    def resolved(self, name: str, values: list[str], at: Clocks) -> list[str]:
        return names_of_sectors(values, known_seq=at.known_seq, valid_on=at.valid_on)


class PlaceOfObjectsFilter(PlaceFilter):
    """Papers by where the clusters and the zones stand that they act on."""

    def resolved(self, name: str, values: list[str], at: Clocks) -> Any:
        units = super().resolved(name, values, at)
        return {
            kind: with_term(
                editions(kind, known_seq=at.known_seq, valid_on=at.valid_on), kind, "place", *units
            ).values("code")
            for kind in ("cluster", "zone")
        }

    def filter(self, rows: QuerySet[Edition], value: Any) -> QuerySet[Edition]:
        return rows if value is None else with_term_of_any(rows, KIND_OF[rows.model], value)


class AnyTermFilter(ParameterFilter):
    """Whether the record has any value of a term; `turned`: whether it has none."""

    def __init__(self, term: str, vi: str, en: str, *, turned: bool = False) -> None:
        super().__init__(term, read=truth, vi=vi, en=en, schema=BOOLEAN, example=True)
        self.turned = turned

    def filter(self, rows: QuerySet[Edition], value: Any) -> QuerySet[Edition]:
        if value is None:
            return rows
        found = Q(pk__in=with_term(rows.model._default_manager.all(), KIND_OF[rows.model], self.field_name))
        return rows.filter(found if value != self.turned else ~found)


class TermBoundFilter(ParameterFilter):
    """A bound, itself included, of a value kept as a term of fixed width. A record without one is on neither side."""

    def __init__(self, term: str, lookup: str, *, written: Callable[[Any], str], **kwargs: Any) -> None:
        super().__init__(term, lookup, **kwargs)
        self.written = written

    def filter(self, rows: QuerySet[Edition], value: Any) -> QuerySet[Edition]:
        if value is None:
            return rows
        bound = {self.lookup_expr: self.written(value)}
        return with_term_between(rows, KIND_OF[rows.model], self.field_name, **bound)


class SureBound(ParameterFilter):
    """A bound of a quantity that a range or “over”, “up to”, “nearly” may leave open: its sure end counts."""

    written: Callable[[Any], str]

    def filter(self, rows: QuerySet[Edition], value: Any) -> QuerySet[Edition]:
        found = super().filter(rows, value)
        if value is None:
            return found
        bound = {self.lookup_expr: self.written(value)}
        return surely_between(found, KIND_OF[rows.model], self.field_name, **bound)


class SizeFilter(SureBound, KnownFilter):
    """Of a quantity in a column."""

    def __init__(self, column: str, lookup: str, *, written: Callable[[Any], str], **kwargs: Any) -> None:
        super().__init__(column, lookup, **kwargs)
        self.written = written


class SizeTermFilter(SureBound, TermBoundFilter):
    """Of a quantity kept as a term."""


class ChangedFilter(ParameterFilter):
    """Whether the answer reads as it does since a publication made from a moment on, or before it."""

    def filter(self, rows: QuerySet[Edition], value: Any) -> QuerySet[Edition]:
        if value is None:
            return rows
        moment = value if hasattr(value, "hour") else start_of(value)
        # Nothing was published before or after; such moments may have no UTC.
        moment = EARLIEST if moment.year < EARLIEST.year else min(moment, LATEST)
        return rows.filter(**{f"known_from__{self.lookup_expr}": changed_since(moment)})


class EditionFilters(django_filters.FilterSet):
    """The filters of one kind of record, and those that every kind has."""

    base_filters: ClassVar[dict[str, ParameterFilter]]

    code = ParameterFilter(
        "code",
        "in",
        read=subject_codes,
        vi="Mã (code hoặc id) của bản ghi; nhiều mã cách nhau bằng dấu phẩy.",
        en="The record's code or id; several are parted by commas.",
        schema=CODES,
    )
    source = TermFilter(
        "source",
        "Mã (id) của một tài liệu mà bản ghi dẫn.",
        "Id of a source document that the record itself cites.",
        "vneconomy-2023-10",
    )
    unsourced = AnyTermFilter(
        "unsourced",
        "true: có giá trị không tài liệu nào nêu (xem unsourced); false: không có.",
        "true: nothing states one of its values (see unsourced); false: every value is stated.",
    )
    rival = AnyTermFilter(
        "rival",
        "true: có số liệu mâu thuẫn nhau, hoặc tài liệu nêu khác giá trị của bản ghi; false: không có.",
        "true: figures disagree, or a document states something else than the record; false: not so.",
    )
    changed_since = ChangedFilter(
        "known_from",
        "gte",
        read=day_or_moment,
        vi="Câu trả lời được như thế từ một lần công bố vào hoặc sau lúc này; chỉ ghi ngày thì là đầu ngày ở Hà Nội.",
        en="The answer reads so since a publication made at or after this moment; a date: its beginning in Hà Nội.",
        schema=MOMENT,
        example="2026-01-01",
    )
    changed_before = ChangedFilter(
        "known_from",
        "lt",
        read=day_or_moment,
        vi="Câu trả lời được như thế từ một lần công bố trước lúc này; chỉ ghi ngày thì là đầu ngày ở Hà Nội.",
        en="The answer reads so since a publication made before this moment; a date: its beginning in Hà Nội.",
        schema=MOMENT,
        example="2100-01-01",
    )

    @classmethod
    def known(cls) -> dict[str, ParameterFilter]:
        """By name: first what only this kind has."""
        common = EditionFilters.base_filters
        own = {name: found for name, found in cls.base_filters.items() if name not in common}
        return own | {name: found for name, found in cls.base_filters.items() if name in common}

    @classmethod
    def parameters(cls) -> list[Parameter]:
        return [found.parameter(name) for name, found in cls.known().items()]

    @classmethod
    def applied(
        cls, given: Mapping[str, str], rows: QuerySet[Edition], at: Clocks, kinds: frozenset[str]
    ) -> QuerySet[Edition]:
        """The rows that pass the filters given. Raises ApiProblem for a value that cannot be read.

        kinds: those that the reader may read; of others it is not told which records there are.
        One more query where records are named, one where places are, one where sectors are by their names.
        """
        asked = {name: given[name] for name in cls.base_filters if name in given}
        if not asked:
            return rows
        filters = cls(asked, queryset=rows)
        if not filters.is_valid():
            for name, errors in filters.form.errors.as_data().items():
                for error in errors:
                    if isinstance(error, Refused):
                        raise problem(name, error)
        values = filters.form.cleaned_data
        _refuse_crossed(values, asked)
        refuse_unknown(
            {name: values[name] for name in asked if cls.base_filters[name].names_records},
            KIND_OF[rows.model],
            kinds,
        )
        for name in asked:
            if isinstance(resolving := cls.base_filters[name], ResolvedFilter):
                values[name] = resolving.resolved(name, values[name], at)
        found: QuerySet[Edition] = filters.qs
        of_row = {
            asked_for.field_name: values[name] if isinstance(values[name], list) else [values[name]]
            for name in asked
            if isinstance(asked_for := cls.base_filters[name], RowTermFilter)
        }
        return with_terms_of_one_row(found, KIND_OF[rows.model], of_row) if of_row else found


#: How the names of a lower and an upper bound end, and whether the upper one is included.
_BOUNDS = (("_min", "_max", True), ("_from", "_to", True), ("changed_since", "changed_before", False))


def _refuse_crossed(values: Mapping[str, Any], asked: Iterable[str]) -> None:
    """Between bounds that cross lies nothing: a slip, and no empty answer. Raises ApiProblem."""
    for name in asked:
        for low, high, included in _BOUNDS:
            other = name.removesuffix(low) + high
            if not name.endswith(low) or values.get(other) is None:
                continue
            least, most = (
                start_of(found) if type(found) is date and not included else found
                for found in (values[name], values[other])
            )
            if least > most or (least == most and not included):
                raise ApiProblem(
                    "parameter_conflict",
                    f"“{name}” lớn hơn “{other}”, nên không bản ghi nào thỏa cả hai. Hãy đổi một trong hai.",
                    f"'{name}' lies beyond '{other}', so no record can meet both. Change one of them.",
                )


def _units(name: str, values: Sequence[str], at: Clocks) -> list[str]:
    """Our codes of the units asked for. Raises ApiProblem for one that the registry never published."""
    known = units_named(values, known_seq=at.known_seq, valid_on=at.valid_on)
    for value in values:
        if value not in known:
            on = f"{at.valid_on:%d/%m/%Y}"
            raise problem(
                name,
                Refused(
                    "place_unknown",
                    f"không có đơn vị hành chính mã “{value}”"
                    + (
                        f" vào ngày {on}. Mã chính thức đổi theo ngày: hãy kiểm tra valid_on."
                        if value.isdigit()
                        else "."
                    )
                    + " Hãy tìm mã ở /api/v1/places/?search=.",
                    f"names no administrative unit '{value}'"
                    + (f" with that official code on {at.valid_on}" if value.isdigit() else "")
                    + ". Find its code at /api/v1/places/?search=.",
                ),
            )
    return sorted({code for value in values for code in known[value]})
