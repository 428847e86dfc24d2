"""Citations can be of any numbered row of a record: an effect, a change of capital, a value."""

from datetime import date
from itertools import combinations

from django.apps.registry import Apps
from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q


def refuse_what_cannot_go_on(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What the first release let in and 0009 and 0011 do not, before anything is changed: its own release can still
    correct it. (Conditions that are NULL for a row let the row in.)
    """
    found = [*_codes_of_one_day(apps), *_effects_half_said(apps)]
    if found:
        raise CommandError(
            "upgrade_refused · "
            + " ".join(found)
            + " Chưa có gì thay đổi. Hãy chạy lại bản cũ (make run), sửa các "
            "chỗ này rồi nâng cấp."
        )


def _codes_of_one_day(apps: Apps) -> list[str]:
    rows = apps.get_model("registry", "PlaceCode").objects.order_by("official_code", "id")
    return [
        f"Mã chính thức {one.official_code} (đơn vị số {one.unit_id}) và {other.official_code} "
        f"(đơn vị số {other.unit_id}) trùng ngày."
        for one, other in combinations(rows, 2)
        if (one.official_code == other.official_code or one.unit_id == other.unit_id)
        and _before(one.valid_from, other.valid_to)
        and _before(other.valid_from, one.valid_to)
    ]


def _before(start: date | None, end: date | None) -> bool:
    return start is None or end is None or start < end


def _effects_half_said(apps: Apps) -> list[str]:
    rows = apps.get_model("registry", "Effect").objects.select_related("decision").order_by("id")
    uncorrecting = rows.filter(effect_code="corrected", target_relation__isnull=True)
    endless = rows.filter(area_qualifier="range", area_high_ha__isnull=True)
    return [
        *(
            f"Quyết định {row.decision.code}, tác động {row.position}: đính chính mà chưa chỉ tới tác động nào."
            for row in uncorrecting
        ),
        *(
            f"Quyết định {row.decision.code}, tác động {row.position}: khoảng diện tích thiếu số sau."
            for row in endless
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_only_the_newest_publication_grows")]
    operations = [
        migrations.RunPython(refuse_what_cannot_go_on, migrations.RunPython.noop),
        migrations.RemoveConstraint("citation", "citation_effect_of_decision"),
        migrations.RemoveConstraint("citation", "citation_effect_counted"),
        migrations.RenameField("citation", "effect_position", "row_position"),
        migrations.AlterField(
            "citation",
            "row_position",
            models.PositiveSmallIntegerField(
                "dòng số",
                null=True,
                blank=True,
                help_text="Thứ tự của tác động, biến động vốn hay số liệu được trích; "
                "để trống khi trích cho chính bản ghi.",
            ),
        ),
        migrations.AddConstraint(
            "citation",
            models.CheckConstraint(
                condition=Q(row_position__isnull=True) | Q(decision__isnull=False),
                name="citation_of_numbered_row",
                violation_error_message="Chỉ bản ghi có các dòng đánh số mới có trích nguồn cho một dòng.",
                violation_error_code="citation_position",
            ),
        ),
        migrations.AddConstraint(
            "citation",
            models.CheckConstraint(
                condition=Q(row_position__isnull=True) | Q(row_position__gte=1),
                name="citation_row_counted",
                violation_error_message="Các dòng được đánh số từ 1.",
                violation_error_code="citation_position_zero",
            ),
        ),
    ]
