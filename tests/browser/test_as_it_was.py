"""A clerk goes back to what a record was: from its history to its past, to one field, to the whole, in a browser."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from registry.ledger.context import recorded
from registry.models import Effect
from tests.admin.office import Office, url
from tests.browser.test_accessibility import DANGLING, PASSWORD, named

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(transactional_db: None, context: BrowserContext, live_server) -> tuple[Office, Page]:  # type: ignore[no-untyped-def]
    office = Office()
    office.clerk.set_password(PASSWORD)
    office.clerk.save()
    with recorded(actor="van-thu", reason="gõ nhầm"):
        office.effect.area_ha = "48.1"
        office.effect.save()
        office.decision.abstract = "Nhầm trích yếu"
        office.decision.save()
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Tên đăng nhập").fill("van-thu")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Công việc hôm nay")).to_be_visible()
    return office, page


def accessible(page: Page) -> None:
    assert [role for role, name in named(page) if not name] == []
    assert page.evaluate(DANGLING) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_clerk_looks_back_and_takes_one_field_then_all_of_it(
    desk: tuple[Office, Page],
    live_server,  # type: ignore[no-untyped-def]
) -> None:
    office, page = desk
    page.goto(live_server.url + url(office.decision))
    page.get_by_role("link", name="Lịch sử").click()
    page.get_by_role("link", name="Xem bản ghi khi đó").last.click()
    expect(page.get_by_role("heading", name="Như khi đó: 1013/QĐ-UBND")).to_be_visible()
    area = page.get_by_role("row", name="Diện tích")
    expect(area).to_contain_text("≠")
    expect(area.get_by_role("cell").nth(0)).to_have_text("47,8 ha")
    expect(area.get_by_role("cell").nth(1)).to_contain_text("48,1 ha")
    accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    accessible(page)
    page.get_by_role("link", name="Chỉ xem chỗ khác").click()
    expect(page.get_by_role("row", name="Kiểm chứng").first).to_be_attached()

    page.get_by_role("link", name="Khôi phục riêng ô này Diện tích").click()
    expect(page.get_by_role("checkbox", name="Diện tích")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Trích yếu")).not_to_be_checked()
    accessible(page)
    page.get_by_role("button", name="Khôi phục").click()
    expect(page.get_by_role("alert").first).to_contain_text("Hãy sửa chỗ được đánh dấu")
    expect(page.get_by_role("checkbox", name="Trích yếu")).not_to_be_checked()
    page.get_by_label("Lý do khôi phục").fill("theo bản giấy")
    page.get_by_role("button", name="Khôi phục").click()
    expect(page.locator(".messagelist .success")).to_contain_text("hãy xem lại rồi trình duyệt")
    assert str(Effect.objects.get().area_ha) == "47.8000"

    page.goto(live_server.url + url(office.decision, "history"))
    expect(page.locator(".acts > li").first).to_contain_text("lý do: theo bản giấy")
    page.get_by_role("link", name="Xem bản ghi khi đó").last.click()
    page.get_by_role("link", name="Khôi phục về lúc này").click()
    page.get_by_label("Lý do khôi phục").fill("nhầm cả trích yếu")
    page.get_by_role("button", name="Khôi phục").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    office.decision.refresh_from_db()
    assert office.decision.abstract == ""


def test_a_moment_is_typed_and_a_wrong_one_is_said_beside_it(
    desk: tuple[Office, Page],
    live_server,  # type: ignore[no-untyped-def]
) -> None:
    office, page = desk
    page.goto(live_server.url + url(office.cluster, "as-it-was"))
    moment = page.get_by_label("Xem như lúc")
    moment.fill("hôm kia")
    moment.press("Enter")
    expect(moment).to_have_value("hôm kia")
    expect(moment).to_have_accessible_description(
        "Ngày, hoặc ngày và giờ. Chỉ ghi ngày thì là hết ngày đó. Hoặc chọn một lần sửa ở Lịch sử. Không đọc được thời "
        "điểm “hôm kia”. Hãy ghi ngày, hoặc ngày và giờ Hà Nội, như 21/11/2026 hay 21/11/2026 14:05."
    )
    accessible(page)
