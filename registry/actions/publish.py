"""Publishing and withdrawing: the one gate between the working tables and the public."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Max

from registry.actions.announce import announce, announce_due
from registry.actions.editions import refresh
from registry.ledger.context import recorded
from registry.ledger.entries import head as ledger_head
from registry.models import SUBJECTS, Publication, Statement, Submission
from registry.models.base import Subject
from registry.queries.contents import contents
from registry.queries.published import latest_statements, said_text
from registry.queries.recoveries import last_recovery
from registry.queries.references import unpublished_in
from registry.queries.reviews import changed_by
from registry.rules.canonical import CONTENT_VERSION, canonical, digest
from registry.rules.completeness import refuse_incomplete
from registry.rules.composition.subjects import COMPOSER
from registry.rules.hanoi import day_of
from registry.rules.moments import SETTLED_AFTER, Clock
from registry.rules.problems import Problem
from registry.rules.reasons import demanded, offered

#: How far the clock may stand behind the last publication before we refuse to publish.
CLOCK_TOLERANCE = timedelta(minutes=5)

#: How many statements and announcements are written in a second, at least. (A slow machine of 2026: 4 000.)
ROWS_A_SECOND = 2_000

APPROVE = "registry.approve"


@dataclass(frozen=True, slots=True)
class Act:
    """Who publishes, when and why. today: Hà Nội's date when the act begins."""

    at: datetime | Clock
    today: date
    proposed_by: str
    approved_by: str
    reason: str = ""
    note: str = ""
    imported: bool = False

    def moment(self, ahead: timedelta = timedelta()) -> datetime:
        """How late it is, or will be soon; always the same where the act was given a moment."""
        return self.at if isinstance(self.at, datetime) else self.at() + ahead


def publish(
    subjects: Sequence[Subject],
    *,
    proposed_by: str,
    approved_by: str,
    at: datetime | Clock,
    today: date,
    reason: str = "",
    note: str = "",
    seen: Mapping[str, str] | None = None,
) -> Publication:
    """Publish the subjects as they stand, in one act.

    at: a clock is asked once all is composed, a moment is taken as it is. seen: by subject key, the digest of the
    content that the approver looked at.
    Raises Problem: reason_invisible, subject_gone, changed_since_review, nothing_to_publish, reference_unpublished,
    citation_row_missing, scope_unlisted, scope_not_listed,
    approver_unknown, approver_not_allowed, approver_is_proposer, approver_changed_the_record, clock_went_back,
    publication_too_slow.
    """
    reason, note = offered(reason), offered(note)
    with recorded(actor=approved_by, reason=reason):
        subjects = _as_they_stand(subjects)
        texts = _texts(subjects)
        for subject in subjects:
            if seen is not None and seen.get(subject.key) != digest(texts[subject.key]):
                raise Problem(
                    "changed_since_review",
                    f"“{subject}” đã được sửa sau khi bạn mở trang duyệt, nên chưa công bố. "
                    "Hãy tải lại trang, xem nội dung mới rồi duyệt lại.",
                )
        _check_approver(subjects, proposed_by, approved_by)
        return _publish(subjects, texts, Act(at, today, proposed_by, approved_by, reason, note))


def publish_seed(subjects: Sequence[Subject], *, at: datetime | Clock, today: date) -> Publication:
    """Publish what the documents state: one act of the actor `seed`, marked as imported, without an approver."""
    act = Act(at, today, "seed", "", "Nạp dữ liệu từ tài liệu", imported=True)
    with recorded(actor="seed", reason=act.reason):
        subjects = _as_they_stand(subjects)
        return _publish(subjects, _texts(subjects), act)


def withdraw(
    subjects: Sequence[Subject],
    *,
    proposed_by: str,
    approved_by: str,
    at: datetime | Clock,
    today: date,
    reason: str,
    note: str = "",
) -> Publication:
    """Say no more of the subjects from now on; readers get 410 and the public note.

    What was said stays readable at an earlier `known_at`. Raises Problem: reason_missing, reason_invisible,
    not_published, and those of the approver.
    """
    reason, note = demanded(reason, "reason_missing", "Hãy ghi lý do rút công bố."), offered(note)
    with recorded(actor=approved_by, reason=reason):
        subjects = _as_they_stand(subjects)
        _check_approver(subjects, proposed_by, approved_by)
        said = _said(subjects)
        for subject in subjects:
            if subject.key not in said:
                raise Problem("not_published", f"“{subject}” hiện không được công bố nên không thể rút.")
        act = Act(at, today, proposed_by, approved_by, reason, note)
        return _append([_statement(subject, "", withdrawn=True) for subject in subjects], act)


