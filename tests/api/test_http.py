"""What every answer has in common: the request's id, links, other origins, addresses that are too long."""

import json
import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from registry.api.middleware import LARGEST_CONTENT, LONGEST_ADDRESS, ApiMiddleware
from tests.api.test_refusals import problem_of

MAP = "https://map.example"
EVERYWHERE = (
    "/api/v1/clusters/",
    "/api/v1/clusters/nothing/",
    "/api/v1/nothing/",
    "/api/v1/clusters/?x=1",
    "/api/v1/schema/",
    "/api/v1/docs/",
    "/admin/login/",
    "/admin/",
    "/nothing/",
    "/healthz",
    "/static/admin/css/base.css",
)


@pytest.mark.parametrize("address", EVERYWHERE)
def test_every_answer_has_the_requests_id(partner, address):
    made = [partner.client.get(address)["X-Request-ID"] for _ in range(2)]
    assert all(re.fullmatch("[0-9a-f]{32}", found) for found in made)
    assert made[0] != made[1]
    brought = "3f2a-BATCH_7.1"
    assert partner.client.get(address, headers={"X-Request-ID": brought})["X-Request-ID"] == brought
    anonymous = Client().get(address, headers={"X-Request-ID": brought})
    assert anonymous["X-Request-ID"] == brought


def test_an_unchanged_answer_has_it_too(partner):
    etag = partner.get("clusters/")["ETag"]
    again = partner.get("clusters/", headers={"If-None-Match": etag, "X-Request-ID": "12345678"})
    assert (again.status_code, again["X-Request-ID"]) == (304, "12345678")


@pytest.mark.parametrize(
    "brought", ["", "short", "a" * 65, "has space", "<script>alert(1)</script>", "ạnh-sang-1", "-begins-so"]
)
def test_an_id_that_could_upset_a_log_is_not_taken_over(partner, brought):
    made = partner.get("clusters/", headers={"X-Request-ID": brought})["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", made)


def test_answers_and_refusals_lead_to_the_documentation(partner):
    for address in ("clusters/", "clusters/?x=1", "nothing/", "docs/", "clusters/nothing/"):
        link = partner.get(address)["Link"]
        for rel, target in (("service-desc", "/api/v1/schema/"), ("service-doc", "/api/v1/docs/")):
            assert f'<{target}>; rel="{rel}"' in link
            assert partner.client.get(target).status_code == 200


def test_a_page_of_a_list_links_to_its_neighbours(seeded, partner):
    first = partner.get("decisions/?page_size=2")
    assert f'<{json.loads(first.content)["next"]}>; rel="next"' in first["Link"]
    assert 'rel="prev"' not in first["Link"]
    second = partner.get(re.search('<([^>]*)>; rel="next"', first["Link"])[1])
    assert f'<{json.loads(second.content)["previous"]}>; rel="prev"' in second["Link"]
    changes = partner.get("changes/?limit=2")
    assert f'<{json.loads(changes.content)["next"]}>; rel="next"' in changes["Link"]


def test_too_long_an_address_is_414_wherever_it_leads(partner):
    for path in ("clusters/", "nothing/"):
        fits = f"/api/v1/{path}?search=".ljust(LONGEST_ADDRESS, "a")
        assert partner.client.get(fits).status_code in (400, 404)
        body = problem_of(partner.client.get(fits + "aaaaaaaa"))
        assert body["code"] == "uri_too_long"
    assert problem_of(Client().post("/api/v1/" + "a" * LONGEST_ADDRESS))["code"] == "uri_too_long"


def test_too_large_a_body_is_413_and_up_to_there_nobody_reads_it(seeded, partner):
    for path in ("clusters/", "nothing/"):
        refused = partner.get(path, headers={"Content-Length": str(LARGEST_CONTENT + 1)})
        assert problem_of(refused)["code"] == "content_too_large"
        fits = partner.get(path, headers={"Content-Length": str(LARGEST_CONTENT)})
        assert fits.status_code in (200, 404)


def test_other_origins_may_not_read_unless_a_setting_names_them(partner):
    for method in ("get", "options"):
        response = getattr(partner.client, method)(
            "/api/v1/clusters/", headers={"Origin": MAP, "Access-Control-Request-Method": "GET"}
        )
        assert [name for name in response.headers if name.lower().startswith("access-control")] == []
        assert "Origin" not in response.get("Vary", "")


@pytest.fixture
def shared(settings, partner):
    """A partner whose registry lets the map read."""
    settings.CORS_ORIGINS = [MAP, "http://localhost:8080"]
    return partner


def test_a_named_origin_may_read_answers_and_refusals(seeded, shared):
    for address, status in (("clusters/", 200), ("clusters/?x=1", 400), ("nothing/", 404)):
        response = shared.get(address, headers={"Origin": MAP})
        assert (response.status_code, response["Access-Control-Allow-Origin"]) == (status, MAP)
        assert "Origin" in response["Vary"]
        assert {"ETag", "Link", "Retry-After", "X-Request-ID", "Registry-Known-Seq"} <= set(
            response["Access-Control-Expose-Headers"].split(", ")
        )
        assert not response.has_header("Access-Control-Allow-Credentials")


def test_a_refusal_before_any_view_reads_like_every_other_answer(shared):
    key = f"hpr_{'a' * 8}_{'x' * 43}"
    for address in (f"/api/v1/clusters/?search={key}", "/api/v1/" + "a" * LONGEST_ADDRESS):
        response = Client().get(address, headers={"Origin": MAP})
        assert response.json()["code"] in ("key_in_address", "uri_too_long")
        assert response["Access-Control-Allow-Origin"] == MAP
        assert 'rel="service-desc"' in response["Link"]
        assert key not in str(response.wsgi_request.META)


def test_a_browser_that_asks_beforehand_needs_no_key(shared):
    asked = {
        "Origin": MAP,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    response = Client().options("/api/v1/clusters/", headers=asked)
    assert (response.status_code, response.content) == (204, b"")
    assert not response.has_header("Content-Type")
    assert response["Access-Control-Allow-Origin"] == MAP
    assert "Authorization" in response["Access-Control-Allow-Headers"]
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert int(response["Access-Control-Max-Age"]) > 0


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        f"{MAP}.evil.example",
        "http://map.example",
        f"{MAP}:444",
        f"{MAP}/",
        "*",
    ],
)
def test_an_origin_that_only_resembles_a_named_one_may_not(shared, origin):
    for method in ("get", "options"):
        response = getattr(shared.client, method)(
            "/api/v1/clusters/", headers={"Origin": origin, "Access-Control-Request-Method": "GET"}
        )
        assert not response.has_header("Access-Control-Allow-Origin")
        assert "Origin" in response["Vary"]


def test_the_admin_is_never_shared(shared, db):
    response = shared.client.get("/admin/login/", headers={"Origin": MAP})
    assert not response.has_header("Access-Control-Allow-Origin")


@pytest.mark.parametrize("origin", ["*", "null", "map.example", f"{MAP}/", "https://*.example", MAP.upper()])
def test_an_origin_that_cannot_be_meant_stops_the_start(settings, origin):
    settings.CORS_ORIGINS = [origin]
    with pytest.raises(ImproperlyConfigured, match="CORS_ORIGINS"):
        ApiMiddleware(lambda request: None)
