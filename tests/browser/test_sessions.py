"""Logging out and in while a form is open, in a real browser: nothing typed is lost, nothing is saved unasked."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from registry.models import Decision
from tests.admin.office import Office, signed_in, url

PASSWORD = "mat-khau-thu-rat-dai"
TYPED = 'Về việc <mở rộng> "cụm" & sân'

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(transactional_db: None) -> Office:
    office = Office()
    office.clerk.set_password(PASSWORD)
    office.clerk.save()
    return office


def log_in(page: Page) -> None:
    page.get_by_label("Tên đăng nhập").fill("van-thu")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Công việc hôm nay")).to_be_visible()


@pytest.fixture
def form(office: Office, context: BrowserContext, live_server) -> Page:  # type: ignore[no-untyped-def]
    """The decision's form with something typed in it."""
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/")
    log_in(page)
    page.goto(live_server.url + url(office.decision))
    page.locator("#id_abstract").fill(TYPED)
    page.locator("#id_effects-0-area").fill("50,5")
    return page


def saved() -> tuple[str, str]:
    decision = Decision.objects.get()
    return decision.abstract, f"{decision.effects.get().area_ha:.1f}"


def test_logging_out_and_in_again_in_a_second_tab_loses_nothing_typed(form: Page, live_server) -> None:  # type: ignore[no-untyped-def]
    other = form.context.new_page()
    other.goto(f"{live_server.url}/admin/")
    other.locator("#logout-form button").click()
    expect(other.locator("#logout-form")).to_have_count(0)
    other.goto(f"{live_server.url}/admin/")
    log_in(other)

    form.locator("[name=_save]").click()

    expect(form.get_by_role("alert")).to_contain_text("Chưa lưu gì")
    expect(form.locator("#content-main")).to_contain_text("Bạn đang đăng nhập với tên Nguyễn An.")
    assert saved() == ("", "47.8")
    form.get_by_role("button", name="Gửi lại").click()
    expect(form.locator(".messagelist .success")).to_be_visible()
    assert saved() == (TYPED, "50.5")


def test_a_session_that_ran_out_loses_nothing_typed(form: Page) -> None:
    before = form.locator(".theme-toggle").bounding_box()
    Session.objects.all().delete()
    form.locator("[name=_save]").click()
    expect(form.get_by_role("link", name="Đăng nhập lại trong thẻ mới")).to_be_visible()
    after = form.locator(".theme-toggle").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["x"] - before["x"]) < 5
    with form.context.expect_page() as opened:
        form.get_by_role("link", name="Đăng nhập lại trong thẻ mới").click()
    log_in(opened.value)
    assert saved() == ("", "47.8")
    form.get_by_role("button", name="Gửi lại").click()
    expect(form.locator("#content-main")).to_contain_text("Bạn đang đăng nhập với tên Nguyễn An.")
    form.get_by_role("button", name="Gửi lại").click()
    expect(form.locator(".messagelist .success")).to_be_visible()
    assert saved() == (TYPED, "50.5")


@pytest.mark.parametrize(
    ("headers", "offered"),
    [
        ({"Origin": "http://testserver"}, True),
        ({"Referer": "http://testserver/admin/"}, True),
        ({"Origin": "https://registry.example"}, True),
        ({"Referer": "https://registry.example/admin/"}, True),
        ({"Origin": "https://so-dang-ky.office.example"}, True),
        ({"Origin": "http://registry.example"}, False),
        ({"Origin": "https://registry.example.elsewhere"}, False),
        ({"Origin": "https://elsewhere.example", "Referer": "http://testserver/admin/"}, False),
        ({"Referer": "http://testserver.elsewhere.example/"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_only_a_form_of_our_own_pages_is_offered_again(  # type: ignore[no-untyped-def]
    office: Office, headers, offered, known, settings
) -> None:
    # The name outside, where a proxy does not pass it on (docs/operations.md).
    settings.CSRF_TRUSTED_ORIGINS = ["https://registry.example", "https://*.office.example"]
    client = Client(enforce_csrf_checks=True) if known else Client()
    if known:
        client.cookies.update(signed_in(office.clerk).cookies)
    answer = client.post(url(office.decision), {"abstract": "của người khác"}, headers=headers)
    page = answer.content.decode()
    assert (answer.status_code == 403) is (known or offered)
    assert ("Gửi lại" in page, "của người khác" in page) == (offered, offered)


@pytest.mark.parametrize("page", ["login/", "logout/", "password_change/"])
def test_passwords_are_never_written_back_into_a_page(office: Office, page: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies.update(signed_in(office.clerk).cookies)
    sent = {"username": "van-thu", "password": PASSWORD, "old_password": PASSWORD}
    answer = client.post(f"/admin/{page}", sent, headers={"Origin": "http://testserver"})
    assert answer.status_code == 403
    assert not re.search(f"Gửi lại|{PASSWORD}", answer.content.decode())
    assert "Chưa có gì được lưu" in answer.content.decode()
