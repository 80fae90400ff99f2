"""Real input: a programme recorded in November 2018, through the simulator, the command and the database.

The file lies beside the repository, is read there and never copied; without it these tests are skipped. Cases of our
own come from files written here.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from aggregator.models import Event, Festival, Film, Rejection, Showing, SourceDocument, Venue
from aggregator.vocabulary import RunState
from providers.simulation import Running, running
from tests.providers.upstreams import command, listing_writes, pointed, rows, upstream

pytestmark = pytest.mark.django_db

RECORDED = Path("payloads") / "sff" / "events_festival_list_2018-11-07.dev.csv"
STOCKHOLM = ZoneInfo("Europe/Stockholm")

#: The ticket shop's word, as recorded → ours. Nothing at all, and no link to buy: not on public sale.
AVAILABILITY = {"available": "available", "few": "few", "soldout": "soldout", "NA": "not_on_sale"}

Row = dict[str, str]


@pytest.fixture(scope="module")
def recorded(shared: Path) -> list[Row]:
    """The rows of the file."""
    path = shared / RECORDED
    if not path.is_file():
        pytest.skip(f"the recording ../shared/{RECORDED} is absent")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def festival(shared: Path, recorded: list[Row]) -> Iterator[Running]:
    """The recorded festival, served."""
    with running(["sff"], recordings={"sff": shared / RECORDED}) as simulation:
        yield simulation


@pytest.fixture
def ingested(festival: Running, settings: Any) -> None:
    """The recorded festival in the database, by the command."""
    pointed("sff", festival, settings)
    said = command("ingest", "sff")
    assert said.code == 0, said
    assert said.out.startswith("sff: healthy, ")


def by_id() -> dict[str, Showing]:
    """The stored showings by upstream's id."""
    return {showing.external_id: showing for showing in Showing.objects.select_related("event", "venue")}


def clean(title: str) -> str:
    """A recorded title as a reader sees it: no blanks around it, of whatever kind."""
    return " ".join(title.replace("\u00a0", " ").split())


@pytest.mark.usefixtures("ingested")
def test_there_are_exactly_150_showings_of_2018(recorded: list[Row]) -> None:
    assert len(recorded) == 150
    assert Showing.objects.count() == 150
    assert set(by_id()) == {row["eventId"] for row in recorded}
    assert {showing.starts_at.astimezone(STOCKHOLM).year for showing in by_id().values()} == {2018}
    assert not Rejection.objects.exists()
    assert not Showing.objects.exclude(withdrawn_at=None).exists()


@pytest.mark.usefixtures("ingested")
def test_every_showing_starts_at_the_recorded_stockholm_date_and_time(recorded: list[Row]) -> None:
    showings = by_id()
    for row in recorded:
        showing = showings[row["eventId"]]
        local = showing.starts_at.astimezone(STOCKHOLM)
        assert (local.date().isoformat(), local.time().isoformat()) == (row["eventDate"], row["eventTime"])
        assert int(showing.starts_at.timestamp()) == int(row["eventTimestamp"])
        assert showing.zone == "Europe/Stockholm"
        assert showing.precision == "exact"


@pytest.mark.usefixtures("ingested")
def test_as_many_showings_are_available_few_and_sold_out_as_recorded(recorded: list[Row]) -> None:
    expected = Counter(AVAILABILITY[row["eventTicketStatus"]] for row in recorded)
    assert expected == {"available": 99, "few": 27, "soldout": 23, "not_on_sale": 1}
    assert Counter(Showing.objects.values_list("availability", flat=True)) == expected
    showings = by_id()
    for row in recorded:
        showing = showings[row["eventId"]]
        assert showing.availability == AVAILABILITY[row["eventTicketStatus"]]
        assert bool(showing.buy_urls) == (row["eventBuyURL"] != "NA")


@pytest.mark.usefixtures("ingested")
def test_titles_are_trimmed_of_no_break_spaces(recorded: list[Row]) -> None:
    showings = by_id()
    assert sum("\u00a0" in row["eventName_sv"] + row["eventName_en"] for row in recorded) == 7
    for row in recorded:
        titles = showings[row["eventId"]].titles
        assert titles == {"sv": clean(row["eventName_sv"]), "en": clean(row["eventName_en"])}
    for model in (Event, Film, Showing):
        assert not any("\u00a0" in str(titles) for titles in model.objects.values_list("titles", flat=True))


@pytest.mark.usefixtures("ingested")
def test_number_face_to_face_and_late_additions_stay_with_each_showing(recorded: list[Row]) -> None:
    showings = by_id()
    for row in recorded:
        showing = showings[row["eventId"]]
        assert showing.number == row["eventNumber"]
        assert ("face_to_face" in showing.tags) == (row["eventHasFaceToFace"] == "true")
        assert showing.venue is not None
        assert (showing.venue.external_id, showing.venue.name) == (row["venueId"], clean(row["venueName"]))
    assert sum("face_to_face" in showing.tags for showing in showings.values()) == 24
    # Added after the programme was printed, outside of the festival's days, under a name and number of its own.
    late = showings["8363"]
    assert late.number == "3010"
    assert late.titles["sv"] == "Festivalens favoriter: Jesus+Skate Kitchen"
    assert late.local_start_date.isoformat() == "2018-10-30"


@pytest.mark.usefixtures("ingested")
def test_a_film_with_several_showings_is_one_event(recorded: list[Row]) -> None:
    of_film: dict[str, set[str]] = defaultdict(set)
    for row in recorded:
        of_film[row["filmId"]].add(row["eventId"])
    assert len(of_film) == Event.objects.count() == Film.objects.count() == 106
    assert sum(len(showings) > 1 for showings in of_film.values()) == 37
    for film, expected in of_film.items():
        event = Event.objects.get(film__external_id=film)
        assert set(event.showings.values_list("external_id", flat=True)) == expected


