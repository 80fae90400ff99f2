"""From Kulturbiljetter's details to records: golden samples, and one test per rule."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.admission import admit
from aggregator.provider import Document, Unmappable
from aggregator.records import (
    EventRecord,
    OrganisationRecord,
    Record,
    ShowingRecord,
    VenueRecord,
    fingerprint,
    is_empty,
    seats_fingerprint,
)
from aggregator.vocabulary import Availability, ImageRole, Precision
from providers.kulturbiljetter import PROVIDER
from providers.kulturbiljetter.mapping import to_records
from providers.kulturbiljetter.schema import opaque_tag

SAMPLES = Path(__file__).parents[3] / "providers" / "kulturbiljetter" / "samples"
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def document(body: Any, key: str = "5310") -> Document:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Document("event", key, raw)


def details(**changes: Any) -> dict[str, Any]:
    """The v2 sample with some top-level fields changed."""
    body: dict[str, Any] = json.loads((SAMPLES / "5310-v2.json").read_bytes())
    return body | changes


def with_date(**changes: Any) -> dict[str, Any]:
    """The v2 sample with its first date alone, changed."""
    return details(dates={"0": details()["dates"]["0"] | changes})


def without(body: dict[str, Any], *path: str) -> dict[str, Any]:
    inner = body
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return body


def records(body: Any, key: str = "5310") -> list[Record]:
    return [admit(record) for record in to_records(document(body, key), None)]


def event(body: Any, key: str = "5310") -> EventRecord:
    (found,) = [record for record in records(body, key) if isinstance(record, EventRecord)]
    return found


def showings(body: Any, key: str = "5310") -> list[ShowingRecord]:
    return [record for record in records(body, key) if isinstance(record, ShowingRecord)]


def refusal(body: Any) -> tuple[str, str]:
    with pytest.raises(Unmappable) as caught:
        to_records(document(body), None)
    return caught.value.reason, caught.value.path


def readable(part: Any) -> Any:
    """A record as JSON, for comparing with the golden files: empty fields are left out."""
    if isinstance(part, Record):
        return {"kind": str(part.kind)} | _fields(part)
    if isinstance(part, Mapping):
        return {key: readable(value) for key, value in part.items()}
    if isinstance(part, tuple):
        return [readable(value) for value in part]
    if isinstance(part, datetime):
        return part.isoformat()
    if isinstance(part, Decimal):
        return str(part)
    return _fields(part) if hasattr(part, "__dataclass_fields__") else part


def _fields(part: Any) -> dict[str, Any]:
    found = ((item.name, getattr(part, item.name)) for item in fields(part))
    return {name: readable(value) for name, value in found if not is_empty(value)}


def golden() -> list[str]:
    return sorted(path.name.removesuffix(".records.json") for path in SAMPLES.glob("*.records.json"))


@pytest.mark.parametrize("name", golden())
def test_a_sample_gives_its_records(name: str) -> None:
    found = records((SAMPLES / f"{name}.json").read_bytes(), name.partition("-")[0])
    assert [readable(record) for record in found] == json.loads(
        (SAMPLES / f"{name}.records.json").read_bytes()
    )


def test_every_details_sample_has_its_records() -> None:
    bodies = {path.stem for path in SAMPLES.glob("[0-9]*.json") if not path.stem.endswith(".records")}
    assert bodies == set(golden())
    assert len(bodies) >= 5


@pytest.mark.parametrize("name", golden())
def test_every_reference_is_in_the_same_document(name: str) -> None:
    found = records((SAMPLES / f"{name}.json").read_bytes(), name.partition("-")[0])
    ids = {(type(record), record.external_id) for record in found}
    assert len(ids) == len(found)
    for record in found:
        if isinstance(record, EventRecord) and record.organisation:
            assert (OrganisationRecord, record.organisation) in ids
        if isinstance(record, ShowingRecord):
            assert (EventRecord, record.event) in ids
            assert all((VenueRecord, venue) in ids for venue in record.venues)


def test_one_showing_may_be_in_a_venue_that_is_not_listed() -> None:
    assert showings(with_date(location_id=1))[0].venues == ()
    assert showings(details(locations=None))[0].venues == ()


def test_a_venue_is_found_by_its_field_and_not_by_its_key() -> None:
    place = details()["locations"]["0"]
    for places in ({"0": place}, {"3501": place}, {"7": place}, [place]):
        assert showings(details(locations=places))[0].venues == ("3501",)


def test_showings_of_different_events_may_bear_one_date_id() -> None:
    assert showings(details(), "5310")[0].external_id == "5310:9101"
    assert showings(details(), "5311")[0].external_id == "5311:9101"


def test_a_date_that_stands_twice_is_one_showing() -> None:
    first = details()["dates"]["0"]
    (showing,) = showings(details(dates={"0": first, "1": first | {"ticket_available": 3}}))
    assert showing.seats_free == 3


def test_doors_that_open_after_the_start_are_no_doors() -> None:
    start = 1804352400
    assert showings(with_date(unixtime_open=start + 1))[0].doors_at is None
    assert showings(with_date(unixtime_open=start))[0].doors_at == datetime.fromtimestamp(start, UTC)
    assert showings(with_date(unixtime_open=0))[0].doors_at is None


@pytest.mark.parametrize("clock", [(0, 0), (2, 30), (4, 59), (12, 0), (23, 59)])
@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 7, 1), date(2027, 10, 31), date(2027, 12, 31)])
def test_a_date_only_showing_keeps_its_stockholm_day_and_no_clock(day: date, clock: tuple[int, int]) -> None:
    start = int(datetime(day.year, day.month, day.day, *clock, tzinfo=STOCKHOLM).timestamp())
    (showing,) = showings(with_date(unixtime_start=start, unixtime_open=start - 60, date_only=True))
    assert showing.precision is Precision.DATE
    midnight = datetime(day.year, day.month, day.day)
    assert showing.starts_at.astimezone(STOCKHOLM).replace(tzinfo=None) == midnight
    assert showing.doors_at is None


@pytest.mark.parametrize("said", [True, 1, "1", "true"])
def test_date_only_may_be_said_in_several_ways(said: object) -> None:
    assert showings(with_date(date_only=said))[0].precision is Precision.DATE


@pytest.mark.parametrize("said", [False, 0, "0", "false", None, ""])
def test_date_only_may_be_denied_in_several_ways(said: object) -> None:
    assert showings(with_date(date_only=said))[0].precision is Precision.EXACT


@pytest.mark.parametrize(
    ("free", "total", "word"),
    [
        (0, 100, Availability.SOLDOUT),
        (-2, 100, Availability.SOLDOUT),
        (10, 100, Availability.FEW),
        (50, 1000, Availability.FEW),
        (11, 100, Availability.AVAILABLE),
        (11, None, Availability.AVAILABLE),
        (None, 100, Availability.UNKNOWN),
    ],
)
def test_availability_comes_from_the_seats(free: int | None, total: int | None, word: Availability) -> None:
    (showing,) = showings(with_date(ticket_available=free, ticket_amount=total))
    assert showing.availability is word
    assert showing.seats_total == total
    assert showing.seats_free == (None if free is None else max(free, 0))


def test_seats_alone_leave_the_lasting_fingerprint_as_it_was() -> None:
    (before,) = showings(with_date(ticket_available=63))
    (after,) = showings(with_date(ticket_available=5, ticket_amount=110))
    assert fingerprint(before) == fingerprint(after)
    assert seats_fingerprint(before) != seats_fingerprint(after)
    for one, other in zip(
        records(with_date(ticket_available=63)), records(with_date(ticket_available=5)), strict=True
    ):
        assert fingerprint(one) == fingerprint(other)


def test_the_start_of_the_sale_stands_on_the_event_and_its_showings() -> None:
    opens = datetime.fromtimestamp(1798790400, UTC)
    assert event(details()).sale_starts_at == opens
    assert {showing.sale_starts_at for showing in showings(details())} == {opens}


def test_the_newest_event_is_believed_about_venues_and_organisers() -> None:
    def authority(key: str) -> set[str]:
        found = records(details(), key)
        return {record.authority for record in found if isinstance(record, VenueRecord | OrganisationRecord)}

    (old,), (new,), (newest,) = authority("999"), authority("5310"), authority("123456789")
    assert newest < new < old
    assert newest
    assert event(details()).authority == ""


def test_entities_are_decoded_once_in_titles_and_names() -> None:
    organiser = {"organizer_id": 1, "name": "A &amp; B"}
    body = details(title="Ljud &amp;amp; ljus &#8211; del&nbsp;2", organizer=organiser)
    found = records(body)
    assert isinstance(found[0], OrganisationRecord)
    assert found[0].name == "A & B"
    assert event(body).titles == {"sv": "Ljud &amp; ljus – del 2"}


def test_what_looks_like_a_tag_in_a_title_is_text() -> None:
    assert event(details(title="Å &lt;3 <i>dig</i>")).titles == {"sv": "Å <3 <i>dig</i>"}


def test_escaped_tags_in_a_presentation_stay_escaped() -> None:
    body = details(presentation_long="<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; mer</p>")
    assert event(body).descriptions == {"sv": "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; mer</p>"}


def test_pictures_come_in_number_order_and_once() -> None:
    first, second = "https://kulturbiljetter.se/storage/a.jpg", "https://kulturbiljetter.se/storage/b.jpg"
    found = event(details(images={"10": second, "9": first, "11": first, "12": None, "8": "data:x"})).images
    assert [(image.url, image.role) for image in found] == [
        (first, ImageRole.STILL),
        (second, ImageRole.OTHER),
    ]


@pytest.mark.parametrize("nothing", [None, {}, []])
def test_an_empty_collection_may_be_said_in_several_ways(nothing: object) -> None:
    found = records(details(images=nothing, trailers=nothing, dates=nothing, locations=nothing))
    assert [type(record) for record in found] == [OrganisationRecord, EventRecord]
    assert event(details(images=nothing, trailers=nothing)).images == ()


def test_a_collection_may_be_absent() -> None:
    body = details()
    for name in ("images", "trailers", "dates", "locations", "organizer"):
        del body[name]
    assert [type(record) for record in records(body)] == [EventRecord]


def test_prices_are_kronor_and_need_not_be_there() -> None:
    assert (event(details()).price_min, event(details()).currency) == (None, "")
    priced = event(details(price_min="130.00", price_max="240.00"))
    assert (priced.price_min, priced.price_max, priced.currency) == (Decimal(130), Decimal(240), "SEK")
    assert event(details(price_min="0.00", price_max="0.00")).is_free is None


def test_prices_in_the_wrong_order_are_put_right() -> None:
    swapped = event(details(price_min="240.00", price_max="130.00"))
    assert (swapped.price_min, swapped.price_max) == (Decimal(130), Decimal(240))


def test_the_address_of_the_organiser_is_percent_encoded() -> None:
    assert event(details()).links == {
        "organiser": "https://kulturbiljetter.se/arrang%C3%B6r/2207/lillans-musikforening/"
    }


def test_fields_that_nobody_documented_change_nothing() -> None:
    plain = [fingerprint(record) for record in records(details())]
    assert [fingerprint(record) for record in records(details(season="vår", extra={"a": [1]}))] == plain


def test_the_order_of_fields_and_dates_changes_no_print() -> None:
    body = details()
    backwards = dict(reversed(body.items())) | {"dates": dict(reversed(body["dates"].items()))}
    assert [fingerprint(record) for record in records(backwards)] == [
        fingerprint(record) for record in records(body)
    ]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (without(details(), "title"), ("missing_field", "title")),
        (details(title=None), ("missing_field", "title")),
        (details(title=" \u00a0"), ("missing_field", "title")),
        ({"error": "Ogiltigt event_id"}, ("missing_field", "title")),
        (without(details(), "dates", "1", "date_id"), ("missing_field", "dates.1.date_id")),
        (without(details(), "dates", "1", "unixtime_start"), ("missing_field", "dates.1.unixtime_start")),
        (with_date(unixtime_start=None), ("missing_field", "dates.0.unixtime_start")),
        (without(details(), "organizer", "organizer_id"), ("missing_field", "organizer.organizer_id")),
        (without(details(), "locations", "0", "location_id"), ("missing_field", "locations.0.location_id")),
        (details(title=["a"]), ("wrong_type", "title")),
        (details(title=True), ("wrong_type", "title")),
        (details(dates="soon"), ("wrong_type", "dates")),
        (details(dates={"0": 5}), ("wrong_type", "dates.0")),
        (with_date(date_id="nine"), ("wrong_type", "dates.0.date_id")),
        (with_date(date_id=True), ("wrong_type", "dates.0.date_id")),
        (with_date(unixtime_start="tomorrow"), ("wrong_type", "dates.0.unixtime_start")),
        (with_date(unixtime_start=True), ("wrong_type", "dates.0.unixtime_start")),
        (with_date(ticket_available={}), ("wrong_type", "dates.0.ticket_available")),
        (with_date(date_only="maybe"), ("wrong_type", "dates.0.date_only")),
        (details(images={"0": {"url": "x"}}), ("wrong_type", "images.0")),
        (details(price_min="a lot"), ("wrong_type", "price_min")),
        (details(price_min=float("nan")), ("wrong_type", "price_min")),
        (details(organizer=[]), ("wrong_type", "organizer")),
        ([], ("wrong_type", "")),
        ("text", ("wrong_type", "")),
        (None, ("wrong_type", "")),
        (with_date(unixtime_start=0), ("timestamp_out_of_range", "dates.0.unixtime_start")),
        (with_date(unixtime_start=-5), ("timestamp_out_of_range", "dates.0.unixtime_start")),
        (with_date(unixtime_start=1804352400000), ("timestamp_out_of_range", "dates.0.unixtime_start")),
        (with_date(unixtime_open=10**15), ("timestamp_out_of_range", "dates.0.unixtime_open")),
        (details(unixtime_release=10**29), ("timestamp_out_of_range", "unixtime_release")),
        (b"<html><body>Underh\xc3\xa5ll</body></html>", ("malformed_document", "")),
        (b'{"title": "Hal', ("malformed_document", "")),
        (b"[" * 200_000, ("malformed_document", "")),
        (b'{"title": "H\xe5llplats"}', ("bad_encoding", "title")),
    ],
)
def test_what_cannot_be_mapped_has_a_reason_and_a_path(body: Any, found: tuple[str, str]) -> None:
    assert refusal(body) == found


def test_half_a_surrogate_pair_is_dropped() -> None:
    assert event(details(title="Sol\ud83d och \U0001f31e")).titles == {"sv": "Sol och \U0001f31e"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(name=st.sampled_from(sorted(details())), value=JSON)
def test_any_value_in_any_field_gives_records_or_a_named_reason(name: str, value: Any) -> None:
    try:
        found = records(details(**{name: value}))
    except Unmappable as error:
        assert error.reason in {"wrong_type", "missing_field", "timestamp_out_of_range", "bad_encoding"}  # noqa: PT017
    else:
        assert all(fingerprint(record) for record in found)


@given(name=st.sampled_from(sorted(details()["dates"]["0"])), value=JSON)
def test_any_value_in_any_field_of_a_date_gives_records_or_a_named_reason(name: str, value: Any) -> None:
    try:
        found = showings(with_date(**{name: value}))
    except Unmappable as error:
        assert error.path.startswith(f"dates.0.{name}")  # noqa: PT017 - both ways are right
    else:
        assert [showing.event for showing in found] == ["5310"]


@pytest.mark.parametrize(
    ("given_as", "bare"),
    [
        ('"4628e98d"', "4628e98d"),
        ("4628e98d", "4628e98d"),
        ('W/"4628e98d"', "4628e98d"),
        ('"4628e98d-gzip"', "4628e98d"),
        ('"4628e98d;gzip"', "4628e98d"),
        ('"4628e98d--gzip"', "4628e98d"),
        ('W/"4628e98d"-gzip', "4628e98d"),
        (' "4628e98d" ', "4628e98d"),
        ("", ""),
        ('""', ""),
        ('"a\r\nb"', ""),
        ('"å"', ""),
    ],
)
def test_an_etag_is_compared_bare(given_as: str, bare: str) -> None:
    assert opaque_tag(given_as) == bare


def test_the_provider_maps_with_this_function() -> None:
    assert PROVIDER.map is to_records
