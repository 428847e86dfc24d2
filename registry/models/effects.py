"""What decisions do to clusters."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from registry.models.base import Recorded, counted, one_of, within_count
from registry.models.checks import Check, Once
from registry.models.conditions import SaysSomething
from registry.models.decisions import Decision
from registry.rules import codes
from registry.rules.text import clean_text

UNSTATED = "Khi chưa xác định tác động, hãy ghi lời của văn bản."


class Effect(models.Model):
    """What one decision does to one cluster, or to one zone.

    Without a code, or while it is to be verified, it is shown with the paper's wording and never folded.
    """

    recorded = Recorded(subject=(("decision", "decision_id"),), internal=("note",))

    decision = models.ForeignKey(
        Decision, on_delete=models.CASCADE, related_name="effects", verbose_name="quyết định"
    )
    position = models.PositiveSmallIntegerField("thứ tự", default=1, validators=[within_count])
    cluster = models.ForeignKey(
        "registry.Cluster",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="effects",
        verbose_name="cụm công nghiệp",
    )
    zone = models.ForeignKey(
        "registry.Zone",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="effects",
        verbose_name="khu",
        help_text="Thay cho cụm, khi văn bản nói về một khu.",
    )
    effect_code = models.CharField(  # noqa: DJ001 - not known is no code
        "tác động",
        max_length=30,
        choices=codes.EFFECT.choices,
        null=True,
        blank=True,
        help_text="Để trống khi chưa xác định được; tác động khi đó chỉ được hiển thị.",
    )
    as_stated = models.TextField("lời văn bản", blank=True)
    verification = models.CharField(
        "kiểm chứng", max_length=20, choices=codes.VERIFICATION.choices, default="verified"
    )
    target = models.ForeignKey(
        "self",
        verbose_name="tác động liên quan",
        null=True,
        blank=True,
        # Not PROTECT: a draft whose own effects point to one another can be discarded.
        on_delete=models.RESTRICT,
        related_name="followers",
    )
    target_relation = models.CharField(  # noqa: DJ001 - no relation is no code
        "quan hệ", max_length=20, choices=codes.EFFECT_RELATION.choices, null=True, blank=True
    )

    area_ha = models.DecimalField("diện tích (ha)", max_digits=12, decimal_places=4, null=True, blank=True)
    area_high_ha = models.DecimalField(
        "đến (ha)",
        max_digits=12,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="Chỉ khi ghi một khoảng.",
    )
    area_qualifier = models.CharField(
        "mức độ chính xác", max_length=20, choices=codes.QUALIFIER.choices, default="exact"
    )
    name = models.CharField("tên mới", max_length=300, blank=True)
    developer = models.ForeignKey(
        "registry.Investor",
        verbose_name="chủ đầu tư hạ tầng",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="developed_by_effects",
    )
    sectors = models.TextField("ngành, nghề", blank=True, help_text="Mỗi dòng một ngành, nghề.")
    places = models.ManyToManyField(
        "registry.AdministrativeUnit",
        verbose_name="địa điểm",
        blank=True,
        related_name="effects",
        through="EffectPlace",
    )
    note = models.TextField("ghi chú nội bộ", blank=True, help_text="Không công bố.")

    class Meta:
        verbose_name = "tác động"
        verbose_name_plural = "tác động"
        ordering = ["decision_id", "position", "id"]
        constraints = [
            Check(
                condition=Q(cluster__isnull=True, zone__isnull=False)
                | Q(cluster__isnull=False, zone__isnull=True),
                name="effect_on_one",
                violation_error_message="Hãy chọn cụm công nghiệp (hoặc khu) mà văn bản tác động tới, chỉ một.",
                violation_error_code="effect_object",
            ),
            Once(
                fields=["decision", "position"],
                name="effect_position_once",
                violation_error_message="Thứ tự này đã có ở tác động khác của quyết định.",
                violation_error_code="effect_position_taken",
            ),
            counted("position", "effect_position_counted", "Tác động", "effect_position_out_of_range"),
            Check(
                condition=Q(effect_code__isnull=False) | Q(SaysSomething("as_stated")),
                name="effect_stated",
                violation_error_message=UNSTATED,
                violation_error_code="effect_unstated",
            ),
            one_of("effect_code", codes.EFFECT, "effect_code_known", "Tác động", optional=True),
            one_of("verification", codes.VERIFICATION, "effect_verification_known", "Kiểm chứng"),
            one_of("area_qualifier", codes.QUALIFIER, "effect_qualifier_known", "Mức độ chính xác"),
            one_of(
                "target_relation", codes.EFFECT_RELATION, "effect_relation_known", "Quan hệ", optional=True
            ),
            Check(
                condition=Q(area_ha__isnull=True) | Q(area_ha__gt=0),
                name="effect_area_positive",
                violation_error_message="Diện tích phải lớn hơn 0.",
                violation_error_code="area_not_positive",
            ),
            Check(
                condition=Q(
                    area_qualifier="range",
                    area_ha__isnull=False,
                    area_high_ha__isnull=False,
                    area_high_ha__gt=F("area_ha"),
                )
                | (~Q(area_qualifier="range") & Q(area_high_ha__isnull=True)),
                name="effect_area_range",
                violation_error_message="Một khoảng diện tích cần cả hai số, số sau lớn hơn; "
                "các mức độ khác chỉ có một số.",
                violation_error_code="area_range_incomplete",
            ),
            Check(
                condition=Q(target__isnull=True, target_relation__isnull=True)
                | Q(target__isnull=False, target_relation__isnull=False),
                name="effect_target_whole",
                violation_error_message="Hãy chọn cả tác động liên quan và quan hệ, hoặc để trống cả hai.",
                violation_error_code="effect_target_incomplete",
            ),
            Check(
                condition=Q(effect_code__isnull=True)
                | Q(effect_code="corrected", target_relation__isnull=False, target_relation="corrects")
                | (
                    ~Q(effect_code="corrected")
                    & (Q(target_relation__isnull=True) | ~Q(target_relation="corrects"))
                ),
                name="effect_correction_whole",
                violation_error_message="Đính chính phải chỉ tới tác động được đính chính, với quan hệ “đính chính”.",
                violation_error_code="effect_correction_incomplete",
            ),
            Check(
                condition=Q(target__isnull=True) | ~Q(target=F("id")),
                name="effect_target_another",
                violation_error_message="Một tác động không liên quan tới chính nó.",
                violation_error_code="effect_target_itself",
            ),
        ]

    def __str__(self) -> str:
        label = codes.EFFECT.vi(self.effect_code) if self.effect_code else self.as_stated or "chưa xác định"
        return f"{self.decision.label}, {self.position}: {label} · {self.cluster or self.zone}"

    @property
    def sector_lines(self) -> list[str]:
        return [line for line in map(clean_text, self.sectors.splitlines()) if line]

    def clean(self) -> None:
        super().clean()
        self.effect_code = self.effect_code or None
        self.target_relation = self.target_relation or None
        self.as_stated = clean_text(self.as_stated)
        self.name = clean_text(self.name)
        if not self.effect_code and not self.as_stated:
            raise ValidationError({"as_stated": ValidationError(UNSTATED, code="effect_unstated")})
        on = (self.cluster_id, self.zone_id)
        if self.target_id and any(on) and (self.target.cluster_id, self.target.zone_id) != on:
            raise ValidationError(
                {
                    "target": ValidationError(
                        "Tác động liên quan phải là của cùng cụm công nghiệp hoặc cùng khu.",
                        code="effect_target_elsewhere",
                    )
                }
            )


class EffectPlace(models.Model):
    """A place that an effect sets. The decision is repeated so that the row names its subject by itself."""

    recorded = Recorded(subject=(("decision", "decision_id"),))

    effect = models.ForeignKey(
        Effect, on_delete=models.CASCADE, related_name="place_rows", verbose_name="tác động"
    )
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="+", editable=False)
    place = models.ForeignKey(
        "registry.AdministrativeUnit", on_delete=models.PROTECT, related_name="+", verbose_name="địa điểm"
    )

    class Meta:
        verbose_name = "địa điểm của tác động"
        verbose_name_plural = "địa điểm của tác động"
        ordering = ["id"]
        constraints = [
            Once(
                fields=["effect", "place"],
                name="effect_place_once",
                violation_error_message="Địa điểm này đã được ghi.",
                violation_error_code="effect_place_taken",
            )
        ]

    def __str__(self) -> str:
        return str(self.place)
