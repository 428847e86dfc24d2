from django.db import models
from django.db.models import Q

from registry.models.base import Recorded


class Submission(models.Model):
    """One request to publish a subject as it stood at a position of the ledger.

    Open until it is returned or published; an edit of the subject after `ledger_seq` makes it lapse by itself,
    so no status column can disagree with what was edited.
    """

    recorded = Recorded(subject=(("submission", "id"),))

    kind = models.CharField("loại bản ghi", max_length=20)
    subject_id = models.BigIntegerField("bản ghi")
    ledger_seq = models.BigIntegerField("đến mục sổ cái")
    digest = models.CharField("dấu nội dung", max_length=64)
    submitted_by = models.CharField("người trình", max_length=150)
    submitted_at = models.DateTimeField("lúc trình")
    note = models.TextField("ghi chú của người trình", blank=True)
    #: asks to withdraw the subject, the note says why; its content is not published by that
    withdrawal = models.BooleanField("đề nghị rút công bố", default=False)
    returned_by = models.CharField("người trả lại", max_length=150, blank=True)
    returned_at = models.DateTimeField("lúc trả lại", null=True, blank=True)
    comment = models.TextField("ý kiến trả lại", blank=True)
    published_seq = models.BigIntegerField("công bố số", null=True, blank=True)

    class Meta:
        verbose_name = "đề nghị công bố"
        verbose_name_plural = "đề nghị công bố"
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "subject_id", "-id"], name="submission_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=Q(returned_at__isnull=True, published_seq__isnull=True),
                name="submission_open_once",
                violation_error_message="Bản ghi này đã được trình và đang chờ duyệt.",
                violation_error_code="already_submitted",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.subject_id}"
