"""What was erased is read in the admin, and changed by nobody."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from registry.actions.redact import plan, redact
from registry.ledger.context import recorded
from tests.admin.office import Office

pytestmark = pytest.mark.django_db
LIST = "/admin/registry/redaction/"


@pytest.fixture
def office(db: None) -> Office:
    return Office()


def test_leaders_read_when_by_whom_and_why_and_nobody_changes_it(office: Office) -> None:
    empty = office.leader_client.get(LIST).content.decode()
    assert "Chưa xóa gì theo luật." in empty
    for name in ("an", "binh"):
        person = User.objects.create_user(name, is_staff=True)
        person.user_permissions.add(Permission.objects.get(codename="redact"))
    with recorded(actor="lan", reason="theo lời bà Trần Thị Bưởi"):
        office.developer.name = "Công ty của bà Trần Thị Bưởi"
        office.developer.save()
    at = datetime(2026, 6, 1, 3, tzinfo=UTC)
    redact(plan(["Trần Thị Bưởi"]), ground="Công văn 12/SCT", asked_by="an", approved_by="binh", at=at)
    told = office.leader_client.get(LIST).content.decode()
    assert "Xóa số 1" in told
    page = office.leader_client.get(f"{LIST}1/change/").content.decode()
    assert "Công văn 12/SCT" in page
    assert "nội dung mục sổ cái: 1 dòng" in page
    assert "Bưởi" not in page
    assert 'type="submit" value="Lưu' not in page
    for address in ("add/", "1/delete/"):
        assert office.leader_client.get(f"{LIST}{address}").status_code == 403
    assert office.leader_client.post(f"{LIST}1/change/", {"ground": "khác"}).status_code == 403


def test_clerks_and_strangers_do_not_see_it(office: Office) -> None:
    assert office.clerk_client.get(LIST).status_code == 403
    assert Client().get(LIST).status_code == 302
