"""A session ends: some minutes after its last page, some hours after its log-in, and with its password.

The last is Django's own: a session carries a digest of the password, so a new password ends every session but the
one it was changed in. What was being typed when a session ended is not lost (resend.py).
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import InternalError, OperationalError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from registry import clock
from registry.ledger.security_events import note

BEGAN, SEEN = "began", "seen"
#: Not every page writes the session: its last page is known to this part of the idle time.
PRECISION = 12


class Sessions(SessionMiddleware):
    """A session that cannot be noted as in use, because nothing can be written just now, spoils no answer."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        try:
            return super().process_response(request, response)  # type: ignore[arg-type, return-value]
        except SessionInterrupted as interrupted:
            update = interrupted.__context__
            if update is not None and isinstance(update.__context__, OperationalError | InternalError):
                return response
            raise


class SessionsEnd:
    """Reads the session on pages of the admin only; the API knows none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.front = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(self.front) and settings.SESSION_COOKIE_NAME in request.COOKIES:
            end_or_go_on(request.session, clock.now().timestamp())
        return self.get_response(request)


def end_or_go_on(session: Any, now: float) -> None:
    """Empty a session that has had its time; note that one in use is in use. Moments in seconds since 1970."""
    if SESSION_KEY not in session:
        return
    idle = settings.SESSION_COOKIE_AGE
    began, seen = session.get(BEGAN), session.get(SEEN)
    if began is None or seen is None:  # from before there were ends
        session[BEGAN] = session[SEEN] = now
    elif now - seen >= idle or now - began >= settings.SESSION_HOURS * 3600:
        of = User.objects.filter(pk=session[SESSION_KEY]).values_list("username", flat=True).first() or ""
        session.flush()
        note("session_ended", actor=of, account=of, detail="idle" if now - seen >= idle else "age")
    elif now - seen >= idle / PRECISION:
        session[SEEN] = now


@receiver(user_logged_in, dispatch_uid="sessions")
def begin(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    request.session[BEGAN] = request.session[SEEN] = clock.now().timestamp()
