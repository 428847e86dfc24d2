"""What the log can be asked for by field: every fact of every recorded row, by the words that staff know it by."""

from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import models

from registry.queries.facts import Model, columns_told
from registry.queries.telling import kinds
from registry.rules.log_terms import FIELD

#: What the ledger leaves out of tables that are not ours; of ours, the models say it.
UNRECORDED = {"auth_user": ("password", "last_login")}


@dataclass(frozen=True, slots=True)
class LogField:
    """One fact: how an address names it, the rows that have it, its name, the terms of its columns."""

    value: str
    rows: str
    label: str
    terms: tuple[str, ...]


@cache
def log_fields() -> dict[str, LogField]:
    """Every fact by the value that an address names it with: `registry_effect.area_ha`, its first column."""
    found: dict[str, LogField] = {}
    for model in _models():
        table = model._meta.db_table
        rows = _capital(model._meta.verbose_name)
        for label, names in columns_told(model).items():
            columns = [_column(model, name) for name in names if name not in UNRECORDED.get(table, ())]
            if not columns:
                continue
            value = f"{table}.{columns[0]}"
            found[value] = LogField(
                value, rows, label, tuple(f"{FIELD}{table}.{column}" for column in columns)
            )
        for many in model._meta.local_many_to_many:
            link = many.m2m_db_table()
            found[link] = LogField(link, rows, _capital(many.verbose_name), (f"table:{link}",))
    return dict(sorted(found.items(), key=lambda pair: (pair[1].rows, pair[1].label)))


def _models() -> set[Model]:
    """The tables of which the ledger tells facts. (Django's own links are facts of the records that have them.)"""
    ours = {model for model in apps.get_models() if getattr(getattr(model, "recorded", None), "subject", ())}
    return ours | set(kinds().values())


def _column(model: Model, name: str) -> str:
    column = model._meta.get_field(name)
    assert isinstance(column, models.Field)
    assert column.column
    return column.column


def _capital(text: object) -> str:
    return f"{str(text)[:1].upper()}{str(text)[1:]}"
