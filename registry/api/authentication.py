"""Who reads: the holder of a key, or anybody where a deployment allows it."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from registry import clock
from registry.models import ApiKey
from registry.queries.api_keys import find
from registry.rules.scopes import EVERY_KIND, kinds_of


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer hpr_<prefix>_<secret>`. Wrong, expired and revoked keys get the same answer."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiKey] | None:
        header = request.headers.get("Authorization")
        if header is None:
            return None
        scheme, _, raw_key = header.partition(" ")
        key = find(raw_key.strip(), clock.now()) if scheme.lower() == "bearer" else None
        if key is None:
            raise AuthenticationFailed
        return AnonymousUser(), key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="registry"'


def kinds_read_by(request: Request) -> frozenset[str]:
    """The kinds of records whose answers this reader may see, in feeds and searches as well."""
    if not isinstance(request.auth, ApiKey):
        return EVERY_KIND if settings.ANONYMOUS_READING else frozenset()
    scopes = request.auth.scopes.split()
    return EVERY_KIND if "read" in scopes else kinds_of(scopes)


class MayRead(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        if isinstance(request.auth, ApiKey):
            return "read" in request.auth.scopes.split()
        return bool(settings.ANONYMOUS_READING)


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = KeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "hpr_<prefix>_<secret>",
            "description": "A partner's key. The department hands it out once; only its holder can show it.",
        }
