from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from registry.models.base import NamedSubject, Recorded, code_in_form, filled
from registry.models.checks import Check
from registry.models.conditions import IsVsicCode

_VSIC_REFUSED = "Mã ngành VSIC là một chữ cái từ A đến V, hoặc 2 đến 5 chữ số."


class Sector(NamedSubject):
    """A line of business that clusters, projects and incentives are for. Its VSIC code where it is known."""

    kind = "sector"
    recorded = Recorded(subject=(("sector", "id"),), exclude=("search_text", "sort_key"))

    vsic_code = models.CharField(
        "mã ngành VSIC",
        max_length=6,
        validators=[RegexValidator(r"^([A-V]|\d{2,5})\Z", _VSIC_REFUSED, "vsic_malformed")],
        blank=True,
        help_text="Để trống khi chưa biết.",
    )
    vsic_year = models.PositiveSmallIntegerField(
        "năm của hệ thống ngành", null=True, blank=True, help_text="Ví dụ 2018 hoặc 2025."
    )

    class Meta:
        verbose_name = "ngành, nghề"
        verbose_name_plural = "ngành, nghề"
        ordering = ["sort_key", "id"]
        constraints = [
            code_in_form("sector_code_form"),
            filled("name", "sector_named", "Tên"),
            Check(
                condition=Q(vsic_code="") | Q(IsVsicCode("vsic_code")),
                name="sector_vsic_form",
                violation_error_message=_VSIC_REFUSED,
                violation_error_code="vsic_malformed",
            ),
            Check(
                condition=Q(vsic_code="", vsic_year__isnull=True)
                | (~Q(vsic_code="") & Q(vsic_year__isnull=False, vsic_year__gte=1993, vsic_year__lte=2100)),
                name="sector_vsic_whole",
                violation_error_message="Mã ngành VSIC và năm của hệ thống ngành phải cùng có hoặc cùng để trống.",
                violation_error_code="vsic_incomplete",
            ),
            models.UniqueConstraint(
                fields=["vsic_code", "vsic_year"],
                condition=~Q(vsic_code=""),
                name="sector_vsic_once",
                violation_error_message="Mã ngành VSIC của năm này đã có ở một ngành khác.",
                violation_error_code="vsic_taken",
            ),
        ]
