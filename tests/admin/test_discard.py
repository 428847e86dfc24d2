from registry.models import Decision, Investor, LedgerEntry
from tests.admin.browsing import fill, said, text_of
from tests.admin.office import Office, url


def test_a_draft_never_published_is_discarded_with_its_rows_and_a_reason(office: Office) -> None:
    key, history = office.decision.key, url(office.decision, "history")

    answer = fill(office.clerk_client, url(office.decision, "discard"), reason="nhập trùng")

    assert answer["Location"] == "/admin/registry/decision/"
    assert "Đã xóa bản nháp" in said(answer)[0]
    assert not Decision.objects.exists()
    last = LedgerEntry.objects.filter(subject=key).latest("seq")
    assert (last.op, last.actor, last.reason) == ("delete", "van-thu", "nhập trùng")
    page = office.clerk_client.get(history)
    assert page.status_code == 200
    assert "lý do: nhập trùng" in text_of(page)


def test_a_draft_that_others_name_stays_and_says_who_names_it(office: Office) -> None:
    page = fill(office.clerk_client, url(office.developer, "discard"), reason="nhập trùng")

    assert page.status_code == 200
    assert "vì còn được dùng ở" in text_of(page)
    assert "nhập trùng" in page.content.decode()
    assert Investor.objects.exists()


def test_what_was_once_published_is_never_discarded(office: Office) -> None:
    fill(office.clerk_client, url(office.decision, "submit"))
    fill(office.leader_client, url(office.decision, "approve"))
    fill(office.clerk_client, url(office.decision, "propose-withdrawal"), note="trùng")
    fill(office.leader_client, url(office.decision, "withdraw"))

    answer = office.clerk_client.post(url(office.decision, "discard"), {"reason": "x"})

    assert answer.status_code == 302
    assert Decision.objects.exists()
