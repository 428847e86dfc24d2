"""Partners and their keys in the admin: who may, what is shown once, what is kept nowhere."""

import re
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from registry import clock
from registry.actions.api_keys import add_uses
from registry.admin.usage import HEIGHT, usage_picture
from registry.ledger.context import recorded
from registry.models import ApiKey, LedgerEntry, LedgerPayload, Partner
from registry.queries.api_keys import find
from registry.rules.hanoi import end_of
from tests.admin.browsing import fill, said, text_of
from tests.admin.office import signed_in
from tests.keys import new_key, partner_named

NOW = datetime(2026, 11, 21, 7, 5, tzinfo=UTC)
KEYS, PARTNERS = "/admin/registry/apikey/", "/admin/registry/partner/"
KEY = re.compile(r"hpr_[a-z0-9]{8}_[A-Za-z0-9_-]{43}")


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def given(client: Client, partner: Partner, **typed):
    """What the page says after a key was asked for."""
    typed = {"scopes": ["clusters"], "expires_on": "31/12/2027", **typed}
    return fill(client, f"{KEYS}add/?partner={partner.pk}", partner=partner.pk, **typed)


def key_in(response) -> str:
    (found,) = set(KEY.findall(response.content.decode()))
    return found


def page_of(key: ApiKey) -> str:
    return f"{KEYS}{key.pk}/change/"


def test_leaders_give_keys_and_clerks_do_not_see_them(office):
    partner = partner_named("Ngân hàng A")
    for page in (KEYS, f"{KEYS}add/", PARTNERS, f"{PARTNERS}add/", f"{PARTNERS}{partner.pk}/change/"):
        assert office.clerk_client.get(page).status_code == 403
        assert office.leader_client.get(page).status_code == 200
    assert "Khóa API" not in text_of(office.clerk_client.get("/admin/"))
    assert "Khóa API" in text_of(office.leader_client.get("/admin/"))


def test_a_partner_has_a_name_a_contact_and_a_purpose(office):
    typed = {"name": "  Ngân  hàng A ", "contact": "Phòng CNTT, cntt@a.vn", "purpose": "Thẩm định vay"}
    assert fill(office.leader_client, f"{PARTNERS}add/", **typed).status_code == 302
    partner = Partner.objects.get()
    assert (partner.name, partner.purpose) == ("Ngân hàng A", "Thẩm định vay")
    assert LedgerEntry.objects.filter(table_name="registry_partner").latest("seq").actor == "lanh-dao"
    again = fill(office.leader_client, f"{PARTNERS}add/", **typed)
    assert "Đối tác này đã có" in text_of(again)
    without = fill(office.leader_client, f"{PARTNERS}add/", name="B", contact="", purpose="")
    assert without.status_code == 200
    assert "ngan hang" not in text_of(office.leader_client.get(f"{PARTNERS}?q=ngan+hang"))
    assert "Ngân hàng A" in text_of(office.leader_client.get(f"{PARTNERS}?q=ngan+hang"))
    page = office.leader_client.get(f"{PARTNERS}{partner.pk}/change/")
    assert f"apikey/add/?partner={partner.pk}" in page.content.decode()
    delete = f"{PARTNERS}{partner.pk}/delete/"
    assert delete not in page.content.decode()
    assert office.leader_client.post(delete, {"post": "yes"}).status_code == 403
    assert Partner.objects.get() == partner


