"""Calendars: what the icalendar package makes of them, and how they are fetched."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from aggregator.feeds.calendars import Entry, calendar
from aggregator.models import Showing, Tombstone
from tests import factories
from tests.factories import NOW

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def entry(**changes: Any) -> Entry:
    usual: dict[str, Any] = {
        "uid": "showing-1@example.org",
        "starts": NOW,
        "ends": NOW + timedelta(hours=2),
        "zone": "Europe/Stockholm",
        "summary": "Nattlinjen",
        "description": "",
        "location": "",
        "position": None,
        "url": "https://example.org/events/1-x/",
        "category": "Screening",
        "cancelled": False,
        "created": NOW,
        "stamp": NOW,
        "sequence": 0,
    }
    return Entry(**{**usual, **changes})


def parsed(content: bytes) -> icalendar.Calendar:
    """The calendar, once it was read strictly: no error, no line too long, no bare line end."""
    assert max(map(len, content.split(b"\r\n"))) <= 75
    assert content.count(b"\n") == content.count(b"\r\n")
    found = icalendar.Calendar.from_ical(content)
    assert isinstance(found, icalendar.Calendar)
    assert found.errors == []
    for event in found.events:
        assert event.errors == []
    assert not found.get_missing_tzids()
    return found


def test_what_was_written_is_read_again() -> None:
    given = entry(
        summary="Åäö, “x”; y\\z " * 9,
        description="Rad ett\nrad, två",
        location="Skandia, Drottninggatan 82",
        position=(59.33, 18.06),
        sequence=7,
        stamp=NOW + timedelta(seconds=7),
    )
    (event,) = parsed(calendar("Marquee: å", "sv", [given])).events
    assert event["SUMMARY"] == given.summary
    assert event["DESCRIPTION"] == given.description
    assert event["LOCATION"] == given.location
    assert event["GEO"].latitude == 59.33
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (given.uid, 7, "CONFIRMED")
    assert given.stamp == event.DTSTAMP
    assert given.stamp == event.LAST_MODIFIED
    assert event.start == NOW
    assert event.start.tzinfo == STOCKHOLM
    assert event.end == NOW + timedelta(hours=2)


@pytest.mark.parametrize(
    "zone", ["Europe/Stockholm", "Europe/Paris", "America/Los_Angeles", "Asia/Kolkata", "UTC"]
)
@pytest.mark.parametrize("month", [1, 3, 7, 10, 11])
def test_instants_keep_their_zone_on_both_sides_of_summer_time(zone: str, month: int) -> None:
    start = datetime(2026, month, 25, 0, 30, tzinfo=UTC)
    found = parsed(calendar("x", "en", [entry(zone=zone, starts=start, ends=start + timedelta(hours=5))]))
    (event,) = found.events
    assert event.start.astimezone(UTC) == start
    assert event.end.astimezone(UTC) == start + timedelta(hours=5)
    assert event.start.utcoffset() == start.astimezone(ZoneInfo(zone)).utcoffset()
    written = next(one for one in found.timezones if one.tz_name == zone).to_tz()
    assert start.astimezone(written).utcoffset() == start.astimezone(ZoneInfo(zone)).utcoffset()


def test_days_last_until_the_day_after_and_keep_nobody_from_anything() -> None:
    (run,) = parsed(calendar("x", "en", [entry(starts=date(2026, 11, 22), ends=date(2026, 12, 3))])).events
    assert (run.start, run.end, run["TRANSP"]) == (date(2026, 11, 22), date(2026, 12, 4), "TRANSPARENT")
    assert not parsed(calendar("x", "en", [])).events
    (open_end,) = parsed(calendar("x", "en", [entry(ends=None)])).events
    assert "DTEND" not in open_end


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_written_so_that_it_can_be_read(summary: str, description: str) -> None:
    (event,) = parsed(calendar("x", "en", [entry(summary=summary or "-", description=description)])).events
    kept = "".join(sign for sign in summary if (sign >= " " and sign != "\x7f") or sign in "\t\n")
    assert event["SUMMARY"] == (kept if summary else "-")


# At an address -----------------------------------------------------------------------------------------------


def fetched(client: Client, query: str = "", **headers: str) -> icalendar.Calendar:
    response = client.get(f"/en/events/calendar.ics{query}", headers=headers)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return parsed(response.content)


@pytest.mark.django_db
def test_a_filtered_listing_is_a_calendar(client: Client) -> None:
    festival = factories.make_festival("Filmfesten")
    film = factories.make_film(length=97)
    event = factories.make_event("Nattlinjen", film=film, festival=festival)
    venue = factories.make_venue(
        "Skandia", street="Drottninggatan 82", latitude=59.33, longitude=18.06, coordinates="exact"
    )
    moved = {"starts_at": (NOW + timedelta(hours=1)).isoformat(), "venue_name": "Zita"}
    showing = factories.make_showing(
        event, venue=venue, moved_from=moved, notes={"sv": "Ny lokal"}, number="17"
    )
    factories.make_showing(event, status="cancelled")
    factories.make_showing(event, starts_at=NOW - timedelta(days=3))
    factories.make_showing(event, starts_at=NOW - timedelta(days=40))
    factories.make_showing(event, withdrawn_at=NOW)
    factories.make_showing(factories.make_event("Annat"))
    found = fetched(client, f"?festival={festival.pk}")
    past, first, second = found.events
    assert found.calendar_name == "Marquee: Filmfesten"
    assert past.start == NOW - timedelta(days=3)
    assert first["UID"] == f"showing-{showing.pk}@localhost"
    assert first["URL"] == f"http://localhost:8000/en/events/{event.pk}-nattlinjen/"
    assert first["LOCATION"] == "Skandia, Drottninggatan 82, Stockholm"
    assert first.end - first.start == timedelta(minutes=97)
    assert first["DESCRIPTION"].split("\n")[:3] == ["was 17:00 in Zita", "Ny lokal", "No. 17"]
    assert (first["STATUS"], second["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert second["SUMMARY"] == "Cancelled: Nattlinjen"


@pytest.mark.django_db
def test_it_is_not_sent_again_until_something_changes(client: Client) -> None:
    showing = factories.make_showing(venue=factories.make_venue())
    response = client.get("/en/events/calendar.ics")
    assert client.get("/en/events/calendar.ics", headers={"accept-encoding": "gzip"})["ETag"].startswith("W/")
    known = {"if-none-match": response["ETag"]}
    with CaptureQueriesContext(connection) as queries:
        again = client.get("/en/events/calendar.ics", headers=known)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", response["ETag"])
    assert len(queries) == 1
    Showing.objects.filter(pk=showing.pk).update(seats_free=3, availability="few", seats_at=NOW)
    assert client.get("/en/events/calendar.ics", headers=known).status_code == 304
    assert client.get("/sv/events/calendar.ics", headers=known).status_code == 200
    before = parsed(response.content).events[0]
    for row in (showing, showing.event, showing.venue):
        later = NOW + timedelta(hours=1 + row.pk % 5)
        type(row).objects.filter(pk=row.pk).update(updated_at=later)  # type: ignore[union-attr]
        changed = client.get("/en/events/calendar.ics", headers=known)
        assert changed.status_code == 200
        after = parsed(changed.content).events[0]
        assert after["UID"] == before["UID"]
        assert after["SEQUENCE"] > before["SEQUENCE"]
        type(row).objects.filter(pk=row.pk).update(updated_at=NOW)  # type: ignore[union-attr]
    factories.hide(showing)
    assert client.get("/en/events/calendar.ics", headers=known).status_code == 200


@pytest.mark.django_db
def test_what_cannot_be_understood_is_refused_and_not_widened(client: Client) -> None:
    for name in ("calendar.ics", "feed.atom"):
        response = client.get(f"/events/{name}?from=yesterday")
        assert response.status_code == 400
        assert b"2026-11-22" in response.content
        assert client.get(f"/events/{name}?utm_source=x").status_code == 200
        assert client.post(f"/events/{name}").status_code == 405


@pytest.mark.django_db
def test_one_event_and_one_film_have_a_calendar(client: Client) -> None:
    film = factories.make_film()
    event = factories.make_event(film=film)
    factories.make_showing(event, starts_at=NOW - timedelta(days=400))
    factories.make_showing(event)
    factories.make_showing()
    for path in (f"/events/{event.pk}/calendar.ics", f"/films/{film.pk}/calendar.ics"):
        assert len(parsed(client.get(path).content).events) == 2
    factories.hide(event)
    assert client.get(f"/events/{event.pk}/calendar.ics").status_code == 404
    assert len(parsed(client.get(f"/films/{film.pk}/calendar.ics").content).events) == 0
    assert client.get(f"/films/{2**63}/calendar.ics").status_code == 404


@pytest.mark.django_db
def test_a_full_calendar_keeps_what_comes_next_and_of_the_past_the_last(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.feeds.views.MOST_EVENTS", 5)
    event = factories.make_event()
    for day in range(-6, 3):
        factories.make_showing(event, starts_at=NOW + timedelta(days=day))
    for path in ("", f"?q=natt&ordering=-start&from={NOW - timedelta(days=9):%Y-%m-%d}"):
        assert days_of(fetched(client, path)) == [-2, -1, 0, 1, 2]
    response = client.get(f"/events/{event.pk}/calendar.ics")
    assert days_of(parsed(response.content)) == [-2, -1, 0, 1, 2]
    known = {"if-none-match": response["ETag"]}
    assert client.get(f"/events/{event.pk}/calendar.ics", headers=known).status_code == 304
    factories.make_showing(event, starts_at=NOW + timedelta(days=3))
    again = client.get(f"/events/{event.pk}/calendar.ics", headers=known)
    assert days_of(parsed(again.content)) == [-1, 0, 1, 2, 3]
    for day in range(4, 9):
        factories.make_showing(event, starts_at=NOW + timedelta(days=day))
    # Yesterday is not over everywhere yet.
    assert days_of(fetched(client)) == [-1, 0, 1, 2, 3]


def days_of(found: icalendar.Calendar) -> list[int]:
    """How many days from now each event of a calendar is."""
    return sorted((event.start - NOW).days for event in found.events)


@pytest.mark.django_db
def test_what_was_withdrawn_stays_as_cancelled(client: Client) -> None:
    event = factories.make_event("Nattlinjen", film=factories.make_film())
    gone, kept = (
        factories.make_showing(event),
        factories.make_showing(event, starts_at=NOW + timedelta(days=1)),
    )
    paths = (f"/en/events/{event.pk}/calendar.ics", f"/en/films/{event.film_id}/calendar.ics")
    before = {path: client.get(path) for path in paths}
    Showing.objects.filter(pk=gone.pk).update(withdrawn_at=NOW + timedelta(hours=1))
    for path in paths:
        response = client.get(path, headers={"if-none-match": before[path]["ETag"]})
        first, second = parsed(response.content).events
        assert (first["STATUS"], first["SUMMARY"]) == ("CANCELLED", "Withdrawn: Nattlinjen")
        assert (second["STATUS"], second["SUMMARY"]) == ("CONFIRMED", "Nattlinjen")
        assert first["SEQUENCE"] > parsed(before[path].content).events[0]["SEQUENCE"]
    Showing.objects.filter(pk=kept.pk).update(withdrawn_at=NOW)
    type(event).objects.filter(pk=event.pk).update(withdrawn_at=NOW)
    type(event.film).objects.filter(pk=event.film_id).update(withdrawn_at=NOW)  # type: ignore[union-attr]
    for path in paths:
        assert {one["STATUS"] for one in parsed(client.get(path).content).events} == {"CANCELLED"}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["event", "film"])
def test_the_calendar_of_what_was_forgotten_is_gone(client: Client, kind: str) -> None:
    path = f"/{kind}s/999/calendar.ics"
    assert client.get(path).status_code == 404
    Tombstone.objects.create(kind=kind, row=999, forgotten_at=NOW)
    assert client.get(path).status_code == 410


@pytest.mark.django_db
@pytest.mark.parametrize("feed", ["/en/events/calendar.ics", "/en/events/feed.atom"])
@pytest.mark.parametrize("part", ["venue", "film"])
def test_a_part_that_is_hidden_by_hand_is_hidden_here_at_once(client: Client, feed: str, part: str) -> None:
    event = factories.make_event("Nattlinjen", film=factories.make_film(length=97))
    showing = factories.make_showing(event, venue=factories.make_venue("Skandia"))
    before = client.get(feed)
    row = showing.venue if part == "venue" else event.film
    assert row is not None
    factories.hide(row)
    after = client.get(feed, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert (b"Skandia" in after.content) == (part == "film")
    assert part == "venue" or b"DTEND" not in after.content
    type(row).objects.filter(pk=row.pk).update(hidden_at=None)
    again = client.get(feed, headers={"if-none-match": after["ETag"]})
    assert (again.status_code, again["ETag"]) == (200, before["ETag"])


@pytest.mark.django_db
def test_queries_do_not_grow_with_the_showings(client: Client) -> None:
    event = factories.make_event("Nattlinjen", film=factories.make_film())
    venues = [factories.make_venue(f"V{place}") for place in range(20)]
    counts, made = [], 0
    for wanted in (1, 30, 300, 400):
        while made < wanted:
            factories.make_showing(event, venue=venues[made % 20], starts_at=NOW + timedelta(hours=made))
            made += 1
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get("/en/events/calendar.ics").content) > 1000
        counts.append(len(queries))
    assert counts == [2, 2, 2, 2]
