"""What of chosen announcements a webhook can be sent once more, in as few ranges as that takes."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from registry.models import Announcement, Recovery, Webhook


@dataclass(frozen=True, slots=True)
class Replayable:
    """spans: first and last numbers of ranges which hold those chosen that can be sent, `count` of them."""

    spans: tuple[tuple[int, int], ...]
    count: int


def replayable(webhook: Webhook, chosen: Collection[int]) -> Replayable:
    """Left out is what still waits and comes by itself, what a restore lost, and what the scopes do not open any more.

    webhook: with its `progress`. Two queries, however many are chosen. Numbers between two chosen ones part them only
    where the webhook would hear of them.
    """
    last = min(max(chosen, default=0), webhook.progress.position)
    there = {"seq__gte": min(chosen, default=0), "seq__lte": last}
    heard = set(Announcement.objects.filter(kind__in=webhook.kinds, **there).values_list("seq", flat=True))
    heard.update(Recovery.objects.filter(**there).values_list("seq", flat=True))
    wanted = heard & set(chosen)
    runs = (list(run) for is_chosen, run in groupby(sorted(heard), key=wanted.__contains__) if is_chosen)
    return Replayable(tuple((run[0], run[-1]) for run in runs), len(wanted))
