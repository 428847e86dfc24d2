"""Addresses under /api/."""

from django.urls import include, path, re_path
from django.urls.resolvers import URLPattern

from registry.api.assignments import ASSIGNMENTS
from registry.api.authorities import AUTHORITIES
from registry.api.changes import ChangesView
from registry.api.checkpoints import CheckpointView
from registry.api.clusters import CLUSTERS
from registry.api.decisions import DECISIONS
from registry.api.documentation import DocsView, SchemaView
from registry.api.errors import UnknownPath
from registry.api.explanations import ExplanationView
from registry.api.histories import HistoryView
from registry.api.incentives import INCENTIVES
from registry.api.indicators import INDICATORS
from registry.api.investors import INVESTORS
from registry.api.land import LAND, LandView
from registry.api.legal_instruments import LEGAL_INSTRUMENTS
from registry.api.places import PLACES
from registry.api.projects import PROJECTS
from registry.api.records import DetailView, ListView
from registry.api.resources import Resource
from registry.api.searches import SearchView
from registry.api.sectors import SECTORS
from registry.api.sources import SOURCES, SourceView
from registry.api.zones import ZONES

RESOURCES = (
    CLUSTERS,
    DECISIONS,
    INVESTORS,
    PROJECTS,
    ZONES,
    PLACES,
    AUTHORITIES,
    SECTORS,
    LEGAL_INSTRUMENTS,
    INDICATORS,
    INCENTIVES,
    ASSIGNMENTS,
    SOURCES,
)

# Anything else is no record's code: it never reaches the database.
CODE = r"(?P<code>[a-z0-9]+(?:-[a-z0-9]+)*)"


def of(resource: Resource) -> list[URLPattern]:
    name = resource.name
    detail = SourceView if resource is SOURCES else DetailView
    return [
        path(f"{name}/", ListView.as_view(resource=resource), name=f"{name}-list"),
        re_path(rf"^{name}/{CODE}/$", detail.as_view(resource=resource), name=f"{name}-detail"),
        re_path(rf"^{name}/{CODE}/history/$", HistoryView.as_view(resource=resource), name=f"{name}-history"),
    ]


v1 = [
    *(pattern for resource in RESOURCES for pattern in of(resource)),
    path("search/", SearchView.as_view(), name="search"),
    path("land/available/", LandView.as_view(resource=LAND), name="land-available"),
    re_path(rf"^explain/clusters/{CODE}/$", ExplanationView.as_view(), name="explain-cluster"),
    path("changes/", ChangesView.as_view(), name="changes"),
    path("ledger/checkpoint/", CheckpointView.as_view(), name="checkpoint"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
]

app_name = "api"
urlpatterns = [
    path("v1/", include(v1)),
    re_path(r"^(?P<rest>.*)$", UnknownPath.as_view(), name="unknown"),
]
