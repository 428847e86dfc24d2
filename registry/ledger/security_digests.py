"""What the ledger says of security events: for each day that is over, how many, from which to which, and their hash.

The hash is SHA-256 over the columns of FIELDS, event by event in the order of their numbers, each as the ledger's
own hashes write them (`netstring` in verify_export.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, router, transaction

from registry.ledger.arming import disagreements
from registry.ledger.context import recorded
from registry.ledger.verify_export import Finding, netstring
from registry.models.security import SecurityDigest, SecurityEvent
from registry.rules.hanoi import day_of, start_of
from registry.rules.moments import as_text

FIELDS = ("id", "at", "kind", "actor", "account", "address", "request", "detail")
_TABLE = "registry_securityevent"
_BATCH = 2000
#: The day of events whose moment was made unreadable: nobody writes such a moment here.
_UNREADABLE = date.min


@dataclass
class Day:
    """The events of one day, added up."""

    count: int = 0
    first: int = 0
    last: int = 0
    _hash: Any = field(default_factory=sha256)

    def add(self, event: tuple[Any, ...]) -> None:
        self.first, self.last, self.count = self.first or event[0], event[0], self.count + 1
        self._hash.update("".join(map(netstring, event)).encode())

    @property
    def digest(self) -> str:
        return str(self._hash.hexdigest())


def digest_days(before: date) -> list[SecurityDigest]:
    """Tell the ledger of every day with events before that one which it was not told of yet; what was told.

    Run again, or killed half-way and run again, it tells each day once.
    """
    _let_pass()
    found = _days(since=_last(), before=before)
    told = []
    with recorded(reason="Ghi dấu của nhật ký an ninh theo ngày"):
        last = _last()
        for day, events in sorted(found.items()):
            if day > (last or _UNREADABLE):
                told.append(
                    SecurityDigest.objects.create(
                        day=day,
                        count=events.count,
                        first=events.first,
                        last=events.last,
                        digest=events.digest,
                    )
                )
    return told


def findings() -> Iterator[Finding]:
    """Where the events are not what the ledger was told of them, or could be changed unseen.

    A database of a release that told the ledger nothing (up to 0.2.0) has neither table.
    """
    if SecurityDigest._meta.db_table not in connection.introspection.table_names():
        return
    for beside in (one for one in connections.all() if one.alias != DEFAULT_DB_ALIAS):
        for code, name in disagreements(beside):
            yield Finding(
                code, f"{name.capitalize()} của nhật ký an ninh bị thiếu hoặc đã bị sửa.", table=_TABLE
            )
    last = _last()
    if last is None:
        return
    found = _days(since=None, before=last + timedelta(days=1))
    for told in SecurityDigest.objects.order_by("day"):
        if difference := _difference(told, found.pop(told.day, Day())):
            yield _found(*difference, told.day)
    for day, events in sorted(found.items()):
        if day == _UNREADABLE:
            named = f"{events.count} sự kiện (từ số {events.first}) có thời điểm không đọc được"
            yield Finding("security_events_altered", f"Nhật ký an ninh: {named}.", table=_TABLE)
        else:
            yield _found("security_events_added", f"sổ cái không ghi sự kiện nào, nay có {events.count}", day)


def _difference(told: SecurityDigest, events: Day) -> tuple[str, str] | None:
    if events.count == told.count and events.digest == told.digest:
        return None
    if events.count == told.count:
        return "security_events_altered", f"nội dung của {told.count} sự kiện khác với dấu ghi trong sổ cái"
    code = "security_events_missing" if events.count < told.count else "security_events_added"
    return (
        code,
        f"sổ cái ghi {told.count} sự kiện (số {told.first} đến {told.last}), nay có {events.count}"
        + (f" (số {events.first} đến {events.last})" if events.count else ""),
    )


def _found(code: str, what: str, day: date) -> Finding:
    return Finding(
        code,
        f"Nhật ký an ninh ngày {day:%d/%m/%Y}: {what}.",
        table=_TABLE,
        row_id=day.isoformat(),
    )


def _last() -> date | None:
    """The last day that the ledger was told of."""
    return SecurityDigest.objects.order_by("-day").values_list("day", flat=True).first()


def _days(*, since: date | None, before: date) -> dict[date, Day]:
    """The days after `since` and before that day, as their events are now."""
    events = SecurityEvent.objects.filter(at__lt=as_text(start_of(before))).order_by("id")
    if since is not None:
        events = events.filter(at__gte=as_text(start_of(since + timedelta(days=1))))
    found: dict[date, Day] = {}
    for event in events.values_list(*FIELDS).iterator(_BATCH):
        found.setdefault(_day_of(event[1]), Day()).add(event)
    return found


def _day_of(at: str) -> date:
    try:
        return day_of(datetime.fromisoformat(at))
    except (ValueError, OverflowError):
        return _UNREADABLE


def _let_pass() -> None:
    """Wait until who is noting an event this moment has noted it."""
    alias = router.db_for_write(SecurityEvent)
    with transaction.atomic(using=alias):  # on SQLite this is the writers' turn
        if connections[alias].vendor == "postgresql":
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT ledger_events_turn()")
