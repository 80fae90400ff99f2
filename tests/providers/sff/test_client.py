"""The festival's client over real HTTP: to the simulator, and to an upstream that a test scripts."""

import csv
import json
import time
import tracemalloc
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aggregator.http import FetchError, faults
from aggregator.provider import Batch
from aggregator.records import ShowingRecord
from aggregator.vocabulary import Mode
from providers.sff import PROVIDER, client
from providers.sff.answers import UpstreamError
from providers.sff.items import compact
from providers.simulation import Running, running
from providers.simulation.simulator import Request, Response
from tests.providers.sff.samples import mapped, readable, sample
from tests.providers.sff.scripted import nothing, record, rows, upstream
from tests.providers.sff.visits import Visit, collected, config_of, documents_of, remembered

NOW = datetime(2026, 11, 12, 12, tzinfo=UTC)
#: Simulated lists are that long; the newest festivals of the simulator are of interest, three are older.
SCALE = 60


@pytest.fixture
def simulation() -> Iterator[Running]:
    with running(["sff"], scale=SCALE, now=NOW) as served:
        yield served


def paths(simulation: Running) -> list[str]:
    """``section/function`` of each request, with the arguments but the format."""
    found = []
    for served in settled(simulation):
        path = served.path.removeprefix("/sff/v1/").removesuffix("/")
        found.append(path.removesuffix("/format/json"))
    return found


def settled(simulation: Running) -> list[Any]:
    """The requests so far. A request is logged after its answer is sent, so the last may come a moment late."""
    count = -1
    while len(simulation.requests) != count:
        count = len(simulation.requests)
        time.sleep(0.02)
    return simulation.requests


def forget(simulation: Running) -> None:
    settled(simulation)
    simulation.forget_requests()


def functions(simulation: Running) -> set[str]:
    return {"/".join(path.split("/")[:2]) for path in paths(simulation)}


def completed(batches: Iterable[Batch]) -> set[tuple[str, str]]:
    return {pair for batch in batches for pair in batch.complete}


def refusals(batches: Iterable[Batch]) -> list[tuple[str, str | None, str]]:
    return [(one.kind, one.key, one.reason) for batch in batches for one in batch.refused]


def until_it_breaks(visit: Visit) -> tuple[list[Batch], FetchError]:
    """The batches before the failure, and the failure."""
    batches: list[Batch] = []
    with pytest.raises(FetchError) as caught:
        batches.extend(PROVIDER.fetch(visit))
    return batches, caught.value


def festival(**changes: Any) -> dict[str, Any]:
    return dict(sample("festival-current.json")) | changes


def event(number: int, **changes: Any) -> dict[str, Any]:
    return dict(sample("event-film.json")) | {"eventId": str(number)} | changes


def film(number: int, **changes: Any) -> dict[str, Any]:
    return dict(sample("film-full.json")) | {"filmId": str(number)} | changes


# What is read


def test_a_full_run_reads_every_list_and_completes_every_scope(simulation: Running) -> None:
    visit = Visit.at(simulation)
    batches = collected(visit)
    documents = documents_of(batches)
    festivals = [key for kind, key in documents if kind == "festival"]
    assert {kind for kind, _ in documents} == {"festival", "venue", "section", "event", "film"}
    expected = {("festival", ""), ("venue", "")}
    expected |= {(kind, f"festival:{key}") for key in festivals for kind in ("section", "event", "film")}
    assert completed(batches) == expected
    assert refusals(batches) == []
    named = {
        json.loads(document.body)["filmId"] for (kind, _), document in documents.items() if kind == "event"
    }
    read = {key.partition(":")[2] for kind, key in documents if kind == "film"}
    assert {film for film in named if film} <= read
    assert all(len(batch.documents) <= 100 for batch in batches)
    assert batches[-1].position == {"step": "done"}


def test_every_document_of_a_full_run_can_be_mapped(simulation: Running) -> None:
    visit = Visit.at(simulation)
    for document in documents_of(collected(visit)).values():
        assert PROVIDER.map(document, visit.config)


