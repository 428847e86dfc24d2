"""Who changed a record, when, why, from what to what: the ledger in words, newest first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeAlias

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q, QuerySet

from registry.models import Decision, Effect, LedgerEntry, LedgerPayload, Publication, Statement, Submission
from registry.models.base import Subject
from registry.queries.differences import Section, State, changes_between
from registry.queries.facts import Model, Row, facts, names_in, read, title
from registry.rules.hanoi import HANOI

Many: TypeAlias = "models.ManyToManyField[Any, Any]"

#: Entries on a page.
PAGE = 50

_STATES: dict[str, State] = {"insert": "added", "delete": "removed"}
_PEOPLE = {"seed": "Nạp dữ liệu từ tài liệu", "system": "Hệ thống", "anonymous": "Không rõ người dùng"}


@dataclass(frozen=True, slots=True)
class Act:
    """What one person did in one go. `said` tells of a publication, a submission or a return, whole sentences;
    `sections` of the rows that changed."""

    at: datetime
    who: str
    username: str
    reason: str
    last_seq: int
    said: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def at_text(self) -> str:
        return f"{self.at.astimezone(HANOI):%H:%M ngày %d/%m/%Y}"


@dataclass(frozen=True, slots=True)
class History:
    """One page; `older` is where the next one begins, None on the last."""

    acts: tuple[Act, ...]
    older: int | None


@dataclass
class _Told:
    """What becomes of one ledger entry."""

    said: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)


def history(subject: Subject, before: int | None = None, size: int = PAGE) -> History:
    """One page of what happened to a record and its rows, with its submissions and publications.

    For a cluster also the effects of decisions that concern or concerned it. `before`: entries below that number.
    A constant number of queries.
    """
    entries = _entries(subject)
    if before is not None:
        entries = entries.filter(seq__lt=before)
    page = list(entries.select_related("payload").order_by("-seq")[: size + 1])
    return History(_acts(subject, page[:size]), page[size - 1].seq if len(page) > size else None)


def changes_since(subject: Subject, seq: int) -> tuple[Act, ...]:
    """What happened to the subject's own rows after that entry, oldest first."""
    entries = (
        LedgerEntry.objects.filter(subject=subject.key, seq__gt=seq)
        .select_related("payload")
        .order_by("-seq")
    )
    return tuple(reversed(_acts(subject, list(entries))))


def last_words(model: Model, pk: int) -> Act | None:
    """Who deleted a row, and when; None when it never was, or still is."""
    entry = (
        LedgerEntry.objects.filter(table_name=model._meta.db_table, row_id=str(pk), op="delete")
        .select_related("payload")
        .order_by("-seq")
        .first()
    )
    return _acts(None, [entry])[0] if entry else None


def people(usernames: Iterable[str]) -> dict[str, str]:
    """How each is called on a page: family name first, else the account. One query."""
    wanted = set(usernames)
    known = {
        user.get_username(): f"{user.last_name} {user.first_name}".strip() or user.get_username()
        for user in get_user_model().objects.filter(username__in=wanted)
    }
    return {name: known.get(name) or _nobody(name) for name in wanted}


def _nobody(name: str) -> str:
    if name.startswith("db:"):
        return f"Cơ sở dữ liệu (tài khoản {name.removeprefix('db:')})"
    return _PEOPLE.get(name, name)


def _entries(subject: Subject) -> QuerySet[LedgerEntry]:
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
        concerning |= Q(table_name=Effect._meta.db_table, row_id__in=_effects_of(subject.pk))
    return LedgerEntry.objects.filter(concerning)


def _effects_of(cluster_id: int) -> list[str]:
    """Effects that name the cluster, and those that named it before they were changed or deleted."""
    named = Q()
    # Both engines' ways to print a row.
    for text in (f'"cluster_id":{cluster_id},', f'"cluster_id": {cluster_id},'):
        named |= Q(before__contains=text) | Q(after__contains=text)
    past = LedgerPayload.objects.filter(named, entry__table_name=Effect._meta.db_table)
    return sorted({*past.values_list("entry__row_id", flat=True)})


def _acts(subject: Subject | None, entries: Sequence[LedgerEntry]) -> tuple[Act, ...]:
    teller = _Teller(subject, entries)
    acts = []
    for together in _groups(entries):
        told = _Told()
        for entry in reversed(together):
            teller.tell(entry, told)
        last = together[0]
        if told.said or told.sections:
            acts.append(
                Act(
                    at=_moment(last.at),
                    who=teller.who[last.actor],
                    username=last.actor,
                    reason=last.reason,
                    last_seq=last.seq,
                    said=tuple(told.said),
                    sections=tuple(told.sections),
                    notes=tuple(dict.fromkeys(told.notes)),
                )
            )
    return tuple(acts)


def _groups(entries: Iterable[LedgerEntry]) -> Iterator[list[LedgerEntry]]:
    """Entries, newest first, that one person made in one go: in one request, or else within a minute."""
    group: list[LedgerEntry] = []
    for entry in entries:
        if group and not _together(entry, group[-1]):
            yield group
            group = []
        group.append(entry)
    if group:
        yield group


