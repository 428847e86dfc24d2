"""The answer about a source document, and the traces that other answers leave of where their values are stated.

A document's answer does not hold what rests on it: a publication would then compose, keep and announce a document
again for every record that cites it. What rests on it is read from the answers that name it (docs/why/sources.md).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from registry.rules.citations import agrees
from registry.rules.composition.decisions import number_text
from registry.rules.composition.papers import source_of, stated
from registry.rules.composition.values import VALUES
from registry.rules.composition.world import Content, Rectangle, World, day_term, stretches
from registry.rules.paragraphs import number_of
from registry.rules.provenance import ROWS, unsourced
from registry.rules.rivals import rivals
from registry.rules.text import LONGEST_WORD, search_text, sort_key

Composer = Callable[[World, int], list[Rectangle]]


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
    }
    columns = {
        "sort_key": sort_key(content["name"]),
        "search_text": search_text(f"{content['name']} {content['code']}"),
    }
    terms = day_term("published_on", content["published_latest"])
    for column in ("publisher", "reference"):
        if content[column]:
            terms.add((column, search_text(content[column])[:LONGEST_WORD]))
    return [Rectangle(start, end, columns, body, tuple(sorted(terms))) for start, end in stretches(set())]


def traced(kind: str, compose: Composer) -> Composer:
    """The composer of a kind whose values rest on documents: each answer also says which values nothing states.

    It is found by the documents that the record itself cites (`source`), by values that nothing states
    (`unsourced`) and by figures that disagree (`rival`).
    """

    def composed(world: World, subject_id: int) -> list[Rectangle]:
        content = world.content(kind, subject_id)
        if content is None:
            return []
        missing = unsourced(kind, content, VALUES[kind](world, content), _shown(world))
        terms = {("unsourced", path) for path in missing}
        terms |= {("rival", path) for path in _disagreeing(kind, content)}
        terms |= {("source", code) for code in _cited(world, content)}
        return [
            replace(
                one,
                body={**one.body, "unsourced": missing},
                terms=tuple(sorted(terms | set(one.terms) | _contradicted(one))),
            )
            for one in compose(world, subject_id)
        ]

    return composed


def _shown(world: World) -> Callable[[Content], bool]:
    """Whether the document of a citation is published."""
    return lambda row: source_of(world, row["source"])["id"] is not None


def _cited(world: World, content: Content) -> Iterator[str]:
    """Codes of the published documents that the record itself names."""
    for source in sorted({row["source"] for row in _naming(content)}):
        if (code := source_of(world, source)["id"]) is not None:
            yield code


def _naming(content: Content) -> Iterator[Content]:
    yield from content.get("citations", ())
    yield from content.get("operating_reports", ())


def _disagreeing(kind: str, content: Content) -> Iterator[str]:
    for rows in ROWS.get(kind, ()):
        if rows.column in ("capital_events", "values"):
            yield from (f"{rows.called}.{position}" for position in rivals(content[rows.column]))


def _contradicted(rectangle: Rectangle) -> set[tuple[str, str]]:
    """The fields of which a document states something else."""
    return {("rival", row["field"]) for row in rectangle.body["sources"] if row["agrees"] is False}


@dataclass(frozen=True, slots=True)
class Resting:
    """One value that rests on a document. `row`: the citation or the operating report, as the content holds it."""

    kind: str
    subject_id: int
    code: str
    row: Content

    @property
    def field(self) -> str:
        return str(self.row.get("field", "operating_status"))

    @property
    def position(self) -> int | None:
        return self.row.get("row_position")

    @property
    def path(self) -> str:
        """`name`, or `capital.2.amount` for a value of the row at position 2."""
        called = next((rows.called for rows in ROWS.get(self.kind, ()) if rows.called), "")
        return self.field if self.position is None else f"{called}.{self.position}.{self.field}"

    @property
    def place(self) -> tuple[int, str, str, str, str, int]:
        """Where it stands in the order of the document: paragraphs by number, then by record."""
        return *_paragraph(self.row["locator"]), self.kind, self.code, self.path, self.row["id"]


@lru_cache(maxsize=4096)
def _paragraph(locator: str) -> tuple[int, str]:
    number = number_of(locator)
    return (10**9, sort_key(locator)) if number is None else (number, "")


def resting_on(source_id: int, kind: str, subject_id: int, content: Content) -> list[Resting]:
    """The values of one record that rest on the document."""
    return [
        Resting(kind, subject_id, content["code"], row)
        for row in _naming(content)
        if row["source"] == source_id
    ]


def verdict(world: World, one: Resting, content: Content) -> bool | None:
    """Whether the document states what the record says: see `rules.citations.agrees`."""
    value = VALUES[one.kind](world, content).get((one.position, one.field))
    return agrees(one.field, one.row["as_stated"], value)


def label_of_record(content: Content) -> str | None:
    """What a record is called in a list of records of all kinds."""
    if "name" in content:
        return str(content["name"])
    if "title" in content:
        return content["number"] or content["title"] or None
    return number_text(content)
