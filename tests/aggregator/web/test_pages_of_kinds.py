"""What the pages of films, people, venues, festivals, sections and organisations tell."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
Page = Callable[..., str]


def test_a_film_tells_its_showings_credits_and_festivals(page: Page) -> None:
    film = factories.make_film(
        "Nattlinjen", original_title="Yö", imdb_id="tt9900123", countries={"sv": "Finland"}
    )
    festival = factories.make_festival("Filmfesten")
    factories.make_selection(film, festival, factories.make_section(festival, "Open Zone"))
    person = factories.make_person("Aino Kallas")
    factories.make_credit("Aino Kallas", "director", film=film, person=person)
    private = factories.make_person("Tove Ek", public=False)
    factories.make_credit("Tove Ek", "cast", film=film, person=private, character="Linnea")
    event = factories.make_event(film=film, festival=festival)
    factories.make_showing(event, venue=factories.make_venue("Skandia"))
    factories.make_showing(event, starts_at=NOW - timedelta(days=9))
    factories.make_showing(event, venue=factories.make_venue("Zita"), status="cancelled")
    html = page(f"/films/{film.pk}-nattlinjen/")
    for words in (
        "Yö",
        "Aino Kallas · 2026 · 97 min",
        f'<a href="/people/{person.pk}-aino-kallas/">Aino Kallas</a>',
        "Tove Ek (Linnea)",
        "Open Zone",
        f'href="/festivals/{festival.pk}-filmfesten/"',
        "Skandia",
        "1 past showing",
        "Cancelled",
        "https://www.imdb.com/title/tt9900123/",
        f"accent-{festival.pk % 6}",
    ):
        assert words in html, words
    assert "/people/{private.pk}" not in html
    assert html.count(">Elsewhere<") == 0


def test_a_profile_speaks_the_visitors_language(page: Page) -> None:
    factories.make_term("languages", "deutsch", en="German", sv="tyska", fr="allemand")
    factories.make_term("language_skill", "gut", en="good", sv="bra")
    factories.make_term("dialects", "plattdeutsch", en="Low German", sv="plattyska")
    factories.make_term("professions", "actor", en="Actor", sv="Skådespelare")
    factories.make_term("role_type", "leading", en="Leading role", sv="Huvudroll")
    person = factories.make_person(
        "Ronja Achterberg",
        professions=["actor", "stunt_double"],
        attributes={
            "languages": [{"value": "deutsch", "level": "gut"}],
            "native_dialects": ["plattdeutsch"],
            "city": "Hamburg",
            "sports": {"segeln": "gut"},
        },
        vita=[
            {"group": "award", "name": "Preis", "year_from": 2019, "award_nominated": True},
            {
                "group": "film",
                "name": "Wattläufer",
                "role": "Levke",
                "role_type": "leading",
                "year_from": 2018,
            },
            {"group": "film", "name": "Kranich", "year_from": 2020, "year_to": 2022, "director": "T. B."},
            {"group": "podcast", "name": "Nebelhorn"},
        ],
        year_of_birth=1989,
        agency=factories.make_organisation("Kulisse Nord"),
        links={"imdb": "https://www.imdb.com/name/nm1/", "x": "javascript:1"},
    )
    html = page(f"/people/{person.pk}-ronja-achterberg/", "sv")
    for words in (
        "tyska",
        "bra",
        "plattyska",
        "Skådespelare",
        "Stunt double",
        "Huvudroll",
        "Hamburg",
        "segeln",
    ):
        assert words in html, words
    assert '<span lang="sv">' not in html
    html = page(f"/people/{person.pk}-ronja-achterberg/", "de")
    assert '<span lang="en">German</span>' in html
    assert html.index("Kranich") < html.index("Wattläufer") < html.index("Preis") < html.index("Nebelhorn")
    for words in ("2020–2022", "Kulisse Nord", "1989", "https://www.imdb.com/name/nm1/"):
        assert words in html
    assert "javascript" not in html


def test_whoever_was_withdrawn_is_told_by_name_alone(page: Page) -> None:
    person = factories.make_person(
        "Ronja",
        withdrawn_at=NOW,
        descriptions={"": "<p>Private.</p>"},
        attributes={"city": "Hamburg"},
        vita=[{"group": "film", "name": "Wattläufer"}],
        links={"imdb": "https://www.imdb.com/name/nm1/"},
    )
    factories.make_credit("Ronja", "cast", film=factories.make_film("Sjöslag"), person=person)
    html = page(f"/people/{person.pk}-ronja/")
    for words in ("Private.", "Hamburg", "Wattläufer", "nm1", "Sjöslag"):
        assert words not in html


def test_a_person_is_told_with_works_and_showings(page: Page) -> None:
    person = factories.make_person("Ronja")
    film = factories.make_film("Sjöslag")
    factories.make_credit("Ronja", "cast", film=film, person=person, character="Levke")
    factories.make_credit("Ronja", "script", film=film, person=person)
    factories.make_showing(
        factories.make_event("Sjöslag i parken", film=film), venue=factories.make_venue("Zita")
    )
    hidden = factories.make_event("Dold")
    factories.make_credit("Ronja", "artist", event=hidden, person=person)
    factories.make_showing(hidden)
    factories.hide(hidden)
    html = page(f"/people/{person.pk}-ronja/")
    for words in (f'href="/films/{film.pk}-sjoslag/"', "Cast (Levke), Script", "Sjöslag i parken", "Zita"):
        assert words in html, words
    assert "Dold" not in html


def test_a_venue_tells_its_programme_and_what_lies_near(page: Page) -> None:
    near = {"coordinates": "exact", "longitude": 18.06}
    venue = factories.make_venue("Skandia", latitude=59.33, street="Drottninggatan 82", **near)
    factories.make_venue("Zita", latitude=59.334, **near)
    factories.make_venue("Långt bort", latitude=60.0, **near)
    factories.make_venue("Nånstans", latitude=59.33, longitude=18.06, coordinates="city")
    factories.make_showing(factories.make_event("Nattlinjen"), venue=venue)
    factories.make_showing(factories.make_event("Annan sal"))
    html = page(f"/venues/{venue.pk}-skandia/")
    for words in ("Drottninggatan 82", "Nattlinjen", "<svg", "450 m", "500 m"):
        assert words in html, words
    for words in ("Annan sal", "Långt bort", "Nånstans"):
        assert words not in html, words


def test_a_drawing_keeps_its_numbers_in_every_language(page: Page) -> None:
    near = {"coordinates": "exact", "longitude": 18.06}
    venue = factories.make_venue("Skandia", latitude=59.33, **near)
    factories.make_venue("Zita", latitude=59.3391, **near)
    for language in ("sv", "de", "fr"):
        drawing = page(f"/venues/{venue.pk}-skandia/", language).partition("<svg")[2].partition("</svg>")[0]
        assert "." in drawing.partition('cy="')[2]
        assert "," not in re.sub(r">[^<]*<", "><", drawing.replace(", ", ""))


def test_a_festival_is_a_grid_of_days_and_venues(page: Page) -> None:
    festival = factories.make_festival("Filmfesten", sale_starts_at=NOW + timedelta(days=1))
    section = factories.make_section(festival, "Open Zone")
    film = factories.make_film(length=90)
    factories.make_selection(film, festival, section)
    event = factories.make_event("Nattlinjen", film=film, festival=festival)
    skandia = factories.make_venue("Skandia")
    factories.make_showing(event, venue=skandia, availability="soldout")
    moved = {"starts_at": (NOW + timedelta(hours=20)).isoformat(), "venue_name": "Zita"}
    factories.make_showing(event, venue=skandia, starts_at=NOW + timedelta(days=1), moved_from=moved)
    factories.make_showing(event, starts_at=NOW - timedelta(days=2))
    factories.make_showing(event, starts_at=NOW + timedelta(days=2), precision="date")
    html = page(f"/festivals/{festival.pk}-filmfesten/")
    for words in (
        "On now",
        "19–30 November 2026",
        "1 earlier day",
        'class="tile h0 m0 dh1 dm30 lt0 lu0 tile-soldout"',
        "Sold out",
        "was 12:00 in Zita",
        "Time not set",
        "Tickets from Mon 23 Nov 16:00",
        'role="list"',
        'href="#day-20261123"',
        "Open Zone",
        "1 film",
    ):
        assert words in html, words
    assert 'grid-laid.css" media="screen and (min-width: 60rem)"' in html
    alone = page(f"/festivals/{festival.pk}-filmfesten/?day=2026-11-23&view=grid")
    assert alone.count("grid-day") == 1
    assert 'grid-laid.css" media="screen">' in alone
    assert page(f"/festivals/{festival.pk}-filmfesten/?day=0000-99-99").count("grid-day") == 4
    assert "grid-laid" not in page(f"/festivals/{festival.pk}-filmfesten/?view=list")


def test_a_large_festival_is_shown_a_day_at_a_time(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.web.festival_page.MOST_AT_ONCE", 2)
    festival = factories.make_festival("Filmfesten")
    event = factories.make_event(festival=festival)
    for days in range(-1, 3):
        factories.make_showing(event, starts_at=NOW + timedelta(days=days))
    html = page(f"/festivals/{festival.pk}-filmfesten/")
    assert html.count("grid-day") == 1
    assert "Today" in html
    assert 'href="?day=2026-11-21#programme"' in html


def test_a_section_lists_its_films(page: Page) -> None:
    festival = factories.make_festival("Filmfesten")
    section = factories.make_section(festival, "Open Zone")
    for title in ("Ö", "Arlanda"):
        film = factories.make_film(title)
        factories.make_selection(film, festival, section)
        factories.make_credit("Aino Kallas", "director", film=film)
    factories.make_showing(factories.make_event(film=film, festival=festival))
    html = page(f"/sections/{section.pk}-open-zone/")
    assert html.index("Arlanda") < html.index(">Ö<")
    for words in ("Filmfesten", "Aino Kallas · 2026 · 97 min", "next Sun 22 Nov"):
        assert words in html, words


def test_an_organisation_tells_what_it_puts_on_and_whom_it_represents(page: Page) -> None:
    organisation = factories.make_organisation("Nalen", website="https://nalen.example/")
    factories.make_showing(factories.make_event("Konsert", organisation=organisation))
    factories.make_event("Utan datum", organisation=organisation)
    factories.make_person("Ronja", agency=organisation)
    factories.make_person("Dold", agency=organisation, public=False)
    html = page(f"/organisations/{organisation.pk}-nalen/")
    for words in ("Konsert", "Utan datum", "Ronja", "https://nalen.example/"):
        assert words in html, words
    assert "Dold" not in html
    assert html.count(">Konsert<") == 1


def test_a_section_of_a_hidden_festival_is_hidden_with_it(client: Client) -> None:
    section = factories.make_section(factories.make_festival(), "Öppna rum")
    for path in (f"/sections/{section.pk}-oppna-rum/", "/sitemaps/sections-0.xml"):
        assert client.get(path).status_code == 200
    factories.hide(section.festival)
    for path in (f"/sections/{section.pk}-oppna-rum/", "/sitemaps/sections-0.xml"):
        assert client.get(path).status_code == 404


def test_a_festival_that_is_too_large_for_one_page_does_not_offer_it(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    festival = factories.make_festival("Filmfesten")
    event = factories.make_event(festival=festival, titles={"fi": "Yö", "sv": "Natt"})
    for day in range(2):
        factories.make_showing(event, starts_at=NOW + timedelta(days=day), precision="date")
    path = f"/festivals/{festival.pk}-filmfesten/"
    assert "All days" in page(f"{path}?day=2026-11-22")
    assert 'lang="sv">Natt</a>' in page(path)
    monkeypatch.setattr("aggregator.web.festival_page.MOST_AT_ONCE", 1)
    assert "All days" not in page(f"{path}?day=2026-11-22")


def test_a_venue_lies_on_a_map_where_there_are_tiles(page: Page, settings: Any) -> None:
    venue = factories.make_venue("Skandia", latitude=59.33, longitude=18.06, coordinates="exact")
    factories.make_venue("Zita", latitude=59.341, longitude=18.06, coordinates="exact")
    path = f"/venues/{venue.pk}-skandia/"
    for text in ("data-map", "leaflet"):
        assert text not in page(path)
    settings.MAP_TILES_URL = "https://tiles.example/{z}/{x}/{y}.png"
    html = page(path, "de")
    assert 'data-tiles="/tiles/{z}/{x}/{y}"' in html
    assert 'data-latitude="59.33" data-longitude="18.06" data-radius="2.5" data-here="Skandia"' in html
    assert '<li data-latitude="59.341" data-longitude="18.06" data-number="1">' in html
    assert "leaflet.js" in html
    vague = factories.make_venue("Loftet", latitude=59.33, longitude=18.06, coordinates="city")
    assert "data-map" not in page(f"/venues/{vague.pk}-loftet/")
