"""The log of deliveries: what a partner reports is found, and what is chosen is sent again after a question."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from registry import clock
from registry.actions import webhooks
from registry.actions.api_keys import revoke_api_keys
from registry.ledger.context import recorded
from registry.models import (
    Announcement,
    Webhook,
    WebhookDelivery,
    WebhookProgress,
    WebhookReplay,
)
from registry.queries.webhooks import waiting_for
from tests.admin.browsing import said, text_of
from tests.keys import new_key, partner_named

LOG = "/admin/registry/webhookdelivery/"
NOW = datetime(2026, 11, 21, 7, 5, tzinfo=UTC)
MANY = 10_001


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture(autouse=True)
def _everybody_may_read(settings) -> None:
    """A partner without a key is told too."""
    settings.ANONYMOUS_READING = True


def hook(name: str, scopes: str = "clusters investors") -> Webhook:
    new = Webhook(partner=partner_named(name), url="https://doi-tac.vn/nhan-tin", scopes=scopes)
    webhooks.subscribe(new, at=NOW, by="lanh-dao")
    return new


def sent(webhook: Webhook, *seqs: int, at: datetime = NOW, **given) -> list[WebhookDelivery]:
    """Deliveries of those announcements, which count as told."""
    WebhookProgress.objects.filter(webhook=webhook, position__lt=max(seqs)).update(position=max(seqs))
    return WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            webhook=webhook, cause="news", message=f"msg_{webhook.pk}_{seq}_1f", announcement=seq, at=at,
            took_ms=3, status=200, **given,
        )
        for seq in seqs
    )  # fmt: skip


@pytest.fixture
def webhook(office) -> Webhook:
    return hook("Ngân hàng A")


@pytest.fixture
def announced(office):
    """Makes announcements of those numbers about clusters, or about another kind."""

    def make(*seqs: int, kind: str = "cluster") -> None:
        rows = (
            Announcement(seq=seq, at=NOW, kind=kind, subject_id=1, code="cum-a", news="changed")
            for seq in seqs
        )
        with recorded():
            Announcement.objects.bulk_create(rows)

    return make


def listed(office, **asked) -> list[str]:
    """The announcements of the rows of the list."""
    page = office.leader_client.get(LOG, asked)
    assert page.status_code == 200
    return re.findall(r'class="field-announcement">([^<]*)<', page.content.decode())


def test_what_a_partner_reports_is_found_by_its_message_or_its_number(office, webhook):
    other = hook("Ngân hàng B")
    sent(webhook, 1, 1234, 12345)
    sent(other, 1234)
    WebhookDelivery.objects.create(
        webhook=webhook, cause="test", message=f"msg_{webhook.pk}_test_0123456789ab", at=NOW, took_ms=1
    )
    assert listed(office, reported=f" msg_{webhook.pk}_1234_1f ") == ["1.234"]
    assert listed(office, reported=f"msg_{webhook.pk}_test_0123456789ab") == ["-"]
    for number in ("1234", "1.234"):
        assert listed(office, reported=number) == ["1.234", "1.234"]
    assert listed(office, reported="1234", webhook__id__exact=other.pk) == ["1.234"]
    for nothing in ("2", f"msg_{webhook.pk}_1234_1e", f"msg_{other.pk}_1_1f"):
        page = office.leader_client.get(LOG, {"reported": nothing})
        assert "Không có lần gửi nào khớp" in text_of(page)


@pytest.mark.parametrize(
    "typed", ["msg_", "MSG_1_2_3", "12,5", "0", "-3", "ngân hàng", "9" * 30, "msg_1_2_x"]
)
def test_what_can_be_neither_is_said_at_its_place(office, webhook, typed):
    sent(webhook, 1)
    page = office.leader_client.get(LOG, {"reported": typed})
    assert f"“{typed}” không phải mã thông điệp (msg_…)" in text_of(page)
    assert f'value="{typed}"' in page.content.decode()
    assert "Đã nhận" not in text_of(page)


def test_days_are_those_of_ha_noi_and_both_are_included(office, webhook):
    moments = [datetime(2026, 11, 19, 17, tzinfo=UTC), datetime(2026, 11, 20, 16, 59, 59, 999999, tzinfo=UTC)]
    for seq, at in enumerate(
        [moments[0] - timedelta(microseconds=1), *moments, moments[1] + timedelta(microseconds=1)]
    ):
        sent(webhook, seq + 1, at=at)
    assert listed(office, since="20/11/2026", until="20/11/2026") == ["3", "2"]
    assert listed(office, since="20/11/2026") == ["4", "3", "2"]
    assert listed(office, until="19/11/2026") == ["1"]
    assert listed(office, until="19/11/2026", reported="4") == []
    for asked, words in (
        ({"since": "hôm qua"}, "Hãy ghi ngày như 21/11/2026."),
        ({"until": "31/12/9999"}, "Hãy ghi ngày như 21/11/2026."),
        ({"since": "21/11/2026", "until": "20/11/2026"}, "“Đến” phải từ “Từ” trở đi."),
    ):
        page = office.leader_client.get(LOG, asked)
        assert words in text_of(page)
        assert "Đã nhận" not in text_of(page)


def test_an_empty_log_says_what_will_stand_there(office):
    assert "Chưa gửi lần nào." in text_of(office.leader_client.get(LOG))


def test_of_ten_thousand_rows_a_page_asks_as_much_as_of_few(office, webhook, django_assert_max_num_queries):
    sent(webhook, *range(1, MANY + 1))
    for asked in ({}, {"reported": "7.777"}, {"since": "21/11/2026"}, {"p": "3"}):
        with django_assert_max_num_queries(9):
            assert listed(office, **asked)


@pytest.mark.django_db
@pytest.mark.parametrize("asked", [{"message": "msg_1_2_3"}, {"announcement": 2}])
def test_what_is_reported_is_looked_up_by_an_index(asked):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")  # of few rows it reads all
    (name,) = asked
    assert f"webhook_delivery_{name}" in WebhookDelivery.objects.order_by().filter(**asked).explain()


def ask(office, rows, **more):
    chosen = {"action": "send_again", "_selected_action": [row.pk for row in rows[:50]], **more}
    return office.leader_client.post(LOG, chosen)


def test_a_whole_log_is_sent_again_in_few_ranges_after_a_question(
    office, webhook, announced, django_assert_max_num_queries
):
    """Another kind's announcements between do not part a range; one that was not chosen does."""
    announced(*(n for n in range(1, 2002) if n % 10))
    announced(*range(10, 2002, 10), kind="decision")
    rows = sent(webhook, *(n for n in range(1, 2002) if n % 10 and n != 1555))
    with django_assert_max_num_queries(20):
        page = ask(office, rows, select_across="1")
    assert "Gửi lại 1.800 thông điệp?" in text_of(page)
    assert "từ số 1 đến số 1.554, từ số 1.556 đến số 2.001" in text_of(page)
    assert not WebhookReplay.objects.exists()
    fields = dict(
        re.findall(r'type="hidden" name="(newest|form_token)" value="(\w+)"', page.content.decode())
    )
    sent(webhook, 1555)  # came while the page was read
    with django_assert_max_num_queries(30):
        done = ask(office, rows, select_across="1", sure="yes", **fields)
    assert said(done)[-1] == "Sẽ gửi lại 1.800 thông điệp."
    spans = WebhookReplay.objects.values_list("first", "last", "position", "asked_by")
    assert list(spans) == [(1, 1554, 0, "lanh-dao"), (1556, 2001, 1555, "lanh-dao")]
    assert waiting_for(webhook) == 1800
    again = ask(office, rows, select_across="1", sure="yes", **fields)
    assert said(again)[-1] == "Các thông điệp này đã được yêu cầu gửi lại."
    assert WebhookReplay.objects.count() == 2


