"""The stand-in for Happenstand, held to the contract by plain requests and parsers of the standard library."""

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
import requests
from PIL import Image

from providers.happenstand.simulator import API_KEY, INACTIVE_KEY
from providers.simulation import Running, running
from providers.simulation.simulator import Impossible

NOW = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
SLUG = "happenstand"
MESSAGES = {
    100: "API key is not valid",
    101: "API key is not active",
    200: "Missing required parameter (api_key)",
    201: "Item not valid or unavailable",
    202: "Could not determine query location",
    404: "Resource not found",
    500: "Application error",
}
LISTS = ("events/recent", "events/start", "events/end", "events/picks", "places/list", "people/list")


@pytest.fixture(name="sim", scope="module")
def _sim() -> Iterator[Running]:
    with running([SLUG], now=NOW, scale=300) as simulation:
        yield simulation


@pytest.fixture(name="own")
def _own() -> Iterator[Running]:
    """One that a test may change."""
    with running([SLUG], now=NOW, scale=300) as simulation:
        yield simulation


def ask(sim: Running, path: str, key: str | None = API_KEY, **query: Any) -> requests.Response:
    params = {**({} if key is None else {"api_key": key}), **query}
    return requests.get(f"{sim.base_url}/happenstand/v1/{path}", params=params, timeout=10)


def told(sim: Running, path: str, **query: Any) -> Any:
    return ask(sim, path, format="json", **query).json()


def events(sim: Running, path: str = "events/recent", **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = told(sim, path, **{"length": 9999, **query})["events"]
    return found


def details(sim: Running) -> dict[str, dict[str, Any]]:
    return {row["id"]: told(sim, "events/detail", id=row["id"])["event"] for row in events(sim)}


# Envelope and errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "key", "query", "code"),
    [
        ("events/recent", None, {}, 200),
        ("events/recent", "nonsense", {}, 100),
        ("events/recent", INACTIVE_KEY, {}, 101),
        ("events/detail", API_KEY, {"id": 1}, 201),
        ("events/detail", API_KEY, {"id": "x"}, 201),
        ("events/proximity", API_KEY, {"query": "nowhere at all"}, 202),
        ("placs/proximity", API_KEY, {"query": "94103"}, 404),
        ("placs/proximity", None, {}, 404),
    ],
)
def test_failures_have_their_code_and_message_in_both_formats(
    own: Running, path: str, key: str | None, query: dict[str, Any], code: int
) -> None:
    for mode, status in (
        ("all_200", 200),
        ("mapped", {100: 403, 101: 403, 200: 400, 202: 400}.get(code, 404)),
    ):
        own.switch(SLUG, "failures", mode)
        answer = ask(own, path, key, format="json", **query)
        assert answer.status_code == status
        assert answer.json() == {"status": "fail", "error": {"code": code, "message": MESSAGES[code]}}
        root = ElementTree.fromstring(ask(own, path, key, **query).content)
        assert (root.tag, root.attrib) == ("response", {"status": "fail"})
        assert [(one.tag, one.attrib) for one in root] == [("error", {"code": str(code)})]
        assert root.findtext("error/message") == MESSAGES[code]


@pytest.mark.parametrize("path", ["events/detail", "places/detail", "people/detail"])
def test_a_missing_id_is_named(sim: Running, path: str) -> None:
    assert told(sim, path)["error"]["message"] == "Missing required parameter (id)"


def test_xml_is_the_default_and_what_an_unknown_format_gives(sim: Running) -> None:
    for query in ({}, {"format": "yaml"}, {"format": "xml"}):
        answer = ask(sim, "events/recent", length=1, **query)
        assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
        assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<response status="ok">')
    assert (
        ask(sim, "events/recent", format="json").headers["Content-Type"] == "application/json; charset=utf-8"
    )


def test_json_is_written_as_php_does(sim: Running) -> None:
    text = ask(sim, "events/recent", format="json", length=200).text
    assert r"http:\/\/" in text
    assert "://" not in text
    assert text.isascii()
    assert r"\u201c" in text
    body = "".join(ask(sim, "events/detail", format="json", id=row["id"]).text for row in events(sim)[:20])
    assert r"\r\n" in body


