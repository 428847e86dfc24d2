"""Filters over edition tables, each with the words that document it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet

from registry.api.parameters import Parameter, problem
from registry.api.values import Refused, code_of, codes_of, hectares, subject_code, truth, whole_number
from registry.models.editions import Edition
from registry.queries.editions import with_term
from registry.rules import codes
from registry.rules.codes import CodeList

TEXT = {"type": "string"}
AREA = {"type": "number", "minimum": 0}
AMOUNT = {"type": "integer", "minimum": 0}

whole_amount = whole_number(0, 2**63 - 1)


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
    """A bound of a column in which one value means "unknown": the unknown is on neither side."""

    def __init__(self, column: str, lookup: str, *, unknown: Any, **kwargs: Any) -> None:
        super().__init__(column, lookup, **kwargs)
        self.unknown = unknown

    def filter(self, rows: QuerySet[Edition], value: Any) -> QuerySet[Edition]:
        if value is None:
            return rows
        return super().filter(rows, value).exclude(**{self.field_name: self.unknown})


class TermFilter(ParameterFilter):
    """A value among several that one record has: the code of another record, unless it is read otherwise."""

    def __init__(
        self,
        kind: str,
        term: str,
        vi: str,
        en: str,
        example: Any,
        *,
        read: Callable[[str], Any] = subject_code,
        schema: Mapping[str, Any] = TEXT,
    ) -> None:
        super().__init__(term, read=read, vi=vi, en=en, schema=schema, example=example)
        self.kind = kind

    def filter(self, rows: QuerySet[Edition], value: Any) -> QuerySet[Edition]:
        return rows if value is None else with_term(rows, self.kind, self.field_name, value)


def place_filter(kind: str, vi: str, en: str, example: str) -> TermFilter:
    """vi, en: who named the unit. The same search wherever records have places."""
    return TermFilter(
        kind,
        "place",
        f"Mã (id) của đơn vị hành chính {vi}, của đơn vị bao trùm nó, hoặc của một đơn vị kế thừa nó: toàn bộ, "
        "một phần hay mới là có thể (xem extent). Không phụ thuộc ngày hỏi.",
        f"Id of the administrative unit {en}, of what it belonged to, or of a unit that took over from it: wholly, "
        "in part or possibly (see extent). Whatever the day asked about.",
        example,
    )


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


def code_term_filter(kind: str, term: str, code_list: CodeList, vi: str, en: str) -> TermFilter:
    """One code of a list, of which a record may have several."""
    schema = {"type": "string", "enum": list(code_list)}
    return TermFilter(kind, term, vi, en, code_list.codes[0], read=code_of(code_list), schema=schema)


def subject_filter(column: str, vi: str, en: str, example: str) -> ParameterFilter:
    return ParameterFilter(column, read=subject_code, vi=vi, en=en, schema=TEXT, example=example)


def legal_basis_filter(kind: str) -> TermFilter:
    return TermFilter(
        kind,
        "legal_instrument",
        "Mã (id) của một văn bản làm căn cứ pháp lý.",
        "Id of a legal instrument that it rests on.",
        "nghi-dinh-68-2017",
    )


def area_filters() -> tuple[KnownFilter, KnownFilter]:
    """From and to an area in hectares."""
    least = KnownFilter(
        "area_ha",
        "gte",
        unknown=Decimal(0),
        read=hectares,
        vi="Diện tích từ chừng này héc-ta; chưa rõ diện tích thì bỏ.",
        en="Area of at least so many hectares; unknown areas are left out.",
        schema=AREA,
        example=40,
    )
    most = KnownFilter(
        "area_ha",
        "lte",
        unknown=Decimal(0),
        read=hectares,
        vi="Diện tích đến chừng này héc-ta; chưa rõ diện tích thì bỏ.",
        en="Area of at most so many hectares; unknown areas are left out.",
        schema=AREA,
        example=75,
    )
    return least, most


def capital_filters(currency: str) -> tuple[KnownFilter, KnownFilter]:
    """From and to an amount in whole units of a currency."""
    column = f"capital_{currency.lower()}"
    least = KnownFilter(
        column,
        "gte",
        unknown=0,
        read=whole_amount,
        vi=f"Con số vốn lớn nhất được ghi từ chừng này {currency}; không ghi số nào bằng {currency} thì bỏ.",
        en=f"The largest figure of capital is at least so many {currency}; without one in {currency}: left out.",
        schema=AMOUNT,
        example=1_000_000_000,
    )
    most = KnownFilter(
        column,
        "lte",
        unknown=0,
        read=whole_amount,
        vi=f"Con số vốn lớn nhất được ghi đến chừng này {currency}; không ghi số nào bằng {currency} thì bỏ.",
        en=f"The largest figure of capital is at most so many {currency}; without one in {currency}: left out.",
        schema=AMOUNT,
        example=5_000_000_000,
    )
    return least, most


def country_filter(column: str, vi: str, en: str) -> ParameterFilter:
    return ParameterFilter(
        column,
        read=code_of(codes.COUNTRY),
        vi=f"{vi}: mã hai chữ cái ISO 3166-1; chưa rõ nước nào thì bỏ.",
        en=f"{en}: two letters of ISO 3166-1; where no country is known: left out.",
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
