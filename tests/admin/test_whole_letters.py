"""What no form takes: letters lost in copying, keys, what no database stores. Every page is asked."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import RequestFactory

from registry import clock
from registry.actions import webhooks
from registry.actions.review import discard, return_for_changes
from registry.admin.as_it_was import RestoreForm
from registry.admin.fields import KeptForm
from registry.admin.reviewed import ReasonForm
from registry.admin.steps import STEPS
from registry.models import ApiKey, LedgerEntry, LedgerPayload, Partner, Webhook
from registry.rules.problems import Problem
from tests.admin.browsing import fill, text_of
from tests.admin.office import signed_in, url
from tests.keys import new_key

LOST = "Hãy xóa dấu đó và gõ lại chữ cho đúng."
A_KEY = "Hãy bỏ khóa ra; cần nói tới khóa nào thì chỉ ghi phần đầu của nó"
SECRET = "eySagz534QH_DiURmvF8P0bc9NRN5REIAjsHRph-EjU"
KEY = f"hpr_dwcge3b8_{SECRET}"


def kept(words: str) -> bool:
    return any(words in str(told) for told in LedgerPayload.objects.values_list("before", "after")) or (
        LedgerEntry.objects.filter(reason__contains=words).exists()
    )


@pytest.fixture
def superuser(db: None) -> User:
    return User.objects.create_superuser("quan-tri", password="mot-hai-ba-bon")


def test_every_form_that_writes_refuses_lost_letters_and_keys(superuser):
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
    assert [name for name, form in forms.items() if not issubclass(form, KeptForm)] == []


@pytest.mark.parametrize(("text", "told"), [("Ng\ufffdn", LOST), ("Ng\0n", "ký tự"), (KEY, A_KEY)])
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
        assert "\0" in text or text in page.content.decode()  # what was typed is there to be mended
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize(
    "field",
    ["abstract", "note", "issued_stated", "effects__0__as_stated", "citations__0__locator", "change_reason"],
)
def test_a_key_reaches_the_ledger_from_no_form_of_a_record(office, field):
    row = {
        "citations__TOTAL_FORMS": "1",
        "citations__0__field": "kind",
        "citations__0__source": office.source.pk,
    }
    row |= {
        "citations__0__locator": "trang 1",
        "citations__0__as_stated": "Quyết định",
        "issued_earliest": "31/03/2022",
    }
    before = LedgerEntry.objects.count()
    page = fill(office.clerk_client, url(office.decision), **row | {field: f"khóa {KEY}"})
    assert (page.status_code, A_KEY in text_of(page)) == (200, True)
    assert KEY in page.content.decode()
    assert LedgerEntry.objects.count() == before
    mended = fill(office.clerk_client, url(office.decision), **row | {field: f"khóa {KEY[:12]}_…"})
    assert mended.status_code == 302, mended.context["errors"]
    assert not kept(SECRET)


def test_a_key_reaches_the_ledger_from_no_reason(office):
    def refused(step: str, **typed: str) -> bool:
        client = office.clerk_client if step in ("submit", "discard") else office.leader_client
        page = fill(client, url(office.decision, step), **typed)
        assert all(words in page.content.decode() for words in typed.values())
        return page.status_code == 200 and A_KEY in text_of(page)

    assert refused("submit", note=KEY)
    assert refused("discard", reason=KEY)
    assert fill(office.clerk_client, url(office.decision, "submit"), note="Hết").status_code == 302
    assert refused("return", comment=KEY)
    assert refused("approve", reason=KEY)
    assert refused("approve", note=f"xem https://x.example/?k={KEY.replace('_', '%5F')}")
    for act in (discard, return_for_changes):
        words = {"comment": KEY, "at": clock.now()} if act is return_for_changes else {"reason": KEY}
        with pytest.raises(Problem) as caught:
            act(office.decision, by="van-thu", **words)
        assert caught.value.code == "key_in_text"
    assert not kept(SECRET)


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
