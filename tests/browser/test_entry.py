"""A clerk at the keyboard: the pages of entry in a real browser."""

import re
from datetime import date

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from registry.models import (
    AdministrativeUnit,
    CapitalEvent,
    Decision,
    Effect,
    Incentive,
    IncentiveTerm,
    Indicator,
    IndicatorValue,
    Project,
    Zone,
    ZoneStatus,
)
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


def later_records(world: World) -> list[Project | Indicator | Incentive | Zone]:
    """A record of each later kind that has rows of its own."""
    zone = Zone.objects.create(name="Khu công nghiệp Tràng Duệ", zone_kind="industrial_park", area_ha=1300)
    ZoneStatus.objects.create(zone=zone, status="existing", as_of_latest=date(2023, 12, 31))
    project = Project.objects.create(name="Nhà máy H3", investor=world.mda, zone=zone)
    CapitalEvent.objects.create(project=project, measure="registered", amount=4_650_000_000)
    indicator = Indicator.objects.create(name="Tỷ lệ lấp đầy", unit="%")
    value = IndicatorValue.objects.create(indicator=indicator, scope="clusters", value=86)
    value.clusters.add(world.an_tho, world.giang_bien, through_defaults={"indicator": indicator})
    incentive = Incentive.objects.create(name="Thuế thu nhập", incentive_kind="corporate_income_tax")
    IncentiveTerm.objects.create(incentive=incentive, term_kind="exemption", years=4)
    return [zone, project, indicator, incentive]


def test_a_clerk_enters_the_capital_of_a_project_and_its_source_by_number(
    desk: Page, live_server, world: World
):
    desk.goto(f"{live_server.url}/admin/registry/project/add/")
    desk.locator("#id_name").fill("Nhà máy H3")
    choose(desk, "id_investor", "mda", re.compile("MDA"))
    for row, (typed, currency) in enumerate((("900 triệu", "USD"), ("1.224 tỷ đồng", ""))):
        desk.locator("#capital_events-group .add-row a").click()
        expect(desk.locator(f"#id_capital_events-{row}-position")).to_have_attribute(
            "placeholder", str(row + 1)
        )
        desk.locator(f"#id_capital_events-{row}-measure").select_option("registered")
        desk.locator(f"#id_capital_events-{row}-money").fill(typed)
        desk.locator(f"[name=capital_events-{row}-money_currency]").select_option(currency)
    desk.locator("#citations-group .add-row a").click()
    desk.locator("#id_citations-0-field").select_option("amount")
    row = desk.locator("#id_citations-0-row_position")
    # Typed and not yet saved, and chosen all the same.
    expect(row.locator("option[value='1']")).to_have_text(re.compile(r"^1 – .*900 triệu · USD"))
    expect(row.locator("option[value='2']")).to_have_text(re.compile(r"^2 – .*1\.224 tỷ đồng"))
    row.select_option("2")
    choose(desk, "id_citations-0-source", "vneconomy", re.compile("VnEconomy"))
    desk.locator("#id_citations-0-locator").fill("đoạn 6")
    desk.locator("#id_citations-0-as_stated").fill("1.224 tỷ đồng")
    desk.get_by_role("button", name="Lưu và tiếp tục chỉnh sửa").click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    expect(desk.locator("#id_capital_events-1-money")).to_have_value("1.224.000.000.000")
    expect(desk.locator("[name=capital_events-1-money_currency]")).to_have_value("VND")
    rows = CapitalEvent.objects.values_list("position", "amount", "currency")
    assert list(rows) == [(1, 900_000_000, "USD"), (2, 1_224_000_000_000, "VND")]


def test_a_value_asks_only_for_what_its_scope_is_about(desk: Page, live_server, world: World):
    desk.goto(f"{live_server.url}/admin/registry/indicator/add/")
    desk.locator("#id_name").fill("Tỷ lệ lấp đầy")
    desk.locator("#id_unit").fill("%")
    desk.locator("#values-group .add-row a").click()
    first = desk.locator("#values-0")
    asked = {
        name: first.locator(f".form-row.field-{name}") for name in ("cluster_list", "zone_list", "project")
    }
    for row in asked.values():
        expect(row).to_be_hidden()
    desk.locator("#id_values-0-scope").select_option("clusters")
    expect(asked["cluster_list"]).to_be_visible()
    expect(asked["zone_list"]).to_be_hidden()
    choose(desk, "id_values-0-cluster_list", "giang bien", re.compile("^Giang Biên$"))
    desk.locator("#id_values-0-scope").select_option("project")
    # What holds something stays in sight, or nobody would know what is refused.
    expect(asked["cluster_list"]).to_be_visible()
    expect(asked["project"]).to_be_visible()
    desk.locator("#id_values-0-figure").fill("khoảng 86%")
    desk.get_by_role("button", name="Lưu lại").click()
    expect(first.locator(".field-cluster_list .errorlist")).to_be_visible()
    desk.locator("#id_values-0-scope").select_option("clusters")
    desk.get_by_role("button", name="Lưu lại").click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert [str(cluster) for cluster in IndicatorValue.objects.get().clusters.all()] == ["Giang Biên"]


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
    expect(desk.get_by_role("textbox", name="Số, ký hiệu")).to_have_value("1608/QĐ-UBND")
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
    kinds += "zone sector project indicator incentive assignment".split()
    pages += [f"registry/{kind}/{page}" for kind in kinds for page in ("", "add/", "?q=khong+co")]
    pages += [f"registry/{row._meta.model_name}/{row.pk}/change/" for row in later_records(world)]
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
