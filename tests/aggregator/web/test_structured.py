"""Structured data: every kind of event against the shape that search engines ask for, and its safety in a page."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import jsonschema
import pytest

from aggregator.addresses import path_of
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
IMAGE = {"type": "string", "pattern": r"^https?://[^/]+/images/\d+/preview-1024x576\.jpg\?v=[0-9a-f]{8}$"}
LINKS = {"type": "array", "minItems": 1, "uniqueItems": True, "items": WEB}
COMMON = {"@id": WEB, "url": WEB, "name": TEXT, "description": TEXT, "sameAs": LINKS}
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
    "dependentRequired": {"lowPrice": ["priceCurrency", "highPrice"]},
    # Nothing is nothing in any currency.
    "if": {"required": ["price"], "properties": {"price": {"not": {"const": "0"}}}},
    "then": {"required": ["priceCurrency"]},
}
WORK = {"type": "object", "required": ["@type", "@id", "name"], "properties": {"@type": {"const": "Movie"}}}
EVENT = {
    **shape(
        [*dict.fromkeys(TYPES.values())],
        ["@id", "name", "url", "startDate", "eventStatus", "eventAttendanceMode"],
        **{"@id": WEB},
        name=TEXT,
        url=WEB,
        description=TEXT,
        image=IMAGE,
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


NAMED = {"type": "array", "minItems": 1, "items": PARTY}
CLIP = shape(["VideoObject"], ["name", "embedUrl"], name=TEXT, embedUrl=WEB, url=WEB)
SERIES = shape(["Festival"], ["@id", "name"], **{"@id": WEB}, name=TEXT)
CITY = shape(["Place"], ["name", "address"], name=TEXT, address=ADDRESS)
#: What each kind of page but an event's tells of its own row; nothing may be told that is not here.
THINGS = {
    "film": shape(
        ["Movie"],
        ["@id", "url", "name"],
        **COMMON,
        alternateName=TEXT,
        image=IMAGE,
        duration={"type": "string", "pattern": r"^PT[1-9]\d*M$"},
        dateCreated={"type": "string", "pattern": r"^\d{4}$"},
        **dict.fromkeys(("director", "actor", "author", "producer", "musicBy"), NAMED),
        countryOfOrigin={"type": "array", "minItems": 1, "items": shape(["Country"], ["name"], name=TEXT)},
        trailer={"type": "array", "minItems": 1, "items": CLIP},
    ),
    "person": shape(
        ["Person"],
        ["@id", "url", "name"],
        **COMMON,
        image=IMAGE,
        jobTitle={"type": "array", "minItems": 1, "items": TEXT},
        mainEntityOfPage=WEB,
    ),
    "organisation": shape(["Organization"], ["@id", "url", "name"], **COMMON),
    "venue": shape(
        ["Place"],
        ["@id", "url", "name"],
        **COMMON,
        telephone=TEXT,
        address=ADDRESS,
        geo=GEO,
        containedInPlace=shape(["Place"], ["name"], name=TEXT),
    ),
    "festival": shape(
        ["Festival"],
        ["@id", "url", "name", "eventStatus", "eventAttendanceMode"],
        **COMMON,
        startDate={"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
        endDate={"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
        eventStatus={"const": "https://schema.org/EventScheduled"},
        eventAttendanceMode={"const": "https://schema.org/OfflineEventAttendanceMode"},
        location={"anyOf": [CITY, {"type": "array", "minItems": 2, "items": CITY}]},
    ),
    "section": shape(["EventSeries"], ["@id", "url", "name", "superEvent"], **COMMON, superEvent=SERIES),
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
    assert "location" not in thing
    assert "offers" not in thing


@pytest.mark.django_db
@pytest.mark.parametrize(
    "columns", [{"summaries": {"sv": "<p>Om natten.</p>"}}, {"descriptions": {"sv": "Om natten."}}]
)
def test_what_is_over_is_still_described(page: Page, columns: dict[str, Any]) -> None:
    event = factories.make_event("Nattlinjen", **columns)
    factories.make_showing(event, starts_at=NOW - timedelta(days=9))
    html = page(f"/events/{event.pk}-nattlinjen/")
    assert '<meta name="description" content="Om natten.">' in html
    assert 'property="og:description" content="Om natten."' in html


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
    uncounted = factories.make_event("Nattlinjen", is_free=True)
    factories.make_showing(uncounted)
    assert [one["price"] for one in event_of(page, uncounted)["offers"]] == ["0"]


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
@pytest.mark.parametrize("is_full", [True, False])
@pytest.mark.parametrize("kind", list(THINGS))
def test_every_other_kind_of_page_has_its_shape(page: Page, kind: str, is_full: bool) -> None:
    """With all that can be known of a row, and with nothing but its name."""
    text = {"descriptions": {"sv": "<p>Om &amp; kring.</p>"}}
    site = {"website": "https://a.example/"}
    festival = factories.make_festival(
        "Filmfesten", **(text if is_full else {"starts_on": None, "ends_on": None})
    )
    near = {
        "latitude": 59.3,
        "longitude": 18.0,
        "coordinates": "exact",
        "house": "Huset",
        "phone": "08-1",
        "street": "Gatan 1",
    }
    made = {
        "film": lambda: factories.make_film(
            "Nattlinjen",
            **(
                {
                    "original_title": "Yö",
                    "countries": {"sv": "Finland"},
                    "imdb_id": "tt0000001",
                    **text,
                    **site,
                }
                if is_full
                else {"length": None, "year": None}
            ),
            trailers=[{"url": "https://youtu.be/a1B2c3D4e5F"}, {"url": "https://video.example/1"}]
            if is_full
            else [],
        ),
        "person": lambda: factories.make_person(
            "Ronja",
            **(
                {
                    "professions": ["actor"],
                    "links": {"a": "https://a.example/", "b": "https://a.example/"},
                    **text,
                }
                if is_full
                else {}
            ),
        ),
        "organisation": lambda: factories.make_organisation("Nalen", **({**text, **site} if is_full else {})),
        "venue": lambda: factories.make_venue(
            "Salong 1", **({**near, **text, **site} if is_full else {"city": "", "country": ""})
        ),
        "festival": lambda: festival,
        "section": lambda: factories.make_section(festival, "Rum", **(text if is_full else {})),
    }
    row = made[kind]()
    if is_full:
        factories.make_term("professions", "actor", en="Actor")
        if kind in ("film", "person"):
            factories.make_picture(row)
        if kind == "film":
            for role in ("director", "cast", "script", "producer", "music"):
                factories.make_credit("Aino", role, film=row, person=factories.make_person("Aino"))
        for city in ("Lund", "Umeå"):
            factories.make_showing(
                factories.make_event(festival=festival), venue=factories.make_venue(city=city)
            )
    html = page(path_of(kind, row.pk, getattr(row, "titles", None) or str(row)))
    told = next(one for one in graph(html) if not one["@type"].endswith("Event"))
    jsonschema.validate(told, THINGS[kind])
    assert len(told) > (5 if is_full else 2)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [str(word) for word in ShowingKind])
def test_an_event_tells_its_picture(page: Page, kind: str) -> None:
    event = factories.make_event("Nattlinjen", event_kind=kind)
    image = factories.make_picture(event)
    factories.make_showing(event, venue=factories.make_venue())
    assert f"/images/{image.pk}/" in event_of(page, event)["image"]
    film = factories.make_film("Nattlinjen")
    factories.make_picture(film)
    factories.make_showing(factories.make_event("Nattlinjen", film=film))
    movie, screening = graph(page(f"/films/{film.pk}-nattlinjen/"))
    assert movie["image"] == checked(screening)["image"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "columns",
    [
        {"name": "", "city": ""},
        {"name": "", "city": "Lund"},
        {"name": "", "house": "Huset"},
    ],
)
def test_a_place_that_is_hardly_known_is_still_a_place(page: Page, columns: dict[str, Any]) -> None:
    event = factories.make_event("Nattlinjen")
    factories.make_showing(event, venue=factories.make_venue(**{"country": "", **columns}))
    assert event_of(page, event)["location"]["name"]


@pytest.mark.django_db
@pytest.mark.parametrize("venue", [{"hidden_at": NOW}, None])
def test_no_place_is_made_up(page: Page, venue: dict[str, Any] | None) -> None:
    event = factories.make_event("Nattlinjen")
    factories.make_showing(event, venue=factories.make_venue(**venue) if venue else None)
    assert "location" not in event_of(page, event)


@pytest.mark.django_db
def test_nought_is_a_price(page: Page) -> None:
    event = factories.make_event("Nattlinjen", price_min=0, price_max=0, currency="SEK")
    showing = factories.make_showing(event)
    assert [one["price"] for one in event_of(page, event)["offers"]] == ["0"]
    Offer.objects.create(showing=showing, position=0, price="0.00", currency="SEK", label="Child")
    assert [one["price"] for one in event_of(page, event)["offers"]] == ["0"]
    ranged = factories.make_event("Nattlinjen", price_min=0, price_max=100, currency="SEK")
    factories.make_showing(ranged)
    (offer,) = event_of(page, ranged)["offers"]
    assert (offer["lowPrice"], offer["highPrice"]) == ("0", "100")
    free = factories.make_event("Nattlinjen", is_free=True)
    factories.make_showing(free)
    # Nothing is nothing in any currency.
    thing = event_of(page, free)
    assert thing["isAccessibleForFree"] is True
    assert [one["price"] for one in thing["offers"]] == ["0"]


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
