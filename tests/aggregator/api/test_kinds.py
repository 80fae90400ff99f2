"""What holds for every kind of object alike: documented, closed, readable alone and in lists, at a constant cost."""

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aggregator.api.resources import RESOURCES, Resource
from aggregator.api.schema import document
from aggregator.images.presets import PRESETS
from aggregator.models import Image, Tombstone
from tests.aggregator.api.population import populate
from tests.factories import NOW, hide

pytestmark = pytest.mark.django_db

EVERY = pytest.mark.parametrize("resource", RESOURCES.values(), ids=list(RESOURCES))


def get(client: Client, path: str, status: int = 200) -> Any:
    response = client.get(path)
    assert response.status_code == status, response.content
    return json.loads(response.content)


def closed(schema: Any) -> Any:
    """*schema* with every object that has named fields closed, so that a field no table names is found."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(one) for name, one in schema.items()}
    if isinstance(made.get("properties"), dict) and made.get("type") == "object":
        made["additionalProperties"] = False
    return made


@pytest.fixture(scope="module")
def conforms() -> Callable[[Any, str], None]:
    """Checks an object against a component of the schema, in which nothing may be undocumented."""
    whole = closed(document())

    def check(told: Any, component: str) -> None:
        schema = {"$ref": f"#/components/schemas/{component}", "components": whole["components"]}
        jsonschema.Draft202012Validator(schema).validate(told)

    return check


@EVERY
def test_every_field_is_documented_and_every_documented_field_is_there(
    client: Client, resource: Resource, conforms: Callable[[Any, str], None]
) -> None:
    populate()
    listed = get(client, f"/api/v1/{resource.name}/?ordering=id")
    conforms(listed, f"{resource.component}Page")
    [first] = [one for one in listed["results"] if one["id"] == listed["results"][0]["id"]]
    alone = get(client, f"/api/v1/{resource.name}/{first['id']}/")
    conforms(alone, resource.component)
    assert list(first) == [one.name for one in resource.fields if one.name not in ("distance_km", "pictures")]
    assert alone.keys() - first.keys() == {one.name for one in resource.further}
    assert {name: alone[name] for name in first} == first
    for url in (first["url"], first["api_url"]):
        assert url.startswith("http://localhost:8000/")


@EVERY
def test_what_can_be_expanded_becomes_whole(
    client: Client, resource: Resource, conforms: Callable[[Any, str], None]
) -> None:
    populate()
    for name in resource.expands:
        plain = get(client, f"/api/v1/{resource.name}/?ordering=id")["results"][0]
        whole = get(client, f"/api/v1/{resource.name}/?ordering=id&expand={name}")["results"][0]
        conforms(whole, resource.component)
        assert len(json.dumps(whole)) > len(json.dumps(plain)), name
    if resource.expands:
        everything = ",".join(resource.expands)
        alone = get(client, f"/api/v1/{resource.name}/{whole['id']}/?expand={everything}")
        conforms(alone, resource.component)
        assert get(client, f"/api/v1/{resource.name}/?expand=nothing", 400)["known"] == list(resource.expands)


@EVERY
def test_fields_leave_out_the_rest_and_the_queries_for_it(
    client: Client, resource: Resource, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    populate()
    with django_assert_num_queries(2):
        [first, *_] = get(client, f"/api/v1/{resource.name}/?fields=url,status")["results"]
    assert list(first) == ["id", "url", "status"]
    alone = get(client, f"/api/v1/{resource.name}/{first['id']}/?fields=updated_at&fields=status")
    assert list(alone) == ["id", "updated_at", "status"]
    problem = get(client, f"/api/v1/{resource.name}/?fields=stautus", 400)
    assert (problem["parameter"], problem["suggestion"]) == ("fields", "status")


LIST_QUERIES = {"events": 5, "showings": 4, "films": 4, "people": 3, "festivals": 3}
DETAIL_QUERIES = {"events": 7, "showings": 3, "films": 3, "people": 3, "festivals": 2}


@EVERY
def test_the_number_of_queries_does_not_grow_with_the_rows(
    client: Client, resource: Resource, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in (1, 2, 30):
        populate(number)
        with django_assert_num_queries(LIST_QUERIES.get(resource.name, 2)):
            rows = get(client, f"/api/v1/{resource.name}/?page_size=200&ordering=id")["results"]
        assert len(rows) >= number
        with django_assert_num_queries(LIST_QUERIES.get(resource.name, 2) - 1):
            get(client, f"/api/v1/{resource.name}/?page_size=200&cursor=*")
        with django_assert_num_queries(DETAIL_QUERIES.get(resource.name, 1)):
            get(client, f"/api/v1/{resource.name}/{rows[0]['id']}/")


EXPANDED = {"events": {"film": 3, "people": 2}, "showings": {"venue": 1, "event": 4, "film": 3}}


@pytest.mark.parametrize("number", [1, 30])
@EVERY
def test_expanding_costs_a_constant_number_of_queries(
    client: Client, resource: Resource, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    populate(number)
    for name in resource.expands:
        more = {"people": 2, "images": 1, **EXPANDED.get(resource.name, {})}[name]
        with django_assert_num_queries(LIST_QUERIES.get(resource.name, 2) + more):
            get(client, f"/api/v1/{resource.name}/?page_size=200&ordering=id&expand={name}")


@EVERY
def test_hidden_is_nowhere_withdrawn_is_told_and_forgotten_is_gone(
    client: Client, resource: Resource
) -> None:
    populate(2)
    first, second = resource.visible().order_by("id")[:2]
    number = get(client, f"/api/v1/{resource.name}/")["count"]
    hide(first)
    type(second)._default_manager.filter(pk=second.pk).update(withdrawn_at=NOW)
    assert get(client, f"/api/v1/{resource.name}/")["count"] == number - 2
    assert get(client, f"/api/v1/{resource.name}/{first.pk}/", 404)["code"] == "not-found"
    assert get(client, f"/api/v1/{resource.name}/{second.pk}/")["status"] == "withdrawn"
    Tombstone.objects.create(kind=resource.kind, row=4711, forgotten_at=NOW)
    assert get(client, f"/api/v1/{resource.name}/4711/", 410)["code"] == "gone"


@EVERY
def test_what_is_hidden_is_not_told_by_others_either(client: Client, resource: Resource) -> None:
    populate(1)
    row = resource.visible().first()
    hide(row)
    address = f"/api/v1/{resource.name}/{row.pk}/"
    for other in RESOURCES.values():
        whole = ",".join(other.expands)
        for path in (f"/api/v1/{other.name}/", *([f"/api/v1/{other.name}/?expand={whole}"] if whole else [])):
            assert address not in client.get(path).content.decode(), path


def test_providers_are_those_that_are_installed(client: Client, conforms: Callable[[Any, str], None]) -> None:
    told = get(client, "/api/v1/providers/")
    conforms(told, "ProviderPage")
    assert told["count"] == len(told["results"]) >= 5
    assert {one["status"] for one in told["results"]} == {"off"}
    assert get(client, "/api/v1/providers/sff/") in told["results"]
    assert get(client, "/api/v1/providers/?fields=name")["results"][0].keys() == {"id", "name"}
    get(client, "/api/v1/providers/nobody/", 404)


def test_search_looks_in_every_kind(client: Client) -> None:
    populate(2)
    told = get(client, "/api/v1/search/?q=natt&limit=1")
    kinds = {group["kind"] for group in told["results"]}
    assert {"events", "films"} <= kinds
    for group in told["results"]:
        assert len(group["hits"]) == 1
        assert (
            client.get(group["hits"][0]["api_url"].removeprefix("http://localhost:8000")).status_code == 200
        )
    for query in ("", "q=", "limit=3", "q=a&q=b", "q=a&limit=21", "q=a&page=1"):
        get(client, f"/api/v1/search/?{query}", 400)


def test_the_leading_picture_stands_for_an_object_in_every_preset(client: Client) -> None:
    populate(1)
    for name in ("showings", "events", "films", "people", "venues"):
        told = get(client, f"/api/v1/{name}/?ordering=id")["results"][0]["images"]
        assert told.keys() == PRESETS.keys()
        assert told["poster-200x286"].endswith("/poster-200x286.jpg?v=abababab")
        path = told["poster-200x286"].removeprefix("http://localhost:8000")
        assert client.get(path).status_code == 200
    Image.objects.update(hidden_at=NOW)
    assert get(client, "/api/v1/showings/")["results"][0]["images"] == {}


def test_an_events_pictures_are_its_own_and_its_films(client: Client) -> None:
    populate(1)
    for name in ("events", "showings"):
        [row] = get(client, f"/api/v1/{name}/?expand=images")["results"]
        assert [(one["copyright"], one["role"]) for one in row["pictures"]] == [("Tove Ek", "still")] * 2
    [festival] = get(client, "/api/v1/festivals/?expand=images")["results"]
    assert [one["role"] for one in festival["pictures"]] == ["logo"]
