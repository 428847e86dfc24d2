"""A clerk at the keyboard: the pages of entry in a real browser."""

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from registry.models import AdministrativeUnit, Decision, Effect
from tests.world import World, clerk, load

pytestmark = pytest.mark.django_db(transaction=True)


#: Inputs that stick out of their form, where what is in them cannot be read. (Lists scroll sideways.)
CUT_OFF = """[...document.querySelectorAll('#content input, #content select, #content textarea, #content .select2')]
    .filter(e => e.offsetParent && !e.closest('.results'))
    .filter(e => e.getBoundingClientRect().right > 1 + e.closest('form, #content').getBoundingClientRect().right)
    .map(e => e.id || e.className)"""


@pytest.fixture
def world(live_server) -> World:
    return load()


@pytest.fixture
def desk(page: Page, live_server, world: World) -> Page:
    """The front page, with a clerk signed in."""
    sign_in(page, live_server.url, clerk())
    return page


def sign_in(page: Page, address: str, user: User) -> None:
    page.goto(f"{address}/admin/")
    page.get_by_label("Tên đăng nhập").fill(user.username)
    page.get_by_label("Mật khẩu").fill("mật khẩu thử rất dài")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Công việc hôm nay")).to_be_visible()


def choose(page: Page, field: str, typed: str, option: str | re.Pattern[str]) -> None:
    """Pick an option of an autocomplete by typing, as people do."""
    page.locator(f"#{field} + .select2 .select2-selection").click()
    search = page.locator(f".select2-search__field[aria-controls='select2-{field}-results']")
    search.fill(typed)
    page.locator(".select2-results__option").filter(has_text=option).first.click()


def test_a_clerk_enters_a_decision_from_its_paper(desk: Page, world: World):
    AdministrativeUnit.objects.create(name="Hồng Phong", unit_kind="commune")
    desk.get_by_role("link", name="Nhập quyết định mới").click()
    desk.get_by_label("Số, ký hiệu").fill("1608/qd-ubnd")
    choose(desk, "id_issuer", "uy ban nhan dan thanh pho", "Ủy ban nhân dân thành phố Hải Phòng")
    desk.locator("#id_issued").fill("5/6/2022")
    desk.get_by_label("Trích yếu").fill("Về việc mở rộng cụm công nghiệp")
    choose(desk, "id_effects-0-cluster", "dai thang", "Đại Thắng")
    desk.locator("#id_effects-0-effect_code").select_option("expanded")
    desk.locator("#id_effects-0-area").fill("khoảng 30,5")
    choose(desk, "id_effects-0-developer", "tpa", re.compile("TPA"))
    choose(desk, "id_effects-0-place_list", "hong phong", "Xã Hồng Phong")
    desk.locator("#citations-group .add-row a").click()
    desk.locator("#id_citations-0-field").select_option("area_ha")
    choose(desk, "id_citations-0-source", "vneconomy", re.compile("VnEconomy"))
    desk.locator("#id_citations-0-locator").fill("đoạn 6")
    desk.locator("#id_citations-0-as_stated").fill("khoảng 30,5 ha")
    desk.get_by_role("button", name="Lưu và tiếp tục chỉnh sửa").click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    expect(desk.get_by_label("Số, ký hiệu")).to_have_value("1608/QĐ-UBND")
    expect(desk.locator("#id_effects-0-area")).to_have_value("khoảng 30,5")
    effect = Effect.objects.get(decision__number=1608)
    assert (effect.cluster, effect.developer) == (world.dai_thang, world.tpa_land)
    assert [str(place) for place in effect.places.all()] == ["Xã Hồng Phong"]


def test_what_is_refused_stays_on_the_page_with_the_way_to_mend_it(desk: Page, world: World):
    desk.get_by_role("link", name="Nhập quyết định mới").click()
    desk.get_by_label("Số, ký hiệu").fill("607/QĐ-UBND")
    choose(desk, "id_issuer", "uy ban", "Ủy ban nhân dân thành phố Hải Phòng")
    desk.locator("#id_issued").fill("23/2/2022")
    choose(desk, "id_effects-0-cluster", "giang", re.compile("^Giang Biên$"))
    desk.locator("#id_effects-0-area").fill("47.8")
    desk.locator("#id_effects-0-effect_code").select_option("established")
    desk.get_by_role("button", name="Lưu lại").click()
    expect(desk.get_by_text("Có phải là 47,8?")).to_be_visible()
    link = desk.locator(".errorlist a")
    expect(link).to_have_attribute("href", f"/admin/registry/decision/{world.decision(607).pk}/change/")
    expect(desk.locator("#id_effects-0-area")).to_have_value("47.8")
    expect(desk.locator("#select2-id_effects-0-cluster-container")).to_have_text(re.compile("Giang Biên"))


def test_a_second_effect_is_added_on_the_page_and_numbered_by_itself(desk: Page, live_server, world: World):
    decision = world.decision(607)
    desk.goto(f"{live_server.url}/admin/registry/decision/{decision.pk}/change/")
    desk.locator("#effects-group .add-row a").click()
    choose(desk, "id_effects-1-cluster", "tien cuong", "Tiên Cường II")
    desk.locator("#id_effects-1-effect_code").select_option("developer_appointed")
    desk.get_by_role("button", name="Lưu lại").click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert list(decision.effects.values_list("position", flat=True)) == [1, 2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_entry_keeps_the_policy_and_fits_a_phone(desk: Page, live_server, world: World, scheme):
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.emulate_media(color_scheme=scheme)
    pages = ["", "registry/", "password_change/"]
    kinds = "decision cluster investor authority administrativeunit legalinstrument sourcedocument".split()
    pages += [f"registry/{kind}/{page}" for kind in kinds for page in ("", "add/", "?q=khong+co")]
    pages += [f"registry/cluster/{world.giang_bien.pk}/change/"]
    pages += [f"registry/decision/{Decision.objects.latest('pk').pk}/change/"]
    for address in pages:
        answer = desk.goto(f"{live_server.url}/admin/{address}")
        assert answer is not None
        assert answer.status == 200, address
        wide = desk.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, f"{address} is {wide} px wide"
        assert desk.evaluate(CUT_OFF) == [], address


def test_the_calendar_beside_a_date_speaks_vietnamese_and_writes_the_day_first(desk: Page, live_server):
    desk.goto(f"{live_server.url}/admin/registry/administrativeunit/add/")
    desk.locator("#id_valid_from").fill("3/4/2025")
    desk.locator("#calendarlink0").click()
    expect(desk.locator("#calendarin0 caption")).to_have_text(re.compile("Tháng (4|Tư) 2025", re.I))
    desk.locator("#calendarin0").get_by_role("link", name="13", exact=True).click()
    expect(desk.locator("#id_valid_from")).to_have_value("13/04/2025")
