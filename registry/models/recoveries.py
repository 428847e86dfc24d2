"""That the whole registry was put back from a backup: numbers of what was lost are never used again."""

from django.db import models
from django.db.models import F, Q

from registry.models.base import Recorded
from registry.models.checks import Check
from registry.rules.hanoi import HANOI


class Recovery(models.Model):
    """One restore of a backup; later news and publications are above `seq` (docs/why/restored-feed.md).

    `announcement` and `publication` are the last numbers that the backup held, 0 for none; what was given above them
    and by `seq` is lost, and with it what was said after `known_until` and before `at`. By `known_until`, at most a
    minute before the backup, all that was published is in it.
    """

    recorded = Recorded(subject=(("recovery", "seq"),), append_only=True)

    seq = models.BigIntegerField("đánh số tiếp từ", primary_key=True)
    at = models.DateTimeField("khôi phục lúc")
    known_until = models.DateTimeField("còn giữ đến lúc")
    announcement = models.BigIntegerField("thông báo cuối còn giữ")
    publication = models.BigIntegerField("lần công bố cuối còn giữ")
    ledger_seq = models.BigIntegerField("mục sổ cái cuối còn giữ")
    ledger_hash = models.CharField("dấu của mục đó", max_length=64)

    class Meta:
        verbose_name = "lần khôi phục từ bản sao lưu"
        verbose_name_plural = "khôi phục từ bản sao lưu"
        ordering = ["-seq"]
        default_permissions = ("view",)
        constraints = [
            Check(
                condition=Q(seq__gt=F("announcement")) & Q(seq__gt=F("publication")),
                name="recovery_above_all_kept",
                violation_error_message="Số tiếp theo phải lớn hơn mọi số đã cấp.",
                violation_error_code="recovery_number_used",
            ),
            Check(
                condition=Q(at__gte=F("known_until")),
                name="recovery_after_backup",
                violation_error_message="Lúc khôi phục không thể trước lúc sao lưu.",
                violation_error_code="recovery_before_backup",
            ),
        ]

    def __str__(self) -> str:
        return f"Khôi phục lúc {self.at.astimezone(HANOI):%H:%M ngày %d/%m/%Y}"
