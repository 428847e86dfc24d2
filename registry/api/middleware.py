"""What every answer under /api/ has in common, whichever view, page or refusal made it."""

import re
from collections.abc import Callable
from functools import cached_property

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from registry.api.problems import ApiProblem, content_too_large, request_malformed, uri_too_long

ROOT = "/api/"
#: Bytes of path and query. gunicorn.conf.py lets a little more through, so that this refusal is the usual one.
LONGEST_ADDRESS = 8000
#: Parameters of a query, also empty ones: forms of the admin may have more fields (config/settings.py).
MOST_PARAMETERS = 5000
#: Bytes of a body, which nothing here reads; the proxy of docs/operations.md takes as many.
LARGEST_CONTENT = 6 * 1024 * 1024

METHODS = "GET, HEAD, OPTIONS"
#: Headers that a page's script may send, and those of an answer that it may read.
SENT = "Accept, Authorization, If-None-Match, X-Request-ID"
READ = (
    "Content-Disposition, Deprecation, ETag, Link, RateLimit, RateLimit-Policy, Registry-Known-At, "
    "Registry-Known-Seq, Registry-Valid-On, Retry-After, Sunset, X-Request-ID"
)
#: Seconds for which a browser need not ask again.
REMEMBERED = "600"
#: RFC 8631: where the API is described for programs, and for people.
ABOUT = (
    '</api/v1/schema/>; rel="service-desc"; type="application/json", '
    '</api/v1/docs/>; rel="service-doc"; type="text/html"'
)
_ORIGIN = re.compile(r"https?://[a-z0-9.\-]+(:[0-9]+)?|https?://\[[0-9a-f:.]+\](:[0-9]+)?")


def refused_with(
    get_response: Callable[[HttpRequest], HttpResponseBase], request: HttpRequest, problem: ApiProblem
) -> HttpResponseBase:
    """Have a request of the API refused before it reaches any view: a refusal looks like every other answer."""
    request.refusal = problem  # type: ignore[attr-defined]
    return get_response(request)


class ApiMiddleware:
    """Too long an address is 414, too large a body 413; scripts of the origins in CORS_ORIGINS may read; answers link
    to the documentation.

    No origin is allowed that the setting does not name, and cookies never are: a key travels in a header.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        _ = self.origins

    @cached_property
    def origins(self) -> frozenset[str]:
        for origin in settings.CORS_ORIGINS:
            if not _ORIGIN.fullmatch(origin):
                raise ImproperlyConfigured(
                    f"CORS_ORIGINS holds {origin!r}: write whole origins in small letters, such as "
                    "https://map.example, without a path."
                )
        return frozenset(settings.CORS_ORIGINS)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(ROOT):
            return self.get_response(request)
        response: HttpResponseBase
        refusal: ApiProblem | None = getattr(request, "refusal", None)
        if refusal is not None:
            response = refusal.response()
        elif len(request.META.get("QUERY_STRING", "")) + len(request.path_info.encode()) > LONGEST_ADDRESS:
            response = uri_too_long().response()
        elif request.META.get("QUERY_STRING", "").count("&") >= MOST_PARAMETERS:
            response = request_malformed().response()
        elif int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_CONTENT:
            response = content_too_large().response()
        elif self._asks_beforehand(request):
            response = HttpResponse(status=204)
        else:
            response = self.get_response(request)
        if response.status_code in (204, 304):  # no content follows: of no type, and of no length (RFC 9110)
            del response["Content-Type"], response["Content-Length"]
        if self.origins:
            self._share(request, response)
        response["Link"] = f"{response['Link']}, {ABOUT}" if response.has_header("Link") else ABOUT
        return response

    def _asks_beforehand(self, request: HttpRequest) -> bool:
        """Whether a browser asks, without the key, if it may send the real request."""
        return (
            request.method == "OPTIONS"
            and request.META.get("HTTP_ORIGIN") in self.origins
            and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in request.META
        )

    def _share(self, request: HttpRequest, response: HttpResponseBase) -> None:
        patch_vary_headers(response, ["Origin"])
        origin = request.META.get("HTTP_ORIGIN")
        if origin not in self.origins:
            return
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Expose-Headers"] = READ
        if request.method == "OPTIONS":
            response["Access-Control-Allow-Methods"] = METHODS
            response["Access-Control-Allow-Headers"] = SENT
            response["Access-Control-Max-Age"] = REMEMBERED
