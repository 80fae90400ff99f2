"""From the festival's documents to records: golden samples, and one test per rule."""

import csv
import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.provider import Document, Unmappable
from aggregator.records import (
    EventRecord,
    FestivalRecord,
    FilmRecord,
    Record,
    SectionRecord,
    SelectionRecord,
    ShowingRecord,
    VenueRecord,
)
from aggregator.vocabulary import CreditRole, ImageRole, ShowingKind
from providers.sff import PROVIDER, schema
from providers.sff.films import POSTER_SIZES, PREVIEW_SIZES, imdb_id
from providers.sff.wording import people
from tests.providers.sff.samples import (
    CONFIG,
    FOLDER,
    SCOPE,
    document,
    mapped,
    only,
    readable,
    sample,
)

KINDS = ("festival", "section", "venue", "event", "film")
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def golden() -> list[str]:
    return sorted(path.name.removesuffix(".records.json") for path in FOLDER.glob("*.records.json"))


def refusal(kind: str, item: Any) -> tuple[str, str]:
    with pytest.raises(Unmappable) as caught:
        PROVIDER.map(document(kind, item), CONFIG)
    return caught.value.reason, caught.value.path


def event(**changes: Any) -> dict[str, Any]:
    return dict(sample("event-film.json")) | changes


def film(**changes: Any) -> FilmRecord:
    return only(FilmRecord, mapped("film", dict(sample("film-full.json")) | changes))


@pytest.mark.parametrize("name", golden())
def test_a_sample_gives_its_records(name: str) -> None:
    found = mapped(name.partition("-")[0], sample(f"{name}.json"))
    assert [readable(record) for record in found] == sample(f"{name}.records.json")


def test_every_kind_of_document_has_a_golden_sample() -> None:
    assert {name.partition("-")[0] for name in golden()} == set(KINDS)
    singles = {path.stem for kind in KINDS for path in FOLDER.glob(f"{kind}-*.json")}
    assert {name for name in singles if not name.endswith(".records")} == set(golden())


@pytest.mark.parametrize("name", golden())
def test_every_reference_is_in_the_same_document(name: str) -> None:
    records = mapped(name.partition("-")[0], sample(f"{name}.json"))
    ids = {(type(record), record.external_id) for record in records}
    assert len(ids) == len(records)
    wanted: list[tuple[type[Record], str]] = []
    for record in records:
        if isinstance(record, ShowingRecord):
            wanted += [(EventRecord, record.event), *((VenueRecord, venue) for venue in record.venues)]
        elif isinstance(record, EventRecord):
            wanted += [(FilmRecord, record.film), (FestivalRecord, record.festival)]
        elif isinstance(record, SelectionRecord):
            wanted += [(FilmRecord, record.film), (FestivalRecord, record.festival)]
            wanted.append((SectionRecord, record.section))
        elif isinstance(record, SectionRecord):
            wanted.append((FestivalRecord, record.festival))
    assert {one for one in wanted if one[1]} <= ids


# Events


def test_the_stamp_decides_when_day_and_time_say_otherwise() -> None:
    item = event(eventDate="2031-01-01", eventTime="03:00:00")
    assert only(ShowingRecord, mapped("event", item)) == only(ShowingRecord, mapped("event", event()))


@pytest.mark.parametrize("nothing", [None, "", "0", 0])
def test_without_a_stamp_day_and_time_in_stockholm_are_the_start(nothing: object) -> None:
    item = event(eventTimestamp=nothing, eventDate="2026-07-01", eventTime="18:30:00")
    assert only(ShowingRecord, mapped("event", item)).starts_at == datetime(2026, 7, 1, 16, 30, tzinfo=UTC)
    assert refusal("event", item | {"eventTime": None}) == ("missing_field", "eventTimestamp")
    del item["eventTimestamp"], item["eventDate"]
    assert refusal("event", item) == ("missing_field", "eventTimestamp")


@pytest.mark.parametrize("stamp", ["-5", "99999999999", "9" * 40, "9" * 5000, 10**30, -1, 1e300])
@pytest.mark.parametrize("name", ["eventTimestamp", "eventModifiedTimestamp"])
def test_a_stamp_out_of_range_is_named(name: str, stamp: object) -> None:
    assert refusal("event", event(**{name: stamp})) == ("timestamp_out_of_range", name)


