"""The first page and the programme."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
Page = Callable[..., str]


def titles(html: str) -> list[str]:
    return re.findall(r'<p class="showing-title"><a [^>]*>([^<]*)</a>', html)


def test_the_programme_begins_today_and_groups_by_programme_day(page: Page) -> None:
    factories.make_showing(factories.make_event("Igår"), starts_at=NOW - timedelta(days=1))
    factories.make_showing(factories.make_event("Ikväll"))
    factories.make_showing(factories.make_event("Efter midnatt"), starts_at=NOW + timedelta(hours=9))
    factories.make_showing(
        factories.make_event("I morgon bitti"), starts_at=NOW + timedelta(hours=13, minutes=30)
    )
    html = page("/events/")
    today, tomorrow = html.split('id="day-20261123"')
    assert titles(today) == ["Ikväll", "Efter midnatt"]
    assert titles(tomorrow) == ["I morgon bitti"]
    assert "01:00" in today
    assert "after midnight" in today


def test_the_past_is_shown_when_asked_for(page: Page) -> None:
    factories.make_showing(factories.make_event("Förr"), starts_at=NOW - timedelta(days=3000))
    assert titles(page("/events/")) == []
    assert titles(page("/events/?to=2020-01-01")) == ["Förr"]
    assert titles(page("/events/?from=2018-01-01")) == ["Förr"]


def test_runs_stand_apart_and_on_no_day(page: Page) -> None:
    run = factories.make_event("Utställningen")
    factories.make_showing(
        run, precision="run", starts_at=NOW - timedelta(days=9), ends_at=NOW + timedelta(days=9)
    )
    factories.make_showing(factories.make_event("Ikväll"))
    days, aside = page("/events/").split('<aside class="ongoing"')
    assert titles(days) == ["Ikväll"]
    assert titles(aside) == ["Utställningen"]
    assert titles(page("/events/?view=ongoing")) == ["Utställningen"]


def test_pages_follow_each_other_without_repeating_or_skipping(client: Client) -> None:
    event = factories.make_event()
    rows = [factories.make_showing(event, starts_at=NOW + timedelta(minutes=one // 3)) for one in range(110)]
    seen, path = [], "/events/?q=natt"
    for _ in range(5):
        response = client.get(path)
        seen += [card.id for day in response.context["days"] for card in (*day.earlier, *day.cards)]
        following = re.search(r'rel="next" href="([^"]+)"', response.content.decode())
        path = unescape(following[1]) if following else ""
        assert not path or "q=natt" in path
    assert (seen, path) == ([row.pk for row in rows], "")


def test_the_form_keeps_the_state_of_the_address(page: Page) -> None:
    festival = factories.make_festival()
    factories.make_showing(
        factories.make_event("Åre", festival=festival, is_free=True),
        venue=factories.make_venue(city="Gävle"),
        availability="few",
    )
    query = {"q": "åre", "from": "2026-11-22", "to": "2026-11-23", "city": "Gävle", "availability": "few"}
    html = page(f"/events/?{urlencode({**query, 'free': 'true', 'festival': festival.pk})}")
    assert titles(html) == ["Åre"]
    assert 'name="q" maxlength="200" value="åre"' in html
    assert 'value="2026-11-22"' in html
    for name, value in (("city", "Gävle"), ("availability", "few"), ("festival", festival.pk)):
        assert re.search(rf'name="{name}" value="{value}" checked', html), name
    assert '<input type="hidden" form="search" name="free" value="true">' in html


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=99999999999999999999",
        "from=yesterday",
        "from=2026-02-31",
        "from=2026-11-22&to=2026-11-21",
        f"q={'x' * 10_000}",
        "q=%00%01",
        "city=%00",
        "provider=nobody",
        "availability=none",
        "free=maybe",
        "after=nonsense",
        "before=2026-11-22.1.99999999999999999999",
        "view=wall",
        "near=999,0",
        "near=59",
        "festival=-3",
        "&".join(f"q={one}" for one in range(60)),
    ],
)
def test_bad_input_gives_a_note_and_the_rest_of_the_page(page: Page, query: str) -> None:
    factories.make_showing(factories.make_event("Ikväll"))
    html = page(f"/events/?{query}")
    assert "Part of the address was not understood" in html
    assert titles(html) == ["Ikväll"]


@pytest.mark.parametrize("query", ["view=month&month=2026-13", "near=59.3,18&radius=-1", "view=map&near=x"])
def test_what_is_left_of_bad_input_still_counts(page: Page, query: str) -> None:
    assert "Part of the address was not understood" in page(f"/events/?{query}")


def test_what_upstream_writes_is_never_markup(page: Page) -> None:
    evil = '<script>alert("x")</script>'
    venue = factories.make_venue(evil, city=evil)
    event = factories.make_event(evil, festival=factories.make_festival(evil))
    factories.make_showing(event, venue=venue, tags=[evil], notes={"sv": evil}, zone="Europe/Paris")
    for path in (
        "/",
        "/events/",
        f"/events/?{urlencode({'q': evil})}",
        f"/events/?{urlencode({'city': evil})}",
    ):
        assert "<script>" not in page(path), path


def test_states_are_told_in_words(page: Page) -> None:
    moved = {"starts_at": (NOW + timedelta(hours=1)).isoformat(), "venue": "1", "venue_name": "Skandia"}
    factories.make_showing(venue=factories.make_venue("Zita"), moved_from=moved)
    factories.make_showing(status="cancelled", availability="available")
    factories.make_showing(availability="soldout", tags=["face_to_face"])
    factories.make_showing(precision="date")
    html = page("/events/")
    for words in ("Moved", "was 17:00 in Skandia", "Cancelled", "Sold out", "Face to face", "Time not set"):
        assert words in html, words
    assert "badge-available" not in html


def test_what_of_today_is_over_is_folded_away(page: Page) -> None:
    factories.make_showing(factories.make_event("Matinén"), starts_at=NOW - timedelta(hours=4))
    factories.make_showing(factories.make_event("Ikväll"))
    earlier, rest = page("/events/").split("</details>")[-2:]
    assert titles(earlier.split("<details")[-1]) == ["Matinén"]
    assert titles(rest) == ["Ikväll"]


def test_the_first_page_shows_tonight_next_up_first(page: Page) -> None:
    factories.make_source(last_good_at=NOW - timedelta(minutes=7))
    factories.make_showing(factories.make_event("Redan börjad"), starts_at=NOW - timedelta(minutes=10))
    factories.make_showing(factories.make_event("Sedan"), starts_at=NOW + timedelta(hours=4))
    factories.make_showing(factories.make_event("Snart"), starts_at=NOW + timedelta(hours=1))
    factories.make_showing(factories.make_event("I morgon"), starts_at=NOW + timedelta(days=1))
    factories.make_festival("Filmfesten")
    html = page("/")
    assert titles(html) == ["Snart", "Sedan"]
    assert "I morgon" in html
    assert "Filmfesten" in html
    assert 'action="/search/"' in html


def test_content_comes_in_the_visitors_language_and_says_so_where_it_does_not(page: Page) -> None:
    event = factories.make_event(titles={"sv": "Vildsvin", "fr": "Sangliers"})
    factories.make_showing(event)
    assert re.search(r'<a href="[^"]*">Sangliers</a>', page("/events/", "fr"))
    assert re.search(r'<a href="[^"]*" lang="sv">Vildsvin</a>', page("/events/", "de"))


PATHS = [
    "/",
    "/events/",
    "/events/?view=grid",
    "/events/?view=month",
    "/events/?view=map&near=59.33,18.06",
    "/events/?view=ongoing",
    "/search/?q=natt",
    "/events/?q=natt",
]


@pytest.mark.parametrize("path", PATHS)
def test_the_number_of_queries_does_not_grow_with_the_rows(client: Client, path: str) -> None:
    numbers = set()
    for wanted in (1, 29, 270):
        for one in range(wanted):
            venue = factories.make_venue(f"Bio {one % 40}", latitude=59.3 + one / 10_000, longitude=18.06)
            start = NOW + timedelta(hours=1 + one % 60)
            festival = factories.make_festival("Natten")
            film = factories.make_film("Natt")
            event = factories.make_event("Natt", film=film, festival=festival)
            factories.make_picture(event)
            factories.make_credit("N", "director", film=film, person=factories.make_person("Natt Natt"))
            factories.make_showing(event, venue=venue, starts_at=start).further_venues.add(venue)
            factories.make_showing(factories.make_event("Natt"), precision="run", starts_at=start)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        numbers.add(len(captured))
    assert len(numbers) == 1


def test_a_page_is_small(client: Client) -> None:
    for one in range(60):
        event = factories.make_event("En ganska lång titel på en film om havet")
        factories.make_showing(event, venue=factories.make_venue(), starts_at=NOW + timedelta(minutes=one))
    assert len(client.get("/events/").content) < 100_000
