"""What a key opens, from where, how often; and that it is never written down."""

import json
import logging
import re
import subprocess
import sys
from datetime import date, timedelta
from ipaddress import ip_address
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.actions.api_keys import revoke_api_keys
from registry.actions.publish import publish_seed
from registry.api import metering
from registry.api.metering import METER
from registry.api.resources import NAMES
from registry.api.windows import Windows
from registry.ledger.context import recorded
from registry.models import ApiKeyUse, Effect, Investor, LedgerPayload, Partner
from registry.queries.api_keys import find
from registry.rules.hanoi import end_of
from registry.rules.scopes import SCOPE, kinds_of
from tests.api.conftest import NOW
from tests.api.conftest import Partner as Reading
from tests.api.records import made
from tests.keys import new_key
from tests.world import TODAY

PUBLIC = ("schema/", "docs/", "ledger/checkpoint/")
ROOT = Path(__file__).resolve().parent.parent.parent
MINUTE = timedelta(seconds=60)


@pytest.fixture(autouse=True)
def _counters_of_its_own(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    METER._counts = {}


@pytest.fixture
def throttled(settings):
    settings.REQUESTS_PER_MINUTE, settings.ANONYMOUS_REQUESTS_PER_MINUTE = 3, 2


# Scopes


@pytest.mark.parametrize("scope", SCOPE)
def test_a_scope_opens_its_resources_and_no_others(seeded, at, scope):
    reader, everything = (Reading(new_key("A", at=NOW, scopes=s)[1]) for s in ([scope], SCOPE.codes))
    for kind, name in NAMES.items():
        if kind in kinds_of([scope]):
            assert reader.get(f"{name}/").status_code == 200
            continue
        code = everything.read(f"{name}/?page_size=1")["results"]
        known = (code[0].get("code") or code[0]["id"]) if code else "x"
        for address in (f"{name}/", f"{name}/{known}/", f"{name}/{known}/history/", f"{name}/never-was/"):
            body = reader.refused(address, 403)
            assert body["code"] == "scope_missing"
            assert re.findall("“(.*?)”", body["detail"])[0] in SCOPE
    read = {change["resource"] for change in reader.results("changes/")}
    assert read == {NAMES[kind] for kind in kinds_of([scope])} & {
        change["resource"] for change in everything.results("changes/")
    }


# Addresses, one answer for every key that does not fit


def test_a_key_is_used_from_its_networks_only(db, at):
    _, raw_key = new_key("A", at=NOW, addresses="10.0.0.0/8\n2001:db8::/32")
    for address, status in (
        ("10.1.2.3", 200),
        ("::ffff:10.1.2.3", 200),
        ("2001:db8::5", 200),
        ("11.0.0.1", 401),
        ("2001:db9::5", 401),
        ("", 401),
    ):
        found = Reading(raw_key).get("clusters/", REMOTE_ADDR=address)
        assert found.status_code == status, address


def test_behind_proxies_the_address_is_the_one_they_heard_from(db, at, settings):
    _, raw_key = new_key("A", at=NOW, addresses="203.0.113.7")
    sent = {"REMOTE_ADDR": "10.0.0.1", "headers": {"X-Forwarded-For": "203.0.113.7"}}
    assert Reading(raw_key).get("clusters/", **sent).status_code == 401
    settings.TRUSTED_PROXIES = 1
    assert Reading(raw_key).get("clusters/", **sent).status_code == 200
    sent["headers"]["X-Forwarded-For"] = "203.0.113.7, 198.51.100.1"
    assert Reading(raw_key).get("clusters/", **sent).status_code == 401


def unfit(at) -> dict[str, str]:
    """A right key and one of each kind that opens nothing."""
    _, right = new_key("Đúng", at=NOW)
    gone, revoked = new_key("Thu hồi", at=NOW)
    revoke_api_keys([gone], at=NOW, by="lan")
    return {
        "right": right,
        "wrong": right[:-2] + ("aa" if right[-2:] != "aa" else "bb"),
        "unknown": "hpr_zzzzzzzz_" + right.split("_", 2)[2],
        "expired": new_key("Hết hạn", at=NOW - MINUTE, expires_at=NOW)[1],
        "revoked": revoked,
        "elsewhere": new_key("Nơi khác", at=NOW, addresses="10.0.0.0/8")[1],
    }


def test_whatever_is_wrong_with_a_key_the_answer_is_the_same(db, at):
    keys = unfit(at)
    right = keys.pop("right")
    answers = {name: Reading(key).get("clusters/") for name, key in keys.items()}
    assert {response.status_code for response in answers.values()} == {401}
    assert len({response.content for response in answers.values()}) == 1
    own = {"X-Request-ID", "RateLimit"}
    heads = [{k: v for k, v in r.headers.items() if k not in own} for r in answers.values()]
    assert all(head == heads[0] for head in heads)
    assert json.loads(answers["wrong"].content)["code"] == "key_invalid"
    assert Reading(right).get("clusters/").status_code == 200


def test_one_query_finds_key_and_partner_and_another_none_more(db, at, django_assert_num_queries):
    for name, key in unfit(at).items():
        with django_assert_num_queries(1):
            assert (find(key, NOW, ip_address("127.0.0.1")) is not None) == (name == "right")


def test_a_key_that_does_not_fit_is_refused_no_slower_than_one_that_does(db, at):
    """Taken in turns, so that a busy machine slows all alike; medians of 300, the best of five rounds."""
    keys, here = unfit(at), ip_address("127.0.0.1")
    ratios: dict[str, list[float]] = {name: [] for name in keys}
    for _ in range(5):
        took: dict[str, list[float]] = {name: [] for name in keys}
        for _ in range(300):
            for name, key in keys.items():
                began = perf_counter()
                find(key, NOW, here)
                took[name].append(perf_counter() - began)
        for name, times in took.items():
            ratios[name].append(median(times) / median(took["right"]))
    for name, found in ratios.items():
        assert min(found) < 1.15, (name, found)
        assert max(found) > 0.7, (name, found)


# Limits


def test_every_answer_says_what_is_left_and_the_one_too_many_when_to_come_back(db, at, throttled):
    reader = Reading(new_key("A", at=NOW)[1])
    left = [reader.get(a) for a in ("clusters/", "clusters/never-was/", "clusters/?x=1")]
    assert [r.status_code for r in left] == [200, 404, 400]
    assert [r["RateLimit"] for r in left] == [f'"minute";r={n};t=60' for n in (2, 1, 0)]
    assert {r["RateLimit-Policy"] for r in left} == {'"minute";q=3;w=60'}
    assert not any(r.has_header("Retry-After") for r in left)
    at(2026, 2, 2, 3, 0, 40)
    refused = reader.get("clusters/")
    assert (refused.status_code, refused["Retry-After"]) == (429, "20")
    assert refused["RateLimit"] == '"minute";r=0;t=20'
    body = json.loads(refused.content)
    assert (body["code"], body["status"]) == ("too_many_requests", 429)
    assert "20 giây" in body["detail"]
    assert refused["Content-Type"] == "application/problem+json"
    at(2026, 2, 2, 3, 0, 59)
    assert reader.get("clusters/").status_code == 429
    at(2026, 2, 2, 3, 1, 0)
    assert reader.get("clusters/")["RateLimit"] == '"minute";r=2;t=60'


def test_each_key_has_its_own_limit_and_a_partner_may_have_another(db, at, throttled):
    first, second = (Reading(new_key("A", at=NOW)[1]) for _ in range(2))
    assert [first.get("clusters/").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert second.get("clusters/").status_code == 200
    Partner.objects.update(requests_per_minute=5)
    assert [second.get("clusters/").status_code for _ in range(5)] == [200] * 4 + [429]
    assert second.get("clusters/")["RateLimit-Policy"] == '"minute";q=5;w=60'


def test_without_a_key_each_address_has_its_limit(db, at, throttled, settings):
    settings.ANONYMOUS_READING = True
    here, there = {"REMOTE_ADDR": "198.51.100.1"}, {"REMOTE_ADDR": "198.51.100.2"}
    asked = [Client().get(f"/api/v1/{a}", **here).status_code for a in ("clusters/", "schema/", "docs/")]
    assert asked == [200, 200, 429]
    assert Client().get("/api/v1/clusters/", **there).status_code == 200
    # One network of IPv6 is one reader.
    assert [
        Client().get("/api/v1/clusters/", REMOTE_ADDR=f"2001:db8:0:1::{n}").status_code for n in range(3)
    ] == [200, 200, 429]
    assert Client().get("/api/v1/clusters/", REMOTE_ADDR="2001:db8:0:2::1").status_code == 200
    assert Client().get("/healthz", **here).status_code == 200


def test_guessing_keys_is_limited_by_address_and_spares_the_right_ones(db, at, throttled):
    keys = unfit(at)
    right = Reading(keys.pop("right"))
    guesses = [Reading(keys[name]).get("clusters/").status_code for name in ("wrong", "unknown", "expired")]
    assert guesses == [401, 401, 429]
    assert Reading(keys["revoked"]).get("clusters/").status_code == 429
    assert right.get("clusters/").status_code == 200


def test_nothing_is_limited_where_a_deployment_sets_no_limit(db, at, settings):
    settings.REQUESTS_PER_MINUTE = settings.ANONYMOUS_REQUESTS_PER_MINUTE = 0
    answer = Reading(new_key("A", at=NOW)[1]).get("clusters/")
    assert answer.status_code == 200
    assert not answer.has_header("RateLimit")


def test_asking_for_the_options_costs_nothing(db, at, throttled):
    for _ in range(5):
        assert Client().options("/api/v1/clusters/").status_code == 204


def test_no_key_is_guessed_by_asking_for_the_options(db, at, throttled, django_assert_num_queries):
    keys = unfit(at)
    for name in keys:
        with django_assert_num_queries(0):
            answer = Client(headers={"Authorization": f"Bearer {keys[name]}"}).options("/api/v1/clusters/")
        assert answer.status_code == 204


def test_a_right_key_counts_by_itself_also_where_none_is_needed(db, at, throttled):
    raw_key = new_key("A", at=NOW)[1]
    sent = {"Authorization": f"Bearer {raw_key}"}
    open_to_all = ("schema/", "docs/", "ledger/checkpoint/", "nowhere/")
    for _ in range(2):
        Client().get("/api/v1/nowhere/")
    left = [Client(headers=sent).get(f"/api/v1/{address}") for address in open_to_all]
    assert [answer.headers["RateLimit"] for answer in left[:3]] == [f'"minute";r={n};t=60' for n in (2, 1, 0)]
    assert left[3].status_code == 429
    # One that does not fit is no hindrance there, and counts as its address does.
    wrong = {"Authorization": f"Bearer {raw_key[:-4]}zzzz"}
    found = Client(headers=wrong).get("/api/v1/schema/", REMOTE_ADDR="198.51.100.9")
    assert (found.status_code, found["RateLimit"]) == (200, '"minute";r=1;t=60')


def test_who_accepts_no_answer_of_ours_is_counted_too(db, at, throttled):
    reader = Reading(new_key("A", at=NOW)[1])
    answers = [reader.get("clusters/", headers={"Accept": "image/png"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [406, 406, 406, 429]
    assert answers[0]["RateLimit"] == '"minute";r=2;t=60'
    assert json.loads(answers[0].content)["code"] == "not_acceptable"


def test_a_key_ends_with_its_last_day_in_hanoi(db, at):
    reader = Reading(new_key("A", at=NOW, expires_at=end_of(date(2026, 2, 2)))[1])
    at(2026, 2, 2, 16, 59, 59)
    assert reader.get("clusters/").status_code == 200
    at(2026, 2, 2, 17, 0, 0)
    assert reader.get("clusters/").status_code == 401


def test_a_file_that_was_begun_before_its_key_was_revoked_is_whole_and_the_next_is_refused(seeded, at):
    key, raw_key = new_key("A", at=NOW)
    reader = Reading(raw_key)
    begun = reader.get("decisions/?format=jsonl").streaming_content
    first = next(begun)
    revoke_api_keys([key], at=NOW, by="lan")
    told = (first + b"".join(begun)).splitlines()
    assert len([line for line in told if b'"verification"' in line]) == 12
    assert reader.get("decisions/?format=jsonl").status_code == 401


def test_named_resources_that_a_key_may_not_read_are_refused_in_the_feed_as_in_the_search(seeded, at):
    reader = Reading(new_key("A", at=NOW, scopes=["investors"])[1])
    for address in ("changes/?resource=decisions", "changes/?resource=investors,decisions&format=csv"):
        assert reader.refused(address, 403)["code"] == "scope_missing"
    assert reader.refused("search/?q=a&resource=decisions", 403)["code"] == "scope_missing"
    assert {one["resource"] for one in reader.results("changes/?resource=investors")} == {"investors"}
    assert "decisions" not in {one["resource"] for one in reader.results("changes/")}


def test_a_filter_tells_nobody_which_records_there_are_that_the_key_may_not_read(seeded, at):
    clusters, everything = (
        Reading(new_key("A", at=NOW, **scopes)[1]) for scopes in ({"scopes": ["clusters"]}, {})
    )
    for name in ("decision", "developer", "project", "source"):
        assert clusters.results(f"clusters/?{name}=khong-co") == []
        assert everything.refused(f"clusters/?{name}=khong-co", 400)["code"] == "record_not_found"
    assert clusters.refused("clusters/?place=khong-co", 400)["code"] == "place_unknown"
    assert clusters.results("clusters/?developer=tien-phat")


TAKING = """
import sys
from pathlib import Path
from registry.api.windows import Windows
windows = Windows(Path(sys.argv[1]))
print(sum(windows.take(7, quota=1000, now=1e6).allowed for _ in range(400)))
"""


def test_processes_share_one_count_to_the_last_request(tmp_path):
    words = [sys.executable, "-c", TAKING, str(tmp_path / "counts")]
    running = [subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    allowed = [int(process.communicate(timeout=60)[0]) for process in running]
    assert sum(allowed) == 1000


def test_a_clock_set_back_or_a_file_that_cannot_be_written_locks_nobody_out(tmp_path, caplog):
    windows = Windows(tmp_path / "counts")
    assert [windows.take(1, quota=1, now=5000.0).allowed for _ in range(2)] == [True, False]
    assert not windows.take(1, quota=1, now=4998.0).allowed
    assert windows.take(1, quota=1, now=1000.0).allowed
    (tmp_path / "file").write_text("")
    alone = Windows(tmp_path / "file" / "counts")
    assert [alone.take(1, quota=1, now=1.0).allowed for _ in range(2)] == [True, False]
    assert "each process counts" in caplog.text


# Use


def test_use_is_counted_by_day_without_a_query_of_its_own(db, at, throttled):
    key, raw_key = new_key("A", at=NOW)
    reader = Reading(raw_key)
    with CaptureQueriesContext(connection) as asked:
        for _ in range(4):
            reader.get("clusters/")
    assert not any("apikeyuse" in query["sql"] for query in asked.captured_queries)
    at(2026, 2, 2, 17, 30)  # half an hour into the next day in Hà Nội
    reader.get("clusters/")
    METER.write()
    METER.write()
    rows = ApiKeyUse.objects.order_by("day").values_list("key", "day", "requests", "refused")
    assert [(k, f"{day:%d/%m}", n, over) for k, day, n, over in rows] == [
        (key.pk, "02/02", 4, 1),
        (key.pk, "03/02", 1, 0),
    ]
    reader.get("clusters/")
    METER.write()
    assert list(ApiKeyUse.objects.order_by("day").values_list("requests", flat=True)) == [4, 2]


def test_a_key_that_does_not_fit_is_not_used(db, at):
    for key in unfit(at).values():
        Reading(key).get("clusters/")
    METER.write()
    assert ApiKeyUse.objects.count() == 1


def test_what_the_database_does_not_take_is_counted_later(db, at, monkeypatch, caplog):
    key, raw_key = new_key("A", at=NOW)
    Reading(raw_key).get("clusters/")

    def refuse(counts):
        raise DatabaseError("database is locked")

    with monkeypatch.context() as broken:
        broken.setattr(metering, "add_uses", refuse)
        METER.write()
        assert Reading(raw_key).get("clusters/").status_code == 200
    METER.write()
    assert ApiKeyUse.objects.get(key=key).requests == 2
    assert "could not be written" in caplog.text


# Never written down


SPELT = [
    str,
    lambda key: key.replace("_", "%5F").replace("h", "%68", 1),
    lambda key: key.replace("_", "%255F"),
    lambda key: key.replace("_", "%2525255f").replace("p", "%70"),
]


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/clusters/?api_key={}",
        "/api/v1/clusters/?{}",
        "/api/v1/clusters/{}/",
        "/api/v1/{}",
        "/api/{}",
        "/{}",
        "/admin/registry/apikey/?q={}",
        "/healthz?key={}",
        "/api/v1/clusters?key={}",
    ],
)
@pytest.mark.parametrize("spelt", SPELT)
def test_a_key_in_an_address_is_refused_and_written_nowhere(db, at, caplog, address, spelt):
    caplog.set_level(logging.DEBUG)
    _, raw_key = new_key("A", at=NOW)
    secret = raw_key.split("_", 2)[2]
    sent = {"RAW_URI": address.format(raw_key), "HTTP_REFERER": f"http://a/?{raw_key}"}
    response = Client().get(address.format(spelt(raw_key)), **sent)
    assert response.status_code == 400
    assert "Khóa API nằm trong địa chỉ" in response.content.decode() or "khóa" in response.content.decode()
    if address.startswith("/api/"):
        assert json.loads(response.content)["code"] == "key_in_address"
    texts = [caplog.text, response.content.decode(), str(response.headers), str(response.wsgi_request.META)]
    texts += [response.wsgi_request.path, response.wsgi_request.get_full_path(), str(response.wsgi_request)]
    texts += [str(text) for text in LedgerPayload.objects.values_list("after", flat=True)]
    assert not any(secret in text for text in texts)


def test_a_key_sent_as_the_id_of_a_request_is_not_taken(db, at, caplog):
    caplog.set_level(logging.DEBUG)
    _, raw_key = new_key("A", at=NOW)
    response = Client().get("/api/v1/clusters/", headers={"X-Request-ID": raw_key})
    assert re.fullmatch("[0-9a-f]{32}", response["X-Request-ID"])
    assert raw_key.split("_", 2)[2] not in caplog.text


def test_a_failure_says_nothing_of_the_key_it_happened_to(db, at, caplog, monkeypatch):
    from registry.api import records

    def fails(*_, **__):
        raise RuntimeError("hỏng")

    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(records, "clocks", fails)
    _, raw_key = new_key("A", at=NOW)
    reader = Reading(raw_key)
    reader.client.raise_request_exception = False
    response = reader.get("clusters/")
    assert response.status_code == 500
    assert "hỏng" in caplog.text
    secret = raw_key.split("_", 2)[2]
    assert secret not in caplog.text
    assert secret not in response.content.decode()


def test_a_history_names_no_cause_that_the_key_may_not_read(seeded, at):
    records = made(at)
    decision = seeded.decision(607)
    with recorded(actor="seed"):
        Effect.objects.filter(decision=decision, cluster=seeded.tien_cuong_ii).update(area_ha=48)
        Investor.objects.filter(pk=records.lone.pk).update(name="Công ty Lẻ Một")
    publish_seed([decision, records.lone], at=at(2026, 2, 1, 5), today=TODAY)
    at(2026, 2, 2)
    for scopes, seen in ((["clusters"], set()), (["clusters", "decisions"], {"decisions"})):
        reader = Reading(new_key("Hẹp", at=NOW, scopes=scopes)[1])
        entry = reader.read("clusters/tien-cuong-ii/history/")["results"][0]
        assert entry["news"] == "affected"
        assert {cause["resource"] for cause in entry["cause"]} == seen
