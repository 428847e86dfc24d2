"""A record has no more than 9999 numbered rows, on every database: SQLite alone would hold any number."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0009_webhooks"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="capitalevent",
            name="capital_position_counted",
        ),
        migrations.RemoveConstraint(
            model_name="citation",
            name="citation_row_counted",
        ),
        migrations.RemoveConstraint(
            model_name="effect",
            name="effect_position_counted",
        ),
        migrations.RemoveConstraint(
            model_name="incentiveterm",
            name="incentive_term_counted",
        ),
        migrations.RemoveConstraint(
            model_name="indicatorvalue",
            name="indicator_value_counted",
        ),
        migrations.AlterField(
            model_name="capitalevent",
            name="position",
            field=models.PositiveSmallIntegerField(
                default=1,
                validators=[
                    django.core.validators.MaxValueValidator(9999, "Các dòng được đánh số từ 1 đến 9999.")
                ],
                verbose_name="thứ tự",
            ),
        ),
        migrations.AlterField(
            model_name="citation",
            name="row_position",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Tác động, biến động vốn, mức hay số liệu được trích; chọn “chính bản ghi” khi trích cho chính nó.",
                null=True,
                validators=[
                    django.core.validators.MaxValueValidator(9999, "Các dòng được đánh số từ 1 đến 9999.")
                ],
                verbose_name="dòng số",
            ),
        ),
        migrations.AlterField(
            model_name="effect",
            name="position",
            field=models.PositiveSmallIntegerField(
                default=1,
                validators=[
                    django.core.validators.MaxValueValidator(9999, "Các dòng được đánh số từ 1 đến 9999.")
                ],
                verbose_name="thứ tự",
            ),
        ),
        migrations.AlterField(
            model_name="incentiveterm",
            name="position",
            field=models.PositiveSmallIntegerField(
                default=1,
                validators=[
                    django.core.validators.MaxValueValidator(9999, "Các dòng được đánh số từ 1 đến 9999.")
                ],
                verbose_name="thứ tự",
            ),
        ),
        migrations.AlterField(
            model_name="indicatorvalue",
            name="position",
            field=models.PositiveSmallIntegerField(
                default=1,
                validators=[
                    django.core.validators.MaxValueValidator(9999, "Các dòng được đánh số từ 1 đến 9999.")
                ],
                verbose_name="thứ tự",
            ),
        ),
        migrations.AddConstraint(
            model_name="capitalevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("position__isnull", True),
                    models.Q(("position__gte", 1), ("position__lte", 9999)),
                    _connector="OR",
                ),
                name="capital_position_counted",
                violation_error_code="capital_position_out_of_range",
                violation_error_message="Biến động vốn được đánh số từ 1 đến 9999.",
            ),
        ),
        migrations.AddConstraint(
            model_name="citation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("row_position__isnull", True),
                    models.Q(("row_position__gte", 1), ("row_position__lte", 9999)),
                    _connector="OR",
                ),
                name="citation_row_counted",
                violation_error_code="citation_position_out_of_range",
                violation_error_message="Các dòng được đánh số từ 1 đến 9999.",
            ),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("position__isnull", True),
                    models.Q(("position__gte", 1), ("position__lte", 9999)),
                    _connector="OR",
                ),
                name="effect_position_counted",
                violation_error_code="effect_position_out_of_range",
                violation_error_message="Tác động được đánh số từ 1 đến 9999.",
            ),
        ),
        migrations.AddConstraint(
            model_name="incentiveterm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("position__isnull", True),
                    models.Q(("position__gte", 1), ("position__lte", 9999)),
                    _connector="OR",
                ),
                name="incentive_term_counted",
                violation_error_code="term_position_out_of_range",
                violation_error_message="Mức ưu đãi được đánh số từ 1 đến 9999.",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicatorvalue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("position__isnull", True),
                    models.Q(("position__gte", 1), ("position__lte", 9999)),
                    _connector="OR",
                ),
                name="indicator_value_counted",
                violation_error_code="value_position_out_of_range",
                violation_error_message="Số liệu được đánh số từ 1 đến 9999.",
            ),
        ),
    ]
