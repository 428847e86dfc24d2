"""Reading fixtures: YAML files that a clerk can read, one for each kind, a record under its code.

Every value is text, written as staff write it (18/01/2022, 47,8 ha); what it means follows from the column.
"""

from collections.abc import Hashable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from registry.models import SUBJECTS, Decision
from registry.rules.amounts import parse_figure, parse_money
from registry.rules.dates import parse_stated
from registry.rules.decision_numbers import parse
from registry.rules.problems import Problem
from registry.rules.quantities import parse_area_ha, parse_number

#: One record as it is written: values, references by code, and the rows that belong to it.
Record: TypeAlias = Mapping[str, Any]


class FixtureProblem(Problem):
    """A fixture that cannot be loaded; the message names file and record."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__("fixture_invalid", f"{where}: {what}")


def read_fixtures(directory: Path) -> dict[str, dict[str, Record]]:
    """The records by kind and code. Raises FixtureProblem."""
    kinds = {file_of(kind): kind for kind in SUBJECTS}
    found: dict[str, dict[str, Record]] = {kind: {} for kind in SUBJECTS}
    for path in sorted(directory.glob("*.yaml")):
        if path.name not in kinds:
            raise FixtureProblem(path.name, f"tên tệp không phải của loại nào. Các tệp: {', '.join(kinds)}.")
        found[kinds[path.name]] = _records(path)
    return found


def file_of(kind: str) -> str:
    """The file of a kind: authority in authorities.yaml, place in places.yaml."""
    return f"{kind[:-1]}ies.yaml" if kind.endswith("y") else f"{kind}s.yaml"


def values_of(model: type[models.Model], key: str, value: Any, where: str) -> dict[str, Any] | None:
    """The columns that a key stands for, with their values; None when it names a row or rows of other tables.

    A key is a column, or what several columns say together: `issued` for issued_earliest, issued_latest and
    issued_stated_as; `area` for area_ha, area_high_ha and area_qualifier; `amount` and `value` with their
    qualifiers; a decision's `number` as papers write it. Raises FixtureProblem for a key that the model does not
    know and for a value it cannot hold.
    """
    try:
        if model is Decision and key == "number":
            number = parse(_text(value))
            carried = {} if number.year is None else {"number_year": number.year}
            return {
                "number": number.number,
                "symbol": number.symbol,
                "number_family": number.family.value,
                **carried,
            }
        if _has(model, f"{key}_latest"):
            return _stated_date(key, value)
        if _has(model, f"{key}_ha") and _has(model, f"{key}_qualifier"):
            area = parse_area_ha(_text(value))
            return {
                f"{key}_ha": area.value,
                f"{key}_high_ha": area.high,
                f"{key}_qualifier": str(area.qualifier),
            }
        if key == "amount" and _has(model, "currency"):
            money = parse_money(_text(value))
            return {
                "amount": money.amount,
                "currency": money.currency,
                "amount_qualifier": str(money.qualifier),
            }
        if _has(model, f"{key}_qualifier"):
            read = parse_figure(_text(value)).quantity
            return {key: read.value, f"{key}_high": read.high, f"{key}_qualifier": str(read.qualifier)}
        field = model._meta.get_field(key)
        if not isinstance(field, models.Field) or field.is_relation:
            return None
        if field.primary_key or not field.editable or key == "code":
            raise FieldDoesNotExist
        return {key: _column(field, value)}
    except FieldDoesNotExist:
        raise FixtureProblem(where, f"không có trường “{key}”.") from None
    except Problem as problem:
        raise FixtureProblem(where, f"trường “{key}”: {problem.message}") from None
    except (TypeError, ValueError):
        raise FixtureProblem(where, f"trường “{key}” không nhận giá trị “{value}”.") from None


def _records(path: Path) -> dict[str, Record]:
    try:
        records = yaml.load(path.read_text(encoding="utf-8"), _PlainText)
    except yaml.YAMLError as error:
        raise FixtureProblem(path.name, f"không đọc được: {error}") from None
    if not isinstance(records, dict) or not all(isinstance(record, dict) for record in records.values()):
        raise FixtureProblem(path.name, "mỗi bản ghi phải đứng dưới mã của nó.")
    return records


# libyaml, where PyYAML was built with it, reads the same in a quarter of the time.
class _PlainText(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """YAML in which every value is text (no, 1.10 and 12:30 mean themselves) and no key appears twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key, (at, _) in zip(keys, node.value, strict=True):
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(
                    problem=f"“{key}” hai lần", problem_mark=at.start_mark
                )
        made: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return made


def _has(model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.concrete_fields)


def _stated_date(key: str, value: Any) -> dict[str, Any]:
    """`năm 2023`, or a mapping where other knowledge narrows the stated date down."""
    if isinstance(value, dict):
        if unknown := value.keys() - {"earliest", "latest", "stated_as"}:
            raise Problem("stated_date_part_unknown", f"không có phần “{min(unknown)}”.")
        earliest, latest, stated_as = value.get("earliest"), value.get("latest"), value.get("stated_as", "")
        bounds = (_day(earliest) if earliest else None, _day(latest) if latest else None)
    else:
        stated = parse_stated(_text(value))
        bounds, stated_as = (stated.earliest, stated.latest), stated.stated_as
    return dict(
        zip((f"{key}_earliest", f"{key}_latest", f"{key}_stated_as"), (*bounds, stated_as), strict=True)
    )


def _column(field: "models.Field[Any, Any]", value: Any) -> Any:
    text = _text(value)
    if text == "" and field.null:
        return None
    match field:
        case models.DateTimeField():
            return field.to_python(text)
        case models.DateField():
            return _day(text)
        case models.DecimalField():
            return parse_number(text)
        case models.IntegerField():
            return int(text)
        case _:
            return field.to_python(text)


def _day(text: str) -> date:
    day = parse_stated(_text(text)).exact
    if day is None:
        raise Problem("not_a_day", f"“{text}” phải là một ngày, ví dụ 18/01/2022.")
    return day


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
