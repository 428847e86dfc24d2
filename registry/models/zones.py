from django.db import models
from django.db.models import F, Q

from registry.models.base import (
    NamedSubject,
    Recorded,
    above_zero,
    code_in_form,
    counted,
    dates_within_reason,
    earliest_before_latest,
    filled,
    one_of,
    range_whole,
    within_count,
)
from registry.models.checks import Check, Once
from registry.rules import codes


class Zone(NamedSubject):
    """An industrial park, economic or free-trade zone, airport or seaport: existing or planned, never a cluster."""

    kind = "zone"
    recorded = Recorded(subject=(("zone", "id"),), exclude=("search_text", "sort_key"))

    zone_kind = models.CharField("loại", max_length=30, choices=codes.ZONE_KIND.choices)
    area_ha = models.DecimalField("diện tích (ha)", max_digits=12, decimal_places=4, null=True, blank=True)
    area_high_ha = models.DecimalField("đến (ha)", max_digits=12, decimal_places=4, null=True, blank=True)
    area_qualifier = models.CharField(
        "mức độ chính xác", max_length=20, choices=codes.QUALIFIER.choices, default="exact"
    )
    places = models.ManyToManyField(
        "registry.AdministrativeUnit",
        verbose_name="địa điểm",
        blank=True,
        related_name="zones",
        help_text="Đơn vị hành chính như tài liệu ghi, kể cả đơn vị không còn.",
    )
    sectors = models.ManyToManyField(
        "registry.Sector", verbose_name="ngành, nghề", blank=True, related_name="zones"
    )
    linked_with = models.ManyToManyField(
        "self",
        verbose_name="liên kết với",
        blank=True,
        symmetrical=False,
        related_name="linked_from",
        through="ZoneLink",
        through_fields=("zone", "other"),
    )

    class Meta:
        verbose_name = "khu"
        verbose_name_plural = "khu công nghiệp, khu kinh tế, cảng"
        ordering = ["sort_key", "id"]
        constraints = [
            code_in_form("zone_code_form"),
            filled("name", "zone_named", "Tên"),
            one_of("zone_kind", codes.ZONE_KIND, "zone_kind_known", "Loại"),
            one_of("area_qualifier", codes.QUALIFIER, "zone_qualifier_known", "Mức độ chính xác"),
            above_zero("area_ha", "zone_area_positive", "Diện tích"),
            range_whole("area", "_ha", "zone_area_range", "Diện tích"),
        ]


class ZoneLink(models.Model):
    """That a zone is, or is to be, linked with another. Said of one, it is true of both: it is shown at both ends."""

    recorded = Recorded(subject=(("zone", "zone_id"),))

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="link_rows", verbose_name="khu")
    other = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+", verbose_name="liên kết với")

    class Meta:
        verbose_name = "liên kết của khu"
        verbose_name_plural = "liên kết của khu"
        ordering = ["id"]
        constraints = [
            Once(
                fields=["zone", "other"],
                name="zone_link_once",
                violation_error_message="Liên kết với khu này đã được ghi.",
                violation_error_code="zone_link_taken",
            ),
            Check(
                condition=~Q(zone=F("other")),
                name="zone_link_another",
                violation_error_message="Một khu không liên kết với chính nó. Hãy chọn khu khác.",
                violation_error_code="link_with_itself",
            ),
        ]

    def __str__(self) -> str:
        return str(self.other)


class ZoneStatus(models.Model):
    """That a zone was planned, or existed, as of a day."""

    recorded = Recorded(subject=(("zone", "zone_id"),))

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="statuses", verbose_name="khu")
    position = models.PositiveSmallIntegerField("thứ tự", default=1, validators=[within_count])
    status = models.CharField("tình trạng", max_length=20, choices=codes.ZONE_STATUS.choices)
    as_of_earliest = models.DateField("tính đến, sớm nhất", null=True, blank=True)
    as_of_latest = models.DateField("tính đến, muộn nhất")
    as_of_stated_as = models.CharField("thời điểm như ghi", max_length=100, blank=True)

    class Meta:
        verbose_name = "tình trạng của khu"
        verbose_name_plural = "tình trạng của khu"
        ordering = ["position", "id"]
        constraints = [
            Once(
                fields=["zone", "position"],
                name="zone_status_position_once",
                violation_error_message="Thứ tự này đã có ở tình trạng khác của khu.",
                violation_error_code="status_position_taken",
            ),
            counted("position", "zone_status_counted", "Tình trạng của khu", "status_position_out_of_range"),
            Once(
                fields=["zone", "as_of_latest"],
                name="zone_status_once_a_day",
                violation_error_message="Khu này đã có tình trạng tính đến ngày đó. Hãy sửa dòng đã có.",
                violation_error_code="zone_status_taken",
            ),
            one_of("status", codes.ZONE_STATUS, "zone_status_known", "Tình trạng"),
            earliest_before_latest("as_of", "zone_status_order", "Thời điểm"),
            dates_within_reason(("as_of_earliest", "as_of_latest"), "zone_status_dates"),
        ]

    def __str__(self) -> str:
        return f"{codes.ZONE_STATUS.vi(self.status)} ({self.as_of_latest:%d/%m/%Y})"
