"""What of chosen announcements a webhook can be sent once more, in as few ranges as that takes."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from registry.models import Announcement, Recovery
from registry.queries.webhooks import kinds_told


@dataclass(frozen=True, slots=True)
class Replayable:
    """spans: first and last numbers of ranges which hold those chosen that can be sent, `count` of them."""

    spans: tuple[tuple[int, int], ...]
    count: int


def replayable(webhook: Any, chosen: Collection[int]) -> Replayable:
    """Left out is what still waits and comes by itself, what a restore lost, and what the scopes of the webhook, or
    the keys of its partner, do not open any more.

    webhook: one that `with_closed` found, with its `progress`. Two queries, however many are chosen. Numbers between
    two chosen ones part them only where they are within the scopes of the webhook: a key may open them meanwhile.
    """
    last = min(max(chosen, default=0), webhook.progress.position)
    there = {"seq__gte": min(chosen, default=0), "seq__lte": last}
    told = kinds_told(webhook)
    kind_of = dict(Announcement.objects.filter(kind__in=webhook.kinds, **there).values_list("seq", "kind"))
    restores = set(Recovery.objects.filter(**there).values_list("seq", flat=True))
    sent = restores.union(seq for seq, kind in kind_of.items() if kind in told)
    wanted = sent & set(chosen)
    heard = sorted(restores.union(kind_of))
    runs = (list(run) for is_chosen, run in groupby(heard, key=wanted.__contains__) if is_chosen)
    return Replayable(tuple((run[0], run[-1]) for run in runs), len(wanted))
