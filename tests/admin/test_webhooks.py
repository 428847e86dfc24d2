"""Webhooks in the admin: who may, what is shown once, what each button does."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session

from registry import clock
from registry.actions import webhooks
from registry.actions.publish import publish_seed
from registry.models import LedgerEntry, LedgerPayload, Webhook, WebhookDelivery, WebhookReplay
from registry.rules.hanoi import end_of, start_of
from registry.webhooks.deliveries import deliver_next
from tests.admin.browsing import fill, said, text_of
from tests.admin.office import signed_in
from tests.keys import new_key, partner_named
from tests.webhooks.receiver import Receiver, receiving

HOOKS, LOG = "/admin/registry/webhook/", "/admin/registry/webhookdelivery/"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture(autouse=True)
def _receivers_on_this_machine_are_allowed(settings) -> None:
    settings.WEBHOOK_PRIVATE_TARGETS = True


@pytest.fixture(autouse=True)
def _everybody_may_read(settings) -> None:
    """A partner without a key is told too."""
    settings.ANONYMOUS_READING = True


def asked(office, receiver, **typed):
    typed = {"name": "kho dữ liệu", "url": receiver.url, "scopes": ["sources", "clusters"], **typed}
    partner = partner_named("Ngân hàng A")
    return fill(office.leader_client, f"{HOOKS}add/", partner=partner.pk, **typed)


@pytest.fixture
def webhook(office, receiver) -> Webhook:
    new = Webhook(partner=partner_named("Ngân hàng A"), url=receiver.url, scopes="clusters investors")
    webhooks.subscribe(new, at=clock.now(), by="lanh-dao")
    return new


def page_of(webhook: Webhook) -> str:
    return f"{HOOKS}{webhook.pk}/change/"


def press(office, webhook, step, **typed):
    return office.leader_client.post(f"{HOOKS}{webhook.pk}/step/{step}/", typed, follow=True)


def secret_in(response) -> str:
    (found,) = set(SECRET.findall(response.content.decode()))
    return found


def test_leaders_make_webhooks_and_clerks_do_not_see_them(office, webhook):
    for page in (HOOKS, f"{HOOKS}add/", page_of(webhook), LOG):
        assert office.clerk_client.get(page).status_code == 403
        assert office.leader_client.get(page).status_code == 200
    steps = ("test", "stop", "resume", "skip", "add-secret", "retire-secret", "replay", "cancel-replays")
    for step in steps:
        assert office.clerk_client.post(f"{HOOKS}{webhook.pk}/step/{step}/").status_code == 403
    assert Webhook.objects.get().stopped_at is None
    assert "Webhook" not in text_of(office.clerk_client.get("/admin/"))
    assert "Webhook" in text_of(office.leader_client.get("/admin/"))


def test_the_secret_is_shown_once_and_kept_nowhere(office, receiver):
    shown = asked(office, receiver)
    secret = secret_in(shown)
    assert shown.status_code == 200
    assert "no-store" in shown["Cache-Control"]
    webhook = Webhook.objects.get()
    assert webhook.scopes == "clusters sources"
    assert LedgerEntry.objects.filter(table_name="registry_webhook").latest("seq").actor == "lanh-dao"
    for page in (page_of(webhook), HOOKS, f"{HOOKS}{webhook.pk}/history/"):
        assert not SECRET.search(office.leader_client.get(page).content.decode())
    kept = "".join(f"{row.before}{row.after}" for row in LedgerPayload.objects.all())
    kept += "".join(str(row.get_decoded()) for row in Session.objects.all())
    assert secret not in kept
    assert secret.removeprefix("whsec_") not in kept
    press(office, webhook, "test")
    assert receiver.received[-1].opened_with(secret)["type"] == "test"


def test_a_form_sent_twice_makes_one_webhook(office, receiver):
    page = office.leader_client.get(f"{HOOKS}add/")
    token = re.search(r'name="form_token" value="(\w+)"', page.content.decode())[1]
    typed = {
        "partner": partner_named("A").pk,
        "url": receiver.url,
        "scopes": ["clusters"],
        "form_token": token,
    }
    secret_in(office.leader_client.post(f"{HOOKS}add/", typed))
    again = office.leader_client.post(f"{HOOKS}add/", typed, follow=True)
    assert Webhook.objects.count() == 1
    assert "đã hiện một lần" in text_of(again)
    assert not SECRET.search(again.content.decode())


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://doi-tac.vn/", "https://"),
        ("https://10.0.0.1/", "mạng công cộng"),
        ("https://localhost/", "mạng công cộng"),
        ("https://an:bi-mat@doi-tac.vn/", "mật khẩu"),
    ],
)
def test_an_address_that_is_never_sent_to_is_refused_at_its_field(office, receiver, settings, url, said):
    settings.WEBHOOK_PRIVATE_TARGETS = False
    refused = asked(office, receiver, url=url)
    assert refused.status_code == 200
    assert said in text_of(refused)
    assert not Webhook.objects.exists()


def test_a_webhook_without_a_scope_is_refused(office, receiver):
    assert asked(office, receiver, scopes=[]).status_code == 200
    assert not Webhook.objects.exists()


def test_the_test_button_tells_what_became_of_it(office, webhook, receiver):
    assert "trả lời 200" in text_of(press(office, webhook, "test"))
    receiver.answers = [(500, {}, b"<b>h\xe1\xbb\x8fng</b>")]
    page = press(office, webhook, "test")
    assert "Tin thử không tới nơi: bên nhận từ chối (trả lời 500)" in text_of(page)
    assert "&lt;b&gt;hỏng&lt;/b&gt;" in page.content.decode()
    assert WebhookDelivery.objects.filter(cause="test").count() == 2


def test_secrets_are_replaced_one_at_a_time(office, webhook, receiver):
    new = secret_in(press(office, webhook, "add-secret"))
    full = office.leader_client.post(f"{HOOKS}{webhook.pk}/step/add-secret/")
    assert (full.status_code, webhook.secrets.count()) == (409, 2)
    assert "hai bí mật" in text_of(full)
    first, second = webhook.secrets.all()
    press(office, webhook, "retire-secret", secret=first.pk)
    assert list(webhook.secrets.all()) == [second]
    press(office, webhook, "test")
    assert receiver.received[-1].opened_with(new)
    senseless = office.leader_client.post(f"{HOOKS}{webhook.pk}/step/retire-secret/", {"secret": "9" * 5000})
    assert senseless.status_code == 409
    last = office.leader_client.post(f"{HOOKS}{webhook.pk}/step/retire-secret/", {"secret": second.pk})
    assert (last.status_code, webhook.secrets.count()) == (409, 1)


def test_it_is_stopped_and_goes_on_where_it_stopped_or_from_now(office, webhook, receiver):
    press(office, webhook, "stop")
    publish_seed([office.cluster], at=clock.now(), today=clock.today())
    page = text_of(office.leader_client.get(page_of(webhook)))
    assert "Cán bộ cho ngừng".lower() in page
    assert "1 tin đang chờ" in page
    assert "Webhook đã tự ngừng" not in text_of(office.leader_client.get("/admin/"))
    press(office, webhook, "resume")
    assert deliver_next(clock.now) == 1
    press(office, webhook, "stop")
    webhooks.stop(webhook, because="failing", at=clock.now())  # stopped already: stays as it is
    assert Webhook.objects.get().stopped_because == "staff"
    press(office, webhook, "skip")
    assert "không có tin nào chờ" in text_of(office.leader_client.get(page_of(webhook)))


@pytest.mark.parametrize(("because", "said"), [("gone", "410"), ("failing", "ba ngày")])
def test_one_that_stopped_by_itself_is_told_on_the_front_page_to_who_may_act(office, webhook, because, said):
    webhooks.stop(webhook, because=because, at=clock.now(), by="system")
    front = text_of(office.leader_client.get("/admin/"))
    assert "Webhook đã tự ngừng, cần liên hệ đối tác" in front
    assert said in front
    assert "Webhook đã tự ngừng" not in text_of(office.clerk_client.get("/admin/"))
    assert "Hãy liên hệ đối tác" in text_of(office.leader_client.get(page_of(webhook)))


def test_what_was_sent_is_listed_and_sent_again_one_or_a_range(office, webhook, receiver):
    publish_seed([office.cluster, office.developer], at=clock.now(), today=clock.today())
    while deliver_next(clock.now) is not None:
        pass
    seqs = receiver.seqs
    assert len(seqs) == 2
    log = office.leader_client.get(LOG)
    assert "Đã nhận" in text_of(log)
    chosen = WebhookDelivery.objects.get(announcement=seqs[0])
    action = {"action": "send_again", "_selected_action": [chosen.pk]}
    assert "Gửi lại 1 thông điệp?" in text_of(office.leader_client.post(LOG, action))
    assert not WebhookReplay.objects.exists()
    sure = {**action, "sure": "yes"}
    assert "Sẽ gửi lại 1 thông điệp" in text_of(office.leader_client.post(LOG, sure, follow=True))
    assert f"từ số {seqs[0]} đến số {seqs[1]}" in text_of(
        press(office, webhook, "replay", first=seqs[0], last=seqs[1])
    )
    assert list(WebhookReplay.objects.values_list("asked_by", flat=True)) == ["lanh-dao"] * 2
    while deliver_next(lambda: clock.now() + timedelta(seconds=1)) is not None:
        pass
    assert receiver.seqs == [*seqs, seqs[0], *seqs]
    for wrong, reason in (
        ({"first": "x"}, "“x”"),
        ({"first": "1,5"}, "“1,5” không phải một số nguyên. Hãy ghi như 1.234."),
        ({"first": "0"}, "1"),
        ({"first": 1, "last": 10**6}, "đã qua, từ số 1 đến số"),
        ({"first": 2, "last": 1}, "số đầu không lớn hơn số cuối"),
        ({}, "Hãy ghi số của thông báo đầu cần gửi lại."),
    ):
        page = press(office, webhook, "replay", **wrong)
        assert page.redirect_chain[0][0].startswith(page_of(webhook))
        assert "(webhook_replay_range)" in text_of(page)
        assert reason in text_of(page)
        for name in ("first", "last"):
            (field,) = re.findall(rf'<input type="text" name="{name}"[^>]*>', page.content.decode())
            assert (f'value="{wrong[name]}"' in field) if name in wrong else ("value=" not in field)
    assert WebhookReplay.objects.count() == 2


def test_a_delivery_is_read_and_never_changed(office, webhook, receiver):
    press(office, webhook, "test")
    delivery = WebhookDelivery.objects.get()
    page = office.leader_client.get(f"{LOG}{delivery.pk}/change/")
    assert delivery.message in text_of(page)
    assert office.leader_client.post(f"{LOG}{delivery.pk}/delete/").status_code == 403
    assert office.leader_client.get(f"{LOG}add/").status_code == 403
    assert office.leader_client.post(f"{HOOKS}{webhook.pk}/delete/").status_code == 403


def test_a_partner_whose_last_key_is_revoked_is_sent_nothing_until_the_next(office, webhook, receiver):
    old, new = (new_key("Ngân hàng A", at=clock.now())[0] for _ in range(2))
    other = Webhook(
        partner=new_key("Ngân hàng B", at=clock.now())[0].partner, url=receiver.url, scopes="clusters"
    )
    webhooks.subscribe(other, at=clock.now(), by="lanh-dao")
    partner = f"/admin/registry/partner/{webhook.partner_id}/change/"

    def revoke(*keys, sure=True):
        asked = {"action": "revoke", "_selected_action": [key.pk for key in keys]} | (
            {"sure": "yes"} if sure else {}
        )
        page = office.leader_client.post("/admin/registry/apikey/", asked)
        return said(page) if sure else text_of(page)

    warning = f"Webhook cũng sẽ không gửi nữa , vì đối tác không còn khóa nào khác: {webhook}"
    assert warning in revoke(old, new, sure=False)
    assert warning not in revoke(new, sure=False)
    assert len(revoke(old)) == 1
    assert warning in revoke(new, sure=False)
    assert warning in text_of(office.leader_client.get(f"/admin/registry/apikey/{new.pk}/change/"))
    assert f"{receiver.url} : Đang gửi" in text_of(office.leader_client.get(partner))
    _, warned = revoke(new)
    assert str(webhook) in warned
    assert str(other) not in warned
    publish_seed([office.cluster], at=clock.now(), today=clock.today())
    assert deliver_next(clock.now) == 1
    assert deliver_next(clock.now) is None
    for page in (partner, HOOKS):
        assert "Chờ khóa: đối tác không có khóa dùng được" in text_of(office.leader_client.get(page))
    page = office.leader_client.get(page_of(webhook))
    assert "Chờ khóa: đối tác không có khóa nào dùng được" in text_of(page)
    assert "1 tin đang chờ" in text_of(page)
    assert "Bỏ qua tin đang chờ, gửi tin mới" in page.content.decode()
    assert "hết khóa" not in text_of(office.leader_client.get("/admin/"))
    new_key("Ngân hàng A", at=clock.now())
    assert "Đang gửi." in text_of(office.leader_client.get(page_of(webhook)))
    assert deliver_next(clock.now) == 1


def test_the_front_page_says_whose_last_key_ends_and_what_ends_with_it(office, webhook, monkeypatch):
    now = clock.now()
    new_key("Ngân hàng A", at=now, expires_at=end_of(date(2030, 12, 31)))
    new_key("Sở B", at=now, expires_at=end_of(date(2030, 12, 31)))

    def front(day: date, who=office.leader) -> str:
        monkeypatch.setattr(clock, "now", lambda: start_of(day))
        page = signed_in(who).get("/admin/")
        assert page.status_code == 200
        return text_of(page)

    heading = "Đối tác sắp hết hoặc đã hết khóa"
    assert heading not in front(date(2030, 12, 1))
    assert heading in front(date(2030, 12, 2))
    before = front(date(2030, 12, 31))
    assert heading in before
    assert "Ngân hàng A : khóa cuối cùng dùng được đến hết 31/12/2030; webhook cũng ngừng từ đó" in before
    assert "Sở B : khóa cuối cùng dùng được đến hết 31/12/2030" in before
    assert heading not in front(date(2030, 12, 31), office.clerk)
    after = front(date(2031, 3, 1))
    assert "Ngân hàng A : khóa cuối cùng đã hết hạn sau ngày 31/12/2030; webhook đang chờ khóa mới" in after
    assert "Sở B" not in after
    new_key("Ngân hàng A", at=clock.now(), expires_at=end_of(date(2032, 1, 1)))
    assert heading not in front(date(2031, 3, 1))


INVESTORS = "Nhà đầu tư, dự án, số liệu, ưu đãi"


def test_whoever_ends_a_key_or_narrows_it_reads_what_webhooks_are_told_no_more(office, webhook):
    wide, _ = new_key("Ngân hàng A", at=clock.now())
    narrow, _ = new_key("Ngân hàng A", at=clock.now(), scopes=["clusters"])
    key_page = "/admin/registry/apikey/{}/change/".format
    warning = (
        "Webhook cũng sẽ báo ít tin hơn , vì không khóa dùng được nào khác của đối tác mở những phạm vi này: "
        f"{webhook}: không báo tin về {INVESTORS}"
    )

    def revoke(key, **sure):
        chosen = {"action": "revoke", "_selected_action": [key.pk], **sure}
        return office.leader_client.post("/admin/registry/apikey/", chosen)

    for page in (revoke(wide), office.leader_client.get(key_page(wide.pk))):
        assert warning in text_of(page)
        assert "Webhook cũng sẽ không gửi nữa" not in text_of(page)
    for page in (revoke(narrow), office.leader_client.get(key_page(narrow.pk))):
        assert "báo ít tin hơn" not in text_of(page)
    told = f"Webhook {webhook} không báo tin nữa về: {INVESTORS}. "
    kept = fill(office.leader_client, key_page(wide.pk), scopes=["investors"])
    assert not any("không báo tin nữa" in sentence for sentence in said(kept))
    narrowed = fill(office.leader_client, key_page(wide.pk), scopes=["decisions"])
    assert said(narrowed)[-2].startswith(told)
    again = fill(office.leader_client, key_page(wide.pk), scopes=["sources"])
    assert not any("không báo tin nữa" in sentence for sentence in said(again))
    fill(office.leader_client, key_page(wide.pk), scopes=["investors", "clusters"])
    assert said(revoke(wide, sure="yes"))[-1].startswith(told)


def test_the_front_page_says_which_webhooks_a_keys_end_leaves_with_less(office, webhook, monkeypatch):
    ends = date(2030, 12, 31)
    now = clock.now()
    new_key("Ngân hàng A", at=now, expires_at=end_of(ends))
    new_key("Ngân hàng A", at=now, expires_at=end_of(date(2031, 3, 1)), scopes=["clusters"])

    def front(day: date, who=office.leader) -> str:
        monkeypatch.setattr(clock, "now", lambda: start_of(day))
        return text_of(signed_in(who).get("/admin/"))

    line = f"{webhook} : khi khóa hết hạn, không khóa nào khác của đối tác mở {INVESTORS}"
    assert line not in front(date(2030, 12, 1))
    assert line in front(date(2030, 12, 2))
    assert line not in front(date(2030, 12, 2), office.clerk)
    assert line in front(date(2031, 1, 29))
    assert "Đối tác sắp hết" not in front(date(2031, 1, 29))
    # Whose last key ends too is named for that.
    last = front(date(2031, 1, 31))
    assert line not in last
    assert "Đối tác sắp hết hoặc đã hết khóa" in last
    new_key("Ngân hàng A", at=clock.now(), expires_at=end_of(date(2032, 1, 1)))
    assert line not in front(date(2031, 1, 29))


def test_what_the_page_for_staff_names_stands_on_the_pages_it_leads_to(office, receiver, webhook, settings):
    page = (Path(settings.BASE_DIR) / "docs/partners.md").read_text()
    partner, client = webhook.partner, office.leader_client
    add_key = f"/admin/registry/apikey/add/?partner={partner.pk}"
    key, _ = new_key(partner.name, at=clock.now(), expires_at=clock.now() + timedelta(days=20))
    shown = [
        "/admin/", "/admin/registry/partner/", "/admin/registry/partner/add/",
        f"/admin/registry/partner/{partner.pk}/change/", add_key,
        f"/admin/registry/apikey/{key.pk}/change/", HOOKS, f"{HOOKS}add/", page_of(webhook),
    ]  # fmt: skip
    answers = [client.get(address) for address in shown]
    later = clock.today() + timedelta(days=200)
    made = {"partner": partner.pk, "scopes": ["clusters"], "expires_on": f"{later:%d/%m/%Y}"}
    answers += [fill(client, add_key, **made), client.get("/admin/"), asked(office, receiver)]
    WebhookReplay.objects.create(webhook=webhook, first=1, last=1, position=0, asked_at=clock.now())
    answers.append(client.get(page_of(webhook)))
    press(office, webhook, "stop")
    answers += [client.get(page_of(webhook)), client.get(LOG)]
    told = " ".join(answer.content.decode() for answer in answers).lower()
    named = set(re.findall(r"\*\*([^*]+)\*\*", page)) - {"Duyệt", "một lần"}
    assert len(named) > 20
    assert [name for name in sorted(named) if name.lower() not in told] == []


def test_staff_read_what_is_not_sent_now_and_why(office, webhook):
    new_key("Ngân hàng A", at=clock.now(), scopes=["clusters"])
    partner = f"/admin/registry/partner/{webhook.partner_id}/change/"
    closed = "Đang gửi, trừ Nhà đầu tư, dự án, số liệu, ưu đãi: không khóa nào của đối tác mở"
    for page in (HOOKS, partner):
        assert closed in text_of(office.leader_client.get(page))
    said = "Hiện không báo tin về: Nhà đầu tư, dự án, số liệu, ưu đãi."
    assert said in text_of(office.leader_client.get(page_of(webhook)))
    new_key("Ngân hàng A", at=clock.now(), scopes=["investors"])
    for page in (HOOKS, partner, page_of(webhook)):
        text = text_of(office.leader_client.get(page))
        assert "Đang gửi" in text
        assert closed not in text
        assert said not in text


def test_a_partner_without_a_key_waits_for_one_where_nobody_reads_without(office, webhook, settings):
    settings.ANONYMOUS_READING = False
    assert "Chờ khóa: đối tác không có khóa dùng được" in text_of(office.leader_client.get(HOOKS))
    page = text_of(office.leader_client.get(page_of(webhook)))
    assert "chưa cấp, đã hết hạn hoặc bị thu hồi" in page
    assert "Hiện không báo tin về" not in page
