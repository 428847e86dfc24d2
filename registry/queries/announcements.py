"""What was told, and when: the change feed and the public history of one record."""

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from registry.models import EDITIONS, Announcement
from registry.models.editions import OPEN_SEQ, Edition
from registry.queries.recoveries import last_recovery
from registry.rules.moments import as_text
from registry.rules.resource_names import NAMES


def last_announcement() -> int:
    """The number that the next announcement follows: of the last one, or of a restore since; 0 before the first."""
    last = Announcement.objects.aggregate(last=Max("seq"))["last"] or 0
    recovery = last_recovery()
    return max(last, recovery.seq) if recovery else last


def news_after(
    seq: int, *, upto: int = OPEN_SEQ, kinds: Collection[str] | None = None, limit: int
) -> list[Announcement]:
    """At most `limit` announcements after that number, in the order in which they were committed.

    upto: the last number that counts; kinds: those records only, all of them by default.
    """
    rows = Announcement.objects.filter(seq__gt=seq, seq__lte=upto).order_by("seq")
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    return list(
        rows.only("seq", "at", "publication_id", "kind", "code", "news", "first_day", "last_day")[:limit]
    )


def as_change(row: Announcement, served_at: str) -> dict[str, Any]:
    """An announcement as readers get it, in the change feed and in webhooks; served_at: `https://host`, no more."""
    name = NAMES[row.kind]
    return {
        "seq": row.seq,
        "at": as_text(row.at),
        "publication": row.publication_id,
        "news": row.news,
        "resource": name,
        "id": row.code,
        "first_day": row.first_day,
        "last_day": row.last_day,
        "url": served_at + reverse(f"api:{name}-detail", args=[row.code]),
    }


def last_told(*, known_seq: int, until: datetime | None = None) -> int:
    """The number of the last announcement that publication `known_seq`, or one before it, made; 0 for none. One query.

    until: also of what was told by that moment and before the next publication, such as days that had come.
    """
    rows = Announcement.objects.filter(publication_id__lte=known_seq).order_by("-publication_id", "-seq")
    if until is not None:
        later = Announcement.objects.filter(publication_id__gt=known_seq).order_by("publication_id", "seq")
        before = Coalesce(Subquery(later.values("seq")[:1]), OPEN_SEQ)
        rows = Announcement.objects.filter(seq__lt=before, at__lte=until).order_by("-seq")
    return rows.values_list("seq", flat=True).first() or 0


def news_of(kind: str, subject_id: int, *, upto: int) -> QuerySet[Announcement]:
    """What was told of one subject. upto: the last number that counts."""
    return Announcement.objects.filter(kind=kind, subject_id=subject_id, seq__lte=upto)


def fields_that_differ(
    kind: str, subject_id: int, *, seqs: Collection[int], days: Collection[date], known_seq: int
) -> dict[int | date, list[str]]:
    """Which fields of a subject's answer each publication changed, and each day on which a change took effect.

    Empty for the publication that first said anything, and for one that withdrew.
    """
    rows = EDITIONS[kind].objects.filter(subject_id=subject_id)
    known = Q(known_from__lte=known_seq, known_to__gt=known_seq)
    editions = list(
        rows.filter(
            Q(known_from__in=seqs)
            | Q(known_to__in=seqs)
            | known & (Q(valid_from__in=days) | Q(valid_to__in=days))
        ).order_by("valid_from", "known_from")
    )
    bodies: dict[int, dict[str, Any]] = {row.pk: json.loads(bytes(row.body)) for row in editions}
    found: dict[int | date, list[str]] = {}
    for seq in seqs:
        before = [row for row in editions if row.known_to == seq]
        after = [row for row in editions if row.known_from == seq]
        found[seq] = _differing(bodies, [(a.pk, b.pk) for a in before for b in after if _meet(a, b)])
    for day in days:
        current = [row for row in editions if row.known_from <= known_seq < row.known_to]
        before = [row for row in current if row.valid_to == day]
        after = [row for row in current if row.valid_from == day]
        found[day] = _differing(bodies, [(a.pk, b.pk) for a in before for b in after])
    return found


def _meet(one: Edition, other: Edition) -> bool:
    return one.valid_from < other.valid_to and other.valid_from < one.valid_to


def _differing(bodies: dict[int, dict[str, Any]], pairs: list[tuple[int, int]]) -> list[str]:
    """The names of fields, in the order of the answer."""
    names: dict[str, None] = {}
    for before, after in pairs:
        for name in {**bodies[after], **bodies[before]}:
            if bodies[before].get(name) != bodies[after].get(name):
                names[name] = None
    return list(names)
