"""What holds for the first kinds of record holds for the later ones: who enters them, and no two answers at once."""

from importlib import import_module

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

GROUPS = import_module("registry.migrations.0002_groups")
OVERLAPS = import_module("registry.migrations.0003_editions_never_overlap")

ENTERED = (
    "assignment",
    "capitalevent",
    "incentive",
    "incentiveterm",
    "indicator",
    "indicatorvalue",
    "indicatorvaluecluster",
    "indicatorvaluezone",
    "project",
    "sector",
    "zone",
    "zonestatus",
)
EDITIONS = ("assignment", "incentive", "indicator", "project", "sector", "zone")


def permit(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    config = apps.get_app_config("registry")
    config.models_module = True  # type: ignore[assignment]
    create_permissions(config, verbosity=0, apps=apps, using=schema_editor.connection.alias)
    config.models_module = None
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    own = permission.objects.filter(content_type__app_label="registry", content_type__model__in=ENTERED)
    for clerks in group.objects.filter(name=GROUPS.CLERKS):
        clerks.permissions.add(*own)
    for approvers in group.objects.filter(name=GROUPS.APPROVERS):
        approvers.permissions.add(*own.filter(codename__startswith="view_"))


def forbid(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    own = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="registry", content_type__model__in=ENTERED
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=[GROUPS.CLERKS, GROUPS.APPROVERS]):
        group.permissions.remove(*own)


def hold(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    OVERLAPS.hold_tables(schema_editor, EDITIONS)
    if schema_editor.connection.vendor == "sqlite":
        # 0006 gave the editions of investors new columns: SQLite remakes the table, and its triggers are gone.
        for moment in ("insert", "update"):
            table = OVERLAPS.table_of("investor")
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_overlap_{moment}")
        OVERLAPS.hold_tables(schema_editor, ("investor",))


def release(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    OVERLAPS.release_tables(schema_editor, EDITIONS)


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_more_kinds")]
    operations = [migrations.RunPython(permit, forbid), migrations.RunPython(hold, release)]
