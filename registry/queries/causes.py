"""Which of the records that a publication was about changed the answer about another one."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from registry.models import EDITIONS, Dependency, Statement
from registry.models.editions import OPEN_SEQ
from registry.rules.canonical import upcast
from registry.rules.composition.subjects import references
from registry.rules.composition.world import own_label

#: Kind and code of a record.
Named = tuple[str, str]


def causes_of(kind: str, subject_id: int, *, seqs: Collection[int]) -> dict[int, list[Named]]:
    """For each publication, the records it was about on which the answer about the subject rests; sorted.

    A record is one when the subject's composition asks for what the publication moved: its content, its name, or
    that it points to something (`actions.editions.refresh`). What was asked is noted of the last composition alone,
    so what the answer named before and after that publication, which never changes, is heard first.
    """
    asked = set(Dependency.objects.filter(kind=kind, subject_id=subject_id).values_list("key", flat=True))
    shown = _codes_shown(kind, subject_id, {*seqs, OPEN_SEQ})
    found: dict[int, list[Named]] = {}
    for row, keys, renamed in _moved(seqs):
        if (row.kind, row.subject_id) == (kind, subject_id):
            continue
        now = row.code in shown[OPEN_SEQ]
        if row.code in shown[row.publication_id]:
            rests = renamed or not now or bool(keys & asked)
        else:
            # Neither then nor now: a unit around a place, the paper that ends another. Only now: it came later.
            rests = not now and bool(keys & asked)
        if rests:
            found.setdefault(row.publication_id, []).append((row.kind, row.code))
    return {seq: sorted(named) for seq, named in found.items()}


def _moved(seqs: Collection[int]) -> Iterator[tuple[Statement, set[str], bool]]:
    """Each statement of the publications, the keys under which it moved something, and whether its name did."""
    former = Statement.objects.filter(
        kind=OuterRef("kind"),
        subject_id=OuterRef("subject_id"),
        publication_id__lt=OuterRef("publication_id"),
    ).order_by("-publication_id")
    made = Statement.objects.filter(publication_id__in=seqs)
    rows = list(made.annotate(former=Subquery(former.values("pk")[:1])))
    before = Statement.objects.in_bulk([row.former for row in rows if row.former])
    for row in rows:
        one, other = _content(before.get(row.former)), _content(row)
        own = f"{row.kind}:{row.subject_id}"
        keys = {own} | (_pointing(row.kind, one) ^ _pointing(row.kind, other))
        yield row, keys, (one and own_label(one)) != (other and own_label(other))


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
