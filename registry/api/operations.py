"""How a view is documented: one OpenAPI operation from what the view itself declares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from registry.api.fields import FIELDS
from registry.api.parameters import CODE
from registry.api.problems import CATALOGUE, MEDIA_TYPE
from registry.api.shapes import Problem

#: The refusals of each status that any operation may give.
EVERYWHERE = (401, 403, 406, 413, 414, 429, 431, 500, 503)

_SHAPES = "#/components/schemas/"

HEADERS = {
    "ETag": "Strong. Send it back as If-None-Match: 304 tells that nothing changed.",
    "Registry-Valid-On": "The day the answer is about.",
    "Registry-Known-Seq": "The number of the publication it was answered by.",
    "Registry-Known-At": "The moment of that publication; empty before the first one.",
    "RateLimit": 'What is left: `"minute";r=599;t=60`, requests and seconds until all are there again. '
    "Like RateLimit-Policy absent where the deployment sets no limit.",
    "RateLimit-Policy": 'The limit: `"minute";q=600;w=60`, requests within seconds '
    "(draft-ietf-httpapi-ratelimit-headers-10).",
    "Content-Disposition": "The name under which to keep the file that `format` asked for.",
    "Link": "The description for programs (service-desc) and for people (service-doc); of a list the next and the "
    "previous page too.",
    "Retry-After": "Seconds to wait.",
    "WWW-Authenticate": "How to send a key.",
    "X-Request-ID": "The request's own number, as logs know it: the one sent, else a new one.",
}
#: Of which answers each header is said whatever the operation; None: of all.
EVERY_HEADER: dict[str, tuple[int, ...] | None] = {
    "RateLimit": None,
    "RateLimit-Policy": None,
    "Link": None,
    "X-Request-ID": None,
    "Retry-After": (429, 503),
    # Of what was not there yet, or no more, it matters when.
    "Registry-Valid-On": (404, 410),
    "Registry-Known-Seq": (404, 410),
    "Registry-Known-At": (404, 410),
    "WWW-Authenticate": (401,),
}


@dataclass(frozen=True, slots=True)
class Operation:
    """name: the operationId. `vi`, `en`: one sentence each. statuses: the refusals besides EVERYWHERE.

    files: the other forms that `format` gives the answer, and their media types.
    """

    name: str
    tag: str
    vi: str
    en: str
    serializer: Any
    example: Any
    statuses: Sequence[int] = ()
    headers: Sequence[str] = ("ETag",)
    path: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    public: bool = False
    conditional: bool = True
    files: Mapping[str, str] = field(default_factory=dict)


class OperationSchema(AutoSchema):
    """Reads `operation()` and `parameters()` of the view; nothing is guessed."""

    @property
    def operation(self) -> Operation:
        found: Operation = self.view.operation()
        return found

    def is_excluded(self) -> bool:
        return not hasattr(self.view, "operation")

    def get_operation_id(self) -> str:
        return self.operation.name

    def get_tags(self) -> list[str]:
        return [self.operation.tag]

    def get_summary(self) -> str:
        return self.operation.vi

    def get_description(self) -> str:
        return f"{self.operation.vi}\n\n{self.operation.en}"

    def get_auth(self) -> list[Any]:
        return [] if self.operation.public else super().get_auth()

    def get_request_serializer(self) -> None:
        return None

    def get_filter_backends(self) -> list[Any]:
        return []

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False

    def get_override_parameters(self) -> list[Any]:
        in_path = [
            OpenApiParameter(
                name, CODE, OpenApiParameter.PATH, description=about, examples=[_example(example)]
            )
            for name, (about, example) in self.operation.path.items()
        ]
        in_query = [
            OpenApiParameter(
                parameter.name,
                dict(parameter.schema),
                OpenApiParameter.QUERY,
                description=f"{parameter.vi}\n\n{parameter.en}",
                required=parameter.required,
                # Several codes are parted by commas.
                style="form" if parameter.takes_several else None,
                explode=False if parameter.takes_several else None,
                examples=[] if parameter.example is None else [_example(parameter.example)],
            )
            for parameter in self.view.parameters()
        ]
        conditional = OpenApiParameter(
            "If-None-Match",
            str,
            OpenApiParameter.HEADER,
            description="ETag của câu trả lời đã có.\n\nThe ETag of an answer you have.",
        )
        own = [*self.operation.headers, *(["Content-Disposition"] if self.operation.files else [])]
        said = [
            OpenApiParameter(
                name,
                int if name == "Retry-After" else str,
                OpenApiParameter.HEADER,
                description=HEADERS[name],
                response=True if statuses is None else [*statuses, *((200, 304) if name in own else ())],
            )
            for name, statuses in (dict.fromkeys(own, ()) | EVERY_HEADER).items()
        ]
        return [*in_path, *in_query, *([conditional] if self.operation.conditional else []), *said]

    def get_response_serializers(self) -> dict[Any, Any]:
        operation = self.operation
        everywhere = (406, 413, 414, 429, 431, 500, 503) if operation.public else EVERYWHERE
        answers: dict[Any, Any] = {
            (200, "application/json"): OpenApiResponse(
                operation.serializer,
                description=operation.en,
                examples=[OpenApiExample("answer", value=operation.example, response_only=True)],
            )
        }
        for media_type in operation.files.values():
            answers[(200, media_type.split(";")[0])] = OpenApiTypes.BINARY
        if operation.conditional:
            answers[304] = OpenApiResponse(description="Nothing changed since the ETag you sent.")
        for status in sorted({*operation.statuses, *everywhere}):
            codes = [code for code, (of, _, _) in CATALOGUE.items() if of == status]
            answers[(status, MEDIA_TYPE)] = OpenApiResponse(
                Problem,
                description="; ".join(f"`{code}`: {CATALOGUE[code][2]}" for code in codes),
                examples=[OpenApiExample(code, value=_problem(code), response_only=True) for code in codes],
            )
        return answers


def _example(value: Any) -> OpenApiExample:
    return OpenApiExample("example", value=value)


_LOST = {
    "after_announcement": 1204,
    "after_publication": 88,
    "upto": 1795503600000,
    "known_until": "2026-11-24T01:00:00.000000Z",
    "restored_at": "2026-11-24T07:00:00.000000Z",
}
#: What single refusals have besides what all have.
_MEMBERS: dict[str, dict[str, Any]] = {
    "record_withdrawn": {"note": None},
    "known_lost": {"lost": _LOST},
    "position_lost": {"lost": _LOST, "begin": "https://registry.example/api/v1/changes/?after=latest"},
}


def _problem(code: str) -> dict[str, Any]:
    status, title, about = CATALOGUE[code]
    found = {
        "type": f"/api/v1/docs/#{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": f"{title}.",
        "detail_en": about,
    }
    return found | _MEMBERS.get(code, {})


def share_refusals(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Postprocessing: the refusals, the same everywhere, stand once under components."""
    shared = result["components"].setdefault("responses", {})
    for methods in result["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    shared[f"Refused{status}"] = response
                    operation["responses"][status] = {"$ref": f"#/components/responses/Refused{status}"}
    return result


def link_records(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Postprocessing: from a list to the record and the history of what it lists."""
    operations = {
        operation["operationId"]: operation for m in result["paths"].values() for operation in m.values()
    }
    for name, operation in operations.items():
        record = name.replace("list_", "read_", 1)
        if not name.startswith("list_") or record not in operations:
            continue
        example = next(
            iter(operation["responses"]["200"]["content"]["application/json"]["examples"].values())
        )
        key = "id" if "id" in example["value"]["results"][0] else "code"
        operation["responses"]["200"]["links"] = {
            target: {"operationId": target, "parameters": {"code": f"$response.body#/results/0/{key}"}}
            for target in (record, f"{record}_history")
        }
    return result


def tell_of_parts(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Postprocessing: where `fields` can be asked for, a record is whole or a part of one (docs/why/fields.md)."""
    shapes = result["components"]["schemas"]
    for methods in result["paths"].values():
        for operation in methods.values():
            if any(parameter["name"] == FIELDS for parameter in operation["parameters"]):
                media = operation["responses"]["200"]["content"]["application/json"]
                listed = shapes[_name(media["schema"])]["properties"].get("results")
                where, key = (media, "schema") if listed is None else (listed, "items")
                if "anyOf" in where[key]:  # All histories have one shape.
                    continue
                whole = _name(where[key])
                where[key] = {"anyOf": [where[key], {"$ref": f"{_SHAPES}{whole}Part"}]}
                shapes[f"{whole}Part"] = {
                    "type": "object",
                    "description": f"A {whole} of which `{FIELDS}` named some members: those are there, and no other.",
                    "properties": shapes[whole]["properties"],
                    "minProperties": 1,
                }
    return result


def _name(schema: Mapping[str, str]) -> str:
    return schema["$ref"].removeprefix(_SHAPES)
