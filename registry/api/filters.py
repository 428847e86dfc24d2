"""Filters over edition tables, each with the words that document it."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet

from registry.api.parameters import Parameter, problem
from registry.api.values import Refused, code_of, codes_of, subject_code, truth
from registry.models.editions import Edition
from registry.queries.editions import with_term
from registry.rules import codes
from registry.rules.codes import CodeList


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


class KnownFilter(ParameterFilter):
    """A bound of a column whose empty value means "unknown": the unknown is on neither side."""

    def __init__(self, column: str, lookup: str, *, unknown: Any, **kwargs: Any) -> None:
        super().__init__(column, lookup, **kwargs)
        self.unknown = unknown

    def filter(self, rows: QuerySet[Edition], value: Any) -> QuerySet[Edition]:
        if value is None:
            return rows
        return super().filter(rows, value).exclude(**{self.field_name: self.unknown})


class TermFilter(ParameterFilter):
    """A value among several that one record has."""

    def __init__(self, kind: str, term: str, **kwargs: Any) -> None:
        super().__init__(term, read=subject_code, schema={"type": "string"}, **kwargs)
        self.kind = kind

    def filter(self, rows: QuerySet[Edition], value: Any) -> QuerySet[Edition]:
        return rows if value is None else with_term(rows, self.kind, self.field_name, value)


class CodeTermFilter(ParameterFilter):
    """A code of a list among several that one record has."""

    def __init__(self, kind: str, term: str, code_list: CodeList, *, vi: str, en: str) -> None:
        super().__init__(
            term,
            read=code_of(code_list),
            vi=vi,
            en=en,
            schema={"type": "string", "enum": list(code_list)},
            example=code_list.codes[0],
        )
        self.kind = kind

    def filter(self, rows: QuerySet[Edition], value: Any) -> QuerySet[Edition]:
        return rows if value is None else with_term(rows, self.kind, self.field_name, value)


def code_filter(column: str, code_list: CodeList, vi: str, en: str) -> ParameterFilter:
    """One or several codes of a list."""
    several = {"type": "array", "items": {"type": "string", "enum": list(code_list)}}
    return ParameterFilter(
        column,
        "in",
        read=codes_of(code_list),
        vi=f"{vi}; nhiều mã cách nhau bằng dấu phẩy.",
        en=f"{en}; several codes are parted by commas.",
        schema=several,
        example=[code_list.codes[min(3, len(code_list) - 1)]],
    )


def subject_filter(column: str, vi: str, en: str, example: str) -> ParameterFilter:
    return ParameterFilter(
        column, read=subject_code, vi=vi, en=en, schema={"type": "string"}, example=example
    )


def country_filter(column: str, vi: str, en: str) -> ParameterFilter:
    return ParameterFilter(
        column,
        read=code_of(codes.COUNTRY),
        vi=f"{vi}: mã hai chữ cái ISO 3166-1.",
        en=f"{en}: two letters of ISO 3166-1.",
        schema={"type": "string", "pattern": "^[A-Z]{2}$"},
        example="KR",
    )


def in_force_filter() -> ParameterFilter:
    return ParameterFilter(
        "in_force",
        read=truth,
        vi="true: đang có hiệu lực vào ngày hỏi; false: không.",
        en="true: in force on the day asked about; false: not.",
        schema={"type": "boolean"},
        example=True,
    )


class EditionFilters(django_filters.FilterSet):
    """The filters of one kind of record."""

    base_filters: ClassVar[dict[str, ParameterFilter]]

    @classmethod
    def parameters(cls) -> list[Parameter]:
        return [found.parameter(name) for name, found in cls.base_filters.items()]

    @classmethod
    def applied(cls, given: Mapping[str, str], rows: QuerySet[Edition]) -> QuerySet[Edition]:
        """The rows that pass the filters given. Raises ApiProblem for a value that cannot be read."""
        filters = cls({name: given[name] for name in cls.base_filters if name in given}, queryset=rows)
        if not filters.is_valid():
            for name, errors in filters.form.errors.as_data().items():
                for error in errors:
                    if isinstance(error, Refused):
                        raise problem(name, error)
        found: QuerySet[Edition] = filters.qs
        return found
