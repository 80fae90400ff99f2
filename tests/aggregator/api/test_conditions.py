"""ETags and dates: 304 exactly where nothing changed."""

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.http import http_date

from aggregator.api import answers
from aggregator.api.answers import last_modified
from aggregator.api.resources import RESOURCES
from aggregator.models import Credit, Film, Person, Selection, Showing, Term, Tombstone, Venue
from tests import factories
from tests.aggregator.api.population import populate

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
EVERYTHING = [
    "/api/v1/",
    "/api/v1/schema/",
    "/api/v1/providers/",
    "/api/v1/providers/sff/",
    "/api/v1/search/?q=natt",
    "/api/v1/showings/?format=csv",
    *(f"/api/v1/{name}/" for name in RESOURCES),
]


@pytest.mark.parametrize("path", EVERYTHING)
def test_everything_has_a_strong_etag_and_answers_304_to_it(client: Client, path: str) -> None:
    populate(1)
    first = client.get(path)
    tag = first["ETag"]
    assert tag.startswith('"')
    assert "Accept" in first["Vary"]
    for given in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = client.get(path, headers={"If-None-Match": given})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    other = client.get(path, headers={"If-None-Match": '"x"'})
    assert (other.status_code, other.content) == (200, first.content)


def test_a_change_changes_the_tag(client: Client) -> None:
    showing = factories.make_showing(seats_free=3)
    before = client.get("/api/v1/showings/")["ETag"]
    Showing.objects.update(seats_free=2)
    assert client.get("/api/v1/showings/", headers={"If-None-Match": before}).status_code == 200
    assert client.get(f"/api/v1/showings/{showing.pk}/?fields=id")["ETag"] != before


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if all that is there were years old."""
    monkeypatch.setattr(answers, "_CODE", LONG_AGO)
    populate(1)
    for resource in RESOURCES.values():
        resource.visible().update(updated_at=LONG_AGO)
    Showing.objects.update(seats_at=LONG_AGO)
    for model in (Selection, Term):
        model.objects.update(updated_at=LONG_AGO)


def since(moment: datetime) -> dict[str, Any]:
    return {"headers": {"If-Modified-Since": http_date(moment.timestamp())}}


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("name", RESOURCES)
def test_single_objects_alone_take_a_date(client: Client, name: str) -> None:
    row = RESOURCES[name].visible().get() if name != "venues" else Venue.objects.order_by("id")[0]
    path = f"/api/v1/{name}/{row.pk}/"
    assert client.get(path)["Last-Modified"] == "Wed, 01 Jan 2020 00:00:00 GMT"
    assert client.get(path, **since(LONG_AGO)).status_code == 304
    assert client.get(path, **since(LONG_AGO - timedelta(seconds=1))).status_code == 200
    both = client.get(
        path, headers={"If-None-Match": '"x"', "If-Modified-Since": http_date(LONG_AGO.timestamp())}
    )
    assert both.status_code == 200
    listed = client.get(f"/api/v1/{name}/", **since(LONG_AGO))
    assert listed.status_code == 200
    assert "Last-Modified" not in listed
    assert client.get(path, headers={"If-Modified-Since": "yesterday"}).status_code == 200


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("model", [Film, Showing, Person, Venue], ids=lambda model: model.__name__)
def test_the_date_moves_with_everything_that_the_object_shows(client: Client, model: Any) -> None:
    event = RESOURCES["events"].visible().get()
    path = f"/api/v1/events/{event.pk}/"
    later = LONG_AGO + timedelta(days=1)
    model.objects.update(updated_at=later)
    assert client.get(path)["Last-Modified"] == http_date(later.timestamp())
    assert client.get(path, **since(LONG_AGO)).status_code == 200


@pytest.mark.usefixtures("settled")
def test_seats_move_the_date(client: Client) -> None:
    showing = Showing.objects.get()
    Showing.objects.update(seats_at=LONG_AGO + timedelta(days=2))
    assert client.get(f"/api/v1/showings/{showing.pk}/", **since(LONG_AGO)).status_code == 200


@pytest.mark.usefixtures("settled")
def test_whom_we_forget_no_date_keeps_in_a_copy(client: Client) -> None:
    event = RESOURCES["events"].visible().get()
    Credit.objects.all().delete()
    Tombstone.objects.create(kind="person", row=4711, forgotten_at=LONG_AGO + timedelta(days=3))
    path = f"/api/v1/events/{event.pk}/"
    assert client.get(path, **since(LONG_AGO + timedelta(days=2))).status_code == 200


def test_what_changed_just_now_has_no_date_yet() -> None:
    now = datetime.now(UTC)
    stamp = now - timedelta(minutes=4)
    assert last_modified([stamp], now) is None
    old = max(datetime.fromtimestamp(os.path.getmtime(answers.__file__), UTC), answers._CODE)
    assert last_modified([LONG_AGO], old + timedelta(hours=1)) == answers._CODE


def test_head_says_what_get_would(client: Client) -> None:
    factories.make_showing()
    got, head = client.get("/api/v1/showings/"), client.head("/api/v1/showings/")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", got["ETag"])


def test_a_browser_gets_json_that_can_be_read(client: Client) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = client.get("/api/v1/", headers={"Accept": accept})
    assert answer["Content-Type"] == "application/json"
    assert answer.content.count(b"\n") > 5
    assert answer.content != client.get("/api/v1/").content
    assert json.loads(answer.content)["events"] == "http://localhost:8000/api/v1/events/"
    assert 'rel="service-desc"' in answer["Link"]
