"""One test for each quirk Q1 to Q18 of the festival's API, over a sample of its own."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aggregator.records import (
    EventRecord,
    FilmRecord,
    ShowingRecord,
    VenueRecord,
    fingerprint,
    seats_fingerprint,
)
from aggregator.vocabulary import Availability, CoordinatePrecision, ShowingKind
from providers.sff import answers
from providers.sff.mapping import film_event_id
from providers.simulation import running
from tests.providers.sff.samples import FESTIVAL, FOLDER, mapped, only, readable, response, sample, unadmitted
from tests.providers.sff.visits import Visit, collected

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def from_wire(name: str) -> list[dict[str, Any]]:
    """The items of a recorded answer, read in the format that its file name ends in."""
    found = answers.rows(response((FOLDER / name).read_bytes()), Path(name).suffix[1:])
    return [item for item in found if isinstance(item, dict)]


def test_q01_numbers_ids_and_stamps_may_be_numbers_or_text() -> None:
    for kind, name, plain in (
        ("event", "event-q01-numbers.json", {"eventChange_sv": None, "eventChange_en": None}),
        ("film", "film-q01-numbers.json", {}),
    ):
        item = sample(name)
        assert isinstance(item["filmId"], int)
        as_text = {
            key: str(value) if isinstance(value, int) else value for key, value in item.items()
        } | plain
        assert mapped(kind, item) == mapped(kind, as_text)


def test_q02_empty_text_and_null_both_mean_nothing() -> None:
    film = only(FilmRecord, mapped("film", sample("film-q02-empty-texts.json")))
    assert film.trailers == ()
    assert film.images == ()
    assert (film.length, film.year, film.imdb_id) == (None, None, "")
    assert film.descriptions == film.countries == film.statuses == film.subtitles == {}
    records = mapped("event", sample("event-q02-null-values.json"))
    assert not [record for record in records if isinstance(record, FilmRecord)]
    showing = only(ShowingRecord, records)
    assert showing.buy_urls == {}
    assert showing.event == "event:9104"
    assert showing.showing_kind is ShowingKind.TALK


def test_q03_a_missing_ticket_status_is_a_fourth_state() -> None:
    item = sample("event-q03-no-status.json")
    assert only(ShowingRecord, mapped("event", item)).availability is Availability.NOT_ON_SALE
    shop = item | {"eventBuyURL": "http://www.stockholmfilmfestival.se/webapi/?id=9104"}
    assert only(ShowingRecord, mapped("event", shop)).availability is Availability.UNKNOWN
    for status, word in (
        ("available", "available"),
        ("few", "few"),
        ("soldout", "soldout"),
        ("odd", "unknown"),
    ):
        assert only(ShowingRecord, mapped("event", item | {"eventTicketStatus": status})).availability == word


@pytest.mark.parametrize("spelling", ["true", "True", "1", True, 1, "yes"])
def test_q04_face_to_face_is_read_under_both_names_and_in_any_spelling(spelling: object) -> None:
    unprefixed = sample("event-q04-unprefixed-face-to-face.json")
    assert "eventHasFaceToFace" not in unprefixed
    for item in (
        unprefixed | {"hasFaceToFace": spelling},
        sample("event-film.json") | {"eventHasFaceToFace": spelling},
    ):
        assert only(ShowingRecord, mapped("event", item)).tags == ("face_to_face",)


@pytest.mark.parametrize("spelling", ["false", "False", "0", False, 0, "", None])
def test_q04_the_text_false_is_not_true(spelling: object) -> None:
    item = sample("event-film.json") | {"eventHasFaceToFace": spelling, "hasFaceToFace": spelling}
    assert only(ShowingRecord, mapped("event", item)).tags == ()


def test_q05_names_end_in_no_break_space() -> None:
    item = sample("event-q05-no-break-space.json")
    assert item["eventName_sv"].endswith("\u00a0")
    records = unadmitted("event", item)
    titles = {"sv": "Månens baksida", "en": "Far Side of the Moon"}
    assert only(ShowingRecord, records).titles == titles
    assert only(FilmRecord, records).titles == titles
    blank = unadmitted("event", item | {"eventName_en": "\u00a0 "})
    assert only(ShowingRecord, blank).titles == {"sv": "Månens baksida"}


def test_q06_odd_apostrophes_and_letter_case_stay_as_upstream_wrote_them() -> None:
    showing = only(ShowingRecord, mapped("event", sample("event-q06-odd-apostrophes.json")))
    assert showing.titles == {"sv": "Ingas´ Hus Brinner", "en": "Inga’s house burns"}


def test_q07_a_bare_ampersand_is_text_and_no_entity() -> None:
    item = sample("event-q07-bare-ampersand.json")
    showing = only(ShowingRecord, mapped("event", item))
    assert showing.titles == {"sv": "Berit & Bo, åter", "en": "Berit & Bo, Again"}
    assert showing.buy_urls == {"member": item["eventBuyURL"]}
    assert "&type=ticket&id=" in showing.buy_urls["member"]


def test_q08_xml_may_hold_the_named_entities_of_html() -> None:
    (item,) = from_wire("events-q08-entities.xml")
    assert item["eventName_sv"] == "Småstadens äldste\u00a0"
    assert item["eventBuyURL"] is None
    showing = only(ShowingRecord, mapped("event", item))
    assert showing.titles == {"sv": "Småstadens äldste", "en": "Salt & Smörgås"}


@pytest.mark.parametrize("wire", ["json", "xml", "csv"])
def test_q09_an_empty_list_is_an_http_error_with_a_sentence(wire: str) -> None:
    content = (FOLDER / f"nothing-q09.{wire}").read_bytes()
    assert list(answers.rows(response(content, 404), wire)) == []
    # The body may be JSON whatever was asked for, and a computed emptiness has no body at all.
    assert list(answers.rows(response(b'{"error":"No films could be found"}', 404), wire)) == []
    assert list(answers.rows(response(b"", 404), wire)) == []


@pytest.mark.parametrize("shape", ["list", "keyed", "absent", "null", "empty"])
def test_q10_the_events_of_a_film_may_be_of_any_shape(shape: str) -> None:
    item = sample("film-full.json")
    keyed = sample("film-q10-events-keyed.json")["events"]
    shapes = {"list": item["events"], "keyed": keyed, "null": None, "empty": []}
    if shape == "absent":
        del item["events"]
    else:
        item["events"] = shapes[shape]
    assert mapped("film", item) == mapped("film", sample("film-full.json"))


@pytest.mark.parametrize("switch", ["list", "keyed", "absent", "null", "empty"])
def test_q10_a_run_reads_films_whatever_the_shape_of_their_events(switch: str) -> None:
    with running(["sff"], scale=20) as simulation:
        simulation.switch("sff", "film_events", switch)
        batches = collected(Visit.at(simulation))
    films = [document for batch in batches for document in batch.documents if document.kind == "film"]
    assert films
    assert not [refusal for batch in batches for refusal in batch.refused]


def test_q11_the_place_zero_zero_is_unknown() -> None:
    item = sample("venue-q11-unknown-place.json")
    for latitude, longitude in (("0", "0"), ("0.0", "0.000"), (0, 0), ("", ""), (None, None), ("?", "18")):
        venue = only(VenueRecord, unadmitted("venue", item | {"venueLat": latitude, "venueLon": longitude}))
        assert (venue.latitude, venue.longitude) == (None, None)
        assert venue.coordinates is CoordinatePrecision.UNKNOWN
    known = only(VenueRecord, unadmitted("venue", sample("venue-screen.json")))
    assert (known.latitude, known.longitude) == (59.3336, 18.0598)
    assert known.coordinates is CoordinatePrecision.EXACT


def test_q12_one_place_under_two_ids_stays_two_venues() -> None:
    venues = [only(VenueRecord, mapped("venue", item)) for item in sample("venues-q12-same-place-twice.json")]
    assert [venue.external_id for venue in venues] == ["58", "63"]
    assert venues[0].name == venues[1].name


def test_q12_of_two_names_of_a_venue_the_newest_event_s_wins_in_any_order() -> None:
    older = sample("event-film.json") | {"eventId": "999", "venueName": "Bio Mauritz"}
    newer = sample("event-film.json") | {"eventId": "9104", "venueName": "Filmhuset Mauritz"}
    named = sorted(
        (only(VenueRecord, mapped("event", item)) for item in (older, newer)),
        key=lambda venue: venue.authority,
    )
    assert [venue.name for venue in named] == ["Filmhuset Mauritz", "Bio Mauritz"]
    assert only(VenueRecord, mapped("venue", sample("venue-screen.json"))).authority < named[0].authority


def test_q13_two_events_in_one_venue_at_one_second_are_both_kept() -> None:
    showings = [only(ShowingRecord, mapped("event", item)) for item in sample("events-q13-same-second.json")]
    assert [showing.external_id for showing in showings] == ["9150", "9151"]
    assert showings[0].starts_at == showings[1].starts_at
    assert showings[0].venues == showings[1].venues
    assert showings[0].event != showings[1].event


def test_q14_events_before_the_festival_belong_to_it() -> None:
    records = mapped("event", sample("event-q14-before-the-festival.json"))
    showing = only(ShowingRecord, records)
    assert showing.starts_at.astimezone(STOCKHOLM) == datetime(2026, 10, 30, 18, 30, tzinfo=STOCKHOLM)
    assert showing.event == film_event_id("14201", FESTIVAL)
    assert only(EventRecord, records).festival == FESTIVAL


def test_q15_several_showings_of_a_film_share_one_event() -> None:
    per_event = [mapped("event", item) for item in sample("events-q15-one-film-three-times.json")]
    assert {only(ShowingRecord, records).event for records in per_event} == {"film:14201:38"}
    assert len({only(ShowingRecord, records).external_id for records in per_event}) == 3
    # Until the film itself is read, the smallest event id names it, whatever the order of arrival.
    winner = min((only(EventRecord, records) for records in per_event), key=lambda event: event.authority)
    assert winner.titles["sv"] == "Fyrvaktarens sång"
    of_the_film = only(EventRecord, mapped("film", sample("film-full.json")))
    assert of_the_film.external_id == "film:14201:38"
    assert of_the_film.authority < winner.authority


def test_q16_a_film_s_main_title_has_no_language() -> None:
    film = only(FilmRecord, mapped("film", sample("film-full.json")))
    assert film.titles == {"": "Fyrvaktarens sång", "en": "The Lighthouse Song"}
    alone = only(FilmRecord, mapped("film", sample("film-q16-no-english-title.json")))
    assert alone.titles == {"": "Fyrvaktarens sång"}
    assert alone.descriptions == {"en": "<p>A lighthouse keeper writes letters to the sea.</p>"}


def test_q17_new_fields_and_another_order_change_no_record() -> None:
    odd = mapped("event", sample("event-q17-new-fields.json"))
    plain = {
        key: value
        for key, value in sample("event-q17-new-fields.json").items()
        if key not in ("eventPrice", "eventSeats")
    }
    for one, other in zip(odd, mapped("event", dict(sorted(plain.items()))), strict=True):
        assert readable(one) == readable(other)
        assert fingerprint(one) == fingerprint(other)
        assert seats_fingerprint(one) == seats_fingerprint(other)


def test_q18_csv_does_not_double_its_inner_quotes() -> None:
    first, second = from_wire("events-q18-inner-quotes.csv")
    assert only(ShowingRecord, mapped("event", first)).titles == {
        "sv": 'Kaptenen sa "nej", och teg',
        "en": 'The Captain Said "No", Softly',
    }
    assert first["partyId"] is None
    showing = only(ShowingRecord, mapped("event", second))
    assert showing.starts_at == datetime(2026, 11, 12, 20, tzinfo=UTC)
    assert showing.availability is Availability.NOT_ON_SALE
    assert showing.tags == ("face_to_face",)
