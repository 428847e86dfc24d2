from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from registry.models.base import (
    NamedSubject,
    Recorded,
    above_zero,
    code_in_form,
    filled,
    not_blank,
    one_of,
    range_whole,
)
from registry.models.checks import Check
from registry.models.conditions import IsProjectCode
from registry.rules import codes
from registry.rules.text import clean_text

_CODE_REFUSED = "Mã số dự án gồm đúng 10 chữ số."


class Project(NamedSubject):
    """An investment project, in a zone or in a cluster where a source says so."""

    kind = "project"
    recorded = Recorded(subject=(("project", "id"),), exclude=("search_text", "sort_key"), internal=("note",))

    project_code = models.CharField(
        "mã số dự án",
        max_length=10,
        validators=[RegexValidator(r"^\d{10}\Z", _CODE_REFUSED, "project_code_malformed")],
        blank=True,
        help_text="10 chữ số trên giấy chứng nhận đăng ký đầu tư; để trống khi chưa biết.",
    )
    investor = models.ForeignKey(
        "registry.Investor",
        verbose_name="nhà đầu tư",
        on_delete=models.PROTECT,
        related_name="projects",
    )
    zone = models.ForeignKey(
        "registry.Zone",
        verbose_name="khu",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="projects",
    )
    cluster = models.ForeignKey(
        "registry.Cluster",
        verbose_name="cụm công nghiệp",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="projects",
    )
    products = models.TextField("sản phẩm", blank=True, help_text="Mỗi dòng một sản phẩm.")
    sectors = models.ManyToManyField(
        "registry.Sector", verbose_name="ngành, nghề", blank=True, related_name="projects"
    )
    land_area_ha = models.DecimalField(
        "diện tích đất (ha)", max_digits=12, decimal_places=4, null=True, blank=True
    )
    land_area_high_ha = models.DecimalField(
        "đến (ha)", max_digits=12, decimal_places=4, null=True, blank=True
    )
    land_area_qualifier = models.CharField(
        "mức độ chính xác của diện tích", max_length=20, choices=codes.QUALIFIER.choices, default="exact"
    )
    note = models.TextField("ghi chú nội bộ", blank=True, help_text="Không công bố.")

    class Meta:
        verbose_name = "dự án đầu tư"
        verbose_name_plural = "dự án đầu tư"
        ordering = ["sort_key", "id"]
        constraints = [
            code_in_form("project_code_form"),
            filled("name", "project_named", "Tên"),
            not_blank("products", "project_products_said", "Sản phẩm"),
            Check(
                condition=Q(project_code="") | Q(IsProjectCode("project_code")),
                name="project_code_digits",
                violation_error_message=_CODE_REFUSED,
                violation_error_code="project_code_malformed",
            ),
            models.UniqueConstraint(
                fields=["project_code"],
                condition=~Q(project_code=""),
                name="project_code_once",
                violation_error_message="Mã số dự án này đã có ở một dự án khác.",
                violation_error_code="project_code_taken",
            ),
            Check(
                condition=Q(zone__isnull=True) | Q(cluster__isnull=True),
                name="project_in_one_location",
                violation_error_message="Một dự án ở trong một khu hoặc trong một cụm, không phải cả hai.",
                violation_error_code="project_location",
            ),
            one_of("land_area_qualifier", codes.QUALIFIER, "project_qualifier_known", "Mức độ chính xác"),
            above_zero("land_area_ha", "project_land_positive", "Diện tích đất"),
            range_whole("land_area", "_ha", "project_land_range", "Diện tích đất"),
        ]

    def clean(self) -> None:
        super().clean()
        self.products = "\n".join(line for line in map(clean_text, self.products.splitlines()) if line)
