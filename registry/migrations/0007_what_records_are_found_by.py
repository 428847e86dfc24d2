"""Words to search by, values with the row that says them, and an order of both that no language changes."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import registry.models.fields
from registry.rules.text import LONGEST_WORD, search_text, search_words

KINDS = (
    "assignment",
    "authority",
    "cluster",
    "decision",
    "incentive",
    "indicator",
    "investor",
    "legalinstrument",
    "place",
    "project",
    "sector",
    "source",
    "zone",
)
IDENTIFYING = ("code", "number", "enterprise_code", "project_code", "vsic_code")


def add_words(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Answers of former releases are searched like those of this one."""
    term = apps.get_model("registry", "EditionTerm")
    for name in KINDS:
        kind = "legal_instrument" if name == "legalinstrument" else name
        found = []
        for row in apps.get_model("registry", f"{name}edition").objects.defer("body").order_by("pk").iterator():
            words = [("word", word) for word in search_words(row.search_text)]
            numbers = {getattr(row, column, "") for column in IDENTIFYING} - {""}
            words += [("exact", search_text(number)[:LONGEST_WORD]) for number in numbers]
            found += [
                term(kind=kind, edition_id=row.pk, term=one, value=value, row=0)
                for one, value in dict.fromkeys(words)
            ]
        term.objects.bulk_create(found, batch_size=2000)


def remove_words(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    terms = apps.get_model("registry", "EditionTerm").objects
    terms.filter(term__in=["word", "exact"]).delete()
    # Without the position several rows of a record say the same.
    first = terms.values("kind", "term", "value", "edition_id").annotate(first=models.Min("pk")).values("first")
    terms.exclude(pk__in=list(first.values_list("first", flat=True))).delete()


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_more_kinds_kept")]
    operations = [
        migrations.RemoveConstraint("editionterm", "term_once"),
        migrations.RemoveIndex("editionterm", "term_edition"),
        migrations.AlterField("editionterm", "value", registry.models.fields.TermField(max_length=60)),
        migrations.AddField("editionterm", "row", models.PositiveIntegerField(default=0)),
        migrations.AddConstraint(
            "editionterm",
            models.UniqueConstraint(fields=("kind", "term", "value", "edition_id", "row"), name="term_once"),
        ),
        migrations.AddIndex(
            "editionterm",
            models.Index(fields=["kind", "edition_id", "term", "value"], name="term_edition"),
        ),
        migrations.AddIndex(
            "decisionedition",
            models.Index(
                fields=["issued_on", "subject_id", "valid_from", "valid_to", "known_from", "known_to"],
                name="decisionedition_issued",
            ),
        ),
        migrations.RunPython(add_words, remove_words),
    ]
