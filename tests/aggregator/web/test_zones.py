"""What "today" is on pages about a place that is not in the site's own zone.

It is 06:00 in Stockholm, where a new programme day has begun, and 21:00 of the evening before in San Francisco.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from aggregator.models import Showing, Venue
from aggregator.search.criteria import Criteria, Near
from aggregator.web import programme
from tests import factories

pytestmark = pytest.mark.django_db
Page = Callable[..., str]
MORNING = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
ZONE = "America/Los_Angeles"


@pytest.fixture(autouse=True)
def _in_the_morning(monkeypatch: pytest.MonkeyPatch, _at_a_fixed_time: None) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: MORNING)


@pytest.fixture
def castro() -> Venue:
    return factories.make_venue(
        "Castro",
        city="San Francisco",
        country="US",
        zone=ZONE,
        latitude=37.76,
        longitude=-122.43,
        coordinates="exact",
    )


@pytest.fixture
def tonight(castro: Venue) -> Showing:
    """Half past nine tonight over there."""
    festival = factories.make_festival(
        "Noir City", zone=ZONE, starts_on=datetime(2026, 11, 20), ends_on=datetime(2026, 11, 21)
    )
    return factories.make_showing(
        factories.make_event("The Big Sleep", festival=festival),
        venue=castro,
        zone=ZONE,
        starts_at=MORNING + timedelta(minutes=30),
    )


def test_what_is_to_come_tonight_is_no_past_showing_of_its_event(page: Page, tonight: Showing) -> None:
    html = page(f"/events/{tonight.event_id}-the-big-sleep/")
    assert "past showing" not in html
    assert '"startDate":"2026-11-21T21:30:00-08:00"' in html.replace(": ", ":")


def test_a_venue_has_its_own_today(client: Client, tonight: Showing, castro: Venue) -> None:
    response = client.get(f"/venues/{castro.pk}-castro/")
    (day,) = response.context["page"].programme.days
    assert (day.nearness, [card.id for card in day.cards]) == ("Today", [tonight.pk])
    assert "Los Angeles time" in response.content.decode()


def test_a_festival_has_its_own_today(client: Client, tonight: Showing) -> None:
    festival = tonight.event.festival
    assert festival is not None
    response = client.get(f"/festivals/{festival.pk}-noir-city/")
    shown = response.context["page"]
    assert (shown.standing, [day.nearness for day in shown.days], shown.earlier) == ("On now", ["Today"], ())
    assert festival in programme.festivals_now(MORNING)


@pytest.mark.parametrize(
    "query",
    [
        "near=37.76,-122.43",
        "city=San+Francisco",
        "city=san+francisco",
        "venue={venue}",
        "festival={festival}",
    ],
)
def test_a_listing_begins_on_the_day_of_the_place_that_it_asks_for(
    client: Client, tonight: Showing, query: str
) -> None:
    asked = query.format(venue=tonight.venue_id, festival=tonight.event.festival_id)
    response = client.get(f"/events/?{asked}")
    assert [(day.nearness, len(day.cards)) for day in response.context["days"]] == [("Today", 1)]
    news = client.get(f"/events/feed.atom?{asked}")
    assert "The Big Sleep" in news.content.decode()


def test_cities_are_compared_as_the_filter_compares_them() -> None:
    factories.make_venue("Østre", city="Ålesund", zone="Europe/Oslo")
    for spelt in ("Ålesund", "ålesund", "ÅLESUND"):
        assert programme.zone_of(Criteria(cities=(spelt,))) == "Europe/Oslo", quote(spelt)


def test_the_places_nearest_say_what_time_it_is() -> None:
    factories.make_venue("Far", latitude=57.0, longitude=24.0, coordinates="exact", zone="Europe/Riga")
    for number in range(5):
        factories.make_venue(
            f"Near {number}", latitude=58.0, longitude=18.0, coordinates="exact", zone="Europe/Stockholm"
        )
    assert programme.zone_of(Criteria(near=Near(58.0, 18.0, 500.0))) == "Europe/Stockholm"
