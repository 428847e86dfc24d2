"""What changed last is a list too, of clusters and decisions by an index: a page costs the same wherever it stands."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0018_words_on_shelves"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="clusteredition",
            index=models.Index(
                fields=["known_from", "subject_id", "valid_from", "valid_to", "known_to"],
                name="clusteredition_changed",
            ),
        ),
        migrations.AddIndex(
            model_name="decisionedition",
            index=models.Index(
                fields=["known_from", "subject_id", "valid_from", "valid_to", "known_to"],
                name="decisionedition_changed",
            ),
        ),
    ]
