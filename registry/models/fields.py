"""Columns that follow from other columns: what search reads and what order compares."""

from typing import Any

from django.db import models

from registry.rules import text


class DerivedTextField(models.TextField):
    """Text computed from other fields of the row whenever it is saved or bulk-created.

    Not part of the record: the ledger leaves it out.
    """

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = sources
        kwargs.setdefault("editable", False)
        kwargs.setdefault("default", "")
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"sources": self.sources}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        if not self.sources:  # filled by whoever composes the row
            return str(getattr(model_instance, self.attname))
        values = [str(getattr(model_instance, source) or "") for source in self.sources]
        value = self.derive(" ".join(values))
        setattr(model_instance, self.attname, value)
        return value

    def derive(self, value: str) -> str:
        raise NotImplementedError


class SearchTextField(DerivedTextField):
    """Lower case without diacritics, đ as d: what a search without diacritics compares."""

    def derive(self, value: str) -> str:
        return text.search_text(value)


class ByteOrder:
    """On PostgreSQL compared byte by byte (COLLATE "C"), as SQLite does by itself."""

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters: dict[str, Any] = super().db_parameters(connection)  # type: ignore[misc]
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class SortKeyField(ByteOrder, DerivedTextField):
    """Plain text whose code-point order is the order of the Vietnamese alphabet."""

    def derive(self, value: str) -> str:
        return text.sort_key(value)


class TermField(ByteOrder, models.CharField):
    """A code, a word, a day or a figure of fixed width: its order is that of its characters."""


class OrderField(TermField):
    """At most 60 characters, whose order is that of the record in a list; empty when it has none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"max_length": text.LONGEST_WORD, "default": "", "blank": True} | kwargs))
