"""Telling staff by mail, where a mail server and somebody to tell are set (EMAIL_HOST, NOTICE_TO)."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse

from registry.models import Webhook
from registry.rules.webhook_codes import WEBHOOK_STOP

log = logging.getLogger(__name__)


def tell_of_stop(webhook: Webhook, because: str) -> bool:
    """Say that a webhook was stopped, why, and what to do; whether somebody was told.

    At most once: a mail that does not get away is a warning in the log and never a failure of the worker. The front
    page and /metrics say the same for as long as the webhook is stopped.
    """
    if not settings.NOTICE_TO or not settings.EMAIL_HOST:
        return False
    page = f"{settings.PUBLIC_URL}{reverse('admin:registry_webhook_change', args=[webhook.pk])}"
    said = (
        f"Webhook của đối tác {webhook} đã tự ngừng. Lý do: {WEBHOOK_STOP.vi(because).lower()}.\n\n"
        f"Hãy liên hệ đầu mối của đối tác, rồi cho gửi tiếp ở trang của webhook:\n{page}\n\n"
        "Tin chưa gửi được giữ lại và sẽ được gửi theo thứ tự khi webhook chạy lại.\n"
    )
    try:
        send_mail(f"Webhook đã ngừng: {webhook}"[:150], said, None, settings.NOTICE_TO)
    except (OSError, SMTPException) as failure:
        log.warning("The mail about a stopped webhook did not get away: %s", failure)
        return False
    return True
