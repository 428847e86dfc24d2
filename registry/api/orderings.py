"""What a list is ordered by, column by column, and why some columns are no order."""

from collections.abc import Mapping

from rest_framework import serializers

from registry.api.tables import Column, table_of
from registry.queries.editions import BY_TERM
from registry.rules.composition.orders import IN_COLUMNS, ORDERS, order_name

#: Columns that stand in the order of another name.
SAME = {
    "asked.latest": "asked",
    "due.latest": "due",
    "issued_latest": "issued_on",
    "published_latest": "published_on",
}
#: Why columns are no order, and how their names end, or what they are.
REASONS: Mapping[str, tuple[str, ...]] = {
    "several values": ("aliases", "products", "sectors", "unsourced"),
    "a label, which follows its code": ("label.vi", "label.en"),
    "a document's own words, or where it says so": (
        "stated_as",
        "as_stated",
        "locator",
        "source.id",
        "source.title",
    ),
    "how exact another column is, or of what kind": ("_qualifier", "_precision", "place.kind", "within.kind"),
    "the paper behind another column; `decisions/?cluster=` orders papers": (
        "_decision.id",
        "_decision.number",
    ),
}


def orders_of(kind: str) -> dict[str, str]:
    """Each column that orders the kind by a text made for it, and where that text is kept."""
    prefix = "" if kind in IN_COLUMNS else BY_TERM
    return {column: prefix + order_name(column) for column in ORDERS.get(kind, {})}


def order_by(column: Column, orderings: Mapping[str, str]) -> str | None:
    """The name under which a column orders its list: a neighbour's code goes by the neighbour's name."""
    neighbour = ".".join(column.path[:-1]) if column.path[-1] in {"code", "id"} else ""
    return next((name for name in (column.name, SAME.get(column.name), neighbour) if name in orderings), None)


def no_orders(
    shape: type[serializers.Serializer[object]], orderings: Mapping[str, str]
) -> dict[str, list[str]]:
    """The columns by which a list is not ordered, by the reason. Raises KeyError for one without a reason."""
    found: dict[str, list[str]] = {}
    for column in table_of(shape).columns:
        if order_by(column, orderings) is None:
            found.setdefault(_reason(column.name), []).append(column.name)
    return found


def _reason(column: str) -> str:
    for reason, endings in REASONS.items():
        if column.endswith(endings):
            return reason
    raise KeyError(column)