def test_a_key_is_shown_once_and_is_kept_nowhere(office, caplog):
    partner = partner_named("Ngân hàng A")
    page = given(office.leader_client, partner, name="Máy chủ 1", addresses="10.0.0.0/8\n2001:DB8::/32")
    raw_key = key_in(page)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    key = ApiKey.objects.get()
    assert (key.name, key.scopes) == ("Máy chủ 1", "clusters")
    assert key.addresses.split() == ["10.0.0.0/8", "2001:db8::/32"]
    assert find(raw_key, datetime(2027, 12, 31, 16, 59, tzinfo=UTC), ip_address("10.0.0.1")) is not None
    assert find(raw_key, datetime(2027, 12, 31, 17, 0, tzinfo=UTC), ip_address("10.0.0.1")) is None
    entry = LedgerEntry.objects.filter(table_name="registry_apikey").latest("seq")
    assert (entry.actor, entry.reason) == ("lanh-dao", "Cấp khóa API")
    secret = raw_key.split("_", 2)[2]
    after = [
        office.leader_client.get(p)
        for p in (KEYS, page_of(key), f"{PARTNERS}{partner.pk}/change/", "/admin/")
    ]
    seen = "".join(response.content.decode() for response in after)
    assert f"hpr_{key.prefix}_" in seen
    kept = [
        *(str(s.get_decoded()) for s in Session.objects.all()),
        *(str(c) for c in office.leader_client.cookies.values()),
    ]
    kept += [str(v) for row in LedgerPayload.objects.values_list("before", "after") for v in row]
    kept += [*(str(row.__dict__) for row in ApiKey.objects.all()), caplog.text, seen, str(page.headers)]
    assert not any(secret in text for text in kept)


