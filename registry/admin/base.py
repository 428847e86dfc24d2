"""What the forms and lists of all subjects share."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import DecimalField, Field, IntegerField, Model, Q, QuerySet, URLField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from registry.admin.choosing import (
    Choose,
    ChooseMany,
    OneRecord,
    SeveralRecords,
    find_together,
    look_up_together,
)
from registry.admin.citations import CitationFormSet, RowChoice, introduce
from registry.admin.fields import ComposedForm, NumberInput, VietnameseDecimalField
from registry.admin.provenance import TracedAdmin
from registry.admin.reviewed import ReviewedAdmin
from registry.admin.site import change_url
from registry.models import Citation
from registry.models.base import NamedSubject
from registry.models.checks import Beside
from registry.models.sources import NUMBERED
from registry.queries.second_looks import about, near_to
from registry.rules import codes
from registry.rules.dates import StatedDate, format_vi
from registry.rules.provenance import FIELDS, citable
from registry.rules.quantities import Quantity, format_quantity
from registry.rules.text import search_text


class ReadingMixin:
    """Inputs that read numbers and addresses as Vietnamese write them, for forms and their inlines."""

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, DecimalField):
            kwargs.setdefault("form_class", VietnameseDecimalField)
        elif isinstance(db_field, IntegerField):
            kwargs["widget"] = NumberInput({"inputmode": "numeric", "size": 4})
        elif isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if formfield is not None and isinstance(formfield.widget, forms.Textarea):
            # A browser cuts what is pasted without a word; the form refuses it and keeps it.
            formfield.widget.attrs.pop("maxlength", None)
        return formfield

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs["widget"] = Choose(db_field, self.admin_site)  # type: ignore[attr-defined]
        kwargs.setdefault("form_class", OneRecord)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs["widget"] = ChooseMany(db_field, self.admin_site)  # type: ignore[attr-defined]
        kwargs.setdefault("form_class", SeveralRecords)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]


class SubjectAdmin(ReadingMixin, TracedAdmin, ReviewedAdmin):
    """A subject: searched without diacritics, in Vietnamese order, its code set once."""

    form = ComposedForm
    search_fields = ("search_text",)
    list_per_page = 50
    list_max_show_all = 500
    actions = None
    save_on_top = False
    view_on_site = False
    #: one sentence for an empty list
    nothing_yet = "Chưa có bản ghi nào."

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Every word of the query stands somewhere in the record's search text, whatever its diacritics."""
        for word in search_text(search_term).split():
            queryset = queryset.filter(self.holds(word))
        return queryset, False

    def holds(self, word: str) -> Q:
        return Q(search_text__contains=word)

    def option_label(self, row: Any) -> str:
        """How the record is called in a list to choose from: enough to tell it from its namesakes."""
        return str(row)

    def option_rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """These records with all that `option_label` says of them."""
        return rows

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        formsets, inlines = super()._create_formsets(request, obj, change)
        introduce(formsets)
        if request.method == "POST":
            find_together(form for formset in formsets for form in formset.forms)
            if obj.pk:
                for formset in formsets:
                    beside = Beside(formset.model, formset.fk.name, obj)
                    for form in formset.forms:
                        form.beside = beside
        return formsets, inlines

    def get_inline_formsets(
        self, request: HttpRequest, formsets: Sequence[Any], inline_instances: Sequence[Any], obj: Any = None
    ) -> Any:
        look_up_together(form for formset in formsets for form in formset.forms)
        return super().get_inline_formsets(request, formsets, inline_instances, obj)

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        said = {"code": "Do hệ thống đặt khi để trống. Đã công bố thì không đổi và không dùng lại."}
        return super().get_form(request, obj, change, **{"help_texts": said} | kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """A code is chosen once: others may know it."""
        return (*super().get_readonly_fields(request, obj), *(("code",) if obj else ()))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"nothing_yet": self.nothing_yet, **(extra_context or {})}
        return super().changelist_view(request, context)

    # What is saved is saved; what looks odd is said beside it.
    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        self._say(request, obj, self.names_near(obj))
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self._say(request, obj)
        return super().response_change(request, obj)

    def names_near(self, obj: Any) -> Iterable[str]:
        """Sentences about a new record whose name others nearly have."""
        return ()

    def _say(self, request: HttpRequest, obj: Any, also: Iterable[str] = ()) -> None:
        # The page of submitting, which comes next, says itself what deserves a second look.
        found = () if "_submit_for_review" in request.POST else about(obj)
        for sentence in (*found, *also):
            messages.warning(request, sentence)


