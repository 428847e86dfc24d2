"""The page of clusters as REST framework is commonly used to make it: ModelSerializers over prefetched rows."""

from typing import Any

from django.db.models import Prefetch
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from benchmarks.stock import models
from registry.api.base import ApiView
from registry.api.clocks import clocks
from registry.api.clusters import CLUSTERS
from registry.rules import codes


class Developer(serializers.ModelSerializer):
    class Meta:
        model = models.Developer
        fields = ["code", "name"]


class Paper(serializers.ModelSerializer):
    id = serializers.CharField(source="code")

    class Meta:
        model = models.Paper
        fields = ["id", "number"]


class Document(serializers.ModelSerializer):
    id = serializers.CharField(source="code")

    class Meta:
        model = models.Document
        fields = ["id", "title"]


class Unit(serializers.ModelSerializer):
    id = serializers.CharField(source="code")

    class Meta:
        model = models.Place
        fields = ["id", "name", "kind"]


class Today(serializers.ModelSerializer):
    id = serializers.CharField(source="unit.code")
    name = serializers.CharField(source="unit.name")
    kind = serializers.CharField(source="unit.kind")

    class Meta:
        model = models.Today
        fields = ["id", "name", "kind", "extent"]


class Place(serializers.ModelSerializer):
    id = serializers.CharField(source="code")
    within = Unit()
    today = Today(many=True)

    class Meta:
        model = models.Place
        fields = ["id", "name", "kind", "within", "today"]


class Occupancy(serializers.ModelSerializer):
    class Meta:
        model = models.Occupancy
        fields = ["basis", "value", "qualifier", "as_of"]


class Entry(serializers.ModelSerializer):
    effect_label = serializers.SerializerMethodField()
    decision = Paper()

    class Meta:
        model = models.Entry
        fields = ["effect", "effect_label", "as_stated", "on", "earliest", "verification", "decision"]

    def get_effect_label(self, row: models.Entry) -> Any:
        return codes.EFFECT.labels(row.effect) if row.effect else None


class Cited(serializers.ModelSerializer):
    source = Document()
    decision = Paper()

    class Meta:
        model = models.Cited
        fields = ["source", "locator", "field", "as_stated", "agrees", "decision", "shown"]


class Cluster(serializers.ModelSerializer):
    aliases = serializers.SerializerMethodField()
    legal_stage_label = serializers.SerializerMethodField()
    legal_stage_decision = Paper()
    operating_status_label = serializers.SerializerMethodField()
    area_decision = Paper()
    developer = Developer()
    developer_decision = Paper()
    places = Place(many=True)
    sectors = serializers.SerializerMethodField()
    occupancy = Occupancy(many=True)
    timeline = Entry(many=True)
    sources = Cited(many=True)
    unsourced = serializers.SerializerMethodField()

    class Meta:
        model = models.Cluster
        fields = sorted(models.KNOWN)

    def get_aliases(self, row: models.Cluster) -> list[str]:
        return row.aliases.splitlines()

    def get_legal_stage_label(self, row: models.Cluster) -> Any:
        return codes.LEGAL_STAGE.labels(row.legal_stage)

    def get_operating_status_label(self, row: models.Cluster) -> Any:
        return codes.OPERATING_STATUS.labels(row.operating_status)

    def get_sectors(self, row: models.Cluster) -> list[str]:
        return row.sectors.splitlines()

    def get_unsourced(self, row: models.Cluster) -> list[str]:
        return row.unsourced.splitlines()

    def to_representation(self, instance: models.Cluster) -> dict[str, Any]:
        return super().to_representation(instance) | instance.others


class Pages(CursorPagination):
    page_size = 100
    ordering = ("sort_key", "id")

    def get_paginated_response(self, data: Any) -> Response:
        at = clocks({})
        return Response(
            {
                "valid_on": at.valid_on,
                "known_at": at.known_at_text,
                "known_seq": at.known_seq,
                "next": self.get_next_link(),
                "previous": self.get_previous_link(),
                "results": data,
            }
        )


class ClusterViewSet(ReadOnlyModelViewSet, ApiView):
    """Whoever may read our list may read this one: the same key, scopes, quota and refusals."""

    kind_read = CLUSTERS.kind
    renderer_classes = [JSONRenderer]
    pagination_class = Pages
    serializer_class = Cluster
    queryset = models.Cluster.objects.select_related(
        "legal_stage_decision", "area_decision", "developer", "developer_decision"
    ).prefetch_related(
        Prefetch("places", models.Place.objects.select_related("within")),
        Prefetch("places__today", models.Today.objects.select_related("unit")),
        "occupancy",
        Prefetch("timeline", models.Entry.objects.select_related("decision")),
        Prefetch("sources", models.Cited.objects.select_related("source", "decision")),
    )
