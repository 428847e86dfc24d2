"""Who and which request stands behind the changes that a view makes."""

import re
from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from registry.ledger.context import acting_as
from registry.rules.addresses import client_address
from registry.rules.api_keys import holds_key

#: What a caller, or a proxy in front, may name its request: nothing that could upset a log or a page.
_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{7,63}")


def address_of(request: HttpRequest) -> str | None:
    """Who is at the other end, past our own proxies."""
    found = client_address(
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_X_FORWARDED_FOR", ""),
        settings.TRUSTED_PROXIES,
    )
    return str(found) if found else None


class LedgerMiddleware:
    """Name the signed-in user and the request for `recorded`; open no transaction, read no session.

    Every response, also a file's or a refusal's, carries the same id in `X-Request-ID`, so that a complaint finds
    its entries: the one that the request brought, if it is 8 to 64 plain characters and no key, else a new one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        brought = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = brought if _SANE.fullmatch(brought) and not holds_key(brought) else uuid4().hex
        # Asking for the user reads the session: only when something is recorded.
        actor = SimpleLazyObject(lambda: request.user.get_username() or "anonymous")
        address = SimpleLazyObject(lambda: address_of(request) or "")
        with acting_as(actor, request_id, address):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response
