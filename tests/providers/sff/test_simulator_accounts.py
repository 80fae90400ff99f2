"""OAuth, the plan and the tickets of the stand-in for the festival, held to the contract by plain requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from providers.sff.simulator import API_KEY, API_PASSWORD
from providers.simulation import Running, running

NOW = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
BACK = "http://localhost:8000/planner/linked/?from=festival"


@pytest.fixture(name="sim")
def _sim() -> Iterator[Running]:
    with running(["sff"], now=NOW, scale=300) as simulation:
        yield simulation


def _authorize(sim: Running, **parameters: str) -> str:
    given = {"client_id": API_KEY, "response_type": "code", "redirect_uri": BACK, **parameters}
    return f"{sim.base_url}/sff-site/oauth/authorize/?{urlencode(given)}"


def _answer(sim: Running, user: str = "demo", answer: str = "allow", **parameters: str) -> dict[str, str]:
    """Log in, answer the question, and read what the site sends back with the browser."""
    browser, url = requests.Session(), _authorize(sim, **parameters)
    browser.post(url, data={"username": user, "password": user}, timeout=5)
    sent = browser.post(url, data={"answer": answer}, timeout=5, allow_redirects=False)
    assert sent.status_code == 302
    assert sent.headers["Location"].startswith(BACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(sent.headers["Location"]).query).items()}


def _token(sim: Running, **form: str) -> requests.Response:
    given = {"client_id": API_KEY, "client_secret": API_PASSWORD, **form}
    return requests.post(f"{sim.base_url}/sff-site/oauth/token/", data=given, timeout=5)


def _exchange(sim: Running, code: str, redirect_uri: str = BACK) -> requests.Response:
    return _token(sim, grant_type="authorization_code", redirect_uri=redirect_uri, code=code)


def _refresh(sim: Running, token: str) -> requests.Response:
    return _token(sim, grant_type="refresh_token", refresh_token=token)


def _linked(sim: Running, user: str = "demo") -> dict[str, str]:
    return dict(_exchange(sim, _answer(sim, user)["code"]).json())


def _get(sim: Running, path: str) -> requests.Response:
    return requests.get(f"{sim.base_url}/sff/v1/{path}/format/json/API-Key/{API_KEY}", timeout=5)


def _post(sim: Running, function: str, **form: str) -> str:
    url = f"{sim.base_url}/sff/v1/myfestival/{function}/format/json/API-Key/{API_KEY}"
    answer = requests.post(url, data=form, timeout=5)
    assert answer.status_code == 200
    return str(answer.json()["status"])


def _festival(sim: Running) -> str:
    rows = _get(sim, "festivals/list").json()
    return str(next(row["festivalId"] for row in rows if row["festivalIsCurrent"] == "1"))


def _event(sim: Running, at: int = 10) -> str:
    return str(_get(sim, f"events/festival_list/festival_id/{_festival(sim)}").json()[at]["eventId"])


def test_a_browser_is_asked_to_log_in_then_to_allow(sim: Running) -> None:
    browser, url = requests.Session(), _authorize(sim)
    assert 'name="password"' in browser.get(url, timeout=5).text
    wrong = browser.post(url, data={"username": "demo", "password": "guess"}, timeout=5)
    assert (wrong.status_code, 'name="password"' in wrong.text) == (403, True)
    asked = browser.post(url, data={"username": "demo", "password": "demo"}, timeout=5)
    assert 'value="allow"' in asked.text
    assert 'value="allow"' in browser.get(url, timeout=5).text
    english = browser.get(url.replace("/oauth/", "/en/oauth/"), timeout=5)
    assert "Allow" in english.text


def test_the_site_sends_back_a_code_and_the_state(sim: Running) -> None:
    answer = _answer(sim, state="a&b=ö")
    assert answer["state"] == "a&b=ö"
    assert answer["from"] == "festival"
    assert re.fullmatch("[A-Za-z0-9]{32}", answer["code"])


def test_a_refusal_is_sent_back_as_access_denied(sim: Running) -> None:
    assert _answer(sim, answer="deny", state="x") == {
        "error": "access_denied",
        "state": "x",
        "from": "festival",
    }


@pytest.mark.parametrize("wrong", [{"client_id": "nobody"}, {"redirect_uri": "javascript:alert(1)"}])
def test_a_wrong_request_never_leaves_the_site(sim: Running, wrong: dict[str, str]) -> None:
    assert requests.get(_authorize(sim, **wrong), timeout=5, allow_redirects=False).status_code == 400


def test_a_code_gives_tokens_once(sim: Running) -> None:
    code = _answer(sim)["code"]
    answer = _exchange(sim, code)
    tokens = answer.json()
    assert set(tokens) == {"access_token", "expires_in", "scope", "refresh_token"}
    assert (tokens["expires_in"], tokens["scope"], len(tokens["access_token"])) == (7200, None, 32)
    again = _exchange(sim, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_a_code_is_bound_to_its_address_and_two_minutes(sim: Running) -> None:
    assert _exchange(sim, _answer(sim)["code"], "http://elsewhere/").json()["error"] == "invalid_grant"
    code = _answer(sim)["code"]
    sim.advance(121)
    assert _exchange(sim, code).json()["error"] == "invalid_grant"
    code = _answer(sim)["code"]
    sim.advance(119)
    assert _exchange(sim, code).status_code == 200


def test_a_refresh_token_rotates_and_the_old_one_dies(sim: Running) -> None:
    first = _linked(sim)
    second = _refresh(sim, first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert _refresh(sim, first["refresh_token"]).json()["error"] == "invalid_grant"
    sim.advance(5 * 365 * 86_400 - 60)
    third = _refresh(sim, second["refresh_token"]).json()
    sim.advance(5 * 365 * 86_400 + 60)
    assert _refresh(sim, third["refresh_token"]).json()["error"] == "invalid_grant"


def test_the_token_endpoint_names_its_errors(sim: Running) -> None:
    assert _token(sim, client_secret="wrong", grant_type="refresh_token").json()["error"] == "invalid_client"
    assert _token(sim, grant_type="password").json()["error"] == "unsupported_grant_type"
    asked = requests.get(f"{sim.base_url}/sff-site/oauth/token/", timeout=5)
    assert (asked.status_code, asked.json()["error"]) == (400, "invalid_request")


def test_a_refresh_happens_even_when_its_answer_is_lost(sim: Running) -> None:
    tokens = _linked(sim)
    sim.fault("sff", "reset", times=1, path="/oauth/token")
    with pytest.raises(requests.RequestException):
        _refresh(sim, tokens["refresh_token"])
    assert _refresh(sim, tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_an_access_token_lasts_two_hours(sim: Running) -> None:
    token = _linked(sim)["access_token"]
    assert _get(sim, f"tickets/cards/token/{token}").status_code == 200
    sim.advance(7_201)
    refused = _get(sim, f"tickets/cards/token/{token}")
    assert (refused.status_code, refused.json()) == (
        401,
        {"status": "error", "error": "Invalid access token."},
    )


def test_the_plan_is_added_to_and_removed_from(sim: Running) -> None:
    token, event = _linked(sim)["access_token"], _event(sim)
    listing = f"myfestival/list/festival_id/{_festival(sim)}/token/{token}"
    assert (_get(sim, listing).status_code, _get(sim, listing).json()) == (
        404,
        {"error": "No events could be found"},
    )
    assert _post(sim, "add", event_id=event, token=token) == "success"
    assert _post(sim, "add", event_id=event, token=token) == "warning"
    (row,) = _get(sim, listing).json()
    assert (row["eventId"], row["myfestivalHaveTicket"]) == (event, "false")
    assert _post(sim, "have_ticket", event_id=event, have_ticket="true", token=token) == "success"
    assert _post(sim, "have_ticket", event_id=event, have_ticket="true", token=token) == "warning"
    assert _get(sim, listing).json()[0]["myfestivalHaveTicket"] == "true"
    assert _post(sim, "remove", event_id=event, token=token) == "success"
    assert _post(sim, "remove", event_id=event, token=token) == "warning"
    assert _get(sim, listing).status_code == 404


def test_the_plan_refuses_what_makes_no_sense(sim: Running) -> None:
    token, event = _linked(sim)["access_token"], _event(sim)
    assert _post(sim, "add", event_id="1", token=token) == "error"
    assert _post(sim, "add", event_id=event, token="wrong") == "error"
    assert _post(sim, "remove", event_id="1", token=token) == "error"
    assert _post(sim, "have_ticket", event_id=event, have_ticket="true", token=token) == "error"
    _post(sim, "add", event_id=event, token=token)
    assert _post(sim, "have_ticket", event_id=event, have_ticket="maybe", token=token) == "error"
    assert _get(sim, "myfestival/add").json() == {"status": 0, "error": "Unknown method."}


def test_plans_of_two_users_are_apart(sim: Running) -> None:
    demo, guest = _linked(sim)["access_token"], _linked(sim, "guest")["access_token"]
    _post(sim, "add", event_id=_event(sim), token=demo)
    assert _get(sim, f"myfestival/list/festival_id/{_festival(sim)}/token/{guest}").status_code == 404


def test_tickets_of_the_newest_card_of_a_given_card_and_the_cards(sim: Running) -> None:
    demo, guest = _linked(sim)["access_token"], _linked(sim, "guest")["access_token"]
    cards = _get(sim, f"tickets/cards/token/{demo}").json()
    newest = max(cards, key=lambda card: int(card["cardRegisteredTimestamp"]))
    assert all(card["cardNumber"].startswith("000") for card in cards)
    tickets = _get(sim, f"tickets/list/token/{demo}").json()
    assert len(tickets) == 3
    assert {ticket["cardNumber"] for ticket in tickets} == {newest["cardNumber"]}
    by_card = f"tickets/card/card_number/{newest['cardNumber']}/token"
    assert _get(sim, f"{by_card}/{guest}").json() == tickets
    empty = _get(sim, f"tickets/list/token/{guest}")
    assert (empty.status_code, empty.json()) == (404, {"error": "No tickets could be found"})
    assert _get(sim, f"tickets/card/card_number/1/token/{demo}").status_code == 404
    assert _get(sim, f"tickets/card/token/{demo}").status_code == 400
