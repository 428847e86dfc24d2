from django.db import models

from registry.models.base import Recorded, clean_words, filled
from registry.models.checks import Check
from registry.models.fields import SearchTextField, SortKeyField


class Partner(models.Model):
    """Who reads the registry by program, and what for. What a partner may read stands on its keys."""

    recorded = Recorded(subject=(("partner", "id"),), exclude=("search_text", "sort_key"))

    name = models.CharField("tên", max_length=200, help_text="Tên cơ quan, đơn vị hoặc hệ thống đọc dữ liệu.")
    contact = models.TextField(
        "đầu mối liên hệ",
        help_text="Bộ phận, thư điện tử, điện thoại: ai cần biết khi khóa sắp hết hạn hoặc bị lộ.",
    )
    purpose = models.TextField("mục đích sử dụng", help_text="Dùng dữ liệu để làm gì, ở hệ thống nào.")
    requests_per_minute = models.PositiveIntegerField(
        "số yêu cầu mỗi phút",
        null=True,
        blank=True,
        help_text="Cho mỗi khóa. Để trống: theo mức chung của hệ thống.",
    )
    search_text = SearchTextField(sources=("name",))
    sort_key = SortKeyField(sources=("name",))

    class Meta:
        verbose_name = "đối tác"
        verbose_name_plural = "đối tác"
        ordering = ["sort_key", "id"]
        constraints = [
            filled("name", "partner_named", "Tên"),
            filled("contact", "partner_contact_said", "Đầu mối liên hệ"),
            filled("purpose", "partner_purpose_said", "Mục đích sử dụng"),
            models.UniqueConstraint(
                fields=["name"],
                name="partner_once",
                violation_error_message="Đối tác này đã có. Hãy mở bản ghi đó để cấp khóa.",
                violation_error_code="partner_taken",
            ),
            Check(
                condition=models.Q(requests_per_minute__isnull=True)
                | models.Q(requests_per_minute__gte=1, requests_per_minute__lte=1_000_000),
                name="partner_rate",
                violation_error_message="Số yêu cầu mỗi phút phải từ 1 đến 1.000.000; để trống thì theo mức chung.",
                violation_error_code="rate_out_of_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        clean_words(self, "name")
