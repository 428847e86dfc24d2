"""One paper from the clerk's desk to the public, and two tabs on one record, in a real browser."""

import json
import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from registry.models import Cluster, ClusterEdition, Decision
from tests.admin.office import Office, url

PASSWORD = "mat-khau-thu-rat-dai"
SignIn = Callable[[str], Page]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(transactional_db: None) -> Office:
    office = Office()
    for user in (office.clerk, office.leader):
        user.set_password(PASSWORD)
        user.save()
    return office


@pytest.fixture
def sign_in(office: Office, context: BrowserContext, live_server) -> SignIn:  # type: ignore[no-untyped-def]
    """A page of a person who has signed in, all in the browser that is watched for complaints."""

    def signed_in(username: str) -> Page:
        context.clear_cookies()
        page = context.new_page()
        page.goto(f"{live_server.url}/admin/")
        page.get_by_label("Tên đăng nhập").fill(username)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        expect(page.get_by_role("heading", name="Công việc hôm nay")).to_be_visible()
        return page

    return signed_in


def choose(page: Page, field: str, typed: str, option: str) -> None:
    """Pick a record by typing without diacritics."""
    page.locator(f".field-{field} .select2-selection").first.click()
    page.locator(".select2-container--open .select2-search__field").fill(typed)
    page.locator(".select2-results__option", has_text=option).first.click()


def test_a_paper_goes_from_the_clerk_to_the_public(office: Office, sign_in: SignIn, live_server) -> None:  # type: ignore[no-untyped-def]
    page = sign_in("van-thu")
    page.goto(f"{live_server.url}/admin/registry/decision/add/")
    page.locator("#id_paper_number").fill("607/qd-ubnd")
    choose(page, "issuer", "uy ban", "Ủy ban nhân dân thành phố Hải Phòng")
    page.locator("#id_issued").fill("23/2/2022")
    choose(page, "cluster", "giang bien", "Giang Biên")
    page.locator("#id_effects-0-effect_code").select_option("expanded")
    page.locator("#id_effects-0-area").fill("50,5")
    page.get_by_role("button", name="Lưu và trình duyệt").click()
    expect(page.get_by_role("heading", name="Trình duyệt: 607/QĐ-UBND ngày 23/02/2022")).to_be_visible()
    page.get_by_label("Ghi chú cho người duyệt").fill("bản giấy ở tủ 3")
    page.get_by_role("button", name="Trình duyệt").click()
    expect(page.locator(".standing")).to_contain_text("Chờ duyệt")
    expect(page.locator(".standing")).to_contain_text("Nguyễn An trình lúc")
    address = page.url

    page = sign_in("lanh-dao")
    page.get_by_role("link", name="607/QĐ-UBND").first.click()
    expect(page.locator(".standing blockquote")).to_have_text("bản giấy ở tủ 3")
    page.get_by_role("link", name="Duyệt và công bố").click()
    expect(page.locator(".changes").first).to_contain_text("50,5 ha")
    expect(page.locator(".companions")).to_contain_text("Giang Biên")
    page.get_by_role("button", name="Duyệt và công bố").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Đã công bố")
    expect(page.locator(".standing")).to_contain_text("Đã công bố")
    assert page.url.split("?")[0] == address.split("?")[0]
    page.get_by_role("link", name="Lịch sử").click()
    said = re.compile(r"^\s*Công bố \(lần số 1\) theo đề nghị của Nguyễn An\.\s+mục \d+\s*$")
    expect(page.locator(".act-said").first).to_have_text(said)

    edition = ClusterEdition.objects.get(code="giang-bien", valid_from=date(2022, 2, 23))
    assert json.loads(bytes(edition.body))["area_ha"] == 50.5


def test_two_tabs_on_one_record_lose_nothing(office: Office, sign_in: SignIn, live_server) -> None:  # type: ignore[no-untyped-def]
    mine = sign_in("van-thu")
    mine.goto(live_server.url + url(office.decision))
    other = mine.context.new_page()
    other.goto(live_server.url + url(office.decision))
    other.locator("#id_abstract").fill("Người khác ghi")
    other.locator("#id_effects-0-area").fill("50,5")
    other.locator("[name=_save]").click()
    expect(other.locator(".messagelist .success")).to_be_visible()

    mine.locator("#id_abstract").fill("Tôi ghi")
    mine.locator("[name=_save]").click()

    box = mine.locator(".stale")
    expect(box).to_contain_text("Sửa Diện tích từ 47,8 thành 50,5 ha")
    expect(mine.locator("#id_abstract")).to_have_value("Tôi ghi")
    expect(mine.locator("#id_effects-0-area")).to_have_value("50,5")
    expect(mine.locator(".field-abstract")).to_contain_text("Người khác vừa lưu: Người khác ghi")
    mine.locator("[name=_save]").click()
    expect(mine.locator(".messagelist .success")).to_be_visible()
    decision = Decision.objects.get()
    assert (decision.abstract, f"{decision.effects.get().area_ha:.1f}") == ("Tôi ghi", "50.5")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("page_name", ["change", "approve", "history"])
def test_pages_of_the_workflow_fit_a_phone(
    office: Office, sign_in: SignIn, live_server, width: int, page_name: str
) -> None:  # type: ignore[no-untyped-def]
    page = sign_in("lanh-dao")
    page.set_viewport_size({"width": width, "height": 800})

    page.goto(live_server.url + url(Cluster.objects.get(), page_name))

    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1300, 1100, 390])
def test_where_a_record_stands_is_in_sight_however_narrow_the_window(
    office: Office, sign_in: SignIn, live_server, width: int
) -> None:  # type: ignore[no-untyped-def]
    page = sign_in("van-thu")
    page.set_viewport_size({"width": width, "height": 800})
    for kind in ("decision", "cluster", "investor"):
        page.goto(f"{live_server.url}/admin/registry/{kind}/")
        state = page.locator("#result_list .state", has_text="Bản nháp").first
        expect(state).to_be_visible()
        box, table = state.bounding_box(), page.locator(".results").bounding_box()
        assert box is not None
        assert table is not None
        assert table["x"] <= box["x"]
        assert box["x"] + box["width"] <= table["x"] + table["width"] <= width