def test_stamps_of_the_other_lists_are_checked_too() -> None:
    far = "99999999999"
    assert refusal("festival", sample("festival-current.json") | {"festivalEnd": far}) == (
        "timestamp_out_of_range",
        "festivalEnd",
    )
    assert refusal("film", sample("film-full.json") | {"filmModifiedTimestamp": far}) == (
        "timestamp_out_of_range",
        "filmModifiedTimestamp",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("eventName_sv", {"sv": "Titel"}),
        ("eventName_en", ["Titel"]),
        ("venueId", {}),
        ("eventTimestamp", "tomorrow"),
        ("eventTimestamp", True),
        ("eventModifiedTimestamp", "2026-11-12"),
    ],
)
def test_a_value_of_the_wrong_type_is_named(name: str, value: object) -> None:
    assert refusal("event", event(**{name: value})) == ("wrong_type", name)


def test_a_day_that_is_none_is_named() -> None:
    assert refusal("event", event(eventTimestamp="", eventDate="2026-13-40")) == ("wrong_type", "eventDate")
    assert refusal("event", event(eventTimestamp="", eventTime="18:30:00+05:00")) == (
        "wrong_type",
        "eventTime",
    )


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"null", b"7"])
def test_a_document_that_is_no_object_is_named(body: bytes) -> None:
    with pytest.raises(Unmappable) as caught:
        PROVIDER.map(Document("event", "1", body, scope=SCOPE), CONFIG)
    assert caught.value.reason == "wrong_type"


def test_a_document_that_is_no_json_is_named() -> None:
    with pytest.raises(Unmappable) as caught:
        PROVIDER.map(Document("event", "1", b"{", scope=SCOPE), CONFIG)
    assert caught.value.reason == "malformed"


def test_an_event_without_its_festival_is_refused() -> None:
    with pytest.raises(Unmappable) as caught:
        PROVIDER.map(Document("event", "1", json.dumps(event()).encode()), CONFIG)
    assert (caught.value.reason, caught.value.path) == ("missing_field", "festivalId")


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(Unmappable, match="ticket"):
        PROVIDER.map(Document("ticket", "1", b"{}"), CONFIG)


def test_a_second_shop_is_named_only_when_it_is_another() -> None:
    one, two = "http://www.stockholmfilmfestival.se/a?id=1", "http://www.stockholmfilmfestival.se/b?id=1"
    for member, once, expected in (
        (one, one, {"member": one}),
        (one, two, {"member": one, "one_time": two}),
        (None, two, {"one_time": two}),
        (one, None, {"member": one}),
        ("javascript:alert(1)", None, {}),
    ):
        item = event(eventBuyURL=member, eventBuyOneTimeURL=once)
        assert only(ShowingRecord, mapped("event", item)).buy_urls == expected


@pytest.mark.parametrize("status", ["soldout", "SoldOut", "sold out", " sold_out "])
def test_the_ticket_word_is_read_in_any_spelling(status: str) -> None:
    assert only(ShowingRecord, mapped("event", event(eventTicketStatus=status))).availability == "soldout"


def test_what_is_no_film_is_a_party_or_a_talk() -> None:
    party = mapped("event", sample("event-party.json"))
    assert only(EventRecord, party).external_id == "party:77"
    assert only(EventRecord, party).event_kind is ShowingKind.PARTY
    talk = mapped("event", sample("event-seminar.json"))
    assert only(EventRecord, talk).external_id == "event:9301"
    assert only(EventRecord, talk).event_kind is ShowingKind.TALK


@pytest.mark.parametrize("nothing", [None, "", "0", 0])
def test_a_reference_to_nothing_makes_no_row(nothing: object) -> None:
    records = mapped("event", event(filmId=nothing, partyId=nothing, venueId=nothing))
    assert {type(record) for record in records} == {FestivalRecord, EventRecord, ShowingRecord}
    assert only(ShowingRecord, records).venues == ()


def test_ids_that_are_no_numbers_still_have_one_order() -> None:
    ids = ["7", "80", "9104", "12345678901234567890", "b-2", "ä"]
    authorities = [only(EventRecord, mapped("event", event(eventId=key))).authority for key in ids]
    assert authorities == sorted(authorities)
    assert len(set(authorities)) == len(ids)


def test_the_recorded_programme_is_mapped_whole(shared: Path) -> None:
    recording = shared / "payloads" / "sff" / "events_festival_list_2018-11-07.dev.csv"
    with recording.open(encoding="utf-8", newline="") as lines:
        rows = [
            {name: None if text == "NA" else text for name, text in row.items()}
            for row in csv.DictReader(lines)
        ]
    showings = {str(row["eventId"]): only(ShowingRecord, mapped("event", row)) for row in rows}
    assert len(showings) == 150
    for row in rows:
        showing = showings[str(row["eventId"])]
        local = showing.starts_at.astimezone(STOCKHOLM)
        assert f"{local:%Y-%m-%d %H:%M:%S}" == f"{row['eventDate']} {row['eventTime']}"
        assert ("face_to_face" in showing.tags) == (row["eventHasFaceToFace"] == "true")
        assert showing.number == row["eventNumber"]
    words = Counter(row["eventTicketStatus"] or "not_on_sale" for row in rows)
    assert Counter(str(showing.availability) for showing in showings.values()) == words
    assert {showing.event for showing in showings.values()} == {f"film:{row['filmId']}:38" for row in rows}