def test_what_cannot_be_sent_again_is_left_out_and_said(office, webhook, announced):
    stopped, lone = hook("Ngân hàng B"), hook("Ngân hàng C")
    announced(1, 2, 3, 9)
    rows = sent(webhook, 1, 3, 7)  # 7 was lost
    rows += sent(stopped, 1)
    webhooks.stop(stopped, because="staff", at=NOW)
    page = text_of(ask(office, rows))
    assert "4 lần gửi đã chọn là của 2 thông điệp" in page
    assert "2 thông điệp, số 1, số 3." in page
    assert f"Không gửi lại cho webhook đang ngừng: {stopped}" in page
    assert said(ask(office, rows[3:]))[-1].startswith("Không gửi lại gì: webhook đang ngừng")
    waiting = sent(lone, 9)
    WebhookProgress.objects.filter(webhook=lone).update(position=8)
    for nothing in (waiting, rows[2:3]):
        assert said(ask(office, nothing, sure="yes"))[-1].startswith("Không gửi lại gì: trong các lần gửi")
    assert not WebhookReplay.objects.exists()


def test_what_is_counted_is_what_the_partners_keys_open_and_is_sent(office, webhook, announced):
    narrow, _ = new_key("Ngân hàng A", at=NOW, scopes=["clusters"])
    announced(1, 3)
    announced(2, kind="investor")
    rows = sent(webhook, 1, 2, 3)
    page = text_of(ask(office, rows))
    assert "3 lần gửi đã chọn là của 2 thông điệp" in page
    # A key for investors may come before they are sent.
    assert "2 thông điệp, số 1, số 3." in page
    assert said(ask(office, rows, sure="yes"))[-1] == "Sẽ gửi lại 2 thông điệp."
    assert waiting_for(webhook) == 2
    webhooks.cancel_replays(webhook, at=NOW)
    only_closed = said(ask(office, rows[1:2]))[-1]
    assert only_closed.endswith("tin ngoài phạm vi của webhook hoặc không khóa nào của đối tác mở.")
    other = hook("Ngân hàng B")
    rows += sent(other, 1)
    revoke_api_keys([narrow], at=NOW)
    assert f"Không gửi lại cho webhook đang chờ khóa của đối tác: {webhook}." in text_of(ask(office, rows))
    assert said(ask(office, rows[:3], sure="yes"))[-1] == (
        f"Không gửi lại gì: webhook chờ khóa của đối tác ({webhook}). Hãy cấp khóa trước."
    )
    assert WebhookReplay.objects.filter(finished_at__isnull=True).count() == 0


