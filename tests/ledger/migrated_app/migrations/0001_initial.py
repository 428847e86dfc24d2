import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            "Owner",
            [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=100))],
        ),
        migrations.CreateModel(
            "Thing",
            [
                ("id", models.BigAutoField(primary_key=True)),
                (
                    "owner",
                    models.ForeignKey("migrated_app.owner", on_delete=django.db.models.deletion.CASCADE),
                ),
                ("name", models.CharField(max_length=100)),
                ("amount", models.IntegerField()),
                ("sort_key", models.CharField(default="", max_length=100)),
            ],
        ),
    ]
