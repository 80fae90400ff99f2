"""The stand-in for the festival API, held to the contract by plain requests."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import requests
from defusedxml import ElementTree
from PIL import Image

from providers.sff.simulator import API_KEY, PRESETS
from providers.simulation import Running, running
from providers.simulation.simulator import Impossible
from tests.conftest import SHARED

NOW = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
STOCKHOLM = ZoneInfo("Europe/Stockholm")
RECORDING = SHARED / "payloads" / "sff" / "events_festival_list_2018-11-07.dev.csv"

EVENT_FIELDS = [
    "eventId",
    "eventNumber",
    "eventName_sv",
    "eventName_en",
    "eventDate",
    "eventTime",
    "eventTimestamp",
    "eventHasFaceToFace",
    "filmId",
    "partyId",
    "venueId",
    "venueName",
    "eventTicketStatus",
    "eventBuyURL",
    "eventBuyOneTimeURL",
    "eventModifiedTimestamp",
]

Row = dict[str, str]


@pytest.fixture(name="sim", scope="module")
def _sim() -> Iterator[Running]:
    with running(["sff"], now=NOW, scale=300) as simulation:
        yield simulation


@pytest.fixture(name="own")
def _own() -> Iterator[Running]:
    """One that a test may change."""
    with running(["sff"], now=NOW, scale=300) as simulation:
        yield simulation


def _ask(sim: Running, path: str, form: str = "json") -> requests.Response:
    url = f"{sim.base_url}/sff/v1/{path}/format/{form}/API-Key/{API_KEY}"
    return requests.get(url, timeout=10)


def _festivals(sim: Running) -> list[Row]:
    return list(_ask(sim, "festivals/list").json())


def _current(sim: Running) -> str:
    return next(row["festivalId"] for row in _festivals(sim) if row["festivalIsCurrent"] == "1")


def _events(sim: Running, festival: str | None = None) -> list[Row]:
    return list(_ask(sim, f"events/festival_list/festival_id/{festival or _current(sim)}").json())


def _everything(sim: Running) -> list[Row]:
    return [row for festival in _festivals(sim) for row in _events(sim, festival["festivalId"])]


def _films(sim: Running) -> list[Row]:
    short = _ask(sim, f"films/festival_list/festival_id/{_current(sim)}").json()
    return [_ask(sim, f"films/film/film_id/{row['filmId']}").json() for row in short]


# Key, grammar, formats, errors -----------------------------------------------------------------------------


def test_the_key_goes_in_the_path_or_the_header(sim: Running) -> None:
    base = f"{sim.base_url}/sff/v1/festivals/list/format/json"
    assert requests.get(base, headers={"X-API-KEY": API_KEY}, timeout=5).status_code == 200
    assert requests.get(f"{base}/API-Key/{API_KEY}/", timeout=5).status_code == 200
    refusals = [
        requests.get(base, timeout=5),
        requests.get(f"{base}/api-key/{API_KEY}", timeout=5),
        requests.get(f"{base}/API-Key/wrong", headers={"X-API-KEY": API_KEY}, timeout=5),
    ]
    for refusal in refusals:
        assert (refusal.status_code, refusal.json()) == (403, {"status": 0, "error": "Invalid API Key."})


def test_pairs_come_in_any_order_with_any_slashes_and_unknown_ones(sim: Running) -> None:
    festival = _current(sim)
    key = f"API-Key/{API_KEY}"
    bodies = {
        requests.get(f"{sim.base_url}/sff/{path}", timeout=5).content
        for path in (
            f"v1/sections/list/festival_id/{festival}/format/json/{key}",
            f"v1/sections/list/{key}/format/json/festival_id/{festival}/",
            f"/v1/sections/list/format/json/{key}/festival_id/{festival}",
            f"v1/sections/list/colour/blue/format/json/festival_id/{festival}/{key}/",
            f"v1/sections/list/format/json/{key}?festival_id={festival}",
            f"v1/sections/list/format/json/{key}/festival_id/{festival}?festival_id=1",
        )
    }
    assert len(bodies) == 1


def test_answers_in_xml_unless_asked_otherwise(sim: Running) -> None:
    answer = requests.get(f"{sim.base_url}/sff/v1/festivals/list/API-Key/{API_KEY}", timeout=5)
    assert answer.headers["Content-Type"] == "application/xml"
    assert [child.tag for child in ElementTree.fromstring(answer.content)] == ["item"] * 5


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("json", "application/json"),
        ("xml", "application/xml"),
        ("csv", "application/csv"),
        ("html", "text/html"),
        ("php", "text/plain"),
        ("serialize", "application/vnd.php.serialized"),
    ],
)
def test_speaks_six_formats(sim: Running, form: str, kind: str) -> None:
    answer = _ask(sim, f"events/festival_list/festival_id/{_current(sim)}", form)
    assert answer.headers["Content-Type"] == kind
    assert _events(sim)[0]["eventId"] in answer.content.decode()


def test_json_xml_and_csv_say_the_same(sim: Running) -> None:
    path = f"events/festival_list/festival_id/{_current(sim)}"
    told = [{name: value or "" for name, value in row.items()} for row in _events(sim)]
    items = ElementTree.fromstring(_ask(sim, path, "xml").content)
    assert [{field.tag: field.text or "" for field in item} for item in items] == told
    lines = _ask(sim, path, "csv").content.decode().removesuffix("\n").split("\n")
    assert lines[0].split(",") == EVENT_FIELDS
    # Q18: quotes inside of a value are not doubled, so values end where quote, comma, quote stand.
    rows = [dict(zip(EVENT_FIELDS, line[1:-1].split('","'), strict=True)) for line in lines[1:]]
    assert rows == told


def test_json_escapes_slashes_and_letters_as_php_does(sim: Running) -> None:
    body = _ask(sim, "venues/list").text
    assert r"http:\/\/" in body
    assert r"\u00e4" in body
    assert body.isascii()


def test_a_nested_list_is_the_word_array_in_csv(sim: Running) -> None:
    film = _events(sim)[5]["filmId"]
    assert '"Array"' in _ask(sim, f"films/film/film_id/{film}", "csv").text


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("events/festival_list/festival_id/9999", "No events could be found"),
        ("events/date_list/date/1999-01-01", "No events could be found"),
        ("films/festival_list/festival_id/9999", "No films could be found"),
        ("sections/list/festival_id/9999", "No sections could be found"),
        ("events/event/event_id/1", "Event could not be found"),
        ("films/film/film_id/abc", "Film could not be found"),
        ("festivals/festival/festival_id/9999", "Festival could not be found"),
    ],
)
def test_nothing_found_is_an_error_sentence(sim: Running, path: str, text: str) -> None:
    answer = _ask(sim, path)
    assert (answer.status_code, answer.json()) == (404, {"error": text})
    in_xml = _ask(sim, path, "xml")
    assert ElementTree.fromstring(in_xml.content).findtext("error") == text


@pytest.mark.parametrize("path", ["events/festival_list", "films/film", "events/venue_list/venue_id/1"])
def test_a_missing_argument_is_400_without_a_body(sim: Running, path: str) -> None:
    answer = _ask(sim, path)
    assert (answer.status_code, answer.content) == (400, b"")


def test_an_unknown_function_or_verb_is_404(sim: Running) -> None:
    assert _ask(sim, "events/everything").json() == {"status": 0, "error": "Unknown method."}
    posted = requests.post(f"{sim.base_url}/sff/v1/venues/list/format/json/API-Key/{API_KEY}", timeout=5)
    assert (posted.status_code, posted.json()["error"]) == (404, "Unknown method.")


# Functions -------------------------------------------------------------------------------------------------


def test_lists_events_of_a_day_in_order_of_start_and_name(sim: Running) -> None:
    rows = _ask(sim, "events/date_list/date/2026-11-22").json()
    assert rows
    assert {row["eventDate"] for row in rows} == {"2026-11-22"}
    keys = [(int(row["eventTimestamp"]), row["eventName_en"]) for row in rows]
    assert keys == sorted(keys)
    assert {row["eventId"] for row in rows} == {
        row["eventId"] for row in _everything(sim) if row["eventDate"] == "2026-11-22"
    }
    assert _ask(sim, "events/date_list/date/26-11-22").json() == rows


def test_lists_events_of_a_venue_by_festival_day_or_both(sim: Running) -> None:
    festival = _current(sim)
    row = _events(sim)[20]
    venue, day = row["venueId"], row["eventDate"]
    by_festival = _ask(sim, f"events/venue_list/venue_id/{venue}/festival_id/{festival}").json()
    by_day = _ask(sim, f"events/venue_list/venue_id/{venue}/date/{day}").json()
    both = _ask(sim, f"events/venue_list/date/{day}/festival_id/{festival}/venue_id/{venue}").json()
    assert {entry["venueId"] for entry in by_festival} == {venue}
    assert row in both
    assert both == by_day
    assert all(entry in by_festival for entry in both)
    outside = _ask(sim, f"events/venue_list/venue_id/{venue}/festival_id/{festival}/date/1999-01-01")
    assert outside.status_code == 404


def test_gives_one_event_with_its_fields_and_more(sim: Running) -> None:
    row = _events(sim)[7]
    event = _ask(sim, f"events/event/event_id/{row['eventId']}").json()
    assert {name: event[name] for name in EVENT_FIELDS} == row
    assert event["sectionName"]


def test_lists_moved_and_late_events_as_changed(sim: Running) -> None:
    changed = _ask(sim, f"events/changed_list/festival_id/{_current(sim)}").json()
    assert 0 < len(changed) < 30
    assert all(row["eventChange_en"] for row in changed)


def test_lists_films_of_a_section(sim: Running) -> None:
    festival = _current(sim)
    films = _ask(sim, f"films/festival_list/festival_id/{festival}").json()
    section = _ask(sim, f"sections/list/festival_id/{festival}").json()[2]
    narrowed = _ask(
        sim, f"films/section_list/festival_id/{festival}/section_id/{section['sectionId']}"
    ).json()
    assert narrowed == [film for film in films if film["sectionId"] == section["sectionId"]]
    assert {film["sectionName"] for film in narrowed} == {section["sectionName"]}


def test_one_festival_is_the_one_of_the_list(sim: Running) -> None:
    festival = _festivals(sim)[1]
    assert _ask(sim, f"festivals/festival/festival_id/{festival['festivalId']}").json() == festival


def test_a_film_has_texts_credits_pictures_and_its_events(sim: Running) -> None:
    for film in _films(sim)[:30]:
        assert film["filmDescription_sv"] != film["filmDescription_en"]
        assert film["filmDirector"]
        assert "[IMAGESIZE]" in film["filmPreviewImage"] + film["filmPosterImage"] + "[IMAGESIZE]"
        shown = [row for row in _events(sim) if row["filmId"] == film["filmId"]]
        assert film["events"] == shown


def test_since_keeps_what_was_modified_after_it(sim: Running) -> None:
    festival = _current(sim)
    for path, stamp in (("events", "eventModifiedTimestamp"), ("films", "filmModifiedTimestamp")):
        rows = _ask(sim, f"{path}/festival_list/festival_id/{festival}").json()
        stamps = sorted(int(row[stamp]) for row in rows)
        middle = stamps[len(stamps) // 2]
        later = _ask(sim, f"{path}/festival_list/festival_id/{festival}/since/{middle}")
        expected = [row for row in rows if int(row[stamp]) > middle]
        assert later.json() == expected if expected else later.status_code == 404
        empty = _ask(sim, f"{path}/festival_list/festival_id/{festival}/since/{stamps[-1]}")
        assert (empty.status_code, empty.json()) == (404, {"error": f"No {path} could be found"})


# The world -------------------------------------------------------------------------------------------------


def test_the_same_arguments_give_the_same_answers_and_another_seed_others() -> None:
    def bodies(seed: int, port: int) -> list[bytes]:
        with running(["sff"], now=NOW, seed=seed, scale=80, port=port) as sim:
            ports.append(sim.port)
            paths = [f"events/festival_list/festival_id/{_current(sim)}", "venues/list"]
            return [_ask(sim, path).content for path in paths]

    ports: list[int] = []
    first = bodies(3, 0)
    assert bodies(3, ports[0]) == first
    assert bodies(4, ports[0]) != first


def test_holds_about_as_many_events_as_asked_for(sim: Running) -> None:
    assert 270 <= len(_everything(sim)) <= 330
    assert len(_events(sim)) > 200


@pytest.mark.parametrize("days", [0, 1, 5, 9, 13, 20, 21, 100, 250])
def test_there_is_always_something_on_tonight_and_later(days: int) -> None:
    with running(["sff"], now=NOW, scale=300) as sim:
        sim.advance(days * 86_400)
        starts = [int(row["eventTimestamp"]) for row in _everything(sim)]
    evening = sim.now().timestamp()
    assert any(evening < start < evening + 6 * 3600 for start in starts)
    assert sum(evening < start for start in starts) > 40


def test_a_day_later_the_programme_is_the_same_but_for_tickets_and_late_additions(own: Running) -> None:
    before = {row["eventId"]: row for row in _events(own)}
    own.advance(86_400)
    after = {row["eventId"]: row for row in _events(own)}
    assert before.keys() <= after.keys()
    fixed = [
        name for name in EVENT_FIELDS if "Ticket" not in name and "Buy" not in name and "Modified" not in name
    ]
    assert all(before[key][name] == after[key][name] for key in before for name in fixed)


def test_sales_move_the_status_and_with_it_the_stamp(own: Running) -> None:
    before = {row["eventId"]: row for row in _events(own)}
    latest = max(int(row["eventModifiedTimestamp"]) for row in before.values())
    own.advance(2 * 86_400)
    after = {row["eventId"]: row for row in _events(own)}
    moved = [key for key in before if before[key] != after[key]]
    assert 0 < len(moved) < len(before)
    assert any(before[key]["eventTicketStatus"] != after[key]["eventTicketStatus"] for key in moved)
    assert all(int(after[key]["eventModifiedTimestamp"]) > latest for key in moved)
    delta = _ask(own, f"events/festival_list/festival_id/{_current(own)}/since/{latest}").json()
    assert {row["eventId"] for row in delta} >= set(moved)


def test_a_new_edition_begins_where_the_old_one_ends(own: Running) -> None:
    first, begin = _current(own), max(int(row["festivalBegin"]) for row in _festivals(own))
    assert [row["festivalIsCurrent"] for row in _festivals(own)].count("1") == 1
    own.advance(begin + 12 * 3600 - NOW.timestamp())
    assert int(_current(own)) == int(first) + 1


def test_ended_festivals_have_their_own_programme(sim: Running) -> None:
    oldest = _festivals(sim)[2]
    years = {row["eventDate"][:4] for row in _events(sim, oldest["festivalId"])}
    assert years == {"2025"}


def test_numbers_and_ids_are_text(sim: Running) -> None:  # Q1
    for row in _everything(sim):
        assert list(row) == EVENT_FIELDS
        assert all(value is None or isinstance(value, str) for value in row.values())
        assert row["eventId"].isdigit()
    ids = [row["eventId"] for row in _everything(sim)]
    assert len(ids) == len(set(ids))


def test_local_date_and_time_agree_with_the_timestamp(sim: Running) -> None:
    for row in _everything(sim):
        wall = datetime.fromtimestamp(int(row["eventTimestamp"]), STOCKHOLM)
        assert f"{wall:%Y-%m-%d %H:%M:%S}" == f"{row['eventDate']} {row['eventTime']}"


def test_missing_text_is_empty_in_films_and_null_in_events(sim: Running) -> None:  # Q2, Q3
    rows = _everything(sim)
    assert {row["eventTicketStatus"] for row in _events(sim)} == {"available", "few", "soldout", None}
    for row in rows:
        on_sale = row["eventTicketStatus"] in {"available", "few"}
        assert (row["eventBuyURL"] is not None) == on_sale
        assert (row["filmId"] is None) != (row["partyId"] is None)
    films = _films(sim)
    assert any(film["filmYoutubeId"] == "" for film in films)
    assert all(value is not None for film in films for value in film.values())


def test_face_to_face_is_a_word(sim: Running) -> None:  # Q4
    counts = Counter(row["eventHasFaceToFace"] for row in _events(sim))
    assert set(counts) == {"true", "false"}
    assert counts["false"] > counts["true"]


def test_some_names_end_in_a_hard_space_in_one_language_or_both(sim: Running) -> None:  # Q5
    ends = {
        (row["eventName_sv"][-1] == "\u00a0", row["eventName_en"][-1] == "\u00a0") for row in _events(sim)
    }
    assert {(True, False), (True, True)} <= ends


def test_apostrophes_quotes_and_case_are_as_odd_as_in_life(sim: Running) -> None:  # Q6, Q16
    rows, films = _everything(sim), _films(sim)
    names = " ".join(row["eventName_en"] for row in rows)
    assert "\u2019" in names
    assert any("\u00b4" in row["eventName_sv"] for row in rows)
    assert any("\u00bb" in film["filmDescription_sv"] for film in films)
    assert any(row["eventName_sv"] != row["eventName_en"] == row["eventName_sv"].replace("The ", "the ")
               for row in rows)  # fmt: skip
    assert any(film["filmName"] == film["filmName_en"] for film in films)


def test_ampersands_stand_bare_in_json_and_commas_in_names(sim: Running) -> None:  # Q7
    body = _ask(sim, f"events/festival_list/festival_id/{_current(sim)}").text
    assert " & " in body
    assert "&amp;" not in body
    names = [row["eventName_en"] for row in _everything(sim)]
    assert any("," in name for name in names)
    assert any('"' in name for name in names)


def test_xml_can_carry_named_entities(own: Running) -> None:  # Q8
    own.switch("sff", "entities", "on")
    body = _ask(own, "venues/list", "xml").text
    assert "&auml;" in body
    assert "&nbsp;" in body
    assert "ä" not in body


def test_an_empty_list_is_an_error_or_a_list(own: Running) -> None:  # Q9
    path = "events/festival_list/festival_id/9999"
    assert _ask(own, path).status_code == 404
    own.switch("sff", "empty", "list")
    assert _ask(own, path).json() == []


@pytest.mark.parametrize(
    ("setting", "value"), [("null", None), ("empty", []), ("absent", "absent"), ("keyed", {"0": "…"})]
)
def test_events_of_a_film_come_in_every_shape(own: Running, setting: str, value: object) -> None:  # Q10
    own.switch("sff", "film_events", setting)
    film = _events(own)[5]["filmId"]
    events = _ask(own, f"films/film/film_id/{film}").json().get("events", "absent")
    if setting == "keyed":
        assert next(iter(events)) == "0"
    else:
        assert events == value


def test_some_places_are_unknown_or_stand_twice(sim: Running) -> None:  # Q11, Q12
    venues = _ask(sim, "venues/list").json()
    unknown = [venue for venue in venues if (venue["venueLat"], venue["venueLon"]) == ("0", "0")]
    assert len(unknown) >= 3
    names = Counter(venue["venueName"].strip() for venue in venues)
    assert max(names.values()) > 1
    known = [venue for venue in venues if venue not in unknown]
    assert all(59 < float(venue["venueLat"]) < 60 and 17 < float(venue["venueLon"]) < 19 for venue in known)
    assert {row["venueId"] for row in _everything(sim)} <= {venue["venueId"] for venue in venues}


def test_two_events_share_a_venue_and_a_second(sim: Running) -> None:  # Q13
    counts = Counter((row["venueId"], row["eventTimestamp"]) for row in _events(sim))
    assert max(counts.values()) >= 2


def test_one_event_comes_before_its_festival(sim: Running) -> None:  # Q14
    festival = next(row for row in _festivals(sim) if row["festivalIsCurrent"] == "1")
    early = [row for row in _events(sim) if int(row["eventTimestamp"]) < int(festival["festivalBegin"])]
    begin = datetime.fromtimestamp(int(festival["festivalBegin"]), STOCKHOLM).date()
    assert [(begin - date.fromisoformat(row["eventDate"])).days for row in early] == [8]
    assert early[0]["eventTicketStatus"] is None


def test_films_have_one_to_four_events(sim: Running) -> None:  # Q15
    counts = Counter(row["filmId"] for row in _events(sim) if row["filmId"])
    assert set(counts.values()) == {1, 2, 3, 4}


def test_there_are_parties_and_seminars(sim: Running) -> None:
    names = [row["eventName_sv"] for row in _events(sim) if row["filmId"] is None]
    assert any("fest" in name.lower() for name in names)
    assert any("Seminarium" in name or "Mästarklass" in name for name in names)


def test_events_come_in_order_of_start(sim: Running) -> None:
    assert all(int(a["eventTimestamp"]) <= int(b["eventTimestamp"]) for a, b in pairwise(_events(sim)))


def test_fields_can_be_added_without_notice(own: Running) -> None:  # Q17
    own.fault("sff", "unknown_fields")
    assert all("xFuture" in row for row in _events(own))


def test_numbers_can_be_native_and_every_status_null(own: Running) -> None:
    festival = _current(own)
    own.switch("sff", "numbers", "native")
    own.switch("sff", "status", "null")
    row = _ask(own, f"events/festival_list/festival_id/{festival}").json()[3]
    assert isinstance(row["eventId"], int)
    assert isinstance(row["eventTimestamp"], int)
    assert row["eventTicketStatus"] is None


def test_csv_lines_can_end_as_in_2010(own: Running) -> None:
    own.switch("sff", "csv_lines", "crlf")
    assert _ask(own, "venues/list", "csv").content.count(b"\r\n") > 10


# Pictures --------------------------------------------------------------------------------------------------


def test_every_preset_is_exact_and_no_other_size_is_served(sim: Running) -> None:
    template = next(film["filmPosterImage"] for film in _films(sim) if film["filmPosterImage"])
    for preset in sorted(PRESETS):
        answer = requests.get(template.replace("[IMAGESIZE]", preset), timeout=5)
        with Image.open(io.BytesIO(answer.content)) as picture:
            assert (picture.format, "x".join(map(str, picture.size))) == ("JPEG", preset)
    assert requests.get(template.replace("[IMAGESIZE]", "601x338"), timeout=5).status_code == 404


# Faults and mutations --------------------------------------------------------------------------------------


def test_document_faults_strike_the_event_list(own: Running) -> None:
    path = f"events/festival_list/festival_id/{_current(own)}"
    clean = _events(own)
    for name in ("wrong_types", "missing_field", "bad_timestamps"):
        own.fault("sff", name)
    rows = _ask(own, path).json()
    assert [at for at, (row, other) in enumerate(zip(rows, clean, strict=True)) if row != other] == [1, 2, 4]
    assert "eventTimestamp" not in rows[2]
    assert int(rows[4]["eventTimestamp"]) > 10**15
    own.clear()
    own.fault("sff", "404_empty")
    assert _ask(own, path).json() == {"error": "No events could be found"}


@pytest.mark.parametrize("form", ["json", "xml", "csv"])
def test_a_byte_can_be_no_utf8(own: Running, form: str) -> None:
    own.fault("sff", "invalid_utf8")
    body = _ask(own, f"events/festival_list/festival_id/{_current(own)}", form).content
    assert body.count(b"\xff") == 1
    with pytest.raises(UnicodeDecodeError):
        body.decode()


def test_a_shrunken_list_comes_back(own: Running) -> None:
    before = _events(own)
    own.mutate("sff", "shrink")
    assert len(_events(own)) == -(-len(before) // 10)
    own.mutate("sff", "restore")
    assert _events(own) == before


def test_changes_touch_one_row_and_its_stamp(own: Running) -> None:
    before = {row["eventId"]: row for row in _events(own)}

    def changed() -> dict[str, set[str]]:
        rows = {row["eventId"]: row for row in _events(own)}
        return {
            key: {name for name in EVENT_FIELDS if rows[key][name] != row[name]}
            for key, row in before.items()
            if rows.get(key) != row
        }

    stamp = "eventModifiedTimestamp"
    seats = own.mutate("sff", "seats")
    assert changed()[str(seats["id"])] <= {"eventTicketStatus", "eventBuyURL", "eventBuyOneTimeURL", stamp}
    own.mutate("sff", "restore")
    moved = own.mutate("sff", "move", seconds=3600, venue="2")
    assert changed()[str(moved["id"])] >= {"eventTimestamp", "eventTime", stamp}
    own.mutate("sff", "restore")
    renamed = own.mutate("sff", "rename", name="Nytt namn")
    assert changed() == {str(renamed["id"]): {"eventName_sv", "eventName_en", stamp}}
    latest = max(int(row[stamp]) for row in before.values() if row["eventId"] != renamed["id"])
    delta = _ask(own, f"events/festival_list/festival_id/{_current(own)}/since/{latest}").json()
    assert [row["eventId"] for row in delta] == [renamed["id"]]
    assert _ask(own, f"films/film/film_id/{renamed['film']}").json()["filmName"] == "Nytt namn"


def test_rows_come_and_go(own: Running) -> None:
    before = {row["eventId"] for row in _events(own)}
    showing = own.mutate("sff", "remove_showing")
    event = own.mutate("sff", "remove_event")
    added = own.mutate("sff", "add_event")
    after = {row["eventId"] for row in _events(own)}
    showings = event["showings"]
    assert isinstance(showings, list)
    assert before - after == {showing["id"], *showings}
    assert after - before == {added["id"]}
    assert _ask(own, f"films/film/film_id/{event['id']}").status_code == 404
    assert _ask(own, f"events/event/event_id/{showing['id']}").status_code == 404
    assert _ask(own, f"events/event/event_id/{added['id']}").status_code == 200


def test_a_broken_document_stays_broken(own: Running) -> None:
    broken = own.mutate("sff", "break", how="missing_field")
    for _ in range(2):
        row = next(row for row in _events(own) if row["eventId"] == broken["id"])
        assert "eventTimestamp" not in row


def test_mutations_that_make_no_sense_are_refused(own: Running) -> None:
    for what, arguments in (
        ("grow", {}),
        ("shrink", {"share": 0}),
        ("move", {"venue": "9999"}),
        ("seats", {"id": "1"}),
    ):
        with pytest.raises(Impossible):
            own.mutate("sff", what, **arguments)


# Large and recorded ----------------------------------------------------------------------------------------


def test_a_large_list_is_streamed_and_most_of_it_is_the_current_festival() -> None:
    with running(["sff"], now=NOW, scale=12_000) as sim:
        answer = _ask(sim, f"events/festival_list/festival_id/{_current(sim)}")
        assert answer.headers["Transfer-Encoding"] == "chunked"
        rows = answer.json()
    assert 8_000 < len(rows) < 12_000
    assert len({row["eventNumber"] for row in rows}) > 0.97 * len(rows)


@pytest.mark.skipif(not RECORDING.exists(), reason="the recorded festival of ../shared is not there")
def test_a_recording_is_served_as_it_is() -> None:
    with RECORDING.open(encoding="utf-8", newline="") as file:
        recorded = [
            {name: None if value == "NA" else value for name, value in row.items()}
            for row in csv.DictReader(file)
        ]
    with running(["sff"], now=NOW, recordings={"sff": RECORDING}) as sim:
        (festival,) = _festivals(sim)
        assert (festival["festivalId"], festival["festivalIsCurrent"]) == ("30", "1")
        assert festival["festivalName"].endswith("2018")
        assert festival["festivalBegin"] == str(int(datetime(2018, 11, 7, tzinfo=STOCKHOLM).timestamp()))
        assert _events(sim, "30") == recorded
        films = _ask(sim, "films/festival_list/festival_id/30").json()
        assert {film["filmId"] for film in films} == {row["filmId"] for row in recorded}
        film = _ask(sim, f"films/film/film_id/{films[3]['filmId']}").json()
        assert film["events"] == [row for row in recorded if row["filmId"] == film["filmId"]]
        venues = {venue["venueId"]: venue["venueName"] for venue in _ask(sim, "venues/list").json()}
        assert venues == {row["venueId"]: row["venueName"] for row in recorded}
        assert sim.mutate("sff", "seats", id="7989")["id"] == "7989"


def test_another_file_is_no_recording() -> None:
    path = Path(__file__)
    with pytest.raises(Impossible, match="not a recorded"), running(["sff"], recordings={"sff": path}):
        pass


def test_serialized_php_counts_bytes(sim: Running) -> None:
    body = _ask(sim, f"sections/list/festival_id/{_current(sim)}", "serialize").content
    for count, rest in re.findall(rb's:(\d+):"(.{0,400})', body)[:40]:
        assert rest[int(count) : int(count) + 2] == b'";'
    assert json.loads(_ask(sim, f"sections/list/festival_id/{_current(sim)}").text)
