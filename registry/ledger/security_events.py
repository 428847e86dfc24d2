"""Noting what happens at the door, outside the ledger's lock."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connections, models, router, transaction

from registry.ledger.context import caller
from registry.models.security import SecurityEvent


class Stamp(models.Func):
    """The database's clock as the ledger writes it, never before the event above.

    Read when the row is written and not when it was begun: once a day is over, no event of it comes any more.
    """

    output_field = models.CharField()
    _LAST = "(SELECT at FROM registry_securityevent ORDER BY id DESC LIMIT 1)"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return f"max(ledger_now(), coalesce({self._LAST}, ''))", []

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        now = "to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
        return f"greatest({now}, {self._LAST})", []


def note(kind: str, *, account: str = "", detail: str = "", actor: str | None = None) -> None:
    """Write down that it happened: to which account, by whom (else the caller), from where and in which request.

    Call it outside of `recorded`: it is written at once, waits for nobody, and no rollback takes it back.
    """
    by = caller()
    SecurityEvent.objects.create(
        at=Stamp(),
        kind=kind,
        actor=(str(by.actor) if actor is None else actor)[:150],
        account=account[:150],
        address=str(by.address)[:45],
        request=by.request[:64],
        detail=detail,
    )
    if settings.METRICS_TOKEN or settings.METRICS_ADDRESSES:
        _counter().labels(kind).inc()


@cache
def _counter() -> Any:
    """Made when it is first needed, as the histogram of requests is: gunicorn says where processes share it."""
    from prometheus_client import Counter

    return Counter("registry_security_events", "Events at the door since the start, by kind.", ("kind",))


def note_settings(now: Mapping[str, str]) -> bool:
    """Note what the server was started with, when that differs from the last time; whether it did.

    `now`: name and value of each setting, secrets only as marks of theirs. The detail is JSON: `now`, and `changed`
    with name, value before and value now. Processes that start together note it once.
    """
    alias = router.db_for_write(SecurityEvent)
    with transaction.atomic(using=alias):
        if connections[alias].vendor == "postgresql":
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT ledger_events_turn()")
        last = SecurityEvent.objects.using(alias).filter(kind="settings").order_by("-id").first()
        before: Mapping[str, str] = json.loads(last.detail)["now"] if last else {}
        if last is not None and before == dict(now):
            return False
        names = sorted({*before, *now}) if last else ()
        changed = [(n, before.get(n, ""), now.get(n, "")) for n in names if before.get(n) != now.get(n)]
        note("settings", detail=json.dumps({"now": dict(now), "changed": changed}, ensure_ascii=False))
    return True
