"""The examples of docs/openapi.json beside what is answered: of each operation, and of each refusal."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from registry.actions.publish import withdraw
from registry.actions.restore import go_on_above
from registry.api import records, workbooks
from registry.api.documentation import openapi
from registry.api.middleware import LARGEST_CONTENT
from registry.api.problems import CATALOGUE
from registry.models import Cluster
from registry.queries.announcements import last_announcement
from tests.api.conftest import NOW
from tests.keys import new_key
from tests.world import TODAY, clerk, leader

#: Of a list that holds several kinds of things, and of what the seed says nothing of.
VARIED, EMPTY = {"search"}, {"list_available_land"}


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    return (
        (path, operation) for path, methods in openapi()["paths"].items() for operation in methods.values()
    )


def asked(path: str, operation: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """Its address, and what it cannot answer without, both as its own examples say."""
    query = {}
    for parameter in operation["parameters"]:
        if parameter.get("required"):
            value = str(next(iter(parameter["examples"].values()))["value"])
            path = path.replace(f"{{{parameter['name']}}}", value)
            if parameter["in"] == "query":
                query[parameter["name"]] = value
    return path, query


def test_each_operation_answers_with_the_members_of_its_example(whole_seed, partner):
    compared = 0
    for path, operation in operations():
        address, query = asked(path, operation)
        response = partner.client.get(address, query)
        assert response.status_code == 200, (address, response.content)
        answer = json.loads(response.content)
        examples = operation["responses"]["200"]["content"]["application/json"]["examples"]
        for example in (found["value"] for found in examples.values()):
            assert answer.keys() == example.keys(), path
            if "results" in example and operation["operationId"] not in VARIED | EMPTY:
                assert answer["results"][0].keys() == example["results"][0].keys(), path
            compared += 1
    assert compared == len(list(operations()))


def test_what_is_deprecated_says_so_in_the_document_and_in_the_answer(whole_seed, partner):
    """docs/api/versioning.md: answers of what will end carry Deprecation and Sunset, and no others do."""
    for path, operation in operations():
        response = partner.client.get(*asked(path, operation))
        ends = operation.get("deprecated", False)
        assert (ends, ends) == (response.has_header("Deprecation"), response.has_header("Sunset")), path


def raises(error: Exception) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    return fail


#: What each refusal of a query is provoked by.
BY_ADDRESS = {
    "parameter_unknown": "clusters/?legalstage=established",
    "parameter_repeated": "clusters/?page_size=1&page_size=2",
    "parameter_empty": "clusters/?search=",
    "parameter_missing": "search/",
    "parameter_unreadable": "clusters/?search=a%00b",
    "parameter_too_long": f"clusters/?search={'a' * 301}",
    "parameter_malformed": "clusters/?page_size=ten",
    "parameter_out_of_range": "clusters/?page_size=0",
    "parameter_conflict": "clusters/?known_seq=1&known_at=2026-02-01",
    "code_unknown": "clusters/?legal_stage=founded",
    "place_unknown": "clusters/?place=khong-he-co",
    "record_not_found": "clusters/?developer=khong-he-co",
    "field_unknown": "clusters/?fields=colour",
    "decision_number_malformed": "decisions/?number=202",
    "known_in_future": "clusters/?known_seq=99",
    "change_in_future": "changes/?after=999999",
    "cursor_invalid": "clusters/?cursor=W10.AAAA",
    "request_malformed": f"clusters/?{'&' * 6000}",
    "key_in_address": "clusters/?key=hpr_zzzzzzzz_" + "z" * 43,
    "path_unknown": "nothing/",
    "path_unreadable": "clusters/%00/",
    "record_unknown": "clusters/khong-he-co/",
    "uri_too_long": f"clusters/?search={'a' * 8001}",
}


@pytest.fixture
def provoked(whole_seed, partner, settings, monkeypatch) -> Callable[[str], Any]:
    """A refusal by its code, as a reader gets it."""

    def by_another(client: Client) -> Any:
        return client.get("/api/v1/clusters/")

    def mismatched() -> Any:
        following = partner.read("clusters/?page_size=1")["next"]
        return partner.get(f"decisions/?{following.partition('?')[2]}".replace("page_size=1&", ""))

    def withdrawn() -> Any:
        cluster = Cluster.objects.get(code="giang-bien")
        people = {"proposed_by": clerk().username, "approved_by": leader().username}
        withdraw([cluster], at=NOW, today=TODAY, reason="Nhầm", **people)
        return partner.get(f"clusters/{cluster.code}/")

    def too_many() -> Any:
        settings.REQUESTS_PER_MINUTE = 1
        return [partner.get("clusters/") for _ in range(2)][1]

    def failing(error: Exception) -> Any:
        monkeypatch.setattr(records, "edition", raises(error))
        partner.client.raise_request_exception = False
        return partner.get("clusters/giang-bien/")

    def too_large() -> Any:
        monkeypatch.setattr(workbooks, "MOST_ROWS", 5)
        return partner.get("clusters/?format=xlsx")

    def restored(address: str) -> Any:
        kept, at = last_announcement(), NOW - timedelta(minutes=1)
        go_on_above(at=at, known_until=at - timedelta(hours=1))
        return partner.get(address.format(lost=kept + 1))

    others: dict[str, Callable[[], Any]] = {
        "content_too_large": lambda: partner.get(
            "clusters/", headers={"Content-Length": str(LARGEST_CONTENT + 1)}
        ),
        "known_lost": lambda: restored("clusters/?known_seq={lost}"),
        "position_lost": lambda: restored("changes/?after={lost}"),
        "cursor_mismatch": mismatched,
        "export_too_large": too_large,
        "key_missing": lambda: by_another(Client()),
        "key_invalid": lambda: by_another(
            Client(headers={"Authorization": "Bearer hpr_zzzzzzzz_" + "z" * 43})
        ),
        "scope_missing": lambda: by_another(
            Client(headers={"Authorization": f"Bearer {new_key('Hẹp', at=NOW, scopes=['investors'])[1]}"})
        ),
        "not_acceptable": lambda: partner.get("clusters/", headers={"Accept": "text/html"}),
        "record_withdrawn": withdrawn,
        "too_many_requests": too_many,
        "server_error": lambda: failing(RuntimeError("bí mật")),
        "not_ready": lambda: failing(OperationalError("bí mật")),
    }
    return lambda code: others[code]() if code in others else partner.get(BY_ADDRESS[code])


def refusals() -> dict[str, dict[str, Any]]:
    """The examples, by code."""
    return {
        example["value"]["code"]: example["value"]
        for answer in openapi()["components"]["responses"].values()
        for example in answer["content"]["application/problem+json"]["examples"].values()
    }


def test_every_refusal_has_an_example():
    """But for writing, which no operation does."""
    assert refusals().keys() == CATALOGUE.keys() - {"method_not_allowed"}


#: Told by the server before the application is asked: tests/api/test_server.py.
BY_THE_SERVER = {"headers_too_large"}


@pytest.mark.parametrize("code", sorted(CATALOGUE.keys() - {"method_not_allowed"} - BY_THE_SERVER))
def test_a_refusal_is_answered_as_its_example_says(provoked, code):
    response, example = provoked(code), refusals()[code]
    answer = json.loads(response.content)
    assert (response.status_code, response["Content-Type"]) == (example["status"], "application/problem+json")
    assert answer.keys() == example.keys()
    told = ("type", "title", "status", "code")
    assert [answer[name] for name in told] == [example[name] for name in told]
    assert answer["detail"]
    assert answer["detail_en"]
