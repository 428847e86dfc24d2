"""What a reader knows of this registry and OpenAPI cannot say, told to schemathesis (SCHEMATHESIS_HOOKS).

Only requests that are meant to be answered are changed; those meant to be refused are sent as they were made.
READER_ADDRESS and READER_KEY say whose; READER_SEEN names a file: a line for each answer to `fields` or `cursor`.
"""

import json
import os
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
    if "after" in query and query["after"] != "latest":
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
    # Filters made up find nothing, and then there is no part of a record and no second page to look at.
    if "fields" in query or "cursor" in query:
        for name in query.keys() - set(WHOLE):
            query.pop(name)
    # A cursor is taken from an answer to the same question, never made up; few are, so parts are turned over too.
    turned = query.pop("cursor", None) is not None or "fields" in query
    if turned and query.get("format", "json") == "json" and (following := second_page(case)):
        query.pop("known_at", None)
        query["cursor"] = following["cursor"][0]
        query["known_seq"] = int(following["known_seq"][0])
        if "valid_on" in following:
            query["valid_on"] = following["valid_on"][0]


def second_page(case: Any) -> dict[str, list[str]] | None:
    """What the link to the second page asks, when pages have one record; None when there is none, or no answer."""
    asked = {name: value for name, value in case.query.items() if name not in SHOWN} | {"page_size": 1}
    several = {name: ",".join(value) for name, value in asked.items() if isinstance(value, list)}
    address = f"{os.environ['READER_ADDRESS']}{case.formatted_path}?{urlencode(asked | several)}"
    headers = {"Authorization": f"Bearer {key}"} if (key := os.environ.get("READER_KEY")) else {}
    try:
        with urlopen(Request(address, headers=headers), timeout=30) as answer:
            following = json.load(answer).get("next")
    except HTTPError:
        return None
    return parse_qs(urlsplit(following).query) if following else None


def is_json(response: Any) -> bool:
    return bool(response.headers["content-type"][0].partition(";")[0] == "application/json")


@schemathesis.check
def records_are_whole_or_hold_what_fields_named(context: Any, response: Any, case: Any) -> None:
    """The document can only say that a record is one or the other: which of them, the request says."""
    query = parse_qs(urlsplit(response.request.url).query)
    if response.status_code != 200 or not is_json(response):
        return
    document = case.operation.schema.raw_schema
    shapes = document["components"]["schemas"]
    promised = case.operation.definition.raw["responses"]["200"]["content"]["application/json"]["schema"]
    records = [response.json()]
    if "anyOf" not in promised:
        promised = (
            shapes[promised["$ref"].rpartition("/")[2]]["properties"].get("results", {}).get("items", {})
        )
        records = response.json().get("results", [])
    if "anyOf" not in promised:
        return
    asked = {part.strip() for several in query.get("fields", ()) for part in several.split(",")}
    whole = Draft202012Validator({**promised["anyOf"][0], "components": document["components"]})
    for record in records:
        if asked:
            assert set(record) == asked
        else:
            whole.validate(record)
    with open(os.environ["READER_SEEN"], "a", encoding="utf-8") as seen:
        seen.writelines(f"{name}\n" for name in ("fields", "cursor") if name in query and records)
