"""What no form takes: letters lost in copying, and what no database stores. Every page is asked, not only records'."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import RequestFactory

from registry import clock
from registry.actions import webhooks
from registry.admin.as_it_was import RestoreForm
from registry.admin.fields import WholeLetters
from registry.admin.reviewed import ReasonForm
from registry.admin.steps import STEPS
from registry.models import ApiKey, LedgerEntry, Partner, Webhook
from tests.admin.browsing import fill, text_of
from tests.admin.office import signed_in
from tests.keys import new_key

LOST = "Hãy xóa dấu đó và gõ lại chữ cho đúng."


@pytest.fixture
def superuser(db: None) -> User:
    return User.objects.create_superuser("quan-tri", password="mot-hai-ba-bon")


def test_every_form_that_writes_refuses_lost_letters(superuser):
    request = RequestFactory().get("/admin/")
    request.user = superuser
    forms: dict[str, Any] = {str(form): form for form in (ReasonForm, RestoreForm)}
    forms |= {f"step {step.slug}": step.form for step in STEPS}
    pages = admin.site._registry.values()
    for page in pages:
        if page.has_add_permission(request) or page.has_change_permission(request):
            forms[f"{page}"] = page.form
            if hasattr(page, "add_form"):
                forms[f"{page}, new"] = page.add_form
        for inline in page.get_inline_instances(request):
            forms[f"{page}, {inline}"] = inline.form
    assert len(forms) > len(pages) > 20
    assert [name for name, form in forms.items() if not issubclass(form, WholeLetters)] == []


@pytest.mark.parametrize(("text", "told"), [("Ng\ufffdn", LOST), ("Ng\0n", "ký tự")])
@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("partner", "name"), ("partner", "contact"), ("partner", "purpose"),
        ("apikey", "name"), ("apikey", "addresses"), ("webhook", "name"), ("webhook", "url"),
    ],
)  # fmt: skip
def test_what_partners_keys_and_webhooks_are_called_is_whole_too(office, kind, field, text, told):
    key, _ = new_key("Ngân hàng A", at=clock.now())
    webhook = Webhook(partner=key.partner, url="https://doi-tac.example/", scopes="clusters")
    webhooks.subscribe(webhook, at=clock.now(), by="lanh-dao")
    saved = {"partner": key.partner, "apikey": key, "webhook": webhook}[kind]
    typed = {"name": "Tên khác", "scopes": ["clusters"], "contact": "A", "purpose": "B"}
    typed |= {"partner": key.partner.pk, "url": "https://doi-tac.example/"}
    typed[field] = f"{typed['url']}{text}" if field == "url" else text
    before = LedgerEntry.objects.count()
    for address in (f"/admin/registry/{kind}/add/", f"/admin/registry/{kind}/{saved.pk}/change/"):
        page = fill(office.leader_client, address, **typed)
        assert page.status_code == 200
        assert told in text_of(page)
    assert LedgerEntry.objects.count() == before


def test_the_name_of_a_key_is_cleaned_when_it_is_changed_too(office):
    key, _ = new_key("A", at=clock.now())
    change = f"/admin/registry/apikey/{key.pk}/change/"
    assert fill(office.leader_client, change, name="ma\u0301y\u200b   2").status_code == 302
    assert ApiKey.objects.get().name == "m\u00e1y 2"


def test_accounts_and_groups_too_and_what_stands_there_already_may_stay(superuser):
    client = signed_in(superuser)
    new = {"username": "an", "password1": "mot-hai-ba-bon-9", "password2": "mot-hai-ba-bon-9"}
    assert LOST in text_of(fill(client, "/admin/auth/user/add/", **new | {"username": "\ufffdn"}))
    assert fill(client, "/admin/auth/user/add/", **new).status_code == 302
    User.objects.filter(username="an").update(last_name="Nguy\ufffdn")
    change = f"/admin/auth/user/{User.objects.get(username='an').pk}/change/"
    assert LOST in text_of(fill(client, change, first_name="\ufffdn"))
    assert fill(client, change, first_name="Ân").status_code == 302
    assert LOST in text_of(fill(client, "/admin/auth/group/add/", name="Nh\ufffdm"))
    assert not Group.objects.filter(name__contains="\ufffd").exists()
    assert not Partner.objects.exists()
