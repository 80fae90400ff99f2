"""Which picture stands for a row, and what ingest does to pictures and their jobs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aggregator.images import leads, work
from aggregator.ingest import store
from aggregator.models import Event, Film, Image
from aggregator.records import EventRecord, FilmRecord, Record, VenueRecord
from aggregator.records import Image as Part
from aggregator.vocabulary import ImageRole, Kind
from tests.aggregator.images.pictures import make_image
from tests.factories import NOW, make_event, make_film, make_venue

pytestmark = pytest.mark.django_db


def stored(*records: Record, now: Any = NOW) -> CaptureQueriesContext:
    """Records as ingest stores a chunk of them."""
    with CaptureQueriesContext(connection) as queries:
        store.write(store.plan("sff", 1, records, now), now)
    return queries


def part(name: str, role: ImageRole = ImageRole.STILL, **columns: Any) -> Part:
    return Part(url=f"http://u.example/{name}.jpg", role=role, **columns)


def picture_of(row: Any) -> str:
    row.refresh_from_db()
    return "" if row.picture is None else row.picture.url.rsplit("/")[-1].split(".")[0]


def film(*images: Part, key: str = "1") -> FilmRecord:
    return FilmRecord(external_id=key, titles={"sv": "Nattlinjen"}, images=images)


def test_a_film_stands_by_its_poster_and_lends_it_to_its_events() -> None:
    stored(
        film(part("still"), part("poster", ImageRole.POSTER)),
        EventRecord(external_id="e", titles={"sv": "x"}, film="1"),
        EventRecord(external_id="own", titles={"sv": "x"}, film="1", images=(part("evening"),)),
        EventRecord(external_id="none", titles={"sv": "x"}),
    )
    assert picture_of(Film.objects.get()) == "poster"
    shown = {event.external_id: picture_of(event) for event in Event.objects.all()}
    assert shown == {"e": "poster", "own": "evening", "none": ""}


def test_when_a_films_picture_changes_its_events_follow() -> None:
    records = EventRecord(external_id="e", titles={"sv": "x"}, film="1")
    stored(film(part("still"), part("poster", ImageRole.POSTER)), records)
    stored(film(part("still")), now=NOW + timedelta(hours=1))
    assert picture_of(Film.objects.get()) == "still"
    assert picture_of(Event.objects.get()) == "still"
    stored(film(), now=NOW + timedelta(hours=2))
    assert picture_of(Event.objects.get()) == ""


def test_a_venue_stands_by_its_logo() -> None:
    venue = VenueRecord(
        external_id="v", name="Nalen", images=(part("banner", ImageRole.OTHER), part("logo", ImageRole.LOGO))
    )
    stored(venue)
    assert Image.objects.get(role=ImageRole.LOGO).lead_of_events.count() == 0
    from aggregator.models import Venue

    assert picture_of(Venue.objects.get()) == "logo"


def test_statements_do_not_grow_with_rows() -> None:
    def chunk(number: int, first: int) -> list[Record]:
        return [film(part(f"{key}"), key=str(key)) for key in range(first, first + number)]

    few, many = stored(*chunk(1, 100)), stored(*chunk(40, 200))
    assert len(few) == len(many)
    changed = [
        FilmRecord(external_id=str(key), titles={"sv": "y"}, images=(part(f"{key}"),))
        for key in range(200, 240)
    ]
    again = stored(*changed, now=NOW + timedelta(hours=1))
    assert len(stored(changed[0], now=NOW + timedelta(hours=2))) <= len(again)


def test_nothing_moves_updated_at_but_the_content() -> None:
    event = make_event()
    before = Event.objects.get(pk=event.pk).updated_at
    image = make_image(event)
    leads.point(Kind.EVENT, [event.pk])
    event.refresh_from_db()
    assert (event.picture_id, event.updated_at) == (image.pk, before)


def test_a_new_picture_is_due_at_once() -> None:
    stored(film(part("still", width=10**12, height=-5, crop=(1, 2, 3, 4))))
    image = Image.objects.get()
    assert image.due_at == NOW
    assert (image.width, image.height) == (None, None)
    assert image.crop == [1, 2, 3, 4, 10**12, -5]


def fetched(**columns: Any) -> None:
    """As a worker leaves a picture that it brought."""
    for image in Image.objects.all():
        usual = {"brought": image.wanted, "content_hash": "c" * 64, "due_at": NOW + timedelta(days=9)}
        Image.objects.filter(pk=image.pk).update(**{**usual, "width": 1600, "height": 900, **columns})


def test_only_a_changed_picture_is_fetched_again() -> None:
    later = NOW + timedelta(hours=1)
    stored(film(part("still", width=50, height=40)))
    fetched(generation=5)
    stored(
        FilmRecord(external_id="1", titles={"sv": "Ny titel"}, images=(part("still", width=50, height=40),)),
        now=later,
    )
    image = Image.objects.get()
    assert image.due_at == NOW + timedelta(days=9)
    assert (image.generation, image.width, image.height) == (5, 1600, 900)
    stored(film(part("still", copyright="Ida Ek", width=50, height=40)), now=later)
    image.refresh_from_db()
    assert (image.due_at, image.generation, image.attempts) == (later, 6, 0)
    assert image.content_hash  # it goes on being shown until there is the new one


def test_a_picture_that_upstream_drops_is_put_away_and_comes_back() -> None:
    stored(film(part("still"), part("poster", ImageRole.POSTER)))
    fetched()
    later = NOW + timedelta(hours=1)
    stored(film(part("still")), now=later)
    poster = Image.objects.get(role=ImageRole.POSTER)
    assert (poster.withdrawn_at, poster.due_at) == (later, later)
    assert work.work(5, clock=lambda: later) == 1
    poster.refresh_from_db()
    assert (poster.content_hash, poster.due_at) == ("", None)
    stored(film(part("still"), part("poster", ImageRole.POSTER)), now=later)
    poster.refresh_from_db()
    assert (poster.withdrawn_at, poster.due_at) == (None, later)


def test_hiding_a_picture_in_the_admin_puts_the_next_one_in_its_place(admin_client: Any) -> None:
    row = make_film()
    first = make_image(row, role=ImageRole.POSTER)
    second = make_image(row, role=ImageRole.STILL)
    event = make_event(film=row)
    leads.point_owner(first)
    address = "/admin/aggregator/image/"
    admin_client.post(address, {"action": "hide", "_selected_action": [first.pk]})
    row.refresh_from_db()
    event.refresh_from_db()
    assert row.picture_id == event.picture_id == second.pk
    admin_client.post(address, {"action": "unhide", "_selected_action": [first.pk]})
    row.refresh_from_db()
    assert row.picture_id == first.pk


def test_the_operator_sees_what_is_wrong_and_can_have_it_tried_again(admin_client: Any) -> None:
    image = make_image(make_venue(), failure="svg", attempts=3, due_at=timezone.now() + timedelta(days=3))
    fine = make_image(content_hash="c" * 64)
    page = admin_client.get("/admin/aggregator/image/?failed=yes").content.decode()
    assert "an SVG drawing" in page
    assert f"/image/{image.pk}/change/" in page
    assert f"/image/{fine.pk}/change/" not in page
    admin_client.post("/admin/aggregator/image/", {"action": "fetch_now", "_selected_action": [image.pk]})
    image.refresh_from_db()
    assert image.due_at is not None
    assert image.due_at <= timezone.now()
    assert image.attempts == 0
