"""What a reader knows of this registry and OpenAPI cannot say, told to schemathesis (SCHEMATHESIS_HOOKS).

Only requests that are meant to be answered are changed; those meant to be refused are sent as they were made.
READER_ADDRESS and READER_KEY say whose; READER_SEEN names a file: a line for each answer with records, of what was
asked for together.
"""

import json
import os
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request, urlopen

import schemathesis
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode

#: How an answer is shown, whatever it is about.
SHOWN = ("cursor", "format", "page_size", "fields", "count")
#: What else leaves records to be shown.
WHOLE = (*SHOWN, "valid_on", "known_at", "known_seq", "ordering")
JSON, LINES = "application/json", "application/jsonl"
#: Filters of one request for which values are looked for that leave records.
MOST_FILTERS = 3
#: Headers of every answer of any server; docs/openapi.json names the others.
HTTP = {
    "allow",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "server",
    "transfer-encoding",
    "vary",
    # What browsers are told not to do with it.
    "content-security-policy",
    "cross-origin-opener-policy",
    "referrer-policy",
    "x-content-type-options",
    "x-frame-options",
}

#: What filters name, by a code that the served registry has: an unknown one is refused.
KNOWN = {
    "asked_by": "ubnd-tp-hai-phong",
    "authority": "ubnd-tp-hai-phong",
    "cluster": "tien-cuong-ii",
    "cluster_place": "thanh-pho-hai-phong",
    "cooperating": "ubnd-tp-hai-phong",
    "decision": "qd-jthdsjfd",
    "developer": "tien-phat",
    "group": "tien-phat",
    "investor": "tien-phat",
    "issuer": "ubnd-tp-hai-phong",
    "lead": "ubnd-tp-hai-phong",
    "legal_instrument": "nghi-dinh-68-2017",
    "place": "thanh-pho-hai-phong",
    "predecessor": "huyen-tien-lang",
    "source": "vneconomy-2023-10",
    "within": "thanh-pho-hai-phong",
}
#: Of these kinds it has no record to name.
NONE = ("linked_with", "project", "sector", "zone")
#: A filter of that name means a record of the list's own kind.
SUCCESSORS = {
    "authorities": "ubnd-tp-hai-phong",
    "legal-instruments": "nghi-dinh-32-2024",
    "places": "thanh-pho-hai-phong",
}
#: How lower and upper bounds end.
BOUNDS = (("_min", "_max"), ("_from", "_to"), ("changed_since", "changed_before"))


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE or not case.query:
        return
    query = case.query
    # A file holds the whole list.
    if query.get("format", "json") != "json":
        for name in ("page_size", "count", "limit", "cursor"):
            query.pop(name, None)
    # One of the two; and neither may lie ahead of what was published.
    if "known_at" in query:
        query["known_at"] = "2026-01-31"
        query.pop("known_seq", None)
    if "known_seq" in query:
        query["known_seq"] = 1
    if query.get("after") == "latest":  # gives nothing that a file could hold
        query.pop("format", None)
    elif "after" in query:
        query["after"] = 1
    for name in query.keys() & KNOWN.keys():
        query[name] = [KNOWN[name]]
    for name in NONE:
        query.pop(name, None)
    for resource, code in SUCCESSORS.items():
        if "successor" in query and f"/{resource}/" in case.path:
            query["successor"] = [code]
    # A lower bound may not lie beyond the upper one.
    for low, high in BOUNDS:
        for name in [name for name in query if name.endswith(low)]:
            query.pop(name.removesuffix(low) + high, None)
    # In any spelling: more than a pattern can say.
    if "number" in query:
        query["number"] = "202/qd-ubnd"
    # One to eight words, of letters or digits.
    for name in ("q", "search", "publisher", "reference"):
        if name in query:
            word = query[name].strip().split(" ")[0][:8]
            query[name] = word if word.isascii() and word.isalnum() else "hai phong"
    if (
        "page_size" in parameters(case)
        and "{" not in case.path
        and query.keys() & {"fields", "cursor", "ordering"}
    ):
        leave_records(case)
    # A cursor is taken from an answer to the same question, never made up; few are, so parts are turned over too.
    turned = query.pop("cursor", None) is not None or "fields" in query
    if turned and query.get("format", "json") == "json" and (following := second_page(case)):
        query.pop("known_at", None)
        query["cursor"] = following["cursor"][0]
        query["known_seq"] = int(following["known_seq"][0])
        if "valid_on" in following:
            query["valid_on"] = following["valid_on"][0]


def parameters(case: Any) -> dict[str, Any]:
    """Of the operation, by name, as the document has them."""
    return {p["name"]: p for p in case.operation.definition.raw["parameters"] if p["in"] == "query"}


