"""What a screen reader is told of a form: a name for every input, and after an error the way to it."""

import re

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, expect

from registry.models import AdministrativeUnit
from tests.admin.office import Office, url

PASSWORD = "mat-khau-thu-rat-dai"
CONTROLS = {"textbox", "combobox", "checkbox", "listbox", "spinbutton", "searchbox", "radio", "button"}
DANGLING = """[...document.querySelectorAll('[aria-describedby], [aria-labelledby]')].flatMap(e =>
    ['aria-describedby', 'aria-labelledby'].flatMap(a => (e.getAttribute(a) || '').split(/\\s+/)
        .filter(id => id && !document.getElementById(id) && !id.includes('__prefix__'))))"""
#: Members of a list that are none: a screen reader counts wrong.
STRAY = """[...document.querySelectorAll('ul, ol')].flatMap(list => [...list.children]
    .filter(e => !e.matches('li, script, template, [aria-hidden=true]')).map(e => e.className))"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(transactional_db: None) -> Office:
    office = Office()
    office.clerk.set_password(PASSWORD)
    office.clerk.save()
    return office


@pytest.fixture
def desk(office: Office, context: BrowserContext, live_server) -> Page:  # type: ignore[no-untyped-def]
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Tên đăng nhập").fill("van-thu")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Công việc hôm nay")).to_be_visible()
    return page


def named(page: Page) -> list[tuple[str, str]]:
    """The inputs of the page as the browser's accessibility tree has them: role and name."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = [(node.get("role", {}).get("value", ""), node) for node in nodes if not node["ignored"]]
    return [
        (role, node.get("name", {}).get("value", "").strip())
        for role, node in roles
        if role.lower() in CONTROLS
    ]


def test_every_input_has_a_name_and_every_description_exists(office: Office, desk: Page, live_server) -> None:  # type: ignore[no-untyped-def]
    office.cluster.places.add(AdministrativeUnit.objects.create(name="Hồng Phong", unit_kind="commune"))
    later = "zone sector project investor indicator incentive assignment".split()
    pages = [f"/admin/registry/{kind}/add/" for kind in later]
    for address in [*pages, url(office.decision), url(office.cluster), "/admin/registry/decision/add/"]:
        desk.goto(live_server.url + address)
        for link in desk.locator(".add-row a").all():
            link.click()
        controls = named(desk)
        assert len(controls) > 10
        assert [role for role, name in controls if not name] == []
        assert desk.evaluate(DANGLING) == []
        assert desk.evaluate(STRAY) == []
    assert any("Cơ quan ban hành" in name for role, name in controls if role == "combobox"), controls
    assert any("tài liệu" in name.lower() for role, name in controls if role == "combobox"), controls
    desk.goto(live_server.url + url(office.decision, "submit"))
    expect(desk.get_by_role("textbox").last).to_have_accessible_description(re.compile("."))
    assert desk.evaluate(DANGLING) == []


def test_the_search_of_an_open_list_has_the_name_of_its_field(desk: Page, live_server) -> None:  # type: ignore[no-untyped-def]
    desk.goto(f"{live_server.url}/admin/registry/decision/add/")
    desk.locator(".field-issuer .select2-selection").click()
    search = desk.locator(".select2-container--open .select2-search__field")
    expect(search).to_have_accessible_name("Cơ quan ban hành")


def test_after_an_error_the_way_leads_to_it(desk: Page, live_server) -> None:  # type: ignore[no-untyped-def]
    desk.goto(f"{live_server.url}/admin/registry/decision/add/")
    desk.locator("#id_effects-0-area").fill("47.8")
    desk.locator("[name=_save]").click()
    places = desk.locator("#error-places")
    expect(places).to_have_role("alert")
    expect(places).to_be_focused()
    places.get_by_role("link", name="Diện tích (ha)").click()
    expect(desk.locator("#id_effects-0-area")).to_be_focused()
    places.get_by_role("link", name="Cơ quan ban hành").click()
    expect(desk.locator(".field-issuer .select2-selection")).to_be_focused()