def composer_pending() -> bool:
    """Whether the last publication was composed by another release's code, so that this one has yet to be adopted."""
    last = Publication.objects.order_by("-seq").first()
    return last is not None and last.composer != COMPOSER


def adopt_composer(*, at: datetime | Clock, today: date) -> Publication | None:
    """Let a release that composes differently speak from now on; what was said before stays as it was said.

    One publication without statements. None when the code in force is already today's.
    """
    with recorded(actor="system", reason="adopt_composer"):
        if not composer_pending():
            return None
        return _append([], Act(at, today, "system", "", "adopt_composer"))


def _as_they_stand(subjects: Iterable[Subject]) -> list[Subject]:
    """The same subjects, each once, read again: what the caller holds may be older than the lock."""
    rows: dict[str, Subject] = {}
    for kind, ids in _by_kind(subjects).items():
        rows |= {row.key: row for row in SUBJECTS[kind]._default_manager.filter(pk__in=ids)}
    for subject in subjects:
        if subject.key not in rows:
            raise Problem("subject_gone", f"“{subject}” đã bị xóa trong lúc này. Hãy tải lại trang.")
    return [rows[key] for key in dict.fromkeys(subject.key for subject in subjects)]


def _texts(subjects: Iterable[Subject]) -> dict[str, str]:
    return {
        f"{kind}:{subject_id}": canonical(content)
        for kind, ids in _by_kind(subjects).items()
        for subject_id, content in contents(kind, ids).items()
    }


def _publish(subjects: Sequence[Subject], texts: Mapping[str, str], act: Act) -> Publication:
    held: dict[str, dict[int, Any]] = {}
    for subject in subjects:
        content = held.setdefault(subject.kind, {})[subject.pk] = json.loads(texts[subject.key])
        refuse_incomplete(subject.kind, content)
    if missing := unpublished_in(held):
        labels = ", ".join(f"{type(other)._meta.verbose_name} “{other}”" for other in missing)
        raise Problem("reference_unpublished", f"Hãy công bố trước hoặc công bố cùng lúc: {labels}.")
    said = _said(subjects)
    changed = [subject for subject in subjects if said.get(subject.key) != texts[subject.key]]
    if not changed:
        raise Problem("nothing_to_publish", "Không có thay đổi nào so với lần công bố trước.")
    return _append([_statement(subject, texts[subject.key]) for subject in changed], act)


def _said(subjects: Sequence[Subject]) -> dict[str, str]:
    """What the last statement of each subject says; nothing of a subject that is not public."""
    return {
        f"{kind}:{subject_id}": said_text(row)
        for kind, ids in _by_kind(subjects).items()
        for subject_id, row in latest_statements(kind, ids).items()
        if not row.withdrawn
    }


