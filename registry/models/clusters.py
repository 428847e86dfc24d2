from django.db import models
from django.db.models import Q

from registry.models.base import (
    NamedSubject,
    Recorded,
    above_zero,
    at_most,
    clean_words,
    code_in_form,
    dates_within_reason,
    earliest_before_latest,
    filled,
    one_of,
)
from registry.models.checks import Check, Once
from registry.rules import codes

#: A rate has no second column: a range of rates could not say where it ends.
RATE_QUALIFIERS = [(code, label) for code, label in codes.QUALIFIER.choices if code != "range"]


class Cluster(NamedSubject):
    """An industrial cluster. Stage, area and developer are never typed here: they follow from decisions."""

    kind = "cluster"
    recorded = Recorded(subject=(("cluster", "id"),), exclude=("search_text", "sort_key"))

    places = models.ManyToManyField(
        "registry.AdministrativeUnit",
        verbose_name="địa điểm",
        blank=True,
        related_name="clusters",
        help_text="Đơn vị hành chính như văn bản ghi, kể cả đơn vị không còn.",
    )

    class Meta:
        verbose_name = "cụm công nghiệp"
        verbose_name_plural = "cụm công nghiệp"
        ordering = ["sort_key", "id"]
        constraints = [
            code_in_form("cluster_code_form"),
            filled("name", "cluster_named", "Tên"),
        ]


class ClusterAlias(models.Model):
    """Another name under which papers know the cluster."""

    recorded = Recorded(subject=(("cluster", "cluster_id"),))

    cluster = models.ForeignKey(
        Cluster, on_delete=models.CASCADE, related_name="aliases", verbose_name="cụm công nghiệp"
    )
    name = models.CharField("tên khác", max_length=300)

    class Meta:
        verbose_name = "tên khác"
        verbose_name_plural = "tên khác"
        ordering = ["id"]
        constraints = [
            filled("name", "alias_named", "Tên khác"),
            Once(
                fields=["cluster", "name"],
                name="alias_once",
                violation_error_message="Tên khác này đã được ghi.",
                violation_error_code="alias_taken",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        clean_words(self, "name")


def _within_industrial_land(field: str, name: str, label: str) -> Check:
    return Check(
        condition=Q(**{f"{field}__isnull": True})
        | Q(**{f"{field}__gte": 0})
        & (Q(industrial_land_ha__isnull=True) | Q(**{f"{field}__lte": models.F("industrial_land_ha")})),
        name=name,
        violation_error_message=f"{label} không âm và không vượt đất công nghiệp.",
        violation_error_code="area_mismatch",
    )


class OperatingReport(models.Model):
    """What a source reports of a cluster's operation as of a day.

    Areas in hectares; occupancy in percent of the industrial land: of land leased (as the statutory form counts),
    or of land leased or granted an approval for production (Decree 32/2024 art. 2.7).
    """

    recorded = Recorded(subject=(("cluster", "cluster_id"),))

    cluster = models.ForeignKey(
        Cluster, on_delete=models.CASCADE, related_name="operating_reports", verbose_name="cụm công nghiệp"
    )
    as_of_earliest = models.DateField("tính đến, sớm nhất", null=True, blank=True)
    as_of_latest = models.DateField("tính đến, muộn nhất")
    as_of_stated_as = models.CharField("thời điểm như ghi", max_length=100, blank=True)
    status = models.CharField(
        "tình trạng hoạt động", max_length=30, choices=codes.OPERATING_STATUS.choices, default="unknown"
    )
    industrial_land_ha = models.DecimalField(
        "đất công nghiệp (ha)", max_digits=12, decimal_places=4, null=True, blank=True
    )
    leased_ha = models.DecimalField(
        "đã cho thuê (ha)", max_digits=12, decimal_places=4, null=True, blank=True
    )
    approved_ha = models.DecimalField(
        "đã cho thuê hoặc cấp chấp thuận, giấy chứng nhận (ha)",
        max_digits=12,
        decimal_places=4,
        null=True,
        blank=True,
    )
    occupancy_leased = models.DecimalField(
        "tỷ lệ lấp đầy theo đất đã thuê (%)", max_digits=7, decimal_places=4, null=True, blank=True
    )
    occupancy_approved = models.DecimalField(
        "tỷ lệ lấp đầy theo Nghị định 32/2024 (%)", max_digits=7, decimal_places=4, null=True, blank=True
    )
    occupancy_qualifier = models.CharField(
        "mức độ chính xác của tỷ lệ", max_length=20, choices=RATE_QUALIFIERS, default="exact"
    )
    source = models.ForeignKey(
        "registry.SourceDocument",
        on_delete=models.PROTECT,
        related_name="operating_reports",
        verbose_name="tài liệu",
    )
    locator = models.CharField("đoạn, trang", max_length=60)
    as_stated = models.CharField("như ghi trong tài liệu", max_length=500, blank=True)

    class Meta:
        verbose_name = "báo cáo hoạt động"
        verbose_name_plural = "báo cáo hoạt động"
        ordering = ["as_of_latest", "id"]
        constraints = [
            one_of("status", codes.OPERATING_STATUS, "report_status_known", "Tình trạng hoạt động"),
            one_of(
                "occupancy_qualifier",
                [code for code, _ in RATE_QUALIFIERS],
                "report_qualifier_known",
                "Mức độ chính xác của tỷ lệ",
            ),
            filled("locator", "report_located", "Đoạn, trang"),
            earliest_before_latest("as_of", "report_as_of_order", "Thời điểm"),
            dates_within_reason(("as_of_earliest", "as_of_latest"), "report_dates"),
            above_zero("industrial_land_ha", "report_industrial_land", "Đất công nghiệp"),
            at_most("occupancy_leased", 0, 100, "report_occupancy_leased", "Tỷ lệ lấp đầy"),
            at_most("occupancy_approved", 0, 100, "report_occupancy_approved", "Tỷ lệ lấp đầy"),
            _within_industrial_land("leased_ha", "report_leased", "Đất đã cho thuê"),
            _within_industrial_land("approved_ha", "report_approved", "Đất đã cho thuê hoặc cấp chấp thuận"),
            Check(
                condition=Q(leased_ha__isnull=True)
                | Q(approved_ha__isnull=True)
                | Q(leased_ha__lte=models.F("approved_ha")),
                name="report_leased_within_approved",
                violation_error_message="Đất đã cho thuê không vượt đất đã cho thuê hoặc cấp chấp thuận.",
                violation_error_code="area_mismatch",
            ),
        ]

    def __str__(self) -> str:
        return f"{codes.OPERATING_STATUS.vi(self.status)} ({self.as_of_latest:%d/%m/%Y})"
