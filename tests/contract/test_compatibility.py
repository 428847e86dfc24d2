"""docs/api/versioning.md: of what the last release promised nothing is taken away, and what came since is told.

`released.json` is docs/openapi.json as the last release had it: whoever makes a release replaces it.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RELEASED = json.loads((Path(__file__).parent / "released.json").read_text(encoding="utf-8"))
NOW = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
TOLD = (ROOT / "docs" / "api" / "CHANGELOG.md").read_text(encoding="utf-8")
#: What it names of the release that is being made.
NEWEST = {
    word for span in re.findall(r"`([^`]+)`", TOLD.split("\n## ")[1]) for word in re.split(r"[=,?&\s]+", span)
}


def promises(document: dict[str, Any]) -> Iterator[str]:
    """What a client may rest on, each as one text: addresses, parameters, members of answers, forms, codes."""
    yield from (f"refusal {code}" for code in refusals(document))
    for path, methods in document["paths"].items():
        for operation in methods.values():
            yield path
            yield f"operation {operation['operationId']}"
            for parameter in operation["parameters"]:
                schema = parameter["schema"]
                yield f"{path}?{parameter['name']}"
                yield from (
                    f"{path}?{parameter['name']}={code}"
                    for code in schema.get("items", schema).get("enum", ())
                )
            content = operation["responses"]["200"]["content"]
            yield from (f"{path} as {media_type}" for media_type in content)
            for header in operation["responses"]["200"]["headers"]:
                yield f"{path} with header {header}"
            yield from members(document, content["application/json"]["schema"], operation["operationId"], ())


def members(
    document: dict[str, Any], schema: dict[str, Any], place: str, within: tuple[str, ...]
) -> Iterator[str]:
    """What an answer holds, whatever its shapes are called in the document."""
    for part in (*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield from members(document, part, place, within)
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in within:
            yield from members(document, document["components"]["schemas"][name], place, (*within, name))
    if "items" in schema:
        yield from members(document, schema["items"], f"{place}[]", within)
    for member, about in schema.get("properties", {}).items():
        yield f"{place}.{member}"
        if "type" in about:
            yield f"{place}.{member}: {about['type']}"
        yield from (f"{place}.{member} = {code}" for code in about.get("enum", ()))
        yield from members(document, about, f"{place}.{member}", within)
    yield from (f"{place}.{member} always there" for member in schema.get("required", ()))


def refusals(document: dict[str, Any]) -> set[str]:
    return {
        example["value"]["code"]
        for answer in document["components"]["responses"].values()
        for media in answer["content"].values()
        for example in media["examples"].values()
    }


def said_since(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    """What came since, each by the name that a reader would look for."""
    for shared in after["components"]["responses"].keys() - before["components"]["responses"].keys():
        yield shared.removeprefix("Refused")
    old = set(promises(before))
    for text in sorted(set(promises(after)) - old):
        if re.search(r" always there$|: \w+$", text):
            continue
        # What can be asked for with a new `fields` are members of the answer: a new one is told as such.
        if "?fields=" in text and text.partition("=")[0] not in old:
            continue
        name = re.split(r"[?=. ]+-?", text)[-1]
        within = text.rpartition(".")[0].rstrip("[]")
        # What a new member holds is told with it.
        if not ("." in within and within not in old):
            yield name


def required(document: dict[str, Any]) -> set[str]:
    return {
        f"{path}?{parameter['name']} required"
        for path, methods in document["paths"].items()
        for operation in methods.values()
        for parameter in operation["parameters"]
        if parameter["in"] == "query" and parameter.get("required")
    }


def broken(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What was promised and is no more, and what is asked for only now of what was there."""
    gone = set(promises(before)) - set(promises(after))
    asked = {text for text in required(after) - required(before) if text.partition("?")[0] in before["paths"]}
    return sorted(gone | asked)


def test_what_was_promised_is_kept_or_named_in_the_changelog():
    assert [text for text in broken(RELEASED, NOW) if f"`{text}`" not in TOLD] == []


def test_what_came_since_is_named_in_the_changelog():
    assert set(said_since(RELEASED, NOW)) - NEWEST == set()


def test_a_novelty_is_seen():
    before = json.loads(json.dumps(NOW))
    listed = before["paths"]["/api/v1/zones/"]["get"]
    listed["parameters"] = [p for p in listed["parameters"] if p["name"] != "linked_with"]
    del before["components"]["schemas"]["Zone"]["properties"]["linked_with"]
    del before["components"]["responses"]["Refused503"]
    del before["paths"]["/api/v1/changes/"]
    del listed["responses"]["200"]["content"]["text/csv"]
    assert {"linked_with", "503", "text/csv", "/api/v1/changes/"} <= set(said_since(before, NOW))


def test_a_broken_promise_is_seen():
    less = json.loads(json.dumps(RELEASED))
    operation = less["paths"]["/api/v1/clusters/"]["get"]
    operation["parameters"] = [p for p in operation["parameters"] if p["name"] != "developer"]
    operation["parameters"][0]["required"] = True
    del less["components"]["schemas"]["Cluster"]["properties"]["area_ha"]
    assert {
        "/api/v1/clusters/?developer",
        "/api/v1/clusters/?valid_on required",
        "read_clusters.area_ha",
    } <= set(broken(RELEASED, less))
