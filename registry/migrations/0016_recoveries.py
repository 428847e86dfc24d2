"""Restores of the whole registry are rows: numbers go on above them. Staff read that there was one."""

from importlib import import_module

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

GROUPS = import_module("registry.migrations.0002_groups")
GUARDS = import_module("registry.migrations.0004_only_the_newest_publication_grows").GUARDS
#: The last number of a table or of a restore. (Of each by its key: a union of all rows would be read through.)
_LAST = (
    "(SELECT max(last) FROM (SELECT coalesce(max(seq), 0) AS last FROM {}"
    " UNION ALL SELECT coalesce(max(seq), 0) FROM registry_recovery) AS given)"
)

#: As in 0004. That publications follow one another is held across restores too.
FOLLOWING = {
    "publication_is_next": (
        "registry_publication",
        f"NEW.seq = 1 + {_LAST.format('registry_publication')}"
        " AND NOT EXISTS (SELECT 1 FROM registry_publication WHERE at >= NEW.at)"
        " AND NOT EXISTS (SELECT 1 FROM registry_recovery WHERE at >= NEW.at)",
        "a publication follows the last one, in number and in time",
    ),
    "recovery_keeps_all_there_is": (
        "registry_recovery",
        f"NEW.announcement = {_LAST.format('registry_announcement')}"
        " AND NEW.publication = (SELECT coalesce(max(seq), 0) FROM registry_publication)",
        "a restore names the last announcement and publication that are there",
    ),
}


def hold(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _release(schema_editor, {"publication_is_next": "registry_publication"})
    _hold(schema_editor, FOLLOWING)


def release(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _release(schema_editor, {name: table for name, (table, *_) in FOLLOWING.items()})
    _hold(schema_editor, {"publication_is_next": GUARDS["publication_is_next"]})


def _hold(schema_editor: BaseDatabaseSchemaEditor, guards: dict[str, tuple[str, str, str]]) -> None:
    for name, (table, condition, message) in guards.items():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                f" IF NOT ({condition}) THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF;"
                " RETURN NEW; END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
            )
            schema_editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN NOT ({condition})"
                f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )


def _release(schema_editor: BaseDatabaseSchemaEditor, guards: dict[str, str]) -> None:
    for name, table in guards.items():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION {name}()")
        else:
            schema_editor.execute(f"DROP TRIGGER {name}")


def permit(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    config = apps.get_app_config("registry")
    module = getattr(config, "models_module", None)
    config.models_module = module or True  # type: ignore[assignment]
    create_permissions(config, verbosity=0, apps=apps, using=schema_editor.connection.alias)
    config.models_module = module
    for staff in _staff(apps):
        staff.permissions.add(*_view(apps))


def forbid(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for staff in _staff(apps):
        staff.permissions.remove(*_view(apps))


def _staff(apps: Apps) -> models.QuerySet[models.Model]:
    """Clerks too: it is they who enter again what was lost."""
    groups = apps.get_model("auth", "Group")
    rows: models.QuerySet[models.Model] = groups.objects.filter(name__in=(GROUPS.APPROVERS, GROUPS.CLERKS))
    return rows


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
                ("known_until", models.DateTimeField(verbose_name="còn giữ đến lúc")),
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
        migrations.RunPython(hold, release),
        migrations.RunPython(permit, forbid),
    ]
