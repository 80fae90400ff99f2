"""The agenda through the pipeline: what was recorded, and what becomes of entries that are taken back."""

import json
from pathlib import Path
from typing import Any

import pytest

from aggregator.models import Event, Festival, Image, Offer, Person, Rejection, Showing, SourceDocument, Venue
from aggregator.vocabulary import Availability, Mode, RunState, Status
from tests.providers.upstreams import listing_writes, pointed, rows, upstream, withdrawn

pytestmark = pytest.mark.django_db


@pytest.fixture
def recording(shared: Path) -> Path:
    path = shared / "payloads" / "sowprog" / "scheduledEvents_search_2025-05_dev.json"
    if not path.is_file():
        pytest.skip("the recording of Sowprog is absent")
    return path


def pictures(entries: list[dict[str, Any]]) -> int:
    """Pictures of entries, places, artists and festivals, each owner once."""
    owners: dict[tuple[str, int], int] = {}
    for entry in entries:
        owners["event", entry["id"]] = bool(entry["event"].get("picture"))
        place = entry["location"]
        owners["place", place["id"]] = bool(place["logo"]) + bool(place["banner"])
        for artist in entry["artist"]:
            known = owners.get(("artist", artist["artistId"]), 0)
            owners["artist", artist["artistId"]] = max(known, bool(artist["picture"]))
        if group := entry["event"].get("eventGroup"):
            owners["group", group["id"]] = bool(group["picture"])
    return sum(owners.values())


def test_the_recorded_agenda_is_stored_as_it_was_counted(recording: Path, settings: Any) -> None:
    entries = json.loads(recording.read_bytes())["eventDescription"]
    with upstream("sowprog", settings, recordings={"sowprog": recording}) as source:
        run = source.ingest()
        assert (run.state, run.reason, run.rejected) == (RunState.HEALTHY, "", 0)
        assert not Rejection.objects.exists()
        assert Event.objects.count() == len({entry["id"] for entry in entries})
        showings = [each for entry in entries for each in entry["eventSchedule"]["eventScheduleDate"]]
        assert Showing.objects.count() == len({each["id"] for each in showings})
        assert Venue.objects.count() == len({entry["location"]["id"] for entry in entries})
        artists = {artist["artistId"] for entry in entries for artist in entry["artist"]}
        assert Person.objects.count() == len(artists)
        groups = {entry["event"]["eventGroup"]["id"] for entry in entries if "eventGroup" in entry["event"]}
        assert Festival.objects.count() == len(groups)
        offered = [len(entry.get("eventPrice", [])) + len(entry.get("ticketStore", [])) for entry in entries]
        assert Offer.objects.count() == sum(offered)
        assert Image.objects.count() == pictures(entries)
        full = Showing.objects.filter(availability=Availability.SOLDOUT)
        assert full.count() == sum(each["soldOut"] for each in showings)
        assert Event.objects.filter(is_free=True).count() == sum(entry["freeAdmission"] for entry in entries)
        assert not Venue.objects.filter(latitude=None).exists()
        before = rows()
        with listing_writes() as written:
            again = source.ingest(full=True)
    assert (again.state, again.created, again.updated, again.withdrawn) == (RunState.HEALTHY, 0, 0, 0)
    assert written == []
    assert rows() == before


def test_the_recorded_agenda_is_the_same_in_xml(recording: Path, settings: Any) -> None:
    with upstream("sowprog", settings, recordings={"sowprog": recording}) as source:
        source.ingest()
        before = rows()
        environ = {**source.simulation.environment(), "PROVIDER_SOWPROG_FORMAT": "xml"}
        run = pointed("sowprog", source.simulation, settings, environ=environ).ingest()
    assert (run.state, run.rejected, run.created, run.updated) == (RunState.HEALTHY, 0, 0, 0)
    assert rows() == before


