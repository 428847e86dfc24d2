"""What was kept for a while only."""

from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand

from registry import clock
from registry.actions.webhooks import forget_deliveries

#: How long the log of deliveries of webhooks is kept.
DELIVERIES_KEPT = timedelta(days=90)


class Command(BaseCommand):
    help = (
        "Xóa các phiên đăng nhập đã hết hạn, các lần đăng nhập sai không còn tính, và các lần gửi webhook đã quá 90 "
        "ngày. Chạy mỗi đêm; chạy lúc khác hay "
        "chạy lại không hại gì. In số đã xóa. Mã thoát: 0 đã xong, 2 gọi sai cách."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
        failures, _ = AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME).delete()
        deliveries = forget_deliveries(before=now - DELIVERIES_KEPT)
        self.stdout.write(
            f"Đã xóa {sessions} phiên đăng nhập, {failures} lần đăng nhập sai, {deliveries} lần gửi webhook."
        )
