"""More columns to find editions by. SQLite remakes their tables, and its guard against overlaps is put back."""

import datetime
from importlib import import_module

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

OVERLAPS = import_module("registry.migrations.0003_editions_never_overlap")
REMADE = ("assignment", "investor", "project", "zone")


def hold(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for name in REMADE:
            for moment in ("insert", "update"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {OVERLAPS.table_of(name)}_no_overlap_{moment}")
        OVERLAPS.hold_tables(schema_editor, REMADE)


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_more_kinds_kept")]
    operations = [
        migrations.RunPython(migrations.RunPython.noop, hold),
        migrations.AddField("assignmentedition", "due_on", models.DateField(default=datetime.date(1, 1, 1))),
        migrations.AddField("investoredition", "capital_usd", models.BigIntegerField(default=0)),
        migrations.AddField("investoredition", "capital_vnd", models.BigIntegerField(default=0)),
        migrations.AddField("investoredition", "investor_kind", models.CharField(blank=True, max_length=20)),
        migrations.AddField("projectedition", "capital_usd", models.BigIntegerField(default=0)),
        migrations.AddField("projectedition", "capital_vnd", models.BigIntegerField(default=0)),
        migrations.AddField("projectedition", "project_code", models.CharField(blank=True, max_length=10)),
        migrations.AddField(
            "zoneedition", "area_ha", models.DecimalField(decimal_places=4, default=0, max_digits=12)
        ),
        migrations.RunPython(hold, migrations.RunPython.noop),
    ]
