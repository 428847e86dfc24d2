"""The OpenAPI description: complete, committed, and obeyed by every stored body."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

from registry.api.documentation import openapi
from registry.api.problems import CATALOGUE
from registry.api.urls import RESOURCES
from registry.models import EDITIONS

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"


def operations():
    for path, methods in openapi()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def strict(schema):
    """The schema, closed: a body may hold nothing that is not described."""
    if isinstance(schema, dict):
        closed = {key: strict(value) for key, value in schema.items()}
        if "properties" in schema and "additionalProperties" not in schema:
            closed["additionalProperties"] = False
        return closed
    return [strict(item) for item in schema] if isinstance(schema, list) else schema


def validator(name):
    return checking({"$ref": f"#/components/schemas/{name}"})


def checking(schema):
    closed = {**schema, "components": strict(openapi()["components"])}
    return Draft202012Validator(closed, format_checker=FormatChecker())


def detail(resource):
    """The name of the schema of a whole record at its own address, that of a part of it, and the example."""
    answer = openapi()["paths"][f"/api/v1/{resource.name}/{{code}}/"]["get"]["responses"]["200"]
    media = answer["content"]["application/json"]
    whole, part = (shape["$ref"].rpartition("/")[2] for shape in media["schema"]["anyOf"])
    return whole, part, media["examples"]["Answer"]["value"]


def test_the_committed_description_is_what_the_code_says():
    assert json.loads(COMMITTED.read_text()) == openapi(), (
        "write it again: python manage.py spectacular --format openapi-json --file docs/openapi.json"
    )


def test_the_description_served_is_the_committed_one(client, db):
    assert client.get("/api/v1/schema/").json() == json.loads(COMMITTED.read_text())


def test_the_description_is_openapi_3_1():
    assert openapi()["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(openapi()).validate()


def test_every_operation_only_reads_and_is_told_in_two_languages_with_parameters_examples_and_refusals():
    found = list(operations())
    assert len(found) == len(RESOURCES) * 3 + 5
    assert len({operation["operationId"] for _, _, operation in found}) == len(found)
    for path, method, operation in found:
        assert method == "get", path
        vi, _, en = operation["description"].partition("\n\n")
        assert vi, path
        assert en, path
        media = operation["responses"]["200"]["content"]["application/json"]
        assert media["examples"], path
        assert {"304", "406", "500"} <= set(operation["responses"]), path
        assert operation["parameters"], path
        for parameter in operation["parameters"]:
            assert parameter["description"], (path, parameter["name"])
            assert "\n\n" in parameter["description"], (path, parameter["name"])


def test_every_query_parameter_documented_is_accepted_as_its_example_shows(whole_seed, partner):
    for path, _, operation in operations():
        code = next((p for p in operation["parameters"] if p["in"] == "path"), None)
        if code:
            path = path.replace("{code}", next(iter(code["examples"].values()))["value"])
        needed = {
            parameter["name"]: next(iter(parameter["examples"].values()))["value"]
            for parameter in operation["parameters"]
            if parameter["in"] == "query" and parameter.get("required")
        }
        for parameter in operation["parameters"]:
            if parameter["in"] != "query" or "examples" not in parameter or parameter["name"] == "known_at":
                continue
            value = next(iter(parameter["examples"].values()))["value"]
            text = ",".join(value) if isinstance(value, list) else str(value).replace("True", "true")
            response = partner.client.get(path, needed | {parameter["name"]: text})
            assert response.status_code == 200, (path, parameter["name"], response.content)


def test_every_example_obeys_its_own_schema():
    for path, _, operation in operations():
        media = operation["responses"]["200"]["content"]["application/json"]
        for example in media["examples"].values():
            errors = [e.message for e in checking(media["schema"]).iter_errors(example["value"])]
            assert errors == [], path
    for name, response in openapi()["components"]["responses"].items():
        for example in response["content"]["application/problem+json"]["examples"].values():
            assert [e.message for e in validator("Problem").iter_errors(example["value"])] == [], name


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_every_stored_body_of_the_seed_obeys_the_schema(whole_seed, partner, resource):
    check = validator(resource.serializer.__name__)
    bodies = [json.loads(bytes(row.body)) for row in EDITIONS[resource.kind].objects.all()]
    assert bodies
    for body in bodies:
        assert [f"{e.json_path}: {e.message}" for e in check.iter_errors(body)] == []
    # A check that lets anything pass is none.
    assert list(check.iter_errors(bodies[0] | {"unheard_of": 1}))
    assert list(check.iter_errors({key: bodies[0][key] for key in list(bodies[0])[1:]}))


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_every_answer_obeys_the_schema(whole_seed, partner, resource):
    listed = partner.read(f"{resource.name}/?count=true&page_size=2")
    name = resource.serializer.__name__
    assert [e.message for e in validator(f"{name}List").iter_errors(listed)] == []
    for record in listed["results"]:
        assert [e.message for e in validator(name).iter_errors(record)] == []
    code = listed["results"][0].get("code") or listed["results"][0]["id"]
    assert list(validator(detail(resource)[0]).iter_errors(partner.read(f"{resource.name}/{code}/"))) == []
    history = partner.read(f"{resource.name}/{code}/history/")
    assert [e.message for e in validator("HistoryList").iter_errors(history)] == []
    refused = partner.refused(f"{resource.name}/khong-co/", 404)
    assert [e.message for e in validator("Problem").iter_errors(refused)] == []


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_what_fields_leave_out_is_a_part_and_nothing_whole(whole_seed, partner, resource):
    whole, part, example = detail(resource)
    asked = list(example)[1:3]
    body = partner.read(f"{resource.name}/{resource.example}/?fields={','.join(asked)}")
    assert set(body) == set(asked)
    assert list(validator(part).iter_errors(body)) == []
    assert list(validator(whole).iter_errors(body))
    assert list(validator(part).iter_errors({}))
    assert list(validator(part).iter_errors(body | {"unheard_of": 1}))
    listed = partner.read(f"{resource.name}/?fields={asked[0]}&page_size=2")
    assert [list(record) for record in listed["results"]] == [asked[:1]] * len(listed["results"])
    name = resource.serializer.__name__
    assert list(validator(f"{name}List").iter_errors(listed)) == []
    assert all(list(validator(name).iter_errors(record)) for record in listed["results"])


def test_the_feed_and_the_checkpoint_obey_the_schema(whole_seed, partner):
    assert [e.message for e in validator("ChangeList").iter_errors(partner.read("changes/?limit=5"))] == []
    assert [e.message for e in validator("Checkpoint").iter_errors(partner.read("ledger/checkpoint/"))] == []


def test_the_examples_name_records_of_the_seed(whole_seed, partner):
    for resource in RESOURCES:
        body = partner.read(f"{resource.name}/{resource.example}/")
        assert set(body) == set(detail(resource)[2])


def test_the_page_for_people_needs_no_script_no_inline_style_and_nothing_from_elsewhere(client, db):
    response = client.get("/api/v1/docs/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "unsafe" not in response["Content-Security-Policy"]
    for forbidden in ("<script", "<style", " style=", "javascript:", " onclick", '="https://', '="//'):
        assert forbidden not in page
    for path, _, operation in operations():
        assert f"<code>{path}</code>" in page
        assert f'id="{operation["operationId"]}"' in page
    for code, (status, _, _) in CATALOGUE.items():
        assert f'id="{code}"' in page
        assert f'id="status-{status}"' in page
