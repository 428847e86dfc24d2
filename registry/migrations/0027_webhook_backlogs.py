"""What a webhook was passed by, because no key of its partner opened it, is told once one does."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0026_why_others_were_affected"),
    ]

    operations = [
        migrations.CreateModel(
            name="WebhookBacklog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scope", models.CharField(max_length=20, verbose_name="phạm vi")),
                ("position", models.BigIntegerField()),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="backlogs",
                        to="registry.webhook",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("webhook", "scope"), name="webhook_backlog_once")
                ],
            },
        ),
    ]
