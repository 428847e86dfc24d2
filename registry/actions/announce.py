"""Tells what changed: at each publication, and when a future effect's day has come."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from registry.actions.editions import Difference
from registry.ledger.context import recorded
from registry.models import EDITIONS, Announcement, Publication, Statement
from registry.models.editions import OPEN_SEQ
from registry.queries.announcements import last_announcement
from registry.rules.hanoi import day_of


def announce(
    publication: Publication, statements: Sequence[Statement], differences: Sequence[Difference]
) -> None:
    """One row for each published subject and one for each other subject whose answer changed."""
    days = {(d.kind, d.subject_id): d for d in differences}
    rows = []
    for statement in statements:
        difference = days.pop((statement.kind, statement.subject_id), None)
        rows.append(
            Announcement(
                kind=statement.kind,
                subject_id=statement.subject_id,
                code=statement.code,
                news="withdrawn" if statement.withdrawn else "published",
                first_day=difference.first_day if difference else None,
                last_day=difference.last_day if difference else None,
            )
        )
    codes = _codes(days)
    published = {(row.kind, row.subject_id): row.code for row in statements}
    for key, difference in sorted(days.items()):
        named = sorted(difference.causes, key=lambda cause: (cause[0], published[cause]))
        rows.append(
            Announcement(
                kind=difference.kind,
                subject_id=difference.subject_id,
                code=codes[key],
                news="affected",
                first_day=difference.first_day,
                last_day=difference.last_day,
                causes=" ".join(f"{cause[0]}:{published[cause]}" for cause in named),
            )
        )
    _append(rows, publication.at, publication)


def announce_due(*, at: datetime, today: date, before: int = OPEN_SEQ) -> int:
    """Announce every edition whose day has come since it was published; how many there were.

    Only days that lay in the future when they were published are news on their day. before: the number of a
    publication under way, whose own editions are none. Safe to run at any time and any number of times.
    """
    due = _due(today, before)
    if not due:
        return 0
    with recorded(actor="system", reason="announce_due"):
        due = _due(today, before)
        _append(due, at, None)
    return len(due)


def _due(today: date, before: int) -> list[Announcement]:
    """Open editions whose day came after the last publication. Earlier days were told before that publication."""
    last = Publication.objects.order_by("-seq").first()
    if last is None:
        return []
    since = day_of(last.at)
    if today <= since:
        return []
    told = set(
        Announcement.objects.filter(news="took_effect", first_day__gt=since).values_list(
            "kind", "subject_id", "first_day"
        )
    )
    found = []
    for kind, model in sorted(EDITIONS.items()):
        rows = model.objects.filter(known_to=OPEN_SEQ, valid_from__gt=since, valid_from__lte=today)
        for row in rows.filter(known_from__lt=before).defer("body"):
            if (kind, row.subject_id, row.valid_from) not in told:
                found.append(
                    Announcement(
                        kind=kind,
                        subject_id=row.subject_id,
                        code=row.code,
                        news="took_effect",
                        first_day=row.valid_from,
                        last_day=row.valid_to - timedelta(days=1),
                    )
                )
    return sorted(found, key=lambda row: (row.first_day, row.kind, row.subject_id))


def tell(rows: Sequence[Announcement], at: datetime) -> None:
    """Append what no publication brought. Needs `recorded`."""
    _append(rows, at, None)


def _append(rows: Sequence[Announcement], at: datetime, publication: Publication | None) -> None:
    seq = last_announcement()
    for place, row in enumerate(rows, start=1):
        row.seq, row.at, row.publication = seq + place, at, publication
    Announcement.objects.bulk_create(rows)


def _codes(keys: dict[tuple[str, int], Difference]) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for kind in sorted({kind for kind, _ in keys}):
        ids = [subject_id for other, subject_id in keys if other == kind]
        rows = Statement.objects.filter(kind=kind, subject_id__in=ids).values_list("subject_id", "code")
        found |= {(kind, subject_id): code for subject_id, code in rows}
    return found
