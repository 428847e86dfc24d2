from datetime import date

import pytest
from django.conf import LazySettings
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from registry.ledger.context import recorded
from registry.models import ClusterEdition, Decision, LedgerEntry, Publication, Statement, Submission
from registry.queries.inbox import in_state, inbox
from registry.queries.reviews import review_of
from tests.admin.browsing import fields_of, fill, said, send, text_of
from tests.admin.office import Office, person, signed_in, url


def state(subject) -> str:  # type: ignore[no-untyped-def]
    return review_of(subject).state


def done(response: HttpResponse) -> bool:
    return response.status_code == 302


def buttons(page: HttpResponse) -> list[str]:
    return [button["label"] for button in page.context["standing"].buttons]


@pytest.fixture
def submitted(office: Office) -> Office:
    assert done(fill(office.clerk_client, url(office.decision, "submit"), note="xin duyệt"))
    return office


@pytest.fixture
def published(submitted: Office) -> Office:
    assert done(fill(submitted.leader_client, url(submitted.decision, "approve")))
    return submitted


def test_the_clerk_submits_and_the_leader_publishes_the_paper_with_all_it_names(submitted: Office) -> None:
    office = submitted
    page = office.leader_client.get(url(office.decision, "approve"))

    told = text_of(page)
    assert "Nguyễn An trình lúc" in told
    assert "xin duyệt" in told
    assert "Diện tích 47,8 ha" in told
    assert "Công ty A" in told
    assert sorted(fields_of(page)["with"]) == sorted(
        [office.ubnd.key, office.cluster.key, office.developer.key]
    )

    assert done(send(office.leader_client, url(office.decision, "approve"), fields_of(page), note="Lần đầu"))

    publication = Publication.objects.get()
    assert (publication.proposed_by, publication.approved_by, publication.note) == (
        "van-thu",
        "lanh-dao",
        "Lần đầu",
    )
    assert publication.statements.count() == 4
    assert state(office.decision) == "published"
    assert ClusterEdition.objects.get(valid_from=date(2022, 3, 31)).legal_stage == "established"


def test_a_reference_left_unchecked_is_named_and_nothing_typed_is_lost(submitted: Office) -> None:
    office = submitted
    page = fill(
        office.leader_client,
        url(office.decision, "approve"),
        **{"with": [office.ubnd.key], "note": "ghi chú"},
    )

    assert page.status_code == 200
    assert "Hãy công bố trước hoặc công bố cùng lúc" in text_of(page)
    assert "Công ty A" in text_of(page)
    assert fields_of(page)["note"][0].strip() == "ghi chú"
    assert fields_of(page)["with"] == [office.ubnd.key]
    assert not Publication.objects.exists()


def test_what_was_edited_after_the_page_was_opened_is_not_published(submitted: Office) -> None:
    office = submitted
    page = fields_of(office.leader_client.get(url(office.decision, "approve")))
    with recorded(actor="van-thu"):
        office.developer.name = "Công ty B"
        office.developer.save()

    answer = send(office.leader_client, url(office.decision, "approve"), page, note="ghi chú")

    assert "đã được sửa sau khi bạn mở trang duyệt" in text_of(answer)
    assert "Công ty B" in text_of(answer)
    assert fields_of(answer)["note"][0].strip() == "ghi chú"
    assert not Publication.objects.exists()
    assert done(send(office.leader_client, url(office.decision, "approve"), fields_of(answer)))


def test_an_edit_of_a_submitted_decision_takes_it_from_the_approver(submitted: Office) -> None:
    office = submitted
    page = fields_of(office.leader_client.get(url(office.decision, "approve")))
    assert done(fill(office.clerk_client, url(office.decision), abstract="sửa tiếp"))

    answer = send(office.leader_client, url(office.decision, "approve"), page)

    assert done(answer)
    assert "đã được sửa sau khi trình" in said(answer)[0]
    assert state(office.decision) == "draft"
    assert not Publication.objects.exists()