def leave_records(case: Any) -> None:
    """Filters made up find nothing, and of nothing there is no part, no order and no second page.

    A few keep their place with values that find something, together and at the clocks asked for; the others go.
    """
    query, known = case.query, parameters(case)
    # (Two bounds may cross, and a row of a record that has both of two things is rare.)
    filters = sorted(query.keys() - set(WHOLE) - {"search", "q"})
    chosen = Random(str(sorted(query.items()))).sample(filters, min(MOST_FILTERS, len(filters)))
    kept = {name: query[name] for name in query if name in WHOLE}
    for name in chosen:
        if value := found_by(case.formatted_path, name, json.dumps(known[name])):
            several = {"type": "array"}.items() <= known[name]["schema"].items()
            tried = kept | {name: [value] if several else value}
            if (answer := asked(case.formatted_path, tried | {"page_size": 1})) and answer["results"]:
                kept = tried
    query.clear()
    query.update(kept)


@cache
def found_by(path: str, name: str, described: str) -> str | None:
    """A value of that filter by which something is found; None when none is known."""
    for value in values_of(name, json.loads(described)):
        if (answer := asked(path, {name: value, "page_size": 1})) and answer["results"]:
            return value
    return None


def values_of(name: str, parameter: dict[str, Any]) -> Iterator[str]:
    schema = parameter["schema"]
    yield from (KNOWN[name],) if name in KNOWN else ()
    for example in parameter.get("examples", {}).values():
        value = example["value"]
        yield from (
            value if isinstance(value, list) else (str(value).lower() if value is True else str(value),)
        )
    yield from schema.get("items", schema).get("enum", ())
    if schema.get("type") == "boolean":
        yield from ("true", "false")
    if name.endswith(("_min", "_from", "_since")):
        yield from ("0", "1900-01-01")
    if name.endswith(("_max", "_to", "_before")):
        yield from ("1000000000", "2100-01-01")


def asked(path: str, query: dict[str, Any]) -> Any:
    """The JSON of an answer, whatever the form and the page that were asked for; None for a refusal."""
    told = {name: value for name, value in query.items() if name not in SHOWN or name == "page_size"}
    several = {name: ",".join(value) for name, value in told.items() if isinstance(value, list)}
    return answered(f"{path}?{urlencode(told | several)}")


@cache  # Nobody publishes meanwhile.
def answered(address: str) -> Any:
    headers = {"Authorization": f"Bearer {key}"} if (key := os.environ.get("READER_KEY")) else {}
    try:
        with urlopen(Request(os.environ["READER_ADDRESS"] + address, headers=headers), timeout=30) as answer:
            return json.load(answer)
    except HTTPError:
        return None


def second_page(case: Any) -> dict[str, list[str]] | None:
    """What the link to the second page asks, when pages have one record; None when there is none, or no answer."""
    answer = asked(case.formatted_path, dict(case.query) | {"page_size": 1})
    following = answer and answer.get("next")
    return parse_qs(urlsplit(following).query) if following else None


def is_of(response: Any, media_type: str) -> bool:
    return bool(response.headers["content-type"][0].partition(";")[0] == media_type)


@schemathesis.check
def records_are_whole_or_hold_what_fields_named(context: Any, response: Any, case: Any) -> None:
    """The document can only say that a record is one or the other: which of them, the request says."""
    query = parse_qs(urlsplit(response.request.url).query)
    if response.status_code != 200 or not (is_of(response, JSON) or is_of(response, LINES)):
        return
    document = case.operation.schema.raw_schema
    shapes = document["components"]["schemas"]
    promised = case.operation.definition.raw["responses"]["200"]["content"]["application/json"]["schema"]
    body = response.json() if is_of(response, JSON) else None
    records = [body]
    if "anyOf" not in promised:
        promised = (
            shapes[promised["$ref"].rpartition("/")[2]]["properties"].get("results", {}).get("items", {})
        )
        records = body.get("results", []) if body else [*map(json.loads, response.text.splitlines())]
    if "anyOf" not in promised:
        return
    asked = {part.strip() for several in query.get("fields", ()) for part in several.split(",")}
    whole = Draft202012Validator({**promised["anyOf"][0], "components": document["components"]})
    for record in records:
        if asked:
            assert set(record) == asked, f"{sorted(record)} are not the fields asked for."
        else:
            whole.validate(record)
    if records:
        told = {name for name in WHOLE if name in query} | ({"jsonl"} if body is None else set())
        with open(os.environ["READER_SEEN"], "a", encoding="utf-8") as seen:
            seen.write(" ".join(sorted(told | ({"filter"} if query.keys() - set(WHOLE) else set()))) + "\n")


@schemathesis.check
def every_header_is_named(context: Any, response: Any, case: Any) -> None:
    """What the document does not say of an answer of that status, no answer has."""
    document = case.operation.schema.raw_schema
    described = case.operation.definition.raw["responses"].get(str(response.status_code))
    if described is None:
        return  # told by the check of statuses; 405 is of no operation
    if "$ref" in described:
        described = document["components"]["responses"][described["$ref"].rpartition("/")[2]]
    named = {name.lower() for name in described.get("headers", {})}
    unnamed = {name.lower() for name in response.headers} - named - HTTP
    assert not unnamed, f"The document does not name {sorted(unnamed)}."
