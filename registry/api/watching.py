"""Each request as whoever runs the registry sees it: a line in the log, a count and a time by route."""

import logging
import os
from collections.abc import Callable
from functools import cache
from time import perf_counter
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from registry.rules.addresses import client_address
from registry.rules.api_keys import KEY

log = logging.getLogger("registry.requests")

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
#: Asked every few seconds by machines: counted, and not worth a line.
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
#: Seconds. Most answers take milliseconds; an export takes longer.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


@cache
def request_seconds() -> Any:
    """The histogram, made when it is first needed: gunicorn says before that where processes share it."""
    from prometheus_client import Histogram

    return Histogram(
        "registry_request_seconds",
        "Time to the beginning of an answer, by method, route (never the address) and status.",
        ("method", "route", "status"),
        buckets=BUCKETS,
    )


def metrics_are_open() -> bool:
    return bool(settings.METRICS_TOKEN or settings.METRICS_ADDRESSES)


class WatchingMiddleware:
    """Outermost: it sees every answer as it leaves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.counts = metrics_are_open()
        self.logs = log.isEnabledFor(logging.INFO)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not (self.counts or self.logs):
            return self.get_response(request)
        began = perf_counter()
        response = self.get_response(request)
        seconds = perf_counter() - began
        method = request.method if request.method in METHODS else "other"
        if self.counts:
            request_seconds().labels(method, route_of(request), response.status_code).observe(seconds)
        if self.logs and request.path_info not in PROBES:
            log.info(
                "%s %s %s",
                method,
                request.path_info,
                response.status_code,
                extra=told(request, response, seconds),
            )
        return response


def route_of(request: HttpRequest) -> str:
    """The name of what answered: a handful of routes, however many addresses there are."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or match.route or "/"
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"


def told(request: HttpRequest, response: HttpResponseBase, seconds: float) -> dict[str, object]:
    """What a line says besides: never the query, which may hold anything somebody typed."""
    address = client_address(
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_X_FORWARDED_FOR", ""),
        settings.TRUSTED_PROXIES,
    )
    return {
        "request_id": response.get("X-Request-ID", ""),
        "method": request.method,
        "path": request.path_info,
        "route": route_of(request),
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        "bytes": None if response.streaming else len(response.content),  # type: ignore[attr-defined]
        "address": str(address) if address else "",
        "key": prefix_shown(request),
    }


def prefix_shown(request: HttpRequest) -> str:
    """The prefix of the key that let the request in, "" when none did."""
    if getattr(request, "auth", None) is None:
        return ""
    shown = KEY.search(request.META.get("HTTP_AUTHORIZATION", ""))
    return shown[1] if shown else ""


def share_between_processes(folder: os.PathLike[str]) -> None:
    """Before gunicorn starts its workers: counts of all of them are kept in this folder, from zero."""
    os.makedirs(folder, exist_ok=True)
    for entry in os.scandir(folder):
        if entry.name.endswith(".db"):
            os.unlink(entry.path)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = os.fspath(folder)
