"""Inputs that choose records by typing, called as in the lists they are chosen from."""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.db import models


def _numbers(values: Any) -> list[str]:
    """Those that can be the number of a row: a page must not fail over what a forged request holds."""
    return [text for text in map(str, values or ()) if text.isascii() and text.isdigit() and len(text) < 19]


class _Chosen(AutocompleteMixin):
    """Records found by typing. What was chosen is called as it was in the list it was chosen from."""

    #: the records of a page by their numbers, each with its place in their order, where they were looked up together
    known: Mapping[str, tuple[int, models.Model]] | None = None

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        ids = _numbers(value)
        known = self.rows(ids) if self.known is None else self.known
        found = [row for _, row in sorted((known[pk] for pk in set(ids) if pk in known), key=itemgetter(0))]
        empty = [] if self.is_required or self.allow_multiple_selected else [("", "")]
        label = getattr(self._found_in, "option_label", str)
        options = [*empty, *((row.pk, label(row)) for row in found)]
        made = [self.create_option(name, pk, text, pk != "", n) for n, (pk, text) in enumerate(options)]
        return [(None, made, 0)]

    def rows(self, ids: Iterable[str]) -> dict[str, tuple[int, models.Model]]:
        """These records in their order: one query, and what their names need."""
        rows = self.choices.queryset.filter(pk__in=set(ids))
        with_names = getattr(self._found_in, "option_rows", None)
        return {str(row.pk): (n, row) for n, row in enumerate(with_names(rows) if with_names else rows)}

    @property
    def _found_in(self) -> Any:
        return self.admin_site._registry.get(self.field.remote_field.model)


class Choose(_Chosen, AutocompleteSelect):
    """One record."""


class ChooseMany(_Chosen, AutocompleteSelectMultiple):
    """Several records."""


class OneRecord(forms.ModelChoiceField):
    """One record, found together with those of the other rows of the form."""

    found: Mapping[str, models.Model] = {}

    def to_python(self, value: Any) -> Any:
        return self.found.get(str(value)) or super().to_python(value)


class SeveralRecords(forms.ModelMultipleChoiceField):
    """Several records, found together with those of the other rows of the form."""

    found: Mapping[str, models.Model] = {}

    def _check_values(self, value: Any) -> Any:
        wanted = set(map(str, value))
        if wanted <= self.found.keys():
            return [row for pk, row in self.found.items() if pk in wanted]
        return super()._check_values(value)


def find_together(sent: Iterable[forms.BaseForm]) -> None:
    """What all these forms were sent with is found once a field, not once a row; what is not found they refuse."""
    inputs: dict[Any, list[tuple[OneRecord | SeveralRecords, list[str]]]] = {}
    for form in sent:
        for name, field in form.fields.items():
            if (
                type(field) is forms.ModelChoiceField
            ):  # the number of a saved row, which Django's formsets add
                kept = {"initial": field.initial, "required": field.required, "widget": field.widget}
                field = form.fields[name] = OneRecord(field.queryset, **kept)
            if isinstance(field, OneRecord | SeveralRecords):
                typed = field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
                ids = _numbers(typed if isinstance(typed, list | tuple) else [typed])
                inputs.setdefault((type(form), name), []).append((field, ids))
    for same in inputs.values():
        rows = same[0][0].queryset.filter(pk__in={pk for _, ids in same for pk in ids})
        found = {str(row.pk): row for row in rows}
        for field, _ in same:
            field.found = found


def look_up_together(forms: Iterable[forms.BaseForm]) -> None:
    """What all these forms have chosen is asked for once a field, not once a row."""
    found: dict[models.Field, list[tuple[_Chosen, list[str]]]] = {}
    for form in forms:
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, _Chosen):
                value = form[name].value()
                ids = _numbers(value if isinstance(value, list | tuple) else [value])
                found.setdefault(widget.field, []).append((widget, ids))
    for inputs in found.values():
        known = inputs[0][0].rows(pk for _, ids in inputs for pk in ids)
        for widget, _ in inputs:
            widget.known = known
