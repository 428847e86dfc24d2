from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from registry.models.base import (
    NamedSubject,
    Recorded,
    code_in_form,
    filled,
    not_itself,
    one_of,
    refuse_circle,
)
from registry.models.checks import Check
from registry.models.conditions import IsEnterpriseCode
from registry.rules import codes
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
    investor_kind = models.CharField(
        "loại", max_length=20, choices=codes.INVESTOR_KIND.choices, default="enterprise"
    )
    group = models.ForeignKey(
        "self",
        verbose_name="thuộc tập đoàn",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="members",
    )
    registered_in = models.CharField(  # noqa: DJ001 - not known is no code
        "nước đăng ký",
        max_length=2,
        choices=codes.COUNTRY.choices,
        null=True,
        blank=True,
        help_text="Nơi đăng ký doanh nghiệp; để trống khi chưa rõ.",
    )
    capital_from = models.CharField(  # noqa: DJ001 - not known is no code
        "nước có vốn",
        max_length=2,
        choices=codes.COUNTRY.choices,
        null=True,
        blank=True,
        help_text="Vốn từ nước nào; để trống khi chưa rõ.",
    )

    class Meta:
        verbose_name = "nhà đầu tư"
        verbose_name_plural = "nhà đầu tư"
        ordering = ["sort_key", "id"]
        constraints = [
            code_in_form("investor_code_form"),
            filled("name", "investor_named", "Tên"),
            one_of("investor_kind", codes.INVESTOR_KIND, "investor_kind_known", "Loại"),
            one_of(
                "registered_in", codes.COUNTRY, "investor_registered_in_known", "Nước đăng ký", optional=True
            ),
            one_of(
                "capital_from", codes.COUNTRY, "investor_capital_from_known", "Nước có vốn", optional=True
            ),
            not_itself(
                "group",
                "investor_group_another",
                "Một nhà đầu tư không thuộc về chính nó.",
                "group_of_itself",
            ),
            Check(
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
        self.registered_in = self.registered_in or None
        self.capital_from = self.capital_from or None
        refuse_circle(
            self,
            "group",
            "Tập đoàn này, qua các tập đoàn phía trên, lại thuộc về chính nhà đầu tư này.",
            "group_circle",
        )
        if self.enterprise_code:
            try:
                self.enterprise_code = parse_enterprise_code(self.enterprise_code)
            except Problem as problem:
                raise ValidationError(
                    {"enterprise_code": ValidationError(problem.message, code=problem.code)}
                ) from None