def _together(earlier: LedgerEntry, later: LedgerEntry) -> bool:
    def by(entry: LedgerEntry) -> tuple[str, str, str]:
        return entry.actor, entry.request, entry.reason

    return by(earlier) == by(later) and (
        bool(earlier.request) or _moment(later.at) - _moment(earlier.at) < timedelta(minutes=1)
    )


class _Teller:
    """Looks up once what the entries of a page name, then tells each."""

    def __init__(self, subject: Subject | None, entries: Sequence[LedgerEntry]) -> None:
        rows = [
            (model, row) for entry in entries if (model := _model(entry.table_name)) for row in _states(entry)
        ]
        self.names = names_in(rows)
        papers = (Submission, Publication)
        proposers = {
            str(row.get("submitted_by") or row.get("proposed_by")) for model, row in rows if model in papers
        }
        self.who = people({entry.actor for entry in entries} | proposers)
        self.withdrawals = self._withdrawals(subject, rows)
        # On a cluster's page each effect names its decision.
        of_cluster = subject is not None and subject.kind == "cluster"
        ids = {int(row["decision_id"]) for model, row in rows if model is Effect and of_cluster}
        self.decisions = {decision.pk: str(decision) for decision in Decision.objects.filter(pk__in=ids)}

    def _withdrawals(self, subject: Subject | None, rows: Iterable[tuple[Model, Row]]) -> set[int]:
        """The publications among the rows that withdrew the subject."""
        seqs = {int(row["seq"]) for model, row in rows if model is Publication}
        if subject is None or not seqs:
            return set()
        said = Statement.objects.filter(
            kind=subject.kind, subject_id=subject.pk, publication__in=seqs, withdrawn=True
        )
        return set(said.values_list("publication_id", flat=True))

    def tell(self, entry: LedgerEntry, told: _Told) -> None:
        model = _model(entry.table_name)
        payload: LedgerPayload | None = getattr(entry, "payload", None)
        if model is None or payload is None:
            return
        before, after = read(payload.before), read(payload.after)
        if model is Submission:
            self._submission(before, after, told)
        elif model is Publication:
            self._publication(after, told)
        elif link := _linked(model):
            told.sections.append(self._link(entry.op, link, after or before))
        else:
            told.sections += self._row(entry.op, model, before, after)
        if entry.op == "migrate":
            told.notes.append("Phần mềm được nâng cấp và đổi cách lưu dòng này; không ai sửa nội dung.")

    def _submission(self, before: Row, after: Row, told: _Told) -> None:
        asked = "rút công bố" if after.get("withdrawal") else "công bố"
        by = str(after.get("submitted_by"))
        if after.get("published_seq") and not before.get("published_seq"):
            return  # the publication tells it
        if after.get("returned_at") and not before.get("returned_at"):
            told.said.append(f"Trả lại đề nghị {asked} của {self.who.get(by, by)}.")
        elif after:
            told.said.append(f"Trình đề nghị {asked}.")

    def _publication(self, row: Row, told: _Told) -> None:
        seq, proposer = int(row["seq"]), str(row.get("proposed_by"))
        act = f"Rút công bố (lần công bố số {seq})" if seq in self.withdrawals else f"Công bố (lần số {seq})"
        asked = row.get("approved_by") not in ("", proposer)
        told.said.append(
            f"{act} theo đề nghị của {self.who.get(proposer, proposer)}." if asked else f"{act}."
        )
        if row.get("note"):
            told.notes.append(f"Ghi chú công khai: {row['note']}")

    def _row(self, op: str, model: Model, before: Row, after: Row) -> list[Section]:
        said = [facts(model, row, self.names) if row else {} for row in (before, after)]
        changes, row = changes_between(*said), after or before
        called = title(model, row, self.names)
        if issubclass(model, Subject):
            called = "" if op in ("update", "migrate") else "bản ghi"
        if model is Effect and (decision := self.decisions.get(int(row["decision_id"]))):
            called = f"{decision} › {called}"
        state = _STATES.get(op, "changed")
        # Only columns that follow from others moved: nothing to tell.
        return [Section(called, state, changes)] if changes or state != "changed" else []

    def _link(self, op: str, many: Many, row: Row) -> Section:
        other = many.related_model
        pk = int(row[many.m2m_reverse_name()])
        label = self.names.get((other, pk), f"{other._meta.verbose_name} số {pk}")
        called = str(many.verbose_name)
        return Section(f"{called[:1].upper()}{called[1:]} · {label}", _STATES.get(op, "changed"), ())


def _states(entry: LedgerEntry) -> Iterator[Row]:
    payload: LedgerPayload | None = getattr(entry, "payload", None)
    if payload:
        yield from (read(text) for text in (payload.before, payload.after) if text)


@cache
def _tables() -> dict[str, Model]:
    tables = apps.get_app_config("registry").get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in tables}


def _model(table: str) -> Model | None:
    return _tables().get(table)


@cache
def _linked(model: Model) -> "Many | None":
    """The many-to-many field whose table Django made."""
    source: Any = model._meta.auto_created
    fields = source._meta.local_many_to_many if source else ()
    return next((many for many in fields if many.remote_field.through is model), None)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
