from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from registry.models.base import Recorded, clean_words, not_blank, one_of
from registry.models.checks import Check
from registry.models.partners import Partner
from registry.rules.addresses import typed_network
from registry.rules.problems import Problem
from registry.rules.scopes import SCOPE_SETS


class ApiKey(models.Model):
    """A partner's key: `hpr_<prefix>_<secret>`. Only the prefix and a keyed digest are kept."""

    recorded = Recorded(subject=(("api_key", "id"),), exclude=("digest",))

    partner = models.ForeignKey(
        Partner, verbose_name="đối tác", on_delete=models.PROTECT, related_name="keys"
    )
    name = models.CharField(
        "dùng ở đâu",
        max_length=200,
        blank=True,
        help_text="Máy chủ hay hệ thống sẽ giữ khóa, để phân biệt hai khóa của một đối tác.",
    )
    prefix = models.CharField("tiền tố", max_length=16, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = models.TextField("phạm vi")
    addresses = models.TextField(
        "địa chỉ được dùng",
        blank=True,
        help_text="Mỗi dòng một địa chỉ hoặc mạng, ví dụ 203.0.113.7 hoặc 2001:db8::/32. Để trống: mọi nơi.",
    )
    created_at = models.DateTimeField("tạo lúc", editable=False)
    expires_at = models.DateTimeField("hết hạn")
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "khóa API"
        verbose_name_plural = "khóa API"
        ordering = ["partner__sort_key", "partner", "-created_at", "-id"]
        constraints = [
            not_blank("name", "api_key_name_said", "Dùng ở đâu"),
            one_of("scopes", SCOPE_SETS, "api_key_scopes_known", "Phạm vi"),
            Check(
                condition=Q(expires_at__gt=F("created_at")),
                name="api_key_expires_later",
                violation_error_message="Khóa phải hết hạn sau lúc tạo. Hãy ghi một ngày sau đó.",
                violation_error_code="expiry_passed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} (hpr_{self.prefix}_…)"

    def clean(self) -> None:
        super().clean()
        clean_words(self, "name")
        self.addresses = networks(self.addresses)

    def usable(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at


#: Of more that cannot be read, only how many they are is said.
_MOST_REFUSED = 20


def networks(text: str) -> str:
    """The networks typed there, one a line, as they are stored. Raises ValidationError that names all it refuses."""
    found, refused = [], []
    for word in dict.fromkeys(text.replace(",", " ").replace(";", " ").split()):
        try:
            found.append(str(typed_network(word)))
        except Problem as problem:
            refused.append(ValidationError(problem.message, code=problem.code))
    if more := refused[_MOST_REFUSED:]:
        refused[_MOST_REFUSED:] = [ValidationError(f"Còn {len(more)} chỗ khác như vậy.", code="more_refused")]
    if refused:
        raise ValidationError({"addresses": refused})
    return "\n".join(dict.fromkeys(found))


class PepperMark(models.Model):
    """Under which API_KEY_PEPPER the keys and the secrets of webhooks in this database are good. One row, or none yet.

    From the mark nobody gets to the pepper. It is no record: `restore` and `prepare` write it anew.
    """

    mark = models.CharField(max_length=64, primary_key=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.mark


class ApiKeyUse(models.Model):
    """How often a key asked on one day in Hà Nội. Counted in batches; no record of who asked what."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="uses")
    day = models.DateField("ngày")
    requests = models.BigIntegerField("số yêu cầu")
    refused = models.BigIntegerField("quá hạn mức")
    last_at = models.DateTimeField("lần cuối")

    class Meta:
        verbose_name = "lượt dùng khóa"
        verbose_name_plural = "lượt dùng khóa"
        constraints = [models.UniqueConstraint(fields=["key", "day"], name="api_key_use_of_a_day")]

    def __str__(self) -> str:
        return f"{self.key}, {self.day:%d/%m/%Y}"
