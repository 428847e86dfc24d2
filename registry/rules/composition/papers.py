"""What bodies of every kind share: names of others, and citations with their verdict."""

from collections.abc import Iterable
from typing import Any, TypeAlias

from registry.rules import codes
from registry.rules.citations import agrees
from registry.rules.composition.world import Content, World, day
from registry.rules.dates import StatedDate
from registry.rules.text import sort_key
from registry.rules.wordings import Place

#: What each citable field says, by position of the row (None: the record itself) and field, in the form that
#: `rules.citations.agrees` compares; a list where the field holds several values.
Values: TypeAlias = dict[tuple[int | None, str], Any]


def named(world: World, kind: str, subject_id: int) -> dict[str, Any]:
    """`{code, name}` of another subject; both None while it is not published, so that no draft leaks."""
    label = world.label(kind, subject_id)
    if label is None:
        return {"code": None, "name": None}
    return {"code": label["code"], "name": label["name"]}


def label_of(world: World, place_id: int) -> dict[str, Any]:
    """`{id, name, kind}` of a place."""
    label = world.label("place", place_id)
    if label is None:
        return {"id": None, "name": None, "kind": None}
    return {"id": label["code"], "name": label["name"], "kind": label["unit_kind"]}


def named_places(world: World, places: Iterable[int]) -> list[Place]:
    """Those of the places that are published."""
    labels = (label_of(world, place) for place in places)
    return [Place(label["kind"], label["name"]) for label in labels if label["name"]]


def called(world: World, instruments: Iterable[int]) -> list[str]:
    """What papers call those legal instruments: by number, or by title."""
    labels = (world.label("legal_instrument", instrument) for instrument in instruments)
    return [label["number"] or label["title"] for label in labels if label is not None]


def several(*values: Any) -> list[Any]:
    """Those of the values that are there."""
    return [value for value in values if value is not None and value != ""]


def source_of(world: World, source_id: int) -> dict[str, Any]:
    label = world.label("source", source_id)
    return {"id": label["code"], "title": label["name"]} if label else {"id": None, "title": None}


def citations(world: World, content: Content, values: Values, rows: str = "") -> list[dict[str, Any]]:
    """The citations of a record: document, place in it, field, value as stated, and whether it agrees.

    rows: what the numbered rows of the record are called in its body.
    """
    return [
        citation(world, row, values.get((row["row_position"], row["field"])), field_path(row, rows))
        for row in content["citations"]
    ]


def citations_by_row(
    world: World, content: Content, values: Values, rows: Iterable[Content]
) -> dict[int, list[dict[str, Any]]]:
    """The citations of those numbered rows of a record, by position; an empty list for a row without any."""
    found: dict[int, list[dict[str, Any]]] = {row["position"]: [] for row in rows}
    for row in content["citations"]:
        if (position := row["row_position"]) in found:
            value = values.get((position, row["field"]))
            found[position].append(citation(world, row, value, row["field"]))
    return found


def citation(world: World, row: Content, value: Any, field: str) -> dict[str, Any]:
    return {
        "source": source_of(world, row["source"]),
        "locator": row["locator"],
        "field": field,
        "as_stated": row["as_stated"],
        "agrees": agrees(row["field"], row["as_stated"], value),
    }


def field_path(row: Content, rows: str) -> str:
    """`name`, or `effects.1.area_ha` for a value of the row at position 1."""
    position = row["row_position"]
    return row["field"] if position is None else f"{rows}.{position}.{row['field']}"


def country(code: str) -> dict[str, Any] | None:
    """`{code, name}` of a country; None while it is not known."""
    return {"code": code, "name": codes.COUNTRY.vi(code)} if code else None


def numbered(world: World, instrument_id: int) -> dict[str, Any]:
    """`{id, number}` of a legal instrument."""
    label = world.label("legal_instrument", instrument_id)
    if label is None:
        return {"id": None, "number": None}
    return {"id": label["code"], "number": label["number"] or None}


def legal_basis(world: World, instruments: Iterable[int]) -> list[dict[str, Any]]:
    """`{id, number, title}` of legal instruments: a plan of development has a title and no number."""
    found = []
    for instrument in instruments:
        label = world.label("legal_instrument", instrument)
        found.append(numbered(world, instrument) | {"title": label["title"] or None if label else None})
    return found


def all_named(world: World, kind: str, ids: Iterable[int]) -> list[dict[str, Any]]:
    """`{code, name}` of several, in Vietnamese order of names.

    Those not published come last, both None: how many a record names stays true, and no draft leaks.
    """
    found = [named(world, kind, subject_id) for subject_id in ids]
    return sorted(
        found, key=lambda one: (one["code"] is None, sort_key(one["name"] or ""), one["code"] or "")
    )


def terms_of(term: str, found: Iterable[dict[str, Any] | None]) -> set[tuple[str, str]]:
    """A many-valued filter by the codes of the others that are published."""
    codes_of = ((one.get("code") or one.get("id")) for one in found if one is not None)
    return {(term, code) for code in codes_of if code}


def stated(content: Content, prefix: str) -> StatedDate:
    """A date that the content keeps in three columns."""
    return StatedDate(
        day(content[f"{prefix}_earliest"]), day(content[f"{prefix}_latest"]), content[f"{prefix}_stated_as"]
    )


def period_body(content: Content, prefix: str) -> dict[str, Any]:
    """A stated date as bodies show it."""
    return {
        "earliest": content[f"{prefix}_earliest"],
        "latest": content[f"{prefix}_latest"],
        "stated_as": content[f"{prefix}_stated_as"],
    }
