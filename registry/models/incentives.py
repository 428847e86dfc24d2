from django.db import models
from django.db.models import Q

from registry.models.base import (
    NamedSubject,
    Recorded,
    at_most,
    code_in_form,
    counted,
    dates_within_reason,
    filled,
    one_of,
    period_in_order,
    within_count,
)
from registry.models.checks import Check, Once
from registry.rules import codes


class Incentive(NamedSubject):
    """What the state gives investors of some sectors: on tax, duty, land rent, credit."""

    kind = "incentive"
    recorded = Recorded(subject=(("incentive", "id"),), exclude=("search_text", "sort_key"))

    incentive_kind = models.CharField("loại ưu đãi", max_length=30, choices=codes.INCENTIVE_KIND.choices)
    status = models.CharField(
        "tình trạng", max_length=20, choices=codes.INCENTIVE_STATUS.choices, default="in_force"
    )
    sectors = models.ManyToManyField(
        "registry.Sector", verbose_name="ngành, nghề", blank=True, related_name="incentives"
    )
    legal_basis = models.ManyToManyField(
        "registry.LegalInstrument",
        verbose_name="căn cứ pháp lý",
        blank=True,
        related_name="incentives",
        help_text="Để trống khi tài liệu không nêu.",
    )
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField(
        "đến trước ngày", null=True, blank=True, help_text="Ngày đầu tiên không còn áp dụng."
    )

    class Meta:
        verbose_name = "ưu đãi"
        verbose_name_plural = "ưu đãi"
        ordering = ["sort_key", "id"]
        constraints = [
            code_in_form("incentive_code_form"),
            filled("name", "incentive_named", "Tên"),
            one_of("incentive_kind", codes.INCENTIVE_KIND, "incentive_kind_known", "Loại ưu đãi"),
            one_of("status", codes.INCENTIVE_STATUS, "incentive_status_known", "Tình trạng"),
            period_in_order(
                "valid_from", "valid_to", "incentive_period", "Ưu đãi: ngày hết phải sau ngày bắt đầu."
            ),
            dates_within_reason(("valid_from", "valid_to"), "incentive_dates"),
        ]


class IncentiveTerm(models.Model):
    """One term: exempt for so many years, reduced by such a share, at such a rate."""

    recorded = Recorded(subject=(("incentive", "incentive_id"),))

    incentive = models.ForeignKey(
        Incentive, on_delete=models.CASCADE, related_name="terms", verbose_name="ưu đãi"
    )
    position = models.PositiveSmallIntegerField("thứ tự", default=1, validators=[within_count])
    term_kind = models.CharField("hình thức", max_length=20, choices=codes.INCENTIVE_TERM.choices)
    years = models.PositiveSmallIntegerField("số năm", null=True, blank=True)
    rate_percent = models.DecimalField(
        "mức (%)",
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="Phần được giảm, hoặc thuế suất áp dụng.",
    )

    class Meta:
        verbose_name = "mức ưu đãi"
        verbose_name_plural = "mức ưu đãi"
        ordering = ["position", "id"]
        constraints = [
            Once(
                fields=["incentive", "position"],
                name="incentive_term_position_once",
                violation_error_message="Thứ tự này đã có ở mức khác của ưu đãi.",
                violation_error_code="term_position_taken",
            ),
            counted("position", "incentive_term_counted", "Mức ưu đãi", "term_position_out_of_range"),
            one_of("term_kind", codes.INCENTIVE_TERM, "incentive_term_known", "Hình thức"),
            at_most("rate_percent", 0, 100, "incentive_rate", "Mức"),
            # A source may tell of an exemption or a reduction without saying how long, or how much.
            Check(
                condition=Q(term_kind="rate", rate_percent__isnull=False)
                | Q(term_kind="reduction") & (Q(rate_percent__isnull=True) | Q(rate_percent__gt=0))
                | ~Q(term_kind__in=["rate", "reduction"]) & Q(rate_percent__isnull=True),
                name="incentive_term_whole",
                violation_error_message="Thuế suất cần một mức phần trăm, phần được giảm phải lớn hơn 0; "
                "miễn và hỗ trợ không có mức.",
                violation_error_code="term_rate_disagrees",
            ),
            Check(
                condition=Q(years__isnull=True) | Q(years__gt=0, years__lte=99),
                name="incentive_years",
                violation_error_message="Số năm phải từ 1 đến 99.",
                violation_error_code="years_out_of_range",
            ),
        ]

    def __str__(self) -> str:
        years = f" {self.years} năm" if self.years else ""
        return f"{codes.INCENTIVE_TERM.vi(self.term_kind)}{years}"
