"""Cards and tickets: read, matched, kept, and never shown whole."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from aggregator.http import FetchError
from aggregator.models import Showing
from planner import leases, plan, tickets
from planner.models import Card, Change, Entry, Link, Ticket
from planner.plan import NotPossible
from planner.tickets import NotACard
from planner.upstream.calls import Calls, Listed, NotUnderstood, TokenRejected
from planner.upstream.rows import EventRow, TicketRow
from planner.vocabulary import Side, TicketMark
from tests.factories import make_event, make_showing, make_venue
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


def test_a_ticket_found_later_marks_the_entry_and_says_so(
    festival: FakeFestival, person: Any, link: Link
) -> None:
    card = tickets.type_in(person.pk, "0004711002", festival.now())
    festival.settle(link)
    ticket = Ticket.objects.filter(card=card).first()
    assert ticket is not None
    Ticket.objects.all().delete()
    showing = make_showing(make_event(), external_id=ticket.external_id, starts_at=ticket.starts_at)
    entry = plan.add(person.pk, showing.pk, festival.now())
    festival.settle(link)
    assert Entry.objects.get(pk=entry.pk).ticket == TicketMark.NONE
    Link.objects.update(tickets_at=None, next_sync_at=festival.now())
    festival.sync(link)
    assert Entry.objects.get(pk=entry.pk).ticket == TicketMark.HELD
    change = Change.objects.get(kind="ticket_found")
    assert (change.external_id, change.before["ticket"]) == (ticket.external_id, "none")
    festival.settle(link)
    assert festival.there() == {ticket.external_id: Side.TICKET}


@pytest.fixture(name="read")
def _read(person: Any) -> Any:
    """Reads one ticket, for a showing of tonight, as often as it is called."""
    now = timezone.now()
    at = {"expires_at": now, "next_sync_at": now, "linked_at": now, "seen_at": now}
    link = Link.objects.create(user=person, **at)
    card = Card.objects.create(user=person, number="x", digest="x", tail="007", created_at=now)
    lease = leases.acquire(link.pk, "sync", now)
    assert lease is not None
    begins = now.replace(microsecond=0) + timedelta(hours=5)
    showing = make_showing(make_event("Nattlinjen"), starts_at=begins, venue=make_venue("Skandia"))
    event = EventRow(showing.external_id, {"sv": "Nattlinjen"}, begins, "", "v1", "Skandia")

    def read() -> Showing:
        listed = Listed([TicketRow("t1", event)], whole=True)
        tickets._keep(card, listed, lease, timezone.now)
        return showing

    return read


def _texts(client: Client, person: Any) -> list[str]:
    client.force_login(person)
    return [client.get(path).content.decode() for path in ("/planner/", "/planner/cards/")]


@pytest.mark.parametrize(
    ("hours", "house", "told"),
    [(1, "Skandia", "Moved! Now"), (0, "Sture 1", "Sture 1"), (30, "Sture 1", "Sture 1")],
)
def test_a_move_is_shouted_about_until_it_is_over(
    person: Any, client: Client, read: Any, hours: int, house: str, told: str
) -> None:
    showing = read()
    assert all("Nattlinjen" in text and "Moved" not in text for text in _texts(client, person))
    values: dict[str, Any] = {"starts_at": showing.starts_at + timedelta(hours=hours)}
    if house != "Skandia":
        values["venue"] = make_venue(house)
    Showing.objects.filter(pk=showing.pk).update(**values)
    for _ in range(3):
        for text in _texts(client, person):
            assert "Moved! Now" in text
            assert told in text
        read()


def test_a_showing_that_had_moved_before_its_ticket_was_read_is_shouted_about(
    person: Any, client: Client, read: Any
) -> None:
    Showing.objects.update(moved_from={"starts_at": timezone.now().isoformat(), "venue": "a"})
    read()
    assert all("Moved! Now" in text for text in _texts(client, person))


def test_an_entry_says_which_house_it_was_moved_from(person: Any, client: Client, read: Any) -> None:
    showing = read()
    first = {"starts_at": showing.starts_at.isoformat(), "venue": "a", "venue_name": "Rio"}
    Showing.objects.update(moved_from=first)
    plan.add(person.pk, showing.pk, timezone.now())
    assert ", Rio" in _texts(client, person)[0]


def test_a_ticket_that_was_changed_for_another_showing_has_not_moved(
    person: Any, client: Client, read: Any
) -> None:
    read()
    Ticket.objects.update(external_id="another", first={"starts_at": "", "venue": "", "venue_name": ""})
    read()
    assert not any("Moved" in text for text in _texts(client, person))


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


@pytest.mark.parametrize(
    "error", [NotUnderstood(200), TokenRejected(), FetchError("server_error", status=500)]
)
def test_a_card_that_cannot_be_read_holds_up_no_other(
    festival: FakeFestival, person: Any, link: Link, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    wrong = tickets.type_in(person.pk, "99990000", festival.now())
    right = tickets.type_in(person.pk, "0004711001", festival.now())
    read = Calls.tickets_on

    def on(self: Calls, number: str, token: str) -> Listed[TicketRow]:
        if number == "99990000":
            raise error
        return read(self, number, token)

    monkeypatch.setattr(Calls, "tickets_on", on)
    festival.sync(link)
    for card in (wrong, right):
        card.refresh_from_db()
    assert wrong.reason
    assert (right.reason, right.read_at) == ("", festival.now())
    link.refresh_from_db()
    assert (link.sync_failures, link.tickets_at) == (0, festival.now())


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
