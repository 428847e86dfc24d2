"""What the registry has said: acts of publication, their statements, and the news they made. Append-only."""

from django.db import models

from registry.models.base import Recorded
from registry.models.checks import Check
from registry.rules import codes


class Publication(models.Model):
    """One act of approval, of one subject or of several that appear together."""

    recorded = Recorded(subject=(("publication", "seq"),), append_only=True)
    #: What readers are shown of it: in the history of all that it told of, and where what it withdrew is refused.
    SHOWN = ("note", "office")

    seq = models.BigIntegerField("số", primary_key=True)
    at = models.DateTimeField("lúc", unique=True)
    proposed_by = models.CharField("người trình", max_length=150)
    approved_by = models.CharField("người duyệt", max_length=150, blank=True)
    office = models.CharField("cơ quan duyệt", max_length=200, blank=True)
    imported = models.BooleanField("nhập từ tài liệu", default=False)
    reason = models.TextField("lý do", blank=True)
    note = models.TextField("ghi chú công khai", blank=True)
    composer = models.PositiveSmallIntegerField()
    ledger_seq = models.BigIntegerField()
    ledger_hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = "lần công bố"
        verbose_name_plural = "lần công bố"
        ordering = ["-seq"]
        default_permissions = ("view",)
        permissions = [("approve", "Duyệt và công bố")]

    def __str__(self) -> str:
        return f"Công bố số {self.seq}"


class Statement(models.Model):
    """The content of one subject as approved (canonical JSON), or that it is withdrawn."""

    recorded = Recorded(subject=(("publication", "publication_id"),), append_only=True)

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="statements")
    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    code = models.CharField(max_length=60)
    withdrawn = models.BooleanField(default=False)
    content_version = models.PositiveSmallIntegerField()
    content = models.TextField(blank=True)

    class Meta:
        verbose_name = "nội dung công bố"
        verbose_name_plural = "nội dung công bố"
        ordering = ["publication_id", "kind", "subject_id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id", "publication"], name="statement_once")
        ]
        indexes = [models.Index(fields=["kind", "code", "publication"], name="statement_code")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.code} @ {self.publication_id}"


class Reference(models.Model):
    """That the latest statement of a subject points, in a role, to another one: key `role>kind:id`."""

    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    key = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "kind", "subject_id"], name="reference_once")]
        indexes = [models.Index(fields=["kind", "subject_id"], name="reference_subject")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.subject_id} {self.key}"


class Dependency(models.Model):
    """That the last composition of a subject asked for this key, found or not."""

    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    key = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "kind", "subject_id"], name="dependency_once")]
        indexes = [models.Index(fields=["kind", "subject_id"], name="dependency_subject")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.subject_id} {self.key}"


class Announcement(models.Model):
    """That the answer about a subject changed: the feed, webhooks, ETags and public history read these.

    `first_day` and `last_day` bound the days (both included) on which the answer differs. `causes` of one that was
    affected: `kind:code` of each record of that publication on which the answer rests, before or after, in order, with
    spaces between. Releases before 0.3.0 did not note them: null.
    """

    recorded = Recorded(subject=(("publication", "publication_id"),), append_only=True)

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    publication = models.ForeignKey(
        Publication, null=True, on_delete=models.PROTECT, related_name="announcements"
    )
    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    code = models.CharField(max_length=60)
    news = models.CharField(max_length=20, choices=codes.ANNOUNCEMENT_KIND.choices)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    causes = models.TextField("do công bố", null=True, editable=False)  # noqa: DJ001 - not noted is not none

    class Meta:
        verbose_name = "thông báo"
        verbose_name_plural = "thông báo"
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "first_day"],
                condition=models.Q(news="took_effect"),
                name="took_effect_once",
            ),
            Check(condition=models.Q(first_day__lte=models.F("last_day")), name="announcement_days_in_order"),
        ]
        indexes = [models.Index(fields=["kind", "subject_id", "seq"], name="announcement_subject")]

    def __str__(self) -> str:
        return f"{self.seq} {self.news} {self.kind}:{self.code}"
