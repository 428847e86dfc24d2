"""Source documents: where values are stated."""

from typing import Any

from rest_framework import serializers

from registry.api import shapes
from registry.api.filters import EditionFilters
from registry.api.resources import Resource
from registry.rules import codes


class RecordLabel(serializers.Serializer[Any]):
    """A record: its kind and code."""

    kind = shapes.code(codes.SUBJECT_KIND)
    code = shapes.text()
    name = shapes.text(allow_null=True)


class Resting(serializers.Serializer[Any]):
    """A value that rests on the document."""

    locator = shapes.text("Paragraph or page.")
    record = RecordLabel()
    field = shapes.text("Which field of the record; `capital.2.amount` is of the row at position 2.")
    as_stated = shapes.text("The value in the document's own words.")
    agrees = serializers.BooleanField(
        help_text="true: supports our value; false: a rival figure; null: cannot be compared by machine.",
        allow_null=True,
    )


class SourceFilters(EditionFilters):
    pass


class Source(serializers.Serializer[Any]):
    """A document that states facts: an article, a report, a scanned paper."""

    id = shapes.text("Ours; never changed, never used again.")
    title = shapes.text()
    publisher = shapes.text(allow_null=True)
    reference = shapes.text("Its number where it was published.", allow_null=True)
    url = shapes.text(allow_null=True)
    published_on = shapes.day("Null unless known to the day.")
    published_earliest = shapes.day()
    published_latest = shapes.day()
    published_stated_as = shapes.text("The date in the document's own words.")
    rests_on_it = Resting(many=True, help_text="All that rests on the document, in its order.")


SOURCES = Resource(
    kind="source",
    vi=("tài liệu nguồn", "tài liệu nguồn"),
    en=("source documents", "a source document"),
    filters=SourceFilters,
    orderings={"title": "sort_key"},
    default_order="title",
    serializer=Source,
    example="vneconomy-2023-10",
    example_body={
        "id": "vneconomy-2023-10",
        "title": "Bài trên VnEconomy, tháng 10/2023",
        "publisher": "VnEconomy",
        "reference": None,
        "url": None,
        "published_on": None,
        "published_earliest": "2023-10-01",
        "published_latest": "2023-10-31",
        "published_stated_as": "tháng 10/2023",
        "rests_on_it": [
            {
                "locator": "đoạn 6",
                "record": {"kind": "decision", "code": "qd-jthdsjfd", "name": "607/QĐ-UBND"},
                "field": "number",
                "as_stated": "607/QĐ-UBND",
                "agrees": True,
            }
        ],
    },
)
