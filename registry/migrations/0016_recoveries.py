"""Restores of the whole registry are rows: numbers go on above them. Approvers read that there was one."""

from importlib import import_module

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

GROUPS = import_module("registry.migrations.0002_groups")


def permit(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    config = apps.get_app_config("registry")
    module = getattr(config, "models_module", None)
    config.models_module = module or True  # type: ignore[assignment]
    create_permissions(config, verbosity=0, apps=apps, using=schema_editor.connection.alias)
    config.models_module = module
    for approvers in apps.get_model("auth", "Group").objects.filter(name=GROUPS.APPROVERS):
        approvers.permissions.add(*_view(apps))


def forbid(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for approvers in apps.get_model("auth", "Group").objects.filter(name=GROUPS.APPROVERS):
        approvers.permissions.remove(*_view(apps))


def _view(apps: Apps) -> models.QuerySet[models.Model]:
    permission = apps.get_model("auth", "Permission")
    rows: models.QuerySet[models.Model] = permission.objects.filter(
        content_type__app_label="registry", codename="view_recovery"
    )
    return rows


def refuse_to_go_back(apps: Apps) -> None:
    """Asked before the first step back: an earlier release would use lost numbers again."""
    if count := apps.get_model("registry", "Recovery").objects.count():
        raise CommandError(
            f"going_back_refused · Đã có {count} lần khôi phục từ bản sao lưu mà bản trước không hiểu. Chưa có gì "
            "thay đổi."
        )


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0015_security_events"),
    ]

    refuse_to_go_back = staticmethod(refuse_to_go_back)
    operations = [
        migrations.CreateModel(
            name="Recovery",
            fields=[
                (
                    "seq",
                    models.BigIntegerField(primary_key=True, serialize=False, verbose_name="đánh số tiếp từ"),
                ),
                ("at", models.DateTimeField(verbose_name="khôi phục lúc")),
                ("known_until", models.DateTimeField(verbose_name="bản sao lưu lúc")),
                ("announcement", models.BigIntegerField(verbose_name="thông báo cuối còn giữ")),
                ("publication", models.BigIntegerField(verbose_name="lần công bố cuối còn giữ")),
                ("ledger_seq", models.BigIntegerField(verbose_name="mục sổ cái cuối còn giữ")),
                ("ledger_hash", models.CharField(max_length=64, verbose_name="dấu của mục đó")),
            ],
            options={
                "verbose_name": "lần khôi phục từ bản sao lưu",
                "verbose_name_plural": "khôi phục từ bản sao lưu",
                "ordering": ["-seq"],
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seq__gt", models.F("announcement")), ("seq__gt", models.F("publication"))
                        ),
                        name="recovery_above_all_kept",
                        violation_error_code="recovery_number_used",
                        violation_error_message="Số tiếp theo phải lớn hơn mọi số đã cấp.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("at__gte", models.F("known_until"))),
                        name="recovery_after_backup",
                        violation_error_code="recovery_before_backup",
                        violation_error_message="Lúc khôi phục không thể trước lúc sao lưu.",
                    ),
                ],
            },
        ),
        migrations.RunPython(permit, forbid),
    ]
