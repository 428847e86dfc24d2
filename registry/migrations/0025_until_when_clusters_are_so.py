"""Which answers about clusters hold on a day is found by an index; most of them are long over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0024_pepper_marks"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="clusteredition",
            index=models.Index(
                fields=["valid_to", "known_to", "valid_from", "known_from"],
                name="clusteredition_until",
            ),
        ),
    ]
