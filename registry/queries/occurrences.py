"""Where words occur in the database: every text of every table, whatever the table is for."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS, connection, connections, models, router

from registry.models import EDITIONS, SUBJECTS, Dependency, EditionTerm, LedgerTerm, Reference
from registry.models.editions import Edition
from registry.models.fields import DerivedTextField
from registry.rules.redactions import spellings, without
from registry.rules.text import search_text

Model = type[models.Model]

#: Made again from the publications and from the ledger.
DERIVED: tuple[Model, ...] = (*EDITIONS.values(), EditionTerm, Reference, Dependency, LedgerTerm)
_TEXTS = ("varchar", "char", "text", "json")


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of a table that hold the words in a text of theirs, and the columns that are texts."""

    model: Model
    columns: tuple[str, ...]
    rows: tuple[Any, ...]

    @property
    def table(self) -> str:
        return self.model._meta.db_table


def occurrences(words: Collection[str]) -> list[Found]:
    """By table, in the order of their names. Reads every table once.

    Without what is derived, and without sessions, which are coded.
    """
    wanted, instead = sorted(spellings(words)), dict.fromkeys(words, "")
    position = "strpos" if _postgresql() else "instr"
    found = []
    for model in tables():
        if model in DERIVED:
            continue
        home = connections[router.db_for_read(model) or DEFAULT_DB_ALIAS]
        columns = [
            f.column for f in model._meta.concrete_fields if (f.db_type(home) or "").startswith(_TEXTS)
        ]
        columns = [column for column in columns if column not in derived_columns(model)]
        if not columns:
            continue
        texts = [f"CAST({_quoted(column)} AS text)" for column in columns]
        test = " OR ".join(f"{position}({text}, %s) > 0" for text in texts for _ in wanted)
        pk = _quoted(str(model._meta.pk.column))
        with home.cursor() as cursor:
            cursor.execute(
                f"SELECT {pk}, {', '.join(texts)} FROM {_quoted(model._meta.db_table)} WHERE {test} ORDER BY 1",
                wanted * len(columns),
            )
            # What is a name of a member of JSON, and no value, was found too.
            rows = [pk for pk, *texts in cursor if any(t and without(t, instead) != t for t in texts)]
        if rows:
            found.append(Found(model, tuple(columns), tuple(rows)))
    return found


def bodies_with(words: Collection[str]) -> dict[type[Edition], list[int]]:
    """The editions whose answer holds the words."""
    wanted = [spelling.encode() for spelling in sorted(spellings(words))]
    test = "position(%s in body)" if _postgresql() else "instr(body, %s)"
    found: dict[type[Edition], list[int]] = {}
    for model in EDITIONS.values():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM {model._meta.db_table} WHERE {' OR '.join(f'{test} > 0' for _ in wanted)}",
                wanted,
            )
            if rows := [pk for (pk,) in cursor.fetchall()]:
                found[model] = rows
    return found


def tables() -> list[Any]:
    """Every table that a model stands for, many-to-many tables too, in the order of their names."""
    found = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    return [found[name] for name in sorted(found) if found[name]._meta.managed]


def derived_columns(model: Model) -> set[str]:
    return {str(f.column) for f in model._meta.concrete_fields if isinstance(f, DerivedTextField)}


def sessions_with(words: Collection[str]) -> list[str]:
    """The keys of log-in sessions that hold the words."""
    return [row.pk for row in Session.objects.iterator() if any(w in str(row.get_decoded()) for w in words)]


def said_alike(words: Collection[str]) -> list[models.Model]:
    """Records whose name or texts hold the words in another spelling: without diacritics, in other letters."""
    found: list[models.Model] = []
    for words_of_one in words:
        for model in SUBJECTS.values():
            if any(field.name == "search_text" for field in model._meta.concrete_fields):
                found += model._default_manager.filter(search_text__contains=search_text(words_of_one))
    return found


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _postgresql() -> bool:
    return connection.vendor == "postgresql"
