"""The answer about a source document, with everything that rests on it."""

from typing import Any

from registry.rules.citations import agrees
from registry.rules.composition.decisions import number_text
from registry.rules.composition.papers import field_path, stated
from registry.rules.composition.values import ROWS, VALUES
from registry.rules.composition.world import Content, Rectangle, World, stretches
from registry.rules.text import search_text, sort_key


def compose_source(world: World, source_id: int) -> list[Rectangle]:
    content = world.content("source", source_id)
    if content is None:
        return []
    published = stated(content, "published")
    body = {
        "id": content["code"],
        "title": content["name"],
        "publisher": content["publisher"] or None,
        "reference": content["reference"] or None,
        "url": content["url"] or None,
        "published_on": published.exact.isoformat() if published.exact else None,
        "published_earliest": content["published_earliest"],
        "published_latest": content["published_latest"],
        "published_stated_as": content["published_stated_as"],
        "rests_on_it": _rests_on_it(world, source_id),
    }
    columns = {
        "sort_key": sort_key(content["name"]),
        "search_text": search_text(f"{content['name']} {content['code']}"),
    }
    return [Rectangle(start, end, columns, body) for start, end in stretches(set())]


def cited_sources(kind: str, content: Content) -> set[int]:
    """The documents that a record's values rest on."""
    found = {row["source"] for row in content.get("citations", ())}
    return found | {row["source"] for row in content.get("operating_reports", ())}


def _rests_on_it(world: World, source_id: int) -> list[dict[str, Any]]:
    found = []
    for kind in VALUES:
        for subject_id in world.pointing(f"{kind}_cites", "source", source_id):
            content = world.content(kind, subject_id)
            if content is not None:
                found += _of_record(world, kind, content, source_id)
    return sorted(found, key=_in_the_document)


def _of_record(world: World, kind: str, content: Content, source_id: int) -> list[dict[str, Any]]:
    record = {"kind": kind, "code": content["code"], "name": _label(content)}
    values = VALUES[kind](world, content)
    rows = [
        {
            "locator": row["locator"],
            "record": record,
            "field": field_path(row, ROWS.get(kind, "rows")),
            "as_stated": row["as_stated"],
            "agrees": agrees(row["field"], row["as_stated"], values.get((row["row_position"], row["field"]))),
        }
        for row in content["citations"]
        if row["source"] == source_id
    ]
    rows += [
        {
            "locator": report["locator"],
            "record": record,
            "field": "operating_status",
            "as_stated": report["as_stated"],
            "agrees": None,
        }
        for report in content.get("operating_reports", ())
        if report["source"] == source_id
    ]
    return rows


def _label(content: Content) -> str | None:
    if "name" in content:
        return str(content["name"])
    if "title" in content:
        return content["number"] or content["title"] or None
    return number_text(content)


def _in_the_document(row: dict[str, Any]) -> tuple[str, str, str, str]:
    return sort_key(row["locator"]), row["record"]["kind"], row["record"]["code"], row["field"]
