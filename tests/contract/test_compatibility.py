"""docs/api/versioning.md: nothing that the last release promised is taken away without a line for partners."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RELEASED = json.loads((Path(__file__).parent / "released.json").read_text(encoding="utf-8"))
NOW = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
TOLD = (ROOT / "docs" / "api" / "CHANGELOG.md").read_text(encoding="utf-8")


def promises(document: dict[str, Any]) -> Iterator[str]:
    """What a client may rest on, each as one text: addresses, parameters, their codes, members of answers."""
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
            answered = operation["responses"]["200"]["content"]["application/json"]["schema"]
            yield from members(document, answered, operation["operationId"], ())


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
        yield from members(document, about, f"{place}.{member}", within)
    yield from (f"{place}.{member} always there" for member in schema.get("required", ()))


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
