"""That the registry was put back from a backup is read in the admin, and changed by nobody."""

from datetime import UTC, datetime, timedelta

import pytest

from registry import clock
from registry.actions.restore import go_on_above
from registry.rules.hanoi import HANOI
from tests.admin.browsing import text_of
from tests.admin.office import Office

pytestmark = pytest.mark.django_db
LIST = "/admin/registry/recovery/"


def test_leaders_read_what_was_lost_and_what_to_do_and_nobody_changes_it() -> None:
    office = Office()
    front = office.leader_client.get("/admin/").content.decode()
    assert f'href="{LIST}"' in front
    assert "Chưa khôi phục lần nào" in office.leader_client.get(LIST).content.decode()
    seq = go_on_above(
        at=datetime(2027, 6, 1, 3, tzinfo=UTC), known_until=datetime(2027, 5, 31, 17, 5, tzinfo=UTC)
    ).seq
    told = office.leader_client.get(LIST).content.decode()
    assert "Khôi phục lúc 10:00 ngày 01/06/2027" in told
    page = office.leader_client.get(f"{LIST}{seq}/change/").content.decode()
    assert "hãy nhập và công bố lại" in page
    assert 'type="submit" value="Lưu' not in page
    for address in ("add/", f"{seq}/delete/"):
        assert office.leader_client.get(f"{LIST}{address}").status_code == 403
    assert office.leader_client.post(f"{LIST}{seq}/change/", {"seq": "1"}).status_code == 403


def test_clerks_too_are_told_what_to_enter_again_for_fourteen_days() -> None:
    office = Office()
    now = clock.now()
    assert "Sổ vừa khôi phục" not in text_of(office.clerk_client.get("/admin/"))
    old = go_on_above(at=now - timedelta(days=14, minutes=1), known_until=now - timedelta(days=15))
    for client in (office.clerk_client, office.leader_client):
        assert "Sổ vừa khôi phục" not in text_of(client.get("/admin/"))
    new = go_on_above(at=now - timedelta(days=13, hours=23), known_until=now - timedelta(days=14))
    assert new.seq > old.seq
    for client in (office.clerk_client, office.leader_client):
        front = client.get("/admin/")
        lost_after = f"{new.known_until.astimezone(HANOI):%H:%M %d/%m/%Y}"
        assert f"Mọi thứ nhập, trình và công bố sau {lost_after}, đến lúc khôi phục" in text_of(front)
        assert f'href="{LIST}{new.seq}/change/"' in front.content.decode()
        assert "hãy nhập và công bố lại" in text_of(client.get(f"{LIST}{new.seq}/change/"))
        assert client.get(f"{LIST}add/").status_code == 403
    office.clerk.user_permissions.clear()
    office.clerk.groups.clear()
    assert "Sổ vừa khôi phục" not in text_of(office.clerk_client.get("/admin/"))
