"""Pages of staff on paper: what was read, nothing to press, nothing cut off."""

from playwright.sync_api import Page, expect

from tests.admin.office import Office, url
from tests.browser.test_accessibility import desk, office, pytestmark  # noqa: F401
from tests.browser.test_provenance import TOO_WIDE

PRESSED = (
    "#header, #nav-sidebar, .breadcrumbs, #changelist-filter, input[type=submit], button, a.button, .add-row"
)
#: What is wider than its box and the box shows only a part of.
CUT = """[...document.querySelectorAll('#content *')].filter(e => e.checkVisibility()
    && !e.matches('select, input, option, .visually-hidden') && e.clientWidth
    && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible')
    .map(e => e.tagName + '.' + e.className)"""


def test_on_paper_stands_what_was_read_whole_and_nothing_to_press(
    office: Office,  # noqa: F811
    desk: Page,  # noqa: F811
    live_server,
) -> None:
    office.cluster.citations.create(
        source=office.source, field="name", as_stated="Giang Biên " * 20, locator="đoạn 6"
    )
    desk.emulate_media(media="print")
    desk.set_viewport_size({"width": 794, "height": 1123})  # A4
    for address in (url(office.decision), url(office.cluster), "/admin/registry/decision/", "/admin/"):
        desk.goto(live_server.url + address)
        expect(desk.locator("h1")).to_be_visible()
        assert [part.inner_text() for part in desk.locator(PRESSED).all() if part.is_visible()] == []
        assert not desk.evaluate(TOO_WIDE)
        assert desk.evaluate(CUT) == []
    desk.goto(live_server.url + url(office.decision))
    # What a list to choose from holds stands there once; what is folded away on the screen stands there too.
    expect(desk.locator("select.select2-hidden-accessible:visible")).to_have_count(0)
    expect(desk.locator("#select2-id_issuer-container")).to_contain_text(
        "Ủy ban nhân dân thành phố Hải Phòng"
    )
    expect(desk.locator("#id_recipients")).to_be_visible()
    # The masthead once took the first sheet for itself.
    assert desk.goto(live_server.url + "/admin/registry/decision/")
    assert desk.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
    desk.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert desk.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
