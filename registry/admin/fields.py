"""Form fields that read what a clerk copies from a paper: numbers, dates and areas as Vietnamese write them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import DecimalValidator
from django.db import models
from django.forms.models import InlineForeignKeyField

from registry.models.checks import Beside
from registry.rules.api_keys import refuse_keys
from registry.rules.dates import StatedDate, format_vi, parse_stated
from registry.rules.decision_numbers import DecisionNumber, parse
from registry.rules.problems import Problem
from registry.rules.quantities import (
    Qualifier,
    Quantity,
    format_number,
    format_quantity,
    parse_area_ha,
    parse_number,
)
from registry.rules.text import clean_text


def refusal(problem: Problem) -> ValidationError:
    return ValidationError(problem.message, code=problem.code)


class KeptForm(forms.BaseForm):
    """A form whose texts are kept for ever. At the field that holds it, it refuses what nobody means to keep.

    U+FFFD stands where a letter was lost on the way here: a text was copied from a broken file, or a browser showed it
    for a NUL that was refused. Readers would get it and no search finds it. What the record held already may stay:
    other fields can be mended meanwhile. A key of the API never may: the ledger would keep it once more.
    """

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name in self.fields:
            typed = str(self[name].data)
            try:
                refuse_keys(typed)
            except Problem as problem:
                self.add_error(name, refusal(problem))
            lost = typed.count("\ufffd")
            if lost and lost > str(self[name].initial).count("\ufffd") and name not in self.errors:
                said = "Có chữ bị hỏng khi chép, hiện ra là “\ufffd”. Hãy xóa dấu đó và gõ lại chữ cho đúng."
                self.add_error(name, ValidationError(said, code="letter_lost"))


class PlainForm(KeptForm, forms.ModelForm):
    """What Django makes of a model, and what is refused of every text that is kept."""


class NumberInput(forms.TextInput):
    """A text input: browsers' own number inputs follow the browser's language and swallow the comma."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {"inputmode": "decimal", "class": "vNumberField", "autocomplete": "off", **(attrs or {})}
        )


class VietnameseDecimalField(forms.DecimalField):
    """`1.234,5`, and nothing else: `1,234.5` is refused with the right spelling, never guessed at."""

    widget = NumberInput

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or isinstance(value, Decimal):
            return value or None
        try:
            return parse_number(str(value))
        except Problem as problem:
            raise refusal(problem) from None

    def prepare_value(self, value: Any) -> Any:
        return format_number(value) if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class ComposedField(forms.Field):
    """One input for a thing that the table keeps in several columns.

    columns: the model's columns in their order. `unpack` makes their values of the cleaned value, `pack` the
    value that the input starts with.
    """

    columns: tuple[str, ...]

    def pack(self, row: models.Model) -> Any:
        raise NotImplementedError

    def unpack(self, value: Any) -> Mapping[str, Any]:
        raise NotImplementedError