# Festivals


def test_a_festival_s_days_are_stockholm_s_whatever_the_hour_of_the_stamp() -> None:
    item = sample("festival-current.json")
    for second in (0, 3600, 12 * 3600, 24 * 3600 - 1):
        begin = str(int(item["festivalBegin"]) + second)
        assert only(FestivalRecord, mapped("festival", item | {"festivalBegin": begin})).starts_on == date(
            2026, 11, 11
        )


@pytest.mark.parametrize(
    ("spelling", "current"), [("1", True), (True, True), ("true", True), ("0", False), (0, False)]
)
def test_the_current_festival_is_known_in_any_spelling(spelling: object, current: bool) -> None:
    item = sample("festival-current.json") | {"festivalIsCurrent": spelling}
    assert only(FestivalRecord, mapped("festival", item)).is_current is current


# Films


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Radu Jude", ["Radu Jude"]),
        ("Anna Ek, Bo Dal,Cia Fors", ["Anna Ek", "Bo Dal", "Cia Fors"]),
        ("Anna Ek; Bo Dal\nCia Fors", ["Anna Ek", "Bo Dal", "Cia Fors"]),
        ("Anna Ek & Bo Dal", ["Anna Ek", "Bo Dal"]),
        ("Anna Ek och Bo von Dal", ["Anna Ek", "Bo von Dal"]),
        ("Anna Ek, Bo Dal and Cia Fors", ["Anna Ek", "Bo Dal", "Cia Fors"]),
        ("Anna Ek, Bo Dal, and Cia", ["Anna Ek", "Bo Dal", "Cia"]),
        ("Ethan & Joel Coen", ["Ethan & Joel Coen"]),
        ("Florence and the Machine", ["Florence and the Machine"]),
        ("Sammy Davis, Jr.", ["Sammy Davis, Jr."]),
        ("Sammy Davis, Jr., Anna Ek", ["Sammy Davis, Jr.", "Anna Ek"]),
        ("Jude, Radu", ["Jude, Radu"]),
        ("Anna Ek (röst, sång), Bo Dal", ["Anna Ek (röst, sång)", "Bo Dal"]),
        ("Björk, Nina Hagen, Anna Ek", ["Björk", "Nina Hagen", "Anna Ek"]),
        ("Anna Ek, Bo Dal, Anna Ek", ["Anna Ek", "Bo Dal"]),
        ("Anna Ek,", ["Anna Ek"]),
        ("", []),
    ],
)
def test_a_credit_line_is_divided_only_where_it_is_a_list(line: str, names: list[str]) -> None:
    assert list(people(line)) == names


@given(st.text(max_size=200))
def test_a_credit_line_loses_no_word(line: str) -> None:
    kept = set(" ".join(people(line)).replace(",", " ").split())
    dividers = {"&", "och", "and", "|", "<br", "/>", ";"}
    words = set(line.replace(",", " ").replace(";", " ").replace("|", " ").split()) - dividers
    assert {word for word in words if "<" not in word and ">" not in word} <= kept


def test_credits_keep_upstream_s_order_within_their_role() -> None:
    credits = film(filmMusic="Nils Bo").credits
    assert [credit.name for credit in credits if credit.role is CreditRole.CAST] == [
        "Eero Mäkinen",
        "Saga Lind",
        "Otto Berg",
    ]
    assert [credit.name for credit in credits if credit.role is CreditRole.MUSIC] == ["Nils Bo"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tt0068646", "tt0068646"),
        ("0068646", "tt0068646"),
        ("68646", "tt0068646"),
        ("TT10068646", "tt10068646"),
        ("https://www.imdb.com/title/tt0068646/", "tt0068646"),
        ("", ""),
        ("0", ""),
        ("saknas", ""),
    ],
)
def test_the_imdb_id_has_one_form(text: str, expected: str) -> None:
    assert imdb_id(text) == expected


@pytest.mark.parametrize(
    ("length", "minutes"),
    [("108", 108), (108, 108), ("108 min", 108), ("", None), ("0", None), ("okänd", None), ("9" * 30, None)],
)
def test_a_length_is_minutes_or_nothing(length: object, minutes: int | None) -> None:
    assert film(filmLength=length).length == minutes


def test_a_year_is_a_year_or_nothing() -> None:
    assert film(filmProductionYear="2017-2018").year == 2017
    assert film(filmProductionYear="17").year is None