def test_a_link_is_told_by_more_than_its_colour_and_a_filter_is_large_enough(desk: Page, live_server) -> None:  # type: ignore[no-untyped-def]
    desk.goto(f"{live_server.url}/admin/registry/decision/")
    way = desk.locator(".breadcrumbs a").first
    assert way.evaluate("e => getComputedStyle(e).textDecorationLine") == "underline"
    heights = desk.locator("#changelist-filter li a").evaluate_all("all => all.map(e => e.offsetHeight)")
    assert len(heights) > 5
    assert min(heights) >= 24
    desk.goto(f"{live_server.url}/admin/no-such-page/")
    expect(desk.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()


def test_the_front_page_of_a_phone_leads_to_every_kind(desk: Page) -> None:
    menu = desk.get_by_role("navigation", name="Mọi danh mục")
    expect(menu).to_have_count(0)  # the menu beside the page has it all
    desk.set_viewport_size({"width": 390, "height": 844})
    kinds = (
        "decision cluster zone investor project indicator incentive assignment authority administrativeunit sector "
        "legalinstrument sourcedocument"
    )
    for kind in kinds.split():
        expect(menu.locator(f"a[href='/admin/registry/{kind}/']")).to_be_visible()


def test_the_front_page_fits_whatever_the_window(desk: Page) -> None:
    for width in (1030, 1100, 1280, 1600):
        desk.set_viewport_size({"width": width, "height": 800})
        beside = desk.locator("#content-related").bounding_box()
        assert beside is not None
        assert beside["x"] + beside["width"] <= width


def test_who_leaves_a_changed_form_is_asked_once_and_nobody_else(
    office: Office, desk: Page, live_server
) -> None:  # type: ignore[no-untyped-def]
    asked: list[str] = []
    leave = False

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept() if leave else dialog.dismiss()

    desk.on("dialog", answer)
    way, typed = desk.locator(".breadcrumbs a").first, desk.get_by_label("Trích yếu")
    address = live_server.url + url(office.decision)
    desk.goto(address)
    typed.press_sequentially("Về")
    way.click()
    assert asked == ["beforeunload"]
    expect(typed).to_have_value("Về")
    typed.press("Control+A")
    typed.press("Delete")  # as it was
    way.click()
    expect(desk).to_have_url(f"{live_server.url}/admin/")
    desk.goto(address)
    typed.press_sequentially("Về")
    desk.get_by_role("button", name="Lưu và tiếp tục chỉnh sửa").click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    way.click()
    assert len(asked) == 1
    # What was refused is saved nowhere.
    desk.goto(address)
    desk.locator("#id_effects-0-area").fill("1,2,3")
    desk.get_by_role("button", name="Lưu lại").click()
    expect(desk.locator("#error-places")).to_be_focused()
    leave = True
    way.click()
    expect(desk).to_have_url(f"{live_server.url}/admin/")
    assert len(asked) == 2


def test_an_endless_name_hides_nothing_and_buttons_have_an_edge_without_colours(
    office: Office, desk: Page, live_server
) -> None:  # type: ignore[no-untyped-def]
    office.cluster.name = "Ngườinghiêng" * 25
    office.cluster.save()
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    for width in (1280, 320):
        desk.set_viewport_size({"width": width, "height": 800})
        for address in (url(office.cluster, "history"), url(office.cluster)):
            desk.goto(live_server.url + address)
            assert not desk.evaluate(wide), (width, address)
    desk.set_viewport_size({"width": 1280, "height": 800})
    room = "e => e.getBoundingClientRect().right - parseFloat(getComputedStyle(e).paddingRight)"
    history = desk.get_by_role("link", name="Lịch sử", exact=True).bounding_box()
    assert history is not None
    assert desk.locator("#content > h2").evaluate(room) <= history["x"]
    desk.emulate_media(forced_colors="active")
    save = desk.get_by_role("button", name="Lưu lại")
    assert save.evaluate("e => getComputedStyle(e).borderStyle") == "solid"
    desk.goto(f"{live_server.url}/admin/registry/cluster/")
    state, box = desk.locator("td.field-review_state").bounding_box(), desk.locator(".results").bounding_box()
    assert state is not None
    assert box is not None
    assert state["x"] + state["width"] <= box["x"] + box["width"]
