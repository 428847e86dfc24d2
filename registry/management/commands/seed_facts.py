"""Prints docs/seed-facts.md from the registry as it is: of a fresh one, what the documents put into it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand

from registry.models import SourceDocument
from registry.queries.citations import Stated
from registry.queries.facts import fact
from registry.queries.seed_facts import Fact, seed_facts, unsourced
from registry.rules.provenance import STRUCTURE

_HEAD = """\
# What is seeded, value by value

Each value of a fresh registry and where it is stated. Printed by `python manage.py seed_facts`; a test compares.
The verdict is the one that the registry's own parsers give: *agrees*; *in words* where the document says it in words
that a machine cannot compare; *disagrees* where a document states something else. *Rival of* names the figures of the
same thing that differ.
"""
_STRUCTURE = """
What no document can state. Every other column is a value, or a part of one told with another column.
"""
_REFERENCE = """
No paragraph of the three documents states these; the source beside each does.
"""


class Command(BaseCommand):
    help = (
        "In bảng mọi giá trị đang có, kèm tài liệu, đoạn và giá trị như ghi (docs/seed-facts.md). "
        "Mã thoát: 0 đã in, 2 gọi sai cách."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(page(seed_facts()), ending="")


def page(facts: list[Fact]) -> str:
    """The page, whole."""
    lost = unsourced(facts)
    stated = [one for one in facts if one.in_a_document]
    reference = [one for one in facts if one.traces and not one.in_a_document]
    cited = Counter(trace.stated.source for one in facts for trace in one.traces)
    verdicts = Counter(_verdict(trace.verdict) for one in facts for trace in one.traces)
    totals = [
        ("records", len({one.record for one in facts})),
        ("values", len(facts)),
        ("values that a paragraph of a document states", len(stated)),
        ("values of reference data", len(reference)),
        ("values without a source", len(lost)),
        ("figures with a rival", sum(bool(one.rivals) for one in facts)),
        *((f"traces that read: {verdict}", count) for verdict, count in sorted(verdicts.items())),
    ]
    return "".join(
        (
            _HEAD,
            _section("Totals", "", ("", ""), ((name, str(count)) for name, count in totals)),
            _section("Sources", "", ("source", "what it is", "traces"), _sources(cited)),
            *([_plain("Without a source", "\nNobody says where these come from.\n", lost)] if lost else []),
            _traced("Facts", "", stated),
            _traced("Reference data", _REFERENCE, reference),
            _section("Structure", _STRUCTURE, ("column", "what it holds"), sorted(STRUCTURE.items())),
        )
    )


def _traced(title: str, text: str, facts: list[Fact]) -> str:
    rows = (
        (one.record, one.path, one.value, *_where(trace.stated), _said(one, trace.verdict))
        for one in facts
        for trace in one.traces
    )
    return _section(
        title, text, ("record", "field", "value", "document", "paragraph", "as stated", "verdict"), rows
    )


def _plain(title: str, text: str, facts: list[Fact]) -> str:
    return _section(
        title, text, ("record", "field", "value"), ((one.record, one.path, one.value) for one in facts)
    )


def _sources(cited: Counter[str]) -> Iterator[tuple[str, str, str]]:
    for source in SourceDocument.objects.order_by("code"):
        row = {column.name: getattr(source, column.name) for column in source._meta.concrete_fields}
        told = [source.name, source.publisher, source.reference, source.url]
        published = fact(SourceDocument, "published_latest", row, {})[1]
        yield source.code, " · ".join(filter(None, [*told, published])), str(cited[source.code])


def _where(stated: Stated) -> tuple[str, str, str]:
    return stated.source, stated.locator, stated.as_stated


def _said(one: Fact, verdict: bool | None) -> str:
    return _verdict(verdict) + (f"; rival of {', '.join(one.rivals)}" if one.rivals else "")


def _verdict(verdict: bool | None) -> str:
    return {True: "agrees", False: "disagrees", None: "in words"}[verdict]


def _section(title: str, text: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [_row(head), "|" + "---|" * len(head) + "\n", *(_row(row) for row in rows)]
    return f"\n## {title}\n{text}\n{''.join(lines)}"


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(' · '.join(cell.splitlines()).replace('|', chr(92) + '|') for cell in cells)} |\n"
