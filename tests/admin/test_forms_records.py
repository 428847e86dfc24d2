"""Entering clusters, investors, places, instruments and sources."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from registry.models import (
    AdministrativeUnit,
    Announcement,
    Cluster,
    Investor,
    LedgerEntry,
    LegalInstrument,
    OperatingReport,
    SourceDocument,
    Statement,
)
from tests.admin.browsing import fill, said, text_of
from tests.admin.office import Office, signed_in, url
from tests.world import clerk

REPORT = "operating_reports__0__"


@pytest.fixture
def superuser(db: None) -> Client:
    return signed_in(User.objects.create_superuser("quan-tri", password="mot-hai-ba-bon"))


def report(office: Office, **typed: str):
    row = {
        "as_of_stated": "30/06/2023",
        "status": "operating",
        "source": office.source.pk,
        "locator": "đoạn 6",
    }
    row |= {"occupancy_qualifier": "exact"} | typed
    return fill(
        office.clerk_client,
        url(office.cluster),
        operating_reports__TOTAL_FORMS="1",
        **{REPORT + name: value for name, value in row.items()},
    )


def test_a_report_is_read_with_vietnamese_numbers(office):
    response = report(office, industrial_land_ha="1.234,5", leased_ha="1.000", occupancy_leased="81,25")
    assert response.status_code == 302
    row = OperatingReport.objects.get()
    assert (row.industrial_land_ha, row.leased_ha, row.occupancy_leased) == (D("1234.5"), D(1000), D("81.25"))
    assert 'value="1.234,5"' in office.clerk_client.get(url(office.cluster)).content.decode()


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({"industrial_land_ha": "1,234.5"}, "Có phải là 1.234,5?"),
        ({"occupancy_leased": "101"}, "phải từ 0 đến 100"),
        ({"industrial_land_ha": "10", "leased_ha": "11"}, "không vượt đất công nghiệp"),
        ({"as_of_stated": ""}, "Hãy ghi thời điểm"),
        ({"as_of_stated": "từ 2023"}, "Hãy ghi thời điểm"),
        ({"locator": "x" * 61}, "60"),
    ],
)
def test_a_report_that_cannot_be_is_refused(office, typed, refusal):
    response = report(office, **typed)
    assert response.status_code == 200
    assert refusal in text_of(response)
    assert not OperatingReport.objects.exists()


def test_the_page_of_a_cluster_shows_what_was_entered_and_what_readers_see(seeded):
    client = signed_in(clerk())
    new = Cluster.objects.create(name="Tân Liên")
    text = text_of(client.get(url(seeded.giang_bien)))
    assert "Đã thành lập theo 1013/QĐ-UBND" in text
    assert "14/03/2022 “thành lập”" in text
    assert text.count("cần xác minh, chưa tính vào giai đoạn") == 2
    assert "Chưa công bố" in text_of(client.get(url(new)))


def test_a_name_close_to_another_is_pointed_out_and_kept(office):
    response = fill(office.clerk_client, "/admin/registry/cluster/add/", name="Dũng Tiến - Giang Biên")
    assert response.status_code == 302
    warning = next(text for text in said(response) if "gần giống" in text)
    assert f'<a href="{url(office.cluster)}">Giang Biên</a>' in warning
    assert Cluster.objects.filter(name="Dũng Tiến - Giang Biên").exists()


def test_a_name_is_stored_in_one_spelling(office):
    typed = "  Quang\u00a0 Phu\u0323c  "
    assert fill(office.clerk_client, "/admin/registry/cluster/add/", name=typed).status_code == 302
    assert Cluster.objects.get(code="quang-phuc").name == "Quang Phục"


def test_a_code_is_chosen_once(office):
    page = office.clerk_client.get(url(office.cluster)).content.decode()
    assert 'name="code"' not in page
    assert fill(office.clerk_client, url(office.cluster), code="khac").status_code == 302
    office.cluster.refresh_from_db()
    assert office.cluster.code == "giang-bien"
    response = fill(office.clerk_client, "/admin/registry/cluster/add/", name="Khác", code="giang-bien")
    assert "Mã này đã có bản ghi khác dùng" in text_of(response)


def test_an_enterprise_code_with_a_slip_is_refused(office):
    response = fill(office.clerk_client, url(office.developer), enterprise_code="0100233487")
    assert "sai số kiểm tra" in text_of(response)
    assert fill(office.clerk_client, url(office.developer), enterprise_code="0100233488").status_code == 302
    response = fill(
        office.clerk_client, "/admin/registry/investor/add/", name="Công ty B", enterprise_code="0100233488"
    )
    assert "đã có ở một nhà đầu tư khác" in text_of(response)
    assert Investor.objects.count() == 1


def test_an_instrument_is_known_by_its_number_or_its_title(office):
    add = "/admin/registry/legalinstrument/add/"
    assert "số, ký hiệu hoặc tên gọi" in text_of(fill(office.clerk_client, add, instrument_kind="decree"))
    typed = {"instrument_kind": "decree", "number": "32/2024/nd-cp", "valid_from": "1/5/2024"}
    assert fill(office.clerk_client, add, **typed).status_code == 302
    row = LegalInstrument.objects.get()
    assert (row.number, row.valid_from) == ("32/2024/NĐ-CP", date(2024, 5, 1))
    assert "Số, ký hiệu này đã có" in text_of(fill(office.clerk_client, add, **typed))


def test_a_day_comes_before_its_month(office):
    typed = {
        "name": "Hồng Phong",
        "unit_kind": "commune",
        "valid_from": "03/04/2025",
        "valid_to": "13/04/2025",
    }
    assert fill(office.clerk_client, "/admin/registry/administrativeunit/add/", **typed).status_code == 302
    row = AdministrativeUnit.objects.get()
    assert (row.valid_from, row.valid_to) == (date(2025, 4, 3), date(2025, 4, 13))
    response = fill(office.clerk_client, url(row), valid_to="03/04/2025")
    assert "ngày hết phải sau ngày bắt đầu" in text_of(response)


def test_a_unit_has_codes_and_successors_of_its_own(office):
    old, new = (AdministrativeUnit.objects.create(name=n, unit_kind="commune") for n in ("Cũ", "Mới"))
    typed = {
        "codes__TOTAL_FORMS": "1",
        "codes__0__official_code": "11791",
        "successions__TOTAL_FORMS": "1",
        "successions__0__successor": new.pk,
        "successions__0__extent": "part",
    }
    assert fill(office.clerk_client, url(old), **typed).status_code == 302
    assert [code.official_code for code in old.codes.all()] == ["11791"]
    assert [s.extent for s in old.successions.all()] == ["part"]
    response = fill(office.clerk_client, url(new), **typed)
    assert "không kế thừa chính nó" in text_of(response)


def test_a_source_says_when_it_was_published_as_far_as_it_is_known(office):
    typed = {"name": "Bài trên VnEconomy", "published_stated": "tháng 10/2023", "url": "vneconomy.vn/a"}
    assert fill(office.clerk_client, "/admin/registry/sourcedocument/add/", **typed).status_code == 302
    row = SourceDocument.objects.get(name="Bài trên VnEconomy")
    assert (row.published_earliest, row.published_latest) == (date(2023, 10, 1), date(2023, 10, 31))
    assert row.url == "https://vneconomy.vn/a"


def test_accounts_are_for_superusers_and_their_changes_are_recorded(office, superuser):
    for page in ("/admin/auth/user/", "/admin/auth/group/", url(office.clerk).replace("registry", "auth")):
        assert office.clerk_client.get(page).status_code == 403
        assert superuser.get(page).status_code == 200
    assert fill(superuser, url(office.clerk).replace("registry", "auth"), first_name="Mai").status_code == 302
    entry = LedgerEntry.objects.filter(table_name="auth_user").order_by("-seq")[0]
    assert (entry.actor, entry.op) == ("quan-tri", "update")
    address = f"/admin/auth/user/{office.clerk.pk}/password/"
    assert (
        fill(superuser, address, password1="rất-dài-và-lạ-9", password2="rất-dài-và-lạ-9").status_code == 302
    )
    assert superuser.get(f"/admin/auth/user/{office.clerk.pk}/delete/").status_code == 403
    assert superuser.get("/admin/auth/user/add/").status_code == 200
    assert {group.name for group in Group.objects.all()} == {"Nhập liệu", "Duyệt", "Kiểm toán"}


@pytest.mark.parametrize("name", ["", "\u200b", " \u00ad "])
def test_a_name_of_nothing_but_invisible_characters_is_no_name(office, name):
    response = fill(office.clerk_client, "/admin/registry/cluster/add/", name=name)
    assert response.context["adminform"].form.errors["name"][0] == "Trường này là bắt buộc."


def test_the_name_of_an_account_is_chosen_once(office, superuser):
    page = superuser.get(f"/admin/auth/user/{office.clerk.pk}/change/")
    assert "username" not in page.context["adminform"].form.fields
    assert "username" in superuser.get("/admin/auth/user/add/").context["adminform"].form.fields


def test_the_code_of_a_draft_follows_its_name_and_a_published_one_does_not(office):
    page = "/admin/registry/investor/add/"
    promise = "Đã công bố thì không đổi và không dùng lại."
    assert promise in text_of(office.clerk_client.get(page))
    assert fill(office.clerk_client, page, name="Samsung dự án mật").status_code == 302
    draft = Investor.objects.get(code="samsung-du-an-mat")
    assert fill(office.clerk_client, url(draft), name="Công ty Bình Minh").status_code == 302
    shown = text_of(office.clerk_client.get(url(draft)))
    assert promise in shown
    assert "cong-ty-binh-minh" in shown
    assert "samsung" not in shown.lower()
    assert fill(office.clerk_client, url(draft, "submit")).status_code == 302
    assert fill(office.leader_client, url(draft, "approve")).status_code == 302
    assert fill(office.clerk_client, url(draft), name="Công ty Hoàng Hôn").status_code == 302
    draft.refresh_from_db()
    assert (draft.name, draft.code) == ("Công ty Hoàng Hôn", "cong-ty-binh-minh")
    assert not Statement.objects.filter(content__contains="amsung").exists()
    assert not Announcement.objects.filter(code__contains="samsung").exists()
