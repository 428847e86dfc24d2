"""Which of the records that a publication was about changed the answer about another one."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from registry.models import EDITIONS, Dependency, Reference, Statement
from registry.models.editions import OPEN_SEQ
from registry.queries.published import LABEL_ROLE, PublishedWorld, public_among
from registry.rules.canonical import upcast
from registry.rules.composition.subjects import COMPOSERS, POINTERS, references
from registry.rules.composition.world import own_label

#: Kind and code of a record.
Named = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Moved:
    """What a publication said of a record, and what was said of it before; None for nothing."""

    row: Statement
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def subject(self) -> tuple[str, int]:
        return self.row.kind, self.row.subject_id

    @property
    def keys(self) -> set[str]:
        """Under which an answer asks for what was moved: content, name, and that it points to something or no more."""
        own = f"{self.row.kind}:{self.row.subject_id}"
        moved = {own} | (_pointing(self.row.kind, self.before) ^ _pointing(self.row.kind, self.after))
        return moved | ({f"{LABEL_ROLE}>{own}"} if self.renamed else set())

    @property
    def renamed(self) -> bool:
        return (self.before and own_label(self.before)) != (self.after and own_label(self.after))


def causes_of(kind: str, subject_id: int, *, seqs: Collection[int]) -> dict[int, list[Named]]:
    """For each publication, the records it was about on which the answer about the subject rests; sorted.

    A record is one when the subject's composition asks for what the publication moved: its content, its name, or
    that it points to something (`actions.editions.refresh`). What was asked is noted of the last composition alone,
    so what the answer named before and after that publication, which never changes, is heard first. Of what is
    withdrawn today no composition asks: there the answers before and after are composed once more.
    """
    itself = (kind, subject_id)
    moved: dict[int, list[_Moved]] = {}
    for one in _moved(seqs):
        if one.subject != itself:
            moved.setdefault(one.row.publication_id, []).append(one)
    subjects = {itself, *(one.subject for rows in moved.values() for one in rows)}
    gone = _withdrawn_today(subjects)
    versions = _Versions(subjects if gone else ())
    asked = set(Dependency.objects.filter(kind=kind, subject_id=subject_id).values_list("key", flat=True))
    shown = _codes_shown(kind, subject_id, {*seqs, OPEN_SEQ})
    found: dict[int, list[Named]] = {}
    for seq, rows in moved.items():
        again = gone & {itself, *(one.subject for one in rows)}
        then = _asked_then(itself, seq, rows, versions) if again else set()
        for one in rows:
            if again & {itself, one.subject}:
                rests = bool(one.keys & then)
            else:
                rests = _rests(one, asked, shown[seq], shown[OPEN_SEQ])
            if rests:
                found.setdefault(seq, []).append((one.row.kind, one.row.code))
    return {seq: sorted(named) for seq, named in found.items()}


def _rests(one: _Moved, asked: set[str], then: set[str], now: set[str]) -> bool:
    if one.row.code in then:
        return one.renamed or one.row.code not in now or bool(one.keys & asked)
    # Neither then nor now: a unit around a place, the paper that ends another. Only now: it came later.
    return one.row.code not in now and bool(one.keys & asked)


def _withdrawn_today(subjects: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
    by_kind: dict[str, set[int]] = {}
    for kind, subject_id in subjects:
        by_kind.setdefault(kind, set()).add(subject_id)
    return {(kind, pk) for kind, ids in by_kind.items() for pk in ids - public_among(kind, ids)}


class _Versions:
    """Whatever was published of the subjects asked for, and who points to what today: read once for many worlds."""

    def __init__(self, subjects: Iterable[tuple[str, int]]) -> None:
        self._contents: dict[str, list[tuple[int, Mapping[str, Any] | None]]] = {}
        self._pointing: dict[str, list[int]] = {}
        self.read(f"{kind}:{subject_id}" for kind, subject_id in subjects)

    def read(self, keys: Iterable[str]) -> None:
        by_kind: dict[str, list[int]] = {}
        for key in set(keys) - self._contents.keys():
            kind, _, subject_id = key.partition(":")
            by_kind.setdefault(kind, []).append(int(subject_id))
            self._contents[key] = []
        for kind, ids in by_kind.items():
            for row in Statement.objects.filter(kind=kind, subject_id__in=ids).order_by("publication_id"):
                self._contents[f"{kind}:{row.subject_id}"].append((row.publication_id, _content(row)))

    def content(self, key: str, seq: int) -> Mapping[str, Any] | None:
        """As of that publication."""
        said = [content for made, content in self._contents[key] if made <= seq]
        return said[-1] if said else None

    def pointing(self, key: str) -> list[int]:
        if key not in self._pointing:
            # What is asked of one record will be asked of its like.
            role, _, pointed = key.partition(">")
            alike = {
                other for other in self._contents if other.partition(":")[0] == pointed.partition(":")[0]
            }
            asked = {key, *(f"{role}>{other}" for other in alike)}
            self._pointing |= {one: [] for one in asked}
            rows = Reference.objects.filter(key__in=asked).order_by("key", "subject_id")
            for one, pointer in rows.values_list("key", "subject_id"):
                self._pointing[one].append(pointer)
        return self._pointing[key]


class _Then(PublishedWorld):
    """The contents as of a publication; and what those records pointed to by it, which is kept of today alone."""

    def __init__(
        self, seq: int, versions: _Versions, said: Mapping[tuple[str, int], Mapping[str, Any] | None]
    ) -> None:
        super().__init__(seq)
        self._versions = versions
        self._said = {subject: _pointing(subject[0], content) for subject, content in said.items()}

    def _load_contents(self, keys: set[str]) -> None:
        self._versions.read(keys)
        self._contents |= {key: self._versions.content(key, self.seq) for key in keys}

    def _load_pointing(self, keys: set[str]) -> None:
        for key in keys:
            pointer = POINTERS[key.partition(">")[0]]
            others = {pk for kind, pk in self._said if kind == pointer}
            pointing = {pk for pk in others if key in self._said[pointer, pk]}
            self._pointing[key] = sorted(set(self._versions.pointing(key)) - others | pointing)


def _asked_then(subject: tuple[str, int], seq: int, rows: Iterable[_Moved], versions: _Versions) -> set[str]:
    """What the subject's answer asked for just before and just after that publication."""
    kind, subject_id = subject
    found: set[str] = set()
    for at, name in ((seq - 1, "before"), (seq, "after")):
        world = _Then(at, versions, {one.subject: getattr(one, name) for one in rows})
        for _ in COMPOSERS[kind](world, subject_id):
            pass
        found |= world.asked
    return found


