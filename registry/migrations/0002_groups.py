"""The two groups of staff: those who enter, and those who approve."""

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CLERKS, APPROVERS = "Nhập liệu", "Duyệt"

#: What clerks enter. Rows of the other tables come by publishing, by the ledger, or by commands.
ENTERED = (
    "authority",
    "administrativeunit",
    "placecode",
    "placesuccession",
    "cluster",
    "clusteralias",
    "operatingreport",
    "decision",
    "effect",
    "effectplace",
    "decisionrelation",
    "legalinstrument",
    "investor",
    "sourcedocument",
    "citation",
)
READ = ("publication", "ledgerentry", "submission")


def create_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # Permissions are otherwise made after the last migration, too late for this one.
    config = apps.get_app_config("registry")
    module = getattr(config, "models_module", None)
    config.models_module = module or True  # type: ignore[assignment]
    create_permissions(config, verbosity=0, apps=apps, using=schema_editor.connection.alias)
    config.models_module = module
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    own = permission.objects.filter(content_type__app_label="registry")

    def named(*names: str) -> list[object]:
        return list(own.filter(codename__in=names))

    views = [f"view_{model}" for model in (*ENTERED, *READ)]
    edits = [f"{verb}_{model}" for model in ENTERED for verb in ("add", "change", "delete")]
    clerks, _ = group.objects.get_or_create(name=CLERKS)
    clerks.permissions.add(*named(*views, *edits))
    approvers, _ = group.objects.get_or_create(name=APPROVERS)
    approvers.permissions.add(*named(*views, "approve"))


def remove_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("auth", "Group").objects.filter(name__in=[CLERKS, APPROVERS]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(create_groups, remove_groups)]
