"""What the operator has hidden, by itself or with its event, is told to nobody through a plan."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from aggregator.models import Event, Showing
from planner import copies, plan, watch
from planner.models import Card, Entry, Ticket
from planner.plan import NotPossible
from planner.upstream.rows import EventRow
from tests.factories import make_event, make_film, make_showing

pytestmark = pytest.mark.django_db
HIDDEN = ("showing", "event")


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.tasks._send", lambda *_: None)


@pytest.fixture(name="showing")
def _showing() -> Any:
    return make_showing(make_event("Unspeakable"), starts_at=timezone.now() + timedelta(hours=3))


def _hide(showing: Showing, what: str) -> None:
    rows: Any = Showing.objects.filter(pk=showing.pk)
    rows = rows if what == "showing" else Event.objects.filter(pk=showing.event_id)
    assert rows.update(hidden_at=timezone.now(), hidden_reason="by hand") == 1


@pytest.mark.parametrize("what", HIDDEN)
def test_it_cannot_be_planned(client: Client, person: Any, showing: Showing, what: str) -> None:
    _hide(showing, what)
    client.post("/planner/add/", {"showing": showing.pk})
    assert not client.session.get("plan")
    assert client.get("/planner/add/", {"showing": showing.pk}).status_code == 404
    with pytest.raises(NotPossible):
        plan.add(person.pk, showing.pk, timezone.now())
    client.force_login(person)
    answer = client.post("/api/v1/me/plan/", {"showing": showing.pk}, content_type="application/json")
    assert answer.status_code == 404
    assert "Unspeakable" not in answer.content.decode()
    assert not Entry.objects.exists()


@pytest.mark.parametrize("what", HIDDEN)
def test_a_session_no_longer_shows_it(client: Client, showing: Showing, what: str) -> None:
    client.post("/planner/add/", {"showing": showing.pk})
    assert "Unspeakable" in client.get("/planner/").content.decode()
    _hide(showing, what)
    assert "Unspeakable" not in client.get("/planner/").content.decode()


@pytest.mark.parametrize("what", HIDDEN)
def test_the_festivals_own_answer_does_not_bring_it_back(person: Any, showing: Showing, what: str) -> None:
    _hide(showing, what)
    assert copies.of_festival([showing.external_id]) == {}
    row = EventRow(showing.external_id, {"sv": "Theirs"}, showing.starts_at, "", "", "")
    now = timezone.now()
    Entry.objects.create(user=person, **copies.written(row), copied_at=now, created_at=now, edited_at=now)
    watch.changed(now)
    assert Entry.objects.get().titles == {"sv": "Theirs"}


@pytest.mark.parametrize("what", HIDDEN)
def test_no_page_of_a_plan_leads_to_it(client: Client, person: Any, showing: Showing, what: str) -> None:
    now = timezone.now()
    plan.add(person.pk, showing.pk, now)
    card = Card.objects.create(user=person, number="x", digest="x", tail="007", created_at=now)
    copy = {**copies.copied(showing), "external_id": "elsewhere"}
    Ticket.objects.create(user=person, card=card, key="k", seen_at=now, **copy)
    _hide(showing, what)
    client.force_login(person)
    for path in ("/planner/", "/planner/cards/"):
        text = client.get(path).content.decode()
        assert "Unspeakable" in text  # the plan keeps its copy
        assert f"/events/{showing.event_id}-" not in text
        assert f'name="showing" value="{showing.pk}"' not in text


def test_it_is_not_offered_instead(client: Client, person: Any) -> None:
    begins = timezone.now() + timedelta(hours=3)
    event = make_event("Nattlinjen", film=make_film())
    plan.add(person.pk, make_showing(event, starts_at=begins).pk, timezone.now())
    plan.add(person.pk, make_showing(make_event("Malin"), starts_at=begins).pk, timezone.now())
    other = make_showing(event, starts_at=begins + timedelta(days=1))
    client.force_login(person)
    assert f'value="{other.pk}"' in client.get("/planner/").content.decode()
    _hide(other, "event")
    assert f'value="{other.pk}"' not in client.get("/planner/").content.decode()
