"""What the pages of all kinds have in common: one address each, and what is seen of rows that are not public."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aggregator.addresses import path_of
from aggregator.models import Listing, Tombstone
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
Page = Callable[..., str]

MAKERS: dict[str, Callable[..., Listing]] = {
    "event": factories.make_event,
    "film": factories.make_film,
    "person": factories.make_person,
    "venue": factories.make_venue,
    "festival": factories.make_festival,
    "section": lambda name, **more: factories.make_section(factories.make_festival(), name, **more),
    "organisation": factories.make_organisation,
}
every_kind = pytest.mark.parametrize("kind", MAKERS)


def path(kind: str, row: Any) -> str:
    return path_of(kind, row.pk, getattr(row, "titles", None) or row.name)


@every_kind
def test_every_kind_has_a_page_at_one_address(client: Client, page: Page, kind: str) -> None:
    row = MAKERS[kind]("Nattlinjen")
    assert "Nattlinjen</h1>" in page(path(kind, row))
    for slug in ("", "-", "-wrong", "-åäö"):
        response = client.get(path(kind, row).replace("-nattlinjen", slug), {"x": "1"})
        assert (response.status_code, response["Location"]) == (301, path(kind, row) + "?x=1")
    response = client.get(f"/sv{path(kind, row)}".replace("-nattlinjen", "-x"))
    assert response["Location"] == f"/sv{path(kind, row)}"


@every_kind
def test_hidden_is_missing_forgotten_is_gone(client: Client, kind: str) -> None:
    row = MAKERS[kind]("Nattlinjen")
    factories.hide(row)
    assert client.get(path(kind, row)).status_code == 404
    Tombstone.objects.create(kind=kind, row=999, forgotten_at=NOW)
    assert client.get(path(kind, row).replace(f"/{row.pk}-", "/999-")).status_code == 410
    assert client.get(path(kind, row).replace(f"/{row.pk}-", f"/{2**63 + 5}-")).status_code == 404


@every_kind
def test_withdrawn_stays_with_a_note(page: Page, kind: str) -> None:
    row = MAKERS[kind]("Nattlinjen", withdrawn_at=NOW)
    assert "The source no longer lists this" in page(path(kind, row))


@every_kind
def test_no_page_loads_anything_from_elsewhere(page: Page, kind: str) -> None:
    row = MAKERS[kind]("Nattlinjen")
    html = page(path(kind, row))
    for part in ('src="http', "<iframe", "style=", "<style", "javascript:"):
        assert part not in html
    assert f'<link rel="canonical" href="http://localhost:8000/en{path(kind, row)}">' in html


@every_kind
def test_hostile_words_are_escaped(page: Page, kind: str) -> None:
    row = MAKERS[kind]("<script>alert(1)</script>")
    html = page(path(kind, row))
    assert "<script>alert" not in html


@every_kind
def test_a_page_that_is_unchanged_is_not_sent_again(client: Client, kind: str) -> None:
    row = MAKERS[kind]("Nattlinjen")
    response = client.get(path(kind, row), headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    known = {"if-none-match": response["ETag"], "accept-encoding": "gzip"}
    assert client.get(path(kind, row), headers=known).status_code == 304
    assert client.get(f"/sv{path(kind, row)}", headers=known).status_code == 200


def _film_with(number: int) -> Any:
    film = factories.make_film("Nattlinjen")
    festival = factories.make_festival()
    for place in range(number):
        event = factories.make_event(film=film, festival=festival)
        factories.make_selection(film, festival, factories.make_section(festival, f"S{place}"))
        factories.make_credit(f"N{place}", "cast", film=film, person=factories.make_person(f"N{place}"))
        for days in (-2, 2):
            showing = factories.make_showing(
                event, venue=factories.make_venue(), starts_at=NOW + timedelta(days=days, minutes=place)
            )
            showing.further_venues.add(factories.make_venue("Zita"))
    return film


def _person_with(number: int) -> Any:
    person = factories.make_person("Nattlinjen")
    for place in range(number):
        film = factories.make_film()
        factories.make_credit("N", "cast", film=film, person=person)
        factories.make_showing(
            factories.make_event(film=film), starts_at=NOW + timedelta(days=1, minutes=place)
        )
        factories.make_picture(film)
        factories.make_showing(factories.make_event(film=film), starts_at=NOW - timedelta(days=3))
    return person


def _venue_with(number: int) -> Any:
    near = {"coordinates": "exact", "longitude": 18.06}
    venue = factories.make_venue("Nattlinjen", latitude=59.33, **near)
    for place in range(number):
        factories.make_venue(f"V{place}", latitude=59.33 + place / 100_000, **near)
        factories.make_showing(venue=venue, starts_at=NOW + timedelta(minutes=place))
    return venue


def _festival_with(number: int) -> Any:
    festival = factories.make_festival("Nattlinjen")
    for place in range(number):
        film = factories.make_film()
        factories.make_selection(film, festival, factories.make_section(festival))
        event = factories.make_event(film=film, festival=festival)
        factories.make_showing(event, venue=factories.make_venue(f"V{place}"))
    return festival


def _section_with(number: int) -> Any:
    festival = factories.make_festival()
    section = factories.make_section(festival, "Nattlinjen")
    for _ in range(number):
        film = factories.make_film()
        factories.make_picture(film)
        factories.make_credit("N", "director", film=film)
        factories.make_selection(film, festival, section)
        factories.make_showing(factories.make_event(film=film, festival=festival))
    return section


def _organisation_with(number: int) -> Any:
    organisation = factories.make_organisation("Nattlinjen")
    for _ in range(number):
        factories.make_person(agency=organisation)
        factories.make_event(organisation=organisation)
        event = factories.make_event(organisation=organisation)
        factories.make_showing(event)
        factories.make_showing(event, starts_at=NOW - timedelta(days=3))
    return organisation


@pytest.mark.parametrize(
    ("kind", "make", "most"),
    [
        ("film", _film_with, 13),
        ("person", _person_with, 14),
        ("venue", _venue_with, 9),
        ("festival", _festival_with, 11),
        ("section", _section_with, 9),
        ("organisation", _organisation_with, 11),
    ],
)
def test_the_number_of_queries_does_not_grow(
    client: Client, kind: str, make: Callable[[int], Any], most: int
) -> None:
    from django.db import connection

    seen = []
    for number in (1, 30, 300):
        row = make(number)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path(kind, row)).status_code == 200
        seen.append(len(queries))
    assert len(set(seen)) == 1, seen
    assert seen[0] <= most


def test_an_organisers_page_lists_what_comes_next_and_says_that_there_is_more(client: Client) -> None:
    organisation = factories.make_organisation("Nalen")
    event = factories.make_event("Natt", organisation=organisation)
    for number in range(41):
        factories.make_showing(event, starts_at=NOW + timedelta(days=1 + number))
    page = client.get(path_of("organisation", organisation.pk, "Nalen")).content.decode()
    assert page.count('<li id="showing-') == 40
    assert "There are more showings than are listed here." in page
    event.showings.latest("starts_at").delete()
    page = client.get(path_of("organisation", organisation.pk, "Nalen")).content.decode()
    assert page.count('<li id="showing-') == 40
    assert "There are more showings" not in page