class PartsInput(forms.MultiWidget):
    """Several inputs for one thing: the label and the error messages belong to the first."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widgets = context["widget"]["subwidgets"]
        widgets[0]["attrs"]["id"] = context["widget"]["attrs"].get("id", "")
        for key in ("aria-describedby", "aria-invalid"):
            for widget in widgets[1:]:
                widget["attrs"].pop(key, None)
        return context

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return id_


class StatedDateInput(PartsInput):
    """The date as the paper states it; the bounds that staff know better fold away beneath."""

    template_name = "admin/registry/stated_date.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        day = {"class": "vDateField", "size": 10, "autocomplete": "off", "placeholder": "dd/mm/yyyy"}
        super().__init__(
            {
                "stated": forms.TextInput({"class": "vStatedDate", "autocomplete": "off", "maxlength": 100}),
                "earliest": forms.TextInput(day),
                "latest": forms.TextInput(day),
            },
            attrs,
        )

    def decompress(self, value: StatedDate | None) -> list[str]:
        if value is None:
            return ["", "", ""]
        text = value.stated_as or ("" if value == StatedDate(None, None) else format_vi(value))
        read = _read(text)
        return [
            text,
            "" if value.earliest == read.earliest or value.earliest is None else f"{value.earliest:%d/%m/%Y}",
            "" if value.latest == read.latest or value.latest is None else f"{value.latest:%d/%m/%Y}",
        ]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["narrowed"] = any(widget["value"] for widget in context["widget"]["subwidgets"][1:])
        return context


def _read(text: str) -> StatedDate:
    try:
        return parse_stated(text)
    except Problem:
        return StatedDate(None, None, text)


class StatedDateField(ComposedField):
    """`23/02/2022`, `02/2022`, `năm 2023`, `đến tháng 6/2023`; and, where staff know better, its bounds.

    A bound that is typed wins over the one read. Words that cannot be read are kept when a bound is typed.
    """

    widget = StatedDateInput

    def __init__(self, prefix: str, *, must_have_latest: bool = False, **kwargs: Any) -> None:
        self.prefix = prefix
        self.columns = (f"{prefix}_earliest", f"{prefix}_latest", f"{prefix}_stated_as")
        self.must_have_latest = must_have_latest
        kwargs.setdefault("required", must_have_latest)
        kwargs.setdefault(
            "help_text",
            "Như văn bản ghi: 23/02/2022, 02/2022, năm 2023, đến tháng 6/2023. Chưa rõ thì để trống.",
        )
        super().__init__(**kwargs)

    def pack(self, row: models.Model) -> StatedDate:
        return StatedDate(*(getattr(row, column) for column in self.columns))

    def unpack(self, value: StatedDate) -> Mapping[str, Any]:
        return dict(zip(self.columns, (value.earliest, value.latest, value.stated_as), strict=True))

    def clean(self, value: Any) -> StatedDate:
        stated, earliest, latest = (str(part or "") for part in value or ("", "", ""))
        for part in (stated, earliest, latest):
            forms.CharField(required=False, max_length=100).clean(part)
        low, high = self._day(earliest, "sớm nhất"), self._day(latest, "muộn nhất")
        try:
            read = parse_stated(stated)
        except Problem as problem:
            if low is None and high is None:
                raise refusal(problem) from None
            read = StatedDate(None, None, clean_text(stated))
        found = StatedDate(low or read.earliest, high or read.latest, read.stated_as)
        if found.earliest and found.latest and found.earliest > found.latest:
            raise ValidationError(
                "Ngày sớm nhất phải trước hoặc trùng ngày muộn nhất.", code="date_range_reversed"
            )
        if self.must_have_latest and found.latest is None:
            raise ValidationError(
                "Hãy ghi thời điểm, như 30/06/2023 hoặc “đến tháng 6/2023”.", code="required"
            )
        return found

    def has_changed(self, initial: StatedDate | None, data: Any) -> bool:
        typed = [clean_text(str(part or "")) for part in data or ("", "", "")]
        return typed != StatedDateInput().decompress(initial)

    def _day(self, text: str, which: str) -> date | None:
        if not text.strip():
            return None
        read = _read(text)
        if read.exact is None:
            raise ValidationError(
                f"Ngày {which} “{clean_text(text)}” phải là một ngày, như 30/06/2023.", code="date_unreadable"
            )
        return read.exact


class PaperNumberField(ComposedField):
    """`202/QĐ-UBND` in any spelling; empty while the number is unknown."""

    columns = ("number", "symbol", "number_family")
    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "required": False,
                "label": "Số, ký hiệu",
                "help_text": "Ví dụ 202/QĐ-UBND; gõ cách nào cũng được. Chưa biết số thì để trống.",
                "widget": forms.TextInput({"class": "vPaperNumber", "autocomplete": "off", "maxlength": 80}),
                **kwargs,
            }
        )

    def pack(self, row: models.Model) -> str:
        return row.number_label  # type: ignore[attr-defined, no-any-return]

    def clean(self, value: Any) -> DecisionNumber | None:
        text = forms.CharField(required=self.required, max_length=80).clean(value)
        if not clean_text(text):
            return None
        try:
            return parse(text)
        except Problem as problem:
            raise refusal(problem) from None

    def unpack(self, value: DecisionNumber | None) -> Mapping[str, Any]:
        if value is None:
            return {"number": None, "symbol": "", "number_family": "individual", "number_year": None}
        return {
            "number": value.number,
            "symbol": value.symbol,
            "number_family": value.family.value,
            "number_year": value.year,
        }


class AreaField(ComposedField):
    """`47,8`, `khoảng 58,8`, `478.000 m2`, `9,6-10`: hectares with how exactly they are stated."""

    columns = ("area_ha", "area_qualifier", "area_high_ha")
    fits = DecimalValidator(12, 4)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "required": False,
                "label": "Diện tích (ha)",
                "help_text": "Ví dụ 47,8; khoảng 58,8; trên 9,24; từ 9,6 đến 10. Dấu phẩy cho phần thập phân.",
                "widget": forms.TextInput({"class": "vAreaField", "autocomplete": "off", "maxlength": 60}),
                **kwargs,
            }
        )

    def pack(self, row: models.Model) -> str:
        value, qualifier, high = (getattr(row, column) for column in self.columns)
        return "" if value is None else format_quantity(Quantity(value, qualifier, high))

    def clean(self, value: Any) -> Quantity | None:
        text = forms.CharField(required=self.required, max_length=60).clean(value)
        if not clean_text(text):
            return None
        try:
            read = parse_area_ha(text)
        except Problem as problem:
            raise refusal(problem) from None
        for number in (read.value, read.high):
            if number is not None:
                self.fits(number.normalize() if number != number.to_integral_value() else number)
        return read

    def unpack(self, value: Quantity | None) -> Mapping[str, Any]:
        if value is None:
            return {"area_ha": None, "area_qualifier": Qualifier.EXACT.value, "area_high_ha": None}
        return {"area_ha": value.value, "area_qualifier": str(value.qualifier), "area_high_ha": value.high}


class ComposedForm(KeptForm, forms.ModelForm):
    """A form whose composed fields fill several columns, and whose constraints are checked on all of them.

    What is not touched is not written: a date that no single text can say stays as it is.
    """

    #: Columns that the model computes itself and that its constraints need.
    also_checked: Sequence[str] = ()
    #: At which input stands what the table refuses of the row as a whole, by its code.
    refused_at: Mapping[str, str] = {}
    #: In a form of many rows, what stands beside the row under the same record.
    beside: Beside | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.composed().items():
            self.initial.setdefault(name, field.pack(self.instance))

    def composed(self) -> dict[str, ComposedField]:
        return {name: field for name, field in self.fields.items() if isinstance(field, ComposedField)}

    def _get_validation_exclusions(self) -> set[str]:
        # What could not be read is refused once, as it was typed.
        read = (field for name, field in self.composed().items() if name not in self._errors)
        columns = {column for field in read for column in field.columns}
        return super()._get_validation_exclusions() - columns - set(self.also_checked)

    def _post_clean(self) -> None:
        changed = set(self.changed_data)
        for name, field in self.composed().items():
            if name in changed and name in self.cleaned_data:
                for column, value in field.unpack(self.cleaned_data[name]).items():
                    setattr(self.instance, column, value)
        # Django compares the rows of an inline by what is cleaned, and a column it does not find there it leaves out.
        for name, field in self.composed().items():
            if name in self.cleaned_data:
                for column in field.columns:
                    self.cleaned_data.setdefault(column, getattr(self.instance, column))
        with self._known():
            super()._post_clean()
        owners = [f.parent_instance for f in self.fields.values() if isinstance(f, InlineForeignKeyField)]
        # A record that is not saved yet has no number that a row could name.
        if not self.errors and any(owner.pk for owner in owners):
            self._check_against_owner()

    def _check_against_owner(self) -> None:
        """Django leaves out the constraints of an inline's row that name the record it stands under, or itself."""
        itself = {self.instance._meta.pk.name} if self.instance.pk else set()
        try:
            with self._known():
                self.instance.validate_constraints(exclude=self._get_validation_exclusions() - itself)
        except ValidationError as error:
            self.add_error(None, error)

    @contextmanager
    def _known(self) -> Iterator[None]:
        """Meanwhile the row does not ask again for what its inputs have just found, nor for the rows beside it."""
        found = {
            name
            for name, field in self.fields.items()
            if isinstance(field, forms.ModelChoiceField)
            and isinstance(self.cleaned_data.get(name), models.Model)
        }
        row, clean = self.instance, self.instance.clean_fields
        row.clean_fields = lambda exclude=None: clean(exclude={*(exclude or ()), *found})
        row.beside = self.beside
        try:
            yield
        finally:
            del row.clean_fields, row.beside

    def add_error(self, field: str | None, error: Any) -> None:
        if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                for one in errors:
                    super().add_error(
                        self._shown_at(name) or self._shown_at(self.refused_at.get(one.code, "")), one
                    )
        else:
            super().add_error(field, error)

    def _shown_at(self, column: str) -> str | None:
        if column in self.fields:
            return column
        for name, field in self.composed().items():
            if column in field.columns:
                return name
        return None
