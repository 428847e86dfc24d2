"""Successful answers: bytes with an ETag, the caching rules, and 304 when the reader has them already."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

JSON = "application/json"


def digest(*parts: Any) -> str:
    """A hash over values that JSON can hold."""
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


def answer(
    request: HttpRequest, make: Callable[[], bytes], *, etag: str, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """The body that `make` returns, or 304 without calling it when `If-None-Match` names the ETag."""
    quoted = f'"{etag}"'
    if _has_it(request, quoted):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        response = HttpResponse(make(), content_type=JSON)
    response["ETag"] = quoted
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Authorization, Accept"
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def _has_it(request: HttpRequest, quoted: str) -> bool:
    known = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    return "*" in known or quoted in {tag.removeprefix("W/") for tag in known}
