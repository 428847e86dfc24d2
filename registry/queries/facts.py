"""A row in words: its facts by Vietnamese label, references by name. For people; never compared or hashed.

A row is a mapping of field or column names to plain values, as contents and the ledger's payloads hold them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any, TypeAlias

from django.db import models
from django.db.models import Q

from registry.models import Indicator, IndicatorValue, LedgerPayload
from registry.models.base import Recorded
from registry.queries.contents import children_of
from registry.rules.dates import StatedDate, day_vi, format_vi, parse_stated
from registry.rules.decision_numbers import DecisionNumber, Family
from registry.rules.hanoi import HANOI
from registry.rules.problems import Problem
from registry.rules.quantities import Quantity, format_number, format_quantity

Model = type[models.Model]
Field: TypeAlias = "models.Field[Any, Any]"
Row = Mapping[str, Any]
#: What referenced rows are called, by table and id; of an indicator's value its unit, which no column of it holds.
Names = Mapping[tuple[Model, int], str]

#: Dates kept in three columns `<prefix>_earliest, _latest, _stated_as`, and what the whole is called.
_STATED = {
    "issued": "Ngày ký",
    "effective": "Ngày hiệu lực",
    "published": "Ngày đăng",
    "as_of": "Thời điểm",
    "programme": "Giai đoạn",
    "period": "Kỳ",
    "asked": "Ngày giao",
    "due": "Hạn",
}


@dataclass(frozen=True, slots=True)
class _Quantity:
    """What a quantity kept in several columns is called, and the columns beside its value: high end, qualifier."""

    label: str
    others: tuple[str, ...]
    unit: str = ""


_QUANTITIES = {
    "area_ha": _Quantity("Diện tích", ("area_high_ha", "area_qualifier"), "ha"),
    "land_area_ha": _Quantity("Diện tích đất", ("land_area_high_ha", "land_area_qualifier"), "ha"),
    "amount": _Quantity("Số tiền", ("currency", "amount_qualifier")),
    "value": _Quantity("Giá trị", ("value_high", "value_qualifier")),
}
#: What quantities are called: their texts are a number and a unit.
QUANTITIES = frozenset(quantity.label for quantity in _QUANTITIES.values())
#: What stands behind the name of a row that is no longer.
GONE = " (đã xóa)"
#: How many facts make the title of a child row.
_TITLE = 2
#: How long one of them may be.
_PART = 60


def facts(model: Model, row: Row, names: Names) -> dict[str, str]:
    """Label and text of every fact of the row; empty text where the row says nothing. Child rows are left out."""
    found: dict[str, str] = {}
    hidden = _hidden(model)
    for field in model._meta.concrete_fields:
        if field.primary_key or field.name in hidden or field.column in hidden:
            continue
        label, text = _fact(model, field, row, names)
        if label not in found:
            found[label] = text
    for many in model._meta.local_many_to_many:
        if many.name in row:
            others = sorted(_name(names, many.related_model, pk) for pk in row[many.name])
            found[_capital(many.verbose_name)] = "; ".join(others)
    return found


def fact(model: Model, name: str, row: Row, names: Names) -> tuple[str, str]:
    """Label and text of the fact that a column is part of; empty text where the row says nothing."""
    column = model._meta.get_field(name)
    if isinstance(column, models.ManyToManyField):
        others = sorted(_name(names, column.related_model, pk) for pk in row[name])
        return _capital(column.verbose_name), "; ".join(others)
    assert isinstance(column, models.Field)
    return _fact(model, column, row, names)


def columns_told(model: Model) -> dict[str, tuple[str, ...]]:
    """The names of the columns that each fact of a row is told of, by its label, in the order of the model."""
    found: dict[str, tuple[str, ...]] = {}
    hidden = _hidden(model)
    for field in model._meta.concrete_fields:
        if not field.primary_key and field.name not in hidden and field.column not in hidden:
            label = _fact(model, field, {}, {})[0]
            found[label] = (*found.get(label, ()), field.name)
    return found


def title(model: Model, row: Row, names: Names) -> str:
    """What a child row is called among its sisters: `Tác động 1 · Giang Biên · Thành lập`."""
    name = _capital(model._meta.verbose_name or "")
    said = facts(model, row, names)
    if position := row.get("position"):
        name = f"{name} {position}"
    elif position := row.get("row_position"):
        name = f"{name} cho dòng {position}"
    parts = [_short(text) for text in said.values() if text and text != str(position)]
    return " · ".join([name, *parts[:_TITLE]])


def _short(text: str) -> str:
    return text if len(text) <= _PART else text[: _PART - 1].rstrip() + "…"


def names_in(
    rows: Iterable[tuple[Model, Row]], also: Iterable[tuple[Model, int]] = ()
) -> dict[tuple[Model, int], str]:
    """What the rows' references, and others, are called, also when they are gone. One query for each table named."""
    rows = list(rows)
    wanted: dict[Model, set[int]] = {}
    for other, pk in chain(also, *(references(model, row) for model, row in rows)):
        wanted.setdefault(other, set()).add(pk)
    names: dict[tuple[Model, int], str] = _units(rows)
    for other, ids in wanted.items():
        # What a row calls itself may name the rows it points to.
        links = [f.name for f in other._meta.concrete_fields if isinstance(f, models.ForeignKey)]
        for found in other._base_manager.filter(pk__in=ids).select_related(*links):
            names[other, found.pk] = str(found)
    missing = {key for other, ids in wanted.items() for key in ((other, pk) for pk in ids)} - names.keys()
    return names | _names_of_the_gone(missing)


