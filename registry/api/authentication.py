"""Who reads: the holder of a key, or anybody where a deployment allows it; and which kinds of records."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from registry import clock
from registry.api.problems import ApiProblem
from registry.queries.api_keys import Reader, find
from registry.rules.addresses import Address, client_address
from registry.rules.scopes import EVERY_KIND, scopes_for


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer hpr_<prefix>_<secret>`.

    A key that is wrong, expired, revoked or sent from another address gets the same answer after the same work.
    """

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Reader] | None:
        if "HTTP_AUTHORIZATION" not in request._request.META:
            return None
        reader = reader_of(request)
        if reader is None:
            raise AuthenticationFailed
        return AnonymousUser(), reader

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="registry"'


def reader_of(request: Request) -> Reader | None:
    """Who sent the request; None without a key that fits."""
    scheme, _, raw_key = request._request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    return find(raw_key.strip(), clock.now(), sender(request._request))


def sender(request: HttpRequest) -> Address | None:
    """The address that the request came from, behind as many proxies as the deployment says it has."""
    sent = request.META
    return client_address(
        sent.get("REMOTE_ADDR", ""), sent.get("HTTP_X_FORWARDED_FOR", ""), settings.TRUSTED_PROXIES
    )


def kinds_read_by(request: Request) -> frozenset[str]:
    """The kinds of records whose answers this reader may see, in feeds and searches as well."""
    if isinstance(request.auth, Reader):
        return request.auth.kinds
    return EVERY_KIND if settings.ANONYMOUS_READING else frozenset()


class MayRead(BasePermission):
    """A view of one kind (`kind_read`) needs a scope that opens it; any other view, a scope at all."""

    def has_permission(self, request: Request, view: Any) -> bool:
        kinds = kinds_read_by(request)
        if view.kind_read is None or not isinstance(request.auth, Reader):
            return bool(kinds)
        if view.kind_read not in kinds:
            raise scope_missing(view.kind_read)
        return True


def scope_missing(kind: str) -> ApiProblem:
    needed = scopes_for(kind)
    vi, en = " hoặc ".join(f"“{scope}”" for scope in needed), " or ".join(f"'{scope}'" for scope in needed)
    return ApiProblem(
        "scope_missing",
        f"Khóa API này thiếu phạm vi {vi}. Hãy đề nghị cấp thêm phạm vi cho khóa.",
        f"This API key lacks the scope {en}. Ask for it to be added to the key.",
    )


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = KeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "hpr_<prefix>_<secret>",
            "description": "A partner's key. The department hands it out once; only its holder can show it. "
            "Its scopes say which resources it opens.",
        }
