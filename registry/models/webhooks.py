"""Where partners are told of changes, how far each has been told, and what became of every message."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from registry.models.base import Recorded, clean_words, not_blank, one_of
from registry.models.checks import Check
from registry.models.partners import Partner
from registry.rules.problems import Problem
from registry.rules.resource_names import NAMES
from registry.rules.scopes import SCOPE_SETS, kinds_of
from registry.rules.webhook_codes import WEBHOOK_CAUSE, WEBHOOK_FAILURE, WEBHOOK_STOP
from registry.rules.webhook_targets import refuse_target


class Webhook(models.Model):
    """A partner's address that is sent every announcement about the kinds its scopes open, in order.

    The announcements are the queue: `WebhookProgress` says how far in it this one is.
    """

    recorded = Recorded(subject=(("webhook", "id"),))

    partner = models.ForeignKey(
        Partner, verbose_name="đối tác", on_delete=models.PROTECT, related_name="webhooks"
    )
    name = models.CharField(
        "dùng ở đâu", max_length=200, blank=True, help_text="Hệ thống nhận tin, để phân biệt hai webhook."
    )
    url = models.URLField("địa chỉ nhận", max_length=500)
    scopes = models.TextField("phạm vi")
    created_at = models.DateTimeField("tạo lúc", editable=False)
    stopped_at = models.DateTimeField("ngừng lúc", null=True, blank=True, editable=False)
    stopped_because = models.CharField(
        "lý do ngừng", max_length=20, blank=True, choices=WEBHOOK_STOP.choices, editable=False
    )

    class Meta:
        verbose_name = "webhook"
        verbose_name_plural = "webhook"
        ordering = ["partner__sort_key", "partner", "id"]
        constraints = [
            not_blank("name", "webhook_name_said", "Dùng ở đâu"),
            one_of("scopes", SCOPE_SETS, "webhook_scopes_known", "Phạm vi"),
            Check(
                condition=Q(stopped_at__isnull=True, stopped_because="")
                | Q(stopped_at__isnull=False, stopped_because__in=WEBHOOK_STOP.codes),
                name="webhook_stop_whole",
                violation_error_message="Một webhook đã ngừng cần có cả thời điểm và lý do ngừng.",
                violation_error_code="webhook_stop_incomplete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} ({self.name})" if self.name else f"{self.partner} (số {self.pk})"

    def clean(self) -> None:
        super().clean()
        clean_words(self, "name")
        try:
            refuse_target(self.url, private=settings.WEBHOOK_PRIVATE_TARGETS)
        except Problem as refused:
            raise ValidationError({"url": ValidationError(refused.message, code=refused.code)}) from None

    @property
    def kinds(self) -> frozenset[str]:
        return kinds_of(self.scopes.split())

    @property
    def resources(self) -> list[str]:
        return [name for kind, name in NAMES.items() if kind in self.kinds]


class WebhookSecret(models.Model):
    """One of at most two live secrets. The secret is never stored: it is derived from the nonce and the pepper."""

    recorded = Recorded(subject=(("webhook", "webhook_id"),), exclude=("nonce",))

    webhook = models.ForeignKey(
        Webhook, verbose_name="của webhook", on_delete=models.PROTECT, related_name="secrets"
    )
    slot = models.PositiveSmallIntegerField("số")
    nonce = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField("tạo lúc", editable=False)

    class Meta:
        verbose_name = "bí mật của webhook"
        verbose_name_plural = "bí mật của webhook"
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "slot"],
                name="webhook_secret_slot",
                violation_error_message="Webhook đã có bí mật mang số này.",
                violation_error_code="webhook_secret_taken",
            ),
            Check(
                condition=Q(slot__in=(1, 2)),
                name="webhook_two_secrets",
                violation_error_message="Một webhook có nhiều nhất hai bí mật cùng dùng được.",
                violation_error_code="webhook_secrets_full",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.webhook_id}/{self.slot}"


class WebhookProgress(models.Model):
    """How far a webhook has been told, when it is tried next, and which worker holds it until when.

    `position` is the last announcement that is settled. Not in the ledger: a worker writes it at every message.
    """

    webhook = models.OneToOneField(
        Webhook, on_delete=models.PROTECT, primary_key=True, related_name="progress"
    )
    position = models.BigIntegerField()
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    next_at = models.DateTimeField()
    lease = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.webhook_id}: {self.position}"


class WebhookBacklog(models.Model):
    """That of what one scope opens a webhook was told up to `position` only, while it is further with the others.

    The worker notes it when it passes news by that no key of the partner opens, and takes it away when those have been
    told. What every scope opens is never among them.
    """

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="backlogs")
    scope = models.CharField("phạm vi", max_length=20)
    position = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "scope"], name="webhook_backlog_once")]

    def __str__(self) -> str:
        return f"{self.webhook_id}: {self.scope} {self.position}"


class WebhookReplay(models.Model):
    """That announcements first to last are to be sent once more. `position` is the last one that was."""

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="replays")
    first = models.BigIntegerField("từ thông báo số")
    last = models.BigIntegerField("đến thông báo số")
    position = models.BigIntegerField()
    asked_by = models.CharField("người yêu cầu", max_length=150)
    asked_at = models.DateTimeField("yêu cầu lúc")
    finished_at = models.DateTimeField("xong lúc", null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            Check(condition=Q(first__gte=1, last__gte=models.F("first")), name="webhook_replay_range")
        ]
        indexes = [
            models.Index(
                fields=["webhook", "id"], condition=Q(finished_at__isnull=True), name="webhook_replay_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.webhook_id}: {self.first}–{self.last}"


class WebhookDelivery(models.Model):
    """One attempt: what was sent when, and what the receiver answered. Kept for some months."""

    webhook = models.ForeignKey(
        Webhook, on_delete=models.PROTECT, related_name="deliveries", verbose_name="webhook"
    )
    cause = models.CharField("gửi vì", max_length=10, choices=WEBHOOK_CAUSE.choices)
    message = models.CharField("mã thông điệp", max_length=60)
    announcement = models.BigIntegerField("thông báo số", null=True)
    at = models.DateTimeField("lúc")
    took_ms = models.PositiveIntegerField("mất (ms)")
    status = models.PositiveSmallIntegerField("trạng thái HTTP", null=True)
    failure = models.CharField("kết quả", max_length=20, blank=True, choices=WEBHOOK_FAILURE.choices)
    answer = models.TextField("đầu câu trả lời", blank=True)

    class Meta:
        verbose_name = "lần gửi webhook"
        verbose_name_plural = "lần gửi webhook"
        ordering = ["-id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["webhook", "-id"], name="webhook_delivery_newest"),
            models.Index(fields=["at"], name="webhook_delivery_at"),
            # What a partner reports is looked up by these.
            models.Index(fields=["message"], name="webhook_delivery_message"),
            models.Index(fields=["announcement"], name="webhook_delivery_announcement"),
        ]

    def __str__(self) -> str:
        return self.message
