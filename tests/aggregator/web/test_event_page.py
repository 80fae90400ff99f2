"""The page of one event."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aggregator.models import Event, Offer, Tombstone
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
Page = Callable[..., str]


def path_of(event: Event) -> str:
    return f"/events/{event.pk}-nattlinjen/"


@pytest.mark.parametrize("slug", ["", "-", "-nonsens", "-Nattlinjen", "-åäö", "-a-b%2Fc"])
def test_every_other_spelling_leads_to_the_one_address(client: Client, slug: str) -> None:
    event = factories.make_event("Nattlinjen")
    response = client.get(f"/events/{event.pk}{slug}/")
    assert (response.status_code, response["Location"]) == (301, path_of(event))


@pytest.mark.parametrize("number", [0, 4711, 2**63, 10**18 * 9, "9" * 19, "9" * 5000])
def test_an_id_that_nobody_has_is_not_found(client: Client, number: object) -> None:
    assert client.get(f"/events/{number}-x/").status_code == 404


def test_hidden_is_not_found_and_forgotten_is_gone(client: Client) -> None:
    event = factories.make_event("Nattlinjen")
    factories.hide(event)
    assert client.get(path_of(event)).status_code == 404
    Tombstone.objects.create(kind="event", row=999, forgotten_at=NOW)
    assert client.get("/events/999-x/").status_code == 410


def test_a_withdrawn_event_stays_with_a_note_and_sells_nothing(page: Page) -> None:
    event = factories.make_event("Nattlinjen", withdrawn_at=NOW, buy_url="https://example.org/buy")
    factories.make_showing(event, withdrawn_at=NOW, buy_urls={"member": "https://example.org/seat"})
    html = page(path_of(event))
    assert "The source no longer lists this" in html
    assert "https://example.org/buy" not in html
    assert "https://example.org/seat" not in html


def test_all_that_is_known_is_told(page: Page) -> None:
    film = factories.make_film(
        original_title="Yö",
        countries={"sv": "Finland", "en": "Finland"},
        descriptions={"sv": "<p>Om natten.</p>"},
    )
    factories.make_credit("Aino Kallas", "director", film=film)
    factories.make_credit("Tove Ek", "cast", film=film, character="Linnea")
    festival = factories.make_festival("Filmfesten")
    event = factories.make_event(
        "Nattlinjen",
        film=film,
        festival=festival,
        price_min=120,
        price_max=150,
        currency="SEK",
        url="https://up.example/1",
    )
    event.categories.add(factories.make_category("Thriller"))
    Offer.objects.create(event=event, position=0, price=120, currency="SEK", label="Student")
    factories.make_source(last_good_at=NOW - timedelta(minutes=9))
    factories.make_showing(
        event,
        venue=factories.make_venue("Skandia", street="Drottninggatan 82"),
        number="1704",
        tags=["face_to_face"],
        availability="few",
        seats_free=4,
        buy_urls={"member": "https://shop.example/1"},
        notes={"sv": "Ny lokal"},
    )
    html = page(path_of(event)).replace("\xa0", " ")
    for words in (
        *(
            "Yö",
            "Finland",
            "97 minutes",
            "<p>Om natten.</p>",
            "Aino Kallas",
            "Tove Ek (Linnea)",
            "Filmfesten",
        ),
        *(
            "120–150 SEK",
            "Thriller",
            "Student",
            "19:00",
            "Stockholm time",
            "Skandia, Drottninggatan 82, Stockholm",
        ),
        *(
            "No. 1704",
            "Face to face",
            "4 seats left",
            "Ny lokal",
            "9 minutes ago",
            'href="https://up.example/1"',
        ),
        'href="https://shop.example/1" rel="noopener nofollow"',
    ):
        assert words in html, words


def test_a_showing_after_midnight_bears_its_day_in_the_calendar(page: Page) -> None:
    event = factories.make_event("Nattlinjen")
    factories.make_showing(event, starts_at=NOW.replace(hour=23, minute=30))
    html = page(path_of(event))
    assert "Mon 23 Nov 2026" in html
    assert "night of Sunday" in html


def test_nothing_is_loaded_or_linked_but_http(page: Page) -> None:
    event = factories.make_event(
        "Nattlinjen",
        url="javascript:alert(1)",
        buy_url="data:text/html,x",
        links={"a": "javascript:alert(2)"},
        trailers=[{"url": "ftp://x.example/", "label": "x"}],
    )
    factories.make_showing(event, buy_urls={"member": "javascript:alert(3)"})
    html = page(path_of(event))
    assert "javascript:" not in html
    assert "data:text" not in html
    assert "ftp:" not in html
    assert "<img" not in html
    assert "<iframe" not in html
    assert "style=" not in html


def test_the_number_of_queries_does_not_grow_with_the_showings(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    event = factories.make_event("Nattlinjen", film=factories.make_film(), festival=factories.make_festival())
    for wanted in (1, 29, 270):
        for _ in range(wanted):
            showing = factories.make_showing(event, venue=factories.make_venue())
            showing.further_venues.add(factories.make_venue("Zita"))
            Offer.objects.create(showing=showing, position=0, price=100, currency="SEK", label="Student")
        with django_assert_num_queries(13):
            client.get(path_of(event))
