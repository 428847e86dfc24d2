"""What is written of an input without a template is what Django's template says of it, to the letter."""

from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.contrib import admin
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.forms.utils import ErrorList
from django.test import RequestFactory
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from registry.admin.rendering import _WRITTEN, InputRenderer
from registry.models import SUBJECTS
from tests.admin.office import Office

DJANGOS = DjangoTemplates()
ODD = ['<b> & "x" \'y\'', mark_safe("<b>&amp;</b>"), 1234567, Decimal("1234.5"), 0, "", None, True, False,
       "  khoảng trắng \n", "\nhai\ndòng\n", gettext_lazy("Yes")]  # fmt: skip
ATTRS: list[dict[str, Any]] = [
    {},
    {"id": "id_x", "required": True, "disabled": False, "data-a": '"<&', "maxlength": 1234567, "size": "10"},
    {
        "class": mark_safe("a&amp;b"),
        "rows": 3,
        "title": gettext_lazy("Yes"),
        "data-empty": "",
        "data-none": None,
    },
]


def both(widget: forms.Widget, name: str, value: Any, attrs: dict[str, Any]) -> tuple[str, str]:
    return widget.render(name, value, attrs, InputRenderer()), widget.render(name, value, attrs, DJANGOS)


def test_forms_are_written_so() -> None:
    assert isinstance(get_default_renderer(), InputRenderer), settings.FORM_RENDERER


@pytest.mark.parametrize("attrs", ATTRS, ids=["none", "plain", "odd"])
@pytest.mark.parametrize("value", ODD, ids=repr)
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.HiddenInput, forms.CheckboxInput,
        forms.DateInput, forms.DateTimeInput, forms.TimeInput, forms.PasswordInput, forms.Textarea,
    ],
)  # fmt: skip
def test_an_input_is_written_as_django_writes_it(widget: Any, value: Any, attrs: dict[str, Any]) -> None:
    mine, djangos = both(widget(), 'tên-0-"a&b"', value, attrs)
    assert mine == djangos


@pytest.mark.parametrize("attrs", ATTRS, ids=["none", "plain", "odd"])
@pytest.mark.parametrize("kind", [forms.Select, forms.SelectMultiple])
@pytest.mark.parametrize("value", ["", "a", 2024, None, ["a", "c"]], ids=repr)
def test_a_list_is_written_as_django_writes_it(kind: Any, value: Any, attrs: dict[str, Any]) -> None:
    odd = ("Khác & <x>", [("c", "C"), (1234567, 1234567)])
    named = [("", "—"), ("a", "<A & B>"), ("b", mark_safe("<i>B</i>")), (2024, 2024)]
    choices = [*named, odd, ("Trống", [])]
    widget = kind(choices=choices)
    mine, djangos = both(widget, "chọn", value, attrs)
    assert mine == djangos


def test_labels_and_refusals_are_written_as_django_writes_them() -> None:
    class Form(forms.Form):
        name = forms.CharField(label="Tên <b> & số")
        kind = forms.CharField(label=mark_safe("<i>Loại</i>:"), widget=forms.HiddenInput)
        made = forms.CharField(label=gettext_lazy("Yes"), required=False)

    for data in (None, {}, {"name": "a", "kind": ""}):
        mine, djangos = (Form(data, renderer=renderer) for renderer in (InputRenderer(), DJANGOS))
        for name in Form.base_fields:
            assert mine[name].label_tag() == djangos[name].label_tag()
            assert mine[name].label_tag(attrs={"class": "inline"}) == djangos[name].label_tag(
                attrs={"class": "inline"}
            )
            assert str(mine[name].errors) == str(djangos[name].errors)
            assert mine[name].errors.as_ul() == djangos[name].errors.as_ul()
        assert mine.as_p() == djangos.as_p()
    for errors in ([], ["<sai>", mark_safe("<a>đây</a>")]):
        mine, djangos = (ErrorList(errors, renderer=renderer) for renderer in (InputRenderer(), DJANGOS))
        assert str(mine) == str(djangos)


@pytest.mark.parametrize("kind", SUBJECTS)
def test_every_input_of_every_record_is_written_as_django_writes_it(office: Office, kind: str) -> None:
    """Empty rows among them, for who may do everything beside an input and for who may do nothing."""
    page = admin.site._registry[SUBJECTS[kind]]
    for user in (office.clerk, office.leader):
        request = RequestFactory().get("/")
        request.user = user
        shown = [page.get_form(request)()]
        for formset, _ in page.get_formsets_with_inlines(request):
            shown.append(formset(instance=page.model()).empty_form)
        for form in shown:
            for name in form.fields:
                bound = form[name]
                form.renderer = InputRenderer()
                mine = str(bound.as_widget())
                form.renderer = DJANGOS
                assert mine == str(bound.as_widget())


def test_nothing_is_written_that_django_has_no_template_for() -> None:
    for name in _WRITTEN:
        assert DJANGOS.get_template(name)