def plain_rows(model: Model, content: Row) -> Iterator[tuple[Model, Row]]:
    """The row of a content and the rows of its children, each with its table."""
    yield model, content
    for relation in children_of(model):
        for child in content.get(relation.get_accessor_name() or "", ()):
            yield from plain_rows(relation.related_model, child)


def read(payload: str | None) -> Row:
    """A row as the ledger wrote it; decimals stay exact. What somebody made unreadable is none: its digest tells."""
    try:
        found = json.loads(payload, parse_float=Decimal) if payload else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def value_of(field: Field, row: Row) -> Any:
    """The row's value, whether it is keyed by field or by column."""
    return row[field.name] if field.name in row else row.get(field.column or field.name)


def _hidden(model: Model) -> set[str]:
    """Columns that only say whose row it is, or that follow from others."""
    recorded: Recorded | None = getattr(model, "recorded", None)
    owners = {column for _, column in recorded.subject} if recorded else set()
    return owners | set(recorded.exclude if recorded else ()) | {"number_year"}


def _fact(model: Model, field: Field, row: Row, names: Names) -> tuple[str, str]:
    prefix = field.name.rpartition("_")[0].removesuffix("_stated")
    if prefix in _STATED and field.name.removeprefix(prefix) in ("_earliest", "_latest", "_stated_as"):
        return _STATED[prefix], _stated(prefix, row)
    if field.name in ("number", "symbol", "number_family") and _has(model, "number_family"):
        return "Số, ký hiệu", _number(row)
    for low, quantity in _QUANTITIES.items():
        if field.name in (low, *quantity.others) and _has(model, low) and _has(model, quantity.others[-1]):
            return quantity.label, _quantity(model, low, quantity, row, names)
    return _capital(field.verbose_name), _text(field, value_of(field, row), names)


def _has(model: Model, name: str) -> bool:
    return any(field.name == name for field in model._meta.concrete_fields)


def _stated(prefix: str, row: Row) -> str:
    """The bounds, and the paper's words where they say something else."""
    earliest, latest = _day(row.get(f"{prefix}_earliest")), _day(row.get(f"{prefix}_latest"))
    stated_as = row.get(f"{prefix}_stated_as") or ""
    text = format_vi(StatedDate(earliest, latest)) if earliest or latest else ""
    if not stated_as:
        return text
    try:
        read = parse_stated(stated_as)
    except Problem:
        read = None
    if read is not None and (read.earliest, read.latest) == (earliest, latest):
        return text or stated_as
    return f"{text or 'chưa rõ'} (ghi “{stated_as}”)"


def _number(row: Row) -> str:
    if row.get("number") is None:
        return ""
    try:
        family = Family(row.get("number_family") or "individual")
    except ValueError:
        family = Family.INDIVIDUAL
    year = row.get("number_year") if family in (Family.LAW, Family.NORMATIVE) else None
    return str(DecisionNumber(row["number"], row.get("symbol") or "", year, family))


