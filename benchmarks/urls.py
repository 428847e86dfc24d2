"""Our addresses, and under bench/ what they are compared with: behind the same server and the same middleware."""

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework.request import Request

from benchmarks.stock import driver
from benchmarks.stock.views import ClusterViewSet
from config.urls import handler400, handler404, handler500  # noqa: F401
from registry.api.clocks import clocks
from registry.api.clusters import CLUSTERS
from registry.api.records import ListView
from registry.queries.editions import Order, page_of_all


class OpenListView(ListView):
    """Our list without key, throttle and count of use."""

    authentication_classes = []
    permission_classes = []

    def _count(self, request: Request) -> None:
        pass


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _bodies() -> list[bytes]:
    """The hundred bodies of our first page, by the same query."""
    at, orders = clocks({}), (Order(CLUSTERS.orderings["name"]), Order("subject_id"))
    found = page_of_all(
        CLUSTERS.kind, orders, ["body"], known_seq=at.known_seq, valid_on=at.valid_on, size=100
    )
    return [bytes(row[-1]) for row in found.rows]


@cache
def _joined() -> bytes:
    return b",".join(_bodies())


def read(request: HttpRequest) -> HttpResponse:
    """Part of a list: its clocks and its rows are read, and nothing is sent."""
    _bodies()
    return HttpResponse()


def sent(request: HttpRequest) -> HttpResponse:
    """Part of a list: as many bytes are sent, and nothing is read."""
    return HttpResponse(_joined(), content_type="application/json")


def driven(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b'{"results":' + driver.page() + b"}", content_type="application/json")


urlpatterns = [
    path("bench/empty/", empty),
    path("bench/read/", read),
    path("bench/sent/", sent),
    path("bench/driver/clusters/", driven),
    path("bench/stock/clusters/", ClusterViewSet.as_view({"get": "list"})),
    path("bench/open/clusters/", OpenListView.as_view(resource=CLUSTERS)),
    path("", include("config.urls")),
]
