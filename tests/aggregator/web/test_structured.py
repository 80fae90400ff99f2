"""Structured data: every kind of event against the shape that search engines ask for, and its safety in a page."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import jsonschema
import pytest

from aggregator.models import Offer
from aggregator.vocabulary import ShowingKind
from aggregator.web.structured.events import TYPES
from aggregator.web.structured.writing import element
from tests import factories
from tests.factories import NOW

Page = Callable[..., str]

INSTANT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$"
MOMENT = {
    "anyOf": [{"type": "string", "pattern": INSTANT}, {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}]
}
WEB = {"type": "string", "pattern": "^https?://"}
TEXT = {"type": "string", "minLength": 1}
PRICE = {"type": "string", "pattern": r"^\d+(\.\d+)?$"}


def shape(kinds: list[str], required: list[str], **properties: Any) -> dict[str, Any]:
    """A closed object of one of the types *kinds*."""
    return {
        "type": "object",
        "required": ["@type", *required],
        "properties": {"@type": {"enum": kinds}, **properties},
        "additionalProperties": False,
    }


ADDRESS = shape(
    ["PostalAddress"],
    [],
    **{f"address{part}": TEXT for part in ("Locality", "Region", "Country")},
    streetAddress=TEXT,
    postalCode=TEXT,
)
GEO = shape(
    ["GeoCoordinates"],
    ["latitude", "longitude"],
    latitude={"type": "number", "minimum": -90, "maximum": 90},
    longitude={"type": "number", "minimum": -180, "maximum": 180},
)
PLACE = shape(
    ["Place"],
    ["name"],
    name=TEXT,
    address=ADDRESS,
    geo=GEO,
    containedInPlace=shape(["Place"], ["name"], name=TEXT),
)
PARTY = shape(["Person", "PerformingGroup", "Organization"], ["name"], name=TEXT, url=WEB)
OFFER = {
    **shape(
        ["Offer", "AggregateOffer"],
        [],
        name=TEXT,
        price=PRICE,
        lowPrice=PRICE,
        highPrice=PRICE,
        priceCurrency={"type": "string", "pattern": "^[A-Z]{3}$"},
        url=WEB,
        validFrom={"type": "string", "pattern": INSTANT},
        availability={
            "enum": [
                f"https://schema.org/{word}"
                for word in ("InStock", "LimitedAvailability", "SoldOut", "PreSale")
            ]
        },
    ),
    "dependentRequired": {"price": ["priceCurrency"], "lowPrice": ["priceCurrency", "highPrice"]},
}
WORK = {"type": "object", "required": ["@type", "@id", "name"], "properties": {"@type": {"const": "Movie"}}}
EVENT = {
    **shape(
        [*dict.fromkeys(TYPES.values())],
        ["@id", "name", "url", "startDate", "location", "eventStatus", "eventAttendanceMode"],
        **{"@id": WEB},
        name=TEXT,
        url=WEB,
        description=TEXT,
        startDate=MOMENT,
        endDate=MOMENT,
        previousStartDate=MOMENT,
        doorTime=MOMENT,
        location=PLACE,
        eventStatus={
            "enum": [f"https://schema.org/Event{word}" for word in ("Scheduled", "Cancelled", "Rescheduled")]
        },
        eventAttendanceMode={"const": "https://schema.org/OfflineEventAttendanceMode"},
        isAccessibleForFree={"type": "boolean"},
        offers={"type": "array", "minItems": 1, "items": OFFER},
        performer={"type": "array", "minItems": 1, "items": PARTY},
        organizer=PARTY,
        workPresented=WORK,
        superEvent={"type": "object", "required": ["@type", "@id", "name"]},
    ),
    "dependentRequired": {"previousStartDate": ["eventStatus"]},
}


def graph(html: str) -> list[Any]:
    """The things that a page tells; the whole of what a browser takes for the element's content must be JSON."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script', html, re.DOTALL | re.IGNORECASE)
    assert len(found) == 1
    document = json.loads(found[0])
    assert document["@context"] == "https://schema.org"
    things: list[Any] = document["@graph"]
    return things


def checked(thing: Mapping[str, Any]) -> Mapping[str, Any]:
    """*thing*, once it has the shape of an event."""
    jsonschema.validate(thing, EVENT)
    return thing


