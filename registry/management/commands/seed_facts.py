"""Prints docs/seed-facts.md from the registry as it is: of a fresh one, what the documents put into it."""

from typing import Any

from django.core.management.base import BaseCommand

from registry.queries.seed_facts import REFERENCE, Fact, seed_facts

_HEAD = """\
# What is seeded, value by value

Each fact of a fresh registry: the record, the value, and where it is stated. Printed by
`python manage.py seed_facts`; a test compares. Structure of ours (codes, positions, classifications) is left out.
"""


class Command(BaseCommand):
    help = "In bảng mọi giá trị đang có, kèm tài liệu, đoạn và giá trị như ghi (docs/seed-facts.md). Mã thoát: 0 đã in."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(page(seed_facts()), ending="")


def page(found: list[Fact]) -> str:
    """The page, whole."""
    stated = [fact for fact in found if fact.stated]
    reference = [fact for fact in found if not fact.stated]
    documents: dict[str, int] = {}
    for fact in stated:
        for one in fact.stated:
            documents[one.source] = documents.get(one.source, 0) + 1
    records = {fact.record for fact in found}
    totals = [
        ("records", len(records)),
        ("facts with a source", len(stated)),
        ("facts that are reference data", len(reference)),
        *((f"citations of {source}", count) for source, count in sorted(documents.items())),
    ]
    return (
        _HEAD
        + "\n## Totals\n\n| | |\n|---|---:|\n"
        + "".join(f"| {name} | {count} |\n" for name, count in totals)
        + "\n## Facts\n\n| record | field | value | document | paragraph | as stated |\n|---|---|---|---|---|---|\n"
        + "".join(_rows(stated))
        + "\n## Reference data\n\nNot facts of the documents: "
        + ", ".join(f"`{name}`" for name in sorted(REFERENCE))
        + ", and days taken from when an article appeared. The heads of the fixtures name their sources.\n"
        + "\n| record | field | value |\n|---|---|---|\n"
        + "".join(f"| {fact.record} | {_field(fact)} | {_cell(fact.value)} |\n" for fact in reference)
    )


def _rows(found: list[Fact]) -> list[str]:
    return [
        f"| {fact.record} | {_field(fact)} | {_cell(fact.value)} | {one.source} | {one.locator} "
        f"| {_cell(one.as_stated)} |\n"
        for fact in found
        for one in fact.stated
    ]


def _field(fact: Fact) -> str:
    return fact.field if fact.row is None else f"{fact.row}.{fact.field}"


def _cell(text: str) -> str:
    return " · ".join(text.split("\n")).replace("|", "\\|")
