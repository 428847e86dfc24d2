"""Our addresses, and under bench/ what they are compared with: behind the same server and the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework.request import Request

from benchmarks.stock import driver
from benchmarks.stock.views import ClusterViewSet
from config.urls import handler400, handler404, handler500  # noqa: F401
from registry.api.clusters import CLUSTERS
from registry.api.records import ListView


class OpenListView(ListView):
    """Our list without key, throttle and count of use."""

    authentication_classes = []
    permission_classes = []

    def _count(self, request: Request) -> None:
        pass


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def driven(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b'{"results":' + driver.page() + b"}", content_type="application/json")


urlpatterns = [
    path("bench/empty/", empty),
    path("bench/driver/clusters/", driven),
    path("bench/stock/clusters/", ClusterViewSet.as_view({"get": "list"})),
    path("bench/open/clusters/", OpenListView.as_view(resource=CLUSTERS)),
    path("", include("config.urls")),
]
