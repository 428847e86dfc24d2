"""Publishing and withdrawing: the one gate between the working tables and the public."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Max

from registry.actions.announce import announce, announce_due
from registry.actions.editions import Difference, published_subjects, recompose, refresh
from registry.ledger.context import recorded
from registry.ledger.entries import head as ledger_head
from registry.models import SUBJECTS, Publication, Statement, Submission
from registry.models.base import Subject
from registry.queries.contents import contents
from registry.queries.published import latest_statements
from registry.queries.references import unpublished_references
from registry.queries.reviews import changed_by
from registry.rules.canonical import CONTENT_VERSION, canonical, digest
from registry.rules.composition.subjects import COMPOSER
from registry.rules.problems import Problem

#: How far the clock may stand behind the last publication before we refuse to publish.
CLOCK_TOLERANCE = timedelta(minutes=5)

APPROVE = "registry.approve"


def publish(
    subjects: Sequence[Subject],
    *,
    proposed_by: str,
    approved_by: str,
    at: datetime,
    today: date,
    reason: str = "",
    note: str = "",
    seen: Mapping[str, str] | None = None,
) -> Publication:
    """Publish the subjects as they stand, in one act.

    seen: by subject key, the digest of the content that the approver looked at.
    Raises Problem: changed_since_review, nothing_to_publish, reference_unpublished, approver_unknown,
    approver_not_allowed, approver_is_proposer, approver_changed_the_record, clock_went_back.
    """
    with recorded(actor=approved_by, reason=reason):
        texts = _texts(subjects)
        for subject in subjects:
            if seen is not None and seen.get(subject.key) != digest(texts[subject.key]):
                raise Problem(
                    "changed_since_review",
                    f"“{subject}” đã được sửa sau khi bạn mở trang duyệt, nên chưa công bố. "
                    "Hãy tải lại trang, xem nội dung mới rồi duyệt lại.",
                )
        _check_approver(subjects, proposed_by, approved_by)
        return _publish(
            subjects,
            texts,
            at=at,
            today=today,
            proposed_by=proposed_by,
            approved_by=approved_by,
            reason=reason,
            note=note,
        )


def publish_seed(subjects: Sequence[Subject], *, at: datetime, today: date) -> Publication:
    """Publish what the documents state: one act of the actor `seed`, marked as imported, without an approver."""
    with recorded(actor="seed", reason="Nạp dữ liệu từ tài liệu"):
        return _publish(
            subjects,
            _texts(subjects),
            at=at,
            today=today,
            proposed_by="seed",
            approved_by="",
            imported=True,
            reason="Nạp dữ liệu từ tài liệu",
        )


def withdraw(
    subjects: Sequence[Subject],
    *,
    proposed_by: str,
    approved_by: str,
    at: datetime,
    today: date,
    reason: str,
    note: str = "",
) -> Publication:
    """Say no more of the subjects from now on; readers get 410 and the public note.

    What was said stays readable at an earlier `known_at`. Raises Problem: reason_missing, not_published, and those
    of the approver.
    """
    if not reason.strip():
        raise Problem("reason_missing", "Hãy ghi lý do rút công bố.")
    with recorded(actor=approved_by, reason=reason):
        _check_approver(subjects, proposed_by, approved_by)
        statements = []
        for subject in subjects:
            last = latest_statements(subject.kind, [subject.pk]).get(subject.pk)
            if last is None or last.withdrawn:
                raise Problem("not_published", f"“{subject}” hiện không được công bố nên không thể rút.")
            statements.append(_statement(subject, "", withdrawn=True))
        return _append(
            statements,
            at=at,
            today=today,
            proposed_by=proposed_by,
            approved_by=approved_by,
            reason=reason,
            note=note,
        )


def adopt_composer(*, at: datetime, today: date) -> Publication | None:
    """Let a release that composes differently speak from now on; what was said before stays as it was said.

    One publication without statements. None when the code in force is already today's.
    """
    with recorded(actor="system", reason="adopt_composer"):
        last = Publication.objects.order_by("-seq").first()
        if last is None or last.composer == COMPOSER:
            return None
        return _append([], at=at, today=today, proposed_by="system", approved_by="", reason="adopt_composer")


def _texts(subjects: Iterable[Subject]) -> dict[str, str]:
    by_kind: dict[str, list[int]] = {}
    for subject in subjects:
        by_kind.setdefault(subject.kind, []).append(subject.pk)
    return {
        f"{kind}:{subject_id}": canonical(content)
        for kind, ids in by_kind.items()
        for subject_id, content in contents(kind, ids).items()
    }


def _publish(
    subjects: Sequence[Subject],
    texts: Mapping[str, str],
    *,
    at: datetime,
    today: date,
    proposed_by: str,
    approved_by: str,
    reason: str,
    note: str = "",
    imported: bool = False,
) -> Publication:
    if missing := unpublished_references(subjects):
        labels = ", ".join(f"{type(other)._meta.verbose_name} “{other}”" for other in missing)
        raise Problem("reference_unpublished", f"Hãy công bố trước hoặc công bố cùng lúc: {labels}.")
    changed = [subject for subject in subjects if not _said_already(subject, texts[subject.key])]
    if not changed:
        raise Problem("nothing_to_publish", "Không có thay đổi nào so với lần công bố trước.")
    return _append(
        [_statement(subject, texts[subject.key]) for subject in changed],
        at=at,
        today=today,
        proposed_by=proposed_by,
        approved_by=approved_by,
        reason=reason,
        note=note,
        imported=imported,
    )


def _said_already(subject: Subject, text: str) -> bool:
    last = latest_statements(subject.kind, [subject.pk]).get(subject.pk)
    return last is not None and not last.withdrawn and last.content == text


def _statement(subject: Subject, text: str, *, withdrawn: bool = False) -> Statement:
    return Statement(
        kind=subject.kind,
        subject_id=subject.pk,
        code=subject.code,
        withdrawn=withdrawn,
        content_version=CONTENT_VERSION,
        content=text,
    )


def _append(
    statements: list[Statement],
    *,
    at: datetime,
    today: date,
    proposed_by: str,
    approved_by: str,
    reason: str,
    note: str = "",
    imported: bool = False,
) -> Publication:
    # What came into effect before this act is told before it, in the order in which it happened.
    announce_due(at=at, today=today)
    last = Publication.objects.order_by("-seq").first()
    if last is not None and last.at > at + CLOCK_TOLERANCE:
        raise Problem(
            "clock_went_back",
            "Đồng hồ máy chủ chậm hơn lần công bố trước quá 5 phút. Hãy chỉnh đồng hồ rồi công bố lại.",
        )
    moment = at if last is None else max(at, last.at + timedelta(microseconds=1))
    ledger_seq, ledger_hash = ledger_head()
    publication = Publication.objects.create(
        seq=last.seq + 1 if last else 1,
        at=moment,
        proposed_by=proposed_by,
        approved_by=approved_by,
        imported=imported,
        reason=reason,
        note=note,
        composer=COMPOSER,
        ledger_seq=ledger_seq,
        ledger_hash=ledger_hash,
    )
    for statement in statements:
        statement.publication = publication
    Statement.objects.bulk_create(statements)
    keys = [(statement.kind, statement.subject_id) for statement in statements]
    if last is not None and last.composer != COMPOSER:
        differences = (
            recompose(published_subjects(publication.seq), publication.seq)
            if not keys
            else _adopting(keys, publication.seq)
        )
    else:
        differences = (
            refresh(keys, publication.seq)
            if keys
            else recompose(published_subjects(publication.seq), publication.seq)
        )
    announce(publication, statements, differences)
    _close_submissions(statements, publication.seq)
    return publication


def _adopting(keys: list[tuple[str, int]], seq: int) -> list[Difference]:
    """The first publication after a release that composes differently: every subject reads as the new code says."""
    refresh(keys, seq)
    return recompose(published_subjects(seq), seq)


def _close_submissions(statements: list[Statement], seq: int) -> None:
    for statement in statements:
        Submission.objects.filter(
            kind=statement.kind,
            subject_id=statement.subject_id,
            returned_at__isnull=True,
            published_seq__isnull=True,
        ).update(published_seq=seq)


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
    rows = Statement.objects.filter(kind=subject.kind, subject_id=subject.pk)
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
