"""The log as people and their screen readers meet it."""

from playwright.sync_api import Page, expect

from registry.ledger.context import recorded
from tests.admin.office import Office
from tests.browser.test_accessibility import DANGLING, PASSWORD, desk, named, office, pytestmark

__all__ = ["desk", "office", "pytestmark"]


def test_a_leader_filters_the_log_and_opens_an_entry_on_a_phone(
    office: Office, desk: Page, live_server
) -> None:  # type: ignore[no-untyped-def]
    office.leader.set_password(PASSWORD)
    office.leader.save()
    with recorded(actor="van-thu", reason="đo lại", request="yeu-cau-1"):
        office.effect.area_ha = "48.1"
        office.effect.save()
    desk.context.clear_cookies()
    desk.goto(f"{live_server.url}/admin/log/")
    desk.get_by_label("Tên đăng nhập").fill("lanh-dao")
    desk.get_by_label("Mật khẩu").fill(PASSWORD)
    desk.get_by_role("button", name="Đăng nhập").click()
    desk.set_viewport_size({"width": 390, "height": 844})

    desk.get_by_label("Lý do có các chữ").fill("do lai")
    desk.get_by_role("button", name="Lọc").click()
    expect(desk.locator(".log-count")).to_contain_text("1 mục khớp với điều kiện")
    assert [role for role, name in named(desk) if not name] == []
    assert desk.evaluate(DANGLING) == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390

    desk.locator(".acts .entry-link").first.click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Mục sổ cái")
    expect(desk.locator(".entry-holds")).to_have_count(2)
    assert desk.evaluate(DANGLING) == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390
    desk.get_by_role("link", name="Mọi mục cùng yêu cầu").click()
    expect(desk.locator(".log-count")).to_contain_text("1 mục")

    desk.get_by_label("Từ (giờ Hà Nội)").fill("hôm qua")
    desk.get_by_role("button", name="Lọc").click()
    expect(desk.get_by_role("alert")).to_contain_text("Không đọc được thời điểm")
    expect(desk.get_by_label("Từ (giờ Hà Nội)")).to_have_value("hôm qua")
