from django.db import models
from django.db.models import F, Q

from registry.models.base import (
    NamedSubject,
    Recorded,
    code_in_form,
    dates_within_reason,
    earliest_before_latest,
    filled,
    not_blank,
    one_of,
)
from registry.models.checks import Check
from registry.rules import codes
from registry.rules.text import clean_text


class Assignment(NamedSubject):
    """A task that an authority was given, or a proposal that was put to it."""

    kind = "assignment"
    recorded = Recorded(subject=(("assignment", "id"),), exclude=("search_text", "sort_key"))

    assignment_kind = models.CharField("loại", max_length=20, choices=codes.ASSIGNMENT_KIND.choices)
    task = models.TextField("nội dung", help_text="Mỗi dòng một việc.")
    asked_by = models.ForeignKey(
        "registry.Authority",
        verbose_name="cơ quan giao, kiến nghị",
        on_delete=models.PROTECT,
        related_name="asked_assignments",
    )
    lead = models.ForeignKey(
        "registry.Authority",
        verbose_name="cơ quan chủ trì",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="led_assignments",
        help_text="Cơ quan được giao, hoặc nhận kiến nghị.",
    )
    cooperating = models.ManyToManyField(
        "registry.Authority",
        verbose_name="cơ quan phối hợp",
        blank=True,
        related_name="joined_assignments",
    )
    others = models.CharField(
        "cơ quan phối hợp khác", max_length=200, blank=True, help_text="Khi văn bản không nêu tên."
    )
    clusters = models.ManyToManyField(
        "registry.Cluster", verbose_name="về các cụm công nghiệp", blank=True, related_name="assignments"
    )
    zones = models.ManyToManyField(
        "registry.Zone", verbose_name="về các khu", blank=True, related_name="assignments"
    )
    sectors = models.ManyToManyField(
        "registry.Sector", verbose_name="về các ngành, nghề", blank=True, related_name="assignments"
    )
    legal_basis = models.ManyToManyField(
        "registry.LegalInstrument", verbose_name="căn cứ pháp lý", blank=True, related_name="assignments"
    )
    decision = models.ForeignKey(
        "registry.Decision",
        verbose_name="văn bản giao",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    asked_earliest = models.DateField("giao sớm nhất", null=True, blank=True)
    asked_latest = models.DateField("giao muộn nhất", null=True, blank=True)
    asked_stated_as = models.CharField("ngày giao như ghi", max_length=100, blank=True)
    due_earliest = models.DateField("hạn, sớm nhất", null=True, blank=True)
    due_latest = models.DateField("hạn, muộn nhất", null=True, blank=True)
    due_stated_as = models.CharField("hạn như ghi", max_length=100, blank=True)

    class Meta:
        verbose_name = "nhiệm vụ, kiến nghị"
        verbose_name_plural = "nhiệm vụ, kiến nghị"
        ordering = ["sort_key", "id"]
        constraints = [
            code_in_form("assignment_code_form"),
            filled("name", "assignment_named", "Tên"),
            filled("task", "assignment_told", "Nội dung"),
            one_of("assignment_kind", codes.ASSIGNMENT_KIND, "assignment_kind_known", "Loại"),
            earliest_before_latest("asked", "assignment_asked_order", "Ngày giao"),
            earliest_before_latest("due", "assignment_due_order", "Hạn"),
            Check(
                condition=Q(due_latest__isnull=True)
                | Q(asked_earliest__isnull=True)
                | Q(due_latest__gte=F("asked_earliest")),
                name="assignment_due_after_asked",
                violation_error_message="Hạn không thể trước ngày giao. Hãy kiểm tra lại hai ngày.",
                violation_error_code="due_before_asked",
            ),
            not_blank("others", "assignment_others_said", "Cơ quan phối hợp khác"),
            dates_within_reason(
                ("asked_earliest", "asked_latest", "due_earliest", "due_latest"), "assignment_dates"
            ),
        ]

    def clean(self) -> None:
        super().clean()
        self.others = clean_text(self.others)
        self.task = "\n".join(line for line in map(clean_text, self.task.splitlines()) if line)
