"""What holds for the first kinds of record holds for the later ones: who enters them, and no two answers at once."""

from importlib import import_module

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.core.management.base import CommandError
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
KINDS = ("zone", "sector", "project", "indicator", "incentive", "assignment")


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
    OVERLAPS.hold_tables(schema_editor, KINDS)


def release(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    OVERLAPS.release_tables(schema_editor, KINDS)


def refuse_to_go_back(apps: Apps) -> None:
    """Asked before the first step back, so that nothing has changed yet: an earlier release has no place for these
    rows.
    """
    of = {name: apps.get_model("registry", name).objects for name in (*KINDS, "capitalevent", "statement")}
    found = [
        f"{rows.model._meta.verbose_name}: {count} bản ghi."
        for name, rows in of.items()
        if name != "statement" and (count := rows.count())
    ]
    if count := of["statement"].filter(kind__in=KINDS).count():
        found.append(f"Đã công bố của các loại này: {count} nội dung.")
    investors = apps.get_model("registry", "Investor").objects
    said = investors.exclude(investor_kind="enterprise", group=None, registered_in=None, capital_from=None)
    if count := said.count():
        found.append(f"Nhà đầu tư có loại, tập đoàn hoặc nước: {count} bản ghi.")
    if found:
        raise CommandError(
            "going_back_refused · Bản trước không giữ được: " + " ".join(found) + " Chưa có gì thay đổi. Muốn về bản "
            "trước, hãy dùng bản sao lưu có từ trước khi nâng cấp."
        )


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_more_kinds")]
    refuse_to_go_back = staticmethod(refuse_to_go_back)
    operations = [
        migrations.RunPython(permit, forbid),
        migrations.RunPython(hold, release),
    ]
