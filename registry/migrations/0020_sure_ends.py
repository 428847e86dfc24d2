"""Ranges, and what is over, up to or nearly a figure, have their sure ends as terms (rules/composition/bounds.py).

Answers of former releases are filtered like those of this one: from what is stored of them alone.
"""

import orjson
from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from registry.rules.composition.bounds import BOUNDED, LEAST, MOST, bound_terms

TERMS = ("area_ha", "land_area_ha", "leased", "leased_or_approved", "capital_usd", "capital_vnd")


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    terms = apps.get_model("registry", "EditionTerm")
    for kind in BOUNDED:
        model, last = apps.get_model("registry", f"{kind}edition"), 0
        while rows := list(model.objects.filter(pk__gt=last).order_by("pk").only("body")[:1000]):
            last = rows[-1].pk
            terms.objects.bulk_create(
                [
                    terms(kind=kind, edition_id=row.pk, term=name, value=value, row=0)
                    for row in rows
                    for name, value in sorted(bound_terms(kind, orjson.loads(bytes(row.body))))
                ],
                batch_size=2000,
            )


def empty(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    names = [term + end for term in TERMS for end in (LEAST, MOST)]
    apps.get_model("registry", "EditionTerm").objects.filter(kind__in=BOUNDED, term__in=names).delete()


class Migration(migrations.Migration):
    dependencies = [("registry", "0019_what_changed_last")]
    operations = [migrations.RunPython(fill, empty)]
