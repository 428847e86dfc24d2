"""The inputs of forms, written without a template each: a page of a hundred rows has thousands of them.

What is written is Django's own markup to the letter; tests/admin/test_rendering.py compares the two.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeData, mark_safe
from django.utils.translation import get_language

_INPUTS = (
    "checkbox",
    "date",
    "datetime",
    "email",
    "hidden",
    "number",
    "password",
    "search",
    "tel",
    "text",
    "time",
    "url",
)
_OPTION = "django/forms/widgets/select_option.html"
_WRAPPER = "admin/widgets/related_widget_wrapper.html"
#: They stand for what differs between two wrappers of one kind of input; no page holds such letters.
_NAME, _WIDGET = "\ue000name\ue000", "\ue000widget\ue000"


class InputRenderer(DjangoTemplates):
    """Writes the inputs that forms are made of itself, and leaves the rest to its template."""

    def render(self, template_name: str, context: Mapping[str, Any], request: Any = None) -> str:
        write = _WRITTEN.get(template_name)
        written = write(context) if write else None
        if written is None and template_name == _WRAPPER:
            return self._wrapped(context)
        return super().render(template_name, context, request) if written is None else written  # type: ignore[no-any-return]

    def _wrapped(self, context: Mapping[str, Any]) -> str:
        """An input with the links beside it: those of one kind differ in the name and in what they are put around."""
        alike = {
            key: str(value)
            for key, value in context.items()
            if value and key not in ("name", "rendered_widget")
        }
        form = self._wrapper(get_language(), tuple(alike.items()))
        return form.replace(_NAME, escape(context["name"])).replace(_WIDGET, context["rendered_widget"])

    @lru_cache(maxsize=200)  # noqa: B019 - there is one renderer
    def _wrapper(self, language: str, alike: tuple[tuple[str, str], ...]) -> str:
        placed = {"name": _NAME, "rendered_widget": mark_safe(_WIDGET)}
        return super().render(_WRAPPER, dict(alike) | placed)  # type: ignore[no-any-return]


def _as_text(value: Any) -> str:
    """`{{ value|stringformat:'s' }}`"""
    return str(value) if isinstance(value, SafeData) else escape(str(value))


def _attributes(attrs: Mapping[str, Any] | None) -> str:
    return "".join(
        f" {conditional_escape(name)}"
        if value is True
        else f' {conditional_escape(name)}="{_as_text(value)}"'
        for name, value in (attrs or {}).items()
        if value is not False
    )


def _input(context: Mapping[str, Any]) -> str:
    widget = context["widget"]
    value = "" if widget["value"] is None else f' value="{_as_text(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{escape(widget["name"])}"{value}{_attributes(widget["attrs"])}>'


def _textarea(context: Mapping[str, Any]) -> str:
    widget = context["widget"]
    value = conditional_escape(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{escape(widget["name"])}"{_attributes(widget["attrs"])}>\n{value}</textarea>'


def _select(context: Mapping[str, Any]) -> str | None:
    widget = context["widget"]
    parts = [f'<select name="{escape(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _ in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{conditional_escape(localize(group))}">')
        if not _all_plain(options):
            return None
        parts += [
            f'\n  <option value="{_as_text(one["value"])}"{_attributes(one["attrs"])}>'
            f"{conditional_escape(localize(one['label']))}</option>\n"
            for one in options
        ]
        if group:
            parts.append("\n  </optgroup>")
    return "".join([*parts, "\n</select>"])


def _all_plain(options: Iterable[Mapping[str, Any]]) -> bool:
    return all(one["template_name"] == _OPTION for one in options)


def _label(context: Mapping[str, Any]) -> str:
    label = conditional_escape(context["label"])
    if not context["use_tag"]:
        return label
    return f"<{context['tag']}{_attributes(context['attrs'])}>{label}</{context['tag']}>"


def _errors(context: Mapping[str, Any]) -> str | None:
    """Most inputs are refused nothing."""
    return None if context["errors"] else ""


_WRITTEN: Mapping[str, Callable[[Mapping[str, Any]], str | None]] = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in _INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    "django/forms/label.html": _label,
    "django/forms/errors/list/default.html": _errors,
    "django/forms/errors/list/ul.html": _errors,
}