def test_xml_has_attributes_and_cdata(sim: Running) -> None:
    row = events(sim)[0]
    text = ask(sim, "events/detail", id=row["id"]).text
    assert re.search(r'<event id="\d+" is_ap_pick="[01]" is_pickpocket="[01]">\n +<name><!\[CDATA\[', text)
    assert re.search(r"<start>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d</start>", text)


# Lists -----------------------------------------------------------------------------------------------------


def test_recent_has_twenty_from_the_offset_newest_change_first(own: Running) -> None:
    everything = [row["id"] for row in events(own)]
    assert len(everything) == len(set(everything)) > 150
    assert [row["id"] for row in told(own, "events/recent")["events"]] == everything[:20]
    assert [row["id"] for row in events(own, offset=7, length=3)] == everything[7:10]
    assert [row["id"] for row in events(own, offset="-1", length="x")] == everything[:20]
    renamed = str(own.mutate(SLUG, "rename")["id"])
    assert events(own)[0]["id"] == renamed != everything[0]
    assert told(own, "events/recent", loc=2)["events"] == []


def test_start_takes_a_first_day_and_a_number_of_days(sim: Running) -> None:
    rows = events(sim, "events/start", date="2026-11-23", days=7)
    assert rows
    assert {row["start"][:10] for row in rows} <= {f"2026-11-{day}" for day in range(23, 30)}
    assert [row["start"] for row in rows] == sorted(row["start"] for row in rows)
    today = events(sim, "events/start")
    assert {row["start"][:10] for row in today} <= {"2026-11-22"}
    picks = events(sim, "events/start", date="2026-10-01", days=90, ap_pick="true")
    others = events(sim, "events/start", date="2026-10-01", days=90, ap_pick="false")
    assert {row["is_ap_pick"] for row in picks} == {"1"}
    assert {row["is_ap_pick"] for row in others} == {"0"}


def _last_open(row: dict[str, Any]) -> date:
    end = datetime.fromisoformat(row["end"])
    whole = row["all_day"] == "1" and row["end"] != row["start"]
    return (end - timedelta(days=1) if whole else end).date()


def test_end_counts_days_by_its_switches(own: Running) -> None:
    day, six = date(2026, 12, 6), timedelta(days=6)
    backwards = events(own, "events/end", date=day, days=7)
    assert backwards
    assert all(day - six <= _last_open(row) <= day for row in backwards)
    own.switch(SLUG, "end_direction", "forwards")
    forwards = events(own, "events/end", date=day, days=7)
    assert forwards
    assert all(day <= _last_open(row) <= day + six for row in forwards)
    own.switch(SLUG, "end_filter", "raw")
    raw = events(own, "events/end", date=day, days=7)
    assert all(day <= datetime.fromisoformat(row["end"]).date() <= day + six for row in raw)
    assert raw != forwards


def test_picks_are_picked_and_not_over(sim: Running) -> None:
    rows = events(sim, "events/picks")
    assert rows
    assert {row["is_ap_pick"] for row in rows} == {"1"}
    assert all(row["end"] > "2026-11-22 12:30:00" for row in rows)


@pytest.mark.parametrize("query", ["37.7726402,-122.4099154", "94103", "1234 Jones St, SF CA"])
def test_proximity_is_sorted_and_in_miles(sim: Running, query: str) -> None:
    rows = events(sim, "events/proximity", query=query, distance=3)
    far = [float(row["distance"]) for row in rows]
    assert far
    assert far == sorted(far)
    assert far[-1] <= 3
    assert list(rows[0]).index("distance") == list(rows[0]).index("url") + 1
    places = told(sim, "places/proximity", query=query, distance=3)["places"]
    assert {row["distance"] for row in rows} <= {row["distance"] for row in places}
    assert len(told(sim, "places/proximity", query=query, distance=3, offset=1)["places"]) == len(places) - 1


def test_the_addresses_of_places_can_be_located(sim: Running) -> None:
    row = told(sim, "places/list", length=1)["places"][0]
    near = told(sim, "places/proximity", query=f"{row['address']}, {row['city']} {row['state']}")["places"]
    assert near[0]["id"] == row["id"]
    assert float(near[0]["distance"]) == 0


