from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.utils import timezone

from registry.actions.webhooks import subscribe
from registry.ledger.entries import head
from registry.models import Webhook, WebhookDelivery
from tests.keys import partner_named
from tests.management.calling import manage

pytestmark = pytest.mark.django_db


def test_ended_sessions_and_forgotten_failures_go_and_the_others_stay():
    now = timezone.now()
    for name, minutes in (("ended", -1), ("open", 1)):
        Session.objects.create(session_key=name, expire_date=now + timedelta(minutes=minutes))
    for name, minutes in (("old", 16), ("fresh", 14)):
        AccessAttempt.objects.create(
            username=name,
            ip_address="192.0.2.1",
            user_agent="x",
            failures_since_start=1,
            attempt_time=now,
        )
        AccessAttempt.objects.filter(username=name).update(attempt_time=now - timedelta(minutes=minutes))
    webhook = Webhook(partner=partner_named("Ngân hàng A"), url="https://nhan.example/", scopes="clusters")
    subscribe(webhook, at=now)
    for days in (89, 91):
        WebhookDelivery.objects.create(
            webhook=webhook, cause="news", message=f"{days}", at=now - timedelta(days=days), took_ms=1
        )
    before = head()
    ended = manage("clear_expired")
    said = "Đã xóa 1 phiên đăng nhập, 1 lần đăng nhập sai, 1 lần gửi webhook.\n"
    assert (ended.code, ended.out) == (0, said)
    assert [row.message for row in WebhookDelivery.objects.all()] == ["89"]
    assert [row.session_key for row in Session.objects.all()] == ["open"]
    assert [row.username for row in AccessAttempt.objects.all()] == ["fresh"]
    assert head() == before
    assert manage("clear_expired", "everything").code == 2
