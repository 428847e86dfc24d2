"""What was told, and when: the change feed and the public history of one record."""

from collections.abc import Iterable

from django.db.models import Min, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from registry.models import Announcement, Statement
from registry.models.editions import OPEN_SEQ


def news_after(seq: int, *, limit: int) -> list[Announcement]:
    """At most `limit` announcements after that number, in the order in which they were committed."""
    rows = Announcement.objects.filter(seq__gt=seq).order_by("seq")
    return list(
        rows.only("seq", "at", "publication_id", "kind", "code", "news", "first_day", "last_day")[:limit]
    )


def news_of(kind: str, subject_id: int, *, known_seq: int) -> QuerySet[Announcement]:
    """What had been told of one subject when publication `known_seq` was the last."""
    later = Announcement.objects.filter(publication_id__gt=known_seq).order_by()
    first_later = later.values(one=Value(1)).annotate(first=Min("seq")).values("first")
    rows = Announcement.objects.filter(kind=kind, subject_id=subject_id)
    return rows.filter(seq__lt=Coalesce(Subquery(first_later), OPEN_SEQ))


def published_by(seqs: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """Kind and code of the records that each of the publications was about."""
    found: dict[int, list[tuple[str, str]]] = {}
    statements = Statement.objects.filter(publication_id__in=set(seqs))
    for seq, kind, code in statements.order_by("publication_id", "kind", "code").values_list(
        "publication_id", "kind", "code"
    ):
        found.setdefault(seq, []).append((kind, code))
    return found