def _quantity(model: Model, low: str, quantity: _Quantity, row: Row, names: Names) -> str:
    value = _decimal(row.get(low))
    high = _decimal(row.get(quantity.others[0])) if "high" in quantity.others[0] else None
    if value is None:
        return ""
    stated = Quantity(value, row.get(quantity.others[-1]) or "exact", high)
    shown = format_quantity(stated, names.get((model, row.get("id", 0)), ""))
    return f"{shown} {row.get('currency', '') if low == 'amount' else quantity.unit}".rstrip()


def _text(field: Field, value: Any, names: Names) -> str:
    if value is None or value == "":
        return ""
    if isinstance(field, models.ForeignKey):
        return _name(names, field.related_model, value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    match field:
        case models.BooleanField():
            return "có" if value else "không"
        case models.DateTimeField():
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
            return f"{moment.astimezone(HANOI):%d/%m/%Y %H:%M}" if moment.tzinfo else str(value)
        case models.DateField():
            return day_vi(day) if (day := _day(value)) else str(value)
        case models.DecimalField():
            return format_number(number) if (number := _decimal(value)) is not None else str(value)
        case _:
            return str(value)


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value)).normalize() + 0


def _name(names: Names, model: Any, pk: Any) -> str:
    return names.get((model, int(pk)), f"{model._meta.verbose_name} số {pk}")


def references(model: Model, row: Row) -> Iterator[tuple[Model, int]]:
    """The rows that a row names, each with its table."""
    hidden = _hidden(model)
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and field.name not in hidden and field.column not in hidden:
            value = value_of(field, row)
            if value is not None:
                yield field.related_model, int(value)
    for many in model._meta.local_many_to_many:
        for pk in row.get(many.name, ()):
            yield many.related_model, int(pk)


def _units(rows: Iterable[tuple[Model, Row]]) -> dict[tuple[Model, int], str]:
    """In which unit the values of indicators are: the content around them says it, else the indicator of now, else
    what the ledger last had of it.
    """
    units: dict[tuple[Model, int], str] = {}
    apart: dict[int, int] = {}
    for model, row in rows:
        if model is Indicator:
            units |= {(IndicatorValue, value["id"]): row["unit"] for value in row.get("values", ())}
        elif model is IndicatorValue and row.get("id") and row.get("indicator_id"):
            apart[row["id"]] = row["indicator_id"]
    if apart:
        now = dict(Indicator._base_manager.filter(pk__in=apart.values()).values_list("pk", "unit"))
        gone = _last_rows((Indicator, pk) for pk in set(apart.values()) - now.keys())
        now |= {pk: row.get("unit", "") for (_, pk), row in gone.items()}
        units |= {(IndicatorValue, pk): now.get(owner, "") for pk, owner in apart.items()}
    return units


def _names_of_the_gone(missing: Iterable[tuple[Model, int]]) -> dict[tuple[Model, int], str]:
    """What deleted rows were called."""
    gone = _last_rows(missing)
    units = _units((model, row) for (model, _), row in gone.items())
    names = {}
    for (model, pk), row in gone.items():
        said = (
            [row["name"]]
            if row.get("name")
            else [text for text in facts(model, row, units).values() if text][:_TITLE]
        )
        names[model, pk] = " · ".join(said) + GONE
    return names


def _last_rows(missing: Iterable[tuple[Model, int]]) -> dict[tuple[Model, int], Row]:
    """Deleted rows as they last were: the ledger holds them. One query."""
    tables = {(model._meta.db_table, str(pk)): (model, pk) for model, pk in missing}
    if not tables:
        return {}
    condition = Q()
    for table, row_id in tables:
        condition |= Q(entry__table_name=table, entry__row_id=row_id)
    deleted = (
        LedgerPayload.objects.filter(condition, entry__op="delete").select_related("entry").order_by("pk")
    )
    return {
        tables[payload.entry.table_name, payload.entry.row_id]: read(payload.before) for payload in deleted
    }


def _capital(text: Any) -> str:
    return str(text)[:1].upper() + str(text)[1:]
