from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("migrated_app", "0001_initial")]
    operations = [migrations.AddField("Thing", "note", models.CharField(default="", max_length=100))]
