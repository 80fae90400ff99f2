"""``/api/v1/me/``: the rules of the page, for sessions and for keys with scopes; and nobody reaches anybody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from aggregator.api import keys
from aggregator.api.problems import CODES
from planner import access, plan
from planner.models import Card, Entry, Link
from planner.vocabulary import TicketMark
from tests.factories import make_event, make_showing
from tests.planner.people import make_person

pytestmark = pytest.mark.django_db
PATHS = ("", "plan/", "tickets/", "cards/", "link/", "export/")


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.tasks._send", lambda *_: None)


@pytest.fixture(name="showing")
def _showing() -> Any:
    return make_showing(make_event(), starts_at=timezone.now() + timedelta(hours=3))


@pytest.fixture(name="me")
def _me(client: Client, person: Any) -> Client:
    client.force_login(person)
    return client


def _key(person: Any, *scopes: str) -> dict[str, str]:
    issued = keys.make(person, "k", timezone.now())
    access.grant(issued.key.pk, scopes)
    return {"authorization": f"Bearer {issued.secret}"}


def _post(client: Client, path: str, body: Any, **more: Any) -> Any:
    return client.post(f"/api/v1/me/{path}", body, content_type="application/json", **more)


def test_a_plan_is_read_and_edited(me: Client, showing: Any) -> None:
    made = _post(me, "plan/", {"showing": showing.pk, "intent": "must"})
    assert made.status_code == 201
    assert (made.json()["intent"], made.json()["sync"], made.json()["obstacle"]) == ("must", "local", "none")
    path = f"/api/v1/me/plan/{showing.pk}/"
    patched = me.patch(path, {"ticket": "held"}, content_type="application/json")
    assert patched.json()["ticket"] == "held"
    assert [one["showing"] for one in me.get("/api/v1/me/plan/").json()["results"]] == [showing.pk]
    refused = me.delete(path)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert me.delete(f"{path}?confirm=true").status_code == 204
    assert me.get(path).status_code == 404


@pytest.mark.parametrize(
    "body",
    [{}, [], {"showing": "1"}, {"showing": True}, {"showing": -1}, {"showing": 10**30}, {"showing": None}],
)
def test_what_names_no_showing_is_refused(me: Client, body: Any) -> None:
    response = _post(me, "plan/", body)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_words_are_closed(me: Client, showing: Any) -> None:
    assert _post(me, "plan/", {"showing": showing.pk, "intent": "perhaps"}).json()["known"] == [
        "must",
        "want",
        "maybe",
        "going",
    ]
    assert _post(me, "plan/", {"showing": 4711}).status_code == 404


def test_nobody_is_nobody(client: Client) -> None:
    for path in PATHS:
        response = client.get(f"/api/v1/me/{path}")
        assert response.status_code in (401, 403), path
        assert response["Cache-Control"] == "private, no-store"


def test_a_session_needs_its_csrf_token(person: Any, showing: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    assert _post(strict, "plan/", {"showing": showing.pk}).status_code == 403
    assert strict.delete("/api/v1/me/link/").status_code == 403
    assert strict.get("/api/v1/me/plan/").status_code == 200


def test_a_key_may_do_what_its_owner_said(client: Client, person: Any, showing: Any) -> None:
    none, reading, writing = _key(person), _key(person, access.READ), _key(person, access.WRITE)
    body = {"showing": showing.pk}
    assert client.get("/api/v1/me/plan/", headers=none).status_code == 403
    assert client.get("/api/v1/me/plan/", headers=reading).status_code == 200
    assert _post(client, "plan/", body, headers=reading).status_code == 403
    assert _post(client, "plan/", body, headers=writing).status_code == 201
    assert client.get("/api/v1/me/export/", headers=writing).status_code == 403
    assert client.delete("/api/v1/me/link/", headers=writing).status_code == 403
    assert client.get("/api/v1/me/plan/", headers={"authorization": "Bearer mq_nothing"}).status_code == 401


def test_cards_are_named_by_their_end(me: Client) -> None:
    made = _post(me, "cards/", {"number": "0004711001"})
    assert made.status_code == 201
    assert made.json()["ends_in"] == "001"
    assert "0004711001" not in me.get("/api/v1/me/cards/").content.decode()
    assert _post(me, "cards/", {"number": "…"}).status_code == 400
    assert me.delete(f"/api/v1/me/cards/{made.json()['id']}/").status_code == 204
    assert not Card.objects.exists()


def test_nobody_reaches_anybody_else(
    person: Any, showing: Any, client: Client, link: Link, festival: Any
) -> None:
    """Every address of ``me/`` and of the planner's pages, walked by somebody else with the person's ids."""
    entry = plan.add(person.pk, showing.pk, timezone.now())
    plan.set_ticket(person.pk, entry.pk, TicketMark.HELD, timezone.now())
    card = Card.objects.create(user=person, number="x", digest="x", tail="007", created_at=timezone.now())
    revision = Entry.objects.get(pk=entry.pk).revision
    client.force_login(make_person("bob"))
    for path in PATHS:
        assert "Nattlinjen" not in client.get(f"/api/v1/me/{path}").content.decode()
    for path in (f"plan/{showing.pk}/", f"cards/{card.pk}/"):
        assert client.get(f"/api/v1/me/{path}").status_code == 404
        assert client.delete(f"/api/v1/me/{path}").status_code == 404
    assert client.delete(f"/api/v1/me/plan/{showing.pk}/?confirm=true").status_code == 404
    for do, value in [
        ("remove", ""),
        ("intent", "must"),
        ("ticket", "none"),
        ("keep", ""),
        ("take", ""),
        ("retry", ""),
    ]:
        client.post(f"/planner/entries/{entry.pk}/", {"do": do, "value": value, "sure": "yes"})
    client.post("/planner/cards/", {"do": "forget", "card": card.pk})
    client.post("/planner/questions/", {"do": "take", "group": ""})
    client.post("/planner/link/unlink/")
    client.delete("/api/v1/me/link/")
    for path in ("/planner/", "/planner/cards/", "/planner/link/"):
        text = client.get(path).content.decode()
        assert "Nattlinjen" not in text
        assert "007" not in text
    assert Entry.objects.get(pk=entry.pk).revision == revision
    assert Card.objects.filter(pk=card.pk).exists()
    assert Link.objects.filter(pk=link.pk).exists()


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
@pytest.mark.parametrize("path", ["plan", "cards"])
def test_a_number_beyond_all_ids_is_no_address(me: Client, method: str, path: str) -> None:
    answer = getattr(me, method)(f"/api/v1/me/{path}/{10**30}/", content_type="application/json")
    assert answer.status_code in (404, 405)


@pytest.mark.parametrize("value", [[], {}, 1, True, "perhaps", "\0", [["must"]]])
@pytest.mark.parametrize("name", ["intent", "ticket", "answer"])
def test_what_is_no_word_is_refused(me: Client, showing: Any, person: Any, name: str, value: Any) -> None:
    plan.add(person.pk, showing.pk, timezone.now())
    path = f"/api/v1/me/plan/{showing.pk}/"
    answer = me.patch(path, {name: value}, content_type="application/json")
    assert (answer.status_code, answer.json()["parameter"]) == (400, name)


@pytest.mark.parametrize("body", ["[" * 200_000, '{"a":' * 100_000, "9" * 10_000, "{", "\0", "nan"])
def test_a_body_that_nobody_can_read_is_refused(me: Client, body: str) -> None:
    for path in ("plan/", "cards/"):
        answer = me.post(f"/api/v1/me/{path}", body, content_type="application/json")
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"


def test_what_is_not_known_is_refused(me: Client, showing: Any) -> None:
    for path in PATHS:
        answer = me.get(f"/api/v1/me/{path}?surprise=1")
        assert (answer.status_code, answer.json()["code"]) == (400, "unknown-parameter"), path
    made = _post(me, "plan/", {"showing": showing.pk, "intnet": "must"})
    assert (made.status_code, made.json()["suggestion"]) == (400, "intent")
    assert not Entry.objects.exists()
    _post(me, "plan/", {"showing": showing.pk})
    path = f"/api/v1/me/plan/{showing.pk}/"
    assert me.patch(path, {"state": "x"}, content_type="application/json").status_code == 400
    assert _post(me, "cards/", {"number": "0004711001", "own": True}).status_code == 400
    for query in ("?confirm=yes", "?confirm=true&confirm=false", "?sure=true", "?confirm="):
        assert me.delete(path + query).status_code == 400
    assert me.get(f"{path}?confirm=true").status_code == 400
    assert Entry.objects.count() == 1
    assert me.delete(f"{path}?confirm=false").status_code == 204


def test_a_conflict_is_one_of_the_published_problems(me: Client, showing: Any, person: Any) -> None:
    entry = plan.add(person.pk, showing.pk, timezone.now())
    plan.set_ticket(person.pk, entry.pk, TicketMark.HELD, timezone.now())
    answer = me.delete(f"/api/v1/me/plan/{showing.pk}/")
    status, title, _ = CODES[answer.json()["code"]]
    assert (answer.status_code, answer.json()["title"]) == (status, title) == (409, "Not as things stand")
