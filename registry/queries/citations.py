"""Citations against the documents themselves, and every value of the seed with where it is stated."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from registry.models import Citation, OperatingReport
from registry.models.sources import CITED
from registry.rules.paragraphs import number_of, stands_in


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


def all_stated() -> Iterator[Stated]:
    """Every citation, and every operating report that quotes its document, as the working tables hold them."""
    rows = Citation.objects.select_related("source", *CITED).order_by("id")
    for row in rows:
        kind = next(kind for kind in CITED if getattr(row, f"{kind}_id") is not None)
        code: str = getattr(row, kind).code
        yield Stated(kind, code, row.field, row.row_position, row.source.code, row.locator, row.as_stated)
    for report in OperatingReport.objects.select_related("source", "cluster").exclude(as_stated=""):
        yield Stated(
            "cluster",
            report.cluster.code,
            "operating_status",
            None,
            report.source.code,
            report.locator,
            report.as_stated,
        )


def not_found(documents: Mapping[str, Sequence[str]]) -> tuple[int, list[Stated]]:
    """How many values were looked for, and those that do not stand in the paragraph they name.

    documents: the paragraphs of each document, by the code of its source. Other sources are passed over.
    """
    looked, missing = 0, []
    for stated in all_stated():
        if stated.source not in documents:
            continue
        looked += 1
        number, paragraphs = number_of(stated.locator), documents[stated.source]
        if (
            number is None
            or not 1 <= number <= len(paragraphs)
            or not stands_in(stated.as_stated, paragraphs[number - 1])
        ):
            missing.append(stated)
    return looked, missing
