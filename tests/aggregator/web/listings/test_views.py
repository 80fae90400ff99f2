"""The four views, the empty result and what htmx gets, over HTTP."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_a_fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def page(client: Client, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, (path, response.status_code)
    return unescape(response.content.decode())


def posters(html: str) -> list[str]:
    return re.findall(r'<p class="poster-title"><a [^>]*>([^<]*)</a>', html)


def test_the_wall_of_posters_shows_every_event_once(client: Client) -> None:
    first, second = factories.make_event("Ettan"), factories.make_event("Tvåan")
    for hours in (30, 3, 50):
        factories.make_showing(first, starts_at=NOW + timedelta(hours=hours), availability="few")
    factories.make_showing(second, starts_at=NOW + timedelta(hours=9))
    factories.make_showing(first, starts_at=NOW + timedelta(hours=1), availability="soldout")
    html = page(client, "/events/?view=grid&availability=few&availability=unknown")
    assert posters(html) == ["Ettan", "Tvåan"]
    assert "Sun 22 Nov 19:00" in html
    assert "+ 2 more" in html


def test_the_wall_is_turned_without_repeating_or_skipping(client: Client) -> None:
    events = [factories.make_event(f"Nr {one}") for one in range(60)]
    for one, event in enumerate(events):
        factories.make_showing(event, starts_at=NOW + timedelta(minutes=one // 7))
        factories.make_showing(event, starts_at=NOW + timedelta(days=1 + one % 5))
    seen, path = [], "/events/?view=grid"
    while path:
        html = page(client, path)
        seen += posters(html)
        following = re.search(r'rel="next" href="([^"]+)"', html)
        path = following[1] if following else ""
    assert seen == [f"Nr {one}" for one in range(60)]


def test_a_month_counts_its_days_and_names_the_first_of_each(client: Client) -> None:
    for hour in range(5):
        factories.make_showing(factories.make_event(f"Nr {hour}"), starts_at=NOW + timedelta(hours=hour))
    factories.make_showing(factories.make_event("I december"), starts_at=NOW + timedelta(days=12))
    html = page(client, "/events/?view=month")
    assert "November 2026" in html
    assert re.search(r'aria-label="Sunday 22 November, 5 showings"', html)
    assert "and 2 more" in html
    assert "I december" not in html
    assert "I december" in page(client, "/events/?view=month&month=2026-12")
    assert "from=2026-11-22&to=2026-11-22" in html
    assert 'rel="next" href="/events/?view=month&month=2026-12"' in html


@pytest.mark.parametrize(
    "query", ["from=9999-12-31", "to=0001-01-01", "month=2199-12", "month=1900-01", "from=2150-01-01"]
)
def test_a_month_far_away_is_a_month(client: Client, query: str) -> None:
    factories.make_showing()
    html = page(client, f"/events/?view=month&{query}")
    assert "month-table" in html or "Nothing in the programme fits this." in html


def test_the_map_places_what_it_can_and_counts_the_rest(client: Client) -> None:
    near = factories.make_venue("Nära", latitude=59.33, longitude=18.06, coordinates="exact")
    about = factories.make_venue("Ungefär")
    lost = factories.make_venue("Ingenstans", city="Okänd ort")
    for venue in (near, near, about, lost, None):
        factories.make_showing(venue=venue)
    html = page(client, "/events/?view=map")
    spots = re.findall(
        r'id="place-(\d+)" data-latitude="([0-9.]+)" data-longitude="([0-9.]+)" data-number="(\d)"', html
    )
    assert spots == [(str(near.pk), "59.33", "18.06", "2"), (str(about.pk), "59.33", "18.06", "1")]
    assert html.count("data-about") == 1
    assert "2 showings could not be placed" in html
    assert f"venue={near.pk}" in html
    around = page(client, "/events/?view=map&near=59.34,18.06&radius=5")
    assert "1.1 km" in around
    assert "about 1.1 km" in around
    assert "could not be placed" in around


def test_distances_stand_in_the_list_too(client: Client) -> None:
    factories.make_showing(venue=factories.make_venue(latitude=59.33, longitude=18.06, coordinates="exact"))
    assert "1.1 km" in page(client, "/events/?near=59.34,18.06")
    without = re.sub(r"<[^>]+>", "", page(client, "/events/"))
    assert "Skandia, Stockholm" in without
    assert "km" not in without


def test_an_empty_result_says_what_to_drop_and_what_that_finds(client: Client) -> None:
    lund = factories.make_venue("Stora salen", city="Lund")
    for _ in range(3):
        factories.make_showing(factories.make_event("Jazz"), venue=lund, starts_at=NOW + timedelta(days=3))
    factories.make_showing(factories.make_event("Opera"), venue=factories.make_venue(city="Umeå"))
    html = page(client, "/events/?q=jazz&city=Ume%C3%A5")
    ways = re.findall(r'<li><a href="([^"]+)">without ([^<]+)</a> <span class="quiet">([^<]+)</span>', html)
    assert ways == [
        ("/events/?q=jazz", "Umeå", "3 showings"),
        ("/events/?city=Ume%C3%A5", "“jazz”", "1 showing"),
    ]
    days = page(client, "/events/?q=jazz&from=2026-11-22&to=2026-11-22")
    assert 'href="/events/?q=jazz">without from Sun 22 Nov, until Sun 22 Nov</a>' in days


def test_a_slip_of_the_pen_is_answered_with_what_was_meant(client: Client) -> None:
    factories.make_showing(factories.make_event("Vildsvin"))
    html = page(client, "/events/?q=vildsvim&view=grid")
    assert re.search(r'Did you mean <a href="/events/\?q=vildsvin&view=grid">vildsvin</a>', html)


def test_htmx_gets_the_results_alone_and_the_address_of_them(client: Client) -> None:
    factories.make_showing(venue=factories.make_venue())
    response = client.get("/sv/events/?q=natt&from=", headers={"hx-request": "true"})
    html = response.content.decode()
    assert "<html" not in html
    assert 'id="results"' in html
    assert 'id="facets" hx-swap-oob="true"' in html
    assert response["HX-Push-Url"] == "/sv/events/?q=natt"
    assert "HX-Request" in response["Vary"]
    whole = client.get("/events/", headers={"hx-request": "true", "hx-history-restore-request": "true"})
    assert "<html" in whole.content.decode()


def test_the_numbers_of_a_facet_react_to_the_other_filters_and_not_to_its_own(client: Client) -> None:
    lund, umea = factories.make_venue(city="Lund"), factories.make_venue(city="Umeå")
    for venue, free in ((lund, True), (lund, False), (umea, True)):
        factories.make_showing(factories.make_event(is_free=free), venue=venue)

    def numbers(query: str) -> dict[str, str]:
        form = r'name="city" value="([^"]+)"[^>]*><label [^>]*>.*? <span class="choice-number">(\d+)'
        return dict(re.findall(form, page(client, f"/events/?{query}")))

    assert numbers("") == {"Lund": "2", "Umeå": "1"}
    assert numbers("city=Lund") == {"Lund": "2", "Umeå": "1"}
    assert numbers("free=true") == {"Lund": "1", "Umeå": "1"}


def test_the_bare_address_leads_home_and_nothing_else_does(client: Client) -> None:
    factories.make_showing(venue=factories.make_venue(city="Lund"))
    posted = client.post("/city/", {"city": "Lund", "next": "/"})
    assert (posted["Location"], posted.cookies["city"].value) == ("/", "Lund")
    assert client.get("/events/")["Location"] == "/events/?city=Lund"
    assert client.get("/sv/events/")["Location"] == "/sv/events/?city=Lund"
    for path in ("/events/?city=", "/events/?q=x"):
        assert client.get(path).status_code == 200
    assert client.get("/events/", headers={"hx-request": "true"}).status_code == 200
    assert 'href="/events/?city=Lund"' in page(client, "/")
    assert client.post("/city/", {"city": ""}).cookies["city"].value == ""


def test_every_listing_names_its_feeds(client: Client) -> None:
    factories.make_showing(venue=factories.make_venue())
    html = page(client, "/sv/events/?city=Stockholm&view=grid&after=2026-11-21.1.1")
    assert html.count("/sv/events/feed.atom?city=Stockholm") == 2
    assert html.count("/sv/events/calendar.ics?city=Stockholm") == 2


def test_today_is_today_where_the_visitor_is_at_home(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 06:00 on Monday in Stockholm it is Sunday evening in San Francisco."""
    now = NOW.replace(day=23, hour=5)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    west = {"zone": "America/Los_Angeles"}
    place = factories.make_venue("The Grand", city="San Francisco", **west)
    late = factories.make_event("Late Show")
    factories.make_showing(late, venue=place, starts_at=now + timedelta(minutes=30), **west)
    client.cookies["city"] = "San%20Francisco"
    first = page(client, "/")
    assert "Sunday 22 November" in first
    assert "Late Show" in first.split('id="tonight"')[1].split('id="days"')[0]
    listed = page(client, "/events/?city=San+Francisco")
    assert '<span class="day-near">Today</span> Sunday 22 November' in listed
    assert "Los Angeles time" not in listed
    assert "from=2026-11-22&to=2026-11-22" in listed
    client.cookies.clear()
    assert "Los Angeles time" in page(client, "/events/?from=2026-11-22")