def test_all_formats_and_spellings_give_the_same_records(simulation: Running) -> None:
    def records(wire: str) -> dict[tuple[str, str], Any]:
        visit = Visit.at(simulation, wire=wire)
        found = documents_of(collected(visit))
        return {
            key: [readable(record) for record in PROVIDER.map(document, visit.config)]
            for key, document in found.items()
        }

    plain = records("json")
    assert records("xml") == plain
    assert records("csv") == plain
    for switch, value, wire in (
        ("numbers", "native", "json"),
        ("entities", "on", "xml"),
        ("csv_lines", "crlf", "csv"),
    ):
        simulation.switch("sff", switch, value)
        assert records(wire) == plain


def test_the_documents_of_json_xml_and_csv_are_the_same_bytes(simulation: Running) -> None:
    found = [
        {
            key: document.body
            for key, document in documents_of(collected(Visit.at(simulation, wire=wire))).items()
            if key[0] == "event"
        }
        for wire in ("json", "xml", "csv")
    ]
    assert found[0]
    assert found[0] == found[1] == found[2]


def test_the_key_goes_into_the_header_and_into_no_url(simulation: Running) -> None:
    visit = Visit.at(simulation)
    key = visit.config.api_key.get_secret_value()
    batches = collected(visit)
    for served in settled(simulation):
        assert served.headers["x-api-key"] == key
        assert key not in served.path
        assert "/format/json/" in served.path
    assert not [document for document in documents_of(batches).values() if key in document.url]


def test_older_festivals_are_read_once_and_after_the_current_ones(simulation: Running) -> None:
    visit = Visit.at(simulation)
    batches = collected(visit)
    remembered(visit, batches)
    archived = {name for name in visit.cursors if name.startswith("archive:")}
    assert archived
    order = [path.split("/")[-1] for path in paths(simulation) if path.startswith("sections/list")]
    older = [name.removeprefix("archive:") for name in archived]
    assert set(order[-len(older) :]) == set(older)
    forget(simulation)
    second = collected(visit)
    assert not [path for path in paths(simulation) if path.split("/")[-1] in older]
    assert not {scope for _, scope in completed(second)} & {f"festival:{key}" for key in older}


def test_a_second_full_run_fetches_no_film_whose_stamp_stayed(simulation: Running) -> None:
    visit = Visit.at(simulation)
    first = collected(visit)
    remembered(visit, first)
    forget(simulation)
    second = collected(visit)
    assert "films/film" not in functions(simulation)
    seen = {pair for batch in second for pair in batch.seen}
    assert seen
    assert {("film", key) for kind, key in documents_of(first) if kind == "film"} >= seen


def test_a_run_without_validators_fetches_every_film_again(simulation: Running) -> None:
    visit = Visit.at(simulation)
    first = documents_of(collected(visit), "film")
    assert documents_of(collected(visit), "film").keys() == first.keys()


@pytest.mark.parametrize("wire", ["json", "xml", "csv"])
def test_the_recorded_programme_is_read_whole_in_every_format(shared: Path, wire: str) -> None:
    recording = shared / "payloads" / "sff" / "events_festival_list_2018-11-07.dev.csv"
    with recording.open(encoding="utf-8", newline="") as lines:
        recorded = {row["eventId"]: row for row in csv.DictReader(lines)}
    with running(["sff"], recordings={"sff": recording}) as simulation:
        visit = Visit.at(simulation, wire=wire)
        batches = collected(visit)
    documents = documents_of(batches, "event")
    assert {key for _, key in documents} == set(recorded)
    assert len(documents) == 150
    assert refusals(batches) == []
    for (_, key), document in documents.items():
        showing = next(one for one in PROVIDER.map(document, visit.config) if isinstance(one, ShowingRecord))
        row = recorded[key]
        assert showing.titles == {"sv": row["eventName_sv"].strip(), "en": row["eventName_en"].strip()}
        local = showing.starts_at.astimezone(ZoneInfo(showing.zone))
        assert f"{local:%Y-%m-%d %H:%M:%S}" == f"{row['eventDate']} {row['eventTime']}"


# Deltas


