"""Who changes something, and why: what the ledger's triggers note beside each row."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection, transaction


@dataclass(frozen=True, slots=True)
class Caller:
    """Who stands at the door: set per request by the middleware. Opens no transaction."""

    actor: object  # its text is the name; read only when something is recorded
    request: str
    address: object = ""  # of the network; read only when something is noted


@dataclass(frozen=True, slots=True)
class Context:
    """What every entry made now will say."""

    actor: str
    reason: str
    request: str


NOBODY = Caller("system", "")
_caller: ContextVar[Caller] = ContextVar("ledger_caller", default=NOBODY)
_context: ContextVar[Context | None] = ContextVar("ledger_context", default=None)
_redacting: ContextVar[bool] = ContextVar("ledger_redacting", default=False)


def current() -> Context | None:
    """The context of the innermost `recorded`, None outside."""
    return _context.get()


def caller() -> Caller:
    """Who stands at the door now."""
    return _caller.get()


def caller_request() -> str:
    """The id of the request that is being answered, "" outside of one."""
    return _caller.get().request


@contextmanager
def acting_as(actor: object, request: str = "", address: object = "") -> Iterator[None]:
    """Name the caller for every `recorded` inside that names none itself."""
    token = _caller.set(Caller(actor, request, address))
    try:
        yield
    finally:
        _caller.reset(token)


@contextmanager
def recorded(
    actor: str | None = None, reason: str | None = None, request: str | None = None
) -> Iterator[None]:
    """A transaction that holds the ledger's lock, and whose changes say who made them and why.

    What is not given comes from the enclosing `recorded`, else from the caller (`acting_as`), else is empty.
    Read inside it whatever the decision rests on: nobody else can change a recorded table meanwhile.
    Keep it short, everybody who writes is waiting.
    """
    outer, by = _context.get(), _caller.get()
    inner = Context(
        actor=(actor or (outer.actor if outer else str(by.actor)))[:150],
        reason=reason or (outer.reason if outer else ""),
        request=(request or (outer.request if outer else by.request))[:64],
    )
    with transaction.atomic():
        lock()
        token = _context.set(inner)
        try:
            _tell(inner)
            yield
            if not connection.needs_rollback:
                _tell(outer)
        finally:
            _context.reset(token)


def lock() -> None:
    """Wait until no other transaction writes to the ledger, and keep others waiting until this one ends.

    Every recorded write takes this lock by itself. Take it first where something is read, or another table
    written, before that: whoever locks in another order can deadlock. On SQLite the transaction is the lock.
    Locking a table takes no snapshot: at REPEATABLE READ everything committed before is seen afterwards.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("ledger.lock() needs a transaction.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE registry_ledgerlock IN SHARE ROW EXCLUSIVE MODE")


@contextmanager
def redacting() -> Iterator[None]:
    """Inside, a row may be made what the ledger says of it since a redaction, and that leaves no entry.

    The triggers look at each row: this only tells them that there is something to look for.
    """
    token = _redacting.set(True)
    _set_redacting("on")
    try:
        yield
        _set_redacting("")
    finally:
        _redacting.reset(token)


def is_redacting() -> bool:
    return _redacting.get()


def _set_redacting(value: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('ledger.redacting', %s, true)", [value])


def _tell(context: Context | None) -> None:
    """Hand the context to PostgreSQL for the rest of the transaction. (SQLite's triggers ask `current`.)"""
    if connection.vendor != "postgresql":
        return
    values = (context.actor, context.reason, context.request) if context else ("", "", "")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('ledger.actor', %s, true), set_config('ledger.reason', %s, true),"
            " set_config('ledger.request', %s, true)",
            values,
        )