def test_a_second_click_on_approve_publishes_once_and_is_told_so(submitted: Office) -> None:
    office = submitted
    page = fields_of(office.leader_client.get(url(office.decision, "approve")))

    first = send(office.leader_client, url(office.decision, "approve"), page)
    second = send(office.leader_client, url(office.decision, "approve"), page)

    assert done(first)
    assert done(second)
    assert "đã được công bố, không còn gì để duyệt" in said(second)[-1]
    assert Publication.objects.count() == 1


def test_whoever_submitted_a_decision_does_not_approve_it(office: Office) -> None:
    both = person("ca-hai", "Nhập liệu")
    both.groups.add(office.leader.groups.get())
    client = signed_in(both)
    assert done(fill(client, url(office.decision, "submit")))

    page = fill(client, url(office.decision, "approve"))

    assert "người trình không tự duyệt" in text_of(page)
    assert not Publication.objects.exists()


def test_whoever_changed_a_decision_does_not_approve_it(office: Office) -> None:
    both = person("ca-hai", "Nhập liệu")
    both.groups.add(office.leader.groups.get())
    client = signed_in(both)
    assert done(fill(client, url(office.decision), abstract="tôi sửa"))
    assert done(fill(office.clerk_client, url(office.decision, "submit")))

    page = fill(client, url(office.decision, "approve"))

    assert "cần một người khác duyệt" in text_of(page)
    assert not Publication.objects.exists()


def test_a_returned_decision_shows_the_comment_to_the_clerk_and_stands_in_their_inbox(
    submitted: Office,
) -> None:
    office = submitted
    empty = fill(office.leader_client, url(office.decision, "return"))
    assert "Hãy ghi ý kiến" in text_of(empty)

    assert done(fill(office.leader_client, url(office.decision, "return"), comment="Thiếu trang 2"))

    page = office.clerk_client.get(url(office.decision))
    assert "Trần Bình trả lại lúc" in text_of(page)
    assert "Thiếu trang 2" in text_of(page)
    assert "Trình duyệt" in buttons(page)
    box = inbox("van-thu")
    assert (box.returned.count, box.returned.first[0].note, box.waiting.count) == (1, "Thiếu trang 2", 0)
    assert inbox("lanh-dao").returned.count == 0


def test_buttons_follow_the_person_and_the_state(office: Office) -> None:
    assert buttons(office.clerk_client.get(url(office.decision))) == ["Trình duyệt", "Xóa bản nháp"]
    assert buttons(office.leader_client.get(url(office.decision))) == []
    assert buttons(office.leader_client.get(url(office.cluster))) == ["Duyệt và công bố"]

    assert done(fill(office.clerk_client, url(office.decision, "submit")))
    assert buttons(office.clerk_client.get(url(office.decision))) == ["Xóa bản nháp"]
    assert buttons(office.leader_client.get(url(office.decision))) == ["Duyệt và công bố", "Trả lại"]

    assert done(fill(office.leader_client, url(office.decision, "approve")))
    assert buttons(office.clerk_client.get(url(office.decision))) == ["Đề nghị rút công bố"]
    assert buttons(office.leader_client.get(url(office.decision))) == ["Đề nghị rút công bố"]
    assert buttons(office.leader_client.get(url(office.cluster))) == ["Rút công bố"]


@pytest.mark.parametrize("step", ["approve", "return", "withdraw"])
def test_a_clerk_takes_no_step_of_an_approver(submitted: Office, step: str) -> None:
    for ask in (submitted.clerk_client.get, submitted.clerk_client.post):
        assert ask(url(submitted.decision, step)).status_code == 403
    assert not Publication.objects.exists()


def test_a_leader_neither_submits_nor_discards(office: Office) -> None:
    for step in ("submit", "discard"):
        assert office.leader_client.post(url(office.decision, step)).status_code == 403


def test_looking_at_a_step_changes_nothing(submitted: Office) -> None:
    before = LedgerEntry.objects.count()

    for step in ("approve", "return", "withdraw", "propose-withdrawal"):
        submitted.leader_client.get(url(submitted.decision, step))
    for step in ("submit", "discard", "propose-withdrawal"):
        submitted.clerk_client.get(url(submitted.decision, step))

    assert LedgerEntry.objects.count() == before


