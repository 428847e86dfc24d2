"""Figures about the city, its zones, sets of clusters, investors and projects."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from registry.models.base import (
    NamedSubject,
    Recorded,
    code_in_form,
    counted,
    dates_within_reason,
    earliest_before_latest,
    filled,
    not_blank,
    one_of,
    range_whole,
    within_count,
)
from registry.models.checks import Check, Once
from registry.rules import codes
from registry.rules.text import clean_text


class Indicator(NamedSubject):
    """What is measured, and in which unit. Values of one indicator can be laid side by side."""

    kind = "indicator"
    recorded = Recorded(subject=(("indicator", "id"),), exclude=("search_text", "sort_key"))

    unit = models.CharField("đơn vị tính", max_length=60, help_text="Ví dụ %, dự án, USD, USD/năm.")
    definition = models.TextField(
        "cách hiểu", blank=True, help_text="Tính trên cái gì: hai tỷ lệ khác mẫu số là hai chỉ tiêu."
    )
    sectors = models.ManyToManyField(
        "registry.Sector", verbose_name="ngành, nghề", blank=True, related_name="indicators"
    )

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu, số liệu"
        ordering = ["sort_key", "id"]
        constraints = [
            code_in_form("indicator_code_form"),
            filled("name", "indicator_named", "Tên"),
            filled("unit", "indicator_unit_stated", "Đơn vị tính"),
            not_blank("definition", "indicator_definition_said", "Cách hiểu"),
        ]

    def clean(self) -> None:
        super().clean()
        self.unit = clean_text(self.unit)
        self.definition = clean_text(self.definition)


class IndicatorValue(models.Model):
    """One value of an indicator, as one source states it."""

    recorded = Recorded(subject=(("indicator", "indicator_id"),), internal=("note",))

    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="values", verbose_name="chỉ tiêu"
    )
    position = models.PositiveSmallIntegerField("thứ tự", default=1, validators=[within_count])
    scope = models.CharField("phạm vi", max_length=20, choices=codes.INDICATOR_SCOPE.choices, default="city")
    clusters = models.ManyToManyField(
        "registry.Cluster",
        verbose_name="các cụm công nghiệp",
        blank=True,
        related_name="indicator_values",
        through="IndicatorValueCluster",
    )
    zones = models.ManyToManyField(
        "registry.Zone",
        verbose_name="các khu",
        blank=True,
        related_name="indicator_values",
        through="IndicatorValueZone",
    )
    investor = models.ForeignKey(
        "registry.Investor",
        verbose_name="nhà đầu tư",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="indicator_values",
    )
    project = models.ForeignKey(
        "registry.Project",
        verbose_name="dự án",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="indicator_values",
    )
    value_kind = models.CharField(
        "loại số liệu", max_length=20, choices=codes.VALUE_KIND.choices, default="actual"
    )
    period_earliest = models.DateField("kỳ, từ", null=True, blank=True)
    period_latest = models.DateField("kỳ, đến", null=True, blank=True)
    period_stated_as = models.CharField("kỳ như ghi", max_length=100, blank=True)
    value = models.DecimalField("giá trị", max_digits=15, decimal_places=4)
    value_high = models.DecimalField(
        "đến", max_digits=15, decimal_places=4, null=True, blank=True, help_text="Chỉ khi ghi một khoảng."
    )
    value_qualifier = models.CharField(
        "mức độ chính xác", max_length=20, choices=codes.QUALIFIER.choices, default="exact"
    )
    note = models.TextField("ghi chú nội bộ", blank=True, help_text="Không công bố.")

    class Meta:
        verbose_name = "số liệu"
        verbose_name_plural = "số liệu"
        ordering = ["position", "id"]
        constraints = [
            Once(
                fields=["indicator", "position"],
                name="indicator_value_position_once",
                violation_error_message="Thứ tự này đã có ở số liệu khác của chỉ tiêu.",
                violation_error_code="value_position_taken",
            ),
            counted("position", "indicator_value_counted", "Số liệu", "value_position_out_of_range"),
            one_of("scope", codes.INDICATOR_SCOPE, "indicator_scope_known", "Phạm vi"),
            one_of("value_kind", codes.VALUE_KIND, "indicator_value_kind_known", "Loại số liệu"),
            one_of("value_qualifier", codes.QUALIFIER, "indicator_qualifier_known", "Mức độ chính xác"),
            range_whole("value", "", "indicator_value_range", "Giá trị"),
            earliest_before_latest("period", "indicator_period_order", "Kỳ"),
            dates_within_reason(("period_earliest", "period_latest"), "indicator_dates"),
            Check(
                condition=(Q(scope="investor") & Q(investor__isnull=False, project__isnull=True))
                | (Q(scope="project") & Q(project__isnull=False, investor__isnull=True))
                | (~Q(scope__in=["investor", "project"]) & Q(investor__isnull=True, project__isnull=True)),
                name="indicator_scope_whole",
                violation_error_message="Phạm vi là một nhà đầu tư hoặc một dự án thì phải chọn đúng bản ghi đó, "
                "và chỉ khi đó.",
                violation_error_code="scope_incomplete",
            ),
        ]

    def __str__(self) -> str:
        return f"{codes.VALUE_KIND.vi(self.value_kind)} · {self.period_stated_as or 'chưa rõ kỳ'}"

    def clean(self) -> None:
        super().clean()
        if self.period_earliest and self.period_latest and self.period_earliest > self.period_latest:
            raise ValidationError("Kỳ: ngày đầu phải trước ngày cuối.", code="date_range_reversed")


class IndicatorValueCluster(models.Model):
    """A cluster that a value is about. The indicator is repeated so that the row names its subject by itself."""

    recorded = Recorded(subject=(("indicator", "indicator_id"),))

    value = models.ForeignKey(
        IndicatorValue, on_delete=models.CASCADE, related_name="cluster_rows", verbose_name="số liệu"
    )
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="+", editable=False)
    cluster = models.ForeignKey(
        "registry.Cluster", on_delete=models.PROTECT, related_name="+", verbose_name="cụm công nghiệp"
    )

    class Meta:
        verbose_name = "cụm của số liệu"
        verbose_name_plural = "cụm của số liệu"
        ordering = ["id"]
        constraints = [
            Once(
                fields=["value", "cluster"],
                name="indicator_cluster_once",
                violation_error_message="Cụm này đã được ghi.",
                violation_error_code="value_cluster_taken",
            )
        ]

    def __str__(self) -> str:
        return str(self.cluster)


class IndicatorValueZone(models.Model):
    """A zone that a value is about."""

    recorded = Recorded(subject=(("indicator", "indicator_id"),))

    value = models.ForeignKey(
        IndicatorValue, on_delete=models.CASCADE, related_name="zone_rows", verbose_name="số liệu"
    )
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="+", editable=False)
    zone = models.ForeignKey("registry.Zone", on_delete=models.PROTECT, related_name="+", verbose_name="khu")

    class Meta:
        verbose_name = "khu của số liệu"
        verbose_name_plural = "khu của số liệu"
        ordering = ["id"]
        constraints = [
            Once(
                fields=["value", "zone"],
                name="indicator_zone_once",
                violation_error_message="Khu này đã được ghi.",
                violation_error_code="value_zone_taken",
            )
        ]

    def __str__(self) -> str:
        return str(self.zone)
