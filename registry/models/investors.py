from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from registry.models.base import NamedSubject, Recorded, code_in_form, filled
from registry.models.conditions import IsEnterpriseCode
from registry.rules.enterprise_codes import parse_enterprise_code
from registry.rules.problems import Problem


class Investor(NamedSubject):
    """An enterprise or group. A cluster's infrastructure developer is an investor in that role."""

    kind = "investor"
    recorded = Recorded(subject=(("investor", "id"),), exclude=("search_text", "sort_key"))

    enterprise_code = models.CharField(
        "mã số doanh nghiệp",
        max_length=14,
        blank=True,
        help_text="10 số, hoặc 10 số + gạch nối + 3 số; để trống khi chưa biết.",
    )

    class Meta:
        verbose_name = "nhà đầu tư"
        verbose_name_plural = "nhà đầu tư"
        ordering = ["sort_key", "id"]
        constraints = [
            code_in_form("investor_code_form"),
            filled("name", "investor_named", "Tên"),
            models.CheckConstraint(
                condition=Q(enterprise_code="") | Q(IsEnterpriseCode("enterprise_code")),
                name="enterprise_code_form",
                violation_error_message="Mã số doanh nghiệp phải có 10 chữ số, hoặc 10 chữ số, gạch nối và 3 chữ số.",
                violation_error_code="enterprise_code_malformed",
            ),
            models.UniqueConstraint(
                fields=["enterprise_code"],
                condition=~Q(enterprise_code=""),
                name="enterprise_code_once",
                violation_error_message="Mã số doanh nghiệp này đã có ở một nhà đầu tư khác.",
                violation_error_code="enterprise_code_taken",
            ),
        ]

    def clean(self) -> None:
        super().clean()
        if self.enterprise_code:
            try:
                self.enterprise_code = parse_enterprise_code(self.enterprise_code)
            except Problem as problem:
                raise ValidationError(
                    {"enterprise_code": ValidationError(problem.message, code=problem.code)}
                ) from None
