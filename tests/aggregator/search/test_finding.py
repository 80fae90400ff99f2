"""The whole interface of search, on both databases."""

from datetime import timedelta
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client

from aggregator import search
from aggregator.models import SearchEntry, Selection
from aggregator.search import Criteria, Near, backlog, near
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

STOCKHOLM = Near(59.33, 18.07, 10)


def test_further_filters_of_showings() -> None:
    festival = factories.make_festival()
    section = factories.make_section(festival, "Twilight Zone")
    film = factories.make_film(languages="finska, svenska")
    category = factories.make_category()
    Selection.objects.create(
        film=film,
        festival=festival,
        section=section,
        provider="sff",
        external_id="x",
        fingerprint="x",
        first_seen_at=NOW,
        updated_at=NOW,
    )
    event = factories.make_event(film=film, festival=festival)
    event.categories.add(category)
    wanted = factories.make_showing(event, venue=factories.make_venue(country="FI"))
    factories.make_showing(venue=factories.make_venue())
    for criteria in (
        Criteria(countries=("FI",)),
        Criteria(categories=(category.pk,)),
        Criteria(sections=(section.pk,)),
        Criteria(languages=("fi", "de")),
    ):
        assert list(search.find_showings(criteria)) == [wanted], criteria
        assert list(search.find_events(criteria)) == [event], criteria


def test_near_measures_exactly_and_about() -> None:
    skandia = factories.make_venue("Skandia", latitude=59.3381, longitude=18.0595, coordinates="exact")
    vague = factories.make_venue("Någonstans", city="Stockholm")
    nowhere = factories.make_venue("Ladan", city="Ingenstans")
    uppsala = factories.make_venue(
        "Fyris", city="Uppsala", latitude=59.858, longitude=17.639, coordinates="exact"
    )
    shown = [factories.make_showing(venue=venue) for venue in (skandia, vague, nowhere, uppsala)]
    found = list(search.find_showings(Criteria(near=STOCKHOLM, ordering="distance")))
    assert {row.pk for row in found} == {shown[0].pk, shown[1].pk}
    assert [round(row.distance_km, 1) for row in found] == [1.1, 1.1]
    assert {row.pk: row.distance_is_about for row in found} == {shown[0].pk: False, shown[1].pk: True}
    assert search.not_placed(Criteria(near=STOCKHOLM)) == (1, False)
    assert len(search.find_showings(Criteria(near=Near(59.33, 18.07, 100)))) == 3


def test_a_place_is_about_where_its_coordinates_say_where_nobody_names_its_city() -> None:
    vague = factories.make_venue("Ladan", city="", latitude=59.33, longitude=18.07, coordinates="city")
    shown = factories.make_showing(venue=vague)
    (found,) = search.find_showings(Criteria(near=STOCKHOLM))
    assert (found.pk, found.distance_km, found.distance_is_about) == (shown.pk, 0.0, True)
    assert search.not_placed(Criteria(near=STOCKHOLM)) == (0, False)


def test_near_has_room_for_any_number_of_places(monkeypatch: pytest.MonkeyPatch) -> None:
    venue = factories.make_venue(latitude=59.33, longitude=18.07, coordinates="exact")
    other = factories.make_venue("Zita", latitude=59.34, longitude=18.07, coordinates="exact")
    first = factories.make_showing(venue=venue)
    second = factories.make_showing(venue=factories.make_venue("Ladan", city="Ingenstans"))
    second.further_venues.add(other)
    factories.make_showing(venue=factories.make_venue("Vidare", city="Ingenstans"))
    factories.make_showing()
    for row in (first, second):
        factories.indexed(row)
    known = near.surroundings(STOCKHOLM)
    many = {10**9 + number: near.Distance(number / 7, number % 2 == 0) for number in range(120_000)}
    around = near.Surroundings({**known.within, **many}, frozenset({*known.not_placed, *many}))
    for place in ("matching", "showings"):
        monkeypatch.setattr(f"aggregator.search.{place}.surroundings", lambda _: around)
    rows = list(search.find_showings(Criteria(near=STOCKHOLM, ordering="distance")))
    told = {row.pk: (row.distance_km, row.distance_is_about) for row in rows}
    assert told == {first.pk: (0.0, False), second.pk: (None, False)}
    assert rows[0] == first
    assert search.find_showings(Criteria(near=STOCKHOLM)).count() == 2
    assert search.facets(Criteria(near=STOCKHOLM)).total == 2
    assert search.not_placed(Criteria(near=STOCKHOLM)) == (3, False)