class NamedAdmin(SubjectAdmin):
    """A subject with a name: names close to it are pointed out when it is new."""

    ordering = ("sort_key", "id")

    def names_near(self, obj: NamedSubject) -> Iterable[str]:
        if not (near := near_to(obj)):
            return
        named = (
            (change_url(other), other, "" if other.kind == obj.kind else f" ({other._meta.verbose_name})")
            for other in near
        )
        links = format_html_join(", ", '<a href="{}">{}</a>{}', named)
        yield format_html("Tên gần giống đã có: {}. Hãy kiểm tra xem có trùng không.", links)


class CitationForm(ComposedForm):
    class Meta:
        model = Citation
        fields = ("field", "row_position", "source", "locator", "as_stated")
        widgets = {
            "locator": forms.TextInput({"size": 14}),
            "as_stated": forms.Textarea({"rows": 2, "cols": 40}),
        }


class CitationInline(ReadingMixin, admin.TabularInline):
    """Sources of the record's values. Subclassed for each kind, whose foreign key it is."""

    model = Citation
    form = CitationForm
    formset = CitationFormSet
    extra = 0
    autocomplete_fields = ("source",)
    verbose_name_plural = "nguồn của từng giá trị"
    classes = ("citations",)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        fields = ["field", "row_position", "source", "locator", "as_stated"]
        return fields if self.fk_name in NUMBERED else [f for f in fields if f != "row_position"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Citation]:
        return super().get_queryset(request).select_related("source")

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "field" and self.fk_name in FIELDS:
            usual = [(field, codes.CITED_FIELD.vi(field)) for field in citable(self.fk_name)]
            rest = [choice for choice in codes.CITED_FIELD.choices if choice not in usual]
            formfield.choices = [("", "—"), *usual, ("Khác", rest)]
        if db_field.name == "row_position":
            formfield.widget = RowChoice()
        if db_field.name == "source":
            formfield.widget.can_change_related = formfield.widget.can_view_related = False
        return formfield


def citations_of(kind: str) -> type[CitationInline]:
    """The inline of citations for records of that kind."""
    return type(f"{kind.title()}CitationInline", (CitationInline,), {"fk_name": kind})


def shown_quantity(column: str, label: str, order: str | None = None) -> Callable[..., str]:
    """A column or read-only field for a quantity kept as stated: `area_ha` beside its qualifier and upper end."""
    stem = column.removesuffix("_ha")
    high = column.replace(stem, f"{stem}_high", 1)

    @admin.display(description=label, ordering=order)
    def show(self: Any, row: Any) -> str:
        value = getattr(row, column)
        if value is None:
            return "—"
        return format_quantity(Quantity(value, getattr(row, f"{stem}_qualifier"), getattr(row, high)))

    return show


def shown_date(prefix: str, label: str, order: str | None = None) -> Callable[..., str]:
    """A column or read-only field for a date kept as stated."""

    @admin.display(description=label, ordering=order)
    def show(self: Any, row: Any) -> str:
        columns = (getattr(row, f"{prefix}_{part}") for part in ("earliest", "latest", "stated_as"))
        date = StatedDate(*columns)
        if date.earliest is None and date.latest is None:
            return date.stated_as or "—"
        return format_vi(date)

    return show


def several(model: type[Model], name: str, label: str, help_text: str = "") -> SeveralRecords:
    """An input for a many-to-many field that goes through a table of ours, which Django shows no input for."""
    field = model._meta.get_field(name)
    return SeveralRecords(
        field.related_model._default_manager.all(),
        required=False,
        label=label,
        widget=ChooseMany(field, admin.site),
        help_text=help_text,
    )


def linked(rows: QuerySet[Any], model_name: str, query: str, most: int = 20) -> SafeString:
    """Records that point to this one, with the way to each; beyond the first ones, to their list."""
    first, count = list(rows[: most + 1]), 0
    if not first:
        return format_html('<span class="quiet">{}</span>', "Chưa có.")
    if len(first) > most:
        count = rows.count()
    links = format_html_join(", ", '<a href="{}">{}</a>', ((change_url(row), row) for row in first[:most]))
    if not count:
        return links
    every = reverse(f"admin:registry_{model_name}_changelist")
    return format_html('{}… <a href="{}?{}">Xem cả {}</a>', links, every, query, count)


def lines(texts: Sequence[str], most: int, more: str) -> SafeString | None:
    """What a column says line by line: the first ones, and how many more there are. None when there are none."""
    said = [*texts[:most], *([f"và {len(texts) - most} {more}"] if len(texts) > most else [])]
    return format_html_join(mark_safe("<br>"), "{}", ((text,) for text in said)) or None
