"""Questions to the API, made from docs/openapi.json, so that a new route or parameter is asked too or fails a test."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from registry.api.known_codes import kind_meant
from registry.models import SUBJECTS
from registry.rules.resource_names import NAMES

DOCUMENT = json.loads((Path(__file__).resolve().parents[2] / "docs" / "openapi.json").read_text())
ROUTES = {path.removeprefix("/api/v1/"): methods for path, methods in DOCUMENT["paths"].items()}
LISTS = [route for route in ROUTES if route.removesuffix("/") in NAMES.values()]
DETAILS = [f"{route}{{code}}/" for route in LISTS]
HISTORIES = [f"{route}history/" for route in DETAILS]
OTHERS = ["search/", "land/available/", "explain/clusters/{code}/", "changes/", "ledger/checkpoint/"]
OPEN = "ledger/checkpoint/"

STATES = ("draft", "submitted", "returned", "withdrawn", "never")
#: What nobody but staff knows of.
HIDDEN = STATES[:3]
#: No number of the world; what a draft says wherever a number can be said.
ODD = 77_771
#: Questions of several parameters made up for each route; `make contract` makes more.
MADE_UP = int(os.environ.get("CONTRACT_EXAMPLES", 0)) or 10
_KINDS = {name: kind for kind, name in NAMES.items()}


def code_of(state: str, kind: str) -> str:
    begins = {"withdrawn": "da-rut", "never": "khong-he-co", "later": "ve-sau"}.get(state, f"ro-ri-{state}")
    return f"{begins}-{kind.replace('_', '-')}"


def kind_of(route: str) -> str | None:
    """The kind of record that a route shows."""
    return _KINDS.get(
        "clusters" if route.startswith("land/") else route.removeprefix("explain/").partition("/")[0]
    )


def parameters(route: str) -> list[dict[str, Any]]:
    return [p for p in ROUTES[route]["get"].get("parameters", ()) if p["in"] == "query"]


def _several(parameter: Mapping[str, Any]) -> bool:
    return parameter["schema"].get("type") == "array"


def _takes_codes(parameter: Mapping[str, Any]) -> bool:
    return _several(parameter) and parameter["schema"]["items"].get("pattern", "").startswith("^[a-z0-9]+(-")


def _meant(route: str, parameter: Mapping[str, Any]) -> list[str]:
    """The kinds whose codes a filter takes; official codes of places are of none of ours."""
    name, own = parameter["name"], kind_of(route)
    if name == "code" and own:
        return [own]
    if "place" in name:
        return ["place"]
    kind = kind_meant(name, own or "")
    return [kind] if kind else []


def values_of(route: str, parameter: dict[str, Any], published: Mapping[str, list[str]]) -> list[str]:
    """Values of a query parameter that find what is published, and those that would find a draft or put it in order.

    Each as it stands in an address. Codes of records: each that is published, all together, and of drafts.
    """
    name, schema = parameter["name"], parameter["schema"]
    items = schema.get("items", schema)
    if name == "cursor":
        return []  # opaque: given by an answer, not by the document
    if name == "format":
        return [code for code in items["enum"] if code != "json"]
    if name in ("search", "q"):
        return ["ro ri", str(ODD), "an"]
    if name in ("page_size", "limit"):
        return ["1"]
    if name == "after":
        return ["3", "latest"]
    if items.get("type") == "boolean":
        return ["true", "false"]
    if name.endswith("_min"):
        return ["0", str(ODD - 1)]
    if "enum" in items:
        each = list(items["enum"])
        return [*each, ",".join(each[: schema.get("maxItems")])] if _several(parameter) else each
    if _takes_codes(parameter):
        meant = _meant(route, parameter)
        known = [code for kind in meant for code in published[kind]]
        drafts = [code_of(state, kind) for state in HIDDEN for kind in (meant or SUBJECTS)]
        return [*known[:20], ",".join(known[:30]), *drafts] if known else drafts
    examples = [example["value"] for example in parameter.get("examples", {}).values()]
    assert examples, f"{name} has no example: say here with what it is asked"
    return [",".join(e) if isinstance(e, list) else str(e) for e in examples]


def questions(route: str, published: Mapping[str, list[str]]) -> Iterator[str]:
    """Each parameter of a route with its values, counted where the route counts; several at once where it takes them.

    Each code of a list by itself is asked by test_no_leak.py, and by `made_up`.
    """
    names = {parameter["name"] for parameter in parameters(route)}
    for parameter in parameters(route):
        name = parameter["name"]
        with_it = [] if name == "q" or "q" not in names else ["q=an"]
        if name != "format" and "count" in names:
            with_it += [more for more in ("count=true", "page_size=1") if not more.startswith(f"{name}=")]
        values = values_of(route, parameter, published)
        if _several(parameter):
            values = [value for value in values if "," in value or names_a_draft(value)] or values
        for value in values:
            yield "&".join([f"{name}={quote(value, safe=',')}", *with_it])


def made_up(route: str, published: Mapping[str, list[str]]) -> Iterator[str]:
    """Questions of two to five parameters at once, the same ones every time."""
    chance = Random(route)
    known = [p for p in parameters(route) if p["name"] != "cursor"]
    for _ in range(MADE_UP):
        chosen = chance.sample(known, min(len(known), chance.randint(2, 5)))
        pairs = {p["name"]: chance.choice(values_of(route, p, published)) for p in chosen}
        if {"known_at", "known_seq"} <= pairs.keys():
            del pairs["known_at"]
        if any(p["name"] == "q" for p in known):
            pairs.setdefault("q", "an")
        yield "&".join(f"{name}={quote(value, safe=',')}" for name, value in pairs.items())


def addresses(published: Mapping[str, list[str]]) -> tuple[list[str], list[str]]:
    """For each route the least that shows a record in each state; and all that the document lets one ask."""
    short = ["changes/", "ledger/checkpoint/", "search/?q=an", "search/?q=ro+ri", "schema/", "docs/"]
    long = []
    for route in [*LISTS, "land/available/"]:
        short += [f"{route}?count=true", f"{route}?search=ro+ri&count=true", f"{route}?format=csv"]
    for route in ROUTES:
        asked = route
        if "{code}" in route:
            kind = kind_of(route)
            assert kind, route
            asked = route.format(code=published[kind][0])
            short += [asked, *(route.format(code=code_of(state, kind)) for state in STATES)]
        long += [f"{asked}?{query}" for query in (*questions(route, published), *made_up(route, published))]
    return list(dict.fromkeys(short)), list(dict.fromkeys([*short, *long]))


_OF_A_DRAFT = re.compile(f"ro-ri-({'|'.join(HIDDEN)})")


def names_a_draft(address: str) -> bool:
    return bool(_OF_A_DRAFT.search(address))


def as_never(text: str) -> str:
    """The text with codes that never were in place of those of drafts."""
    return _OF_A_DRAFT.sub("khong-he-co", text)
