"""The same page without Django's models: SQL through the bare driver, dicts, and orjson."""

from typing import Any

import orjson
from django.db import connection

from registry.rules import codes

CLUSTERS = """
SELECT c.id, c.code, c.name, c.aliases, c.legal_stage, c.operating_status, c.operating_status_as_of, c.area_ha,
  c.area_high_ha, c.area_qualifier, c.sectors, c.unsourced, c.others, l.code, l.number, a.code, a.number, d.code,
  d.name, p.code, p.number
FROM stock_cluster c LEFT JOIN stock_paper l ON l.id = c.legal_stage_decision_id
  LEFT JOIN stock_paper a ON a.id = c.area_decision_id LEFT JOIN stock_developer d ON d.id = c.developer_id
  LEFT JOIN stock_paper p ON p.id = c.developer_decision_id
ORDER BY c.sort_key, c.id LIMIT 100"""
PLACES = """
SELECT t.cluster_id, p.id, p.code, p.name, p.kind, w.code, w.name, w.kind
FROM stock_cluster_places t JOIN stock_place p ON p.id = t.place_id LEFT JOIN stock_place w ON w.id = p.within_id
WHERE t.cluster_id IN ({}) ORDER BY t.id"""
TODAY = """
SELECT t.place_id, u.code, u.name, u.kind, t.extent FROM stock_today t JOIN stock_place u ON u.id = t.unit_id
WHERE t.place_id IN ({}) ORDER BY t.id"""
OCCUPANCY = """
SELECT cluster_id, basis, value, qualifier, as_of FROM stock_occupancy WHERE cluster_id IN ({}) ORDER BY id"""
TIMELINE = """
SELECT e.cluster_id, e.effect, e.as_stated, e."on", e.earliest, e.verification, d.code, d.number
FROM stock_entry e JOIN stock_paper d ON d.id = e.decision_id WHERE e.cluster_id IN ({}) ORDER BY e.id"""
SOURCES = """
SELECT c.cluster_id, s.code, s.title, c.locator, c.field, c.as_stated, c.agrees,
  d.code, d.number, c.shown
FROM stock_cited c JOIN stock_document s ON s.id = c.source_id LEFT JOIN stock_paper d ON d.id = c.decision_id
WHERE c.cluster_id IN ({}) ORDER BY c.id"""


def page() -> bytes:
    """The first hundred clusters: the array that our list has as `results`."""
    connection.ensure_connection()
    driver = connection.connection
    sqlite = connection.vendor == "sqlite"

    def rows(sql: str, ids: Any = ()) -> list[tuple[Any, ...]]:
        return driver.execute(
            sql.format(",".join(["?" if sqlite else "%s"] * len(ids))), tuple(ids)
        ).fetchall()

    clusters = {row[0]: _cluster(row) for row in rows(CLUSTERS)}
    places: dict[int, dict[str, Any]] = {}
    for cluster, pk, code, name, kind, *within in rows(PLACES, clusters):
        if pk not in places:
            outer = dict(zip(("id", "name", "kind"), within, strict=True)) if within[0] else None
            places[pk] = {"id": code, "name": name, "kind": kind, "within": outer, "today": []}
        clusters[cluster]["places"].append(places[pk])
    for place, code, name, kind, extent in rows(TODAY, places):
        places[place]["today"].append({"id": code, "name": name, "kind": kind, "extent": extent})
    for cluster, basis, value, qualifier, as_of in rows(OCCUPANCY, clusters):
        clusters[cluster]["occupancy"].append(
            {"basis": basis, "value": value, "qualifier": qualifier, "as_of": as_of}
        )
    for cluster, effect, as_stated, on, earliest, verification, code, number in rows(TIMELINE, clusters):
        clusters[cluster]["timeline"].append(
            {
                "effect": effect,
                "effect_label": codes.EFFECT.labels(effect) if effect else None,
                "as_stated": as_stated,
                "on": on,
                "earliest": earliest,
                "verification": verification,
                "decision": {"id": code, "number": number},
            }
        )
    for cluster, code, title, locator, field, as_stated, agrees, *paper, shown in rows(SOURCES, clusters):
        clusters[cluster]["sources"].append(
            {
                "source": {"id": code, "title": title},
                "locator": locator,
                "field": field,
                "as_stated": as_stated,
                "agrees": None if agrees is None else bool(agrees),
                "decision": {"id": paper[0], "number": paper[1]} if paper[0] else None,
                "shown": bool(shown),
            }
        )
    return orjson.dumps(list(clusters.values()))


def _cluster(row: tuple[Any, ...]) -> dict[str, Any]:
    (
        _,
        code,
        name,
        aliases,
        stage,
        status,
        as_of,
        area,
        high,
        qualifier,
        sectors,
        unsourced,
        others,
        *named,
    ) = row
    paper, area_paper, developer, developer_paper = (
        dict(zip(names, named[n * 2 : n * 2 + 2], strict=True)) if named[n * 2] else None
        for n, names in enumerate((("id", "number"), ("id", "number"), ("code", "name"), ("id", "number")))
    )
    return {
        "code": code,
        "name": name,
        "aliases": aliases.splitlines(),
        "legal_stage": stage,
        "legal_stage_label": codes.LEGAL_STAGE.labels(stage),
        "legal_stage_decision": paper,
        "operating_status": status,
        "operating_status_label": codes.OPERATING_STATUS.labels(status),
        "operating_status_as_of": as_of,
        "area_ha": area,
        "area_high_ha": high,
        "area_qualifier": qualifier,
        "area_decision": area_paper,
        "developer": developer,
        "developer_decision": developer_paper,
        "places": [],
        "sectors": sectors.splitlines(),
        "occupancy": [],
        "timeline": [],
        "sources": [],
        "unsourced": unsourced.splitlines(),
        **(orjson.loads(others) if isinstance(others, str) else others),
    }
