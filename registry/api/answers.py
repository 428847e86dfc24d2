"""Successful answers: content with an ETag, compressed if the reader likes, and 304 when the reader has it already."""

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeVar

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags

from registry import RELEASE

Response = TypeVar("Response", bound=HttpResponseBase)

JSON = "application/json"
PRIVATE = "private, no-cache"
VARY = "Authorization, Accept, Accept-Encoding"
#: Beyond this level JSON hardly shrinks and takes five times as long.
LEVEL = 6
#: What the tag of the compressed bytes ends with: a strong ETag stands for bytes, so each coding has its own.
GZIPPED = "-gzip"

LONGEST_LINK = 2500


def digest(*parts: Any) -> str:
    """A hash over values that JSON can hold."""
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


def made_of(*parts: Any) -> str:
    """The ETag of what is put together for each answer, and not stored: also of who puts it together.

    Another release may find, order, explain or word the same records otherwise; under another SECRET_KEY the cursors
    of `next` are others, and who was told 304 would follow one that leads nowhere; a file names the office.
    """
    return digest(_maker(RELEASE, settings.SECRET_KEY, settings.PUBLISHING_OFFICE), *parts)


@lru_cache(maxsize=2)
def _maker(release: str, secret: str, office: str) -> str:
    """Once for each process. Nothing of the secret can be read from a tag."""
    parts = orjson.dumps([release, office])
    return salted_hmac("registry.api.answers", parts, secret=secret, algorithm="sha256").hexdigest()


def answer(
    request: HttpRequest,
    make: Callable[[], bytes],
    *,
    etag: str,
    headers: Mapping[str, str] | None = None,
    content_type: str = JSON,
) -> HttpResponse:
    """The content that `make` returns, or 304 without calling it when `If-None-Match` names the ETag.

    `make` may still add to `headers`.
    """
    zipped = accepts_gzip(request)
    if _has_it(request, etag):
        return _told(_unchanged(), etag, zipped, headers)
    content = make()
    shown = gzip.compress(content, LEVEL, mtime=0) if zipped else content
    return _told(HttpResponse(shown, content_type=content_type), etag, zipped, headers)


def streamed(
    request: HttpRequest,
    make: Callable[[], Iterable[bytes]],
    *,
    etag: str,
    content_type: str,
    headers: Mapping[str, str] | None = None,
    compressible: bool = True,
) -> HttpResponseBase:
    """Like `answer`, for content of any length: its parts are sent as `make` yields them."""
    zipped = compressible and accepts_gzip(request)
    if _has_it(request, etag):
        return _told(_unchanged(), etag, zipped, headers)
    parts = _gzipped(make()) if zipped else make()
    return _told(StreamingHttpResponse(parts, content_type=content_type), etag, zipped, headers)


def _unchanged() -> HttpResponse:
    response = HttpResponse(status=304)
    del response["Content-Type"]
    return response


def _told(response: Response, etag: str, zipped: bool, headers: Mapping[str, str] | None) -> Response:
    response["ETag"] = f'"{etag}{GZIPPED if zipped else ""}"'
    response["Cache-Control"] = PRIVATE
    response["Vary"] = VARY
    if zipped and response.status_code != 304:
        response["Content-Encoding"] = "gzip"
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def _gzipped(parts: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    for part in parts:
        if packed := packer.compress(part):
            yield packed
    yield packer.flush()


def neighbours(following: str | None, preceding: str | None = None) -> dict[str, str]:
    """A `Link` header with the addresses of the next and the previous page; none where there is none.

    Addresses that would fill a proxy's room for headers stand in the body only.
    """
    both = (("next", following), ("prev", preceding))
    text = ", ".join(f'<{address}>; rel="{rel}"' for rel, address in both if address)
    return {"Link": text} if 0 < len(text) <= LONGEST_LINK else {}


def accepts_gzip(request: HttpRequest) -> bool:
    """Whether Accept-Encoding asks for gzip. Without one, or where it weighs nothing: no."""
    header = request.META.get("HTTP_ACCEPT_ENCODING")
    if not header:
        return False
    found: dict[str, bool] = {}
    for item in header.lower().split(","):
        coding, *parameters = (part.strip() for part in item.split(";"))
        weights = [text[2:].strip() for text in parameters if text.startswith("q=")]
        found[coding] = not weights or _weight(weights[0]) > 0
    return found.get("gzip", found.get("x-gzip", found.get("*", False)))


def _weight(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0


def _has_it(request: HttpRequest, etag: str) -> bool:
    """Either coding's tag will do: the content is the same."""
    header = request.META.get("HTTP_IF_NONE_MATCH")
    if not header:
        return False
    known = {tag.removeprefix("W/") for tag in parse_etags(header)}
    return bool(known & {"*", f'"{etag}"', f'"{etag}{GZIPPED}"'})
