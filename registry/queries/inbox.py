"""What waits for a member of staff, and which records stand where on their way to the public."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery

from registry.models import SUBJECTS, LedgerEntry, Publication, Statement, Submission
from registry.models.base import Subject
from registry.queries.reviews import Review, reviews

FIRST = 10


@dataclass(frozen=True, slots=True)
class Item:
    """One record on a list of work. `model_name` makes its address: `admin:registry_<model_name>_change`."""

    subject: Subject
    state: str
    by: str = ""
    at: datetime | None = None
    note: str = ""
    withdrawal: bool = False

    @property
    def model_name(self) -> str:
        return self.subject._meta.model_name or ""

    @property
    def kind_label(self) -> str:
        return str(self.subject._meta.verbose_name)


@dataclass(frozen=True, slots=True)
class Items:
    """How many there are, and the first ten."""

    count: int
    first: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Inbox:
    """waiting: submitted and not yet answered; returned: my own submissions that came back;
    unpublished: drafts and changes that nobody has submitted; published: the last publications with their records.
    """

    waiting: Items
    returned: Items
    unpublished: Items
    published: tuple[tuple[Publication, tuple[Subject, ...]], ...]


def inbox(username: str) -> Inbox:
    """The work of one person. What waits for approval is the same for all; who may approve decides to show it."""
    open_ones = Submission.objects.filter(published_seq__isnull=True)
    waiting = _submitted(
        open_ones.filter(returned_at__isnull=True).order_by("submitted_at", "id"), "submitted"
    )
    returned = _submitted(
        open_ones.filter(returned_at__isnull=False, submitted_by=username).order_by("-returned_at"),
        "returned",
    )
    return Inbox(waiting, returned, _unpublished(), _published())


def in_state(kind: str, state: str) -> set[int]:
    """The ids of the records in a state."""
    return {pk for pk, found in states(kind).items() if found == state}


def states(kind: str) -> dict[int, str]:
    """The state of every record. Contents are compared only where the ledger says that something changed."""
    everything = set(SUBJECTS[kind]._default_manager.values_list("pk", flat=True))
    open_ones = Submission.objects.filter(kind=kind, published_seq__isnull=True)
    unsure = everything & (_edited(kind) | set(open_ones.values_list("subject_id", flat=True)))
    found = {pk: review.state for pk, review in reviews(kind, unsure).items()} if unsure else {}
    withdrawn = {row.subject_id: row.withdrawn for row in _last_statements(kind)}
    settled = {None: "draft", True: "withdrawn", False: "published"}
    return {pk: settled[withdrawn.get(pk)] for pk in everything} | found


def _edited(kind: str) -> set[int]:
    """Published records that have ledger rows after their last publication."""
    published = {
        row["subject_id"]: row["seq"]
        for row in Statement.objects.filter(kind=kind)
        .values("subject_id")
        .annotate(seq=Max("publication__ledger_seq"))
    }
    subjects = LedgerEntry.objects.filter(
        subject__startswith=f"{kind}:", seq__gt=min(published.values(), default=0)
    )
    return {
        pk
        for row in subjects.values("subject").annotate(seq=Max("seq")).order_by()
        if (pk := int(row["subject"].partition(":")[2])) in published and row["seq"] > published[pk]
    }


def _last_statements(kind: str) -> QuerySet[Statement]:
    newest = Statement.objects.filter(kind=kind, subject_id=OuterRef("subject_id")).order_by(
        "-publication_id"
    )
    return Statement.objects.filter(kind=kind, pk=Subquery(newest.values("pk")[:1])).only(
        "subject_id", "withdrawn"
    )


def _submitted(submissions: QuerySet[Submission], state: str) -> Items:
    rows = list(submissions)
    standing = _standing((row.kind, row.subject_id) for row in rows)
    live = [
        row
        for row in rows
        if (review := standing.get((row.kind, row.subject_id)))
        and review.state == state
        and review.submission
        and review.submission.pk == row.pk
    ]
    subjects = _subjects((row.kind, row.subject_id) for row in live[:FIRST])
    items = tuple(
        Item(
            subjects[row.kind, row.subject_id],
            state,
            by=row.returned_by or row.submitted_by,
            at=row.returned_at or row.submitted_at,
            note=row.comment if row.returned_at else row.note,
            withdrawal=row.withdrawal,
        )
        for row in live[:FIRST]
    )
    return Items(len(live), items)


def _unpublished() -> Items:
    keys = [
        (kind, pk, state)
        for kind in SUBJECTS
        for pk, state in sorted(states(kind).items())
        if state in ("changed", "draft")
    ]
    first = keys[:FIRST]
    subjects = _subjects((kind, pk) for kind, pk, _ in first)
    return Items(len(keys), tuple(Item(subjects[kind, pk], state) for kind, pk, state in first))


def _published() -> tuple[tuple[Publication, tuple[Subject, ...]], ...]:
    publications = list(Publication.objects.order_by("-seq")[:FIRST])
    rows = Statement.objects.filter(publication__in=publications).order_by("pk").defer("content")
    named: dict[int, list[tuple[str, int]]] = {}
    for row in rows:
        named.setdefault(row.publication_id, []).append((row.kind, row.subject_id))
    subjects = _subjects(key for keys in named.values() for key in keys)
    return tuple(
        (publication, tuple(subjects[key] for key in named.get(publication.seq, ()) if key in subjects))
        for publication in publications
    )


def _standing(keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Review]:
    return {
        (kind, pk): review
        for kind, ids in _by_kind(keys).items()
        for pk, review in reviews(kind, ids).items()
    }


def _subjects(keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Any]:
    return {
        (kind, pk): subject
        for kind, ids in _by_kind(keys).items()
        for pk, subject in SUBJECTS[kind]._default_manager.in_bulk(ids).items()
    }


def _by_kind(keys: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for kind, pk in keys:
        found.setdefault(kind, []).append(pk)
    return found
