"""Old tabs of what has no way to the public: keys, partners, webhooks, accounts, groups."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from registry import clock
from registry.actions import webhooks
from registry.ledger.context import recorded
from registry.models import Webhook
from tests.admin.browsing import fields_of, fill, send, text_of
from tests.admin.office import Office, person, signed_in
from tests.keys import new_key, partner_named


@pytest.fixture
def other(office: Office) -> Client:
    """A second leader."""
    return signed_in(person("lanh-dao-2", "Duyệt", first_name="Chi", last_name="Lê"))


@pytest.fixture
def superusers(db: None) -> tuple[Client, Client]:
    return tuple(signed_in(User.objects.create_superuser(f"quan-tri-{n}", password=None)) for n in (1, 2))  # type: ignore[misc]


def page_of(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def refused(response: HttpResponse) -> str:
    told = text_of(response)
    assert response.status_code == 200
    assert "Chưa lưu: người khác đã sửa bản ghi này" in told
    return told


def test_an_old_tab_of_a_key_opens_nothing_that_was_closed_meanwhile(office: Office, other: Client) -> None:
    key, _ = new_key("Ngân hàng A", at=clock.now())
    mine = fields_of(office.leader_client.get(page_of(key)))
    narrowed = {"scopes": ["clusters"], "addresses": "203.0.113.7"}
    assert fill(other, page_of(key), **narrowed).status_code == 302

    page = send(office.leader_client, page_of(key), mine, name="máy chủ B")

    assert "Lê Chi" in refused(page)
    key.refresh_from_db()
    assert (key.name, key.scopes, key.addresses) == ("", "clusters", "203.0.113.7/32")
    assert send(office.leader_client, page_of(key), fields_of(page)).status_code == 302
    key.refresh_from_db()
    assert (key.name, key.scopes, key.addresses) == ("máy chủ B", "clusters", "203.0.113.7/32")


def test_what_both_changed_of_a_partner_stays_typed_beside_what_is_saved(
    office: Office, other: Client
) -> None:
    partner = partner_named("Ngân hàng A")
    mine = fields_of(office.leader_client.get(page_of(partner)))
    assert fill(other, page_of(partner), contact="Phòng mới", purpose="Theo dõi").status_code == 302

    page = send(office.leader_client, page_of(partner), mine, contact="Phòng cũ, máy lẻ 5")

    assert "Người khác vừa lưu: Phòng mới" in refused(page)
    assert fields_of(page)["contact"] == ["Phòng cũ, máy lẻ 5"]
    assert send(office.leader_client, page_of(partner), fields_of(page)).status_code == 302
    partner.refresh_from_db()
    assert (partner.contact, partner.purpose) == ("Phòng cũ, máy lẻ 5", "Theo dõi")


def test_an_old_tab_of_a_webhook_sends_nowhere_it_no_longer_should(office: Office, other: Client) -> None:
    key, _ = new_key("Ngân hàng A", at=clock.now())
    webhook = Webhook(partner=key.partner, url="https://a.example/cu", scopes="clusters")
    webhooks.subscribe(webhook, at=clock.now(), by="lanh-dao")
    mine = fields_of(office.leader_client.get(page_of(webhook)))
    assert fill(other, page_of(webhook), url="https://a.example/moi").status_code == 302

    page = send(office.leader_client, page_of(webhook), mine, name="kho")

    refused(page)
    assert send(office.leader_client, page_of(webhook), fields_of(page)).status_code == 302
    webhook.refresh_from_db()
    assert (webhook.name, webhook.url) == ("kho", "https://a.example/moi")


def test_an_old_tab_opens_no_closed_account_and_gives_no_group_back(
    superusers: tuple[Client, Client],
) -> None:
    first, second = superusers
    person("van-thu-9", "Nhập liệu", first_name="An", last_name="Nguyễn")
    user = User.objects.get(username="van-thu-9")
    mine = fields_of(first.get(page_of(user)))
    assert fill(second, page_of(user), is_active=[], groups=[]).status_code == 302

    page = send(first, page_of(user), mine, first_name="Ân")

    refused(page)
    user.refresh_from_db()
    assert (user.first_name, user.is_active, user.groups.count()) == ("An", False, 0)
    assert send(first, page_of(user), fields_of(page)).status_code == 302
    user.refresh_from_db()
    assert (user.first_name, user.is_active, user.groups.count()) == ("Ân", False, 0)


def test_an_old_tab_gives_a_group_no_right_back(superusers: tuple[Client, Client]) -> None:
    first, second = superusers
    group = Group.objects.get(name="Duyệt")
    kept, gone = group.permissions.filter(content_type__app_label="registry").order_by("pk")[:2]
    with recorded(actor="quan-tri-1"):
        group.permissions.set([kept, gone])
    mine = fields_of(first.get(page_of(group)))
    assert fill(second, page_of(group), permissions=[str(kept.pk)]).status_code == 302

    page = send(first, page_of(group), mine)

    refused(page)
    assert send(first, page_of(group), fields_of(page)).status_code == 302
    assert set(Permission.objects.filter(group=group)) == {kept}


def test_a_form_that_does_not_say_what_it_showed_saves_nothing(office: Office) -> None:
    partner = partner_named("Ngân hàng A")
    sent = {"name": "Ngân hàng B", "contact": "x", "purpose": "y", "requests_per_minute": "600"}

    assert "Không rõ bạn đã xem bản nào" in refused(office.leader_client.post(page_of(partner), sent))
    partner.refresh_from_db()
    assert partner.name == "Ngân hàng A"
    assert office.leader_client.get("/admin/registry/partner/%00/change/").status_code in (302, 404)
