"""A form of a new record that is sent twice makes one record: a second click must not make a second draft."""

import hashlib
from contextlib import suppress
from typing import Any
from uuid import uuid4

from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest

_MADE, _KEPT = "records_made", 20


def new_token() -> str:
    """What one opening of the form is known by."""
    return uuid4().hex


def remember(request: HttpRequest, made: Any) -> None:
    """Note which record this very form made. To be called where the record is saved, before the lock is let go."""
    if key := _key(request):
        kept = [pair for pair in request.session.get(_MADE, []) if pair[0] != key]
        request.session[_MADE] = [*kept, [key, made.pk]][-_KEPT:]
        # The second click may wait for the lock right now: it reads what is stored by then.
        with suppress(UpdateError):  # logged out meanwhile
            request.session.save()


def made_before(request: HttpRequest) -> int | None:
    """The number of the record that the same form, filled in the same, made a moment ago."""
    key = _key(request)
    if not key or not request.session.session_key:
        return None
    stored = type(request.session)(request.session.session_key)
    return next((pk for made, pk in stored.get(_MADE, []) if made == key), None)


def _key(request: HttpRequest) -> str:
    """Who goes back and types another record into the same form means another record."""
    if not request.POST.get("form_token") or "_popup" in request.POST:
        return ""
    typed = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    return hashlib.sha256(repr([request.path, typed]).encode()).hexdigest()
