"""Who and which request stands behind the changes that a view makes."""

from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from registry.ledger.context import acting_as


class LedgerMiddleware:
    """Name the signed-in user and the request for `recorded`; open no transaction, read no session.

    The response carries the same id in `X-Request-ID`, so that a complaint finds its entries.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = uuid4().hex
        # Asking for the user reads the session: only when something is recorded.
        actor = SimpleLazyObject(lambda: request.user.get_username() or "anonymous")
        with acting_as(actor, request_id):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response
