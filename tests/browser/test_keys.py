"""A key is shown once, in a real browser: no way back brings it up again."""

import pytest
from playwright.sync_api import BrowserContext, Error, expect

from registry.models import ApiKey
from tests.admin.office import Office
from tests.browser.test_sessions import PASSWORD
from tests.keys import partner_named

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_way_back_shows_no_key_again(
    transactional_db: None,
    context: BrowserContext,
    live_server,  # type: ignore[no-untyped-def]
) -> None:
    office, partner = Office(), partner_named("Ngân hàng A")
    office.leader.set_password(PASSWORD)
    office.leader.save()
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Tên đăng nhập").fill("lanh-dao")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
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
