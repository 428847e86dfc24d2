import pytest
from playwright.sync_api import Page, expect


@pytest.mark.django_db(transaction=True)
def test_a_newcomer_is_asked_to_log_in_in_vietnamese_even_by_an_english_browser(page: Page, live_server):
    answer = page.goto(live_server.url)
    assert answer is not None
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    expect(page).to_have_title("Đăng nhập | Sổ đăng ký đầu tư Hải Phòng")
    expect(page.get_by_label("Mật khẩu")).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_the_watch_over_pages_sees_a_script_that_the_policy_forbids(
    page: Page, live_server, complaints_of_the_browser
):
    page.goto(live_server.url)
    with page.expect_console_message(lambda message: message.type == "error"):
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'), {textContent: '1'}))"
        )
    assert "violates the following Content Security Policy" in complaints_of_the_browser.pop()
