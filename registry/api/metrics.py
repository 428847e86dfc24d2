"""`/metrics` for Prometheus: closed unless METRICS_TOKEN or METRICS_ADDRESSES opens it."""

import os
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from registry import RELEASE, clock
from registry.actions.backups import default_folder, newest_backup
from registry.api.problems import only_read
from registry.api.watching import metrics_are_open
from registry.ledger.checkpoints import unsigned_since
from registry.ledger.entries import head as ledger_head
from registry.queries.announcements import last_announcement
from registry.queries.api_keys import lapsing
from registry.queries.published import head
from registry.queries.webhooks import standing
from registry.rules.addresses import client_address, within


@only_read
def metrics(request: HttpRequest) -> HttpResponse:
    if not metrics_are_open():
        raise Http404
    if not may_read(request):
        return HttpResponse("metrics_forbidden\n", status=403, content_type="text/plain; charset=utf-8")
    response = HttpResponse(everything(), content_type=CONTENT_TYPE_LATEST)
    response["Cache-Control"] = "no-store"
    return response


def may_read(request: HttpRequest) -> bool:
    """Who shows the token, or asks from one of the networks."""
    shown = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and constant_time_compare(shown, f"Bearer {settings.METRICS_TOKEN}"):
        return True
    address = client_address(
        request.META.get("REMOTE_ADDR", ""),
        request.headers.get("X-Forwarded-For", ""),
        settings.TRUSTED_PROXIES,
    )
    return bool(settings.METRICS_ADDRESSES) and within(address, settings.METRICS_ADDRESSES)


def everything() -> bytes:
    """What all processes counted, and how the registry stands now."""
    now = CollectorRegistry()
    now.register(Standing())
    counted = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    return bytes(generate_latest(counted) + generate_latest(now))


class Standing(Collector):
    """Asked anew at each reading. Without a database the counts of requests are still told."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        release = GaugeMetricFamily("registry_release", "The release that answers.", labels=["release"])
        release.add_metric([RELEASE], 1)
        yield release
        try:
            found = list(self.of_the_database())
            yield gauge("database_up", "Whether the database answers.", 1)
            yield from found
        except DatabaseError:
            yield gauge("database_up", "Whether the database answers.", 0)
        now = clock.now()
        if written := newest_backup(default_folder(), now):
            age = (now - written).total_seconds()
            yield gauge("backup_age_seconds", "Age of the newest whole backup in BACKUP_DIR.", age)

    def of_the_database(self) -> Iterator[GaugeMetricFamily]:
        yield gauge("publications", "Number of the last publication.", head())
        yield gauge(
            "announcements", "Number of the last announcement of the change feed.", last_announcement()
        )
        yield gauge("ledger_head", "Number of the last entry of the ledger.", ledger_head()[0])
        if settings.CHECKPOINT_KEY_FILE:
            since = unsigned_since()
            age = (clock.now() - since).total_seconds() if since else 0
            yield gauge("unsigned_seconds", "Age of the oldest entry that no checkpoint vouches for.", age)
        webhooks = standing(clock.now())
        yield gauge("webhook_queue", "Messages that webhooks are still to be sent.", webhooks.waiting)
        waited = (clock.now() - webhooks.waiting_since).total_seconds() if webhooks.waiting_since else 0
        yield gauge("webhook_waiting_seconds", "Age of the oldest news among them.", waited)
        yield gauge("webhooks_failing", "Webhooks whose last attempt failed.", webhooks.failing)
        yield gauge(
            "webhooks_stopped", "Webhooks stopped because their receiver kept failing.", webhooks.stopped
        )
        yield gauge(
            "webhooks_keyless",
            "Webhooks that wait for a key of their partner, which has none that opens anything, or never had one.",
            webhooks.keyless,
        )
        yield gauge(
            "partners_lapsing", "Partners whose last key ends within 30 days, or ended by itself.",
            lapsing(clock.now()).count(),
        )  # fmt: skip


def gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"registry_{name}", meaning, value=value)


urlpatterns = [path("metrics", metrics, name="metrics")]
