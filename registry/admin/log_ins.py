"""Log-ins and what belongs to them, noted as security events. Nothing here waits for a writer of the ledger.

Whoever types a password where the name belongs must not find it written down: of a name that no account has,
nothing is kept but a keyed mark, and that for as long as failures count (lockout.py).
"""

from datetime import timedelta
from functools import reduce
from ipaddress import IPv6Address
from operator import or_
from typing import Any

from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest

from registry import clock
from registry.ledger.context import caller
from registry.ledger.security_events import note
from registry.models import SecurityEvent
from registry.rules.addresses import beginnings, home_of, parse_address
from registry.rules.moments import as_text

#: From one address (of IPv6: one /64), in one hour: what is beyond is said once an hour and not one by one.
MOST_FAILURES = 100
HOUR = timedelta(hours=1)


def connect() -> None:
    """Called once, when the app is ready: before django.contrib.auth is.

    By its name the first takes the place of Django's own receiver, which writes `last_login` on the account at each
    log-in, under the ledger's lock. The events tell it instead.
    """
    user_logged_in.connect(_logged_in, dispatch_uid="update_last_login")
    user_logged_out.connect(_logged_out, dispatch_uid="security")
    user_login_failed.connect(_failed, dispatch_uid="security")
    # Only now: its own receivers come after these, so that a failure stands before the lock-out that follows from it.
    from axes.signals import user_locked_out

    user_locked_out.connect(_locked_out, dispatch_uid="security")


def _logged_in(sender: Any, user: User, **kwargs: Any) -> None:
    note("logged_in", actor=user.username, account=user.username)


def _logged_out(sender: Any, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        note("logged_out", actor=user.username, account=user.username)


def _failed(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    if getattr(request, "axes_locked_out", False):
        return  # the lock-out was noted when it began
    account = User.objects.filter(username=str(credentials.get("username") or "")).first()
    if account is None:
        note_failure("unknown")
    else:
        note_failure("password" if account.is_active else "closed", account.username)


def note_failure(why: str, account: str = "") -> None:
    """Note that a log-in failed; `why` is of LOGIN_FAILURE."""
    lately = SecurityEvent.objects.filter(
        _from_there(str(caller().address)), at__gt=as_text(clock.now() - HOUR)
    )
    if lately.filter(kind="login_failed").count() < MOST_FAILURES:
        note("login_failed", actor="", account=account, detail=why)
    elif not lately.filter(kind="many_failures").exists():
        note("many_failures", actor="", detail=str(MOST_FAILURES))


def _from_there(address: str) -> Q:
    found = parse_address(address)
    if not isinstance(found, IPv6Address):
        return Q(address=address)
    return reduce(or_, (Q(address__startswith=begun) for begun in beginnings(home_of(found))))


def _locked_out(sender: Any, request: HttpRequest, username: str | None, **kwargs: Any) -> None:
    if request.axes_failures_since_start is None:  # type: ignore[attr-defined]
        return  # one more attempt while the name waits
    known = User.objects.filter(username=username or "").exists()
    minutes = settings.AXES_COOLOFF_TIME // timedelta(minutes=1)
    note("locked_out", actor="", account=(username or "") if known else "", detail=str(minutes))


class LogInForm(AdminAuthenticationForm):
    """Django's, which refuses without a word an account that is right and may not enter the admin."""

    def confirm_login_allowed(self, user: User) -> None:
        if user.is_active and not user.is_staff:
            note_failure("not_staff", user.username)
        super().confirm_login_allowed(user)


class PasswordsAreNoted:
    """In AUTH_PASSWORD_VALIDATORS: whoever sets a password, by a page or a command, it is noted.

    It refuses none. An old hash that a log-in renews is no new password, and Django does not call this for it.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        pass

    def get_help_text(self) -> str:
        return "Việc đặt mật khẩu được ghi vào nhật ký an ninh (không ghi mật khẩu)."

    def password_changed(self, password: str, user: User | None = None) -> None:
        if user is not None:
            name = user.username
            # What is rolled back was not set.
            transaction.on_commit(lambda: note("password_set", account=name))