@pytest.mark.usefixtures("ingested")
def test_the_festival_and_its_venues_are_there(recorded: list[Row]) -> None:
    festival = Festival.objects.get()
    assert festival.is_current
    assert festival.starts_on is not None
    assert festival.starts_on.year == 2018
    venues = {row["venueId"]: clean(row["venueName"]) for row in recorded}
    assert dict(Venue.objects.values_list("external_id", "name")) == venues


@pytest.mark.usefixtures("ingested")
def test_a_second_ingest_writes_no_listing_row(festival: Running) -> None:
    before = rows()
    for words in (("ingest", "sff"), ("ingest", "sff", "--full")):
        with listing_writes() as written:
            assert command(*words).code == 0
        assert written == []
    assert rows() == before


@pytest.mark.usefixtures("ingested")
def test_the_recorded_showings_are_found_on_their_day_and_in_the_api() -> None:
    page = Client().get("/events/?from=2018-11-07&to=2018-11-07").content.decode()
    assert "Lemonade" in page
    answer = Client().get("/api/v1/showings/?provider=sff&from=2018-01-01&to=2018-12-31").json()
    assert answer["count"] == 150


def test_every_format_gives_the_same_rows_of_the_recording(festival: Running, settings: Any) -> None:
    found = {}
    for wire in ("json", "xml", "csv"):
        for model in (SourceDocument, Showing, Event, Film, Venue):
            model.objects.all().delete()
        pointed("sff", festival, settings, environ={"PROVIDER_SFF_FORMAT": wire})
        assert command("ingest", "sff", "--full").code == 0
        found[wire] = prints()
    assert len(found["json"]) > 150
    assert found["xml"] == found["json"]
    assert found["csv"] == found["json"]


def prints() -> dict[str, Any]:
    """Rows without their ids: what is stored of each, as fingerprints."""
    return {name: (values[1], *values[2:]) for name, values in rows().items()}


@pytest.mark.parametrize("wire", ["xml", "csv"])
def test_another_format_rewrites_no_row_of_an_invented_festival(wire: str, settings: Any) -> None:
    with upstream("sff", settings) as source:
        source.ingest()
        before = rows()
        other = pointed("sff", source.simulation, settings, environ={"PROVIDER_SFF_FORMAT": wire})
        run = other.ingest(full=True)
    assert (run.state, run.rejected, run.withdrawn) == (RunState.HEALTHY, 0, 0)
    assert rows() == before
    assert any(f"/format/{wire}/" in served.path for served in source.simulation.requests)


# Cases of our own ------------------------------------------------------------------------------------------

COLUMNS = (
    *("eventId", "eventNumber", "eventName_sv", "eventName_en", "eventDate", "eventTime", "eventTimestamp"),
    *("eventHasFaceToFace", "filmId", "partyId", "venueId", "venueName", "eventTicketStatus", "eventBuyURL"),
    *("eventBuyOneTimeURL", "eventModifiedTimestamp"),
)


def showing(event: str, film: str, **changes: str) -> Row:
    """One row of a recording of our own: an evening of 2018, at one venue."""
    made = dict.fromkeys(COLUMNS, "NA") | {
        "eventId": event,
        "eventNumber": event[-3:],
        "eventName_sv": f"Film {film}",
        "eventName_en": f"Film {film}",
        "eventDate": "2018-11-09",
        "eventTime": "19:00:00",
        "eventTimestamp": "1541786400",
        "eventHasFaceToFace": "false",
        "filmId": film,
        "venueId": "1",
        "venueName": "Skandia",
        "eventTicketStatus": "available",
        "eventModifiedTimestamp": "1541500000",
    }
    return made | changes


def ingest(rows: Sequence[Row], folder: Path, settings: Any) -> dict[str, Showing]:
    """These rows as a recording, ingested by the command; gives the showings that came of them."""
    path = folder / "own.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    with running(["sff"], recordings={"sff": path}) as simulation:
        pointed("sff", simulation, settings)
        said = command("ingest", "sff")
    assert said.code == 0, said
    return by_id()


def test_two_showings_in_one_venue_at_the_same_second_are_both_kept(tmp_path: Path, settings: Any) -> None:
    kept = ingest([showing("9001", "501"), showing("9002", "502")], tmp_path, settings)
    assert set(kept) == {"9001", "9002"}
    first, second = kept["9001"], kept["9002"]
    assert first.starts_at == second.starts_at
    assert first.venue_id == second.venue_id
    assert first.event_id != second.event_id


def test_two_showings_of_one_film_in_one_venue_at_the_same_second_are_both_kept(
    tmp_path: Path, settings: Any
) -> None:
    kept = ingest([showing("9001", "501"), showing("9002", "501")], tmp_path, settings)
    assert set(kept) == {"9001", "9002"}
    assert kept["9001"].event_id == kept["9002"].event_id


def test_the_two_hours_that_both_begin_at_two_o_clock_in_autumn_are_told_apart(
    tmp_path: Path, settings: Any
) -> None:
    """The stamp decides; the clock on the wall says the same twice."""
    night = {"eventDate": "2018-10-28", "eventTime": "02:30:00"}
    kept = ingest(
        [
            showing("9001", "501", eventTimestamp="1540686600", **night),
            showing("9002", "502", eventTimestamp="1540690200", **night),
        ],
        tmp_path,
        settings,
    )
    assert (kept["9002"].starts_at - kept["9001"].starts_at).total_seconds() == 3600
    assert {one.starts_at.astimezone(STOCKHOLM).isoformat()[:16] for one in kept.values()} == {
        "2018-10-28T02:30"
    }
    assert {one.local_start_date.isoformat() for one in kept.values()} == {"2018-10-27"}