def test_a_change_not_yet_published_is_shown_with_the_difference(published: Office) -> None:
    office = published
    assert done(fill(office.clerk_client, url(office.decision), effects__0__area="50"))

    for client in (office.clerk_client, office.leader_client):
        told = text_of(client.get(url(office.decision)))
        assert "Có thay đổi chưa công bố" in told
        assert "Sửa Diện tích từ 47,8 thành 50 ha" in told
    assert "Thay đổi chưa công bố" not in text_of(office.clerk_client.get(url(office.cluster)))


def test_a_withdrawal_of_a_decision_takes_two_people(published: Office) -> None:
    office = published
    empty = fill(office.clerk_client, url(office.decision, "propose-withdrawal"))
    assert "Hãy ghi lý do" in text_of(empty)
    assert done(fill(office.clerk_client, url(office.decision, "propose-withdrawal"), note="nhập trùng"))

    assert buttons(office.leader_client.get(url(office.decision))) == ["Trả lại", "Rút công bố"]
    page = office.leader_client.get(url(office.decision, "withdraw"))
    assert fields_of(page)["reason"][0].strip() == "nhập trùng"
    assert done(
        send(
            office.leader_client,
            url(office.decision, "withdraw"),
            fields_of(page),
            note="Bản ghi trùng, xin xem số 1012",
        )
    )

    last = Publication.objects.latest("seq")
    assert (last.proposed_by, last.approved_by) == ("van-thu", "lanh-dao")
    assert Statement.objects.latest("pk").withdrawn
    assert state(office.decision) == "withdrawn"
    assert not Submission.objects.filter(published_seq__isnull=True).exists()


def test_nobody_approves_the_withdrawal_of_a_decision_that_they_asked_for(published: Office) -> None:
    office = published
    assert done(fill(office.leader_client, url(office.decision, "propose-withdrawal"), note="nhập trùng"))

    page = fill(office.leader_client, url(office.decision, "withdraw"))

    assert "người trình không tự duyệt" in text_of(page)
    assert state(office.decision) == "submitted"


def test_a_leader_withdraws_a_cluster_alone_unless_the_setting_asks_for_two(
    published: Office, settings: LazySettings
) -> None:
    office = published
    settings.TWO_PERSON_KINDS = frozenset({"decision", "cluster"})
    refused = office.leader_client.post(url(office.cluster, "withdraw"), {"reason": "trùng"})
    assert not done(refused)
    assert state(office.cluster) == "published"

    settings.TWO_PERSON_KINDS = frozenset({"decision"})
    assert done(fill(office.leader_client, url(office.cluster, "withdraw"), reason="trùng"))
    assert state(office.cluster) == "withdrawn"


def test_who_withdraws_is_told_which_records_lose_the_name(published: Office) -> None:
    office = published
    page = text_of(office.leader_client.get(url(office.ubnd, "withdraw")))
    assert "bản ghi đang công bố nhắc tới bản ghi này" in page
    assert str(office.decision) in page
    assert "nhắc tới" not in text_of(office.leader_client.get(url(office.decision, "withdraw")))


def test_a_withdrawn_record_comes_back_with_another_only_when_it_is_chosen(published: Office) -> None:
    office = published
    done(fill(office.leader_client, url(office.ubnd, "withdraw"), reason="trùng"))
    fill(office.clerk_client, url(office.decision), abstract="Trích yếu mới")
    fill(office.clerk_client, url(office.decision, "submit"))
    page = office.leader_client.get(url(office.decision, "approve"))
    chosen = {other.subject: other.checked for other in page.context["sight"].companions}
    assert chosen == {office.ubnd: False}
    assert "đã rút công bố" in text_of(page)


def test_saving_and_submitting_is_one_button(office: Office) -> None:
    answer = fill(office.clerk_client, url(office.decision), abstract="Thành lập cụm", _submit_for_review="1")

    assert answer["Location"] == url(office.decision, "submit")
    assert Decision.objects.get().abstract == "Thành lập cụm"


