"""What happened to a record, newest first: when, by whom, why, from what to what; from the ledger alone."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from registry.models import Effect, LedgerEntry, Publication, Statement, Submission
from registry.models.base import Subject
from registry.queries.effects_then import effects_of
from registry.queries.facts import Model
from registry.queries.telling import Act, acts_of, people
from registry.queries.wholeness import with_contents

__all__ = ["Act", "History", "changes_since", "entries_of", "history", "last_words", "people"]

#: Entries on a page.
PAGE = 50


@dataclass(frozen=True, slots=True)
class History:
    """One page; `older` is where the next one begins, None on the last."""

    acts: tuple[Act, ...]
    older: int | None


def history(subject: Subject, before: int | None = None, size: int = PAGE) -> History:
    """One page of what happened to a record and its rows, with its submissions and publications.

    For a cluster also the effects of decisions that concern or concerned it. `before`: entries below that number.
    A constant number of queries.
    """
    entries = entries_of(subject)
    if before is not None:
        entries = entries.filter(seq__lt=before)
    page = list(with_contents(entries).order_by("-seq")[: size + 1])
    following = page[size] if len(page) > size else None
    acts = acts_of(subject, page[:size], following)
    return History(acts, page[size - 1].seq if following else None)


def changes_since(record: Subject | str, seq: int) -> tuple[Act, ...]:
    """What happened to the rows of a subject, or of the record `kind:pk`, after that entry, oldest first."""
    subject, key = (None, record) if isinstance(record, str) else (record, record.key)
    entries = with_contents(LedgerEntry.objects.filter(subject=key, seq__gt=seq))
    return tuple(reversed(acts_of(subject, list(entries.order_by("-seq")))))


def last_words(model: Model, pk: int) -> Act | None:
    """Who deleted a row, and when; None when it never was, or still is."""
    entries = LedgerEntry.objects.filter(table_name=model._meta.db_table, row_id=str(pk), op="delete")
    entry = with_contents(entries).order_by("-seq").first()
    return acts_of(None, [entry])[0] if entry else None


def entries_of(subject: Subject) -> QuerySet[LedgerEntry]:
    """The entries that a record's history tells of."""
    submissions = Submission.objects.filter(kind=subject.kind, subject_id=subject.pk).values_list(
        "pk", flat=True
    )
    published = Statement.objects.filter(kind=subject.kind, subject_id=subject.pk)
    concerning = Q(subject=subject.key)
    concerning |= Q(subject__in=[f"submission:{pk}" for pk in submissions])
    concerning |= Q(
        table_name=Publication._meta.db_table,
        row_id__in=[str(pk) for pk in published.values_list("publication_id", flat=True)],
    )
    if subject.kind == "cluster":
        concerning |= Q(table_name=Effect._meta.db_table, row_id__in=effects_of(subject.kind, subject.pk))
    return LedgerEntry.objects.filter(concerning)
