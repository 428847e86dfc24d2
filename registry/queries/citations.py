"""Citations against the documents themselves: every value as stated, and whether it stands where it is said to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from registry.models import Citation, OperatingReport
from registry.models.sources import CITED
from registry.rules.paragraphs import nearest, number_of, stands_in

#: What a report of operation quotes.
REPORTED = "operating_status"


@dataclass(frozen=True, slots=True)
class Stated:
    """A value as stated: which record, which field, where. `row`: the numbered row of the record, if it is of one."""

    kind: str
    code: str
    field: str
    row: int | None
    source: str
    locator: str
    as_stated: str

    @property
    def record(self) -> str:
        return f"{self.kind}:{self.code}"

    @property
    def paragraph(self) -> int | None:
        """The paragraph it is in; None when it is stated somewhere else (a page, a line of a list)."""
        return number_of(self.locator)


@dataclass(frozen=True, slots=True)
class Missing:
    """A value that does not stand where its citation says. `elsewhere`: the nearest paragraph that has it."""

    stated: Stated
    elsewhere: int | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of looking for the values of one document."""

    source: str
    looked: int
    missing: tuple[Missing, ...]


def all_stated() -> list[Stated]:
    """Every citation, and every operating report that quotes its document, as the working tables hold them."""
    return [*_citations(), *_reports()]


def _citations() -> Iterator[Stated]:
    for row in Citation.objects.select_related("source", *CITED).order_by("id"):
        kind = next(kind for kind in CITED if getattr(row, f"{kind}_id") is not None)
        code: str = getattr(row, kind).code
        yield Stated(kind, code, row.field, row.row_position, row.source.code, row.locator, row.as_stated)


def _reports() -> Iterator[Stated]:
    reports = OperatingReport.objects.select_related("source", "cluster").exclude(as_stated="")
    for row in reports.order_by("id"):
        yield Stated("cluster", row.cluster.code, REPORTED, None, row.source.code, row.locator, row.as_stated)


def check(stated: Iterable[Stated], source: str, document: Sequence[str]) -> Checked:
    """Look for each value of one source in the paragraph it names. document: its paragraphs.

    A citation of the source that names no paragraph, or one that the document does not have, is missing too.
    """
    own = [one for one in stated if one.source == source]
    missing = [
        Missing(one, nearest(one.as_stated, document, one.paragraph or 1))
        for one in own
        if not _stands(one, document)
    ]
    return Checked(source, len(own), tuple(missing))


def documents_cited(stated: Iterable[Stated]) -> dict[str, int]:
    """The sources of which paragraphs are cited, with how many values: those that a folder can hold as text."""
    counted: dict[str, int] = {}
    for one in stated:
        if one.paragraph is not None:
            counted[one.source] = counted.get(one.source, 0) + 1
    return counted


def recognised(stated: Iterable[Stated], document: Sequence[str]) -> str | None:
    """The source of whose values the document holds the largest share in their places, if that is over half."""
    held: dict[str, int] = {}
    cited: dict[str, int] = {}
    for one in stated:
        if one.paragraph is not None:
            cited[one.source] = cited.get(one.source, 0) + 1
            held[one.source] = held.get(one.source, 0) + _stands(one, document)
    shares: Mapping[str, float] = {source: held[source] / count for source, count in cited.items()}
    best = max(shares, key=lambda source: (shares[source], source), default=None)
    return best if best is not None and shares[best] > 1 / 2 else None


def _stands(stated: Stated, document: Sequence[str]) -> bool:
    number = stated.paragraph
    return (
        number is not None and number <= len(document) and stands_in(stated.as_stated, document[number - 1])
    )
