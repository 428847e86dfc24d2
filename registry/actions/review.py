"""The way of a draft to the approver: submitted, returned with a comment, or discarded."""

import json
from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import ProtectedError, RestrictedError

from registry.ledger.context import recorded
from registry.models import Submission
from registry.models.base import Subject
from registry.queries.published import said_text
from registry.queries.reviews import last_change, review_of
from registry.rules.completeness import refuse_incomplete
from registry.rules.problems import Problem
from registry.rules.reasons import demanded, offered


def submit(
    subject: Subject, *, by: str, at: datetime, note: str = "", withdrawal: bool = False
) -> Submission:
    """Ask for publication of the subject as it stands, or for its withdrawal, and then say why.

    Raises Problem: nothing_to_publish, citation_row_missing, scope_unlisted, scope_not_listed;
    reason_missing, reason_invisible, not_published.
    """
    note = (
        demanded(note, "reason_missing", "Hãy ghi lý do đề nghị rút công bố.")
        if withdrawal
        else offered(note)
    )
    with recorded(actor=by, reason=note):
        review = review_of(subject)
        if not withdrawal:
            refuse_incomplete(subject.kind, json.loads(review.text))
        said = review.statement if review.statement and not review.statement.withdrawn else None
        if withdrawal and said is None:
            raise Problem("not_published", f"“{subject}” hiện không được công bố nên không thể rút.")
        if not withdrawal and said is not None and said_text(said) == review.text:
            raise Problem("nothing_to_publish", "Không có thay đổi nào so với lần công bố trước.")
        submission = _open(subject) or Submission(kind=subject.kind, subject_id=subject.pk)
        submission.ledger_seq = last_change(subject)
        submission.digest = review.digest
        submission.submitted_by, submission.submitted_at, submission.note = by, at, note
        submission.withdrawal = withdrawal
        submission.save()
        return submission


def return_for_changes(subject: Subject, *, by: str, at: datetime, comment: str) -> Submission:
    """Send a submitted subject back with a comment. Raises Problem: comment_missing, not_submitted."""
    comment = demanded(comment, "comment_missing", "Hãy ghi ý kiến để người nhập biết cần sửa gì.")
    with recorded(actor=by, reason=comment):
        submission = review_of(subject).submission
        if submission is None or review_of(subject).state != "submitted":
            raise Problem("not_submitted", "Bản ghi không còn ở trạng thái chờ duyệt. Hãy tải lại trang.")
        submission.returned_by, submission.returned_at, submission.comment = by, at, comment
        submission.save()
        return submission


def discard(subject: Subject, *, by: str, reason: str = "") -> None:
    """Delete a draft that was never published. Raises Problem: reason_invisible, published_before,
    still_referenced."""
    reason = offered(reason)
    with recorded(actor=by, reason=reason):
        if review_of(subject).ever_published:
            raise Problem(
                "published_before",
                f"“{subject}” đã từng được công bố nên không xóa được. Hãy dùng “Rút công bố”.",
            )
        if users := _listing(subject):
            raise _still_referenced(subject, users)
        try:
            subject.delete()
        except (ProtectedError, RestrictedError) as error:
            rows = error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
            raise _still_referenced(subject, rows) from None


def _listing(subject: Subject) -> list[models.Model]:
    """The records that have the subject in a list. Django would take it out of the list without a word."""
    found: list[models.Model] = []
    for relation in subject._meta.related_objects:
        if isinstance(relation, models.ManyToManyRel):
            rows = relation.related_model._default_manager.filter(**{relation.field.name: subject.pk})
            found += rows.distinct()
    return found


def _still_referenced(subject: Subject, rows: Iterable[models.Model]) -> Problem:
    users = ", ".join(f"“{row}”" for row in sorted(rows, key=str)[:3])
    return Problem("still_referenced", f"Chưa xóa được “{subject}” vì còn được dùng ở {users}.")


def _open(subject: Subject) -> Submission | None:
    rows = Submission.objects.filter(kind=subject.kind, subject_id=subject.pk)
    return rows.filter(returned_at__isnull=True, published_seq__isnull=True).first()
