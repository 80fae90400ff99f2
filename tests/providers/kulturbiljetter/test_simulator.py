"""The stand-in for the ticket shop, held to the contract by plain requests."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from PIL import Image

from providers.kulturbiljetter.simulator import API_KEY
from providers.simulation import Running, running
from providers.simulation.simulator import Impossible

NOW = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
HEADERS = {"Authorization": f"Token {API_KEY}"}
DAY = 86_400

Detail = dict[str, Any]


@pytest.fixture(name="sim", scope="module")
def _sim() -> Iterator[Running]:
    with running(["kulturbiljetter"], now=NOW, scale=300) as simulation:
        yield simulation


@pytest.fixture(name="own")
def _own() -> Iterator[Running]:
    """One that a test may change."""
    with running(["kulturbiljetter"], now=NOW, scale=300) as simulation:
        yield simulation


def _ask(sim: Running, path: str = "", version: int = 2, **headers: str) -> requests.Response:
    url = f"{sim.base_url}/kulturbiljetter/api/v{version}/events/{path}"
    return requests.get(url, headers={**HEADERS, **headers}, timeout=10, allow_redirects=False)


def _etags(sim: Running, version: int = 2) -> dict[int, str]:
    return {entry["event_id"]: entry["ETag"] for entry in _ask(sim, version=version).json().values()}


def _details(sim: Running, version: int = 2) -> dict[int, Detail]:
    return {event_id: _ask(sim, str(event_id), version).json() for event_id in _etags(sim, version)}


def _dates(details: dict[int, Detail]) -> dict[tuple[int, int], Detail]:
    return {
        (event_id, date["date_id"]): date
        for event_id, detail in details.items()
        for date in detail["dates"].values()
    }


# Access and errors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [None, f"Bearer {API_KEY}", f"token {API_KEY}", "Token wrong", API_KEY])
def test_only_the_word_token_and_the_right_key_open(own: Running, header: str | None) -> None:
    url = f"{own.base_url}/kulturbiljetter/api/v2/events/"
    headers = {} if header is None else {"Authorization": header}
    answer = requests.get(url, headers=headers, timeout=5)
    assert (answer.status_code, answer.json()) == (401, {"error": "Ogiltig API-nyckel"})
    own.switch("kulturbiljetter", "bad_key", "403")
    assert requests.get(url, headers=headers, timeout=5).status_code == 403


@pytest.mark.parametrize(("path", "status"), [("abc", 400), ("-1", 400), ("1", 404), ("99999999999", 404)])
def test_an_id_that_is_none_is_400_and_one_of_nobody_404(sim: Running, path: str, status: int) -> None:
    answer = _ask(sim, path)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_only_get_is_answered(sim: Running) -> None:
    url = f"{sim.base_url}/kulturbiljetter/api/v2/events/"
    assert requests.post(url, headers=HEADERS, timeout=5).status_code == 405


def test_the_list_is_found_without_its_slash_or_redirects_to_it(own: Running) -> None:
    url = f"{own.base_url}/kulturbiljetter/api/v2/events"
    assert requests.get(url, headers=HEADERS, timeout=5).json() == _ask(own).json()
    own.switch("kulturbiljetter", "slashless_list", "redirect")
    answer = requests.get(url, headers=HEADERS, timeout=5, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (301, "/kulturbiljetter/api/v2/events/")


# List and details ------------------------------------------------------------------------------------------


def test_the_list_is_an_object_with_running_keys_in_order_of_id(sim: Running) -> None:
    answer = _ask(sim)
    assert answer.headers["Content-Type"] == "application/json"
    entries = answer.json()
    assert list(entries) == [str(at) for at in range(len(entries))]
    ids = [entry["event_id"] for entry in entries.values()]
    assert ids == sorted(set(ids))
    for entry in entries.values():
        assert set(entry) == {"event_id", "organizer_id", "ETag"}
        assert re.fullmatch("[0-9a-f]{32}", entry["ETag"])


def test_an_empty_list_is_an_object_or_a_list(own: Running) -> None:
    own.fault("kulturbiljetter", "404_empty")
    assert (_ask(own).status_code, _ask(own).content) == (200, b"{}")
    own.switch("kulturbiljetter", "empty_list", "array")
    assert _ask(own).content == b"[]"


def test_details_have_the_documented_fields(sim: Running) -> None:
    entries = {entry["event_id"]: entry for entry in _ask(sim).json().values()}
    for event_id, detail in _details(sim).items():
        assert set(detail) == {
            "title", "presentation_short", "presentation_long", "unixtime_release", "organizer", "images",
            "trailers", "dates", "locations", "url_checkout", "url_event_page", "url_organizer_serp",
        }  # fmt: skip
        assert detail["organizer"]["organizer_id"] == entries[event_id]["organizer_id"]
        assert "/arrangör/" in detail["url_organizer_serp"]
        assert f"/evenemang/{event_id}/" in detail["url_event_page"]
        locations = {place["location_id"] for place in detail["locations"].values()}
        assert list(detail["locations"]) == [str(at) for at in range(len(locations))]
        for date in detail["dates"].values():
            assert set(date) == {
                "date_id", "location_id", "unixtime_open", "unixtime_start", "ticket_amount", "ticket_available",
                "date_only", "url_checkout",
            }  # fmt: skip
            assert date["location_id"] in locations
            assert f"/varukorg/{event_id}/{date['date_id']}/" in date["url_checkout"]


def test_version_three_adds_prices_and_keys_places_by_id(own: Running) -> None:
    details = _details(own, version=3)
    assert {bool(detail["price_min"]) for detail in details.values()} == {True, False}
    for detail in details.values():
        assert detail["price_min"] is None or re.fullmatch(r"\d+\.00", detail["price_min"])
        assert list(detail["locations"]) == [
            str(place["location_id"]) for place in detail["locations"].values()
        ]
    own.switch("kulturbiljetter", "v3_locations", "index")
    assert all(next(iter(detail["locations"])) == "0" for detail in _details(own, version=3).values())
    assert all("price_min" not in detail for detail in _details(own, version=2).values())


def test_the_world_holds_every_case_of_the_contract(sim: Running) -> None:
    details = _details(sim)
    dates = _dates(details)
    now = NOW.timestamp()
    places = [place for detail in details.values() for place in detail["locations"].values()]
    texts = "".join(detail["presentation_long"] + detail["presentation_short"] for detail in details.values())
    assert any(len(detail["locations"]) > 2 for detail in details.values())
    assert {date["date_only"] for date in dates.values()} == {True, False}
    assert any(date["ticket_available"] == 0 for date in dates.values())
    assert any(date["unixtime_open"] is None for date in dates.values())
    assert any(date["unixtime_start"] < now for date in dates.values())
    assert any(detail["unixtime_release"] > now for detail in details.values())
    assert any(place["name"] is None for place in places)
    assert any(place["name"] is not None and place["street"] is None for place in places)
    assert any(detail["images"] is None for detail in details.values())
    assert any(len(detail["images"] or {}) > 1 for detail in details.values())
    assert {detail["trailers"] is None for detail in details.values()} == {True, False}
    assert {detail["organizer"]["logo"] is None for detail in details.values()} == {True, False}
    assert any(detail["presentation_long"] == "" for detail in details.values())
    assert any("&" in detail["title"] for detail in details.values())
    assert any('"' in detail["title"] for detail in details.values())
    assert "&lt;script&gt;" in texts
    assert "&nbsp;" in texts
    assert "<script" not in texts


def test_only_both_ids_together_name_a_showing(sim: Running) -> None:
    dates = [
        (event_id, date["date_id"])
        for event_id, detail in _details(sim).items()
        for date in detail["dates"].values()
    ]
    assert max(Counter(dates).values()) == 1
    assert max(Counter(date_id for _, date_id in dates).values()) > 1


def test_every_nullable_field_can_be_null_and_empty_collections_take_three_shapes(own: Running) -> None:
    own.switch("kulturbiljetter", "nulls", "all")
    event_id = next(iter(_etags(own)))
    for setting, empty in (("null", None), ("object", {}), ("array", [])):
        own.switch("kulturbiljetter", "empty_collections", setting)
        detail = _ask(own, str(event_id)).json()
        assert (detail["images"], detail["trailers"], detail["organizer"]["logo"]) == (empty, empty, None)
        assert set(next(iter(detail["locations"].values())).values()) == {
            None, next(iter(detail["locations"].values()))["location_id"],
        }  # fmt: skip
        assert next(iter(detail["dates"].values()))["ticket_available"] is None


def test_letters_are_escaped_or_raw(own: Running) -> None:
    event_id = str(next(iter(_etags(own))))
    escaped = _ask(own, event_id)
    assert escaped.content.isascii()
    assert b"http:\\/\\/" in escaped.content
    own.switch("kulturbiljetter", "escapes", "raw")
    raw = _ask(own, event_id)
    assert "arrangör" in raw.content.decode()
    assert raw.json() == escaped.json()


def test_pictures_and_pages_are_served_where_documents_say(sim: Running) -> None:
    details = list(_details(sim).values())
    image = next(detail["images"]["0"] for detail in details if detail["images"])
    logo = next(detail["organizer"]["logo"] for detail in details if detail["organizer"]["logo"])
    for url, size in ((image, (1280, 720)), (logo, (240, 240))):
        with Image.open(io.BytesIO(requests.get(url, timeout=5).content)) as picture:
            assert (picture.format, picture.size) == ("JPEG", size)
    for name in ("url_checkout", "url_event_page", "url_organizer_serp"):
        assert requests.get(details[0][name], timeout=5).status_code == 200


# ETags -----------------------------------------------------------------------------------------------------


def test_the_etag_of_the_list_is_the_one_of_the_details(sim: Running) -> None:
    for version in (2, 3):
        for event_id, etag in list(_etags(sim, version).items())[:20]:
            assert _ask(sim, str(event_id), version).headers["ETag"] == f'"{etag}"'


def test_a_quoted_etag_that_matches_is_answered_with_304(sim: Running) -> None:
    event_id, etag = next(iter(_etags(sim).items()))
    answer = _ask(sim, str(event_id), **{"If-None-Match": f'"{etag}"'})
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", f'"{etag}"')
    assert sim.requests[-1].headers["if-none-match"] == f'"{etag}"'
    for other in (etag, '"0123456789abcdef0123456789abcdef"', f'W/"{etag}"'):
        assert _ask(sim, str(event_id), **{"If-None-Match": other}).status_code == 200


def test_unquoted_and_weak_etags_can_be_allowed(own: Running) -> None:
    event_id, etag = next(iter(_etags(own).items()))
    own.switch("kulturbiljetter", "unquoted_etag", "accept")
    assert _ask(own, str(event_id), **{"If-None-Match": etag}).status_code == 304
    own.switch("kulturbiljetter", "weak_etag", "on")
    weak = _ask(own, str(event_id), **{"If-None-Match": f'W/"{etag}"'})
    assert (weak.status_code, weak.headers["ETag"]) == (304, f'W/"{etag}"')


def test_seats_drift_without_touching_the_etag(own: Running) -> None:
    etags, before = _etags(own), _dates(_details(own))
    own.advance(6 * 3600)
    after = _dates(_details(own))
    drifted = [
        key for key in before.keys() & after.keys()
        if before[key]["ticket_available"] != after[key]["ticket_available"]
    ]  # fmt: skip
    assert drifted
    same = {key[0] for key in drifted if _etags(own).get(key[0]) == etags[key[0]]}
    assert len(same) > 3
    sold = own.mutate("kulturbiljetter", "seats", value=0)
    event_id = int(str(sold["id"]).split(":")[0])
    conditional = _ask(own, str(event_id), **{"If-None-Match": f'"{_etags(own)[event_id]}"'})
    assert conditional.status_code == 304
    date_id = int(str(sold["id"]).split(":")[1])
    dates = _ask(own, str(event_id)).json()["dates"].values()
    assert [date["ticket_available"] for date in dates if date["date_id"] == date_id] == [0]


def test_events_appear_change_and_vanish_as_time_goes_by(own: Running) -> None:
    before = _etags(own)
    own.advance(8 * DAY)
    after = _etags(own)
    gone, new = before.keys() - after.keys(), after.keys() - before.keys()
    assert gone
    assert new
    assert any(before[event_id] != after[event_id] for event_id in before.keys() & after.keys())
    assert sum(before[event_id] == after[event_id] for event_id in before.keys() & after.keys()) > 30
    assert all(_ask(own, str(event_id)).status_code == 404 for event_id in gone)


# World, faults, mutations ----------------------------------------------------------------------------------


def test_the_same_arguments_give_the_same_answers_and_another_seed_others() -> None:
    def bodies(seed: int, port: int) -> list[bytes]:
        with running(["kulturbiljetter"], now=NOW, seed=seed, scale=80, port=port) as sim:
            ports.append(sim.port)
            return [_ask(sim).content, *(_ask(sim, str(event_id)).content for event_id in _etags(sim))]

    ports: list[int] = []
    first = bodies(3, 0)
    assert bodies(3, ports[0]) == first
    assert bodies(4, ports[0]) != first


@pytest.mark.parametrize("scale", [100, 800])
def test_holds_about_as_many_showings_as_asked_for(scale: int) -> None:
    with running(["kulturbiljetter"], now=NOW, scale=scale) as sim:
        assert 0.7 * scale < len(_dates(_details(sim))) < 1.3 * scale


@pytest.mark.parametrize("days", [0, 3, 17, 200])
def test_there_is_always_something_on_tonight_and_in_the_coming_weeks(own: Running, days: int) -> None:
    own.advance(days * DAY)
    now = own.now().timestamp()
    starts = [date["unixtime_start"] for date in _dates(_details(own)).values()]
    assert any(now < start < now + 6 * 3600 for start in starts)
    for week in range(1, 5):
        assert any(now + week * 7 * DAY < start < now + (week + 1) * 7 * DAY for start in starts)


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("wrong_types", lambda detail: isinstance(detail["title"], list)),
        ("missing_field", lambda detail: "title" not in detail),
        ("bad_timestamps", lambda detail: detail["dates"]["0"]["unixtime_start"] > 10**15),
    ],
)
def test_one_document_of_many_is_spoiled(own: Running, name: str, holds: Any) -> None:
    own.fault("kulturbiljetter", name)
    assert sum(bool(holds(detail)) for detail in _details(own).values()) == 1


def test_one_document_holds_a_byte_that_is_no_utf8(own: Running) -> None:
    own.fault("kulturbiljetter", "invalid_utf8")
    bodies = [_ask(own, str(event_id)).content for event_id in _etags(own)]
    assert sum(body.count(b"\xff") for body in bodies) == 1


def test_the_list_repeats_an_id_and_everything_has_unknown_fields(own: Running) -> None:
    own.fault("kulturbiljetter", "duplicate_ids")
    ids = [entry["event_id"] for entry in _ask(own).json().values()]
    assert len(ids) == len(set(ids)) + 1
    own.fault("kulturbiljetter", "unknown_fields")
    assert all("xFuture" in entry for entry in _ask(own).json().values())
    assert "xFuture" in _ask(own, str(ids[0])).json()


def test_its_own_faults(own: Running) -> None:
    own.fault("kulturbiljetter", "race")
    missing = [event_id for event_id in _etags(own) if _ask(own, str(event_id)).status_code == 404]
    assert len(missing) == 1
    own.fault("kulturbiljetter", "400_message")
    assert (_ask(own).status_code, _ask(own).json()) == (400, {"error": "Ogiltigt anrop"})
    own.clear()
    own.fault("kulturbiljetter", "500_html")
    assert (_ask(own).status_code, _ask(own).headers["Content-Type"]) == (500, "text/html; charset=utf-8")


def test_changes_move_the_etag_of_one_event(own: Running) -> None:
    before = _etags(own)

    def changed() -> set[int]:
        return {event_id for event_id, etag in _etags(own).items() if before.get(event_id) != etag}

    for what in ("rename", "move", "remove_showing", "break"):
        touched = own.mutate("kulturbiljetter", what)
        assert changed() == {int(str(touched["id"]).split(":")[0])}, what
        own.mutate("kulturbiljetter", "restore")
        assert changed() == set()


def test_changes_are_seen_in_the_details(own: Running) -> None:
    renamed = own.mutate("kulturbiljetter", "rename", name="Å & Ö")
    detail = _ask(own, str(renamed["id"])).json()
    assert detail["title"] == "Å & Ö"
    assert detail["url_event_page"].endswith("/a-o/")
    moved = own.mutate("kulturbiljetter", "move", seconds=7200, venue=3001)
    event_id, date_id = map(int, str(moved["id"]).split(":"))
    dates = _ask(own, str(event_id)).json()["dates"].values()
    (date,) = [date for date in dates if date["date_id"] == date_id]
    assert (date["unixtime_start"], date["location_id"]) == (moved["after"], 3001)
    assert int(str(moved["after"])) - int(str(moved["before"])) == 7200


def test_events_come_and_go(own: Running) -> None:
    before = _etags(own)
    removed = own.mutate("kulturbiljetter", "remove_event")
    added = own.mutate("kulturbiljetter", "add_event", name="Lucka 24")
    after = _etags(own)
    assert before.keys() - after.keys() == {removed["id"]}
    assert after.keys() - before.keys() == {added["id"]}
    assert _ask(own, str(removed["id"])).status_code == 404
    assert _ask(own, str(added["id"])).json()["title"] == "Lucka 24"
    own.mutate("kulturbiljetter", "shrink", share=0.1)
    assert len(_etags(own)) < len(before) / 5
    own.mutate("kulturbiljetter", "restore")
    assert _etags(own) == before


def test_mutations_that_make_no_sense_are_refused(own: Running) -> None:
    refused: tuple[tuple[str, dict[str, object]], ...] = (
        ("grow", {}), ("shrink", {"share": 2}), ("rename", {"id": "1"}), ("break", {"how": "gently"}),
    )  # fmt: skip
    for what, arguments in refused:
        with pytest.raises(Impossible):
            own.mutate("kulturbiljetter", what, **arguments)
