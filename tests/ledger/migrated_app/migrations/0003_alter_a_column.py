from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("migrated_app", "0002_add_a_column")]
    operations = [
        migrations.AlterField("Thing", "amount", models.DecimalField(decimal_places=2, max_digits=12)),
        migrations.AlterField("Thing", "note", models.CharField(default="chưa có", max_length=100)),
    ]
