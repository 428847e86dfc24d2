"""The answers about investors, authorities, places, sources and legal instruments; and who composes what."""

from collections.abc import Callable
from typing import Any

from registry.rules import codes
from registry.rules.composition.clusters import compose_cluster
from registry.rules.composition.decisions import ENDING, compose_decision, stated
from registry.rules.composition.papers import Values, citations, label_of, named, today_of
from registry.rules.composition.world import Content, Rectangle, World, day, joined, stretches
from registry.rules.dates import StatedDate
from registry.rules.text import search_text, sort_key

#: The code that composes. A release that composes differently counts up and is adopted by a publication of its own.
COMPOSER = 1


def compose_investor(world: World, subject_id: int) -> list[Rectangle]:
    content = world.content("investor", subject_id)
    if content is None:
        return []
    values: Values = {
        (None, "name"): content["name"],
        (None, "enterprise_code"): content["enterprise_code"] or None,
    }
    body = {
        "code": content["code"],
        "name": content["name"],
        "enterprise_code": content["enterprise_code"] or None,
        "sources": citations(world, content, values),
    }
    columns = _named_columns(content) | {"enterprise_code": content["enterprise_code"]}
    return _always(columns, body)


def compose_authority(world: World, subject_id: int) -> list[Rectangle]:
    content = world.content("authority", subject_id)
    if content is None:
        return []
    body = {
        "code": content["code"],
        "name": content["name"],
        "level": content["level"],
        "level_label": codes.AUTHORITY_LEVEL.labels(content["level"]),
        "number_symbol": content["number_symbol"] or None,
        "place": label_of(world, content["place"]) if content["place"] else None,
        "valid_from": content["valid_from"],
        "valid_to": content["valid_to"],
        "successor": named(world, "authority", content["successor"]) if content["successor"] else None,
        "sources": citations(world, content, _validity(content) | {(None, "name"): content["name"]}),
    }
    return _by_validity(content, _named_columns(content) | {"level": content["level"]}, body)


def compose_place(world: World, subject_id: int) -> list[Rectangle]:
    content = world.content("place", subject_id)
    if content is None:
        return []
    body = {
        "id": content["code"],
        "name": content["name"],
        "kind": content["unit_kind"],
        "kind_label": codes.PLACE_KIND.labels(content["unit_kind"]),
        "within": label_of(world, content["within"]) if content["within"] else None,
        "official_codes": [
            {"code": row["official_code"], "valid_from": row["valid_from"], "valid_to": row["valid_to"]}
            for row in content["codes"]
        ],
        "valid_from": content["valid_from"],
        "valid_to": content["valid_to"],
        "successors": [
            label_of(world, row["successor"]) | {"extent": row["extent"]} for row in content["successions"]
        ],
        "today": today_of(world, subject_id),
        "sources": citations(world, content, _validity(content) | {(None, "name"): content["name"]}),
    }
    return _by_validity(content, _named_columns(content) | {"unit_kind": content["unit_kind"]}, body)


def compose_source(world: World, subject_id: int) -> list[Rectangle]:
    content = world.content("source", subject_id)
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
    }
    return _always(_named_columns(content), body)


def compose_legal_instrument(world: World, subject_id: int) -> list[Rectangle]:
    content = world.content("legal_instrument", subject_id)
    if content is None:
        return []
    label = content["number"] or content["title"]
    values = _validity(content) | {
        (None, "number"): content["number"] or None,
        (None, "title"): content["title"] or None,
    }
    successor = world.content("legal_instrument", content["successor"]) if content["successor"] else None
    body = {
        "id": content["code"],
        "number": content["number"] or None,
        "kind": content["instrument_kind"],
        "kind_label": codes.LEGAL_INSTRUMENT_KIND.labels(content["instrument_kind"]),
        "title": content["title"] or None,
        "issuer": named(world, "authority", content["issuer"]) if content["issuer"] else None,
        "issued_on": content["issued_on"],
        "valid_from": content["valid_from"],
        "valid_to": content["valid_to"],
        "successor": {"id": successor["code"], "number": successor["number"] or None} if successor else None,
        "sources": citations(world, content, values),
    }
    columns = {
        "sort_key": sort_key(label),
        "search_text": search_text(f"{content['number']} {content['title']} {content['code']}"),
        "number": content["number"],
        "instrument_kind": content["instrument_kind"],
    }
    return _by_validity(content, columns, body)


COMPOSERS: dict[str, Callable[[World, int], list[Rectangle]]] = {
    "authority": compose_authority,
    "cluster": compose_cluster,
    "decision": compose_decision,
    "investor": compose_investor,
    "legal_instrument": compose_legal_instrument,
    "place": compose_place,
    "source": compose_source,
}


def references(kind: str, content: Content) -> set[str]:
    """The reverse look-ups that find this subject: `role>kind:id`."""
    if kind != "decision":
        return set()
    on_clusters = {f"effect>cluster:{effect['cluster']}" for effect in content["effects"]}
    enders = {f"ends>decision:{row['target']}" for row in content["relations"] if row["relation"] in ENDING}
    return on_clusters | enders


def _named_columns(content: Content) -> dict[str, Any]:
    return {
        "sort_key": sort_key(content["name"]),
        "search_text": search_text(f"{content['name']} {content['code']}"),
    }


def _validity(content: Content) -> Values:
    return {
        (None, field): StatedDate(day(content[field]), day(content[field]), "")
        for field in ("valid_from", "valid_to")
        if content[field]
    }


def _always(columns: dict[str, Any], body: dict[str, Any]) -> list[Rectangle]:
    return [Rectangle(start, end, columns, body) for start, end in stretches(set())]


def _by_validity(content: Content, columns: dict[str, Any], body: dict[str, Any]) -> list[Rectangle]:
    """Cut where the subject begins and ends to be in force."""
    start, end = day(content["valid_from"]), day(content["valid_to"])
    rectangles = []
    for valid_from, valid_to in stretches({d for d in (start, end) if d}):
        in_force = (start is None or start <= valid_from) and (end is None or valid_from < end)
        rectangles.append(
            Rectangle(valid_from, valid_to, columns | {"in_force": in_force}, body | {"in_force": in_force})
        )
    return joined(rectangles)
