from django.db import models

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
from registry.rules import codes


class Authority(NamedSubject):
    """A body that signs papers: Prime Minister, ministry, People's Committee of a level and place, Party body."""

    kind = "authority"
    recorded = Recorded(subject=(("authority", "id"),), exclude=("search_text", "sort_key"))

    level = models.CharField("cấp", max_length=30, choices=codes.AUTHORITY_LEVEL.choices)
    number_symbol = models.CharField(
        "ký hiệu trong số văn bản",
        max_length=30,
        blank=True,
        help_text="Phần sau dấu gạch nối của số văn bản: UBND, TTg, BCT…",
    )
    place = models.ForeignKey(
        "registry.AdministrativeUnit",
        verbose_name="địa bàn",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="authorities",
    )
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField(
        "đến trước ngày", null=True, blank=True, help_text="Ngày đầu tiên cơ quan không còn tồn tại."
    )
    successor = models.ForeignKey(
        "self",
        verbose_name="cơ quan kế thừa",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
    )

    class Meta:
        verbose_name = "cơ quan"
        verbose_name_plural = "cơ quan"
        ordering = ["sort_key", "id"]
        constraints = [
            code_in_form("authority_code_form"),
            filled("name", "authority_named", "Tên"),
            not_itself(
                "successor",
                "authority_successor_another",
                "Một cơ quan không kế thừa chính nó.",
                "successor_of_itself",
            ),
            one_of("level", codes.AUTHORITY_LEVEL, "authority_level_known", "Cấp"),
            period_in_order(
                "valid_from", "valid_to", "authority_period", "Cơ quan: ngày hết phải sau ngày bắt đầu."
            ),
            dates_within_reason(("valid_from", "valid_to"), "authority_dates"),
        ]

    def clean(self) -> None:
        super().clean()
        refuse_circle(
            self,
            "successor",
            "Cơ quan này, qua các lần kế thừa về sau, lại được chính cơ quan đang ghi kế thừa.",
            "succession_circle",
        )
