from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from registry.models.base import (
    Recorded,
    Subject,
    code_in_form,
    dates_within_reason,
    not_itself,
    one_of,
    period_in_order,
    refuse_circle,
)
from registry.models.checks import Check
from registry.models.conditions import SaysSomething
from registry.models.fields import SearchTextField, SortKeyField
from registry.rules import codes
from registry.rules.decision_numbers import parse
from registry.rules.problems import Problem
from registry.rules.text import clean_text


class LegalInstrument(Subject):
    """A law, decree, circular, resolution or plan that decisions rest on."""

    kind = "legal_instrument"
    code_source = "label"
    recorded = Recorded(subject=(("legal_instrument", "id"),), exclude=("search_text", "sort_key"))

    number = models.CharField(
        "số, ký hiệu", max_length=60, blank=True, help_text="Ví dụ 32/2024/NĐ-CP; để trống khi chưa biết."
    )
    instrument_kind = models.CharField("loại", max_length=30, choices=codes.LEGAL_INSTRUMENT_KIND.choices)
    title = models.CharField("tên gọi", max_length=500, blank=True)
    issuer = models.ForeignKey(
        "registry.Authority",
        verbose_name="cơ quan ban hành",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="legal_instruments",
    )
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    valid_from = models.DateField("có hiệu lực từ ngày", null=True, blank=True)
    valid_to = models.DateField(
        "hết hiệu lực từ ngày", null=True, blank=True, help_text="Ngày đầu tiên không còn hiệu lực."
    )
    successor = models.ForeignKey(
        "self",
        verbose_name="văn bản thay thế",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
    )
    search_text = SearchTextField(sources=("number", "title", "code"))
    sort_key = SortKeyField(sources=("label",))

    class Meta:
        verbose_name = "căn cứ pháp lý"
        verbose_name_plural = "căn cứ pháp lý"
        ordering = ["sort_key", "id"]
        constraints = [
            code_in_form("instrument_code_form"),
            not_itself(
                "successor",
                "instrument_successor_another",
                "Một văn bản không thay thế chính nó.",
                "successor_of_itself",
            ),
            one_of("instrument_kind", codes.LEGAL_INSTRUMENT_KIND, "instrument_kind_known", "Loại"),
            period_in_order(
                "valid_from", "valid_to", "instrument_period", "Ngày hết hiệu lực phải sau ngày có hiệu lực."
            ),
            dates_within_reason(("issued_on", "valid_from", "valid_to"), "instrument_dates"),
            models.UniqueConstraint(
                fields=["number"],
                condition=~Q(number=""),
                name="instrument_number_once",
                violation_error_message="Số, ký hiệu này đã có. Hãy mở bản ghi đó hoặc kiểm tra lại số.",
                violation_error_code="instrument_number_taken",
            ),
            Check(
                condition=Q(SaysSomething("number")) | Q(SaysSomething("title")),
                name="instrument_named",
                violation_error_message="Hãy ghi số, ký hiệu hoặc tên gọi của văn bản.",
                violation_error_code="instrument_unnamed",
            ),
        ]

    @property
    def label(self) -> str:
        return self.number or self.title

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        super().clean()
        refuse_circle(
            self,
            "successor",
            "Văn bản này, qua các lần thay thế về sau, lại được chính văn bản đang ghi thay thế.",
            "succession_circle",
        )
        self.title = clean_text(self.title)
        if self.number:
            try:
                self.number = str(parse(self.number))
            except Problem as problem:
                raise ValidationError(
                    {"number": ValidationError(problem.message, code=problem.code)}
                ) from None
