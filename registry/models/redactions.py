"""What was erased because the law says so: that, when, by whom, on what ground; never what it was."""

from django.db import models
from django.db.models import F, Q

from registry.models.base import Recorded, filled
from registry.models.checks import Check


class Redaction(models.Model):
    """One erasure, by two people. Append-only and in the ledger, like the entries that it names."""

    recorded = Recorded(subject=(("redaction", "number"),), append_only=True)

    number = models.BigIntegerField("số", primary_key=True)
    at = models.DateTimeField("lúc")
    ground = models.TextField("căn cứ pháp lý")
    asked_by = models.CharField("người thực hiện", max_length=150)
    approved_by = models.CharField("người đồng ý", max_length=150)
    scope = models.CharField("phạm vi", max_length=160, blank=True)
    #: how many rows of which table, JSON
    places = models.TextField("những nơi đã xóa")

    class Meta:
        verbose_name = "lần xóa theo luật"
        verbose_name_plural = "xóa theo luật"
        ordering = ["-number"]
        default_permissions = ("view",)
        permissions = [("redact", "Xóa dữ liệu theo luật")]
        constraints = [
            filled("ground", "redaction_grounded", "Căn cứ pháp lý"),
            Check(
                condition=~Q(asked_by=F("approved_by")) & ~Q(approved_by=""),
                name="redaction_by_two",
                violation_error_message="Việc xóa cần hai người khác nhau: người thực hiện và người đồng ý.",
                violation_error_code="redaction_by_one",
            ),
        ]

    def __str__(self) -> str:
        return f"Xóa số {self.number}"


class RedactedEntry(models.Model):
    """What one entry of the ledger has to look like from then on. The newest one of an entry counts.

    The digests are those of a payload, made with its new salt; `header` is the hash over the header's columns as they
    are now. What they were before stands in the entry itself: its digests and its hash stay, and so does the chain.
    """

    recorded = Recorded(subject=(("redaction", "redaction_id"),), append_only=True)

    redaction = models.ForeignKey(Redaction, on_delete=models.PROTECT, related_name="entries")
    entry = models.BigIntegerField("mục sổ cái")
    before_digest = models.CharField("dấu của nội dung trước", max_length=64, null=True)  # noqa: DJ001
    after_digest = models.CharField("dấu của nội dung sau", max_length=64, null=True)  # noqa: DJ001
    header = models.CharField("dấu của phần đầu", max_length=64)

    class Meta:
        verbose_name = "mục sổ cái đã xóa"
        verbose_name_plural = "mục sổ cái đã xóa"
        ordering = ["redaction_id", "entry"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["entry", "redaction"], name="redacted_entry_once")]

    def __str__(self) -> str:
        return f"{self.redaction_id}: {self.entry}"
