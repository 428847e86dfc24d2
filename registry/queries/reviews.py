"""Where a working record stands on its way to the public."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Max, Q

from registry.models import LedgerEntry, LedgerPayload, Statement, Submission
from registry.models.base import Subject
from registry.queries.contents import contents
from registry.queries.published import latest_statements, said_text
from registry.rules.canonical import canonical, digest

#: Not every `migrate` entry: one that records a drift tells of somebody's edit (ledger/migrating.py words these).
BY_MIGRATION = Q(op="migrate", reason__startswith="migrate ")


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
    texts = {subject_id: canonical(content) for subject_id, content in found.items()}
    standing = _standing(texts, submissions.values())
    result = {}
    for subject_id, text in texts.items():
        statement, submission = statements.get(subject_id), submissions.get(subject_id)
        state = _state(text, statement, submission if subject_id in standing else None)
        result[subject_id] = Review(state, text, statement, submission)
    return result


def _standing(texts: Mapping[int, str], submissions: Iterable[Submission]) -> set[int]:
    """The subjects whose last submission is of what they hold now.

    Its digest says so, also after an edit that was taken back. A release that writes contents in another shape has
    other digests: there the ledger says that nobody but a migration touched the record since.
    """
    unsettled = [row for row in submissions if row.published_seq is None]
    same = {row.subject_id for row in unsettled if row.digest == digest(texts[row.subject_id])}
    others = {f"{row.kind}:{row.subject_id}": row for row in unsettled if row.subject_id not in same}
    if not others:
        return same
    edits = LedgerEntry.objects.filter(~BY_MIGRATION, subject__in=others)
    last = dict(edits.values_list("subject").annotate(Max("seq")).order_by())
    return same | {
        row.subject_id for subject, row in others.items() if last.get(subject, 0) <= row.ledger_seq
    }


def _state(text: str, statement: Statement | None, submission: Submission | None) -> str:
    """`submission`: the one that still stands, if any."""
    if submission is not None:
        return "returned" if submission.returned_at else "submitted"
    if statement is None:
        return "draft"
    if statement.withdrawn:
        return "withdrawn"
    return "published" if said_text(statement) == text else "changed"


def last_change(record: Subject | str) -> int:
    """The ledger's last position that concerns a subject, or the record `kind:pk`: how a stale tab is recognised."""
    key = record if isinstance(record, str) else record.key
    return LedgerEntry.objects.filter(subject=key).aggregate(last=Max("seq"))["last"] or 0


def changed_by(subject: Subject, since: int) -> set[str]:
    """Who changed what can be published of the subject after that position, or asked for it; by the ledger."""
    entries = LedgerEntry.objects.filter(subject=subject.key, seq__gt=since)
    notes = entries.filter(op="update", table_name__in=_internal()).select_related("payload")
    aside = [entry.seq for entry in notes if _of_notes_alone(entry)]
    return set(entries.exclude(seq__in=aside).values_list("actor", flat=True))


@cache
def _internal() -> dict[str, tuple[str, ...]]:
    """The tables that have internal columns, and which those are."""
    tables = (model for model in apps.get_app_config("registry").get_models() if hasattr(model, "recorded"))
    return {model._meta.db_table: model.recorded.internal for model in tables if model.recorded.internal}


def _of_notes_alone(entry: LedgerEntry) -> bool:
    payload: LedgerPayload | None = getattr(entry, "payload", None)
    if payload is None or payload.before is None or payload.after is None:
        return False
    before, after = json.loads(payload.before), json.loads(payload.after)
    moved = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    return bool(moved) and moved <= set(_internal()[entry.table_name])
