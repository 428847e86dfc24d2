"""An official code is one unit's on a day, and a unit has one: held by the database. 0005 refuses what breaks it."""

from django.db import migrations

import registry.models.overlaps


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0008_more_to_find_by"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="placecode",
            constraint=registry.models.overlaps.NeverTwiceAtOnce(
                end="valid_to",
                equal="official_code",
                name="place_code_of_one_unit",
                start="valid_from",
                violation_error_code="place_code_taken",
                violation_error_message="Trong cùng một ngày, một mã chính thức chỉ là của một đơn vị: đã có "
                "%(other)s. Hãy sửa ngày của một trong hai.",
            ),
        ),
        migrations.AddConstraint(
            model_name="placecode",
            constraint=registry.models.overlaps.NeverTwiceAtOnce(
                end="valid_to",
                equal="unit",
                name="place_code_one_at_once",
                start="valid_from",
                violation_error_code="place_code_twice",
                violation_error_message="Trong cùng một ngày, một đơn vị chỉ có một mã chính thức: đã có "
                "%(other)s. Hãy sửa ngày của một trong hai.",
            ),
        ),
    ]
