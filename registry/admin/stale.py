"""A form that was filled in while somebody else saved the same record.

Nothing typed is lost and nothing saved meanwhile is undone: fields that the person left alone take the value
saved meanwhile; fields that both changed keep what was typed, with the other value beside them.
"""

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html

from registry.ledger.tracked import record_key
from registry.models import LedgerEntry
from registry.models.base import Subject
from registry.queries.facts import Row, read
from registry.queries.history import Act, changes_since
from registry.queries.reviews import last_change

CHANGED = (
    "Chưa lưu: người khác đã sửa bản ghi này sau khi bạn mở trang. Hãy xem phần đánh dấu "
    "ở đầu trang, kiểm tra lại các ô rồi bấm Lưu lần nữa."
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that two people changed: what is saved now, beside what was typed."""

    form: str
    name: str
    label: str
    saved: str


@dataclass(slots=True)
class Stale:
    """What happened since the form was opened, and the form's data brought up to it."""

    acts: tuple[Act, ...]
    data: QueryDict
    conflicts: list[Conflict] = field(default_factory=list)

    def mark(self, form: forms.BaseForm) -> None:
        """Show beside each field that both changed what is saved now."""
        for conflict in self.conflicts:
            if conflict.form == (form.prefix or "") and conflict.name in form.fields:
                # The admin's templates print help texts as they are.
                said = format_html("Người khác vừa lưu: {}", conflict.saved or "để trống")
                # A bound field copies the text when it is made.
                form.fields[conflict.name].help_text = form[conflict.name].help_text = said


@dataclass(frozen=True, slots=True)
class _Past:
    """The record's rows as they stood at an entry of the ledger, where they differ from now."""

    before: dict[tuple[str, str], Row]

    @classmethod
    def of(cls, key: str, seq: int) -> "_Past":
        before: dict[tuple[str, str], Row] = {}
        entries = (
            LedgerEntry.objects.filter(subject=key, seq__gt=seq).select_related("payload").order_by("seq")
        )
        for entry in entries:
            before.setdefault((entry.table_name, entry.row_id), read(entry.payload.before))
        return cls(before)

    def row(self, row: Model) -> Model:
        """The row as it was. Of many-to-many values see `links`."""
        past = copy(row)
        past._state = copy(row._state)
        past._state.fields_cache = {}
        for model_field in row._meta.concrete_fields:
            values = self.before.get((row._meta.db_table, str(row.pk)), {})
            if model_field.column in values:
                setattr(past, model_field.attname, model_field.to_python(values[model_field.column]))
        return past

    def gone(self, model: type[Model], pk: str) -> Model | None:
        """A row that was deleted since, as it was."""
        values = self.before.get((model._meta.db_table, pk))
        return self.row(model(pk=model._meta.pk.to_python(pk))) if values else None

    def links(self, row: Model, name: str, now: set[Any]) -> set[Any]:
        """The ids a many-to-many field held, `now` being those it holds."""
        many = row._meta.get_field(name)
        through = many.remote_field.through
        owner = through._meta.get_field(many.m2m_field_name())
        other = through._meta.get_field(many.m2m_reverse_field_name())
        held = set(now)
        current = {str(link.pk): link for link in through._base_manager.filter(**{owner.name: row.pk})}
        for (table, row_id), before in self.before.items():
            if table != through._meta.db_table:
                continue
            if before.get(owner.column) == row.pk:
                held.add(before[other.column])
            elif not before and row_id in current:
                held.discard(getattr(current[row_id], other.attname))
        return held


class TwoAtOnce(ModelAdmin):
    """Forms that two people may have open at once.

    A change form carries `seen`, the position of the ledger that its content was read at; without it, or when the
    record has changed since, nothing is saved and everything typed is shown again.
    """

    def stale(self, request: HttpRequest, row: Model) -> Stale | None:
        """None where the form shows what is saved now, and for who may not change it."""
        if not self.has_change_permission(request, row):
            return None
        key = record_key(row)
        seen, last = request.POST.get("seen", ""), last_change(key)
        if seen == str(last):
            return None
        return _stale(self, request, row, key, int(seen) if seen.isdecimal() and len(seen) < 19 else last)

    def refuse_stale(self, request: HttpRequest, row: Model | None, *others: ValidationError) -> Stale | None:
        """Have this request's form show what others saved meanwhile, and refuse with that and with `others`."""
        request.stale = tab = self.stale(request, row) if row else None
        request.refusals = [*others, *([ValidationError(CHANGED, code="changed_meanwhile")] if tab else [])]
        if tab:
            request.POST = tab.data
        return tab

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        refusals, tab = getattr(request, "refusals", []), getattr(request, "stale", None)

        def clean(self: forms.ModelForm) -> Any:
            cleaned = form.clean(self)
            for refusal in refusals:
                self.add_error(None, refusal)
            if tab:
                tab.mark(self)
            return cleaned

        return type(form)(form.__name__, (form,), {"clean": clean}) if refusals else form

    def _create_formsets(self, request: HttpRequest, obj: Model, change: bool) -> Any:
        formsets, inlines = super()._create_formsets(request, obj, change)
        if tab := getattr(request, "stale", None):
            for formset in formsets:
                for form in formset.forms:
                    tab.mark(form)
        return formsets, inlines


def _stale(model_admin: ModelAdmin, request: HttpRequest, row: Model, key: str, seen: int) -> Stale:
    """Bring what was typed on top of the record as of entry `seen` onto the record as it is now."""
    subject = row if isinstance(row, Subject) else None
    result = Stale(changes_since(subject or key, seen), request.POST.copy())
    past = _Past.of(key, seen)
    form = model_admin.get_form(request, row, change=True)
    _merge(form(instance=past.row(row)), form(instance=row), past, result)
    for prefix, formset, _inline in _formsets(model_admin, request, row):
        _merge_rows(prefix, formset, past, result)
    return result


def as_new(model_admin: ModelAdmin, request: HttpRequest) -> QueryDict:
    """What was typed into a record that is gone, as data of a new one."""
    data = request.POST.copy()
    for prefix, formset, _inline in _formsets(model_admin, request, None):
        rows = _Rows(data, prefix)
        nobodys = {formset.model._meta.pk.name: [""], formset.fk.name: [""]}
        rows.write([], [row | nobodys for row in rows.typed if "DELETE" not in row])
    return data


def _formsets(
    model_admin: ModelAdmin, request: HttpRequest, row: Model | None
) -> Iterator[tuple[str, BaseInlineFormSet, Any]]:
    """The inlines' formsets without data, each with the prefix that the admin gives it."""
    used: dict[str, int] = {}
    for formset, inline in model_admin.get_formsets_with_inlines(request, row):
        prefix = formset.get_default_prefix()
        used[prefix] = used.get(prefix, 0) + 1
        prefix = prefix if used[prefix] == 1 else f"{prefix}-{used[prefix]}"
        if f"{prefix}-TOTAL_FORMS" in request.POST:
            instance = row or model_admin.model()
            yield (
                prefix,
                formset(instance=instance, prefix=prefix, queryset=inline.get_queryset(request)),
                inline,
            )


class _Rows:
    """The rows of one formset in a form's data."""

    def __init__(self, data: QueryDict, prefix: str) -> None:
        self.data, self.prefix = data, prefix
        pattern = re.compile(rf"{re.escape(prefix)}-(\d+)-(.+)")
        found: dict[int, dict[str, list[str]]] = {}
        for key in list(data):
            if match := pattern.fullmatch(key):
                found.setdefault(int(match[1]), {})[match[2]] = data.getlist(key)
                del data[key]
        self.typed = [found[number] for number in sorted(found)]

    def write(self, existing: list[dict[str, list[str]]], new: list[dict[str, list[str]]]) -> None:
        for number, row in enumerate([*existing, *new]):
            for name, values in row.items():
                self.data.setlist(f"{self.prefix}-{number}-{name}", values)
        self.data[f"{self.prefix}-INITIAL_FORMS"] = str(len(existing))
        self.data[f"{self.prefix}-TOTAL_FORMS"] = str(len(existing) + len(new))


def _merge_rows(prefix: str, formset: BaseInlineFormSet, past: _Past, result: Stale) -> None:
    pk_name = formset.model._meta.pk.name
    current = {str(row.pk): row for row in formset.get_queryset()}
    rows = _Rows(result.data, prefix)
    existing: list[dict[str, list[str]]] = []
    new: list[dict[str, list[str]]] = []
    conflicts: list[tuple[list[Conflict], dict[str, list[str]]]] = []
    for typed in rows.typed:
        pk = (typed.get(pk_name) or [""])[0]
        if pk in current:
            row = current.pop(pk)
            forms_ = (_row_form(formset, past.row(row)), _row_form(formset, row))
            found: list[Conflict] = []
            existing.append(_merge_row(*forms_, typed, past, found))
            conflicts.append((found, existing[-1]))
        elif not pk:
            new.append(typed)
        elif "DELETE" not in typed and _changed_here(formset, past, pk, typed):
            # Somebody deleted the row that is being changed here: what was typed becomes a new row.
            new.append(typed | {pk_name: [""]})
    for row in current.values():
        form = _row_form(formset, row)
        added = {key: values for name in form.fields for key, values in _as_data(form, name).items()}
        existing.append(added | {pk_name: [str(row.pk)], formset.fk.name: [str(formset.instance.pk)]})
    rows.write(existing, new)
    for number, (found, _row) in enumerate(conflicts):
        result.conflicts += [replace(conflict, form=f"{prefix}-{number}") for conflict in found]


def _changed_here(formset: BaseInlineFormSet, past: _Past, pk: str, typed: dict[str, list[str]]) -> bool:
    gone = past.gone(formset.model, pk)
    return gone is not None and _touched(_row_form(formset, gone), typed)


def _row_form(formset: BaseInlineFormSet, row: Model) -> forms.ModelForm:
    return formset.form(instance=row, **formset.get_form_kwargs(None))


def _merge_row(
    base: forms.ModelForm,
    now: forms.ModelForm,
    typed: dict[str, list[str]],
    past: _Past,
    conflicts: list[Conflict],
) -> dict[str, list[str]]:
    """One row, its names without prefix, merged like a form of its own."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    alone = Stale((), data)
    _merge(base, now, past, alone)
    conflicts += alone.conflicts
    return {name: data.getlist(name) for name in data}


def _merge(base: forms.ModelForm, now: forms.ModelForm, past: _Past, result: Stale) -> None:
    for name, form_field in now.fields.items():
        was, current = _initial(base, name), _initial(now, name)
        if many := _many_behind(now, name):
            was = sorted(past.links(now.instance, many, set(current)))
        if was == current:
            continue
        typed = form_field.widget.value_from_datadict(result.data, {}, now.add_prefix(name))
        if not form_field.has_changed(was, typed):
            for key, values in _as_data(now, name).items():
                result.data.setlist(key, values)
        elif form_field.has_changed(current, typed):
            result.conflicts.append(Conflict("", name, str(now[name].label), _shown(now, name)))


def _touched(base: forms.ModelForm, typed: dict[str, list[str]]) -> bool:
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return any(
        form_field.has_changed(_initial(base, name), form_field.widget.value_from_datadict(data, {}, name))
        for name, form_field in base.fields.items()
        if not _many_behind(base, name)
    )


def _many_behind(form: forms.ModelForm, name: str) -> str:
    """The many-to-many field that a form field edits, under whatever name."""
    form_field = form.fields[name]
    if not isinstance(form_field, forms.ModelMultipleChoiceField):
        return ""
    fields = form.instance._meta.many_to_many
    same = [many.name for many in fields if many.name == name]
    return next(
        iter(same + [many.name for many in fields if many.related_model is form_field.queryset.model]), ""
    )


def _initial(form: forms.ModelForm, name: str) -> Any:
    """The field's plain initial value: ids instead of rows."""
    value = form.get_initial_for_field(form.fields[name], name)
    if isinstance(value, list | tuple | set) or hasattr(value, "values_list"):
        return sorted(getattr(item, "pk", item) for item in value)
    return getattr(value, "pk", value)


def _as_data(form: forms.ModelForm, name: str) -> dict[str, list[str]]:
    """What a browser would send for the field if nobody touched it."""
    bound = form[name]
    widget, value, key = bound.field.widget, bound.value(), bound.html_name
    if isinstance(widget, RelatedFieldWidgetWrapper):
        widget = widget.widget
    if isinstance(widget, forms.MultiWidget):
        values = widget.decompress(value) if not isinstance(value, list) else value
        pairs = zip(widget.widgets_names, widget.widgets, values, strict=False)
        return {f"{key}{suffix}": [_one(part, item)] for suffix, part, item in pairs}
    if isinstance(widget, forms.CheckboxInput):
        return {key: ["on"] if widget.check_test(value) else []}
    if isinstance(widget, forms.widgets.ChoiceWidget):
        return {key: [str(item) for item in widget.format_value(value) if item != ""]}
    return {key: [_one(widget, value)]}


def _one(widget: forms.Widget, value: Any) -> str:
    shown = widget.format_value(value)
    if isinstance(shown, list):  # one of several choices
        shown = next(iter(shown), None)
    return "" if shown is None else str(shown)


def _shown(form: forms.ModelForm, name: str) -> str:
    """The saved value as a person reads it: labels instead of ids."""
    form_field, value = form.fields[name], form[name].value()
    if isinstance(form_field, forms.ModelChoiceField):
        ids = value if isinstance(value, list | tuple | set) else [value] if value else []
        return "; ".join(str(row) for row in form_field.queryset.filter(pk__in=ids))
    if isinstance(form_field, forms.TypedChoiceField | forms.ChoiceField):
        return str(dict(form_field.choices).get(value, value or ""))
    return ", ".join(text for values in _as_data(form, name).values() for text in values if text)
