"""What was erased because the law says so. Approvers read that it was; the right to do it is given to nobody."""

from importlib import import_module

import django.db.models.deletion
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, Q

import registry.models.conditions

GROUPS = import_module("registry.migrations.0002_groups")


def permit(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    config = apps.get_app_config("registry")
    config.models_module = True  # type: ignore[assignment]
    create_permissions(config, verbosity=0, apps=apps, using=schema_editor.connection.alias)
    config.models_module = None
    for approvers in apps.get_model("auth", "Group").objects.filter(name=GROUPS.APPROVERS):
        approvers.permissions.add(*_view(apps))


def forbid(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for approvers in apps.get_model("auth", "Group").objects.filter(name=GROUPS.APPROVERS):
        approvers.permissions.remove(*_view(apps))


def _view(apps: Apps) -> models.QuerySet[models.Model]:
    permission = apps.get_model("auth", "Permission")
    rows: models.QuerySet[models.Model] = permission.objects.filter(
        content_type__app_label="registry", codename="view_redaction"
    )
    return rows


def refuse_to_go_back(apps: Apps) -> None:
    """Asked before the first step back: an earlier release would call every redaction a forgery."""
    if count := apps.get_model("registry", "Redaction").objects.count():
        raise CommandError(
            f"going_back_refused · Đã có {count} lần xóa theo luật mà bản trước không hiểu. Chưa có gì thay đổi."
        )


class Migration(migrations.Migration):
    dependencies = [("registry", "0012_zones_linked")]

    refuse_to_go_back = staticmethod(refuse_to_go_back)
    operations = [
        migrations.CreateModel(
            name="Redaction",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="số")),
                ("at", models.DateTimeField(verbose_name="lúc")),
                ("ground", models.TextField(verbose_name="căn cứ pháp lý")),
                ("asked_by", models.CharField(max_length=150, verbose_name="người thực hiện")),
                ("approved_by", models.CharField(max_length=150, verbose_name="người đồng ý")),
                ("scope", models.CharField(blank=True, max_length=160, verbose_name="phạm vi")),
                ("places", models.TextField(verbose_name="những nơi đã xóa")),
            ],
            options={
                "verbose_name": "lần xóa theo luật",
                "verbose_name_plural": "xóa theo luật",
                "ordering": ["-number"],
                "permissions": [("redact", "Xóa dữ liệu theo luật")],
                "default_permissions": ("view",),
            },
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.CheckConstraint(
                condition=Q(registry.models.conditions.SaysSomething("ground")),
                name="redaction_grounded",
                violation_error_code="text_missing",
                violation_error_message="Căn cứ pháp lý: không được để trống.",
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.CheckConstraint(
                condition=Q(("asked_by", F("approved_by")), _negated=True)
                & Q(("approved_by", ""), _negated=True),
                name="redaction_by_two",
                violation_error_code="redaction_by_one",
                violation_error_message=(
                    "Việc xóa cần hai người khác nhau: người thực hiện và người đồng ý."
                ),
            ),
        ),
        migrations.CreateModel(
            name="RedactedEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entry", models.BigIntegerField(verbose_name="mục sổ cái")),
                (
                    "before_digest",
                    models.CharField(max_length=64, null=True, verbose_name="dấu của nội dung trước"),
                ),
                (
                    "after_digest",
                    models.CharField(max_length=64, null=True, verbose_name="dấu của nội dung sau"),
                ),
                ("header", models.CharField(max_length=64, verbose_name="dấu của phần đầu")),
                (
                    "redaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="registry.redaction",
                    ),
                ),
            ],
            options={
                "verbose_name": "mục sổ cái đã xóa",
                "verbose_name_plural": "mục sổ cái đã xóa",
                "ordering": ["redaction_id", "entry"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "redaction"), name="redacted_entry_once")
                ],
            },
        ),
        migrations.AlterField(
            model_name="announcement",
            name="news",
            field=models.CharField(
                choices=[
                    ("published", "Đã công bố"),
                    ("affected", "Thay đổi theo bản ghi khác"),
                    ("withdrawn", "Đã rút"),
                    ("took_effect", "Đã đến ngày có hiệu lực"),
                    ("redacted", "Đã xóa một giá trị theo luật"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(permit, forbid),
    ]
