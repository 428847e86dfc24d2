"""Where values come from, in a real browser: for those who edit and who read, on a phone, in the dark, printed."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from registry.ledger.context import recorded
from registry.models import SourceDocument
from tests.admin.office import Office, url
from tests.browser.test_accessibility import DANGLING, PASSWORD, named

pytestmark = pytest.mark.django_db(transaction=True)
#: How much darker or lighter a text is than what it stands on, as the browser paints them (WCAG 2.2, 1.4.3).
CONTRAST = """element => {
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const paint = color => { canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); };
    const light = () => { const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(c => c / 255)
        .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4); return 0.2126*r + 0.7152*g + 0.0722*b; };
    const behind = [];
    for (let e = element; e; e = e.parentElement) behind.unshift(getComputedStyle(e).backgroundColor);
    paint('white'); behind.forEach(paint); const below = light();
    paint(getComputedStyle(element).color); const text = light();
    return (Math.max(below, text) + 0.05) / (Math.min(below, text) + 0.05); }"""
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def office(transactional_db: None) -> Office:
    """An investor of which two documents state different totals, and whose name nothing states."""
    office = Office()
    for user in (office.clerk, office.leader):
        user.set_password(PASSWORD)
        user.save()
    with recorded(actor="van-thu"):
        other = SourceDocument.objects.create(code="bao-b", name="Bài báo B")
        stated = ((1, 900_000_000, "900 triệu USD", office.source), (2, 1_000_000_000, "1 tỷ USD", other))
        for position, amount, words, source in stated:
            office.developer.capital_events.create(
                position=position, measure="group_total", amount=amount, currency="USD"
            )
            office.developer.citations.create(
                source=source, field="amount", as_stated=words, locator="đoạn 6", row_position=position
            )
    return office


def sign_in(context: BrowserContext, address: str, username: str) -> Page:
    page = context.new_page()
    page.goto(f"{address}/admin/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Công việc hôm nay")).to_be_visible()
    return page


@pytest.mark.parametrize("username", ["van-thu", "lanh-dao"])
def test_beside_each_value_words_say_where_it_comes_from(
    office: Office, context, live_server, username
) -> None:  # type: ignore[no-untyped-def]
    page = sign_in(context, live_server.url, username)
    page.goto(live_server.url + url(office.developer))
    expect(page.get_by_role("note", name="Nguồn của tên")).to_have_text("Chưa có nguồn")
    first, second = page.get_by_role("note", name="Nguồn của số tiền").all()
    # All that colour says stands there in words, and nothing is said by colour alone.
    expect(first).to_contain_text("Bài báo A, đoạn 6: “900 triệu USD”")
    expect(first).to_contain_text("Số liệu khác về cùng việc này: 1.000.000.000 USD")
    expect(second).to_contain_text("Số liệu khác về cùng việc này: 900.000.000 USD")
    assert [role for role, name in named(page) if not name] == []
    assert page.evaluate(DANGLING) == []
    first.get_by_role("link", name="Bài báo A").click()
    expect(page.get_by_role("heading", name="Những gì dựa vào: Bài báo A")).to_be_visible()
    expect(page.get_by_role("row", name="900.000.000 USD")).to_contain_text("khác (số liệu cạnh tranh)")


@pytest.mark.parametrize("width", [1200, 390])
def test_every_column_of_the_sources_is_within_reach(office: Office, context, live_server, width) -> None:  # type: ignore[no-untyped-def]
    page = sign_in(context, live_server.url, "van-thu")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + url(office.developer))
    words = page.locator("#citations-group textarea").first
    words.scroll_into_view_if_needed()
    seen = """element => { const box = element.getBoundingClientRect(), group = element.closest('.inline-group');
        return box.right <= group.getBoundingClientRect().right && box.left >= 0; }"""
    assert words.evaluate(seen)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_can_be_read_by_day_by_night_and_on_a_phone(
    office: Office, context, live_server, scheme, width
) -> None:  # type: ignore[no-untyped-def]
    page = sign_in(context, live_server.url, "van-thu")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + url(office.developer))
    read = page.locator(".beside p, .beside li, .beside a, .beside .verdict")
    assert read.count() > 6
    assert min(each.evaluate(CONTRAST) for each in read.all()) >= 4.5
    assert not page.evaluate(TOO_WIDE)
    page.goto(f"{live_server.url}/admin/registry/sourcedocument/{office.source.pk}/resting/")
    read = page.locator("table.resting td:visible, table.resting tbody th, .resting .verdict, .resting .tag")
    assert read.count() >= 6
    assert min(each.evaluate(CONTRAST) for each in read.all()) >= 4.5
    assert not page.evaluate(TOO_WIDE)
    assert [role for role, name in named(page) if not name] == []


def test_the_page_of_a_document_is_printed_without_what_only_a_screen_needs(
    office: Office, context, live_server
) -> None:  # type: ignore[no-untyped-def]
    page = sign_in(context, live_server.url, "lanh-dao")
    page.goto(f"{live_server.url}/admin/registry/sourcedocument/{office.source.pk}/resting/")
    page.emulate_media(media="print", color_scheme="light")
    for unneeded in ("#header", ".breadcrumbs", ".choices", "#nav-sidebar"):
        assert not page.locator(unneeded).first.is_visible(), unneeded
    expect(page.locator("table.resting")).to_be_visible()
    expect(page.locator("dl.answer")).to_contain_text("1 giá trị của 1 bản ghi")
