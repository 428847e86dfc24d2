"""A delivery is found by what a partner reports of it: the id of the message or the number of the announcement."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("registry", "0027_webhook_backlogs"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["message"], name="webhook_delivery_message"),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["announcement"], name="webhook_delivery_announcement"),
        ),
    ]
