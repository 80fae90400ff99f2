"""Cards and tickets: read, matched, kept, and never shown whole."""

from typing import Any

import pytest

from planner import plan, tickets
from planner.models import Card, Change, Entry, Link, Ticket
from planner.plan import NotPossible
from planner.tickets import NotACard
from planner.vocabulary import Side, TicketMark
from tests.factories import make_event, make_showing
from tests.planner.festival import FakeFestival

pytestmark = pytest.mark.django_db


@pytest.fixture(name="holder")
def _holder(festival: FakeFestival, person: Any) -> Link:
    """Linked to ``demo``, who has two cards with tickets."""
    link = festival.link(person, "demo")
    festival.settle(link)
    return link


def test_cards_and_tickets_are_read_and_kept(festival: FakeFestival, holder: Link) -> None:
    assert {card.tail for card in Card.objects.all()} == {"001", "002"}
    assert Ticket.objects.filter(gone_at=None).count() == 4
    assert all("000471" not in card.number for card in Card.objects.all())


def test_a_ticket_marks_its_entry_and_outweighs_the_mark(
    festival: FakeFestival, person: Any, holder: Link
) -> None:
    ticket = Ticket.objects.first()
    assert ticket is not None
    showing = make_showing(make_event(), external_id=ticket.external_id, starts_at=ticket.starts_at)
    entry = plan.add(person.pk, showing.pk, festival.now())
    assert entry.ticket == TicketMark.HELD
    with pytest.raises(NotPossible) as refused:
        plan.set_ticket(person.pk, entry.pk, TicketMark.NONE, festival.now())
    assert refused.value.reason == "ticket_stands"
    plan.set_ticket(person.pk, entry.pk, TicketMark.SPARE, festival.now())
    festival.settle(holder)
    assert festival.there("demo")[ticket.external_id] is Side.TICKET
    festival.elsewhere("demo").ticket(ticket.external_id, have=False)
    festival.settle(holder)
    assert festival.there("demo")[ticket.external_id] is Side.TICKET


def test_a_ticket_found_later_marks_the_entry_and_says_so(festival: FakeFestival, person: Any) -> None:
    entry = plan.add(person.pk, festival.showing().pk, festival.now())
    link = festival.link(person)
    festival.settle(link)
    card = tickets.type_in(person.pk, "0004711002", festival.now())
    festival.settle(link)
    found = Ticket.objects.filter(card=card).first()
    assert found is not None
    Entry.objects.filter(pk=entry.pk).update(external_id=found.external_id)
    Link.objects.update(tickets_at=None)
    festival.settle(link)
    assert Change.objects.filter(kind="ticket_found").exists() or found.external_id == entry.external_id


def test_a_card_of_somebody_else_may_be_typed_in(festival: FakeFestival, person: Any, link: Link) -> None:
    card = tickets.type_in(person.pk, " 0004-711 001 ", festival.now())
    assert tickets.type_in(person.pk, "0004711001", festival.now()).pk == card.pk
    festival.settle(link)
    assert Ticket.objects.filter(card=card, gone_at=None).count() == 1
    tickets.forget(person.pk, card.pk)
    assert not Ticket.objects.filter(card=card).exists()


@pytest.mark.parametrize(
    "typed", ["", "123", "12345678901234567890123456789012345678901", "../tokens", "12 34/5", "åäö1234"]
)
def test_what_is_no_card_number_is_refused(person: Any, festival: FakeFestival, typed: str) -> None:
    with pytest.raises(NotACard):
        tickets.type_in(person.pk, typed, festival.now())


def test_there_is_an_end_to_cards(person: Any, festival: FakeFestival) -> None:
    for number in range(tickets.MOST_CARDS):
        tickets.type_in(person.pk, f"99990000{number}", festival.now())
    with pytest.raises(NotACard) as refused:
        tickets.type_in(person.pk, "999900009999", festival.now())
    assert refused.value.reason == "too_many"


@pytest.mark.parametrize("fault", ["500", "reset", "403", "html_200"])
def test_what_was_known_stays_while_the_festival_fails(
    festival: FakeFestival, person: Any, holder: Link, fault: str
) -> None:
    before = Card.objects.order_by("pk").values_list("read_at", flat=True)
    known = list(before)
    festival.simulation.advance(4000)
    festival.simulation.fault("sff", fault, path="tickets/")
    Link.objects.update(next_sync_at=festival.now())
    festival.sync(holder)
    assert Ticket.objects.filter(gone_at=None).count() == 4
    assert list(before.all()) == known


def test_a_ticket_that_left_its_card_takes_nothing_out_of_the_plan(
    festival: FakeFestival, person: Any, holder: Link
) -> None:
    ticket = Ticket.objects.first()
    assert ticket is not None
    showing = make_showing(make_event(), external_id=ticket.external_id, starts_at=ticket.starts_at)
    entry = plan.add(person.pk, showing.pk, festival.now())
    tickets._miss(ticket.card, [], festival.now())
    ticket.refresh_from_db()
    assert ticket.gone_at is not None
    assert Entry.objects.get(pk=entry.pk).local is Side.TICKET
    plan.set_ticket(person.pk, entry.pk, TicketMark.NONE, festival.now())
