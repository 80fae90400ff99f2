"""The stand-in for Filmmakers' API, held to the contract by plain requests."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import requests
from PIL import Image

from aggregator.provider import HookCall, HookRefused
from providers.filmmakers import hook
from providers.filmmakers.simulator import API_KEY, SIMULATOR
from providers.filmmakers.simulator.api import ACCESS_TOKEN, AGENCY_KEY, CLIENT_ID, CLIENT_SECRET
from providers.filmmakers.simulator.words import LISTS, LOCALES
from providers.simulation import Running, running
from providers.simulation.simulator import Impossible
from tests.providers.filmmakers.visits import NOW, config_of

Received = tuple[dict[str, str], bytes]


def ask(
    sim: Running, path: str, key: str | None = f"Token token={API_KEY}", **params: Any
) -> requests.Response:
    headers = {"Authorization": key} if key else {}
    url = f"{sim.base_url}/filmmakers/api/v1/{path}"
    return requests.get(url, params=params, headers=headers, timeout=10)


@pytest.fixture(name="sim")
def _sim() -> Iterator[Running]:
    with running(["filmmakers"], now=NOW) as served:
        served.switch("filmmakers", "profiles", "12")
        yield served


def test_the_same_world_answers_the_same_to_the_byte(sim: Running) -> None:
    with running(["filmmakers"], now=NOW) as other:
        other.switch("filmmakers", "profiles", "12")
        for path in ("actor_profiles", "actor_profiles/4711", "attributes/languages", "talent_agencies/31"):
            one, two = (ask(served, path).text.replace(served.base_url, "") for served in (sim, other))
            assert one == two


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 401),
        ("Token token=wrong", 401),
        (API_KEY, 401),
        (f"Token token={API_KEY}", 200),
        (f'Token token="{API_KEY}"', 200),
        (f"Bearer {API_KEY}", 200),
        (f"Bearer {ACCESS_TOKEN}", 200),
    ],
)
def test_who_may_ask(sim: Running, header: str | None, status: int) -> None:
    answer = ask(sim, "actor_profiles", header)
    assert answer.status_code == status
    if status == 401:
        assert answer.text == "HTTP Token: Access denied.\n"
        assert answer.headers["WWW-Authenticate"] == 'Token realm="Application"'


def test_a_key_sees_its_scope_only(sim: Running) -> None:
    mine = [row["id"] for row in ask(sim, "actor_profiles", f"Bearer {AGENCY_KEY}").json()]
    everybody = [row["id"] for row in ask(sim, "actor_profiles").json()]
    assert 4711 in mine
    assert set(mine) < set(everybody)
    other = next(each for each in everybody if each not in mine)
    assert ask(sim, f"actor_profiles/{other}", f"Bearer {AGENCY_KEY}").status_code == 404


def test_tokens_are_given_in_the_newer_state_only(sim: Running) -> None:
    url = f"{sim.base_url}/filmmakers/oauth/token"
    form = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    token = requests.post(url, data=form, timeout=5).json()
    assert (token["expires_in"], token["created_at"]) == (7200, int(NOW.timestamp()))
    assert ask(sim, "actor_profiles", f"Bearer {token['access_token']}").status_code == 200
    assert requests.post(url, data=form | {"client_secret": "x"}, timeout=5).status_code == 401
    introspect = f"{sim.base_url}/filmmakers/oauth/introspect"
    answer = requests.post(introspect, data={"token": "x"}, auth=(CLIENT_ID, CLIENT_SECRET), timeout=5)
    assert answer.json() == {"active": False}
    sim.switch("filmmakers", "docs_state", "seed")
    assert requests.post(url, data=form, timeout=5).status_code == 404


def test_pages_are_described_in_headers(sim: Running) -> None:
    single = ask(sim, "actor_profiles")
    assert (single.headers["Total"], single.headers["Per-Page"]) == ("12", "250")
    assert "Link" not in single.headers
    second = ask(sim, "actor_profiles", page=2, per_page=5, fields="name,updated_at")
    assert len(second.json()) == 5
    assert second.headers["Per-Page"] == "5"
    assert list(second.links) == ["first", "prev", "last", "next"]
    assert second.links["next"]["url"].endswith("?fields=name%2Cupdated_at&page=3&per_page=5")
    beyond = ask(sim, "actor_profiles", page=9, per_page=5)
    assert (beyond.status_code, beyond.json()) == (200, [])
    assert ask(sim, "actor_profiles", per_page=1001).status_code == 400
    sim.switch("filmmakers", "docs_state", "seed")
    assert len(ask(sim, "actor_profiles", per_page=1001).json()) == 12


def test_fields_order_and_filters(sim: Running) -> None:
    assert set(ask(sim, "actor_profiles").json()[0]) == {"id", "name", "gender"}
    assert set(ask(sim, "actor_profiles", fields="updated_at,shoe_size").json()[0]) == {"id", "updated_at"}
    rows = ask(sim, "actor_profiles", fields="last_name,gender", order="last_name").json()
    assert [row["last_name"] for row in rows] == sorted(row["last_name"] for row in rows)
    ids = [row["id"] for row in ask(sim, "actor_profiles", direction="desc").json()]
    assert ids == sorted(ids, reverse=True)
    women = ask(sim, "actor_profiles", gender="f").json()
    assert {row["gender"] for row in women} == {"f"}
    assert women == ask(sim, "actor_profiles", gender="female").json()
    assert ask(sim, "actor_profiles", q="talb").json()[0]["id"] == 4711


def test_updated_at_is_asked_for_in_seconds_and_told_in_milliseconds(sim: Running) -> None:
    rows = ask(sim, "actor_profiles", fields="updated_at").json()
    stamps = {row["id"]: datetime.fromisoformat(row["updated_at"]) for row in rows}
    newest = max(stamps.values())
    found = ask(sim, "actor_profiles", **{"updated_at[gte]": int(newest.timestamp())}).json()
    assert [row["id"] for row in found] == [each for each, stamp in stamps.items() if stamp == newest]
    assert all(stamp <= NOW for stamp in stamps.values())


def test_pictures_in_the_list_take_two_switches(sim: Running) -> None:
    assert set(ask(sim, "actor_profiles", picture_version="large").json()[0]) == {"id", "name", "gender"}
    row = ask(sim, "actor_profiles", include_picture="true", picture_version="large").json()[0]
    assert row["main_picture_url_tile"].endswith("-thumb.jpg")
    assert row["picture_url"].endswith("-large.jpg")
    picture = requests.get(row["picture_url"], timeout=5, stream=True)
    assert Image.open(picture.raw).size == (750, 1000)


def test_two_profiles_are_gone(sim: Running) -> None:
    deleted, merged = ask(sim, "actor_profiles/4712"), ask(sim, "actor_profiles/4715")
    assert (deleted.status_code, deleted.json()) == (410, {"id": 4712, "status": "deleted"})
    assert (merged.status_code, merged.json()) == (410, {"id": 4715, "status": "merged", "new_id": 4711})
    sim.switch("filmmakers", "docs_state", "seed")
    assert {ask(sim, f"actor_profiles/{each}").status_code for each in (4712, 4715)} == {404}


def test_the_older_state_knows_less(sim: Running) -> None:
    current = ask(sim, "actor_profiles/4711").json()
    sim.switch("filmmakers", "docs_state", "seed")
    seed = ask(sim, "actor_profiles/4711").json()
    assert set(seed) < set(current)
    newer = set(current) - set(seed)
    assert {"profile_visibility", "talent_agency_connections", "main_profession", "about_me"} <= newer
    assert seed["vita"]["film"][0]["info"] == ""
    assert "employees" not in ask(sim, "talent_agencies/31").json()


def test_the_301st_request_of_a_window_is_refused_whatever_the_key(sim: Running) -> None:
    sim.switch("filmmakers", "quota", "10")
    statuses = [ask(sim, "attributes", key).status_code for key in (f"Bearer {AGENCY_KEY}", None) * 5]
    assert 429 not in statuses
    refused = ask(sim, "actor_profiles")
    reset = int(refused.headers["Ratelimit-Reset"])
    assert (refused.status_code, refused.headers["Ratelimit-Remaining"]) == (429, "0")
    assert refused.headers["Ratelimit-Limit"] == "10"
    assert (reset % 300, 0 < reset - NOW.timestamp() <= 300) == (0, True)
    sim.advance(reset - NOW.timestamp())
    assert ask(sim, "actor_profiles").status_code == 200


def test_closed_lists_have_texts_in_nine_languages(sim: Running) -> None:
    names = ask(sim, "attributes/").json()
    assert names == sorted(names)
    assert len(names) == 30
    assert set(names) == set(LISTS)
    texts = {ask(sim, "attributes/languages", locale=locale).json()["franzosisch"] for locale in LOCALES}
    assert len(texts) == 9
    english = ask(sim, "attributes/languages").json()
    assert ask(sim, "attributes/languages", locale="xx").json() == english
    assert ask(sim, "attributes/shoes").status_code == 404


def test_translation_changes_types(sim: Running) -> None:
    plain = ask(sim, "actor_profiles/4711", locale="de").json()
    german = ask(sim, "actor_profiles/4711", enum="translate", locale="de").json()
    english = ask(sim, "actor_profiles/4711", enum="translate").json()
    assert isinstance(plain["languages"], dict)
    assert german["languages"].startswith("Deutsch (muttersprachlich), ")
    assert english["languages"].startswith("German (native), ")
    assert (german["gender"], english["gender"]) == ("weiblich", "female")
    assert (german["country"], english["country"]) == ("Deutschland", "Germany")
    assert (german["licenses"], german["city"], german["vita"]) == ("", "Berlin", plain["vita"])


def test_any_origin_may_ask_whatever_comes_of_it(sim: Running) -> None:
    url = f"{sim.base_url}/filmmakers/api/v1/actor_profiles"
    answer = requests.get(url, headers={"Origin": "https://www.example.com"}, timeout=5)
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET"
    assert "Access-Control-Allow-Origin" not in ask(sim, "actor_profiles").headers


def test_every_fault_of_its_own_does_something(sim: Running) -> None:
    plain = {path: ask(sim, path).text for path in ("actor_profiles", "actor_profiles/4714")}
    for fault in SIMULATOR.faults:
        sim.fault("filmmakers", fault)
        spoiled = {path: ask(sim, path) for path in plain}
        changed = [path for path in plain if spoiled[path].text != plain[path]]
        assert changed or "127.0.0.2" in spoiled["actor_profiles"].headers.get("Link", ""), fault
        sim.clear()
    sim.fault("filmmakers", "duplicate_key")
    assert json.loads(ask(sim, "actor_profiles/4714").content)["filmmakers_url"] is None


@pytest.mark.parametrize("what", ["seats", "move", "remove_showing", "dance"])
def test_what_makes_no_sense_here_is_impossible(sim: Running, what: str) -> None:
    with pytest.raises(Impossible, match="unknown mutation"):
        sim.mutate("filmmakers", what)


def test_mutations_are_seen_and_taken_back(sim: Running) -> None:
    before = ask(sim, "actor_profiles").text
    sim.mutate("filmmakers", "rename", id=4713, name="Anna Bella Nova")
    sim.mutate("filmmakers", "remove_event", id=4714)
    added = sim.mutate("filmmakers", "add_event")["id"]
    rows = {row["id"]: row["name"] for row in ask(sim, "actor_profiles").json()}
    assert rows[4713] == "Anna Bella Nova"
    assert 4714 not in rows
    assert rows[added] == "Greta Neuling"
    detail = ask(sim, "actor_profiles/4713").json()
    assert (detail["first_name"], detail["last_name"]) == ("Anna Bella", "Nova")
    assert datetime.fromisoformat(detail["updated_at"]) == NOW
    sim.mutate("filmmakers", "shrink", share=0.5)
    assert len(ask(sim, "actor_profiles").json()) < 9
    sim.mutate("filmmakers", "restore")
    assert ask(sim, "actor_profiles").text == before


# Webhooks --------------------------------------------------------------------------------------------------


@contextmanager
def receiver(statuses: list[int]) -> Iterator[tuple[str, list[Received]]]:
    """A server that keeps what it is sent; it answers with *statuses* in turn, then with 200."""
    received: list[Received] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(statuses.pop(0) if statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/hooks/filmmakers/", received
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def events(sim: Running, received: list[Received]) -> list[tuple[str, str]]:
    """Action and id of what came, as our own verification reads it; ``refused`` for a bad signature."""
    found = []
    for headers, body in received:
        try:
            event = hook.read(HookCall(headers, body, sim.now()), config_of(sim))
        except HookRefused:
            found.append(("refused", ""))
        else:
            found.append((event.action, event.document))
    return found


@pytest.mark.parametrize("spelling", ["blank", "plain"])
def test_changes_are_sent_signed_and_our_own_verification_takes_them(sim: Running, spelling: str) -> None:
    sim.switch("filmmakers", "signature_header", spelling)
    with receiver([]) as (url, received):
        sim.mutate("filmmakers", "subscribe", url=url)
        sim.mutate("filmmakers", "edit", id=4713)
        sim.mutate("filmmakers", "delete", id=4714)
        result = sim.mutate("filmmakers", "deliver", unknown=True)
    assert (result["accepted"], result["waiting"]) == (3, 0)
    assert events(sim, received) == [("refresh", "4713"), ("forget", "4714"), ("ignore", "")]
    assert (", v1=" in received[0][0]["x-signature"]) is (spelling == "blank")
    assert received[0][0]["content-type"] == "application/json"


def test_updates_shortly_after_each_other_are_one_event(sim: Running) -> None:
    with receiver([]) as (url, received):
        sim.mutate("filmmakers", "subscribe", url=url, grouping=30)
        for _ in range(3):
            sim.mutate("filmmakers", "edit", id=4713)
            sim.advance(5)
        assert sim.mutate("filmmakers", "deliver")["sent"] == 0
        sim.advance(30)
        assert sim.mutate("filmmakers", "deliver")["accepted"] == 1
    assert len(received) == 1


def test_it_tries_again_with_doubling_delays_until_it_is_heard(sim: Running) -> None:
    with receiver([500, 403, 204]) as (url, received):
        sim.mutate("filmmakers", "subscribe", url=url)
        sim.mutate("filmmakers", "edit", id=4713)
        sent = []
        for _ in range(12):
            sent.append(sim.mutate("filmmakers", "deliver")["sent"])
            sim.advance(60)
    assert sent == [1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0]
    assert len({headers["x-signature"] for headers, _ in received}) == 4
    assert len({body for _, body in received}) == 1


def test_it_gives_up_on_somebody_who_never_answers(sim: Running) -> None:
    sim.mutate("filmmakers", "subscribe", url="http://127.0.0.1:9/")
    sim.mutate("filmmakers", "edit", id=4713)
    for _ in range(8):
        result = sim.mutate("filmmakers", "deliver")
        sim.advance(timedelta(days=1).total_seconds())
    assert (result["waiting"], result["given_up"]) == (0, 1)


def test_a_kept_signature_is_the_same_in_every_try(sim: Running) -> None:
    sim.switch("filmmakers", "retry_signature", "kept")
    with receiver([500]) as (url, received):
        sim.mutate("filmmakers", "subscribe", url=url)
        sim.mutate("filmmakers", "edit", id=4713)
        sim.mutate("filmmakers", "deliver")
        sim.advance(60)
        sim.mutate("filmmakers", "deliver")
    assert len({headers["x-signature"] for headers, _ in received}) == 1


def test_events_come_twice_in_another_order_and_with_bad_signatures(sim: Running) -> None:
    ids = [4711, 4713, 4714, 4716, 4717, 4718, 4719, 4720, 4721, 4722]
    with receiver([]) as (url, received):
        sim.mutate("filmmakers", "subscribe", url=url)
        for each in ids:
            sim.mutate("filmmakers", "edit", id=each)
        sim.mutate("filmmakers", "deliver", twice=True, shuffle="x", bad=0.5)
    found = events(sim, received)
    good = [document for action, document in found if action == "refresh"]
    assert sorted(good) == sorted(str(each) for each in ids * 2)
    assert good[::2] != [str(each) for each in ids]
    assert 0 < found.count(("refused", "")) < 10


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "http://192.0.2.1/", "", "ftp://127.0.0.1/"])
def test_it_sends_to_this_machine_only(sim: Running, url: str) -> None:
    with pytest.raises(Impossible, match="this machine"):
        sim.mutate("filmmakers", "subscribe", url=url)
