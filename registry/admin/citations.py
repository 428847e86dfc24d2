"""Citations of a record's numbered rows: each row is chosen by its words, and one that is not there is refused."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet

from registry.admin.numbered import NumberedFormSet


class RowChoice(forms.Select):
    """The number of a row, chosen among the rows that stand on the same form."""

    #: the citations among which it stands; they know the rows to choose from
    among: "CitationFormSet | None" = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        rows = self.among.rows if self.among is not None else None
        told = {} if rows is None else rows.in_words()
        self.choices = [("", "chính bản ghi"), *((str(n), f"{n} – {words}") for n, words in told.items())]
        if value not in (None, "") and str(value) not in map(str, told):
            # What was typed is shown again, whatever it was.
            self.choices.append((str(value), f"{value} – không có dòng này"))
        context = super().get_context(name, value, attrs)
        if rows is not None:
            context["widget"]["attrs"]["data-rows-of"] = rows.prefix
        return context


class CitationFormSet(BaseInlineFormSet):
    """The citations of a record, beside its numbered rows where it has any."""

    #: the numbered rows on the same page; None where there are none
    rows: NumberedFormSet | None = None

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "row_position" in form.fields:
            form.fields["row_position"].widget.among = self

    def clean(self) -> None:
        super().clean()
        if self.rows is None or any(form.has_error("position") for form in self.rows.forms):
            return
        there, row = self.rows.in_words(), self.rows.model._meta.verbose_name
        for form in self.forms:
            position = getattr(form, "cleaned_data", {}).get("row_position")
            if position is None or position in there or self._should_delete_form(form):
                continue
            refused = (
                f"Bản ghi không có {row} số {position}. Hãy chọn dòng khác, chọn “chính bản ghi”, hoặc xóa trích "
                "nguồn này."
            )
            form.add_error("row_position", ValidationError(refused, code="citation_row_missing"))


def introduce(formsets: Iterable[BaseInlineFormSet]) -> None:
    """Let the citations of a page know the numbered rows on it."""
    found = list(formsets)
    rows = next((formset for formset in found if isinstance(formset, NumberedFormSet)), None)
    for formset in found:
        if isinstance(formset, CitationFormSet):
            formset.rows = rows
