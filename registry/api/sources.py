"""Source documents: where values are stated."""

from typing import Any

from rest_framework import serializers

from registry.api import shapes
from registry.api.filters import EditionFilters
from registry.api.resources import Resource


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
    },
)