def test_changes_asks_for_what_is_newer_than_the_cursor_less_the_overlap(simulation: Running) -> None:
    visit = Visit.at(simulation)
    remembered(visit, collected(visit))
    forget(simulation)
    visit.mode = Mode.CHANGES
    batches = collected(visit)
    asked = [path for path in paths(simulation) if path.startswith("events/festival_list")]
    assert asked
    for path in asked:
        _, _, _, edition, _, since = path.split("/")
        assert int(since) == int(visit.cursors[f"events:{edition}"]) - 60
    assert ("venue", "") in completed(batches)
    assert not [kind for kind, _ in completed(batches) if kind in ("event", "film")]


def test_changes_brings_what_changed_and_moves_the_cursor_to_its_stamp(simulation: Running) -> None:
    visit = Visit.at(simulation)
    first = collected(visit)
    remembered(visit, first)
    before = dict(visit.cursors)
    showing = next(key for kind, key in documents_of(first) if kind == "event")
    simulation.advance(3600)
    visit.now = simulation.now()
    simulation.mutate("sff", "seats", id=showing, value="few")
    visit.mode = Mode.CHANGES
    batches = collected(visit)
    remembered(visit, batches)
    changed = documents_of(batches, "event")
    assert len(changed) < SCALE / 2
    document = changed["event", showing]
    edition = document.scope.removeprefix("festival:")
    item = json.loads(document.body)
    assert item["eventTicketStatus"] == "few"
    assert visit.cursors[f"events:{edition}"] == item["eventModifiedTimestamp"]
    assert int(before[f"events:{edition}"]) < int(visit.cursors[f"events:{edition}"])


def test_changes_without_a_cursor_reads_the_festival_whole_and_completes_it(simulation: Running) -> None:
    batches = collected(Visit.at(simulation, Mode.CHANGES))
    assert not [path for path in paths(simulation) if "since" in path]
    assert {kind for kind, _ in completed(batches)} == {"festival", "venue", "section", "event", "film"}
    assert not [batch for batch in batches if any(name.startswith("archive:") for name in batch.cursors)]


def test_availability_asks_for_events_alone_and_completes_nothing(simulation: Running) -> None:
    visit = Visit.at(simulation)
    remembered(visit, collected(visit))
    forget(simulation)
    visit.mode = Mode.AVAILABILITY
    batches = collected(visit)
    assert functions(simulation) == {"festivals/list", "events/changed_list", "events/festival_list"}
    assert completed(batches) == set()


def test_nothing_received_leaves_the_cursor_where_it_was() -> None:
    served = {"festivals/list": rows(festival())}
    with upstream(NOW, served) as simulation:
        visit = Visit.at(simulation, Mode.CHANGES, cursors={"events:38": "1794000000"})
        batches = collected(visit)
        assert any("since/1793999940" in path for path in paths(simulation))
    assert not [batch for batch in batches if "events:38" in batch.cursors]


@pytest.mark.parametrize("stamp", ["99999999999", "4102444800", "soon", None])
def test_a_stamp_beyond_belief_does_not_become_the_cursor(stamp: object) -> None:
    served = {
        "festivals/list": rows(festival()),
        "events/festival_list": rows(
            event(1, eventModifiedTimestamp="1794400000"), event(2, eventModifiedTimestamp=stamp)
        ),
    }
    with upstream(NOW, served) as simulation:
        batches = collected(Visit.at(simulation, stored={"38:14201": "unstamped"}))
    (cursor,) = [batch.cursors["events:38"] for batch in batches if "events:38" in batch.cursors]
    assert cursor == "1794400000"


def test_a_cursor_that_is_no_stamp_is_no_cursor() -> None:
    with upstream(NOW, {"festivals/list": rows(festival())}) as simulation:
        visit = Visit.at(simulation, Mode.CHANGES, cursors={"events:38": "99999999999", "films:38": "x"})
        batches = collected(visit)
        assert not [path for path in paths(simulation) if "since" in path]
    assert ("event", "festival:38") in completed(batches)


def test_a_delta_cannot_move_the_cursor_back() -> None:
    served = {
        "festivals/list": rows(festival()),
        "events/festival_list": rows(event(1, eventModifiedTimestamp="1794399990")),
    }
    with upstream(NOW, served) as simulation:
        visit = Visit.at(simulation, Mode.AVAILABILITY, cursors={"events:38": "1794400000"})
        batches = collected(visit)
    assert documents_of(batches, "event")
    assert not [batch for batch in batches if batch.cursors]


