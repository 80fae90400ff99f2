"""Refusals: stable, complete, and of use to whoever reads them."""

import json
from typing import Any

import pytest
from django.test import Client
from rest_framework import exceptions

from aggregator.api.problems import CODES, handle, refuse, type_of
from tests import factories

pytestmark = pytest.mark.django_db


def refused(client: Client, path: str, status: int = 400, **headers: str) -> Any:
    response = client.get(path, headers=headers)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    told = json.loads(response.content)
    assert told["status"] == status
    assert told["type"] == type_of(told["code"])
    assert CODES[told["code"]][:2] == (status, told["title"])
    assert told["detail"]
    return told


def test_an_unknown_name_is_told_with_those_that_are_known(client: Client) -> None:
    told = refused(client, "/api/v1/events/?citty=Stockholm")
    assert (told["code"], told["parameter"], told["suggestion"]) == ("unknown-parameter", "citty", "city")
    assert {"city", "cursor", "near"} <= set(told["known"])
    assert refused(client, "/api/v1/events/?x=1")["known"] == told["known"]
    assert "known" in refused(client, "/api/v1/?x=1")


@pytest.mark.parametrize(
    ("query", "parameter", "known"),
    [
        ("kind=concrt", "kind", "concert"),
        ("availability=som", "availability", "soldout"),
        ("provider=sf", "provider", "sff"),
        ("ordering=ids", "ordering", "id"),
        ("fields=titels", "fields", "titles"),
        ("expand=films", "expand", "film"),
        ("format=jsn", "format", "json"),
    ],
)
def test_a_closed_list_is_told_whole(client: Client, query: str, parameter: str, known: str) -> None:
    told = refused(client, f"/api/v1/events/?{query}")
    assert (told["code"], told["parameter"]) == ("bad-value", parameter)
    assert known in told["known"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("venue=", "venue"),
        ("city=%20", "city"),
        ("near=91,0", "near"),
        ("near=59.3", "near"),
        ("near=nan,nan", "near"),
        ("near=59.3,18&radius=501", "radius"),
        ("near=59.3,18&radius=0", "radius"),
        ("country=Sweden", "country"),
        ("language=svenska", "language"),
        ("category=x", "category"),
        ("section=-1", "section"),
        ("ordering=distance", "ordering"),
        ("q=%00%01", "q"),
        ("q=" + "&q=".join("abcdefghij" * 6), "q"),
    ],
)
def test_a_value_that_cannot_be_read_is_told_by_its_name(client: Client, query: str, parameter: str) -> None:
    assert refused(client, f"/api/v1/showings/?{query}")["parameter"] == parameter


@pytest.mark.parametrize(
    "path",
    ["events/1", "nonsense/", "events/x/", "events/-1/", "events/1/2/", "events/%00/", "events/a%0Ab/"],
)
def test_what_is_nowhere_is_a_problem_too(client: Client, path: str) -> None:
    assert refused(client, f"/api/v1/{path}", 404)["code"] == "not-found"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_nothing_can_be_written(client: Client, method: str) -> None:
    for path in ("/api/v1/", "/api/v1/events/", "/api/v1/events/1/", "/api/v1/providers/", "/api/v1/search/"):
        response = getattr(client, method)(path)
        assert (response.status_code, response["Content-Type"]) == (405, "application/problem+json")
        assert response["Allow"] == "GET, HEAD, OPTIONS"
        assert response.json()["code"] == "method-not-allowed"


def test_options_name_the_methods(client: Client) -> None:
    response = client.options("/api/v1/events/")
    assert (response.status_code, response["Allow"], response.content) == (204, "GET, HEAD, OPTIONS", b"")


def test_a_page_behind_the_last(client: Client) -> None:
    assert refused(client, "/api/v1/events/?page=2", 404)["parameter"] == "page"


def test_details_speak_english_whoever_asks(client: Client) -> None:
    told = refused(client, "/api/v1/events/?from=x", **{"Accept-Language": "sv"})
    assert told["detail"] == "A day is written like 2026-11-22."


def test_no_detail_repeats_what_was_sent(client: Client) -> None:
    told = refused(client, "/api/v1/events/?venue=<script>alert(1)</script>")
    assert "script" not in json.dumps(told)


def test_what_others_raise_is_written_the_same_way() -> None:
    throttled = handle(exceptions.Throttled(wait=2.5), {})
    assert throttled is not None
    assert (throttled.status_code, throttled["Retry-After"]) == (429, "3")
    assert json.loads(throttled.content)["code"] == "too-many-requests"
    error = exceptions.NotAuthenticated()
    error.auth_header = "Bearer"  # type: ignore[attr-defined]
    unknown = handle(error, {})
    assert unknown is not None
    assert (unknown.status_code, unknown["WWW-Authenticate"]) == (401, "Bearer")
    assert handle(ValueError("a bug"), {}) is None
    told = refuse("bad-key", headers={"WWW-Authenticate": "Bearer"})
    assert (told.status_code, json.loads(told.content)["code"]) == (401, "bad-key")


def test_too_many_names_are_a_bad_request(client: Client) -> None:
    factories.make_event()
    path = "/api/v1/events/?" + "&".join(f"q{number}=1" for number in range(1100))
    assert refused(client, path)["code"] == "bad-request"