def test_only_a_city_that_has_venues_is_remembered(client: Client) -> None:
    for city in ("Nowhere", "x" * 10_000, "\x00"):
        assert "city" not in client.post("/city/", {"city": city}).cookies or city == "\x00"
    refused = client.post("/city/", {"city": "Lund"}, headers={"sec-fetch-site": "cross-site"})
    assert refused.status_code == 403


@pytest.mark.parametrize("cookie", ["%00", "x" * 5000, "%F0%9F", "<script>"])
def test_a_cookie_that_somebody_made_up_does_no_harm(client: Client, cookie: str) -> None:
    client.cookies["city"] = cookie
    assert client.get("/").status_code == 200
    assert client.get("/events/", follow=True).status_code == 200


@pytest.mark.parametrize("view", ["list", "grid", "month"])
def test_what_could_not_be_placed_is_told_in_every_view(client: Client, view: str) -> None:
    factories.make_showing(venue=factories.make_venue(latitude=59.33, longitude=18.06, coordinates="exact"))
    factories.make_showing()
    html = client.get(f"/events/?near=59.33,18.06&view={view}").content.decode()
    assert "1 showing could not be placed" in html
    assert "could not be placed" not in client.get(f"/events/?view={view}").content.decode()


def test_an_order_that_the_programme_has_not_is_refused_aloud(client: Client) -> None:
    for number in range(30):
        factories.make_showing(factories.make_event(f"Natt {number}"))
    html = client.get("/events/?ordering=-start&q=natt").content.decode()
    assert "The programme stands in order of time here." in html
    assert re.findall(r'href="[^"]*ordering=', html) == []
    assert "in order of time" not in client.get("/events/?ordering=start").content.decode()