def _moved(seqs: Collection[int]) -> Iterator[_Moved]:
    """Each statement of the publications."""
    former = Statement.objects.filter(
        kind=OuterRef("kind"),
        subject_id=OuterRef("subject_id"),
        publication_id__lt=OuterRef("publication_id"),
    ).order_by("-publication_id")
    made = Statement.objects.filter(publication_id__in=seqs)
    rows = list(made.annotate(former=Subquery(former.values("pk")[:1])))
    before = Statement.objects.in_bulk([row.former for row in rows if row.former])
    for row in rows:
        yield _Moved(row, _content(before.get(row.former)), _content(row))


def _content(row: Statement | None) -> Mapping[str, Any] | None:
    if row is None or row.withdrawn:
        return None
    return upcast(row.kind, row.content_version, json.loads(row.content))


def _pointing(kind: str, content: Mapping[str, Any] | None) -> set[str]:
    return set() if content is None else references(kind, content)


def _codes_shown(kind: str, subject_id: int, seqs: Collection[int]) -> dict[int, set[str]]:
    """The codes of all records that the subject's answer named before or after each of the publications.

    OPEN_SEQ stands for today.
    """
    found: dict[int, set[str]] = {seq: set() for seq in seqs}
    rows = EDITIONS[kind].objects.filter(subject_id=subject_id)
    for row in rows.filter(Q(known_from__in=seqs) | Q(known_to__in=seqs)):
        codes = set(_codes(json.loads(bytes(row.body))))
        for seq in found.keys() & {row.known_from, row.known_to}:
            found[seq] |= codes
    return found


def _codes(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (part[name] for name in ("code", "id") if isinstance(part.get(name), str))
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _codes(inner)
