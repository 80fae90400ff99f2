"""Taking back what the planner did by itself: that, and nothing of what its person did since."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from planner import changes, plan
from planner.models import Card, Change, Entry, Ticket
from planner.plan import NotPossible
from planner.vocabulary import ChangeKind, Intent, Side, TicketMark
from tests.factories import make_event, make_showing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.tasks._send", lambda *_: None)


@pytest.fixture(name="entry")
def _entry(person: Any) -> Entry:
    showing = make_showing(make_event("Nattlinjen"), starts_at=timezone.now() + timedelta(hours=3))
    return plan.add(person.pk, showing.pk, timezone.now(), Intent.MUST)


def _done(entry: Entry, side: Side) -> Change:
    """What a pull does when the festival says *side*."""
    before, kind = changes.snapshot(entry), changes.kind_of(entry.local, side)
    plan.take(entry, side, timezone.now())
    assert plan.save(entry)
    changes.note(entry, kind, before, timezone.now())
    plan.prune(entry)
    return Change.objects.latest("pk")


def _added(entry: Entry) -> Change:
    before = {**changes.snapshot(entry), "absent": True}
    changes.note(entry, ChangeKind.ADDED, before, timezone.now())
    return Change.objects.latest("pk")


def _undo(change: Change, **more: Any) -> None:
    plan.undo(change.user_id, change.pk, timezone.now(), **more)


def _ticket(entry: Entry) -> None:
    now = timezone.now()
    card = Card.objects.create(user=entry.user, number="x", digest="x", tail="007", created_at=now)
    Ticket.objects.create(user=entry.user, card=card, key="k", external_id=entry.external_id, seen_at=now)


def test_a_removal_is_taken_back_with_intent_and_mark(entry: Entry, person: Any) -> None:
    plan.set_ticket(person.pk, entry.pk, TicketMark.NEEDED, timezone.now())
    change = _done(Entry.objects.get(), Side.ABSENT)
    assert not Entry.objects.exists()
    _undo(change)
    row = Entry.objects.get()
    assert (row.removed_at, row.intent, row.ticket) == (None, Intent.MUST, TicketMark.NEEDED)


def test_what_was_planned_anew_since_is_left_alone(entry: Entry, person: Any) -> None:
    change = _done(entry, Side.ABSENT)
    again = plan.add(person.pk, entry.showing_id or 0, timezone.now(), Intent.MAYBE)
    plan.set_ticket(person.pk, again.pk, TicketMark.SPARE, timezone.now())
    _undo(change)
    row = Entry.objects.get()
    assert (row.intent, row.ticket) == (Intent.MAYBE, TicketMark.SPARE)


def test_a_mark_is_taken_back_alone(entry: Entry, person: Any) -> None:
    plan.set_ticket(person.pk, entry.pk, TicketMark.NEEDED, timezone.now())
    change = _done(Entry.objects.get(), Side.TICKET)
    plan.set_intent(person.pk, entry.pk, Intent.GOING, timezone.now())
    _undo(change)
    row = Entry.objects.get()
    assert (row.intent, row.ticket) == (Intent.GOING, TicketMark.NEEDED)


def test_a_mark_that_is_another_by_now_is_left_alone(entry: Entry, person: Any) -> None:
    change = _done(entry, Side.TICKET)
    plan.set_ticket(person.pk, entry.pk, TicketMark.SPARE, timezone.now())
    with pytest.raises(NotPossible) as refused:
        _undo(change)
    assert refused.value.reason == "too_late"
    assert Entry.objects.get().ticket == TicketMark.SPARE
    plan.remove(person.pk, entry.pk, timezone.now(), confirmed=True)
    with pytest.raises(NotPossible):
        _undo(change)
    assert not Entry.objects.filter(removed_at=None).exists()


def test_a_ticket_on_a_card_outweighs_taking_its_mark_back(entry: Entry) -> None:
    _ticket(entry)
    change = _done(entry, Side.TICKET)
    with pytest.raises(NotPossible) as refused:
        _undo(change)
    assert refused.value.reason == "ticket_stands"
    assert Entry.objects.get().ticket == TicketMark.HELD


def test_an_addition_is_taken_back_with_a_ticket_only_when_confirmed(
    entry: Entry, person: Any, client: Client
) -> None:
    change = _added(entry)
    plan.set_ticket(person.pk, entry.pk, TicketMark.HELD, timezone.now())
    client.force_login(person)
    asked = client.post(f"/planner/undo/{change.pk}/").content.decode()
    assert "with its ticket" in asked
    assert "Nattlinjen" in asked
    assert Entry.objects.get().local is Side.TICKET
    client.post(f"/planner/undo/{change.pk}/", {"sure": "yes"})
    assert not Entry.objects.exists()
    change.refresh_from_db()
    assert change.undone_at is not None


def test_an_addition_with_a_ticket_on_a_card_is_confirmed_as_well(entry: Entry) -> None:
    change = _added(entry)
    _ticket(entry)
    with pytest.raises(NotPossible) as refused:
        _undo(change)
    assert refused.value.reason == "has_ticket"
    _undo(change, confirmed=True)
    assert not Entry.objects.exists()
