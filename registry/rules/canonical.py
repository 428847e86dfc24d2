"""One text for one content: what is hashed, compared and published."""

import hashlib
import json
from typing import Any

#: The shape of contents written today. Older ones are brought up by `upcast` when they are read.
CONTENT_VERSION = 3


def canonical(content: Any) -> str:
    """JSON with sorted keys and no spaces. Holds text, whole numbers, booleans, None, lists and dicts only.

    Raises TypeError on a float or a Decimal: their text is not the same everywhere.
    """
    _refuse_floats(content)
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 of the text in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def upcast(kind: str, version: int, content: dict[str, Any]) -> dict[str, Any]:
    """The content in today's shape. Statements outlive the shape they were written in."""
    if version > CONTENT_VERSION:
        raise ValueError(f"{kind} content of version {version} is newer than this release")
    for shape, to_it in _SHAPES:
        content = to_it(kind, content) if version < shape else content
    return content


_ADDED_BY_SECOND: dict[str, dict[str, Any]] = {
    "investor": {
        "capital_events": [],
        "capital_from": None,
        "group": None,
        "investor_kind": "enterprise",
        "registered_in": None,
    }
}


def _second(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """Version 2: investors have groups, countries and capital, effects may be on zones, and a citation names any
    numbered row but only the record it stands under. Notes of ours are no part of a content.
    """
    content = content | _ADDED_BY_SECOND.get(kind, {})
    content.pop("note", None)
    if kind == "decision":
        effects = [{name: effect[name] for name in effect if name != "note"} for effect in content["effects"]]
        content["effects"] = [effect | {"zone": None} for effect in effects]
    if "citations" not in content:
        return content
    kept = ("as_stated", "field", "id", "locator", "source")
    rows = [
        {name: row[name] for name in kept} | {"row_position": row["effect_position"]}
        for row in content["citations"]
    ]
    return content | {"citations": rows}


def _third(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """Version 3: zones are linked with zones, and what a zone was on a day is a row with a number."""
    if kind != "zone":
        return content
    statuses = [row | {"position": position} for position, row in enumerate(content["statuses"], start=1)]
    return content | {"linked_with": [], "statuses": statuses}


_SHAPES = ((2, _second), (3, _third))


def _refuse_floats(value: Any) -> None:
    match value:
        case None | bool() | int() | str():
            return
        case list() | tuple():
            for item in value:
                _refuse_floats(item)
        case dict():
            for item in value.values():
                _refuse_floats(item)
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical text")
