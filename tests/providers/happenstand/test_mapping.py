"""From Happenstand's details to records: golden samples in both formats, and one test per rule."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.admission import admit
from aggregator.provider import Document, Unmappable
from aggregator.records import (
    EventRecord,
    PersonRecord,
    Record,
    ShowingRecord,
    VenueRecord,
    fingerprint,
    is_empty,
)
from aggregator.vocabulary import CoordinatePrecision, Precision, ShowingKind
from providers.happenstand import answers, items, schema
from providers.happenstand.mapping import to_records
from providers.happenstand.times import end_day, moment, span
from providers.happenstand.wording import kind_of

FOLDER = Path(__file__).parents[3] / "providers" / "happenstand"
SAMPLES = FOLDER / "samples"


@dataclass(frozen=True)
class Inclusive:
    """Settings under which the end of whole days is the last day."""

    all_day_end: str = "inclusive"


def records(item: Any, kind: str = "event", key: str = "9001", config: Any = None) -> list[Record]:
    body = item if isinstance(item, bytes) else json.dumps(item).encode()
    return [admit(record) for record in to_records(Document(kind, key, body), config)]


def event(**members: Any) -> EventRecord:
    (found,) = [one for one in records({"name": "A Name", **members}) if isinstance(one, EventRecord)]
    return found


def showings(config: Any = None, **members: Any) -> list[ShowingRecord]:
    found = records({"name": "A Name", **members}, config=config)
    return [one for one in found if isinstance(one, ShowingRecord)]


def refusal(item: Any, kind: str = "event") -> tuple[str, str]:
    with pytest.raises(Unmappable) as caught:
        records(item, kind)
    return caught.value.reason, caught.value.path


def readable(part: Any) -> Any:
    """A record as JSON, for comparing with the golden files: empty fields are left out."""
    if isinstance(part, Mapping):
        return {key: readable(value) for key, value in part.items()}
    if isinstance(part, tuple):
        return [readable(value) for value in part]
    if isinstance(part, datetime):
        return part.isoformat()
    if hasattr(part, "__dataclass_fields__"):
        found = ((item.name, getattr(part, item.name)) for item in fields(part))
        kind = {"kind": str(part.kind)} if isinstance(part, Record) else {}
        return kind | {name: readable(value) for name, value in found if not is_empty(value)}
    return part


def golden() -> list[str]:
    return sorted(path.name.removesuffix(".records.json") for path in SAMPLES.glob("*.records.json"))


def answer(name: str) -> dict[str, Any]:
    return answers.payload(io.BytesIO((SAMPLES / name).read_bytes()))


# Samples ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", golden())
def test_a_sample_gives_its_records(name: str) -> None:
    body = (SAMPLES / f"{name}.json").read_bytes()
    found = records(body, name.partition("-")[0], json.loads(body)["id"])
    expected = json.loads((SAMPLES / f"{name}.records.json").read_bytes())
    assert [readable(record) for record in found] == expected


def test_every_sample_has_its_records() -> None:
    bodies = {path.stem for path in SAMPLES.glob("*.json") if not path.stem.endswith(".records")}
    assert {name for name in bodies if not name.startswith("answer")} == set(golden())


def test_the_twins_of_an_event_are_one_document() -> None:
    twins = [items.normal(answer(f"answer-event.{wire}")["event"]) for wire in ("json", "xml")]
    assert items.compact(twins[0]) == items.compact(twins[1])
    stored = json.loads((SAMPLES / "event-run-with-special-events.json").read_bytes())
    assert twins[0] == stored


def test_the_twins_of_a_list_have_one_print_a_row() -> None:
    twins = [items.normal(answer(f"answer-summaries.{wire}"))["events"] for wire in ("json", "xml")]
    assert twins[0] == twins[1]
    assert [row["people"] for row in twins[0] if "people" in row] == ["Wren, Hollis, Jr., Odalys Farrow"]
    prints = [items.fingerprint(row) for row in twins[0]]
    assert len(set(prints)) == 2
    assert items.fingerprint({**twins[1][0], "distance": "0.4182", "score": "0.9"}) == prints[0]
    assert items.fingerprint({**twins[1][0], "is_ap_pick": "0"}) != prints[0]


def test_every_documented_field_is_in_the_readme() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    shapes = (schema.Event, schema.SpecialEvent, schema.PersonRef, schema.PlaceRef, schema.Picture)
    for shape in (*shapes, schema.Place, schema.Person):
        for name in shape.model_fields:
            assert f"`{name}`" in text, f"{shape.__name__}.{name}"


# The normal form -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nothing", [None, "", [], {}, False, " \r\n "])
def test_nothing_in_any_form_is_left_out(nothing: Any) -> None:
    item = {"id": 5, "name": "A", "caption": nothing, "people": nothing, "image": nothing, "events": nothing}
    assert items.normal(item) == {"id": "5", "name": "A"}


@pytest.mark.parametrize(
    "several",
    [
        [{"id": "1"}, {"id": "2"}],
        {"place": [{"id": 1}, {"id": 2}]},
        {"0": {"id": "1"}, "1": {"id": "2"}},
    ],
)
def test_lists_are_read_in_every_form(several: Any) -> None:
    assert items.normal({"places": several}) == {"places": [{"id": "1"}, {"id": "2"}]}


@pytest.mark.parametrize("one", [{"id": "1"}, [{"id": "1"}], {"place": {"id": "1"}}, {"item": {"id": True}}])
def test_one_may_stand_for_a_list_of_one(one: Any) -> None:
    assert items.normal({"places": one}) == {"places": [{"id": "1"}]}


def test_unknown_members_stay_behind_the_known_ones() -> None:
    found = items.normal({"zebra": False, "url": "u", "alpha": {"deep": None}, "id": "1"})
    assert list(found.items()) == [("id", "1"), ("url", "u"), ("zebra", False), ("alpha", {"deep": None})]


def test_what_has_a_wrong_type_stays_for_the_schema_to_name() -> None:
    item = items.normal({"name": "A", "all_day": {"unexpected": ["object"]}, "description": [1, 2, 3]})
    assert refusal(item) == ("wrong_type", "all_day")


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("12", "12"),
        (12, "12"),
        ("0012", "12"),
        (" 7 ", "7"),
        ("0", ""),
        ("-1", ""),
        ("1e3", ""),
        (None, ""),
        (True, ""),
    ],
)
def test_ids_are_digits(value: Any, key: str) -> None:
    assert items.identifier({"id": value}) == key


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = (
    "id",
    "name",
    "start",
    "end",
    "all_day",
    "people",
    "places",
    "special_events",
    "images",
    "image",
    "loc",
)


@given(st.dictionaries(st.sampled_from(MEMBERS), json_values), st.sampled_from(["event", "place", "person"]))
def test_whatever_comes_is_mapped_or_refused_by_name(item: dict[str, Any], kind: str) -> None:
    body = items.compact(items.normal({**item, "name": "A Name"}))
    try:
        found, reason = to_records(Document(kind, "5", body), None), ""
    except Unmappable as error:
        found, reason = (), error.reason
    assert reason in {"", "wrong_type", "missing_field", "timestamp_out_of_range", "bad_encoding"}
    assert all(fingerprint(admit(record)) for record in found)


# Times -----------------------------------------------------------------------------------------------------


def test_the_end_of_whole_days_is_the_midnight_after() -> None:
    days = {"start": "2009-01-23 00:00:00", "end": "2009-03-01 00:00:00", "all_day": "1"}
    (run,) = showings(**days)
    assert (run.precision, run.showing_kind) == (Precision.RUN, ShowingKind.RUN)
    assert run.starts_at == datetime(2009, 1, 23, 8, tzinfo=UTC)
    assert run.ends_at == datetime(2009, 2, 28, 8, tzinfo=UTC)
    (other,) = showings(Inclusive(), **days)
    assert other.ends_at == datetime(2009, 3, 1, 8, tzinfo=UTC)


def test_a_run_may_begin_in_winter_time_and_end_in_summer_time() -> None:
    (run,) = showings(start="2027-02-19 00:00:00", end="2027-04-05 00:00:00", all_day="1")
    assert run.starts_at == datetime(2027, 2, 19, 8, tzinfo=UTC)
    assert run.ends_at == datetime(2027, 4, 4, 7, tzinfo=UTC)
    assert run.zone == "America/Los_Angeles"


@pytest.mark.parametrize(
    "end", ["2027-05-09 00:00:00", "2027-05-08 00:00:00", "", "0000-00-00 00:00:00", "2027-05-01 00:00:00"]
)
def test_one_whole_day_is_no_run(end: str) -> None:
    (day,) = showings(start="2027-05-08 00:00:00", end=end, all_day="1")
    assert (day.precision, day.ends_at) == (Precision.ALL_DAY, None)
    assert day.starts_at == datetime(2027, 5, 8, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("end", "ends_at"),
    [
        ("2027-05-08 20:00:00", datetime(2027, 5, 9, 3, tzinfo=UTC)),
        ("2027-05-08 18:00:00", None),
        ("2027-05-07 18:00:00", None),
        ("", None),
        ("0000-00-00 00:00:00", None),
    ],
)
def test_a_time_is_exact_and_its_end_may_be_unknown(end: str, ends_at: datetime | None) -> None:
    (evening,) = showings(start="2027-05-08 18:00:00", end=end, all_day="0")
    assert (evening.precision, evening.ends_at) == (Precision.EXACT, ends_at)
    assert evening.starts_at == datetime(2027, 5, 9, 1, tzinfo=UTC)


def test_wall_times_that_the_clock_skips_or_repeats_are_instants() -> None:
    skipped = span("2027-03-14 02:30:00", "", all_day=False)
    repeated = span("2027-11-07 01:30:00", "", all_day=False)
    assert skipped is not None
    assert repeated is not None
    assert skipped.starts_at == datetime(2027, 3, 14, 10, 30, tzinfo=UTC)
    assert repeated.starts_at == datetime(2027, 11, 7, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("start", ["", "0000-00-00 00:00:00", "0000-00-00"])
def test_an_event_without_a_date_is_an_event_without_a_showing(start: str) -> None:
    assert showings(start=start, end="2027-01-01 00:00:00") == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("99999999999999999", "timestamp_out_of_range"),
        ("2027-02-30 00:00:00", "timestamp_out_of_range"),
        ("2027-01-01 25:00:00", "timestamp_out_of_range"),
        ("1812-01-01 00:00:00", "timestamp_out_of_range"),
        ("9999-12-31 23:59:59", "timestamp_out_of_range"),
        ("next Tuesday", "wrong_type"),
    ],
)
def test_a_date_that_is_none_is_refused_with_its_place(text: str, reason: str) -> None:
    assert refusal({"name": "A", "start": text}) == (reason, "start")
    within = [{"id": "1", "name": "Talk", "start": "2027-01-01 10:00:00", "end": text}]
    assert refusal({"name": "A", "special_events": within}) == (reason, "special_events.0.end")


def test_the_day_on_which_something_ends() -> None:
    assert moment("2027-05-08") == datetime(2027, 5, 8)
    assert end_day("2027-05-08 00:00:00", "2027-05-10 00:00:00", all_day=True) == date(2027, 5, 9)
    assert end_day("2027-05-08 20:00:00", "2027-05-09 01:00:00", all_day=False) == date(2027, 5, 9)
    assert end_day("2027-05-08 20:00:00", "nonsense", all_day=False) is None
    assert end_day("2027-05-08 20:00:00", "", all_day=False) is None


# Special events, people, places, flags ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Opening reception", ShowingKind.OPENING),
        ("Artist reception", ShowingKind.OPENING),
        ("Closing party", ShowingKind.PARTY),
        ("Closing reception", ShowingKind.PARTY),
        ("ARTIST TALK", ShowingKind.TALK),
        ("Walk-through with the curator", ShowingKind.TALK),
        ("Screening of two films", ShowingKind.SCREENING),
        ("Live music", ShowingKind.CONCERT),
        ("A performance", ShowingKind.STAGE),
        ("Family Saturday", ShowingKind.OTHER),
        ("Stalking the Department", ShowingKind.OTHER),
    ],
)
def test_words_tell_the_kind(name: str, kind: ShowingKind) -> None:
    assert kind_of(name, is_run=False) is kind
    assert kind_of(name, is_run=True) is ShowingKind.RUN


def test_a_special_event_is_never_taken_for_the_event_of_its_id() -> None:
    within = {"id": "9001", "name": "Artist talk", "start": "2027-05-08 18:00:00", "all_day": "0"}
    found = showings(
        start="2027-05-08 00:00:00", all_day="1", special_events=[within, {"id": "7", "name": "Later"}]
    )
    assert [one.external_id for one in found] == ["9001", "9001:special:9001"]
    assert [one.event for one in found] == ["9001", "9001"]
    assert dict(found[1].titles) == {"en": "Artist talk"}


@pytest.mark.parametrize(
    ("flag", "categories"), [("1", ("tag:art-practical-pick",)), ("0", ()), ("2", ()), ("true", ())]
)
def test_only_one_is_yes(flag: str, categories: tuple[str, ...]) -> None:
    assert event(is_ap_pick=flag).categories == categories
    assert event(is_ap_pick=flag).is_free is None


def test_names_in_one_text_are_never_divided() -> None:
    found = event(people="Wren, Hollis, Jr., Odalys Farrow", places="Here, and There")
    assert [(credit.name, credit.person) for credit in found.credits] == [
        ("Wren, Hollis, Jr., Odalys Farrow", "")
    ]


def test_the_featured_stand_first() -> None:
    people = [{"id": "1", "name": "A"}, {"id": "2", "name": "B", "is_featured": "1"}, {"name": "C"}]
    assert [(one.name, one.person) for one in event(people=people).credits] == [
        ("B", "2"),
        ("A", "1"),
        ("C", ""),
    ]


def test_the_newest_event_names_people_and_places_until_their_own_details_do() -> None:
    members = {"name": "A", "people": [{"id": "1", "name": "P"}], "places": [{"id": "2", "name": "V"}]}
    older, newer = (records(members, key=key) for key in ("99", "100"))
    stubs = [
        [one.authority for one in found if isinstance(one, PersonRecord | VenueRecord)]
        for found in (older, newer)
    ]
    assert stubs[1] < stubs[0]
    (own,) = records({"name": "P"}, "person", "1")
    assert own.authority == ""


def test_pictures_are_put_together_and_told_apart_by_their_folder() -> None:
    pictures = [
        {"id": "17", "dir": "http://h.example/images/upload/0/5/", "ext": "jpg", "caption": "C"},
        {"id": "17", "dir": "http://h.example/images/upload/0/6", "ext": "jpg"},
        {"id": "17", "dir": "http://h.example/images/upload/0/6/", "ext": "jpg"},
        {"id": "18", "dir": "http://h.example/images/upload/0/6/"},
    ]
    found = event(images=pictures).images
    assert [image.key for image in found] == ["0/5/17", "0/6/17"]
    assert found[1].sizes["240"] == "http://h.example/images/upload/0/6/17_m.jpg"
    assert list(found[0].sizes) == ["75", "100", "240", "500", "original"]
    assert found[0].url == found[0].sizes["original"]


@pytest.mark.parametrize(
    ("lat", "lng", "precision"),
    [
        ("37.77", "-122.41", CoordinatePrecision.EXACT),
        ("37.77", "", CoordinatePrecision.UNKNOWN),
        ("0", "0", CoordinatePrecision.UNKNOWN),
        ("nan", "-122", CoordinatePrecision.UNKNOWN),
        ("137", "-122", CoordinatePrecision.UNKNOWN),
    ],
)
def test_a_place_is_located_by_both_coordinates(lat: str, lng: str, precision: CoordinatePrecision) -> None:
    (venue,) = records({"name": "V", "lat": lat, "lng": lng}, "place")
    assert isinstance(venue, VenueRecord)
    assert venue.coordinates is precision


@pytest.mark.parametrize("kind", ["event", "place", "person"])
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"name": ""}', "missing_field"),
        (b"{}", "missing_field"),
        (b'{"name": ["x"]}', "wrong_type"),
        (b"[1]", "wrong_type"),
        (b'{"name": ', "malformed_document"),
        (b'{"name": "\xff"}', "bad_encoding"),
    ],
)
def test_a_document_that_is_none_is_refused(kind: str, body: bytes, reason: str) -> None:
    assert refusal(body, kind)[0] == reason