def test_an_entry_taken_back_is_withdrawn_by_the_next_run_for_changes(settings: Any) -> None:
    with upstream("sowprog", settings, scale=120) as source:
        source.ingest()
        source.simulation.advance(3600)
        gone = source.simulation.mutate("sowprog", "remove_event")
        ids = [gone["id"], *gone["showings"]]  # type: ignore[misc]
        run = source.ingest(Mode.CHANGES)
        assert (run.state, run.reason) == (RunState.HEALTHY, "")
        assert set(withdrawn()) <= {str(each) for each in ids}
        assert str(gone["id"]) in withdrawn()
        before = rows()
        assert source.ingest(Mode.CHANGES).state == RunState.HEALTHY
        assert source.ingest().state == RunState.HEALTHY
        assert rows() == before


def test_an_entry_published_again_is_shown_again_under_its_old_row(settings: Any) -> None:
    with upstream("sowprog", settings, scale=120) as source:
        source.ingest()
        before = {event.external_id: event.pk for event in Event.objects.all()}
        gone = str(source.simulation.mutate("sowprog", "remove_event")["id"])
        source.ingest(Mode.CHANGES)
        assert Event.objects.get(external_id=gone).withdrawn_at is not None
        source.simulation.mutate("sowprog", "restore")
        source.ingest()
        assert withdrawn() == []
        assert {event.external_id: event.pk for event in Event.objects.all()} == before


def test_a_run_for_availability_takes_nothing_away_and_spoils_nothing_for_the_next(settings: Any) -> None:
    with upstream("sowprog", settings, scale=120) as source:
        source.ingest()
        gone = str(source.simulation.mutate("sowprog", "remove_event")["id"])
        assert source.ingest(Mode.AVAILABILITY).state == RunState.HEALTHY
        assert withdrawn() == []
        source.ingest(Mode.CHANGES)
        assert gone in withdrawn()


def test_a_house_that_is_full_changes_its_seats_alone(settings: Any) -> None:
    with upstream("sowprog", settings, scale=120) as source:
        source.ingest()
        full = str(source.simulation.mutate("sowprog", "seats", value="true")["id"])
        run = source.ingest(Mode.AVAILABILITY)
    assert (run.seats, run.updated, run.created) == (1, 0, 0)
    assert Showing.objects.get(external_id=full).availability == Availability.SOLDOUT


def test_a_cancelled_entry_stays_and_says_why(settings: Any) -> None:
    with upstream("sowprog", settings, scale=120) as source:
        source.ingest()
        off = str(source.simulation.mutate("sowprog", "cancel", reason="Neige")["id"])
        source.ingest(Mode.CHANGES)
    event = Event.objects.get(external_id=off)
    assert (event.status, event.status_note, event.withdrawn_at) == (Status.CANCELLED, {"fr": "Neige"}, None)
    assert set(event.showings.values_list("status", flat=True)) == {Status.CANCELLED}


def test_a_vanished_future_showing_is_withdrawn_and_a_past_one_is_over(settings: Any) -> None:
    with upstream("sowprog", settings, scale=120) as source:
        source.ingest()
        gone = str(source.simulation.mutate("sowprog", "remove_showing")["id"])
        source.ingest()
        assert withdrawn() == [gone]
        source.simulation.mutate("sowprog", "restore")
        source.ingest()
        assert withdrawn() == []
        source.simulation.advance(4 * 86_400)
        over = Showing.objects.filter(starts_at__lt=source.simulation.now()).values_list(
            "external_id", flat=True
        )
        assert over
        source.ingest()
        assert not set(withdrawn()) & set(over)


def test_a_wrong_criterion_waits_for_the_operator(settings: Any) -> None:
    with upstream("sowprog", settings, scale=60) as source:
        environ = {"PROVIDER_SOWPROG_CRITERIA": "location.contact.departement=75"}
        run = pointed("sowprog", source.simulation, settings, environ=environ).ingest()
    assert (run.state, run.reason) == (RunState.FAILED, "not_acceptable")
    assert "PROVIDER_SOWPROG_CRITERIA" in run.message
    assert SourceDocument.objects.count() == 0
