"""Finding showings and events."""

from datetime import date, timedelta

import pytest

from aggregator.models import Event, Showing
from aggregator.search.criteria import Criteria
from aggregator.search.showings import find_events, find_showings
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def found(**criteria: object) -> list[Showing]:
    return list(find_showings(Criteria(**criteria)))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["örtagård", "ÖRTAGÅRD", "Örtagården i", "i örtagården"])
def test_a_word_is_found_whatever_its_case_and_place(text: str) -> None:
    wanted = factories.make_showing(factories.make_event("I ÖRTAGÅRDEN i maj"))
    factories.make_showing(factories.make_event("Ortagarden"))
    assert found(texts=(text,)) == [wanted]


def test_a_showing_is_found_by_its_own_title() -> None:
    event = factories.make_event("Nattlinjen")
    wanted = factories.make_showing(event, titles={"en": "Late Shift"})
    factories.make_showing(event)
    assert found(texts=("late",)) == [wanted]
    assert list(find_events(Criteria(texts=("late",)))) == [event]


@pytest.mark.parametrize("text", ["ÅHAGA", "åhaga borås", "stora salen"])
def test_a_showing_is_found_by_its_venue(text: str) -> None:
    venue = factories.make_venue("Åhaga", city="Borås", house="Stora Salen")
    wanted = factories.make_showing(venue=venue)
    factories.make_showing(venue=factories.make_venue("Ahaga"))
    assert found(texts=(text,)) == [wanted]


def test_all_words_of_one_text_and_any_of_several_texts_are_looked_for() -> None:
    one = factories.make_showing(factories.make_event("Röda rummet"))
    other = factories.make_showing(factories.make_event("Gröna rummet"))
    assert found(texts=("röda rummet",)) == [one]
    assert found(texts=("röda gröna",)) == []
    assert {one, other} == set(found(texts=("röda", "gröna")))


@pytest.mark.parametrize("text", ["%", "_", "\\", "' OR 1=1 --"])
def test_signs_with_a_meaning_in_sql_are_plain_signs(text: str) -> None:
    factories.make_showing(factories.make_event("Rummet"))
    assert found(texts=(text,)) == []


def test_days_are_met_by_overlap_and_inclusive() -> None:
    run = factories.make_showing(starts_at=NOW, ends_at=NOW + timedelta(days=4), precision="run")
    day = date(2026, 11, 22)
    for ahead, expected in ((-1, []), (0, [run]), (2, [run]), (4, [run]), (5, [])):
        there = day + timedelta(days=ahead)
        assert found(start=there, end=there) == expected, ahead


def test_a_showing_after_midnight_belongs_to_the_evening_before() -> None:
    late = factories.make_showing(starts_at=NOW.replace(hour=23, minute=30))
    assert found(start=date(2026, 11, 22), end=date(2026, 11, 22)) == [late]
    assert found(start=date(2026, 11, 23)) == []


def test_cities_are_compared_without_regard_to_case() -> None:
    wanted = factories.make_showing(venue=factories.make_venue(city="Örebro"))
    factories.make_showing(venue=factories.make_venue(city="Orebro"))
    assert found(cities=("ÖREBRO",)) == [wanted]
    assert found(cities=("Atlantis",)) == []


def test_a_further_venue_counts_as_a_venue() -> None:
    further = factories.make_venue("Zita", city="Lund")
    wanted = factories.make_showing(venue=factories.make_venue())
    wanted.further_venues.add(further)
    factories.indexed(wanted)
    assert found(venues=(further.pk,)) == [wanted]
    assert found(cities=("lund",)) == [wanted]


def test_what_is_withdrawn_or_hidden_is_not_found() -> None:
    factories.make_showing(withdrawn_at=NOW)
    factories.hide(factories.make_showing())
    of_hidden = factories.make_showing()
    factories.hide(of_hidden.event)
    assert found() == []
    Event.objects.update(withdrawn_at=NOW)
    assert list(find_events(Criteria())) == []


def test_time_and_place_of_an_event_must_be_those_of_one_showing() -> None:
    event = factories.make_event()
    factories.make_showing(event, venue=factories.make_venue(city="Lund"))
    later = NOW + timedelta(days=9)
    factories.make_showing(event, venue=factories.make_venue(city="Kiruna"), starts_at=later)
    day = date(2026, 11, 22)
    assert list(find_events(Criteria(start=day, end=day, cities=("Lund",)))) == [event]
    assert list(find_events(Criteria(start=day, end=day, cities=("Kiruna",)))) == []


def test_the_rest_of_the_filters_narrow() -> None:
    festival = factories.make_festival()
    wanted = factories.make_showing(
        factories.make_event(festival=festival, is_free=True, provider="kulturbiljetter"),
        availability="few",
        showing_kind="talk",
    )
    factories.make_showing()
    for criteria in (
        {"providers": ("kulturbiljetter",)},
        {"festivals": (festival.pk,)},
        {"free": (True,)},
        {"availability": ("few",)},
        {"kinds": ("talk",)},
    ):
        assert found(**criteria) == [wanted], criteria
