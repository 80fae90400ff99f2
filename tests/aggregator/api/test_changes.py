"""The feed of changes and the snapshots, as a program sees them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from aggregator import changes
from aggregator.api import formats
from aggregator.api.formats import lines
from aggregator.api.resources import RESOURCES
from aggregator.changes import feed
from aggregator.models import Section
from aggregator.vocabulary import ChangeAction, Kind
from tests import factories
from tests.factories import NOW
from tests.followers import settle

pytestmark = pytest.mark.django_db(transaction=True)

FEED = "/api/v1/changes/"


def get(client: Client, path: str, status: int = 200) -> Any:
    response = client.get(path)
    assert response.status_code == status, response.content
    return json.loads(response.content)


def say(*rows: Any, days: int = 0) -> None:
    for row in rows:
        kind = Kind(str(row._meta.model_name))
        changes.record(kind, [row.pk], ChangeAction.UPDATED, NOW - timedelta(days=days))
    settle()


def test_a_change_is_told_in_ids_and_a_link(client: Client) -> None:
    event = factories.make_event()
    say(event)
    answer = get(client, FEED)
    assert answer["results"] == [
        {
            "cursor": answer["next_cursor"],
            "kind": "events",
            "id": event.pk,
            "action": "updated",
            "at": "2026-11-22T15:00:00.000Z",
            "url": f"http://localhost:8000/api/v1/events/{event.pk}/",
        }
    ]


def test_the_feed_is_followed_by_its_cursor(client: Client) -> None:
    rows = [factories.make_event(), factories.make_venue(), factories.make_person(), factories.make_film()]
    assert get(client, FEED)["results"] == []
    start = get(client, FEED)["next_cursor"]
    say(*rows)
    first = get(client, f"{FEED}?after={start}&limit=3")
    assert [each["kind"] for each in first["results"]] == ["events", "venues", "people"]
    second = get(client, f"{FEED}?limit=3&after={first['next_cursor']}")
    assert [each["kind"] for each in second["results"]] == ["films"]
    last = get(client, f"{FEED}?after={second['next_cursor']}")
    assert last == {"results": [], "next_cursor": second["next_cursor"]}


@pytest.mark.parametrize(("days", "status"), [(91, 410), (1, 200)])
def test_an_expired_cursor_says_where_to_start_again(client: Client, days: int, status: int) -> None:
    say(factories.make_event(), factories.make_event(), days=days)
    cursor = get(client, f"{FEED}?limit=1")["next_cursor"]
    feed.prune(NOW)
    answer = get(client, f"{FEED}?after={cursor}", status)
    if status == 410:
        assert lines.CURSOR in answer["detail"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("after=x", "after"), ("after=0.fffffffffff.1", "after"), ("after=0.0.0&after=0.0.1", "after")]
    + [(f"limit={word}", "limit") for word in ("0", "-1", "x", "1001", "9" * 30)]
    + [("since=1", "since")],
)
def test_what_cannot_be_read_is_refused_by_name(client: Client, query: str, parameter: str) -> None:
    assert get(client, f"{FEED}?{query}", 400)["parameter"] == parameter


def test_a_page_costs_the_same_for_one_change_as_for_thirty(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    start = feed.written(feed.START, feed.era())
    for number in (1, 30):
        say(*(factories.make_event() for _ in range(number)))
        with django_assert_max_num_queries(4):
            get(client, f"{FEED}?after={start}")


# Snapshots -------------------------------------------------------------------------------------------------


def snapshot_of(client: Client, kind: str, query: str = "") -> tuple[list[Any], str]:
    response: Any = client.get(f"/api/v1/{kind}/?format=jsonl{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/jsonl"
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return [json.loads(line) for line in body.splitlines()], response[lines.CURSOR]


@pytest.mark.parametrize("held", [10**6, 0])
@pytest.mark.parametrize("kind", RESOURCES)
def test_a_snapshot_holds_what_the_list_shows(client: Client, monkeypatch: Any, kind: str, held: int) -> None:
    monkeypatch.setattr(formats, "CHUNK", 2)
    monkeypatch.setattr(formats, "HELD_BYTES", held)
    for _ in range(5):
        factories.make_showing(venue=factories.make_venue())
        for make in (
            factories.make_person,
            factories.make_film,
            factories.make_category,
            factories.make_organisation,
        ):
            make()
        Section.objects.create(**factories._listing({"name": "Tema", "festival": factories.make_festival()}))
    for make in (
        factories.make_event,
        factories.make_person,
        factories.make_showing,
        factories.make_festival,
    ):
        factories.hide(make())
    told, _ = snapshot_of(client, kind)
    assert told == get(client, f"/api/v1/{kind}/?ordering=id&page_size=200")["results"]
    assert len(told) >= 5


def test_a_snapshot_can_be_narrowed(client: Client) -> None:
    factories.make_event()
    wanted = factories.make_event(provider="sowprog")
    assert [one["id"] for one in snapshot_of(client, "events", "&provider=sowprog")[0]] == [wanted.pk]


def test_the_feed_goes_on_from_a_snapshot(client: Client) -> None:
    event = factories.make_event()
    say(event)
    told, cursor = snapshot_of(client, "events")
    assert [one["id"] for one in told] == [event.pk]
    assert feed.read(client.head("/api/v1/events/?format=jsonl")[lines.CURSOR])
    assert get(client, f"{FEED}?after={cursor}")["results"] == []
    say(event)
    assert [each["id"] for each in get(client, f"{FEED}?after={cursor}")["results"]] == [event.pk]


def test_only_a_snapshot_names_a_cursor_of_the_feed(client: Client) -> None:
    assert lines.CURSOR not in client.get("/api/v1/events/?format=csv")
    assert lines.CURSOR not in client.get("/api/v1/events/")
