from datetime import datetime

from django.db import models

from registry.models.base import Recorded


class ApiKey(models.Model):
    """A partner's key: `hpr_<prefix>_<secret>`. Only the prefix and a keyed digest are kept."""

    recorded = Recorded(subject=(("api_key", "id"),), exclude=("digest",))

    name = models.CharField("tên", max_length=200)
    prefix = models.CharField("tiền tố", max_length=16, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = models.TextField("phạm vi", default="read", help_text="Các phạm vi cách nhau bằng dấu cách.")
    created_at = models.DateTimeField("tạo lúc", editable=False)
    expires_at = models.DateTimeField("hết hạn", null=True, blank=True)
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True)

    class Meta:
        verbose_name = "khóa API"
        verbose_name_plural = "khóa API"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return f"{self.name} (hpr_{self.prefix}_…)"

    def usable(self, at: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)