@pytest.mark.parametrize("kind", ["places", "people"])
def test_lists_by_letter_and_by_number(sim: Running, kind: str) -> None:
    everything = told(sim, f"{kind}/list")[kind]
    names = [row["name"].lower() for row in everything]
    assert names == sorted(names)
    for letter in ("l", "L", "s"):
        assert [row["name"] for row in told(sim, f"{kind}/list", start=letter)[kind]] == [
            row["name"] for row in everything if row["name"].lower().startswith(letter.lower())
        ]
    digits = told(sim, f"{kind}/list", start="0")[kind]
    assert [row for row in everything if row["name"][0].isdigit()] == digits


def test_search_scores_from_one_downwards(sim: Running) -> None:
    found = told(sim, "search", query="lantern street")
    scores = [float(row["score"]) for row in found["places"]]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1
    assert told(sim, "search")["error"]["message"] == "Missing required parameter (query)"


# The world -------------------------------------------------------------------------------------------------


def test_the_world_holds_every_case_of_the_checklist(sim: Running) -> None:
    found = details(sim)
    rows = events(sim)
    names = [row["name"] for row in rows]
    people = [tuple(person["name"] for person in one["people"]) for one in found.values()]
    assert any(one["start"] < "2026-11-01" < one["end"] and one["all_day"] == "1" for one in found.values())
    assert any(one["all_day"] == "0" and one["start"][:10] == one["end"][:10] for one in found.values())
    assert any(len(names) == 2 and any("," in name for name in names) for names in people)
    assert any(one["images"] == [] for one in found.values())
    specials = {special["id"] for one in found.values() for special in one["special_events"]}
    assert specials & set(found)
    for pattern in (r"\d", "&", "“", '"'):
        assert any(re.match(pattern, name) for name in names), pattern
    places = [told(sim, "places/detail", id=row["id"])["place"] for row in told(sim, "places/list")["places"]]
    assert any(place["events"] == [] for place in places)
    listed = told(sim, "people/list")["people"]
    persons = [told(sim, "people/detail", id=row["id"])["person"] for row in listed]
    assert any(person["past_events"] and not person["future_events"] for person in persons)
    assert any("]]>" in one["description"] for one in found.values())


def test_two_exhibitions_a_year_last_across_a_change_of_the_clocks(sim: Running) -> None:
    named = [row for row in events(sim) if row["name"].startswith(("Spring Forward", "Fall Back"))]
    assert len(named) == 6
    assert {(row["start"][5:7], row["end"][5:7]) for row in named} <= {
        ("02", "03"),
        ("10", "11"),
        ("02", "04"),
        ("10", "12"),
    }


def test_excerpts_are_cut_at_a_word(sim: Running) -> None:
    found = details(sim)
    for row in events(sim):
        whole = " ".join(found[row["id"]]["description"].split())
        if row["excerpt"].endswith(" ..."):
            assert whole.startswith(row["excerpt"][:-4] + " ")
            assert len(row["excerpt"]) <= 154
        else:
            assert row["excerpt"] == whole


def test_pictures_have_five_sizes(sim: Running) -> None:
    image = next(row["image"] for row in events(sim) if "image" in row)
    for suffix, longest in (("_t", 75), ("_s", 100), ("_m", 240), ("_l", 500), ("", 1200)):
        answer = requests.get(f"{image['dir']}{image['id']}{suffix}.{image['ext']}", timeout=10)
        assert max(Image.open(io.BytesIO(answer.content)).size) == longest
    assert requests.get(f"{image['dir']}{image['id']}_x.jpg", timeout=10).status_code == 404
    page = next(row["url"] for row in events(sim))
    assert requests.get(page, timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("variant", "value"), [("absent", "absent"), ("null", None), ("text", ""), ("list", []), ("object", {})]
)
def test_a_missing_image_takes_the_form_of_the_switch(own: Running, variant: str, value: Any) -> None:
    own.switch(SLUG, "image_none", variant)
    empty = [row.get("image", "absent") for row in events(own) if not row.get("image")]
    assert empty
    assert all(one == value for one in empty)
    root = ElementTree.fromstring(ask(own, "events/recent", length=999).content)
    bare = [one for one in root.iter("event") if one.find("image") is None]
    hollow = [one for one in root.iter("image") if not one.attrib]
    assert (len(bare), len(hollow)) == ((len(empty), 0) if variant == "absent" else (0, len(empty)))


