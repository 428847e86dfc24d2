"""What every view of the API shares: who may read, what is accepted, how a refusal looks, how it is documented."""

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import DatabaseError
from django.http import HttpResponse
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from registry import clock
from registry.actions.announce import announce_due
from registry.api.authentication import KeyAuthentication, MayRead, reader_of, sender
from registry.api.metering import METER
from registry.api.operations import OperationSchema
from registry.api.parameters import Parameter, given
from registry.api.problems import handle
from registry.api.throttles import headers, refusal, take
from registry.api.windows import Standing
from registry.queries.api_keys import Reader

log = logging.getLogger(__name__)

_NO_WEIGHT = re.compile(r"q\s*=\s*0(\.0*)?")
_ANY_JSON = frozenset({"*/*", "application/json", "application/problem+json"})


class Negotiation(DefaultContentNegotiation):
    """By the Accept header alone: `format` is an unknown parameter like any other."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        if request._request.META.get("HTTP_ACCEPT", "*/*") in _ANY_JSON:  # nearly always: nothing to weigh
            return renderers[0], renderers[0].media_type
        if not takes_json(self.get_accept_list(request)):
            raise NotAcceptable(available_renderers=renderers)
        return renderers[0], renderers[0].media_type


def takes_json(accepted: Iterable[str]) -> bool:
    """Whether a list of media ranges lets JSON through: the nearest one decides, a weight of 0 refuses (RFC 9110)."""
    found: dict[str, bool] = {}
    for item in accepted:
        media, *parameters = (part.strip() for part in item.lower().split(";"))
        found[media] = found.get(media, False) or not any(map(_NO_WEIGHT.fullmatch, parameters))
    # Whoever accepts our refusals accepts our answers.
    refusals = found.get("application/problem+json", False)
    ranges = (found[media] for media in ("application/json", "application/*", "*/*") if media in found)
    return next(ranges, False) or (refusals and "application/json" not in found)


class ApiView(APIView):
    """A read-only resource. Opens no transaction: on SQLite that would stop everybody who writes."""

    authentication_classes = [KeyAuthentication]
    permission_classes = [MayRead]
    renderer_classes = [JSONRenderer]
    parser_classes = []
    content_negotiation_class = Negotiation
    http_method_names = ["get", "head", "options"]
    schema = OperationSchema()

    #: Whether answers rest on announcements, so that what came into effect must have been told before.
    follows_news: ClassVar[bool] = True
    #: The kind of record whose scope a key needs. None: any key will do, and sees what `kinds_read_by` says.
    kind_read: str | None = None
    #: How this request's quota stands; None without one.
    standing: Standing | None = None
    #: By view and kind of record, which make out the parameters.
    _parameters: ClassVar[dict[tuple[type["ApiView"], str | None], Mapping[str, Parameter]]] = {}

    def parameters(self) -> tuple[Parameter, ...]:
        """The query parameters it knows."""
        return ()

    def given(self, request: Request) -> dict[str, str]:
        query = request._request.GET
        return given(query, self._known()) if query else {}

    def _known(self) -> Mapping[str, Parameter]:
        """Its parameters by name: put together once, not with each request."""
        of = type(self), self.kind_read
        if of not in self._parameters:
            self._parameters[of] = {parameter.name: parameter for parameter in self.parameters()}
        return self._parameters[of]

    def get_exception_handler(self) -> Callable[[Exception, Mapping[str, Any]], HttpResponse | None]:
        return handle

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As REST framework's, but who asks is counted first: also who accepts nothing that we could answer."""
        self.format_kwarg = self.get_format_suffix(**kwargs)
        self.perform_authentication(request)
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        # What nobody can do here is not refused for want of a scope.
        if request.method not in self.allowed_methods:
            self.http_method_not_allowed(request)
        self.check_permissions(request)
        if self.follows_news and request.method in {"GET", "HEAD"}:
            tell_what_came_into_effect()

    def perform_authentication(self, request: Request) -> None:
        """Who asks, and whether not too often. A key that does not fit counts as its address does without one.

        Which methods there are anybody may ask, as browsers do: no key is looked at, so none can be guessed there.
        """
        if request.method == "OPTIONS":
            return
        try:
            super().perform_authentication(request)
        finally:
            self._count(request)

    def _count(self, request: Request) -> None:
        # What anybody may read asks for no key; one that fits counts there too, and no other is refused.
        reader = request.auth if self.authentication_classes else reader_of(request)
        reader, now = reader if isinstance(reader, Reader) else None, clock.now()
        self.standing = take(reader, None if reader else sender(request._request), now)
        refused = self.standing is not None and not self.standing.allowed
        if reader:
            METER.count(reader.key_id, now, refused=refused)
        if self.standing and refused:
            raise refusal(self.standing)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        for name, text in headers(self.standing).items() if self.standing else ():
            response[name] = text
        return super().finalize_response(request, response, *args, **kwargs)

    def check_permissions(self, request: Request) -> None:
        if request.method != "OPTIONS":
            super().check_permissions(request)

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(status=204, headers={"Allow": "GET, HEAD, OPTIONS"})


class Told:
    """The last day for which this process has announced what came into effect, and when it last failed to."""

    day: ClassVar[date | None] = None
    failed_at: ClassVar[datetime | None] = None


def tell_what_came_into_effect() -> None:
    """Announce, with the first request of a new day, what has come into effect. Idempotent among processes.

    A database that cannot be written to is no reason not to answer; the next try is a minute later.
    """
    today = clock.today()
    if Told.day == today:
        return
    now = clock.now()
    if Told.failed_at is not None and (now - Told.failed_at).total_seconds() < 60:
        return
    try:
        announce_due(at=now, today=today)
    except DatabaseError:
        log.exception("What came into effect on %s could not be announced.", today)
        Told.failed_at = now
    else:
        Told.day, Told.failed_at = today, None
