from django.db import models

from registry.models.base import Recorded


class SeedMark(models.Model):
    """That a row of a fixture was once loaded: it is never loaded again over what staff have since corrected."""

    recorded = Recorded(subject=(("seed_mark", "id"),))

    key = models.CharField("dòng tư liệu", max_length=200, unique=True)
    digest = models.CharField("dấu nội dung", max_length=64)

    class Meta:
        verbose_name = "dấu nạp dữ liệu"
        verbose_name_plural = "dấu nạp dữ liệu"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.key
