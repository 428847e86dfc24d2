"""Telling partners of changes: where, with which secrets, from where on, and when no more."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from registry.actions.api_keys import hold_to_pepper
from registry.ledger.context import recorded
from registry.models import Webhook, WebhookDelivery, WebhookProgress, WebhookReplay, WebhookSecret
from registry.queries.announcements import last_announcement, news_after
from registry.queries.recoveries import recovery_between
from registry.queries.webhooks import secret_of
from registry.rules.problems import Problem
from registry.rules.quantities import format_number
from registry.rules.webhook_messages import readable_secret

LIVE_SECRETS = 2


def subscribe(webhook: Webhook, *, at: datetime, by: str | None = None) -> str:
    """Save a new webhook that is told whatever is announced from now on; its first secret, shown once.

    Raises Problem: pepper_other.
    """
    with recorded(actor=by, reason="Đăng ký webhook"):
        webhook.created_at = at
        webhook.save()
        WebhookProgress.objects.create(webhook=webhook, position=last_announcement(), next_at=at)
        return _add_secret(webhook, at)


def add_secret(webhook: Webhook, *, at: datetime, by: str | None = None) -> str:
    """A second secret beside the first, shown once. From now on messages carry a signature of each.

    Raises Problem: webhook_secrets_full, pepper_other.
    """
    with recorded(actor=by, reason="Thêm bí mật của webhook"):
        return _add_secret(webhook, at)


def _add_secret(webhook: Webhook, at: datetime) -> str:
    hold_to_pepper()
    taken = set(webhook.secrets.values_list("slot", flat=True))
    free = [slot for slot in range(1, LIVE_SECRETS + 1) if slot not in taken]
    if not free:
        raise Problem(
            "webhook_secrets_full",
            "Webhook đã có hai bí mật. Hãy bỏ bí mật cũ khi bên nhận đã dùng bí mật mới.",
        )
    row = WebhookSecret.objects.create(
        webhook=webhook, slot=free[0], nonce=secrets.token_urlsafe(32), created_at=at
    )
    return readable_secret(secret_of(row))


def retire_secret(webhook: Webhook, secret_id: int, *, by: str | None = None) -> None:
    """From now on messages are no longer signed with that secret. Raises Problem: webhook_secret_last."""
    with recorded(actor=by, reason="Bỏ bí mật của webhook"):
        live = {row.pk: row for row in webhook.secrets.all()}
        if secret_id not in live:
            raise Problem("webhook_secret_unknown", "Bí mật này đã được bỏ trước đó.")
        if len(live) == 1:
            raise Problem("webhook_secret_last", "Đây là bí mật duy nhất. Hãy tạo bí mật mới trước khi bỏ.")
        live[secret_id].delete()


def stop(webhook: Webhook, *, because: str, at: datetime, by: str | None = None) -> bool:
    """From now on nothing is sent; what is waiting stays. One that is stopped already stays as it is: then False."""
    with recorded(actor=by, reason="Ngừng webhook"):
        running = Webhook.objects.filter(pk=webhook.pk, stopped_at__isnull=True)
        return bool(running.update(stopped_at=at, stopped_because=because))


def resume(webhook: Webhook, *, at: datetime, from_now: bool = False, by: str | None = None) -> None:
    """Send again from where it stopped; `from_now` leaves out what is waiting, late or for a replay."""
    with recorded(actor=by, reason="Gửi lại từ bây giờ" if from_now else "Gửi tiếp từ chỗ đã ngừng"):
        progress = WebhookProgress.objects.filter(webhook=webhook)
        progress.update(failures=0, failing_since=None, next_at=at, lease="", leased_until=None)
        if from_now:
            progress.update(position=last_announcement())
            webhook.replays.filter(finished_at__isnull=True).update(finished_at=at)
            webhook.backlogs.all().delete()
        Webhook.objects.filter(pk=webhook.pk).update(stopped_at=None, stopped_because="")


def replay(webhook: Webhook, *, first: int, last: int, at: datetime, by: str) -> WebhookReplay:
    """Have announcements first to last sent once more, with the same message ids, and restores among them.

    Raises Problem: webhook_replay_range, webhook_replay_lost, webhook_stopped.
    """
    # Beyond what was told already there is nothing to repeat: it comes by itself.
    told = WebhookProgress.objects.values_list("position", flat=True).get(webhook=webhook)
    if not 1 <= first <= last <= told:
        raise Problem(
            "webhook_replay_range",
            f"Chỉ gửi lại được các thông báo đã qua, từ số 1 đến số {format_number(told)}, số đầu không lớn hơn số "
            "cuối.",
        )
    if not news_after(first - 1, upto=last, limit=1) and not recovery_between(first - 1, last):
        raise Problem(
            "webhook_replay_lost",
            f"Các thông báo từ số {format_number(first)} đến số {format_number(last)} đã mất khi "
            "khôi phục từ bản sao lưu, không gửi lại được. Thông điệp báo lần khôi phục mang số cuối của khoảng đã "
            "mất.",
        )
    _refuse_stopped(webhook)
    return WebhookReplay.objects.create(
        webhook=webhook, first=first, last=last, position=first - 1, asked_by=by, asked_at=at
    )


def replay_spans(webhook: Webhook, spans: Iterable[tuple[int, int]], *, at: datetime, by: str) -> None:
    """Have all these ranges sent once more, of which each holds something that can be (queries/replays.py).

    Raises Problem: webhook_stopped.
    """
    _refuse_stopped(webhook)
    WebhookReplay.objects.bulk_create(
        WebhookReplay(webhook=webhook, first=first, last=last, position=first - 1, asked_by=by, asked_at=at)
        for first, last in spans
    )


def cancel_replays(webhook: Webhook, *, at: datetime) -> int:
    """From now on nothing is sent once more; news that wait stay. How many ranges were open."""
    return webhook.replays.filter(finished_at__isnull=True).update(finished_at=at)


def _refuse_stopped(webhook: Webhook) -> None:
    if webhook.stopped_at is not None:
        raise Problem("webhook_stopped", "Webhook đang ngừng. Hãy cho gửi tiếp trước khi yêu cầu gửi lại.")


def forget_deliveries(*, before: datetime) -> int:
    """Remove what is no longer needed of the delivery log; how many rows."""
    old = Q(at__lt=before)
    return WebhookDelivery.objects.filter(old).delete()[0]
