"""A key sent in an address by mistake: refused, and kept out of every log that is written after it."""

from collections.abc import Callable
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from registry.api.middleware import ROOT, refused_with
from registry.api.problems import key_in_address
from registry.rules.api_keys import holds_key, without_keys

#: Where servers keep the address as it came; gunicorn writes its log of requests from the same dictionary.
_RAW = ("RAW_URI", "REQUEST_URI")


class KeyInAddressMiddleware:
    """Stands before whatever logs, redirects or answers with the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        sent = request.META
        if holds_key(sent.get("HTTP_REFERER", "")):
            del sent["HTTP_REFERER"]
        if not holds_key(request.path_info) and not holds_key(sent.get("QUERY_STRING", "")):
            return self.get_response(request)
        self._forget(request)
        if request.path_info.startswith(ROOT):
            # What every answer of the API has in common, this refusal has too.
            return refused_with(self.get_response, request, key_in_address())
        return self._refused(request)

    def _forget(self, request: HttpRequest) -> None:
        request.path, request.path_info = without_keys(request.path), without_keys(request.path_info)
        sent = request.META
        sent["QUERY_STRING"], sent["PATH_INFO"] = "", request.path_info
        sent.update({name: quote(request.path) for name in _RAW if name in sent})

    def _refused(self, request: HttpRequest) -> HttpResponse:
        response = render(request, "400.html", {"detail": key_in_address().detail}, status=400)
        response["Cache-Control"] = "no-store"
        return response
