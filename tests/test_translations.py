"""Nothing that a user reads is left in English. (`make lint` runs this file.)"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.apps import apps
from django.contrib import admin
from django.db.models import CheckConstraint, Field, Model, UniqueConstraint
from django.test import RequestFactory
from django.utils import translation

DJANGO = Path(django.__file__).parent
REGISTRY = Path(__file__).resolve().parent.parent / "registry"
GETTEXT = {"_", "gettext", "gettext_lazy", "pgettext", "ngettext"}
IN_TEMPLATES = re.compile(r"""\{%-?\s*(?:translate|trans)\s+(["'])(.+?)\1""")
DOMAINS = ("django", "djangojs")
# Texts of Django that no page of ours can show: the names of languages, its welcome page, date archives,
# static files of a debug server, and what admindocs says of field types.
NEVER_SHOWN = ("conf/global_settings", "views/templates", "views/generic", "views/static")
FIELD_TYPES = {
    "A JSON object",
    "Duration",
    "Positive big integer",
    "String (unlimited)",
    "Universally unique identifier",
    "%(from)s-%(to)s relationship",
    "%(from)s-%(to)s relationships",
}


def models() -> list[type[Model]]:
    """The tables that staff write; what is derived or appended is shown in sentences of its own."""
    everything = apps.get_app_config("registry").get_models()
    return [m for m in everything if (recorded := getattr(m, "recorded", None)) and not recorded.append_only]


def shown_fields(model: type[Model]) -> list[Field]:
    return [f for f in model._meta.get_fields() if isinstance(f, Field) and f.editable and not f.auto_created]


def test_every_table_and_every_field_that_staff_write_has_a_name_of_its_own():
    named = {"verbose_name", "verbose_name_plural"}
    tables = [m.__name__ for m in models() if not named <= set(m._meta.original_attrs)]
    fields = [str(f) for m in models() for f in shown_fields(m) if not f._verbose_name]
    assert tables + fields == []


def test_every_constraint_says_what_is_wrong():
    """Plain uniqueness may leave it to Django, whose sentence names the field."""
    silent = [
        f"{model.__name__}: {rule.name}"
        for model in models()
        for rule in model._meta.constraints
        if isinstance(rule, CheckConstraint) or (isinstance(rule, UniqueConstraint) and rule.condition)
        if rule.violation_error_message == rule.default_violation_error_message
    ]
    assert silent == []


def test_every_choice_has_a_label():
    unlabelled = [
        f"{field}: {code}"
        for model in models()
        for field in shown_fields(model)
        for code, label in field.flatchoices
        if not label or label == code
    ]
    assert unlabelled == []


def marked_texts() -> set[str]:
    found = set()
    for path in REGISTRY.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in GETTEXT:
                found |= {
                    a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
                }
    for path in REGISTRY.rglob("*.html"):
        found |= {text for _, text in IN_TEMPLATES.findall(path.read_text(encoding="utf-8"))}
    return found


def test_every_text_marked_for_translation_is_translated():
    with translation.override("vi"):
        assert sorted(text for text in marked_texts() if translation.gettext(text) == text) == []


Key = tuple[str, str]


def entries(path: Path) -> Iterator[tuple[Key, str, list[str]]]:
    """(context, text), its translation ('' when there is none), where it is used; the first of plural forms."""
    if not path.exists():
        return
    with open(path, "rb") as file:
        catalogue = read_mo(file) if path.suffix == ".mo" else read_po(file)
    for entry in catalogue:
        text, said = (form if isinstance(form, str) else form[0] for form in (entry.id, entry.string))
        if text and not entry.fuzzy:
            context = entry.context or ""
            key = (context.decode() if isinstance(context, bytes) else context, text)
            yield key, said, [place for place, _ in entry.locations]


def translated(path: Path) -> dict[Key, str]:
    return {key: said for key, said, _ in entries(path) if said}


@pytest.mark.parametrize("domain", DOMAINS)
def test_what_django_leaves_in_english_the_registry_translates(domain):
    ours = translated(REGISTRY / f"locale/vi/LC_MESSAGES/{domain}.po")
    missing = [
        key
        for part in ("conf", "contrib/admin", "contrib/auth")
        for key, _, places in entries(DJANGO / part / f"locale/en/LC_MESSAGES/{domain}.po")
        if not all(place.startswith(NEVER_SHOWN) for place in places) and key[1] not in FIELD_TYPES
        if key not in {**ours, **translated(DJANGO / part / f"locale/vi/LC_MESSAGES/{domain}.po")}
    ]
    assert missing == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_compiled_translations_are_those_of_the_text_file(domain):
    """Otherwise: make translations."""
    written, compiled = (
        translated(REGISTRY / f"locale/vi/LC_MESSAGES/{domain}.{end}") for end in ("po", "mo")
    )
    assert written
    assert compiled == written


def test_placeholders_survive_translation():
    """A translation that lost `%(name)s` would break the sentence, or the page."""
    placeholder = re.compile(r"%\([a-z_0-9]+\)[a-z]|%[sd]|\{[a-z_]*\}")
    for domain in DOMAINS:
        for (_, text), said in translated(REGISTRY / f"locale/vi/LC_MESSAGES/{domain}.po").items():
            assert set(placeholder.findall(text)) == set(placeholder.findall(said))


def test_the_scripts_of_the_admin_get_our_translations_too():
    script = admin.site.i18n_javascript(RequestFactory().get("/")).content.decode()
    assert json.dumps("Chủ nhật") in script
