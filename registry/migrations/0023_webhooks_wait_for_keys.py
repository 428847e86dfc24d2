"""A webhook whose partner has no key waits for one and is not stopped: nothing has to be written when a key ends."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def stopped_by_staff(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Who stopped them was who revoked the key; nobody is sent anything again by an upgrade."""
    apps.get_model("registry", "Webhook").objects.filter(stopped_because="keyless").update(
        stopped_because="staff"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0022_answers_by_lz4"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="webhook",
            name="webhook_stop_whole",
        ),
        migrations.RunPython(stopped_by_staff, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="webhook",
            name="stopped_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("staff", "Cán bộ cho ngừng"),
                    ("gone", "Bên nhận trả lời 410: không nhận nữa"),
                    ("failing", "Không gửi được trong ba ngày"),
                ],
                editable=False,
                max_length=20,
                verbose_name="lý do ngừng",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stopped_at__isnull", True), ("stopped_because", "")),
                    models.Q(
                        ("stopped_at__isnull", False),
                        ("stopped_because__in", ("staff", "gone", "failing")),
                    ),
                    _connector="OR",
                ),
                name="webhook_stop_whole",
                violation_error_code="webhook_stop_incomplete",
                violation_error_message="Một webhook đã ngừng cần có cả thời điểm và lý do ngừng.",
            ),
        ),
    ]
