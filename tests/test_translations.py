"""Nothing that a user reads is left in English. (`make lint` runs this file.)"""

import ast
import re
from pathlib import Path

from django.apps import apps
from django.db.models import CheckConstraint, Field, Model, UniqueConstraint
from django.utils import translation

REGISTRY = Path(__file__).resolve().parent.parent / "registry"
GETTEXT = {"_", "gettext", "gettext_lazy", "pgettext", "ngettext"}
IN_TEMPLATES = re.compile(r"""\{%-?\s*(?:translate|trans)\s+(["'])(.+?)\1""")


def models() -> list[type[Model]]:
    """The tables that staff write; what is derived or appended is shown in sentences of its own."""
    everything = apps.get_app_config("registry").get_models()
    return [m for m in everything if (recorded := getattr(m, "recorded", None)) and not recorded.append_only]


def shown_fields(model: type[Model]) -> list[Field]:
    return [f for f in model._meta.get_fields() if isinstance(f, Field) and f.editable and not f.auto_created]


def test_every_table_and_every_field_that_staff_see_has_a_name_of_its_own():
    tables = [
        m.__name__
        for m in models()
        if not {"verbose_name", "verbose_name_plural"} <= set(m._meta.original_attrs)
    ]
    fields = [str(f) for m in models() for f in shown_fields(m) if not f._verbose_name]
    assert tables + fields == []


def test_every_choice_and_every_constraint_speaks_vietnamese():
    """A constraint says what is wrong in its own words; plain uniqueness has Django's sentence."""
    silent = [
        f"{model.__name__}: {constraint.name}"
        for model in models()
        if any(field.editable for field in shown_fields(model))
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint)
        or (isinstance(constraint, UniqueConstraint) and constraint.condition)
        if constraint.violation_error_message == constraint.default_violation_error_message
    ]
    unlabelled = [
        f"{field}: {code}"
        for model in models()
        for field in shown_fields(model)
        for code, label in field.flatchoices
        if not label or label == code
    ]
    assert silent + unlabelled == []


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
