from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("migrated_app", "0003_alter_a_column")]
    operations = [migrations.AlterField("Owner", "name", models.CharField(max_length=200, unique=True))]