# Which festivals


def at_day(day: str) -> str:
    return str(int(datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp()))


def test_current_running_and_coming_festivals_are_of_interest() -> None:
    def listed(number: int, begin: str, end: str, current: str = "0") -> dict[str, Any]:
        dates = {"festivalBegin": at_day(begin), "festivalEnd": at_day(end)}
        return festival(festivalId=str(number), festivalIsCurrent=current) | dates

    served = rows(
        listed(1, "2005-11-10", "2005-11-20"),
        listed(2, "2007-11-10", "2007-11-20"),
        listed(3, "2026-11-05", "2026-11-12"),
        listed(4, "2027-03-01", "2027-03-05"),
        listed(5, "2029-03-01", "2029-03-05"),
        listed(6, "2024-11-10", "2024-11-20", "true"),
    )
    with upstream(NOW, {"festivals/list": served}) as simulation:
        batches = collected(Visit.at(simulation))
        read = [path.split("/")[-1] for path in paths(simulation) if path.startswith("sections/list")]
    assert read == ["6", "3", "4", "2"]
    assert {name for batch in batches for name in batch.cursors} == {"archive:2"}


def test_without_a_festival_of_interest_the_newest_is_read() -> None:
    past = [
        festival(
            festivalId=str(number),
            festivalIsCurrent="false",
            festivalBegin=at_day(f"20{number}-11-08"),
            festivalEnd=at_day(f"20{number}-11-18"),
        )
        for number in (18, 16, 17)
    ]
    with upstream(NOW, {"festivals/list": rows(*past)}) as simulation:
        collected(Visit.at(simulation, Mode.AVAILABILITY))
        assert [path for path in paths(simulation) if path.startswith("events/festival_list")] == [
            "events/festival_list/festival_id/18"
        ]


# Nothing, and failures


@pytest.mark.parametrize("switch", ["404", "list"])
def test_an_empty_list_completes_its_scope(switch: str) -> None:
    empty = rows() if switch == "list" else nothing("events")
    with upstream(NOW, {"festivals/list": rows(festival()), "events/festival_list": empty}) as simulation:
        batches = collected(Visit.at(simulation))
    assert completed(batches) == {
        ("festival", ""),
        ("venue", ""),
        ("section", "festival:38"),
        ("event", "festival:38"),
        ("film", "festival:38"),
    }


def test_a_404_without_a_body_is_an_empty_list() -> None:
    served = {"festivals/list": rows(festival()), "events/festival_list": Response(404)}
    with upstream(NOW, served) as simulation:
        assert ("event", "festival:38") in completed(collected(Visit.at(simulation)))


def test_an_empty_list_of_festivals_ends_the_run_well() -> None:
    with upstream(NOW, {}) as simulation:
        batches = collected(Visit.at(simulation))
    assert completed(batches) == {("festival", ""), ("venue", "")}


@pytest.mark.parametrize("status", [200, 404])
@pytest.mark.parametrize(
    "body",
    [
        {"status": 0, "error": "Unknown method."},
        {"status": False, "error": "This API key has reached the hourly limit"},
        {"error": "Event could not be found"},
    ],
)
def test_any_other_error_is_a_failure_whatever_the_status(status: int, body: Mapping[str, Any]) -> None:
    served = {"festivals/list": rows(festival()), "events/festival_list": record(body, status)}
    with upstream(NOW, served) as simulation:
        batches, error = until_it_breaks(Visit.at(simulation))
    assert isinstance(error, UpstreamError)
    assert error.reason == "upstream_error"
    assert str(body["error"])[:20] in str(error)
    assert ("event", "festival:38") not in completed(batches)


@pytest.mark.parametrize("wire", ["xml", "csv"])
def test_errors_are_read_in_the_other_formats_too(wire: str) -> None:
    bodies = {
        "xml": b"<xml><status>0</status><error>Unknown method.</error></xml>",
        "csv": b'status,error\n"0","Unknown method."\n',
    }
    with upstream(NOW, {"festivals/list": Response(200, bodies[wire])}) as simulation:
        _, error = until_it_breaks(Visit.at(simulation, wire=wire))
    assert error.reason == "upstream_error"


