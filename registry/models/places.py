from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from registry.models.base import (
    NamedSubject,
    Recorded,
    code_in_form,
    dates_within_reason,
    filled,
    not_itself,
    one_of,
    period_in_order,
    refuse_circle,
)
from registry.models.checks import Check, Once
from registry.models.overlaps import NeverTwiceAtOnce
from registry.rules import codes
from registry.rules.periods import format_period


class AdministrativeUnit(NamedSubject):
    """A commune, ward, district or city as it stood in a period.

    A unit that was renamed, merged or split is another row: papers keep the unit they name.
    """

    kind = "place"
    recorded = Recorded(subject=(("place", "id"),), exclude=("search_text", "sort_key"))

    unit_kind = models.CharField("loại", max_length=30, choices=codes.PLACE_KIND.choices)
    within = models.ForeignKey(
        "self", verbose_name="thuộc", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến trước ngày", null=True, blank=True)

    class Meta:
        verbose_name = "đơn vị hành chính"
        verbose_name_plural = "đơn vị hành chính"
        ordering = ["sort_key", "id"]
        constraints = [
            code_in_form("place_code_form"),
            filled("name", "place_named", "Tên"),
            not_itself(
                "within", "place_within_another", "Một đơn vị không thuộc chính nó.", "place_within_itself"
            ),
            one_of("unit_kind", codes.PLACE_KIND, "place_kind_known", "Loại"),
            period_in_order(
                "valid_from", "valid_to", "place_period", "Đơn vị: ngày hết phải sau ngày bắt đầu."
            ),
            dates_within_reason(("valid_from", "valid_to"), "place_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_kind_short} {self.name}"

    def clean(self) -> None:
        super().clean()
        refuse_circle(
            self,
            "within",
            "Đơn vị này, qua các đơn vị phía trên, lại thuộc về chính đơn vị đang ghi.",
            "place_within_circle",
        )

    @property
    def unit_kind_short(self) -> str:
        """The word that stands before the name: Xã, Phường, Huyện, Thành phố…"""
        return codes.PLACE_KIND.vi(self.unit_kind).split(" (")[0]


class PlaceCode(models.Model):
    """The official code of a unit in a period. Official codes are re-used, so they never identify a unit."""

    recorded = Recorded(subject=(("place", "unit_id"),))

    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.CASCADE, related_name="codes", verbose_name="đơn vị"
    )
    official_code = models.CharField("mã chính thức", max_length=10)
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến trước ngày", null=True, blank=True)

    class Meta:
        verbose_name = "mã đơn vị hành chính"
        verbose_name_plural = "mã đơn vị hành chính"
        ordering = ["valid_from", "id"]
        constraints = [
            filled("official_code", "place_code_filled", "Mã chính thức"),
            period_in_order(
                "valid_from", "valid_to", "place_code_period", "Mã: ngày hết phải sau ngày bắt đầu."
            ),
            dates_within_reason(("valid_from", "valid_to"), "place_code_dates"),
            NeverTwiceAtOnce(
                equal="official_code",
                start="valid_from",
                end="valid_to",
                name="place_code_of_one_unit",
                violation_error_message="Trong cùng một ngày, một mã chính thức chỉ là của một đơn vị: đã có "
                "%(other)s. Hãy sửa ngày của một trong hai.",
                violation_error_code="place_code_taken",
            ),
            NeverTwiceAtOnce(
                equal="unit",
                start="valid_from",
                end="valid_to",
                name="place_code_one_at_once",
                violation_error_message="Trong cùng một ngày, một đơn vị chỉ có một mã chính thức: đã có "
                "%(other)s. Hãy sửa ngày của một trong hai.",
                violation_error_code="place_code_twice",
            ),
        ]

    def __str__(self) -> str:
        period = format_period(self.valid_from, self.valid_to)
        return f"mã {self.official_code} của {self.unit}" + (f", {period}" if period else "")


class PlaceSuccession(models.Model):
    """Which unit took over a unit: wholly, in part, or possibly (a candidate not yet resolved)."""

    recorded = Recorded(subject=(("place", "unit_id"),))

    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.CASCADE, related_name="successions", verbose_name="đơn vị"
    )
    successor = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, related_name="takeovers", verbose_name="đơn vị kế thừa"
    )
    extent = models.CharField(
        "mức độ", max_length=20, choices=codes.SUCCESSION_EXTENT.choices, default="whole"
    )

    class Meta:
        verbose_name = "đơn vị kế thừa"
        verbose_name_plural = "đơn vị kế thừa"
        ordering = ["id"]
        constraints = [
            one_of("extent", codes.SUCCESSION_EXTENT, "succession_extent_known", "Mức độ"),
            Once(
                fields=["unit", "successor"],
                name="succession_once",
                violation_error_message="Đơn vị kế thừa này đã được ghi.",
                violation_error_code="succession_taken",
            ),
            Check(
                condition=~Q(unit=F("successor")),
                name="succession_of_another",
                violation_error_message="Một đơn vị không kế thừa chính nó.",
                violation_error_code="succession_of_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} → {self.successor}"

    def clean(self) -> None:
        """No circle of successions, however long: a unit never comes after itself."""
        super().clean()
        after, reached = {self.successor_id}, {self.successor_id}
        others = PlaceSuccession.objects.exclude(pk=self.pk)
        while after:
            after = set(others.filter(unit__in=after).values_list("successor_id", flat=True)) - reached
            reached |= after
        if (
            self.unit_id is not None
            and self.unit_id in reached - {None}
            and self.unit_id != self.successor_id
        ):
            raise ValidationError(
                {
                    "successor": ValidationError(
                        "Đơn vị này, qua các lần kế thừa về sau, lại được chính đơn vị đang ghi kế thừa.",
                        code="succession_circle",
                    )
                }
            )
