"""Where a working record stands on its way to the public."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from registry.models import LedgerEntry, Statement, Submission
from registry.models.base import Subject
from registry.queries.contents import contents
from registry.queries.published import latest_statements, said_text
from registry.rules.canonical import canonical, digest


@dataclass(frozen=True, slots=True)
class Review:
    """state: draft, submitted, returned, published, changed or withdrawn (see codes.REVIEW_STATE).

    `text` is the working content, `digest` its hash: the form that approves carries it.
    """

    state: str
    text: str
    statement: Statement | None
    submission: Submission | None

    @property
    def digest(self) -> str:
        return digest(self.text)

    @property
    def withdrawn(self) -> bool:
        return self.statement is not None and self.statement.withdrawn

    @property
    def ever_published(self) -> bool:
        return self.statement is not None


def review_of(subject: Subject) -> Review:
    return reviews(subject.kind, [subject.pk])[subject.pk]


def reviews(kind: str, ids: Iterable[int]) -> dict[int, Review]:
    """The reviews of subjects that exist, by id. A constant number of queries."""
    found: dict[int, dict[str, Any]] = contents(kind, ids)
    statements = latest_statements(kind, found)
    submissions = {
        row.subject_id: row
        for row in Submission.objects.filter(kind=kind, subject_id__in=found).order_by("id")
    }
    result = {}
    for subject_id, content in found.items():
        text = canonical(content)
        statement, submission = statements.get(subject_id), submissions.get(subject_id)
        result[subject_id] = Review(_state(text, statement, submission), text, statement, submission)
    return result


def _state(text: str, statement: Statement | None, submission: Submission | None) -> str:
    same = submission is not None and submission.digest == digest(text)
    if submission is not None and same and submission.published_seq is None:
        return "returned" if submission.returned_at else "submitted"
    if statement is None:
        return "draft"
    if statement.withdrawn:
        return "withdrawn"
    return "published" if said_text(statement) == text else "changed"


def last_change(subject: Subject) -> int:
    """The ledger's last position that concerns the subject: what a stale tab is recognised by."""
    return LedgerEntry.objects.filter(subject=subject.key).aggregate(last=Max("seq"))["last"] or 0


def changed_by(subject: Subject, since: int) -> set[str]:
    """Who appears in the subject's ledger rows after that position."""
    return set(LedgerEntry.objects.filter(subject=subject.key, seq__gt=since).values_list("actor", flat=True))
