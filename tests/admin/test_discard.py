import pytest

from registry.models import Decision, Investor, LedgerEntry
from registry.queries.reviews import review_of
from tests.admin.browsing import fields_of, fill, said, send, text_of
from tests.admin.office import Office, person, signed_in, url


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

    assert answer.context["problem"].code == "not_now"
    assert Decision.objects.exists()


@pytest.mark.parametrize(("step", "words"), [("discard", "reason"), ("submit", "note")])
def test_what_a_colleague_saved_meanwhile_is_neither_discarded_nor_submitted_unseen(
    office: Office, step: str, words: str
) -> None:
    page = fields_of(office.clerk_client.get(url(office.decision, step)))
    colleague = signed_in(person("van-thu-2", "Nhập liệu"))
    assert fill(colleague, url(office.decision), abstract="Đang nhập dở").status_code == 302

    refused = send(office.clerk_client, url(office.decision, step), page, **{words: "đã xong"})

    assert refused.status_code == 200
    assert refused.context["problem"].code == "changed_meanwhile"
    assert "Đang nhập dở" in text_of(refused)
    assert fields_of(refused)[words] == ["đã xong"]
    assert review_of(office.decision).state == "draft"
    # Having seen it, they may.
    assert send(office.clerk_client, url(office.decision, step), fields_of(refused)).status_code == 302
    without = office.clerk_client.post(url(office.cluster, step), {words: "x"})
    assert without.status_code == 200
    assert review_of(office.cluster).state == "draft"
