"""The two lists of the API and their objects."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aggregator.api.resources import RESOURCES
from aggregator.models import Offer, Showing
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def get(client: Client, path: str, status: int = 200) -> Any:
    response = client.get(path)
    assert response.status_code == status, response.content
    expected = "application/json" if status == 200 else "application/problem+json"
    assert response["Content-Type"] == expected
    return json.loads(response.content)


def ids(answer: Any) -> list[int]:
    return [row["id"] for row in answer["results"]]


def test_the_index_names_the_lists(client: Client) -> None:
    assert {urlsplit(url).path for url in get(client, "/api/v1/").values()} == {
        f"/api/v1/{name}/" for name in (*RESOURCES, "providers", "search", "changes", "schema", "docs")
    }


def test_an_empty_list_is_an_envelope(client: Client) -> None:
    for kind in ("events", "showings"):
        assert get(client, f"/api/v1/{kind}/") == {"count": 0, "next": None, "previous": None, "results": []}


def test_a_showing_is_told_whole(client: Client) -> None:
    event = factories.make_event(titles={"sv": "Vildsvin", "en": "Boars"})
    moved = {"starts_at": NOW.isoformat(), "venue": "x", "venue_name": "Zita", "at": NOW.isoformat()}
    venue, further = factories.make_venue("Skandia"), factories.make_venue("Rio")
    showing = factories.make_showing(
        event,
        venue=venue,
        url="https://up.example/7",
        moved_from=moved,
        tags=["face_to_face"],
        number="1704",
        availability="few",
        seats_free=3,
        seats_total=90,
        buy_urls={"member": "https://shop.example/", "bad": "javascript:x"},
    )
    showing.further_venues.add(further)
    Offer.objects.create(showing=showing, position=0, price=95, currency="SEK", label="Kassa")
    [told] = get(client, "/api/v1/showings/")["results"]
    assert told == get(client, f"/api/v1/showings/{showing.pk}/")
    expected = {
        "id": showing.pk,
        "provider": "sff",
        "external_id": showing.external_id,
        "source_url": "https://up.example/7",
        "status": "moved",
        "titles": {"sv": "Vildsvin", "en": "Boars"},
        "starts_at": "2026-11-22T19:00:00+01:00",
        "ends_at": None,
        "timezone": "Europe/Stockholm",
        "precision": "exact",
        "local_start_date": "2026-11-22",
        "local_end_date": "2026-11-22",
        "availability": "few",
        "seats_free": 3,
        "seats_total": 90,
        "buy_urls": {"member": "https://shop.example/"},
        "tags": ["face_to_face"],
        "number": "1704",
        "moved_from": {"starts_at": "2026-11-22T16:00:00+01:00", "venue": "Zita"},
        "updated_at": "2026-11-22T15:00:00Z",
    }
    assert {name: told[name] for name in expected} == expected
    assert [one["name"] for one in told["venues"]] == ["Skandia", "Rio"]
    assert told["offers"] == [{"price": "95.00", "currency": "SEK", "label": "Kassa", "url": None}]
    assert urlsplit(told["url"]).path == f"/events/{event.pk}-boars/"
    assert urlsplit(told["event"]["api_url"]).path == f"/api/v1/events/{event.pk}/"


def test_an_event_is_told_with_its_film_credits_and_showings(client: Client) -> None:
    film = factories.make_film(original_title="Yö")
    factories.make_credit("Aino Kallas", "director", film=film)
    event = factories.make_event(
        "Vildsvin", film=film, is_free=False, price_min=0, descriptions={"sv": "<p>x</p>"}
    )
    factories.make_credit("Tove Ek", "speaker", event=event)
    event.categories.add(factories.make_category("Jazz"))
    showing = factories.make_showing(event)
    told = get(client, f"/api/v1/events/{event.pk}/")
    assert [row["id"] for row in told.pop("showings")] == [showing.pk]
    assert get(client, "/api/v1/events/")["results"] == [told]
    assert [(one["role"], one["name"]) for one in told["credits"]] == [
        ("director", "Aino Kallas"),
        ("speaker", "Tove Ek"),
    ]
    assert told["film"]["titles"] == {"sv": "Nattlinjen"}
    assert (told["is_free"], told["price_min"], told["price_max"]) == (False, "0.00", None)
    assert told["categories"][0]["names"] == {"sv": "Jazz"}
    assert told["status"] == "scheduled"


def test_withdrawn_is_left_out_of_lists_and_told_in_detail_and_hidden_is_nowhere(client: Client) -> None:
    gone = factories.make_showing(withdrawn_at=NOW, event=factories.make_event(withdrawn_at=NOW))
    hidden = factories.make_showing()
    factories.hide(hidden.event)
    assert get(client, "/api/v1/showings/")["count"] == get(client, "/api/v1/events/")["count"] == 0
    assert get(client, f"/api/v1/showings/{gone.pk}/")["status"] == "withdrawn"
    assert get(client, f"/api/v1/events/{gone.event_id}/")["status"] == "withdrawn"
    get(client, f"/api/v1/showings/{hidden.pk}/", 404)
    get(client, f"/api/v1/events/{hidden.event_id}/", 404)


@pytest.mark.parametrize("kind", ["showings", "events"])
@pytest.mark.parametrize("ordering", ["start", "-start", "id"])
def test_pages_add_up_to_the_whole_in_every_order(client: Client, kind: str, ordering: str) -> None:
    for one in range(7):
        factories.make_showing(starts_at=NOW + timedelta(hours=one % 3), venue=factories.make_venue())
    factories.make_event("utan tid")
    whole = ids(get(client, f"/api/v1/{kind}/?ordering={ordering}"))
    seen, path = [], f"/api/v1/{kind}/?ordering={ordering}&page_size=3&q=nattlinjen&q=tid"
    while path:
        answer = get(client, path)
        assert answer["count"] == len(whole)
        seen += ids(answer)
        path = answer["next"] and "{0.path}?{0.query}".format(urlsplit(answer["next"]))
    assert seen == whole
    assert len(set(seen)) == len(seen)


def test_starts_are_in_order(client: Client) -> None:
    for hour in (5, 1, 3):
        factories.make_showing(starts_at=NOW + timedelta(hours=hour))
    starts = [row["starts_at"] for row in get(client, "/api/v1/showings/")["results"]]
    assert starts == sorted(starts)
    backwards = [row["starts_at"] for row in get(client, "/api/v1/showings/?ordering=-start")["results"]]
    assert backwards == starts[::-1]


def test_the_past_is_included_unless_a_first_day_is_asked_for(client: Client) -> None:
    old = factories.make_showing(starts_at=NOW - timedelta(days=3000))
    new = factories.make_showing()
    assert ids(get(client, "/api/v1/showings/")) == [old.pk, new.pk]
    assert ids(get(client, "/api/v1/showings/?from=2026-11-22")) == [new.pk]


def test_repeating_a_name_is_or(client: Client) -> None:
    rows = [factories.make_showing(availability=word) for word in ("few", "soldout", "available")]
    found = ids(get(client, "/api/v1/showings/?availability=few&availability=soldout"))
    assert set(found) == {row.pk for row in rows[:2]}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("colour=red", "colour"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=x", "page"),
        ("page=99999999999999999999", "page"),
        ("page_size=201", "page_size"),
        ("page_size=0", "page_size"),
        ("page=1&page=2", "page"),
        ("ordering=title", "ordering"),
        ("from=2026-13-01", "from"),
        ("to=soon", "to"),
        ("from=2026-11-22&to=2026-11-21", "to"),
        ("venue=a", "venue"),
        ("festival=1.5", "festival"),
        ("kind=circus", "kind"),
        ("availability=none", "availability"),
        ("free=maybe", "free"),
        ("provider=nobody", "provider"),
        (f"q={'x' * 201}", "q"),
        ("q=%00", "q"),
    ],
)
@pytest.mark.parametrize("kind", ["showings", "events"])
def test_a_bad_value_is_refused_by_name(client: Client, kind: str, query: str, parameter: str) -> None:
    problem = get(client, f"/api/v1/{kind}/?{query}", 400)
    assert (problem["status"], problem["parameter"]) == (400, parameter)
    assert {"type", "title", "detail"} <= set(problem)


def test_an_unknown_name_is_refused_with_the_known_ones(client: Client) -> None:
    detail = get(client, "/api/v1/events/?citty=x", 400)["detail"]
    assert "Did you mean city?" in detail
    assert "page_size" in detail


def test_other_refusals_are_problems_too(client: Client) -> None:
    get(client, "/api/v1/nonsense/", 404)
    get(client, "/api/v1/events/99999999999999999999/", 404)
    get(client, "/api/v1/events/?page=2", 404)
    get(client, "/api/v1/events/1/?page=2", 400)
    response = client.post("/api/v1/events/", {})
    assert (response.status_code, response["Content-Type"]) == (405, "application/problem+json")


@pytest.mark.parametrize("kind", ["showings", "events"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    client: Client, kind: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for wanted in (1, 3, 30):
        for _ in range(wanted):
            event = factories.make_event(
                film=factories.make_film(), organisation=factories.make_organisation()
            )
            showing = factories.make_showing(event, venue=factories.make_venue())
            showing.further_venues.add(factories.make_venue())
        with django_assert_num_queries(4 if kind == "showings" else 5):
            get(client, f"/api/v1/{kind}/?page_size=200")


@pytest.mark.parametrize("kind", ["showings", "events"])
def test_a_list_with_every_filter_takes_few_queries(
    client: Client, kind: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    venue = factories.make_venue("Åhaga")
    factories.make_showing(venue=venue)
    query = f"q=åhaga&provider=sff&from=2026-11-01&to=2026-12-01&venue={venue.pk}&availability=unknown&kind=screening"
    path = f"/api/v1/{kind}/?{query}".replace("å", "%C3%A5")
    get(client, path)  # a process learns the words of the index once
    with django_assert_max_num_queries(5):
        assert get(client, path)["count"] == 1


def test_the_count_stops_and_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.search.showings.COUNTED", 3)
    for _ in range(5):
        factories.make_showing()
    seen, path = [], "/api/v1/showings/?page_size=2"
    while path:
        answer = get(client, path)
        assert (answer["count"], answer["count_is_minimum"]) == (3, True)
        seen += ids(answer)
        path = answer["next"] and "{0.path}?{0.query}".format(urlsplit(answer["next"]))
    assert seen == list(
        Showing.objects.order_by("local_start_date", "starts_at", "id").values_list("id", flat=True)
    )