def test_trailers_are_web_pages_each_once() -> None:
    found = film(
        filmYoutubeId="a1B2c3D4e5F",
        filmMobileTrailer="http://trailers.example/m.mp4",
        filmIphoneTrailer="http://trailers.example/m.mp4",
        filmMobileDownloadTrailer="javascript:alert(1)",
    ).trailers
    assert [trailer.url for trailer in found] == [
        "https://www.youtube.com/watch?v=a1B2c3D4e5F",
        "http://trailers.example/m.mp4",
    ]


@pytest.mark.parametrize(
    "text", ["a1B2c3D4e5F", "https://www.youtube.com/watch?v=a1B2c3D4e5F&t=3", "https://youtu.be/a1B2c3D4e5F"]
)
def test_the_youtube_id_may_stand_in_a_url(text: str) -> None:
    assert film(filmYoutubeId=text).trailers[0].url == "https://www.youtube.com/watch?v=a1B2c3D4e5F"


@pytest.mark.parametrize("text", ["", "kort", "0"])
def test_what_is_no_youtube_id_makes_no_trailer(text: str) -> None:
    assert film(filmYoutubeId=text).trailers == ()


def test_an_image_template_names_all_presets_of_its_family() -> None:
    still, poster = film().images
    assert (still.role, poster.role) == (ImageRole.STILL, ImageRole.POSTER)
    assert still.url == still.template.replace("[IMAGESIZE]", "1024x576")
    assert poster.url == poster.template.replace("[IMAGESIZE]", "640x914")
    assert tuple(still.sizes) == PREVIEW_SIZES
    assert tuple(poster.sizes) == POSTER_SIZES
    for image in (still, poster):
        for size, url in image.sizes.items():
            assert url == image.template.replace("[IMAGESIZE]", size)


def test_every_preset_has_its_family_s_shape() -> None:
    for sizes, (across, down) in ((PREVIEW_SIZES, (16, 9)), (POSTER_SIZES, (7, 10))):
        for size in sizes:
            width, height = map(int, size.split("x"))
            assert height == (2 * width * down + across) // (2 * across)


def test_an_image_without_the_placeholder_is_used_as_it_is() -> None:
    url = "http://www.stockholmfilmfestival.se/fileadmin/poster.jpg"
    (image,) = film(filmPreviewImage="", filmPosterImage=url).images
    assert (image.url, image.template, image.sizes) == (url, "", {})


def test_a_page_without_a_scheme_gets_one_and_a_script_is_dropped() -> None:
    assert film(filmOfficialHomesite="www.film.example/a").website == "http://www.film.example/a"
    assert film(filmOfficialHomesite="javascript:alert(1)").website == ""


def test_of_one_film_at_two_festivals_the_newest_festival_s_text_wins() -> None:
    item = sample("film-full.json")
    older, newer = (only(FilmRecord, mapped("film", item, festival)) for festival in ("9", "38"))
    assert older.external_id == newer.external_id == "14201"
    assert newer.authority < older.authority
    assert older.authority < only(FilmRecord, mapped("event", event())).authority


def test_a_film_without_a_section_is_in_the_selection_all_the_same() -> None:
    item = sample("film-full.json") | {"sectionId": None}
    records = mapped("film", item)
    assert only(SelectionRecord, records).section == ""
    assert not [record for record in records if isinstance(record, SectionRecord)]


# The table of fields


@pytest.mark.parametrize("model", [schema.Festival, schema.Section, schema.Venue, schema.Event, schema.Film])
def test_every_field_that_is_read_is_in_the_readme(model: type[schema.Upstream]) -> None:
    readme = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    for field in model.model_fields.values():
        assert f"`{str(field.validation_alias).removesuffix('_en')}" in readme


# Anything

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(max_size=3), SCALARS, max_size=2)


@given(st.sampled_from(KINDS), st.data())
def test_whatever_comes_is_mapped_or_refused_by_name(kind: str, data: st.DataObject) -> None:
    base = {"festival": "festival-current", "section": "section-open-zone", "venue": "venue-screen"}
    item = dict(sample({**base, "event": "event-film", "film": "film-full"}[kind] + ".json"))
    for name in data.draw(st.lists(st.sampled_from(sorted(item)), max_size=4)):
        item[name] = data.draw(VALUES)
    body = json.dumps(item).encode()
    key = "38:1" if kind in ("section", "film") else "1"
    refused: Unmappable | None = None
    try:
        records = PROVIDER.map(Document(kind, key, body, scope=SCOPE), CONFIG)
    except Unmappable as error:
        records, refused = [], error
    if refused is None:
        assert records
    else:
        assert refused.reason in {"wrong_type", "timestamp_out_of_range", "missing_field"}
        assert refused.path in item