def test_a_secret_in_an_error_sentence_is_not_repeated() -> None:
    with upstream(NOW, {"festivals/list": record({"error": "Bad key " + "k" * 40}, 404)}) as simulation:
        _, error = until_it_breaks(Visit.at(simulation))
    assert "k" * 40 not in str(error)


def test_a_404_page_that_is_not_the_api_s_is_a_failure() -> None:
    page = Response(404, b"<!DOCTYPE html><title>404</title>", (("Content-Type", "text/html"),))
    with upstream(NOW, {"festivals/list": page}) as simulation:
        _, error = until_it_breaks(Visit.at(simulation))
    assert error.reason == faults.NOT_FOUND


def test_a_refused_key_is_forbidden_for_good(simulation: Running) -> None:
    visit = Visit.at(simulation)
    visit.config = config_of(simulation, api_key="wrong")
    batches, error = until_it_breaks(visit)
    assert (error.reason, error.permanent) == (faults.FORBIDDEN, True)
    assert batches == []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("500", faults.SERVER_ERROR),
        ("429", faults.RATE_LIMITED),
        ("reset", faults.CONNECTION_RESET),
        ("html_200", faults.HTML_INSTEAD_OF_DATA),
        ("truncated_json", faults.TRUNCATED_DOCUMENT),
        ("redirect_private", faults.REDIRECT_REFUSED),
    ],
)
def test_a_fault_of_the_event_list_has_its_name_and_completes_nothing(
    simulation: Running, fault: str, reason: str
) -> None:
    simulation.fault("sff", fault, path="events/festival_list")
    batches, error = until_it_breaks(Visit.at(simulation))
    assert error.reason == reason
    assert not [kind for kind, _ in completed(batches) if kind in ("event", "film")]
    assert not [batch for batch in batches if batch.cursors]


def test_what_stood_before_a_break_is_handed_over() -> None:
    whole = json.dumps([event(number) for number in range(1, 151)]).encode()
    cut = Response(200, whole[: len(whole) - 200])
    with upstream(NOW, {"festivals/list": rows(festival()), "events/festival_list": cut}) as simulation:
        batches, error = until_it_breaks(Visit.at(simulation))
    assert error.reason == faults.TRUNCATED_DOCUMENT
    assert len(documents_of(batches, "event")) == 149


def test_where_the_changed_list_is_unknown_the_programme_is_read_all_the_same() -> None:
    served = {
        "festivals/list": rows(festival()),
        "events/festival_list": rows(event(1)),
        "events/changed_list": record({"status": 0, "error": "Unknown method."}, 404),
    }
    with upstream(NOW, served) as simulation:
        batches = collected(Visit.at(simulation, stored={"38:14201": "1793900000"}))
    assert refusals(batches) == [("changed_events", "38", "upstream_error")]
    assert ("event", "festival:38") in completed(batches)


def test_an_older_festival_that_cannot_be_read_does_not_stop_the_run() -> None:
    older = festival(
        festivalId="9", festivalIsCurrent="0", festivalBegin="1257980400", festivalEnd="1258844400"
    )

    def events(request: Request) -> Response:
        return Response(500) if "festival_id/9/" in request.path else rows(event(1))

    served = {"festivals/list": rows(festival(), older), "events/festival_list": events}
    with upstream(NOW, served) as simulation:
        batches = collected(Visit.at(simulation))
        assert not [path for path in paths(simulation) if path == "films/festival_list/festival_id/9"]
    assert refusals(batches) == [("archive", "9", faults.SERVER_ERROR)]
    assert not [batch for batch in batches if "archive:9" in batch.cursors]
    assert ("event", "festival:38") in completed(batches)
    assert ("event", "festival:9") not in completed(batches)


# Items


def test_items_that_cannot_be_named_are_refused_and_the_rest_is_kept() -> None:
    served = {
        "festivals/list": rows(festival()),
        "events/festival_list": rows(
            event(1), event(2, eventId=None), event(3, eventId={"id": 3}), "text", None, [1], event(4)
        ),
    }
    with upstream(NOW, served) as simulation:
        batches = collected(Visit.at(simulation))
    assert {key for _, key in documents_of(batches, "event")} == {"1", "4"}
    assert refusals(batches) == [("event", None, "unreadable_id")] * 2 + [("event", None, "wrong_type")] * 3
    scopes = {one.scope for batch in batches for one in batch.refused}
    assert scopes == {"festival:38"}


