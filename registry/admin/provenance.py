"""Beside each value of a form where it comes from; in lists, which records hold values that nothing states."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import AdminField, AdminReadonlyField, InlineAdminForm
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse

from registry import clock
from registry.admin.fields import ComposedField
from registry.models.base import Subject
from registry.queries.provenance import Beside, Provenance, open_with
from registry.rules.provenance import FIELDS

#: Finds what stands beside a value, by the columns its input fills.
Finder = Callable[[tuple[str, ...]], Beside | None]


class ProvenanceFilter(admin.SimpleListFilter):
    """By what is published today."""

    title = "nguồn của giá trị đang công bố"
    parameter_name = "provenance"
    choices_shown = (("unsourced", "Có giá trị chưa có nguồn"), ("rival", "Có số liệu khác nhau"))

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return list(self.choices_shown)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        term = self.value()
        if term not in dict(self.choices_shown):
            return queryset
        return queryset.filter(pk__in=open_with(queryset.model.kind, term, clock.today()))


class TracedAdmin(admin.ModelAdmin):
    """A record whose values rest on documents, for those who edit it and those who only read it."""

    class Media:
        css = {"all": ("registry/provenance.css",)}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], add: bool = False, change: bool = False,
        form_url: str = "", obj: Model | None = None,
    ) -> HttpResponse:  # fmt: skip
        if change and isinstance(obj, Subject) and obj.kind in FIELDS:
            provenance = Provenance(obj)
            context["adminform"] = _Annotated(context["adminform"], provenance.of_record)
            context["inline_admin_formsets"] = [
                _AnnotatedRows(formset, provenance) for formset in context["inline_admin_formsets"]
            ]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        found = list(super().get_list_filter(request))
        return [*found, ProvenanceFilter] if self.model.kind in FIELDS else found


class _Annotated:
    """Django's fieldsets, lines and fields as they are, each field with `provenance`: what stands beside its value."""

    def __init__(self, wrapped: Any, find: Finder) -> None:
        self.wrapped, self.find = wrapped, find

    def __getattr__(self, name: str) -> Any:
        return getattr(self.wrapped, name)

    def __iter__(self) -> Iterator[Any]:
        for part in self.wrapped:
            if isinstance(part, AdminField | AdminReadonlyField):
                part.provenance = self.find(_columns(part))
                yield part
            else:
                yield _Annotated(part, self.find)


class _AnnotatedRows:
    """The rows that stand under a record."""

    def __init__(self, formset: Any, provenance: Provenance) -> None:
        self.wrapped, self.provenance = formset, provenance
        # A one-to-many relation is called the same in the content.
        self.column = formset.formset.fk.remote_field.get_accessor_name()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.wrapped, name)

    def __iter__(self) -> Iterator[Any]:
        for row in self.wrapped:
            yield _Annotated(row, self._finder(row))

    def _finder(self, row: InlineAdminForm) -> Finder:
        pk = row.original.pk if row.original is not None else None
        return lambda columns: None if pk is None else self.provenance.of_row(self.column, pk, columns)


def _columns(part: AdminField | AdminReadonlyField) -> tuple[str, ...]:
    if isinstance(part, AdminReadonlyField):
        name = part.field["name"]
        # A form that is only read has no inputs; what each would fill its class still knows.
        field = _declared(part.model_admin.form, name)
    else:
        name = part.field.name
        field = part.field.field
    return field.columns if isinstance(field, ComposedField) else (name,)


def _declared(form: type[BaseForm], name: str) -> Any:
    for known in form.__mro__:
        field = getattr(known, "declared_fields", {}).get(name)
        if field is not None:
            return field
    return None
