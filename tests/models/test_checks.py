"""What a row in memory says of its check constraints is what the database says: of every one, for odd values too."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.test.utils import CaptureQueriesContext

from registry.models import Decision, Effect
from registry.models.base import LAST_POSITION, LAST_WORKING_YEAR
from registry.models.checks import Check

CHECKS = [
    (model, constraint)
    for model in apps.get_app_config("registry").get_models()
    for constraint in model._meta.constraints
    if isinstance(constraint, models.CheckConstraint)
]
TEXTS = ["", " ", " \t\r\n", "\u00a0", "\v", "a", "A", "V", "W", "a-b", "-a", "a--b", "a\n", "cụm", "0", "26", "261000",
         "٢٦", "0123456789", "0123456789\n", "0123456789-001", "0123456789-01", "khac"]  # fmt: skip
DAY, MOMENT = date(2024, 2, 29), datetime(2024, 2, 29, 17, tzinfo=UTC)
MOST = 12


def values_of(field: Any) -> list[Any]:
    """Values of the field that a condition may tell apart; NULL among them also where the column refuses it."""
    if isinstance(field, models.ForeignKey):
        return [None, 1, 2]
    if isinstance(field, models.DateTimeField):
        return [None, MOMENT, MOMENT + timedelta(microseconds=1), MOMENT - timedelta(days=9000)]
    if isinstance(field, models.DateField):
        ends = [date(LAST_WORKING_YEAR, 12, 31), date(LAST_WORKING_YEAR + 1, 1, 1), date.max]
        return [None, DAY, DAY - timedelta(1), date(999, 1, 1), *ends]
    if isinstance(field, models.DecimalField):
        least = Decimal(1).scaleb(-field.decimal_places)
        most = 10 ** (field.max_digits - field.decimal_places) - least
        return [None, Decimal(0), 100, least, 100 + least, 100 - least, -least, most, most - least]
    if isinstance(field, models.IntegerField):
        below = [] if field.get_internal_type().startswith("Positive") else [-1]
        return [None, *below, 0, 1, 2, 2023, 2024, LAST_POSITION, LAST_POSITION + 1]
    return [None, *TEXTS, *(code for code, _ in field.flatchoices)]


def rows(model: type[models.Model], constraint: Check) -> Iterator[tuple[bool, models.Model]]:
    """Rows that pass and rows that do not, a dozen of each where there are so many: found among many by chance."""
    random = Random(constraint.name)
    fields = [model._meta.get_field(name) for name in sorted(constraint.condition.referenced_base_fields)]
    kinds = [values_of(field) for field in fields]
    tried = [[value] for value in kinds[0]] if len(kinds) == 1 else []
    while len(tried) < 3000 and len(kinds) > 1:
        nulls = random.choice((0, 0.5, 0.9))
        tried.append([None if random.random() < nulls else random.choice(values) for values in kinds])
    left = {True: MOST, False: MOST}
    for chosen in tried:
        row = model(**{field.attname: value for field, value in zip(fields, chosen, strict=True)})
        held = constraint.held(model, row, (), DEFAULT_DB_ALIAS)
        if left[held]:
            left[held] -= 1
            yield held, row
    assert max(left.values()) < MOST, f"{constraint.name}: every row passes, or none"


def refusal(
    rule: type[models.CheckConstraint], constraint: Check, row: models.Model
) -> tuple[str, str | None] | None:
    """The words and the code with which the row is refused, as Django or as we validate; None where it passes."""
    try:
        rule.validate(constraint, type(row), row)
    except ValidationError as error:
        return error.message, error.code
    return None


def test_every_check_of_every_table_is_read() -> None:
    assert len(CHECKS) > 150
    for model, constraint in CHECKS:
        assert isinstance(constraint, Check), constraint.name
        fields, _ = constraint._read(model)
        assert set(fields) == constraint.condition.referenced_base_fields


@pytest.mark.parametrize("model", dict(CHECKS), ids=lambda model: model.__name__)
def test_a_row_says_what_the_database_says(model: type[models.Model], db: None) -> None:
    for constraint in (constraint for other, constraint in CHECKS if other is model):
        for held, row in rows(model, constraint):
            mine, theirs = refusal(Check, constraint, row), refusal(models.CheckConstraint, constraint, row)
            shown = {
                field.attname: getattr(row, field.attname) for field in constraint._read(model)[0].values()
            }
            assert (constraint.name, shown, mine) == (constraint.name, shown, theirs)
            assert held is (mine is None)


@pytest.mark.parametrize(
    ("model", "name", "values"),
    [
        (Effect, "effect_area_positive", {"area_ha": "47.8"}),
        (Effect, "effect_area_positive", {"area_ha": Decimal("0.00001")}),
        (Effect, "effect_area_positive", {"area_ha": models.Value(-1)}),
        (Decision, "decision_dates", {"received_on": "2024-02-29"}),
        (Decision, "decision_dates", {"received_on": "9001-01-01"}),
    ],
)
def test_a_value_of_another_kind_is_left_to_the_database(
    model: type[models.Model], name: str, values: dict[str, Any], db: None
) -> None:
    constraint = next(rule for rule in model._meta.constraints if rule.name == name)
    row = model(**values)
    with CaptureQueriesContext(connection) as asked:
        mine = refusal(Check, constraint, row)
    assert asked.captured_queries
    assert mine == refusal(models.CheckConstraint, constraint, row)


def test_a_check_of_a_field_that_is_left_out_passes() -> None:
    row = Effect(area_qualifier="range")
    for model, constraint in CHECKS:
        if model is Effect and constraint.name == "effect_area_range":
            assert not constraint.held(model, row, (), DEFAULT_DB_ALIAS)
            for name in constraint.condition.referenced_base_fields:
                assert constraint.held(model, row, {name}, DEFAULT_DB_ALIAS)
