"""What happened at the door: who logged in, who could not, what was refused. Beside the ledger, vouched for by it."""

from django.db import models

from registry.models.base import Recorded
from registry.rules.security_codes import SECURITY_EVENT


class SecurityEvent(models.Model):
    """One event. It never changes and is never removed. Changes of accounts, groups and keys are in the ledger.

    Not recorded row by row: noting one waits for no writer of the ledger (docs/why/security-events.md). On SQLite
    its table is in a file of its own (config/databases.py).
    """

    recorded = Recorded(append_only=True)

    at = models.CharField("lúc (UTC)", max_length=27)
    kind = models.CharField("việc", max_length=30, choices=SECURITY_EVENT.choices)
    actor = models.CharField("người", max_length=150, blank=True)
    account = models.CharField("tài khoản", max_length=150, blank=True)
    address = models.CharField("địa chỉ", max_length=45, blank=True)
    request = models.CharField("mã yêu cầu", max_length=64, blank=True)
    detail = models.TextField("chi tiết", blank=True)

    class Meta:
        verbose_name = "sự kiện an ninh"
        verbose_name_plural = "nhật ký an ninh"
        ordering = ["-id"]
        default_permissions = ("view",)
        permissions = [("audit", "Kiểm toán: đọc tất cả, không sửa gì")]
        indexes = [
            models.Index(fields=["at"], name="security_event_at"),
            models.Index(fields=["actor", "id"], name="security_event_actor"),
            models.Index(fields=["account", "id"], name="security_event_account"),
            models.Index(fields=["kind", "id"], name="security_event_kind"),
            models.Index(fields=["address", "id"], name="security_event_address"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class SecurityDigest(models.Model):
    """What the events of one day in Hà Nội hash to, told to the ledger when the day is over."""

    recorded = Recorded(subject=(("security_digest", "id"),), append_only=True)

    day = models.DateField("ngày", unique=True)
    count = models.BigIntegerField("số sự kiện")
    first = models.BigIntegerField("sự kiện đầu")
    last = models.BigIntegerField("sự kiện cuối")
    digest = models.CharField("dấu", max_length=64)

    class Meta:
        verbose_name = "dấu của một ngày trong nhật ký an ninh"
        verbose_name_plural = "dấu từng ngày của nhật ký an ninh"
        ordering = ["-day"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}: {self.count} sự kiện"
