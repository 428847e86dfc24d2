import secrets
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.text import Truncator

from registry.models.base import (
    Recorded,
    Subject,
    code_in_form,
    dates_within_reason,
    earliest_before_latest,
    one_of,
)
from registry.models.checks import Check, Once
from registry.models.conditions import SaysSomething, YearOf
from registry.models.fields import SearchTextField, SortKeyField
from registry.rules import codes
from registry.rules.dates import StatedDate, acts_on
from registry.rules.decision_numbers import DecisionNumber, Family, issuer_agrees, parse
from registry.rules.problems import Problem
from registry.rules.text import clean_text

#: Families whose numbers carry their year.
_DATED = (Family.LAW, Family.NORMATIVE)


class Decision(Subject):
    """A decision, or another signed paper, about clusters.

    Known by issuer, year, number and symbol; the number may be unknown. A fact acts from the *latest* day its
    stated date allows.
    """

    kind = "decision"
    code_source = ""
    recorded = Recorded(
        subject=(("decision", "id"),), exclude=("search_text", "sort_key"), internal=("note",)
    )

    number = models.PositiveIntegerField("số", null=True, blank=True)
    number_year = models.PositiveSmallIntegerField("năm của số", null=True, blank=True, editable=False)
    symbol = models.CharField("ký hiệu", max_length=40, blank=True)
    number_family = models.CharField(
        max_length=20, choices=codes.NUMBER_FAMILY.choices, default="individual", editable=False
    )
    issuer = models.ForeignKey(
        "registry.Authority",
        verbose_name="cơ quan ban hành",
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    paper_kind = models.CharField(
        "loại văn bản", max_length=30, choices=codes.DECISION_KIND.choices, default="decision"
    )
    abstract = models.TextField("trích yếu", blank=True)
    signer = models.CharField("người ký", max_length=200, blank=True)
    signed_for = models.CharField("ký thay", max_length=10, choices=codes.SIGNED_FOR.choices, blank=True)
    recipients = models.TextField("nơi nhận", blank=True)
    received_on = models.DateField("ngày nhận", null=True, blank=True)

    issued_earliest = models.DateField("ký sớm nhất", null=True, blank=True)
    issued_latest = models.DateField("ký muộn nhất", null=True, blank=True)
    issued_stated_as = models.CharField("ngày ký như ghi", max_length=100, blank=True)
    effective_earliest = models.DateField("hiệu lực sớm nhất", null=True, blank=True)
    effective_latest = models.DateField("hiệu lực muộn nhất", null=True, blank=True)
    effective_stated_as = models.CharField("ngày hiệu lực như ghi", max_length=100, blank=True)
    effective_reason = models.CharField(
        "lý do hiệu lực trước ngày ký",
        max_length=300,
        blank=True,
        help_text="Chỉ cần khi văn bản có hiệu lực trước ngày ký.",
    )

    legal_basis = models.ManyToManyField(
        "registry.LegalInstrument", verbose_name="căn cứ pháp lý", blank=True, related_name="decisions"
    )
    verification = models.CharField(
        "kiểm chứng", max_length=20, choices=codes.VERIFICATION.choices, default="verified"
    )
    note = models.TextField("ghi chú nội bộ", blank=True, help_text="Không công bố.")

    search_text = SearchTextField(sources=("label", "abstract", "code"))
    sort_key = SortKeyField(sources=("label",))

    class Meta:
        verbose_name = "quyết định"
        verbose_name_plural = "quyết định"
        ordering = [F("issued_latest").desc(nulls_last=True), F("number").desc(nulls_last=True), "-id"]
        constraints = [
            code_in_form("decision_code_form"),
            Once(
                fields=["issuer", "number_year", "number", "symbol", "number_family"],
                condition=Q(number__isnull=False),
                name="decision_number_once",
                violation_error_message="Số, ký hiệu này của cơ quan và năm này đã có. "
                "Hãy mở bản ghi đó hoặc kiểm tra lại số và ngày.",
                violation_error_code="decision_number_taken",
            ),
            Check(
                condition=Q(number__isnull=True) | Q(SaysSomething("symbol"), number__gt=0),
                name="decision_number_whole",
                violation_error_message="Số văn bản phải lớn hơn 0 và có ký hiệu.",
                violation_error_code="decision_number_incomplete",
            ),
            Check(
                condition=Q(number_year__isnull=True, issued_latest__isnull=True)
                | Q(
                    number_year__isnull=False,
                    issued_latest__isnull=False,
                    number_year=YearOf("issued_latest"),
                ),
                name="decision_number_year",
                violation_error_message="Năm của số phải là năm của ngày ký.",
                violation_error_code="number_year_disagrees",
            ),
            Check(
                condition=Q(number__isnull=True)
                | ~Q(number_family__in=[family.value for family in _DATED])
                | Q(number_year__isnull=False),
                name="decision_number_dated",
                violation_error_message="Số văn bản mang năm thì phải có ngày ký thuộc năm đó.",
                violation_error_code="number_year_disagrees",
            ),
            one_of("number_family", codes.NUMBER_FAMILY, "decision_family_known", "Họ của số"),
            one_of("paper_kind", codes.DECISION_KIND, "decision_kind_known", "Loại văn bản"),
            one_of("verification", codes.VERIFICATION, "decision_verification_known", "Kiểm chứng"),
            one_of("signed_for", ["", *codes.SIGNED_FOR], "decision_signed_for_known", "Ký thay"),
            earliest_before_latest("issued", "decision_issued_order", "Ngày ký"),
            earliest_before_latest("effective", "decision_effective_order", "Ngày hiệu lực"),
            dates_within_reason(
                ("issued_earliest", "issued_latest", "effective_earliest", "effective_latest", "received_on"),
                "decision_dates",
            ),
            Check(
                condition=Q(effective_latest__isnull=True)
                | Q(issued_earliest__isnull=True)
                | Q(effective_latest__gte=F("issued_earliest"))
                | Q(SaysSomething("effective_reason")),
                name="decision_effective_after_signing",
                violation_error_message="Ngày hiệu lực trước ngày ký. Hãy kiểm tra lại, "
                "hoặc ghi lý do văn bản có hiệu lực trước ngày ký.",
                violation_error_code="effective_before_signed",
            ),
        ]

    @property
    def issued(self) -> StatedDate:
        return StatedDate(self.issued_earliest, self.issued_latest, self.issued_stated_as)

    @property
    def effective(self) -> StatedDate:
        return StatedDate(self.effective_earliest, self.effective_latest, self.effective_stated_as)

    @property
    def acts_on(self) -> date | None:
        """The day from which it acts, as far as its stated dates tell."""
        return acts_on(self.issued, self.effective)

    @property
    def number_label(self) -> str:
        """The number as papers write it, or nothing when it is unknown."""
        if self.number is None:
            return ""
        return str(self.parsed_number)

    @property
    def parsed_number(self) -> DecisionNumber | None:
        if self.number is None:
            return None
        family = Family(self.number_family)
        year = self.number_year if family in _DATED else None
        return DecisionNumber(self.number, self.symbol, year, family)

    @parsed_number.setter
    def parsed_number(self, value: DecisionNumber | None) -> None:
        self.number = value.number if value else None
        self.symbol = value.symbol if value else ""
        self.number_family = value.family.value if value else Family.INDIVIDUAL.value
        self.number_year = value.year if value else None
        self._derive_number_year()

    def _derive_number_year(self) -> None:
        """Numbering restarts each year: the year of signing. One that the number carries stays as it was typed."""
        if self.number is None or self.number_year is None or self.number_family not in _DATED:
            self.number_year = self.issued_latest.year if self.issued_latest else None

    @property
    def label(self) -> str:
        return self.number_label or f"{codes.DECISION_KIND.vi(self.paper_kind)} chưa rõ số"

    def __str__(self) -> str:
        day = self.issued_latest
        if self.number is None:
            # Enough to know it by: an abstract may be a page.
            about = Truncator(self.abstract or self.code or "mới").chars(160)
            return f"{self.label} · {self.issued_stated_as or 'chưa rõ ngày'} · {about}"
        return (
            f"{self.label} ngày {day:%d/%m/%Y}"
            if day and self.issued.exact
            else f"{self.label} ({self.issued_stated_as or 'chưa rõ ngày'})"
        )

    def new_code(self) -> str:
        """An opaque code: the number may be unknown, or wrong and corrected later."""
        return "qd-" + "".join(secrets.choice("23456789abcdefghjkmnpqrstuvwxyz") for _ in range(8))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._derive_number_year()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "number_year", "search_text", "sort_key"}
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        self.abstract = clean_text(self.abstract)
        self.signer = clean_text(self.signer)
        self.effective_reason = clean_text(self.effective_reason)
        self._derive_number_year()
        if self.number is not None and self.symbol:
            self._clean_number()

    def _clean_number(self) -> None:
        try:
            parsed = parse(self.number_label)
        except Problem as problem:
            raise ValidationError({"number": ValidationError(problem.message, code=problem.code)}) from None
        self.parsed_number = parsed
        if parsed.year and (self.issued_latest is None or self.issued_latest.year != parsed.year):
            raise ValidationError(
                {
                    "issued_latest": ValidationError(
                        f"Số {parsed} mang năm {parsed.year} nhưng ngày ký không thuộc năm đó. Hãy kiểm tra lại số "
                        f"và ngày; chỉ biết năm thì ghi “năm {parsed.year}”.",
                        code="number_year_disagrees",
                    )
                }
            )
        issuer = self.issuer if self.issuer_id else None
        if issuer and issuer.number_symbol and not issuer_agrees(parsed, issuer.number_symbol):
            raise ValidationError(
                {
                    "issuer": ValidationError(
                        f"Ký hiệu {parsed.symbol} không phải của {issuer.name} (ký hiệu {issuer.number_symbol}). "
                        "Hãy kiểm tra số văn bản hoặc chọn lại cơ quan ban hành.",
                        code="issuer_disagrees",
                    )
                }
            )


