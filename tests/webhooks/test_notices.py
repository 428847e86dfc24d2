"""Staff are told by mail, through a real mail server, that a webhook was stopped because nobody receives it."""

import email
import email.policy
import socketserver
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest

from registry import clock
from registry.actions import webhooks
from registry.models import WebhookProgress
from registry.queries.webhooks import stopped_by_us
from registry.webhooks.notices import tell_of_stop
from tests.management.calling import manage
from tests.webhooks.receiver import OK
from tests.webhooks.subscribing import rename, work


@pytest.fixture
def mail(settings):
    """A mail server that keeps what it is sent, and the settings that name it."""
    kept = []

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                word = line[:4].upper()
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    lines = []
                    while (text := self.rfile.readline()) != b".\r\n":
                        lines.append(text)
                    kept.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
    settings.EMAIL_USE_TLS = False
    settings.NOTICE_TO = ["lan@office.example", "hung@office.example"]
    yield SimpleNamespace(kept=kept, server=server)
    server.shutdown()
    server.server_close()


def test_who_is_named_is_told_once_which_webhook_stopped_why_and_where_to_go(
    seeded, receiver, time, subscribed, mail, settings
):
    webhook, _ = subscribed
    rename(seeded, time)
    receiver.answers = [(410, {}, b"")]
    work(time)
    work(time)
    (message,) = mail.kept
    said = message.get_content()
    assert message["To"] == "lan@office.example, hung@office.example"
    assert "Ngân hàng A" in message["Subject"]
    assert "bên nhận trả lời 410" in said
    assert f"{settings.PUBLIC_URL}/admin/registry/webhook/{webhook.pk}/change/" in said


def test_nobody_is_told_of_one_that_staff_stopped_nor_without_a_server_or_a_name(
    seeded, receiver, time, subscribed, mail, settings
):
    webhook, _ = subscribed
    settings.NOTICE_TO = []
    assert not tell_of_stop(webhook, "gone")
    settings.NOTICE_TO, settings.EMAIL_HOST = ["lan@office.example"], ""
    assert not tell_of_stop(webhook, "gone")
    assert mail.kept == []


def test_a_mail_server_that_is_away_is_no_failure_of_the_worker(
    seeded, receiver, time, subscribed, mail, caplog
):
    webhook, _ = subscribed
    mail.server.shutdown()
    mail.server.server_close()
    rename(seeded, time)
    receiver.answers = [(410, {}, b"")]
    work(time)
    webhook.refresh_from_db()
    assert webhook.stopped_because == "gone"
    assert "did not get away" in caplog.text


def test_the_worker_over_three_days_of_failures_and_after_them(
    seeded, receiver, time, subscribed, mail, monkeypatch, caplog
):
    """The command itself, by its own clock: back-off, the stop and its mail, then all that waited, then a replay."""
    monkeypatch.setattr(clock, "now", time)
    webhook, _ = subscribed
    told = rename(seeded, time)
    receiver.answers = [(503, {}, b"")]
    began, pauses = time(), []
    while not stopped_by_us().exists():
        assert manage("deliver_webhooks", "--once").out == "0\n"
        asked_at = time()
        time.now = max(WebhookProgress.objects.get().next_at, asked_at)
        pauses.append(time() - asked_at)
        assert len(receiver.received) == len(pauses)
        if len(pauses) == 9:
            told += rename(seeded, time, "Tiến Phát trong lúc đó")
    assert timedelta(days=3) <= time() - began < timedelta(days=3, hours=15)
    for number, pause in enumerate(pauses):
        least = min(timedelta(seconds=10 * 4**number), timedelta(hours=6))
        assert least <= pause <= least * 1.2
    assert {one.seq for one in receiver.received} == {told[0].seq}
    assert [message["To"] for message in mail.kept] == ["lan@office.example, hung@office.example"]
    assert [line.getMessage() for line in caplog.records if "was stopped" in line.getMessage()] == [
        f"Webhook {webhook.pk} was stopped: failing"
    ]
    receiver.received.clear()
    receiver.answers = [OK]
    assert manage("deliver_webhooks", "--once").out == "0\n"
    webhooks.resume(webhook, at=time(), by="hung")
    assert manage("deliver_webhooks", "--once").out == f"{len(told)}\n"
    webhook.refresh_from_db()
    again = webhooks.replay(webhook, first=told[0].seq, last=told[1].seq, at=time(), by="hung")
    assert manage("deliver_webhooks", "--once").out == "2\n"
    assert receiver.seqs == [*(row.seq for row in told), told[0].seq, told[1].seq]
    again.refresh_from_db()
    assert again.finished_at
    assert len(mail.kept) == 1