def event_of(page: Page, event: Any) -> Mapping[str, Any]:
    return checked(graph(page(f"/events/{event.pk}-nattlinjen/"))[0])


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [str(word) for word in ShowingKind])
def test_every_kind_of_event_has_the_shape_that_search_engines_ask_for(page: Page, kind: str) -> None:
    film = factories.make_film(descriptions={"sv": "<p>Om natten &amp; dagen.</p>"})
    event = factories.make_event(
        "Nattlinjen",
        event_kind=kind,
        film=film if kind == "screening" else None,
        festival=factories.make_festival(),
        organisation=factories.make_organisation(website="https://nalen.example/"),
        price_min=120,
        price_max=150,
        currency="SEK",
        is_free=False,
    )
    factories.make_credit("Aino", "artist", event=event, person=factories.make_person("Aino"))
    factories.make_credit("Trion", "headliner", event=event)
    venue = factories.make_venue(
        "Salong 1",
        house="Skandia",
        street="Drottninggatan 82",
        postal_code="111 36",
        latitude=59.33,
        longitude=18.06,
        coordinates="exact",
    )
    precision = "run" if kind == "run" else "exact"
    factories.make_showing(
        event,
        venue=venue,
        precision=precision,
        ends_at=NOW + timedelta(hours=5),
        doors_at=NOW + timedelta(hours=2),
        availability="few",
        buy_urls={"member": "https://shop.example/1", "x": "javascript:1"},
        sale_starts_at=NOW,
    )
    thing = event_of(page, event)
    assert thing["@type"] == TYPES[kind]
    assert thing["startDate"] == ("2026-11-22" if kind == "run" else "2026-11-22T19:00:00+01:00")
    assert thing["location"]["geo"]["latitude"] == 59.33
    assert thing["offers"][0]["lowPrice"] == "120"
    assert thing["offers"][0]["availability"] == "https://schema.org/LimitedAvailability"
    assert thing["offers"][0]["url"] == "https://shop.example/1"
    assert thing["organizer"]["name"] == "Kulturföreningen Nalen"
    assert [one["@type"] for one in thing["performer"]] == ["PerformingGroup", "Person"]
    assert ("workPresented" in thing) is (kind == "screening")


@pytest.mark.django_db
def test_a_bare_event_still_has_the_shape(page: Page) -> None:
    event = factories.make_event("Nattlinjen")
    factories.make_showing(event)
    thing = event_of(page, event)
    assert thing["location"] == {"@type": "Place", "name": "Stockholm"}
    assert "offers" not in thing


@pytest.mark.django_db
def test_cancelled_moved_and_withdrawn_are_told_apart(page: Page) -> None:
    event = factories.make_event("Nattlinjen")
    factories.make_showing(event, status="cancelled", buy_urls={"x": "https://shop.example/"})
    before = {"starts_at": (NOW + timedelta(hours=1)).isoformat(), "venue_name": "Zita"}
    factories.make_showing(event, moved_from=before)
    same = {"starts_at": (NOW + timedelta(hours=3)).isoformat(), "venue_name": "Zita"}
    factories.make_showing(event, moved_from=same)
    factories.make_showing(event, withdrawn_at=NOW)
    cancelled, moved, elsewhere = map(checked, graph(page(f"/events/{event.pk}-nattlinjen/")))
    assert cancelled["eventStatus"].endswith("EventCancelled")
    assert "offers" not in cancelled
    assert moved["eventStatus"].endswith("EventRescheduled")
    assert moved["previousStartDate"] == "2026-11-22T17:00:00+01:00"
    assert elsewhere["eventStatus"].endswith("EventScheduled")
    event.status = "cancelled"
    event.save(update_fields=["status"])
    assert {one["eventStatus"] for one in graph(page(f"/events/{event.pk}-nattlinjen/"))} == {
        "https://schema.org/EventCancelled"
    }


@pytest.mark.django_db
def test_offers_of_showing_and_event_are_told_and_free_is_a_price(page: Page) -> None:
    event = factories.make_event("Nattlinjen", currency="SEK")
    showing = factories.make_showing(event, availability="soldout")
    Offer.objects.create(event=event, position=0, price=100, currency="SEK", label="Student")
    Offer.objects.create(
        showing=showing, position=0, price="120.50", currency="SEK", url="https://shop.example/2"
    )
    Offer.objects.create(showing=showing, position=1, label="Door")
    offers = event_of(page, event)["offers"]
    assert [one.get("price") for one in offers] == ["120.5", None, "100"]
    assert {one["availability"] for one in offers} == {"https://schema.org/SoldOut"}
    free = factories.make_event("Nattlinjen", is_free=True, currency="SEK")
    factories.make_showing(free)
    thing = event_of(page, free)
    assert thing["isAccessibleForFree"] is True
    assert thing["offers"][0]["price"] == "0"