def test_the_list_shows_and_filters_states_with_a_constant_number_of_queries(published: Office) -> None:
    office = published
    with recorded(actor="van-thu"):
        for number in range(2):
            Decision.objects.create(number=number + 1, symbol="QĐ-UBND", issuer=office.ubnd)
    office.clerk_client.get("/admin/registry/decision/")
    with CaptureQueriesContext(connection) as few:
        page = office.clerk_client.get("/admin/registry/decision/")
    assert "Bản nháp" in text_of(page)
    with recorded(actor="van-thu"):
        for number in range(40):
            Decision.objects.create(number=number + 100, symbol="QĐ-UBND", issuer=office.ubnd)
    with CaptureQueriesContext(connection) as many:
        office.clerk_client.get("/admin/registry/decision/")
    assert len(few) == len(many)

    def listed(state: str) -> int:
        return (
            office.clerk_client.get(f"/admin/registry/decision/?review_state={state}")
            .context["cl"]
            .result_count
        )

    assert (listed("published"), listed("draft"), listed("changed"), listed("submitted")) == (1, 42, 0, 0)
    assert office.clerk_client.get("/admin/registry/decision/?review_state=khong-co").status_code == 200


def test_the_filter_by_state_agrees_with_the_state_of_each_record(published: Office) -> None:
    office = published
    with recorded(actor="van-thu"):
        office.decision.abstract = "sửa"
        office.decision.save()
        office.cluster.name = "Tên khác"
        office.cluster.save()
        office.cluster.name = "Giang Biên"
        office.cluster.save()
        draft = Decision.objects.create(issuer=office.ubnd)
        waiting = Decision.objects.create(issuer=office.ubnd, abstract="chờ")
    fill(office.clerk_client, url(waiting, "submit"))
    fill(office.leader_client, url(office.developer, "withdraw"), reason="trùng")

    assert in_state("decision", "changed") == {office.decision.pk}
    assert in_state("decision", "draft") == {draft.pk}
    assert in_state("decision", "submitted") == {waiting.pk}
    assert in_state("decision", "published") == set()
    # Changed and changed back: the content is what the public sees.
    assert in_state("cluster", "published") == {office.cluster.pk}
    assert in_state("investor", "withdrawn") == {office.developer.pk}


def test_text_that_no_database_takes_is_refused_in_words(submitted: Office) -> None:
    office = submitted
    for step, name in (("return", "comment"), ("approve", "note"), ("approve", "reason")):
        for text in ("a\0b", "dài " * 1000, "th\ufffdnh lập"):
            page = fill(office.leader_client, url(office.decision, step), **{name: text})
            assert page.status_code == 200
            assert "Hãy sửa chỗ được đánh dấu" in text_of(page)
    for garbage in ("decision:x", "\0", "nonsense", "cluster:999999"):
        page = fill(office.leader_client, url(office.decision, "approve"), **{"with": [garbage]})
        assert page.status_code == 200
    assert not Publication.objects.exists()


def test_pages_of_records_that_never_were_lead_back(office: Office) -> None:
    for pk in ("999999", "9" * 40):
        for step in ("submit", "change", "discard"):
            assert done(office.clerk_client.get(f"/admin/registry/decision/{pk}/{step}/"))
        assert office.clerk_client.get(f"/admin/registry/decision/{pk}/history/").status_code == 404
    for before in ("x", "-1", "9" * 40, "0", "%00"):
        assert office.clerk_client.get(url(office.decision, "history") + f"?before={before}").status_code in (
            200,
            400,
        )


def test_a_comment_written_while_the_clerk_edits_is_not_lost(submitted: Office) -> None:
    office = submitted
    page = office.leader_client.get(url(office.decision, "return"))
    assert done(fill(office.clerk_client, url(office.decision), abstract="Sửa tiếp"))

    refused = send(
        office.leader_client, url(office.decision, "return"), fields_of(page), comment="Thiếu phụ lục"
    )

    assert refused.status_code == 200
    assert "đã được sửa sau khi trình" in text_of(refused)
    assert fields_of(refused)["comment"] == ["Thiếu phụ lục"]
    assert "Bản ghi đã đổi sau khi bạn mở trang" in text_of(refused)
    assert "Ghi Trích yếu : Sửa tiếp" in text_of(refused)
