"""What the API says about itself: the OpenAPI schema, and a page made from it."""

import hashlib
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpResponse
from django.template.loader import render_to_string
from drf_spectacular.generators import SchemaGenerator
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from registry.api.answers import answer, digest
from registry.api.base import ApiView
from registry.api.problems import CATALOGUE
from registry.rules import codes


@lru_cache(maxsize=1)
def openapi() -> dict[str, Any]:
    """The OpenAPI 3.1 description of the API, as JSON would hold it."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    described: dict[str, Any] = orjson.loads(orjson.dumps(schema))
    return described


class SchemaView(ApiView):
    """The schema for programs. Needs no key."""

    authentication_classes = []
    permission_classes = []
    follows_news = False

    def get(self, request: Request) -> HttpResponse:
        self.given(request)
        return answer(request, lambda: orjson.dumps(openapi()), etag=digest(openapi()))


class Page(BaseRenderer):
    media_type = "text/html"
    format = "html"


class Openly(BaseContentNegotiation):
    """There is one page; whoever asks for it gets it."""

    def select_parser(self, request: Request, parsers: Any) -> None:
        return None

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class DocsView(ApiView):
    """The page for people: no script, no style of its own, nothing from elsewhere. Needs no key."""

    authentication_classes = []
    permission_classes = []
    renderer_classes = [Page]
    content_negotiation_class = Openly
    follows_news = False

    def get(self, request: Request) -> HttpResponse:
        self.given(request)
        context = {
            "groups": _groups(openapi()),
            "errors": [(code, *told) for code, told in CATALOGUE.items()],
            "code_lists": codes.ALL,
            "base": request.build_absolute_uri("/").rstrip("/"),
        }
        page = render_to_string("api/docs.html", context, request._request).encode()
        etag = hashlib.sha256(page).hexdigest()
        return answer(request, lambda: page, etag=etag, content_type="text/html; charset=utf-8")


def _groups(schema: dict[str, Any]) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            groups.setdefault(operation["tags"][0], []).append(_operation(path, operation))
    return [{"name": name, "operations": operations} for name, operations in groups.items()]


def _operation(path: str, operation: dict[str, Any]) -> dict[str, Any]:
    vi, _, en = operation["description"].partition("\n\n")
    parameters = operation.get("parameters", [])
    told = [_parameter(parameter) for parameter in parameters if parameter["in"] in {"path", "query"}]
    example = {p["name"]: p["example"] for p in told if p["in"] == "query" and p["name"] == "valid_on"}
    address = path
    for parameter in told:
        if parameter["in"] == "path":
            address = address.replace("{" + parameter["name"] + "}", str(parameter["example"]))
    media = operation["responses"]["200"]["content"]["application/json"]
    answer_example = next(iter(media["examples"].values()))["value"]
    return {
        "id": operation["operationId"],
        "path": path,
        "vi": vi,
        "en": en,
        "public": not operation.get("security"),
        "parameters": told,
        "address": f"{address}?{urlencode(example)}" if example else address,
        "answer": orjson.dumps(answer_example, option=orjson.OPT_INDENT_2).decode(),
        "statuses": [status for status in operation["responses"] if status not in {"200", "304"}],
    }


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    vi, _, en = parameter.get("description", "").partition("\n\n")
    examples = parameter.get("examples", {})
    value = next(iter(examples.values()))["value"] if examples else None
    schema = parameter["schema"]
    return {
        "name": parameter["name"],
        "in": parameter["in"],
        "vi": vi,
        "en": en,
        "codes": schema.get("items", schema).get("enum", []),
        "default": _typed(schema.get("default")),
        "example": _typed(value),
    }


def _typed(value: Any) -> str | None:
    """A value as it is typed in an address."""
    if isinstance(value, list):
        return ",".join(value)
    return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()
