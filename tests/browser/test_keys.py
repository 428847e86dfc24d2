"""A key is shown once, in a real browser: no way back brings it up again."""

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect

from registry import clock
from registry.models import ApiKey
from tests.admin.office import Office
from tests.browser.test_sessions import PASSWORD
from tests.keys import new_key, partner_named

pytestmark = pytest.mark.django_db(transaction=True)


def leader_at_work(context: BrowserContext, live_server) -> Page:  # type: ignore[no-untyped-def]
    office = Office()
    office.leader.set_password(PASSWORD)
    office.leader.save()
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Tên đăng nhập").fill("lanh-dao")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Công việc hôm nay")).to_be_visible()
    return page


def test_the_way_back_shows_no_key_again(
    transactional_db: None,
    context: BrowserContext,
    live_server,  # type: ignore[no-untyped-def]
) -> None:
    page, partner = leader_at_work(context, live_server), partner_named("Ngân hàng A")
    page.goto(f"{live_server.url}/admin/registry/partner/{partner.pk}/change/")
    page.get_by_role("link", name="Cấp khóa mới").click()
    page.get_by_label("Cụm và khu công nghiệp").check()
    page.get_by_role("button", name="Lưu lại").click()
    raw_key = page.locator("#shown-key code").inner_text()
    assert raw_key.startswith(f"hpr_{ApiKey.objects.get().prefix}_")
    page.get_by_role("link", name="Đã cất khóa, về trang đối tác").click()
    expect(page.get_by_text("Dùng được đến hết")).to_be_visible()
    assert raw_key not in page.content()
    # The browser kept no copy, and asks before it sends the form again.
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        page.go_back()
    expect(page.get_by_text(raw_key)).to_have_count(0)
    assert ApiKey.objects.count() == 1


def test_on_a_phone_and_by_keyboard_chosen_keys_are_revoked_after_a_question(
    transactional_db: None,
    context: BrowserContext,
    live_server,  # type: ignore[no-untyped-def]
) -> None:
    page = leader_at_work(context, live_server)
    key, _ = new_key("Ngân hàng Thương mại cổ phần có tên thật là dài", at=clock.now())
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/admin/registry/apikey/")
    page.locator(f"input.action-select[value='{key.pk}']").check()
    page.locator("select[name=action]").select_option("revoke")
    page.locator("button[name=index]").first.press("Enter")
    expect(page.get_by_role("heading", name="Thu hồi các khóa này?")).to_be_visible()
    expect(page.get_by_text(f"hpr_{key.prefix}_…")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not ApiKey.objects.get().revoked_at
    back = page.get_by_role("link", name="Quay lại, không thu hồi")
    back.focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Thu hồi ngay")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã thu hồi 1 khóa")).to_be_visible()
    assert ApiKey.objects.get().revoked_at


def test_enter_in_an_input_of_a_key_saves_and_revokes_nothing(
    transactional_db: None,
    context: BrowserContext,
    live_server,  # type: ignore[no-untyped-def]
) -> None:
    page = leader_at_work(context, live_server)
    key, _ = new_key("Ngân hàng A", at=clock.now())
    page.goto(f"{live_server.url}/admin/registry/apikey/{key.pk}/change/")
    page.get_by_label("Dùng ở đâu").fill("máy chủ mới")
    page.get_by_label("Dùng ở đâu").press("Enter")
    expect(page.locator(".messagelist .success")).to_be_visible()
    saved = ApiKey.objects.get()
    assert (saved.name, saved.revoked_at) == ("máy chủ mới", None)
    page.goto(f"{live_server.url}/admin/registry/apikey/{key.pk}/change/")
    page.get_by_text("Thu hồi khóa", exact=True).click()
    page.get_by_role("button", name="Thu hồi ngay").click()
    expect(page.get_by_text("Đã thu hồi 1 khóa")).to_be_visible()
    assert ApiKey.objects.get().revoked_at
