"""Entries of the ledger in sentences: acts of one person in one go, each with the rows it changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeAlias

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import models

from registry.models import (
    SUBJECTS,
    Decision,
    Effect,
    LedgerEntry,
    LedgerPayload,
    Publication,
    Statement,
    Submission,
)
from registry.models.base import Recorded, Subject
from registry.queries.differences import Section, State, changes_between
from registry.queries.facts import Model, Row, facts, read, title
from registry.queries.names_then import names_then
from registry.queries.wholeness import SENTENCE, altered
from registry.rules.hanoi import HANOI
from registry.rules.text import search_text

Many: TypeAlias = "models.ManyToManyField[Any, Any]"

_STATES: dict[str, State] = {"insert": "added", "delete": "removed"}
#: Who acts without an account. No account bears one of these names, else it would be told as its doing.
MACHINES = {"seed": "Nạp dữ liệu từ tài liệu", "system": "Hệ thống", "anonymous": "Không rõ người dùng"}
#: The row of the ledger that says where migrations stand (ledger/migrating.py writes it).
_MIGRATIONS = "django_migrations"


@dataclass(frozen=True, slots=True)
class Said:
    """A whole sentence, and the entry that it tells."""

    text: str
    seq: int

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Act:
    """What one person did in one go. `said` tells of a publication, a submission or a return; `sections` of the rows
    that changed. continued: there is more of it on the next page."""

    at: datetime
    who: str
    username: str
    reason: str
    request: str
    first_seq: int
    last_seq: int
    said: tuple[Said, ...] = ()
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
    continued: bool = False

    @property
    def at_text(self) -> str:
        return f"{self.at.astimezone(HANOI):%H:%M ngày %d/%m/%Y}"

    @property
    def single(self) -> Section | None:
        """The row that changed, when one fact of one row is all there is to tell."""
        if self.said or len(self.sections) != 1 or self.sections[0].state != "changed":
            return None
        return self.sections[0] if len(self.sections[0].changes) == 1 else None


@dataclass
class _Told:
    """What becomes of the entries of an act."""

    said: list[Said] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)


def acts_of(
    subject: Subject | None, entries: Sequence[LedgerEntry], following: LedgerEntry | None = None
) -> tuple[Act, ...]:
    """The acts that entries (newest first, with their payloads) tell of.

    subject: whose page they stand on; None: the rows of all records, each act names the records. following: the
    entry after the last one, which may belong to the same act. Of an entry that is not what its hashes say nothing is
    told but that. A constant number of queries.
    """
    teller = _Teller(subject, entries)
    acts = []
    for together in _groups(entries):
        told = _Told()
        for entry in reversed(together):
            teller.tell(entry, told)
        last, first = together[0], together[-1]
        if told.said or told.sections:
            acts.append(
                Act(
                    at=moment(last.at),
                    who=teller.who[last.actor],
                    username=last.actor,
                    reason=last.reason,
                    request=last.request,
                    first_seq=first.seq,
                    last_seq=last.seq,
                    said=tuple(told.said),
                    sections=tuple(told.sections),
                    notes=tuple(dict.fromkeys(told.notes)),
                    continued=first is entries[-1] and following is not None and _together(following, first),
                )
            )
    return tuple(acts)


def people(usernames: Iterable[str]) -> dict[str, str]:
    """How each is called on a page: family name first, else the account. One query."""
    wanted = set(usernames)
    persons = wanted - MACHINES.keys()
    known = {
        user.get_username(): f"{user.last_name} {user.first_name}".strip() or user.get_username()
        for user in get_user_model().objects.filter(username__in=persons)
    }
    return {name: known.get(name) or _nobody(name) for name in wanted}


def accounts_called(typed: str) -> tuple[str, ...]:
    """The names in the ledger of who is meant by an account, or by how people() calls it, diacritics or not. Who has no
    account may have had one: then what was typed, as it is. Nothing typed: nobody. Two queries."""
    if not (typed := typed.strip()):
        return ()
    wanted = search_text(typed)
    called = people([*get_user_model().objects.values_list("username", flat=True), *MACHINES])
    return tuple(n for n, full in called.items() if typed == n or wanted == search_text(full)) or (typed,)


def _nobody(name: str) -> str:
    if name.startswith("db:"):
        return f"Cơ sở dữ liệu (tài khoản {name.removeprefix('db:')})"
    return MACHINES.get(name, name)


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
        bool(earlier.request) or moment(later.at) - moment(earlier.at) < timedelta(minutes=1)
    )


class _Teller:
    """Looks up once what the entries name, then tells each."""

    def __init__(self, subject: Subject | None, entries: Sequence[LedgerEntry]) -> None:
        self.subject = subject
        self.altered = altered(entries)
        rows = [
            (entry.seq, model, row)
            for entry in entries
            if (model := model_of(entry.table_name))
            for row in self._states(entry)
        ]
        # On the page of a cluster each effect names its decision; in the log each row the record it belongs to.
        owners = [
            (entry.seq, *owner)
            for entry in entries
            if (owner := self._owner(entry)) and (subject is None or owner[0] is Decision)
        ]
        self.names = names_then(rows, also=owners)
        papers = (Submission, Publication)
        proposers = {
            str(row.get("submitted_by") or row.get("proposed_by"))
            for _, model, row in rows
            if model in papers
        }
        self.who = people({entry.actor for entry in entries} | proposers)
        self.withdrawals = self._withdrawals(rows)

    def _owner(self, entry: LedgerEntry) -> tuple[Model, int] | None:
        """The record that an entry is about; of a submission or a statement, the one that it speaks of."""
        row = next(self._states(entry), {})
        if entry.table_name in (Submission._meta.db_table, Statement._meta.db_table) and row:
            return SUBJECTS[row["kind"]], int(row["subject_id"])
        return record_of(entry.subject)

    def _states(self, entry: LedgerEntry) -> Iterator[Row]:
        payload: LedgerPayload | None = getattr(entry, "payload", None)
        if payload and entry.seq not in self.altered:
            yield from (read(text) for text in (payload.after, payload.before) if text)

    def _withdrawals(self, rows: Iterable[tuple[int, Model, Row]]) -> set[int]:
        """The publications among the rows that withdrew the subject."""
        seqs = {int(row["seq"]) for _, model, row in rows if model is Publication}
        if self.subject is None or not seqs:
            return set()
        said = Statement.objects.filter(
            kind=self.subject.kind, subject_id=self.subject.pk, publication__in=seqs, withdrawn=True
        )
        return set(said.values_list("publication_id", flat=True))

    def tell(self, entry: LedgerEntry, told: _Told) -> None:
        model = model_of(entry.table_name)
        payload: LedgerPayload | None = getattr(entry, "payload", None)
        if entry.seq in self.altered:
            told.said.append(Said(SENTENCE, entry.seq))
            return
        if entry.table_name == _MIGRATIONS:
            told.said.append(Said("Nâng cấp phần mềm và cơ sở dữ liệu.", entry.seq))
            return
        if model is None or payload is None:
            return
        before, after = read(payload.before), read(payload.after)
        if not before and not after:
            told.said.append(Said("Nội dung của mục này đã bị xóa theo luật.", entry.seq))
        elif model is Submission:
            self._submission(entry, before, after, told)
        elif model is Publication:
            self._publication(entry, after, told)
        elif model is Statement:
            act = "Rút" if after.get("withdrawn") else "Công bố nội dung của"
            told.said.append(Said(f"{act} {self._whose(entry)}.", entry.seq))
        elif link := _linked(model):
            told.sections.append(self._link(entry, link, after or before))
        else:
            told.sections += self._row(entry, model, before, after)
        if entry.op == "migrate" and entry.table_name != _MIGRATIONS:
            told.notes.append("Phần mềm được nâng cấp và đổi cách lưu dòng này; không ai sửa nội dung.")

    def _whose(self, entry: LedgerEntry) -> str:
        """The record of an entry by its kind and name, as it was called then; nothing on its own page."""
        owner = self._owner(entry) if self.subject is None else None
        if owner is None:
            return ""
        model, pk = owner
        kind = str(model._meta.verbose_name)
        called = self.names.get(entry.seq, {}).get(owner)
        return f"{kind} {called}" if called else f"{kind} số {pk}"

    def _submission(self, entry: LedgerEntry, before: Row, after: Row, told: _Told) -> None:
        asked = "rút công bố" if after.get("withdrawal") else "công bố"
        whose = self._whose(entry)
        by = str(after.get("submitted_by"))
        if after.get("published_seq") and not before.get("published_seq"):
            if self.subject is not None:
                return  # the publication tells it
            text = f"Đề nghị {asked} {whose} đã được duyệt."
        elif after.get("returned_at") and not before.get("returned_at"):
            text = f"Trả lại đề nghị {asked} {whose} của {self.who.get(by, by)}."
        elif after:
            text = f"Trình đề nghị {asked} {whose}."
        else:
            return
        told.said.append(Said(" ".join(text.replace(" .", ".").split()), entry.seq))

    def _publication(self, entry: LedgerEntry, row: Row, told: _Told) -> None:
        seq, proposer = int(row["seq"]), str(row.get("proposed_by"))
        act = f"Rút công bố (lần công bố số {seq})" if seq in self.withdrawals else f"Công bố (lần số {seq})"
        asked = row.get("approved_by") not in ("", proposer)
        text = f"{act} theo đề nghị của {self.who.get(proposer, proposer)}." if asked else f"{act}."
        told.said.append(Said(text, entry.seq))
        if row.get("note"):
            told.notes.append(f"Ghi chú công khai: {row['note']}")

    def _row(self, entry: LedgerEntry, model: Model, before: Row, after: Row) -> list[Section]:
        names = self.names.get(entry.seq, {})
        said = [facts(model, row, names) if row else {} for row in (before, after)]
        changes, row = changes_between(*said), after or before
        own = _is_own_row(entry, model)
        called = "" if own else title(model, row, names)
        if own and self.subject is not None:
            called = "" if entry.op in ("update", "migrate") else "bản ghi"
        if self.subject is None:
            called = " › ".join(filter(None, [self._whose(entry), called]))
        elif model is Effect and self.subject.kind == "cluster":
            called = f"{names.get((Decision, int(row['decision_id'])), 'quyết định')} › {called}"
        state = _STATES.get(entry.op, "changed")
        # Only columns that follow from others moved: nothing to tell.
        return [Section(called, state, changes, entry.seq)] if changes or state != "changed" else []

    def _link(self, entry: LedgerEntry, many: Many, row: Row) -> Section:
        other: Model = many.related_model
        pk = int(row[many.m2m_reverse_name()])
        names = self.names.get(entry.seq, {})
        label = names.get((other, pk), f"{other._meta.verbose_name} số {pk}")
        called = str(many.verbose_name)
        whole = f"{called[:1].upper()}{called[1:]} · {label}"
        if self.subject is None:
            whole = " › ".join(filter(None, [self._whose(entry), whole]))
        return Section(whole, _STATES.get(entry.op, "changed"), (), entry.seq)


def record_of(subject: str) -> tuple[Model, int] | None:
    """The table and number of the record `kind:pk`; None for what belongs to no record."""
    kind, _, number = subject.partition(":")
    model = kinds().get(kind)
    return (model, int(number)) if model and number.isdecimal() else None


@cache
def kinds() -> dict[str, Model]:
    """The records of which the ledger tells, by kind: those of the registry, then accounts, keys and the like."""
    found: dict[str, Model] = dict(SUBJECTS)
    for model in apps.get_app_config("registry").get_models():
        recorded = getattr(model, "recorded", None)
        if isinstance(recorded, Recorded) and recorded.subject:
            kind, column = recorded.subject[0]
            if column == model._meta.pk.name:
                found.setdefault(kind, model)
    return found | {"user": get_user_model(), "group": Group}


@cache
def _tables() -> dict[str, Model]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def model_of(table: str) -> Model | None:
    return _tables().get(table)


def _is_own_row(entry: LedgerEntry, model: Model) -> bool:
    owner = record_of(entry.subject)
    return owner is not None and owner[0] is model


@cache
def _linked(model: Model) -> "Many | None":
    """The many-to-many field whose table Django made."""
    source: Any = model._meta.auto_created
    fields = source._meta.local_many_to_many if source else ()
    return next((many for many in fields if many.remote_field.through is model), None)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