def test_what_is_over_offers_its_past_showings(client: Client) -> None:
    festival = factories.make_festival("Förr")
    event = factories.make_event("Nattlinjen", festival=festival)
    for days in (9, 3):
        factories.make_showing(event, starts_at=NOW - timedelta(days=days))
    html = client.get(f"/events/?festival={festival.pk}").content.decode()
    link = re.search(r'<a href="([^"]*)">2 past showings</a>', html)
    assert link is not None, html.partition('<div class="results')[2]
    assert "Nattlinjen" in client.get(unescape(link[1])).content.decode()
    assert (
        "past showing" not in client.get(f"/events/?festival={festival.pk}&from=2026-11-22").content.decode()
    )
    assert "past showing" not in client.get("/events/?q=zzzz").content.decode()


def test_feeds_are_of_what_the_page_understood(client: Client) -> None:
    factories.make_showing()
    html = client.get(
        "/events/?q=natt&from=yesterday&near=999,0&radius=5&city=Stockholm&provider=nobody"
    ).content.decode()
    found = {unescape(one) for one in re.findall(r'href="([^"]*(?:calendar\.ics|feed\.atom)[^"]*)"', html)}
    assert len(found) == 2
    for address in found:
        assert address.endswith("?q=natt&city=Stockholm&radius=5")
        assert client.get(address).status_code == 200


def test_today_is_named_in_a_month(client: Client) -> None:
    factories.make_showing()
    html = client.get("/events/?view=month").content.decode()
    assert re.findall(r'aria-current="date">\s*<a class="cell-day"[^>]*aria-label="([^"]*)', html) == [
        "Sunday 22 November, 1 showing"
    ]


def test_what_is_replaced_can_be_found_again_by_its_name(client: Client) -> None:
    """htmx gives the focus back to the element with the same id."""
    factories.make_showing(factories.make_event("Natt"))
    for view in ("list", "month"):
        html = client.get(f"/events/?q=natt&view={view}", headers={"hx-request": "true"}).content.decode()
        for part in re.findall(
            r'<(?:nav|ul|div)[^>]*hx-boost="true"[^>]*>.*?</(?:nav|ul|div)>', html, re.DOTALL
        ):
            links = re.findall(r"<a [^>]*>", part.partition('<nav class="views"')[0])
            assert [one for one in links if " id=" not in one and "chips-clear" not in one] == []
        assert re.search(r'<div class="results" id="results" tabindex="-1">', html)
        assert re.search(r'<button[^>]* id="facets-show"', html)


def test_the_home_city_is_chosen_among_those_where_most_is_to_come(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.web.programme.MOST_CITIES", 3)
    for number, city in enumerate(("Arboga", "Bollnäs", "Ystad", "Örebro")):
        venue = factories.make_venue(city=city)
        for _ in range(number):
            factories.make_showing(venue=venue)
    factories.make_showing(venue=factories.make_venue(city="YSTAD"))
    assert client.get("/").context["cities"] == ["Bollnäs", "Ystad", "Örebro"]
    client.cookies["city"] = "Arboga"
    assert "Arboga" in client.get("/").context["cities"]
    monkeypatch.setattr("aggregator.web.programme.MOST_CITIES", 4)
    assert client.get("/").context["cities"] == ["Arboga", "Bollnäs", "Ystad", "Örebro"]