def test_an_unreadable_row_of_the_short_film_list_forbids_withdrawal_of_films() -> None:
    served = {"festivals/list": rows(festival()), "films/festival_list": rows({"filmName": "Utan id"})}
    with upstream(NOW, served) as simulation:
        batches = collected(Visit.at(simulation))
    assert refusals(batches) == [("film", None, "unreadable_id")]


def test_an_item_with_a_bad_byte_is_still_a_document(simulation: Running) -> None:
    simulation.fault("sff", "invalid_utf8", path="events/festival_list")
    documents = documents_of(collected(Visit.at(simulation)), "event")
    assert [document for document in documents.values() if "\ufdd0" in document.body.decode()]


def test_half_a_surrogate_pair_is_marked_as_bad_encoding() -> None:
    assert compact({"a": "Fyr\ud83dvakt"}) == '{"a":"Fyr\ufdd0vakt"}'.encode()
    assert compact({"b": 1, "a": "å"}) == '{"b":1,"a":"å"}'.encode()


def test_of_two_rows_with_one_id_in_a_batch_the_later_stays() -> None:
    served = {
        "festivals/list": rows(festival()),
        "events/festival_list": rows(event(1, eventNumber="1"), event(2), event(1, eventNumber="2")),
    }
    with upstream(NOW, served) as simulation:
        batches = collected(Visit.at(simulation))
    (batch,) = [batch for batch in batches if any(one.kind == "event" for one in batch.documents)]
    assert sorted(document.key for document in batch.documents) == ["1", "2"]
    (first,) = [document for document in batch.documents if document.key == "1"]
    assert json.loads(first.body)["eventNumber"] == "2"


def test_a_list_that_is_an_object_keyed_by_number_is_a_list() -> None:
    served = {
        "festivals/list": rows(festival()),
        "events/festival_list": record({"0": event(1), "2": event(3)}),
    }
    with upstream(NOW, served) as simulation:
        assert {key for _, key in documents_of(collected(Visit.at(simulation)), "event")} == {"1", "3"}


def test_the_texts_of_the_changed_list_are_put_into_their_events() -> None:
    changed = event(2, eventChange_sv="Flyttad", eventChange_en=None)
    plain = {key: value for key, value in event(1).items() if not key.startswith("eventChange")}
    served = {
        "festivals/list": rows(festival()),
        "events/changed_list": rows(changed, {"eventChange_sv": "?"}, "text"),
        "events/festival_list": rows(plain, plain | {"eventId": "2"}),
    }
    with upstream(NOW, served) as simulation:
        documents = documents_of(collected(Visit.at(simulation)), "event")
    assert "eventChange_sv" not in json.loads(documents["event", "1"].body)
    item = json.loads(documents["event", "2"].body)
    assert item["eventChange_sv"] == "Flyttad"
    assert list(item)[: len(plain)] == list(plain)
    assert next(readable(one) for one in mapped("event", item) if hasattr(one, "notes"))["notes"] == {
        "sv": "Flyttad"
    }


# Films


def films_served(count: int, broken: Mapping[int, Response], stamped: bool = True) -> dict[str, Any]:
    stamps: dict[str, Any] = {} if stamped else {"filmModifiedTimestamp": None}

    def one(request: Request) -> Response:
        number = int(request.path.split("/film_id/")[1].split("/")[0])
        return broken.get(number) or record(film(number, **stamps))

    short = [film(number, **stamps) for number in range(1, count + 1)]
    return {
        "festivals/list": rows(festival()),
        "films/festival_list": rows(*short),
        "films/film": one,
    }


def test_a_film_that_upstream_does_not_find_is_left_out() -> None:
    missing = record({"error": "Film could not be found"}, 404)
    with upstream(NOW, films_served(3, {2: missing})) as simulation:
        batches = collected(Visit.at(simulation))
    assert {key for _, key in documents_of(batches, "film")} == {"38:1", "38:3"}
    assert refusals(batches) == []
    assert ("film", "festival:38") in completed(batches)


