"""Every refusal is a problem document with a stable code and a sentence in two languages."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from registry.api import records
from registry.api.problems import CATALOGUE
from registry.ledger.context import recorded
from registry.rules import codes
from tests.api.conftest import NOW, Partner
from tests.keys import new_key

SIX = ["type", "title", "status", "code", "detail", "detail_en"]
PUBLIC = ("schema/", "docs/", "ledger/checkpoint/")
CLOSED = ("clusters/", "clusters/giang-bien/", "clusters/giang-bien/history/", "changes/", "decisions/")


def problem_of(response):
    assert response["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert list(body)[:6] == SIX
    assert body["status"] == response.status_code == CATALOGUE[body["code"]][0]
    assert body["detail"]
    assert body["detail_en"]
    return body


@pytest.mark.parametrize(
    ("address", "code", "says"),
    [
        ("clusters/?legalstage=established", "parameter_unknown", "legal_stage"),
        ("clusters/giang-bien/?format=csv", "parameter_unknown", "valid_on"),
        ("clusters/giang-bien/?format=nothing", "parameter_unknown", "valid_on"),
        ("clusters/?q=giang", "parameter_unknown", "search"),
        ("clusters/giang-bien/?search=x", "parameter_unknown", "valid_on"),
        ("clusters/giang-bien/history/?valid_on=2022-02-23", "parameter_unknown", "known_at"),
        ("changes/?since=1", "parameter_unknown", "after"),
        ("decisions/?legal_stage=established", "parameter_unknown", "number"),
        ("schema/?x=1", "parameter_unknown", "x"),
        ("docs/?x=1", "parameter_unknown", "x"),
        ("clusters/?legal_stage=founded", "code_unknown", "removed_from_plan"),
        ("clusters/?legal_stage=established,x", "code_unknown", "“x”"),
        ("clusters/?legal_stage=established,", "parameter_empty", "legal_stage"),
        ("clusters/?operating_status=open", "code_unknown", "not_operating"),
        ("clusters/?ordering=capital", "code_unknown", "area_ha"),
        ("clusters/?ordering=--name", "code_unknown", "name"),
        ("clusters/?page_size=0", "parameter_out_of_range", "1000"),
        ("clusters/?page_size=1001", "parameter_out_of_range", "1000"),
        ("clusters/?page_size=ten", "parameter_malformed", "page_size"),
        ("clusters/?count=yes", "parameter_malformed", "true"),
        ("clusters/?search=", "parameter_empty", "search"),
        ("clusters/?search=%20%20", "parameter_empty", "search"),
        ("clusters/?search=a%00b", "parameter_unreadable", "search"),
        ("clusters/?search=%ff%fe", "parameter_unreadable", "search"),
        ("clusters/?search=" + "a" * 301, "parameter_too_long", "search"),
        ("clusters/?place=%00", "parameter_unreadable", "place"),
        ("clusters/?place=Ti%C3%AAn", "parameter_malformed", "place"),
        ("clusters/?search=a&search=b", "parameter_repeated", "search"),
        ("clusters/?ordering=name&ordering=name", "parameter_repeated", "một lần"),
        ("clusters/?legal_stage=planned&legal_stage=x", "code_unknown", "legal_stage"),
        ("clusters/?" + "&".join(["developer=a"] * 31), "parameter_out_of_range", "30"),
        ("clusters/?area_ha_min=47,8", "parameter_malformed", "47.8"),
        ("clusters/?area_ha_min=NaN", "parameter_malformed", "area_ha_min"),
        ("clusters/?area_ha_max=-1", "parameter_malformed", "area_ha_max"),
        ("clusters/?area_ha_max=1e", "parameter_malformed", "area_ha_max"),
        ("decisions/?number=202", "decision_number_malformed", "202/QĐ-UBND"),
        ("decisions/?in_force=1", "parameter_malformed", "false"),
        ("decisions/?issued_on_from=2022", "parameter_malformed", "issued_on_from"),
        ("decisions/?kind=law", "code_unknown", "resolution"),
        ("decisions/?verification=yes", "code_unknown", "to_be_verified"),
        ("investors/?enterprise_code=abc", "parameter_malformed", "10"),
        ("places/?kind=ward,village", "code_unknown", "commune"),
        ("authorities/?level=top", "code_unknown", "central"),
        ("legal-instruments/?kind=x", "code_unknown", "decree"),
        ("changes/?after=-1", "parameter_out_of_range", "after"),
        ("changes/?limit=0", "parameter_out_of_range", "limit"),
        ("changes/?limit=5&limit=6", "parameter_repeated", "limit"),
        ("changes/?after=99999999999999999999", "parameter_out_of_range", "after"),
    ],
)
def test_a_query_that_cannot_be_answered_is_refused_by_name(partner, address, code, says):
    body = problem_of(partner.get(address))
    assert body["code"] == code
    assert says in body["detail"]


def test_an_unknown_parameter_names_the_nearest_one(partner):
    body = partner.refused("clusters/?develper=x", 400)
    assert "Có phải là “developer”?" in body["detail"]
    assert "Did you mean 'developer'?" in body["detail_en"]


def test_an_unknown_code_lists_every_code(partner):
    detail = partner.refused("clusters/?legal_stage=x", 400)["detail"]
    assert all(code in detail for code in codes.LEGAL_STAGE)


@pytest.mark.parametrize(
    "address",
    [
        "/api/",
        "/api/v1/",
        "/api/v2/clusters/",
        "/api/v1/nothing/",
        "/api/v1/clusters/Giang-Bien/",
        "/api/v1/clusters/giang-bien/x/",
        "/api/v1/clusters/%F0%9F%92%A5/",
        "/api/v1/../admin/",
        "/api/v1/clusters//",
        "/api/v1/clusters/giang-bien.json",
    ],
)
def test_an_address_under_api_that_does_not_exist_is_a_problem(partner, address):
    for client in (partner.client, Client()):
        assert problem_of(client.get(address))["code"] == "path_unknown"
        assert problem_of(client.post(address))["code"] == "path_unknown"
        assert problem_of(client.options(address))["code"] == "path_unknown"


@pytest.mark.parametrize(
    "path",
    [
        "clusters/giang%00bien/",
        "clusters/%00/",
        "clusters/giang-bien/%0A",
        "clusters/giang-bien%0A/history/",
        "clusters/giang-bien%7F",
        "clusters/%C2%85/",
        "explain/clusters/%00/",
        "clusters/%ff/",
        "clusters/ti%EA%ADn/%fe",
        "clusters/%ED%A0%80/",
        "clusters/%EF%BF%BD/",
        "%ff/",
        "%00",
    ],
)
def test_an_address_that_nobody_can_read_is_a_400(partner, path):
    for client in (partner.client, Client()):
        for method in ("get", "post", "options", "delete"):
            refused = getattr(client, method)(f"/api/v1/{path}")
            assert (problem_of(refused)["code"], refused.status_code) == ("path_unreadable", 400)
        assert client.head(f"/api/v1/{path}").status_code == 400


def test_an_address_that_can_be_read_and_leads_nowhere_stays_a_404(partner):
    for path in ("clusters/ti%C3%AAn/", "clusters/100%25/", "clusters/ti%25C3%25AAn/", "clusters/a%20b/"):
        assert problem_of(partner.get(path))["code"] == "path_unknown"


def test_elsewhere_too_an_address_that_nobody_can_read_is_a_400_for_programs_and_people(db):
    for path in ("/%00", "/%ff/", "/nothing/%7f"):
        assert problem_of(Client().get(path))["code"] == "path_unreadable"
        page = Client().get(path, headers={"Accept": "text/html"})
        assert (page.status_code, page["Content-Type"]) == (400, "text/html; charset=utf-8")


def test_a_missing_last_slash_is_mended(partner):
    response = partner.client.get("/api/v1/clusters?page_size=2")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/clusters/?page_size=2")
    assert partner.client.get("/api/v1/clusters/giang-bien")["Location"] == "/api/v1/clusters/giang-bien/"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(partner, method):
    for address in (*CLOSED, *PUBLIC):
        response = getattr(partner.client, method)(
            f"/api/v1/{address}", b"{}", content_type="application/json"
        )
        assert problem_of(response)["code"] == "method_not_allowed"
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_what_nobody_can_do_is_not_refused_for_want_of_a_scope(db, at):
    raw_key = new_key("Hẹp", at=NOW, scopes=["investors"])[1]
    response = Client(headers={"Authorization": f"Bearer {raw_key}"}).generic("TRACE", "/api/v1/clusters/")
    assert (response.status_code, problem_of(response)["code"]) == (405, "method_not_allowed")


def test_only_json_is_spoken(partner):
    for accept in (
        "text/html",
        "application/xml",
        "image/png;q=0.5",
        "application/json;q=0",
        "application/JSON ; charset=utf-8 ; Q=0.000",
        "*/*;q=0",
        "application/*;q=0",
        "application/json;q=0, */*",
        "application/json;q=0, application/problem+json",
        "application/*; q=0.0, */*;q=0.5",
        "application/problem+json;q=0",
        "text/html, */*;q=0",
    ):
        assert problem_of(partner.get("clusters/", headers={"Accept": accept}))["code"] == "not_acceptable"
    for accept in (
        "*/*",
        "application/*",
        "text/html,*/*;q=0.1",
        "application/problem+json",
        "application/json",
        "application/json;indent=8",
        "application/json;q=0.001",
        "application/json, */*;q=0",
        "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
        "application/problem+json;q=0, */*",
        "application/problem+json, */*;q=0",
        "application/json;q=0, application/json;q=0.5",
    ):
        response = partner.get("clusters/", headers={"Accept": accept})
        assert (response.status_code, response["Content-Type"]) == (200, "application/json")


def test_without_a_key_only_the_open_addresses_answer(db, at):
    for address in PUBLIC:
        assert Client().get(f"/api/v1/{address}").status_code == 200
    for address in CLOSED:
        response = Client().get(f"/api/v1/{address}")
        assert problem_of(response)["code"] == "key_missing"
        assert response["WWW-Authenticate"].startswith("Bearer")


def test_wrong_expired_and_revoked_keys_get_the_same_answer(db, at):
    good, key = new_key("Đối tác", at=NOW)
    _, expired = new_key("Hết hạn", at=NOW, expires_at=NOW + timedelta(hours=1))
    gone, revoked = new_key("Thu hồi", at=NOW)
    with recorded(actor="system"):
        gone.revoked_at = NOW
        gone.save()
    at(2026, 2, 2, 4)  # an hour later, to the second
    wrong = [
        expired,
        revoked,
        key[:-1] + ("a" if key[-1] != "a" else "b"),
        f"hpr_{good.prefix}_",
        "hpr_zzzzzzzz_" + "x" * 43,
        "",
        "💥".encode().decode("latin-1"),
        "x" * 3000,
    ]
    answers = {
        Client().get("/api/v1/clusters/", headers={"Authorization": f"Bearer {w}"}).content for w in wrong
    }
    answers.add(Client().get("/api/v1/clusters/", headers={"Authorization": f"Basic {key}"}).content)
    answers.add(Client().get("/api/v1/clusters/", headers={"Authorization": key}).content)
    assert len(answers) == 1
    assert json.loads(answers.pop())["code"] == "key_invalid"
    assert Partner(key).get("clusters/").status_code == 200


def test_a_key_that_expires_in_a_second_still_opens(db, at):
    key = new_key("Hết hạn", at=NOW, expires_at=NOW + timedelta(hours=1))[1]
    at(2026, 2, 2, 3, 59, 59)
    assert Partner(key).get("clusters/").status_code == 200


def test_a_key_without_the_scope_is_told_which_one_it_needs(db, at):
    reader = Partner(new_key("Khóa khác", at=NOW, scopes=["decisions"])[1])
    body = problem_of(reader.get("clusters/"))
    assert body["code"] == "scope_missing"
    assert "“clusters”" in body["detail"]
    assert "'clusters'" in body["detail_en"]


def test_a_setting_opens_reading_to_everybody_but_not_to_wrong_keys(db, at, settings):
    settings.ANONYMOUS_READING = True
    assert Client().get("/api/v1/clusters/").status_code == 200
    wrong = Client().get("/api/v1/clusters/", headers={"Authorization": "Bearer hpr_wrong"})
    assert problem_of(wrong)["code"] == "key_invalid"


def test_our_own_failure_says_nothing_of_its_cause(seeded, partner, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("bí mật bên trong")

    monkeypatch.setattr(records, "edition", fails)
    partner.client.raise_request_exception = False
    response = partner.get("clusters/giang-bien/")
    assert problem_of(response)["code"] == "server_error"
    assert "bí mật" not in response.content.decode()
    assert re.fullmatch("[0-9a-f]{32}", response["X-Request-ID"])


def test_too_many_parameters_and_a_strange_host_are_problems_too(partner):
    many = "&" * 6000
    assert problem_of(partner.get(f"clusters/?{many}"))["code"] == "request_malformed"
    assert (
        problem_of(partner.get("clusters/", headers={"Host": "elsewhere.example"}))["code"]
        == "request_malformed"
    )


def test_elsewhere_a_browser_gets_a_page_and_a_program_a_problem(db):
    response = Client().get("/nothing-here/", headers={"Accept": "text/html,application/xml;q=0.9,*/*;q=0.8"})
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")
    for accept in ("*/*", "application/json", "application/problem+json"):
        found = Client().get("/nothing-here/", headers={"Accept": accept})
        assert problem_of(found)["code"] == "path_unknown"


def test_head_and_options_are_sane(seeded, partner):
    for address in CLOSED:
        got, head = partner.get(address), partner.client.head(f"/api/v1/{address}")
        assert (head.status_code, head.content) == (200, b"")
        assert head["ETag"] == got["ETag"]
        options = partner.client.options(f"/api/v1/{address}")
        assert (options.status_code, options.content) == (204, b"")
        assert options["Allow"] == "GET, HEAD, OPTIONS"
        assert not {"content-type", "content-length"} & {name.lower() for name in options.headers}


def test_every_code_leads_to_its_explanation_on_the_documentation_page(partner):
    page = partner.get("docs/", headers={"Accept": "text/html"}).content.decode()
    assert [code for code in CATALOGUE if f'id="{code}"' not in page] == []
    for address in ("clusters/?x=1", "clusters/nothing/"):
        link = problem_of(partner.get(address))["type"]
        assert link.split("#")[0] == "/api/v1/docs/"
        assert f'id="{link.split("#")[1]}"' in page
