"""Clusters with industrial land that nobody leases, by what was last reported of them."""

from dataclasses import replace
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from rest_framework import serializers

from registry.api import shapes
from registry.api.clocks import Clocks
from registry.api.clusters import CLUSTERS, Land
from registry.api.operations import Operation
from registry.api.records import ListView
from registry.models import EditionTerm
from registry.models.editions import Edition
from registry.queries.editions import each_with
from registry.rules import codes
from registry.rules.cluster_states import CLOSING
from registry.rules.composition.world import fixed


class AvailableLand(serializers.Serializer[Any]):
    """A cluster with industrial land free to lease. Members as those of a cluster, which has more."""

    code = shapes.text("The cluster's code.")
    name = shapes.text()
    legal_stage = shapes.code(codes.LEGAL_STAGE)
    legal_stage_label = shapes.Label()
    operating_status = shapes.code(codes.OPERATING_STATUS)
    operating_status_label = shapes.Label()
    area_ha = shapes.number("Hectares of the whole cluster.")
    developer = shapes.Named(allow_null=True)
    places = shapes.Place(many=True)
    sectors = serializers.ListField(child=serializers.CharField())
    land = Land(help_text="How much is free, on which day, and which document says so.")


FREE = {
    "industrial_land_ha": 40,
    "leased_ha": 25.5,
    "approved_ha": None,
    "unleased_ha": 14.5,
    "unleased_qualifier": "exact",
    "as_of": "2024-06-30",
    "as_of_stated_as": "30/6/2024",
    "source": {"id": "vneconomy-2023-10", "title": "Bài trên VnEconomy, tháng 10/2023"},
    "locator": "đoạn 6",
    "as_stated": "đã cho thuê 25,5 ha trên 40 ha đất công nghiệp",
}

LAND = replace(
    CLUSTERS,
    en=("clusters with unleased industrial land", "a cluster with unleased industrial land"),
    vi=("cụm còn đất công nghiệp chưa cho thuê", "cụm còn đất công nghiệp chưa cho thuê"),
    orderings={"unleased_ha": "unleased", **CLUSTERS.orderings},
    default_order="-unleased_ha",
    serializer=AvailableLand,
    example_body={
        name: FREE if name == "land" else CLUSTERS.example_body[name] for name in AvailableLand().fields
    },
)


class LandView(ListView):
    """A list of clusters, of which it shows a part. Those of which no report tells are not in it: unknown is not 0."""

    narrowed = True

    def operation(self) -> Operation:
        return replace(super().operation(), name="list_available_land", tag="land")

    def selected(self, given: dict[str, str], at: Clocks) -> QuerySet[Edition]:
        # A cluster that was closed by law has no land to offer, whatever was reported of it before.
        standing = super().selected(given, at).exclude(legal_stage__in=CLOSING)
        free = EditionTerm.objects.filter(kind="cluster", term="unleased_ha")
        rows = each_with(standing, free.filter(value__gte=fixed("0.0001")))
        return rows.annotate(unleased=Subquery(free.filter(edition_id=OuterRef("pk")).values("value")[:1]))

    def fields(self, given: dict[str, str]) -> frozenset[str]:
        """Never more than the list shows: a cluster has more members."""
        asked = super().fields(given)
        return frozenset(self.resource.fields) if asked is None else asked
