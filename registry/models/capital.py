"""Money put into projects, and the totals that sources report of investors."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from registry.models.base import (
    Recorded,
    counted,
    dates_within_reason,
    earliest_before_latest,
    one_of,
    within_count,
)
from registry.models.checks import Check, Once
from registry.rules import codes
from registry.rules.quantities import Quantity, format_quantity


class CapitalEvent(models.Model):
    """One figure of capital as one source states it: of a project, or of an investor as a whole.

    Figures that disagree are rows of their own, side by side: none is chosen silently. An investor's total is not
    the sum of its projects.
    """

    recorded = Recorded(subject=(("investor", "investor_id"), ("project", "project_id")), internal=("note",))

    investor = models.ForeignKey(
        "registry.Investor",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="capital_events",
        verbose_name="nhà đầu tư",
    )
    project = models.ForeignKey(
        "registry.Project",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="capital_events",
        verbose_name="dự án",
    )
    position = models.PositiveSmallIntegerField("thứ tự", default=1, validators=[within_count])
    capital_kind = models.CharField(
        "biến động", max_length=30, choices=codes.CAPITAL_KIND.choices, default="reported_total"
    )
    measure = models.CharField("loại vốn", max_length=20, choices=codes.CAPITAL_MEASURE.choices)
    amount = models.BigIntegerField("số tiền", help_text="Số nguyên của đơn vị tiền.")
    currency = models.CharField("loại tiền", max_length=3, choices=codes.CURRENCY.choices, default="USD")
    amount_qualifier = models.CharField(
        "mức độ chính xác", max_length=20, choices=codes.QUALIFIER.choices, default="exact"
    )
    as_of_earliest = models.DateField("tính đến, sớm nhất", null=True, blank=True)
    as_of_latest = models.DateField("tính đến, muộn nhất", null=True, blank=True)
    as_of_stated_as = models.CharField("thời điểm như ghi", max_length=100, blank=True)
    programme_earliest = models.DateField("giai đoạn, từ", null=True, blank=True)
    programme_latest = models.DateField("giai đoạn, đến", null=True, blank=True)
    programme_stated_as = models.CharField("giai đoạn như ghi", max_length=100, blank=True)
    note = models.TextField("ghi chú nội bộ", blank=True, help_text="Không công bố.")

    class Meta:
        verbose_name = "biến động vốn"
        verbose_name_plural = "biến động vốn"
        ordering = ["position", "id"]
        constraints = [
            Check(
                condition=Q(investor__isnull=True, project__isnull=False)
                | Q(investor__isnull=False, project__isnull=True),
                name="capital_of_one_record",
                violation_error_message="Một biến động vốn thuộc về một dự án hoặc một nhà đầu tư.",
                violation_error_code="capital_owner",
            ),
            Once(
                fields=["investor", "position"],
                name="capital_position_of_investor",
                violation_error_message="Thứ tự này đã có ở biến động vốn khác.",
                violation_error_code="capital_position_taken",
            ),
            Once(
                fields=["project", "position"],
                name="capital_position_of_project",
                violation_error_message="Thứ tự này đã có ở biến động vốn khác.",
                violation_error_code="capital_position_taken",
            ),
            Check(
                condition=Q(amount__gt=0),
                name="capital_amount_positive",
                violation_error_message="Số tiền phải lớn hơn 0.",
                violation_error_code="amount_not_positive",
            ),
            Check(
                condition=~Q(amount_qualifier="range"),
                name="capital_amount_single",
                violation_error_message="Số vốn là một số, không phải một khoảng.",
                violation_error_code="amount_range",
            ),
            Check(
                condition=~Q(measure="group_total") | Q(investor__isnull=False),
                name="capital_group_total_of_investor",
                violation_error_message="Tổng vốn của tập đoàn là của nhà đầu tư, không phải của một dự án.",
                violation_error_code="group_total_of_project",
            ),
            counted(
                "position",
                "capital_position_counted",
                "Biến động vốn",
                "capital_position_out_of_range",
            ),
            one_of("capital_kind", codes.CAPITAL_KIND, "capital_kind_known", "Biến động"),
            one_of("measure", codes.CAPITAL_MEASURE, "capital_measure_known", "Loại vốn"),
            one_of("currency", codes.CURRENCY, "capital_currency_known", "Loại tiền"),
            one_of("amount_qualifier", codes.QUALIFIER, "capital_qualifier_known", "Mức độ chính xác"),
            earliest_before_latest("as_of", "capital_as_of_order", "Thời điểm"),
            earliest_before_latest("programme", "capital_programme_order", "Giai đoạn"),
            dates_within_reason(
                ("as_of_earliest", "as_of_latest", "programme_earliest", "programme_latest"), "capital_dates"
            ),
        ]

    def __str__(self) -> str:
        stated = Quantity(Decimal(self.amount), self.amount_qualifier)
        return f"{codes.CAPITAL_KIND.vi(self.capital_kind)}: {format_quantity(stated)} {self.currency}"