def test_a_few_broken_films_are_set_aside_by_name() -> None:
    broken = {
        2: Response(200, b"<!DOCTYPE html><html><body>Oops</body></html>"),
        3: Response(500),
        4: record({"error": "Database gone"}),
        5: record(film(99)),
        6: record(["text"]),
    }
    with upstream(NOW, films_served(8, broken)) as simulation:
        batches = collected(Visit.at(simulation))
    assert {key for _, key in documents_of(batches, "film")} == {"38:1", "38:7", "38:8"}
    assert refusals(batches) == [
        ("film", "38:2", faults.HTML_INSTEAD_OF_DATA),
        ("film", "38:3", faults.SERVER_ERROR),
        ("film", "38:4", "upstream_error"),
        ("film", "38:5", "wrong_id"),
        ("film", "38:6", faults.WRONG_ROOT),
    ]
    assert ("film", "festival:38") in completed(batches)


def test_many_broken_films_are_the_upstream_s_fault() -> None:
    with upstream(NOW, films_served(50, {number: Response(500) for number in range(10, 60)})) as simulation:
        batches, error = until_it_breaks(Visit.at(simulation))
        asked = [path for path in paths(simulation) if path.startswith("films/film")]
    assert error.reason == faults.SERVER_ERROR
    assert len(asked) == 15
    assert len(documents_of(batches, "film")) == 9
    assert ("film", "festival:38") not in completed(batches)


def test_a_film_without_a_stamp_is_asked_for_again_in_full_runs_only() -> None:
    with upstream(NOW, films_served(3, {}, stamped=False)) as simulation:
        visit = Visit.at(simulation)
        batches = collected(visit)
        assert {document.validator for document in documents_of(batches, "film").values()} == {"unstamped"}
        remembered(visit, batches)
        visit.mode = Mode.CHANGES
        second = collected(visit)
        assert documents_of(second, "film") == {}
        assert {key for batch in second for _, key in batch.seen} == {"38:1", "38:2", "38:3"}
        visit.mode = Mode.FULL
        assert len(documents_of(collected(visit), "film")) == 3


def test_a_film_is_fetched_again_when_its_stamp_changed() -> None:
    with upstream(NOW, films_served(3, {})) as simulation:
        stored = {"38:1": "1793900000", "38:2": "1700000000"}
        batches = collected(Visit.at(simulation, stored=stored))
    assert {key for _, key in documents_of(batches, "film")} == {"38:2", "38:3"}
    assert {document.validator for document in documents_of(batches, "film").values()} == {"1793900000"}


# Breaking off and going on


@pytest.mark.parametrize("mode", [Mode.FULL, Mode.CHANGES])
def test_a_run_that_is_broken_off_anywhere_goes_on_and_misses_nothing(mode: Mode) -> None:
    with running(["sff"], scale=12, now=NOW) as simulation:
        undisturbed = collected(Visit.at(simulation, mode))
        cursors = {name for batch in undisturbed for name in batch.cursors}
        for cut in range(1, len(undisturbed) + 1):
            first: list[Batch] = []
            for batch in PROVIDER.fetch(Visit.at(simulation, mode)):
                first.append(batch)
                if len(first) == cut:
                    break
            position = json.loads(json.dumps(first[-1].position))
            together = first + collected(Visit.at(simulation, mode, position=position))
            assert documents_of(together).keys() == documents_of(undisturbed).keys()
            assert completed(together) == completed(undisturbed)
            assert {name for batch in together for name in batch.cursors} == cursors


def test_going_on_among_the_films_does_not_fetch_the_earlier_ones_again() -> None:
    with upstream(NOW, films_served(70, {})) as simulation:
        position: Mapping[str, Any] = {}
        for batch in PROVIDER.fetch(Visit.at(simulation)):
            position = batch.position
            if position.get("after") == "40":
                break
        forget(simulation)
        documents = documents_of(collected(Visit.at(simulation, position=position)), "film")
        assert len([path for path in paths(simulation) if path.startswith("films/film/")]) == 30
    assert {key for _, key in documents} == {f"38:{number}" for number in range(41, 71)}


