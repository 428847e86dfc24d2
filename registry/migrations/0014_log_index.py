"""What the log finds entries by; `index_ledger` fills it. Clerks read the history of records, not the whole log.

The log also tells of accounts, partners and keys, which clerks do not see.
"""

from importlib import import_module

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import registry.models.fields

GROUPS = import_module("registry.migrations.0002_groups")


def _clerks_and_right(apps: Apps) -> tuple[list[models.Model], list[models.Model]]:
    groups = apps.get_model("auth", "Group").objects.filter(name=GROUPS.CLERKS)
    rights = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="registry", codename="view_ledgerentry"
    )
    return list(groups), list(rights)


def forbid(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    groups, rights = _clerks_and_right(apps)
    for group in groups:
        group.permissions.remove(*rights)  # type: ignore[attr-defined]


def permit(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    groups, rights = _clerks_and_right(apps)
    for group in groups:
        group.permissions.add(*rights)  # type: ignore[attr-defined]


class Migration(migrations.Migration):
    dependencies = [("registry", "0013_redactions")]

    operations = [
        migrations.CreateModel(
            name="LedgerTerm",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "term", "block", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("term", registry.models.fields.TermField(max_length=240)),
                ("block", models.IntegerField()),
                ("entries", models.BinaryField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunPython(forbid, permit),
    ]
