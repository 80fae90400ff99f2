"""Numbers, days and ages as each language writes them."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from aggregator.models import Offer
from aggregator.web import clock, numbers
from tests import factories
from tests.factories import NOW

Page = Callable[..., str]


@pytest.mark.parametrize(
    ("language", "count", "price", "distance"),
    [
        ("en", "12,345", "1,234.50", "1.2"),
        ("sv", "12\xa0345", "1\xa0234,50", "1,2"),
        ("fr", "12\xa0345", "1\xa0234,50", "1,2"),
        ("de", "12.345", "1.234,50", "1,2"),
    ],
)
def test_numbers_have_the_signs_of_the_language(language: str, count: str, price: str, distance: str) -> None:
    with translation.override(language):
        assert numbers.grouped(12345) == count
        assert numbers.amount(Decimal("1234.5")) == price
        assert numbers.amount(Decimal("1.2"), places=1) == distance
        assert numbers.amount(Decimal("120.00")) == "120"
        assert count in numbers.showings(12345)
        assert count in numbers.more_showings(12345)


@pytest.mark.django_db
def test_prices_and_distances_on_a_page_follow_the_language(page: Page) -> None:
    event = factories.make_event("Nattlinjen", price_min="99.5", price_max=120, currency="SEK")
    Offer.objects.create(event=event, position=0, price="79.50", currency="SEK", label="Student")
    here = {"latitude": 59.33, "longitude": 18.06, "coordinates": "exact"}
    venue = factories.make_venue("Skandia", **here)
    factories.make_venue("Zita", **{**here, "latitude": 59.341})
    for language, point in (("sv", ","), ("de", ","), ("en", ".")):
        html = page(f"/events/{event.pk}-nattlinjen/", language)
        assert f"99{point}50–120 SEK" in html
        assert f"79{point}50 SEK" in html
        assert f"1{point}2 km" in page(f"/venues/{venue.pk}-skandia/", language)


@pytest.mark.django_db
def test_large_counts_have_their_thousands_apart(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.web.indexes.count", lambda _: (12345, True))
    factories.make_film()
    assert "12\xa0345" in page("/films/", "sv")


def test_days_are_numbered_in_german() -> None:
    first, last = date(2026, 11, 11), date(2026, 11, 22)
    with translation.override("de"):
        assert clock.span(first, last) == "11.–22. November 2026"
        assert clock.span(first, date(2026, 12, 1)) == "11. November – 1. Dezember 2026"
        assert clock.long_day(first) == "11. November 2026"
        assert clock.dated_day(last) == "So, 22. Nov 2026"
    with translation.override("en"):
        assert clock.span(first, last) == "11–22 November 2026"
        assert clock.dated_day(last) == "Sun 22 Nov 2026"


@pytest.mark.parametrize(
    ("language", "passed", "said"),
    [
        ("de", timedelta(days=3), "vor 3\xa0Tagen"),
        ("de", timedelta(days=1), "vor 1\xa0Tag"),
        ("de", timedelta(days=70), "vor 2\xa0Monaten"),
        ("de", timedelta(days=800), "vor 2\xa0Jahren"),
        ("de", timedelta(hours=5), "vor 5\xa0Stunden"),
        ("en", timedelta(days=3), "3\xa0days ago"),
    ],
)
def test_ages_stand_in_the_right_case(language: str, passed: timedelta, said: str) -> None:
    with translation.override(language):
        assert clock.age(NOW - passed, NOW) == said
        assert clock.until(NOW + passed, NOW).endswith(said.removeprefix("vor ").removesuffix(" ago"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "locale"), [("en", "en_GB"), ("sv", "sv_SE"), ("fr", "fr_FR"), ("de", "de_DE")]
)
def test_those_who_share_a_page_are_told_language_and_country(page: Page, language: str, locale: str) -> None:
    film = factories.make_film("Nattlinjen")
    assert f'property="og:locale" content="{locale}"' in page(f"/films/{film.pk}-nattlinjen/", language)