def _by_kind(subjects: Iterable[Subject]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for subject in subjects:
        found.setdefault(subject.kind, []).append(subject.pk)
    return found


def _statement(subject: Subject, text: str, *, withdrawn: bool = False) -> Statement:
    return Statement(
        kind=subject.kind,
        subject_id=subject.pk,
        code=subject.code,
        withdrawn=withdrawn,
        content_version=CONTENT_VERSION,
        content=text,
    )


def _append(statements: list[Statement], act: Act) -> Publication:
    began = act.moment()
    # What came into effect before this act is told before it, in the order in which it happened.
    announce_due(at=began, today=act.today)
    last = Publication.objects.order_by("-seq").first()
    if last is not None and last.at > began + CLOCK_TOLERANCE:
        raise Problem(
            "clock_went_back",
            "Đồng hồ máy chủ chậm hơn lần công bố trước quá 5 phút. Hãy chỉnh đồng hồ rồi công bố lại.",
        )
    ledger_seq, ledger_hash = ledger_head()
    recovery = last_recovery()
    # Numbers and moments rise, also above those that a restore lost.
    before = [(row.seq, row.at) for row in (last, recovery) if row is not None]
    seq = max((seq for seq, _ in before), default=0) + 1
    differences = refresh(statements, seq, everything=last is not None and last.composer != COMPOSER)
    # While all this is composed readers ask what was published by now: so its moment is one when it can be seen.
    ahead = timedelta(seconds=(len(statements) + len(differences)) // ROWS_A_SECOND)
    at = _next_moment(act.moment(ahead), before)
    if day_of(at) > act.today and announce_due(at=at, today=day_of(at), before=seq):
        at = _next_moment(act.moment(ahead), before)
    publication = Publication.objects.create(
        seq=seq,
        at=at,
        proposed_by=act.proposed_by,
        approved_by=act.approved_by,
        office=settings.PUBLISHING_OFFICE if act.approved_by else "",
        imported=act.imported,
        reason=act.reason,
        note=act.note,
        composer=COMPOSER,
        ledger_seq=ledger_seq,
        ledger_hash=ledger_hash,
    )
    for statement in statements:
        statement.publication = publication
    Statement.objects.bulk_create(statements)
    announce(publication, statements, differences)
    _close_submissions(statements, seq)
    # Half of the time is left for the rest of the transaction.
    if act.moment() > at + SETTLED_AFTER / 2:
        raise Problem(
            "publication_too_slow",
            "Máy chủ ghi lần công bố này quá chậm, trong lúc đó người đọc có thể đã hỏi đến hết lúc này đã công bố "
            "những gì, nên chưa có gì được công bố. Hãy công bố lại.",
        )
    return publication


def _next_moment(now: datetime, before: Iterable[tuple[int, datetime]]) -> datetime:
    return max([now, *(at + timedelta(microseconds=1) for _, at in before)])


def _close_submissions(statements: list[Statement], seq: int) -> None:
    """What was asked about these subjects is settled, also what had been returned with a comment."""
    for kind in sorted({statement.kind for statement in statements}):
        ids = [statement.subject_id for statement in statements if statement.kind == kind]
        unsettled = Submission.objects.filter(kind=kind, subject_id__in=ids, published_seq__isnull=True)
        unsettled.update(published_seq=seq)


def _check_approver(subjects: Sequence[Subject], proposed_by: str, approved_by: str) -> None:
    """Four eyes: an approver who may approve, and who changed nothing of the subject since it was last published."""
    user = get_user_model().objects.filter(username=approved_by, is_active=True).first()
    if user is None:
        raise Problem("approver_unknown", f"Không có tài khoản đang hoạt động tên “{approved_by}”.")
    if not user.has_perm(APPROVE):
        raise Problem("approver_not_allowed", f"Tài khoản “{approved_by}” không có quyền duyệt và công bố.")
    for subject in subjects:
        if subject.kind not in settings.TWO_PERSON_KINDS:
            continue
        if approved_by == proposed_by:
            raise Problem(
                "approver_is_proposer", f"“{subject}” cần người thứ hai duyệt: người trình không tự duyệt."
            )
        if approved_by in changed_by(subject, since=_last_published_at(subject)):
            raise Problem(
                "approver_changed_the_record",
                f"“{approved_by}” đã sửa “{subject}” từ lần công bố trước, nên cần một người khác duyệt.",
            )


def _last_published_at(subject: Subject) -> int:
    """The ledger's position of which the last published content was read. A withdrawal looked at no content."""
    rows = Statement.objects.filter(kind=subject.kind, subject_id=subject.pk, withdrawn=False)
    return rows.aggregate(last=Max("publication__ledger_seq"))["last"] or 0


def find(key: str) -> Subject:
    """The working record named `kind:code`. Raises Problem: subject_unknown."""
    kind, _, code = key.partition(":")
    model = SUBJECTS.get(kind)
    subject = model._default_manager.filter(code=code).first() if model else None
    if subject is None:
        raise Problem(
            "subject_unknown", f"Không có bản ghi “{key}”. Cách viết: loại:mã, ví dụ cluster:giang-bien."
        )
    return subject
