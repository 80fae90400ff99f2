"""Forms other than JSON, and how one is chosen."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from aggregator import changes
from aggregator.api import formats
from aggregator.api.formats import calendar
from aggregator.api.formats.table import COLUMNS, _cell
from aggregator.api.resources import RESOURCES
from aggregator.models import Showing
from aggregator.search import backlog
from aggregator.vocabulary import ChangeAction, Kind
from tests import factories
from tests.aggregator.api.population import populate
from tests.followers import settle

pytestmark = pytest.mark.django_db


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def table(client: Client, query: str) -> list[dict[str, str]]:
    response = client.get(f"/api/v1/{query}")
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(body(response).decode())))


@pytest.mark.parametrize("name", RESOURCES)
def test_every_kind_is_a_table(client: Client, name: str) -> None:
    populate(3)
    rows = table(client, f"{name}/?format=csv&ordering=id")
    listed = client.get(f"/api/v1/{name}/?ordering=id").json()["results"]
    assert [int(row["id"]) for row in rows] == [row["id"] for row in listed]
    assert [row["url"] for row in rows] == [row["url"] for row in listed]
    fields = {field.name for field in RESOURCES[name].fields}
    assert {column.field for column in COLUMNS[name]} <= fields
    assert list(table(client, f"{name}/?format=csv&fields=status")[0]) == ["id", "status"]


def test_a_showing_as_a_row(client: Client) -> None:
    populate(1)
    [row] = table(client, "showings/?format=csv")
    said = {
        name: row[name]
        for name in ("title", "venue", "city", "availability", "seats_free", "is_free", "tags")
    }
    assert said == {
        "title": "The Night Line",
        "venue": "Skandia",
        "city": "Stockholm",
        "availability": "unknown",
        "seats_free": "3",
        "is_free": "",
        "tags": "face_to_face",
    }


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\xa0=1", "＝1", "=cmd|' /C calc'!A0"],
)
def test_no_cell_can_be_run(client: Client, text: str) -> None:
    factories.make_showing(factories.make_event(titles={"sv": text}), number="-12")
    [row] = table(client, "showings/?format=csv")
    assert row["title"] == f"'{text}"
    assert row["number"] == "'-12"


def test_numbers_stay_numbers() -> None:
    assert [_cell(value) for value in (-3, -0.5, None, True, "x-1")] == [-3, -0.5, None, "true", "x-1"]


def test_a_long_answer_is_streamed_in_pieces(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "CHUNK", 4)
    monkeypatch.setattr(formats, "HELD_BYTES", 1)
    for _ in range(9):
        factories.make_showing()
    for form in ("csv", "geojson"):
        response = client.get(f"/api/v1/showings/?format={form}")
        assert response.streaming
        with CaptureQueriesContext(
            connection,
        ) as queries:
            whole = body(response)
        assert whole.count(b"/api/v1/showings/") == 9
        assert len(queries) <= 9
        assert response["Content-Disposition"] == f'attachment; filename="showings.{form}"'


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["csv", "geojson", "jsonl"])
def test_a_long_answer_is_304_until_a_change_is_told(
    client: Client, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "HELD_BYTES", 1)
    showing = factories.make_showing()
    factories.index()
    path = f"/api/v1/showings/?format={form}"
    first = client.get(path)
    tag = first["ETag"]
    assert (first.streaming, tag[:3], first["Cache-Control"]) == (True, 'W/"', "no-cache")
    with CaptureQueriesContext(connection) as queries:
        again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert not [query for query in queries if "aggregator_showing" in query["sql"]]
    assert "Accept" in again["Vary"]
    for other in (f"{path}&ordering=-id", "/api/v1/showings/?format=csv&fields=id"):
        assert client.get(other, headers={"If-None-Match": tag}).status_code == 200
    Showing.objects.update(number="2")
    changes.record(Kind.SHOWING, [showing.pk], ChangeAction.UPDATED, factories.NOW)
    settle()
    newer = client.get(path, headers={"If-None-Match": tag})
    assert (newer.status_code, newer["ETag"] != tag) == (200, True)


def test_a_long_answer_has_no_tag_while_the_search_table_is_behind(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is still to be indexed will be found without any change being told."""
    monkeypatch.setattr(formats, "HELD_BYTES", 1)
    factories.make_showing()
    factories.index()
    backlog.postpone_all()
    response = client.get("/api/v1/showings/?format=csv")
    assert (response.status_code, "ETag" in response, response["Cache-Control"]) == (200, False, "no-store")


@pytest.mark.parametrize("name", ["showings", "venues"])
def test_places_as_geojson(client: Client, name: str) -> None:
    populate(2)
    response = client.get(f"/api/v1/{name}/?ordering=id", headers={"Accept": "application/geo+json"})
    assert response["Content-Type"] == "application/geo+json"
    told = json.loads(response.content)
    assert told["type"] == "FeatureCollection"
    first = told["features"][0]
    assert first["geometry"] == {"type": "Point", "coordinates": [18.06, 59.33]}
    assert first["properties"] == client.get(f"/api/v1/{name}/?ordering=id").json()["results"][0]
    nowhere = factories.make_venue("Nowhere")
    [last] = [one for one in _features(client) if one["id"] == nowhere.pk]
    assert last["geometry"] is None


