"""Citations can be of any numbered row of a record: an effect, a change of capital, a value."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_only_the_newest_publication_grows")]
    operations = [
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
