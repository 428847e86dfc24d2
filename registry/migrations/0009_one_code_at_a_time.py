"""An official code is one unit's on a day, and a unit has one: held by the database."""

from datetime import date
from itertools import combinations

from django.apps.registry import Apps
from django.core.management.base import CommandError
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import registry.models.overlaps


def refuse_overlaps(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = list(apps.get_model("registry", "PlaceCode").objects.order_by("official_code", "id"))
    for one, other in combinations(rows, 2):
        same = one.official_code == other.official_code or one.unit_id == other.unit_id
        if same and _before(one.valid_from, other.valid_to) and _before(other.valid_from, one.valid_to):
            raise CommandError(
                f"place_code_taken · Mã chính thức {one.official_code} (đơn vị số {one.unit_id}) và "
                f"{other.official_code} (đơn vị số {other.unit_id}) trùng ngày. Hãy sửa ngày bằng bản cũ rồi nâng cấp."
            )


def _before(start: date | None, end: date | None) -> bool:
    return start is None or end is None or start < end


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0008_more_to_find_by"),
    ]

    operations = [
        migrations.RunPython(refuse_overlaps, migrations.RunPython.noop),
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
