"""The stand-in for the agenda, held to the contract by plain requests."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring
from zoneinfo import ZoneInfo

import pytest
import requests
from PIL import Image

from providers.simulation import Running, running
from providers.simulation.simulator import Impossible
from providers.simulation.simulator import Request as Asked
from providers.sowprog.simulator import PASSWORD, USERNAME
from providers.sowprog.simulator.search import NotAcceptable, criteria, meets
from tests.providers.sowprog.samples import sample

NOW = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
TODAY = date(2026, 11, 22)
PARIS = ZoneInfo("Europe/Paris")
LOGIN = (USERNAME, PASSWORD)
ROOTS = {
    "scheduledEvents": "eventDescription",
    "scheduledEventsSplitByDate": "eventDescriptionSplitByDate",
    "locations": "location",
    "eventTypes": "eventType",
    "eventStyles": "eventStyle",
    "artists": "artist",
    "eventGroups": "eventGroup",
}

Entry = dict[str, Any]


@pytest.fixture(name="sim", scope="module")
def _sim() -> Iterator[Running]:
    with running(["sowprog"], now=NOW, scale=300) as simulation:
        yield simulation


@pytest.fixture(name="own")
def _own() -> Iterator[Running]:
    """One that a test may change."""
    with running(["sowprog"], now=NOW, scale=300) as simulation:
        yield simulation


def ask(
    sim: Running, path: str = "scheduledEvents", *, login: Any = LOGIN, accept: str = "application/json"
) -> Any:
    url = f"{sim.base_url}/sowprog/rest/v1_2/{path}"
    return requests.get(url, auth=login, headers={"Accept": accept}, timeout=20, allow_redirects=False)


def entries(sim: Running, path: str = "scheduledEvents") -> list[Entry]:
    answer = ask(sim, path)
    assert answer.status_code == 200
    ((root, found),) = answer.json().items()
    assert root == ROOTS[path.partition("?")[0].partition("/")[0]]
    return list(found)


def dates(entry: Entry) -> list[Entry]:
    return list(entry["eventSchedule"]["eventScheduleDate"])


# Access and errors


@pytest.mark.parametrize("login", [None, (USERNAME, "x"), ("x", PASSWORD), ("", "")])
@pytest.mark.parametrize("path", [*ROOTS, "nothing"])
def test_every_path_asks_who_is_there(sim: Running, path: str, login: Any) -> None:
    answer = ask(sim, path, login=login)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("path", ["nothing", "artists/search", "eventTypes/search", "scheduledEvents/1", ""])
def test_what_is_not_there_is_404(sim: Running, path: str) -> None:
    assert ask(sim, path).status_code == 404


@pytest.mark.parametrize("since", ["x", "-1", "1.5", ""])
def test_a_time_that_is_none_is_404(sim: Running, since: str) -> None:
    assert ask(sim, f"scheduledEvents?modifiedSince={since}").status_code == 404


def test_only_get_is_answered(sim: Running) -> None:
    url = f"{sim.base_url}/sowprog/rest/v1_2/scheduledEvents"
    assert requests.post(url, auth=LOGIN, timeout=5).status_code == 405


def test_a_publisher_needs_the_right_key_and_a_group(sim: Running) -> None:
    assert ask(sim, "scheduledEvents?api_key=x").status_code == 403
    assert ask(sim, "scheduledEvents?api_key=demo-publisher").status_code == 403
    assert ask(sim, "scheduledEvents?api_key=demo-publisher&user_group=a").status_code == 200


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("application/json", "application/json"),
        ("application/xml", "application/xml"),
        ("*/*", "application/xml"),
        ("", "application/xml"),
        ("text/html, application/json;q=0.5", "application/json"),
        ("application/xml;q=0.1, application/json", "application/json"),
        ("text/html", None),
        ("application/json;q=0", None),
    ],
)
def test_the_format_is_what_is_accepted(sim: Running, accept: str, media: str | None) -> None:
    answer = ask(sim, "eventStyles", accept=accept)
    assert answer.status_code == (200 if media else 406)
    if media:
        assert answer.headers["Content-Type"].startswith(media)


# What an answer looks like


@pytest.mark.parametrize("path", ROOTS)
def test_json_has_no_root_and_xml_has_one(sim: Running, path: str) -> None:
    found = entries(sim, path)
    assert found
    root = fromstring(ask(sim, path, accept="application/xml").content)
    assert root.tag == path
    assert [child.tag for child in root] == [ROOTS[path]] * len(found)
    assert [child.findtext("id") for child in root] == [str(each["id"]) for each in found]


def shape(value: object, path: str = "") -> set[str]:
    """Every member by its path."""
    if isinstance(value, dict):
        return {
            found
            for name, inner in value.items()
            for found in (f"{path}.{name}", *shape(inner, f"{path}.{name}"))
        }
    if isinstance(value, list):
        return {found for inner in value for found in shape(inner, path)}
    return set()


def test_an_entry_has_the_members_that_were_recorded(sim: Running, shared: Path) -> None:
    recording = shared / "payloads" / "sowprog" / "scheduledEvents_search_2025-05_dev.json"
    if not recording.is_file():
        pytest.skip("the recording of Sowprog is absent")
    recorded = shape(json.loads(recording.read_bytes())["eventDescription"])
    ours = shape(entries(sim))
    assert recorded <= ours
    links = {
        ".event.twitterID",
        ".event.mySpacePage",
        ".event.googlePlusFanPage",
        ".event.dailyMotionChannel",
    }
    assert ours - recorded <= links | {".event.whyd", ".event.sceneLocale"}


def test_absent_and_null_members_are_as_recorded(sim: Running) -> None:
    for entry in entries(sim):
        assert None not in entry["event"].values()
        assert ("eventGroup" in entry["event"]) is entry["event"]["partOfEventGroup"]
        for name in ("eventPrice", "ticketStore"):
            assert (name in entry) is not entry["freeAdmission"]
        assert isinstance(entry["artist"], list)
        assert entry["location"]["creationDate"] is None
        assert entry["event"]["version"] >= entry["version"] == entry["eventSchedule"]["version"]
        assert sorted(artist["sequence"] for artist in entry["artist"]) == list(range(len(entry["artist"])))
        by_sequence = sorted(entry["artist"], key=lambda artist: int(artist["sequence"]))
        assert entry["event"]["lineUp"] == ",".join(artist["name"] for artist in by_sequence)


def test_entries_come_in_order_of_id_and_showings_in_none(sim: Running) -> None:
    found = entries(sim)
    assert [entry["id"] for entry in found] == sorted({entry["id"] for entry in found})
    several = [[each["date"] for each in dates(entry)] for entry in found if len(dates(entry)) > 1]
    assert any(days != sorted(days) for days in several)
    assert any(entry["artist"][0]["sequence"] for entry in found)
    showings = [each["id"] for entry in found for each in dates(entry)]
    assert len(showings) == len(set(showings))


def test_there_is_something_of_everything(sim: Running) -> None:
    found = entries(sim)
    showings = [each for entry in found for each in dates(entry)]
    assert {entry["event"]["eventType"]["label"] for entry in found} == {
        "Concert",
        "Clubbing",
        "Danse",
        "Jeune Public",
    }
    assert any(entry["event"]["partOfEventGroup"] for entry in found)
    assert any(entry["cancelled"] and entry["cancellationReason"] for entry in found)
    assert any(each["soldOut"] for each in showings)
    assert any(each["endHour"] == "00:00" and each["endDate"] == each["date"] for each in showings)
    assert any(each["endHour"] == "00:00" and each["endDate"] > each["date"] for each in showings)
    assert any(each["endHour"] == each["startHour"] for each in showings)
    assert any(each["endHour"] < each["startHour"] and each["endDate"] > each["date"] for each in showings)
    assert any(entry["location"]["contact"]["lattitude"] == "00" for entry in found)
    assert {entry["location"]["contact"]["city"] for entry in found} >= {"Paris", "Lyon", "Nantes", "Lille"}
    assert {artist["billing"] for entry in found for artist in entry["artist"]} == {"HEADLINE", "SUPPORT"}
    assert 200 < len(showings) < 420


def test_reference_lists_describe_what_entries_mention(sim: Running) -> None:
    found = entries(sim)
    listed = {
        path: {each["id"] for each in entries(sim, path)} for path in ("locations", "artists", "eventGroups")
    }
    assert {entry["location"]["id"] for entry in found} <= listed["locations"]
    assert {artist["artistId"] for entry in found for artist in entry["artist"]} <= listed["artists"]
    groups = [entry["event"]["eventGroup"] for entry in found if entry["event"]["partOfEventGroup"]]
    assert {group["id"] for group in groups} <= listed["eventGroups"]
    styles = {style["id"] for each in entries(sim, "eventTypes") for style in each["eventStyle"]}
    assert styles == {style["id"] for style in entries(sim, "eventStyles")}
    for artist in entries(sim, "artists"):
        assert not {"artistId", "sequence", "billing", "artistRoleInEvent"} & set(artist)
        assert artist["modificationDate"]


def test_one_entry_for_each_showing_when_split_by_date(sim: Running) -> None:
    split = entries(sim, "scheduledEventsSplitByDate")
    whole = entries(sim)
    assert [(e["id"], e["eventScheduleDate"]["id"]) for e in split] == [
        (e["id"], each["id"]) for e in whole for each in dates(e)
    ]
    assert all(e["eventScheduleDate"] in dates(e) for e in split)


def test_the_old_spelling_has_bare_singletons_and_no_key_for_nothing(own: Running) -> None:
    own.switch("sowprog", "legacy_json", "on")
    found = ask(own).json()["eventDescription"]
    assert {type(entry["eventSchedule"]["eventScheduleDate"]) for entry in found} == {dict, list}
    assert {type(entry["artist"]) for entry in found} == {dict, list}
    assert {entry["cancelled"] for entry in found} == {"true", "false"}
    own.fault("sowprog", "404_empty")
    assert ask(own).json() == {}
    own.switch("sowprog", "legacy_json", "off")
    assert ask(own).json() == {"eventDescription": []}


def test_xml_leaves_null_out_and_keeps_line_ends(sim: Running) -> None:
    body = ask(sim, accept="application/xml").content.decode()
    assert body.startswith('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>')
    assert "&#13;\n" in body
    assert "None" not in body
    assert not re.search(r"<(\w+)></\1>", body)


def test_an_answer_without_a_body_can_be_asked_for(own: Running) -> None:
    own.fault("sowprog", "empty_body")
    answer = ask(own)
    assert (answer.status_code, answer.content) == (200, b"")


# What is listed when


def test_only_what_is_to_come_is_listed(sim: Running) -> None:
    found = entries(sim)
    days = [date.fromisoformat(each["date"]) for entry in found for each in dates(entry)]
    assert min(days) >= TODAY
    assert all(entry["status"] == "PUBLISHED" for entry in found)
    assert any(date.fromisoformat(entry["eventSchedule"]["startDate"]) < TODAY for entry in found)
    for entry in found:
        assert entry["eventSchedule"]["endDate"] == max(each["date"] for each in dates(entry))


def test_the_past_comes_when_asked_for(sim: Running) -> None:
    past = entries(sim, "scheduledEvents?past_events=True")
    assert len(past) > len(entries(sim))
    assert min(date.fromisoformat(each["date"]) for entry in past for each in dates(entry)) < TODAY


def test_the_list_moves_with_the_clock(own: Running) -> None:
    before = {entry["id"]: entry for entry in entries(own)}
    own.advance(7 * 86_400)
    after = {entry["id"]: entry for entry in entries(own)}
    assert set(before) - set(after)
    assert set(after) - set(before)
    changed = [key for key in set(before) & set(after) if before[key]["version"] != after[key]["version"]]
    for key in changed:
        assert after[key]["version"] > before[key]["version"]
        assert after[key]["modificationDate"] > before[key]["modificationDate"]
    assert changed
    pruned = [key for key in set(before) & set(after) if len(dates(after[key])) < len(dates(before[key]))]
    assert pruned


def test_the_same_seed_and_clock_give_the_same_answer(sim: Running, own: Running) -> None:
    def plain(simulation: Running) -> str:
        return str(ask(simulation).text.replace(simulation.base_url, ""))

    assert plain(sim) == plain(own)


def test_changes_are_those_at_or_after_the_moment(own: Running) -> None:
    found = entries(own)
    stamps = sorted(entry["modificationDate"] for entry in found)
    middle = stamps[len(stamps) // 2]
    later = entries(own, f"scheduledEvents?modifiedSince={middle}")
    published = [entry["id"] for entry in later if entry["status"] == "PUBLISHED"]
    assert published == [entry["id"] for entry in found if entry["modificationDate"] >= middle]
    assert len(entries(own, "scheduledEvents?modifiedSince=0")) == len(found)
    assert entries(own, f"scheduledEvents?modifiedSince={stamps[-1] + 10**9}") == []


def test_an_entry_taken_back_comes_once_more_among_changes_only(own: Running) -> None:
    gone = own.mutate("sowprog", "remove_event")["id"]
    assert gone not in {entry["id"] for entry in entries(own)}
    assert gone not in {entry["id"] for entry in entries(own, "scheduledEvents?modifiedSince=0")}
    (entry,) = entries(own, f"scheduledEvents?modifiedSince={int(NOW.timestamp() * 1000)}")
    assert (entry["id"], entry["status"]) == (gone, "UNPUBLISHED")
    assert entry["event"]["title"]
    assert dates(entry)


# Search


def test_search_without_criteria_is_the_plain_list(sim: Running) -> None:
    assert entries(sim, "scheduledEvents/search") == entries(sim)


def test_different_properties_are_and(sim: Running) -> None:
    found = entries(sim, "scheduledEvents/search?location.contact.department=75&freeAdmission=true")
    expected = [
        e for e in entries(sim) if e["location"]["contact"]["department"] == "75" and e["freeAdmission"]
    ]
    assert found == expected
    assert found


@pytest.mark.skipif(
    "pairs" not in Asked.__dataclass_fields__, reason="the machinery hands over one value of a name"
)
def test_the_same_property_again_is_or(sim: Running) -> None:
    query = "location.contact.department=69&location.contact.department=44"
    departments = {
        e["location"]["contact"]["department"] for e in entries(sim, f"scheduledEvents/search?{query}")
    }
    assert departments == {"69", "44"}


def test_a_value_of_several_is_enough_and_every_property_counts() -> None:
    wanted = criteria(
        "events", [("id", "1"), ("id", "930411"), ("cancelled", "false"), ("modifiedSince", "5")]
    )
    assert wanted == {"id": {"1", "930411"}, "cancelled": {"false"}}
    assert meets(sample("event-concert"), wanted)
    assert not meets(sample("event-cancelled"), wanted)


def test_values_are_compared_whole_and_letter_for_letter(sim: Running) -> None:
    whole = entries(sim, "scheduledEvents/search?event.eventStyle.label=Pop%20%2F%20Rock%20%2F%20Folk")
    assert whole
    for value in ("Pop", "pop%20%2F%20rock%20%2F%20folk", "Pop%20%2F%20Rock%20%2F%20Folk%20"):
        assert entries(sim, f"scheduledEvents/search?event.eventStyle.label={value}") == []


def test_showings_can_be_searched_by_their_own_date_when_split(sim: Running) -> None:
    day = entries(sim, "scheduledEventsSplitByDate")[0]["eventScheduleDate"]["date"]
    found = entries(sim, f"scheduledEventsSplitByDate/search?eventScheduleDate.date={day}")
    assert found
    assert {entry["eventScheduleDate"]["date"] for entry in found} == {day}


@pytest.mark.parametrize(
    ("service", "name"),
    [
        ("events", "departement"),
        ("events", "location"),
        ("events", "location.contact"),
        ("events", "artist.name"),
        ("events", "eventPrice.price"),
        ("events", "ticketStore.url"),
        ("events", "eventSchedule.eventScheduleDate.date"),
        ("events", "eventScheduleDate.date"),
        ("locations", "location.name"),
        ("events", "status.x"),
    ],
)
def test_a_property_that_is_none_or_in_a_list_is_not_acceptable(
    sim: Running, service: str, name: str
) -> None:
    with pytest.raises(NotAcceptable):
        criteria(service, [(name, "x")])
    path = "locations" if service == "locations" else "scheduledEvents"
    assert ask(sim, f"{path}/search?{name}=x").status_code == 406


@pytest.mark.parametrize("name", ["modifiedSince=0", "past_events=True"])
def test_parameters_are_no_criteria(sim: Running, name: str) -> None:
    assert ask(sim, f"scheduledEvents/search?{name}").status_code == 200


# Pictures


def test_pictures_are_there_in_four_widths(sim: Running) -> None:
    content = next(e["event"] for e in entries(sim) if e["event"]["picture"].endswith(".png"))
    widths = {"picture": 1200, "thumbnail": 150, "thumbnailW300px": 300, "thumbnailW600px": 600}
    ratios = set()
    for name, width in widths.items():
        assert content[name].startswith("http://")
        answer = requests.get(content[name], timeout=10)
        image = Image.open(io.BytesIO(answer.content))
        assert image.size[0] == width
        assert image.format == ("PNG" if name == "picture" else "JPEG")
        assert answer.headers["Content-Type"] == f"image/{str(image.format).lower()}"
        ratios.add(round(image.size[1] / width, 2))
    assert len(ratios) == 1
    assert re.search(r"name=img_event_[0-9a-f-]{36}\.png$", content["picture"])
    assert re.search(r"name=thumb_w300px_img_event_[0-9a-f-]{36}\.jpg$", content["thumbnailW300px"])


@pytest.mark.parametrize("name", ["", "x", "thumb_img_event_00000000-0000-0000-0000-000000000000.png"])
def test_what_is_no_picture_is_404(sim: Running, name: str) -> None:
    assert requests.get(f"{sim.base_url}/sowprog/downloads?name={name}", timeout=5).status_code == 404


# Changes on demand


def only(sim: Running, identity: object) -> Entry:
    return next(entry for entry in entries(sim) if entry["id"] == identity)


@pytest.mark.parametrize("what", ["rename", "seats", "move", "remove_showing", "cancel", "break"])
def test_every_change_raises_versions_and_stamps(own: Running, what: str) -> None:
    before = {entry["id"]: entry for entry in entries(own)}
    own.advance(60)
    touched = own.mutate("sowprog", what)
    changed = int(str(touched.get("event", touched["id"])))
    after = {entry["id"]: entry for entry in entries(own)}
    assert [key for key in before if after[key] != before[key]] == [changed]
    assert after[changed]["version"] == before[changed]["version"] + 1
    assert after[changed]["modificationDate"] == int((NOW + timedelta(seconds=60)).timestamp() * 1000)
    if isinstance(after[changed].get("event"), dict):
        assert after[changed]["event"]["version"] > before[changed]["event"]["version"]
    own.mutate("sowprog", "restore")
    assert {entry["id"]: entry for entry in entries(own)} == before


def test_changes_do_what_they_say(own: Running) -> None:
    moved = own.mutate("sowprog", "move", seconds=86_400)
    (showing,) = [each for each in dates(only(own, moved["event"])) if each["id"] == moved["id"]]
    assert {name: showing[name] for name in ("date", "startHour", "endDate", "endHour")} == moved["after"]
    cancelled = own.mutate("sowprog", "cancel", reason="Neige")
    assert only(own, cancelled["id"])["cancellationReason"] == "Neige"
    added = own.mutate("sowprog", "add_event", name="Surprise")
    assert only(own, added["id"])["event"]["title"] == "Surprise"
    own.mutate("sowprog", "remove_event", id=added["id"], how="delete")
    assert added["id"] not in {entry["id"] for entry in entries(own, "scheduledEvents?modifiedSince=1")}
    count = len(entries(own))
    own.mutate("sowprog", "shrink", share=0.1)
    assert len(entries(own)) < count / 4


@pytest.mark.parametrize(
    ("what", "arguments"),
    [("nothing", {}), ("rename", {"id": 1}), ("shrink", {"share": 2}), ("break", {"how": "x"}),
     ("remove_event", {"how": "x"}), ("move", {"venue": 1})],
)  # fmt: skip
def test_what_cannot_be_done_is_said(own: Running, what: str, arguments: Any) -> None:
    with pytest.raises(Impossible):
        own.mutate("sowprog", what, **arguments)


# Recordings


def test_a_recording_is_served_as_it_is_whatever_the_clock(tmp_path: Path) -> None:
    recorded = {"eventDescription": [sample("event-concert"), sample("event-cancelled")]}
    path = tmp_path / "recorded.json"
    path.write_text(json.dumps(recorded), encoding="utf-8")
    with running(
        ["sowprog"], now=datetime(2031, 1, 1, tzinfo=UTC), recordings={"sowprog": path}
    ) as simulation:
        assert entries(simulation) == recorded["eventDescription"]
        assert [each["id"] for each in entries(simulation, "locations")] == [41207]
        assert {each["id"] for each in entries(simulation, "artists")} == {701412, 701388}
        assert [each["id"] for each in entries(simulation, "eventGroups")] == [9431]
        (kind,) = entries(simulation, "eventTypes")
        assert [style["label"] for style in kind["eventStyle"]] == ["Pop / Rock / Folk"]
        assert [each["id"] for each in entries(simulation, "eventStyles")] == [1]
        assert (
            entries(simulation, "scheduledEvents/search?cancelled=true") == recorded["eventDescription"][1:]
        )


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"eventDescription":{}}', b'{"eventDescription":[{}]}', b"\xff"]
)
def test_a_file_that_is_no_recording_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "recorded.json"
    path.write_bytes(content)
    with pytest.raises(Impossible), running(["sowprog"], recordings={"sowprog": path}):
        pass
