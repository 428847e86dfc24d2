"""Refusals outside any view: addresses that do not exist, requests nobody can read, our own failures.

Under /api/ they are problem documents; elsewhere Django's own pages answer whoever asks for a page.
"""

import sys

from django.db import InterfaceError, InternalError, OperationalError, ProgrammingError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from django.views import defaults
from rest_framework.request import Request

from registry.api.base import ApiView
from registry.api.health import what_is_wrong
from registry.api.middleware import ROOT
from registry.api.problems import ApiProblem, no_such_path, unavailable
from registry.api.problems import request_malformed as malformed
from registry.api.problems import server_error as failure

#: Seconds after which it is worth asking again.
RETRY_AFTER = "30"


class UnknownPath(ApiView):
    """Every other address under /api/: sent on when only the last slash is missing, else 404, or 400 if unreadable."""

    authentication_classes = []
    permission_classes = []
    follows_news = False

    def get(self, request: Request, rest: str = "") -> HttpResponse:
        if not request.path.endswith("/") and _exists(request.path_info + "/"):
            query = request._request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{request.path}/" + (f"?{query}" if query else ""))
        raise no_such_path(request._request)

    def options(self, request: Request, *args: object, **kwargs: object) -> HttpResponse:
        raise no_such_path(request._request)

    http_method_not_allowed = options


def _exists(path: str) -> bool:
    try:
        return resolve(path).url_name != "unknown"
    except Resolver404:
        return False


def _or(problem: ApiProblem, request: HttpRequest) -> HttpResponse | None:
    """The refusal as a problem document; None for a browser outside the API, and for all of the admin."""
    a_program = "text/html" not in request.META.get("HTTP_ACCEPT", "") and not request.path_info.startswith(
        "/admin/"
    )
    return problem.response() if a_program or request.path_info.startswith(ROOT) else None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _or(malformed(), request) or defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    problem = no_such_path(request)
    page = defaults.bad_request if problem.code == "path_unreadable" else defaults.page_not_found
    return _or(problem, request) or page(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls this while it handles the exception: 503 when the database is the one that failed, else 500."""
    error = sys.exception()
    # What is missing before `migrate` SQLite calls an operational error, PostgreSQL a wrong statement.
    unready = isinstance(error, ProgrammingError) and what_is_wrong() in ("database", "migrations")
    if not unready and not isinstance(error, OperationalError | InternalError | InterfaceError):
        return _or(failure(), request) or defaults.server_error(request)
    response = _or(unavailable(), request) or defaults.server_error(request, "503.html")
    response.status_code = 503
    response["Retry-After"] = RETRY_AFTER
    return response