@pytest.mark.parametrize(("joiner", "text"), [("comma", ", "), ("and", " and "), ("slash", " / ")])
def test_names_are_joined_by_the_switch(own: Running, joiner: str, text: str) -> None:
    own.switch(SLUG, "names_joiner", joiner)
    row = next(
        row for row in events(own) if len(told(own, "events/detail", id=row["id"])["event"]["people"]) > 1
    )
    people = told(own, "events/detail", id=row["id"])["event"]["people"]
    assert row["people"] == text.join(person["name"] for person in people)


def test_the_clock_is_the_bay_areas(own: Running) -> None:
    own.stage.clock.set(datetime(2026, 11, 28, 7, 30, tzinfo=UTC))  # still the 27th there
    today = events(own, "events/start")
    assert today
    assert today == events(own, "events/start", date="2026-11-27")


def test_the_same_seed_and_clock_give_the_same_answers() -> None:
    texts = []
    for _ in range(2):
        with running([SLUG], now=NOW, scale=60) as sim:
            texts.append(ask(sim, "events/recent", length=99).text.replace(str(sim.port), ""))
    assert texts[0] == texts[1]


# Faults ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LISTS)
def test_an_empty_list_is_a_list(own: Running, path: str) -> None:
    own.fault(SLUG, "404_empty")
    (name,) = [name for name in told(own, path) if name != "status"]
    assert told(own, path)[name] == []
    root = ElementTree.fromstring(ask(own, path).content)
    assert [(one.tag, len(one), one.text) for one in root] == [(name, 0, None)]


def test_lost_characters_are_lost_in_xml_only(own: Running) -> None:
    own.fault(SLUG, "lost_characters")
    assert "\ufffd" in ask(own, "events/recent", length=200).text
    assert "\ufffd" not in json.dumps(told(own, "events/recent", length=200), ensure_ascii=False)


def test_a_doubled_root_is_not_well_formed(own: Running) -> None:
    own.fault(SLUG, "doubled_root")
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(ask(own, "events/picks").content)
    assert told(own, "events/picks")["status"] == "ok"
    assert ElementTree.fromstring(ask(own, "events/recent").content).attrib == {"status": "ok"}


def test_dates_may_be_missing_or_zero(own: Running) -> None:
    own.fault(SLUG, "missing_end")
    own.fault(SLUG, "zero_date")
    rows = events(own)
    assert len([row for row in rows if "end" not in row]) == 1
    assert len([row for row in rows if row["start"] == "0000-00-00 00:00:00"]) == 1


def test_an_ignored_offset_gives_the_first_page(own: Running) -> None:
    first = events(own, length=10)
    own.fault(SLUG, "ignored_offset")
    assert events(own, length=10, offset=40) == first


def test_an_error_as_a_page_is_500(own: Running) -> None:
    own.fault(SLUG, "500_html")
    answer = ask(own, "events/recent", format="json")
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "text/html; charset=utf-8")


# Changes ---------------------------------------------------------------------------------------------------


def test_changes_show_in_lists_and_details(own: Running) -> None:
    count = len(events(own))
    added = str(own.mutate(SLUG, "add_event", name="Late Addition")["id"])
    assert told(own, "events/detail", id=added)["event"]["name"] == "Late Addition"
    removed = str(own.mutate(SLUG, "remove_event")["id"])
    assert told(own, "events/detail", id=removed)["error"]["code"] == 201
    moved = own.mutate(SLUG, "move", seconds=86_400)
    assert told(own, "events/detail", id=moved["id"])["event"]["start"] == moved["after"]
    showing = str(own.mutate(SLUG, "remove_showing")["id"])
    event_id, _, special = showing.partition(":special:")
    left = told(own, "events/detail", id=event_id)["event"]["special_events"]
    assert special not in {one["id"] for one in left}
    assert len(events(own)) == count
    own.mutate(SLUG, "shrink", share=0.1)
    assert len(events(own)) < count / 8
    own.mutate(SLUG, "restore")
    assert len(events(own)) == count


@pytest.mark.parametrize(
    ("what", "arguments", "sentence"),
    [
        ("seats", {}, "no seats"),
        ("rename", {"id": "77"}, "no event"),
        ("move", {"id": "1:special:2"}, "no event"),
        ("shrink", {"share": 0}, "share"),
        ("break", {"how": "gently"}, "how"),
        ("explode", {}, "unknown mutation"),
    ],
)
def test_what_cannot_be_done_is_said(
    own: Running, what: str, arguments: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Impossible, match=sentence):
        own.mutate(SLUG, what, **arguments)
