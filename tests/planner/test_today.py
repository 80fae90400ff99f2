"""Today on a phone: what next, how far to walk, which ticket; and what is left of it while the festival is away."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from planner import plan, tickets
from planner.models import Card, Entry, Link, Ticket
from tests.factories import NOW, make_event, make_showing, make_venue
from tests.planner.festival import FakeFestival

pytestmark = pytest.mark.django_db


@pytest.fixture(name="me")
def _me(client: Client, person: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("planner.tasks._send", lambda *_: None)
    client.force_login(person)
    return client


def _next(me: Client) -> str:
    """What the page says comes next, as one line."""
    found = re.search(
        r'<section class="plan-next".*?</section>', me.get("/planner/").content.decode(), re.DOTALL
    )
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def _planned(person: Any, title: str, begins: int, venue: Any) -> Entry:
    """An hour in the plan that begins so many minutes from ``NOW``."""
    at = NOW + timedelta(minutes=begins)
    showing = make_showing(make_event(title), starts_at=at, ends_at=at + timedelta(hours=1), venue=venue)
    return plan.add(person.pk, showing.pk, NOW)


def test_the_way_and_the_ticket_are_told(me: Client, person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    skandia = make_venue("Skandia", latitude=59.3340, longitude=18.06)
    rio = make_venue("Rio", latitude=59.3240, longitude=18.06)
    _planned(person, "Nattlinjen", -90, skandia)
    second = _planned(person, "Malin", 60, rio)
    card = tickets.type_in(person.pk, "0004711001", NOW)
    copy = {"provider": "sff", "external_id": second.external_id, "starts_at": second.starts_at}
    Ticket.objects.create(user=person, card=card, key="1", seen_at=NOW, showing=second.showing, **copy)
    said = _next(me)
    assert "Malin" in said
    assert "17:00" in said
    # 1.1 km as the crow flies, times 1.3, at 75 metres a minute; and five for the doors.
    assert "Rio, 25 minutes from the one before" in said
    assert "on the card that ends in 001" in said
    assert "0004711001" not in me.get("/planner/").content.decode()


def test_what_goes_on_now_stands_first_and_a_lacking_ticket_is_said(
    me: Client, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    skandia = make_venue("Skandia")
    _planned(person, "Malin", 60, skandia)
    entry = _planned(person, "Nattlinjen", -10, skandia)
    Entry.objects.filter(pk=entry.pk).update(ticket="needed")
    said = _next(me)
    assert said.startswith("Now Nattlinjen")
    assert "Needs a ticket" in said


@pytest.mark.parametrize("fault", ["500", "reset"])
def test_while_the_festival_is_away_the_last_state_is_shown_with_its_age(
    festival: FakeFestival, me: Client, person: Any, fault: str
) -> None:
    festival.simulation.stage.clock.set(timezone.now())
    link = festival.link(person, "demo")
    festival.sync(link)
    before = {
        "pulled_at": F("pulled_at") - timedelta(hours=2),
        "tickets_at": F("tickets_at") - timedelta(hours=2),
    }
    Link.objects.update(**before, next_sync_at=festival.now())
    Card.objects.update(read_at=F("read_at") - timedelta(hours=2))
    shown = Ticket.objects.filter(gone_at=None).count()
    festival.simulation.fault("sff", fault)
    festival.sync(link)
    cards = me.get("/planner/cards/").content.decode().replace("\xa0", " ")
    assert "As of 2 hours ago" in cards
    assert "read 2 hours ago" in cards
    assert cards.count("· card …") == shown > 0
    page = me.get("/planner/").content.decode().replace("\xa0", " ")
    assert "Not in step with the festival at the moment" in page
    assert "What you see of it is as of 2 hours ago." in page