def test_orderings() -> None:
    event = factories.make_event()
    late = factories.make_showing(event, starts_at=NOW + timedelta(days=2))
    early = factories.make_showing(event, starts_at=NOW + timedelta(days=1))
    for ordering, expected in (
        ("", [early, late]),
        ("start", [early, late]),
        ("-start", [late, early]),
        ("id", [late, early]),
        ("-id", [early, late]),
    ):
        assert list(search.find_showings(Criteria(ordering=ordering))) == expected, ordering


def test_every_other_kind_is_found_by_its_name() -> None:
    rows = {
        search.find_films: factories.make_film("Fyrvaktarens sång"),
        search.find_people: factories.make_person("Frida Fyr"),
        search.find_venues: factories.make_venue("Fyren"),
        search.find_festivals: factories.make_festival("Fyrfestivalen"),
        search.find_organisations: factories.make_organisation("Fyrens vänner"),
    }
    factories.make_film("Annat")
    for find, row in rows.items():
        assert list(find(Criteria(texts=("fyr",)))) == [row]
        assert list(find(Criteria(texts=("hav",)))) == []


def test_facets_lift_their_own_filter() -> None:
    lund, umea = factories.make_venue(city="Lund"), factories.make_venue(city="Umeå")
    for venue, kind in ((lund, "concert"), (lund, "talk"), (umea, "talk")):
        factories.make_showing(venue=venue, showing_kind=kind)
    found = search.facets(Criteria(cities=("Lund",)))
    assert (found.total, found.total_is_minimum, found.exact) == (2, False, True)
    assert [(one.value, one.number, one.chosen) for one in found.choices["city"]] == [
        ("Lund", 2, True),
        ("Umeå", 1, False),
    ]
    assert {one.value: one.number for one in found.choices["kind"]} == {"concert": 1, "talk": 1}


def test_every_city_and_country_that_finds_a_showing_counts_it() -> None:
    lund = factories.make_venue("Kino", city="Lund")
    for city, country in (("Köpenhamn", "DK"), ("LUND", "SE"), ("", "")):
        row = factories.make_showing(venue=lund)
        row.further_venues.add(factories.make_venue("Grand", city=city, country=country))
        factories.indexed(row)
    for city in ("Saint-Denis", "Saint Denis", "PARIS 05", "Paris", "paris"):
        factories.make_showing(venue=factories.make_venue(city=city, country="FR"))
    choices = search.facets(Criteria()).choices
    for field, parameter in (("cities", "city"), ("countries", "country")):
        numbers = {one.value: one.number for one in choices[parameter]}
        exact = {value: search.find_showings(Criteria(**{field: (value,)})).count() for value in numbers}  # type: ignore[arg-type]
        assert numbers == exact
    assert sorted((one.number for one in choices["city"]), reverse=True) == [3, 2, 2, 1, 1]
    chosen = search.facets(Criteria(cities=("saint denis",))).choices["city"]
    assert next((one.number, one.chosen) for one in chosen if one.value == "saint denis") == (2, True)