def test_the_same_form_sent_again_makes_no_second_key_and_shows_none(office):
    partner = partner_named("A")
    opened = office.leader_client.get(f"{KEYS}add/?partner={partner.pk}")
    token = re.search(r'name="form_token" value="(\w+)"', opened.content.decode())[1]
    typed = {"partner": partner.pk, "scopes": "clusters", "expires_on": "31/12/2027", "form_token": token}
    first = office.leader_client.post(f"{KEYS}add/", typed)
    assert KEY.search(first.content.decode())
    second = office.leader_client.post(f"{KEYS}add/", typed, follow=True)
    assert "không hiện lại được" in text_of(second)
    assert not KEY.search(second.content.decode())
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"scopes": []}, "bắt buộc"),
        ({"expires_on": ""}, "bắt buộc"),
        ({"expires_on": "20/11/2026"}, "từ hôm nay trở đi"),
        ({"expires_on": "22/11/2031"}, "nhiều nhất 5 năm. Hãy ghi một ngày không sau 21/11/2031"),
        ({"expires_on": "01/01/9500"}, "nhiều nhất 5 năm"),
        ({"expires_on": "31/12/9999"}, "nhiều nhất 5 năm"),
        ({"addresses": "10.0.0.0/8 máy chủ"}, "“máy” không phải địa chỉ mạng"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_place(office, typed, says):
    page = given(office.leader_client, partner_named("A"), **typed)
    assert page.status_code == 200
    assert says in text_of(page)
    assert not ApiKey.objects.exists()


def test_every_wrong_address_is_named_and_what_was_typed_is_kept(office):
    typed = "203.0.113.7/0\n10.0.0.1/8\nmáy\n2001:db8::/32\nfe80::1%eth0\n::ffff:0:0/95"
    page = given(office.leader_client, partner_named("A"), addresses=typed)
    refused = page.context["adminform"].form.errors.as_data()["addresses"]
    assert [error.code for error in refused] == [
        "network_of_everything", "network_ambiguous", "address_unreadable", "address_zoned", "network_straddles",
    ]  # fmt: skip
    said = text_of(page)
    assert "“203.0.113.7/0” là mọi địa chỉ IPv4. Chỉ địa chỉ 203.0.113.7 thì ghi 203.0.113.7." in said
    assert "Chỉ địa chỉ 10.0.0.1 thì ghi 10.0.0.1; cả mạng thì ghi 10.0.0.0/8." in said
    assert typed in page.content.decode()
    assert not ApiKey.objects.exists()
    many = given(office.leader_client, partner_named("A"), addresses=" ".join(f"m{n}" for n in range(50)))
    refused = many.context["adminform"].form.errors.as_data()["addresses"]
    assert (len(refused), refused[-1].message) == (21, "Còn 30 chỗ khác như vậy.")


def test_where_a_new_key_opens_from_stands_beside_it(office):
    partner = partner_named("A")
    page = given(office.leader_client, partner, addresses="203.0.113.7, 10.0.0.0/8")
    assert "Chỉ dùng được từ: 203.0.113.7/32 , 10.0.0.0/8 ." in text_of(page)
    assert "Dùng được từ mọi địa chỉ." in text_of(given(office.leader_client, partner))


def test_what_an_older_release_stored_is_read_and_asked_about_when_it_is_changed(office):
    key, raw_key = new_key("A", at=NOW)
    with recorded():
        ApiKey.objects.filter(pk=key.pk).update(addresses="fe80::1%eth0/128\n::fffe:0:0/95\n0.0.0.0/0")
    assert find(raw_key, NOW, ip_address("1.2.3.4")) is not None
    page = fill(office.leader_client, page_of(key), name="máy 2")
    assert "“0.0.0.0/0” là mọi địa chỉ IPv4" in text_of(page)
    assert fill(office.leader_client, page_of(key), name="máy 2", addresses="").status_code == 302


def test_the_third_live_key_is_refused_until_one_is_revoked(office):
    partner = partner_named("A")
    first, second = (key_in(given(office.leader_client, partner, name=name)) for name in ("cũ", "mới"))
    assert "đang có 2 khóa dùng được" in text_of(given(office.leader_client, partner))
    page = office.leader_client.get(f"{PARTNERS}{partner.pk}/change/")
    assert "apikey/add/?partner" not in page.content.decode()
    old = ApiKey.objects.get(name="cũ")
    response = office.leader_client.post(page_of(old), {"_revoke": "1"}, follow=True)
    assert "Đã thu hồi 1 khóa" in text_of(response)
    assert find(first, NOW) is None
    assert find(second, NOW) is not None
    assert "Đã thu hồi ngày 21/11/2026" in text_of(office.leader_client.get(page_of(old)))
    assert LedgerEntry.objects.filter(table_name="registry_apikey").latest("seq").reason == "Thu hồi khóa API"
    assert key_in(given(office.leader_client, partner))


def test_what_a_key_opens_can_be_changed_and_its_holder_and_end_cannot(office):
    key, raw_key = new_key("A", at=NOW, expires_at=NOW + timedelta(days=20))
    other = partner_named("B")
    page = office.leader_client.get(page_of(key))
    assert "Sắp hết hạn" in text_of(page)
    typed = {
        "scopes": ["investors"],
        "addresses": "203.0.113.7",
        "partner": other.pk,
        "expires_on": "31/12/2030",
    }
    assert fill(office.leader_client, page_of(key), **typed).status_code == 302
    reader = find(raw_key, NOW, ip_address("203.0.113.7"))
    assert "investor" in reader.kinds
    assert "cluster" not in reader.kinds
    after = ApiKey.objects.get()
    assert (after.partner, after.expires_at) == (key.partner, key.expires_at)


def test_revoking_from_the_list_and_who_may(office, superuser):
    key, raw_key = new_key("A", at=NOW)
    asked = {"action": "revoke", "_selected_action": [key.pk]}
    assert office.clerk_client.post(KEYS, asked).status_code == 403
    assert office.clerk_client.post(page_of(key), {"_revoke": "1"}).status_code == 403
    assert find(raw_key, NOW) is not None
    assert "Thu hồi các khóa này?" in text_of(superuser.post(KEYS, asked, follow=True))
    assert find(raw_key, NOW) is not None
    assert "Đã thu hồi 1 khóa" in text_of(superuser.post(KEYS, {**asked, "sure": "yes"}, follow=True))
    assert find(raw_key, NOW) is None
    assert "Thu hồi ngay" not in text_of(superuser.get(page_of(key)))
    nothing = f"Không thu hồi gì: hpr_{key.prefix}_… đã thu hồi ngày 21/11/2026."
    for again in (asked, {**asked, "sure": "yes"}):
        assert said(superuser.post(KEYS, again))[-1] == nothing
    assert said(superuser.post(page_of(key), {"_revoke": "1"}))[-1] == nothing


def test_of_many_keys_that_open_nothing_the_first_are_named(office):
    keys = [new_key(f"Đối tác {n}", at=NOW - timedelta(days=9), expires_at=NOW)[0] for n in range(7)]
    asked = {"action": "revoke", "_selected_action": [key.pk for key in keys], "sure": "yes"}
    (told,) = said(office.leader_client.post(KEYS, asked))
    assert told.count("đã hết hạn sau ngày 21/11/2026") == 5
    assert told.endswith("; và 2 khóa khác cũng vậy.")
    assert not ApiKey.objects.filter(revoked_at__isnull=False).exists()


def test_a_key_given_before_there_was_a_bound_stays_and_is_changed(office):
    key, raw_key = new_key("A", at=NOW)
    with recorded():
        ApiKey.objects.filter(pk=key.pk).update(expires_at=end_of(date(2099, 12, 31)))
    assert "Dùng được đến hết 31/12/2099" in text_of(office.leader_client.get(page_of(key)))
    assert fill(office.leader_client, page_of(key), name="máy 2").status_code == 302
    assert ApiKey.objects.get().name == "máy 2"
    assert find(raw_key, NOW) is not None


def test_before_chosen_keys_are_revoked_a_page_names_them(office):
    used, raw_used = new_key("A", at=NOW)
    with recorded():
        used.name = "cũ"
        used.save()
    other, raw_other = new_key("B", at=NOW)
    gone, _ = new_key("C", at=NOW - timedelta(days=9), expires_at=NOW)
    spared, raw_spared = new_key("D", at=NOW)
    add_uses([(used.pk, date(2026, 11, 21), 3, 0, NOW)])
    asked = {"action": "revoke", "_selected_action": [used.pk, other.pk, gone.pk]}
    page = office.leader_client.post(KEYS, asked)
    text = text_of(page)
    for words in (f"hpr_{used.prefix}_…", "(cũ)", "14:05 21/11/2026", f"hpr_{other.prefix}_…", "Chưa dùng"):
        assert words in text
    assert "1 khóa đã thu hồi hoặc hết hạn" in text
    assert gone.prefix not in text
    assert spared.prefix not in text
    assert all(find(raw_key, NOW) for raw_key in (raw_used, raw_other))
    sure = {"action": "revoke", "sure": "yes"}
    found = re.findall(r'name="_selected_action" value="(\d+)"', page.content.decode())
    sent = office.leader_client.post(KEYS, {**sure, "_selected_action": found}, follow=True)
    assert "Đã thu hồi 2 khóa" in text_of(sent)
    assert [find(raw_key, NOW) is None for raw_key in (raw_used, raw_other, raw_spared)] == [
        True,
        True,
        False,
    ]


def test_use_is_a_picture_with_a_table_beside_it(office):
    key, _ = new_key("A", at=NOW - timedelta(days=9))
    add_uses([(key.pk, date(2026, 11, 20), 1234, 34, NOW - timedelta(days=1))])
    add_uses([(key.pk, date(2026, 11, 21), 10, 0, NOW), (key.pk, date(2026, 11, 21), 5, 0, NOW)])
    page = office.leader_client.get(page_of(key)).content.decode()
    assert page.count('class="asked"') == 2
    assert page.count('class="over"') == 1
    assert "Từ 23/10/2026 đến 21/11/2026: 1.249 yêu cầu, trong đó 34 bị từ chối" in page
    assert re.search(r'20/11/2026</th><td class="number">1\.234</td><td class="number">34</td>', page)
    assert 'style="' not in page
    assert "14:05 21/11/2026" in page
    assert "14:05 21/11/2026" in text_of(office.leader_client.get(KEYS))


def test_a_quiet_day_is_seen_beside_one_of_a_million():
    days = [(date(2026, 11, 1), 0, 0), (date(2026, 11, 2), 10, 1), (date(2026, 11, 3), 10**6, 1)]
    none, quiet, busy = usage_picture(days).bars
    assert (none.height, none.over) == (0, 0)
    assert quiet.over >= 1
    assert quiet.height - quiet.over >= 1
    assert busy.over >= 1
    for bar in (none, quiet, busy):
        assert bar.top >= 0
        assert bar.top + bar.height == HEIGHT


def test_a_list_of_many_keys_asks_no_more(office, django_assert_max_num_queries):
    with recorded():
        for n in range(30):
            new_key(f"Đối tác {n}", at=NOW)
    for page in (KEYS, PARTNERS):
        with django_assert_max_num_queries(12):
            assert "Đối tác 29" in text_of(office.leader_client.get(page))


@pytest.fixture
def superuser(db):
    return signed_in(User.objects.create_superuser("quan-tri", password=None))