@pytest.mark.django_db
def test_things_other_than_events(page: Page) -> None:
    film = factories.make_film(
        "Nattlinjen", original_title="Yö", countries={"sv": "Finland, Sverige"}, imdb_id="tt01"
    )
    factories.make_credit("Aino", "director", film=film)
    factories.make_showing(factories.make_event("Nattlinjen", film=film))
    movie, screening = graph(page(f"/films/{film.pk}-nattlinjen/"))
    checked(screening)
    assert movie["@type"] == "Movie"
    assert movie["duration"] == "PT97M"
    assert [one["name"] for one in movie["countryOfOrigin"]] == ["Finland", "Sverige"]
    assert movie["director"] == [{"@type": "Person", "name": "Aino"}]
    person = factories.make_person("Ronja", links={"a": "https://a.example/", "b": "javascript:1"})
    (told,) = graph(page(f"/people/{person.pk}-ronja/"))
    assert (told["@type"], told["name"], told["sameAs"]) == ("Person", "Ronja", ["https://a.example/"])
    venue = factories.make_venue("Skandia", latitude=59.3, longitude=18.0, coordinates="city", phone="08")
    (told,) = graph(page(f"/venues/{venue.pk}-skandia/"))
    assert (told["@type"], told["telephone"], told["address"]["addressCountry"]) == ("Place", "08", "SE")
    assert "geo" not in told
    festival = factories.make_festival("Filmfesten")
    factories.make_showing(factories.make_event(festival=festival), venue=venue)
    (told,) = graph(page(f"/festivals/{festival.pk}-filmfesten/"))
    assert (told["@type"], told["startDate"]) == ("Festival", "2026-11-19")
    assert told["location"]["name"] == "Stockholm"
    section = factories.make_section(festival, "Rum")
    (told,) = graph(page(f"/sections/{section.pk}-rum/"))
    assert (told["@type"], told["superEvent"]["name"]) == ("EventSeries", "Filmfesten")
    organisation = factories.make_organisation("Nalen")
    (told,) = graph(page(f"/organisations/{organisation.pk}-nalen/"))
    assert told["@type"] == "Organization"


@pytest.mark.django_db
def test_nothing_in_the_data_can_end_its_element(page: Page) -> None:
    evil = "</script><script>alert(1)</script><!--\u2028&amp;"
    event = factories.make_event("x", titles={"sv": evil}, descriptions={"sv": "<p>&lt;/script&gt;</p>"})
    factories.make_showing(event, venue=factories.make_venue(evil))
    html = page(event_path := f"/events/{event.pk}-scriptscriptalert1script-amp/")
    assert event_path in html
    (thing,) = graph(html)
    assert thing["name"] == evil
    assert thing["description"] == "</script>"
    assert "alert(1)</script" not in html


def test_only_data_is_written_without_signs_of_html() -> None:
    inside = str(element([{"name": "<&>\u2028\u2029"}]))
    assert inside == (
        '<script type="application/ld+json">{"@context":"https://schema.org",'
        '"@graph":[{"name":"\\u003c\\u0026\\u003e\\u2028\\u2029"}]}</script>'
    )


@pytest.mark.django_db
def test_a_page_tells_its_languages_and_what_to_show_when_it_is_shared(page: Page) -> None:
    film = factories.make_film("Nattlinjen", descriptions={"en": '<p>A "night" line.</p>'})
    html = page(f"/sv/films/{film.pk}-nattlinjen/")
    root = "http://localhost:8000"
    path = f"/films/{film.pk}-nattlinjen/"
    for part in (
        f'<link rel="canonical" href="{root}/sv{path}">',
        f'<link rel="alternate" hreflang="de" href="{root}/de{path}">',
        f'<link rel="alternate" hreflang="x-default" href="{root}{path}">',
        '<meta property="og:title" content="Nattlinjen">',
        '<meta property="og:type" content="video.movie">',
        '<meta name="description" content="A &quot;night&quot; line.">',
    ):
        assert part in html, part
    assert html.count('rel="canonical"') == 1
