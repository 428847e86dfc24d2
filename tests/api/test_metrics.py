"""/metrics: closed, opened by a token or an address, by route and never by path."""

import io
import os
import shutil
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from registry.api.watching import request_seconds
from registry.ledger.checkpoints import new_key
from tests.world import World

TOKEN = "mot-ma-dai-cho-prometheus"


@pytest.fixture
def opened(settings, tmp_path):
    settings.METRICS_TOKEN = TOKEN
    settings.BACKUP_DIR = tmp_path
    settings.CHECKPOINT_KEY_FILE = str(tmp_path / "key.pem")
    new_key(tmp_path / "key.pem")
    request_seconds().clear()
    return settings


def read(**how):
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, **how)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    samples = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for sample in family.samples:
            samples[sample.name, *sample.labels.values()] = sample.value
    return samples


def test_it_is_closed_unless_a_setting_opens_it(db):
    assert Client().get("/metrics").status_code == 404


@pytest.mark.parametrize("shown", [None, "Bearer wrong", TOKEN, f"Basic {TOKEN}", "Bearer "])
def test_another_token_is_refused(opened, db, shown):
    answer = Client().get("/metrics", headers={"Authorization": shown} if shown else {})
    assert (answer.status_code, answer.content) == (403, b"metrics_forbidden\n")


def test_addresses_open_it_without_a_token_past_our_own_proxies_only(opened, db):
    from config.environment import ip_network

    opened.METRICS_TOKEN, opened.METRICS_ADDRESSES = "", [ip_network("10.1.0.0/16")]
    assert Client().get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 200
    assert Client().get("/metrics", REMOTE_ADDR="10.2.2.3").status_code == 403
    chosen = {"X-Forwarded-For": "10.1.2.3"}
    assert Client().get("/metrics", REMOTE_ADDR="192.0.2.9", headers=chosen).status_code == 403
    opened.TRUSTED_PROXIES = 1
    assert Client().get("/metrics", REMOTE_ADDR="192.0.2.9", headers=chosen).status_code == 200


def test_how_the_registry_stands(opened, seeded: World, tmp_path):
    found = read()
    assert found["registry_publications",] == 1
    assert found["registry_announcements",] > 6
    assert found["registry_ledger_head",] > 100
    assert found["registry_webhook_queue",] == 0
    assert found["registry_webhook_waiting_seconds",] == 0
    assert found["registry_database_up",] == 1
    assert ("registry_backup_age_seconds",) not in found
    assert found["registry_unsigned_seconds",] > 0
    call_command("checkpoint", stdout=io.StringIO())
    assert read()["registry_unsigned_seconds",] == 0
    opened.CHECKPOINT_KEY_FILE = ""
    assert ("registry_unsigned_seconds",) not in read()
    whole = tmp_path / "registry-20261122T070500Z"
    (tmp_path / ".registry-20261122T080500Z-x").mkdir()
    whole.mkdir()
    (whole / "manifest.json").write_text("{}")
    two_hours_ago = datetime.now(UTC).timestamp() - 7200
    os.utime(whole, (two_hours_ago, two_hours_ago))
    assert 7200 <= read()["registry_backup_age_seconds",] < 7260
    # Neither what a clock that ran ahead left, nor a name that sorts last, is the newest.
    for name, age in (("registry-20991122T070500Z", -86400), ("registry-20981122T070500Z", 9000)):
        shutil.copytree(whole, tmp_path / name)
        os.utime(tmp_path / name, (datetime.now(UTC).timestamp() - age,) * 2)
    assert 7200 <= read()["registry_backup_age_seconds",] < 7260


def test_requests_are_counted_by_route_and_not_by_address(opened, seeded: World):
    client = Client()
    for address in ("/api/v1/clusters/", "/api/v1/clusters/giang-bien/", "/api/v1/clusters/an-tho/"):
        client.get(address)
    client.get("/api/v1/no-such-thing-a/")
    client.get("/no-such-thing-b/")
    client.generic("BREW", "/healthz")
    counted = {key[1:]: value for key, value in read().items() if key[0] == "registry_request_seconds_count"}
    assert counted["GET", "api:clusters-list", "401"] == 1
    assert counted["GET", "api:clusters-detail", "401"] == 2
    assert counted["GET", "api:unknown", "404"] == 1
    assert counted["GET", "none", "404"] == 1
    assert counted["other", "registry.api.health.healthz", "405"] == 1
    assert not any("giang" in part or "no-such" in part for key in counted for part in key)
