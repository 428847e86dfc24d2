"""The API's documentation page in a browser: styled, in Vietnamese, clean under the strict policy."""

import pytest
from playwright.sync_api import Page


@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (1200, "dark"), (390, "light")])
def test_the_documentation_page_fits_its_window_and_needs_nothing_from_elsewhere(
    live_server, page: Page, width, scheme
):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{live_server.url}/api/v1/docs/")
    assert page.locator("html").get_attribute("lang") == "vi"
    assert page.evaluate("getComputedStyle(document.body).maxWidth") == "992px"  # the stylesheet was let in
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="Danh mục mã").click()
    page.locator("#codes summary", has_text="legal_stage").click()
    assert page.get_by_text("Đã chấp thuận chủ trương đầu tư").is_visible()
