"""Whatever column a list shows orders it, or its page says why not; an order is that of the values shown."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from django.apps import apps
from django.db import connection

from registry.actions import redacted_editions
from registry.actions.publish import publish_seed
from registry.api.land import LAND
from registry.api.orderings import no_orders, orders_of
from registry.api.urls import RESOURCES
from registry.ledger.context import recorded
from registry.models import DecisionEdition, EditionTerm, Investor
from registry.queries.editions import Order, page
from registry.rules.composition.orders import IN_COLUMNS, ORDERS, order_name
from registry.rules.hanoi import day_of
from registry.rules.text import sort_key
from tests.api.conftest import NOW, Partner
from tests.api.records import Records
from tests.api.test_more_filters import records  # noqa: F401
from tests.world import World

#: Columns that hold no text of people: their own order is the order.
BY_VALUE = ("_ha", "_earliest", ".earliest", "_on", "_of", ".code", ".id", ".number", "symbol", "kind", "url")


def shown(body: Any, path: list[str]) -> Any:
    """The value of a column in a body; of a list, that of the first row which has one."""
    if isinstance(body, list):
        return next((found for row in body if (found := shown(row, path)) is not None), None)
    return body if not path or body is None else shown(body[path[0]], path[1:])


def in_order(column: str, values: list[Any]) -> list[Any]:
    """What is not known first, then numbers by size, days by time, names by the Vietnamese alphabet."""
    by_value = column.endswith(BY_VALUE) or column in {"in_force", "verification", "capital_in_projects"}
    known = [value for value in values if value not in (None, "")]
    blank = [None] * (len(values) - len(known))
    return blank + sorted(known, key=None if by_value else sort_key)


@pytest.mark.parametrize("resource", [*RESOURCES, LAND], ids=lambda resource: resource.en[0])
def test_every_column_of_a_list_orders_it_or_says_why_not(resource: Any) -> None:
    told = [
        column
        for columns in no_orders(resource.serializer, resource.orderings).values()
        for column in columns
    ]
    assert not set(told) & set(resource.orderings)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_the_order_is_that_of_the_values_shown(
    records: Records,  # noqa: F811
    partner: Partner,
    resource: Any,
) -> None:
    for column in orders_of(resource.kind):
        bodies = partner.results(f"{resource.name}/?ordering={column}&valid_on=2025-02-01")
        values = [shown(body, column.split(".")) or None for body in bodies]
        if column in {"in_force", "capital_in_projects"}:
            values = [bool(value) for value in values]
            assert values == sorted(values), column
        else:
            assert values == in_order(column, values), column


def test_a_name_orders_by_what_was_known_and_nothing_of_it_before_it_is_published(
    seeded: World, partner: Partner
) -> None:
    address = "clusters/?ordering=-developer.name&fields=code,developer&valid_on=2024-01-01"
    before = partner.results(address)
    names = [row["developer"]["name"] for row in before if row["developer"]]
    assert len(set(names)) > 1
    last = Investor.objects.get(name=names[-1])
    with recorded(actor="seed"):
        last.name = "Ý Yên"
        last.save()
    assert partner.results(address) == before
    publish_seed([last], at=NOW, today=day_of(NOW))
    assert partner.results(address)[0]["developer"]["name"] == "Ý Yên"
    assert partner.results(f"{address}&known_seq=1") == before


def test_words_that_a_law_had_erased_order_nothing(seeded: World) -> None:
    """Also where a former release made the answer, which cannot be made again."""
    row = DecisionEdition.objects.exclude(effects_cluster_name_order="").first()
    assert row is not None
    name = orjson.loads(row.body)["effects"][0]["cluster"]["name"]
    assert row.effects_cluster_name_order == sort_key(name)
    redacted_editions._empty(row, {name: "[đã xóa]"})
    row.refresh_from_db()
    assert row.effects_cluster_name_order == sort_key("[đã xóa]")


@pytest.mark.parametrize("column", ["number", "issued_on", "changed", *ORDERS["decision"]])
@pytest.mark.parametrize("descending", [False, True])
def test_an_index_leads_to_the_page_whatever_decisions_are_ordered_by(
    seeded: World, column: str, descending: bool
) -> None:
    """Read from the database's plan, page after page: nothing is sorted."""
    stored = {"number": "sort_key", "issued_on": "issued_on", "changed": "known_from"}.get(
        column, order_name(column)
    )
    rows = DecisionEdition.objects.filter(known_from__lte=1, known_to__gt=1)
    rows = rows.filter(valid_from__lte="2026-01-01", valid_to__gt="2026-01-01")
    orders = [Order(stored, descending), Order("subject_id", descending)]
    first = page(rows, orders, ["code"], size=2)
    assert first.more
    ordered = rows.order_by(*(f"{'-' if one.descending else ''}{one.column}" for one in orders))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A few rows are sorted sooner than found in an index: it sorts here only what no index gives in order.
            for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        plan = ordered[:101].explain()
    assert "Sort" not in plan, plan
    assert "TEMP B-TREE" not in plan, plan


def test_what_lists_are_ordered_by_is_made_again_from_the_answers_of_former_releases(
    seeded: World,
    records: Records,  # noqa: F811
) -> None:
    names = {order_name(column) for columns in ORDERS.values() for column in columns}
    columns = [order_name(column) for kind in IN_COLUMNS for column in ORDERS[kind]]

    def kept() -> tuple[list[Any], list[Any]]:
        terms = EditionTerm.objects.filter(term__in=names).order_by("kind", "edition_id", "term")
        return (
            list(DecisionEdition.objects.order_by("pk").values_list("pk", *columns)),
            list(terms.values_list("kind", "edition_id", "term", "value", "row")),
        )

    before = kept()
    assert all(before)
    DecisionEdition.objects.update(**dict.fromkeys(columns, ""))
    EditionTerm.objects.filter(term__in=names).delete()
    migration = import_module("registry.migrations.0017_what_lists_are_ordered_by")
    migration.fill(apps, SimpleNamespace(connection=connection))
    assert kept() == before
