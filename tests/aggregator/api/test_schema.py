"""The description: committed, valid, with an example for everything, and every example true to it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import yaml
from django.test import Client
from drf_spectacular.validation import validate_schema

from aggregator.api.reference import type_of
from aggregator.api.schema import document
from aggregator.api.schema.views import content_of
from tests.breaking import SNAPSHOT
from tests.conftest import ROOT


def operations() -> Iterator[tuple[str, Any]]:
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            yield f"{method} {path}", operation


EVERY = pytest.mark.parametrize(
    "operation", [one for _, one in operations()], ids=[name for name, _ in operations()]
)


def test_the_committed_schema_is_the_present_one() -> None:
    """Where it differs on purpose: ``make schema``."""
    assert (ROOT / SNAPSHOT).read_text(encoding="utf-8") == content_of("yaml").decode()


def test_it_is_valid_openapi_3_1() -> None:
    assert document()["openapi"].startswith("3.1.")
    validate_schema(document())


def test_it_is_served_as_json_and_yaml(client: Client) -> None:
    as_json = client.get("/api/v1/schema/")
    assert as_json["Content-Type"] == "application/json"
    as_yaml = client.get("/api/v1/schema/", {"format": "yaml"})
    assert as_yaml["Content-Type"] == "application/yaml"
    assert json.loads(as_json.content) == yaml.safe_load(as_yaml.content) == document()
    assert client.get("/api/v1/schema/", {"format": "xml"}).status_code == 400


def test_it_names_no_provider_and_no_host() -> None:
    text = content_of("json").decode()
    assert "localhost" not in text
    assert not re.search(r'"enum": \[[^\]]*"(sff|sowprog)"', text)


@EVERY
def test_every_operation_has_an_example_that_conforms(operation: Any) -> None:
    assert operation["operationId"]
    assert operation["summary"]
    assert operation["description"]
    components = document()["components"]
    for code, response in operation["responses"].items():
        if code.startswith("2") and code != "204":
            assert response.get("content"), "an answer without a body"
        for media, content in response.get("content", {}).items():
            assert "example" in content, media
            schema = {**content["schema"], "components": components}
            jsonschema.Draft202012Validator(schema).validate(content["example"])


@EVERY
def test_every_parameter_is_explained_and_has_an_example_that_conforms(operation: Any) -> None:
    names = [(one["in"], one["name"]) for one in operation["parameters"]]
    assert len(names) == len(set(names))
    for one in operation["parameters"]:
        assert one["in"] == "path" or one["description"]
        if "example" in one:
            jsonschema.Draft202012Validator(one["schema"]).validate(one["example"])


@EVERY
def test_every_body_has_an_example_that_conforms(operation: Any) -> None:
    components = document()["components"]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = {**content["schema"], "components": components}
        jsonschema.Draft202012Validator(schema).validate(content["example"])


@EVERY
def test_every_refusal_is_a_problem(operation: Any) -> None:
    assert {"400", "401", "406", "429"} <= operation["responses"].keys()


def test_every_field_of_every_object_is_explained() -> None:
    for name, schema in document()["components"]["schemas"].items():
        assert schema.get("description"), name
        for field, one in schema.get("properties", {}).items():
            assert one.get("description") or name.endswith("Page"), f"{name}.{field}"


def test_operation_ids_are_unique() -> None:
    identities = [operation["operationId"] for _, operation in operations()]
    assert len(identities) == len(set(identities)) >= 20


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "string"),
        ({"type": ["string", "null"], "format": "date-time"}, "date-time or null"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Offer"}}, "list of Offer"),
        ({"anyOf": [{"$ref": "#/components/schemas/Named"}, {"type": "null"}]}, "Named or null"),
    ],
)
def test_a_type_in_words(schema: Any, words: str) -> None:
    assert type_of(schema) == words


def test_the_reference_says_it_all_without_a_script(client: Client) -> None:
    response = client.get("/api/v1/docs/")
    page = response.content.decode()
    assert response.status_code == 200
    for name, operation in operations():
        assert f'id="{operation["operationId"]}"' in page, name
    assert "<script" not in page
    assert " style=" not in page
    assert "problem-bad-value" in page
    assert "/api/v1/showings/?page_size=20" in page
    assert not re.search(r'(?:src|href)="https?://(?!localhost:8000/)', page)
    assert len(client.get("/api/v1/docs/", headers={"Accept-Encoding": "gzip"}).content) < 40_000


def test_the_reference_escapes_what_it_shows() -> None:
    from aggregator.templatetags.reference import code

    assert code("a `<b>` *c* </script>") == "a <code>&lt;b&gt;</code> <em>c</em> &lt;/script&gt;"
