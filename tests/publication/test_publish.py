"""Who may publish what, and what a publication does to what had been said before."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models.deletion import ProtectedError

from registry.actions import publish as publishing
from registry.actions.publish import publish, publish_seed, withdraw
from registry.actions.review import discard, return_for_changes, submit
from registry.ledger.context import recorded
from registry.models import (
    Announcement,
    Authority,
    ClusterEdition,
    Decision,
    Effect,
    LedgerEntry,
    Publication,
    Statement,
    Submission,
)
from registry.models.base import Subject
from registry.queries.history import history
from registry.queries.published import resolve, seq_at
from registry.queries.reviews import review_of
from registry.rules.dates import parse_stated
from registry.rules.problems import Problem
from tests.publication.office import Office
from tests.world import World, clerk, leader

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 3, tzinfo=UTC)
TODAY = date(2026, 3, 1)


@pytest.fixture
def office() -> Office:
    """A cluster, an investor and a decision of 18/01/2022 that establishes it, entered by the clerk; unpublished."""
    office = Office()
    office.new_cluster(0, 0, 0)
    office.new_investor(0, 0, 0)
    office.new_decision(0, 5, 0)
    return office


@pytest.fixture
def decision(office: Office) -> Decision:
    found: Decision = office.row(office.of_kind("decision")[0])
    return found


def everything(office: Office) -> list[Subject]:
    return [office.row(key) for key in office.drafts]


def approve(subjects: list[Any], **how: Any) -> Publication:
    given: dict[str, Any] = {"proposed_by": "clerk", "approved_by": "leader", "at": AT, "today": TODAY}
    return publish(subjects, **given | how)


def take_back(subjects: list[Any], **how: Any) -> Publication:
    given = {"proposed_by": "clerk", "approved_by": "leader", "at": AT, "today": TODAY, "reason": "nhầm"}
    return withdraw(subjects, **given | how)  # type: ignore[arg-type]


def refusal(call: Any, *args: Any, **how: Any) -> str:
    """The code of the refusal, which must leave nothing behind."""
    before = Publication.objects.count(), Statement.objects.count(), Announcement.objects.count()
    with pytest.raises(Problem) as refused:
        call(*args, **how)
    assert before == (Publication.objects.count(), Statement.objects.count(), Announcement.objects.count())
    assert refused.value.message.endswith((".", "cũ"))
    return refused.value.code


def edit(subject: Subject, by: str, **values: Any) -> None:
    with recorded(actor=by):
        for name, value in values.items():
            setattr(subject, name, value)
        subject.save()


# Two people


def test_the_approver_must_be_a_living_account_with_the_right(office: Office) -> None:
    assert refusal(approve, everything(office), approved_by="nobody") == "approver_unknown"
    assert (
        refusal(approve, everything(office), approved_by="clerk", proposed_by="x") == "approver_not_allowed"
    )
    User.objects.filter(username="leader").update(is_active=False)
    assert refusal(approve, everything(office)) == "approver_unknown"


def test_nobody_approves_a_decision_of_their_own_proposal(office: Office) -> None:
    assert refusal(approve, everything(office), proposed_by="leader") == "approver_is_proposer"


def test_who_touched_a_decision_does_not_approve_it(office: Office, decision: Decision) -> None:
    edit(decision, "leader", abstract="sửa một chữ")
    edit(decision, "clerk", abstract="sửa lại")
    assert refusal(approve, everything(office)) == "approver_changed_the_record"


def test_who_touched_an_effect_of_a_decision_does_not_approve_the_decision(
    office: Office, decision: Decision
) -> None:
    with recorded(actor="leader"):
        decision.effects.update(as_stated="chữ khác")
    assert refusal(approve, everything(office)) == "approver_changed_the_record"


def test_who_touched_a_decision_before_its_last_publication_may_approve_the_next(
    office: Office, decision: Decision
) -> None:
    User.objects.create(username="chief", is_superuser=True)
    edit(decision, "leader", abstract="của trưởng phòng")
    approve(everything(office), approved_by="chief")
    edit(decision, "clerk", abstract="của chuyên viên")
    assert approve([decision]).seq == 3


def test_an_internal_note_is_no_part_of_what_is_published(office: Office, decision: Decision) -> None:
    approve(everything(office))
    edit(decision, "leader", note="chờ bản gốc")
    with recorded(actor="leader"):
        for effect in decision.effects.all():
            effect.note = "xem lại diện tích"
            effect.save()
    assert review_of(decision).state == "published"
    assert refusal(approve, [decision]) == "nothing_to_publish"
    # The ledger holds it; who wrote it has changed nothing that is published.
    told = [c.after for act in history(decision).acts for section in act.sections for c in section.changes]
    assert {"chờ bản gốc", "xem lại diện tích"} <= set(told)
    edit(decision, "clerk", abstract="của chuyên viên")
    assert approve([decision])
    edit(decision, "leader", note="đã có bản gốc", abstract="của trưởng phòng")
    assert refusal(approve, [decision]) == "approver_changed_the_record"


def test_a_withdrawal_in_between_does_not_wash_off_who_edited(office: Office, decision: Decision) -> None:
    User.objects.create(username="chief", is_superuser=True)
    approve(everything(office))
    edit(decision, "leader", abstract="của trưởng phòng")
    take_back([decision], approved_by="chief")
    assert refusal(approve, [decision]) == "approver_changed_the_record"
    assert approve([decision], approved_by="chief").seq == 4


def test_one_person_is_enough_for_an_investor_unless_the_setting_says_two(
    office: Office, settings: Any
) -> None:
    investor = office.row(office.of_kind("investor")[0])
    settings.TWO_PERSON_KINDS = frozenset({"decision", "investor"})
    assert refusal(approve, [investor], proposed_by="leader") == "approver_is_proposer"
    settings.TWO_PERSON_KINDS = frozenset({"decision"})
    assert approve([investor], proposed_by="leader").seq == 2


# What was seen, what is new


def test_what_was_edited_after_it_was_looked_at_is_not_published(office: Office, decision: Decision) -> None:
    approve(everything(office))
    edit(decision, "clerk", abstract="bản đã xem")
    seen = {decision.key: review_of(decision).digest}
    with recorded(actor="clerk"):
        decision.effects.update(as_stated="sửa sau khi xem")
    assert refusal(approve, [decision], seen=seen) == "changed_since_review"
    assert refusal(approve, [decision], seen={}) == "changed_since_review"
    assert approve([decision], seen={decision.key: review_of(decision).digest}).seq == 3


def test_the_rows_are_read_again_under_the_lock_and_not_taken_from_the_caller(
    office: Office, decision: Decision
) -> None:
    approve(everything(office))
    stale = Decision.objects.prefetch_related("effects").get(pk=decision.pk)
    with recorded(actor="clerk"):
        other = Authority.objects.create(name="Cơ quan chưa công bố", level="city")
    edit(Decision.objects.get(pk=decision.pk), "clerk", issuer=other)
    assert refusal(approve, [stale]) == "reference_unpublished"


def test_a_subject_named_twice_is_published_once(office: Office, decision: Decision) -> None:
    assert approve([*everything(office), decision, decision]).statements.count() == 3


def test_a_draft_that_was_discarded_meanwhile_is_not_published(office: Office, decision: Decision) -> None:
    stale = Decision.objects.get(pk=decision.pk)
    discard(decision, by="clerk")
    assert refusal(approve, [stale]) == "subject_gone"


def test_what_was_said_already_is_not_said_again(office: Office, decision: Decision) -> None:
    approve(everything(office))
    assert refusal(approve, everything(office)) == "nothing_to_publish"
    edit(decision, "clerk", abstract="mới")
    assert [s.kind for s in approve(everything(office)).statements.all()] == ["decision"]


def test_what_a_decision_names_must_be_visible_or_come_along(office: Office, decision: Decision) -> None:
    assert refusal(approve, [decision]) == "reference_unpublished"
    cluster, investor = office.row(office.of_kind("cluster")[0]), office.row(office.of_kind("investor")[0])
    assert approve([decision, cluster, investor]).statements.count() == 3
    take_back([cluster])
    edit(decision, "clerk", abstract="mới")
    assert refusal(approve, [decision]) == "reference_unpublished"


# Withdrawing


def test_after_a_withdrawal_there_is_no_answer_but_the_former_ones_stay(office: Office) -> None:
    approve(everything(office))
    cluster = office.row(office.of_kind("cluster")[0])
    take_back([cluster], note="Trùng với cụm khác")
    rows = ClusterEdition.objects.filter(subject_id=cluster.pk)
    assert not rows.known_at(3).exists()
    assert rows.known_at(2).valid_on(date(2022, 1, 18)).get().legal_stage == "established"
    last = resolve("cluster", cluster.code, 3)
    assert last is not None
    assert (last.withdrawn, last.content, last.publication.note) == (True, "", "Trùng với cụm khác")
    assert review_of(cluster).state == "withdrawn"


def test_a_withdrawn_subject_can_be_published_again_and_leaves_a_gap(office: Office) -> None:
    approve(everything(office))
    cluster = office.row(office.of_kind("cluster")[0])
    take_back([cluster])
    approve([cluster])
    rows = ClusterEdition.objects.filter(subject_id=cluster.pk).valid_on(date(2022, 1, 18))
    assert [rows.known_at(seq).exists() for seq in (1, 2, 3, 4)] == [False, True, False, True]
    assert bytes(rows.known_at(2).get().body) == bytes(rows.known_at(4).get().body)


def test_a_withdrawal_needs_a_reason_and_something_to_withdraw(office: Office, decision: Decision) -> None:
    assert refusal(take_back, [decision], reason=" ") == "reason_missing"
    assert refusal(take_back, [decision], reason="\u200b") == "reason_missing"
    assert refusal(take_back, [decision], note="\u2060") == "reason_invisible"
    assert refusal(approve, [decision], reason="\u200b") == "reason_invisible"
    assert refusal(take_back, [decision]) == "not_published"
    approve(everything(office))
    assert refusal(take_back, [decision], proposed_by="leader") == "approver_is_proposer"
    take_back([decision])
    assert refusal(take_back, [decision]) == "not_published"


def test_what_was_ever_published_is_not_discarded(office: Office, decision: Decision) -> None:
    approve(everything(office))
    take_back([decision])
    assert refusal(discard, decision, by="clerk") == "published_before"
    with pytest.raises(ProtectedError):
        office.row(office.of_kind("cluster")[0]).delete()


def test_a_draft_whose_effects_point_to_one_another_is_discarded_whole(
    office: Office, decision: Decision
) -> None:
    office.add_effect(0, 0, 3)
    office.aim_effect(0, 1, 1)
    assert decision.effects.filter(target__decision=decision).exists()
    office.new_decision(1, 6, 0)
    office.aim_effect(1, 0, 1)
    assert refusal(discard, decision, by="clerk") == "still_referenced"
    discard(office.row(office.of_kind("decision")[1]), by="clerk")
    discard(decision, by="clerk")
    assert not Decision.objects.exists()


# Moments


def test_moments_of_publication_rise_even_when_the_clock_stands_still(office: Office) -> None:
    approve(everything(office))
    cluster = office.row(office.of_kind("cluster")[0])
    for _ in range(3):
        take_back([cluster])
        approve([cluster])
    moments = list(Publication.objects.filter(seq__gte=2).order_by("seq").values_list("at", flat=True))
    assert moments == [AT + timedelta(microseconds=n) for n in range(7)]


def test_a_clock_that_went_back_a_little_is_borne_and_one_that_went_far_is_refused(office: Office) -> None:
    approve(everything(office))
    cluster = office.row(office.of_kind("cluster")[0])
    assert refusal(take_back, [cluster], at=AT - timedelta(minutes=5, seconds=1)) == "clock_went_back"
    assert take_back([cluster], at=AT - timedelta(minutes=5)).at == AT + timedelta(microseconds=1)


def test_a_moment_finds_the_last_publication_made_by_then(office: Office) -> None:
    approve(everything(office))
    assert seq_at(AT) == 2
    assert seq_at(AT - timedelta(microseconds=1)) == 1
    assert seq_at(datetime(2026, 1, 10, 2, 59, tzinfo=UTC)) == 0


def test_a_publication_quotes_the_ledger_as_it_was_read(office: Office) -> None:
    head = LedgerEntry.objects.order_by("-seq").first()
    assert head is not None
    act = approve(everything(office))
    assert (act.ledger_seq, act.ledger_hash) == (head.seq, head.hash)


def test_the_seed_is_one_imported_act_without_an_approver(office: Office) -> None:
    act = publish_seed(everything(office), at=AT, today=TODAY)
    assert (act.imported, act.proposed_by, act.approved_by) == (True, "seed", "")
    assert act.statements.count() == 3


# On the way to the approver


def test_a_submission_lapses_with_an_edit_and_is_settled_by_the_publication(
    office: Office, decision: Decision
) -> None:
    submit(decision, by="clerk", at=AT)
    assert review_of(decision).state == "submitted"
    edit(decision, "clerk", abstract="sửa sau khi trình")
    assert review_of(decision).state == "draft"
    assert refusal(return_for_changes, decision, by="leader", at=AT, comment="xem lại") == "not_submitted"
    submit(decision, by="clerk", at=AT)
    return_for_changes(decision, by="leader", at=AT, comment="xem lại")
    assert review_of(decision).state == "returned"
    approve(everything(office))
    assert review_of(decision).state == "published"
    assert set(Submission.objects.values_list("published_seq", flat=True)) == {2}


def test_staff_see_changed_until_the_change_is_published_or_undone(
    office: Office, decision: Decision
) -> None:
    approve(everything(office))
    before = decision.abstract
    edit(decision, "clerk", abstract="mới")
    assert review_of(decision).state == "changed"
    edit(decision, "clerk", abstract=before)
    assert review_of(decision).state == "published"


def test_a_paper_in_force_from_a_stated_day_does_not_act_on_the_day_it_was_signed(seeded: World) -> None:
    cluster = seeded.dai_thang
    clerk(), leader()
    with recorded(actor="lan"):
        paper = Decision(issuer=seeded.decision(1012).issuer, number=55, symbol="QĐ-UBND")
        paper.issued_earliest = paper.issued_latest = date(2026, 1, 2)
        # “có hiệu lực kể từ ngày 01/02/2026”
        since = parse_stated("kể từ ngày 01/02/2026")
        paper.effective_earliest, paper.effective_latest = since.earliest, since.latest
        paper.effective_stated_as = since.stated_as
        paper.save()
        Effect.objects.create(decision=paper, cluster=cluster, effect_code="expanded", area_ha=30)
    approve([paper], proposed_by="lan", approved_by="hung")
    areas = [
        (seeded.answer(cluster, on=day) or {})["area_ha"] for day in (date(2026, 1, 31), date(2026, 2, 1))
    ]
    assert areas == [21.3, 30]
    assert (seeded.answer(paper, on=date(2026, 1, 31)) or {})["effective_on"] == "2026-02-01"


def test_a_source_supports_only_what_is_shown_on_the_day(seeded: World) -> None:
    clerk(), leader()
    with recorded(actor="lan"):
        paper = Decision(issuer=seeded.decision(1012).issuer, number=55, symbol="QĐ-UBND")
        paper.issued_earliest = paper.issued_latest = date(2026, 1, 2)
        paper.save()
        Effect.objects.create(decision=paper, cluster=seeded.dai_thang, effect_code="expanded", area_ha=30)
    approve([paper], proposed_by="lan", approved_by="hung")

    def said(cluster: Subject, field: str, on: date) -> dict[str, bool | None]:
        answer = seeded.answer(cluster, on=on) or {}
        return {s["as_stated"]: s["agrees"] for s in answer["sources"] if s["field"] == field}

    assert said(seeded.dai_thang, "area_ha", date(2026, 1, 1)) == {"21,3 ha": True}
    assert said(seeded.dai_thang, "area_ha", date(2026, 1, 2)) == {"21,3 ha": None}
    # 790 is called an establishment, is to be verified, and so supports no stage.
    assert said(seeded.giang_bien, "legal_stage", date(2022, 3, 20)) == {"thành lập": None}


def clock_of(*seconds: float) -> Any:
    """Tells, one after the other, that so many seconds have gone by since AT."""
    moments = [AT + timedelta(seconds=number) for number in seconds]
    return lambda: moments.pop(0)


def test_a_publication_and_its_news_have_the_moment_at_which_all_was_composed(office: Office) -> None:
    act = approve(everything(office), at=clock_of(0, 90, 92.5))
    assert act.at == AT + timedelta(seconds=90)
    assert set(act.announcements.values_list("at", flat=True)) == {act.at}
    assert act.announcements.count() == 3


def test_what_takes_so_long_to_write_that_a_moment_is_settled_before_is_not_published(office: Office) -> None:
    assert refusal(approve, everything(office), at=clock_of(0, 90, 92.500001)) == "publication_too_slow"
    assert approve(everything(office), at=clock_of(0, 90, 90)).seq == Publication.objects.count()


def test_what_takes_seconds_to_write_has_the_moment_at_which_it_will_be_written(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "ROWS_A_SECOND", 2)  # of three statements and three differences
    assert approve(everything(office), at=clock_of(0, 90, 95.5)).at == AT + timedelta(seconds=93)


def test_moments_rise_with_numbers_whatever_the_clock_says(office: Office) -> None:
    first = approve(everything(office), at=clock_of(0, 90, 90))
    office.rename(0, 0, 0)
    second = approve([office.row(office.of_kind("cluster")[0])], at=clock_of(0, 0, 0))
    assert second.at == first.at + timedelta(microseconds=1)
