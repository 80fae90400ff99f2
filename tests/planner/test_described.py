"""``me/`` in the OpenAPI document: every operation is there, and every answer is what it says."""

import json
import re
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from aggregator.api.schema import document
from planner.api import urls
from planner.api.described import OPERATIONS
from planner.models import Card, Entry, Ticket
from tests.factories import make_event, make_showing

pytestmark = pytest.mark.django_db
ME = "/api/v1/me/"


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.tasks._send", lambda *_: None)


@pytest.fixture(name="me")
def _me(client: Client, person: Any) -> Client:
    client.force_login(person)
    return client


def showing(hours: float = 3) -> Any:
    starts = timezone.now() + timedelta(hours=hours)
    return make_showing(make_event(), starts_at=starts, ends_at=starts + timedelta(hours=2))


def asked(client: Client, method: str, template: str, body: Any = None, **path: int) -> Any:
    """The answer to an operation, checked against the document: its status, its form and all of its fields."""
    operation = document()["paths"][ME + template][method]
    response = client.generic(
        method.upper(),
        ME + template.format(**path),
        json.dumps(body) if body else "",
        content_type="application/json",
    )
    described = operation["responses"][str(response.status_code)]
    if response.status_code == 204:
        assert "content" not in described
        return None
    schema = described["content"]["application/json"]["schema"]
    told = response.json()
    checked(schema, told)
    return told


def checked(schema: Any, told: Any) -> None:
    """*told* is valid, and no object in it has a field that nobody explains."""
    components = document()["components"]
    jsonschema.Draft202012Validator({**schema, "components": components}).validate(told)
    if "$ref" not in schema:
        return
    schema = components["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    assert set(told) <= set(schema["properties"])
    for one in told.get("results", ()):
        checked(schema["properties"]["results"]["items"], one)


def test_every_method_of_every_address_is_described() -> None:
    found = set()
    for pattern in urls.urlpatterns:
        route = str(pattern.pattern)
        if route.startswith("^"):
            continue  # what catches everything else
        path = ME + re.sub(r"<\w+:(\w+)>", r"{\1}", route)
        view = pattern.callback.cls  # type: ignore[attr-defined]
        found |= {
            (path, method.upper()) for method in ("get", "post", "patch", "delete") if hasattr(view, method)
        }
    assert found == set(OPERATIONS)
    assert get_resolver().resolve(ME).func
    in_document = {(path, method.upper()) for path, item in document()["paths"].items() for method in item}
    assert found <= in_document


def test_answers_are_as_described(me: Client, person: Any) -> None:
    first, second = showing(), showing(4)
    for one in (first, second):
        asked(me, "post", "plan/", {"showing": one.pk, "intent": "must"})
    listed = asked(me, "get", "plan/")["results"]
    assert [[clash["showing"] for clash in one["clashes"]] for one in listed] == [[second.pk], [first.pk]]
    assert asked(me, "patch", "plan/{showing}/", {"ticket": "held"}, showing=first.pk)["ticket"] == "held"
    asked(me, "get", "plan/{showing}/", showing=first.pk)
    card = asked(me, "post", "cards/", {"number": "1234567890"})
    assert asked(me, "get", "cards/")["count"] == 1
    asked(me, "get", "cards/{card}/", card=card["id"])
    copied = {name: getattr(Entry.objects.get(showing=first), name) for name in ("provider", "external_id")}
    Ticket.objects.create(
        user=person, card=Card.objects.get(), showing=first, seen_at=timezone.now(), **copied
    )
    assert asked(me, "get", "tickets/")["count"] == 1
    asked(me, "get", "")
    asked(me, "get", "export/")
    assert asked(me, "get", "link/")["linked"] is False
    asked(me, "delete", "link/")
    asked(me, "delete", "plan/{showing}/", showing=second.pk)
    asked(me, "delete", "cards/{card}/", card=card["id"])


def test_a_linked_account_is_described(me: Client, festival: Any, person: Any) -> None:
    festival.link(person)
    assert asked(me, "get", "link/")["linked"] is True