def test_replays_are_told_briefly_and_given_up_without_the_news(office, webhook, announced):
    announced(*range(1, 41))
    rows = sent(webhook, *range(1, 31, 2))
    ask(office, rows, sure="yes")
    assert WebhookReplay.objects.count() == 15
    page = f"/admin/registry/webhook/{webhook.pk}/"
    shown = text_of(office.leader_client.get(f"{page}change/"))
    assert shown.count("Đang gửi lại số") == 5
    assert "Và 10 khoảng khác." in shown
    assert waiting_for(webhook) == 15 + 11
    told = office.leader_client.post(f"{page}step/cancel-replays/")
    assert said(told)[-1] == "Đã thôi gửi lại. Tin mới vẫn được gửi."
    assert waiting_for(webhook) == 11
    assert "Thôi gửi lại" not in office.leader_client.get(f"{page}change/").content.decode()
    assert "Không còn gì đang gửi lại" in said(office.leader_client.post(f"{page}step/cancel-replays/"))[-1]


def test_a_range_is_typed_as_the_page_shows_it(office, webhook, announced):
    announced(*range(1, 3))
    announced(1234, 1300)
    sent(webhook, 1300)
    page = f"/admin/registry/webhook/{webhook.pk}/"
    told = office.leader_client.post(f"{page}step/replay/", {"first": "1.234", "last": "1.300"})
    assert said(told)[-1] == "Sẽ gửi lại các thông báo từ số 1.234 đến số 1.300."
    assert list(WebhookReplay.objects.values_list("first", "last")) == [(1234, 1300)]