def test_entries_from_before_are_written_anew_with_all_their_cities() -> None:
    row = factories.make_showing(venue=factories.make_venue(city="Lund"))
    row.further_venues.add(factories.make_venue(city="Köpenhamn", country="DK"))
    factories.make_showing(venue=factories.make_venue(city="Ystad"))
    factories.indexed(row)
    factories.index()
    SearchEntry.objects.filter(showing=row).update(city="Lund", country="SE")
    import_module("aggregator.migrations.0009_cities_of_entries").write_anew(apps, None)
    backlog.work()
    entry = SearchEntry.objects.get(showing=row)
    assert (entry.city, entry.country) == ("Lund\nKöpenhamn", " SE DK ")


def test_a_festival_that_goes_on_is_no_showing_of_its_own() -> None:
    festival = factories.make_festival(starts_on=NOW.date() - timedelta(days=3))
    event = factories.make_event(festival=festival)
    factories.make_showing(event, starts_at=NOW - timedelta(days=2))
    factories.make_showing(event)
    asked = Criteria(festivals=(festival.pk,), start=NOW.date())
    assert search.facets(asked).total == search.find_showings(asked).count() == 1


def test_relaxations_say_what_each_would_give() -> None:
    factories.make_showing(venue=factories.make_venue(city="Lund"), showing_kind="talk")
    told = search.relaxations(Criteria(cities=("Umeå",), kinds=("talk",)))
    assert [(one.parameter, one.number) for one in told] == [("city", 1)]


def test_a_slip_is_mended() -> None:
    factories.make_showing(factories.make_event("Nattlinjen"))
    assert search.did_you_mean(Criteria(texts=("nattlijnen",))) == "nattlinjen"
    assert search.did_you_mean(Criteria(texts=("nattlinjen",))) is None
    assert search.did_you_mean(Criteria(texts=("qqqqqqqq",))) is None


def test_everything_is_searched_at_once() -> None:
    factories.make_showing(factories.make_event("Nattlinjen"))
    person = factories.make_person("Nattlinjen")
    groups = search.search_everything("nattlinjen", "sv", 5)
    assert {group.kind for group in groups} == {"event", "person"}
    hit = next(group for group in groups if group.kind == "person").hits[0]
    assert (hit.id, hit.title, hit.fragment) == (person.pk, "Nattlinjen", (("Nattlinjen", True),))


def test_numbers_beyond_the_limit_are_those_of_the_first_hits_and_say_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    cities = ("Lund", "Umeå", "Lund", "Umeå", "Umeå")
    for day, city in enumerate(cities):
        venue = factories.make_venue(city=city)
        factories.make_showing(venue=venue, starts_at=NOW + timedelta(days=day), availability="few")
    said = "The numbers are those of the first"
    assert search.facets(Criteria()).exact is True
    assert said not in client.get("/events/").content.decode()
    counting = import_module("aggregator.search.facets")  # the function of that name hides it
    monkeypatch.setattr(counting, "COUNTED", 3)
    counted = search.facets(Criteria())
    assert (counted.exact, counted.total, counted.total_is_minimum) == (False, 3, True)
    assert {one.value: one.number for one in counted.choices["city"]} == {"Lund": 2, "Umeå": 1}
    # A facet that is counted with its own filter lifted is as vague as what is then counted.
    chosen = search.facets(Criteria(cities=("Lund",)))
    assert (chosen.exact, chosen.total, chosen.total_is_minimum) == (False, 2, False)
    html = client.get("/events/").content.decode()
    assert said in html
    assert "More than 3 showings" in html
    monkeypatch.setattr(counting, "COUNTED", 5)
    cache.clear()
    assert search.facets(Criteria()).exact is True


@pytest.mark.only_postgres
def test_making_the_index_anew_begins_with_counting_the_rows() -> None:
    """A database just restored has no statistics: without them every batch would read all showings."""
    for _ in range(300):
        factories.make_showing()
    call_command("reindex", stdout=StringIO(), stderr=StringIO())
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'aggregator_showing'")
        assert cursor.fetchone()[0] == 300