def test_a_run_that_was_done_asks_for_nothing(simulation: Running) -> None:
    assert collected(Visit.at(simulation, position={"step": "done"})) == []
    assert simulation.requests == []


def test_a_position_that_is_unknown_starts_from_the_beginning(simulation: Running) -> None:
    elsewhere = {"step": "events", "festival": "gone"}
    documents = documents_of(collected(Visit.at(simulation, position=elsewhere)))
    assert documents.keys() == documents_of(collected(Visit.at(simulation))).keys()


def test_a_long_list_takes_no_more_memory_than_a_short_one() -> None:
    def peak(count: int) -> int:
        def listed(request: Request) -> Response:
            body = (("[" if not n else ",") + json.dumps(event(n + 1)) for n in range(count))
            return Response(200, (part.encode() for part in (*body, "]")))

        served = {"festivals/list": rows(festival()), "events/festival_list": listed}
        with upstream(NOW, served) as simulation:
            visit = Visit.at(simulation, Mode.AVAILABILITY)
            read = 0
            batches = PROVIDER.fetch(visit)
            first = next(batch for batch in batches if any(one.kind == "event" for one in batch.documents))
            tracemalloc.start()
            read += len(first.documents)
            read += sum(len(batch.documents) for batch in batches)
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert read == count
        return found

    assert peak(4000) < peak(500) + 500_000


# Configuration and URLs


def test_every_route_can_be_written_and_holds_its_values() -> None:
    config = PROVIDER.config()
    for name, route in client.ROUTES.items():
        values = {value: f"v/{value} å" for value in (*route.needs, *route.may)}
        address = client.url(config, name, **values)
        assert address.startswith(f"http://api.stockholmfilmfestival.se/v1/{route.path}/")
        assert address.endswith("/format/json/")
        for value in values:
            assert f"/{value}/v%2F{value}%20%C3%A5/" in address


def test_a_route_refuses_missing_and_unknown_values() -> None:
    config = PROVIDER.config()
    with pytest.raises(TypeError, match="E1 needs festival_id"):
        client.url(config, "events")
    with pytest.raises(TypeError, match="F1 needs nothing"):
        client.url(config, "festivals", since=3)
    with pytest.raises(TypeError):
        client.url(config, "event", event_id="")


def test_optional_values_stand_in_the_path_when_given() -> None:
    config = PROVIDER.config(format="XML")
    assert client.url(config, "events", festival_id=30, since=1302) == (
        "http://api.stockholmfilmfestival.se/v1/events/festival_list/festival_id/30/since/1302/format/xml/"
    )
    assert client.url(config, "events", "json", festival_id=30).endswith("/festival_id/30/format/json/")


def test_the_key_alone_makes_the_configuration_complete() -> None:
    assert not PROVIDER.config().is_complete()
    config = PROVIDER.config(api_key="k" * 40)
    assert config.is_complete()
    assert config.binding() == "k" * 40
    assert PROVIDER.config(api_key="k" * 40, format="xml").binding() == config.binding()
    assert "k" * 40 not in repr(config)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"base_url": "ftp://api.example/v1/"}, "names a host"),
        ({"base_url": "http://user:pw@api.example/v1/"}, "no user name"),
        ({"base_url": "http://api.example/v1/?a=1"}, r"neither \? nor #"),
        ({"site_url": "http://www.example.org/"}, "use https"),
        ({"api_key": "two words"}, "one word"),
        ({"api_password": "secret"}, "no API key"),
        ({"format": "yaml"}, "one of json, xml and csv"),
    ],
)
def test_a_bad_setting_is_refused_in_one_sentence(settings: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        PROVIDER.config(**settings)


def test_a_base_url_ends_in_one_slash() -> None:
    assert PROVIDER.config(base_url="http://api.example/v1").base_url == "http://api.example/v1/"


def test_the_schedules_are_the_documented_ones() -> None:
    assert {schedule.mode: schedule.every for schedule in PROVIDER.schedules} == {
        Mode.AVAILABILITY: timedelta(minutes=15),
        Mode.CHANGES: timedelta(hours=1),
        Mode.FULL: timedelta(days=1),
    }