class DecisionRelation(models.Model):
    """How a decision stands to another one: revokes, annuls and replaces end it; the others are shown."""

    recorded = Recorded(subject=(("decision", "decision_id"),))

    decision = models.ForeignKey(
        Decision, on_delete=models.CASCADE, related_name="relations", verbose_name="quyết định"
    )
    relation = models.CharField("quan hệ", max_length=20, choices=codes.DECISION_RELATION.choices)
    target = models.ForeignKey(
        Decision,
        on_delete=models.PROTECT,
        related_name="incoming_relations",
        verbose_name="quyết định liên quan",
    )

    class Meta:
        verbose_name = "quan hệ với quyết định khác"
        verbose_name_plural = "quan hệ với quyết định khác"
        ordering = ["id"]
        constraints = [
            one_of("relation", codes.DECISION_RELATION, "decision_relation_known", "Quan hệ"),
            Once(
                fields=["decision", "relation", "target"],
                name="decision_relation_once",
                violation_error_message="Quan hệ này đã được ghi.",
                violation_error_code="relation_taken",
            ),
            Check(
                condition=~Q(decision=F("target")),
                name="decision_relation_another",
                violation_error_message="Một quyết định không có quan hệ với chính nó.",
                violation_error_code="relation_with_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{codes.DECISION_RELATION.vi(self.relation)} {self.target}"
