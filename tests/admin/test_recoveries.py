"""That the registry was put back from a backup is read in the admin, and changed by nobody."""

from datetime import UTC, datetime

import pytest

from registry.actions.restore import go_on_above
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
    assert office.clerk_client.get(LIST).status_code == 403