def _features(client: Client) -> Iterable[Any]:
    return json.loads(client.get("/api/v1/venues/?format=geojson").content)["features"]


def test_an_empty_list_is_whole_in_every_form(client: Client) -> None:
    assert json.loads(client.get("/api/v1/venues/?format=geojson").content)["features"] == []
    assert table(client, "venues/?format=csv") == []


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/csv;q=0.5, application/json;q=0.9", "application/json"),
        ("text/*", "text/csv; charset=utf-8"),
        ("text/html, */*;q=0.1", "application/json"),
    ],
)
def test_accept_chooses(client: Client, accept: str, content_type: str) -> None:
    assert client.get("/api/v1/showings/", headers={"Accept": accept})["Content-Type"] == content_type


@pytest.mark.parametrize("accept", ["image/png", "text/html", "nonsense", ";q=x", ""])
def test_what_cannot_be_given_is_406(client: Client, accept: str) -> None:
    response = client.get("/api/v1/showings/", headers={"Accept": accept})
    if response.status_code == 200:
        assert accept in ("", ";q=x")
        return
    assert (response.status_code, response["Content-Type"]) == (406, "application/problem+json")
    assert "application/json" in response.json()["known"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("showings/?format=xml", "format"),
        ("showings/?format=csv&format=json", "format"),
        ("showings/?format=", "format"),
        ("people/?format=geojson", "format"),
        ("showings/?format=csv&page=2", "page"),
        ("showings/?format=csv&cursor=*", "cursor"),
        ("showings/?format=csv&page_size=3", "page_size"),
        ("events/?format=csv&ordering=start", "ordering"),
        ("events/1/?format=csv", "format"),
    ],
)
def test_forms_that_do_not_go_together_are_refused(client: Client, query: str, parameter: str) -> None:
    response = client.get(f"/api/v1/{query}")
    assert (response.status_code, response.json()["parameter"]) == (400, parameter)


@pytest.mark.parametrize("path", ["showings/", "events/", "events/{event}/", "showings/{showing}/"])
def test_showings_as_a_calendar(client: Client, path: str) -> None:
    populate(2)
    showing = Showing.objects.order_by("id")[0]
    factories.make_showing(withdrawn_at=factories.NOW)
    path = path.format(event=showing.event_id, showing=showing.pk)
    response = client.get(f"/api/v1/{path}?format=ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    entries = Calendar.from_ical(response.content).walk("VEVENT")
    assert len(entries) == (2 if path in ("showings/", "events/") else 1)
    assert str(entries[0]["uid"]).startswith(f"showing-{showing.pk}@")
    assert client.get(f"/api/v1/{path}", headers={"Accept": "text/calendar"}).content == response.content
    again = client.get(f"/api/v1/{path}?format=ics", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_a_calendar_of_a_filtered_list_holds_what_the_list_holds(client: Client) -> None:
    for availability in ("few", "soldout", "few"):
        factories.make_showing(availability=availability)
    content = client.get("/api/v1/showings/?availability=few&format=ics").content
    assert content.count(b"BEGIN:VEVENT") == 2
    content = client.get("/api/v1/events/?availability=soldout&format=ics").content
    assert content.count(b"BEGIN:VEVENT") == 1


@pytest.mark.parametrize("path", ["showings/", "events/", "events/{event}/"])
def test_a_calendar_is_whole_or_refused(client: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar, "MOST", 2)
    event = factories.make_event()
    for _ in range(2):
        factories.make_showing(event)
    path = f"/api/v1/{path.format(event=event.pk)}?format=ics"
    assert client.get(path).content.count(b"BEGIN:VEVENT") == 2
    factories.make_showing(event)
    response = client.get(path)
    assert (response.status_code, response.json()["parameter"]) == (400, "format")
    assert "from and to" in response.json()["detail"]


@pytest.mark.parametrize("name", [name for name, resource in RESOURCES.items() if "jsonld" in resource.alone])
def test_one_object_in_the_words_of_schema_org(client: Client, name: str) -> None:
    populate(1)
    [first, *_] = client.get(f"/api/v1/{name}/?ordering=id").json()["results"]
    response = client.get(f"/api/v1/{name}/{first['id']}/", headers={"Accept": "application/ld+json"})
    assert response["Content-Type"] == "application/ld+json"
    told = json.loads(response.content)
    assert told["@context"] == "https://schema.org"
    assert [one["url"] for one in told["@graph"]][:1] == [first["url"]]
    assert client.get(f"/api/v1/{name}/?format=jsonld").status_code == 400
    assert client.get(f"/api/v1/{name}/4711/?format=jsonld").status_code == 404


@pytest.mark.parametrize("form", ["jsonld", "ics"])
def test_forms_of_one_object_cost_a_constant_number_of_queries(client: Client, form: str) -> None:
    costs = []
    for number in (1, 30):
        event = factories.make_event()
        for _ in range(number):
            factories.make_showing(event)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/api/v1/events/{event.pk}/?format={form}").status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 20
