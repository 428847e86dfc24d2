"""Which numbers and moments were lost when the registry was put back from a backup (docs/why/restored-feed.md)."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from registry.models import Recovery
from registry.queries.prepared import Given, Prepared
from registry.rules.moments import as_text

#: How long the front page tells staff of a restore.
TOLD_FOR = timedelta(days=14)


def last_recovery() -> Recovery | None:
    return Recovery.objects.order_by("-seq").first()


def recent_recovery(now: datetime) -> Recovery | None:
    """The last restore, while staff are told of it without asking: it takes a while to enter again what was lost."""
    return Recovery.objects.filter(at__gt=now - TOLD_FOR).order_by("-seq").first()


def next_recovery(after: int) -> Recovery | None:
    """The first restore that whoever stands at this announcement has yet to learn of.

    To stand at 0 where a backup held no announcement is to have heard nothing: nothing was lost for who begins there.
    """
    later = Recovery.objects.filter(seq__gt=after)
    return (later.exclude(announcement=0) if after == 0 else later).order_by("seq").first()


def recovery_between(after: int, last: int) -> Recovery | None:
    """The first restore that has its number there: where a range of announcements is told again, so is the restore."""
    return Recovery.objects.filter(seq__gt=after, seq__lte=last).order_by("seq").first()


def publication_lost(seq: int) -> Recovery | None:
    """The restore that lost the publication of that number, if there was one."""
    return Recovery.objects.filter(publication__lt=seq, seq__gte=seq).order_by("seq").first()


def moment_lost(moment: datetime) -> Recovery | None:
    """The restore after which nobody knows what the registry said at that moment."""
    rows = _LOST_AT(moment=moment)
    return Recovery.objects.get(pk=rows[0][0]) if rows else None


def _lost_at() -> QuerySet[Recovery, tuple[int]]:
    moment = Given("moment", Recovery.at.field)
    return Recovery.objects.filter(known_until__lt=moment, at__gt=moment).values_list("seq")[:1]


_LOST_AT = Prepared(_lost_at)


def as_lost(recovery: Recovery) -> dict[str, Any]:
    """What it lost, as partners are told: in refusals and by webhooks."""
    return {
        "after_announcement": recovery.announcement,
        "after_publication": recovery.publication,
        "upto": recovery.seq,
        "known_until": as_text(recovery.known_until),
        "restored_at": as_text(recovery.at),
    }
